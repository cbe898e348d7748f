# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/manual/data.c \
	engine/manual/fact-pages.c \
	engine/manual/functions.c \
	engine/manual/manual.h \
	engine/manual/modules.c \
	engine/manual/operations.c \
	engine/manual/page.c
