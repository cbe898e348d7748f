/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads a guest's metadata.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "base/register.h"
#include "base/tempfile.h"
#include "convert/mapping.h"
#include "convert/source-read.h"
#include "convert/workdir.h"
#include "convert/written.h"
#include "metadata/elsewhere.h"
#include "output/output.h"
#include "storage/examine.h"
#include "storage/in-place-dir.h"

/* The name of the document in messages: GUEST, unless that is the directory in which it was
 * found. */
static const char *
document_name (const V2vJobSettings *settings, xmlDoc *original)
{
  const char *own = (const char *)original->URL;

  return own && g_file_test (settings->guest, G_FILE_TEST_IS_DIR) ? own : settings->guest;
}

/* Adds the detected format of each disk to the document, where it names none. */
static gboolean
detect_formats (const V2vJobSettings *settings, xmlDoc *original, GError **error)
{
  g_autoptr (GPtrArray) disks =
      v2v_domain_disks (original, document_name (settings, original), error);

  for (guint i = 0; disks && i < disks->len; i++) {
    const V2vDomainDisk *disk = disks->pdata[i];
    xmlNode *driver = disk->node->children;
    const char *format;

    while (driver && strcmp ((const char *)driver->name, "driver") != 0)
      driver = driver->next;
    if (!driver)
      driver = xmlNewChild (disk->node, NULL, (const xmlChar *)"driver", NULL);
    if (xmlHasProp (driver, (const xmlChar *)"type"))
      continue;
    format = v2v_examine_format (disk->path, error);
    if (!format)
      return FALSE;
    xmlSetProp (driver, (const xmlChar *)"type", (const xmlChar *)format);
  }
  return disks != NULL;
}

/* Refuses disks that an interrupted conversion in place left half written: only the same
 * conversion can complete them. */
static gboolean
take_up_interrupted (const V2vJobSettings *settings, V2vSourceRead *read, GError **error)
{
  if (!settings->read_only && settings->storage->recover)
    return settings->storage->recover (settings->options, read->disks, &read->recovered, error);
  return v2v_in_place_check (settings->options, read->disks, error);
}

/* Checks that the source can look for GUEST: its name, and what the source needs. */
static gboolean
check_source (const V2vJobSettings *settings, GError **error)
{
  const V2vSource *source = settings->source;
  g_autofree char *elsewhere = v2v_source_elsewhere (settings->guest);

  if (elsewhere) {
    /* The URI is shown without a password. */
    g_autofree char *printable =
        strstr (settings->guest, "://")
            ? NULL
            : v2v_printable (settings->guest, MIN ((gssize)strlen (settings->guest), 200),
                             FALSE);

    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "GUEST%s%s %s", printable ? " " : "",
                 printable ? printable : "", elsewhere);
    return FALSE;
  }
  return (!source->ready || source->ready (settings->options, error)) &&
         (!source->idle || settings->read_only ||
          v2v_option_is_set (settings->options, "allow-in-use") ||
          source->idle (settings->guest, settings->options, error));
}

/* The domain as the source gives it, in the form that facts are read from. */
static xmlDoc *
read_domain (const V2vJobSettings *settings, const char *work_dir, GError **error)
{
  const V2vSource *source = settings->source;
  xmlDoc *original = source->read (settings->guest, settings->options, work_dir, error);

  if (original && v2v_domain_normalize (original, document_name (settings, original), error) &&
      v2v_mapping_check (settings->options, original, error) &&
      (!source->detect_formats || detect_formats (settings, original, error)))
    return original;
  g_clear_pointer (&original, xmlFreeDoc);
  return NULL;
}

static gboolean
choose_name (const V2vJobSettings *settings, V2vSourceRead *read, GError **error)
{
  g_autofree char *printable = NULL;

  read->name =
      settings->new_name ? g_strdup (settings->new_name) : v2v_domain_name (read->original);
  if (settings->read_only || v2v_output_name_is_safe (read->name)) {
    v2v_register_name (read->name);
    return TRUE;
  }
  printable = v2v_printable (read->name, MIN ((gssize)strlen (read->name), 200), FALSE);
  g_set_error (
      error, V2V_ERROR, settings->new_name ? V2V_EXIT_USAGE : V2V_EXIT_DATA,
      "the name \"%s\" cannot be a file name: expected 1 to 200 of A-Z a-z 0-9 . _ + - and "
      "neither . nor - at the beginning; %s",
      printable,
      settings->new_name ? "give another NAME" : "give the new guest a name: GUEST NAME");
  return FALSE;
}

V2vSourceRead *
v2v_source_read (const V2vJobSettings *settings, GError **error)
{
  g_autoptr (V2vSourceRead) read = g_new0 (V2vSourceRead, 1);

  v2v_step ("read", "Reading the guest's metadata", 0);
  if (!(read->work_dir = v2v_work_dir_new (error)) || !check_source (settings, error) ||
      !(read->original = read_domain (settings, read->work_dir, error)))
    return NULL;
  read->disks =
      v2v_domain_disks (read->original, document_name (settings, read->original), error);
  if (!read->disks || !v2v_written_check_document (settings, read->original, error) ||
      !take_up_interrupted (settings, read, error) || !choose_name (settings, read, error))
    return NULL;
  return g_steal_pointer (&read);
}

void
v2v_source_read_free (V2vSourceRead *read)
{
  if (!read)
    return;
  g_clear_pointer (&read->disks, g_ptr_array_unref);
  g_clear_pointer (&read->original, xmlFreeDoc);
  if (read->work_dir)
    v2v_temp_remove_below (read->work_dir);
  g_free (read->work_dir);
  g_free (read->name);
  g_free (read->recovered);
  g_free (read);
}
