/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of the storages: what they leave behind, whatever happens.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/tempfile.h"
#include "output/output.h"
#include "storage/image.h"
#include "storage/storage.h"

#include "disk-util.h"

#define MIB (1024 * 1024)

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
  xmlDoc *domain;
  const V2vStorage *storage;
  const V2vOutput *output;
  V2vStorageJob *job;
} Case;

static void
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

static void
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
static void
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

static gboolean
case_begin (Case *c, GError **error)
{
  g_autofree char *disk_dir = c->output->disk_dir (c->options);
  g_autofree char *text = g_strdup_printf (
      "<domain type='kvm'><name>guest</name><devices>%s"
      "<disk type='file' device='cdrom'><target dev='hda'/></disk></devices></domain>",
      c->devices->str);

  c->domain = v2v_xml_read_memory ("guest.xml", text, strlen (text), NULL);
  g_assert_nonnull (c->domain);
  if (!c->storage->ready (c->options, error) || !c->output->ready ("guest", c->options, error))
    return FALSE;
  c->job = v2v_storage_job_new (c->options, "guest", c->work, disk_dir);
  for (guint i = 0; i < c->disks->len; i++)
    v2v_storage_job_add_disk (c->job, c->disks->pdata[i]);
  return c->storage->open (c->job, error);
}

static const char *
overlay (const Case *c, guint index)
{
  return ((const V2vStorageDisk *)c->job->disks->pdata[index])->overlay;
}

static gboolean
case_end (Case *c, char **result_r, GError **error)
{
  return v2v_storage_set_disk_sources (c->job, c->domain, error) &&
         c->storage->prepare (c->job, c->domain, error) &&
         c->output->prepare (c->job, c->domain, error) && c->storage->commit (c->job, error) &&
         c->output->create (c->job, result_r, error);
}

static void
case_abandon (Case *c)
{
  c->output->abandon (c->job);
  c->storage->abandon (c->job);
}

static void
case_finish (Case *c)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *result = NULL;

  g_assert_true (case_end (c, &result, &error));
  g_assert_no_error (error);
  c->storage->finish (c->job);
}

static char *
xml_of (const char *path)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return g_steal_pointer (&text);
}

static void
assert_has (const char *text, const char *part)
{
  if (!strstr (text, part))
    g_error ("\"%s\" is not in: %s", part, text);
}

/* ---- copy ---- */

