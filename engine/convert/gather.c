/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The first half of a conversion: from what the user named to a plan. Nothing
 * is written but overlays.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <libxml/xpath.h>

#include "base/log.h"
#include "base/register.h"
#include "convert/internal.h"
#include "convert/mapping.h"
#include "convert/workdir.h"
#include "convert/written.h"
#include "lang/uses.h"
#include "metadata/domain-schema.h"
#include "metadata/element.h"
#include "metadata/elsewhere.h"
#include "storage/examine.h"
#include "storage/in-place-dir.h"
#include "storage/leftovers.h"
#include "storage/overlay.h"

/* ---- metadata and disks ---- */

static gboolean
make_work_dir (V2vJob *job, GError **error)
{
  job->work_dir = v2v_work_dir_new (error);
  return job->work_dir != NULL;
}

/* What messages call the document: GUEST, unless that is the directory that it was found in. */
static const char *
document_name (const V2vJob *job)
{
  const char *own = (const char *)job->original->URL;

  return own && g_file_test (job->settings.guest, G_FILE_TEST_IS_DIR) ? own
                                                                      : job->settings.guest;
}

/* Writes into the document what the format of each disk that has none is. */
static gboolean
probe_formats (V2vJob *job, GError **error)
{
  g_autoptr (GPtrArray) disks = v2v_domain_disks (job->original, document_name (job), error);

  for (guint i = 0; disks && i < disks->len; i++) {
    const V2vDomainDisk *disk = disks->pdata[i];
    xmlNode *driver = disk->node->children;
    const char *format;

    while (driver && strcmp ((const char *)driver->name, "driver") != 0)
      driver = driver->next;
    if (!driver)
      driver = xmlNewChild (disk->node, NULL, (const xmlChar *)"driver", NULL);
    if (xmlHasProp (driver, (const xmlChar *)"type"))
      continue;
    format = v2v_examine_format (disk->path, error);
    if (!format)
      return FALSE;
    xmlSetProp (driver, (const xmlChar *)"type", (const xmlChar *)format);
  }
  return disks != NULL;
}

/* Disks that a conversion in place left half written are completed by the same conversion, and are
 * no source for anything else. */
static gboolean
take_up_interrupted (V2vJob *job, GError **error)
{
  const V2vJobSettings *settings = &job->settings;

  if (!settings->read_only && settings->storage->recover)
    return settings->storage->recover (settings->options, job->disks, &job->recovered, error);
  return v2v_in_place_check (settings->options, job->disks, error);
}

static gboolean
read_domain (V2vJob *job, GError **error)
{
  const V2vJobSettings *settings = &job->settings;
  g_autofree char *elsewhere = v2v_source_elsewhere (settings->guest);

  if (elsewhere) {
    /* A URI may hold a password. */
    g_autofree char *printable =
        strstr (settings->guest, "://")
            ? NULL
            : v2v_printable (settings->guest, MIN ((gssize)strlen (settings->guest), 200),
                             FALSE);

    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "GUEST%s%s %s", printable ? " " : "",
                 printable ? printable : "", elsewhere);
    return FALSE;
  }
  if (settings->source->ready && !settings->source->ready (settings->options, error))
    return FALSE;
  if (settings->source->idle && !settings->read_only &&
      !v2v_option_is_set (settings->options, "allow-in-use") &&
      !settings->source->idle (settings->guest, settings->options, error))
    return FALSE;
  job->original =
      settings->source->read (settings->guest, settings->options, job->work_dir, error);
  if (!job->original || !v2v_domain_normalize (job->original, document_name (job), error) ||
      !v2v_mapping_check (settings->options, job->original, error) ||
      (settings->source->probe_formats && !probe_formats (job, error)))
    return FALSE;
  job->disks = v2v_domain_disks (job->original, document_name (job), error);
  if (!job->disks || !v2v_written_check_document (job, error))
    return FALSE;
  if (!take_up_interrupted (job, error))
    return FALSE;
  job->name =
      settings->new_name ? g_strdup (settings->new_name) : v2v_domain_name (job->original);
  if (!settings->read_only && !v2v_output_name_is_safe (job->name)) {
    g_autofree char *printable =
        v2v_printable (job->name, MIN ((gssize)strlen (job->name), 200), FALSE);

    g_set_error (
        error, V2V_ERROR, settings->new_name ? V2V_EXIT_USAGE : V2V_EXIT_DATA,
        "the name \"%s\" cannot be a file name: expected 1 to 200 of A-Z a-z 0-9 . _ + - and "
        "neither . nor - at the beginning; %s",
        printable,
        settings->new_name ? "give another NAME" : "give the new guest a name: GUEST NAME");
    return FALSE;
  }
  v2v_register_name (job->name);
  job->domain = xmlCopyDoc (job->original, 1);
  return TRUE;
}

