/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The journal as JSON.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-glib/json-glib.h>

#include "base/held.h"
#include "base/jsontext.h"
#include "storage/journal.h"

#define JOURNAL_VERSION 2
#define JOURNAL_MAX (16 * 1024 * 1024)

static const char *const states[] = {"editing", "prepared", "committing",
                                     "done",    "kept",     "undoing"};

static void
disk_free (gpointer data)
{
  V2vJournalDisk *disk = data;

  g_free (disk->path);
  g_free (disk->format);
  g_free (disk->overlay);
  g_free (disk->redo);
  g_free (disk->undo);
  g_free (disk->undo_sum);
  g_free (disk->written_sum);
  g_free (disk->mtime);
  g_free (disk->record);
  g_free (disk->back);
  g_clear_pointer (&disk->below, g_ptr_array_unref);
  g_free (disk);
}

V2vJournal *
v2v_journal_new (const char *name)
{
  V2vJournal *journal = g_new0 (V2vJournal, 1);

  journal->name = g_strdup (name);
  journal->disks = g_ptr_array_new_with_free_func (disk_free);
  journal->temps = g_ptr_array_new_with_free_func (g_free);
  return journal;
}

void
v2v_journal_free (V2vJournal *journal)
{
  if (!journal)
    return;
  g_free (journal->name);
  g_ptr_array_unref (journal->disks);
  g_free (journal->domain_path);
  g_free (journal->domain_text);
  g_free (journal->former_path);
  g_free (journal->former_text);
  g_ptr_array_unref (journal->temps);
  v2v_image_locks_free (journal->locks);
  g_free (journal);
}

/* ---- writing ---- */

static void
add_string (JsonBuilder *json, const char *name, const char *value)
{
  json_builder_set_member_name (json, name);
  if (value)
    json_builder_add_string_value (json, value);
  else
    json_builder_add_null_value (json);
}

static void
add_int (JsonBuilder *json, const char *name, gint64 value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_int_value (json, value);
}

static void
add_boolean (JsonBuilder *json, const char *name, gboolean value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_boolean_value (json, value);
}

static void
add_layer (JsonBuilder *json, const V2vLayer *layer)
{
  json_builder_begin_object (json);
  add_string (json, "path", layer->path);
  add_string (json, "format", layer->format);
  add_boolean (json, "block", layer->block);
  json_builder_end_object (json);
}

static void
add_disk (JsonBuilder *json, const V2vJournalDisk *disk)
{
  json_builder_begin_object (json);
  add_string (json, "path", disk->path);
  add_string (json, "format", disk->format);
  add_boolean (json, "block", disk->block);
  add_int (json, "device", (gint64)disk->device);
  add_int (json, "inode", (gint64)disk->inode);
  add_int (json, "length", disk->length);
  json_builder_set_member_name (json, "backing");
  json_builder_begin_array (json);
  for (guint i = 0; disk->below && i < disk->below->len; i++)
    add_layer (json, disk->below->pdata[i]);
  json_builder_end_array (json);
  add_string (json, "overlay", disk->overlay);
  add_boolean (json, "changed", disk->changed);
  add_string (json, "redo", disk->redo);
  add_int (json, "new_length", disk->new_length);
  add_string (json, "record", disk->record);
  if (disk->undo) {
    add_string (json, "undo", disk->undo);
    add_string (json, "undo_sha256", disk->undo_sum);
    add_string (json, "written_sha256", disk->written_sum);
    add_string (json, "back", disk->back);
    add_string (json, "mtime", disk->mtime);
  }
  json_builder_end_object (json);
}

gboolean
v2v_journal_write (const V2vJournal *journal, const V2vDir *dir, GError **error)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (json);
  add_int (json, "version", JOURNAL_VERSION);
  add_string (json, "state", states[journal->state]);
  add_string (json, "name", journal->name);
  json_builder_set_member_name (json, "disks");
  json_builder_begin_array (json);
  for (guint i = 0; i < journal->disks->len; i++)
    add_disk (json, journal->disks->pdata[i]);
  json_builder_end_array (json);
  add_string (json, "domain_path", journal->domain_path);
  add_string (json, "domain_text", journal->domain_text);
  add_boolean (json, "keep_undo", journal->keep_undo);
  add_string (json, "former_path", journal->former_path);
  add_string (json, "former_text", journal->former_text);
  json_builder_set_member_name (json, "temporary_files");
  json_builder_begin_array (json);
  for (guint i = 0; i < journal->temps->len; i++)
    json_builder_add_string_value (json, journal->temps->pdata[i]);
  json_builder_end_array (json);
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  text = json_to_string (root, TRUE);
  return v2v_file_replace (dir, V2V_JOURNAL_FILE, text, -1, error);
}

/* ---- reading ---- */

static JsonNode *
member (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type ? node
                                                                                         : NULL;
}

static char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name, G_TYPE_STRING);

  return node ? json_node_dup_string (node) : NULL;
}

static gint64
get_int (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name, G_TYPE_INT64);

  return node ? json_node_get_int (node) : 0;
}

static gboolean
get_boolean (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name, G_TYPE_BOOLEAN);

  return node && json_node_get_boolean (node);
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gboolean
decode_layer (GPtrArray *layers, JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autofree char *path = object ? get_string (object, "path") : NULL;
  g_autofree char *format = object ? get_string (object, "format") : NULL;

  if (!path || !format)
    return FALSE;
  v2v_layers_add (layers, path, format, TRUE, get_boolean (object, "block"), 0);
  return TRUE;
}