static void
copy_one (const char *from, const char *asked, const char *to)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *second = NULL, *source = NULL, *before = NULL, *after = NULL;
  g_autofree char *file = NULL, *xml = NULL, *driver = NULL;
  struct stat st;

  case_init (&c, "copy", "local");
  add_disk (&c, "a.img", from, "64M", 0xa1);
  add_disk (&c, "b.img", from, "32M", 0xb1);
  if (asked)
    v2v_option_values_add (c.options, "output-format", asked);
  source = in (c.source, "a.img");
  before = checksum (source);
  g_assert_true (case_begin (&c, &error));
  g_assert_no_error (error);
  guest_write (overlay (&c, 0), "qcow2", 0xa2, "1M", "64k");
  g_assert_cmpuint (count_names (c.out), ==, 0);
  case_finish (&c);

  g_assert_cmpuint (count_names (c.out), ==, 3);
  g_assert_cmpuint (count_names (c.work), ==, 0);
  first = in (c.out, "guest-sda");
  second = in (c.out, "guest-sdb");
  g_assert_true (guest_reads (first, to, 0xa1, "0", "64k"));
  g_assert_true (guest_reads (first, to, 0xa2, "1M", "64k"));
  g_assert_true (guest_reads (second, to, 0xb1, "0", "64k"));
  g_assert_cmpint (stat (first, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  g_assert_cmpint (st.st_blocks * 512, <, 2 * MIB);
  after = checksum (source);
  g_assert_cmpstr (before, ==, after);
  file = in (c.out, "guest.xml");
  xml = xml_of (file);
  assert_has (xml, first);
  assert_has (xml, second);
  driver = g_strdup_printf ("type=\"%s\"", to);
  assert_has (xml, driver);
  g_assert_null (strstr (xml, c.source));
  g_assert_cmpint (((V2vStorageDisk *)c.job->disks->pdata[0])->size, ==, 64 * MIB);
  case_clear (&c);
}

static void
test_copy (void)
{
  copy_one ("raw", NULL, "raw");
  copy_one ("raw", "qcow2", "qcow2");
  copy_one ("qcow2", NULL, "qcow2");
  copy_one ("qcow2", "raw", "raw");
  copy_one ("vmdk", NULL, "qcow2");
}

/* ---- snapshot ---- */

static void
test_snapshot (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *snapshot = NULL, *source = NULL, *before = NULL, *after = NULL;
  g_autofree char *file = NULL, *xml = NULL, *info = NULL, *command = NULL, *stamp = NULL;
  struct stat st;

  case_init (&c, "snapshot", "local");
  add_disk (&c, "a.img", "raw", "64M", 0xa1);
  source = in (c.source, "a.img");
  before = checksum (source);
  g_assert_true (case_begin (&c, &error));
  g_assert_no_error (error);
  guest_write (overlay (&c, 0), "qcow2", 0xa2, "1M", "64k");
  case_finish (&c);

  g_assert_cmpuint (count_names (c.out), ==, 2);
  snapshot = in (c.out, "guest-sda");
  g_assert_true (guest_reads (snapshot, "qcow2", 0xa1, "0", "64k"));
  g_assert_true (guest_reads (snapshot, "qcow2", 0xa2, "1M", "64k"));
  after = checksum (source);
  g_assert_cmpstr (before, ==, after);
  command = g_strdup_printf ("qemu-img info --output=json %s", snapshot);
  g_assert_true (g_spawn_command_line_sync (command, &info, NULL, NULL, NULL));
  assert_has (info, "\"backing-filename-format\": \"raw\"");
  assert_has (info, source);
  file = in (c.out, "guest.xml");
  xml = xml_of (file);
  assert_has (xml, snapshot);
  assert_has (xml, "urn:v2v-engine:snapshot");
  assert_has (xml, "<backingStore type=\"file\">");
  assert_has (xml, "<format type=\"raw\"/>");
  g_assert_cmpint (stat (source, &st), ==, 0);
  stamp = g_strdup_printf ("size=\"%" G_GINT64_FORMAT "\" mtime=\"%" G_GINT64_FORMAT ".%09ld\"",
                           (gint64)st.st_size, (gint64)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
  assert_has (xml, stamp);
  case_clear (&c);
}

/* ---- in place ---- */

static void
test_in_place (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *raw = NULL, *qcow2 = NULL;

  case_init (&c, "in-place", "local");
  add_disk (&c, "a.img", "raw", "64M", 0xa1);
  add_disk (&c, "b.img", "qcow2", "64M", 0xb1);
  raw = in (c.source, "a.img");
  qcow2 = in (c.source, "b.img");
  g_assert_true (case_begin (&c, &error));
  g_assert_no_error (error);
  guest_write (overlay (&c, 0), "qcow2", 0xa2, "0", "4k");
  guest_write (overlay (&c, 1), "qcow2", 0xb2, "63M", "64k");
  g_assert_true (guest_reads (raw, "raw", 0xa1, "0", "64k"));
  case_finish (&c);
  g_assert_true (guest_reads (raw, "raw", 0xa2, "0", "4k"));
  g_assert_true (guest_reads (raw, "raw", 0xa1, "4k", "60k"));
  g_assert_true (guest_reads (qcow2, "qcow2", 0xb2, "63M", "64k"));
  g_assert_true (guest_reads (qcow2, "qcow2", 0xb1, "0", "64k"));
  g_assert_cmpuint (count_names (c.out), ==, 1);
  g_assert_cmpuint (count_names (c.keep), ==, 0);
  case_clear (&c);
}

/* ---- failures ---- */

/* A failure at any step leaves nothing behind and the source as it was. */
static void
abandon_after (const char *storage, guint steps)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *source = NULL, *before = NULL, *after = NULL, *result = NULL;

  case_init (&c, storage, "local");
  add_disk (&c, "a.img", "raw", "64M", 0xa1);
  source = in (c.source, "a.img");
  before = checksum (source);
  g_assert_true (case_begin (&c, &error));
  guest_write (overlay (&c, 0), "qcow2", 0xa2, "0", "64k");
  g_assert_true (v2v_storage_set_disk_sources (c.job, c.domain, &error));
  if (steps >= 1)
    g_assert_true (c.storage->prepare (c.job, c.domain, &error));
  if (steps >= 2)
    g_assert_true (c.output->prepare (c.job, c.domain, &error));
  if (steps >= 3)
    g_assert_true (c.storage->commit (c.job, &error));
  g_assert_no_error (error);
  case_abandon (&c);
  after = checksum (source);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (count_names (c.out), ==, 0);
  g_assert_cmpuint (count_names (c.work), ==, 0);
  g_assert_cmpuint (count_names (c.keep), ==, 0);
  g_assert_cmpuint (count_names (c.source), ==, 1);
  case_clear (&c);
}

static void
test_abandon (void)
{
  for (guint steps = 0; steps <= 3; steps++) {
    abandon_after ("copy", steps);
    abandon_after ("snapshot", steps);
    if (steps < 3)
      abandon_after ("in-place", steps);
  }
}

int
main (int argc, char **argv)
{
  setvbuf (stdout, NULL, _IOLBF, 0);
  g_test_init (&argc, &argv, NULL);
  v2v_log_setup (V2V_QUIET, -1);
  g_test_add_func ("/storage/copy", test_copy);
  g_test_add_func ("/storage/snapshot", test_snapshot);
  g_test_add_func ("/storage/in-place", test_in_place);
  g_test_add_func ("/storage/abandon", test_abandon);
  return g_test_run ();
}
