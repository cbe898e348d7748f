/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of undo: what was converted is as it was, whatever comes between; what was used since
 * stays.
 */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "convert/undo.h"
#include "metadata/element.h"
#include "storage/in-place-dir.h"

#include "storage-case.h"

static guint begun, ended;

static void
committing (gboolean begin)
{
  if (begin)
    begun++;
  else
    ended++;
}

static gboolean
take_back (const char *what, gboolean force, GError **error)
{
  g_autoptr (V2vOptionValues) options = v2v_option_values_new ();

  if (force)
    v2v_option_values_add (options, "force", "");
  return v2v_undo (what, options, committing, error);
}

static void
expect_refused (const char *what, gboolean force, V2vExit status, const char *text)
{
  g_autoptr (GError) error = NULL;
  guint before = begun;

  g_assert_false (take_back (what, force, &error));
  g_assert_error (error, V2V_ERROR, (gint)status);
  assert_has (error->message, text);
  g_assert_cmpuint (begun, ==, before);
}

static void
expect_undone (const char *what, gboolean force)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (take_back (what, force, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (begun, ==, ended);
}

static char *
source (const Case *c, guint index)
{
  return g_strdup (((const V2vDomainDisk *)c->disks->pdata[index])->path);
}

/* Writes the report of a conversion that has finished. To be freed with g_free. */
static char *
write_report (Case *c)
{
  const V2vJobSettings settings = {.storage = c->storage, .output = c->output};
  g_autoptr (JsonNode) note = v2v_undo_note (&settings, NULL, c->job);
  g_autofree char *member = json_to_string (note, TRUE);
  g_autofree char *text =
      g_strdup_printf ("{\"name\": \"guest\", \"status\": 0, \"undo\": %s}", member);
  char *path = in (c->dir, "report.json");

  write_file (path, text, -1);
  return path;
}

/* Replaces the first OLD in the file at PATH. */
static void
edit (const char *path, const char *old, const char *new)
{
  g_autofree char *text = xml_of (path);
  char *at = strstr (text, old);
  g_autofree char *edited = NULL;

  g_assert_nonnull (at);
  *at = '\0';
  edited = g_strconcat (text, new, at + strlen (old), NULL);
  write_file (path, edited, -1);
}

/* ---- by removal ---- */

static void
removal_begin (Case *c, const char *storage)
{
  g_autoptr (GError) error = NULL;

  case_init (c, storage, "local");
  add_disk (c, "a.img", "raw", "4M", 0xa1);
  add_disk (c, "b.img", "qcow2", "4M", 0xb1);
  g_assert_true (case_begin (c, &error));
  g_assert_no_error (error);
  guest_write (overlay (c, 0), "qcow2", 0xa2, "0", "4k");
  case_finish (c);
  g_assert_cmpuint (count_names (c->out), ==, 3);
}

static void
test_removal (gconstpointer storage)
{
  Case c;
  g_autofree char *report = NULL, *a = NULL, *before = NULL, *after = NULL;

  removal_begin (&c, storage);
  a = source (&c, 0);
  before = checksum (a);
  report = write_report (&c);
  expect_undone (report, FALSE);
  g_assert_cmpuint (count_names (c.out), ==, 0);
  after = checksum (a);
  g_assert_cmpstr (before, ==, after);
  /* Again: done already. */
  begun = ended = 0;
  expect_undone (report, FALSE);
  g_assert_cmpuint (begun, ==, 0);
  case_clear (&c);
}

static void
test_removal_refused (void)
{
  Case c;
  g_autofree char *report = NULL, *disk = NULL, *xml = NULL, *aside = NULL, *a = NULL,
                  *text = NULL;

  removal_begin (&c, "copy");
  report = write_report (&c);
  text = xml_of (report);
  disk = in (c.out, "guest-sda");
  xml = in (c.out, "guest.xml");
  aside = in (c.dir, "aside");
  a = source (&c, 0);

  /* Nothing goes as long as one of them has changed. */
  guest_write (disk, "raw", 0xa3, "1M", "4k");
  expect_refused (report, FALSE, V2V_EXIT_DATA, "guest-sda is not what the conversion made");
  g_assert_cmpuint (count_names (c.out), ==, 3);

  /* A link, another file and a directory are no results, not even with force. */
  g_assert_cmpint (rename (xml, aside), ==, 0);
  g_assert_cmpint (symlink (aside, xml), ==, 0);
  expect_refused (report, TRUE, V2V_EXIT_DATA, "it is a link");
  g_assert_cmpint (unlink (xml), ==, 0);
  write_file (xml, "<domain/>", -1);
  expect_refused (report, TRUE, V2V_EXIT_DATA, "another file has taken its place");
  g_assert_cmpint (unlink (xml), ==, 0);
  g_assert_cmpint (g_mkdir (xml, 0700), ==, 0);
  expect_refused (report, TRUE, V2V_EXIT_DATA, "it is no regular file");
  g_assert_cmpint (rmdir (xml), ==, 0);
  g_assert_cmpint (rename (aside, xml), ==, 0);

  /* The guest that would be left. */
  run ("touch -d @7 %s", a);
  expect_refused (report, FALSE, V2V_EXIT_DATA, "guest-sda");
  expect_undone (report, TRUE);
  g_assert_cmpuint (count_names (c.out), ==, 0);

  /* Reports that were edited. */
  write_file (report, "{}", -1);
  expect_refused (report, FALSE, V2V_EXIT_DATA, "no member \"undo\"");
  write_file (report, "{\"undo\": ", -1);
  expect_refused (report, FALSE, V2V_EXIT_DATA, "expected the report of a conversion");
  write_file (report, "{\"status\": 65}", -1);
  expect_refused (report, FALSE, V2V_EXIT_DATA, "failed");
  write_file (report, text, -1);
  edit (report, "\"path\" : \"", "\"path\" : \"/..");
  expect_refused (report, TRUE, V2V_EXIT_DATA, "plain absolute path");
  write_file (report, text, -1);
  edit (report, "\"size\" : ", "\"size\" : -");
  expect_refused (report, TRUE, V2V_EXIT_DATA, "plain absolute path");
  write_file (report, text, -1);
  edit (report, "\"output\" : \"local\"", "\"output\" : \"cellar\"");
  expect_refused (report, TRUE, V2V_EXIT_DATA, "names no output");
  g_assert_cmpint (unlink (report), ==, 0);
  expect_refused (report, TRUE, V2V_EXIT_NOINPUT, "there is no report or directory");
  case_clear (&c);
}

/* What somebody else wrote, or could have, is not done. */
static void
test_foreign_report (void)
{
  Case c;
  g_autofree char *report = NULL, *deep = g_strnfill (100000, '[');

  removal_begin (&c, "copy");
  report = write_report (&c);
  g_assert_cmpint (chmod (report, 0664), ==, 0);
  expect_refused (report, TRUE, V2V_EXIT_NOPERM, "another user may have written it");
  g_assert_cmpint (chmod (report, 0646), ==, 0);
  expect_refused (report, TRUE, V2V_EXIT_NOPERM, "another user may have written it");
  g_assert_cmpint (chmod (report, 0644), ==, 0);
  if (geteuid () == 0) {
    g_assert_cmpint (chown (report, 65534, 65534), ==, 0);
    expect_refused (report, TRUE, V2V_EXIT_NOPERM, "belongs to user 65534");
    g_assert_cmpint (chown (report, 0, 0), ==, 0);
  }
  g_assert_cmpuint (count_names (c.out), ==, 3);
  expect_undone (report, FALSE);
  g_assert_cmpuint (count_names (c.out), ==, 0);

  write_file (report, deep, -1);
  expect_refused (report, TRUE, V2V_EXIT_DATA, "nested more than 64 deep");
  case_clear (&c);
}

/* The directory of the results belongs to another, who puts a link in its place. */
static void
test_foreign_directory (void)
{
  Case c;
  g_autofree char *report = NULL, *theirs = NULL, *directory = NULL, *elsewhere = NULL;

  if (geteuid () != 0) {
    g_test_skip ("only root can give a directory to another user");
    return;
  }
  case_init (&c, "copy", "local");
  theirs = in (c.dir, "theirs");
  directory = in (theirs, "out");
  elsewhere = in (c.dir, "elsewhere");
  g_assert_cmpint (g_mkdir (theirs, 0755), ==, 0);
  g_assert_cmpint (rename (c.out, directory), ==, 0);
  g_free (c.out);
  c.out = g_steal_pointer (&directory);
  directory = g_strdup (c.out);
  v2v_option_values_add (c.options, "output-dir", c.out);
  add_disk (&c, "a.img", "raw", "4M", 0xa1);
  g_assert_true (case_begin (&c, NULL));
  case_finish (&c);
  report = write_report (&c);
  g_assert_cmpint (chown (theirs, 65534, 65534), ==, 0);
  g_assert_cmpint (rename (directory, elsewhere), ==, 0);
  g_assert_cmpint (symlink (elsewhere, directory), ==, 0);
  expect_refused (report, FALSE, V2V_EXIT_NOPERM,
                  "the link out on this path may have been created by another user");
  expect_refused (report, TRUE, V2V_EXIT_NOPERM,
                  "the link out on this path may have been created by another user");
  g_assert_cmpuint (count_names (elsewhere), ==, 2);
  /* A link of one's own is as good as a directory. */
  g_assert_cmpint (chown (theirs, 0, 0), ==, 0);
  expect_undone (report, FALSE);
  g_assert_cmpuint (count_names (elsewhere), ==, 0);
  case_clear (&c);
}

static void
test_source_gone (void)
{
  Case c;
  g_autofree char *report = NULL, *a = NULL;

  removal_begin (&c, "copy");
  report = write_report (&c);
  a = source (&c, 0);
  g_assert_cmpint (unlink (a), ==, 0);
  expect_refused (report, FALSE, V2V_EXIT_DATA, "it cannot be found");
  g_assert_cmpuint (count_names (c.out), ==, 3);
  case_clear (&c);
}

/* A disk over a backing file and one in pieces: each of their files is looked at. */
static void
test_source_parts (void)
{
  static const char *const files[] = {"base.img", "b-f001.vmdk"};
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *report = NULL, *base = NULL, *top = NULL, *split = NULL;
  V2vDomainDisk *disk;

  case_init (&c, "copy", "local");
  add_disk (&c, "base.img", "qcow2", "4M", 0xa1);
  add_disk (&c, "b.vmdk", "vmdk", "4M", 0xb1);
  base = in (c.source, "base.img");
  top = in (c.source, "top.img");
  split = in (c.source, "b.vmdk");
  run ("qemu-img create -q -f qcow2 -b %s -F qcow2 %s", base, top);
  run ("qemu-img create -q -f vmdk -o subformat=twoGbMaxExtentFlat %s 4M", split);
  disk = c.disks->pdata[0];
  g_free (disk->path);
  disk->path = g_strdup (top);
  g_assert_true (case_begin (&c, &error));
  g_assert_no_error (error);
  case_finish (&c);
  report = write_report (&c);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = in (c.source, files[i]);
    g_autofree char *mark = in (c.dir, "mark");

    run ("touch -r %s %s", path, mark);
    run ("touch -d @7 %s", path);
    expect_refused (report, FALSE, V2V_EXIT_DATA, files[i]);
    run ("touch -r %s %s", mark, path);
  }
  expect_undone (report, FALSE);
  g_assert_cmpuint (count_names (c.out), ==, 0);
  case_clear (&c);
}

