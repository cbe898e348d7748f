/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Verify: makes overlays, installs a boot check in them, boots them and finds the verdict.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/outfile.h"
#include "base/tempfile.h"
#include "metadata/element.h"
#include "output/firmware.h"
#include "output/qemu-command.h"
#include "storage/disk-sources.h"
#include "storage/snapshot-notes.h"
#include "storage/storages.h"
#include "verify/machine.h"
#include "verify/verify.h"

/* The beginning of the mark that the boot check prints, and the operation that installs the
 * check. The rest of the mark is random for each run, so that no other output of the guest
 * can be taken for it. */
#define MARK "V2V-VERIFY-UP-"
#define PROBE "insert_boot_probe"

#define TIMEOUT_KVM 300
#define TIMEOUT_EMULATED 1200
#define MEMORY_MIB 2048
#define MEMORY_LEAST_MIB 64
/* After a final sign, reading goes on for this time, since the lines that follow explain it. */
#define SETTLE_SECONDS 2
/* Any other sign decides only if there is no output for this time, since a slow boot may go
 * on. */
#define QUIET_SECONDS 60
/* A guest that relabels its files for SELinux restarts once. */
#define RESTARTS_MAX 3
#define LAST_LINES 20
#define SCREEN_EVERY 4 /* turns */
#define TURN_MILLISECONDS 500

void
v2v_verdict_free (V2vVerdict *verdict)
{
  if (!verdict)
    return;
  g_free (verdict->probe_missing);
  g_free (verdict->line);
  g_free (verdict->console);
  g_free (verdict->screenshot);
  g_free (verdict->log);
  g_free (verdict);
}

static gboolean
number_option (const V2vOptionValues *options, const char *name, guint64 least,
               guint64 fallback, guint64 *number_r, GError **error)
{
  const char *text = v2v_option_get (options, name);

  *number_r = fallback;
  if (!text || g_ascii_string_to_unsigned (text, 10, least, G_MAXINT32, number_r, NULL))
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "--%s %s: expected a number of at least %" G_GUINT64_FORMAT, name, text, least);
  return FALSE;
}

typedef struct {
  gboolean kvm;
  guint64 timeout, memory_mib;
} Limits;

static gboolean
read_limits (const V2vOptionValues *options, Limits *limits, GError **error)
{
  limits->kvm = v2v_host_has_kvm (NULL);
  return number_option (options, "verify-timeout", 1,
                        limits->kvm ? TIMEOUT_KVM : TIMEOUT_EMULATED, &limits->timeout,
                        error) &&
         number_option (options, "verify-memory", MEMORY_LEAST_MIB, MEMORY_MIB,
                        &limits->memory_mib, error);
}

gboolean
v2v_verify_ready (const V2vOptionValues *options, const char *dir, GError **error)
{
  V2vDir *opened;
  Limits limits;

  if (!read_limits (options, &limits, error))
    return FALSE;
  if (!dir)
    return TRUE;
  opened = v2v_dir_open (dir, error);
  if (!opened)
    return FALSE;
  v2v_dir_close (opened);
  return TRUE;
}

/* ---- the probe ---- */

static gboolean
insert_probe (V2vJob *job, GError **error)
{
  if (v2v_option_is_set (job->settings.options, "no-probe")) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--no-probe was given");
    return FALSE;
  }
  if (!v2v_job_look (job, NULL, error) || !v2v_job_plan (job, error))
    return FALSE;
  if (!v2v_job_act (job, error))
    return FALSE;
  for (guint i = 0; i < job->converted->outcomes->len; i++)
    if (((const V2vOutcome *)job->converted->outcomes->pdata[i])->changed)
      return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "no rule knows how for this guest");
  return FALSE;
}

static char *
make_mark (void)
{
  g_autofree char *random = g_uuid_string_random ();

  return g_strconcat (MARK, random, NULL);
}

/* The options of the nested conversion, which makes overlays and installs a boot check that
 * prints MARK. */
