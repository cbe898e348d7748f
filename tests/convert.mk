# SPDX-License-Identifier: GPL-2.0-or-later
# Conversions of whole guests, proven by booting the result.
convert_tests = \
	tests/convert/accel.t \
	tests/convert/classic.t \
	tests/convert/debian11-in-place.t \
	tests/convert/debian12-copy.t \
	tests/convert/disk-source.t \
	tests/convert/ova.t \
	tests/convert/interrupt.t \
	tests/convert/layouts.t \
	tests/convert/mixed-disks.t \
	tests/convert/outputs.t \
	tests/convert/phony.t \
	tests/convert/plan.t \
	tests/convert/progress.t \
	tests/convert/real.t \
	tests/convert/refused.t \
	tests/convert/rpm-with.t \
	tests/convert/sketch.t \
	tests/convert/tree-tests.t \
	tests/convert/verify.t \
	tests/convert/verify-guests.t
slow_tests += $(convert_tests)
EXTRA_DIST += $(convert_tests) tests/convert/lib.sh tests/convert/libvirtd.sh tests/convert/opinion.sh tests/convert/blocks.py tests/convert/real.sh tests/convert/phony

clean-local:
	rm -rf tests/guests-made asan coverage

# Many small guests in one appliance.
check_PROGRAMS += tests/guests-convert
tests_guests_convert_SOURCES = tests/guests-convert.c
