/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of the storages "copy" and "snapshot", and of what all storages share.
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
#include "storage/storage.h"

#include "storage-case.h"

#define MIB (1024 * 1024)

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

/* What the guest discards is not copied: the new disk has a hole there. */
static void
test_copy_discarded (gconstpointer format)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *file = NULL;
  struct stat st;

  case_init (&c, "copy", "local");
  add_disk (&c, "a.img", "raw", "16M", 0xa1);
  guest_write (((V2vDomainDisk *)c.disks->pdata[0])->path, "raw", 0xdd, "4M", "8M");
  v2v_option_values_add (c.options, "output-format", format);
  g_assert_true (c.storage->trims (c.options));
  g_assert_true (case_begin (&c, &error));
  g_assert_no_error (error);
  run ("qemu-io -d unmap -f qcow2 -c 'discard 4M 8M' %s", overlay (&c, 0));
  case_finish (&c);
  file = in (c.out, "guest-sda");
  g_assert_true (guest_reads (file, format, 0xa1, "0", "64k"));
  g_assert_true (guest_reads (file, format, 0, "4M", "8M"));
  g_assert_cmpint (stat (file, &st), ==, 0);
  g_assert_cmpint (st.st_blocks * 512, <, 2 * MIB);
  v2v_option_values_add (c.options, "no-trim", "");
  g_assert_false (c.storage->trims (c.options));
  case_clear (&c);
}

/* A disk in its place, and one built on it, would only be written to. */
static void
test_trims (void)
{
  g_assert_null (v2v_storage_find ("snapshot")->trims);
  g_assert_null (v2v_storage_find ("in-place")->trims);
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

/* ---- directories of others ---- */

/* What stands in the source's directory while a tool runs is not what was examined. */
#define SWAP                                                                                   \
  "cd $DIR/..\n"                                                                               \
  "mv source aside && mkdir source && cp -r other/* source\n"                                  \
  "$REAL \"$@\"\n"                                                                             \
  "status=$?\n"                                                                                \
  "rm -r source && mv aside source\n"                                                          \
  "exit $status\n"

/* Somebody puts another directory in the place of the source's each time that a tool runs. */
static void
test_swapped_meanwhile (gconstpointer storage)
{
  Case c;
  g_autofree char *other = NULL, *raw = NULL, *top = NULL, *base = NULL;
  g_autofree char *source_base = NULL;
  V2vDomainDisk *disk;

  case_init (&c, storage, "local");
  add_disk (&c, "a.img", "raw", "16M", 0xa1);
  add_disk (&c, "top.img", "qcow2", "16M", 0xb1);
  add_disk (&c, "base.img", "qcow2", "16M", 0xb1);
  source_base = in (c.source, "base.img");
  disk = c.disks->pdata[1];
  /* The base is no disk of the guest. */
  run ("qemu-img create -q -f qcow2 -b %s -F qcow2 %s", source_base, disk->path);
  g_ptr_array_set_size (c.disks, 2);
  g_string_truncate (c.devices, (gsize)(g_strrstr (c.devices->str, "<disk ") - c.devices->str));
  other = in (c.dir, "other");
  raw = in (other, "a.img");
  top = in (other, "top.img");
  base = in (other, "base.img");
  g_assert_cmpint (g_mkdir (other, 0700), ==, 0);
  run ("qemu-img create -q -f raw %s 16M", raw);
  guest_write (raw, "raw", 0x55, "0", "64k");
  run ("qemu-img create -q -f qcow2 %s 16M", base);
  guest_write (base, "qcow2", 0x55, "0", "64k");
  run ("qemu-img create -q -f qcow2 -b %s -F qcow2 %s", base, top);
  /* It has tables of its own. */
  guest_write (top, "qcow2", 0x55, "2M", "64k");
  fake_tool (&c, SWAP);
  g_assert_true (case_begin (&c, NULL));
  /* The appliance is such a tool as well. */
  run ("sh -c 'cd %s && mv source aside && mv other source'", c.dir);
  g_assert_true (guest_reads (overlay (&c, 0), "qcow2", 0xa1, "0", "64k"));
  g_assert_true (guest_reads (overlay (&c, 1), "qcow2", 0xb1, "0", "64k"));
  run ("sh -c 'cd %s && mv source other && mv aside source'", c.dir);
  guest_write (overlay (&c, 0), "qcow2", 0xc1, "1M", "4k");
  guest_write (overlay (&c, 1), "qcow2", 0xc1, "1M", "4k");
  case_finish (&c);
  real_tool (&c);
  for (guint i = 0; i < 2; i++) {
    const V2vStorageDisk *made = c.job->disks->pdata[i];

    g_assert_true (guest_reads (made->result_path, made->result_format, 0xc1, "1M", "4k"));
    g_assert_true (guest_reads (made->result_path, made->result_format, 0, "2M", "64k"));

    g_assert_true (
        guest_reads (made->result_path, made->result_format, i ? 0xb1 : 0xa1, "0", "64k"));
  }
  case_clear (&c);
}

/* A disk of 16 MiB in 256 pieces, which are called PREFIX-NUMBER. */
static void
make_many_pieces (const char *path, const char *prefix)
{
  g_autoptr (GString) text =
      g_string_new ("# Disk DescriptorFile\nversion=1\nCID=12345678\nparentCID=ffffffff\n"
                    "createType=\"twoGbMaxExtentFlat\"\n");
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *zeros = g_malloc0 (65536);

  for (guint i = 0; i < 256; i++) {
    g_autofree char *name = g_strdup_printf ("%s-%u", prefix, i);
    g_autofree char *piece = in (directory, name);

    g_string_append_printf (text, "RW 128 FLAT \"%s\" 0\n", name);
    write_file (piece, zeros, 65536);
  }
  write_file (path, text->str, -1);
}

/* A disk of 16 MiB in pieces of KIND, which begins with BYTE. */
static void
make_pieces (const char *path, const char *format, const char *kind, guint byte)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *beneath = in (directory, "beneath");

  if (g_str_equal (kind, "data-file"))
    run ("sh -c 'cd %s && qemu-img create -q -f qcow2 -o data_file=data %s 16M'", directory,
         path);
  else if (g_str_equal (kind, "many"))
    make_many_pieces (path, "piece");
  else if (!g_str_equal (kind, "beneath"))
    run ("qemu-img create -q -f vmdk -o subformat=%s %s 16M", kind, path);
  else if (g_mkdir (beneath, 0700) == 0)
    make_many_pieces (path, "beneath/piece");
  run ("sh -c 'cd %s && qemu-io -f %s -c \"write -P %u 0 64k\" %s'", directory, format, byte,
       path);
}

