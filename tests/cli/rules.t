#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# rules: what is loaded, from where, and what hides, overrides or disables what.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

# line TEXT: a line of the output that is TEXT, whatever the number of the line in shipped files.
line() { grep -qxF -- "$1" <<<"$out" || { echo "no line $1"; return 1; }; }

engine rules
ok "all rules are listed" exits 0
every_kind() {
	local kind
	for kind in rule provider probe option operation let; do
		grep -qE "^$srcdir/rules/[^ ]*\.v2v:[0-9]+: $kind [^ ]+" <<<"$out" || { echo "no $kind"; return 1; }
	done
}
ok "with their places, every kind of them" every_kind
undescribed() { ! grep -vE '^[^ ]+: [a-z]+ [^ ]+( for [^ :]+)?( \(was [^ ]+\))?: .' <<<"$out"; }
ok "every shipped one has a description" undescribed
checked=$("$builddir/v2v-engine" check 2>&1 | grep -oE '[0-9]+ rules')
ok "as many rules as check counts" is "$(grep -cE '^[^ ]+: rule ' <<<"$out") rules" "$checked"
engine rules xen.domain
ok "a name is found" is "$(wc -l <<<"$out")" 1
engine rules 'hypervisors/xen.v2v'
ok "all of a file are found" has "$out" "rule xen.domain"
engine rules '*.domain'
ok "a pattern has to fit a whole name" is "$(grep -cvE '^[^ ]+: [a-z]+ [a-z-]+\.domain: ' <<<"$out")" 0
ok "which some do" exits 0
engine rules nothing-like-this
ok "a name that is not there" exits 66 "nothing-like-this: no rule" "v2v-engine rules lists all"

# Two trees over the shipped one.
mkdir -p "$tmp/high/rules/vendor" "$tmp/low/rules"
cat >"$tmp/low/rules/low.v2v" <<'END_OF_RULES'
v2v-rules 1

rule low.first was low.old {
  describe "the first"
  fail "never"
}

rule low.second {
  describe "the second"
  warn "sometimes"
}

rule low.third { fail "never" }
END_OF_RULES
echo 'v2v-rules 1' >"$tmp/low/rules/hidden.v2v"
echo 'v2v-rules 1' >"$tmp/high/rules/hidden.v2v"
echo 'v2v-rules 1' >"$tmp/low/rules/off.v2v"
ln -s /dev/null "$tmp/high/rules/off.v2v"
cat >"$tmp/high/rules/vendor/high.v2v" <<'END_OF_RULES'
v2v-rules 1

override rule low.old {
  describe "another first"
  when os.type == linux
  fail "sometimes"
}

disable rule low.second
END_OF_RULES
engine rules --rules-dir "$tmp/high" --rules-dir "$tmp/low" low.
low=$tmp/low/rules/low.v2v high=$tmp/high/rules/vendor/high.v2v
ok "an overridden rule says by what" line "$low:3: rule low.first (was low.old) [overridden by $high:3]: the first"
ok "so does what overrides it, by its old name" line "$high:3: rule low.old [override]: another first"
ok "a disabled rule says by what" line "$low:8: rule low.second [disabled by $high:9]: the second"
ok "a rule without a description" line "$low:13: rule low.third"
engine rules --rules-dir "$tmp/high" --rules-dir "$tmp/low" --json low.
query() { jq -e "$1" <<<"$out"; }
ok "as JSON: the state of each" is "$(jq -c '[.[].state]' <<<"$out")" '["overridden","disabled","in effect","override"]'
ok "by what" is "$(jq -r '.[0].by | "\(.path):\(.line)"' <<<"$out")" "$high:3"
ok "from which rule directory, and the file in it" is "$(jq -r '.[3] | "\(.directory) \(.file)"' <<<"$out")" "$tmp/high vendor/high.v2v"
engine rules --rules-dir "$tmp/high" --rules-dir "$tmp/low" --files
ok "--files: a file that is hidden" line "$tmp/low/rules/hidden.v2v: hidden by $tmp/high/rules/hidden.v2v"
ok "the one that hides it" line "$tmp/high/rules/hidden.v2v"
ok "a file that a link turns off" line "$tmp/low/rules/off.v2v: hidden by $tmp/high/rules/off.v2v"
ok "the link" line "$tmp/high/rules/off.v2v: off"
ok "a test file" line "$srcdir/rules/hypervisors/xen.test.v2v"
ok "the higher tree first" is "$(grep -n . <<<"$out" | grep -E 'high|shipped|prelude' | head -n 1 | cut -d: -f2)" "$tmp/high/rules/hidden.v2v"
engine rules --rules-dir "$tmp/high" --rules-dir "$tmp/low" --files --json off
ok "as JSON" is "$(jq -r '.[] | .state + " " + (.by // "")' <<<"$out")" "off 
hidden $tmp/high/rules/off.v2v"
echo 'rule {' >>"$tmp/low/rules/low.v2v"
engine rules --rules-dir "$tmp/high" --rules-dir "$tmp/low"
ok "rules with errors are not listed, the errors are" exits 78 "low.v2v:14"
done_testing
