/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Disks that are a part of a file, as they lie inside of an archive: examined and copied where
 * they are, and nothing else is done to them; and VMDK that are made of several files.
 */
#include "config.h"

#include "base/log.h"

#include "storage-case.h"

/* Adds a disk of 16 MiB in FORMAT that lies inside of the file "all". Returns its place. */
static V2vSlice
add_part (Case *c, const char *format, const char *options)
{
  g_autofree char *path = in (c->source, "part");
  g_autofree char *plain = in (c->source, "plain");
  g_autofree char *all = in (c->source, "all");
  g_autofree char *bytes = NULL;
  GString *text = g_string_new (NULL);
  V2vDomainDisk *disk = disk_new (all, format);
  gsize length;

  run ("qemu-img create -q -f raw %s 16M", plain);
  guest_write (plain, "raw", 0xa1, "0", "64k");
  guest_write (plain, "raw", 0xa3, "15M", "64k");
  run ("qemu-img convert -f raw -O %s %s %s %s", format, options, plain, path);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpint (g_unlink (path) + g_unlink (plain), ==, 0);
  for (guint i = 0; i < 1536; i++)
    g_string_append_c (text, 'x');
  g_string_append_len (text, bytes, (gssize)length);
  g_string_append (text, "what follows is no part of it");
  write_file (all, text->str, (gssize)text->len);
  g_string_free (text, TRUE);
  disk->target = (char *)"sda";
  disk->slice = (V2vSlice){1536, (gint64)length};
  g_ptr_array_add (c->disks, disk);
  g_string_append_printf (
      c->devices,
      "<disk type='file' device='disk'><driver name='qemu' type='%s'/><source file='%s'>"
      "<slices><slice type='storage' offset='%" G_GINT64_FORMAT "' size='%" G_GINT64_FORMAT
      "'/></slices></source><target dev='sda' bus='scsi'/></disk>",
      format, all, disk->slice.offset, disk->slice.length);
  return disk->slice;
}

static void
test_copy (gconstpointer format)
{
  const char *options = g_str_equal (format, "vmdk") ? "-o subformat=streamOptimized" : "";
  const char *to = g_str_equal (format, "raw") ? "raw" : "qcow2";
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *all = NULL, *before = NULL, *after = NULL, *result = NULL, *file = NULL,
                  *xml = NULL;

  case_init (&c, "copy", "local");
  add_part (&c, format, options);
  all = in (c.source, "all");
  before = checksum (all);
  g_assert_true (case_begin (&c, &error));
  g_assert_no_error (error);
  g_assert_cmpint (((V2vStorageDisk *)c.job->disks->pdata[0])->size, ==, 16 << 20);
  g_assert_true (guest_reads (overlay (&c, 0), "qcow2", 0xa1, "0", "64k"));
  guest_write (overlay (&c, 0), "qcow2", 0xa2, "1M", "64k");
  case_finish (&c);

  result = in (c.out, "guest-sda");
  g_assert_true (guest_reads (result, to, 0xa1, "0", "64k"));
  g_assert_true (guest_reads (result, to, 0xa2, "1M", "64k"));
  g_assert_true (guest_reads (result, to, 0xa3, "15M", "64k"));
  after = checksum (all);
  g_assert_cmpstr (before, ==, after);
  file = in (c.out, "guest.xml");
  xml = xml_of (file);
  g_assert_null (strstr (xml, "slice"));
  g_assert_null (strstr (xml, all));
  case_clear (&c);
}

/* VMDK in every kind that is made of several files, with its parents, copied by tools that get
 * a format for every layer. */
static void
test_vmdk (gconstpointer kind)
{
  gboolean parent = g_str_equal (kind, "parent");
  Case c;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL, *base = NULL, *middle = NULL, *result = NULL;

  case_init (&c, "copy", "local");
  path = in (c.source, "top.vmdk");
  base = in (c.source, "base.vmdk");
  middle = in (c.source, "top-000001.vmdk");
  if (parent) {
    run ("qemu-img create -q -f vmdk %s 16M", base);
    guest_write (base, "vmdk", 0xa1, "0", "64k");
    run ("qemu-img create -q -f vmdk -F vmdk -b %s %s", base, middle);
    guest_write (middle, "vmdk", 0xa3, "15M", "64k");
    run ("qemu-img create -q -f vmdk -F vmdk -b %s %s", middle, path);
  } else {
    run ("qemu-img create -q -f vmdk -o subformat=%s %s 16M", (const char *)kind, path);
    guest_write (path, "vmdk", 0xa1, "0", "64k");
    guest_write (path, "vmdk", 0xa3, "15M", "64k");
  }
  g_ptr_array_add (c.disks, disk_new (path, "vmdk"));
  g_string_append_printf (c.devices,
                          "<disk type='file' device='disk'><driver name='qemu' type='vmdk'/>"
                          "<source file='%s'/><target dev='sda' bus='scsi'/></disk>",
                          path);
  case_begin (&c, &error);
  g_assert_no_error (error);
  g_assert_cmpint (((V2vStorageDisk *)c.job->disks->pdata[0])->chain->len, ==, parent ? 3 : 1);
  guest_write (overlay (&c, 0), "qcow2", 0xa2, "1M", "64k");
  case_finish (&c);
  result = in (c.out, "guest-sda");
  g_assert_true (guest_reads (result, "qcow2", 0xa1, "0", "64k"));
  g_assert_true (guest_reads (result, "qcow2", 0xa2, "1M", "64k"));
  g_assert_true (guest_reads (result, "qcow2", 0xa3, "15M", "64k"));
  case_clear (&c);
}