static V2vOptionValues *
nested_options (const V2vOptionValues *options, const char *mark)
{
  static const char *const passed[] = {
      "allow-backing",     "key",       "root",         "memsize",  "smp",
      "appliance-network", "rules-dir", "allow-in-use", "no-probe", NULL};
  V2vOptionValues *nested = v2v_option_values_new ();

  for (int i = 0; passed[i]; i++)
    for (const char *const *value = v2v_option_get_all (options, passed[i]); *value; value++)
      v2v_option_values_add (nested, passed[i], *value);
  v2v_option_values_add (nested, "boot-probe", "true");
  v2v_option_values_add (nested, "boot-mark", mark);
  return nested;
}

/* ---- the boot ---- */

static char *
last_lines (const char *text)
{
  const char *begin = text + strlen (text);
  guint lines = 0;

  while (begin > text && lines <= LAST_LINES)
    if (*--begin == '\n')
      lines++;
  return g_strstrip (g_strdup (begin));
}

/* What has been observed of a machine so far. */
typedef struct {
  V2vVerdictKind kind;
  gboolean final;
  gboolean marked; /* the boot check has printed its mark or, without a boot check, the
                    * console shows that the guest is up */
  char *line;
  guint said, shown; /* hashes */
} Seen;

static void
take (Seen *seen, const V2vSigns *signs, const char *text)
{
  gboolean final;
  g_autofree char *line = NULL;
  V2vVerdictKind kind = v2v_signs_match (signs, text, &final, &line);

  /* If one console shows that the guest is up, it survived the failures that others show. */
  if (!kind || (seen->kind && (seen->final || (kind != V2V_VERDICT_USER_SPACE && !final))))
    return;
  seen->kind = kind;
  seen->final = final;
  g_free (seen->line);
  seen->line = g_steal_pointer (&line);
}

/* With SCREEN, also reads the screen, which takes longer. EXPECTED is the mark of the boot
 * check; NULL without one. */
static void
look (V2vMachine *machine, const V2vSigns *signs, gboolean screen, const char *expected,
      Seen *seen)
{
  g_autofree char *console = v2v_machine_console (machine);
  g_autofree char *firmware = v2v_machine_firmware (machine);
  g_autofree char *mark = v2v_machine_mark (machine);
  Seen now = {.shown = seen->shown};

  now.said = g_str_hash (console) ^ (g_str_hash (firmware) * 31);
  if (expected && (strstr (console, expected) || strstr (mark, expected))) {
    now.kind = V2V_VERDICT_USER_SPACE;
    now.line = g_strdup (expected);
    now.marked = TRUE;
  } else {
    take (&now, signs, console);
    take (&now, signs, firmware);
    if (screen) {
      g_autofree char *text = v2v_machine_screen (machine);

      now.shown = g_str_hash (text);
      take (&now, signs, text);
    } else if (!now.kind) {
      /* The message may still be on the screen. */
      now.kind = seen->kind;
      now.final = seen->final;
      now.line = g_strdup (seen->line);
    }
    now.marked = now.kind == V2V_VERDICT_USER_SPACE && !expected;
  }
  g_free (seen->line);
  *seen = now;
}

/* The time limit has passed: the verdict is what the last line shows, if anything. */
static V2vVerdictKind
last_word (V2vMachine *machine, const V2vSigns *signs, Seen *seen)
{
  g_autofree char *screen = v2v_machine_screen (machine);

  if (!seen->kind)
    seen->kind = v2v_signs_match_end (signs, screen, &seen->line);
  return seen->kind ? seen->kind : V2V_VERDICT_TIMEOUT;
}