/* ---- done before ---- */

typedef struct {
  Case c;
  V2vJobSettings settings; /* as a second run sees them ... */
  V2vSourceRead read;      /* ... and what it reads */
  char *report;
} Done;

static void
done_begin (Done *d, const char *storage)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *whole = NULL, *text = NULL;
  Case *c = &d->c;

  memset (d, 0, sizeof *d);
  case_init (c, storage, "local");
  add_disk (c, "a.img", "raw", "4M", 0xa1);
  g_assert_true (case_begin (c, &error));
  g_assert_no_error (error);
  d->read = (V2vSourceRead){.original = xmlCopyDoc (c->domain, 1), .name = (char *)"guest"};
  guest_write (overlay (c, 0), "qcow2", 0xa2, "0", "4k");
  case_finish (c);
  d->settings =
      (V2vJobSettings){.storage = c->storage, .output = c->output, .options = c->options};
  {
    g_autoptr (JsonNode) note = v2v_undo_note (&d->settings, &d->read, c->job);

    text = json_to_string (note, TRUE);
  }
  whole = g_strdup_printf (
      "{\"name\": \"guest\", \"status\": 0, \"result\": \"there\", \"undo\": %s}", text);
  d->report = in (c->dir, "report.json");
  write_file (d->report, whole, -1);
  g_assert_cmpint (chmod (d->report, 0600), ==, 0);
}

