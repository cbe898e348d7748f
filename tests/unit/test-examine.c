/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of what is known of a disk before any tool opens it: headers that lie, chains that
 * leave their directory, disks in use.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "storage/examine.h"
#include "storage/image.h"

#include "disk-util.h"

#define MIB (1024 * 1024)

/* ---- what is expected ---- */

static gint64
accepted_with (V2vDomainDisk *disk, const V2vExamineOptions *options)
{
  g_autoptr (GError) error = NULL;
  gint64 size = 0;
  gboolean ok = v2v_examine_disk (disk, options, &size, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
  return size;
}

static gint64
accepted (const char *path, const char *format)
{
  g_autoptr (V2vDomainDisk) disk = disk_new (path, format);

  return accepted_with (disk, NULL);
}

/* The disk is refused with STATUS, and each of the parts (the last is NULL) is in the message.
 */
static void
refused_with (V2vDomainDisk *disk, const V2vExamineOptions *options, V2vExit status, ...)
{
  g_autoptr (GError) error = NULL;
  const char *part;
  va_list parts;

  g_assert_false (v2v_examine_disk (disk, options, NULL, &error));
  g_test_message ("%s", error->message);
  if (!g_error_matches (error, V2V_ERROR, (int)status))
    g_error ("status %d instead of %d: %s", error->code, status, error->message);
  va_start (parts, status);
  while ((part = va_arg (parts, const char *)))
    if (!strstr (error->message, part))
      g_error ("\"%s\" is not in: %s", part, error->message);
  va_end (parts);
}

#define refused(PATH, FORMAT, STATUS, ...)                                                     \
  do {                                                                                         \
    g_autoptr (V2vDomainDisk) refused_disk = disk_new (PATH, FORMAT);                          \
    refused_with (refused_disk, NULL, STATUS, __VA_ARGS__, NULL);                              \
  } while (0)

/* ---- images made by hand ---- */

static void
put32 (GByteArray *bytes, gsize at, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (bytes->data + at, &value, 4);
}

static void
put64 (GByteArray *bytes, gsize at, guint64 value)
{
  value = GUINT64_TO_BE (value);
  memcpy (bytes->data + at, &value, 8);
}

static void
append_extension (GByteArray *bytes, guint32 type, const char *text)
{
  gsize at = bytes->len;
  gsize length = strlen (text);

  g_byte_array_set_size (bytes, (guint)(at + 8 + ((length + 7) & ~(gsize)7)));
  memset (bytes->data + at, 0, bytes->len - at);
  put32 (bytes, at, type);
  put32 (bytes, at + 4, (guint32)length);
  memcpy (bytes->data + at + 8, text, length);
}

/* The header of an empty qcow2 of version 3. */
static GByteArray *
qcow2_header (guint64 size, const char *backing, const char *format)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_set_size (bytes, 104);
  memset (bytes->data, 0, bytes->len);
  put32 (bytes, 0, 0x514649fb);
  put32 (bytes, 4, 3);
  put32 (bytes, 20, 16);
  put64 (bytes, 24, size);
  put32 (bytes, 36, 1);
  put64 (bytes, 40, 3 * 65536);
  put64 (bytes, 48, 65536);
  put32 (bytes, 56, 1);
  put32 (bytes, 96, 4);
  put32 (bytes, 100, 104);
  if (format)
    append_extension (bytes, 0xe2792aca, format);
  append_extension (bytes, 0, "");
  if (backing) {
    put64 (bytes, 8, bytes->len);
    put32 (bytes, 16, (guint32)strlen (backing));
    g_byte_array_append (bytes, (const guint8 *)backing, (guint)strlen (backing));
  }
  return bytes;
}

static void
write_qcow2 (const char *path, const char *backing, const char *format)
{
  g_autoptr (GByteArray) bytes = qcow2_header (4 * MIB, backing, format);

  write_file (path, (const char *)bytes->data, bytes->len);
}

/* A raw disk of 1 MiB. */
static void
write_raw (const char *path)
{
  g_autofree char *bytes = g_malloc0 (MIB);

  write_file (path, bytes, MIB);
}

/* Writes BYTES over what is at OFFSET. */
static void
patch (const char *path, gint64 offset, const void *bytes, gsize length)
{
  int fd = open (path, O_WRONLY);

  g_assert_cmpint (pwrite (fd, bytes, length, offset), ==, (gssize)length);
  close (fd);
}

/* ---- plain disks ---- */

