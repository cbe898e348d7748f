/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes what the Lua host needs, without rule files: kinds of facts, probes, steps, scripts.
 */
#pragma once

#include <glib/gstdio.h>

#include "guest/lua.h"

typedef struct {
  char *dir; /* a tree: DIR/lua/... */
  V2vSchema *schema;
  V2vStore *store;
  V2vRuleSet rules;
  V2vFactDecl *os, *kernel, *file;
  V2vLuaHost *host;
  GPtrArray *changes; /* of the last step */
} Lab;

/* A new directory, in the one that is removed after the test if there is one. (TMPDIR is left
 * alone: the cache of the appliance goes by it.) */
static inline char *
lab_make_dir (void)
{
  const char *parent = g_getenv ("V2V_TEST_TMPDIR");
  char *dir = g_build_filename (parent ? parent : "/var/tmp", "v2v-lab.XXXXXX", NULL);

  g_assert_nonnull (g_mkdtemp (dir));
  return dir;
}

static inline V2vFactDecl *
lab_add_fact (Lab *lab, const char *name, gboolean multiple, V2vOrigin origin)
{
  V2vFactDecl *decl =
      v2v_schema_add_fact (lab->schema, g_intern_string (name), (V2vPlace){"t.v2v", 1, 1});

  decl->multiple = multiple;
  decl->origin = origin;
  return decl;
}

static inline V2vField *
lab_add_field (V2vFactDecl *decl, const char *name, V2vTypeKind kind)
{
  return v2v_fact_decl_add_field (decl, g_intern_string (name), (V2vType){kind, NULL},
                                  (V2vPlace){"t.v2v", 1, 1});
}

static inline void
lab_init (Lab *lab, V2vGuest *guest, const char *const *host_files)
{
  g_autofree char *script_dir = NULL;
  V2vRuleDir *tree = g_new0 (V2vRuleDir, 1);
  V2vField *field;

  *lab = (Lab){0};
  lab->dir = lab_make_dir ();
  script_dir = g_build_filename (lab->dir, "lua", "t", NULL);
  g_assert_cmpint (g_mkdir_with_parents (script_dir, 0700), ==, 0);

  lab->schema = v2v_schema_new ();
  lab->os = lab_add_fact (lab, "os", FALSE, V2V_ORIGIN_RULES);
  field = lab_add_field (lab->os, "id", V2V_TYPE_ENUM);
  field->type.words =
      v2v_schema_add_enum (lab->schema, g_intern_string ("os-id"), field->place);
  g_assert_true (v2v_enum_add (field->type.words, g_intern_string ("debian"), NULL));
  g_assert_true (
      v2v_enum_add (field->type.words, g_intern_string ("debian"), g_intern_string ("deb")));
  lab_add_field (lab->os, "disk-bus", V2V_TYPE_STRING);
  lab->kernel = lab_add_fact (lab, "kernel", TRUE, V2V_ORIGIN_RULES);
  lab_add_field (lab->kernel, "version", V2V_TYPE_PLAIN_VERSION)->key = TRUE;
  lab_add_field (lab->kernel, "size", V2V_TYPE_SIZE);
  lab_add_field (lab->kernel, "default", V2V_TYPE_BOOL);
  lab_add_field (lab->kernel, "usable", V2V_TYPE_BOOL)->derived = TRUE;
  lab->file = lab_add_fact (lab, "file", TRUE, V2V_ORIGIN_PATHS);
  lab_add_field (lab->file, "path", V2V_TYPE_PATH)->key = TRUE;
  lab_add_field (lab->file, "type", V2V_TYPE_STRING);
  lab_add_field (lab->file, "size", V2V_TYPE_SIZE);
  lab->store = v2v_store_new (lab->schema);

  tree->path = g_strdup (lab->dir);
  lab->rules.schema = lab->schema;
  lab->rules.operations = g_ptr_array_new ();
  lab->rules.rule_dirs = g_ptr_array_new ();
  g_ptr_array_add (lab->rules.rule_dirs, tree);
  lab->host = v2v_lua_host_new (guest, &lab->rules, host_files, NULL);
  g_assert_nonnull (lab->host);
  lab->changes = g_ptr_array_new_with_free_func ((GDestroyNotify)v2v_change_free);
}

static inline void
lab_clear (Lab *lab)
{
  V2vRuleDir *tree = lab->rules.rule_dirs->pdata[0];
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", lab->dir);

  v2v_lua_host_free (lab->host);
  v2v_store_free (lab->store);
  v2v_schema_free (lab->schema);
  g_free (tree->path);
  g_free (tree);
  g_ptr_array_unref (lab->rules.rule_dirs);
  g_ptr_array_unref (lab->rules.operations);
  g_ptr_array_unref (lab->changes);
  g_assert_cmpint (system (command), ==, 0);
  g_free (lab->dir);
}

/* Writes the script NAME ("t/a.lua") below the tree's lua; returns its interned path. */
static inline const char *
lab_write (Lab *lab, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (lab->dir, "lua", name, NULL);
  g_autofree char *dir = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return g_intern_string (path);
}

static inline void
lab_call_init (V2vCall *call, const char *path, const char *function)
{
  *call = (V2vCall){.file = g_intern_static_string ("t/a.lua"), .path = path};
  call->function = g_intern_string (function);
  call->args = g_array_new (FALSE, TRUE, sizeof (V2vOperand));
  call->arg_names = g_ptr_array_new ();
  call->place = (V2vPlace){"rules/t.v2v", 7, 3};
}

