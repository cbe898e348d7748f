#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The rules of hypervisors: no one can be left out without a test that notices, and the
# example of another hypervisor in doc/hypervisors.md works.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

dir=$tmp/without/rules
mkdir -p "$dir"
# But for those that apply a stylesheet, which is no request that a test of rules could expect: what they
# do to whole documents is compared by tests/unit/test-metadata.
mapfile -t rules < <(sed -nE 's/^rule ([a-z0-9.-]+).*/\1/p' "$srcdir"/rules/hypervisors/*.v2v | grep -v '\.domain$')
ok "there are rules to leave out" test "${#rules[@]}" -gt 45

# notice RULE: some test fails without it
notice() {
	printf 'v2v-rules 1\n\ndisable rule %s\n' "$1" >"$dir/without.v2v"
	engine test --quiet --rules-dir "$tmp/without"
	[[ $status -eq 78 ]] && grep -q '^not ok ' <<<"$out"
}
unnoticed=()
for rule in "${rules[@]}"; do
	notice "$rule" || unnoticed+=("$rule")
done
ok "every rule of a hypervisor is missed by a test" is "${unnoticed[*]}" ""

mkdir -p "$tmp/more/rules"
awk '/^```$/ { inside = !inside; next } inside' "$srcdir/doc/hypervisors.md" >"$tmp/more/rules/examplevisor.v2v"
cat >>"$tmp/more/rules/examplevisor.v2v" <<'END'

test "examplevisor" {
  given source { domain-type = "examplevisor", os-type = "hvm" }
  given os { type = linux, id = debian, major = 12, package-format = deb }
  given package { name = "examplevisor-guest-agent", version = "1", arch = "amd64" }
  given file { path = "/etc/fstab", type = file }
  expect remove_application("examplevisor-guest-agent")
  expect disable_mount("examplefs")
}
END
engine test --quiet --rules-dir "$tmp/more"
ok "another hypervisor is one file: the example of the documentation" exits 0
done_testing
