/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of signs: what consoles mean by the shipped file, and files that are wrong.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/error.h"
#include "verify/signs.h"

static V2vSigns *
shipped (void)
{
  g_autoptr (GPtrArray) rule_dirs = v2v_rule_dirs_default (NULL);
  g_autoptr (GError) error = NULL;
  V2vSigns *signs = v2v_signs_load (rule_dirs, &error);

  g_assert_no_error (error);
  return signs;
}

static void
test_shipped (void)
{
  static const struct {
    const char *text;
    V2vVerdictKind kind;
    gboolean final;
  } consoles[] = {
      {"", V2V_VERDICT_NONE, FALSE},
      {"Loading Linux 6.1.0 ...\n[  0.0] Command line: root=/dev/sda1 ro\n", V2V_VERDICT_NONE,
       FALSE},
      {"[ 1.2] Kernel panic - not syncing: VFS: Unable to mount root fs on "
       "unknown-block(0,0)\n",
       V2V_VERDICT_KERNEL_PANIC, TRUE},
      {"Gave up waiting for root file system device.\nALERT!  /dev/xvda1 does not exist.  "
       "Dropping to a shell!\n(initramfs) ",
       V2V_VERDICT_NO_ROOT_DEVICE, TRUE},
      {"dracut-initqueue[312]: Warning: dracut-initqueue timeout - starting timeout scripts",
       V2V_VERDICT_NO_ROOT_DEVICE, FALSE},
      {"You are in emergency mode. After logging in, type \"journalctl -xb\"\n",
       V2V_VERDICT_EMERGENCY_SHELL, FALSE},
      {"You are in emergency mode. After logging in, type \"journalctl -xb\"\nhost login: ",
       V2V_VERDICT_USER_SPACE, FALSE},
      {"host login: \nKernel panic - not syncing: Fatal exception\n", V2V_VERDICT_KERNEL_PANIC,
       TRUE},
      {"Booting from Hard Disk...\n", V2V_VERDICT_NONE, FALSE},
      {"Booting from Hard Disk...\nNo bootable device.\n", V2V_VERDICT_NO_BOOT_LOADER, TRUE},
      {"error: unknown filesystem.\nEntering rescue mode...\ngrub rescue> ",
       V2V_VERDICT_NO_BOOT_LOADER, TRUE},
      {"Booting from ROM\n", V2V_VERDICT_NONE, FALSE},
      {"BdsDxe: No bootable option or device was found.\n", V2V_VERDICT_FIRMWARE_SHELL, TRUE},
      {"UEFI Interactive Shell v2.2\nShell> ", V2V_VERDICT_FIRMWARE_SHELL, TRUE},
      {"Debian GNU/Linux 12 host ttyS0\n\nhost login: ", V2V_VERDICT_USER_SPACE, FALSE},
  };
  g_autoptr (V2vSigns) signs = shipped ();

  for (guint i = 0; i < G_N_ELEMENTS (consoles); i++) {
    g_autofree char *line = NULL;
    gboolean final;
    V2vVerdictKind kind = v2v_signs_match (signs, consoles[i].text, &final, &line);

    if (kind != consoles[i].kind || final != consoles[i].final)
      g_error ("%s: got %s%s", consoles[i].text, v2v_verdict_name (kind), final ? "!" : "");
    g_assert_true ((line != NULL) == (kind != V2V_VERDICT_NONE));
    if (line)
      g_assert_nonnull (strstr (consoles[i].text, line));
  }
}

static void
test_end (void)
{
  g_autoptr (V2vSigns) signs = shipped ();
  g_autofree char *line = NULL;

  g_assert_cmpint (v2v_signs_match_end (signs, "", &line), ==, V2V_VERDICT_NONE);
  g_assert_cmpint (v2v_signs_match_end (signs, "Booting from Hard Disk...\nGRUB\n\n", &line),
                   ==, V2V_VERDICT_NONE);
  g_assert_null (line);
  g_assert_cmpint (v2v_signs_match_end (signs, "iPXE\nBooting from Hard Disk...\n\n\n", &line),
                   ==, V2V_VERDICT_NO_BOOT_LOADER);
  g_assert_cmpstr (line, ==, "Booting from Hard Disk...");
}

static void
test_plain (void)
{
  static const char text[] =
      "\033[2J\033[01;01H\033[=3hgrub \033[1mrescue\033[0m> \r\n\033[5;1Hnext\033";
  g_autofree char *plain = v2v_console_plain (text, sizeof text - 1);

  g_assert_nonnull (strstr (plain, "grub rescue> \n"));
  g_assert_nonnull (strstr (plain, "next"));
  g_assert_null (strchr (plain, '\033'));
}

