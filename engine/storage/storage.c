/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The list of storages, and what they share: jobs, overlays, names, space, and the
 * results' place in the domain document.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <json-glib/json-glib.h>
#include <libxml/xpath.h>

#include "base/held.h"
#include "base/log.h"
#include "base/process.h"
#include "metadata/element.h"
#include "storage/examine.h"
#include "storage/image.h"
#include "storage/links.h"
#include "storage/storage-private.h"

#define CREATE_SECONDS 300
#define MIB (1024 * 1024)
/* A qcow2 header has room for so many bytes. */
#define BACKING_MAX 1023

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlXPathContext, xmlXPathFreeContext)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlXPathObject, xmlXPathFreeObject)

const V2vStorage *const v2v_storages[] = {&v2v_storage_copy, &v2v_storage_snapshot,
                                          &v2v_storage_in_place, NULL};

const V2vStorage *
v2v_storage_find (const char *name)
{
  for (int i = 0; v2v_storages[i]; i++)
    if (g_str_equal (v2v_storages[i]->name, name))
      return v2v_storages[i];
  return NULL;
}

/* ---- jobs ---- */

static void
disk_free (gpointer data)
{
  V2vStorageDisk *disk = data;

  g_free (disk->overlay);
  g_free (disk->result);
  g_free (disk->result_name);
  g_free (disk->result_path);
  g_free (disk->result_format);
  g_clear_pointer (&disk->chain, g_ptr_array_unref);
  if (disk->result_fd >= 0)
    close (disk->result_fd);
  g_free (disk);
}

V2vStorageJob *
v2v_storage_job_new (const V2vOptionValues *options, const char *name, const char *work_dir,
                     const char *output_dir)
{
  V2vStorageJob *job = g_new0 (V2vStorageJob, 1);

  job->options = options;
  job->name = g_strdup (name);
  job->work_dir = g_canonicalize_filename (work_dir, NULL);
  job->disks = g_ptr_array_new_with_free_func (disk_free);
  job->links = g_ptr_array_new_with_free_func (g_free);
  job->made = g_ptr_array_new_with_free_func (g_free);
  job->made_notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (output_dir) {
    g_autofree char *file = g_strconcat (name, ".xml", NULL);

    job->output_dir = g_canonicalize_filename (output_dir, NULL);
    job->domain_path = g_build_filename (job->output_dir, file, NULL);
  }
  return job;
}

void
v2v_storage_job_free (V2vStorageJob *job)
{
  if (!job)
    return;
  v2v_links_remove (job);
  g_ptr_array_unref (job->links);
  g_ptr_array_unref (job->disks);
  g_free ((char *)job->name);
  g_free ((char *)job->work_dir);
  g_free ((char *)job->output_dir);
  g_free (job->domain_path);
  g_ptr_array_unref (job->made);
  g_hash_table_unref (job->made_notes);
  g_free (job->former_path);
  g_free (job->former_text);
  g_free (job->undo_directory);
  g_free (job);
}

void
v2v_storage_job_add_disk (V2vStorageJob *job, const V2vDomainDisk *disk)
{
  V2vStorageDisk *added = g_new0 (V2vStorageDisk, 1);

  added->disk = disk;
  added->result_fd = -1;
  g_ptr_array_add (job->disks, added);
}

/* ---- overlays ---- */

static void
add_string (JsonBuilder *json, const char *name, const char *value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, value);
}

/* The node of the file PATH. */
static void
add_file (JsonBuilder *json, const char *member, const char *path, gboolean block)
{
  json_builder_set_member_name (json, member);
  json_builder_begin_object (json);
  add_string (json, "driver", block ? "host_device" : "file");
  add_string (json, "filename", path);
  json_builder_end_object (json);
}

/* Opens the object of one image; the caller ends it. SLICE may be NULL. */
static void
begin_image (JsonBuilder *json, const char *format, const char *path, gboolean block,
             const V2vSlice *slice)
{
  gboolean part = slice && slice->length;

  json_builder_begin_object (json);
  add_string (json, "driver", format);
  if (!part) {
    add_file (json, "file", path, block);
    return;
  }
  json_builder_set_member_name (json, "file");
  json_builder_begin_object (json);
  add_string (json, "driver", "raw");
  json_builder_set_member_name (json, "offset");
  json_builder_add_int_value (json, slice->offset);
  json_builder_set_member_name (json, "size");
  json_builder_add_int_value (json, slice->length);
  add_file (json, "file", path, block);
  json_builder_end_object (json);
}

