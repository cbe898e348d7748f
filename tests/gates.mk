# SPDX-License-Identifier: GPL-2.0-or-later
# Gates: what is true of all files of a kind, as other programs see it.
gates = \
	tests/gates/clang.t \
	tests/gates/cppcheck.t \
	tests/gates/format.t \
	tests/gates/lua.t \
	tests/gates/rooms.t \
	tests/gates/shell.t
slow_tests += $(gates)
EXTRA_DIST += $(gates) tests/gates/rooms.pl engine/rooms
