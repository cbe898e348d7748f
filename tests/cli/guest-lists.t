#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The lists of small guests: what they name is there, no guest that is true to life is forgotten, and what comes
# in turn does so by the commit.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

lists=$srcdir/tests/convert/phony
status=0 out='' err=''
entries() { grep -hvE '^(#|$)' "$@"; }

missing() {
	local name directory rest
	entries "$lists"/{guests,untried}.list | while read -r name directory rest; do
		[[ -r $srcdir/tests/guests/phony/$directory/guest.sh ]] || echo "$name: no $directory"
	done
}
ok "every guest of the lists has a directory" is "$(missing)" ""
without_result() {
	local name rest
	entries "$lists/guests.list" | while read -r name rest; do
		[[ -e $lists/$name.diff || -e $lists/$name.error ]] || echo "$name"
	done
}
ok "every guest that is converted by make check has an expected result" is "$(without_result)" ""
with_result() {
	local name rest
	entries "$lists/untried.list" | while read -r name rest; do
		[[ ! -e $lists/$name.diff && ! -e $lists/$name.error ]] || echo "$name"
	done
}
ok "none that is to be tried has one" is "$(with_result)" ""
ok "no name is there twice" is "$(entries "$lists"/{guests,untried}.list | cut -d' ' -f1 | sort | uniq -d)" ""
forgotten() {
	local directory
	for directory in "$srcdir"/tests/guests/phony/true-*/; do
		directory=${directory%/}
		grep -qh " ${directory##*/}\( \|$\)" "$lists"/{guests,untried}.list || echo "${directory##*/}"
	done
}
ok "every guest that is true to life is in a list" is "$(forgotten)" ""
unsourced() { grep -L '^# Sources: ' "$srcdir"/tests/guests/phony/true-*/guest.sh; }
ok "and says where its facts are from" is "$(unsourced)" ""

# The real guests: three by three, every item comes once in as many commits as there are items.
items_in_turn() {
	. "$srcdir/tests/convert/real.sh"
	local step n i all=()
	step=$(sed -n 's/^step=//p' "$srcdir/tests/convert/real.t")
	mapfile -t all < <(real_items | grep -v ^layout-)
	for ((n = 0; n < ${#all[@]}; n++)); do
		for ((i = 0; i < 3; i++)); do echo "${all[$(((n * 3 + i) * step % ${#all[@]}))]}"; done
	done | sort -u | diff - <(printf '%s\n' "${all[@]}" | sort)
}
ok "no real guest is left out of the turns" is "$(items_in_turn)" ""

# A checkout of two commits, then an archive of it.
mkdir -p "$tmp/tree"
cp "$srcdir/configure.ac" "$tmp/tree/"
commit() { git -C "$tmp/tree" -c user.name=x -c user.email=x@example.org commit -q --allow-empty -m x; }
run git init -q "$tmp/tree"
commit
first=$(srcdir=$tmp/tree turn)
commit
ok "the turn changes with each commit" is "$first $(srcdir=$tmp/tree turn)" "1 2"
rm -rf "$tmp/tree/.git"
version=$(sed -n 's/^AC_INIT(\[v2v-engine\], \[\(.*\)\])$/\1/p' "$srcdir/configure.ac" | tr -dc 0-9)
ok "without git it is of the version" is "$(GIT_CEILING_DIRECTORIES=$tmp srcdir=$tmp/tree turn)" "$((10#$version))"

done_testing