static void
test_formats (void)
{
  static const char *const formats[] = {"raw", "qcow2", "vmdk", "vdi", "vhdx", NULL};
  g_autofree char *dir = test_dir ();
  g_autofree char *old = in (dir, "old.qcow2");
  g_autofree char *vpc = in (dir, "disk.vpc");
  g_autofree char *fixed = in (dir, "fixed.vpc");

  for (int i = 0; formats[i]; i++) {
    g_autofree char *path = in (dir, formats[i]);

    run ("qemu-img create -q -f %s %s 16M", formats[i], path);
    g_assert_cmpint (accepted (path, formats[i]), ==, 16 * MIB);
  }
  run ("qemu-img create -q -f qcow2 -o compat=0.10 %s 16M", old);
  g_assert_cmpint (accepted (old, "qcow2"), ==, 16 * MIB);
  run ("qemu-img create -q -f vpc -o force_size=on %s 16M", vpc);
  g_assert_cmpint (accepted (vpc, "vpc"), ==, 16 * MIB);
  run ("qemu-img create -q -f vpc -o subformat=fixed,force_size=on %s 16M", fixed);
  g_assert_cmpint (accepted (fixed, "vpc"), ==, 16 * MIB);
}

static void
test_vmdk_kinds (void)
{
  static const char *const kinds[] = {"monolithicSparse",     "monolithicFlat",
                                      "twoGbMaxExtentSparse", "twoGbMaxExtentFlat",
                                      "streamOptimized",      NULL};

  for (int i = 0; kinds[i]; i++) {
    g_autofree char *dir = test_dir ();
    g_autofree char *path = in (dir, "disk.vmdk");

    run ("qemu-img create -q -f vmdk -o subformat=%s %s 16M", kinds[i], path);
    g_assert_cmpint (accepted (path, "vmdk"), ==, 16 * MIB);
  }
}

static void
test_no_disk (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *missing = in (dir, "missing");
  g_autofree char *empty = in (dir, "empty");
  g_autofree char *fifo = in (dir, "fifo");
  g_autofree char *raw = in (dir, "raw");

  refused (missing, "raw", V2V_EXIT_NOINPUT, missing);
  refused (dir, "raw", V2V_EXIT_DATA, "a directory");
  refused ("/dev/null", "raw", V2V_EXIT_DATA, "a character device");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  refused (fifo, "raw", V2V_EXIT_DATA, "a pipe");
  write_file (empty, "no disk", -1);
  refused (empty, "raw", V2V_EXIT_DATA, "7 bytes");
  write_raw (raw);
  refused (raw, "qcow2", V2V_EXIT_DATA, "said to be in the format qcow2", "may be raw");
  refused (raw, "luks", V2V_EXIT_DATA, "known are: raw, qcow2, vmdk, vdi, vhdx, vpc");
  refused (raw, "../\033[2J", V2V_EXIT_DATA, "\"../\\x1b[2J\" is not known");
}

/* ---- disks that lie ---- */

static void
test_raw_that_is_not (void)
{
  static const char *const formats[] = {"qcow2", "vmdk", "vdi",       "vhdx",
                                        "vpc",   "qed",  "parallels", NULL};
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "disk");

  write_qcow2 (path, "/etc/hostname", "raw");
  refused (path, "raw", V2V_EXIT_DATA, "said to be raw", "qcow2",
           "<driver name='qemu' type='qcow2'/>");
  for (int i = 0; formats[i]; i++) {
    run ("qemu-img create -q -f %s %s 16M", formats[i], path);
    refused (path, "raw", V2V_EXIT_DATA, "said to be raw", formats[i],
             i < 5 ? "<driver name" : "convert it first");
    g_assert_cmpint (unlink (path), ==, 0);
  }
  run ("qemu-img create -q -f vmdk -o subformat=monolithicFlat %s 16M", path);
  refused (path, "raw", V2V_EXIT_DATA, "said to be raw", "vmdk");
}

