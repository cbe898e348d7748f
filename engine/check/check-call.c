/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checks calls: does the script exist, does it load, and are the arguments valid?
 */
#include "config.h"

#include "check/check.h"

static void
find_file (V2vCheck *check, V2vCallSyntax *syntax, gboolean is_xslt, const V2vRuleFile *file)
{
  V2vCall *call = &syntax->call;
  const char *const subdir = is_xslt ? "xslt" : "lua";
  g_auto (GStrv) parts = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *key = NULL;

  if (call->file == NULL)
    return;
  parts = g_strsplit (call->file, "/", -1);
  if (call->file[0] == '\0' || call->file[0] == '/' ||
      g_strv_contains ((const char *const *)parts, "..")) {
    check_error (check, V2V_CODE_SCRIPT_NAME, call->place, syntax->file_length, NULL,
                 "a script is named relative to %s/ of its rules directory, without \"..\"",
                 subdir);
    return;
  }
  call->path = v2v_ruleset_find_script (check->rules, file->path, subdir, call->file);
  if (call->path == NULL) {
    g_autofree char *hint =
        g_strdup_printf ("it is looked for in %s/ beside the rules/ of this file, "
                         "then of every rules directory",
                         subdir);

    check_error (check, V2V_CODE_NO_FILE, call->place, syntax->file_length, hint,
                 "there is no file \"%s\" in %s/", call->file, subdir);
    return;
  }
  if (!is_xslt)
    v2v_check_script (check, syntax, file);
  /* Check each script and function once, however many rules call it. */
  key = g_strdup_printf ("%s\n%s", call->path, is_xslt ? "" : call->function);
  if (check->scripts == NULL || !g_hash_table_add (check->examined, g_strdup (key)))
    return;
  if (is_xslt && check->scripts->xslt != NULL &&
      !check->scripts->xslt (call->path, &error, check->scripts->data))
    check_error (check, V2V_CODE_STYLESHEET, call->place, syntax->file_length, NULL,
                 "the stylesheet does not load: %s", error->message);
  if (!is_xslt && check->scripts->lua != NULL &&
      !check->scripts->lua (call->path, call->function, &error, check->scripts->data))
    check_error (check, V2V_CODE_FUNCTION, syntax->function_place,
                 (guint)strlen (call->function), NULL, "the function cannot be called: %s",
                 error->message);
}

gboolean
v2v_check_call (V2vCheck *check, const V2vScope *scope, V2vCallSyntax *syntax, gboolean is_xslt,
                const V2vRuleFile *file)
{
  V2vCall *call = &syntax->call;
  gboolean good = TRUE;

  find_file (check, syntax, is_xslt, file);
  if (call->args == NULL)
    return FALSE;
  for (guint i = 0; i < call->args->len; i++) {
    V2vOperand *operand = &g_array_index (call->args, V2vOperand, i);

    good &= v2v_check_value (check, scope, operand, NULL, NULL);
    g_ptr_array_add (call->arg_names,
                     operand->kind == V2V_OPERAND_PARAM ? (gpointer)operand->name : NULL);
    if (good && scope->operation != NULL && scope->operation->batch &&
        operand->kind != V2V_OPERAND_PARAM) {
      check_error (
          check, V2V_CODE_BATCH, operand->place, operand->length,
          "the script can read facts itself",
          "%s is a batch: its provider gets a list of requests, so it takes parameters only",
          scope->operation->name);
      good = FALSE;
    }
  }
  return good;
}

V2vOperation *
v2v_check_direct (V2vCheck *check, const V2vCallSyntax *syntax, gboolean is_xslt,
                  V2vPhase phase)
{
  const V2vCall *call = &syntax->call;
  g_autoptr (GString) key = g_string_new (NULL);
  V2vOperation *operation;
  V2vCall *direct;
  g_autofree char *name = NULL;

  g_string_printf (key, "%d %d %s %s", is_xslt, phase,
                   call->path != NULL ? call->path : call->file, is_xslt ? "" : call->function);
  for (guint i = 0; i < call->args->len; i++) {
    const V2vType *type = &g_array_index (call->args, V2vOperand, i).type;

    g_string_append_printf (key, " %d:%p", type->kind, (void *)type->words);
  }
  operation = g_hash_table_lookup (check->direct, key->str);
  if (operation != NULL)
    return operation;

  name = is_xslt ? g_strdup_printf ("xslt \"%s\"", call->file)
                 : g_strdup_printf ("lua \"%s\" %s", call->file, call->function);
  operation = v2v_arena_new0 (check->arena, V2vOperation);
  direct = v2v_arena_new0 (check->arena, V2vCall);
  *direct = *call;
  direct->args = v2v_arena_array (check->arena, sizeof (V2vOperand), call->args->len);
  direct->arg_names = v2v_arena_pointers (check->arena);
  operation->name = v2v_intern (name);
  operation->params = v2v_arena_pointers (check->arena);
  operation->phase = phase;
  operation->conflicts = v2v_arena_pointers (check->arena);
  operation->after_operations = v2v_arena_pointers (check->arena);
  operation->providers = v2v_arena_pointers (check->arena);
  operation->direct = direct;
  operation->is_xslt = is_xslt;
  operation->place = call->place;
  for (guint i = 0; i < call->args->len; i++) {
    const V2vOperand *from = &g_array_index (call->args, V2vOperand, i);
    V2vParam *param = v2v_arena_new0 (check->arena, V2vParam);
    g_autofree char *param_name = g_strdup_printf ("arg%u", i + 1);
    V2vOperand to = {
        .kind = V2V_OPERAND_PARAM, .slot = i, .type = from->type, .place = from->place};

    param->name = to.name = v2v_intern (param_name);
    param->type = from->type;
    param->place = from->place;
    g_ptr_array_add (operation->params, param);
    g_ptr_array_add (direct->arg_names, (gpointer)param->name);
    g_array_append_val (direct->args, to);
  }
  g_hash_table_insert (check->direct, g_strdup (key->str), operation);
  g_ptr_array_add (check->priv->operations, operation);
  return operation;
}