static void
expect_bad (const char *content, const char *text)
{
  g_autofree char *dir = g_dir_make_tmp ("signs.XXXXXX", NULL);
  g_autofree char *directory = g_build_filename (dir, "rules", "verify", NULL);
  g_autofree char *path = g_build_filename (directory, "console.signs", NULL);
  const char *const extra[] = {dir, NULL};
  g_autoptr (GPtrArray) rule_dirs = v2v_rule_dirs_default (extra);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  g_assert_null (v2v_signs_load (rule_dirs, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CONFIG);
  if (!strstr (error->message, text))
    g_error ("%s", error->message);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_bad (void)
{
  expect_bad ("# fine\n\nkernel-panics x\n", "console.signs:3: there is no such verdict");
  expect_bad ("! x\n", "there is no such verdict");
  expect_bad ("kernel-panic!! x\n", "there is no such verdict");
  expect_bad ("timeout x\n", "there is no such verdict");
  expect_bad ("kernel-panic\n", "there is no regular expression");
  expect_bad ("kernel-panic (\n", "console.signs:1:");
  expect_bad ("kernel-panic \xff\n", "no UTF-8");
}

/* What the rule directories DIRECTORIES and the program's own say of TEXT. */
static V2vVerdictKind
verdict (const char *const *directories, const char *text)
{
  g_autoptr (GPtrArray) rule_dirs = v2v_rule_dirs_default (directories);
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vSigns) signs = v2v_signs_load (rule_dirs, &error);
  g_autofree char *line = NULL;
  gboolean final;

  g_assert_no_error (error);
  return v2v_signs_match (signs, text, &final, &line);
}

/* Files of several rule directories are read together; one hides those of its name in lower
 * ones. */
static void
test_directories (void)
{
  static const char panic[] = "Kernel panic - not syncing: x\n";
  g_autofree char *dir = g_dir_make_tmp ("signs.XXXXXX", NULL);
  g_autofree char *directory = g_build_filename (dir, "rules", "verify", NULL);
  g_autofree char *own = g_build_filename (directory, "acme.signs", NULL);
  g_autofree char *hiding = g_build_filename (directory, "console.signs", NULL);
  g_autofree char *draft = g_build_filename (directory, "acme.signs.orig", NULL);
  const char *const extra[] = {dir, NULL};
  g_autoptr (GPtrArray) rule_dirs = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (draft, "wrong\n", -1, NULL));
  g_assert_true (g_file_set_contents (own, "no-root-device ^ACME: lost\nemergency-shell ACME\n",
                                      -1, NULL));
  g_assert_cmpint (verdict (extra, "ACME: lost\n"), ==, V2V_VERDICT_NO_ROOT_DEVICE);
  g_assert_cmpint (verdict (extra, panic), ==, V2V_VERDICT_KERNEL_PANIC);
  /* Those of the higher rule directory come first. */
  g_assert_cmpint (verdict (extra, "Kernel panic - not syncing: x\nACME\n"), ==,
                   V2V_VERDICT_EMERGENCY_SHELL);
  g_assert_true (g_file_set_contents (hiding, "firmware-shell Shell\n", -1, NULL));
  g_assert_cmpint (verdict (extra, panic), ==, V2V_VERDICT_NONE);
  g_assert_cmpint (verdict (extra, "ACME: lost\n"), ==, V2V_VERDICT_NO_ROOT_DEVICE);
  g_assert_cmpint (g_unlink (hiding), ==, 0);
  g_assert_cmpint (symlink ("/dev/null", hiding), ==, 0);
  g_assert_cmpint (verdict (extra, panic), ==, V2V_VERDICT_NONE);
  g_assert_cmpint (g_unlink (own), ==, 0);
  rule_dirs = v2v_rule_dirs_default (extra);
  g_assert_null (v2v_signs_load (rule_dirs, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CONFIG);
  g_assert_nonnull (strstr (error->message, "rules/verify/*.signs"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signs/shipped", test_shipped);
  g_test_add_func ("/signs/end", test_end);
  g_test_add_func ("/signs/plain", test_plain);
  g_test_add_func ("/signs/bad", test_bad);
  g_test_add_func ("/signs/directories", test_directories);
  return g_test_run ();
}