static void
test_vmdk_lies (void)
{
#define HEAD                                                                                   \
  "# Disk "                                                                                    \
  "DescriptorFile\nversion=1\nCID=123a4567\nparentCID=ffffffff\ncreateType="                   \
  "\"monolithicFlat\"\n"
  static const struct {
    const char *text;
    const char *message;
  } cases[] = {
      {HEAD "RW 32768 FLAT \"/etc/hostname\" 0\n", "--allow-backing /etc/hostname"},
      {HEAD "RW 32768 FLAT \"../../../../../../../../etc/hostname\" 0\n", "--allow-backing"},
      {HEAD " \t RW 32768 FLAT \"/etc/hostname\" 0\n", "--allow-backing"},
      {HEAD "RW 32768 VMFS \"/etc/hostname\"\n", "--allow-backing"},
      {HEAD "RW 32768 SPARSE \"/etc/hostname\"\n", "--allow-backing"},
      {HEAD "RW 32768 FLAT \"nbd:localhost:10809\" 0\n", "protocol \"nbd\""},
      {HEAD "RW 32768 FLAT \"json:{}\" 0\n", "protocol \"json\""},
      {HEAD "RW 32768 FLAT\n\"/etc/hostname\" 0\n", "without a file"},
      {HEAD "RW\n32768 FLAT \"/etc/hostname\" 0\n", "no extent"},
      {HEAD "RW 32768 FLAT \"/etc/hostname\" 0 =\n", "no extent"},
      {HEAD "\vRW 32768 FLAT \"/etc/hostname\" 0 = x\n", "control character"},
      {HEAD "RW 32768 OTHER \"/etc/hostname\" 0\n", "type that is not supported"},
      {HEAD "RDONLY 32768 FLAT \"/etc/hostname\" 0\n", "not readable and writable"},
      {HEAD "RW 32768 ZERO\n", "without a file"},
      {HEAD "RW 99999999999999 FLAT \"flat\" 0\n", "larger than 1 PiB"},
      {HEAD "RW 2048 FLAT \"flat\" 0\nparentFileNameHint=\"/etc/hostname\"\n",
       "--allow-backing"},
      {HEAD "RW 2048 FLAT \"flat\" 0\n#parentFileNameHint=\"/etc/hostname\"\n",
       "hides a parent"},
      {HEAD "RW 2048 FLAT \"flat\" 0\nx=\"parentFileNameHint=\"/etc/hostname\"\"\n",
       "hides a parent"},
      {HEAD "RW 2048 FLAT \"flat\" 0\nparentFileNameHint = \"/etc/hostname\"\n",
       "expected: parent"},
      {HEAD
       "RW 2048 FLAT \"flat\" 0\nparentFileNameHint=\"flat\"\nparentFileNameHint=\"flat\"\n",
       "second"},
      {HEAD "RW 2048 FLAT \"flat\" 0\nanything\n", "neither KEY=VALUE"},
      {HEAD, "names no extent"},
  };
#undef HEAD
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "disk.vmdk");
  g_autofree char *flat = in (dir, "flat");
  g_autofree char *nul = NULL;

  write_raw (flat);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    write_file (path, cases[i].text, -1);
    refused (path, "vmdk", V2V_EXIT_DATA, path, cases[i].message);
  }
  nul = g_strconcat (cases[0].text, "x\nx", NULL);
  nul[strlen (nul) - 2] = '\0';
  write_file (path, nul, (gssize)strlen (cases[0].text) + 3);
  refused (path, "vmdk", V2V_EXIT_DATA, "holds a NUL");
  /* The same disk without lies. */
  write_file (path, "# Disk DescriptorFile\nversion=1\nCID=1\nRW 2048 FLAT \"flat\" 0\n", -1);
  g_assert_cmpint (accepted (path, "vmdk"), ==, MIB);
}

/* A sparse extent whose header leads to a descriptor elsewhere, or that hides a parent. */
static void
test_vmdk_sparse_lies (void)
{
  static const guint64 zero = 0, sector = GUINT64_TO_LE (40);
  static const char hint[] = "parentFileNameHint=\"/etc/hostname\"\n";
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "disk.vmdk");
  g_autofree char *descriptor = in (dir, "outer.vmdk");

  run ("qemu-img create -q -f vmdk %s 16M", path);
  patch (path, 12, &zero, sizeof zero);
  refused (path, "vmdk", V2V_EXIT_DATA, "capacity");
  /* Nor is that possible one level down. */
  write_file (descriptor, "# Disk DescriptorFile\nversion=1\nRW 32768 SPARSE \"disk.vmdk\"\n",
              -1);
  refused (descriptor, "vmdk", V2V_EXIT_DATA, "capacity");

  run ("qemu-img create -q -f vmdk %s 16M", path);
  patch (path, 28, &sector, sizeof sector);
  refused (path, "vmdk", V2V_EXIT_DATA, "descriptor", "sector 40");

  run ("qemu-img create -q -f vmdk %s 16M", path);
  patch (path, 512 + 8192, hint, sizeof hint);
  refused (path, "vmdk", V2V_EXIT_DATA, "hides a parent");

  run ("qemu-img create -q -f vmdk %s 16M", path);
  patch (path, 512, hint, sizeof hint);
  refused (path, "vmdk", V2V_EXIT_DATA, "--allow-backing /etc/hostname");
}

static void
test_data_file (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *outside = test_dir ();
  g_autofree char *path = in (dir, "disk.qcow2");
  g_autofree char *data = in (outside, "data");
  g_autofree char *near = in (dir, "near");

  run ("qemu-img create -q -f qcow2 -o data_file=%s %s 16M", data, path);
  refused (path, "qcow2", V2V_EXIT_DATA, "data file", data, "--allow-backing");
  run ("qemu-img create -q -f qcow2 -o data_file=%s %s 16M", near, path);
  g_assert_cmpint (accepted (path, "qcow2"), ==, 16 * MIB);
}

/* Tools find a piece in another directory by its path; if somebody else can change where that
 * leads, it is refused. */
