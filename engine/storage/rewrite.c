/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writing to the disks of a journal.
 */
#include "config.h"

#include "base/log.h"
#include "storage/rewrite.h"
#include "storage/space.h"

static char **
record_of (const V2vRewrite *rewrite, const V2vJournalDisk *disk)
{
  return G_STRUCT_MEMBER_P (disk, rewrite->record_at);
}

gboolean
v2v_rewrite_with (const V2vRewrite *rewrite, const V2vJournalDisk *disk, const V2vDir *dir,
                  V2vWritingFunc func, gpointer data, GError **error)
{
  g_auto (V2vWriting) writing = {
      .disk = disk,
      .dir = dir,
      .record = *record_of (rewrite, disk),
      .length = -1,
      .source = -1,
  };

  return rewrite->open (&writing, error) && func (&writing, data, error);
}

static gboolean
ready (const V2vWriting *writing, gpointer data G_GNUC_UNUSED, GError **error)
{
  return v2v_writing_ready (writing, error);
}

gboolean
v2v_rewrite_ready (const V2vRewrite *rewrite, V2vJournal *journal, const V2vDir *dir,
                   GError **error)
{
  for (guint i = 0; i < journal->disks->len; i++) {
    const V2vJournalDisk *disk = journal->disks->pdata[i];
    char **record = record_of (rewrite, disk);
    g_autofree char *path = NULL;

    if (!rewrite->concerns (disk))
      continue;
    g_free (*record);
    *record = g_strdup_printf ("%s-%u", rewrite->record, i);
    path = v2v_dir_path (dir, *record);
    v2v_temp_add (path);
    if (!v2v_rewrite_with (rewrite, disk, dir, ready, NULL, error)) {
      v2v_storage_explain_full (dir->path, error);
      return FALSE;
    }
  }
  return v2v_dir_sync (dir, error);
}

static gboolean
look (const V2vWriting *writing, gpointer data, GError **error)
{
  g_autoptr (GError) local = NULL;

  *(char **)data = v2v_writing_look (writing, &local);
  if (local)
    g_propagate_error (error, g_steal_pointer (&local));
  return *(char **)data == NULL && local == NULL;
}

const V2vJournalDisk *
v2v_rewrite_written_since (const V2vRewrite *rewrite, const V2vJournal *journal,
                           const V2vDir *dir, char **why_r, GError **error)
{
  *why_r = NULL;
  for (guint i = 0; i < journal->disks->len; i++) {
    const V2vJournalDisk *disk = journal->disks->pdata[i];

    if (rewrite->concerns (disk) && *record_of (rewrite, disk) &&
        !v2v_rewrite_with (rewrite, disk, dir, look, why_r, error))
      return *why_r ? disk : NULL;
  }
  return NULL;
}

typedef struct {
  guint index, count; /* of disks */
} Progress;

static void
on_fraction (double done, gpointer data)
{
  const Progress *progress = data;

  v2v_step_progress ((progress->index + done) / progress->count);
}

static gboolean
write_disk (const V2vWriting *writing, gpointer data, GError **error)
{
  if (v2v_writing_run (writing, on_fraction, data, error))
    return TRUE;
  v2v_storage_explain_full (writing->disk->path, error);
  return FALSE;
}

gboolean
v2v_rewrite_disks (const V2vRewrite *rewrite, const V2vJournal *journal, const V2vDir *dir,
                   const char *what, const char *advice, GError **error)
{
  v2v_if_killed (advice);
  for (guint i = 0; i < journal->disks->len; i++) {
    const V2vJournalDisk *disk = journal->disks->pdata[i];
    Progress progress = {i, journal->disks->len};

    if (rewrite->concerns (disk) &&
        !v2v_rewrite_with (rewrite, disk, dir, write_disk, &progress, error)) {
      g_prefix_error (error, "%s stopped half way; %s: ", what, advice);
      return FALSE;
    }
    v2v_step_progress ((double)(i + 1) / journal->disks->len);
  }
  return TRUE;
}
