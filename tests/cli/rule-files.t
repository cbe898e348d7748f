#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# check, test and fmt, on the shipped rules and on others.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

engine check
ok "the shipped rules have no errors and no warnings" exits 0
ok "check says what it looked at" has "$err" "no errors"
hasnt_warning() { ! grep -q 'warning' <<<"$err"; }
ok "no warnings" hasnt_warning
mapfile -t files < <(find "$srcdir/rules" -name '*.v2v')
engine fmt --check "${files[@]}"
ok "the shipped rules are formatted" exits 0
for seed in 1 2 3; do
	engine test --quiet --shuffle $seed
	ok "their tests pass in any order of rules (seed $seed)" exits 0
done
engine test --shuffle x
ok "a seed that is no number" exits 64 "--shuffle x"

mkdir -p "$tmp/my/rules"
cat >"$tmp/my/rules/my.v2v" <<'END'
v2v-rules 1
# kept
name os-id mylinux
rule   my.rule {when os.id == mylinux   # and this
assert os.family = debian }
test "wrong" { given os { id = mylinux }
expect os.family == rhel }
END
engine fmt --check "$tmp/my/rules/my.v2v"
ok "fmt --check names what is not formatted" exits 78 "not formatted"
ok "on standard output" is "$out" "$tmp/my/rules/my.v2v"
engine fmt "$tmp/my/rules/my.v2v"
ok "fmt formats" exits 0
ok "comments stay" is "$(grep -c '#' "$tmp/my/rules/my.v2v")" 2
cp "$tmp/my/rules/my.v2v" "$tmp/once"
engine fmt "$tmp/my/rules/my.v2v"
ok "formatting again changes nothing" cmp "$tmp/once" "$tmp/my/rules/my.v2v"
engine test --rules-dir "$tmp/my"
ok "a failing rule test fails" exits 78 "1 of"
ok "and says why" grep -q '^not ok .*wrong' "$tmp/run.out"
printf 'v2v-rules 1\nrule my.rule { when os.id == mylinx assert os.family = debian }\n' >"$tmp/my/rules/my.v2v"
engine test --rules-dir "$tmp/my"
ok "no test is run with rules that are wrong" exits 78 "my.v2v:2" "mend it"
ok "none" is "$out" ""
engine check "$tmp/my"
ok "a directory in place of a file" exits 78 "this is not a regular file" "--rules-dir takes a directory"

# A capture was made with some options; those of the command line count.
cat >"$tmp/my/rules/my.v2v" <<'END'
v2v-rules 1
option my-flag flag { describe "whether" }
option my-word enum(one, two, three) { describe "which" }
rule my.flag { when option.my-flag == true warn "the flag is set" }
rule my.word { when option.my-word is set warn "the word is {option.my-word}" }
END
probed=$(sed -nE 's/^probe ([a-z_]+) .*/\1/p' "$srcdir/rules/probes.v2v" | paste -sd,)
cat >"$tmp/my.facts" <<END
v2v-rules 1
capture "my" {
  given option { my-flag = false, my-word = two }
  probed $probed, image.partitions
  known source, disk, disk_start, nic, console, inspection, found_path, application, mount, filesystem, appliance_disk, osinfo, option, with, target, mapping, host, file
  asked "*"
}
END
engine plan --facts "$tmp/my.facts" --rules-dir "$tmp/my"
ok "a plan from a capture has its options" has "$out" "the word is two"
ok "a flag that was not given is not" hasnt "$out" "the flag is set"
engine plan --facts "$tmp/my.facts" --rules-dir "$tmp/my" --my-flag --my-word three
ok "a flag of the command line counts" has "$out" "the flag is set"
ok "so does a value" has "$out" "the word is three"
engine plan --facts "$tmp/my.facts" --rules-dir "$tmp/my" --my-word four
ok "a value that is none" exits 64 "--my-word four: expected one of one, two, three"
engine fmt "$tmp/nothing.v2v"
ok "a file that is not there" exits 66 "nothing.v2v"

# Trees: a file hides the one of the same path, a link to /dev/null turns it off.
mkdir -p "$tmp/hide/rules/hypervisors"
ln -s /dev/null "$tmp/hide/rules/hypervisors/kvm.v2v"
engine check --rules-dir "$tmp/hide"
ok "a rule file can be turned off" exits 0
all=$(engine check; echo "$err" | grep -oE '[0-9]+ rules')
less=$(engine check --rules-dir "$tmp/hide"; echo "$err" | grep -oE '[0-9]+ rules')
ok "it is" test "${less% rules}" -lt "${all% rules}"

done_testing
