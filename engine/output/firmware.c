/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finds the host's UEFI firmware by its descriptors.
 *
 * Descriptors are in three directories. A descriptor hides those of the same name in
 * directories of lower precedence; an empty one only hides. The first matching descriptor, in
 * the order of their names, is used.
 */
#include "config.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libxml/xpath.h>

#include "base/jsontext.h"
#include "metadata/element.h"
#include "output/firmware.h"

#define MAX_DESCRIPTOR (1024 * 1024)
#define VARIABLES_MAX (64 * 1024 * 1024)
#define VOLUME_SIGNATURE_AT 40

static const char *const directories[] = {
    "/etc/qemu/firmware", "/usr/local/share/qemu/firmware", "/usr/share/qemu/firmware", NULL};

void
v2v_firmware_free (V2vFirmware *firmware)
{
  if (!firmware)
    return;
  g_free (firmware->code);
  g_free (firmware->vars);
  g_free (firmware);
}

/* ---- the document ---- */

gboolean
v2v_firmware_wanted (xmlDoc *domain)
{
  g_autofree char *firmware = v2v_xml_value (domain, "/domain/os/@firmware");
  g_autofree char *type = v2v_xml_value (domain, "/domain/os/loader/@type");

  return g_strcmp0 (firmware, "efi") == 0 || g_strcmp0 (type, "pflash") == 0;
}

typedef struct {
  char *arch;
  char *
      machine; /* the machine type, as in descriptors: with its version, or the part before it */
  gboolean secure_boot;
  gboolean enrolled; /* the variables already contain the keys for secure boot */
} Wanted;

static void
wanted_init (Wanted *wanted, xmlDoc *domain)
{
  g_autofree char *secure = v2v_xml_value (
      domain, "/domain/os/firmware/feature[@name = 'secure-boot']/@enabled | "
              "/domain/os[not(firmware/feature[@name = 'secure-boot'])]/loader/@secure");
  g_autofree char *enrolled =
      v2v_xml_value (domain, "/domain/os/firmware/feature[@name = 'enrolled-keys']/@enabled");
  g_autofree char *machine = v2v_xml_value (domain, "/domain/os/type/@machine");

  wanted->arch = v2v_xml_value (domain, "/domain/os/type/@arch");
  if (!wanted->arch)
    wanted->arch = g_strdup ("x86_64");
  if (!machine || strcmp (machine, "pc") == 0)
    wanted->machine = g_strdup ("pc-i440fx-0");
  else if (strcmp (machine, "q35") == 0)
    wanted->machine = g_strdup ("pc-q35-0");
  else
    wanted->machine =
        strchr (machine, '-') ? g_strdup (machine) : g_strconcat (machine, "-0", NULL);
  wanted->secure_boot = g_strcmp0 (secure, "yes") == 0;
  wanted->enrolled = wanted->secure_boot && (!enrolled || strcmp (enrolled, "yes") == 0);
}

static void
wanted_clear (Wanted *wanted)
{
  g_free (wanted->arch);
  g_free (wanted->machine);
}

/* ---- descriptors ---- */

