/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Undoes a conversion: removes the files that it made or, in place, writes the former blocks
 * back.
 *
 * The report has to be the user's own file, but users edit files. So only regular files are
 * removed, never through a link of another user, and only if they are what the report says was
 * made.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/held.h"
#include "base/jsontext.h"
#include "base/log.h"
#include "base/outfile.h"
#include "base/tempfile.h"
#include "convert/undo.h"
#include "storage/in-place-dir.h"
#include "storage/in-use.h"
#include "storage/stamp.h"
#include "storage/undo-file.h"

#define UNDO_VERSION 1
#define REPORT_MAX (64 * 1024 * 1024)
/* How many files a disk may have: some formats split it into pieces of 2 GiB. */
#define FILES_MAX 65536
#define NOTES_MAX 64
/* Files up to this size, such as documents and scripts, are recognised by their checksum. */
#define SUM_MAX (1024 * 1024)

/* ---- noting ---- */

static void
add_text (JsonBuilder *json, const char *name, const char *value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, value);
}

/* A path that is not UTF-8 is written as a URI, since JSON cannot contain it. */
static void
add_path (JsonBuilder *json, const char *path)
{
  g_autofree char *printable = v2v_printable (path, -1, FALSE);
  g_autofree char *uri = NULL;

  if (g_str_equal (printable, path)) {
    add_text (json, "path", path);
    return;
  }
  uri = g_filename_to_uri (path, NULL, NULL);
  if (uri)
    add_text (json, "uri", uri);
}

static char *
sum_of (int fd, gint64 size)
{
  g_autofree char *bytes = g_malloc (SUM_MAX);
  gssize n;

  if (size > SUM_MAX || (n = pread (fd, bytes, SUM_MAX, 0)) != size)
    return NULL;
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)bytes, (gsize)n);
}

static void
add_file (JsonBuilder *json, const char *path)
{
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  struct stat st;

  if (fd < 0)
    return;
  if (fstat (fd, &st) == 0 && (S_ISREG (st.st_mode) || S_ISBLK (st.st_mode))) {
    g_autofree char *mtime = v2v_stamp_mtime (&st);
    g_autofree char *sum = S_ISREG (st.st_mode) ? sum_of (fd, st.st_size) : NULL;

    json_builder_begin_object (json);
    add_path (json, path);
    json_builder_set_member_name (json, "size");
    json_builder_add_int_value (json,
                                S_ISREG (st.st_mode) ? st.st_size : lseek (fd, 0, SEEK_END));
    add_text (json, "mtime", mtime);
    json_builder_set_member_name (json, "inode");
    json_builder_add_int_value (json, (gint64)st.st_ino);
    if (sum)
      add_text (json, "sha256", sum);
    json_builder_end_object (json);
  }
  close (fd);
}

/* Adds every file of DISK of the source, except those below WORK_DIR, which were unpacked
 * only for the conversion and are removed with it. */
static void
add_source (JsonBuilder *json, const V2vStorageDisk *disk, const char *work_dir)
{
  for (guint i = 0; disk->chain && i < disk->chain->len; i++) {
    const V2vLayer *layer = disk->chain->pdata[i];

    for (guint j = 0; j <= layer->parts->len; j++) {
      const char *path = j ? layer->parts->pdata[j - 1] : layer->path;
      g_autofree char *real = realpath (path, NULL);

      if (!g_str_has_prefix (path, work_dir))
        add_file (json, real ? real : path);
    }
  }
}

static void
begin_array (JsonBuilder *json, const char *name)
{
  json_builder_set_member_name (json, name);
  json_builder_begin_array (json);
}

/* ---- which conversion it was ---- */

/* Options that make no difference to the result of a conversion, or that only say where it
 * is, which its files show. */
static const char *const not_asked[] = {"allow-backing",  "allow-in-use", "appliance-network",
                                        "keep-undo",      "key",          "memsize",
                                        "output-dir",     "progress-fd",  "quiet",
                                        "report",         "smp",          "snapshot-dir",
                                        "source",         "step-timeout", "timeout",
                                        "verbose",        "verify-dir",   "verify-memory",
                                        "verify-timeout", "work-dir",     NULL};