static void
done_end (Done *d)
{
  xmlFreeDoc (d->read.original);
  g_free (d->report);
  case_clear (&d->c);
}

/* WHY: what was changed, "" if it is another conversion, NULL if it is done. */
static void
expect_done (const Done *d, const char *why)
{
  g_autofree char *result = NULL, *said = NULL;
  const gboolean done = v2v_undo_is_done (d->report, &d->settings, &d->read, &result, &said);

  g_assert_cmpint (done, ==, why == NULL);
  g_assert_cmpstr (result, ==, why ? NULL : "there");
  if (why && *why)
    assert_has (said, why);
  else
    g_assert_null (said);
}

static void
test_done (gconstpointer storage)
{
  g_autoptr (V2vOptionValues) further = v2v_option_values_new ();
  Done d;
  g_autofree char *disk = NULL, *xml = NULL, *changed = NULL, *mark = NULL;

  done_begin (&d, storage);
  disk = source (&d.c, 0);
  xml = in (d.c.out, "guest.xml");
  mark = in (d.c.dir, "mark");
  g_assert_cmpint (v2v_undo_look (d.report), ==, V2V_REPORT_SUCCESS);
  expect_done (&d, NULL);
  /* What does not change the result may be another. */
  v2v_option_values_add (d.c.options, "verbose", "");
  v2v_option_values_add (d.c.options, "timeout", "60");
  expect_done (&d, NULL);

  /* Another guest, other options, another place. */
  d.read.name = (char *)"other";
  expect_done (&d, "");
  d.read.name = (char *)"guest";
  v2v_xml_set (xmlDocGetRootElement (d.read.original), "type", "xen");
  expect_done (&d, "");
  v2v_xml_set (xmlDocGetRootElement (d.read.original), "type", "kvm");
  expect_done (&d, NULL);
  v2v_option_values_add (further, "storage", storage);
  v2v_option_values_add (further, "output", "local");
  v2v_option_values_add (further, "output-dir", d.c.source);
  d.settings.options = further;
  expect_done (&d, "");
  d.settings.options = d.c.options;
  v2v_option_values_add (d.c.options, "output-format", "qcow2");
  expect_done (&d, "");
  {
    /* As it was: the options cannot be taken back. */
    g_autoptr (V2vOptionValues) same = v2v_option_values_new ();

    v2v_option_values_add (same, "storage", storage);
    v2v_option_values_add (same, "output", "local");
    v2v_option_values_add (same, "output-dir", d.c.out);
    d.settings.options = same;
    expect_done (&d, NULL);

    /* A report that others may write. */
    g_assert_cmpint (chmod (d.report, 0620), ==, 0);
    expect_done (&d, "");
    g_assert_cmpint (chmod (d.report, 0600), ==, 0);

    /* What was changed since. */
    run ("touch -r %s %s", disk, mark);
    run ("touch -d @7 %s", disk);
    expect_done (&d, "a.img has been written to");
    run ("touch -r %s %s", mark, disk);
    expect_done (&d, NULL);
    run ("touch -d @7 %s", xml);
    expect_done (&d, "guest.xml has been written to");
    g_assert_cmpint (unlink (xml), ==, 0);
    expect_done (&d, "guest.xml cannot be found");
    d.settings.options = d.c.options;
  }
  write_file (d.report, "{\"program\": \"v2v-engine 1\", \"status\": 65}", -1);
  g_assert_cmpint (v2v_undo_look (d.report), ==, V2V_REPORT_FAILURE);
  expect_done (&d, "");
  write_file (d.report, "no report", -1);
  g_assert_cmpint (v2v_undo_look (d.report), ==, V2V_REPORT_OTHER);
  write_file (d.report, "", 0);
  g_assert_cmpint (v2v_undo_look (d.report), ==, V2V_REPORT_NONE);
  done_end (&d);
}

