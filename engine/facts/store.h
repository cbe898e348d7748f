/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The store: all facts of one guest. Facts are added and completed, but set values never
 * change.
 *
 * Looking up facts by value uses a hash index that is made at the first use and then kept up
 * to date. So the cost of a condition does not grow with the number of facts.
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

/* Sets the package format, which decides how package versions are compared; V2V_PACKAGES_PLAIN
 * until then. */
void v2v_store_set_package_format (V2vStore *store, V2vPackageFormat format);
V2vPackageFormat v2v_store_package_format (const V2vStore *store);

/* The one fact of a kind that is not multiple. It always exists, but its fields may be
 * unset. */
V2vFact *v2v_store_single (V2vStore *store, const V2vFactDecl *decl);

/* Adds a fact. VALUES has one value per field; BY is the origin. If a fact with the same key
 * exists (if the kind has no key or it is not fully set: with the same values), its unset
 * fields are filled instead and *NEW_R (may be NULL) is FALSE. If a field already has another
 * value, that is an error (V2V_EXIT_DATA) whose message names both origins. */
V2vFact *v2v_store_add (V2vStore *store, const V2vFactDecl *decl, const V2vValue *values,
                        const char *by, gboolean *new_r, GError **error);

/* Sets FIELD of FACT, for BY. Setting the value that it already has, or unset, changes nothing.
 * If the field already has another value, that is an error (V2V_EXIT_CONFIG) whose message
 * names both origins. CHANGED_R may be NULL. */
gboolean v2v_store_set (V2vStore *store, V2vFact *fact, const V2vField *field, V2vValue value,
                        const char *by, gboolean *changed_r, GError **error);

/* How many values have been set so far; a caller compares it to learn whether something
 * changed. */
guint64 v2v_store_changes (const V2vStore *store);

/* All facts of a kind (V2vFact), in the order in which they were added. Belongs to the
 * store. */
const GPtrArray *v2v_store_facts (V2vStore *store, const V2vFactDecl *decl);
/* The facts whose FIELD equals VALUE, or NULL if there are none. Belongs to the store. */
const GPtrArray *v2v_store_lookup (V2vStore *store, const V2vField *field, V2vValue value);

/* Sorts the facts of a kind whose number is FROM or higher by their values and renumbers them,
 * so that the result does not depend on the order in which rules ran. */
void v2v_store_settle (V2vStore *store, const V2vFactDecl *decl, guint from);

/* Did a rule set field I? Then a capture omits it, because it can be derived again. */
gboolean v2v_fact_is_derived (const V2vFact *fact, guint i);

/* The fact for messages: "kernel { version = "6.1.0" }", that is its kind and key (without a
 * key, all fields), or just "os" for a kind with a single fact. To be freed with g_free. */
char *v2v_fact_text (const V2vFact *fact);

/* Facts of a kind are known once the reader of its origin or one of its probes ran; kinds that
 * only rules write are always known. If a kind is not known, its facts must not be taken for
 * absent. */
void v2v_store_set_known (V2vStore *store, const V2vFactDecl *decl);
gboolean v2v_store_is_known (const V2vStore *store, const V2vFactDecl *decl);

/* The paths that were looked up in the guest (for kinds of V2V_ORIGIN_PATHS). A path with a *
 * is a pattern: every path that it matches counts as looked up. */
void v2v_store_set_asked (V2vStore *store, const char *path);
gboolean v2v_store_is_asked (const V2vStore *store, const char *path);
/* These paths, interned and sorted. To be freed with g_ptr_array_unref. */
GPtrArray *v2v_store_asked (const V2vStore *store);

/* The names of the probes that ran, which a capture records. */
void v2v_store_set_probed (V2vStore *store, const char *probe);
gboolean v2v_store_is_probed (const V2vStore *store, const char *probe);
GPtrArray *v2v_store_probed (const V2vStore *store);

/* All facts as readable text, as rule text, as JSON. The rule text is a capture: it begins with
 * "v2v-rules" and contains only facts that are not derived; the other forms contain all
 * facts. */
char *v2v_store_to_text (V2vStore *store);
char *v2v_store_to_rules (V2vStore *store, const char *name);
JsonNode *v2v_store_to_json (V2vStore *store);
/* All facts as XML: <facts><os type="linux" .../><nic mac="..."/></facts>, with an element for
 * each fact and an attribute for each field that is set. */
xmlDoc *v2v_store_to_xml (V2vStore *store);
