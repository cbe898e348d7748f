/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Notes in a report what undo needs: the files that the conversion made, and a checksum of what
 * the user asked for, by which the same conversion is recognised later.
 */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/printable.h"
#include "convert/undo-report.h"
#include "storage/stamp.h"

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

char *
v2v_undo_sum (int fd, gint64 size)
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
    g_autofree char *sum = S_ISREG (st.st_mode) ? v2v_undo_sum (fd, st.st_size) : NULL;

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
char *
v2v_undo_request (const V2vJobSettings *settings, const V2vSourceRead *read)
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
  g_autofree char *request = v2v_undo_request (settings, read);
  g_autoptr (JsonBuilder) json = json_builder_new ();
  GHashTableIter iter;
  gpointer key, value;
  gboolean in_place = settings->storage->recover != NULL;

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "version");
  json_builder_add_int_value (json, V2V_UNDO_VERSION);
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