static void
sum_text (GChecksum *sum, const char *text)
{
  g_checksum_update (sum, (const guchar *)text, (gssize)strlen (text) + 1);
}

/* Is the source an archive, whose disks are unpacked for each conversion? They cannot be
 * compared with later ones. */
static void
sum_archive (GChecksum *sum, const char *path)
{
  g_autofree char *mtime = NULL;
  g_autofree char *text = NULL;
  struct stat st;

  if (stat (path, &st) < 0 || !S_ISREG (st.st_mode))
    return;
  mtime = v2v_stamp_mtime (&st);
  text = g_strdup_printf ("%" G_GINT64_FORMAT " %s %" G_GUINT64_FORMAT, (gint64)st.st_size,
                          mtime, (guint64)st.st_ino);
  sum_text (sum, text);
}

/* A checksum of what the user asked for, by which the same conversion of the same guest is
 * recognised. NULL if the guest was not read. To be freed with g_free. */
static char *
request_of (const V2vJobSettings *settings, const V2vSourceRead *read)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GString) document = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) names = NULL;

  if (!read)
    return NULL;
  sum_text (sum, PACKAGE_VERSION);
  sum_text (sum, read->name);
  sum_text (sum, settings->storage->name);
  sum_text (sum, settings->output->name);
  text = v2v_xml_to_canonical (read->original);
  document = g_string_new (text);
  if (read->work_dir && g_string_replace (document, read->work_dir, "", 0))
    sum_archive (sum, settings->guest);
  sum_text (sum, document->str);
  names = v2v_option_names (settings->options);
  for (char **name = names; *name; name++) {
    const char *const *value = v2v_option_get_all (settings->options, *name);

    if (g_strv_contains (not_asked, *name))
      continue;
    sum_text (sum, *name);
    for (; *value; value++)
      sum_text (sum, *value);
  }
  return g_strdup (g_checksum_get_string (sum));
}

/* ---- noting it ---- */

JsonNode *
v2v_undo_note (const V2vJobSettings *settings, const V2vSourceRead *read,
               const V2vStorageJob *store)
{
  g_autofree char *request = request_of (settings, read);
  g_autoptr (JsonBuilder) json = json_builder_new ();
  GHashTableIter iter;
  gpointer key, value;
  gboolean in_place = settings->storage->recover != NULL;

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "version");
  json_builder_add_int_value (json, UNDO_VERSION);
  add_text (json, "output", settings->output->name);
  json_builder_set_member_name (json, "in-place");
  json_builder_add_boolean_value (json, in_place && !store->unchanged);
  if (store->undo_directory)
    add_text (json, "directory", store->undo_directory);
  begin_array (json, "files");
  for (guint i = 0; !in_place && i < store->disks->len; i++) {
    const V2vStorageDisk *disk = store->disks->pdata[i];

    if (disk->result_path)
      add_file (json, disk->result_path);
  }
  if (store->domain_path)
    add_file (json, store->domain_path);
  for (guint i = 0; i < store->made->len; i++)
    add_file (json, store->made->pdata[i]);
  json_builder_end_array (json);
  begin_array (json, "sources");
  for (guint i = 0; !in_place && i < store->disks->len; i++)
    add_source (json, store->disks->pdata[i], store->work_dir);
  json_builder_end_array (json);
  if (request)
    add_text (json, "request", request);
  /* Disks that were converted in place are not removed. They are noted to see later whether
   * the guest was started. */
  begin_array (json, "changed");
  for (guint i = 0; in_place && i < store->disks->len; i++) {
    g_autofree char *real =
        realpath (((const V2vStorageDisk *)store->disks->pdata[i])->disk->path, NULL);

    if (real)
      add_file (json, real);
  }
  json_builder_end_array (json);
  json_builder_set_member_name (json, "notes");
  json_builder_begin_object (json);
  g_hash_table_iter_init (&iter, store->made_notes);
  while (g_hash_table_iter_next (&iter, &key, &value))
    add_text (json, key, value);
  json_builder_end_object (json);
  json_builder_end_object (json);
  return json_builder_get_root (json);
}

