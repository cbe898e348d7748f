# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/metadata/domain.c \
	engine/metadata/domain.h \
	engine/metadata/source-libvirtxml.c \
	engine/metadata/source.c \
	engine/metadata/source.h \
	engine/metadata/xml.c \
	engine/metadata/xmldiff.c