static void
test_pieces_elsewhere (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *outside = test_dir ();
  g_autofree char *path = in (dir, "disk.vmdk");
  g_autofree char *piece = in (outside, "piece");
  g_autofree char *text =
      g_strdup_printf ("# Disk DescriptorFile\nversion=1\nCID=12345678\nparentCID=ffffffff\n"
                       "createType=\"twoGbMaxExtentFlat\"\nRW 2048 FLAT \"%s\" 0\n",
                       piece);
  const char *const allowed[] = {outside, NULL};

  g_autoptr (V2vDomainDisk) disk = disk_new (path, "vmdk");
  V2vExamineOptions options = {.allow_backing = allowed};

  run ("qemu-img create -q -f raw %s 1M", piece);
  write_file (path, text, -1);
  g_assert_cmpint (accepted_with (disk, &options), ==, MIB);
  if (geteuid () != 0)
    return;
  g_assert_cmpint (chown (piece, 1001, 1001), ==, 0);
  refused_with (disk, &options, V2V_EXIT_DATA, "another user could replace it", piece, NULL);
  g_assert_cmpint (chown (piece, 0, 0), ==, 0);
  g_assert_cmpint (chown (outside, 1001, 1001), ==, 0);
  refused_with (disk, &options, V2V_EXIT_DATA, "another user could replace it", piece, NULL);
  g_assert_cmpint (chown (outside, 0, 0), ==, 0);
  g_assert_cmpint (accepted_with (disk, &options), ==, MIB);
}

static void
test_protocols (void)
{
  static const struct {
    const char *name, *message;
  } cases[] = {
      {"json:{\"driver\":\"file\",\"filename\":\"/etc/hostname\"}", "protocol \"json\""},
      {"nbd:unix:/tmp/s", "protocol \"nbd\""},
      {"nbd+unix:///x?socket=/tmp/s", "protocol \"nbd+unix\""},
      {"http://localhost/", "protocol \"http\""},
      {"file:/etc/hostname", "protocol \"file\""},
      {"fat:rw:/etc", "protocol \"fat\""},
      {"base\033[2J", "control character"},
  };
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "disk.qcow2");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    write_qcow2 (path, cases[i].name, "raw");
    refused (path, "qcow2", V2V_EXIT_DATA, cases[i].message);
  }
}

static void
test_qcow2_damage (void)
{
  static const struct {
    gsize at;
    guint32 value;
    const char *message;
  } cases[] = {
      {4, 4, "version 4"},
      {20, 8, "2^8"},
      {20, 22, "2^22"},
      {20, 0xffffffff, "2^4294967295"},
      {24, 0x00100000, "1 PiB"},
      {24, 0xffffffff, "1 PiB"},
      {32, 1, "encrypted"},
      {32, 2, "encrypted"},
      {76, 2, "corrupt"},
      {76, 4, "does not name"},
      {76, 0x20, "bits 0x20"},
      {72, 0x80000000, "bits 0x8"},
      {100, 40, "40 bytes"},
      {100, 0xfffffff0, "bytes"},
      {8, 0x7fffffff, "first cluster"},
      {16, 2000, "2000 bytes"},
      {16, 0, "0 bytes"},
      {108, 0xfffffff0, "there is room for"},
  };
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "disk.qcow2");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GByteArray) bytes = qcow2_header (4 * MIB, "base", "raw");

    put32 (bytes, cases[i].at, cases[i].value);
    write_file (path, (const char *)bytes->data, bytes->len);
    refused (path, "qcow2", V2V_EXIT_DATA, path, cases[i].message);
  }
  {
    g_autoptr (GByteArray) bytes = qcow2_header (100, NULL, NULL);

    write_file (path, (const char *)bytes->data, bytes->len);
    refused (path, "qcow2", V2V_EXIT_DATA, "100 bytes");
  }
}

static void
test_cut_short (void)
{
  static const char *const formats[] = {"qcow2", "vmdk", "vdi", "vhdx", "vpc", NULL};
  static const off_t lengths[] = {68, 80, 200, 500, 70000, 197000};
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "disk");

  for (int i = 0; formats[i]; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (lengths); j++) {
      g_autoptr (V2vDomainDisk) disk = disk_new (path, formats[i]);
      g_autoptr (GError) error = NULL;
      struct stat st;

      run ("qemu-img create -q -f %s %s 16M", formats[i], path);
      g_assert_cmpint (stat (path, &st), ==, 0);
      if (lengths[j] >= st.st_size)
        continue;
      g_assert_cmpint (truncate (path, lengths[j]), ==, 0);
      if (!v2v_examine_disk (disk, NULL, NULL, &error))
        g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
      else
        g_assert_cmpint (lengths[j], >, 500); /* the whole header is still there */
    }
}

