#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every Lua script, by luacheck: no global but those that the engine gives, nothing unused, no variable that hides another.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1
cd "$srcdir" || exit 1

# lint PATH KIND: KIND says whether the globals can be set, as the tests do in the engine's place.
lint() {
	luacheck --no-color --quiet --std lua54 --no-max-line-length "--${2:-read-globals}" facts requests option fail log guest -- "$1"
}
ok "the scripts: luacheck finds nothing" lint lua
ok "their tests: luacheck finds nothing" lint tests/lua globals
echo 'local a = 1; b = 2' >"$tmp/bad.lua"
ok "it would find a fault" is "$(lint "$tmp/bad.lua" >/dev/null; echo $?)" 1

done_testing
