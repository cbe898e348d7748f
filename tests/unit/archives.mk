# SPDX-License-Identifier: GPL-2.0-or-later
# Guests in archives, and disks that are a part of a file.
unit_tests += tests/unit/test-slices
tests_unit_test_slices_SOURCES = tests/unit/test-slices.c tests/unit/storage-case.h tests/unit/disk-util.h
# Descriptions of guests, and the domains that they become (tests/cli/archives.t).
EXTRA_DIST += \
	tests/metadata/archives/esx-directory.expect \
	tests/metadata/archives/esx-pax.expect \
	tests/metadata/archives/esx-tar.expect \
	tests/metadata/archives/esx-unpacked.expect \
	tests/metadata/archives/esx.ovf \
	tests/metadata/archives/esx.vmx \
	tests/metadata/archives/vbox.expect \
	tests/metadata/archives/vbox.ovf \
	tests/metadata/archives/vmx-small.expect \
	tests/metadata/archives/vmx.expect
