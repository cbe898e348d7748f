/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checks that the file that the user wants is not one that the conversion reads or makes.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/xpath.h>

#include "base/tempfile.h"
#include "convert/written.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlXPathContext, xmlXPathFreeContext)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlXPathObject, xmlXPathFreeObject)

/* Checks every path of the host that a document names. */
#define NAMED                                                                                  \
  "//@file | //@dev | /domain/os/nvram | /domain/os/loader | /domain/os/kernel | "             \
  "/domain/os/initrd"

static gboolean
check_path (const V2vJobSettings *settings, const char *path, const char *what, GError **error)
{
  if (!path || !*path || !v2v_out_file_is (settings->written->file, path))
    return TRUE;
  settings->written->state = V2V_WRITTEN_NEEDED;
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "%s: this is %s, which would be overwritten; name another file",
               settings->written->as, what);
  return FALSE;
}

static gboolean
check_named (const V2vJobSettings *settings, xmlDoc *original, GError **error)
{
  g_autoptr (xmlXPathContext) context = xmlXPathNewContext (original);
  g_autoptr (xmlXPathObject) found = xmlXPathEval (BAD_CAST NAMED, context);
  gboolean ok = TRUE;

  for (int i = 0; ok && found && found->nodesetval && i < found->nodesetval->nodeNr; i++) {
    xmlChar *value = xmlNodeGetContent (found->nodesetval->nodeTab[i]);

    ok = check_path (settings, (const char *)value, "a file of the source guest", error);
    xmlFree (value);
  }
  return ok;
}

/* In LABEL=FILE, ID:file:FILE and the like, the rest of the value after each = or : may name
 * a file. */
static gboolean
check_option (const V2vJobSettings *settings, const char *name, GError **error)
{
  const char *const *values = v2v_option_get_all (settings->options, name);

  for (; *values; values++) {
    g_autofree char *what = g_strdup_printf ("the file of --%s %s", name, *values);
    const char *end = *values;

    for (; end; end = strpbrk (end, "=:"), end = end ? end + 1 : NULL)
      if (!check_path (settings, end, what, error))
        return FALSE;
  }
  return TRUE;
}

/* Checks every option except those that name the file itself, since rules may declare
 * options with files. */
static gboolean
check_options (const V2vJobSettings *settings, GError **error)
{
  static const char *const own[] = {"report", "capture", NULL};
  g_auto (GStrv) names = v2v_option_names (settings->options);

  for (char **name = names; *name; name++)
    if (!g_strv_contains (own, *name) && !check_option (settings, *name, error))
      return FALSE;
  return TRUE;
}

/* Checks all files in the rule directories, whether this conversion uses them or not. */
static gboolean
check_rules (const V2vJobSettings *settings, GError **error)
{
  static const char *const kinds[] = {"rules", "lua", "xslt"};
  const V2vRuleSet *rules = settings->rules;
  const char *written = v2v_out_file_regular (settings->written->file);

  if (!rules || !written || !g_file_test (written, G_FILE_TEST_EXISTS))
    return TRUE;
  for (guint i = 0; rules->listed_files && i < rules->listed_files->len; i++)
    if (!check_path (settings, g_array_index (rules->listed_files, V2vListedFile, i).path,
                     "a file of the rules", error))
      return FALSE;
  for (guint i = 0; rules->rule_dirs && i < rules->rule_dirs->len; i++)
    for (guint j = 0; j < G_N_ELEMENTS (kinds); j++) {
      g_autofree char *directory = g_build_filename (
          ((const V2vRuleDir *)rules->rule_dirs->pdata[i])->path, kinds[j], NULL);
      char *real = realpath (directory, NULL); /* allocated by malloc */
      const gsize length = real ? strlen (real) : 0;
      const gboolean inside =
          real && strncmp (written, real, length) == 0 && written[length] == '/';

      free (real);
      if (inside && !check_path (settings, written, "a file of the rules", error))
        return FALSE;
    }
  return TRUE;
}

gboolean
v2v_written_check_words (const V2vJobSettings *settings, GError **error)
{
  return !settings->written ||
         (check_path (settings, settings->guest, "the source guest itself", error) &&
          check_options (settings, error) && check_rules (settings, error));
}

gboolean
v2v_written_check_document (const V2vJobSettings *settings, xmlDoc *original, GError **error)
{
  return !settings->written || (check_path (settings, (const char *)original->URL,
                                            "the source guest's document", error) &&
                                check_named (settings, original, error));
}

static gboolean
check_chain (const V2vJobSettings *settings, const V2vStorageDisk *disk, GError **error)
{
  for (guint i = 0; disk->chain && i < disk->chain->len; i++) {
    const V2vLayer *layer = disk->chain->pdata[i];

    if (!check_path (settings, layer->path, "an image of the source guest", error))
      return FALSE;
    for (guint j = 0; j < layer->parts->len; j++)
      if (!check_path (settings, layer->parts->pdata[j], "an image of the source guest", error))
        return FALSE;
  }
  return TRUE;
}

gboolean
v2v_written_check_disks (const V2vJobSettings *settings, const V2vStorageJob *store,
                         GError **error)
{
  const gboolean makes = !settings->read_only;

  if (!settings->written)
    return TRUE;
  for (guint i = 0; i < store->disks->len; i++) {
    const V2vStorageDisk *disk = store->disks->pdata[i];

    if (!check_chain (settings, disk, error) ||
        (makes && !check_path (settings, disk->result_path, "a disk of the new guest", error)))
      return FALSE;
  }
  if (makes &&
      !check_path (settings, store->domain_path, "the new guest's domain document", error))
    return FALSE;
  settings->written->state = V2V_WRITTEN_FREE;
  return TRUE;
}

gboolean
v2v_written_check_results (const V2vJobSettings *settings, GError **error)
{
  const GPtrArray *temps = v2v_temp_list ();

  for (guint i = 0; settings->written && i < temps->len; i++) {
    g_autofree char *path = v2v_temp_final (temps->pdata[i]);

    if (!check_path (settings, path, "a file of the new guest", error))
      return FALSE;
  }
  return TRUE;
}
