# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/verify/machine.c engine/verify/machine.h \
	engine/verify/signs.c engine/verify/signs.h \
	engine/verify/verify.c engine/verify/verify.h
