# SPDX-License-Identifier: GPL-2.0-or-later
# Gates: what is true of all files of a kind, as other programs see it.
gates = \
	tests/gates/clang.t \
	tests/gates/cppcheck.t \
	tests/gates/format.t \
	tests/gates/lua.t \
	tests/gates/rooms.t \
	tests/gates/sanitized.t \
	tests/gates/shell.t \
	tests/gates/words.t
slow_tests += $(gates)
EXTRA_DIST += $(gates) tests/gates/rooms.pl engine/rooms

# What is worth its time with sanitizers: all units, and the commands that read what others wrote.
sanitized_tests = $(unit_tests) \
	tests/cli/bad-input.t \
	tests/cli/capture.t \
	tests/cli/check.t \
	tests/cli/fmt.t \
	tests/cli/hostile.t \
	tests/cli/interrupted.t \
	tests/cli/leftovers.t \
	tests/cli/report.t \
	tests/cli/rule-files.t \
	tests/cli/rules.t \
	tests/cli/undo.t
check-sanitized: all
	$(MAKE) check TESTS='$(sanitized_tests)' check_PROGRAMS='$(unit_tests) tests/crash/kill-storage'
.PHONY: check-sanitized
