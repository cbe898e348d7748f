/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Gives scripts access to facts and requests, and turns the records that probes return into
 * facts.
 */
#pragma once

#include "guest/lua.h"
#include "guest/values.h"

/* What the globals "facts" and "requests" contain. Must live as long as the Lua state. */
typedef struct {
  V2vStore *store;
  const V2vRuleSet *rules; /* for "requests"; may be NULL */
  const V2vPlan *plan;     /* or NULL: there is no global "requests" */
  const V2vProbe *probe; /* scripts see only the kinds that this probe reads; NULL: all kinds */
} V2vFactsView;

/* Sets the globals "facts" and, with a plan, "requests". May raise a Lua error. */
void v2v_facts_open (lua_State *L, V2vFactsView *view);

void v2v_push_value (lua_State *L, V2vValue value);
/* Pushes a request as a table, which contains the parameters of its operation by name. */
void v2v_push_request (lua_State *L, const V2vRequest *request);

/* Adds the facts that the script of PROBE returned to STORE. LABEL names the probe in
 * messages. */
gboolean v2v_records_to_facts (const V2vLuaValue *returned, const V2vProbe *probe,
                               const char *label, V2vStore *store, GError **error);
