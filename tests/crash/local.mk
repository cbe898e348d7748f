# SPDX-License-Identifier: GPL-2.0-or-later
# Conversions that are killed, and what the next run makes of it.
check_PROGRAMS += tests/crash/kill-storage
tests_crash_kill_storage_SOURCES = tests/crash/kill-storage.c tests/unit/storage-case.h tests/unit/disk-util.h
tests_crash_kill_storage_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=fsync -Wl,--wrap=fdatasync -Wl,--wrap=renameat \
	-Wl,--wrap=renameat2 -Wl,--wrap=unlink -Wl,--wrap=unlinkat -Wl,--wrap=remove -Wl,--wrap=mkdir \
	-Wl,--wrap=mkdirat -Wl,--wrap=ftruncate -Wl,--wrap=fallocate -Wl,--wrap=flock -Wl,--wrap=write \
	-Wl,--wrap=pwrite -Wl,--wrap=v2v_process_run -Wl,--wrap=v2v_process_run_lines
crash_tests = tests/crash/guests.t tests/crash/space.t
slow_tests += $(crash_tests)
EXTRA_DIST += $(crash_tests) tests/crash/guests.sh
