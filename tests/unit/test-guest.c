/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The session with a guest and what scripts do in it: one appliance for all tests, over small
 * disks that are made without one. They run in the order of main ().
 */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "convert/handover.h"
#include "guest/internal.h"
#include "lua-util.h"
#include "metadata/domain.h"

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (xmlDocPtr, xmlFreeDoc, NULL)

static char *work;
static V2vGuest *guest;
static const char *host_files[2];
static Lab lab;
static gboolean have_luks;

#define FSTAB                                                                                  \
  "# a comment\n"                                                                              \
  "/dev/xvda1 / ext4 defaults 0 1\n"                                                           \
  "LABEL=boot\t/boot ext4 defaults 0 2\n"                                                      \
  "/dev/xvda3 none swap sw 0 0\n"                                                              \
  "/dev/xvdz9 /gone ext4 defaults 0 2\n"                                                       \
  "server:/x /y nfs defaults 0 0\n"

static void run (const char *format, ...) G_GNUC_PRINTF (1, 2);

static void
run (const char *format, ...)
{
  g_autofree char *command = NULL;
  va_list args;

  va_start (args, format);
  command = g_strdup_vprintf (format, args);
  va_end (args);
  if (system (command) != 0)
    g_error ("failed: %s", command);
}

static void
put (const char *path, const char *text)
{
  g_autofree char *full = g_build_filename (work, "tree", path, NULL);
  g_autofree char *dir = g_path_get_dirname (full);

  g_assert_cmpint (g_mkdir_with_parents (dir, 0755), ==, 0);
  g_assert_true (g_file_set_contents (full, text, -1, NULL));
}

/* A root that is a whole disk called xvda1, /boot on a second one called xvda2, swap on a
 * third, and an encrypted one. */
static void
make_disks (void)
{
  static const char header[] = "#!/bin/sh\n";

  put ("etc/fstab", FSTAB);
  put ("etc/os-release", "ID=mylinux\nID_LIKE=debian\nNAME=My\nPRETTY_NAME=\"My Linux 3\"\n"
                         "VERSION_ID=3\n");
  put ("etc/hosts", "127.0.0.1 localhost\n");
  put ("etc/broken.conf", "this is = [ no ( fstab\n");
  put ("usr/bin/tool", header);
  put ("usr/sbin/daemon", header);
  put ("data/lines", "one\r\ntwo\n\nfour");
  put ("data/empty", "");
  put ("var/log/x", "x");
  run ("cd '%s/tree' && mkdir -p lib boot bin && ln -s usr/sbin sbin && ln -s /etc/hosts "
       "absolute "
       "&& ln -s /nonexistent dangling && ln -s loop loop && ln -s data/lines link "
       "&& cp /bin/busybox bin/sh && ln -s sh bin/echo && ln -s sh bin/cat && ln -s sh bin/sed "
       "&& truncate -s 40M data/huge && head -c 5000000 /dev/zero | tr '\\0' y > data/big",
       work);
  run ("cd '%s' && truncate -s 96M root.img && mkfs.ext4 -q -d tree root.img "
       "&& mkdir empty && truncate -s 256M boot.img && mkfs.ext4 -q -L boot -d empty boot.img "
       "&& truncate -s 16M swap.img && mkswap swap.img >/dev/null 2>&1",
       work);
  have_luks = system ("command -v cryptsetup >/dev/null") == 0;
  if (have_luks)
    run ("cd '%s' && printf 'open sesame\\n' > key && printf 'open sesame' > bare && echo no > "
         "wrong "
         "&& for f in a b; do truncate -s 16M $f.luks && cryptsetup -q luksFormat --type luks1 "
         "--pbkdf-force-iterations 1000 $f.luks bare; done",
         work);
}

static gboolean
appliance_starts (char **why_r)
{
  g_autofree char *key = g_strdup_printf ("/dev/sdd:file:%s/key", work);
  const char *const keys[] = {key, NULL};
  const V2vGuestOptions options = {.keys = keys};
  static const char *const disks[] = {"root.img", "boot.img", "swap.img", "a.luks", "b.luks"};
  static const char *const targets[] = {"xvda1", "xvda2", "xvda3", "xvda4", "xvda5"};
  GError *error = NULL;

  guest = v2v_guest_new (&options, &error);
  for (guint i = 0; guest && i < G_N_ELEMENTS (disks) - (have_luks ? 0 : 2); i++) {
    g_autofree char *path = g_build_filename (work, disks[i], NULL);

    if (!v2v_guest_add_disk (guest, path, "raw", FALSE, &error))
      break;
    v2v_guest_name_disk (guest, i, targets[i]);
  }
  if (error == NULL && v2v_guest_launch (guest, &error))
    return TRUE;
  *why_r = g_strdelimit (g_strdup (error->message), "\n", ' ');
  g_error_free (error);
  return FALSE;
}

/* ---- the session ---- */

static char *
text_of (xmlDoc *doc, const char *path)
{
  xmlNode *node = xmlDocGetRootElement (doc);
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  for (guint i = 0; node && parts[i]; i++) {
    for (node = node->children; node && strcmp ((const char *)node->name, parts[i]) != 0;)
      node = node->next;
  }
  return node ? (char *)xmlNodeGetContent (node) : NULL;
}

static gboolean
is_open (const char *prefix)
{
  g_auto (GStrv) devices = guestfs_list_dm_devices (v2v_guest_handle (guest));
  guint n = 0;

  for (guint i = 0; devices && devices[i]; i++)
    n += g_str_has_prefix (devices[i], prefix);
  return n > 0;
}