/* Of a file in the directory of the journal, or NULL. */
static gboolean
is_name (const char *name)
{
  return !name || !strchr (name, '/');
}

static gboolean
decode_disk (V2vJournal *journal, JsonNode *node)
{
  V2vJournalDisk *disk;
  JsonObject *object;
  JsonArray *below;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  object = json_node_get_object (node);
  disk = g_new0 (V2vJournalDisk, 1);
  g_ptr_array_add (journal->disks, disk);
  disk->path = get_string (object, "path");
  disk->format = get_string (object, "format");
  disk->block = get_boolean (object, "block");
  disk->device = (guint64)get_int (object, "device");
  disk->inode = (guint64)get_int (object, "inode");
  disk->length = get_int (object, "length");
  disk->below = v2v_layers_new ();
  below = get_array (object, "backing");
  for (guint i = 0; below && i < json_array_get_length (below); i++)
    if (!decode_layer (disk->below, json_array_get_element (below, i)))
      return FALSE;
  disk->overlay = get_string (object, "overlay");
  disk->changed = get_boolean (object, "changed");
  disk->redo = get_string (object, "redo");
  disk->undo = get_string (object, "undo");
  disk->undo_sum = get_string (object, "undo_sha256");
  disk->written_sum = get_string (object, "written_sha256");
  disk->new_length = get_int (object, "new_length");
  disk->mtime = get_string (object, "mtime");
  disk->record = get_string (object, "record");
  disk->back = get_string (object, "back");
  return disk->path && disk->format && disk->overlay && is_name (disk->overlay) &&
         is_name (disk->redo) && is_name (disk->record) && is_name (disk->back) &&
         is_name (disk->undo) && (!disk->undo || disk->undo_sum) &&
         (!disk->changed || disk->record || journal->state != V2V_JOURNAL_COMMITTING) &&
         (!disk->undo || disk->back || journal->state != V2V_JOURNAL_UNDOING);
}

static gboolean
decode (V2vJournal *journal, JsonObject *object)
{
  g_autofree char *state = get_string (object, "state");
  JsonArray *disks = get_array (object, "disks");
  JsonArray *temps = get_array (object, "temporary_files");
  gboolean known = FALSE;

  for (guint i = 0; state && i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (state, states[i])) {
      journal->state = (V2vJournalState)i;
      known = TRUE;
    }
  journal->name = get_string (object, "name");
  journal->domain_path = get_string (object, "domain_path");
  journal->domain_text = get_string (object, "domain_text");
  journal->keep_undo = get_boolean (object, "keep_undo");
  journal->former_path = get_string (object, "former_path");
  journal->former_text = get_string (object, "former_text");
  if (!known || !disks || !temps || !journal->name ||
      get_int (object, "version") != JOURNAL_VERSION)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (disks); i++)
    if (!decode_disk (journal, json_array_get_element (disks, i)))
      return FALSE;
  for (guint i = 0; i < json_array_get_length (temps); i++)
    g_ptr_array_add (journal->temps, g_strdup (json_array_get_string_element (temps, i)));
  return TRUE;
}

V2vJournal *
v2v_journal_read (const V2vDir *dir, GError **error)
{
  g_autofree char *path = v2v_dir_path (dir, V2V_JOURNAL_FILE);
  g_autoptr (V2vJournal) journal = v2v_journal_new (NULL);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *text = NULL;
  gsize length;
  int fd = openat (dir->fd, V2V_JOURNAL_FILE, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  gboolean ok;

  if (fd < 0) {
    if (errno != ENOENT)
      v2v_error_set_errno (error, errno, "cannot read the journal %s", path);
    return NULL;
  }
  ok = v2v_held_read_all (fd, path, JOURNAL_MAX, &text, &length, &local) &&
       (root = v2v_json_parse (text, length, &local)) &&
       decode (journal, json_node_get_object (root));
  close (fd);
  if (ok)
    return g_steal_pointer (&journal);
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_DATA,
      "the journal %s of an in-place conversion cannot be understood%s%s; it may be that "
      "the disks of that guest are half written: keep its directory until that is known",
      path, local ? ": " : "", local ? local->message : "");
  return NULL;
}

int
v2v_journal_disk_open (const V2vJournalDisk *disk, int flags, GError **error)
{
  int fd = v2v_held_open (disk->path, flags | O_NONBLOCK, error);
  gboolean same;
  struct stat st;

  if (fd < 0 || fstat (fd, &st) < 0) {
    if (fd >= 0) {
      v2v_error_set_errno (error, errno, "cannot examine the disk %s", disk->path);
      close (fd);
    } else {
      g_prefix_error (error, "cannot open the disk ");
    }
    return -1;
  }
  /* Device numbers change when the host is started again, inodes do not; a qcow2 may have
   * grown. */
  if (disk->block)
    same = S_ISBLK (st.st_mode) && lseek (fd, 0, SEEK_END) == disk->length;
  else
    same = S_ISREG (st.st_mode) && st.st_ino == disk->inode &&
           (st.st_size == disk->length || st.st_size == disk->new_length ||
            !g_str_equal (disk->format, "raw"));
  if (same)
    return fd;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_DATA,
      "%s is not the disk that was being converted: it was replaced or changed its size",
      disk->path);
  close (fd);
  return -1;
}