static void
watch (V2vMachine *machine, const V2vSigns *signs, const char *mark, guint timeout,
       V2vVerdict *verdict)
{
  gint64 began = g_get_monotonic_time ();
  gint64 spoke = began;   /* monotonic time of the last output */
  gint64 final_since = 0; /* when a final sign was first seen */
  Seen seen = {0};

  for (guint turn = 1; !verdict->kind; turn++) {
    gboolean running = v2v_machine_listen (machine, TURN_MILLISECONDS);
    gint64 now = g_get_monotonic_time ();
    guint said = seen.said, shown = seen.shown;

    look (machine, signs, running && turn % SCREEN_EVERY == 0,
          verdict->probe_missing ? NULL : mark, &seen);
    verdict->seconds = (double)(now - began) / G_USEC_PER_SEC;
    v2v_step_progress (MIN (0.99, verdict->seconds / timeout));
    if (said != seen.said || shown != seen.shown)
      spoke = now;
    if (!seen.final)
      final_since = 0;
    else if (!final_since)
      final_since = now;
    if (seen.marked)
      verdict->kind = V2V_VERDICT_USER_SPACE;
    else if (final_since && now - final_since > SETTLE_SECONDS * G_USEC_PER_SEC)
      verdict->kind = seen.kind;
    else if (!running || v2v_machine_is_off (machine) ||
             v2v_machine_restarts (machine) > RESTARTS_MAX)
      verdict->kind =
          seen.kind && seen.kind != V2V_VERDICT_USER_SPACE ? seen.kind : V2V_VERDICT_RESTARTS;
    else if (seen.kind && now - spoke > QUIET_SECONDS * G_USEC_PER_SEC)
      verdict->kind = seen.kind;
    else if (verdict->seconds > timeout)
      verdict->kind = last_word (machine, signs, &seen);
  }
  verdict->line = seen.line;
}

/* Keeps the screenshot and the console. */
static void
keep (V2vMachine *machine, const char *name, const char *dir, V2vVerdict *verdict)
{
  g_autofree char *console = v2v_machine_console (machine);
  g_autofree char *firmware = v2v_machine_firmware (machine);
  g_autofree char *screen = v2v_machine_screen (machine);
  g_autofree char *screen_text = g_strstrip (g_strdup (screen));
  const char *telling = *g_strstrip (console) ? console : *screen_text ? screen_text : firmware;

  verdict->console = last_lines (telling);
  if (!dir)
    return;
  {
    g_autofree char *picture = g_strconcat (name, ".verify.png", NULL);
    g_autofree char *log = g_strconcat (name, ".verify.log", NULL);
    g_autoptr (GError) error = NULL;
    g_autofree char *text =
        g_strdup_printf ("---- firmware\n%s\n---- console\n%s\n---- screen\n%s\n", firmware,
                         console, screen_text);

    verdict->screenshot = g_build_filename (dir, picture, NULL);
    if (!v2v_machine_photograph (machine, verdict->screenshot))
      g_clear_pointer (&verdict->screenshot, g_free);
    verdict->log = g_build_filename (dir, log, NULL);
    if (!v2v_write_file (verdict->log, text, -1, 0600, &error)) {
      v2v_warn ("what the guest said is not kept: %s", error->message);
      g_clear_pointer (&verdict->log, g_free);
    }
  }
}

/* Makes a writable copy of the firmware's variables: the guest's own, or else fresh ones. */
static gboolean
copy_vars (xmlDoc *domain, const char *path, gboolean *there_r, GError **error)
{
  g_autoptr (V2vFirmware) firmware = NULL;
  g_autofree char *bytes = NULL;
  gsize length;
  g_autofree char *own = v2v_xml_value (domain, "/domain/os/nvram");

  *there_r = FALSE;
  if (!v2v_firmware_wanted (domain))
    return TRUE;
  if (!(firmware = v2v_firmware_find (domain, error)))
    return FALSE;
  if (own)
    bytes = v2v_firmware_read_variables (own, &length);
  if (!bytes) {
    if (!firmware->vars)
      return TRUE;
    if (!g_file_get_contents (firmware->vars, &bytes, &length, error))
      return FALSE;
  }
  v2v_temp_add (path);
  *there_r = TRUE;
  return g_file_set_contents_full (path, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600,
                                   error);
}

