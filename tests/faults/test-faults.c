/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every call that creates, writes, renames or makes durable fails once, in turn, in all that
 * publishes results: whatever fails, nothing is lost and nothing is half published, the status
 * says what to do, and the message names file and cause.
 *
 * Starts itself again with the library of faults preloaded. Each try is a process of its own.
 */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "base/log.h"
#include "base/outfile.h"
#include "base/register.h"
#include "convert/undo.h"
#include "storage/in-place-dir.h"

#include "../unit/storage-case.h"
#include "faults.h"

/* A case that has more calls than these never ends. */
#define CALLS_MAX 2000

static const V2vFaults *faults;

/* Connections to it share their guests as long as one is open. */
#define LIBVIRT "test:///default"

/* ---- one conversion ---- */

typedef struct {
  Case c;
  char *report, *a, *b; /* paths */
  char *before_a, *before_b;
  gboolean undoable;
  const char *output;  /* NULL: "local" */
  virConnect *libvirt; /* of this process, or NULL */
  unsigned number;
  int errnum;
  gboolean lasting;
} Try;

static void
try_begin (Try *try, const char *storage)
{
  Case *c = &try->c;
  g_autofree char *state = NULL;

  case_init (c, storage, try->output ? try->output : "local");
  c->type =
      "type='kvm'><memory>65536</memory><vcpu>1</vcpu><os><type arch='x86_64'>hvm</type></os>";
  if (g_strcmp0 (try->output, "libvirt") == 0) {
    c->type = "type='test'><memory>65536</memory><vcpu>1</vcpu><os><type>hvm</type></os>";
    try->libvirt = virConnectOpen (LIBVIRT);
    g_assert_nonnull (try->libvirt);
    v2v_option_values_add (c->options, "output-connect", LIBVIRT);
  }
  state = in (c->dir, "state");
  g_setenv ("V2V_ENGINE_STATE_DIR", state, TRUE);
  add_disk (c, "a.img", "raw", "2M", 0xa1);
  add_disk (c, "b.img", "qcow2", "2M", 0xb1);
  if (try->undoable)
    v2v_option_values_add (c->options, "keep-undo", "");
  try->report = in (c->dir, "report.json");
  try->a = in (c->source, "a.img");
  try->b = in (c->source, "b.img");
  try->before_a = checksum (try->a);
  try->before_b = checksum (try->b);
  write_file (try->report, "{\"status\": 65}\n", -1);
  g_assert_cmpint (chmod (try->report, 0600), ==, 0);
}

static void
faults_begin (const Try *try)
{
  faults->begin (try->number, try->errnum, try->lasting);
}

static gboolean
write_report (Try *try, GError **error)
{
  const V2vJobSettings settings = {
      .storage = try->c.storage, .output = try->c.output, .options = try->c.options};
  g_autoptr (JsonNode) note = v2v_undo_note (&settings, NULL, try->c.job);
  g_autofree char *member = json_to_string (note, TRUE);
  g_autofree char *text =
      g_strdup_printf ("{\"name\": \"guest\", \"status\": 0, \"undo\": %s}\n", member);

  return v2v_write_file (try->report, text, -1, 0600, error);
}

/* Converts, with the changes that a guest would have made; *DONE_R: it is, whatever comes. */
static gboolean
convert (Try *try, gboolean *done_r, GError **error)
{
  g_autofree char *result = NULL;
  Case *c = &try->c;

  *done_r = FALSE;
  if (case_begin (c, error)) {
    guest_write (overlay (c, 0), "qcow2", 0xa2, "0", "4k");
    guest_write (overlay (c, 1), "qcow2", 0xb2, "1M", "4k");
    if (case_end (c, &result, error)) {
      c->storage->finish (c->job);
      *done_r = TRUE;
      return write_report (try, error);
    }
  }
  if (c->job)
    case_abandon (c);
  return FALSE;
}

/* ---- what is left ---- */

static gboolean
sources_are_as_they_were (const Try *try)
{
  g_autofree char *a = checksum (try->a), *b = checksum (try->b);

  return g_str_equal (a, try->before_a) && g_str_equal (b, try->before_b);
}

static gboolean
holds (const char *a, const char *a_format, const char *b, const char *b_format)
{
  return guest_reads (a, a_format, 0xa2, "0", "4k") &&
         guest_reads (a, a_format, 0xa1, "4k", "60k") &&
         guest_reads (b, b_format, 0xb1, "0", "64k") &&
         guest_reads (b, b_format, 0xb2, "1M", "4k");
}

static gboolean
ends_with (const Try *try, const char *name, const char *end)
{
  g_autofree char *path = in (try->c.out, name);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && g_str_has_suffix (text, end);
}

/* Does libvirt have the guest? */
static gboolean
is_defined (const Try *try)
{
  virDomain *domain = virDomainLookupByName (try->libvirt, "guest");

  if (domain)
    virDomainFree (domain);
  return domain != NULL;
}

