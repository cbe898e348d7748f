# SPDX-License-Identifier: GPL-2.0-or-later
# All of the program but main().
cli_sources = \
	engine/cli/capture.c \
	engine/cli/cmd-check.c \
	engine/cli/cmd-complete.c \
	engine/cli/cmd-convert.c \
	engine/cli/cmd-doc.c \
	engine/cli/cmd-doctor.c \
	engine/cli/cmd-explain.c \
	engine/cli/cmd-facts.c \
	engine/cli/cmd-fmt.c \
	engine/cli/cmd-graph.c \
	engine/cli/cmd-help.c \
	engine/cli/cmd-new.c \
	engine/cli/cmd-plan.c \
	engine/cli/cmd-rules.c \
	engine/cli/cmd-test.c \
	engine/cli/cmd-clean.c engine/cli/cmd-status.c engine/cli/cmd-undo.c \
	engine/cli/cmd-verify.c \
	engine/cli/command.h \
	engine/cli/commands.c engine/cli/commands.h \
	engine/cli/job.c engine/cli/job.h \
	engine/cli/load-rules.c engine/cli/load-rules.h \
	engine/cli/print-source.c \
	engine/cli/options.c engine/cli/options.h \
	engine/cli/supervise.c engine/cli/supervise.h \
	engine/cli/worker.c engine/cli/worker.h
v2v_engine_SOURCES += $(cli_sources)