void
v2v_storage_add_data_file (JsonBuilder *json, const V2vLayer *layer, gboolean held)
{
  g_autofree char *name = v2v_layer_data_name (layer, held);

  if (name)
    add_file (json, "data-file", name,
              layer->stamps->len > 1 && g_array_index (layer->stamps, V2vStamp, 1).block);
}

static char *
json_name (const char *overlay, const GPtrArray *chain, gboolean held)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  guint depth = 0;

  if (overlay) {
    begin_image (json, "qcow2", overlay, FALSE, NULL);
    depth++;
  }
  for (guint i = 0; i < chain->len; i++) {
    const V2vLayer *layer = chain->pdata[i];
    g_autofree char *name = held ? v2v_layer_name (layer) : g_strdup (layer->path);

    if (depth++)
      json_builder_set_member_name (json, "backing");
    begin_image (json, layer->format, name, layer->block, &layer->slice);
    v2v_storage_add_data_file (json, layer, held);
    /* Whatever its header says by now. */
    if (i + 1 == chain->len && !g_str_equal (layer->format, "raw")) {
      json_builder_set_member_name (json, "backing");
      json_builder_add_null_value (json);
    }
  }
  while (depth--)
    json_builder_end_object (json);
  root = json_builder_get_root (json);
  text = json_to_string (root, FALSE);
  return g_strconcat ("json:", text, NULL);
}

char *
v2v_storage_json_name (const char *overlay, const GPtrArray *chain)
{
  return json_name (overlay, chain, FALSE);
}

char *
v2v_storage_held_name (const char *overlay, const GPtrArray *chain)
{
  return json_name (overlay, chain, TRUE);
}

gboolean
v2v_storage_check_lasting (const V2vStorageJob *job, GError **error)
{
  g_autofree char *work = g_strconcat (job->work_dir, "/", NULL);

  for (guint i = 0; i < job->disks->len; i++) {
    const V2vDomainDisk *disk = ((const V2vStorageDisk *)job->disks->pdata[i])->disk;

    if (disk->slice.length || g_str_has_prefix (disk->path, work)) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                   "the disk %s lies inside of an archive%s%s, and neither can be changed in "
                   "place nor be the base of a snapshot: use --storage copy, or unpack the "
                   "archive into a directory of its own and convert that",
                   disk->target, disk->slice.length ? ", " : "",
                   disk->slice.length ? disk->path : "");
      return FALSE;
    }
  }
  return TRUE;
}

const V2vLayer *
v2v_storage_unrecorded (const GPtrArray *chain)
{
  for (guint i = 1; i < chain->len; i++)
    if (!((const V2vLayer *)chain->pdata[i])->recorded)
      return chain->pdata[i];
  return NULL;
}

static gboolean
read_size (const char *path, gint64 *size_r, GError **error)
{
  V2vImageFile file;
  gboolean ok;
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0) {
    v2v_error_set_errno (error, errno, "cannot open the overlay %s", path);
    return FALSE;
  }
  ok = v2v_image_file_init (&file, fd, path, error) && v2v_qcow2_size (&file, size_r, error);
  close (fd);
  return ok;
}

/* qemu-img would make the file readable to all. */
static gboolean
make_private_file (const char *path, GError **error)
{
  int fd;

  v2v_temp_add (path);
  fd = open (path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) {
    v2v_error_set_errno (error, errno, "cannot create the overlay %s", path);
    v2v_temp_forget (path);
    return FALSE;
  }
  close (fd);
  return TRUE;
}

/* The backing file that the overlay of DISK names in the end. */
static char *
lasting_backing (const V2vStorageDisk *disk)
{
  const V2vLayer *top = disk->chain->pdata[0];
  gboolean data_file = FALSE;

  for (guint i = 0; i < disk->chain->len; i++)
    data_file |= v2v_layer_has_data_file (disk->chain->pdata[i]);
  /* The plain path will do if every format below is recorded where tools look for it, and so is
   * every file. */
  return top->slice.length || data_file || v2v_storage_unrecorded (disk->chain)
             ? v2v_storage_json_name (NULL, disk->chain)
             : g_strdup (top->path);
}

/* Can nobody else change what the path of a layer of CHAIN leads to? */
static gboolean
paths_hold (const GPtrArray *chain, GError **error)
{
  for (guint i = 0; i < chain->len; i++) {
    const V2vLayer *layer = chain->pdata[i];
    g_autofree char *directory = g_path_get_dirname (layer->path);

    if (v2v_held_is_private (directory))
      continue;
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s is built on so many backing files that tools have to open them by their paths, and "
        "another user could replace %s meanwhile; flatten it first (qemu-img convert)",
        ((const V2vLayer *)chain->pdata[0])->path, layer->path);
    return FALSE;
  }
  return TRUE;
}

