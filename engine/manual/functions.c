/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * v2v-lua(3): what scripts can call, from the tables that make it callable.
 */
#include "config.h"

#include <string.h>

#include "guest/guestlib.h"
#include "manual/manual.h"

/* "guest.NAME (arguments[, { optional }])" */
static void
add_signature (V2vPage *page, const V2vScriptFunction *function)
{
  v2v_page_add (page, V2V_BOLD, "guest.");
  v2v_page_add (page, V2V_BOLD, function->name);
  v2v_page_say (page, " (");
  v2v_page_add (page, V2V_ITALIC, function->arguments);
  if (function->optional != NULL) {
    g_auto (GStrv) options = g_strsplit (function->optional, ",", -1);
    g_autofree char *joined = g_strjoinv (" =, ", options);

    v2v_page_say (page, *function->arguments ? "[, { " : "[{ ");
    v2v_page_add (page, V2V_ITALIC, joined);
    v2v_page_say (page, " = }]");
  }
  v2v_page_say (page, ")");
}

static void
print_functions (V2vPage *page, const char *title, const char *about, const char *const *names,
                 V2vCallClass class, gboolean own)
{
  const guint n = v2v_guestlib_describe (0, NULL);
  gboolean any = FALSE;

  for (guint i = 0; i < n; i++) {
    V2vScriptFunction function;

    v2v_guestlib_describe (i, &function);
    if (function.own != own || (!own && function.class != class) ||
        !v2v_manual_wants (names, function.name))
      continue;
    if (!any) {
      v2v_page_heading (page, title);
      if (names[0] == NULL)
        v2v_page_say (page, about);
    }
    any = TRUE;
    v2v_page_item (page);
    add_signature (page, &function);
    v2v_page_body (page);
    v2v_manual_sentence (page, function.what);
    if (own && function.class == V2V_CALL_WRITE)
      v2v_page_say (page, " Providers only.");
  }
}

/* Globals of the engine's own. */
static void
print_globals (V2vPage *page)
{
  V2vScriptGlobal global;

  v2v_page_heading (page, "Globals");
  for (guint i = 0; v2v_lua_describe_global (i, &global); i++) {
    v2v_page_item (page);
    v2v_page_add (page, V2V_BOLD, global.name);
    if (global.arguments != NULL) {
      v2v_page_say (page, " (");
      v2v_page_add (page, V2V_ITALIC, global.arguments);
      v2v_page_say (page, ")");
    }
    v2v_page_body (page);
    v2v_manual_sentence (page, global.what);
  }
}

/* What there is of Lua itself, by library. */
static void
print_standard (V2vPage *page)
{
  g_auto (GStrv) names = v2v_lua_standard_names ();
  g_autofree char *library = g_strdup ("");

  v2v_page_heading (page, "Of Lua");
  v2v_page_say (page, "As in the manual of Lua 5.4, and no others:");
  for (guint i = 0; names[i] != NULL; i++) {
    const char *dot = strchr (names[i], '.');
    g_autofree char *own =
        dot != NULL ? g_strndup (names[i], (gsize)(dot - names[i])) : g_strdup ("basic");
    const gboolean same = g_str_equal (own, library);

    if (!same) {
      v2v_page_item (page);
      v2v_page_add (page, V2V_BOLD, own);
      v2v_page_body (page);
      g_free (library);
      library = g_steal_pointer (&own);
    }
    v2v_page_say (page, same ? ", " : "");
    v2v_page_add (page, V2V_ROMAN, dot != NULL ? dot + 1 : names[i]);
  }
}

/* Adds those of NAMES that are modules, and gives the others, which are functions. NULL if
 * there is no such module. */
static char **
print_modules (V2vPage *page, const V2vRuleSet *rules, const char *const *names, GError **error)
{
  g_autoptr (GStrvBuilder) functions = g_strv_builder_new ();

  for (; *names; names++) {
    g_autofree char *path = v2v_manual_module_path (rules, *names);

    if (!strchr (*names, '.')) {
      g_strv_builder_add (functions, *names);
      continue;
    }
    if (path) {
      if (!v2v_manual_module (page, *names, path, error))
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

char *
v2v_manual_functions (const V2vRuleSet *rules, V2vPageFormat format, const char *const *given,
                      GError **error)
{
  const guint n = v2v_guestlib_describe (0, NULL);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  g_auto (GStrv) functions = NULL;
  const char *const *names;
  V2vPage *page;

  for (guint i = 0; i < n; i++) {
    V2vScriptFunction function;

    v2v_guestlib_describe (i, &function);
    g_ptr_array_add (known, (gpointer)function.name);
  }
  page = v2v_page_new (format, "v2v-lua", 3, "what scripts of v2v-engine can call");
  functions = print_modules (page, rules, given, error);
  names = (const char *const *)functions;
  if (!functions || !v2v_manual_names (names, known, "function of guest", error)) {
    g_free (v2v_page_end (page));
    return NULL;
  }
  /* Only modules were asked for. */
  if (given[0] != NULL && names[0] == NULL)
    return v2v_page_end (page);
  if (names[0] == NULL)
    print_globals (page);
  print_functions (page, "Calls of the engine", "", names, V2V_CALL_READ, TRUE);
  print_functions (page, "Calls that read",
                   "Of `guestfs`(3), where each has the same name. In probes and in providers.",
                   names, V2V_CALL_READ, FALSE);
  print_functions (page, "Calls that change the guest", "Of `guestfs`(3). Providers only.",
                   names, V2V_CALL_WRITE, FALSE);
  print_functions (
      page, "Calls that run a program of the guest",
      "Of `guestfs`(3). Providers only; `guest.query` is for programs that only look.", names,
      V2V_CALL_EXEC, FALSE);
  print_functions (page, "Calls that look at files loaded by guest.augeas",
                   "Of `guestfs`(3). In probes and in providers.", names, V2V_CALL_AUG_READ,
                   FALSE);
  print_functions (page, "Calls that change files loaded by guest.augeas",
                   "Of `guestfs`(3). Providers only.", names, V2V_CALL_AUG_WRITE, FALSE);
  if (names[0] == NULL)
    print_standard (page);
  if (names[0] == NULL)
    v2v_page_see_also (page, "`v2v-engine`(1), `guestfs`(3), `guestfs-lua`(3), "
                             "`v2v-rules`(5), `v2v-facts`(7), `v2v-operations`(7)");
  return v2v_page_end (page);
}