static inline void
lab_call_clear (V2vCall *call)
{
  g_array_unref (call->args);
  g_ptr_array_unref (call->arg_names);
}

/* Runs TEXT's function f as a probe for PROVIDES, with the text "arg" as its argument. It reads
 * the kind READS (may be NULL). */
static inline gboolean
lab_probe (Lab *lab, const char *text, V2vFactDecl *provides, V2vFactDecl *reads,
           GError **error)
{
  V2vProbe probe = {.name = "look", .place = {"rules/t.v2v", 3, 1}};
  V2vValue arg = v2v_value_text ("arg");
  V2vOperand operand = {0};
  V2vCall call;
  gboolean ok;

  lab_call_init (&call, lab_write (lab, "t/a.lua", text), "f");
  g_array_append_val (call.args, operand);
  g_ptr_array_add (call.arg_names, NULL);
  probe.call = &call;
  probe.provides = g_ptr_array_new ();
  g_ptr_array_add (probe.provides, provides);
  probe.reads = g_ptr_array_new ();
  if (reads)
    g_ptr_array_add (probe.reads, reads);
  ok = v2v_lua_run_probe (lab->host, &probe, &arg, lab->store, error);
  g_ptr_array_unref (probe.provides);
  g_ptr_array_unref (probe.reads);
  lab_call_clear (&call);
  return ok;
}

/* Runs TEXT's function f as a provider of enable(driver) with the requests "a" and "b", in a
 * batch or one by one (then "a" only). Changes are in lab->changes. */
static inline gboolean
lab_step (Lab *lab, const char *text, gboolean batch, GError **error)
{
  V2vParam param = {g_intern_static_string ("the-driver"), {V2V_TYPE_STRING, NULL}, {0}};
  V2vOperation operation = {.name = g_intern_static_string ("enable"), .batch = batch};
  V2vProvider provider = {
      .name = "tool", .operation = &operation, .place = {"rules/t.v2v", 9, 1}};
  V2vValue values[] = {v2v_value_text ("a"), v2v_value_text ("b")};
  g_autoptr (GPtrArray) reasons = g_ptr_array_new ();
  V2vRequest requests[2] = {0};
  V2vStep step = {.operation = &operation, .provider = &provider};
  V2vPlan plan = {0};
  V2vCall call;
  gboolean ok;

  operation.params = g_ptr_array_new ();
  g_ptr_array_add (operation.params, &param);
  g_ptr_array_set_size (lab->rules.operations, 0);
  g_ptr_array_add (lab->rules.operations, &operation);
  lab_call_init (&call, lab_write (lab, "t/a.lua", text), "f");
  g_ptr_array_add (call.arg_names, (char *)param.name);
  step.call = &call;
  step.requests = g_ptr_array_new ();
  step.args = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  plan.requests = g_ptr_array_new ();
  for (guint i = 0; i < 2; i++) {
    GArray *args = g_array_new (FALSE, TRUE, sizeof (V2vValue));

    requests[i] = (V2vRequest){.operation = &operation, .reasons = reasons, .args = &values[i]};
    g_ptr_array_add (plan.requests, &requests[i]);
    if (batch || i == 0) {
      g_ptr_array_add (step.requests, &requests[i]);
      g_array_append_val (args, values[i]);
      g_ptr_array_add (step.args, args);
    } else {
      g_array_unref (args);
    }
  }
  g_ptr_array_set_size (lab->changes, 0);
  ok = v2v_lua_run_step (lab->host, &step, &plan, lab->store, lab->changes, error);
  g_ptr_array_unref (operation.params);
  g_ptr_array_unref (step.requests);
  g_ptr_array_unref (step.args);
  g_ptr_array_unref (plan.requests);
  lab_call_clear (&call);
  return ok;
}

/* Says what is wrong and goes on: an appliance is too slow to start for each mistake. */
static inline void lab_wrong (const char *format, ...) G_GNUC_PRINTF (1, 2);

static inline void
lab_wrong (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_test_message ("%s", text);
  g_test_fail ();
}

/* Runs BODY as the body of a provider's function; it must succeed. */
static inline void
lab_ok (Lab *lab, const char *body)
{
  g_autofree char *text =
      g_strdup_printf ("return { f = function (requests_list)\n%s\nend }\n", body);
  g_autoptr (GError) error = NULL;

  if (!lab_step (lab, text, TRUE, &error))
    lab_wrong ("%s\nfailed: %s", body, error->message);
}

/* Runs BODY in the same way; it must fail with STATUS and a message that holds PIECE. */
static inline void
lab_fails (Lab *lab, const char *body, int status, const char *piece)
{
  g_autofree char *text =
      g_strdup_printf ("return { f = function (requests_list)\n%s\nend }\n", body);
  g_autoptr (GError) error = NULL;

  if (lab_step (lab, text, TRUE, &error)) {
    lab_wrong ("this should have failed: %s", body);
    return;
  }
  g_assert_nonnull (error);
  if (error->domain != V2V_ERROR || error->code != status || !strstr (error->message, piece))
    lab_wrong ("%s\nfailed with %d and not %d (%s): %s", body, error->code, status, piece,
               error->message);
  if (!strstr (error->message, "(provider tool, rules/t.v2v:9)"))
    lab_wrong ("the message does not name the provider: %s", error->message);
}
