/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Creates the files of an output in one directory.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/register.h"
#include "metadata/slot.h"
#include "metadata/element.h"
#include "output/files.h"
#include "output/firmware.h"
#include "storage/storages.h"

#define COPY_PIECE (1024 * 1024)

typedef struct {
  char *final;
  char *temp;         /* its temporary name, until it is published */
  gboolean published; /* the file has its final name */
} File;

struct V2vFiles {
  V2vDir *dir;
  GPtrArray *files; /* File */
};

static void
file_free (gpointer data)
{
  File *file = data;

  g_free (file->final);
  g_free (file->temp);
  g_free (file);
}

static void
files_free (V2vFiles *files)
{
  v2v_dir_close (files->dir);
  g_ptr_array_unref (files->files);
  g_free (files);
}

V2vFiles *
v2v_files_new (const char *path, GError **error)
{
  V2vDir *dir = v2v_dir_open (path, error);
  V2vFiles *files;

  if (!dir)
    return NULL;
  files = g_new0 (V2vFiles, 1);
  files->dir = dir;
  files->files = g_ptr_array_new_with_free_func (file_free);
  return files;
}

/* Creates the empty file FINAL under a temporary name and returns a descriptor for writing it,
 * or -1. */
static int
begin (V2vFiles *files, const char *final, GError **error)
{
  File *file = g_new0 (File, 1);
  int fd = v2v_temp_create (files->dir, final, &file->temp, error);

  if (fd < 0) {
    g_free (file);
    return -1;
  }
  file->final = g_strdup (final);
  g_ptr_array_add (files->files, file);
  return fd;
}

/* Closes FD. OK is whether writing to it succeeded. */
static gboolean
end (const V2vFiles *files, const char *final, int fd, guint mode, gboolean ok, GError **error)
{
  if (ok && (fchmod (fd, mode) < 0 || fsync (fd) < 0)) {
    v2v_error_set_errno (error, errno, "cannot make %s/%s durable", files->dir->path, final);
    ok = FALSE;
  }
  close (fd);
  return ok;
}

static gboolean
add (V2vFiles *files, const char *final, const char *text, gsize length, guint mode,
     GError **error)
{
  g_autofree char *path = v2v_dir_path (files->dir, final);
  int fd = begin (files, final, error);

  return fd >= 0 &&
         end (files, final, fd, mode, v2v_write_all (fd, path, text, length, error), error);
}

gboolean
v2v_files_add (V2vFiles *files, const char *final, const char *text, guint mode, GError **error)
{
  return add (files, final, text, strlen (text), mode, error);
}

gboolean
v2v_files_add_copy (V2vFiles *files, const char *final, const char *source, GError **error)
{
  int from = open (source, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), to;
  g_autofree char *piece = g_malloc (COPY_PIECE);
  g_autofree char *path = v2v_dir_path (files->dir, final);
  ssize_t got = 0;
  gboolean ok = TRUE;

  if (from < 0) {
    v2v_error_set_errno (error, errno, "cannot open %s", source);
    return FALSE;
  }
  if ((to = begin (files, final, error)) < 0) {
    close (from);
    return FALSE;
  }
  while (ok && (got = read (from, piece, COPY_PIECE)) > 0)
    ok = v2v_write_all (to, path, piece, (gsize)got, error);
  if (ok && got < 0) {
    v2v_error_set_errno (error, errno, "cannot read %s", source);
    ok = FALSE;
  }
  close (from);
  return end (files, final, to, 0600, ok, error);
}

gboolean
v2v_files_publish (V2vFiles *files, V2vStorageJob *job, GError **error)
{
  for (guint i = 0; i < files->files->len; i++) {
    File *file = files->files->pdata[i];
    g_autofree char *path = v2v_dir_path (files->dir, file->final);

    if (!v2v_temp_publish (files->dir, file->temp, file->final, error))
      return FALSE;
    file->published = TRUE;
    if (g_strcmp0 (path, job->domain_path) != 0)
      g_ptr_array_add (job->made, g_steal_pointer (&path));
  }
  return TRUE;
}

void
v2v_files_keep (V2vFiles *files)
{
  /* The guest is complete once these files have their names, so no later run may clean up its
   * disks. */
  v2v_register_finish ();
  for (guint i = 0; i < files->files->len; i++) {
    const File *file = files->files->pdata[i];
    g_autofree char *path =
        v2v_dir_path (files->dir, file->published ? file->final : file->temp);

    v2v_temp_forget (path);
  }
  files_free (files);
}

void
v2v_files_abandon (V2vFiles *files)
{
  if (!files)
    return;
  for (guint i = 0; i < files->files->len; i++) {
    const File *file = files->files->pdata[i];
    g_autofree char *path =
        v2v_dir_path (files->dir, file->published ? file->final : file->temp);

    v2v_temp_remove (path);
  }
  files_free (files);
}

