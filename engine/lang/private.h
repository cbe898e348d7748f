/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The private part of a rule set: what it owns, and what only the checker and the loader use.
 */
#pragma once

#include "lang/arena.h"
#include "lang/ruleset.h"

/* V2vRuleSet.priv */
typedef struct {
  V2vArena *arena;
  GPtrArray *files;      /* V2vRuleFile */
  GPtrArray *xpaths;     /* xmlXPathCompExpr */
  GPtrArray *operations; /* V2vOperation: those created for direct calls */
} V2vRuleSetPrivate;

/* Creates an empty rule set for the rule directories RULE_DIRS (V2vRuleDir), of which it keeps
 * a reference. */
V2vRuleSet *v2v_ruleset_new (GPtrArray *rule_dirs);
