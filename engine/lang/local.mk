# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/lang/arena.c engine/lang/arena.h \
	engine/lang/ast.h \
	engine/lang/check.h \
	engine/lang/check-call.c \
	engine/lang/check-clause.c \
	engine/lang/check-cond.c \
	engine/lang/check-effect.c \
	engine/lang/check-interface.c \
	engine/lang/check-rule.c \
	engine/lang/check-schema.c \
	engine/lang/check-test.c \
	engine/lang/codes.c engine/lang/codes.h \
	engine/lang/check-sense.c \
	engine/lang/format.c \
	engine/lang/inactive.c \
	engine/lang/lexer.c engine/lang/lexer.h \
	engine/lang/listing.c \
	engine/lang/parse-cond.c \
	engine/lang/parse-decl.c \
	engine/lang/parse-rule.c \
	engine/lang/parse-test.c \
	engine/lang/parser.c engine/lang/parser.h \
	engine/lang/ruleset.c engine/lang/ruleset.h \
	engine/lang/strata.c \
	engine/lang/syntax.h \
	engine/lang/text.c \
	engine/lang/trees.c