/* Pieces are found by their names, beside the file that names them, or in the current directory: in
 * the right one, too. */
static void
test_swapped_pieces (gconstpointer kind)
{
  const char *format = g_str_equal (kind, "data-file") ? "qcow2" : "vmdk";
  g_autofree char *file = g_strconcat ("a.", format, NULL);
  Case c;
  g_autofree char *other = NULL, *theirs = NULL, *own = NULL;
  const V2vStorageDisk *made;

  case_init (&c, "copy", "local");
  v2v_option_values_add (c.options, "allow-backing", c.source);
  add_disk (&c, file, format, "16M", 0xa1);
  own = in (c.source, file);
  other = in (c.dir, "other");
  theirs = in (other, file);
  g_assert_cmpint (g_mkdir (other, 0700), ==, 0);
  g_assert_cmpint (g_unlink (own), ==, 0);
  make_pieces (own, format, kind, 0xa1);
  make_pieces (theirs, format, kind, 0x55);
  fake_tool (&c, SWAP);
  g_assert_true (case_begin (&c, NULL));
  run ("sh -c 'cd %s && mv source aside && mv other source'", c.dir);
  g_assert_true (guest_reads (overlay (&c, 0), "qcow2", 0xa1, "0", "64k"));
  run ("sh -c 'cd %s && mv source other && mv aside source'", c.dir);
  case_finish (&c);
  real_tool (&c);
  made = c.job->disks->pdata[0];
  g_assert_true (guest_reads (made->result_path, made->result_format, 0xa1, "0", "64k"));
  g_assert_cmpuint (count_names (c.work), ==, 0);
  case_clear (&c);
}

/* A snapshot's backing file names its data file where it is, whatever the current directory. */
static void
test_data_file_of_snapshot (void)
{
  Case c;
  g_autofree char *own = NULL;
  const V2vStorageDisk *made;

  case_init (&c, "snapshot", "local");
  add_disk (&c, "a.qcow2", "qcow2", "16M", 0xa1);
  own = in (c.source, "a.qcow2");
  g_assert_cmpint (g_unlink (own), ==, 0);
  make_pieces (own, "qcow2", "data-file", 0xa1);
  g_assert_true (case_begin (&c, NULL));
  case_finish (&c);
  made = c.job->disks->pdata[0];
  g_assert_true (guest_reads (made->result_path, "qcow2", 0xa1, "0", "64k"));
  case_clear (&c);
}