/* The choice that the command line makes, or the rules by their first word, in the field from
 * NAME; NULL if there is none. */
static const char *
chosen (V2vJob *job, const char *name)
{
  const V2vFactDecl *decl =
      v2v_schema_find_origin (job->settings.rules->schema, V2V_ORIGIN_CHOICE);

  for (guint i = 0; decl && i < decl->fields->len; i++) {
    const V2vField *field = decl->fields->pdata[i];
    V2vValue value;

    if (g_strcmp0 (field->from, name) != 0)
      continue;
    value = v2v_store_single (job->facts, decl)->values[field->index];
    return v2v_value_is_set (value) ? value.text : NULL;
  }
  return NULL;
}

static gboolean
prepare_storage (V2vJob *job, GError **error)
{
  const V2vJobSettings *settings = &job->settings;
  g_autofree char *disk_dir = NULL;

  if (!settings->read_only) {
    disk_dir = settings->output->disk_dir (settings->options);
    v2v_leftovers_remove_results (job->name, disk_dir,
                                  v2v_option_get (settings->options, "snapshot-dir"));
    if (!settings->storage->ready (settings->options, error) ||
        !settings->output->ready (job->name, settings->options, error) ||
        (settings->output->ready_for &&
         !settings->output->ready_for (job->name, job->original, chosen (job, "domain-type"),
                                       settings->options, error)))
      return FALSE;
  }
  job->store_job = v2v_storage_job_new (settings->options, job->name, job->work_dir, disk_dir);
  job->store_job->read_only = settings->read_only;
  for (guint i = 0; i < job->disks->len; i++)
    v2v_storage_job_add_disk (job->store_job, job->disks->pdata[i]);
  return TRUE;
}

static gboolean
examine_disks (V2vJob *job, GError **error)
{
  const V2vOptionValues *options = job->settings.options;
  V2vExamineOptions examine = {
      .allow_backing = v2v_option_get_all (options, "allow-backing"),
      .allow_in_use = v2v_option_is_set (options, "allow-in-use") || job->settings.read_only,
  };

  for (guint i = 0; i < job->disks->len; i++) {
    V2vStorageDisk *disk = job->store_job->disks->pdata[i];

    if (!v2v_examine_disk (job->disks->pdata[i], &examine, &disk->size, error))
      return FALSE;
  }
  return v2v_examine_distinct (job->disks, error);
}

/* ---- the appliance ---- */

/* --NAME, a number from MIN to MAX; 0 if it was not given. */
static gboolean
number_option (const V2vJob *job, const char *name, guint64 min, guint64 max, guint *number_r,
               GError **error)
{
  const char *text = v2v_option_get (job->settings.options, name);
  guint64 number = 0;

  if (text && !g_ascii_string_to_unsigned (text, 10, min, max, &number, NULL)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--%s %s: expected a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
                 name, text, min, max);
    return FALSE;
  }
  *number_r = (guint)number;
  return TRUE;
}

gboolean
v2v_job_trims (const V2vJob *job)
{
  const V2vStorage *storage = job->settings.storage;

  return !job->settings.read_only && job->store_job && job->store_job->output_dir &&
         storage->trims && storage->trims (job->settings.options);
}

static gboolean
appliance_options (const V2vJob *job, V2vGuestOptions *guest, GError **error)
{
  *guest = (V2vGuestOptions){
      .network = v2v_option_is_set (job->settings.options, "appliance-network"),
      .keys = v2v_option_get_all (job->settings.options, "key"),
      .discard = v2v_job_trims (job),
  };
  return number_option (job, "memsize", 256, 1024 * 1024, &guest->memory_mib, error) &&
         number_option (job, "smp", 1, 255, &guest->cpus, error);
}

static gboolean
check_appliance_options (const V2vJob *job, GError **error)
{
  V2vGuestOptions guest;

  return appliance_options (job, &guest, error);
}