static void
test_differencing (void)
{
  static const guint32 vdi_type = GUINT32_TO_LE (4);
  static const guchar uuid = 1, vpc_type = 4;
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "disk");
  g_autofree char *bytes = NULL;
  static const guchar parameters[16] = {0x37, 0x67, 0xa1, 0xca, 0x36, 0xfa, 0x43, 0x4d,
                                        0xb3, 0xb6, 0x33, 0xf0, 0xaa, 0x44, 0xe7, 0x6b};
  char *entry;
  gsize length;
  guint32 item;
  static const guchar has_parent = 2;

  run ("qemu-img create -q -f vdi %s 16M", path);
  patch (path, 0x4c, &vdi_type, 4);
  refused (path, "vdi", V2V_EXIT_DATA, "difference to a parent");
  run ("qemu-img create -q -f vdi %s 16M", path);
  patch (path, 0x1a8, &uuid, 1);
  refused (path, "vdi", V2V_EXIT_DATA, "difference to a parent");

  run ("qemu-img create -q -f vpc %s 16M", path);
  patch (path, 63, &vpc_type, 1);
  refused (path, "vpc", V2V_EXIT_DATA, "difference to a parent");

  run ("qemu-img create -q -f vhdx %s 16M", path);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  entry = memmem (bytes, length, parameters, 16);
  g_assert_nonnull (entry);
  memcpy (&item, entry + 16, 4);
  /* The offset counts from the metadata region, which begins at a multiple of 1 MiB. */
  patch (path, ((entry - bytes) / MIB) * (gint64)MIB + GUINT32_FROM_LE (item) + 4, &has_parent,
         1);
  refused (path, "vhdx", V2V_EXIT_DATA, "difference to a parent");
}

/* ---- chains ---- */

static void
test_chain_places (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *outside = test_dir ();
  g_autofree char *below = in (dir, "below");
  g_autofree char *path = in (dir, "disk.qcow2");
  g_autofree char *near = in (dir, "base.img");
  g_autofree char *far = in (outside, "base.img");
  g_autofree char *deep = in (below, "base.img");
  g_autofree char *link = in (dir, "link.img");
  g_autofree char *other = in (outside, "disk.qcow2");
  const char *const allow_file[] = {far, NULL};
  const char *const allow_dir[] = {outside, NULL};
  const char *const allow_missing[] = {"/nonexistent/x", NULL};
  g_autoptr (V2vDomainDisk) disk = disk_new (path, "qcow2");

  g_assert_cmpint (g_mkdir (below, 0700), ==, 0);
  write_raw (near);
  write_raw (far);
  write_raw (deep);
  write_qcow2 (path, "base.img", "raw");
  g_assert_cmpint (accepted_with (disk, NULL), ==, 4 * MIB);
  write_qcow2 (path, near, "raw");
  accepted_with (disk, NULL);
  /* Beneath the directory is not in it: think of a disk in a home directory. */
  write_qcow2 (path, "below/base.img", "raw");
  refused_with (disk, NULL, V2V_EXIT_DATA, "outside of the disk's directory", NULL);

  write_qcow2 (path, far, "raw");
  refused_with (disk, NULL, V2V_EXIT_DATA, "backing file", far, "--allow-backing", NULL);
  accepted_with (disk, &(V2vExamineOptions){.allow_backing = allow_file});
  accepted_with (disk, &(V2vExamineOptions){.allow_backing = allow_dir});
  refused_with (disk, &(V2vExamineOptions){.allow_backing = allow_missing}, V2V_EXIT_DATA, far,
                NULL);
  g_ptr_array_add (disk->backing, g_strdup (far));
  accepted_with (disk, NULL);
  g_ptr_array_set_size (disk->backing, 0);

  /* A link in the directory is where it leads to. */
  g_assert_cmpint (symlink (far, link), ==, 0);
  write_qcow2 (path, "link.img", "raw");
  refused_with (disk, NULL, V2V_EXIT_DATA, link, far, NULL);

  /* What does not exist is told from what is forbidden by nothing but its name. */
  write_qcow2 (path, "/nonexistent/base", "raw");
  refused_with (disk, NULL, V2V_EXIT_DATA, "/nonexistent/base", NULL);

  /* A disk that is reached by a link may be made of files of either directory. */
  write_qcow2 (other, "base.img", "raw");
  g_assert_cmpint (unlink (path), ==, 0);
  g_assert_cmpint (symlink (other, path), ==, 0);
  accepted_with (disk, NULL);
}

static void
give (const char *path, guint owner, guint mode)
{
  g_assert_cmpint (chmod (path, mode), ==, 0);
  g_assert_cmpint (chown (path, owner, owner), ==, 0);
}