/* ---- in place ---- */

typedef struct {
  Case c;
  char *report, *directory;
  char *paths[3], *before[3];
} Kept;

/* A raw disk, a qcow2 with holes and one over a backing file. */
static void
kept_init (Kept *k)
{
  g_autofree char *base = NULL, *top = NULL;
  Case *c = &k->c;

  memset (k, 0, sizeof *k);
  case_init (c, "in-place", "local");
  v2v_option_values_add (c->options, "keep-undo", "");
  add_disk (c, "a.img", "raw", "16M", 0xa1);
  add_disk (c, "b.img", "qcow2", "16M", 0xb1);
  add_disk (c, "c.img", "qcow2", "16M", 0xc1);
  base = in (c->source, "c.img");
  top = in (c->source, "d.img");
  run ("qemu-img create -q -f qcow2 -b %s -F qcow2 %s", base, top);
  g_free (((V2vDomainDisk *)c->disks->pdata[2])->path);
  ((V2vDomainDisk *)c->disks->pdata[2])->path = g_strdup (top);
  for (guint i = 0; i < 3; i++) {
    k->paths[i] = source (c, i);
    k->before[i] = checksum (k->paths[i]);
  }
}

static void
kept_edit (Kept *k)
{
  g_autoptr (GError) error = NULL;
  Case *c = &k->c;

  g_assert_true (case_begin (c, &error));
  g_assert_no_error (error);
  c->job->former_path = in (c->dir, "former.xml");
  c->job->former_text = g_strdup ("<former/>\n");
  guest_write (overlay (c, 0), "qcow2", 0xa2, "4k", "4k");
  guest_write (overlay (c, 0), "qcow2", 0xa2, "15M", "1M");
  guest_write (overlay (c, 1), "qcow2", 0xb2, "0", "4k");
  guest_write (overlay (c, 1), "qcow2", 0xb2, "8M", "2M");
  guest_write (overlay (c, 2), "qcow2", 0xc2, "32k", "4k");
}

