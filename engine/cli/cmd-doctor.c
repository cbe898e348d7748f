/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command doctor: can this host convert guests, and if not, how can that be mended?
 *
 * A conversion would find the same problems, but later, one at a time, and with the guest shut
 * down.
 */
#include "config.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <json-glib/json-glib.h>
#include <libvirt/libvirt.h>

#include "base/jsontext.h"
#include "base/log.h"
#include "base/process.h"
#include "cli/commands.h"
#include "cli/load-rules.h"
#include "guest/session.h"
#include "output/firmware.h"

#define MIB (1024.0 * 1024)
/* Space for an appliance and what it is built from, and for the overlays of a guest whose
 * initramfs images are rebuilt. */
#define CACHE_MIB 1500
#define WORK_MIB 2048
/* Memory that qemu needs in addition to that of the appliance. */
#define MEMORY_MORE_MIB 300

static const V2vOptionDef options[] = {
    {"start", NULL, "start an appliance too, and say how long that takes", FALSE},
    {"json", NULL, "print the list as JSON", FALSE},
    {NULL},
};

typedef enum { GOOD, WARNING, FAULT } Verdict;

static const char *const verdicts[] = {"ok", "warning", "fault"};

typedef struct {
  JsonBuilder *json; /* NULL: text is printed */
  guint faults;
  V2vGuest *guest; /* set up, not started; NULL: that failed */
} Doctor;

/* Prints one line: WHAT was examined, what was FOUND, and the WAY to mend it (NULL if all is
 * well). */
static void
tell (Doctor *doctor, Verdict verdict, const char *what, const char *found, const char *way)
{
  g_autofree char *printable = v2v_printable (found, -1, FALSE);

  doctor->faults += verdict == FAULT;
  if (!doctor->json) {
    printf ("%-8s %s: %s\n", verdicts[verdict], what, printable);
    if (way)
      printf ("         do: %s\n", way);
    return;
  }
  json_builder_begin_object (doctor->json);
  json_builder_set_member_name (doctor->json, "verdict");
  json_builder_add_string_value (doctor->json, verdicts[verdict]);
  json_builder_set_member_name (doctor->json, "what");
  json_builder_add_string_value (doctor->json, what);
  json_builder_set_member_name (doctor->json, "found");
  json_builder_add_string_value (doctor->json, printable);
  if (way) {
    json_builder_set_member_name (doctor->json, "do");
    json_builder_add_string_value (doctor->json, way);
  }
  json_builder_end_object (doctor->json);
}

/* ---- programs ---- */

static void
look_at_kvm (Doctor *doctor)
{
  const char *why;
  g_autofree char *found = NULL;

  if (v2v_host_has_kvm (&why)) {
    tell (doctor, GOOD, "KVM", "guests and the appliance run on the processor", NULL);
    return;
  }
  found = g_strdup_printf ("%s, so that the appliance is emulated: everything takes about ten "
                           "times as long",
                           why);
  tell (doctor, WARNING, "KVM", found,
        access ("/dev/kvm", F_OK) == 0 && access ("/dev/kvm", R_OK | W_OK) != 0
            ? "let this user open /dev/kvm, as members of the group kvm can"
            : "switch virtualisation on in the firmware of this host or, if it is itself a "
              "guest, "
              "nested virtualisation in its host, and load the kernel's module kvm");
}

/* Prints the version of PROGRAM: the first line that --version prints. */
static void
look_at_program (Doctor *doctor, const char *program, const char *purpose, const char *way)
{
  const char *const argv[] = {program, "--version", NULL};
  const V2vLimits limits = {.wall_seconds = 20};
  g_autofree char *output = NULL;
  g_autoptr (GError) local = NULL;

  if (v2v_process_run (argv, &limits, &output, &local) && output) {
    output[strcspn (output, "\n")] = '\0';
    tell (doctor, GOOD, purpose, output, NULL);
  } else {
    tell (doctor, FAULT, purpose, local ? local->message : "it printed no version", way);
  }
}

static void
look_at_emulator (Doctor *doctor)
{
  g_autofree char *emulator =
      doctor->guest ? guestfs_get_hv (v2v_guest_handle (doctor->guest)) : NULL;

  if (emulator)
    look_at_program (
        doctor, emulator, "emulator",
        "install the emulator for this host's architecture, or name it in LIBGUESTFS_HV");
}

