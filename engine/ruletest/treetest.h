/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of rule files that give a tree of files: a small guest is made of it, what the plan
 * says is done to it, and its files are compared with those that are expected.
 *
 * All such tests share one appliance, which starts with the first. Nothing of a tree is run on
 * the host.
 */
#pragma once

#include "ruletest/ruletest.h"

typedef struct V2vTreeTests V2vTreeTests;

V2vTreeTests *v2v_tree_tests_new (const V2vRuleSet *rules);
void v2v_tree_tests_free (V2vTreeTests *tests);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vTreeTests, v2v_tree_tests_free)

/* For V2vTestRun, with the tests as its data. */
extern const V2vTreeGuest v2v_tree_guest;