static gboolean
boot (V2vJob *job, const V2vOptionValues *options, const V2vSigns *signs, const char *name,
      const char *dir, guint timeout, guint64 memory_mib, V2vVerdict *verdict, GError **error)
{
  g_autofree char *stylesheet = v2v_output_file (options, "xslt", V2V_QEMU_STYLESHEET, error);
  g_autofree char *serial = g_build_filename (job->read->work_dir, "serial.log", NULL);
  g_autofree char *vars = g_build_filename (job->read->work_dir, "vars.fd", NULL);
  g_autofree char *firmware =
      g_build_filename (job->read->work_dir, V2V_MACHINE_FIRMWARE, NULL);
  g_autofree char *mark = g_build_filename (job->read->work_dir, V2V_MACHINE_MARK, NULL);
  g_autoptr (GPtrArray) disks = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) argv = NULL;
  g_autoptr (V2vMachine) machine = NULL;
  V2vQemuUse use = {
      .accel = verdict->kvm ? "kvm" : "tcg",
      .disks = disks,
      .no_media = TRUE,
      .network = "isolated",
      .serial = serial,
      .firmware_log = firmware,
      .mark = mark,
      .no_display = TRUE,
  };
  g_autofree char *memory = v2v_xml_value (job->read->original, "/domain/memory");
  double kib = memory ? g_ascii_strtod (memory, NULL) : 0;
  gboolean has_vars;

  if (!stylesheet || !copy_vars (job->read->original, vars, &has_vars, error))
    return FALSE;
  if (has_vars)
    use.vars = vars;
  for (guint i = 0; i < job->store->disks->len; i++) {
    const V2vStorageDisk *disk = job->store->disks->pdata[i];
    V2vQemuDisk *entry = g_new0 (V2vQemuDisk, 1);

    entry->target = disk->disk->target;
    entry->path = disk->overlay;
    entry->format = "qcow2";
    g_ptr_array_add (disks, entry);
  }
  if (!(kib >= 1) || kib > (double)memory_mib * 1024)
    use.memory_kib = memory_mib * 1024;
  if (!(argv = v2v_qemu_command (stylesheet, job->read->original, &use, error)))
    return FALSE;
  v2v_step ("boot", "Booting a throw-away copy", timeout + 120);
  v2v_watch_space (job->read->work_dir);
  if (!(machine = v2v_machine_start (argv, serial, job->read->work_dir, error)))
    return FALSE;
  watch (machine, signs, v2v_option_get (job->settings.options, "boot-mark"), timeout, verdict);
  keep (machine, name, dir, verdict);
  v2v_watch_space (NULL);
  return TRUE;
}

/* ---- all of it ---- */

V2vVerdict *
v2v_verify (const V2vRuleSet *rules, const V2vOptionValues *options, const char *domain,
            const char *name, const char *dir, GError **error)
{
  g_autofree char *mark = make_mark ();
  g_autoptr (V2vOptionValues) nested = nested_options (options, mark);
  g_autoptr (GHashTable) rule_options = g_hash_table_new (g_str_hash, g_str_equal);
  V2vJobSettings settings = {
      .rules = rules,
      .options = nested,
      .rule_options = rule_options,
      .source = v2v_source_find ("libvirtxml"),
      .storage = v2v_storage_find ("copy"),
      .output = v2v_output_find ("null"),
      .guest = domain,
      .new_name = "verify",
      .only = PROBE,
  };
  g_autoptr (V2vVerdict) verdict = g_new0 (V2vVerdict, 1);
  g_autoptr (V2vSigns) signs = v2v_signs_load (rules->rule_dirs, error);
  g_autoptr (V2vJob) job = NULL;
  g_autoptr (GError) local = NULL;
  Limits limits;

  if (!signs || !read_limits (options, &limits, error))
    return NULL;
  verdict->kvm = limits.kvm;
  job = v2v_job_new (&settings);
  if (!v2v_job_open (job, error) || !v2v_snapshot_check (job->read->original, error))
    return NULL;
  if (!insert_probe (job, &local)) {
    verdict->probe_missing = g_strdup (local->message);
    v2v_info (
        "nothing could be put into the copy that would tell when it is up, so the verdict "
        "rests on what it shows: %s",
        local->message);
    v2v_job_leave_guest (job);
  }
  if (!boot (job, options, signs, name, dir, (guint)limits.timeout, limits.memory_mib, verdict,
             error))
    return NULL;
  return g_steal_pointer (&verdict);
}