static void
look_at_libraries (Doctor *doctor)
{
  g_autofree char *found = NULL;
  unsigned long libvirt = 0;
  struct guestfs_version *version =
      doctor->guest ? guestfs_version (v2v_guest_handle (doctor->guest)) : NULL;

  if (version) {
    found = g_strdup_printf ("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT,
                             version->major, version->minor, version->release);
    tell (doctor, GOOD, "libguestfs", found, NULL);
    guestfs_free_version (version);
  }
  g_free (found);
  virGetVersion (&libvirt, NULL, NULL);
  found =
      g_strdup_printf ("%lu.%lu.%lu", libvirt / 1000000, libvirt / 1000 % 1000, libvirt % 1000);
  tell (doctor, GOOD, "libvirt", found, NULL);
  if (access (V2V_DOMAIN_SCHEMA, R_OK) == 0)
    tell (doctor, GOOD, "libvirt's schema", V2V_DOMAIN_SCHEMA, NULL);
  else
    tell (doctor, WARNING, "libvirt's schema",
          V2V_DOMAIN_SCHEMA " is not there, so that new domains are not validated by it",
          "install the package of libvirt's library, which has it, or name the schema "
          "with --domain-schema");
}

static void
look_at_firmware (Doctor *doctor)
{
  static const char domain[] = "<domain><os firmware='efi'/></domain>";
  xmlDoc *doc = xmlReadMemory (domain, (int)strlen (domain), NULL, NULL, XML_PARSE_NONET);
  g_autoptr (GError) local = NULL;
  g_autoptr (V2vFirmware) firmware = v2v_firmware_find (doc, &local);

  if (firmware)
    tell (doctor, GOOD, "firmware for guests with EFI", firmware->code, NULL);
  else
    tell (doctor, WARNING, "firmware for guests with EFI", local->message,
          "install it (its package is often called ovmf or edk2-ovmf) before you verify or run "
          "such guests here");
  xmlFreeDoc (doc);
}

/* ---- the appliance ---- */

static gboolean
is_appliance (const char *directory)
{
  g_autofree char *kernel = g_build_filename (directory, "kernel", NULL);
  g_autofree char *root = g_build_filename (directory, "root", NULL);

  return access (kernel, R_OK) == 0 && access (root, R_OK) == 0;
}

/* Some distributions let only root read kernels, so other users have none to build the
 * appliance from. A kernel is in /boot, or beside its modules. */
static gboolean
can_read_a_kernel (void)
{
  static const char *const patterns[] = {"/boot/vmlinu*", "/lib/modules/*/vmlinu*"};
  gboolean found = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++) {
    glob_t all;

    if (glob (patterns[i], 0, NULL, &all) == 0) {
      for (gsize n = 0; n < all.gl_pathc; n++)
        found = found || access (all.gl_pathv[n], R_OK) == 0;
      globfree (&all);
    }
  }
  return found;
}

static void
look_at_appliance (Doctor *doctor)
{
  guestfs_h *g = v2v_guest_handle (doctor->guest);
  g_autofree char *cache = guestfs_get_cachedir (g);
  const char *path = guestfs_get_path (g);
  g_auto (GStrv) directories = g_strsplit (path ? path : "", ":", -1);
  g_autofree char *built =
      g_strdup_printf ("%s/.guestfs-%u/appliance.d", cache, (guint)geteuid ());

  for (char **directory = directories; *directory; directory++)
    if (is_appliance (*directory)) {
      tell (doctor, GOOD, "appliance", *directory, NULL);
      return;
    }
  if (is_appliance (built))
    tell (doctor, GOOD, "appliance", built, NULL);
  else if (can_read_a_kernel ())
    tell (doctor, GOOD, "appliance",
          "the first conversion builds it, which takes a minute or so", NULL);
  else
    tell (doctor, FAULT, "appliance", "this user can read no kernel in /boot to build it from",
          "install a kernel (in a container: one package that has vmlinuz and its modules), or "
          "let users read it (chmod 0644 /boot/vmlinuz-*)");
}

static void
start_appliance (Doctor *doctor)
{
  gint64 began = g_get_monotonic_time ();
  g_autofree char *found = NULL;
  g_autoptr (GError) local = NULL;
  guestfs_h *g = v2v_guest_handle (doctor->guest);

  if (guestfs_add_drive_scratch (g, 16 << 20, -1) == 0 &&
      v2v_guest_launch (doctor->guest, &local) && v2v_guest_close (doctor->guest, &local)) {
    found = g_strdup_printf ("it started and ended in %.0f s",
                             (double)(g_get_monotonic_time () - began) / G_USEC_PER_SEC);
    tell (doctor, GOOD, "start of the appliance", found, NULL);
    return;
  }
  tell (doctor, FAULT, "start of the appliance",
        local ? local->message : guestfs_last_error (g),
        "run libguestfs-test-tool, whose last lines tell why");
}

