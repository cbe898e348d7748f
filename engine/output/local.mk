# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/output/files.c engine/output/files.h \
	engine/output/firmware.c engine/output/firmware.h \
	engine/output/qemu-command.c engine/output/qemu-command.h \
	engine/output/shell-template.c engine/output/shell-template.h \
	engine/output/output.c engine/output/output.h \
	engine/output/output-libvirt.c \
	engine/output/output-local.c \
	engine/output/output-null.c \
	engine/output/output-qemu.c \
	engine/output/output-private.h
