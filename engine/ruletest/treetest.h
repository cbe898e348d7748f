/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of rule files that give a file tree: the tree becomes a small guest, the plan is
 * carried out in it, and its files are compared with the expected ones.
 *
 * All such tests share one appliance, which the first one starts. No program of a tree runs on
 * the host.
 */
#pragma once

#include "ruletest/ruletest.h"

typedef struct V2vTreeTests V2vTreeTests;

V2vTreeTests *v2v_tree_tests_new (const V2vRuleSet *rules);
void v2v_tree_tests_free (V2vTreeTests *tests);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vTreeTests, v2v_tree_tests_free)

/* The functions for V2vTestRun, whose DATA is the V2vTreeTests. */
extern const V2vTreeGuest v2v_tree_guest;
