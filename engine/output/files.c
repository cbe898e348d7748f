/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The files that an output makes in one directory.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "metadata/given.h"
#include "metadata/tree.h"
#include "output/files.h"
#include "output/firmware.h"

typedef struct {
  char *final;
  char *temp;         /* its temporary name */
  gboolean published; /* it has its final name */
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

static gboolean
add (V2vFiles *files, const char *final, const char *text, gsize length, guint mode,
     GError **error)
{
  File *file = g_new0 (File, 1);
  int fd = v2v_temp_create (files->dir, final, &file->temp, error);
  gboolean ok;

  if (fd < 0) {
    g_free (file);
    return FALSE;
  }
  file->final = g_strdup (final);
  g_ptr_array_add (files->files, file);
  ok = v2v_write_all (fd, final, text, length, error);
  if (ok && (fchmod (fd, mode) < 0 || fsync (fd) < 0)) {
    v2v_error_set_errno (error, errno, "cannot make %s/%s durable", files->dir->path, final);
    ok = FALSE;
  }
  close (fd);
  return ok;
}

gboolean
v2v_files_add (V2vFiles *files, const char *final, const char *text, guint mode, GError **error)
{
  return add (files, final, text, strlen (text), mode, error);
}

gboolean
v2v_files_add_copy (V2vFiles *files, const char *final, const char *source, GError **error)
{
  g_autofree char *text = NULL;
  gsize length = 0;

  return g_file_get_contents (source, &text, &length, error) &&
         add (files, final, text, length, 0600, error);
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

/* ---- what is refused before anything starts ---- */

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

static gboolean
carry_nvram (V2vFiles *files, V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  const char *storage = v2v_option_get (job->options, "storage");
  xmlNode *nvram = v2v_xml_child (v2v_xml_child (xmlDocGetRootElement (domain), "os"), "nvram");
  g_autofree char *old = nvram ? v2v_xml_text (nvram) : NULL;
  g_autofree char *name = NULL, *path = NULL;

  if (!old || !*old || g_strcmp0 (storage, "in-place") == 0)
    return TRUE;
  if (!g_path_is_absolute (old) || !g_file_test (old, G_FILE_TEST_EXISTS)) {
    v2v_warn ("%s, the guest's firmware variables, is not on this host: the new guest begins "
              "with fresh ones",
              old);
    xmlUnlinkNode (nvram);
    xmlFreeNode (nvram);
    return TRUE;
  }
  if (!v2v_firmware_is_variables (old)) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s, which <nvram> in the domain names, holds no variables of UEFI firmware as "
        "they are in a flash: take <nvram> out of the domain document, and the new "
        "guest begins with fresh ones",
        old);
    return FALSE;
  }
  name = g_strconcat (job->name, "-nvram.fd", NULL);
  path = v2v_dir_path (files->dir, name);
  xmlNodeSetContent (nvram, BAD_CAST "");
  xmlNodeAddContent (nvram, BAD_CAST path);
  return v2v_files_add_copy (files, name, old, error);
}

/* ---- a kernel from outside ---- */

static gboolean
carry_given (V2vFiles *files, V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  xmlNode *next;

  for (xmlNode *node = v2v_given_next (domain, NULL); node; node = next) {
    g_autofree char *given = v2v_given_name (node), *source = v2v_xml_text (node);
    g_autofree char *name = g_strconcat (job->name, "-", given, NULL);
    g_autofree char *path = v2v_dir_path (files->dir, name);

    next = v2v_given_next (domain, node);
    if (!v2v_files_add_copy (files, name, source, error))
      return FALSE;
    v2v_given_set (node, path);
    v2v_given_settle (node);
  }
  return TRUE;
}

gboolean
v2v_files_carry (V2vFiles *files, V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  return carry_nvram (files, job, domain, error) && carry_given (files, job, domain, error);
}