/* ---- reading a report ---- */

typedef struct {
  char *path;
  gint64 size;
  char *mtime;
  guint64 inode;
  char *sum; /* or NULL */
} File;

typedef struct {
  const char *what; /* the report or directory, for messages */
  const V2vOptionValues *options;
  JsonNode *report; /* NULL: a directory */
  char *name;       /* of the guest */
  gboolean undone;
  gboolean in_place;
  const V2vOutput *output; /* or NULL */
  GPtrArray *files;        /* File */
  GPtrArray *sources;      /* File */
  GHashTable *notes;
  char *directory; /* or NULL */
  V2vDir *dir;
  V2vJournal *journal;
} Undo;

static void
file_free (gpointer data)
{
  File *file = data;

  g_free (file->path);
  g_free (file->mtime);
  g_free (file->sum);
  g_free (file);
}

static void
undo_init (Undo *undo, const char *what)
{
  *undo = (Undo){
      .what = what,
      .files = g_ptr_array_new_with_free_func (file_free),
      .sources = g_ptr_array_new_with_free_func (file_free),
      .notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
  };
}

static void
undo_clear (Undo *undo)
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
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Undo, undo_clear)

static gboolean bad_report (const Undo *undo, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
bad_report (const Undo *undo, GError **error, const char *format, ...)
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

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/* The number in a member; -1 if there is none. */
static gint64
get_number (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64
             ? json_node_get_int (node)
             : -1;
}

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
read_file_entry (const Undo *undo, JsonNode *node, GPtrArray *files, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *path = object ? get_text (object, "path") : NULL;
  const char *uri = object ? get_text (object, "uri") : NULL;
  const char *mtime = object ? get_text (object, "mtime") : NULL;
  gint64 size = object ? get_number (object, "size") : -1;
  gint64 inode = object ? get_number (object, "inode") : -1;
  g_autofree char *plain = path  ? g_strdup (path)
                           : uri ? g_filename_from_uri (uri, NULL, NULL)
                                 : NULL;
  g_autofree char *canonical = plain ? g_canonicalize_filename (plain, "/") : NULL;
  File *file;

  if (!plain || !g_path_is_absolute (plain) || !g_str_equal (plain, canonical) ||
      strlen (plain) >= PATH_MAX || !mtime || size < 0 || inode < 0)
    return bad_report (undo, error,
                       "its member \"undo\" names a file without a plain absolute "
                       "path, size, time and inode");
  file = g_new0 (File, 1);
  file->path = g_steal_pointer (&plain);
  file->size = size;
  file->mtime = g_strdup (mtime);
  file->inode = (guint64)inode;
  file->sum = g_strdup (get_text (object, "sha256"));
  g_ptr_array_add (files, file);
  return TRUE;
}

static gboolean
read_files (const Undo *undo, JsonObject *object, const char *name, GPtrArray *files,
            GError **error)
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
read_notes (Undo *undo, JsonObject *object, GError **error)
{
  JsonObject *notes = get_object (object, "notes");
  g_autoptr (GList) names = notes ? json_object_get_members (notes) : NULL;

  if (!notes || json_object_get_size (notes) > NOTES_MAX)
    return bad_report (undo, error, "its member \"undo\" has no \"notes\"");
  for (GList *i = names; i; i = i->next) {
    const char *value = get_text (notes, i->data);

    if (!value)
      return bad_report (undo, error, "the note \"%s\" is no text", (const char *)i->data);
    g_hash_table_insert (undo->notes, g_strdup (i->data), g_strdup (value));
  }
  return TRUE;
}

/* Reads the text of the report, which may belong to any user. */
static gboolean
read_any (const Undo *undo, char **text_r, gsize *length_r, GError **error)
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
static gboolean
load_report (Undo *undo, gboolean own, GError **error)
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

static gboolean
read_report (Undo *undo, GError **error)
{
  JsonObject *root, *object;
  const char *output;
  JsonNode *in_place;

  if (!undo->report && !load_report (undo, TRUE, error))
    return FALSE;
  root = json_node_get_object (undo->report);
  undo->name = g_strdup (get_text (root, "name"));
  object = get_object (root, "undo");
  if (!object && get_number (root, "status") > 0)
    return bad_report (undo, error,
                       "it tells of a conversion that failed: there is nothing to take "
                       "back");
  if (!object || get_number (object, "version") != UNDO_VERSION)
    return bad_report (undo, error, "it has no member \"undo\" of version %d", UNDO_VERSION);
  undo->undone = get_text (object, "undone") != NULL;
  output = get_text (object, "output");
  if (!output || !(undo->output = v2v_output_find (output)))
    return bad_report (undo, error, "its member \"undo\" names no output that is known");
  in_place = json_object_get_member (object, "in-place");
  undo->in_place =
      in_place && JSON_NODE_HOLDS_VALUE (in_place) && json_node_get_boolean (in_place);
  undo->directory = g_strdup (get_text (object, "directory"));
  if (undo->directory && !g_path_is_absolute (undo->directory))
    return bad_report (undo, error, "its directory \"%s\" is no absolute path",
                       undo->directory);
  return read_files (undo, object, "files", undo->files, error) &&
         read_files (undo, object, "sources", undo->sources, error) &&
         read_notes (undo, object, error);
}

/* ---- checks ---- */

/* Opens the directory that FILE is in; *NAME_R is its name there. NULL without an error: the
 * directory is gone. */
static V2vDir *
open_parent (const File *file, char **name_r, GError **error)
{
  g_autoptr (GError) local = NULL;
  V2vDir *dir = v2v_held_parent (file->path, name_r, &local);

  if (local && local->code != V2V_EXIT_NOINPUT)
    g_propagate_error (error, g_steal_pointer (&local));
  return dir;
}

static gboolean
refuse_file (const File *file, const char *why, const char *advice, GError **error)
{
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
               "%s is not what the conversion made: %s; nothing was removed. %s", file->path,
               why, advice);
  return FALSE;
}

