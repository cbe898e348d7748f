/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: a domain document, from text to disks, facts and text again.
 */
#include "config.h"

#include "base/log.h"
#include "lang/ruleset.h"
#include "metadata/domain.h"

#include "fuzz.h"
#include "load/load.h"

static V2vRuleSet *rules;

int
LLVMFuzzerInitialize (int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
  V2vDiags *diags = v2v_diags_new ();
  GPtrArray *trees = v2v_rule_dirs_default (NULL);

  v2v_log_setup (V2V_QUIET, -1);
  rules = v2v_ruleset_load (trees, NULL, FALSE, NULL, diags);
  if (!rules)
    g_error ("the rules do not load: is V2V_ENGINE_DATA_DIR set?");
  g_ptr_array_unref (trees);
  v2v_diags_free (diags);
  return 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  xmlDoc *doc = v2v_xml_read_memory ("fuzz.xml", (const char *)data, size, NULL);

  if (!doc)
    return 0;
  if (v2v_domain_normalize (doc, "/fuzz.xml", NULL)) {
    g_autoptr (V2vStore) store = v2v_store_new (rules->schema);
    g_autofree char *text = v2v_xml_to_canonical (doc);
    GPtrArray *disks = v2v_domain_disks (doc, "/fuzz.xml", NULL);
    xmlDoc *again = xmlCopyDoc (doc, 1);

    v2v_facts_from_document (store, V2V_ORIGIN_DOMAIN, doc, NULL);
    /* What is in the one form stays so. */
    g_assert_true (v2v_domain_normalize (again, "/elsewhere.xml", NULL));
    g_assert_true (v2v_xml_equal (doc, again));
    for (guint i = 0; disks && i < disks->len; i++)
      g_assert_true (g_path_is_absolute (((const V2vDomainDisk *)disks->pdata[i])->path));
    xmlFreeDoc (again);
    g_clear_pointer (&disks, g_ptr_array_unref);
  }
  xmlFreeDoc (doc);
  g_ptr_array_set_size ((GPtrArray *)v2v_log_warnings (), 0);
  return 0;
}
