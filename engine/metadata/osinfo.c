/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Facts from libosinfo: the devices that an operating system supports.
 *
 * Fields are filled by the word after "from" (or, without one, by the field's name):
 *   device     the device's identifier
 *   name class bus-type vendor product subsystem
 *              the fields of the same names in libosinfo
 */
#include "config.h"

#include <string.h>

#include <osinfo/osinfo.h>

#ifdef V2V_SANITIZED
#include <sanitizer/lsan_interface.h>
#endif

#include "metadata/domain.h"

/* libosinfo leaks a little memory when it reads its database; leak checkers know this
 * function's name. */
static void
process_database (OsinfoLoader *loader, GError **error)
{
#ifdef V2V_SANITIZED
  __lsan_disable ();
#endif
  osinfo_loader_process_default_path (loader, error);
#ifdef V2V_SANITIZED
  __lsan_enable ();
#endif
}

/* The operating system whose short id or identifier is ID, or NULL. Belongs to DB. */
static OsinfoOs *
find_os (OsinfoDb *db, const char *id)
{
  OsinfoOs *os = osinfo_db_get_os (db, id);
  g_autoptr (OsinfoOsList) list = NULL;
  OsinfoOs *found = NULL;

  if (os)
    return os;
  list = osinfo_db_get_os_list (db);
  for (int i = 0; !found && i < osinfo_list_get_length (OSINFO_LIST (list)); i++) {
    OsinfoEntity *entity = osinfo_list_get_nth (OSINFO_LIST (list), i);
    /* An operating system may have several short ids. */
    g_autoptr (GList) ids =
        osinfo_entity_get_param_value_list (entity, OSINFO_PRODUCT_PROP_SHORT_ID);

    for (GList *each = ids; each; each = each->next)
      if (strcmp (each->data, id) == 0)
        found = OSINFO_OS (entity);
  }
  return found;
}

static const char *
device_text (OsinfoEntity *device, const char *word)
{
  if (strcmp (word, "device") == 0)
    return osinfo_entity_get_id (device);
  return osinfo_entity_get_param_value (device, word);
}

static gboolean
add_device (V2vStore *store, const V2vFactDecl *decl, OsinfoEntity *device, GError **error)
{
  g_autofree V2vValue *values = g_new0 (V2vValue, MAX (decl->fields->len, 1));

  for (guint i = 0; i < decl->fields->len; i++) {
    const V2vField *field = decl->fields->pdata[i];
    const char *word = field->from ? field->from : field->name;
    const char *text = field->derived ? NULL : device_text (device, word);

    if (text && !v2v_field_parse (field, text, &values[i])) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                   "%s:%u: libosinfo's %s is '%s', but %s.%s is declared as %s: declare it as "
                   "string",
                   field->place.file ? field->place.file : "rules", field->place.line, word,
                   text, decl->name, field->name, v2v_type_name (field->type.kind));
      return FALSE;
    }
  }
  return v2v_store_add (store, decl, values, "osinfo", NULL, error) != NULL;
}

static int
compare_ids (const void *a, const void *b)
{
  return strcmp (osinfo_entity_get_id (*(OsinfoEntity *const *)a),
                 osinfo_entity_get_id (*(OsinfoEntity *const *)b));
}

/* The devices that OS and the systems from which it derives support, sorted so that results
 * are reproducible. The devices belong to the database. */
static GPtrArray *
supported_devices (OsinfoOs *os)
{
  g_autoptr (OsinfoDeviceList) list = osinfo_os_get_all_devices (os, NULL);
  GPtrArray *devices = g_ptr_array_new ();

  for (int i = 0; i < osinfo_list_get_length (OSINFO_LIST (list)); i++)
    g_ptr_array_add (devices, osinfo_list_get_nth (OSINFO_LIST (list), i));
  g_ptr_array_sort (devices, compare_ids);
  return devices;
}

gboolean
v2v_facts_from_osinfo (V2vStore *store, const char *osinfo_id, GError **error)
{
  const V2vSchema *schema = v2v_store_schema (store);
  g_autoptr (OsinfoLoader) loader = osinfo_loader_new ();
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (GError) cause = NULL;
  OsinfoOs *os;

  process_database (loader, &cause);
  if (cause) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
                 "cannot read the database of libosinfo: %s: install the package osinfo-db",
                 cause->message);
    return FALSE;
  }
  os = osinfo_id ? find_os (osinfo_loader_get_db (loader), osinfo_id) : NULL;
  /* An operating system that libosinfo does not know gets no device facts; rules supply
   * defaults. */
  devices = os ? supported_devices (os) : g_ptr_array_new ();

  for (guint i = 0; i < schema->facts->len; i++) {
    const V2vFactDecl *decl = schema->facts->pdata[i];

    if (decl->origin != V2V_ORIGIN_OSINFO)
      continue;
    for (guint n = 0; n < devices->len; n++)
      if (!add_device (store, decl, devices->pdata[n], error))
        return FALSE;
    v2v_store_set_known (store, decl);
  }
  return TRUE;
}