static void
watch (const char *overlay)
{
  g_autofree char *directory = g_path_get_dirname (overlay);

  v2v_watch_space (directory);
}

static gboolean
start_guest (V2vJob *job, GError **error)
{
  V2vGuestOptions guest;

  if (!appliance_options (job, &guest, error))
    return FALSE;
  job->guest = v2v_guest_new (&guest, error);
  if (!job->guest)
    return FALSE;
  for (guint i = 0; i < job->store_job->disks->len; i++) {
    const V2vStorageDisk *disk = job->store_job->disks->pdata[i];

    if (!v2v_guest_add_disk (job->guest, disk->overlay, "qcow2", FALSE, error))
      return FALSE;
    v2v_guest_show_disk (job->guest, disk->disk->path);
    watch (disk->overlay);
  }
  if (!v2v_launch_below (job->guest, job->work_dir, error))
    return FALSE;
  v2v_storage_sources_lent (job->store_job);
  return TRUE;
}

/* Files of the host that scripts may put into the guest: those the command line names in --with
 * and in rule options whose values are paths. */
static char **
host_files (const V2vJob *job)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer option;
  const V2vFactDecl *with =
      v2v_schema_find_origin (job->settings.rules->schema, V2V_ORIGIN_WITH);

  if (with) {
    const GPtrArray *facts = v2v_store_facts (job->facts, with);

    for (guint i = 0; i < facts->len; i++) {
      const V2vFact *fact = facts->pdata[i];

      for (guint j = 0; j < with->fields->len; j++)
        if (((const V2vField *)with->fields->pdata[j])->type.kind == V2V_TYPE_PATH &&
            v2v_value_is_set (fact->values[j]))
          g_strv_builder_add (builder, fact->values[j].text);
    }
  }
  g_hash_table_iter_init (&iter, job->settings.rule_options);
  while (g_hash_table_iter_next (&iter, NULL, &option)) {
    const V2vField *field = ((const V2vOption *)option)->field;
    V2vValue value = v2v_store_single (job->facts, field->fact)->values[field->index];

    if (field->type.kind == V2V_TYPE_PATH && v2v_value_is_set (value))
      g_strv_builder_add (builder, value.text);
  }
  return g_strv_builder_end (builder);
}

static gboolean
inspect_guest (V2vJob *job, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_auto (GStrv) files = NULL;

  for (guint i = 0; i < job->disks->len; i++)
    v2v_guest_name_disk (job->guest, i, ((const V2vDomainDisk *)job->disks->pdata[i])->target);
  v2v_step ("inspect", "Looking into the guest", 0);
  job->inspection =
      v2v_guest_inspect (job->guest, v2v_option_get (job->settings.options, "root"), &why);
  if (!job->inspection && !v2v_guest_is_without_system (job->guest)) {
    g_propagate_error (error, g_steal_pointer (&why));
    return FALSE;
  }
  /* Rules may tell what the disks hold in place of a system. */
  if (!job->inspection) {
    job->without_system = g_steal_pointer (&why);
    job->inspection = v2v_guest_survey (job->guest);
    return TRUE;
  }
  if (!v2v_guest_mount (job->guest, job->settings.read_only && !job->settings.rehearse, error))
    return FALSE;
  files = host_files (job);
  job->lua =
      v2v_lua_host_new (job->guest, job->settings.rules, (const char *const *)files, error);
  return job->lua != NULL;
}

/* ---- facts that need no rule ---- */

/* Sets FIELD of the only fact of its kind from TEXT; NULL leaves it unset. */
static gboolean
set_field (V2vStore *store, const V2vField *field, const char *text, const char *by,
           GError **error)
{
  V2vValue value;

  if (!text || !*text)
    return TRUE;
  if (!v2v_field_parse (field, text, &value)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "%s.%s: \"%s\" is no %s", field->fact->name,
                 field->name, text, v2v_type_name (field->type.kind));
    return FALSE;
  }
  return v2v_store_set (store, v2v_store_single (store, field->fact), field, value, by, NULL,
                        error);
}

/* What was chosen. A field whose type is a set of words takes the first word unless the command
 * line says otherwise: so the default target stands in the rules and not here. */
