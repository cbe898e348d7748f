# SPDX-License-Identifier: GPL-2.0-or-later
libv2v_a_SOURCES += \
	engine/ruletest/coverage.c engine/ruletest/coverage.h \
	engine/ruletest/filetree.c engine/ruletest/filetree.h \
	engine/ruletest/ruletest.c engine/ruletest/ruletest.h \
	engine/ruletest/treetest.c engine/ruletest/treetest.h
