/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Facts and requests as scripts see them, and records of probes as facts.
 */
#pragma once

#include "guest/lua.h"
#include "guest/values.h"

/* What the globals "facts" and "requests" show. Lives as long as the Lua state. */
typedef struct {
  V2vStore *store;
  const V2vRuleSet *rules; /* for "requests"; may be NULL */
  const V2vPlan *plan;     /* or NULL: there is no "requests" */
  const V2vProbe *probe;   /* only the kinds it reads can be seen; NULL: all */
} V2vFactsView;

/* Sets the globals "facts" and, with a plan, "requests". May raise a Lua error. */
void v2v_facts_open (lua_State *L, V2vFactsView *view);

void v2v_push_value (lua_State *L, V2vValue value);
/* A request as a table of its operation's parameters by name. */
void v2v_push_request (lua_State *L, const V2vRequest *request);

/* Adds the facts that PROBE's script returned. LABEL is for messages. */
gboolean v2v_records_to_facts (const V2vLuaValue *returned, const V2vProbe *probe,
                               const char *label, V2vStore *store, GError **error);