static void
kept_begin (Kept *k)
{
  kept_init (k);
  kept_edit (k);
  case_finish (&k->c);
  k->report = write_report (&k->c);
  k->directory = g_strdup (k->c.job->undo_directory);
  g_assert_nonnull (k->directory);
}

static void
assert_converted (const Kept *k)
{
  g_assert_true (guest_reads (k->paths[0], "raw", 0xa2, "4k", "4k"));
  g_assert_true (guest_reads (k->paths[0], "raw", 0xa1, "8k", "56k"));
  g_assert_true (guest_reads (k->paths[0], "raw", 0xa2, "15M", "1M"));
  g_assert_true (guest_reads (k->paths[1], "qcow2", 0xb2, "8M", "2M"));
  g_assert_true (guest_reads (k->paths[1], "qcow2", 0xb1, "4k", "60k"));
  g_assert_true (guest_reads (k->paths[2], "qcow2", 0xc2, "32k", "4k"));
  g_assert_true (guest_reads (k->paths[2], "qcow2", 0xc1, "0", "32k"));
  run ("qemu-img check -q -f qcow2 %s", k->paths[1]);
  run ("qemu-img check -q -f qcow2 %s", k->paths[2]);
}

static void
assert_as_before (const Kept *k)
{
  for (guint i = 0; i < 3; i++) {
    g_autofree char *now = checksum (k->paths[i]);

    g_assert_cmpstr (k->before[i], ==, now);
  }
}

