#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# doc/adding-a-guest.md does what it says: its commands are run as they stand there. That a guest
# of such a system is converted by the file it writes, tests/convert/phony.t shows.
. "$V2V_TEST_SRCDIR/tests/lib.sh"

mkdir "$tmp/bin" "$tmp/here"
printf '#!/bin/sh\nexec timeout 120 "%s" "$@"\n' "$builddir/v2v-engine" >"$tmp/bin/v2v-engine"
chmod 755 "$tmp/bin/v2v-engine"
PATH=$tmp/bin:$PATH

page_commands adding-a-guest.md >"$tmp/commands"
ok "the page has commands" test -s "$tmp/commands"
cd "$tmp/here" || exit 1
run sh -e "$tmp/commands"
ok "all of them succeed" exits 0
hasnt_warning() { hasnt "$err" "warning:"; }
ok "without a warning" hasnt_warning
ok "the tests of the file were run" grep -q '^ok .*phonylinux.family: Phony Linux is of the Debian family' "$tmp/run.out"
engine fmt --check my/rules/*.v2v
ok "its rule files are formatted" exits 0
cd "$tmp/here" || exit 1
sed -i 's/assert os.family = debian/assert os.family = debain/' my/rules/phonylinux.v2v
engine check --rules-dir my
ok "a mistake is told with its place, and a suggestion" exits 78 "phonylinux.v2v:12" "debian"

engine test --rules-dir my
ok "and no test is run with it" exits 78
done_testing
