/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Looks into the guest: finds and mounts its system, and collects the facts that do not depend
 * on rules.
 */
#include "config.h"

#include "base/log.h"
#include "convert/appliance.h"
#include "convert/seen.h"
#include "lang/uses.h"
#include "metadata/element.h"
#include "storage/overlay.h"

/* The files of the host that scripts may put into the guest: those that --with and rule
 * options with paths name on the command line. */
static char **
host_files (const V2vAsked *asked)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer option;
  const V2vFactDecl *with =
      v2v_schema_find_origin (asked->settings->rules->schema, V2V_ORIGIN_WITH);

  if (with) {
    const GPtrArray *facts = v2v_store_facts (asked->facts, with);

    for (guint i = 0; i < facts->len; i++) {
      const V2vFact *fact = facts->pdata[i];

      for (guint j = 0; j < with->fields->len; j++)
        if (((const V2vField *)with->fields->pdata[j])->type.kind == V2V_TYPE_PATH &&
            v2v_value_is_set (fact->values[j]))
          g_strv_builder_add (builder, fact->values[j].text);
    }
  }
  g_hash_table_iter_init (&iter, asked->settings->rule_options);
  while (g_hash_table_iter_next (&iter, NULL, &option)) {
    const V2vField *field = ((const V2vOption *)option)->field;
    V2vValue value = v2v_store_single (asked->facts, field->fact)->values[field->index];

    if (field->type.kind == V2V_TYPE_PATH && v2v_value_is_set (value))
      g_strv_builder_add (builder, value.text);
  }
  return g_strv_builder_end (builder);
}

/* Finds and mounts the system, if there is one; *INSPECTION_R gets the facts about it or,
 * without a system, about the disks. */
static gboolean
inspect (V2vSeen *seen, xmlDoc **inspection_r, GError **error)
{
  const V2vJobSettings *settings = seen->asked->settings;
  const GPtrArray *disks = seen->read->disks;
  g_autoptr (GError) why = NULL;
  g_auto (GStrv) files = NULL;

  for (guint i = 0; i < disks->len; i++)
    v2v_guest_name_disk (seen->guest, i, ((const V2vDomainDisk *)disks->pdata[i])->target);
  v2v_step ("inspect", "Looking into the guest", 0);
  *inspection_r =
      v2v_guest_inspect (seen->guest, v2v_option_get (settings->options, "root"), &why);
  if (!*inspection_r && !v2v_guest_is_without_system (seen->guest)) {
    g_propagate_error (error, g_steal_pointer (&why));
    return FALSE;
  }
  /* Rules may recognise what the disks contain instead of a system. */
  if (!*inspection_r) {
    seen->without_system = g_steal_pointer (&why);
    *inspection_r = v2v_guest_survey (seen->guest);
    return TRUE;
  }
  if (!v2v_guest_mount (seen->guest, settings->read_only && !settings->rehearse, error))
    return FALSE;
  files = host_files (seen->asked);
  seen->lua =
      v2v_lua_host_new (seen->guest, settings->rules, (const char *const *)files, error);
  return seen->lua != NULL;
}

/* Adds the facts of the inspection and of the guest's files. */
static gboolean
add_facts (const V2vSeen *seen, xmlDoc *inspection, GError **error)
{
  const V2vRuleSet *rules = seen->asked->settings->rules;
  const V2vFactDecl *paths = v2v_schema_find_origin (rules->schema, V2V_ORIGIN_PATHS);
  V2vStore *facts = seen->asked->facts;

  if (!v2v_facts_from_document (facts, V2V_ORIGIN_INSPECTION, inspection, error))
    return FALSE;
  /* Looking up the system in libosinfo takes long, so it is done only if a rule reads it. */
  if (v2v_rules_read (rules, V2V_ORIGIN_OSINFO)) {
    g_autofree char *id =
        v2v_xml_value (inspection, "/operatingsystems/operatingsystem[1]/osinfo");

    if (!v2v_facts_from_osinfo (facts, id, error))
      return FALSE;
  }
  if (paths) {
    if (!seen->without_system &&
        !v2v_guest_read_paths (seen->guest, rules->paths, paths, facts, error))
      return FALSE;
    v2v_store_set_known (facts, paths);
  }
  return TRUE;
}

V2vSeen *
v2v_seen_new (const V2vAsked *asked, const V2vSourceRead *read, V2vStorageJob *store,
              V2vGuest *appliance, GError **error)
{
  g_autoptr (V2vSeen) seen = g_new0 (V2vSeen, 1);
  xmlDoc *inspection = NULL;
  gboolean ok;

  seen->asked = asked;
  seen->read = read;
  seen->name = read->name;
  seen->borrowed = appliance != NULL;
  seen->guest =
      appliance ? appliance : v2v_appliance_start (asked->settings, read, store, error);
  if (!seen->guest)
    return NULL;
  ok = inspect (seen, &inspection, error) && add_facts (seen, inspection, error);
  g_clear_pointer (&inspection, xmlFreeDoc);
  return ok ? g_steal_pointer (&seen) : NULL;
}

V2vSeen *
v2v_seen_in_capture (const V2vAsked *asked, const V2vCapture *capture, GError **error)
{
  g_autoptr (V2vSeen) seen = g_new0 (V2vSeen, 1);

  seen->asked = asked;
  seen->name = capture->name;
  return v2v_capture_apply (capture, asked->facts, error) ? g_steal_pointer (&seen) : NULL;
}

static void
end_guest (V2vSeen *seen)
{
  g_clear_pointer (&seen->lua, v2v_lua_host_free);
  if (!seen->borrowed)
    v2v_guest_free (seen->guest);
  seen->guest = NULL;
}

void
v2v_seen_free (V2vSeen *seen)
{
  if (!seen)
    return;
  end_guest (seen);
  g_clear_error (&seen->without_system);
  g_free (seen);
}

gboolean
v2v_seen_close (V2vSeen *seen, V2vStorageJob *store, GError **error)
{
  g_clear_pointer (&seen->lua, v2v_lua_host_free);
  if (seen->borrowed)
    return TRUE;
  if (v2v_appliance_discards (seen->asked->settings, store)) {
    v2v_step ("trim", "Discarding what the guest does not use", 0);
    v2v_guest_trim (seen->guest);
  }
  v2v_step ("close", "Closing the guest", 600);
  if (!v2v_guest_close (seen->guest, error))
    return FALSE;
  v2v_watch_space (NULL);
  v2v_storage_sources_lent (store);
  /* The appliance removes its temporary files when it ends, which has to be before the
   * journal is written. */
  end_guest (seen);
  return v2v_storage_settle (store, error);
}
