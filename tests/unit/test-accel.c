/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How an appliance is set up: whether KVM is used, and where the appliance is kept.
 */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "guest/internal.h"

#define INTEL "processor : 0\nflags\t\t: fpu vme vmx sse\n\nprocessor : 1\n"
#define AMD "vendor_id : AuthenticAMD\nflags : fpu svm\n"
#define NEITHER "flags : fpu vmxx svm_lock nosvm\nvmx flags : ept svm vmx\nbugs : vmx\n"

static void
test_decide (void)
{
  static const struct {
    const char *accel, *settings;
    gboolean opens;
    const char *cpuinfo;
    gboolean expected;
    const char *why;
  } cases[] = {
      {NULL, NULL, TRUE, INTEL, TRUE, NULL},
      {NULL, NULL, TRUE, AMD, TRUE, NULL},
      {NULL, NULL, TRUE, NULL, TRUE, NULL}, /* no x86 */
      {NULL, NULL, TRUE, NEITHER, FALSE, "the processor lacks vmx and svm"},
      {NULL, NULL, TRUE, "", FALSE, "the processor lacks vmx and svm"},
      {NULL, NULL, FALSE, INTEL, FALSE, "/dev/kvm cannot be opened"},
      {"tcg", NULL, TRUE, INTEL, FALSE, "V2V_ENGINE_ACCEL=tcg asks for emulation"},
      {"kvm", NULL, FALSE, NEITHER, TRUE, NULL},
      {"kvm", "force_tcg", TRUE, NEITHER, TRUE, NULL},
      {NULL, "force_tcg", TRUE, INTEL, FALSE, "LIBGUESTFS_BACKEND_SETTINGS asks for emulation"},
      {NULL, "a=b:force_tcg=1", TRUE, INTEL, FALSE,
       "LIBGUESTFS_BACKEND_SETTINGS asks for emulation"},
      {NULL, "not_force_tcg:force_tcg=0", TRUE, INTEL, TRUE, NULL},
      {"", "", TRUE, INTEL, TRUE, NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *why = "unset";

    g_test_message ("case %u", i);
    g_assert_cmpint (v2v_accel_decide (cases[i].accel, cases[i].settings, cases[i].opens,
                                       cases[i].cpuinfo, &why),
                     ==, cases[i].expected);
    g_assert_cmpstr (why, ==, cases[i].why);
  }
}

static void
test_environment (void)
{
  const char *why = NULL;

  g_setenv ("V2V_ENGINE_ACCEL", "tcg", TRUE);
  g_assert_false (v2v_host_has_kvm (&why));
  g_assert_nonnull (why);
  g_assert_false (v2v_host_has_kvm (NULL));
  g_setenv ("V2V_ENGINE_ACCEL", "kvm", TRUE);
  g_assert_true (v2v_host_has_kvm (&why));
  g_unsetenv ("V2V_ENGINE_ACCEL");
}

static void
test_words (void)
{
  static const char *const good[] = {"kvm", "tcg", ""};
  static const char *const bad[] = {"KVM", "tcg ", "none"};
  g_autoptr (GError) error = NULL;

  g_unsetenv ("V2V_ENGINE_ACCEL");
  g_assert_true (v2v_accel_check (&error));
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_setenv ("V2V_ENGINE_ACCEL", good[i], TRUE);
    g_assert_true (v2v_accel_check (&error));
    g_assert_no_error (error);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_setenv ("V2V_ENGINE_ACCEL", bad[i], TRUE);
    g_assert_false (v2v_accel_check (&error));
    g_assert_error (error, V2V_ERROR, V2V_EXIT_USAGE);
    g_assert_nonnull (strstr (error->message, bad[i]));
    g_clear_error (&error);
  }
  g_unsetenv ("V2V_ENGINE_ACCEL");
}

static void
expect_cache (const char *expected)
{
  const V2vGuestOptions options = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vGuest) guest = v2v_guest_new (&options, &error);
  g_autofree char *dir = NULL;

  if (!guest) {
    g_test_skip (error->message);
    return;
  }
  dir = guestfs_get_cachedir (v2v_guest_handle (guest));
  g_assert_cmpstr (dir, ==, expected);
}

/* Schedulers give each job a TMPDIR of its own: the appliance is not built for each. */
static void
test_cache (void)
{
  g_autofree char *tmpdir = g_strdup (g_getenv ("TMPDIR"));
  g_autofree char *job = g_dir_make_tmp ("v2v-test-XXXXXX", NULL);

  g_setenv ("TMPDIR", job, TRUE);
  g_unsetenv ("LIBGUESTFS_CACHEDIR");
  expect_cache ("/var/tmp");
  g_setenv ("LIBGUESTFS_CACHEDIR", job, TRUE);
  expect_cache (job);
  g_unsetenv ("LIBGUESTFS_CACHEDIR");
  if (tmpdir)
    g_setenv ("TMPDIR", tmpdir, TRUE);
  else
    g_unsetenv ("TMPDIR");
  g_assert_cmpint (g_rmdir (job), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/accel/decide", test_decide);
  g_test_add_func ("/accel/environment", test_environment);
  g_test_add_func ("/accel/words", test_words);
  g_test_add_func ("/appliance/cache", test_cache);
  return g_test_run ();
}
