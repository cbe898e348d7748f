# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/storage/bytes.h \
	engine/storage/disk-sources.c engine/storage/disk-sources.h \
	engine/storage/examine.c engine/storage/examine.h \
	engine/storage/image-file.c engine/storage/image-file.h \
	engine/storage/image.c engine/storage/image.h \
	engine/storage/image-lock.c engine/storage/image-lock.h \
	engine/storage/image-limited.c \
	engine/storage/image-others.c \
	engine/storage/image-qcow2.c \
	engine/storage/image-vmdk.c \
	engine/storage/in-place-dir.c engine/storage/in-place-dir.h \
	engine/storage/in-use.c engine/storage/in-use.h \
	engine/storage/journal.c engine/storage/journal.h \
	engine/storage/json-name.c engine/storage/json-name.h \
	engine/storage/leftovers.c engine/storage/leftovers.h \
	engine/storage/links.c engine/storage/links.h \
	engine/storage/overlay.c engine/storage/overlay.h \
	engine/storage/redo.c engine/storage/redo.h \
	engine/storage/rewrite.c engine/storage/rewrite.h \
	engine/storage/results.c engine/storage/results.h \
	engine/storage/snapshot-notes.c engine/storage/snapshot-notes.h \
	engine/storage/space.c engine/storage/space.h \
	engine/storage/stamp.c engine/storage/stamp.h \
	engine/storage/storage.c engine/storage/storage.h \
	engine/storage/storage-copy.c \
	engine/storage/storage-in-place.c \
	engine/storage/storage-snapshot.c \
	engine/storage/storages.c engine/storage/storages.h \
	engine/storage/undo-file.c engine/storage/undo-file.h \
	engine/storage/writing.c engine/storage/writing.h
