#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# test, on rules of others: where tests are found, what a failing one says, and what no test exercises.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

engine test --coverage
ok "coverage changes no result" exits 0
ok "every shipped rule and provider is fired by a test, and left quiet by one beside it" \
	grep -qE '^# coverage: tests fire ([0-9]+) of \1 rules and ([0-9]+) of \2 providers; 0 are never left quiet$' "$tmp/run.out"

# Tests that need an appliance.
ok "a test that gives a tree is skipped, with the reason" \
	grep -qE '^ok [0-9]+ - guest/trees\.test\.v2v: .* # SKIP it needs an appliance: --with-appliance$' "$tmp/run.out"

# A vendor's tree: tests beside the rules, and in their files.
mkdir -p "$tmp/my/rules/acme"
cat >"$tmp/my/rules/acme/acme.v2v" <<'EOF'
v2v-rules 1

name os-id acmelinux

rule acme.family {
  when os.id == acmelinux
  assert os.family = rhel
}

rule acme.agent {
  when os.id == acmelinux
  each package as p { name ~ "acme-agent*" }
  do remove_application(p.name)
}

rule acme.other {
  when os.id == acmelinux and os.major == 9
  warn "nine"
}

operation acme_tune(level: int) phase configure dispatch one {
  "is requested by no rule"
}

provider acme for acme_tune(level) {
  when os.id == acmelinux
  do lua "acme/tune.lua" tune(level)
}

provider acme-quiet for acme_tune(level) {
  when os.id != acmelinux
  do lua "acme/tune.lua" tune(level)
}

test "in the file of the rules" {
  given os.id = acmelinux
  expect os.family == rhel
}
EOF
mkdir -p "$tmp/my/lua/acme"
echo 'return { tune = function(level) end }' >"$tmp/my/lua/acme/tune.lua"
cat >"$tmp/my/rules/acme/acme.test.v2v" <<'EOF'
v2v-rules 1

test "beside the rules" {
  given os.id = acmelinux
  given package { name = "acme-agent" }
  expect remove_application("acme-agent")
}

test "an operation that no rule requests" {
  given os.id = acmelinux
  do acme_tune(3)
  expect acme_tune(3)
  expect no acme_tune(4)
  expect provider acme for acme_tune
}
EOF
engine test --rules-dir "$tmp/my" --coverage
ok "tests of a vendor's tree pass" exits 0
ok "those in the files of the rules are found" has "$out" "acme/acme.v2v: in the file of the rules"
ok "and those beside them" has "$out" "acme/acme.test.v2v: beside the rules"
ok "and those that request something themselves" has "$out" "acme/acme.test.v2v: an operation that no rule requests"
ok "a rule that no test fires is named with its place" has "$out" "# no test fires rule acme.other ($tmp/my/rules/acme/acme.v2v:16)"
ok "and a provider" has "$out" "# no test fires provider acme-quiet ($tmp/my/rules/acme/acme.v2v:30)"
ok "a rule that no test beside it leaves quiet, too" has "$out" "# no test beside it leaves rule acme.family ($tmp/my/rules/acme/acme.v2v:5) quiet"
ok "but not one that some do" hasnt "$out" "leaves rule acme.agent"
ok "the sum is said" grep -qE '^# coverage: tests fire [0-9]+ of [0-9]+ rules .*; 1 is never left quiet$' "$tmp/run.out"
engine test --rules-dir "$tmp/my"
ok "not without being asked" hasnt "$out" "# coverage"
for seed in 1 2 3 4; do
	engine test --rules-dir "$tmp/my" --quiet --shuffle $seed
	ok "whatever the order of files, rules and facts (seed $seed)" exits 0
done
shuffled=$out
first=$(sed -E 's/^ok [0-9]+//' <<<"$out" | sort)
engine test --rules-dir "$tmp/my" --quiet
ok "the order is another" test "$(sed -n 2,5p <<<"$out")" != "$(sed -n 2,5p <<<"$shuffled")"
ok "the same tests are run" is "$(sed -E 's/^ok [0-9]+//' <<<"$out" | sort)" "$first"

engine check --rules-dir "$tmp/my"
ok "check warns" exits 0 "acme.v2v:16:6: warning[V2V126]: no test fires rule acme.other"
ok "once, and of nothing else" is "$(grep -c "warning\[V2V126\]" <<<"$err")" 1
rm "$tmp/my/rules/acme/acme.test.v2v"
sed -i '/^test/,$d' "$tmp/my/rules/acme/acme.v2v"
engine check --rules-dir "$tmp/my"
ok "who has no tests is told once a rule" is "$(grep "warning\[V2V126\]" <<<"$err" | grep -oE 'acme\.[a-z]+$' | tr '\n' ' ')" "acme.family acme.agent acme.other "

# What a failing test says.
cat >>"$tmp/my/rules/acme/acme.v2v" <<'EOF'

test "another argument" {
  given os { id = acmelinux, major = 9 }
  given disk_name { old = "/dev/sda", new = "/dev/vda", disk = "sda" }
  given disk_name { old = "/dev/sdb", new = "/dev/vdb", disk = "sdb" }
  given os.type = linux
  expect remap_device("/dev/sdb", "/dev/vdc")
}

test "too much" {
  given os { id = acmelinux, major = 9 }
  expect no warn
}

test "a provider that is another" {
  given os.id = acmelinux
  do acme_tune(3)
  expect provider acme-quiet for acme_tune
}
EOF
engine test --rules-dir "$tmp/my"
ok "failing tests fail" exits 78 "3 of"
"$builddir/v2v-engine" test --rules-dir "$tmp/my" >"$tmp/both" 2>&1
ok "the error cuts no line in two, where both outputs are one" grep -qE '^v2v-engine: error: 3 of [0-9]+ ' "$tmp/both"
ok "what was expected is said" has "$out" '/acme.v2v:41: expected remap_device("/dev/sdb", "/dev/vdc"), but there is no such request:'
ok "and what there is, the nearest first" is "$(grep -A1 'there is no such request' <<<"$out" | tail -n 1 | cut -d' ' -f1-6)" '#   remap_device("/dev/sdb", "/dev/vdb") by'
ok "a message that was not expected is shown" has "$(grep -A1 'expected no warn' <<<"$out")" "#   nine"
ok "the other provider is named" has "$out" "expected provider acme-quiet for acme_tune, but it is provider acme ("

done_testing
