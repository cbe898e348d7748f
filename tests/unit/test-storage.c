/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of the storages: what they leave behind, whatever happens.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
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
  add_disk (&c, "a.img", from, "16M", 0xa1);
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
  g_assert_cmpint (((V2vStorageDisk *)c.job->disks->pdata[0])->size, ==, 16 * MIB);
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
  add_disk (&c, "a.img", "raw", "16M", 0xa1);
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
  add_disk (&c, "a.img", "raw", "16M", 0xa1);
  add_disk (&c, "b.img", "qcow2", "16M", 0xb1);
  raw = in (c.source, "a.img");
  qcow2 = in (c.source, "b.img");
  g_assert_true (case_begin (&c, &error));
  g_assert_no_error (error);
  guest_write (overlay (&c, 0), "qcow2", 0xa2, "0", "4k");
  guest_write (overlay (&c, 1), "qcow2", 0xb2, "15M", "64k");
  g_assert_true (guest_reads (raw, "raw", 0xa1, "0", "64k"));
  case_finish (&c);
  g_assert_true (guest_reads (raw, "raw", 0xa2, "0", "4k"));
  g_assert_true (guest_reads (raw, "raw", 0xa1, "4k", "60k"));
  g_assert_true (guest_reads (qcow2, "qcow2", 0xb2, "15M", "64k"));
  g_assert_true (guest_reads (qcow2, "qcow2", 0xb1, "0", "64k"));
  g_assert_cmpuint (count_names (c.out), ==, 1);
  g_assert_cmpuint (count_names (c.keep), ==, 0);
  case_clear (&c);
}

/* Nothing is written where nothing changed, or where every operation found its work done. */
static void
unchanged_case (gboolean said)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *source = NULL, *before = NULL, *after = NULL;
  struct stat was, is;

  case_init (&c, "in-place", "local");
  add_disk (&c, "a.img", "raw", "16M", 0xa1);
  source = in (c.source, "a.img");
  before = checksum (source);
  g_assert_cmpint (stat (source, &was), ==, 0);
  g_assert_true (case_begin (&c, &error));
  if (said)
    guest_write (overlay (&c, 0), "qcow2", 0xa2, "0", "64k");
  c.job->unchanged = said;
  case_finish (&c);
  after = checksum (source);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpint (stat (source, &is), ==, 0);
  g_assert_cmpint (was.st_mtim.tv_nsec, ==, is.st_mtim.tv_nsec);
  g_assert_cmpint (was.st_ctim.tv_nsec, ==, is.st_ctim.tv_nsec);
  g_assert_cmpuint (count_names (c.out), ==, 1);
  case_clear (&c);
}

static void
test_in_place_unchanged (void)
{
  unchanged_case (FALSE);
  unchanged_case (TRUE);
}