static void
kept_clear (Kept *k)
{
  case_clear (&k->c);
  g_free (k->report);
  g_free (k->directory);
  for (guint i = 0; i < 3; i++) {
    g_free (k->paths[i]);
    g_free (k->before[i]);
  }
}

static void
test_in_place (void)
{
  Kept k;
  g_autofree char *former = NULL, *text = NULL;

  kept_begin (&k);
  assert_converted (&k);
  /* The blocks that were replaced and the journal, and no overlay. */
  g_assert_cmpuint (count_names (k.directory), ==, 4);
  expect_undone (k.report, FALSE);
  assert_as_before (&k);
  g_assert_cmpuint (count_names (k.c.out), ==, 0);
  g_assert_cmpuint (count_names (k.c.keep), ==, 0);
  former = in (k.c.dir, "former.xml");
  text = xml_of (former);
  g_assert_cmpstr (text, ==, "<former/>\n");
  begun = ended = 0;
  expect_undone (k.report, FALSE);
  g_assert_cmpuint (begun, ==, 0);
  expect_refused (k.directory, FALSE, V2V_EXIT_NOINPUT, "there is no report or directory");
  kept_clear (&k);
}

static void
test_in_place_by_directory (void)
{
  Kept k;

  kept_begin (&k);
  expect_undone (k.directory, FALSE);
  assert_as_before (&k);
  g_assert_cmpuint (count_names (k.c.out), ==, 0);
  g_assert_cmpuint (count_names (k.c.keep), ==, 0);
  kept_clear (&k);
}

static void
test_in_place_not_kept (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *report = NULL;

  case_init (&c, "in-place", "local");
  add_disk (&c, "a.img", "raw", "4M", 0xa1);
  g_assert_true (case_begin (&c, &error));
  guest_write (overlay (&c, 0), "qcow2", 0xa2, "0", "4k");
  case_finish (&c);
  report = write_report (&c);
  expect_refused (report, TRUE, V2V_EXIT_DATA, "without --keep-undo");
  g_assert_cmpuint (count_names (c.out), ==, 1);
  case_clear (&c);
}

static void
test_in_place_changed (void)
{
  Kept k;
  g_autofree char *undo = NULL, *journal = NULL, *bytes = NULL;
  struct stat st;
  gsize length;

  kept_begin (&k);
  /* A block that was converted: force does not help. */
  guest_write (k.paths[0], "raw", 0xa3, "15M", "4k");
  expect_refused (k.report, TRUE, V2V_EXIT_DATA, "a.img is no longer what the conversion made");
  guest_write (k.paths[0], "raw", 0xa2, "15M", "4k");
  /* The same content, but written since. */
  expect_refused (k.report, FALSE, V2V_EXIT_DATA, "it has been written to since");
  /* Another length. */
  g_assert_cmpint (stat (k.paths[1], &st), ==, 0);
  g_assert_cmpint (truncate (k.paths[1], st.st_size + 65536), ==, 0);
  expect_refused (k.report, TRUE, V2V_EXIT_DATA, "its length differs");
  g_assert_cmpint (truncate (k.paths[1], st.st_size), ==, 0);
  /* What was saved is not whole. */
  undo = in (k.directory, "undo-1");
  g_assert_true (g_file_get_contents (undo, &bytes, &length, NULL));
  bytes[length - 1] ^= 1;
  write_file (undo, bytes, (gssize)length);
  expect_refused (k.report, TRUE, V2V_EXIT_DATA, "its checksum is wrong");
  write_file (undo, bytes, (gssize)length - 512);
  expect_refused (k.report, TRUE, V2V_EXIT_DATA, "its length is wrong");
  memset (bytes + 24, 0xff, 8);
  write_file (undo, bytes, (gssize)length);
  expect_refused (k.report, TRUE, V2V_EXIT_DATA, "its beginning is wrong");
  bytes[0] = 'x';
  write_file (undo, bytes, (gssize)length);
  expect_refused (k.report, TRUE, V2V_EXIT_DATA, "it is no undo file");
  assert_converted (&k);
  /* A report on another guest. */
  edit (k.report, "\"guest\"", "\"other\"");
  expect_refused (k.report, TRUE, V2V_EXIT_DATA, "belongs to the guest guest");
  journal = in (k.directory, V2V_JOURNAL_FILE);
  write_file (journal, "{", -1);
  expect_refused (k.directory, TRUE, V2V_EXIT_DATA, "cannot be understood");
  kept_clear (&k);
}