static gboolean
results_are_whole (const Try *try)
{
  const gboolean snapshot = g_str_equal (try->c.storage->name, "snapshot");
  const gboolean script = g_strcmp0 (try->output, "qemu") == 0;
  g_autofree char *a = in (try->c.out, "guest-sda"), *b = in (try->c.out, "guest-sdb");

  if (!holds (a, snapshot ? "qcow2" : "raw", b, "qcow2"))
    return FALSE;
  if (try->libvirt)
    return count_names (try->c.out) == 2 && is_defined (try);
  return count_names (try->c.out) == (script ? 4 : 3) &&
         ends_with (try, "guest.xml", "</domain>\n") &&
         (!script || ends_with (try, "guest.sh", "\n"));
}

/* Nothing of the new guest is anywhere. */
static gboolean
nothing_is_left (const Try *try)
{
  return count_names (try->c.out) == 0 && (!try->libvirt || !is_defined (try));
}

static gboolean
disks_are_converted (const Try *try)
{
  g_autofree char *xml = in (try->c.out, "guest.xml"), *text = NULL;

  return holds (try->a, "raw", try->b, "qcow2") && count_names (try->c.out) == 1 &&
         g_file_get_contents (xml, &text, NULL, NULL) && g_str_has_suffix (text, "</domain>\n");
}

/* The report of before, or that of this conversion: never a part of one. */
static void
check_report (const Try *try, gboolean written)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (try->report, &text, NULL, NULL));
  if (written || !g_str_equal (text, "{\"status\": 65}\n"))
    g_assert_true (g_str_has_suffix (text, "}\n") && strstr (text, "\"undo\""));
}

/* Status and message of a failure. */
static void
check_error (const Try *try, const GError *error)
{
  const V2vExit status = v2v_error_exit (error);
  const gboolean full = try->errnum == ENOSPC;

  if (g_str_has_prefix (faults->hit (), "vir")) {
    if (status != V2V_EXIT_CANTCREAT || !strstr (error->message, LIBVIRT))
      g_error ("after %s: status %d: %s", faults->hit (), status, error->message);
    return;
  }
  if (!(full ? status == V2V_EXIT_CANTCREAT
             : status == V2V_EXIT_IOERR || status == V2V_EXIT_TEMPFAIL) ||
      !strstr (error->message, g_strerror (try->errnum)) ||
      !strstr (error->message, try->c.dir))
    g_error ("after %s: status %d: %s", faults->hit (), status, error->message);
}

/* Ends this process: 0: no call failed; 1: one did. */
static void G_GNUC_NORETURN
leave (Try *try, const GError *error)
{
  const gboolean hit = *faults->hit () != '\0';
  /* The register of what runs make is done without, directories are made in a second way. */
  const gboolean told = v2v_log_warnings ()->len || strstr (faults->hit (), "/state") ||
                        g_str_has_prefix (faults->hit (), "mkdir ");

  if (error) {
    if (!hit)
      g_error ("without a fault: %s", error->message);
    check_error (try, error);
  } else if (hit && try->errnum != EINTR && try->errnum != FAULT_SHORT && !told) {
    g_error ("%s failed, and nobody told", faults->hit ());
  }
  _exit (hit ? 1 : 0);
}

/* ---- cases ---- */

static void
try_new_disks (Try *try, const char *storage)
{
  g_autoptr (GError) error = NULL;
  gboolean done;

  try_begin (try, storage);
  faults_begin (try);
  v2v_register_start ();
  convert (try, &done, &error);
  v2v_register_end ();
  faults->end ();
  g_assert_true (sources_are_as_they_were (try));
  check_report (try, !error);
  g_assert_true (done ? results_are_whole (try) : nothing_is_left (try));
  g_assert_cmpuint (count_names (try->c.work), ==, 0);
  leave (try, error);
}

static void
try_copy (Try *try)
{
  try_new_disks (try, "copy");
}

static void
try_snapshot (Try *try)
{
  try_new_disks (try, "snapshot");
}

static void
try_libvirt (Try *try)
{
  try->output = "libvirt";
  try_new_disks (try, "copy");
}

static void
try_qemu (Try *try)
{
  try->output = "qemu";
  try_new_disks (try, "copy");
}

/* The next run takes up what this one left. */
static void
recover (const Try *try, gboolean done)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *what = NULL;

  if (!try->c.storage->recover (try->c.options, try->c.disks, &what, &error))
    g_error ("after %s, the next run: %s", faults->hit (), error->message);
  if (done || what)
    g_assert_true (disks_are_converted (try));
  else
    g_assert_true (sources_are_as_they_were (try) && count_names (try->c.out) == 0);
}

static void
try_in_place (Try *try)
{
  g_autoptr (GError) error = NULL;
  gboolean done;

  try_begin (try, "in-place");
  faults_begin (try);
  v2v_register_start ();
  convert (try, &done, &error);
  v2v_register_end ();
  faults->end ();
  check_report (try, !error);
  recover (try, done);
  if (!try->undoable)
    g_assert_cmpuint (count_names (try->c.keep), ==, 0);
  leave (try, error);
}

