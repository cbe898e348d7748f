#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Phony guests, all in one appliance: what each conversion changes in the file tree
# and in the domain is compared with phony/NAME.diff, or its error with phony/NAME.error;
# converting the result again has to change nothing. With V2V_TEST_UPDATE=1 the files
# are written instead: read the difference before committing it.
. "$V2V_TEST_SRCDIR/tests/convert/lib.sh"

expected=$srcdir/tests/convert/phony
phony=$tmp/guests
mkdir "$phony" "$tmp/out"

# guests.list: NAME PHONY ROOT[,OPTION=VALUE ...]; %DIR% is the folder with the guests.
arguments=()
names=()
while read -r name spec root; do
	[[ -z $name || $name == '#'* ]] && continue
	"$guests/phony.sh" --spec "$spec" --name "$name" --output "$phony" >"$tmp/build.log" 2>&1 || {
		sed 's/^/# /' "$tmp/build.log"
		exit 1
	}
	names+=("$name")
	arguments+=("$phony/$name.xml@${root//%DIR%/$phony}")
done <"$expected/guests.list"

run timeout 900 "$builddir/tests/guests-convert" "$tmp/out" "--rules-dir=$expected/tree" "${arguments[@]}"
ok "all guests were tried" exits 0

# changes NAME: the difference of tree and domain, without what differs from run to run.
changes() {
	local name=$1
	mkdir -p "$tmp/tree/before" "$tmp/tree/after"
	tar -C "$tmp/tree/before" -xf "$tmp/out/$name.before.tar"
	tar -C "$tmp/tree/after" -xf "$tmp/out/$name.after.tar"
	(
		cd "$tmp/tree" || exit 1
		diff -ruN --no-dereference before after | sed -E 's/^(---|\+\+\+) ([^\t]*)\t.*/\1 \2/; s/^diff -ruN --no-dereference /diff /'
		# Modes and owners, of what is on both sides or new.
		diff <(cd before && find . -printf '%P %M %U:%G\n' | sort) <(cd after && find . -printf '%P %M %U:%G\n' | sort)
		diff -u --label source --label target <(xmllint --format "$phony/$name.xml") <(xmllint --format "$tmp/out/$name.domain.xml")
	) | sed "s,$tmp,TMP,g"
	chmod -R u+w "$tmp/tree"
	rm -rf "$tmp/tree"
}

compare() {
	diff -u "$1" "$2"
}

for name in "${names[@]}"; do
	if [[ -e $tmp/out/$name.error ]]; then
		sed "s,$tmp,TMP,g; s,$srcdir,SRC,g" "$tmp/out/$name.error" >"$tmp/got"
		kind=error
	else
		changes "$name" >"$tmp/got"
		kind=diff
	fi
	if [[ -n ${V2V_TEST_UPDATE:-} ]]; then
		rm -f "$expected/$name".{error,diff}
		cp "$tmp/got" "$expected/$name.$kind"
	fi
	ok "$name: as in phony/$name.$kind" compare "$expected/$name.$kind" "$tmp/got"
	[[ $kind == diff ]] || continue
	ok "$name: converting again changes no file" is \
		"$(step_results "$tmp/out/$name.again.json" | grep -v ' already$')" ""
	ok "$name: nor the domain" same_domain "$tmp/out/$name.again.xml" "$tmp/out/$name.domain.xml"
done

done_testing
