/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Values: interning, order, globs, text forms.
 */
#include "config.h"

#include <string.h>

#include "facts/value.h"

static void
test_intern (void)
{
  char text[] = "virtio_blk";
  const char *first = v2v_intern (text);

  text[0] = 'V';
  g_assert_cmpstr (first, ==, "virtio_blk");
  g_assert_true (first == v2v_intern ("virtio_blk"));
  g_assert_true (first == v2v_intern_length ("virtio_blk and more", 10));
  g_assert_true (first != v2v_intern (text));
  g_assert_null (v2v_intern (NULL));
  g_assert_cmpstr (v2v_intern (""), ==, "");
  for (guint i = 0; i < 5000; i++) {
    g_autofree char *name = g_strdup_printf ("name%u", i);
    g_autofree char *again = g_strdup (name);

    g_assert_true (v2v_intern (name) == v2v_intern (again));
    g_assert_cmpstr (v2v_intern (name), ==, name);
  }
}

static void
test_equal (void)
{
  g_assert_true (v2v_value_equal (V2V_VALUE_UNSET, V2V_VALUE_UNSET));
  g_assert_true (v2v_value_equal (v2v_value_text ("a"), v2v_value_text ("a")));
  g_assert_false (v2v_value_equal (v2v_value_text ("a"), v2v_value_text ("b")));
  g_assert_false (v2v_value_equal (v2v_value_number (1), v2v_value_truth (TRUE)));
  g_assert_true (v2v_value_equal (v2v_value_truth (5), v2v_value_truth (TRUE)));
  g_assert_false (v2v_value_is_set (v2v_value_text (NULL)));
  g_assert_cmpuint (v2v_value_hash (v2v_value_text ("a")), ==,
                    v2v_value_hash (v2v_value_text ("a")));
  g_assert_cmpuint (v2v_value_hash (v2v_value_number (7)), ==,
                    v2v_value_hash (v2v_value_number (7)));
  g_assert_cmpuint (v2v_value_hash (v2v_value_truth (TRUE)), !=,
                    v2v_value_hash (v2v_value_truth (FALSE)));
}

static void
test_plain_versions (void)
{
  /* Each is less than the next. */
  static const char *const rising[] = {"",
                                       "a",
                                       "1",
                                       "1.a",
                                       "1.0",
                                       "1.0.1",
                                       "1.2",
                                       "1.10",
                                       "2.6.9",
                                       "2.6.18-8.el5",
                                       "2.6.18-128.el5",
                                       "6.1.0-9-amd64",
                                       "6.1.0-18-amd64",
                                       "10",
                                       "20240101",
                                       "99999999999999999999999",
                                       "100000000000000000000000"};

  for (guint i = 0; i < G_N_ELEMENTS (rising); i++)
    for (guint j = 0; j < G_N_ELEMENTS (rising); j++)
      g_assert_cmpint (v2v_plain_version_compare (rising[i], rising[j]), ==, (i > j) - (i < j));
  g_assert_cmpint (v2v_plain_version_compare ("1.02", "1.2"), ==, 0);
  g_assert_cmpint (v2v_plain_version_compare ("1-2", "1.2"), ==, 0);
  g_assert_cmpint (v2v_plain_version_compare ("abc", "abd"), ==, -1);
  g_assert_cmpint (v2v_plain_version_compare ("ab", "abc"), ==, -1);
}

static int
order (V2vPackageFormat format, const char *a, const char *b)
{
  const int result = v2v_value_compare (V2V_TYPE_PACKAGE_VERSION, format, v2v_value_text (a),
                                        v2v_value_text (b));

  return (result > 0) - (result < 0);
}

static void
test_package_versions (void)
{
  /* Formats are asked for in turn: none may spoil another. */
  for (guint round = 0; round < 2; round++) {
    g_assert_cmpint (order (V2V_PACKAGES_RPM, "1:1.0-1", "2.0-1"), ==, 1);
    g_assert_cmpint (order (V2V_PACKAGES_DEB, "1:1.0-1", "2.0-1"), ==, 1);
    g_assert_cmpint (order (V2V_PACKAGES_RPM, "1.0~rc1-1", "1.0-1"), ==, -1);
    g_assert_cmpint (order (V2V_PACKAGES_DEB, "1.0~rc1-1", "1.0-1"), ==, -1);
    g_assert_cmpint (order (V2V_PACKAGES_RPM, "2.6.18-8.el5", "2.6.18-128.el5"), ==, -1);
    /* rpm ignores what separates, dpkg orders it. */
    g_assert_cmpint (order (V2V_PACKAGES_RPM, "1.0_1-1", "1.0.1-1"), ==, 0);
    g_assert_cmpint (order (V2V_PACKAGES_DEB, "1.0+1-1", "1.0.1-1"), !=, 0);
    /* In rpm a number is newer than a word, and ^ is later than the end. */
    g_assert_cmpint (order (V2V_PACKAGES_RPM, "1.0^git1-1", "1.0-1"), ==, 1);
    g_assert_cmpint (order (V2V_PACKAGES_ARCH, "1:1.0-1", "1.0-2"), ==, 1);
    g_assert_cmpint (order (V2V_PACKAGES_PLAIN, "1.10", "1.9"), ==, 1);
  }
  g_assert_cmpint (v2v_package_format ("rpm"), ==, V2V_PACKAGES_RPM);
  g_assert_cmpint (v2v_package_format ("deb"), ==, V2V_PACKAGES_DEB);
  g_assert_cmpint (v2v_package_format ("pacman"), ==, V2V_PACKAGES_ARCH);
  g_assert_cmpint (v2v_package_format ("arch"), ==, V2V_PACKAGES_ARCH);
  g_assert_cmpint (v2v_package_format ("apk"), ==, V2V_PACKAGES_PLAIN);
  g_assert_cmpint (v2v_package_format (NULL), ==, V2V_PACKAGES_PLAIN);
}

