/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The facts known of one guest. Facts are only ever added, never changed.
 *
 * Lookups by value use a hash index that is made when first asked for and kept
 * up to date, so the cost of a condition does not grow with the number of facts.
 */
#pragma once

#include <json-glib/json-glib.h>
#include <libxml/tree.h>

#include "base/error.h"
#include "facts/schema.h"

typedef struct {
  const V2vFactDecl *decl;
  guint number;     /* position among the facts of its kind, from 0 */
  V2vValue *values; /* one per field */
  const char **by;  /* one per field: interned "domain", "inspection", "probe kernels",
                       "rule NAME (file:line)" ..., NULL where unset */
} V2vFact;

typedef struct V2vStore V2vStore;

V2vStore *v2v_store_new (const V2vSchema *schema);
void v2v_store_free (V2vStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vStore, v2v_store_free)

const V2vSchema *v2v_store_schema (const V2vStore *store);

/* The order of package versions; plain until it is set. */
void v2v_store_set_package_format (V2vStore *store, V2vPackageFormat format);
V2vPackageFormat v2v_store_package_format (const V2vStore *store);

/* The one fact of a kind that is not multiple; it always exists, its fields may be unset. */
V2vFact *v2v_store_single (V2vStore *store, const V2vFactDecl *decl);

/* Adds a fact. VALUES has one per field. A fact with the same key (or, if the key is not
 * wholly set or there is none, with the same values) is the same fact: its unset fields are
 * filled, NEW_R (may be NULL) gets FALSE. Two different values for one field of one key are an
 * error (V2V_EXIT_DATA) that names both origins. */
V2vFact *v2v_store_add (V2vStore *store, const V2vFactDecl *decl, const V2vValue *values,
                        const char *by, gboolean *new_r, GError **error);

/* Sets one field. Setting what it holds, or to unset, is no change; another value is an error
 * (V2V_EXIT_CONFIG) that names both. CHANGED_R may be NULL. */
gboolean v2v_store_set (V2vStore *store, V2vFact *fact, const V2vField *field, V2vValue value,
                        const char *by, gboolean *changed_r, GError **error);

/* How many values were set so far: equal before and after a call that changed nothing. */
guint64 v2v_store_changes (const V2vStore *store);

/* All facts of a kind (V2vFact), in the order they came. Belongs to the store. */
const GPtrArray *v2v_store_facts (V2vStore *store, const V2vFactDecl *decl);
/* Those whose FIELD equals VALUE, or NULL if there are none. Belongs to the store. */
const GPtrArray *v2v_store_lookup (V2vStore *store, const V2vField *field, V2vValue value);

/* Puts the facts of a kind that are numbered FROM and up into the order of their values and
 * numbers them anew: in which order rules ran must not show. */
void v2v_store_settle (V2vStore *store, const V2vFactDecl *decl, guint from);

/* Did a rule set field I, so that it is derived anew from a capture? */
gboolean v2v_fact_is_derived (const V2vFact *fact, guint i);

/* "kernel { version = "6.1.0" }": the kind with its key (or all it has), "os" for a single
 * fact. For messages. To be freed with g_free. */
char *v2v_fact_text (const V2vFact *fact);

/* Whether facts of this kind are known: a reader of its origin or one of its probes ran.
 * Kinds that only rules write are always known. What is not known must not be taken for
 * absent. */
void v2v_store_set_known (V2vStore *store, const V2vFactDecl *decl);
gboolean v2v_store_is_known (const V2vStore *store, const V2vFactDecl *decl);

/* Paths that were asked for (fact kinds of V2V_ORIGIN_PATHS). One with a * is a pattern, and
 * stands for all that fit it. */
void v2v_store_set_asked (V2vStore *store, const char *path);
gboolean v2v_store_is_asked (const V2vStore *store, const char *path);
/* Interned paths, sorted. To be freed with g_ptr_array_unref. */
GPtrArray *v2v_store_asked (const V2vStore *store);

/* Names of the probes that ran, for the capture. */
void v2v_store_set_probed (V2vStore *store, const char *probe);
gboolean v2v_store_is_probed (const V2vStore *store, const char *probe);
GPtrArray *v2v_store_probed (const V2vStore *store);

/* The printed forms. Rule syntax is a capture: "v2v-rules 1" and one capture
 * declaration with base facts only; the others hold derived facts as well. */
char *v2v_store_to_text (V2vStore *store);
char *v2v_store_to_rules (V2vStore *store, const char *name);
JsonNode *v2v_store_to_json (V2vStore *store);
/* <facts><os type="linux" .../><nic mac="..."/></facts>: an element a fact, an attribute
 * a field that is set. */
xmlDoc *v2v_store_to_xml (V2vStore *store);