#define ADVICE_FORCE "If nobody needs it any more, add --force"
#define ADVICE_MOVE "Remove it by hand, or move it away, and run undo again"

static gboolean
check_open_file (const File *file, int fd, gboolean force, GError **error)
{
  g_autofree char *mtime = NULL;
  g_autofree char *sum = NULL;
  struct stat st;

  if (fstat (fd, &st) < 0) {
    v2v_error_set_errno (error, errno, "cannot examine %s", file->path);
    return FALSE;
  }
  if (!S_ISREG (st.st_mode))
    return refuse_file (file, "it is no regular file", ADVICE_MOVE, error);
  if ((guint64)st.st_ino != file->inode)
    return refuse_file (file, "another file has taken its place", ADVICE_MOVE, error);
  if (!v2v_in_use_check (file->path, fd, &st, error))
    return FALSE;
  if (force)
    return TRUE;
  mtime = v2v_stamp_mtime (&st);
  if (st.st_size != file->size || !g_str_equal (mtime, file->mtime))
    return refuse_file (file, "it has been written to since", ADVICE_FORCE, error);
  if (file->sum && (sum = sum_of (fd, st.st_size)) && !g_str_equal (sum, file->sum))
    return refuse_file (file, "its content has changed", ADVICE_FORCE, error);
  return TRUE;
}

