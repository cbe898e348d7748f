/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * --with: labels, packages in both formats, and the kernels in them.
 */
#include "config.h"

#include <string.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "metadata/domain.h"
#include "metadata/package.h"

#define KERNEL "5.10.0-9.el5"

static const V2vPlace place = {"rules.v2v", 7, 1};
static char *directory;
static char *rpm;         /* a kernel package, or NULL if there is no rpmbuild */
static char *rpm_modules; /* only modules of the same kernel */
static char *rpm_plain;   /* without a kernel, for every architecture */
static char *deb;         /* a kernel package, or NULL if there is no dpkg-deb */

/* ---- packages ---- */

static void
run (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  int status;

  g_spawn_sync (directory, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err,
                &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, NULL))
    g_error ("%s: %s%s", argv[0], out, err);
}

static void
write_at (const char *root, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (root, name, NULL);
  g_autofree char *dir = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (dir, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static char *
make_rpm (const char *name, const char *arch, const char *files, const char *install)
{
  g_autofree char *spec = g_strdup_printf (
      "Name: %s\nEpoch: 1\nVersion: 5.10.0\nRelease: 9.el5\nSummary: x\nLicense: x\n"
      "%%global __os_install_post %%{nil}\n%%global debug_package %%{nil}\n"
      "%%description\nx\n%%install\n%s\n%%files\n%s\n",
      name, install, files);
  g_autofree char *spec_path = g_build_filename (directory, "x.spec", NULL);
  g_autofree char *topdir = g_strdup_printf ("_topdir %s/rpm", directory);
  g_autofree char *rpmdir = g_strdup_printf ("_rpmdir %s", directory);
  g_autofree char *file = g_strdup_printf ("%s-5.10.0-9.el5.%s.rpm", name, arch);
  const char *argv[] = {
      "rpmbuild", "-bb",  "--quiet",
      "--target", arch,   "--nodeps",
      "-D",       topdir, "-D",
      rpmdir,     "-D",   "_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
      spec_path,  NULL};

  g_assert_true (g_file_set_contents (spec_path, spec, -1, NULL));
  run (argv);
  return g_build_filename (directory, file, NULL);
}

static void
make_packages (void)
{
  g_autofree char *rpmbuild = g_find_program_in_path ("rpmbuild");
  g_autofree char *dpkg_deb = g_find_program_in_path ("dpkg-deb");

  if (rpmbuild) {
    rpm = make_rpm ("kernel", "i686", "/boot/*\n/lib/modules/*",
                    "d=%{buildroot}/lib/modules/" KERNEL "\n"
                    "mkdir -p $d/kernel/drivers/block %{buildroot}/boot\n"
                    "echo i > %{buildroot}/boot/vmlinuz-" KERNEL "\n"
                    "echo i > $d/vmlinuz\n"
                    "echo m > $d/kernel/drivers/block/virtio_blk.ko\n"
                    "echo m > $d/kernel/drivers/block/xen-blkfront.ko.xz\n"
                    "printf 'kernel/fs/ext4/ext4.ko\\nkernel/lib/dash-name.ko\\n'"
                    " > $d/modules.builtin\nln -s / $d/build");
    rpm_modules = make_rpm ("kernel-modules", "i686", "/lib/modules/*",
                            "d=%{buildroot}/lib/modules/" KERNEL "/extra\n"
                            "mkdir -p $d\necho m > $d/more.ko");
    rpm_plain = make_rpm ("tool", "noarch", "/usr/bin/tool",
                          "mkdir -p %{buildroot}/usr/bin\necho > %{buildroot}/usr/bin/tool");
  }
  if (dpkg_deb) {
    g_autofree char *root = g_build_filename (directory, "deb", NULL);
    const char *argv[] = {"dpkg-deb", "--root-owner-group", "-b", "deb", "kernel.deb", NULL};

    write_at (root, "DEBIAN/control",
              "Package: linux-image\nVersion: 1:6.1-2~x\nArchitecture: amd64\n"
              "Maintainer: x <x@x>\nDescription: x\n");
    write_at (root, "usr/lib/modules/6.1-amd64/kernel/net/virtio-net.ko.zst", "m");
    write_at (root, "usr/lib/modules/6.1-amd64/vmlinuz", "image");
    /* None of these is of a kernel. */
    write_at (root, "usr/lib/modules/README", "x");
    write_at (root, "usr/share/lib/modules/7/x.ko", "x");
    write_at (root, "boot/config-6.1-amd64", "x");
    run (argv);
    deb = g_build_filename (directory, "kernel.deb", NULL);
  }
}

/* ---- the kinds of facts ---- */

static V2vField *
field (V2vFactDecl *decl, const char *name, V2vTypeKind type, const char *from)
{
  V2vField *made = v2v_fact_decl_add_field (decl, name, (V2vType){type, NULL}, place);

  made->from = g_strdup (from);
  return made;
}

static V2vSchema *
make_schema (void)
{
  V2vSchema *schema = v2v_schema_new ();
  V2vEnum *arch = v2v_schema_add_enum (schema, "arch", place);
  V2vEnum *os_id = v2v_schema_add_enum (schema, "os-id", place);
  V2vFactDecl *with = v2v_schema_add_fact (schema, "with", place);
  V2vFactDecl *kernel = v2v_schema_add_fact (schema, "kernel", place);
  V2vFactDecl *module = v2v_schema_add_fact (schema, "kernel_module", place);

  v2v_enum_add (arch, "x86_64", "amd64");
  v2v_enum_add (arch, "i386", "i686");
  v2v_enum_add (os_id, "rhel", "redhat");
  v2v_enum_add (os_id, "opensuse-leap", NULL);
  v2v_enum_add (os_id, "system76", NULL);

  with->origin = V2V_ORIGIN_WITH;
  with->multiple = TRUE;
  field (with, "label", V2V_TYPE_STRING, NULL)->key = TRUE;
  v2v_fact_decl_add_field (with, "distro", (V2vType){V2V_TYPE_ENUM, os_id}, place);
  field (with, "major", V2V_TYPE_INT, NULL);
  field (with, "minor", V2V_TYPE_INT, NULL);
  v2v_fact_decl_add_field (with, "arch", (V2vType){V2V_TYPE_ENUM, arch}, place);
  field (with, "application", V2V_TYPE_STRING, NULL);
  field (with, "file", V2V_TYPE_PATH, NULL);
  field (with, "package", V2V_TYPE_STRING, NULL);
  field (with, "version", V2V_TYPE_PACKAGE_VERSION, NULL);
  field (with, "used", V2V_TYPE_BOOL, NULL)->derived = TRUE;

  kernel->origin = V2V_ORIGIN_WITH_KERNELS;
  kernel->multiple = TRUE;
  field (kernel, "version", V2V_TYPE_PLAIN_VERSION, "version")->key = TRUE;
  field (kernel, "package", V2V_TYPE_STRING, "package");
  field (kernel, "image", V2V_TYPE_PATH, "image");
  field (kernel, "modules", V2V_TYPE_PATH, "modules");
  v2v_fact_decl_add_field (kernel, "arch", (V2vType){V2V_TYPE_ENUM, arch}, place)->from =
      g_strdup ("arch");
  field (kernel, "installed", V2V_TYPE_BOOL, "installed");

  module->origin = V2V_ORIGIN_WITH_KERNELS;
  module->multiple = TRUE;
  field (module, "of", V2V_TYPE_PLAIN_VERSION, "kernel")->key = TRUE;
  field (module, "name", V2V_TYPE_STRING, "name")->key = TRUE;
  field (module, "builtin", V2V_TYPE_BOOL, "builtin");
  return schema;
}

/* The facts of KIND, a line each: its values in order, "-" for unset. */
static char *
facts_text (V2vStore *store, const char *kind)
{
  const V2vFactDecl *decl = v2v_schema_fact (v2v_store_schema (store), kind);
  const GPtrArray *facts = v2v_store_facts (store, decl);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < facts->len; i++) {
    const V2vFact *fact = facts->pdata[i];

    for (guint f = 0; f < decl->fields->len; f++) {
      g_autofree char *value = v2v_value_to_text (fact->values[f]);

      g_string_append_printf (text, "%s%s", f ? " " : "", *value ? value : "-");
    }
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}

static void
assert_facts (V2vStore *store, const char *kind, const char *expected)
{
  g_autofree char *text = facts_text (store, kind);

  g_assert_cmpstr (text, ==, expected);
}

static V2vStore *
read_with (V2vSchema *schema, const char *const *with, GError **error)
{
  g_autoptr (V2vStore) store = v2v_store_new (schema);

  return v2v_facts_from_with (store, with, error) ? g_steal_pointer (&store) : NULL;
}

/* ---- tests ---- */

static void
test_labels (void)
{
  static const struct {
    const char *label, *expected;
  } cases[] = {
      {"rhel5.i386.kernel", "rhel 5 - i386 kernel"},
      {"rhel.i686.kernel", "rhel - - i386 kernel"},
      {"redhat5.11.i386.kernel", "rhel 5 11 i386 kernel"},
      {"opensuse-leap15.5.i386.kernel-default", "opensuse-leap 15 5 i386 kernel-default"},
      {"ubuntu22.04.i386.linux.image.x86_64", "ubuntu 22 4 i386 linux.image.x86_64"},
      /* A system may end in digits, and a version may follow them. */
      {"system76.i386.tool", "system76 - - i386 tool"},
      {"system762.1.i386.tool", "system76 2 1 i386 tool"},
      {"other9.i386.tool", "other 9 - i386 tool"},
  };
  g_autoptr (V2vSchema) schema = make_schema ();

  if (!rpm) {
    g_test_skip ("rpmbuild is not installed");
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *given = g_strdup_printf ("%s=%s", cases[i].label, rpm_plain);
    const char *with[] = {given, NULL};
    g_autoptr (GError) error = NULL;
    g_autoptr (V2vStore) store = read_with (schema, with, &error);
    g_autofree char *expected = g_strdup_printf ("%s %s %s tool 1:5.10.0-9.el5 -\n",
                                                 cases[i].label, cases[i].expected, rpm_plain);

    g_assert_no_error (error);
    assert_facts (store, "with", expected);
    assert_facts (store, "kernel", "");
  }
}

static void
test_bad_labels (void)
{
  static const struct {
    const char *given, *pattern;
  } cases[] = {
      {"rhel5.i386.kernel", "--with rhel5.i386.kernel: '=FILE' is missing: expected DISTRO*"},
      {"=file", "--with =file: the label before '=' is missing: *"},
      {"rhel5.i386.kernel=", "*: FILE after '=' is missing: *"},
      {"rhel5.kernel=x", "*: no part of the label is an architecture (one of x86_64, i386): *"},
      {"i386.kernel=x", "*: the label does not begin with the name of a system: *"},
      {".i386.kernel=x", "*: the label does not begin with the name of a system: *"},
      {"rhel5.i386=x", "*: no NAME follows the architecture 'i386': *"},
      {"rhel5.i386.=x", "*: no NAME follows the architecture 'i386': *"},
      {"5.i386.kernel=x", "*: '5' is not the name of a system with a version: *"},
      {"rhel5.x.i386.kernel=x", "*: 'rhel5.x' before the architecture is not DISTRO*"},
      {"rhel.5.i386.kernel=x", "*: 'rhel.5' before the architecture is not DISTRO*"},
      {"rhel5.1.2.i386.kernel=x", "*: 'rhel5.1.2' before the architecture is not DISTRO*"},
      {"rhel99999999999999999999.i386.kernel=x", "*: 'rhel9*' is not the name of a system *"},
  };
  g_autoptr (V2vSchema) schema = make_schema ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *with[] = {cases[i].given, NULL};
    g_autoptr (GError) error = NULL;

    g_assert_null (read_with (schema, with, &error));
    g_assert_error (error, V2V_ERROR, V2V_EXIT_USAGE);
    if (!g_pattern_match_simple (cases[i].pattern, error->message))
      g_error ("'%s' is not like '%s'", error->message, cases[i].pattern);
  }
}

static void
test_rpm (void)
{
  g_autoptr (V2vSchema) schema = make_schema ();
  g_autoptr (V2vStore) store = NULL;
  g_autofree char *image = NULL;
  g_autofree char *modules = NULL;
  g_autoptr (GError) error = NULL;

  if (!rpm) {
    g_test_skip ("rpmbuild is not installed");
    return;
  }
  image = g_strconcat ("rhel5.i386.kernel=", rpm, NULL);
  modules = g_strconcat ("rhel5.i386.kernel-modules=", rpm_modules, NULL);

  {
    const char *with[] = {modules, image, NULL};

    store = read_with (schema, with, &error);
    g_assert_no_error (error);
  }
  assert_facts (store, "kernel",
                KERNEL " kernel /boot/vmlinuz-" KERNEL " /lib/modules/" KERNEL " i386 false\n");
  assert_facts (store, "kernel_module",
                KERNEL " dash_name true\n" KERNEL " ext4 true\n" KERNEL " more false\n" KERNEL
                       " virtio_blk false\n" KERNEL " xen_blkfront false\n");
  {
    g_autoptr (V2vPackage) package = v2v_package_read (rpm, &error);
    GStatBuf status;

    /* The file, and what is in it. */
    g_assert_no_error (error);
    g_assert_cmpint (g_stat (rpm, &status), ==, 0);
    g_assert_cmpuint (package->size, >, (guint64)status.st_size);
    g_assert_cmpuint (package->size, <, (guint64)status.st_size + 1024 * 1024);
  }
  g_assert_true (v2v_store_is_known (store, v2v_schema_fact (schema, "with")));
  g_assert_false (v2v_store_is_known (store, v2v_schema_fact (schema, "kernel")));

  /* Modules alone are no kernel. */
  g_clear_pointer (&store, v2v_store_free);
  {
    const char *with[] = {modules, NULL};

    store = read_with (schema, with, &error);
    g_assert_no_error (error);
  }
  assert_facts (store, "kernel", "");
  assert_facts (store, "kernel_module", "");
}

static void
test_deb (void)
{
  g_autoptr (V2vSchema) schema = make_schema ();
  g_autoptr (V2vStore) store = NULL;
  g_autofree char *given = NULL;
  g_autofree char *expected = NULL;
  g_autoptr (GError) error = NULL;
  const char *with[] = {NULL, NULL};

  if (!deb) {
    g_test_skip ("dpkg-deb is not installed");
    return;
  }
  with[0] = given = g_strconcat ("debian12.amd64.kernel=", deb, NULL);
  store = read_with (schema, with, &error);
  g_assert_no_error (error);
  expected = g_strdup_printf (
      "debian12.amd64.kernel debian 12 - x86_64 kernel %s linux-image 1:6.1-2~x -\n", deb);
  assert_facts (store, "with", expected);
  assert_facts (store, "kernel",
                "6.1-amd64 linux-image /usr/lib/modules/6.1-amd64/vmlinuz"
                " /usr/lib/modules/6.1-amd64 x86_64 false\n");
  assert_facts (store, "kernel_module", "6.1-amd64 virtio_net false\n");
}

static void
assert_bad_file (const char *path, int code, const char *pattern)
{
  g_autoptr (V2vSchema) schema = make_schema ();
  g_autofree char *given = g_strconcat ("rhel5.x86_64.kernel=", path, NULL);
  const char *with[] = {given, NULL};
  g_autoptr (GError) error = NULL;

  g_assert_null (read_with (schema, with, &error));
  g_assert_error (error, V2V_ERROR, code);
  g_assert_true (strstr (error->message, path));
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("'%s' is not like '%s'", error->message, pattern);
}

static void
test_bad_files (void)
{
  g_autofree char *text = g_build_filename (directory, "text", NULL);
  g_autofree char *missing = g_build_filename (directory, "missing.rpm", NULL);

  g_assert_true (g_file_set_contents (text, "no package", -1, NULL));
  assert_bad_file (missing, V2V_EXIT_NOINPUT, "--with rhel5.x86_64.kernel: *missing.rpm: *");
  assert_bad_file (directory, V2V_EXIT_NOINPUT, "*is not a regular file*");
  assert_bad_file (text, V2V_EXIT_DATA, "*text is not a package: expected*");
  if (rpm)
    assert_bad_file (
        rpm, V2V_EXIT_USAGE,
        "*the label is for x86_64, but the package in * (kernel 1:5.10.0-9.el5) is "
        "for i686: *");
}

static void
append_number (GByteArray *bytes, guint32 number)
{
  guint32 big = GUINT32_TO_BE (number);

  g_byte_array_append (bytes, (const guint8 *)&big, sizeof big);
}

/* An rpm that is not compressed, with the one file FILE, a header of cpio and what follows. */
static void
write_rpm (const char *path, const char *file)
{
  static const guint8 start[] = "\x8e\xad\xe8\x01\0\0\0";
  static const guint tags[] = {1000, 1001, 1002, 1022};
  static const guint8 words[] = "kernel\0001\0002\0x86_64";
  static const guint offsets[] = {0, 7, 9, 11};
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *)"\xed\xab\xee\xdb\3", 5);
  g_byte_array_set_size (bytes, 96);
  memset (bytes->data + 5, 0, 96 - 5);
  /* No signature. */
  g_byte_array_append (bytes, start, 8);
  append_number (bytes, 0);
  append_number (bytes, 0);
  g_byte_array_append (bytes, start, 8);
  append_number (bytes, G_N_ELEMENTS (tags));
  append_number (bytes, sizeof words);
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++) {
    append_number (bytes, tags[i]);
    append_number (bytes, 6);
    append_number (bytes, offsets[i]);
    append_number (bytes, 1);
  }
  g_byte_array_append (bytes, words, sizeof words);
  g_byte_array_append (bytes, (const guint8 *)file, (guint)strlen (file));
  g_assert_true (
      g_file_set_contents (path, (const char *)bytes->data, (gssize)bytes->len, NULL));
}