gboolean
v2v_verdict_check (const V2vVerdict *verdict, GError **error)
{
  if (verdict->kind == V2V_VERDICT_USER_SPACE)
    return TRUE;
  g_set_error (error, V2V_ERROR,
               verdict->kind == V2V_VERDICT_TIMEOUT ? V2V_EXIT_TEMPFAIL : V2V_EXIT_DATA,
               "the guest does not boot: %s (after %.0f s%s%s)%s%s%s%s%s",
               v2v_verdict_text (verdict->kind), verdict->seconds, verdict->line ? ": " : "",
               verdict->line ? verdict->line : "",
               verdict->kind == V2V_VERDICT_TIMEOUT ? "; --verify-timeout gives it longer" : "",
               verdict->screenshot ? "; its screen is in " : "",
               verdict->screenshot ? verdict->screenshot : "",
               *verdict->console ? "\nthe last it said:\n" : "; it said nothing",
               verdict->console);
  return FALSE;
}

static void
add_text (JsonBuilder *json, const char *name, const char *value)
{
  g_autofree char *printable = value ? v2v_printable (value, -1, TRUE) : NULL;

  if (!value)
    return;
  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, printable);
}

JsonNode *
v2v_verdict_to_json (const V2vVerdict *verdict)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  add_text (json, "verdict", v2v_verdict_name (verdict->kind));
  add_text (json, "text", v2v_verdict_text (verdict->kind));
  json_builder_set_member_name (json, "boots");
  json_builder_add_boolean_value (json, verdict->kind == V2V_VERDICT_USER_SPACE);
  json_builder_set_member_name (json, "seconds");
  json_builder_add_double_value (json, verdict->seconds);
  add_text (json, "accelerator", verdict->kvm ? "kvm" : "tcg");
  add_text (json, "sign", verdict->line);
  add_text (json, "no-probe", verdict->probe_missing);
  add_text (json, "console", verdict->console);
  add_text (json, "screenshot", verdict->screenshot);
  add_text (json, "log", verdict->log);
  json_builder_end_object (json);
  return json_builder_get_root (json);
}

/* ---- while converting ---- */

/* The domain of JOB with its overlays in place of its disks. */
static gboolean
write_domain (V2vJob *job, const char *path, GError **error)
{
  GPtrArray *disks = job->store->disks;
  g_autofree char **paths = g_new0 (char *, disks->len + 1);
  g_autofree char **formats = g_new0 (char *, disks->len + 1);
  g_autofree gboolean *on_source = g_new0 (gboolean, disks->len + 1);
  g_autofree char *text = NULL;
  xmlDoc *domain = xmlCopyDoc (job->converted->domain, 1);
  gboolean ok;

  for (guint i = 0; i < disks->len; i++) {
    V2vStorageDisk *disk = disks->pdata[i];

    paths[i] = disk->result_path;
    formats[i] = disk->result_format;
    on_source[i] = disk->on_source;
    disk->result_path = disk->overlay;
    disk->result_format = (char *)"qcow2";
    disk->on_source = TRUE;
  }
  ok = v2v_storage_set_disk_sources (job->store, domain, error);
  for (guint i = 0; i < disks->len; i++) {
    V2vStorageDisk *disk = disks->pdata[i];

    disk->result_path = paths[i];
    disk->result_format = formats[i];
    disk->on_source = on_source[i];
  }
  text = v2v_xml_to_string (domain);
  xmlFreeDoc (domain);
  v2v_temp_add (path);
  return ok && g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, error);
}

gboolean
v2v_verify_job (V2vJob *job, const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename (job->read->work_dir, "verify.xml", NULL);
  g_autoptr (V2vVerdict) verdict = NULL;

  if (!write_domain (job, path, error) ||
      !(verdict = v2v_verify (job->settings.rules, job->settings.options, path, job->read->name,
                              dir, error)))
    return FALSE;
  v2v_temp_remove (path);
  job->verdict = v2v_verdict_to_json (verdict);
  if (!v2v_verdict_check (verdict, error))
    return FALSE;
  v2v_info ("the result boots: it reached its user space in %.0f s", verdict->seconds);
  return TRUE;
}