/* In a directory of several users, a header reads no files of others for whoever made it. */
static void
test_chain_owners (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "disk.qcow2"), *base = in (dir, "base.img");
  g_autofree char *link = in (dir, "link.qcow2");
  g_autoptr (V2vDomainDisk) disk = disk_new (path, "qcow2"), linked = disk_new (link, "qcow2");
  const char *const allow[] = {base, NULL};

  if (geteuid () != 0) {
    g_test_skip ("only root can give files to other users");
    return;
  }
  write_raw (base);
  write_qcow2 (path, "base.img", "raw");
  give (path, 1001, 0600);
  give (base, 1002, 0644);
  /* A directory of root's: whoever put the files there answers for them. */
  g_assert_cmpint (chmod (dir, 0755), ==, 0);
  accepted_with (disk, NULL);
  for (guint i = 0; i < 3; i++) {
    give (dir, i == 2 ? 1001 : 0, i == 1 ? 01777 : 0775);
    give (base, 1002, 0644);
    refused_with (disk, NULL, V2V_EXIT_DATA, "belongs to the user 1002", "the user 1001",
                  "--allow-backing", NULL);
    accepted_with (disk, &(V2vExamineOptions){.allow_backing = allow});
    give (base, 1001, 0600);
    accepted_with (disk, NULL);
    give (base, 0, 0640);
    refused_with (disk, NULL, V2V_EXIT_DATA, "belongs to the user 0", NULL);
    give (base, 0, 0644);
    accepted_with (disk, NULL);
  }
  /* A link of another user is not followed to the disk. */
  g_assert_cmpint (symlink (path, link), ==, 0);
  g_assert_cmpint (lchown (link, 1001, 1001), ==, 0);
  refused_with (linked, NULL, V2V_EXIT_NOPERM, "the link link.qcow2 on this path", NULL);
  give (dir, 0, 0755);
  accepted_with (linked, NULL);
}

static void
test_chain_formats (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "disk.qcow2");
  g_autofree char *base = in (dir, "base");
  g_autoptr (V2vDomainDisk) disk = disk_new (path, "qcow2");
  g_autoptr (GPtrArray) layers = NULL;

  /* Not recorded: recognised by what it begins with, but never as raw. */
  write_qcow2 (path, "base", NULL);
  write_raw (base);
  refused_with (disk, NULL, V2V_EXIT_DATA, "not its format", "qemu-img rebase -u -b",
                "-F FORMAT", NULL);
  write_qcow2 (base, NULL, NULL);
  layers = v2v_examine_chain (disk, NULL, NULL);
  g_assert_nonnull (layers);
  g_assert_cmpuint (layers->len, ==, 2);
  g_assert_cmpstr (((V2vLayer *)layers->pdata[1])->format, ==, "qcow2");
  g_assert_false (((V2vLayer *)layers->pdata[1])->recorded);
  /* Recorded, and a lie. */
  write_qcow2 (path, "base", "raw");
  refused_with (disk, NULL, V2V_EXIT_DATA, base, "said to be raw", NULL);
  write_qcow2 (path, "base", "nbd");
  refused_with (disk, NULL, V2V_EXIT_DATA, "\"nbd\" is not known", NULL);
}

static void
test_chain_length (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *first = in (dir, "0");
  g_autofree char *last = NULL;

  for (int i = 0; i < 70; i++) {
    g_autofree char *name = g_strdup_printf ("%d", i);
    g_autofree char *next = g_strdup_printf ("%d", i + 1);
    g_autofree char *path = in (dir, name);

    write_qcow2 (path, next, "qcow2");
    if (i == 63)
      last = g_strdup (path);
  }
  refused (first, "qcow2", V2V_EXIT_DATA, "more than 63 backing files");
  write_qcow2 (last, NULL, NULL);
  accepted (first, "qcow2");
  /* Round and round, also by another name. */
  write_qcow2 (last, "0", "qcow2");
  refused (first, "qcow2", V2V_EXIT_DATA, "which has no end");
  write_qcow2 (first, "./0", "qcow2");
  refused (first, "qcow2", V2V_EXIT_DATA, "which has no end");
}

/* Names in an image on a block device are never allowed by their directory. */
static void
test_block_device (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *image = in (dir, "image");
  g_autofree char *command = g_strdup_printf ("losetup --read-only --find --show %s", image);
  g_autofree char *device = NULL;
  g_autoptr (V2vDomainDisk) disk = NULL;
  int status = 1;

  run ("qemu-img create -q -u -f qcow2 -b /dev/null -F raw %s 1M", image);
  run ("truncate -s 1M %s", image);
  if (geteuid () != 0 || !g_spawn_command_line_sync (command, &device, NULL, &status, NULL) ||
      status != 0) {
    g_test_skip ("no loop device can be made here");
    return;
  }
  disk = disk_new (g_strchomp (device), "qcow2");
  refused_with (disk, NULL, V2V_EXIT_DATA, "/dev/null", "outside", NULL);
  refused (device, "raw", V2V_EXIT_DATA, "said to be raw");
  run ("losetup -d %s", device);
}

/* ---- in use ---- */

/* A process that opens PATH with FLAGS, locks the byte LOCK of it if that is not 0, and waits
 * to be killed. */
static pid_t
holder (const char *path, int flags, int lock)
{
  int fds[2];
  char byte;
  pid_t pid;

  g_assert_cmpint (pipe (fds), ==, 0);
  pid = fork ();
  if (pid == 0) {
    struct flock wanted = {
        .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = lock, .l_len = 1};
    int fd = open (path, flags);

    if (fd < 0 || (lock && fcntl (fd, F_OFD_SETLK, &wanted) < 0) || write (fds[1], "x", 1) != 1)
      _exit (1);
    pause ();
    _exit (0);
  }
  close (fds[1]);
  g_assert_cmpint (read (fds[0], &byte, 1), ==, 1);
  close (fds[0]);
  return pid;
}

