#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A few kills with an appliance. V2V_CRASH_SEED is the first seed, V2V_CRASH_COUNT how many; without them the commit chooses
# the seeds, so that a failure comes back.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/crash/guests.sh" || exit 1

crash_rules
seed=${V2V_CRASH_SEED:-$(($(turn) * 5))}
for ((kill = 0; kill < ${V2V_CRASH_COUNT:-3}; kill++)); do
	crash $((seed + kill)) >"$tmp/story" 2>&1
	result=$?
	ok "seed $((seed + kill)): $(head -n 1 "$tmp/story")" test $result = 0
	((result == 0)) || sed 's/^/# /' "$tmp/story"
done

done_testing
