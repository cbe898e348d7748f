#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The layout of every C file, which clang-format decides: nobody argues about it, and no change is mixed with another's spaces.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1
cd "$srcdir" || exit 1

mapfile -t all < <(find engine tests -name '*.[ch]' -not -path '*/root/*' | sort)
ok "there are C files" test "${#all[@]}" -gt 300
mapfile -t other < <(printf '%s\0' "${all[@]}" | xargs -0 -P 2 -n 40 clang-format --dry-run 2>&1 | sed -nE 's/^([^:]+):[0-9]+:.*code should be clang-formatted.*/\1/p' | sort -u)
ok "each is as clang-format writes it (mend: clang-format -i FILE): ${other[*]}" test "${#other[@]}" -eq 0
printf 'int a ( void ) { return 1 ; }\n' >"$tmp/bad.c"
ok "it would find a fault" is "$(clang-format --dry-run --Werror "$tmp/bad.c" >/dev/null 2>&1; echo $?)" 1

done_testing