static gboolean
add_choices (V2vJob *job, const V2vFactDecl *decl, GError **error)
{
  const V2vJobSettings *settings = &job->settings;

  for (guint i = 0; i < decl->fields->len; i++) {
    const V2vField *field = decl->fields->pdata[i];
    const char *text;

    if (!field->from)
      continue;
    if (g_str_equal (field->from, "source"))
      text = settings->source ? settings->source->name : NULL;
    else if (g_str_equal (field->from, "storage"))
      text = settings->storage ? settings->storage->name : NULL;
    else if (g_str_equal (field->from, "output"))
      text = settings->output ? settings->output->name : NULL;
    else if (g_str_equal (field->from, "name"))
      text = NULL; /* the metadata decides it: add_name */
    else
      text = v2v_option_get (settings->options, field->from);
    if (field->type.words) {
      if (!text && field->type.words->values->len)
        text = field->type.words->values->pdata[0];
      if (text && !v2v_enum_has (field->type.words, text)) {
        g_autoptr (GString) words = g_string_new (NULL);

        for (guint j = 0; j < field->type.words->values->len; j++)
          g_string_append_printf (words, "%s%s", j ? ", " : "",
                                  (const char *)field->type.words->values->pdata[j]);
        g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                     "--%s %s: no rule file declares it; known are: %s", field->from, text,
                     words->str);
        return FALSE;
      }
    }
    if (!set_field (job->facts, field, text, "command line", error))
      return FALSE;
  }
  v2v_store_set_known (job->facts, decl);
  return TRUE;
}

static gboolean
add_name (V2vJob *job, GError **error)
{
  const V2vFactDecl *decl =
      v2v_schema_find_origin (job->settings.rules->schema, V2V_ORIGIN_CHOICE);

  for (guint i = 0; decl && i < decl->fields->len; i++) {
    const V2vField *field = decl->fields->pdata[i];

    if (g_strcmp0 (field->from, "name") == 0 &&
        !set_field (job->facts, field, job->name, "metadata", error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_host (V2vJob *job, const V2vFactDecl *decl, GError **error)
{
  struct utsname names;

  uname (&names);
  for (guint i = 0; i < decl->fields->len; i++) {
    const V2vField *field = decl->fields->pdata[i];
    const char *text = NULL;

    if (g_strcmp0 (field->from, "kvm") == 0)
      text = v2v_host_has_kvm (NULL) ? "true" : "false";
    else if (g_strcmp0 (field->from, "arch") == 0)
      text = names.machine;
    if (!set_field (job->facts, field, text, "host", error))
      return FALSE;
  }
  v2v_store_set_known (job->facts, decl);
  return TRUE;
}

/* The options of rules that the command line gives; ALL: flags that it does not give are false. */
static gboolean
add_rule_options (V2vJob *job, gboolean all, GError **error)
{
  for (guint i = 0; i < job->settings.rules->options->len; i++) {
    const V2vOption *option = job->settings.rules->options->pdata[i];
    const char *text = v2v_option_get (job->settings.options, option->name);
    g_autofree char *absolute = NULL;

    if (option->kind == V2V_OPTION_FLAG)
      text = v2v_option_is_set (job->settings.options, option->name) ? "true"
             : all                                                   ? "false"
                                                                     : NULL;
    else if (text && option->field->type.kind == V2V_TYPE_PATH)
      text = absolute = g_canonicalize_filename (text, NULL);
    if (!set_field (job->facts, option->field, text, "command line", error))
      return FALSE;
  }
  return TRUE;
}

/* Facts of the command line and of the host. */
static gboolean
add_given (V2vJob *job, GError **error)
{
  const V2vSchema *schema = job->settings.rules->schema;
  gboolean with = FALSE;

  job->facts = v2v_store_new (schema);
  for (guint i = 0; i < schema->facts->len; i++) {
    const V2vFactDecl *decl = schema->facts->pdata[i];
    gboolean ok = TRUE;

    if (decl->origin == V2V_ORIGIN_CHOICE)
      ok = add_choices (job, decl, error);
    else if (decl->origin == V2V_ORIGIN_HOST)
      ok = add_host (job, decl, error);
    else if (decl->origin == V2V_ORIGIN_OPTIONS) {
      ok = add_rule_options (job, TRUE, error);
      v2v_store_set_known (job->facts, decl);
    } else if (decl->origin == V2V_ORIGIN_WITH && !with)
      ok = with = v2v_facts_from_with (
          job->facts, v2v_option_get_all (job->settings.options, "with"), error);
    if (!ok)
      return FALSE;
  }
  return v2v_mapping_add (job->facts, job->settings.options, error);
}

/* Facts of the inspection and of the guest's files. */
static gboolean
add_guest_facts (V2vJob *job, GError **error)
{
  const V2vRuleSet *rules = job->settings.rules;
  const V2vFactDecl *paths = v2v_schema_find_origin (rules->schema, V2V_ORIGIN_PATHS);

  if (!v2v_facts_from_document (job->facts, V2V_ORIGIN_INSPECTION, job->inspection, error))
    return FALSE;
  if (v2v_rules_read (rules, V2V_ORIGIN_OSINFO)) {
    g_autofree char *id =
        v2v_xml_value (job->inspection, "/operatingsystems/operatingsystem[1]/osinfo");

    if (!v2v_facts_from_osinfo (job->facts, id, error))
      return FALSE;
  }
  if (paths) {
    if (!job->without_system &&
        !v2v_guest_read_paths (job->guest, rules->paths, paths, job->facts, error))
      return FALSE;
    v2v_store_set_known (job->facts, paths);
  }
  return TRUE;
}

/* --provider OPERATION=NAME */
static gboolean
choose_providers (V2vJob *job, GError **error)
{
  const V2vRuleSet *rules = job->settings.rules;
  const char *const *given = v2v_option_get_all (job->settings.options, "provider");

  job->providers = g_hash_table_new (g_direct_hash, g_direct_equal);
  for (; *given; given++) {
    const char *equals = strchr (*given, '=');
    const char *operation =
        equals ? v2v_intern_length (*given, (gsize)(equals - *given)) : NULL;
    const char *provider = equals ? v2v_intern (equals + 1) : NULL;
    const GPtrArray *named =
        equals ? g_hash_table_lookup (rules->providers_by_name, provider) : NULL;
    gboolean serves = FALSE;

    if (!equals) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--provider %s: expected OPERATION=NAME",
                   *given);
      return FALSE;
    }
    if (!g_hash_table_contains (rules->operations_by_name, operation)) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--provider %s: there is no operation %s",
                   *given, operation);
      return FALSE;
    }
    for (guint i = 0; named && i < named->len; i++)
      serves = serves || ((const V2vProvider *)named->pdata[i])->operation->name == operation;
    if (!serves) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                   "--provider %s: there is no provider %s for %s", *given, provider,
                   operation);
      return FALSE;
    }
    g_hash_table_insert (job->providers, (gpointer)operation, (gpointer)provider);
  }
  return TRUE;
}

