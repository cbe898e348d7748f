# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/syntax/format.c engine/syntax/format.h \
	engine/syntax/interface.c \
	engine/syntax/lexer.c engine/syntax/lexer.h \
	engine/syntax/parse.c \
	engine/syntax/parse-cond.c \
	engine/syntax/parse-decl.c \
	engine/syntax/parse-rule.c \
	engine/syntax/parse-test.c \
	engine/syntax/parser.c engine/syntax/parser.h \
	engine/syntax/syntax.h
