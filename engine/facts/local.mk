# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/facts/dump.c \
	engine/facts/schema.c engine/facts/schema.h \
	engine/facts/store.c engine/facts/store.h \
	engine/facts/value.c engine/facts/value.h
