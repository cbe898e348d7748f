#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Converts every real guest through every storage and boots the result. Takes
# about an hour under emulation, so it can be ended at any time: started again from
# the same build directory it goes on with the next item. Each result is one line, with its
# date and commit, in tests/long-results.new of the build directory; "make keep-results" takes them over into the source tree.
# Before it is booted, each result gets a second opinion (tests/convert/opinion.sh), and what was copied to raw
# disks is converted once more, into the same files.
# All the small guests of phony.t come at the end, or for the item "phony"; and then a thousand kills of the
# storages ("crash-storages", a quarter of an hour) and a thousand of conversions with an appliance ("crash-guests", a matter of days).
# usage: make check-long [ITEMS="GUEST/STORAGE ..."]
set -uo pipefail

export V2V_TEST_TMPDIR
V2V_TEST_TMPDIR=$(mktemp -d "${TMPDIR:-/var/tmp}/v2v-long.XXXXXX")
trap 'rm -rf "$V2V_TEST_TMPDIR"' EXIT
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/real.sh" || exit 1
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/opinion.sh" || exit 1

results=$builddir/tests/long-results.new
state=$builddir/tests/long-state
commit="commit $(git -C "$srcdir" rev-parse --short HEAD 2>/dev/null || echo unknown)"
mkdir -p "$state"

items=()
if [[ -n ${ITEMS:-} ]]; then
	for item in $ITEMS; do
		[[ $item == */* ]] && items+=("$item")
	done
else
	mapfile -t items < <(real_items)
fi

failed=0
for item in "${items[@]}"; do
	name=${item%/*}
	storage=${item#*/}
	[[ -n ${build[$name]:-} ]] || { echo "no such guest: $name; known: ${!build[*]}" >&2; exit 64; }
	[[ -e $state/$name.$storage ]] && continue
	verdict=ok
	began=$SECONDS
	if ! real_guest "$name"; then
		verdict="not ok: the guest could not be made"
	elif ! real_convert "$name" "$storage"; then
		verdict="not ok: status $status: $(tail -n 1 <<<"$err")"
	else
		converted=$((SECONDS - began))
		if ! line=$(real_opinion "$name"); then
			verdict="not ok: $(tr '\n' ' ' <<<"$line" | cut -c1-500)"
		elif [[ $storage == copy-raw ]] && ! line=$(real_again "$name" "$storage"); then
			verdict="not ok: converted again, it is another guest: $(tr '\n' ' ' <<<"$line" | cut -c1-500)"
		elif line=$(boots "$tmp/out/converted.xml" "$made/$name.expect" --passphrase kept-from-all | head -n 1); then
			verdict="ok: converted in $converted s; $line; second opinion: file systems clean, no change without a record, every block explained ($(opinion_told))"
		else
			verdict="not ok: $line"
		fi
	fi
	printf '%s %s %s\n' "$(date -u +%Y-%m-%d)" "$item" "$verdict; $commit" | tee -a "$results"
	if [[ $verdict == ok* ]]; then
		touch "$state/$name.$storage"
	else
		failed=$((failed + 1))
	fi
done
# asked ITEM: by name, or since everything is
asked() { [[ -z ${ITEMS:-} || " $ITEMS " == *" $1 "* ]]; }
if asked phony; then
	V2V_TEST_GUESTS=all V2V_TEST_TIMEOUT=7200 bash "$srcdir/tests/run-one" "$srcdir/tests/convert/phony.t" >"$V2V_TEST_TMPDIR/phony.log" 2>&1
	passed=$(grep -c '^ok ' "$V2V_TEST_TMPDIR/phony.log")
	verdict="ok: $passed passed"
	if ! grep -q '^1\.\.' "$V2V_TEST_TMPDIR/phony.log" || grep -q '^not ok ' "$V2V_TEST_TMPDIR/phony.log"; then
		verdict="not ok: $(grep -m 1 '^not ok ' "$V2V_TEST_TMPDIR/phony.log" || echo "it did not end")"
		failed=$((failed + 1))
	fi
	printf '%s phony %s\n' "$(date -u +%Y-%m-%d)" "$verdict" | tee -a "$results"
fi
# kills NAME BATCH COMMAND ...: runs COMMAND until a thousand kills are done, BATCH at a time: it gets the first seed
# and the number in V2V_CRASH_SEED and V2V_CRASH_COUNT. Each batch is a line of the results; the next call goes on.
kills() {
	local name=$1 batch=$2 done=0 log=$V2V_TEST_TMPDIR/$1.log verdict
	shift 2
	[[ ! -e $state/$name ]] || done=$(<"$state/$name")
	while ((done < 1000)); do
		V2V_CRASH_SEED=$((done + 1)) V2V_CRASH_COUNT=$batch V2V_TEST_TIMEOUT=21600 bash "$srcdir/tests/run-one" "$@" >"$log" 2>&1
		verdict="ok: seeds $((done + 1)) to $((done + batch))"
		if (($(grep -c '^ok ' "$log") != batch)); then
			verdict="not ok: $(grep -m 1 -A 3 '^not ok ' "$log" | tr '\n' ' ' || echo "it did not end")"
			failed=$((failed + 1))
		fi
		printf '%s %s %s %s\n' "$(date -u +%Y-%m-%d)" "$(git -C "$srcdir" rev-parse --short HEAD 2>/dev/null || echo -)" \
			"$name" "$verdict" | tee -a "$results"
		done=$((done + batch))
		echo "$done" >"$state/$name"
	done
}
asked crash-storages && kills crash-storages 250 "$builddir/tests/crash/kill-storage"
asked crash-guests && kills crash-guests 20 "$srcdir/tests/crash/guests.t"
((failed)) && exit 1
[[ -n ${ITEMS:-} ]] || rm -rf "$state"