static void
test_compare (void)
{
  g_assert_cmpint (v2v_value_compare (V2V_TYPE_INT, V2V_PACKAGES_PLAIN, v2v_value_number (-3),
                                      v2v_value_number (2)),
                   <, 0);
  g_assert_cmpint (v2v_value_compare (V2V_TYPE_SIZE, V2V_PACKAGES_PLAIN, v2v_value_number (3),
                                      v2v_value_number (3)),
                   ==, 0);
  g_assert_cmpint (v2v_value_compare (V2V_TYPE_STRING, V2V_PACKAGES_PLAIN,
                                      v2v_value_text ("10"), v2v_value_text ("9")),
                   <, 0);
  g_assert_cmpint (v2v_value_compare (V2V_TYPE_PLAIN_VERSION, V2V_PACKAGES_PLAIN,
                                      v2v_value_text ("10"), v2v_value_text ("9")),
                   >, 0);
}

static void
test_globs (void)
{
  static const struct {
    const char *pattern, *text;
    gboolean matches;
  } cases[] = {
      {"kernel-xen*", "kernel-xen", TRUE},
      {"kernel-xen*", "kernel-xenU", TRUE},
      {"kernel-xen*", "kernel", FALSE},
      {"*", "", TRUE},
      {"", "", TRUE},
      {"", "a", FALSE},
      {"?", "", FALSE},
      {"?", "\xc3\xa4", TRUE},
      {"??", "\xc3\xa4", FALSE},
      {"?", "\xff", TRUE},
      {"/dev/[sh]d[a-z]", "/dev/sdb", TRUE},
      {"/dev/[sh]d[a-z]", "/dev/vdb", FALSE},
      {"/dev/[!sh]d[a-z]", "/dev/vdb", TRUE},
      {"/dev/[^sh]d[a-z]", "/dev/sdb", FALSE},
      {"[]]", "]", TRUE},
      {"[*]", "*", TRUE},
      {"[*]", "a", FALSE},
      {"[abc", "[abc", TRUE},
      {"[abc", "a", FALSE},
      {"[a-]", "-", TRUE},
      {"a*b*c", "aXbYbZc", TRUE},
      {"a*b*c", "aXbYbZ", FALSE},
      {"*.ko", "virtio.ko", TRUE},
      {"*.ko", "virtio.ko.xz", FALSE},
      {"a\\b", "a\\b", TRUE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s against %s", cases[i].pattern, cases[i].text);
    g_assert_cmpint (v2v_glob_match (cases[i].pattern, cases[i].text), ==, cases[i].matches);
  }
}

static void
test_glob_time (void)
{
  GString *pattern = g_string_new (NULL);
  g_autofree char *text = g_strnfill (20000, 'a');
  gint64 begin;

  for (guint i = 0; i < 200; i++)
    g_string_append (pattern, "a*");
  g_string_append_c (pattern, 'b');
  begin = g_get_monotonic_time ();
  g_assert_false (v2v_glob_match (pattern->str, text));
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
  g_string_free (pattern, TRUE);
}

static void
rule_text (V2vTypeKind kind, V2vValue value, const char *expected)
{
  g_autofree char *text = v2v_value_to_rule_text (kind, value);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_rule_text (void)
{
  rule_text (V2V_TYPE_ENUM, v2v_value_text ("rhel"), "rhel");
  rule_text (V2V_TYPE_ENUM, v2v_value_text ("opensuse-leap"), "opensuse-leap");
  rule_text (V2V_TYPE_ENUM, v2v_value_text ("4mlinux"), "\"4mlinux\"");
  rule_text (V2V_TYPE_ENUM, v2v_value_text ("true"), "\"true\"");
  rule_text (V2V_TYPE_ENUM, v2v_value_text ("a b"), "\"a b\"");
  rule_text (V2V_TYPE_ENUM, v2v_value_text (""), "\"\"");
  rule_text (V2V_TYPE_STRING, v2v_value_text ("rhel"), "\"rhel\"");
  rule_text (V2V_TYPE_STRING, v2v_value_text ("a\"\\\n\t"), "\"a\\\"\\\\\\n\\t\"");
  rule_text (V2V_TYPE_STRING, v2v_value_text ("\x1b[\xff\xc3\xa4\xc2\x9b"),
             "\"\\x1b[\\xff\xc3\xa4\\xc2\\x9b\"");
  rule_text (V2V_TYPE_SIZE, v2v_value_number (0), "0");
  rule_text (V2V_TYPE_SIZE, v2v_value_number (1536), "1536");
  rule_text (V2V_TYPE_SIZE, v2v_value_number (4096), "4KiB");
  rule_text (V2V_TYPE_SIZE, v2v_value_number ((gint64)5 << 40), "5TiB");
  rule_text (V2V_TYPE_INT, v2v_value_number (4096), "4096");
  rule_text (V2V_TYPE_BOOL, v2v_value_truth (TRUE), "true");
  rule_text (V2V_TYPE_BOOL, V2V_VALUE_UNSET, "unset");
}

static void
test_text (void)
{
  g_autofree char *truth = v2v_value_to_text (v2v_value_truth (FALSE));
  g_autofree char *number = v2v_value_to_text (v2v_value_number (-42));
  g_autofree char *text = v2v_value_to_text (v2v_value_text ("a b"));
  g_autofree char *unset = v2v_value_to_text (V2V_VALUE_UNSET);

  g_assert_cmpstr (truth, ==, "false");
  g_assert_cmpstr (number, ==, "-42");
  g_assert_cmpstr (text, ==, "a b");
  g_assert_cmpstr (unset, ==, "");
}

static void
test_parse (void)
{
  static const struct {
    V2vTypeKind kind;
    const char *text;
    gboolean good;
    gint64 number;
  } cases[] = {
      {V2V_TYPE_INT, "42", TRUE, 42},
      {V2V_TYPE_INT, "-1", TRUE, -1},
      {V2V_TYPE_INT, "4x", FALSE, 0},
      {V2V_TYPE_INT, "99999999999999999999", FALSE, 0},
      {V2V_TYPE_SIZE, "512", TRUE, 512},
      {V2V_TYPE_SIZE, "512MiB", TRUE, 512 << 20},
      {V2V_TYPE_SIZE, "1GB", TRUE, 1000000000},
      {V2V_TYPE_SIZE, "1 kB", TRUE, 1000},
      {V2V_TYPE_SIZE, "8B", TRUE, 8},
      {V2V_TYPE_SIZE, "1XB", FALSE, 0},
      {V2V_TYPE_SIZE, "-1KiB", FALSE, 0},
      {V2V_TYPE_SIZE, "8192PiB", FALSE, 0},
      {V2V_TYPE_SIZE, "99999999999999999999", FALSE, 0},
      {V2V_TYPE_BOOL, "yes", TRUE, 1},
      {V2V_TYPE_BOOL, "on", TRUE, 1},
      {V2V_TYPE_BOOL, "0", TRUE, 0},
      {V2V_TYPE_BOOL, "maybe", FALSE, 0},
  };
  V2vValue value;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s %s", v2v_type_name (cases[i].kind), cases[i].text);
    g_assert_cmpint (v2v_value_parse (cases[i].kind, cases[i].text, &value), ==, cases[i].good);
    if (cases[i].good) {
      g_assert_cmpint (value.kind, ==, cases[i].kind == V2V_TYPE_BOOL ? V2V_TRUTH : V2V_NUMBER);
      g_assert_cmpint (value.number, ==, cases[i].number);
    }
  }
  g_assert_true (v2v_value_parse (V2V_TYPE_PATH, "/dev/sda", &value));
  g_assert_cmpstr (value.text, ==, "/dev/sda");
  g_assert_true (v2v_value_parse (V2V_TYPE_INT, "", &value));
  g_assert_false (v2v_value_is_set (value));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/value/intern", test_intern);
  g_test_add_func ("/value/equal", test_equal);
  g_test_add_func ("/value/plain-versions", test_plain_versions);
  g_test_add_func ("/value/package-versions", test_package_versions);
  g_test_add_func ("/value/compare", test_compare);
  g_test_add_func ("/value/globs", test_globs);
  g_test_add_func ("/value/glob-time", test_glob_time);
  g_test_add_func ("/value/rule-text", test_rule_text);
  g_test_add_func ("/value/text", test_text);
  g_test_add_func ("/value/parse", test_parse);
  return g_test_run ();
}