/* What was put there, or written, stays: then nothing is published. */
static void
swapped_for_good (const char *storage, const char *command, gboolean in_use)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *result = NULL, *whole = NULL;

  case_init (&c, storage, "local");
  add_disk (&c, "a.img", "raw", "16M", 0xa1);
  if (in_use)
    v2v_option_values_add (c.options, "allow-in-use", "");
  g_assert_true (case_begin (&c, NULL));
  whole = g_strdup_printf ("sh -c 'cd %s && %s'", c.source, command);
  run ("%s", whole);
  g_assert_false (case_end (&c, &result, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL);
  assert_has (error->message, "/source/a.img was replaced or changed by somebody else");
  case_abandon (&c);
  g_assert_cmpuint (count_names (c.out), ==, 0);
  g_assert_cmpuint (count_names (c.work), ==, 0);
  case_clear (&c);
}

static void
test_swapped_for_good (gconstpointer storage)
{
  static const char *const replace = "mv a.img b.img && cp b.img a.img";

  swapped_for_good (storage, replace, FALSE);
  swapped_for_good (storage, replace, TRUE);
  swapped_for_good (storage, "mv a.img b.img && ln -s ../aside/a.img a.img", TRUE);
  swapped_for_good (storage, "touch a.img", FALSE);
  swapped_for_good (storage, "echo >>a.img", FALSE);
  /* There and back. */
  swapped_for_good (storage, "mv a.img b.img && mv b.img a.img", FALSE);
}

/* A link in the place of the new file, while the tool runs that writes it. */
static void
test_target_swapped (void)
{
  Case c;
  g_autofree char *victim = NULL, *text = NULL, *disk = NULL;

  case_init (&c, "copy", "local");
  add_disk (&c, "a.img", "raw", "16M", 0xa1);
  victim = in (c.dir, "victim");
  disk = in (c.out, "guest-sda");
  write_file (victim, "mine", -1);
  fake_tool (&c, "cd $DIR/..\n"
                 "mv out aside && mkdir out\n"
                 "for name in aside/.guest*; do\n"
                 "  test -e $name && ln -s $DIR/../victim out/${name##*/}\n"
                 "done\n"
                 "$REAL \"$@\"\n"
                 "status=$?\n"
                 "rm -r out && mv aside out\n"
                 "exit $status\n");
  g_assert_true (case_begin (&c, NULL));
  case_finish (&c);
  real_tool (&c);
  text = xml_of (victim);
  g_assert_cmpstr (text, ==, "mine");
  g_assert_true (guest_reads (disk, "raw", 0xa1, "0", "64k"));
  case_clear (&c);
}

