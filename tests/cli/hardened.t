#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The built program has what makes it harder to take it over, as far as its compiler has it.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1
command -v readelf >/dev/null || skip_all "there is no readelf: install binutils"
flags=$(sed -n 's/^HARDEN_[A-Z]*FLAGS = *//p' "$builddir/Makefile")
[[ -n $flags ]] || skip_all "configured with --disable-hardening"
program=$builddir/v2v-engine
status=0 out=$flags err=''

# given FLAG NAME COMMAND ...: holds if it was built with FLAG.
given() {
	local flag=$1 name=$2
	shift 2
	if [[ " ${flags//$'\n'/ } " == *" $flag"* ]]; then ok "$name" "$@"; else skip "$name" "the compiler has no $flag"; fi
}
headers=$(readelf -lWd "$program")
symbols=$(readelf -W --dyn-syms "$program")
given -pie "it can be anywhere in memory" grep -q 'Flags:.* PIE' <<<"$headers"
given -Wl,-z,relro "what is resolved cannot be written to" grep -q GNU_RELRO <<<"$headers"
given -Wl,-z,now "and all of it is resolved at the start" grep -q 'Flags:.* NOW' <<<"$headers"
given -fstack-protector-strong "stacks are watched" grep -q __stack_chk_fail <<<"$symbols"
given -D_FORTIFY_SOURCE "functions of the C library check lengths" grep -qE '__(mem|str|s?n?v?s?n?printf|pread|read)[a-z_]*_chk' <<<"$symbols"
given -fcf-protection=full "calls and jumps are watched" grep -q 'IBT, SHSTK' <(readelf -nW "$builddir/engine/cli/main.o")
ok "no stack is executable" grep -qE 'GNU_STACK .* RW +0x' <<<"$headers"
ok "a plain configure asks for all of it" grep -q -- '-fstack-clash-protection' <<<"$flags"
done_testing