static void
test_in_place_refused (void)
{
  Case c;
  g_autoptr (GError) error = NULL;

  case_init (&c, "in-place", "null");
  add_disk (&c, "a.vmdk", "vmdk", "16M", 1);
  g_assert_false (case_begin (&c, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  assert_has (error->message, "raw and qcow2 can");
  case_abandon (&c);
  case_clear (&c);
  g_clear_error (&error);

  case_init (&c, "in-place", "null");
  add_disk (&c, "a.img", "raw", "16M", 1);
  ((V2vDomainDisk *)c.disks->pdata[0])->read_only = TRUE;
  g_assert_true (case_begin (&c, &error));
  guest_write (overlay (&c, 0), "qcow2", 2, "0", "64k");
  g_assert_false (c.storage->prepare (c.job, c.domain, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  assert_has (error->message, "read-only in the domain");
  case_abandon (&c);
  case_clear (&c);
}

/* Two conversions of one disk: the second has to wait. */
static void
test_in_place_twice (void)
{
  Case c, d;
  g_autoptr (GError) error = NULL;
  g_autofree char *what = NULL;

  case_init (&c, "in-place", "null");
  add_disk (&c, "a.img", "raw", "16M", 1);
  g_assert_true (case_begin (&c, &error));

  case_init (&d, "in-place", "null");
  v2v_option_values_add (d.options, "work-dir", c.keep);
  g_ptr_array_add (d.disks, disk_new (((V2vDomainDisk *)c.disks->pdata[0])->path, "raw"));
  g_assert_false (case_begin (&d, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL);
  assert_has (error->message, "another process");
  case_abandon (&d);
  g_clear_error (&error);
  g_assert_false (v2v_in_place_recover (d.options, d.disks, &what, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL);
  g_clear_error (&error);
  /* Who asks for any is not concerned. */
  g_assert_true (v2v_in_place_recover (d.options, NULL, &what, &error));
  g_assert_null (what);
  case_abandon (&c);
  case_clear (&c);
  case_clear (&d);
}

/* ---- crashes ---- */

/* Puts a qemu-img of our own before the real one, which it finds in $REAL. */
static void
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

static void
real_tool (const Case *c)
{
  g_autofree char *bin = in (c->dir, "bin:");

  g_assert_true (g_str_has_prefix (g_getenv ("PATH"), bin));
  g_setenv ("PATH", g_getenv ("PATH") + strlen (bin), TRUE);
}

/* Kills its caller at the Nth commit: before it, or after it. */
#define KILL_SCRIPT                                                                            \
  "if [ \"$1\" = commit ]; then\n"                                                             \
  "  echo >> $DIR/count\n"                                                                     \
  "  if [ $(wc -l < $DIR/count) = %d ]; then\n"                                                \
  "    [ %s = before ] || $REAL \"$@\"\n"                                                      \
  "    kill -KILL $PPID; exit 1\n"                                                             \
  "  fi\n"                                                                                     \
  "fi\n"                                                                                       \
  "exec $REAL \"$@\""

typedef enum { AT_OPEN, AT_PREPARED, AT_COMMIT, AT_DONE } Crash;

/* Converts in a process that is killed at the given point. */
static void
crash (Case *c, Crash at)
{
  pid_t pid = fork ();
  int status;

  if (pid == 0) {
    g_autofree char *result = NULL;

    if (!case_begin (c, NULL))
      _exit (1);
    guest_write (overlay (c, 0), "qcow2", 0xa2, "1M", "64k");
    guest_write (overlay (c, 1), "qcow2", 0xb2, "1M", "64k");
    if (at == AT_OPEN)
      raise (SIGKILL);
    if (!v2v_storage_set_disk_sources (c->job, c->domain, NULL) ||
        !c->storage->prepare (c->job, c->domain, NULL) ||
        !c->output->prepare (c->job, c->domain, NULL))
      _exit (2);
    if (at == AT_PREPARED)
      raise (SIGKILL);
    if (!c->storage->commit (c->job, NULL))
      _exit (3);
    if (at == AT_DONE)
      raise (SIGKILL);
    _exit (4);
  }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
}

static void
two_disks (Case *c, const char *output)
{
  case_init (c, "in-place", output);
  add_disk (c, "a.img", "raw", "16M", 0xa1);
  add_disk (c, "b.img", "qcow2", "16M", 0xb1);
}

static void
assert_converted (const Case *c)
{
  g_autofree char *a = in (c->source, "a.img");
  g_autofree char *b = in (c->source, "b.img");

  g_assert_true (guest_reads (a, "raw", 0xa1, "0", "64k"));
  g_assert_true (guest_reads (a, "raw", 0xa2, "1M", "64k"));
  g_assert_true (guest_reads (b, "qcow2", 0xb1, "0", "64k"));
  g_assert_true (guest_reads (b, "qcow2", 0xb2, "1M", "64k"));
}

/* Killed before anything was written: discarded, and the disks are what they were. */
static void
crash_before_commit (Crash at)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *a = NULL, *before = NULL, *after = NULL, *what = NULL;

  two_disks (&c, "null");
  a = in (c.source, "a.img");
  before = checksum (a);
  crash (&c, at);
  g_assert_cmpuint (count_names (c.keep), ==, 1);
  g_assert_true (v2v_in_place_recover (c.options, c.disks, &what, &error));
  g_assert_no_error (error);
  g_assert_null (what);
  g_assert_cmpuint (count_names (c.keep), ==, 0);
  after = checksum (a);
  g_assert_cmpstr (before, ==, after);
  /* And the next conversion is not in its way. */
  g_assert_true (case_begin (&c, &error));
  case_abandon (&c);
  case_clear (&c);
}

static void
test_crash_before_commit (void)
{
  crash_before_commit (AT_OPEN);
  crash_before_commit (AT_PREPARED);
}

/* Killed while the disks are written: rolled forward, all of them. */
static void
crash_in_commit (int number, const char *when)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *script = g_strdup_printf (KILL_SCRIPT, number, when);
  g_autofree char *a = NULL, *what = NULL, *xml = NULL, *text = NULL;

  two_disks (&c, "local");
  a = in (c.source, "a.img");
  fake_tool (&c, script);
  crash (&c, AT_COMMIT);
  real_tool (&c);
  /* As if the block had been written in part. */
  guest_write (a, "raw", 0xee, "1M", "4k");

  /* Nobody gets to see the disks like that. */
  c.job = NULL;
  g_assert_false (case_begin (&c, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL);
  assert_has (error->message, "interrupted while it wrote");
  case_abandon (&c);
  g_clear_pointer (&c.job, v2v_storage_job_free);
  g_clear_pointer (&c.domain, xmlFreeDoc);
  g_clear_error (&error);
  {
    V2vStorageJob *plan = v2v_storage_job_new (c.options, "guest", c.work, c.out);

    plan->read_only = TRUE;
    for (guint i = 0; i < c.disks->len; i++)
      v2v_storage_job_add_disk (plan, c.disks->pdata[i]);
    g_assert_false (c.storage->open (plan, &error));
    g_assert_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL);
    c.storage->abandon (plan);
    v2v_storage_job_free (plan);
    g_clear_error (&error);
  }

  g_assert_true (v2v_in_place_recover (c.options, c.disks, &what, &error));
  g_assert_no_error (error);
  assert_has (what, "completed the in-place conversion of guest");
  assert_has (what, a);
  assert_converted (&c);
  xml = in (c.out, "guest.xml");
  text = xml_of (xml);
  assert_has (text, a);
  /* Only the domain: its temporary name is gone, too. */
  g_assert_cmpuint (count_names (c.out), ==, 1);
  g_assert_cmpuint (count_names (c.keep), ==, 0);
  g_clear_pointer (&what, g_free);
  g_assert_true (v2v_in_place_recover (c.options, c.disks, &what, &error));
  g_assert_null (what);
  case_clear (&c);
}

static void
test_crash_in_commit (void)
{
  crash_in_commit (1, "before");
  crash_in_commit (1, "after");
  crash_in_commit (2, "before");
  crash_in_commit (2, "after");
}

/* Killed when only the domain is missing. */
static void
test_crash_when_done (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *what = NULL, *xml = NULL;

  two_disks (&c, "local");
  xml = in (c.out, "guest.xml");
  crash (&c, AT_DONE);
  /* Somebody else's file is not replaced; the journal waits. */
  write_file (xml, "mine", -1);
  g_assert_false (v2v_in_place_recover (c.options, c.disks, &what, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT);
  g_clear_error (&error);
  g_assert_cmpint (unlink (xml), ==, 0);
  g_assert_true (v2v_in_place_recover (c.options, c.disks, &what, &error));
  g_assert_no_error (error);
  assert_has (what, xml);
  assert_converted (&c);
  g_assert_cmpuint (count_names (c.out), ==, 1);
  g_assert_cmpuint (count_names (c.keep), ==, 0);
  case_clear (&c);
}

/* The disk was replaced after the crash: nothing is written to the new one. */
static void
test_crash_other_disk (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *script = g_strdup_printf (KILL_SCRIPT, 1, "before");
  g_autofree char *a = NULL, *kept = NULL, *what = NULL, *before = NULL, *after = NULL;

  two_disks (&c, "null");
  a = in (c.source, "a.img");
  kept = in (c.source, "kept.img");
  fake_tool (&c, script);
  crash (&c, AT_COMMIT);
  real_tool (&c);
  g_assert_cmpint (rename (a, kept), ==, 0);
  run ("qemu-img create -q -f raw %s 16M", a);
  before = checksum (a);
  g_assert_false (v2v_in_place_recover (c.options, c.disks, &what, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  assert_has (error->message, "is not the disk");
  after = checksum (a);
  g_assert_cmpstr (before, ==, after);
  g_clear_error (&error);
  g_assert_cmpint (rename (kept, a), ==, 0);
  g_assert_true (v2v_in_place_recover (c.options, c.disks, &what, &error));
  assert_converted (&c);
  case_clear (&c);
}

/* The tool fails on the second disk: the conversion says how to go on, and that works. */
static void
test_commit_fails (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *what = NULL, *result = NULL;

  two_disks (&c, "null");
  fake_tool (
      &c,
      "case \"$*\" in commit*overlay-1*) echo 'No space left on device' >&2; exit 1;; esac\n"
      "exec $REAL \"$@\"");
  g_assert_true (case_begin (&c, &error));
  guest_write (overlay (&c, 0), "qcow2", 0xa2, "1M", "64k");
  guest_write (overlay (&c, 1), "qcow2", 0xb2, "1M", "64k");
  g_assert_false (case_end (&c, &result, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT);
  assert_has (error->message, "run the same conversion again");
  case_abandon (&c);
  real_tool (&c);
  g_assert_cmpuint (count_names (c.keep), ==, 1);
  g_clear_error (&error);
  g_assert_true (v2v_in_place_recover (c.options, c.disks, &what, &error));
  g_assert_no_error (error);
  assert_converted (&c);
  case_clear (&c);
}

/* Whoever listens knows at each moment what to remove. */
static void
tell (const char *path, gboolean exists, gpointer data)
{
  g_autofree char *line = g_strdup_printf ("%c%s\n", exists ? '+' : '-', path);
  int fd = *(int *)data;

  if (write (fd, line, strlen (line)) < 0)
    _exit (5);
}

static void
crash_listened (const char *storage, const char *script)
{
  Case c;
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *source = NULL, *before = NULL, *after = NULL, *log = NULL, *text = NULL;
  g_auto (GStrv) lines = NULL;
  int fd;

  case_init (&c, storage, "local");
  add_disk (&c, "a.img", "raw", "16M", 0xa1);
  add_disk (&c, "b.img", "raw", "16M", 0xb1);
  source = in (c.source, "a.img");
  before = checksum (source);
  log = in (c.dir, "log");
  fd = open (log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  fake_tool (&c, *script ? script : "exec $REAL \"$@\"");
  v2v_temp_listen (tell, &fd);
  crash (&c, *script ? AT_COMMIT : AT_PREPARED);
  v2v_temp_listen (NULL, NULL);
  real_tool (&c);
  close (fd);

  g_assert_cmpuint (count_names (c.out) + count_names (c.work) + count_names (c.keep), >, 0);
  text = xml_of (log);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] && lines[i][0]; i++) {
    guint index;

    if (lines[i][0] == '+')
      g_ptr_array_add (left, g_strdup (lines[i] + 1));
    else if (g_ptr_array_find_with_equal_func (left, lines[i] + 1, g_str_equal, &index))
      g_ptr_array_remove_index (left, index);
  }
  for (guint i = left->len; i > 0; i--)
    remove (left->pdata[i - 1]);
  g_assert_cmpuint (count_names (c.out), ==, 0);
  g_assert_cmpuint (count_names (c.work), ==, 0);
  g_assert_cmpuint (count_names (c.keep), ==, 0);
  after = checksum (source);
  g_assert_cmpstr (before, ==, after);
  case_clear (&c);
}

static void
test_crash_listened (void)
{
  crash_listened ("copy",
                  "[ \"$1\" = convert ] && { kill -KILL $PPID; exit 1; }\nexec $REAL \"$@\"");
  crash_listened ("copy", "");
  crash_listened ("snapshot", "");
  crash_listened ("in-place", "");
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
  add_disk (&c, "a.img", "raw", "16M", 0xa1);
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

static void
exists_case (const char *storage, const char *file, gboolean refused)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  case_init (&c, storage, "local");
  add_disk (&c, "a.img", "raw", "16M", 1);
  add_disk (&c, "b.img", "raw", "16M", 1);
  path = in (c.out, file);
  /* Even a link that leads nowhere is there. */
  g_assert_cmpint (symlink ("nowhere", path), ==, 0);
  g_assert_cmpint (case_begin (&c, &error), ==, !refused);
  if (refused) {
    g_assert_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT);
    assert_has (error->message, path);
  }
  if (c.job)
    case_abandon (&c);
  g_assert_cmpuint (count_names (c.out), ==, 1);
  g_assert_cmpuint (count_names (c.work), ==, 0);
  case_clear (&c);
}

static void
test_exists (void)
{
  exists_case ("copy", "guest-sda", TRUE);
  exists_case ("copy", "guest-sdb", TRUE);
  exists_case ("copy", "guest-sdc", FALSE);
  exists_case ("copy", "guest.xml", TRUE);
  exists_case ("snapshot", "guest-sda", TRUE);
  exists_case ("snapshot", "guest-sdb", TRUE);
  exists_case ("in-place", "guest-sda", FALSE);
  exists_case ("in-place", "guest.xml", TRUE);
}

/* An output that appears while the conversion runs is not replaced, and not removed either. */
static void
test_appears (void)
{
  static const char *const files[] = {"guest-sda", "guest-sdb", "guest.xml"};

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    Case c;
    g_autoptr (GError) error = NULL;
    g_autofree char *path = NULL, *text = NULL, *result = NULL;

    case_init (&c, "copy", "local");
    add_disk (&c, "a.img", "raw", "16M", 1);
    add_disk (&c, "b.img", "raw", "16M", 1);
    g_assert_true (case_begin (&c, &error));
    path = in (c.out, files[i]);
    write_file (path, "mine", -1);
    g_assert_false (case_end (&c, &result, &error));
    g_assert_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT);
    assert_has (error->message, path);
    case_abandon (&c);
    g_assert_cmpuint (count_names (c.out), ==, 1);
    text = xml_of (path);
    g_assert_cmpstr (text, ==, "mine");
    case_clear (&c);
  }
}

/* Mounts SIZE of memory at PATH, or skips the test. */
static gboolean
small_mount (const char *path, const char *size)
{
  g_autofree char *command = g_strdup_printf ("mount -t tmpfs -o size=%s tmpfs %s", size, path);

  if (geteuid () == 0 && try_run (command))
    return TRUE;
  g_test_skip ("no small file system can be mounted here");
  return FALSE;
}

static void
test_no_space_copy (void)
{
  Case c;
  g_autoptr (GError) error = NULL;

  case_init (&c, "copy", "local");
  add_disk (&c, "a.img", "raw", "16M", 1);
  if (small_mount (c.out, "2m")) {
    guest_write (((V2vDomainDisk *)c.disks->pdata[0])->path, "raw", 7, "0", "8M");
    g_assert_false (case_begin (&c, &error));
    g_assert_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT);
    assert_has (error->message, "are needed");
    assert_has (error->message, "2.0 MiB are free");
    case_abandon (&c);
    g_assert_cmpuint (count_names (c.out), ==, 0);
    g_clear_error (&error);
    run ("umount %s", c.out);
  }
  case_clear (&c);

  /* It fills up while it is written to. */
  case_init (&c, "copy", "local");
  add_disk (&c, "a.img", "raw", "16M", 1);
  fake_tool (&c, "[ \"$1\" = convert ] && { echo 'qemu-img: error while writing at byte 0: No "
                 "space left on device' >&2; exit 1; }\n"
                 "exec $REAL \"$@\"");
  g_assert_true (case_begin (&c, &error));
  g_assert_false (c.storage->prepare (c.job, c.domain, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT);
  assert_has (error->message, c.out);
  case_abandon (&c);
  g_assert_cmpuint (count_names (c.out), ==, 0);
  real_tool (&c);
  case_clear (&c);
}

/* A sparse disk that could not take its own changes is found before any is written. */
static void
no_space_in_place (const char *format)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *source = NULL, *before = NULL, *after = NULL;

  case_init (&c, "in-place", "null");
  if (small_mount (c.source, "4m")) {
    add_disk (&c, "a.img", format, "64M", 1);
    source = in (c.source, "a.img");
    before = checksum (source);
    g_assert_true (case_begin (&c, &error));
    g_assert_no_error (error);
    guest_write (overlay (&c, 0), "qcow2", 2, "32M", "8M");
    g_assert_false (c.storage->prepare (c.job, c.domain, &error));
    g_assert_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT);
    assert_has (error->message, "the changed blocks of the disks");
    case_abandon (&c);
    after = checksum (source);
    g_assert_cmpstr (before, ==, after);
    g_assert_cmpuint (count_names (c.keep), ==, 0);
    run ("umount %s", c.source);
  }
  case_clear (&c);
}

static void
test_no_space_in_place (void)
{
  no_space_in_place ("raw");
  no_space_in_place ("qcow2");
}

/* Space is taken before the first block is written, and what was there already is not counted.
 */
static void
test_reserve (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *source = NULL;

  case_init (&c, "in-place", "null");
  if (small_mount (c.source, "9m")) {
    add_disk (&c, "a.img", "raw", "64M", 1);
    source = in (c.source, "a.img");
    guest_write (source, "raw", 3, "32M", "6M");
    g_assert_true (case_begin (&c, &error));
    guest_write (overlay (&c, 0), "qcow2", 2, "32M", "7M");
    case_finish (&c);
    g_assert_true (guest_reads (source, "raw", 2, "32M", "7M"));
    run ("umount %s", c.source);
  }
  case_clear (&c);
}

/* ---- chains and documents ---- */

/* The result of a snapshot, converted again: its chain is named by the domain. */
static void
test_snapshot_again (void)
{
  Case c, d, e;
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *second = NULL, *file = NULL, *xml = NULL;
  const char *next;
  g_autofree char *copied = NULL, *copied_xml = NULL, *copy = NULL;
  V2vDomainDisk *disk;

  case_init (&c, "snapshot", "local");
  add_disk (&c, "a.img", "raw", "16M", 0xa1);
  g_assert_true (case_begin (&c, &error));
  guest_write (overlay (&c, 0), "qcow2", 0xa2, "1M", "64k");
  case_finish (&c);
  first = in (c.out, "guest-sda");

  case_init (&d, "snapshot", "local");
  disk = disk_new (first, "qcow2");
  g_ptr_array_add (d.disks, disk);
  g_string_assign (d.devices, c.devices->str);
  g_assert_false (case_begin (&d, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  assert_has (error->message, "--allow-backing");
  g_clear_error (&error);
  case_abandon (&d);
  g_clear_pointer (&d.job, v2v_storage_job_free);
  xmlFreeDoc (d.domain);
  g_ptr_array_add (disk->backing, in (c.source, "a.img"));
  g_assert_true (case_begin (&d, &error));
  g_assert_no_error (error);
  /* It brings along what the first has noted. */
  xmlFreeDoc (d.domain);
  d.domain = xmlCopyDoc (c.domain, 1);
  guest_write (overlay (&d, 0), "qcow2", 0xa3, "2M", "64k");
  case_finish (&d);
  second = in (d.out, "guest-sda");
  g_assert_true (guest_reads (second, "qcow2", 0xa1, "0", "64k"));
  g_assert_true (guest_reads (second, "qcow2", 0xa2, "1M", "64k"));
  g_assert_true (guest_reads (second, "qcow2", 0xa3, "2M", "64k"));
  file = in (d.out, "guest.xml");
  xml = xml_of (file);
  next = strstr (xml, "<v2v:snapshot");
  g_assert_nonnull (next);
  g_assert_null (strstr (next + 1, "<v2v:snapshot"));
  assert_has (xml, second);
  assert_has (xml, first);
  assert_has (xml, c.source);

  /* A copy has neither chain nor notes. */
  case_init (&e, "copy", "local");
  disk = disk_new (second, "qcow2");
  g_ptr_array_add (disk->backing, g_strdup (first));
  g_ptr_array_add (disk->backing, in (c.source, "a.img"));
  g_ptr_array_add (e.disks, disk);
  g_assert_true (case_begin (&e, &error));
  g_assert_no_error (error);
  xmlFreeDoc (e.domain);
  e.domain = xmlCopyDoc (d.domain, 1);
  case_finish (&e);
  copied = in (e.out, "guest.xml");
  copied_xml = xml_of (copied);
  copy = in (e.out, "guest-sda");
  assert_has (copied_xml, copy);
  g_assert_null (strstr (copied_xml, "backingStore"));
  g_assert_null (strstr (copied_xml, "urn:v2v-engine:snapshot"));
  g_assert_null (strstr (copied_xml, c.source));
  g_assert_true (guest_reads (copy, "qcow2", 0xa2, "1M", "64k"));
  case_clear (&c);
  case_clear (&d);
  case_clear (&e);
}

/* A chain in which one format is not recorded: tools are told it all the same. */
static void
unrecorded_chain (const char *storage)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *base = NULL, *top = NULL, *info = NULL, *command = NULL;

  gboolean refused = g_str_equal (storage, "snapshot");

  case_init (&c, storage, refused ? "local" : "null");
  base = in (c.source, "base.qcow2");
  run ("qemu-img create -q -f qcow2 %s 16M", base);
  guest_write (base, "qcow2", 5, "4M", "64k");
  top = in (c.source, "top.qcow2");
  run ("qemu-img create -q -u -f qcow2 -b base.qcow2 -F qcow2 %s 16M", top);
  /* Images of old tools: the extension with the format is made one that nobody knows. */
  run ("qemu-io -c 'write -P 0 112 1' -f raw %s", top);
  guest_write (top, "qcow2", 6, "8M", "64k");
  command = g_strdup_printf ("qemu-img info --output=json %s", top);
  g_assert_true (g_spawn_command_line_sync (command, &info, NULL, NULL, NULL));
  if (strstr (info, "backing-filename-format"))
    g_error ("the image still has a format for its backing file: %s", info);
  g_ptr_array_add (c.disks, disk_new (top, "qcow2"));
  g_string_append (c.devices, "<disk><source file='x'/></disk>");
  g_assert_cmpint (case_begin (&c, &error), ==, !refused);
  if (refused) {
    g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
    assert_has (error->message, "qemu-img rebase");
    case_abandon (&c);
    g_assert_cmpuint (count_names (c.out), ==, 0);
    case_clear (&c);
    return;
  }
  g_assert_no_error (error);
  g_assert_true (guest_reads (overlay (&c, 0), "qcow2", 5, "4M", "64k"));
  guest_write (overlay (&c, 0), "qcow2", 7, "9M", "4k");
  case_finish (&c);
  if (g_str_equal (storage, "in-place")) {
    g_assert_true (guest_reads (top, "qcow2", 7, "9M", "4k"));
    g_assert_true (guest_reads (top, "qcow2", 6, "8M", "64k"));
  }
  case_clear (&c);
}

static void
test_unrecorded (void)
{
  unrecorded_chain ("copy");
  unrecorded_chain ("snapshot");
  unrecorded_chain ("in-place");
}

/* A block device is a disk like any other, and is found again by its name and size. */
static void
test_block_device (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *image = NULL, *command = NULL, *device = NULL, *script = NULL, *what = NULL;
  int status = 1;

  case_init (&c, "in-place", "local");
  add_disk (&c, "a.img", "raw", "16M", 0xa1);
  image = in (c.source, "a.img");
  command = g_strdup_printf ("losetup --find --show %s", image);
  if (geteuid () != 0 || !g_spawn_command_line_sync (command, &device, NULL, &status, NULL) ||
      status != 0) {
    g_test_skip ("no loop device can be made here");
    case_clear (&c);
    return;
  }
  g_ptr_array_set_size (c.disks, 0);
  g_ptr_array_add (c.disks, disk_new (g_strchomp (device), "raw"));
  add_disk (&c, "b.img", "qcow2", "16M", 0xb1);
  g_string_assign (c.devices, "<disk type='block'><source dev='/dev/x'/></disk>"
                              "<disk type='file'><source file='y'/></disk>");
  script = g_strdup_printf (KILL_SCRIPT, 2, "before");
  fake_tool (&c, script);
  crash (&c, AT_COMMIT);
  real_tool (&c);
  g_assert_true (v2v_in_place_recover (c.options, c.disks, &what, &error));
  g_assert_no_error (error);
  g_assert_true (guest_reads (device, "raw", 0xa1, "0", "64k"));
  g_assert_true (guest_reads (device, "raw", 0xa2, "1M", "64k"));
  g_assert_cmpuint (count_names (c.keep), ==, 0);
  run ("losetup -d %s", device);
  case_clear (&c);
}

static void
test_plan (void)
{
  static const char *const names[] = {"copy", "snapshot", "in-place"};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    const V2vStorage *storage = v2v_storage_find (names[i]);
    g_autoptr (GError) error = NULL;
    const V2vStorageDisk *disk;
    Case c;

    case_init (&c, names[i], "local");
    add_disk (&c, "a.img", "raw", "16M", 1);
    /* The place of the result need not be there, nor free. */
    g_assert_cmpint (rmdir (c.out), ==, 0);
    c.job = v2v_storage_job_new (c.options, "guest", c.work, c.out);
    c.job->read_only = TRUE;
    v2v_storage_job_add_disk (c.job, c.disks->pdata[0]);
    g_assert_true (storage->open (c.job, &error));
    g_assert_no_error (error);
    disk = c.job->disks->pdata[0];
    g_assert_true (g_str_has_prefix (disk->overlay, c.work));
    g_assert_nonnull (disk->result_path);
    g_assert_nonnull (disk->result_format);
    storage->abandon (c.job);
    g_assert_cmpuint (count_names (c.work), ==, 0);
    g_assert_false (g_file_test (c.keep, G_FILE_TEST_EXISTS));
    case_clear (&c);
  }
}

static void
test_sources (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  xmlDoc *other;

  case_init (&c, "copy", "local");
  add_disk (&c, "a.img", "raw", "16M", 1);
  g_assert_true (case_begin (&c, &error));
  other = xmlParseDoc (BAD_CAST "<domain><devices><disk device='cdrom'/></devices></domain>");
  g_assert_false (v2v_storage_set_disk_sources (c.job, other, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CONFIG);
  xmlFreeDoc (other);
  g_clear_error (&error);
  other = xmlParseDoc (
      BAD_CAST
      "<domain><devices><disk type='network'><source protocol='nbd' name='x' "
      "startupPolicy='optional'><host name='h'/></source><backingStore/><mirror/></disk>"
      "</devices></domain>");
  g_assert_true (v2v_storage_set_disk_sources (c.job, other, &error));
  text = v2v_xml_to_string (other);
  assert_has (text, "<disk type=\"file\">");
  assert_has (text, "<driver name=\"qemu\" type=\"raw\"/>");
  assert_has (text, "startupPolicy=\"optional\"");
  assert_has (text, "guest-sda\"");
  g_assert_null (strstr (text, "nbd"));
  g_assert_null (strstr (text, "<host"));
  g_assert_null (strstr (text, "backingStore"));
  g_assert_null (strstr (text, "mirror"));
  xmlFreeDoc (other);
  case_abandon (&c);
  case_clear (&c);
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
  g_test_add_func ("/storage/in-place-unchanged", test_in_place_unchanged);
  g_test_add_func ("/storage/in-place-refused", test_in_place_refused);
  g_test_add_func ("/storage/in-place-twice", test_in_place_twice);
  g_test_add_func ("/storage/crash-before-commit", test_crash_before_commit);
  g_test_add_func ("/storage/crash-in-commit", test_crash_in_commit);
  g_test_add_func ("/storage/crash-when-done", test_crash_when_done);
  g_test_add_func ("/storage/crash-other-disk", test_crash_other_disk);
  g_test_add_func ("/storage/commit-fails", test_commit_fails);
  g_test_add_func ("/storage/crash-listened", test_crash_listened);
  g_test_add_func ("/storage/abandon", test_abandon);
  g_test_add_func ("/storage/exists", test_exists);
  g_test_add_func ("/storage/appears", test_appears);
  g_test_add_func ("/storage/no-space-copy", test_no_space_copy);
  g_test_add_func ("/storage/no-space-in-place", test_no_space_in_place);
  g_test_add_func ("/storage/reserve", test_reserve);
  g_test_add_func ("/storage/snapshot-again", test_snapshot_again);
  g_test_add_func ("/storage/unrecorded", test_unrecorded);
  g_test_add_func ("/storage/block-device", test_block_device);
  g_test_add_func ("/storage/plan", test_plan);
  g_test_add_func ("/storage/sources", test_sources);
  return g_test_run ();
}