/* Another file in the place of the finished one is not published as the result. */
static void
test_result_swapped (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  const V2vStorageDisk *disk;

  case_init (&c, "copy", "local");
  add_disk (&c, "a.img", "raw", "16M", 0xa1);
  g_assert_true (case_begin (&c, NULL));
  g_assert_true (c.storage->prepare (c.job, c.domain, NULL));
  disk = c.job->disks->pdata[0];
  run ("mv %s %s/aside", disk->result, c.dir);
  write_file (disk->result, "theirs", -1);
  g_assert_false (c.storage->commit (c.job, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL);
  assert_has (error->message, "guest-sda is not the file that was written");
  c.storage->abandon (c.job);
  g_assert_cmpuint (count_names (c.out), ==, 0);
  case_clear (&c);
}

/* Where others can write the directory, the appliance does not work in it. */
static void
test_snapshot_apart (void)
{
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *snapshot = NULL, *source = NULL, *info = NULL, *command = NULL;

  case_init (&c, "snapshot", "local");
  add_disk (&c, "a.img", "raw", "16M", 0xa1);
  source = in (c.source, "a.img");
  snapshot = in (c.out, "guest-sda");
  g_assert_cmpint (chmod (c.out, 0777), ==, 0);
  g_assert_true (case_begin (&c, NULL));
  g_assert_true (g_str_has_prefix (overlay (&c, 0), c.work));
  g_assert_cmpuint (count_names (c.out), ==, 0);
  guest_write (overlay (&c, 0), "qcow2", 0xa2, "1M", "64k");
  case_finish (&c);
  g_assert_cmpuint (count_names (c.work), ==, 0);
  g_assert_cmpuint (count_names (c.out), ==, 2);
  g_assert_true (guest_reads (snapshot, "qcow2", 0xa1, "0", "64k"));
  g_assert_true (guest_reads (snapshot, "qcow2", 0xa2, "1M", "64k"));
  command = g_strdup_printf ("qemu-img info --output=json %s", snapshot);
  g_assert_true (g_spawn_command_line_sync (command, &info, NULL, NULL, NULL));
  assert_has (info, source);
  case_clear (&c);

  /* A failure leaves nothing. */
  case_init (&c, "snapshot", "local");
  add_disk (&c, "a.img", "raw", "16M", 0xa1);
  g_assert_cmpint (chmod (c.out, 0777), ==, 0);
  g_assert_true (case_begin (&c, NULL));
  g_assert_true (v2v_storage_set_disk_sources (c.job, c.domain, &error));
  g_assert_true (c.storage->prepare (c.job, c.domain, &error));
  case_abandon (&c);
  g_assert_cmpuint (count_names (c.work), ==, 0);
  g_assert_cmpuint (count_names (c.out), ==, 0);
  case_clear (&c);
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
  g_assert_true (next == g_strrstr (xml, "<v2v:snapshot"));
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

/* libvirt shares disks in one format alone. */
static void
test_shared (void)
{
  static const struct {
    const char *format;
    gboolean stays;
  } formats[] = {{"raw", TRUE}, {"qcow2", FALSE}};
  Case c;
  g_autoptr (GError) error = NULL;

  case_init (&c, "copy", "local");
  add_disk (&c, "a.img", "raw", "16M", 1);
  g_assert_true (case_begin (&c, &error));
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++) {
    V2vStorageDisk *disk = c.job->disks->pdata[0];
    g_autofree char *text = NULL;
    xmlDoc *shared = xmlParseDoc (
        BAD_CAST
        "<domain><devices><disk><source file='x'/><shareable/></disk></devices></domain>");

    g_free (disk->result_format);
    disk->result_format = g_strdup (formats[i].format);
    g_assert_true (v2v_storage_set_disk_sources (c.job, shared, &error));
    text = v2v_xml_to_string (shared);
    g_assert_cmpint (strstr (text, "shareable") != NULL, ==, formats[i].stays);
    xmlFreeDoc (shared);
  }
  case_abandon (&c);
  case_clear (&c);
}

int
main (int argc, char **argv)
{
  setvbuf (stdout, NULL, _IOLBF, 0);
  g_test_init (&argc, &argv, NULL);
  v2v_log_setup (V2V_QUIET, -1);
  g_test_add_data_func ("/storage/copy/discarded/raw", "raw", test_copy_discarded);
  g_test_add_data_func ("/storage/copy/discarded/qcow2", "qcow2", test_copy_discarded);
  g_test_add_func ("/storage/trims", test_trims);
  g_test_add_func ("/storage/copy", test_copy);
  g_test_add_func ("/storage/snapshot", test_snapshot);
  g_test_add_func ("/storage/abandon", test_abandon);
  g_test_add_func ("/storage/exists", test_exists);
  g_test_add_func ("/storage/appears", test_appears);
  g_test_add_data_func ("/storage/swapped-meanwhile/copy", "copy", test_swapped_meanwhile);
  g_test_add_data_func ("/storage/swapped-meanwhile/snapshot", "snapshot",
                        test_swapped_meanwhile);
  g_test_add_data_func ("/storage/swapped-meanwhile/in-place", "in-place",
                        test_swapped_meanwhile);
  g_test_add_data_func ("/storage/swapped-pieces/flat", "monolithicFlat", test_swapped_pieces);
  g_test_add_data_func ("/storage/swapped-pieces/split", "twoGbMaxExtentSparse",
                        test_swapped_pieces);
  g_test_add_data_func ("/storage/swapped-pieces/many", "many", test_swapped_pieces);
  g_test_add_data_func ("/storage/swapped-pieces/beneath", "beneath", test_swapped_pieces);
  g_test_add_data_func ("/storage/swapped-pieces/data-file", "data-file", test_swapped_pieces);
  g_test_add_func ("/storage/data-file-of-snapshot", test_data_file_of_snapshot);
  g_test_add_data_func ("/storage/swapped-for-good/copy", "copy", test_swapped_for_good);
  g_test_add_data_func ("/storage/swapped-for-good/snapshot", "snapshot",
                        test_swapped_for_good);
  g_test_add_func ("/storage/target-swapped", test_target_swapped);
  g_test_add_func ("/storage/result-swapped", test_result_swapped);
  g_test_add_func ("/storage/snapshot-apart", test_snapshot_apart);
  g_test_add_func ("/storage/no-space-copy", test_no_space_copy);
  g_test_add_func ("/storage/snapshot-again", test_snapshot_again);
  g_test_add_func ("/storage/unrecorded", test_unrecorded);
  g_test_add_func ("/storage/plan", test_plan);
  g_test_add_func ("/storage/sources", test_sources);
  g_test_add_func ("/storage/shared", test_shared);
  return g_test_run ();
}
