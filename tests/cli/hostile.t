#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What others wrote, and what it may use: scripts, documents, names.
. "$V2V_TEST_SRCDIR/tests/lib.sh"

# ---- scripts that never end where they are loaded ----

mkdir -p "$tmp/bomb/rules" "$tmp/bomb/lua"
cat >"$tmp/bomb/rules/aaa.v2v" <<'END'
v2v-rules 1

name os.id mylinux

provider my.remove for remove_application(name) {
  when os.id == mylinux
  do lua "own.lua" remove(name)
}
END

# bomb LUA: the script begins with it.
bomb() { printf '%s\nreturn { remove = function() end }\n' "$1" >"$tmp/bomb/lua/own.lua"; }

ENGINE_TIMEOUT=60
bomb 'string.find(string.rep("a", 40), string.rep("a-", 40) .. "b")'
engine check --rules-dir "$tmp/bomb"
ok "check ends a pattern with too many ways to match" exits 78 "lua/own.lua: loading the script" "processor time"
bomb 'table.move({}, 1, math.maxinteger - 1, 2)'
engine rules --rules-dir "$tmp/bomb"
ok "rules ends a move without end" exits 78 "lua/own.lua: loading the script" "processor time"
bomb 'string.rep("", math.maxinteger)'
engine test --rules-dir "$tmp/bomb"
ok "test ends the repetition of nothing" exits 78 "lua/own.lua: loading the script" "processor time"
bomb 'table.insert(setmetatable({}, { __len = function() return math.maxinteger - 1 end }), 1, 0)'
exec {fd}>"$tmp/events"
engine plan --progress-fd "$fd" --rules-dir "$tmp/bomb" "$tmp/none.xml"
exec {fd}>&-
ok "plan ends a list without end" exits 78 "lua/own.lua: loading the script" "processor time"
ok "the events tell it" grep -q '"event":"error".*"status":78.*processor time' "$tmp/events"
bomb 'string.rep("x", math.maxinteger)'
engine check --rules-dir "$tmp/bomb"
ok "a text that is too long is an error of the script" exits 78 "aaa.v2v:7"

done_testing
