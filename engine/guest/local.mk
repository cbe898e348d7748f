# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/guest/accel.c \
	engine/guest/alive.c \
	engine/guest/augeas.c engine/guest/augeas.h \
	engine/guest/binding.c engine/guest/binding.h \
	engine/guest/calls.h \
	engine/guest/observe.c engine/guest/observe.h \
	engine/guest/filesystems.c \
	engine/guest/fsck.c \
	engine/guest/guestlib.c engine/guest/guestlib.h \
	engine/guest/inspect.c \
	engine/guest/roots.c \
	engine/guest/survey.c \
	engine/guest/internal.h \
	engine/guest/kinds.c \
	engine/guest/luks.c \
	engine/guest/lua.c engine/guest/lua.h \
	engine/guest/mounts.c \
	engine/guest/paths.c \
	engine/guest/sandbox.c engine/guest/sandbox.h \
	engine/guest/scratch.c \
	engine/guest/search.c \
	engine/guest/session.c engine/guest/session.h \
	engine/guest/trim.c \
	engine/guest/values.c engine/guest/values.h
