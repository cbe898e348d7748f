# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/convert/edits.c engine/convert/edits.h \
	engine/convert/gather.c engine/convert/internal.h \
	engine/convert/handover.c engine/convert/handover.h \
	engine/convert/job.c engine/convert/job.h \
	engine/convert/mapping.c engine/convert/mapping.h \
	engine/convert/report.c engine/convert/report.h \
	engine/convert/undo.c engine/convert/undo.h \
	engine/convert/workdir.c engine/convert/workdir.h \
	engine/convert/written.c engine/convert/written.h
