/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Collects the data of v2v-lua(3): the functions that scripts can call, from the same tables
 * that make them callable.
 */
#include "config.h"

#include <string.h>

#include "guest/guestlib.h"
#include "manual/manual.h"

static const char *
class_name (V2vCallClass class)
{
  static const char *const names[] = {
      [V2V_CALL_READ] = "read",
      [V2V_CALL_WRITE] = "write",
      [V2V_CALL_EXEC] = "exec",
      [V2V_CALL_AUG_READ] = "augeas-read",
      [V2V_CALL_AUG_WRITE] = "augeas-write",
  };

  return names[class];
}

static void
add_call (xmlNode *manual, const V2vScriptFunction *function)
{
  xmlNode *node = v2v_manual_add (manual, "call", function->name);
  g_auto (GStrv) options =
      g_strsplit (function->optional != NULL ? function->optional : "", ",", -1);

  v2v_manual_set (node, "arguments", function->arguments);
  v2v_manual_set (node, "class", class_name (function->class));
  v2v_manual_flag (node, "own", function->own);
  for (guint i = 0; options[i] != NULL; i++)
    v2v_manual_add (node, "optional", options[i]);
  v2v_manual_sentence (node, function->what);
}

/* Adds the globals that the engine defines. */
static void
add_globals (xmlNode *manual)
{
  V2vScriptGlobal global;

  for (guint i = 0; v2v_lua_describe_global (i, &global); i++) {
    xmlNode *node = v2v_manual_add (manual, "global", global.name);

    v2v_manual_set (node, "arguments", global.arguments);
    v2v_manual_sentence (node, global.what);
  }
}

/* Adds the functions of Lua itself that are available, by library. */
static void
add_standard (xmlNode *manual)
{
  g_auto (GStrv) names = v2v_lua_standard_names ();
  g_autofree char *library = g_strdup ("");
  xmlNode *node = NULL;

  for (guint i = 0; names[i] != NULL; i++) {
    const char *dot = strchr (names[i], '.');
    g_autofree char *own =
        dot != NULL ? g_strndup (names[i], (gsize)(dot - names[i])) : g_strdup ("basic");

    if (!g_str_equal (own, library)) {
      node = v2v_manual_add (manual, "library", own);
      g_free (library);
      library = g_steal_pointer (&own);
    }
    v2v_manual_add (node, "function", dot != NULL ? dot + 1 : names[i]);
  }
}

/* Adds the modules among NAMES and returns the other names, which are functions. Returns NULL
 * if there is no such module. */
static char **
add_modules (xmlNode *manual, const V2vRuleSet *rules, const char *const *names, GError **error)
{
  g_autoptr (GStrvBuilder) functions = g_strv_builder_new ();

  for (; *names; names++) {
    g_autofree char *path = v2v_manual_module_path (rules, *names);

    if (!strchr (*names, '.')) {
      g_strv_builder_add (functions, *names);
      continue;
    }
    if (path) {
      if (!v2v_manual_module (manual, *names, path, error))
        return NULL;
      continue;
    }
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_USAGE,
        "there is no module \"%s\": no directory lua has a file of this name, with / for each "
        ". and .lua at its end",
        *names);
    return NULL;
  }
  return g_strv_builder_end (functions);
}

/* Adds the functions called NAMES, or all functions. */
static gboolean
add_calls (xmlNode *manual, const char *const *names, GError **error)
{
  const guint n = v2v_guestlib_describe (0, NULL);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  V2vScriptFunction function;

  for (guint i = 0; i < n; i++) {
    v2v_guestlib_describe (i, &function);
    g_ptr_array_add (known, (gpointer)function.name);
  }
  if (!v2v_manual_names (names, known, "function of guest", error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    v2v_guestlib_describe (i, &function);
    if (v2v_manual_wants (names, function.name))
      add_call (manual, &function);
  }
  return TRUE;
}

xmlDoc *
v2v_manual_functions (const V2vRuleSet *rules, const char *const *names, GError **error)
{
  const gboolean whole = names[0] == NULL;
  xmlDoc *doc = v2v_manual_new (whole);
  xmlNode *manual = xmlDocGetRootElement (doc);
  g_auto (GStrv) functions = add_modules (manual, rules, names, error);

  if (!functions) {
    xmlFreeDoc (doc);
    return NULL;
  }
  if (whole)
    add_globals (manual);
  /* Without names of functions, show all functions, unless modules were named. */
  if ((whole || functions[0] != NULL) &&
      !add_calls (manual, (const char *const *)functions, error)) {
    xmlFreeDoc (doc);
    return NULL;
  }
  if (whole)
    add_standard (manual);
  return doc;
}
