# SPDX-License-Identifier: GPL-2.0-or-later
# Scripts, with a guest that is a table of files.
unit_tests += tests/unit/test-scripts
tests_unit_test_scripts_SOURCES = tests/unit/test-scripts.c
EXTRA_DIST += \
	tests/lua/fake.lua \
	tests/lua/boot_menu.test.lua \
	tests/lua/bootloader.test.lua \
	tests/lua/clocks.test.lua \
	tests/lua/console.test.lua \
	tests/lua/disks.test.lua \
	tests/lua/edits.test.lua \
	tests/lua/health.test.lua \
	tests/lua/initramfs.test.lua \
	tests/lua/packages.test.lua \
	tests/lua/places.test.lua \
	tests/lua/network.test.lua \
	tests/lua/probes.test.lua \
	tests/lua/secrets.test.lua \
	tests/lua/storage.test.lua \
	tests/lua/tools.test.lua
