/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command check: examines rule files.
 */
#include "config.h"

#include <stdio.h>

#include <json-glib/json-glib.h>

#include "base/jsontext.h"
#include "base/log.h"
#include "cli/commands.h"
#include "guest/lua.h"
#include "load/load.h"
#include "metadata/domain.h"
#include "ruletest/coverage.h"
#include "plan/plan.h"

/* A file name may contain any bytes, but JSON has to be UTF-8. */
static void
add_text (JsonBuilder *json, const char *name, const char *text)
{
  g_autofree char *valid = text ? g_utf8_make_valid (text, -1) : NULL;

  json_builder_set_member_name (json, name);
  if (valid)
    json_builder_add_string_value (json, valid);
  else
    json_builder_add_null_value (json);
}

/* NUMBER is 0 if the message is about the file as a whole. */
static void
add_number (JsonBuilder *json, const char *name, guint number)
{
  json_builder_set_member_name (json, name);
  if (number)
    json_builder_add_int_value (json, number);
  else
    json_builder_add_null_value (json);
}

static void
print_json (V2vDiags *diags)
{
  const GPtrArray *list = v2v_diags_list (diags);
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_array (json);
  for (guint i = 0; i < list->len; i++) {
    const V2vDiag *diag = list->pdata[i];
    const V2vPlace *place = &diag->place;
    g_autofree char *code = g_strdup_printf ("V2V%03u", diag->code);

    json_builder_begin_object (json);
    add_text (json, "file", place->file);
    add_number (json, "line", place->line);
    add_number (json, "column", place->line ? place->column : 0);
    add_number (json, "end_column", place->line ? place->column + diag->length : 0);
    add_text (json, "severity", diag->severity == V2V_DIAG_ERROR ? "error" : "warning");
    add_text (json, "code", code);
    add_text (json, "message", diag->message);
    add_text (json, "hint", diag->hint);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
  root = json_builder_get_root (json);
  text = v2v_json_text (root, TRUE);
  puts (text);
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  static const V2vScriptChecks checks = {
      .lua = v2v_lua_check,
      .xslt = v2v_xslt_check,
      .implies = v2v_provider_implies,
      .deprecated = TRUE,
  };
  const gboolean json = v2v_option_is_set (line->values, "json");
  g_autoptr (GPtrArray) rule_dirs =
      v2v_rule_dirs_default (v2v_option_get_all (line->values, "rules-dir"));
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  guint errors, warnings;

  g_ptr_array_add (line->words, NULL);
  line->rules = v2v_ruleset_load (rule_dirs, (const char *const *)line->words->pdata, TRUE,
                                  &checks, diags);
  if (line->rules) {
    g_autoptr (V2vCoverage) coverage = v2v_coverage_measure (line->rules);

    v2v_coverage_warn (coverage, diags);
  }
  if (json)
    print_json (diags);
  else
    v2v_diags_print (diags, stderr);
  errors = v2v_diags_errors (diags);
  if (!line->rules) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                 "the rules have %u error%s: v2v-engine help CODE explains %s", errors,
                 errors == 1 ? "" : "s", errors == 1 ? "it" : "each");
    return FALSE;
  }
  warnings = v2v_diags_list (diags)->len;
  v2v_info ("%u rules, %u providers, %u probes, %u tests: no errors%s", line->rules->rules->len,
            line->rules->providers->len, line->rules->probes->len, line->rules->tests->len,
            warnings ? ", but warnings" : "");
  return TRUE;
}

static const V2vOptionDef options[] = {
    {"json", NULL, "print what is wrong as JSON on standard output, for editors", FALSE},
    {0},
};

const V2vCommand v2v_command_check = {
    .name = "check",
    .arguments = "[FILE ...]",
    .help = "check all rule files in effect, and each FILE with them",
    .options = options,
    .own_rules = TRUE,
    .words_max = G_MAXUINT,
    .run = run,
};
