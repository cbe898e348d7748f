/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the user asked for, checked before the guest is read: providers, and the facts of the
 * command line and of the host.
 */
#include "config.h"

#include <string.h>
#include <sys/utsname.h>

#include "convert/appliance.h"
#include "convert/asked.h"
#include "convert/mapping.h"
#include "convert/written.h"
#include "metadata/domain-schema.h"

/* Sets FIELD of the single fact of its kind from TEXT; NULL leaves it unset. */
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

/* Adds the fact of the user's choices. A field whose type is an enum gets the first word of
 * the enum unless the command line says otherwise, so the rules define the default target. */
static gboolean
add_choices (const V2vAsked *asked, const V2vFactDecl *decl, GError **error)
{
  const V2vJobSettings *settings = asked->settings;

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
      text = NULL; /* known only from the metadata: see add_name */
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
    if (!set_field (asked->facts, field, text, "command line", error))
      return FALSE;
  }
  v2v_store_set_known (asked->facts, decl);
  return TRUE;
}

static gboolean
add_host (const V2vAsked *asked, const V2vFactDecl *decl, GError **error)
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
    if (!set_field (asked->facts, field, text, "host", error))
      return FALSE;
  }
  v2v_store_set_known (asked->facts, decl);
  return TRUE;
}

/* Adds the options of rules that the command line sets. With ALL, flags that it does not set
 * are false. */
static gboolean
add_rule_options (const V2vAsked *asked, gboolean all, GError **error)
{
  for (guint i = 0; i < asked->settings->rules->options->len; i++) {
    const V2vOption *option = asked->settings->rules->options->pdata[i];
    const char *text = v2v_option_get (asked->settings->options, option->name);
    g_autofree char *absolute = NULL;

    if (option->kind == V2V_OPTION_FLAG)
      text = v2v_option_is_set (asked->settings->options, option->name) ? "true"
             : all                                                      ? "false"
                                                                        : NULL;
    else if (text && option->field->type.kind == V2V_TYPE_PATH)
      text = absolute = g_canonicalize_filename (text, NULL);
    if (!set_field (asked->facts, option->field, text, "command line", error))
      return FALSE;
  }
  return TRUE;
}

/* Adds the facts of the command line and of the host. */
static gboolean
add_given (const V2vAsked *asked, GError **error)
{
  const V2vSchema *schema = asked->settings->rules->schema;
  gboolean with = FALSE;

  for (guint i = 0; i < schema->facts->len; i++) {
    const V2vFactDecl *decl = schema->facts->pdata[i];
    gboolean ok = TRUE;

    if (decl->origin == V2V_ORIGIN_CHOICE)
      ok = add_choices (asked, decl, error);
    else if (decl->origin == V2V_ORIGIN_HOST)
      ok = add_host (asked, decl, error);
    else if (decl->origin == V2V_ORIGIN_OPTIONS) {
      ok = add_rule_options (asked, TRUE, error);
      v2v_store_set_known (asked->facts, decl);
    } else if (decl->origin == V2V_ORIGIN_WITH && !with)
      ok = with = v2v_facts_from_with (
          asked->facts, v2v_option_get_all (asked->settings->options, "with"), error);
    if (!ok)
      return FALSE;
  }
  return v2v_mapping_add (asked->facts, asked->settings->options, error);
}

/* --provider OPERATION=NAME */
static gboolean
choose_providers (V2vAsked *asked, GError **error)
{
  const V2vRuleSet *rules = asked->settings->rules;
  const char *const *given = v2v_option_get_all (asked->settings->options, "provider");

  asked->providers = g_hash_table_new (g_direct_hash, g_direct_equal);
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
    g_hash_table_insert (asked->providers, (gpointer)operation, (gpointer)provider);
  }
  return TRUE;
}

static gboolean
add_name (const V2vAsked *asked, const char *name, GError **error)
{
  const V2vFactDecl *decl =
      v2v_schema_find_origin (asked->settings->rules->schema, V2V_ORIGIN_CHOICE);

  for (guint i = 0; decl && i < decl->fields->len; i++) {
    const V2vField *field = decl->fields->pdata[i];

    if (g_strcmp0 (field->from, "name") == 0 &&
        !set_field (asked->facts, field, name, "metadata", error))
      return FALSE;
  }
  return TRUE;
}

gboolean
v2v_asked_add_source (const V2vAsked *asked, const V2vSourceRead *read, GError **error)
{
  return add_name (asked, read->name, error) &&
         v2v_facts_from_document (asked->facts, V2V_ORIGIN_DOMAIN, read->original, error);
}

/* ---- the whole ---- */

static V2vAsked *
asked_new (const V2vJobSettings *settings)
{
  V2vAsked *asked = g_new0 (V2vAsked, 1);

  asked->settings = settings;
  asked->facts = v2v_store_new (settings->rules->schema);
  return asked;
}

V2vAsked *
v2v_asked_new (const V2vJobSettings *settings, GError **error)
{
  g_autoptr (V2vAsked) asked = asked_new (settings);

  if (!v2v_written_check_words (settings, error) || !v2v_accel_check (error) ||
      !v2v_appliance_check (settings, error) ||
      !v2v_domain_schema_ready (settings->options, error) || !choose_providers (asked, error) ||
      !add_given (asked, error))
    return NULL;
  return g_steal_pointer (&asked);
}

V2vAsked *
v2v_asked_for_capture (const V2vJobSettings *settings, GError **error)
{
  g_autoptr (V2vAsked) asked = asked_new (settings);

  if (!choose_providers (asked, error) || !add_rule_options (asked, FALSE, error))
    return NULL;
  return g_steal_pointer (&asked);
}

void
v2v_asked_free (V2vAsked *asked)
{
  if (!asked)
    return;
  v2v_store_free (asked->facts);
  g_clear_pointer (&asked->providers, g_hash_table_unref);
  g_free (asked);
}
