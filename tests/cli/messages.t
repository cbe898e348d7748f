#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What users are told: a sentence, and no place in rules or scripts unless they ask for it.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

mkdir -p "$tmp/tree/rules"
cp "$srcdir/rules/prelude.v2v" "$tmp/tree/rules/"
export V2V_ENGINE_DATA_DIR=$tmp/tree
cat >"$tmp/guest.facts" <<'END'
v2v-rules 1

capture "g" {
  given os { type = linux, id = "acmelinux", product = "Acme" }
  given target { name = kvm, source = "libvirtxml", storage = "copy", output = "local", domain-type = kvm, guest-name = "g" }
  known source, disk, nic, console, inspection, application, mount, filesystem, appliance_disk, osinfo, option, with, target, mapping, host, file
  asked "*"
}
END

# rules TEXT: these, and nothing else.
rules() { printf 'v2v-rules 1\n%s\n' "$1" >"$tmp/tree/rules/t.v2v"; }
plan() { engine plan "$@" --facts "$tmp/guest.facts"; }
no_place() { ! grep -E 't\.v2v|rule t\.' <<<"$out$err"; }

rules 'rule t.warn { when os.type == linux warn "look at {os.product}" }'
plan
ok "a warning is a sentence" is "$out" "warning: look at Acme"
ok "and stands in one place only" is "$err" ""
plan --verbose
ok "--verbose says whose it is" is "$(grep warning <<<"$out$err")" "warning: rule t.warn ($tmp/tree/rules/t.v2v:2): look at Acme"
plan --format json
ok "JSON has the sentence" is "$(jq -c .warnings <<<"$out")" '["look at Acme"]'
ok "and nothing else does" is "$err" ""

rules 'rule t.fail { when os.type == linux fail "{os.product} cannot be converted: use another" }'
plan
ok "a refusal is one sentence" is "$status $err" "65 v2v-engine: error: this guest is not converted: Acme cannot be converted: use another"
plan --verbose
ok "--verbose says who refuses" exits 65 "rule t.fail ($tmp/tree/rules/t.v2v:2): Acme"

rules 'operation sing(song: string) phase boot { "Has the guest sing." }
rule t.sing { when os.type == linux do sing("x") }
provider whistle for sing(song) { when os.type == windows do lua "x.lua" sing(song) }'
mkdir -p "$tmp/tree/lua"
echo 'return { sing = function () end }' >"$tmp/tree/lua/x.lua"
plan
ok "what nobody can do" exits 65 "this guest is not converted: no rule knows how it does what is needed: sing (Has the guest sing)" "doc/adding-a-guest.md"
ok "has no place" no_place
plan --verbose
ok "--verbose says what was looked at" exits 65 "provider whistle ($tmp/tree/rules/t.v2v:4) needs os.type == windows"

rules 'rule t.one { when os.type == linux assert os.family = debian }
rule t.two { when os.type == linux assert os.family = rhel }'
plan
ok "rules that contradict each other" exits 78 "the facts of this guest contradict each other (os.family is debian or rhel): please report it with the output of --verbose"
ok "have no place" no_place

plan --mac 00:16:3e:00:00:01:network:x
ok "what a capture would not heed is refused" exits 64 "--mac has no effect on --facts" "given mapping"
plan --with debian12.x86_64.x=y.deb
ok "so is a package" exits 64 "--with has no effect on --facts" "given with"

done_testing