/* Is NAME in DIR the file that was made? */
static gboolean
check_name (const File *file, const V2vDir *dir, const char *name, gboolean force,
            GError **error)
{
  int fd = openat (dir->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  gboolean ok;

  if (fd < 0 && errno == ELOOP)
    return refuse_file (file, "it is a link", ADVICE_MOVE, error);
  if (fd < 0) {
    v2v_error_set_errno (error, errno, "cannot open %s", file->path);
    return FALSE;
  }
  ok = check_open_file (file, fd, force, error);
  close (fd);
  return ok;
}

/* Looks for FILE, and checks it. *DIR_R, to be closed, gets the directory that it is in, which is
 * NULL if there is nothing to remove, and *NAME_R its name. */
static gboolean
find_file (const File *file, gboolean force, V2vDir **dir_r, char **name_r, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (V2vDir) dir = open_parent (file, &name, &local);

  *dir_r = NULL;
  if (local) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if (!dir || !v2v_dir_has (dir, name))
    return TRUE;
  if (!check_name (file, dir, name, force, error))
    return FALSE;
  *dir_r = g_steal_pointer (&dir);
  *name_r = g_steal_pointer (&name);
  return TRUE;
}

/* *FOUND_R: is there something to remove? */
static gboolean
check_file (const File *file, gboolean force, gboolean *found_r, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (V2vDir) dir = NULL;

  if (!find_file (file, force, &dir, &name, error))
    return FALSE;
  *found_r |= dir != NULL;
  return TRUE;
}

/* The source has to exist: it is what remains after the undo. */
static gboolean
check_source (const File *file, GError **error)
{
  struct stat st;
  const char *how = NULL;

  if (stat (file->path, &st) < 0) {
    how = "it cannot be found";
  } else if (S_ISREG (st.st_mode)) {
    g_autofree char *mtime = v2v_stamp_mtime (&st);

    if (st.st_size != file->size || !g_str_equal (mtime, file->mtime))
      how = "it has been written to";
  }
  if (!how)
    return TRUE;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_DATA,
      "the disk %s, which the guest would be left with, is not what was converted: %s; "
      "nothing was removed. If that is known and the new guest is not needed, add --force",
      file->path, how);
  return FALSE;
}

static gboolean
check_directory (Undo *undo, gboolean force, GError **error)
{
  if (!undo->directory) {
    if (!undo->in_place)
      return TRUE;
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s: the disks were changed in place without --keep-undo, so their former blocks "
        "are not known; restore a backup",
        undo->what);
    return FALSE;
  }
  if (!(undo->dir = v2v_in_place_open_directory (undo->directory, &undo->journal, error)))
    return FALSE;
  if (undo->name && !g_str_equal (undo->journal->name, undo->name)) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s is a report on the guest %s, but %s, which it names, belongs to the guest %s",
        undo->what, undo->name, undo->directory, undo->journal->name);
    return FALSE;
  }
  return v2v_undo_check (undo->journal, undo->dir, force, error);
}

/* *FOUND_R: is there anything left to undo? */
static gboolean
check (Undo *undo, gboolean *found_r, GError **error)
{
  const gboolean force = v2v_option_is_set (undo->options, "force");

  for (guint i = 0; i < undo->files->len; i++)
    if (!check_file (undo->files->pdata[i], force, found_r, error))
      return FALSE;
  for (guint i = 0; !force && *found_r && i < undo->sources->len; i++)
    if (!check_source (undo->sources->pdata[i], error))
      return FALSE;
  if (undo->output && undo->output->undo) {
    *found_r = TRUE;
    if (!undo->output->undo (undo->notes, undo->options, TRUE, error))
      return FALSE;
  }
  *found_r |= undo->directory != NULL;
  return check_directory (undo, force, error);
}

/* ---- doing it ---- */

static gboolean
remove_file (const File *file, gboolean force, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (V2vDir) dir = NULL;

  /* Checked again, in the directory that was kept open, since time has passed. */
  if (!find_file (file, force, &dir, &name, error))
    return FALSE;
  if (!dir)
    return TRUE;
  if (unlinkat (dir->fd, name, 0) < 0 && errno != ENOENT) {
    v2v_error_set_errno (error, errno, "cannot remove %s", file->path);
    return FALSE;
  }
  v2v_info ("removed %s", file->path);
  return v2v_dir_sync (dir, error);
}

/* Marks the report, so that a second undo finds that it was done. */
static gboolean
mark_report (const Undo *undo, GError **error)
{
  JsonObject *object = get_object (json_node_get_object (undo->report), "undo");
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *stamp = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  g_autoptr (GError) local = NULL;
  g_autofree char *text = NULL;
  g_autofree char *whole = NULL;

  json_object_set_string_member (object, "undone", stamp);
  text = v2v_json_text (undo->report, TRUE);
  whole = g_strconcat (text, "\n", NULL);
  if (v2v_write_file (undo->what, whole, -1, 0600, &local))
    return TRUE;
  if (undo->dir) {
    /* The directory is removed last: without it, the next undo could not find out whether
     * the disks were restored. */
    g_set_error (
        error, V2V_ERROR, local->code,
        "the conversion was taken back, but its report cannot say so: %s; run the same "
        "undo again when that is mended",
        local->message);
    return FALSE;
  }
  v2v_warn ("the report does not say that the conversion was taken back: %s", local->message);
  return TRUE;
}