#define CPIO(size, name_size)                                                                  \
  "07070100000000000081a400000000000000000000000100000000" size                                \
  "00000000000000000000000000000000" name_size "00000000"

/* Headers of files that lie are refused before anything is done for them. */
static void
test_bad_payload (void)
{
  static const struct {
    const char *file, *pattern;
  } cases[] = {
      {CPIO ("00000000", "70000002") "x", "*bad.rpm: *name of one of its files has 1879048194 "
                                          "bytes*"},
      {CPIO ("00000000", "00000000") "x", "*name of one of its files has 0 bytes*"},
      {CPIO ("00000000", "0000000b") "x", "*it is truncated among its files*"},
      {CPIO ("000000ff", "0000000b") "boot/file-1", "*it is truncated among its files*"},
      {CPIO ("00000000", "0000-001") "x", "*does not begin with a file header*"},
      {"07070100000000000000", "*it is truncated among its files*"},
      {"#" CPIO ("00000000", "00000001"), "*does not begin with a file header*"},
  };
  g_autofree char *path = g_build_filename (directory, "bad.rpm", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    write_rpm (path, cases[i].file);
    assert_bad_file (path, V2V_EXIT_DATA, cases[i].pattern);
  }
}

/* Every truncation and many single changed bytes: an error or a package, never a crash. */
static void
assert_survives (const char *path)
{
  g_autofree char *content = NULL;
  g_autofree char *copy = g_build_filename (directory, "damaged", NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  gsize length;
  guint refused = 0;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  for (gsize cut = 0; cut < length; cut += 1 + length / 200) {
    g_autoptr (GError) error = NULL;
    g_autoptr (V2vPackage) package = NULL;

    g_assert_true (g_file_set_contents (copy, content, (gssize)cut, NULL));
    package = v2v_package_read (copy, &error);
    g_assert_true ((package != NULL) == (error == NULL));
    refused += package == NULL;
  }
  g_assert_cmpuint (refused, >, 100);
  for (guint i = 0; i < 1000; i++) {
    gsize at = (gsize)g_rand_int_range (random, 0, (gint32)length);
    char old = content[at];
    g_autoptr (GError) error = NULL;
    g_autoptr (V2vPackage) package = NULL;

    content[at] = (char)g_rand_int_range (random, 0, 256);
    g_assert_true (g_file_set_contents (copy, content, (gssize)length, NULL));
    package = v2v_package_read (copy, &error);
    g_assert_true ((package != NULL) == (error == NULL));
    content[at] = old;
  }
}

static void
test_damaged (void)
{
  if (!rpm && !deb)
    g_test_skip ("neither rpmbuild nor dpkg-deb is installed");
  if (rpm)
    assert_survives (rpm);
  if (deb)
    assert_survives (deb);
}

static void
remove_directory (void)
{
  const char *argv[] = {"rm", "-rf", directory, NULL};

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
}

int
main (int argc, char **argv)
{
  const char *base = g_getenv ("V2V_TEST_TMPDIR");
  int status;

  g_test_init (&argc, &argv, NULL);
  directory = g_build_filename (base ? base : g_get_tmp_dir (), "test-with-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp (directory));
  make_packages ();

  g_test_add_func ("/with/labels", test_labels);
  g_test_add_func ("/with/bad-labels", test_bad_labels);
  g_test_add_func ("/with/bad-payload", test_bad_payload);
  g_test_add_func ("/with/rpm", test_rpm);
  g_test_add_func ("/with/deb", test_deb);
  g_test_add_func ("/with/bad-files", test_bad_files);
  g_test_add_func ("/with/damaged", test_damaged);
  status = g_test_run ();

  remove_directory ();
  g_free (directory);
  g_free (rpm);
  g_free (rpm_modules);
  g_free (rpm_plain);
  g_free (deb);
  return status;
}