/* ---- checks before the conversion starts ---- */

gboolean
v2v_files_get_disks (const V2vOptionValues *options)
{
  const char *storage = v2v_option_get (options, "storage");

  if (!storage || g_str_equal (storage, v2v_storages[0]->name))
    return TRUE;
  return g_str_equal (storage, "snapshot") && !v2v_option_is_set (options, "snapshot-dir");
}

gboolean
v2v_files_ready (const char *path, const char *guest_name, const char *const *suffixes,
                 GError **error)
{
  g_autoptr (V2vDir) dir = v2v_dir_open (path, error);

  if (!dir)
    return FALSE;
  if (access (path, W_OK | X_OK) < 0) {
    v2v_error_set_errno (error, errno, "cannot make files in the output directory %s",
                         dir->path);
    return FALSE;
  }
  for (; *suffixes; suffixes++) {
    g_autofree char *file = g_strconcat (guest_name, *suffixes, NULL);

    if (!v2v_dir_has (dir, file))
      continue;
    g_set_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT,
                 "%s/%s exists and is not replaced; move it away or give another NAME",
                 dir->path, file);
    return FALSE;
  }
  return TRUE;
}

/* ---- firmware variables ---- */

/* The file with the guest's firmware variables that DOMAIN names, or NULL. */
static char *
nvram_path (xmlDoc *domain)
{
  xmlNode *nvram = v2v_xml_child (v2v_xml_child (xmlDocGetRootElement (domain), "os"), "nvram");
  g_autofree char *path = nvram ? v2v_xml_text (nvram) : NULL;

  return path && *path ? g_steal_pointer (&path) : NULL;
}

/* The firmware variables in the file PATH; NULL with ERROR set if it contains something else.
 * To be freed with g_free. */
static char *
read_variables (const char *path, gsize *length_r, GError **error)
{
  char *bytes = v2v_firmware_read_variables (path, length_r);

  if (!bytes)
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s, which <nvram> in the domain names, holds no variables of UEFI firmware as "
        "they are in a flash: take <nvram> out of the domain document, and the new "
        "guest begins with fresh ones",
        path);
  return bytes;
}

gboolean
v2v_files_check_nvram (xmlDoc *domain, GError **error)
{
  g_autofree char *path = nvram_path (domain), *bytes = NULL;
  gsize length;

  return !path || !g_file_test (path, G_FILE_TEST_EXISTS) ||
         (bytes = read_variables (path, &length, error));
}

static gboolean
carry_nvram (V2vFiles *files, V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  const char *storage = v2v_option_get (job->options, "storage");
  xmlNode *nvram = v2v_xml_child (v2v_xml_child (xmlDocGetRootElement (domain), "os"), "nvram");
  g_autofree char *old = nvram_path (domain);
  g_autofree char *name = NULL, *path = NULL, *bytes = NULL;
  gsize length;

  if (!old)
    return TRUE;
  if (g_strcmp0 (storage, "in-place") == 0)
    return v2v_files_check_nvram (domain, error);
  if (!g_path_is_absolute (old) || !g_file_test (old, G_FILE_TEST_EXISTS)) {
    v2v_warn ("%s, the guest's firmware variables, is not on this host: the new guest begins "
              "with fresh ones",
              old);
    xmlUnlinkNode (nvram);
    xmlFreeNode (nvram);
    return TRUE;
  }
  if (!(bytes = read_variables (old, &length, error)))
    return FALSE;
  name = g_strconcat (job->name, "-nvram.fd", NULL);
  path = v2v_dir_path (files->dir, name);
  xmlNodeSetContent (nvram, BAD_CAST "");
  xmlNodeAddContent (nvram, BAD_CAST path);
  return add (files, name, bytes, length, 0600, error);
}

/* ---- a kernel that the host starts directly ---- */

static gboolean
carry_slots (V2vFiles *files, V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  xmlNode *next;

  for (xmlNode *node = v2v_slot_next (domain, NULL); node; node = next) {
    g_autofree char *slot = v2v_slot_name (node), *source = v2v_xml_text (node);
    g_autofree char *name = g_strconcat (job->name, "-", slot, NULL);
    g_autofree char *path = v2v_dir_path (files->dir, name);

    next = v2v_slot_next (domain, node);
    if (!v2v_files_add_copy (files, name, source, error))
      return FALSE;
    v2v_slot_fill (node, path);
    v2v_slot_settle (node);
  }
  return TRUE;
}

gboolean
v2v_files_carry (V2vFiles *files, V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  return carry_nvram (files, job, domain, error) && carry_slots (files, job, domain, error);
}