static void
test_in_place_forced (void)
{
  Kept k;

  kept_begin (&k);
  run ("touch -d @7 %s", k.paths[0]);
  expect_refused (k.report, FALSE, V2V_EXIT_DATA, "it has been written to since");
  expect_undone (k.report, TRUE);
  assert_as_before (&k);
  kept_clear (&k);
}

/* ---- killed ---- */

static const char *kill_at;
static double kill_fraction;

static void
on_step (const V2vStepState *state, gpointer data G_GNUC_UNUSED)
{
  if (g_strcmp0 (state->name, kill_at) == 0 && state->fraction >= kill_fraction)
    kill (getpid (), SIGKILL);
}

static gboolean
is_dead_child (pid_t pid)
{
  int status;

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  return WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL;
}

/* Killed while writing back: undo goes on with it, and nothing else touches the disks. */
static void
test_killed_in_undo (gconstpointer data)
{
  Kept k;
  Case other;
  g_autoptr (GError) error = NULL;
  g_autofree char *what = NULL;
  pid_t pid;

  kept_begin (&k);
  kill_at = "disks";
  kill_fraction = g_ascii_strtod (data, NULL);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0) {
    v2v_step_listen (on_step, NULL);
    take_back (k.report, FALSE, NULL);
    _exit (0);
  }
  g_assert_true (is_dead_child (pid));
  if (kill_fraction > 0) {
    case_init (&other, "in-place", "null");
    v2v_option_values_add (other.options, "work-dir", k.c.keep);
    g_ptr_array_add (other.disks, disk_new (k.paths[0], "raw"));
    g_assert_false (case_begin (&other, &error));
    g_assert_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL);
    assert_has (error->message, "v2v-engine undo");
    case_abandon (&other);
    g_clear_error (&error);
    g_assert_false (v2v_in_place_recover (other.options, other.disks, &what, &error));
    assert_has (error->message, "v2v-engine undo");
    case_clear (&other);
  }
  expect_undone (k.report, FALSE);
  assert_as_before (&k);
  g_assert_cmpuint (count_names (k.c.out), ==, 0);
  g_assert_cmpuint (count_names (k.c.keep), ==, 0);
  kept_clear (&k);
}

/* Killed while writing back, and then the guest was started. */
static void
test_killed_in_undo_used (void)
{
  Kept k;
  pid_t pid;

  kept_begin (&k);
  kill_at = "disks";
  kill_fraction = 0.3;
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0) {
    v2v_step_listen (on_step, NULL);
    take_back (k.report, FALSE, NULL);
    _exit (0);
  }
  g_assert_true (is_dead_child (pid));
  g_usleep (1200 * 1000);
  guest_write (k.paths[0], "raw", 0xa3, "8M", "4k");
  expect_refused (k.report, FALSE, V2V_EXIT_DATA, "The undo of it was interrupted before that");
  guest_write (k.paths[0], "raw", 0, "8M", "4k");
  expect_undone (k.report, TRUE);
  assert_as_before (&k);
  kept_clear (&k);
}

/* A conversion that is killed while it is committed. Returns its directory, to be freed with
 * g_free. */
