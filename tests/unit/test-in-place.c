/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of the storage "in-place": what it leaves behind, whatever happens and whenever.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/tempfile.h"
#include "output/output.h"
#include "storage/image-lock.h"
#include "storage/in-place-dir.h"
#include "storage/storage.h"

#include "storage-case.h"

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

/* Of the commit, at which this process kills itself; -1: it does not. */
static double kill_fraction = -1;

/* Is moved away with the next step. */
static const char *move_from, *move_to;

static void
on_step (const V2vStepState *state, gpointer data G_GNUC_UNUSED)
{
  if (move_from) {
    g_assert_cmpint (rename (move_from, move_to), ==, 0);
    move_from = NULL;
  }
  if (kill_fraction >= 0 && g_strcmp0 (state->name, "commit") == 0 &&
      state->fraction >= kill_fraction)
    raise (SIGKILL);
}

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
    guest_write (overlay (c, 0), "qcow2", 0xa2, "1M", "1M");
    guest_write (overlay (c, 1), "qcow2", 0xb2, "1M", "64k");
    if (at == AT_OPEN)
      raise (SIGKILL);
    if (!v2v_storage_set_disk_sources (c->job, c->domain, NULL) ||
        !c->storage->prepare (c->job, c->domain, NULL) ||
        !c->output->prepare (c->job, c->domain, NULL))
      _exit (2);
    if (at == AT_PREPARED)
      raise (SIGKILL);
    v2v_step_listen (on_step, NULL);
    v2v_step ("commit", "Committing", 0);
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
test_crash_in_commit (gconstpointer fraction)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *a = NULL, *what = NULL, *xml = NULL, *text = NULL;

  two_disks (&c, "local");
  a = in (c.source, "a.img");
  kill_fraction = g_ascii_strtod (fraction, NULL);
  crash (&c, AT_COMMIT);

  /* Nobody gets to see the disks like that. */
  c.job = NULL;
  g_assert_false (case_begin (&c, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL);
  assert_has (error->message, "interrupted while it wrote");
  case_abandon (&c);
  g_clear_pointer (&c.job, v2v_storage_job_free);
  g_clear_pointer (&c.domain, xmlFreeDoc);
  g_clear_error (&error);
  g_assert_false (v2v_in_place_check (c.options, c.disks, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL);
  g_clear_error (&error);

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

/* Killed while it wrote, and then the guest was started: nothing is written over what that
 * wrote, unless somebody insists. */
static void
test_written_since (gconstpointer where)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *a = NULL, *what = NULL, *before = NULL, *after = NULL;

  two_disks (&c, "null");
  a = in (c.source, "a.img");
  kill_fraction = 0.01;
  crash (&c, AT_COMMIT);
  /* Later than any date that the conversion can have caused. */
  g_usleep (1200 * 1000);
  guest_write (a, "raw", 0xee, where, "4k");
  before = checksum (a);
  g_assert_false (v2v_in_place_recover (c.options, c.disks, &what, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  assert_has (error->message, "was written to since its conversion in place was interrupted");
  assert_has (error->message, "--force-resume");
  assert_has (error->message, c.keep);
  after = checksum (a);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (count_names (c.keep), ==, 1);
  g_clear_error (&error);
  v2v_option_values_add (c.options, "force-resume", "");
  g_assert_true (v2v_in_place_recover (c.options, c.disks, &what, &error));
  g_assert_no_error (error);
  assert_converted (&c);
  g_assert_cmpuint (count_names (c.keep), ==, 0);
  case_clear (&c);
}

/* The same at once, and with dates that say nothing: the blocks tell. */
static void
test_written_at_once (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *a = NULL, *b = NULL, *what = NULL;

  two_disks (&c, "null");
  a = in (c.source, "a.img");
  b = in (c.source, "b.img");
  kill_fraction = 0.01;
  crash (&c, AT_COMMIT);
  run ("touch -r %s %s/mark", b, c.dir);
  guest_write (b, "qcow2", 0xee, "1M", "4k");
  run ("touch -r %s/mark %s", c.dir, b);
  g_assert_false (v2v_in_place_recover (c.options, c.disks, &what, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  assert_has (error->message, b);
  assert_has (error->message, "neither as they were nor as the conversion writes them");
  v2v_option_values_add (c.options, "force-resume", "");
  g_clear_error (&error);
  g_assert_true (v2v_in_place_recover (c.options, c.disks, &what, &error));
  assert_converted (&c);
  case_clear (&c);
}

/* A disk that is written to between the conversion's reading and writing it. */
static void
test_written_meanwhile (void)
{
  static const char *const storages[] = {"in-place", "copy", "snapshot"};

  for (guint i = 0; i < G_N_ELEMENTS (storages); i++) {
    Case c;
    g_autoptr (GError) error = NULL;
    g_autofree char *a = NULL, *result = NULL, *before = NULL, *after = NULL;
    int fd;

    case_init (&c, storages[i], "local");
    add_disk (&c, "a.img", "raw", "16M", 0xa1);
    a = in (c.source, "a.img");
    g_assert_true (case_begin (&c, &error));
    g_assert_no_error (error);
    guest_write (overlay (&c, 0), "qcow2", 0xa2, "1M", "64k");
    /* By somebody who knows no locks. */
    fd = open (a, O_WRONLY);
    g_assert_cmpint (pwrite (fd, "x", 1, 8 << 20), ==, 1);
    close (fd);
    before = checksum (a);
    g_assert_false (case_end (&c, &result, &error));
    g_assert_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL);
    assert_has (error->message,
                "a.img was replaced or changed by somebody else while it was being converted");
    case_abandon (&c);
    after = checksum (a);
    g_assert_cmpstr (before, ==, after);
    g_assert_cmpuint (count_names (c.out) + count_names (c.work) + count_names (c.keep), ==, 0);
    case_clear (&c);
  }
}

/* What is converted in place, no emulator can write to, and all can read; while it is written,
 * none that counts on its content can. */
static void
test_locks (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *b = NULL, *reader = NULL, *writer = NULL, *what = NULL;
  g_autoptr (V2vImageLocks) locks = v2v_image_locks_new ();

  two_disks (&c, "null");
  b = in (c.source, "b.img");
  writer = g_strdup_printf ("qemu-io -f qcow2 -c 'write 0 4k' %s", b);
  reader = g_strdup_printf ("qemu-img info %s", b);
  g_assert_true (case_begin (&c, &error));
  g_assert_no_error (error);
  g_assert_false (try_run (writer));
  g_assert_true (try_run (reader));
  case_abandon (&c);
  case_clear (&c);

  two_disks (&c, "null");
  g_free (b);
  g_free (writer);
  g_free (reader);
  b = in (c.source, "b.img");
  writer = g_strdup_printf ("qemu-io -f qcow2 -c 'write -P 0xb1 0 4k' %s", b);
  reader = g_strdup_printf ("qemu-img info %s", b);
  g_assert_true (v2v_image_locks_add (locks, b, &error));
  g_assert_true (v2v_image_locks_write (locks, b, &error));
  g_assert_no_error (error);
  g_assert_false (try_run (reader));
  /* Another conversion has to wait, whoever holds the lock. */
  g_assert_false (case_begin (&c, &error));
  g_assert_nonnull (error);
  case_abandon (&c);
  g_clear_error (&error);
  g_clear_pointer (&c.job, v2v_storage_job_free);
  g_clear_pointer (&c.domain, xmlFreeDoc);
  g_clear_pointer (&locks, v2v_image_locks_free);
  g_assert_true (try_run (reader));
  g_assert_true (try_run (writer));
  g_assert_true (case_begin (&c, &error));
  g_assert_no_error (error);
  case_abandon (&c);
  case_clear (&c);
}

/* Disks that end within a cluster. */
static void
test_odd_size (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *a = NULL, *b = NULL;

  case_init (&c, "in-place", "null");
  add_disk (&c, "a.img", "raw", "1049088", 0xa1);
  add_disk (&c, "b.img", "qcow2", "1049088", 0xb1);
  a = in (c.source, "a.img");
  b = in (c.source, "b.img");
  g_assert_true (case_begin (&c, &error));
  guest_write (overlay (&c, 0), "qcow2", 0xa2, "1048576", "512");
  guest_write (overlay (&c, 1), "qcow2", 0xb2, "1048576", "512");
  run ("qemu-io -f qcow2 -c 'write -z 0 64k' %s", overlay (&c, 0));
  case_finish (&c);
  g_assert_true (guest_reads (a, "raw", 0, "0", "64k"));
  g_assert_true (guest_reads (a, "raw", 0xa2, "1048576", "512"));
  g_assert_true (guest_reads (b, "qcow2", 0xb1, "0", "64k"));
  g_assert_true (guest_reads (b, "qcow2", 0xb2, "1048576", "512"));
  run ("qemu-img check -q -f qcow2 %s", b);
  case_clear (&c);
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

/* Even where everything was checked before: who writes compares what it has opened. */
static void
no_commit_to_another_disk (const Case *c)
{
  g_autoptr (GDir) names = g_dir_open (c->keep, 0, NULL);
  g_autofree char *directory = in (c->keep, g_dir_read_name (names));
  g_autoptr (V2vJournal) journal = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vDir) dir = v2v_in_place_open_directory (directory, &journal, &error);

  g_assert_no_error (error);
  g_assert_false (v2v_in_place_commit_disks (journal, dir, &error));
  v2v_if_killed (NULL);
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  assert_has (error->message, "is not the disk");
}

/* The disk was replaced after the crash: nothing is written to the new one. */
static void
test_crash_other_disk (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *a = NULL, *kept = NULL, *what = NULL, *before = NULL, *after = NULL;

  two_disks (&c, "null");
  a = in (c.source, "a.img");
  kept = in (c.source, "kept.img");
  kill_fraction = 0.01;
  crash (&c, AT_COMMIT);
  g_assert_cmpint (rename (a, kept), ==, 0);
  run ("qemu-img create -q -f raw %s 16M", a);
  before = checksum (a);
  g_assert_false (v2v_in_place_recover (c.options, c.disks, &what, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  assert_has (error->message, "is not the disk");
  no_commit_to_another_disk (&c);
  after = checksum (a);
  g_assert_cmpstr (before, ==, after);
  g_clear_error (&error);
  g_assert_cmpint (rename (kept, a), ==, 0);
  g_assert_true (v2v_in_place_recover (c.options, c.disks, &what, &error));
  assert_converted (&c);
  case_clear (&c);
}

/* The second disk cannot be written: the conversion says how to go on, and that works. */
static void
test_commit_fails (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *what = NULL, *b = NULL, *moved = NULL;

  two_disks (&c, "null");
  b = in (c.source, "b.img");
  moved = in (c.source, "moved");
  g_assert_true (case_begin (&c, &error));
  guest_write (overlay (&c, 0), "qcow2", 0xa2, "1M", "64k");
  guest_write (overlay (&c, 1), "qcow2", 0xb2, "1M", "64k");
  kill_fraction = -1;
  v2v_step_listen (on_step, NULL);
  v2v_step ("commit", "Committing", 0);
  g_assert_true (v2v_storage_set_disk_sources (c.job, c.domain, &error));
  g_assert_true (c.storage->prepare (c.job, c.domain, &error));
  move_from = b;
  move_to = moved;
  g_assert_false (c.storage->commit (c.job, &error));
  v2v_step_end ();
  v2v_step_listen (NULL, NULL);
  g_assert_error (error, V2V_ERROR, V2V_EXIT_NOINPUT);
  assert_has (error->message, "stopped half way");
  assert_has (error->message, "do not start the guest until you have run the same in-place");
  assert_has (error->message, V2V_JOURNAL_FILE);
  g_assert_nonnull (v2v_if_killed_text ());
  assert_has (error->message, v2v_if_killed_text ());
  case_abandon (&c);
  g_assert_cmpint (rename (moved, b), ==, 0);
  g_assert_cmpuint (count_names (c.keep), ==, 1);
  g_clear_error (&error);
  g_assert_true (v2v_in_place_recover (c.options, c.disks, &what, &error));
  g_assert_no_error (error);
  g_assert_null (v2v_if_killed_text ());
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
  kill_fraction = -1;
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

/* ---- space and devices ---- */

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
    g_clear_pointer (&c.job, v2v_storage_job_free);
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
    g_clear_pointer (&c.job, v2v_storage_job_free);
    run ("umount %s", c.source);
  }
  case_clear (&c);
}

/* A block device is a disk like any other, and is found again by its name and size. */
static void
test_block_device (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *image = NULL, *command = NULL, *device = NULL, *what = NULL;
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
  kill_fraction = 0.6;
  crash (&c, AT_COMMIT);
  g_assert_true (v2v_in_place_recover (c.options, c.disks, &what, &error));
  g_assert_no_error (error);
  g_assert_true (guest_reads (device, "raw", 0xa1, "0", "64k"));
  g_assert_true (guest_reads (device, "raw", 0xa2, "1M", "64k"));
  g_assert_cmpuint (count_names (c.keep), ==, 0);
  run ("losetup -d %s", device);
  case_clear (&c);
}

int
main (int argc, char **argv)
{
  setvbuf (stdout, NULL, _IOLBF, 0);
  g_test_init (&argc, &argv, NULL);
  v2v_log_setup (V2V_QUIET, -1);
  g_test_add_func ("/in-place/commit", test_in_place);
  g_test_add_func ("/in-place/unchanged", test_in_place_unchanged);
  g_test_add_func ("/in-place/refused", test_in_place_refused);
  g_test_add_func ("/in-place/twice", test_in_place_twice);
  g_test_add_func ("/in-place/crash-before-commit", test_crash_before_commit);
  g_test_add_data_func ("/in-place/crash-in-commit/begun", "0.01", test_crash_in_commit);
  g_test_add_data_func ("/in-place/crash-in-commit/first", "0.5", test_crash_in_commit);
  g_test_add_data_func ("/in-place/crash-in-commit/second", "0.6", test_crash_in_commit);
  g_test_add_data_func ("/in-place/crash-in-commit/all", "1", test_crash_in_commit);
  g_test_add_data_func ("/in-place/written-since/elsewhere", "8M", test_written_since);
  g_test_add_data_func ("/in-place/written-since/converted", "1M", test_written_since);
  g_test_add_func ("/in-place/written-at-once", test_written_at_once);
  g_test_add_func ("/in-place/written-meanwhile", test_written_meanwhile);
  g_test_add_func ("/in-place/locks", test_locks);
  g_test_add_func ("/in-place/odd-size", test_odd_size);
  g_test_add_func ("/in-place/crash-when-done", test_crash_when_done);
  g_test_add_func ("/in-place/crash-other-disk", test_crash_other_disk);
  g_test_add_func ("/in-place/commit-fails", test_commit_fails);
  g_test_add_func ("/in-place/crash-listened", test_crash_listened);
  g_test_add_func ("/in-place/no-space-in-place", test_no_space_in_place);
  g_test_add_func ("/in-place/reserve", test_reserve);
  g_test_add_func ("/in-place/block-device", test_block_device);
  return g_test_run ();
}
