# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/metadata/archive.c engine/metadata/archive.h \
	engine/metadata/docfacts.c \
	engine/metadata/domain.c \
	engine/metadata/domain.h \
	engine/metadata/elsewhere.c engine/metadata/elsewhere.h \
	engine/metadata/libvirt.c \
	engine/metadata/libvirt.h \
	engine/metadata/manifest.c engine/metadata/manifest.h \
	engine/metadata/normalize.c \
	engine/metadata/osinfo.c \
	engine/metadata/package-limited.c \
	engine/metadata/package.c \
	engine/metadata/package.h \
	engine/metadata/domain-schema.c engine/metadata/domain-schema.h \
	engine/metadata/source-disk.c \
	engine/metadata/source-libvirt.c \
	engine/metadata/source-libvirtxml.c \
	engine/metadata/source-ova.c \
	engine/metadata/source-vmx.c \
	engine/metadata/source.c \
	engine/metadata/source.h \
	engine/metadata/slot.c engine/metadata/slot.h \
	engine/metadata/element.c engine/metadata/element.h \
	engine/metadata/unarchiver.c engine/metadata/unarchiver.h \
	engine/metadata/with.c \
	engine/metadata/xml.c \
	engine/metadata/xslt.c \
	engine/metadata/xslt.h
