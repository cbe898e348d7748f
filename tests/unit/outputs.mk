# SPDX-License-Identifier: GPL-2.0-or-later
# Where guests are created: what outputs write, and what they tell others.
unit_tests += tests/unit/test-qemu-command
tests_unit_test_qemu_command_SOURCES = tests/unit/test-qemu-command.c tests/unit/disk-util.h
EXTRA_DIST += \
	tests/outputs/everything-isolated.args \
	tests/outputs/everything.args \
	tests/outputs/everything.xml
unit_tests += tests/unit/test-output-libvirt
tests_unit_test_output_libvirt_SOURCES = tests/unit/test-output-libvirt.c tests/unit/disk-util.h
check_PROGRAMS += tests/qemu-args
tests_qemu_args_SOURCES = tests/qemu-args.c
EXTRA_DIST += tests/cli/qemu-order.py
unit_tests += tests/unit/test-firmware tests/unit/test-output-qemu
tests_unit_test_firmware_SOURCES = tests/unit/test-firmware.c tests/unit/disk-util.h
tests_unit_test_output_qemu_SOURCES = tests/unit/test-output-qemu.c tests/unit/disk-util.h