/* ---- room ---- */

static void
look_at_space (Doctor *doctor, const char *what, const char *directory, guint64 wanted_mib,
               const char *variable)
{
  g_autofree char *found = NULL, *way = NULL;
  struct statvfs fs;
  double free_mib;

  if (statvfs (directory, &fs) < 0 || access (directory, W_OK | X_OK) < 0) {
    found = g_strdup_printf ("nothing can be made in %s: %s", directory, g_strerror (errno));
    way = g_strdup_printf ("let %s name another directory", variable);
    tell (doctor, FAULT, what, found, way);
    return;
  }
  free_mib = (double)fs.f_bavail * (double)fs.f_frsize / MIB;
  found = g_strdup_printf ("%.0f MiB are free in %s", free_mib, directory);
  if (free_mib >= (double)wanted_mib) {
    tell (doctor, GOOD, what, found, NULL);
    return;
  }
  way = g_strdup_printf ("free some, until there are %" G_GUINT64_FORMAT
                         " MiB, or let %s name another directory",
                         wanted_mib, variable);
  tell (doctor, WARNING, what, found, way);
}

static void
look_at_memory (Doctor *doctor)
{
  g_autofree char *text = NULL, *found = NULL;
  const char *line;
  const int wanted = guestfs_get_memsize (v2v_guest_handle (doctor->guest)) + MEMORY_MORE_MIB;
  double free_mib;

  if (!g_file_get_contents ("/proc/meminfo", &text, NULL, NULL) ||
      !(line = strstr (text, "MemAvailable:")))
    return;
  free_mib = g_ascii_strtod (line + strlen ("MemAvailable:"), NULL) / 1024;
  found = g_strdup_printf ("%.0f MiB are free, one conversion takes %d", free_mib, wanted);
  tell (doctor, free_mib >= wanted ? GOOD : FAULT, "memory", found,
        free_mib >= wanted ? NULL : "end other programs, or convert on another host");
}

/* ---- */

static void
look_at_rules (Doctor *doctor, V2vCommandLine *line)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *found = NULL;

  line->rules = v2v_load_rules (line, NULL, FALSE, &local);
  if (!line->rules) {
    tell (doctor, FAULT, "rules", local->message,
          "run v2v-engine check, and mend what it names");
    return;
  }
  found = g_strdup_printf ("%u files from %u directories", line->rules->listed_files->len,
                           line->rules->rule_dirs->len);
  tell (doctor, GOOD, "rules", found, NULL);
}

static void
look (Doctor *doctor, V2vCommandLine *line)
{
  const V2vGuestOptions settings = {0};
  const char *work = g_getenv ("TMPDIR");
  g_autoptr (GError) local = NULL;

  look_at_rules (doctor, line);
  look_at_kvm (doctor);
  doctor->guest = v2v_guest_new (&settings, &local);
  look_at_emulator (doctor);
  look_at_program (doctor, "qemu-img", "disk images", "install the package that has qemu-img");
  look_at_libraries (doctor);
  look_at_firmware (doctor);
  look_at_space (doctor, "room for temporary files", work ? work : "/var/tmp", WORK_MIB,
                 "TMPDIR");
  if (!doctor->guest) {
    tell (doctor, FAULT, "appliance", local->message, "mend what this message names");
    return;
  }
  {
    g_autofree char *cache = guestfs_get_cachedir (v2v_guest_handle (doctor->guest));

    look_at_space (doctor, "room for the appliance", cache, CACHE_MIB, "LIBGUESTFS_CACHEDIR");
  }
  look_at_memory (doctor);
  look_at_appliance (doctor);
  if (v2v_option_is_set (line->values, "start"))
    start_appliance (doctor);
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  Doctor doctor = {.json = v2v_option_is_set (line->values, "json") ? builder : NULL};

  json_builder_begin_array (builder);
  look (&doctor, line);
  json_builder_end_array (builder);
  v2v_guest_free (doctor.guest);
  if (doctor.json) {
    g_autoptr (JsonNode) root = json_builder_get_root (builder);
    g_autofree char *text = v2v_json_text (root, TRUE);

    puts (text);
  }
  if (!doctor.faults)
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
               "this host cannot convert guests yet: mend the %u fault%s above", doctor.faults,
               doctor.faults == 1 ? "" : "s");
  return FALSE;
}

const V2vCommand v2v_command_doctor = {
    .name = "doctor",
    .arguments = "",
    .help = "check whether this host can convert guests, and say what to change if not",
    .options = options,
    .own_rules = TRUE,
    .for_users = TRUE,
    .run = run,
};
