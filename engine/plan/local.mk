# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/plan/capture.c \
	engine/plan/conflict.c \
	engine/plan/derive.c engine/plan/derive.h \
	engine/plan/dispatch.c \
	engine/plan/eval.c engine/plan/eval.h \
	engine/plan/explain.c \
	engine/plan/graph.c \
	engine/plan/imply.c \
	engine/plan/make.h \
	engine/plan/order.c \
	engine/plan/plan.c engine/plan/plan.h \
	engine/plan/print.c \
	engine/plan/reasons-explain.c \
	engine/plan/reasons-private.h \
	engine/plan/reasons-nodes.c \
	engine/plan/reasons-why-not.c \
	engine/plan/reasons.c engine/plan/reasons.h \
	engine/plan/redact.c engine/plan/redact.h \
	engine/plan/request.c \
	engine/plan/trace.c
