#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every shell script of the project, by shellcheck, which finds what breaks with a strange name or an empty value.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1
cd "$srcdir" || exit 1

# What is sourced says its shell in a directive, since it has no interpreter's line. Scripts that are not ours, or made, are not looked at.
scripts() {
	find .ci completions debian packaging templates tests doc -type f -not -name '*.lua' -exec grep -lE -m1 '^#!.*\b(bash|sh)\b|^# shellcheck shell=' {} + |
		grep -vE '\.(md|in|v2v)$|/root/' | sort
}
mapfile -t all < <(scripts)
ok "there are scripts" test "${#all[@]}" -gt 100
# Assignments for others, and sources that are found by a variable, are how the tests share what they have; with them go these two.
lint() { shellcheck -x -S warning -e SC2034,SC2154 "$@"; }
ok "shellcheck finds nothing" lint "${all[@]}"
printf '#!/bin/bash\nrm $1/*; x = 1\n' >"$tmp/bad.sh"
ok "it would find a fault" is "$(lint "$tmp/bad.sh" >/dev/null; echo $?)" 1

# A test that goes on without its library has no directory of its own, and writes to and removes from / instead.
unguarded() { ! grep -rnE '^\. "\$V2V_TEST_SRCDIR|^\. "\$\{V2V_TEST_SRCDIR[^|]*$' tests --include='*.t' --include='*.sh'; }
ok "a test that cannot load its library stops" unguarded

done_testing