static void
try_in_place_undoable (Try *try)
{
  try->undoable = TRUE;
  try_in_place (try);
}

/* Takes a conversion back; what did not come to its end comes to it the next time. */
static void
try_undo (Try *try, const char *storage)
{
  g_autoptr (V2vOptionValues) options = v2v_option_values_new ();
  g_autoptr (GError) error = NULL, again = NULL;
  void (*const nothing) (gboolean begin) = (void (*) (gboolean))g_thread_yield;
  gboolean done;

  try_begin (try, storage);
  g_assert_true (convert (try, &done, NULL));
  faults_begin (try);
  v2v_undo (try->report, options, nothing, &error);
  faults->end ();
  if (!v2v_undo (try->report, options, nothing, &again))
    g_error ("after %s, the next undo: %s", faults->hit (), again->message);
  g_assert_true (sources_are_as_they_were (try) && nothing_is_left (try));
  g_assert_cmpuint (count_names (try->c.keep), ==, 0);
  leave (try, error);
}

static void
try_undo_copy (Try *try)
{
  try_undo (try, "copy");
}

static void
try_undo_libvirt (Try *try)
{
  try->output = "libvirt";
  try_undo (try, "copy");
}

static void
try_undo_in_place (Try *try)
{
  try->undoable = TRUE;
  try_undo (try, "in-place");
}

/* ---- all of them ---- */

typedef struct {
  const char *name;
  void (*func) (Try *try);
} Kind;

static const Kind kinds[] = {
    {"copy", try_copy},           {"snapshot", try_snapshot},
    {"in-place", try_in_place},   {"in-place-undoable", try_in_place_undoable},
    {"undo-copy", try_undo_copy}, {"undo-in-place", try_undo_in_place},
    {"libvirt", try_libvirt},     {"undo-libvirt", try_undo_libvirt},
    {"qemu", try_qemu},
};

/* Does call NUMBER fail at all? The message of a try that went wrong is on standard error. */
static gboolean
try_one (const Kind *kind, unsigned number, int errnum, gboolean lasting)
{
  pid_t pid = fork ();
  int status;

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0) {
    Try try = {.number = number, .errnum = errnum, .lasting = lasting};

    kind->func (&try);
    _exit (3);
  }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  if (!WIFEXITED (status) || WEXITSTATUS (status) > 1)
    g_error ("%s: the call %u failed (%s), and this went wrong: see above", kind->name, number,
             errnum == FAULT_SHORT ? "short" : g_strerror (errnum));
  return WEXITSTATUS (status) == 1;
}

static void
test_kind (gconstpointer data)
{
  static const struct {
    int errnum;
    gboolean lasting;
  } faults_of[] = {{ENOSPC, TRUE}, {EIO, FALSE}};
  const Kind *kind = data;

  for (guint i = 0; i < G_N_ELEMENTS (faults_of); i++) {
    unsigned number = 1;

    while (number < CALLS_MAX &&
           try_one (kind, number, faults_of[i].errnum, faults_of[i].lasting))
      number++;
    g_test_message ("%s: each of %u calls failed with: %s", kind->name, number - 1,
                    g_strerror (faults_of[i].errnum));
    g_assert_cmpuint (number, >, 1);
    g_assert_cmpuint (number, <, CALLS_MAX);
  }
  /* What only takes longer is no fault. */
  g_assert_true (try_one (kind, 1, EINTR, TRUE) || try_one (kind, 2, EINTR, TRUE));
  g_assert_true (try_one (kind, 1, FAULT_SHORT, TRUE) || try_one (kind, 2, FAULT_SHORT, TRUE));
}

/* Does not return if the library is not there yet. */
static void
load_faults (char **argv)
{
  faults = dlsym (RTLD_DEFAULT, FAULTS_SYMBOL);
  if (!faults) {
    g_autofree char *own = g_file_read_link ("/proc/self/exe", NULL);
    g_autofree char *directory = g_path_get_dirname (own);
    g_autofree char *library = in (directory, "faults.so");

    g_assert_null (g_getenv ("V2V_FAULTS_LOADED"));
    g_setenv ("V2V_FAULTS_LOADED", "1", TRUE);
    g_setenv ("LD_PRELOAD", library, TRUE);
    execv (own, argv);
    g_error ("cannot start again: %s", g_strerror (errno));
  }
}

int
main (int argc, char **argv)
{
#ifdef V2V_SANITIZED
  puts ("1..0 # SKIP a sanitizer has to be the first library");
  return 0;
#endif
  load_faults (argv);
  g_test_init (&argc, &argv, NULL);
  umask (022);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree char *path = g_strconcat ("/faults/", kinds[i].name, NULL);

    g_test_add_data_func (path, &kinds[i], test_kind);
  }
  return g_test_run ();
}
