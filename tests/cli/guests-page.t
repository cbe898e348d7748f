#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# doc/guests.md is what the rules and the results of tests make of it now.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

run perl "$srcdir/doc/make-guests"
ok "the page can be made" exits 0
made=$out
up_to_date() { diff -u "$srcdir/doc/guests.md" <(printf '%s\n' "$made") || { echo "make it anew: doc/make-guests >doc/guests.md"; return 1; }; }
ok "it is up to date" up_to_date
families() { [[ $(grep -c '^| [a-z]* | `' <<<"$made") -ge 3 ]]; }
ok "it lists families" families
proofs() { has "$made" '| `debian` | `debian-bookworm`' && has "$made" '`dropped-in`'; }
ok "and how they were proven" proofs
done_testing