gboolean
v2v_job_read (V2vJob *job, GError **error)
{
  v2v_step ("read", "Reading the guest's metadata", 0);
  return make_work_dir (job, error) && read_domain (job, error);
}

gboolean
v2v_job_open (V2vJob *job, GError **error)
{
  if (!v2v_written_check_words (job, error) || !v2v_accel_check (error) ||
      !check_appliance_options (job, error) ||
      !v2v_domain_schema_ready (job->settings.options, error) ||
      !choose_providers (job, error) || !add_given (job, error))
    return FALSE;
  if (!v2v_job_read (job, error))
    return FALSE;
  if (job->recovered)
    return TRUE;
  /* What is wrong with the metadata is told before an appliance is started. */
  if (!add_name (job, error) ||
      !v2v_facts_from_document (job->facts, V2V_ORIGIN_DOMAIN, job->original, error) ||
      !prepare_storage (job, error))
    return FALSE;
  v2v_step ("examine", "Examining the disks", 0);
  return examine_disks (job, error) && job->settings.storage->open (job->store_job, error) &&
         v2v_written_check_disks (job, error);
}

gboolean
v2v_job_inspect (V2vJob *job, GError **error)
{
  if (job->settings.appliance)
    job->guest = job->settings.appliance;
  else if (!start_guest (job, error))
    return FALSE;
  return inspect_guest (job, error) && add_guest_facts (job, error);
}

gboolean
v2v_job_gather (V2vJob *job, GError **error)
{
  return v2v_job_open (job, error) && (job->recovered || v2v_job_inspect (job, error));
}

/* ---- planning ---- */

