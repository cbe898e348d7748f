# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/check/check.h \
	engine/check/check-call.c \
	engine/check/check-clause.c \
	engine/check/check-cond.c \
	engine/check/check-effect.c \
	engine/check/check-interface.c \
	engine/check/check-rule.c \
	engine/check/check-schema.c \
	engine/check/check-sense.c \
	engine/check/check-test.c \
	engine/check/names.c \
	engine/check/scripts.h \
	engine/check/strata.c
