# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/base/diag.c engine/base/diag.h \
	engine/base/digraph.c engine/base/digraph.h \
	engine/base/error.c engine/base/error.h \
	engine/base/guard.c engine/base/guard.h \
	engine/base/dir.c engine/base/dir.h \
	engine/base/held.c engine/base/held.h \
	engine/base/jsontext.c engine/base/jsontext.h \
	engine/base/limited.c engine/base/limited.h \
	engine/base/letters.h \
	engine/base/log.c engine/base/log.h \
	engine/base/options.c engine/base/options.h \
	engine/base/outfile.c engine/base/outfile.h \
	engine/base/printable.c engine/base/printable.h \
	engine/base/process.c engine/base/process.h \
	engine/base/register.c engine/base/register.h \
	engine/base/startup.c engine/base/startup.h \
	engine/base/slice.h \
	engine/base/tempfile.c engine/base/tempfile.h \
	engine/base/textdiff.c engine/base/textdiff.h