static JsonArray *
array_in (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonObject *
object_in (JsonObject *object, const char *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
string_in (JsonObject *object, const char *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static const char *
string_at (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static gboolean
array_has (JsonArray *array, const char *text)
{
  for (guint i = 0; array && i < json_array_get_length (array); i++)
    if (g_strcmp0 (string_at (array, i), text) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
serves_machine (JsonObject *descriptor, const Wanted *wanted)
{
  JsonArray *targets = array_in (descriptor, "targets");

  for (guint i = 0; targets && i < json_array_get_length (targets); i++) {
    JsonNode *node = json_array_get_element (targets, i);
    JsonObject *target = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    JsonArray *machines = target ? array_in (target, "machines") : NULL;

    if (g_strcmp0 (string_in (target, "architecture"), wanted->arch) != 0)
      continue;
    for (guint j = 0; machines && j < json_array_get_length (machines); j++) {
      const char *pattern = string_at (machines, j);

      if (pattern && fnmatch (pattern, wanted->machine, 0) == 0)
        return TRUE;
    }
  }
  return FALSE;
}

/* The firmware that DESCRIPTOR describes, or NULL if it does not match what is wanted. */
static V2vFirmware *
firmware_of (JsonObject *descriptor, const Wanted *wanted)
{
  JsonObject *mapping = object_in (descriptor, "mapping");
  JsonObject *code = object_in (mapping, "executable");
  JsonObject *vars = object_in (mapping, "nvram-template");
  JsonArray *features = array_in (descriptor, "features");
  V2vFirmware *firmware;

  if (!array_has (array_in (descriptor, "interface-types"), "uefi") ||
      g_strcmp0 (string_in (mapping, "device"), "flash") != 0 ||
      g_strcmp0 (string_in (code, "format"), "raw") != 0 || !string_in (code, "filename") ||
      g_strcmp0 (string_in (vars, "format"), "raw") != 0 || !string_in (vars, "filename") ||
      array_has (features, "secure-boot") != wanted->secure_boot ||
      array_has (features, "enrolled-keys") != wanted->enrolled ||
      !serves_machine (descriptor, wanted) ||
      !g_file_test (string_in (code, "filename"), G_FILE_TEST_IS_REGULAR) ||
      !g_file_test (string_in (vars, "filename"), G_FILE_TEST_IS_REGULAR))
    return NULL;
  firmware = g_new0 (V2vFirmware, 1);
  firmware->code = g_strdup (string_in (code, "filename"));
  firmware->vars = g_strdup (string_in (vars, "filename"));
  return firmware;
}

static V2vFirmware *
read_descriptor (const char *path, const Wanted *wanted)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, NULL) || length > MAX_DESCRIPTOR ||
      !(root = v2v_json_parse (text, length, NULL)))
    return NULL;
  return firmware_of (json_node_get_object (root), wanted);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The sorted names of descriptors, each once. PATHS maps each name to its file of the highest
 * precedence. */
static GPtrArray *
list_descriptors (const char *const *where, GHashTable *paths)
{
  GPtrArray *names = g_ptr_array_new ();

  for (int i = 0; where[i]; i++) {
    g_autoptr (GDir) dir = g_dir_open (where[i], 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name (dir)))
      if (g_str_has_suffix (name, ".json") && !g_hash_table_contains (paths, name)) {
        char *copy = g_strdup (name);

        g_hash_table_insert (paths, copy, g_build_filename (where[i], name, NULL));
        g_ptr_array_add (names, copy);
      }
  }
  g_ptr_array_sort (names, compare_names);
  return names;
}

V2vFirmware *
v2v_firmware_find (xmlDoc *domain, GError **error)
{
  return v2v_firmware_find_in (domain, directories, error);
}

V2vFirmware *
v2v_firmware_find_in (xmlDoc *domain, const char *const *where, GError **error)
{
  g_autoptr (GHashTable) paths =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) names = list_descriptors (where, paths);
  g_autofree char *loader = v2v_xml_value (domain, "/domain/os/loader[@type = 'pflash']");
  V2vFirmware *found = NULL;
  Wanted wanted;

  if (loader) {
    if (!g_file_test (loader, G_FILE_TEST_IS_REGULAR)) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
                   "the domain's firmware %s is not on this host: install it, or take <loader> "
                   "out of the domain so that the host's own is taken",
                   loader);
      return NULL;
    }
    found = g_new0 (V2vFirmware, 1);
    found->code = g_steal_pointer (&loader);
    found->vars = v2v_xml_value (domain, "/domain/os/nvram/@template");
    return found;
  }
  wanted_init (&wanted, domain);
  for (guint i = 0; !found && i < names->len; i++)
    found = read_descriptor (g_hash_table_lookup (paths, names->pdata[i]), &wanted);
  if (!found)
    g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
                 "no UEFI firmware for %s, machine %s%s, is described in %s: install the "
                 "package with the UEFI firmware of qemu's virtual machines",
                 wanted.arch, wanted.machine,
                 !wanted.secure_boot ? ""
                 : wanted.enrolled   ? ", with secure boot and its keys"
                                     : ", with secure boot",
                 where[g_strv_length ((char **)where) - 1]);
  wanted_clear (&wanted);
  return found;
}

char *
v2v_firmware_read_variables (const char *path, gsize *length_r)
{
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  g_autofree char *bytes = NULL;
  struct stat st;
  gsize length = 0;
  ssize_t got = 0;

  if (fd < 0)
    return NULL;
  if (fstat (fd, &st) == 0 && S_ISREG (st.st_mode) && st.st_size <= VARIABLES_MAX) {
    bytes = g_malloc ((gsize)st.st_size + 1);
    while (length < (gsize)st.st_size &&
           (got = pread (fd, bytes + length, (gsize)st.st_size - length, (off_t)length)) > 0)
      length += (gsize)got;
  }
  close (fd);
  if (got < 0 || length < VOLUME_SIGNATURE_AT + 4 ||
      memcmp (bytes + VOLUME_SIGNATURE_AT, "_FVH", 4) != 0)
    return NULL;
  *length_r = length;
  return g_steal_pointer (&bytes);
}
