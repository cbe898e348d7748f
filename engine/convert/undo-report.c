/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads what a report notes for undo. A report may belong to any user and have been edited, so
 * everything in it is checked.
 */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/held.h"
#include "base/jsontext.h"
#include "convert/undo-report.h"

#define REPORT_MAX (64 * 1024 * 1024)
/* How many files a disk may have: some formats split it into pieces of 2 GiB. */
#define FILES_MAX 65536
#define NOTES_MAX 64

void
v2v_undo_file_free (gpointer data)
{
  V2vUndoFile *file = data;

  g_free (file->path);
  g_free (file->mtime);
  g_free (file->sum);
  g_free (file);
}

void
v2v_undo_report_init (V2vUndoReport *undo, const char *what)
{
  *undo = (V2vUndoReport){
      .what = what,
      .files = g_ptr_array_new_with_free_func (v2v_undo_file_free),
      .sources = g_ptr_array_new_with_free_func (v2v_undo_file_free),
      .notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
  };
}

void
v2v_undo_report_clear (V2vUndoReport *undo)
{
  g_clear_pointer (&undo->report, json_node_unref);
  g_free (undo->name);
  g_ptr_array_unref (undo->files);
  g_ptr_array_unref (undo->sources);
  g_hash_table_unref (undo->notes);
  g_free (undo->directory);
  v2v_dir_close (undo->dir);
  v2v_journal_free (undo->journal);
}
static gboolean bad_report (const V2vUndoReport *undo, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
bad_report (const V2vUndoReport *undo, GError **error, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
               "%s: %s; expected the report of a conversion, as --report wrote it", undo->what,
               why);
  return FALSE;
}

const char *
v2v_undo_get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/* The number in a member; -1 if there is none. */
gint64
v2v_undo_get_number (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64
             ? json_node_get_int (node)
             : -1;
}

JsonObject *
v2v_undo_get_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
read_file_entry (const V2vUndoReport *undo, JsonNode *node, GPtrArray *files, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *path = object ? v2v_undo_get_text (object, "path") : NULL;
  const char *uri = object ? v2v_undo_get_text (object, "uri") : NULL;
  const char *mtime = object ? v2v_undo_get_text (object, "mtime") : NULL;
  gint64 size = object ? v2v_undo_get_number (object, "size") : -1;
  gint64 inode = object ? v2v_undo_get_number (object, "inode") : -1;
  g_autofree char *plain = path  ? g_strdup (path)
                           : uri ? g_filename_from_uri (uri, NULL, NULL)
                                 : NULL;
  g_autofree char *canonical = plain ? g_canonicalize_filename (plain, "/") : NULL;
  V2vUndoFile *file;

  if (!plain || !g_path_is_absolute (plain) || !g_str_equal (plain, canonical) ||
      strlen (plain) >= PATH_MAX || !mtime || size < 0 || inode < 0)
    return bad_report (undo, error,
                       "its member \"undo\" names a file without a plain absolute "
                       "path, size, time and inode");
  file = g_new0 (V2vUndoFile, 1);
  file->path = g_steal_pointer (&plain);
  file->size = size;
  file->mtime = g_strdup (mtime);
  file->inode = (guint64)inode;
  file->sum = g_strdup (v2v_undo_get_text (object, "sha256"));
  g_ptr_array_add (files, file);
  return TRUE;
}

gboolean
v2v_undo_report_files (const V2vUndoReport *undo, JsonObject *object, const char *name,
                       GPtrArray *files, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (!array || json_array_get_length (array) > FILES_MAX)
    return bad_report (undo, error,
                       "its member \"undo\" has no list \"%s\" of at most %d files", name,
                       FILES_MAX);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_file_entry (undo, json_array_get_element (array, i), files, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_notes (V2vUndoReport *undo, JsonObject *object, GError **error)
{
  JsonObject *notes = v2v_undo_get_object (object, "notes");
  g_autoptr (GList) names = notes ? json_object_get_members (notes) : NULL;

  if (!notes || json_object_get_size (notes) > NOTES_MAX)
    return bad_report (undo, error, "its member \"undo\" has no \"notes\"");
  for (GList *i = names; i; i = i->next) {
    const char *value = v2v_undo_get_text (notes, i->data);

    if (!value)
      return bad_report (undo, error, "the note \"%s\" is no text", (const char *)i->data);
    g_hash_table_insert (undo->notes, g_strdup (i->data), g_strdup (value));
  }
  return TRUE;
}

/* Reads the text of the report, which may belong to any user. */
static gboolean
read_any (const V2vUndoReport *undo, char **text_r, gsize *length_r, GError **error)
{
  int fd = open (undo->what, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  gboolean ok;

  if (fd < 0) {
    v2v_error_set_errno (error, errno, "%s", undo->what);
    return FALSE;
  }
  ok = v2v_held_read_all (fd, undo->what, REPORT_MAX, text_r, length_r, error);
  close (fd);
  return ok;
}

/* With OWN, a file that another user could have written is refused, since undo does what it
 * says. */
gboolean
v2v_undo_report_load (V2vUndoReport *undo, gboolean own, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (own ? !v2v_held_read (undo->what, "report", REPORT_MAX, &text, &length, &local)
          : !read_any (undo, &text, &length, &local)) {
    if (local->code == V2V_EXIT_NOINPUT)
      g_set_error (
          error, V2V_ERROR, V2V_EXIT_NOINPUT,
          "there is no report or directory %s (a directory is removed when its conversion "
          "was taken back)",
          undo->what);
    else
      g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  undo->report = v2v_json_parse (text, length, &local);
  return undo->report || bad_report (undo, error, "%s", local->message);
}

gboolean
v2v_undo_report_read (V2vUndoReport *undo, GError **error)
{
  JsonObject *root, *object;
  const char *output;
  JsonNode *in_place;

  if (!undo->report && !v2v_undo_report_load (undo, TRUE, error))
    return FALSE;
  root = json_node_get_object (undo->report);
  undo->name = g_strdup (v2v_undo_get_text (root, "name"));
  object = v2v_undo_get_object (root, "undo");
  if (!object && v2v_undo_get_number (root, "status") > 0)
    return bad_report (undo, error,
                       "it tells of a conversion that failed: there is nothing to take "
                       "back");
  if (!object || v2v_undo_get_number (object, "version") != V2V_UNDO_VERSION)
    return bad_report (undo, error, "it has no member \"undo\" of version %d",
                       V2V_UNDO_VERSION);
  undo->undone = v2v_undo_get_text (object, "undone") != NULL;
  output = v2v_undo_get_text (object, "output");
  if (!output || !(undo->output = v2v_output_find (output)))
    return bad_report (undo, error, "its member \"undo\" names no output that is known");
  in_place = json_object_get_member (object, "in-place");
  undo->in_place =
      in_place && JSON_NODE_HOLDS_VALUE (in_place) && json_node_get_boolean (in_place);
  undo->directory = g_strdup (v2v_undo_get_text (object, "directory"));
  if (undo->directory && !g_path_is_absolute (undo->directory))
    return bad_report (undo, error, "its directory \"%s\" is no absolute path",
                       undo->directory);
  return v2v_undo_report_files (undo, object, "files", undo->files, error) &&
         v2v_undo_report_files (undo, object, "sources", undo->sources, error) &&
         read_notes (undo, object, error);
}