/* The backing file that the overlay of DISK names while this process has the chain open. */
static char *
held_backing (const V2vStorageDisk *disk, GError **error)
{
  const V2vLayer *top = disk->chain->pdata[0];
  g_autofree char *backing = NULL;

  if (disk->chain->len == 1 && !top->slice.length && g_str_equal (top->format, "raw"))
    return v2v_layer_name (top);
  backing = v2v_storage_held_name (NULL, disk->chain);
  if (strlen (backing) <= BACKING_MAX)
    return g_steal_pointer (&backing);
  return paths_hold (disk->chain, error) ? lasting_backing (disk) : NULL;
}

gboolean
v2v_storage_make_overlay (V2vStorageJob *job, V2vStorageDisk *disk, const char *path,
                          GError **error)
{
  V2vExamineOptions options = {
      .allow_backing = v2v_option_get_all (job->options, "allow-backing"),
  };
  V2vLimits limits = {.wall_seconds = CREATE_SECONDS};
  g_autofree char *backing = NULL;
  const V2vLayer *top;

  /* Whatever came before: no tool opens a chain that was not examined. */
  g_clear_pointer (&disk->chain, g_ptr_array_unref);
  disk->chain = v2v_examine_chain (disk->disk, &options, error);
  if (!disk->chain)
    return FALSE;
  if (!v2v_links_make (job, disk, error))
    return FALSE;
  top = disk->chain->pdata[0];
  backing = held_backing (disk, error);
  if (!backing || !make_private_file (path, error))
    return FALSE;
  {
    const char *const argv[] = {"qemu-img",
                                "create",
                                "-q",
                                "-f",
                                "qcow2",
                                "-o",
                                "compat=1.1,cluster_size=65536,lazy_refcounts=off",
                                "-F",
                                top->format,
                                "-b",
                                backing,
                                path,
                                NULL};

    if (!v2v_process_run (argv, &limits, NULL, error) ||
        !read_size (path, &disk->size, error)) {
      g_prefix_error (error, "the overlay of the disk %s cannot be made: ", disk->disk->path);
      v2v_temp_remove (path);
      return FALSE;
    }
  }
  g_free (disk->overlay);
  disk->overlay = g_strdup (path);
  disk->settled = FALSE;
  return TRUE;
}

gboolean
v2v_storage_settle (V2vStorageJob *job, GError **error)
{
  for (guint i = 0; i < job->disks->len; i++) {
    V2vStorageDisk *disk = job->disks->pdata[i];
    const V2vLayer *top = disk->chain->pdata[0];
    g_autofree char *backing = lasting_backing (disk);
    V2vLimits limits = {.wall_seconds = CREATE_SECONDS};
    const char *const argv[] = {"qemu-img", "rebase",    "-q", "-u",    "-f",          "qcow2",
                                "-F",       top->format, "-b", backing, disk->overlay, NULL};

    if (disk->settled)
      continue;
    if (!v2v_process_run (argv, &limits, NULL, error))
      return FALSE;
    disk->settled = TRUE;
  }
  return TRUE;
}

void
v2v_storage_sources_lent (V2vStorageJob *job)
{
  for (guint i = 0; i < job->disks->len; i++)
    v2v_examine_lent (((const V2vStorageDisk *)job->disks->pdata[i])->chain);
}