/* The domain document of a work directory without a report. */
static void
remove_journal_domain (const V2vJournal *journal)
{
  g_autofree char *present = NULL, *name = NULL;
  g_autoptr (V2vDir) dir = NULL;
  gsize length;
  int fd = -1;

  if (journal->domain_path && journal->domain_text &&
      (dir = v2v_held_parent (journal->domain_path, &name, NULL)))
    fd = openat (dir->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0)
    return;
  if (v2v_held_read_all (fd, journal->domain_path, REPORT_MAX, &present, &length, NULL) &&
      g_str_equal (present, journal->domain_text)) {
    unlinkat (dir->fd, name, 0);
    v2v_info ("removed %s", journal->domain_path);
  } else {
    v2v_warn ("%s was changed since and stays", journal->domain_path);
  }
  close (fd);
}

static gboolean
write_back (Undo *undo, GError **error)
{
  V2vJournal *journal = undo->journal;

  v2v_step ("disks", "Writing the former blocks back", 0);
  if (!v2v_undo_write_back (journal, undo->dir, error))
    return FALSE;
  if (journal->former_path && !g_file_test (journal->former_path, G_FILE_TEST_EXISTS)) {
    g_autoptr (GError) local = NULL;

    if (v2v_in_place_publish (journal->former_path, journal->former_text, &local))
      v2v_info ("wrote the former domain document %s again", journal->former_path);
    else
      v2v_warn ("the former domain document %s is gone and cannot be written: %s",
                journal->former_path, local->message);
  }
  for (guint i = 0; i < journal->disks->len; i++)
    v2v_info ("restored %s", ((const V2vJournalDisk *)journal->disks->pdata[i])->path);
  return TRUE;
}

static gboolean
take_back (Undo *undo, GError **error)
{
  const gboolean force = v2v_option_is_set (undo->options, "force");

  /* The new guest is removed first, so that nobody can start it while its disks are half
   * restored. */
  if (undo->output && undo->output->undo &&
      !undo->output->undo (undo->notes, undo->options, FALSE, error))
    return FALSE;
  if (undo->dir && !write_back (undo, error))
    return FALSE;
  v2v_step ("remove", "Removing what was made", 0);
  for (guint i = undo->files->len; i-- > 0;)
    if (!remove_file (undo->files->pdata[i], force, error))
      return FALSE;
  if (undo->report && !mark_report (undo, error))
    return FALSE;
  if (!undo->report)
    remove_journal_domain (undo->journal);
  return !undo->dir || v2v_in_place_forget (undo->journal, undo->dir, error);
}

/* Removes the directory of an undo that was killed just before it would have removed it. */
static gboolean
finish_off (const Undo *undo)
{
  g_autofree char *parent = undo->directory ? g_path_get_dirname (undo->directory) : NULL;
  g_autofree char *name = undo->directory ? g_path_get_basename (undo->directory) : NULL;
  g_autoptr (V2vDir) work = parent ? v2v_in_place_lock_work_dir (parent) : NULL;
  gboolean locked = FALSE;
  g_autoptr (V2vDir) dir = work ? v2v_in_place_open (work, name, &locked) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vJournal) journal = dir && locked ? v2v_journal_read (dir, &error) : NULL;

  if (!dir || !locked || error ||
      (journal && journal->state >= V2V_JOURNAL_COMMITTING &&
       !(undo->undone && journal->state == V2V_JOURNAL_UNDOING)))
    return FALSE;
  v2v_in_place_discard (dir);
  return TRUE;
}

