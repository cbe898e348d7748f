#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Rule files that are made for another interface, and what is deprecated: by which commands that is said.
. "$(dirname "$0")/../lib.sh"

says_errors() { [[ $(grep -c -E ': error(\[V2V[0-9]+\])?: ' <<<"$err") == "$1" ]] || { printf 'not %d errors:\n%s\n' "$1" "$err"; return 1; }; }

mkdir -p "$tmp/newer/rules" "$tmp/old/rules" "$tmp/old/lua/acme"
interface=$("$builddir/v2v-engine" --version | sed -n 's/^interface of rules: 1\.//p')
newer=1.$((interface + 1))
# As wrong as what nobody has thought of yet looks: none of this is said.
printf 'v2v-rules %s\n\nrule acme.new { when \xff whatever }\nfact os { }\n' "$newer" >"$tmp/newer/rules/acme.v2v"
cat >"$tmp/newer/rules/user.v2v" <<'END'
v2v-rules 1

rule acme.uses {
  when acme.fact == 1
  do acme-operation()
}
END

for command in check test "plan --facts $tmp/none" facts convert; do
	# shellcheck disable=SC2086
	engine $command --rules-dir "$tmp/newer" "$tmp/none.xml"
	ok "$command refuses a file made for a newer interface, with what it asks for, what there is and what to do" \
		exits 78 "acme.v2v:1:11: error[V2V005]: this file is made for interface $newer, but this v2v-engine has 1.$interface" \
		"install a v2v-engine that has $newer, or the edition of this file for 1.$interface"
done
engine check --rules-dir "$tmp/newer"
ok "and says nothing else but that there is an error" says_errors 2
engine fmt "$tmp/newer/rules/acme.v2v"
ok "fmt leaves it alone" exits 78 "made for interface $newer"

cat >"$tmp/old/rules/acme.v2v" <<'END'
v2v-rules 1

fact acme_switch deprecated "read acme_state.on" { on: bool }
fact acme_state { on: bool derived deprecated "read acme_state.level" level: int derived }
function guest.acme_call deprecated "call guest.cat"

rule acme.both {
  when acme_switch.on == true and acme_state.on == true
  do lua "acme/acme.lua" edit()
}

rule acme.fills {
  when os.type == linux
  assert acme_state.on = true
}

test "acme.fills: it is on" {
  given os.type = linux
  given acme_switch.on = false
  expect acme_state.level is unset
}
END
cat >"$tmp/old/lua/acme/acme.lua" <<'END'
local M = {}
function M.edit() guest.acme_call() end
return M
END
engine check --rules-dir "$tmp/old"
ok "check warns of what is deprecated: a fact" exits 0 "acme.v2v:8:8: warning[V2V034]: fact acme_switch is deprecated" \
	"read acme_state.on"
ok "a field" has "$err" "acme.v2v:8:35: warning[V2V034]: field acme_state.on is deprecated"
ok "a function of scripts" has "$err" "warning[V2V034]: guest.acme_call, which line 2 of acme.lua names, is deprecated"
ok "but not who fills it" hasnt "$err" "acme.v2v:14"
ok "nor who gives it in a test" hasnt "$err" "acme.v2v:19"
engine test --rules-dir "$tmp/old"
ok "test does not" hasnt "$err" deprecated
ok "and runs" is "$status" 0

# A capture says which interface its facts are from.
engine plan --rules-dir "$tmp/old" --facts "$tmp/newer/rules/acme.v2v"
ok "facts of a newer interface are refused by the same words" has "$err" \
	"made for interface $newer, but this v2v-engine has 1.$interface"

done_testing