/* Neither of them can be built on a part of a file, nor on one that was unpacked. */
static void
test_refused (gconstpointer storage)
{
  for (int unpacked = 0; unpacked <= 1; unpacked++) {
    Case c;
    g_autoptr (GError) error = NULL;

    case_init (&c, storage, "local");
    add_part (&c, "qcow2", "");
    if (unpacked) {
      V2vDomainDisk *disk = c.disks->pdata[0];

      disk->slice = (V2vSlice){0, 0};
      g_free (disk->path);
      disk->path = in (c.work, "disk.qcow2");
    }
    g_assert_false (case_begin (&c, &error));
    g_assert_error (error, V2V_ERROR, V2V_EXIT_USAGE);
    assert_has (error->message, "sda");
    assert_has (error->message, "--storage copy");
    assert_has (error->message, "unpack the archive");
    g_assert_cmpint (!strstr (error->message, c.source), ==, unpacked);
    case_abandon (&c);
    g_assert_cmpuint (count_names (c.out), ==, 0);
    case_clear (&c);
  }
}

/* The disk is refused, and TEXT is in the message. */
static void
examined (Case *c, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (v2v_examine_disk (c->disks->pdata[0], NULL, NULL, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  assert_has (error->message, text);
}

static void
test_examine (void)
{
  Case c;
  V2vDomainDisk *disk;
  V2vSlice whole;

  case_init (&c, "copy", "local");
  whole = add_part (&c, "qcow2", "");
  disk = c.disks->pdata[0];
  g_assert_true (v2v_examine_disk (disk, NULL, NULL, NULL));
  disk->slice.length += 512;
  examined (&c, "but the file has only");
  disk->slice.offset = G_MAXINT64 / 2;
  examined (&c, "but the file has only");
  disk->slice = whole;
  disk->slice.length--;
  examined (&c, "expected a multiple of 512");
  disk->slice = whole;
  disk->slice.offset -= 512;
  examined (&c, "said to be in the format qcow2");
  /* Where a raw disk begins, not where the file does, is where its header would be. */
  disk->slice = whole;
  g_free (disk->format);
  disk->format = g_strdup ("raw");
  examined (&c, "said to be raw");
  case_clear (&c);

  /* Its other parts are not found by any tool. */
  case_init (&c, "copy", "local");
  add_part (&c, "qcow2", "");
  {
    g_autofree char *base = in (c.source, "base");
    g_autofree char *all = in (c.source, "all");
    g_autofree char *top = in (c.source, "top");

    disk = c.disks->pdata[0];
    run ("qemu-img create -q -f raw %s 1M", base);
    run ("qemu-img create -q -f qcow2 -F raw -b %s %s", base, top);
    disk->slice = (V2vSlice){0, 196616 / 512 * 512};
    g_assert_cmpint (g_rename (top, all), ==, 0);
    examined (&c, "names another file");
  }
  case_clear (&c);
}

/* What was noted goes with the directory, the last first, and nothing else does. */
static void
test_below (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *directory = in (dir, "work");
  g_autofree char *sub = in (directory, "sub");
  g_autofree char *file = in (sub, "file");
  g_autofree char *other = in (dir, "work-other");

  v2v_temp_add (directory);
  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  v2v_temp_add (sub);
  g_assert_cmpint (g_mkdir (sub, 0700), ==, 0);
  v2v_temp_add (file);
  write_file (file, "x", 1);
  v2v_temp_add (other);
  write_file (other, "x", 1);
  v2v_temp_remove_below (directory);
  g_assert_false (g_file_test (directory, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (v2v_temp_list ()->len, ==, 1);
  v2v_temp_remove (other);
}

int
main (int argc, char **argv)
{
  setvbuf (stdout, NULL, _IOLBF, 0);
  g_test_init (&argc, &argv, NULL);
  v2v_log_setup (V2V_QUIET, -1);
  g_test_add_data_func ("/slices/copy/raw", "raw", test_copy);
  g_test_add_data_func ("/slices/copy/qcow2", "qcow2", test_copy);
  g_test_add_data_func ("/slices/copy/vmdk", "vmdk", test_copy);
  g_test_add_data_func ("/slices/vmdk/split-sparse", "twoGbMaxExtentSparse", test_vmdk);
  g_test_add_data_func ("/slices/vmdk/split-flat", "twoGbMaxExtentFlat", test_vmdk);
  g_test_add_data_func ("/slices/vmdk/flat", "monolithicFlat", test_vmdk);
  g_test_add_data_func ("/slices/vmdk/sparse", "monolithicSparse", test_vmdk);
  g_test_add_data_func ("/slices/vmdk/parents", "parent", test_vmdk);
  g_test_add_data_func ("/slices/refused/snapshot", "snapshot", test_refused);
  g_test_add_data_func ("/slices/refused/in-place", "in-place", test_refused);
  g_test_add_func ("/slices/examine", test_examine);
  g_test_add_func ("/slices/below", test_below);
  return g_test_run ();
}