gboolean
v2v_undo (const char *what, const V2vOptionValues *options, void (*committing) (gboolean begin),
          GError **error)
{
  g_auto (Undo) undo;
  gboolean found = FALSE;
  gboolean ok;

  undo_init (&undo, what);
  undo.options = options;
  v2v_step ("check", "Looking at what was made", 0);
  if (g_file_test (what, G_FILE_TEST_IS_DIR))
    undo.directory = g_canonicalize_filename (what, NULL);
  else if (!read_report (&undo, error))
    return FALSE;
  if (finish_off (&undo) || undo.undone) {
    v2v_info ("%s: this conversion was taken back already", what);
    return TRUE;
  }
  if (!check (&undo, &found, error))
    return FALSE;
  if (!found) {
    v2v_info ("%s: nothing is left of what this conversion made", what);
    return TRUE;
  }
  committing (TRUE);
  ok = take_back (&undo, error);
  committing (FALSE);
  return ok;
}

/* ---- was it done before? ---- */

static gboolean
tells_success (const Undo *undo)
{
  JsonObject *root = json_node_get_object (undo->report);

  return get_number (root, "status") == 0 && get_object (root, "undo");
}

V2vReportKind
v2v_undo_look (const char *path)
{
  g_auto (Undo) undo;
  struct stat st;

  undo_init (&undo, path);
  if (stat (path, &st) < 0 || (S_ISREG (st.st_mode) && st.st_size == 0))
    return V2V_REPORT_NONE;
  if (!load_report (&undo, FALSE, NULL))
    return V2V_REPORT_OTHER;
  return tells_success (&undo)                                      ? V2V_REPORT_SUCCESS
         : get_text (json_node_get_object (undo.report), "program") ? V2V_REPORT_FAILURE
                                                                    : V2V_REPORT_OTHER;
}

/* NULL if FILE is as it was made; otherwise what has happened to it. To be freed with
 * g_free. */
static char *
what_changed (const File *file)
{
  g_autofree char *mtime = NULL, *sum = NULL;
  char *why = NULL;
  struct stat st;
  int fd = open (file->path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

  if (fd < 0 || fstat (fd, &st) < 0)
    why = g_strdup_printf ("%s cannot be found", file->path);
  else if (S_ISREG (st.st_mode)) {
    mtime = v2v_stamp_mtime (&st);
    sum = file->sum ? sum_of (fd, st.st_size) : NULL;
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
made_there (const Undo *undo, const V2vJobSettings *settings)
{
  const V2vOptionValues *options = settings->options;
  g_autofree char *dir = settings->output->disk_dir (options);
  const char *snapshot_dir = v2v_option_get (options, "snapshot-dir");

  for (guint i = 0; i < undo->files->len; i++) {
    const File *file = undo->files->pdata[i];

    if (!same_directory (dir, file->path) && !same_directory (snapshot_dir, file->path))
      return FALSE;
  }
  return TRUE;
}

gboolean
v2v_undo_is_done (const char *path, const V2vJobSettings *settings, const V2vSourceRead *read,
                  char **result_r, char **why_r)
{
  g_autofree char *request = request_of (settings, read);
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (file_free);
  g_auto (Undo) undo;
  JsonObject *object;

  *result_r = NULL;
  *why_r = NULL;
  undo_init (&undo, path);
  if (!request || !load_report (&undo, TRUE, NULL) || !tells_success (&undo) ||
      !read_report (&undo, NULL) || undo.undone)
    return FALSE;
  object = get_object (json_node_get_object (undo.report), "undo");
  if (g_strcmp0 (get_text (object, "request"), request) != 0 || !made_there (&undo, settings) ||
      undo.output != settings->output)
    return FALSE;
  if (!read_files (&undo, object, "changed", changed, NULL))
    return FALSE;
  if ((*why_r = what_changed_in (undo.files)) || (*why_r = what_changed_in (undo.sources)) ||
      (*why_r = what_changed_in (changed)))
    return FALSE;
  if (undo.output->still && !undo.output->still (undo.notes, settings->options)) {
    *why_r = g_strdup ("the guest that was created is gone or was changed since");
    return FALSE;
  }
  *result_r = g_strdup (get_text (json_node_get_object (undo.report), "result"));
  return TRUE;
}