static gboolean
run_probe (const V2vProbe *probe, const V2vValue *args, V2vStore *store, gpointer data,
           GError **error)
{
  V2vJob *job = data;
  g_autofree char *detail = g_strdup_printf ("probe %s", probe->name);
  gint64 began = g_get_monotonic_time ();
  gboolean ok;

  v2v_step_detail (detail);
  ok = v2v_lua_run_probe (job->lua, probe, args, store, error);
  v2v_step_detail (NULL);
  v2v_debug ("probe %s: %.2f s", probe->name,
             (double)(g_get_monotonic_time () - began) / G_USEC_PER_SEC);
  return ok;
}

static V2vPlanInput
plan_input (V2vJob *job, gboolean probes)
{
  return (V2vPlanInput){
      .rules = job->settings.rules,
      .store = job->facts,
      .domain = job->original,
      .providers = job->providers,
      .run_probe = probes ? run_probe : NULL,
      .data = job,
  };
}

/* A probe of a guest without a system, in which no file can be looked at: it finds nothing. */
static gboolean
run_no_probe (const V2vProbe *probe, const V2vValue *args, V2vStore *store, gpointer data,
              GError **error)
{
  (void)probe, (void)args, (void)store, (void)data, (void)error;
  return TRUE;
}

/* The rules that look at what is on the disks may refuse the guest for a better reason than that
 * there is no system. */
static gboolean
refuse_without_system (V2vJob *job, GError **error)
{
  V2vPlanInput input = plan_input (job, FALSE);
  g_autoptr (V2vPlan) plan = NULL;
  g_autoptr (GError) refusal = NULL;

  input.run_probe = run_no_probe;
  /* A rule that reads what nobody can find out here finds none. */
  for (guint i = 0; i < job->settings.rules->schema->facts->len; i++)
    v2v_store_set_known (job->facts, job->settings.rules->schema->facts->pdata[i]);
  plan = v2v_plan_make (&input, &refusal);
  v2v_debug ("without a system: %s", refusal ? refusal->message : "no rule knows why");
  if (plan == NULL && g_error_matches (refusal, V2V_ERROR, V2V_EXIT_DATA))
    g_propagate_error (error, g_steal_pointer (&refusal));
  else
    g_propagate_error (error, g_steal_pointer (&job->without_system));
  return FALSE;
}

static gboolean
plan_or_derive (V2vJob *job, gboolean plan, gboolean probes, GError **error)
{
  const V2vPlanInput input = plan_input (job, probes);

  if (job->without_system)
    return refuse_without_system (job, error);
  if (!plan)
    return v2v_derive (&input, error);
  job->plan = v2v_plan_make (&input, error);
  if (!job->plan)
    return FALSE;
  for (guint i = 0; !job->settings.no_warnings && i < job->plan->warnings->len; i++)
    v2v_warn ("%s", (const char *)job->plan->warnings->pdata[i]);
  return TRUE;
}

gboolean
v2v_job_derive (V2vJob *job, GError **error)
{
  v2v_step ("facts", "Collecting facts", 0);
  return plan_or_derive (job, FALSE, TRUE, error);
}

gboolean
v2v_job_plan (V2vJob *job, GError **error)
{
  v2v_step ("plan", "Collecting facts and planning", 0);
  return plan_or_derive (job, TRUE, TRUE, error);
}

gboolean
v2v_job_facts_from_capture (V2vJob *job, V2vCapture *capture, gboolean derive, GError **error)
{
  job->facts = v2v_store_new (job->settings.rules->schema);
  job->name = g_strdup (capture->name);
  return v2v_capture_apply (capture, job->facts, error) &&
         (!derive || plan_or_derive (job, FALSE, FALSE, error));
}

/* What a plan from a capture begins with: its facts, and what the command line says beside it. */
static gboolean
take_capture (V2vJob *job, const V2vCapture *capture, GError **error)
{
  job->facts = v2v_store_new (job->settings.rules->schema);
  return choose_providers (job, error) && add_rule_options (job, FALSE, error) &&
         v2v_capture_apply (capture, job->facts, error);
}

gboolean
v2v_job_plan_from_capture (V2vJob *job, V2vCapture *capture, GError **error)
{
  return take_capture (job, capture, error) && plan_or_derive (job, TRUE, FALSE, error);
}

V2vReasons *
v2v_job_reasons (V2vJob *job, const V2vCapture *capture, GError **error)
{
  V2vPlanInput input;

  if (!capture)
    v2v_step ("plan", "Collecting facts and planning", 0);
  else if (!take_capture (job, capture, error))
    return NULL;
  input = plan_input (job, !capture);
  return v2v_reasons_new (&input, error);
}