static char *
kill_commit (Kept *k)
{
  g_autoptr (GDir) names = NULL;
  pid_t pid;

  kept_init (k);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0) {
    g_autofree char *result = NULL;

    kept_edit (k);
    kill_at = "commit";
    kill_fraction = 0.3;
    v2v_step_listen (on_step, NULL);
    v2v_step ("commit", "Committing", 0);
    case_end (&k->c, &result, NULL);
    _exit (0);
  }
  g_assert_true (is_dead_child (pid));
  names = g_dir_open (k->c.keep, 0, NULL);
  return in (k->c.keep, g_dir_read_name (names));
}

/* It is taken back as it is. */
static void
test_killed_in_commit_undone (void)
{
  Kept k;
  g_autofree char *directory = kill_commit (&k);

  expect_undone (directory, FALSE);
  assert_as_before (&k);
  g_assert_cmpuint (count_names (k.c.keep), ==, 0);
  kept_clear (&k);
}

/* The guest was used since: only force takes it back. */
static void
test_killed_in_commit_used (void)
{
  Kept k;
  g_autofree char *directory = kill_commit (&k);

  g_usleep (1200 * 1000);
  guest_write (k.paths[0], "raw", 0xa3, "4k", "4k");
  expect_refused (directory, FALSE, V2V_EXIT_DATA, "was written to since");
  expect_undone (directory, TRUE);
  assert_as_before (&k);
  kept_clear (&k);
}

/* It is rolled forward, and then taken back. */
static void
test_killed_in_commit (void)
{
  Kept k;
  g_autoptr (GError) error = NULL;
  g_autofree char *what = NULL;
  g_autofree char *directory = kill_commit (&k);

  g_assert_true (v2v_in_place_recover (k.c.options, k.c.disks, &what, &error));
  g_assert_no_error (error);
  assert_has (what, "v2v-engine undo ");
  assert_has (what, directory);
  assert_converted (&k);
  g_assert_cmpuint (count_names (k.c.out), ==, 1);
  expect_undone (directory, FALSE);
  assert_as_before (&k);
  g_assert_cmpuint (count_names (k.c.out), ==, 0);
  kept_clear (&k);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  v2v_log_setup (V2V_QUIET, -1);
  /* Reports that others can write are refused. */
  umask (022);
  g_test_add_data_func ("/undo/copy", "copy", test_removal);
  g_test_add_data_func ("/undo/snapshot", "snapshot", test_removal);
  g_test_add_func ("/undo/refused", test_removal_refused);
  g_test_add_func ("/undo/foreign-report", test_foreign_report);
  g_test_add_func ("/undo/foreign-directory", test_foreign_directory);
  g_test_add_func ("/undo/source-gone", test_source_gone);
  g_test_add_func ("/undo/source-parts", test_source_parts);
  g_test_add_func ("/undo/in-place", test_in_place);
  g_test_add_func ("/undo/in-place-by-directory", test_in_place_by_directory);
  g_test_add_func ("/undo/in-place-not-kept", test_in_place_not_kept);
  g_test_add_func ("/undo/in-place-changed", test_in_place_changed);
  g_test_add_func ("/undo/in-place-forced", test_in_place_forced);
  g_test_add_data_func ("/undo/killed-at-once", "0", test_killed_in_undo);
  g_test_add_data_func ("/undo/killed-half-way", "0.3", test_killed_in_undo);
  g_test_add_func ("/undo/killed-half-way-used", test_killed_in_undo_used);
  g_test_add_func ("/undo/killed-in-commit", test_killed_in_commit);
  g_test_add_func ("/undo/killed-in-commit-undone", test_killed_in_commit_undone);
  g_test_add_func ("/undo/killed-in-commit-used", test_killed_in_commit_used);
  g_test_add_data_func ("/undo/done/copy", "copy", test_done);
  g_test_add_data_func ("/undo/done/snapshot", "snapshot", test_done);
  g_test_add_data_func ("/undo/done/in-place", "in-place", test_done);
  return g_test_run ();
}
