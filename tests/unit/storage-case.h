/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One conversion as the tests of the storages see it: disks, a domain, and the steps that its
 * caller would take.
 */
#pragma once

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/tempfile.h"
#include "output/output.h"
#include "storage/disk-sources.h"
#include "storage/storage.h"

#include "disk-util.h"
#include "storage/storages.h"

/* One conversion, with the steps that its caller would take. */
typedef struct {
  char *dir;    /* of everything */
  char *source; /* of the disks */
  char *out;
  char *work; /* private to the conversion */
  char *keep; /* --work-dir */
  V2vOptionValues *options;
  GPtrArray *disks; /* V2vDomainDisk */
  GString *devices;
  const char *type; /* of the domain, and what else stands before its devices; NULL: of KVM */
  xmlDoc *domain;
  const V2vStorage *storage;
  const V2vOutput *output;
  V2vStorageJob *job;
} Case;

static inline void
case_init (Case *c, const char *storage, const char *output)
{
  memset (c, 0, sizeof *c);
  c->dir = test_dir ();
  c->source = in (c->dir, "source");
  c->out = in (c->dir, "out");
  c->work = in (c->dir, "work");
  c->keep = in (c->dir, "keep");
  g_assert_cmpint (g_mkdir (c->source, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (c->out, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (c->work, 0700), ==, 0);
  c->options = v2v_option_values_new ();
  v2v_option_values_add (c->options, "storage", storage);
  v2v_option_values_add (c->options, "output", output);
  v2v_option_values_add (c->options, "output-dir", c->out);
  v2v_option_values_add (c->options, "work-dir", c->keep);
  c->disks = g_ptr_array_new_with_free_func ((GDestroyNotify)disk_clear);
  c->devices = g_string_new (NULL);
  c->storage = v2v_storage_find (storage);
  c->output = v2v_output_find (output);
  g_assert_nonnull (c->storage);
  g_assert_nonnull (c->output);
}

static inline void
case_clear (Case *c)
{
  v2v_storage_job_free (c->job);
  v2v_option_values_free (c->options);
  g_ptr_array_unref (c->disks);
  g_string_free (c->devices, TRUE);
  if (c->domain)
    xmlFreeDoc (c->domain);
  /* Whatever the end was, nothing is left to be cleaned up by another. */
  g_assert_cmpuint (v2v_temp_list ()->len, ==, 0);
  g_free (c->dir);
  g_free (c->source);
  g_free (c->out);
  g_free (c->work);
  g_free (c->keep);
}

/* Adds a disk of SIZE whose first 64 KiB are full of BYTE. */
static inline void
add_disk (Case *c, const char *file, const char *format, const char *size, guint byte)
{
  g_autofree char *path = in (c->source, file);

  run ("qemu-img create -q -f %s %s %s", format, path, size);
  guest_write (path, format, byte, "0", "64k");
  g_ptr_array_add (c->disks, disk_new (path, format));
  g_string_append_printf (c->devices,
                          "<disk type='file' device='disk'><driver name='file' type='aio'/>"
                          "<source file='%s'/><target dev='vd%c' bus='virtio'/></disk>",
                          path, 'a' + (int)c->disks->len - 1);
}

static inline gboolean
case_begin (Case *c, GError **error)
{
  g_autofree char *disk_dir = c->output->disk_dir (c->options);
  g_autofree char *text = g_strdup_printf (
      "<domain %s<name>guest</name><devices>%s"
      "<disk type='file' device='cdrom'><target dev='hda' bus='sata'/></disk></devices></domain>",
      c->type ? c->type : "type='kvm'>", c->devices->str);

  c->domain = v2v_xml_read_memory ("guest.xml", text, strlen (text), NULL);
  g_assert_nonnull (c->domain);
  if (!c->storage->ready (c->options, error) || !c->output->ready ("guest", c->options, error))
    return FALSE;
  c->job = v2v_storage_job_new (c->options, "guest", c->work, disk_dir);
  for (guint i = 0; i < c->disks->len; i++)
    v2v_storage_job_add_disk (c->job, c->disks->pdata[i]);
  return c->storage->open (c->job, error);
}

static inline const char *
overlay (const Case *c, guint index)
{
  return ((const V2vStorageDisk *)c->job->disks->pdata[index])->overlay;
}

static inline gboolean
case_end (Case *c, char **result_r, GError **error)
{
  return v2v_storage_set_disk_sources (c->job, c->domain, error) &&
         c->storage->prepare (c->job, c->domain, error) &&
         c->output->prepare (c->job, c->domain, error) && c->storage->commit (c->job, error) &&
         c->output->create (c->job, result_r, error);
}

static inline void
case_abandon (Case *c)
{
  c->output->abandon (c->job);
  c->storage->abandon (c->job);
}

static inline void
case_finish (Case *c)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *result = NULL;

  g_assert_true (case_end (c, &result, &error));
  g_assert_no_error (error);
  c->storage->finish (c->job);
}

static inline char *
xml_of (const char *path)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return g_steal_pointer (&text);
}

static inline void
assert_has (const char *text, const char *part)
{
  if (!strstr (text, part))
    g_error ("\"%s\" is not in: %s", part, text);
}

/* Puts a qemu-img of our own before the real one, which it finds in $REAL. */
static inline void
fake_tool (const Case *c, const char *script)
{
  g_autofree char *real = g_find_program_in_path ("qemu-img");
  g_autofree char *bin = in (c->dir, "bin");
  g_autofree char *tool = in (bin, "qemu-img");
  g_autofree char *path = g_strconcat (bin, ":", g_getenv ("PATH"), NULL);
  g_autofree char *text =
      g_strdup_printf ("#!/bin/sh\nREAL=%s\nDIR=%s\n%s\n", real, bin, script);

  g_assert_cmpint (g_mkdir (bin, 0700), ==, 0);
  write_file (tool, text, -1);
  g_assert_cmpint (chmod (tool, 0755), ==, 0);
  g_setenv ("PATH", path, TRUE);
}

static inline void
real_tool (const Case *c)
{
  g_autofree char *bin = in (c->dir, "bin:");

  g_assert_true (g_str_has_prefix (g_getenv ("PATH"), bin));
  g_setenv ("PATH", g_getenv ("PATH") + strlen (bin), TRUE);
}

/* Mounts SIZE of memory at PATH, or skips the test. */
static inline gboolean
small_mount (const char *path, const char *size)
{
  g_autofree char *command = g_strdup_printf ("mount -t tmpfs -o size=%s tmpfs %s", size, path);

  if (geteuid () == 0 && try_run (command))
    return TRUE;
  g_test_skip ("no small file system can be mounted here");
  return FALSE;
}
