/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The script that the output "qemu" writes: it is run here, with a program in the emulator's place
 * that tells its arguments.
 */
#include "config.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "metadata/element.h"
#include "output/output.h"
#include "output/qemu-command.h"

#include "disk-util.h"

/* Every sign that means something to a shell. */
#define HOSTILE "it's \"$HOME\" `id` $(id) \\ *"
#define SERIAL "<serial type='pty'><target port='0'/></serial>"
#define NIC                                                                                    \
  "<interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='br7'/>"          \
  "<model type='virtio'/></interface>"
/* What the script needs of the host, beside the emulator. */
static const char *const tools[] = {"cp", "mkdir", "mktemp", "rm", "sleep", NULL};

typedef struct {
  char *out, *bin, *script; /* directories, and what is made */
  V2vOptionValues *options;
  V2vStorageJob *job;
  xmlDoc *domain;
} Guest;

static const V2vOutput *
qemu (void)
{
  return v2v_output_find ("qemu");
}

/* A program in the directory that is the PATH. */
static void
add_program (const Guest *guest, const char *name, const char *script)
{
  g_autofree char *path = in (guest->bin, name);
  g_autofree char *text = g_strconcat ("#!/bin/bash\n", script, NULL);

  write_file (path, text, -1);
  g_assert_cmpint (chmod (path, 0755), ==, 0);
}

/* A guest with this in <os> and in <devices>. */
static void
guest_init (Guest *guest, const char *os, const char *devices)
{
  g_autofree char *text = g_markup_printf_escaped (
      "<domain type='kvm'><name>%s</name><memory unit='KiB'>65536</memory><vcpu>1</vcpu>",
      HOSTILE);
  g_autofree char *whole = g_strdup_printf (
      "%s<os><type arch='x86_64' machine='q35'>hvm</type>%s</os><devices>%s</devices></domain>",
      text, os, devices);

  guest->out = test_dir ();
  guest->bin = test_dir ();
  guest->script = in (guest->out, "guest.sh");
  for (int i = 0; tools[i]; i++) {
    g_autofree char *there = g_find_program_in_path (tools[i]),
                    *here = in (guest->bin, tools[i]);

    g_assert_nonnull (there);
    g_assert_cmpint (symlink (there, here), ==, 0);
  }
  add_program (guest, "qemu-system-x86_64", "printf '%s\\n' \"$@\"\n");
  guest->options = v2v_option_values_new ();
  v2v_option_values_add (guest->options, "output-dir", guest->out);
  guest->job = v2v_storage_job_new (guest->options, "guest", guest->out, guest->out);
  guest->domain = xmlParseDoc (BAD_CAST whole);
  g_assert_nonnull (guest->domain);
}

static void
guest_clear (Guest *guest)
{
  v2v_storage_job_free (guest->job);
  v2v_option_values_free (guest->options);
  xmlFreeDoc (guest->domain);
  g_free (guest->out);
  g_free (guest->bin);
  g_free (guest->script);
}

static void
create (Guest *guest)
{
  g_autofree char *result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (qemu ()->ready ("guest", guest->options, &error));
  g_assert_true (qemu ()->prepare (guest->job, guest->domain, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (guest->script, G_FILE_TEST_EXISTS));
  g_assert_true (qemu ()->create (guest->job, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (result, ==, guest->script);
}

static GSubprocess *
spawn (const Guest *guest, const char *accel)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_setenv (launcher, "PATH", guest->bin, TRUE);
  g_subprocess_launcher_setenv (launcher, "V2V_ENGINE_ACCEL", accel, TRUE);
  process =
      g_subprocess_launcher_spawn (launcher, &error, guest->script, "-more", HOSTILE, NULL);
  g_assert_no_error (error);
  return process;
}

/* Runs the script, which ends with STATUS and says MESSAGE. Returns what the emulator said, the directory of
 * its sockets as RUN; to be freed with g_free. */
static char *
run_script (const Guest *guest, const char *accel, int status, const char *message)
{
  g_autoptr (GSubprocess) process = spawn (guest, accel);
  g_autoptr (GRegex) sockets = g_regex_new ("/tmp/v2v-qemu\\.\\w{6}", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *out = NULL, *err = NULL;

  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &out, &err, NULL));
  g_assert_true (g_subprocess_get_if_exited (process));
  if (g_subprocess_get_exit_status (process) != status || !strstr (err, message))
    g_error ("status %d: %s", g_subprocess_get_exit_status (process), err);
  if (g_regex_match (sockets, out, 0, &match)) {
    g_autofree char *directory = g_match_info_fetch (match, 0);

    g_assert_false (g_file_test (directory, G_FILE_TEST_EXISTS));
  }
  return g_regex_replace_literal (sockets, out, -1, 0, "RUN", 0, NULL);
}

static void
fails (const Guest *guest, const char *accel, const char *message)
{
  g_autofree char *out = run_script (guest, accel, 69, message);

  g_assert_cmpstr (out, ==, "");
}

/* The emulator gets what v2v_qemu_command says for USE, and then what the script was given. */
static void
assert_arguments (const Guest *guest, V2vQemuUse *use)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *stylesheet = v2v_output_file (NULL, "xslt", V2V_QEMU_STYLESHEET, &error);
  g_autofree char *got = run_script (guest, use->accel, 0, "");
  g_autoptr (GPtrArray) command = NULL;
  g_autoptr (GString) expected = g_string_new (NULL);

  g_assert_no_error (error);
  use->serial = "stdio";
  use->sockets = "RUN";
  command = v2v_qemu_command (stylesheet, guest->domain, use, &error);
  g_assert_no_error (error);
  for (guint i = 1; i < command->len; i++)
    g_string_append_printf (expected, "%s\n", (char *)command->pdata[i]);
  g_string_append (expected, "-more\n" HOSTILE "\n");
  g_assert_cmpstr (got, ==, expected->str);
}