/* Tries to open the second encrypted disk with a key from KIND ("file:%s/key"). */
static gboolean
open_with (const char *kind, GError **error)
{
  g_autofree char *uuid = guestfs_luks_uuid (v2v_guest_handle (guest), "/dev/sde");
  g_autofree char *spec = g_strconcat (uuid, ":", kind, NULL);
  char *keys[] = {spec, NULL};
  char **before = guest->keys;
  gboolean ok;

  guest->keys = keys;
  ok = v2v_guest_open_encrypted (guest, error);
  guest->keys = before;
  return ok;
}

static void
test_encrypted (void)
{
  static const char *const specs[] = {"x",       "x:file",  "x:key:secret",
                                      ":file:x", "x:file:", "x:fd:"};
  g_autofree char *wrong = g_strdup_printf ("file:%s/wrong", work);
  g_autofree char *none = g_strdup_printf ("file:%s/none", work);
  g_autofree char *empty = g_strdup ("file:/dev/null");
  g_autofree char *fd_spec = NULL;
  g_autofree char *name = NULL;
  g_autofree char *uuid = NULL;
  g_autoptr (GError) error = NULL;
  int pipe_fds[2];

  for (guint i = 0; i < G_N_ELEMENTS (specs); i++) {
    const char *const keys[] = {specs[i], NULL};
    const V2vGuestOptions options = {.keys = keys};

    g_assert_null (v2v_guest_new (&options, &error));
    g_assert_error (error, V2V_ERROR, V2V_EXIT_USAGE);
    g_assert_null (strstr (error->message, "secret"));
    g_clear_error (&error);
  }
  if (!have_luks) {
    g_test_skip ("there is no cryptsetup: install cryptsetup-bin");
    return;
  }
  /* The first was opened at the launch. */
  g_assert_true (is_open ("/dev/mapper/luks-"));
  g_assert_false (open_with (none, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_NOINPUT);
  g_clear_error (&error);
  g_assert_false (open_with (empty, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  g_clear_error (&error);
  g_assert_false (open_with (wrong, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  g_assert_nonnull (strstr (error->message, "/dev/sde (LUKS, UUID "));
  g_clear_error (&error);
  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  g_assert_cmpint (write (pipe_fds[1], "open sesame", 11), ==, 11);
  close (pipe_fds[1]);
  fd_spec = g_strdup_printf ("fd:%d", pipe_fds[0]);
  g_assert_true (open_with (fd_spec, &error));
  g_assert_no_error (error);
  close (pipe_fds[0]);
  uuid = guestfs_luks_uuid (v2v_guest_handle (guest), "/dev/sde");
  name = g_strconcat ("/dev/mapper/luks-", uuid, NULL);
  g_assert_true (is_open (name));
}

static void
test_inspect (void)
{
  g_autoptr (GError) error = NULL;
  xmlDoc *doc = v2v_guest_inspect (guest, "/dev/sdx", &error);
  char *text;

  g_assert_null (doc);
  g_assert_error (error, V2V_ERROR, V2V_EXIT_USAGE);
  g_assert_nonnull (strstr (error->message, "there is no operating system on /dev/sdx"));
  g_clear_error (&error);

  doc = v2v_guest_inspect (guest, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr ((text = text_of (doc, "operatingsystem/root")), ==, "/dev/sda");
  xmlFree (text);
  g_assert_cmpstr ((text = text_of (doc, "operatingsystem/name")), ==, "linux");
  xmlFree (text);
  g_assert_cmpstr ((text = text_of (doc, "operatingsystem/product_name")), ==, "My Linux 3");
  xmlFree (text);
  /* libguestfs does not know it, and then says nothing. */
  g_assert_null (text_of (doc, "operatingsystem/distro"));
  /* The names in the table are the domain's. */
  g_assert_cmpstr ((text = text_of (doc, "operatingsystem/mountpoints")), ==, "//boot");
  xmlFree (text);
  g_assert_cmpstr ((text = text_of (doc, "operatingsystem/filesystems/filesystem/type")), ==,
                   "ext4");
  xmlFree (text);
  xmlFreeDoc (doc);
  g_assert_cmpuint (guest->mounts->len, ==, 2);
  g_assert_cmpstr (((V2vMountPoint *)guest->mounts->pdata[1])->device, ==, "/dev/sdb");
}

/* Lines of the file system table that libguestfs cannot parse cost neither the root nor what
 * the other lines mount. Blanks are written as numbers, and not everything is UTF-8. */
static void
test_inspect_unparsed (void)
{
  static const char bad[] = FSTAB "LABEL=\"data\" TYPE=\"ext4\" /data ext4 defaults 0 2\n"
                                  "/dev/xvda2 /mnt/my\\040\xE9 ext4 noauto 0 2\n";
  g_autoptr (GError) error = NULL;
  guestfs_h *g = v2v_guest_handle (guest);
  xmlDoc *doc;

  g_assert_cmpint (guestfs_mount (g, "/dev/sda", "/"), ==, 0);
  g_assert_cmpint (guestfs_write (g, "/etc/fstab", bad, strlen (bad)), ==, 0);
  g_assert_cmpint (guestfs_umount_all (g), ==, 0);
  g_assert_null (guestfs_inspect_os (g));

  doc = v2v_guest_inspect (guest, NULL, &error);
  g_assert_no_error (error);
  xmlFreeDoc (doc);
  g_assert_cmpstr (guest->root, ==, "/dev/sda");
  g_assert_cmpuint (guest->mounts->len, ==, 3);
  g_assert_cmpstr (((V2vMountPoint *)guest->mounts->pdata[1])->path, ==, "/boot");
  g_assert_cmpstr (((V2vMountPoint *)guest->mounts->pdata[2])->path, ==, "/mnt/my \xE9");

  g_assert_cmpint (guestfs_mount (g, "/dev/sda", "/"), ==, 0);
  g_assert_cmpint (guestfs_write (g, "/etc/fstab", FSTAB, strlen (FSTAB)), ==, 0);
  g_assert_cmpint (guestfs_umount_all (g), ==, 0);
  doc = v2v_guest_inspect (guest, NULL, &error);
  g_assert_no_error (error);
  xmlFreeDoc (doc);
}

static void
test_hibernated (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (
      guestfs_pwrite_device (v2v_guest_handle (guest), "/dev/sdc", "S1SUSPEND\0", 10, 4086), ==,
      10);
  g_assert_false (v2v_guest_mount (guest, FALSE, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  g_assert_nonnull (strstr (error->message, "the guest is hibernated (/dev/sdc"));
  g_assert_cmpint (
      guestfs_pwrite_device (v2v_guest_handle (guest), "/dev/sdc", "SWAPSPACE2", 10, 4086), ==,
      10);
}

static void
test_mount (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) mounted = NULL;

  g_assert_true (v2v_guest_mount (guest, FALSE, &error));
  g_assert_no_error (error);
  mounted = guestfs_mountpoints (v2v_guest_handle (guest));
  g_assert_cmpuint (g_strv_length (mounted), ==, 4);
}

static void
test_paths (void)
{
  static const struct {
    const char *path, *type; /* NULL: absent */
    gint64 size;
  } cases[] = {
      {"/etc/fstab", "file", sizeof FSTAB - 1},
      {"/etc", "directory", -1},
      {"/", "directory", -1},
      {"/etc/none", NULL, 0},
      {"/none/none", NULL, 0},
      {"/etc/fstab/none", NULL, 0},
      {"/sbin/daemon", "file", 10}, /* through a link to a directory */
      {"/sbin", "directory", -1},
      {"/absolute", "file", 20},
      {"/link", "file", 14},
      {"/dangling", NULL, 0},
      {"/loop", NULL, 0},
      {"/loop/x", NULL, 0},
      {"/boot/lost+found", "directory", -1}, /* on the second disk */
      {"/data/../etc/hosts", "file", 20},
      {"relative", NULL, 0},
  };
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  guint found = 0;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_ptr_array_add (paths, (char *)v2v_intern (cases[i].path));
  g_assert_true (v2v_guest_read_paths (guest, paths, lab.file, lab.store, &error));
  g_assert_no_error (error);
  g_assert_true (v2v_store_is_known (lab.store, lab.file));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const GPtrArray *facts = v2v_store_lookup (
        lab.store, v2v_fact_decl_field (lab.file, "path"), v2v_value_text (cases[i].path));
    V2vFact *fact = facts && facts->len ? facts->pdata[0] : NULL;

    g_test_message ("%s", cases[i].path);
    g_assert_true (v2v_store_is_asked (lab.store, cases[i].path));
    g_assert_cmpstr (fact ? fact->values[1].text : NULL, ==, cases[i].type);
    if (fact && cases[i].size >= 0)
      g_assert_cmpint (fact->values[2].number, ==, cases[i].size);
    found += fact != NULL;
  }
  g_assert_cmpuint (v2v_store_facts (lab.store, lab.file)->len, ==, found);
}

/* ---- scripts ---- */

static V2vChange *
change (guint i)
{
  static V2vChange none;

  if (i < lab.changes->len)
    return lab.changes->pdata[i];
  lab_wrong ("there is no change %u", i);
  return &none;
}

static void
test_read (void)
{
  lab_ok (
      &lab,
      "assert (guest.read_file ('/etc/hosts') == '127.0.0.1 localhost\\n')\n"
      "assert (guest.cat ('/data/empty') == '' and #guest.read_lines ('/data/empty') == 0)\n"
      "local l = guest.read_lines ('/data/lines')\n"
      "assert (#l == 4 and l[1] == 'one' and l[3] == '' and l[4] == 'four')\n"
      "assert (guest.is_file ('/etc/fstab') == true and guest.is_dir ('/x') == false)\n"
      "assert (guest.is_file ('/link') == false)\n"
      "assert (guest.is_file ('/link', { followsymlinks = true }))\n"
      "assert (math.type (guest.filesize ('/etc/hosts')) == 'integer')\n"
      "assert (guest.statns ('/etc/hosts').st_size == 20)\n"
      "local s = guest.lstatnslist ('/etc', { 'hosts', 'none' })\n"
      "assert (s[1].st_size == 20 and s[2].st_ino == -1)\n"
      "assert (table.concat (guest.ls ('/usr'), ',') == 'bin,sbin')\n"
      "assert (#guest.read_file ('/data/big') == 5000000)\n"
      "assert (guest.vfs_type ('/dev/sda') == 'ext4')\n"
      "assert (guest.pread ('/etc/hosts', 3, 0) == '127')");
  g_assert_cmpuint (lab.changes->len, ==, 0);
  lab_fails (&lab, "\nguest.read_file ('/none')", V2V_EXIT_DATA,
             "lua/t/a.lua:3: guest.read_file: open: /none: No such file or directory");
  lab_fails (&lab, "guest.read_file ('/data/huge')", V2V_EXIT_DATA, "is longer than 32 MiB");
  lab_fails (&lab, "guest.read_file ('/etc')", V2V_EXIT_DATA,
             "guest.read_file: /etc is a directory");
  lab_ok (&lab, "local ok, err = pcall (guest.read_file, '/none') assert (err.errno == 2)");
}

/* What a guest may have in place of a file: opening a pipe would wait for ever, and what a device
 * gives has no end. */
static void
test_no_files (void)
{
  static const char *const calls[] = {
      "guest.read_file (P)",
      "guest.read_lines (P)",
      "guest.cat (P)",
      "guest.pread (P, 1, 0)",
      "guest.checksum ('md5', P)",
      "guest.equal ('/etc/hosts', P)",
      "guest.grep ('x', P)",
      "guest.head (P)",
      "guest.tail_n (1, P)",
      "guest.strings (P)",
      "guest.hexdump (P)",
      "guest.wc_c (P)",
      "guest.is_zero (P)",
      "guest.initrd_list (P)",
      "guest.initrd_cat (P, 'x')",
      "guest.file_architecture (P)",
      "guest.hivex_open (P)",
      "guest.augeas ('Hosts.lns', P)",
      "guest.cp (P, '/copy')",
      "guest.cp ('/etc/hosts', P)",
      "guest.copy_file_to_file (P, '/copy')",
      "guest.write (P, 'x')",
      "guest.write_append (P, 'x')",
      "guest.truncate (P)",
      "guest.put ('a.lua', P)",
  };
  static const struct {
    const char *path, *kind;
  } things[] = {
      {"/odd/pipe", "/odd/pipe is a named pipe, where a regular file was expected"},
      {"/odd/link", "is a named pipe"},
      {"/odd/zero", "/odd/zero is a character device"},
  };

  lab_ok (&lab, "guest.mkdir ('/odd') guest.mkfifo (tonumber ('644', 8), '/odd/pipe')\n"
                "guest.ln_s ('/odd/pipe', '/odd/link')");
  g_assert_cmpint (guestfs_mknod_c (v2v_guest_handle (guest), 0644, 1, 5, "/odd/zero"), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    for (guint k = 0; k < G_N_ELEMENTS (things); k++) {
      g_autofree char *body = g_strdup_printf ("local P = '%s' %s", things[k].path, calls[i]);

      lab_fails (&lab, body, V2V_EXIT_DATA, things[k].kind);
    }
  /* Programs of the appliance see the file to which a link of the guest leads. */
  lab_ok (&lab, "assert (guest.head ('/absolute')[1]:find 'localhost')\n"
                "assert (#guest.strings ('/absolute') == 1)\n"
                "guest.cp ('/absolute', '/odd/copy')\n"
                "assert (guest.equal ('/absolute', '/odd/copy'))");
  lab_ok (&lab, "guest.truncate_size ('/odd/copy', 1600000000)");
  lab_fails (&lab, "guest.checksum ('md5', '/odd/copy')", V2V_EXIT_DATA,
             "more than 1024 MiB of a file are not read");
  /* Where packages are looked for. */
  {
    g_autofree char *message = NULL;

    g_assert_true (v2v_guest_check_directory (guest, "/etc", &message));
    g_assert_true (v2v_guest_check_directory (guest, "/none", &message));
    g_assert_false (v2v_guest_check_directory (guest, "/odd", &message));
    g_assert_nonnull (strstr (message, "/odd/"));
  }
  lab_ok (&lab, "guest.rm_rf ('/odd')");
}

static void
test_search (void)
{
  lab_ok (
      &lab,
      "local list = guest.search ('/etc', { 'localhost', 'os-rel' })\n"
      "assert (not list.cut and #list == 2, tostring (#list))\n"
      "table.sort (list, function (a, b) return a.path < b.path end)\n"
      "assert (list[2].path == 'os-release' and list[2].type == 'f' and list[2].line == nil)\n"
      "assert (list[1].path == 'hosts' and list[1].line == 1)\n"
      "assert (list[1].text == '127.0.0.1 localhost')\n"
      "assert (#guest.search ('/etc', {}) == 0 and #guest.search ('/none', { 'x' }) == 0)\n"
      "assert (#guest.search ('/', { 'localhost' }, { 'etc' }) == 0)");
  g_assert_cmpuint (lab.changes->len, ==, 0);
  lab_fails (&lab, "guest.search ('etc', { 'x' })", V2V_EXIT_CONFIG, "is no absolute path");
  lab_fails (&lab, "guest.search ('/etc', { '' })", V2V_EXIT_CONFIG, "empty");
  lab_fails (&lab, "guest.search ('/etc', 'x')", V2V_EXIT_CONFIG, "a list of strings");
}

static void
test_write (void)
{
  lab_ok (
      &lab,
      "guest.write ('/etc/new', 'hello\\0x') guest.chmod (tonumber ('600', 8), '/etc/new')\n"
      "guest.mv ('/etc/new', '/etc/newer') pcall (guest.rm, '/none')\n"
      "guest.ln_sf ('newer', '/etc/link')");
  g_assert_cmpuint (lab.changes->len, ==, 4);
  g_assert_cmpstr (change (0)->call, ==, "write");
  g_assert_cmpstr (change (0)->path, ==, "/etc/new");
  g_assert_cmpint (change (0)->length, ==, 7);
  g_assert_cmpstr (change (0)->sha256, ==,
                   "78c56d4587406e743329d6c2e79b664c60525df11ae66c6e6ad322e718c5c1de");
  g_assert_cmpstr (change (1)->call, ==, "chmod");
  g_assert_cmpstr (change (1)->detail, ==, "0600");
  g_assert_cmpint (change (1)->length, ==, -1);
  g_assert_cmpstr (change (2)->path, ==, "/etc/new");
  g_assert_cmpstr (change (2)->detail, ==, "/etc/newer");
  g_assert_cmpstr (change (3)->path, ==, "/etc/link");
}

/* Whatever chattr(1) has locked is written, and stays locked. */
static void
test_locked (void)
{
  lab_ok (&lab, "guest.write ('/etc/locked', 'old') guest.set_e2attrs ('/etc/locked', 'i')");
  lab_ok (
      &lab,
      "guest.write ('/etc/locked', 'new') guest.chmod (tonumber ('600', 8), '/etc/locked')\n"
      "assert (guest.cat ('/etc/locked') == 'new')\n"
      "assert (guest.get_e2attrs ('/etc/locked'):find ('i'))\n"
      "guest.rm ('/etc/locked')\n"
      "assert (not guest.exists ('/etc/locked'))");
  g_assert_cmpuint (lab.changes->len, ==, 3);
}

static void
test_exec (void)
{
  lab_ok (&lab,
          "assert (guest.command ({ '/bin/echo', 'a b', 'c' }) == 'a b c\\n')\n"
          "assert (guest.query ({ '/bin/cat', '/etc/hosts' }) == '127.0.0.1 localhost\\n')\n"
          "assert (guest.sh ('echo $((1 + 2))') == '3\\n')");
  g_assert_cmpuint (lab.changes->len, ==, 2);
  g_assert_cmpstr (change (0)->call, ==, "command");
  g_assert_cmpstr (change (0)->detail, ==, "/bin/echo a b c");
  g_assert_null (change (0)->path);
  g_assert_cmpstr (change (1)->detail, ==, "echo $((1 + 2))");
  lab_fails (&lab, "guest.command ({ '/bin/sh', '-c', 'echo no >&2; exit 3' })", V2V_EXIT_DATA,
             "guest.command: no");
  g_assert_cmpuint (lab.changes->len, ==, 0);
}

static void
test_put (void)
{
  g_autofree char *body = g_strdup_printf (
      "assert (guest.put ('%s', '/opt.bin', '0755') == true)\n"
      "assert (guest.put ('%s', '/opt.bin', '0755') == false)\n"
      "assert (guest.statns ('/opt.bin').st_mode %% 4096 == tonumber ('755', 8))\n"
      "assert (guest.put ('%s', '/opt.bin') == true)\n"
      "assert (guest.put ('files/x.conf', '/etc/x.conf') == true)\n"
      "assert (guest.read_file ('/etc/x.conf') == 'x = 1\\n')",
      host_files[0], host_files[0], host_files[0]);

  lab_write (&lab, "t/files/x.conf", "x = 1\n");
  lab_ok (&lab, body);
  g_assert_cmpuint (lab.changes->len, ==, 3);
  g_assert_cmpstr (change (0)->call, ==, "put");
  g_assert_cmpstr (change (0)->path, ==, "/opt.bin");
  g_assert_cmpstr (change (0)->detail, ==, "0755");
  g_assert_cmpint (change (0)->length, ==, 9);
  g_assert_nonnull (change (0)->sha256);
  g_assert_cmpstr (change (1)->call, ==, "chmod");
  g_assert_cmpstr (change (2)->path, ==, "/etc/x.conf");
}

/* What scripts gave goes into the new domain, and nothing else that a document asks for. */
static void
test_handover (void)
{
  static const char text[] =
      "<domain xmlns:g='urn:v2v-engine:slot'><os><type>hvm</type>"
      "<kernel g:name='kernel'/><initrd g:name='initrd'>/etc/shadow</initrd>"
      "<cmdline g:name='cmdline'/><other g:name='../../x'>/etc/passwd</other></os></domain>";
  g_auto (xmlDocPtr) doc = NULL;
  g_autofree char *copy = g_build_filename (work, "kernel", NULL);
  g_autofree char *content = NULL, *result = NULL;
  g_autoptr (GError) error = NULL;

  doc = v2v_xml_read_memory ("domain", text, strlen (text), &error);
  g_assert_no_error (error);
  lab_ok (&lab,
          "guest.write ('/boot-kernel', 'a kernel')\n"
          "guest.ln_sf ('/boot-kernel', '/linked')\n"
          "guest.give_file ('kernel', '/linked') guest.give_text ('cmdline', 'ro <quiet>')");
  g_assert_true (v2v_handover (guest, doc, work, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (copy, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "a kernel");
  result = v2v_xml_to_string (doc);
  g_assert_nonnull (strstr (result, copy));
  g_assert_nonnull (strstr (result, "<cmdline>ro &lt;quiet&gt;</cmdline>"));
  g_assert_null (strstr (result, "initrd"));
  g_assert_null (strstr (result, "shadow"));
  g_assert_null (strstr (result, "passwd"));

  lab_ok (&lab, "guest.give_file ('kernel', '/')");
  g_assert_false (v2v_handover (guest, doc, work, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  g_assert_nonnull (strstr (error->message, "which is no file"));
  g_clear_error (&error);
  lab_ok (&lab, "guest.touch ('/large') guest.truncate_size ('/large', 1073741825)\n"
                "guest.give_file ('kernel', '/large')");
  g_assert_false (v2v_handover (guest, doc, work, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  g_assert_nonnull (strstr (error->message, "larger than 1 GiB"));
  g_clear_error (&error);
  lab_ok (&lab, "guest.rm_f ('/large') guest.rm_f ('/linked') guest.rm_f ('/boot-kernel')");
  g_hash_table_remove_all (v2v_guest_handed (guest));
}

static void
test_augeas (void)
{
  lab_ok (&lab, "local p = guest.augeas ('Fstab.lns', '/etc/fstab')\n"
                "assert (p == '/files/etc/fstab')\n"
                "assert (guest.aug_get (p .. '/1/spec') == '/dev/xvda1')\n"
                "assert (#guest.aug_match (p .. '/*[label () != \"#comment\"]') == 5)\n"
                /* no change */
                "guest.aug_set (p .. '/1/spec', '/dev/xvda1')");
  g_assert_cmpuint (lab.changes->len, ==, 0);
  lab_ok (&lab, "local p = guest.augeas ('Fstab.lns', '/etc/fstab')\n"
                "guest.aug_set (p .. '/1/spec', '/dev/vda')");
  g_assert_cmpuint (lab.changes->len, ==, 1);
  g_assert_cmpstr (change (0)->call, ==, "aug_save");
  g_assert_cmpstr (change (0)->path, ==, "/etc/fstab");
  lab_ok (&lab,
          "local text = guest.read_file ('/etc/fstab')\n"
          "assert (text:find ('# a comment\\n/dev/vda / ext4 defaults 0 1\\n', 1, true))\n"
          "for _, n in ipairs (guest.ls ('/etc')) do assert (not n:find 'aug') end\n"
          /* a file changed behind its back, in the same second */
          "local p = guest.augeas ('Fstab.lns', '/etc/fstab')\n"
          "assert (guest.aug_get (p .. '/1/spec') == '/dev/vda')\n"
          "guest.write ('/etc/fstab', (text:gsub ('/dev/vda ', '/dev/vdb ')))\n"
          "assert (guest.aug_get (p .. '/1/spec') == '/dev/vdb')\n"
          "guest.sh ('sed -i s,/dev/vdb,/dev/vdc, /etc/fstab')\n"
          "assert (guest.aug_get (p .. '/1/spec') == '/dev/vdc')\n"
          /* a program sees what was changed before it */
          "guest.aug_set (p .. '/1/spec', '/dev/vdd')\n"
          "assert (guest.query ({ '/bin/cat', '/etc/fstab' }):find '/dev/vdd ')");
  g_assert_cmpuint (lab.changes->len, ==, 3);
  /* Another script starts with nothing loaded. */
  lab_fails (&lab, "guest.aug_get ('/files/etc/fstab/1/spec')", V2V_EXIT_DATA,
             "call guest.augeas (lens, path) first");
  lab_ok (&lab, "guest.augeas ('Hosts.lns', '/etc/hosts')\n"
                "assert (#guest.aug_match ('/files/etc/fstab') == 0)");
  lab_fails (&lab, "guest.augeas ('Fstab.lns', '/etc/broken.conf')", V2V_EXIT_DATA,
             "/etc/broken.conf:1: ");
  lab_fails (&lab, "guest.augeas ('Fstabb.lns', '/etc/fstab')", V2V_EXIT_DATA,
             "find lens Fstabb");
  /* What failed can be done without. */
  lab_ok (&lab, "assert (not pcall (guest.augeas, 'Fstab.lns', '/etc/broken.conf'))\n"
                "local p = guest.augeas ('Hosts.lns', '/etc/hosts')\n"
                "guest.aug_set (p .. '/1/alias', 'me')");
  g_assert_cmpuint (lab.changes->len, ==, 1);
  lab_ok (&lab, "assert (guest.read_file ('/etc/hosts'):find 'localhost me')\n"
                "assert (guest.is_file ('/etc/broken.conf'))");
  /* A tree that cannot be written is an error of the step. */
  lab_fails (&lab,
             "local p = guest.augeas ('Fstab.lns', '/etc/fstab')\n"
             "guest.aug_set (p .. '/99/nonsense', 'x')",
             V2V_EXIT_DATA, "a file cannot be written: /etc/fstab");
  /* A link that is absolute leads to the guest's file. */
  lab_ok (&lab, "local p = guest.augeas ('Hosts.lns', '/absolute')\n"
                "assert (p == '/files/etc/hosts' and guest.aug_get (p .. '/1/alias') == 'me')");
  /* New files. */
  lab_ok (&lab,
          "local p = guest.augeas ('Hosts.lns', '/etc/hosts.new')\n"
          "guest.aug_set (p .. '/1/ipaddr', '::1') guest.aug_set (p .. '/1/canonical', 'x')");
  g_assert_cmpuint (lab.changes->len, ==, 1);
  g_assert_cmpstr (change (0)->path, ==, "/etc/hosts.new");
}

static void
test_probe (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (lab_probe (&lab,
                            "return { f = function ()\n"
                            "local p = guest.augeas ('Fstab.lns', '/etc/fstab')\n"
                            "return { disk_bus = guest.aug_get (p .. '/1/spec') } end }",
                            lab.os, NULL, &error));
  g_assert_no_error (error);
  lab_ok (&lab, "assert (facts.os.disk_bus == '/dev/vdd')");
}

/* What a file held before scripts changed it, once for all changes. */
static void
test_original (void)
{
  lab_ok (&lab, "guest.write ('/etc/first', 'a') assert (guest.original ('/etc/first') == nil) "
                "local hosts = guest.read_file ('/etc/hosts') "
                "guest.write ('/etc/hosts', 'new') guest.write ('/etc/hosts', 'newer') "
                "assert (guest.original ('/etc/hosts') == hosts) "
                "local found = false "
                "local made = false "
                "for _, path in ipairs (guest.changed ()) do "
                "made = made or path == '/etc/first' found = found or path == '/etc/hosts' end "
                "assert (found and made) guest.rm_f ('/etc/hosts') "
                "assert (guest.original ('/etc/hosts') == hosts) "
                "guest.write ('/etc/hosts', hosts) guest.rm_f ('/etc/first')");
  lab_fails (&lab, "guest.original ()", V2V_EXIT_CONFIG, "takes 1 argument");
}

/* ---- several roots ---- */

static void
volume_write (const char *path, const char *text)
{
  guestfs_h *g = v2v_guest_handle (guest);
  g_autofree char *directory = g_path_get_dirname (path);

  g_assert_cmpint (guestfs_mkdir_p (g, directory), ==, 0);
  g_assert_cmpint (guestfs_write (g, path, text, strlen (text)), ==, 0);
}

/* Of the subvolumes NAMES, with spaces between: those that are systems of their own, alike. */
static char *
own_of (const char *names)
{
  g_auto (GStrv) roots = g_strsplit (names, " ", -1);
  g_auto (GStrv) own = NULL;

  for (guint i = 0; roots[i]; i++) {
    char *name = roots[i];

    roots[i] = strcmp (name, "default") == 0 ? g_strdup ("/dev/sdb")
                                             : g_strconcat ("btrfsvol:/dev/sdb/", name, NULL);
    g_free (name);
  }
  guestfs_umount_all (v2v_guest_handle (guest));
  own = v2v_guest_own_roots (guest, roots);
  g_assert_cmpint (
      guestfs_mount_vfs (v2v_guest_handle (guest), "subvolid=5", "btrfs", "/dev/sdb", "/"), ==,
      0);
  for (guint i = 0; own[i]; i++) {
    char *name = own[i];

    own[i] = g_strdup (strcmp (name, "/dev/sdb") == 0 ? "default"
                                                      : name + strlen ("btrfsvol:/dev/sdb/"));
    g_free (name);
  }
  return g_strjoinv (" ", own);
}

#define assert_own(names, wanted)                                                              \
  do {                                                                                         \
    g_autofree char *found = own_of (names);                                                   \
                                                                                               \
    g_assert_cmpstr (found, ==, wanted);                                                       \
  } while (0)

static void
test_roots (void)
{
  static const char by_name[] =
      "UUID=00000000-0000-4000-8000-000000000001 / btrfs subvol=/@ 0 0\n";
  static const char by_default[] = "# /\nLABEL=x\t/\tbtrfs\tdefaults 0 0\n";
  static const char root[] = "btrfsvol:/dev/sdb/@";
  guestfs_h *g = v2v_guest_handle (guest);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;

  g_assert_cmpint (guestfs_umount_all (g), ==, 0);
  if (guestfs_mkfs (g, "btrfs", "/dev/sdb") != 0) {
    g_test_skip ("the appliance has no mkfs.btrfs");
    return;
  }
  g_assert_cmpint (guestfs_set_uuid (g, "/dev/sdb", "00000000-0000-4000-8000-000000000001"), ==,
                   0);
  g_assert_true (v2v_guest_list_filesystems (guest, &error));
  g_assert_cmpint (guestfs_mount (g, "/dev/sdb", "/"), ==, 0);
  g_assert_cmpint (guestfs_btrfs_subvolume_create (g, "/@"), ==, 0);
  volume_write ("/@/lib/modules/1/modules.dep", "");
  volume_write ("/@" V2V_FILE_SYSTEM_TABLE, by_name);

  /* A writable copy has the table of what it is a copy of. */
  g_assert_cmpint (guestfs_btrfs_subvolume_snapshot_opts (g, "/@", "/copy", -1), ==, 0);
  assert_own ("copy @", "@");
  assert_own ("copy", "copy");

  /* What a container runs from. */
  g_assert_cmpint (guestfs_btrfs_subvolume_create (g, "/container"), ==, 0);
  volume_write ("/container/etc/hosts", "");
  assert_own ("@ container copy", "@");

  /* Another system beside it. */
  g_assert_cmpint (guestfs_btrfs_subvolume_create (g, "/other"), ==, 0);
  volume_write ("/other/usr/lib/modules/2/modules.dep", "");
  volume_write ("/other" V2V_FILE_SYSTEM_TABLE, "/dev/sda1 / btrfs noatime,subvol=other 0 0\n");
  assert_own ("@ other", "@ other");

  /* Tables that name no subvolume mean the default one, if it is a root. */
  volume_write ("/@" V2V_FILE_SYSTEM_TABLE, by_default);
  volume_write ("/copy" V2V_FILE_SYSTEM_TABLE, by_default);
  g_assert_cmpint (guestfs_btrfs_subvolume_snapshot_opts (
                       g, "/copy", "/kept", GUESTFS_BTRFS_SUBVOLUME_SNAPSHOT_OPTS_RO, 1, -1),
                   ==, 0);
  assert_own ("@ kept", "@");
  assert_own ("kept default", "default");
  /* Nothing tells, but that one is a snapshot of the other. */
  assert_own ("@ copy", "@");

  /* What the boot menu says comes before what snapshots are. */
  volume_write (
      "/@/boot/grub/grub.cfg",
      "# rootflags=subvol=@\n\tlinux /boot/k root=/dev/sda1 rootflags=subvol=copy ro\n");
  assert_own ("@ copy", "copy");

  guestfs_umount_all (g);
  name = v2v_guest_root_name (guest, root);
  g_assert_cmpstr (name, ==, "UUID=00000000-0000-4000-8000-000000000001,subvol=@");
  g_assert_true (v2v_guest_root_is (guest, root, name));
  g_assert_true (v2v_guest_root_is (guest, root, "subvol=/@"));
  g_assert_true (v2v_guest_root_is (guest, root, root));
  g_assert_false (v2v_guest_root_is (guest, root, "subvol=copy"));
  g_assert_false (v2v_guest_root_is (guest, root, "UUID=00000000-0000-4000-8000-000000000001"));
  g_assert_false (v2v_guest_root_is (guest, root, "UUID=1,subvol=@"));
  g_assert_true (v2v_guest_root_is (guest, "/dev/sda", "/dev/sda"));
}

/* Of disks without a system, it is told what is at the top of their file systems. */
static void
test_survey (void)
{
  guestfs_h *g = v2v_guest_handle (guest);
  xmlDoc *doc;
  char *text;

  g_assert_cmpint (guestfs_umount_all (g), ==, 0);
  doc = v2v_guest_survey (guest);
  text = text_of (doc, "operatingsystem/paths");
  g_assert_nonnull (strstr (text, "/etc/fstab"));
  g_assert_null (strstr (text, "/etc/systemd/"));
  xmlFree (text);
  g_assert_null (text_of (doc, "operatingsystem/root"));
  xmlFreeDoc (doc);
}

static void
test_close (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (v2v_guest_close (guest, &error));
  g_assert_no_error (error);
  g_assert_true (v2v_guest_close (guest, &error));
  run ("e2fsck -fn '%s/root.img' >/dev/null 2>&1", work);
  run ("debugfs -R 'cat /etc/fstab' '%s/root.img' 2>/dev/null | grep -q ^/dev/vdd", work);
}

/* An appliance that ends by itself is nobody's mistake, and another try may go well; not even a script
 * that expects failures can take it for an answer. */
static void
test_died (void)
{
  static const V2vGuestOptions options = {0};
  static const char *const scripts[] = {
      "return { f = function () guest.ls ('/') end }",
      "return { f = function () pcall (guest.ls, '/') end }",
  };
  g_autofree char *path = g_build_filename (work, "root.img", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vGuest) other = v2v_guest_new (&options, &error);
  xmlDoc *doc;
  Lab dying;

  g_assert_no_error (error);
  g_assert_true (v2v_guest_add_disk (other, path, "raw", TRUE, &error));
  g_assert_true (v2v_guest_launch (other, &error));
  g_assert_false (v2v_guest_has_died (other));
  lab_init (&dying, other, NULL);
  g_assert_cmpint (kill (guestfs_get_pid (v2v_guest_handle (other)), SIGKILL), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
    g_assert_false (lab_step (&dying, scripts[i], TRUE, &error));
    g_assert_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL);
    g_assert_nonnull (strstr (error->message, "the appliance ended unexpectedly"));
    g_clear_error (&error);
  }
  g_assert_true (v2v_guest_has_died (other));
  doc = v2v_guest_inspect (other, NULL, &error);
  g_assert_null (doc);
  g_assert_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL);
  g_clear_error (&error);
  v2v_guest_set_error (other, V2V_EXIT_DATA, &error, "a call");
  g_assert_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL);
  g_clear_error (&error);
  g_assert_false (v2v_guest_close (other, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL);
  lab_clear (&dying);
}

int
main (int argc, char **argv)
{
  g_autofree char *why = NULL;
  g_autofree char *package = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("V2V_TEST_NO_APPLIANCE")) {
    g_print ("1..0 # SKIP V2V_TEST_NO_APPLIANCE is set\n");
    return 0;
  }
  if (access ("/bin/busybox", X_OK) != 0) {
    g_print (
        "1..0 # SKIP there is no static /bin/busybox for the guest: install busybox-static\n");
    return 0;
  }
  work = lab_make_dir ();
  make_disks ();
  if (!appliance_starts (&why)) {
    g_print ("1..0 # SKIP no appliance starts here: %s\n", why);
    v2v_guest_free (guest);
    run ("rm -rf '%s'", work);
    return 0;
  }
  package = g_build_filename (work, "package.bin", NULL);
  host_files[0] = package;
  g_assert_true (g_file_set_contents (host_files[0], "contents\n", -1, NULL));
  lab_init (&lab, guest, host_files);

  g_test_add_func ("/guest/encrypted", test_encrypted);
  g_test_add_func ("/guest/inspect", test_inspect);
  g_test_add_func ("/guest/inspect-unparsed", test_inspect_unparsed);
  g_test_add_func ("/guest/hibernated", test_hibernated);
  g_test_add_func ("/guest/mount", test_mount);
  g_test_add_func ("/guest/paths", test_paths);
  g_test_add_func ("/guest/read", test_read);
  g_test_add_func ("/guest/no-files", test_no_files);
  g_test_add_func ("/guest/search", test_search);
  g_test_add_func ("/guest/write", test_write);
  g_test_add_func ("/guest/locked", test_locked);
  g_test_add_func ("/guest/exec", test_exec);
  g_test_add_func ("/guest/put", test_put);
  g_test_add_func ("/guest/handover", test_handover);
  g_test_add_func ("/guest/augeas", test_augeas);
  g_test_add_func ("/guest/probe", test_probe);
  g_test_add_func ("/guest/original", test_original);
  g_test_add_func ("/guest/roots", test_roots);
  g_test_add_func ("/guest/survey", test_survey);
  g_test_add_func ("/guest/close", test_close);
  g_test_add_func ("/guest/died", test_died);
  status = g_test_run ();

  lab_clear (&lab);
  v2v_guest_free (guest);
  run ("rm -rf '%s'", work);
  g_free (work);
  return status;
}
