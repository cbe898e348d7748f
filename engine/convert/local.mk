# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/convert/appliance.c engine/convert/appliance.h \
	engine/convert/asked.c engine/convert/asked.h \
	engine/convert/carry-out.c engine/convert/carry-out.h \
	engine/convert/disks.c engine/convert/disks.h \
	engine/convert/edits.c engine/convert/edits.h \
	engine/convert/handover.c engine/convert/handover.h \
	engine/convert/job.c engine/convert/job.h \
	engine/convert/mapping.c engine/convert/mapping.h \
	engine/convert/planning.c engine/convert/planning.h \
	engine/convert/publish.c engine/convert/publish.h \
	engine/convert/report.c engine/convert/report.h \
	engine/convert/seen.c engine/convert/seen.h \
	engine/convert/settings.h \
	engine/convert/source-read.c engine/convert/source-read.h \
	engine/convert/done-before.c \
	engine/convert/undo-note.c \
	engine/convert/undo-report.c engine/convert/undo-report.h \
	engine/convert/undo.c engine/convert/undo.h \
	engine/convert/workdir.c engine/convert/workdir.h \
	engine/convert/written.c engine/convert/written.h