/* ---- what is made ---- */

static void
test_ready (void)
{
  static const char *const names[] = {"guest.sh", "guest.xml", "guest-sda"};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (V2vOptionValues) options = v2v_option_values_new ();
    g_autofree char *dir = test_dir (), *path = in (dir, names[i]);
    g_autoptr (GError) error = NULL;

    v2v_option_values_add (options, "output-dir", dir);
    g_assert_true (qemu ()->ready ("guest", options, NULL));
    write_file (path, "", 0);
    g_assert_false (qemu ()->ready ("guest", options, &error));
    g_assert_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT);
    g_assert_nonnull (strstr (error->message, path));
  }
}

static void
test_made (void)
{
  Guest guest;
  struct stat status;
  g_autoptr (GError) error = NULL;
  g_autofree char *result = NULL, *xml = NULL;

  guest_init (&guest, "", SERIAL);
  xml = in (guest.out, "guest.xml");
  /* What is given up leaves nothing. */
  g_assert_true (qemu ()->prepare (guest.job, guest.domain, &error));
  qemu ()->abandon (guest.job);
  g_assert_cmpuint (count_names (guest.out), ==, 0);
  create (&guest);
  g_assert_cmpint (stat (guest.script, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0755);
  g_assert_cmpint (stat (xml, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  qemu ()->abandon (guest.job);
  g_assert_cmpuint (count_names (guest.out), ==, 2);
  /* Another is not put in its place. */
  g_assert_true (qemu ()->prepare (guest.job, guest.domain, &error));
  g_assert_false (qemu ()->create (guest.job, &result, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT);
  qemu ()->abandon (guest.job);
  g_assert_cmpuint (count_names (guest.out), ==, 2);
  guest_clear (&guest);
}

/* ---- what it does ---- */

static void
test_arguments (void)
{
  V2vQemuUse kvm = {.accel = "kvm"}, tcg = {.accel = "tcg"};
  g_autofree char *out = NULL;
  Guest guest;

  guest_init (&guest, "", SERIAL NIC "<graphics type='vnc'/>");
  create (&guest);
  assert_arguments (&guest, &kvm);
  assert_arguments (&guest, &tcg);
  out = run_script (&guest, "tcg", 0, "The screen is at /tmp/v2v-qemu.");
  fails (&guest, "hvf", "V2V_ENGINE_ACCEL is 'hvf': expected kvm or tcg");
  guest_clear (&guest);
}

/* A card is connected where --bridge says, and otherwise to what libvirt would call a user's network. */
static void
test_bridges (void)
{
  g_autoptr (GPtrArray) bridges = g_ptr_array_new ();
  V2vQemuUse use = {.accel = "tcg", .bridges = bridges};
  g_autofree char *out = NULL;
  Guest guest;

  g_ptr_array_add (bridges, (gpointer) "br7");
  guest_init (&guest, "", NIC);
  v2v_option_values_add (guest.options, "bridge", "xenbr0:br7");
  create (&guest);
  assert_arguments (&guest, &use);
  out = run_script (&guest, "tcg", 0, "");
  g_assert_nonnull (strstr (out, "br7"));
  guest_clear (&guest);
}

/* The status is the emulator's; without one, the script says what to install. */
static void
test_emulator (void)
{
  g_autofree char *program = NULL, *out = NULL;
  Guest guest;

  guest_init (&guest, "", SERIAL);
  create (&guest);
  add_program (&guest, "qemu-system-x86_64", "echo 'no such machine' >&2; exit 7\n");
  out = run_script (&guest, "tcg", 7, "no such machine");
  program = in (guest.bin, "qemu-system-x86_64");
  g_assert_cmpint (unlink (program), ==, 0);
  fails (&guest, "tcg", "qemu-system-x86_64 is not installed");
  guest_clear (&guest);
}

/* Whoever ends the script ends the machine. */
static void
test_signal (void)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;
  Guest guest;

  guest_init (&guest, "", SERIAL);
  create (&guest);
  add_program (&guest, "qemu-system-x86_64",
               "trap 'exit 9' TERM\necho started\nwhile :; do sleep 0.1; done\n");
  process = spawn (&guest, "tcg");
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_assert_cmpstr (line, ==, "started");
  g_subprocess_send_signal (process, SIGTERM);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 9);
  guest_clear (&guest);
}

/* ---- firmware and TPM ---- */

static void
test_firmware (void)
{
  g_autofree char *dir = test_dir (), *code = in (dir, "code"),
                  *template = in (dir, "template");
  g_autofree char *os = g_strdup_printf ("<loader type='pflash' readonly='yes'>%s</loader>"
                                         "<nvram template='%s'/>",
                                         code, template);
  g_autofree char *vars = NULL, *text = NULL, *kept = NULL, *out = NULL, *again = NULL;
  g_autoptr (GError) error = NULL;
  V2vQemuUse use = {.accel = "kvm", .code = code};
  struct stat status;
  Guest guest;

  guest_init (&guest, os, SERIAL);
  vars = in (guest.out, "guest-nvram.fd");
  use.vars = vars;
  /* The host has none. */
  g_assert_false (qemu ()->prepare (guest.job, guest.domain, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE);
  qemu ()->abandon (guest.job);
  g_assert_cmpuint (count_names (guest.out), ==, 0);

  write_file (code, "code", -1);
  create (&guest);
  fails (&guest, "kvm", "guest-nvram.fd, the firmware's variables");
  g_assert_false (g_file_test (vars, G_FILE_TEST_EXISTS));
  write_file (template, "fresh", -1);
  assert_arguments (&guest, &use);
  g_assert_true (g_file_get_contents (vars, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "fresh");
  g_assert_cmpint (stat (vars, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  /* What the guest wrote there stays. */
  write_file (vars, "written", -1);
  out = run_script (&guest, "kvm", 0, "");
  g_assert_true (g_file_get_contents (vars, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "written");
  g_assert_cmpint (unlink (code), ==, 0);
  fails (&guest, "kvm", "is not on this host: install it");
  guest_clear (&guest);
}

/* Its emulator makes the socket that the machine is given; what it keeps stays beside the script. */
static void
test_tpm (void)
{
  V2vQemuUse use = {.accel = "tcg", .tpm = "RUN/tpm"};
  g_autofree char *program = NULL, *state = NULL, *kept = NULL;
  struct stat status;
  Guest guest;

  guest_init (&guest, "",
              SERIAL "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>");
  create (&guest);
  fails (&guest, "tcg", "install the package swtpm");
  program = g_strdup_printf (
      "[ \"$1 $2 $3 $4\" = 'socket --tpm2 --tpmstate dir=.' ] || exit 1\n"
      ": >kept\n"
      "PATH='%s' exec python3 -c "
      "'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' \"${6#*path=}\"\n",
      g_getenv ("PATH"));
  add_program (&guest, "swtpm", program);
  assert_arguments (&guest, &use);
  state = in (guest.out, "guest-tpm");
  kept = in (state, "kept");
  g_assert_cmpint (stat (state, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0700);
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  guest_clear (&guest);
}

int
main (int argc, char **argv)
{
  setvbuf (stdout, NULL, _IOLBF, 0);
  g_test_init (&argc, &argv, NULL);
  v2v_log_setup (V2V_QUIET, -1);
  g_setenv ("V2V_ENGINE_DATA_DIR", g_getenv ("V2V_TEST_SRCDIR"), TRUE);
  g_test_add_func ("/output-qemu/ready", test_ready);
  g_test_add_func ("/output-qemu/made", test_made);
  g_test_add_func ("/output-qemu/arguments", test_arguments);
  g_test_add_func ("/output-qemu/bridges", test_bridges);
  g_test_add_func ("/output-qemu/emulator", test_emulator);
  g_test_add_func ("/output-qemu/signal", test_signal);
  g_test_add_func ("/output-qemu/firmware", test_firmware);
  g_test_add_func ("/output-qemu/tpm", test_tpm);
  return g_test_run ();
}
