# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/load/files.h \
	engine/load/find.c \
	engine/load/inactive.c \
	engine/load/listing.c \
	engine/load/load.c engine/load/load.h
