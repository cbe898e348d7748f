#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# new: what it writes passes check and test as it is; it never overwrites, and refuses names with the reason.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1
cd "$tmp" || exit 1
hasnt_warning() { hasnt "$err" "warning["; }

# What it prints, run as it stands there: the commands but that for a guest.
next_commands() { sed -n 's/^  v2v-engine \(check\|test\)/\1/p' <<<"$out"; }
passes() {
	local commands command
	mapfile -t commands < <(next_commands)
	((${#commands[@]} == 2)) || { echo "${#commands[@]} commands"; return 1; }
	for command in "${commands[@]}"; do
		eval "engine $command"
		[[ $status == 0 && $err != *"warning["* ]] || { echo "$command: $status $err"; grep '^not ok' <<<"$out"; return 1; }
	done
	grep -qE "^ok .* $1\." <<<"$out" || { echo "no test of $1 was run"; return 1; }
	engine fmt --check "${@:2}"
	[[ $status == 0 ]]
}

engine new guest mylinux --like debian
ok "a guest like a family" exits 0
ok "the file is named" is "$(head -n 1 <<<"$out")" my/rules/mylinux.v2v
ok "it passes as it is" passes mylinux my/rules/mylinux.v2v
ok "and says the family" grep -q "assert os.family = debian" my/rules/mylinux.v2v
engine new guest alma-clone --like almalinux
ok "a guest like a system of a family" exits 0
ok "the rules say which family that is" grep -q "assert os.family = rhel" my/rules/alma-clone.v2v
ok "two in one directory pass" passes alma-clone my/rules/alma-clone.v2v my/rules/mylinux.v2v
engine new guest ownlinux --dir "$tmp/some directory"
ok "a guest that is a family of its own, in a directory with a space" passes ownlinux "some directory/rules/ownlinux.v2v"
engine new hypervisor bhyve --dir other
ok "a hypervisor: its rules and its stylesheet" is "$(head -n 2 <<<"$out")" $'other/rules/bhyve.v2v\nother/xslt/unconfigure-bhyve.xsl'
ok "they pass as they are" passes bhyve other/rules/bhyve.v2v
engine new driver nvme --dir other
ok "a driver" passes nvme other/rules/nvme.v2v
engine new driver dm-multipath --dir other
ok "a driver is called as modules are, with _" passes dm_multipath other/rules/dm_multipath.v2v
left() { grep -rE '@[A-Z]+@' my other "some directory"; }
ok "no place to fill in is left" is "$(left)" ""

# Nothing is overwritten, and nothing half-made is left.
cp -r my before
engine new guest mylinux --like rhel
ok "a file that is there is not overwritten" exits 73 "my/rules/mylinux.v2v is there already"
mkdir -p third/xslt && echo kept >third/xslt/unconfigure-mine.xsl
engine new hypervisor mine --dir third
ok "neither is the second file of two" exits 73 "third/xslt/unconfigure-mine.xsl is there already"
ok "the first is removed again" is "$(find third -type f)" third/xslt/unconfigure-mine.xsl
engine new guest mylinux --rules-dir my --dir fourth
ok "what a given directory knows is known" exits 64 "mylinux is known already" "os.id"
engine new driver mylinux --rules-dir my --dir fourth
ok "a driver called like it goes" exits 0
engine new guest debian
ok "a system that is known is refused" exits 64 "the guest debian is known already"
engine new guest redhat
ok "by another of its names too" exits 64 "the guest redhat is known already"
mkdir -p clash/rules
printf 'v2v-rules 1\n\nrule nvme.needed {\n  describe "x"\n  when os.type == linux\n  warn "x"\n}\n' >clash/rules/clash.v2v
engine new driver nvme --dir fifth --rules-dir clash
ok "a name that a rule has already is refused with the place" exits 78 "rule nvme.needed is already defined" "removed again"
ok "and nothing is left" is "$(find fifth -type f)" ""
ok "my is as it was" diff -r before my

# Names.
for name in ../x 1st 'a b' a.b "x'y" '' 'süd' -; do
	engine new guest "$name" --dir bad
	ok "the name \"$name\" is refused" exits 64 "the name \"$name\""
done
engine new guest "$(printf 'a%.0s' {1..61})" --dir bad
ok "a name that is too long" exits 64 "at most 60 characters"
ok "nothing was written" test ! -e bad
engine new gest x
ok "a kind that there is not lists those that there are" exits 64 "there is no such kind" "driver (" "guest (" "hypervisor ("
engine new guest x --like debain
ok "a misspelt family" exits 64 "--like debain" "did you mean debian?"
engine new driver x --like debian
ok "--like where nothing is alike" exits 64 "--like debian" "leave --like out"
engine new guest
ok "a name is needed" exits 64 "KIND NAME"
mkdir ro && touch ro/rules
engine new guest x --dir ro
ok "a directory that cannot be made" exits 73 "ro/rules"

# Templates are data: another tree may have more.
mkdir -p vendor/templates/console vendor/rules
printf '[template]\ndescribe=a console\n[files]\na=rules/NAME.v2v\n' >vendor/templates/console/template.ini
printf 'v2v-rules 1\n\n# @NAME@\n' >vendor/templates/console/a
engine new console tty9 --rules-dir vendor --dir sixth
ok "a template of another tree" is "$(<sixth/rules/tty9.v2v)" $'v2v-rules 1\n\n# tty9'
printf '[template]\n[files]\na=../NAME\n' >vendor/templates/console/template.ini
engine new console tty8 --rules-dir vendor --dir sixth
ok "one that writes elsewhere is refused" exits 78 "a=../NAME: expected a path below"
printf '[template]\n[files]\n' >vendor/templates/console/template.ini
engine new console tty8 --rules-dir vendor --dir sixth
ok "so is one that makes nothing" exits 78 "[files] names no file"
engine new guest x --dir ''
ok "an empty --dir" exits 64 "--dir is empty"
done_testing
