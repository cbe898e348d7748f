/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Publishes a conversion: the results become the new guest.
 */
#include "config.h"

#include "base/log.h"
#include "convert/publish.h"
#include "convert/written.h"
#include "metadata/domain-schema.h"
#include "storage/disk-sources.h"

static gboolean
guest_changed (const V2vConverted *converted)
{
  for (guint i = 0; i < converted->outcomes->len; i++)
    if (((const V2vOutcome *)converted->outcomes->pdata[i])->changes->len > 0)
      return TRUE;
  return FALSE;
}

/* Notes what a conversion in place has to keep of the former guest besides its blocks. */
static void
note_former (const V2vJobSettings *settings, const V2vSourceRead *read, V2vStorageJob *store)
{
  g_free (store->former_text);
  g_clear_pointer (&store->former_path, g_free);
  store->former_text = v2v_xml_to_string (read->original);
  if (g_file_test (settings->guest, G_FILE_TEST_IS_REGULAR))
    store->former_path = g_canonicalize_filename (settings->guest, NULL);
}

static gboolean
create (const V2vOutput *output, V2vStorageJob *store, char **result_r, GError **error)
{
  g_autofree char *text = g_strdup_printf (
      "the source is as it was, and the files of the new guest are removed, but it may have been "
      "created already: see whether there is a guest %s (--output %s), and remove it",
      store->name, output->name);

  /* Says what remains if the program dies now, unless the storage has said so: only files
   * are cleaned up. */
  if (output->undo && !v2v_if_killed_text ())
    v2v_if_killed (text);
  if (output->create (store, result_r, error))
    return TRUE;
  /* When the output fails, it removes what it has made. */
  if (g_strcmp0 (v2v_if_killed_text (), text) == 0)
    v2v_if_killed (NULL);
  return FALSE;
}

/* Makes all but the last step. */
static gboolean
prepare (const V2vJobSettings *settings, V2vStorageJob *store, xmlDoc *domain, GError **error)
{
  return v2v_storage_set_disk_sources (store, domain, error) &&
         settings->storage->prepare (store, domain, error) &&
         settings->output->prepare (store, domain, error) &&
         v2v_written_check_results (settings, error) &&
         v2v_domain_validate (domain, settings->options, error);
}

V2vPublished *
v2v_publish (const V2vJobSettings *settings, const V2vSourceRead *read, V2vStorageJob *store,
             const V2vConverted *converted, void (*committing) (gboolean begin), GError **error)
{
  const V2vStorage *storage = settings->storage;
  g_autoptr (V2vPublished) published = g_new0 (V2vPublished, 1);
  xmlDoc *domain = xmlCopyDoc (converted->domain, 1);
  gboolean ok;

  v2v_step ("store", "Storing the disks", 0);
  store->unchanged = !guest_changed (converted);
  note_former (settings, read, store);
  ok = prepare (settings, store, domain, error);
  xmlFreeDoc (domain);
  if (!ok)
    return NULL;
  v2v_step ("create", "Creating the new guest", 0);
  committing (TRUE);
  ok = storage->commit (store, error) &&
       create (settings->output, store, &published->result, error);
  if (ok) {
    storage->finish (store);
    v2v_if_killed (NULL);
  }
  committing (FALSE);
  return ok ? g_steal_pointer (&published) : NULL;
}

void
v2v_published_free (V2vPublished *published)
{
  if (!published)
    return;
  g_free (published->result);
  g_free (published);
}
