#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The program compiles with clang as well, which warns of other things than gcc does, and without a warning.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1
mkdir "$tmp/build"
cd "$tmp/build" || exit 1

run env CC=clang "$srcdir/configure" --quiet --enable-werror --disable-hardening CFLAGS='-O0'
ok "it is configured" exits 0
run make --silent libv2v.a v2v-engine
ok "it compiles without a warning" exits 0
run ./v2v-engine --version
ok "it runs" exits 0

done_testing