static void
release (pid_t pid)
{
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}

static void
test_in_use (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "disk.qcow2");
  g_autofree char *base = in (dir, "base");
  g_autoptr (V2vDomainDisk) disk = disk_new (path, "qcow2");
  g_autofree char *number = NULL;
  pid_t pid;

  write_raw (base);
  write_qcow2 (path, "base", "raw");
  pid = holder (path, O_RDONLY, 0);
  accepted_with (disk, NULL);
  release (pid);

  pid = holder (path, O_RDWR, 0);
  number = g_strdup_printf ("process %d (", (int)pid);
  refused_with (disk, NULL, V2V_EXIT_TEMPFAIL, number, "--allow-in-use", NULL);
  accepted_with (disk, &(V2vExamineOptions){.allow_in_use = TRUE});
  release (pid);
  accepted_with (disk, NULL);

  /* A backing file that changes is as bad. */
  pid = holder (base, O_WRONLY, 0);
  refused_with (disk, NULL, V2V_EXIT_TEMPFAIL, base, NULL);
  release (pid);

  /* A lock, from a process that cannot be seen to write: one for writing, one for reading. */
  pid = holder (path, O_RDONLY, 101);
  refused_with (disk, NULL, V2V_EXIT_TEMPFAIL, "locked for writing", NULL);
  release (pid);
  pid = holder (path, O_RDONLY, 100);
  accepted_with (disk, NULL);
  release (pid);
}

static void
test_in_use_loop (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "disk");
  g_autofree char *command = g_strdup_printf ("losetup --find --show %s", path);
  g_autofree char *device = NULL;
  int status = 1;

  write_raw (path);
  if (geteuid () != 0 || !g_spawn_command_line_sync (command, &device, NULL, &status, NULL) ||
      status != 0) {
    g_test_skip ("no loop device can be made here");
    return;
  }
  refused (path, "raw", V2V_EXIT_TEMPFAIL, g_strchomp (device), "losetup -d");
  run ("losetup -d %s", device);
}

/* ---- headers with errors thrown in ---- */

/* Reads what is in FD by every reader: each answers or refuses, and never both. */
static void
read_all_ways (int fd, const char *format)
{
  V2vImageFile file;

  g_assert_true (v2v_image_file_init (&file, fd, "mutant", NULL));
  for (int i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (V2vImage) image =
        i ? v2v_image_read_extent (&file, &error) : v2v_image_read (&file, format, &error);

    g_assert_true (!image == !!error);
    if (error)
      g_assert_cmpint (error->domain, ==, V2V_ERROR);
    if (!image)
      continue;
    g_assert_cmpint (image->size, >=, 512);
    g_assert_cmpint (image->size, <=, V2V_IMAGE_SIZE_MAX);
    for (guint j = 0; j < image->members->len; j++) {
      const V2vMember *member = image->members->pdata[j];

      g_assert_true (g_utf8_validate (member->name, -1, NULL));
      g_assert_false (g_str_has_prefix (member->name, "json:"));
    }
  }
}

static gboolean
ignore_range (gint64 offset, gint64 length, gpointer data, GError **error G_GNUC_UNUSED)
{
  gint64 *end = data;

  g_assert_cmpint (offset, >=, *end);
  g_assert_cmpint (length, >, 0);
  *end = offset + length;
  return TRUE;
}

/* The stretches of SEED in which a change matters. */
typedef struct {
  gsize begin, end;
} Region;