gboolean
v2v_storage_check_sources (const V2vStorageJob *job, gboolean in_use, GError **error)
{
  for (guint i = 0; i < job->disks->len; i++) {
    const V2vStorageDisk *disk = job->disks->pdata[i];

    if (!v2v_examine_unchanged (disk->chain, in_use, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
v2v_storage_make_overlays (V2vStorageJob *job, GError **error)
{
  for (guint i = 0; i < job->disks->len; i++) {
    g_autofree char *file = g_strdup_printf ("overlay-%u.qcow2", i);
    g_autofree char *path = g_build_filename (job->work_dir, file, NULL);

    if (!v2v_storage_make_overlay (job, job->disks->pdata[i], path, error))
      return FALSE;
  }
  return TRUE;
}

void
v2v_storage_remove_overlays (V2vStorageJob *job)
{
  for (guint i = 0; i < job->disks->len; i++) {
    V2vStorageDisk *disk = job->disks->pdata[i];

    if (disk->overlay)
      v2v_temp_remove (disk->overlay);
    g_clear_pointer (&disk->overlay, g_free);
  }
}

/* ---- results ---- */

/* 0: "sda" ... 25: "sdz", 26: "sdaa" */
static char *
disk_letters (guint index)
{
  char letters[8];
  guint i = sizeof letters - 1;

  letters[i] = '\0';
  for (guint rest = index + 1; rest; rest = (rest - 1) / 26)
    letters[--i] = (char)('a' + (rest - 1) % 26);
  return g_strconcat ("sd", letters + i, NULL);
}

void
v2v_storage_name_results (V2vStorageJob *job, const char *dir)
{
  for (guint i = 0; i < job->disks->len; i++) {
    V2vStorageDisk *disk = job->disks->pdata[i];
    g_autofree char *letters = disk_letters (i);

    disk->result_name = g_strconcat (job->name, "-", letters, NULL);
    disk->result_path = g_build_filename (dir, disk->result_name, NULL);
  }
}

V2vDir *
v2v_storage_open_results (V2vStorageJob *job, const char *path, GError **error)
{
  g_autoptr (V2vDir) dir = v2v_dir_open (path, error);

  for (guint i = 0; dir && i < job->disks->len; i++) {
    const V2vStorageDisk *disk = job->disks->pdata[i];

    if (v2v_dir_has (dir, disk->result_name)) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT,
                   "%s exists and is not replaced; move it away or give another NAME",
                   disk->result_path);
      return NULL;
    }
  }
  return g_steal_pointer (&dir);
}

/* Has DISK's result in DIR got its name, and not something that somebody else put in its place?
 */
static gboolean
check_published (const V2vStorageDisk *disk, const V2vDir *dir, GError **error)
{
  struct stat made, there;

  if (disk->result_fd < 0 ||
      (fstat (disk->result_fd, &made) == 0 &&
       fstatat (dir->fd, disk->result_name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
       made.st_dev == there.st_dev && made.st_ino == there.st_ino))
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
               "%s is not the file that was written: somebody else, who can write %s, has put "
               "another in its place; use a directory that nobody else can write",
               disk->result_path, dir->path);
  return FALSE;
}

gboolean
v2v_storage_publish (V2vStorageJob *job, const V2vDir *dir, GPtrArray *published,
                     GError **error)
{
  /* Who lets the guest run meanwhile knows what that gives. */
  if (!v2v_storage_check_sources (job, v2v_option_is_set (job->options, "allow-in-use"), error))
    return FALSE;
  for (guint i = 0; i < job->disks->len; i++) {
    V2vStorageDisk *disk = job->disks->pdata[i];
    g_autofree char *name = NULL;

    if (!disk->result)
      continue;
    name = g_path_get_basename (disk->result);
    if (!v2v_temp_publish (dir, name, disk->result_name, error))
      return FALSE;
    g_clear_pointer (&disk->result, g_free);
    g_ptr_array_add (published, g_strdup (disk->result_path));
    if (!check_published (disk, dir, error))
      return FALSE;
    if (disk->result_fd >= 0)
      close (disk->result_fd);
    disk->result_fd = -1;
  }
  return TRUE;
}

void
v2v_storage_remove_results (V2vStorageJob *job, const GPtrArray *published)
{
  for (guint i = 0; i < job->disks->len; i++) {
    V2vStorageDisk *disk = job->disks->pdata[i];

    if (disk->result)
      v2v_temp_remove (disk->result);
    g_clear_pointer (&disk->result, g_free);
  }
  for (guint i = 0; i < published->len; i++)
    v2v_temp_remove (published->pdata[i]);
}

gboolean
v2v_storage_check_space (const char *path, gint64 needed, const char *what, GError **error)
{
  struct statvfs fs;
  guint64 available;

  if (statvfs (path, &fs) < 0) {
    v2v_error_set_errno (error, errno, "cannot find the free space of %s", path);
    return FALSE;
  }
  available = (guint64)fs.f_bavail * fs.f_frsize;
  if (needed <= 0 || (guint64)needed <= available)
    return TRUE;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_CANTCREAT,
      "no space for %s: %.1f MiB are needed, %.1f MiB are free in the file system of %s; "
      "free some, or choose another directory",
      what, (double)needed / MIB, (double)available / MIB, path);
  return FALSE;
}

void
v2v_storage_explain_full (const char *dir, GError **error)
{
  g_autofree char *text = NULL;

  if (!error || !*error ||
      (!strstr ((*error)->message, g_strerror (ENOSPC)) &&
       !strstr ((*error)->message, "No space left on device")))
    return;
  text = g_strdup_printf ("no space left in the file system of %s: %s; free some, or choose "
                          "another directory",
                          dir, (*error)->message);
  g_clear_error (error);
  g_set_error_literal (error, V2V_ERROR, V2V_EXIT_CANTCREAT, text);
}

/* ---- the domain document ---- */

static void
remove_children (xmlNode *parent, const char *name)
{
  xmlNode *node;

  while ((node = v2v_xml_child (parent, name))) {
    xmlUnlinkNode (node);
    xmlFreeNode (node);
  }
}

static xmlNode *
new_child (xmlNode *parent, const char *name)
{
  return xmlNewChild (parent, NULL, BAD_CAST name, NULL);
}

/* Replaces what SOURCE says of the place by PATH. */
static void
set_source (xmlNode *source, const char *path, gboolean block)
{
  static const char *const places[] = {"file", "dev",    "dir",   "name",  "protocol",
                                       "pool", "volume", "index", "query", NULL};

  for (int i = 0; places[i]; i++)
    xmlUnsetProp (source, BAD_CAST places[i]);
  remove_children (source, "host");
  remove_children (source, "slices");
  v2v_xml_set (source, block ? "dev" : "file", path);
}

/* The layers of CHAIN as nested backingStore elements, ended by an empty one: nothing is left
 * to be guessed. */
static void
add_backing_stores (xmlNode *disk, const GPtrArray *chain)
{
  xmlNode *parent = disk;

  for (guint i = 0; i < chain->len; i++) {
    const V2vLayer *layer = chain->pdata[i];
    xmlNode *store = new_child (parent, "backingStore");

    v2v_xml_set (store, "type", layer->block ? "block" : "file");
    v2v_xml_set (new_child (store, "format"), "type", layer->format);
    v2v_xml_set (new_child (store, "source"), layer->block ? "dev" : "file", layer->path);
    parent = store;
  }
  new_child (parent, "backingStore");
}

static void
set_disk (xmlNode *node, const V2vStorageDisk *disk)
{
  xmlNode *driver = v2v_xml_child (node, "driver");
  xmlNode *source = v2v_xml_child (node, "source");
  /* The result of in-place is the disk itself: then its place is right already, and so is its
   * chain. */
  gboolean moved = !g_str_equal (disk->result_path, disk->disk->path);

  if (!driver) {
    driver = xmlNewNode (NULL, BAD_CAST "driver");
    v2v_xml_set (driver, "name", "qemu");
    if (node->children)
      xmlAddPrevSibling (node->children, driver);
    else
      xmlAddChild (node, driver);
  }
  v2v_xml_set (driver, "type", disk->result_format);
  /* libvirt starts no guest with a disk of another format that may be shared. */
  if (strcmp (disk->result_format, "raw") != 0 && v2v_xml_child (node, "shareable")) {
    remove_children (node, "shareable");
    v2v_warn ("the disk %s was shared with other guests, and the new one is in the format %s, "
              "which one guest alone can use: it is no longer shared",
              disk->disk->target, disk->result_format);
  }
  if (!moved)
    return;
  v2v_xml_set (node, "type", "file");
  if (!source)
    source = new_child (node, "source");
  set_source (source, disk->result_path, FALSE);
  remove_children (node, "backingStore");
  remove_children (node, "mirror");
  if (disk->on_source)
    add_backing_stores (node, disk->chain);
}

gboolean
v2v_storage_set_disk_sources (V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  g_autoptr (xmlXPathContext) context = xmlXPathNewContext (domain);
  g_autoptr (xmlXPathObject) found =
      xmlXPathEval (BAD_CAST "/domain/devices/disk[not(@device) or @device = 'disk']", context);
  guint count = found && found->nodesetval ? (guint)found->nodesetval->nodeNr : 0;
  gboolean moved = FALSE;

  if (count != job->disks->len) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_CONFIG,
        "the domain has %u disks after the stylesheets, but the guest has %u: a stylesheet "
        "removed or added one",
        count, job->disks->len);
    v2v_error_say (
        error,
        "a fault in a stylesheet, which loses or adds a disk, ended this: " V2V_PLEASE_REPORT);
    return FALSE;
  }
  for (guint i = 0; i < count; i++) {
    const V2vStorageDisk *disk = job->disks->pdata[i];

    if (!disk->result_path)
      continue;
    set_disk (found->nodesetval->nodeTab[i], disk);
    moved |= !g_str_equal (disk->result_path, disk->disk->path);
  }
  if (moved)
    v2v_snapshot_forget (domain);
  return TRUE;
}
