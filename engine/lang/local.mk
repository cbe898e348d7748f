# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/lang/arena.c engine/lang/arena.h \
	engine/lang/ast.h \
	engine/lang/codes.c engine/lang/codes.h \
	engine/lang/limits.h \
	engine/lang/private.h \
	engine/lang/ruleset.c engine/lang/ruleset.h \
	engine/lang/text.c \
	engine/lang/ruledirs.c \
	engine/lang/uses.c engine/lang/uses.h
