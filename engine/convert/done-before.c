/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finds out whether the report of an earlier run says that the same conversion is done already.
 */
#include "config.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "convert/undo-report.h"
#include "storage/stamp.h"

static gboolean
tells_success (const V2vUndoReport *undo)
{
  JsonObject *root = json_node_get_object (undo->report);

  return v2v_undo_get_number (root, "status") == 0 && v2v_undo_get_object (root, "undo");
}

V2vReportKind
v2v_undo_look (const char *path)
{
  g_auto (V2vUndoReport) undo;
  struct stat st;

  v2v_undo_report_init (&undo, path);
  if (stat (path, &st) < 0 || (S_ISREG (st.st_mode) && st.st_size == 0))
    return V2V_REPORT_NONE;
  if (!v2v_undo_report_load (&undo, FALSE, NULL))
    return V2V_REPORT_OTHER;
  return tells_success (&undo) ? V2V_REPORT_SUCCESS
         : v2v_undo_get_text (json_node_get_object (undo.report), "program")
             ? V2V_REPORT_FAILURE
             : V2V_REPORT_OTHER;
}

/* NULL if FILE is as it was made; otherwise what has happened to it. To be freed with
 * g_free. */
static char *
what_changed (const V2vUndoFile *file)
{
  g_autofree char *mtime = NULL, *sum = NULL;
  char *why = NULL;
  struct stat st;
  int fd = open (file->path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

  if (fd < 0 || fstat (fd, &st) < 0)
    why = g_strdup_printf ("%s cannot be found", file->path);
  else if (S_ISREG (st.st_mode)) {
    mtime = v2v_stamp_mtime (&st);
    sum = file->sum ? v2v_undo_sum (fd, st.st_size) : NULL;
    if ((guint64)st.st_ino != file->inode || st.st_size != file->size ||
        !g_str_equal (mtime, file->mtime) || (sum && !g_str_equal (sum, file->sum)))
      why = g_strdup_printf ("%s has been written to since", file->path);
  }
  if (fd >= 0)
    close (fd);
  return why;
}

static char *
what_changed_in (const GPtrArray *files)
{
  char *why = NULL;

  for (guint i = 0; !why && i < files->len; i++)
    why = what_changed (files->pdata[i]);
  return why;
}

static gboolean
same_directory (const char *directory, const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);
  struct stat a, b;

  return directory && stat (directory, &a) == 0 && stat (parent, &b) == 0 &&
         a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Are all files in the places where a conversion by SETTINGS would put its own? */
static gboolean
made_there (const V2vUndoReport *undo, const V2vJobSettings *settings)
{
  const V2vOptionValues *options = settings->options;
  g_autofree char *dir = settings->output->disk_dir (options);
  const char *snapshot_dir = v2v_option_get (options, "snapshot-dir");

  for (guint i = 0; i < undo->files->len; i++) {
    const V2vUndoFile *file = undo->files->pdata[i];

    if (!same_directory (dir, file->path) && !same_directory (snapshot_dir, file->path))
      return FALSE;
  }
  return TRUE;
}

gboolean
v2v_undo_is_done (const char *path, const V2vJobSettings *settings, const V2vSourceRead *read,
                  char **result_r, char **why_r)
{
  g_autofree char *request = v2v_undo_request (settings, read);
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (v2v_undo_file_free);
  g_auto (V2vUndoReport) undo;
  JsonObject *object;

  *result_r = NULL;
  *why_r = NULL;
  v2v_undo_report_init (&undo, path);
  if (!request || !v2v_undo_report_load (&undo, TRUE, NULL) || !tells_success (&undo) ||
      !v2v_undo_report_read (&undo, NULL) || undo.undone)
    return FALSE;
  object = v2v_undo_get_object (json_node_get_object (undo.report), "undo");
  if (g_strcmp0 (v2v_undo_get_text (object, "request"), request) != 0 ||
      !made_there (&undo, settings) || undo.output != settings->output)
    return FALSE;
  if (!v2v_undo_report_files (&undo, object, "changed", changed, NULL))
    return FALSE;
  if ((*why_r = what_changed_in (undo.files)) || (*why_r = what_changed_in (undo.sources)) ||
      (*why_r = what_changed_in (changed)))
    return FALSE;
  if (undo.output->still && !undo.output->still (undo.notes, settings->options)) {
    *why_r = g_strdup ("the guest that was created is gone or was changed since");
    return FALSE;
  }
  *result_r = g_strdup (v2v_undo_get_text (json_node_get_object (undo.report), "result"));
  return TRUE;
}