static void
mutate (const char *seed_path, const char *format, const Region *regions, guint count,
        GRand *random)
{
  g_autofree char *seed = NULL;
  gsize length;
  int fd = memfd_create ("mutant", MFD_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (g_file_get_contents (seed_path, &seed, &length, NULL));
  g_assert_cmpint (write (fd, seed, length), ==, (gssize)length);
  read_all_ways (fd, format);
  for (int round = 0; round < 3000; round++) {
    gsize at[8];
    guint changes = (guint)g_rand_int_range (random, 1, 9);

    for (guint i = 0; i < changes; i++) {
      const Region *region = &regions[g_rand_int_range (random, 0, (gint32)count)];
      static const guchar favourites[] = {0, 1, 0x7f, 0x80, 0xff, '"', '\n', '=', ':', '/'};
      guchar byte = g_rand_boolean (random)
                        ? favourites[g_rand_int_range (random, 0, G_N_ELEMENTS (favourites))]
                        : (guchar)g_rand_int (random);

      at[i] = (gsize)g_rand_int_range (random, (gint32)region->begin,
                                       (gint32)MIN (region->end, length));
      g_assert_cmpint (pwrite (fd, &byte, 1, (off_t)at[i]), ==, 1);
    }
    if (round % 16 == 0)
      g_assert_cmpint (ftruncate (fd, g_rand_int_range (random, 0, (gint32)length)), ==, 0);
    read_all_ways (fd, format);
    if (g_str_equal (format, "qcow2")) {
      V2vImageFile file;
      gint64 end = 0;

      g_assert_true (v2v_image_file_init (&file, fd, "mutant", NULL));
      v2v_qcow2_each_allocated (&file, ignore_range, &end, NULL);
    }
    if (round % 16 == 0) {
      g_assert_cmpint (pwrite (fd, seed, length, 0), ==, (gssize)length);
      continue;
    }
    for (guint i = 0; i < changes; i++)
      g_assert_cmpint (pwrite (fd, seed + at[i], 1, (off_t)at[i]), ==, 1);
  }
  close (fd);
}

static void
test_mutants (void)
{
  static const struct {
    const char *format, *options;
    Region regions[3];
    guint count;
  } seeds[] = {
      {"qcow2", "-o cluster_size=4k", {{0, 104}, {104, 400}, {4096, 20000}}, 3},
      {"qcow2", "-u -b base -F qcow2 -o cluster_size=512", {{0, 104}, {104, 400}}, 2},
      {"vmdk", "", {{0, 80}, {512, 1200}}, 2},
      {"vmdk", "-o subformat=monolithicFlat", {{0, 500}}, 1},
      {"vdi", "", {{0, 512}}, 1},
      {"vhdx", "", {{0, 16}, {192 * 1024, 192 * 1024 + 96}, {2 * MIB, 2 * MIB + 400}}, 3},
      {"vpc", "", {{0, 512}}, 1},
  };
  GRand *random = g_rand_new_with_seed (20240229);

  for (gsize i = 0; i < G_N_ELEMENTS (seeds); i++) {
    g_autofree char *dir = test_dir ();
    g_autofree char *path = in (dir, "seed");

    run ("qemu-img create -q -f %s %s %s 1M", seeds[i].format, seeds[i].options, path);
    mutate (path, seeds[i].format, seeds[i].regions, seeds[i].count, random);
  }
  g_rand_free (random);
}

/* ---- the limited process ---- */

static void
test_limited (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "disk");
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vImage) image = NULL;
  const char *format = "unset";
  const V2vMember *member;
  int fd;

  write_qcow2 (path, "some base", "raw");
  fd = open (path, O_RDONLY);
  image = v2v_image_read_limited (fd, path, NULL, NULL, FALSE, &format, &error);
  g_assert_no_error (error);
  g_assert_nonnull (image);
  g_assert_cmpstr (format, ==, "qcow2");
  g_assert_cmpint (image->size, ==, 4 * MIB);
  g_assert_cmpuint (image->members->len, ==, 1);
  member = image->members->pdata[0];
  g_assert_cmpint (member->role, ==, V2V_MEMBER_BACKING);
  g_assert_cmpstr (member->name, ==, "some base");
  g_assert_cmpstr (member->format, ==, "raw");
  close (fd);
  /* Nothing that is read is an error, too. */
  g_clear_pointer (&image, v2v_image_free);
  image = v2v_image_read_limited (-1, path, NULL, "qcow2", FALSE, &format, &error);
  g_assert_null (image);
  g_assert_error (error, V2V_ERROR, V2V_EXIT_IOERR);
}

int
main (int argc, char **argv)
{
  setvbuf (stdout, NULL, _IOLBF, 0);
  g_test_init (&argc, &argv, NULL);
  v2v_log_setup (V2V_QUIET, -1);
  g_test_add_func ("/examine/formats", test_formats);
  g_test_add_func ("/examine/vmdk-kinds", test_vmdk_kinds);
  g_test_add_func ("/examine/no-disk", test_no_disk);
  g_test_add_func ("/examine/raw-that-is-not", test_raw_that_is_not);
  g_test_add_func ("/examine/vmdk-lies", test_vmdk_lies);
  g_test_add_func ("/examine/vmdk-sparse-lies", test_vmdk_sparse_lies);
  g_test_add_func ("/examine/data-file", test_data_file);
  g_test_add_func ("/examine/pieces-elsewhere", test_pieces_elsewhere);
  g_test_add_func ("/examine/protocols", test_protocols);
  g_test_add_func ("/examine/qcow2-damage", test_qcow2_damage);
  g_test_add_func ("/examine/cut-short", test_cut_short);
  g_test_add_func ("/examine/differencing", test_differencing);
  g_test_add_func ("/examine/chain-places", test_chain_places);
  g_test_add_func ("/examine/chain-owners", test_chain_owners);
  g_test_add_func ("/examine/chain-formats", test_chain_formats);
  g_test_add_func ("/examine/chain-length", test_chain_length);
  g_test_add_func ("/examine/block-device", test_block_device);
  g_test_add_func ("/examine/in-use", test_in_use);
  g_test_add_func ("/examine/in-use-loop", test_in_use_loop);
  g_test_add_func ("/examine/mutants", test_mutants);
  g_test_add_func ("/examine/limited", test_limited);
  return g_test_run ();
}
