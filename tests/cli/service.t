#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The example of a service: systemd accepts it, and finds that it may do little.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1
unit=$srcdir/packaging/v2v-engine@.service

# Where nothing is installed, the program is elsewhere.
mkdir "$tmp/unit"
sed "s,/usr/bin/v2v-engine,$builddir/v2v-engine,; /^Documentation=/d" "$unit" >"$tmp/unit/v2v-engine@.service"
run systemd-analyze verify "$tmp/unit/v2v-engine@.service"
ok "systemd accepts it" is "$status $err$out" "0 "
# In tenths, of which a service without any restriction has 96.
run systemd-analyze security --offline=yes --threshold=15 "$tmp/unit/v2v-engine@.service"
ok "systemd finds it confined" exits 0
sed -i '/^\(Protect\|Restrict\|SystemCall\)/d' "$tmp/unit/v2v-engine@.service"
run systemd-analyze security --offline=yes --threshold=15 "$tmp/unit/v2v-engine@.service"
ok "it would find a service that is not" exits 1

mkdir -p "$tmp/state/"{guests,converted,reports}
command=$(sed -n 's/^ExecStart=[^ ]* //p' "$unit" | sed "s/%i/guest/g; s,/var/lib/v2v-engine,$tmp/state,g")
read -ra words <<<"$command"
engine "${words[@]}"
ok "its command is one: the guest alone is missing" exits 66 "$tmp/state/guests/guest.xml"

done_testing
