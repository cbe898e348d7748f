/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The Lua host: runs probes and steps, each in an isolated state of its own.
 */
#include "config.h"

#include <string.h>

#include <lauxlib.h>

#include "base/diag.h"
#include "base/guard.h"
#include "base/log.h"
#include "guest/observe.h"
#include "guest/guestlib.h"

/* The limit of instructions for checking a script, in thousands: loading one executes only
 * few. */
#define CHECK_STEPS_MAX 5000
/* Limits of time in seconds: a function of Lua's libraries counts as one instruction, but may
 * run for ever. */
#define CHECK_SECONDS 5
#define RUN_SECONDS 300

struct V2vLuaHost {
  V2vGuest *guest; /* or NULL */
  const V2vRuleSet *rules;
  char **host_files;
  V2vAugeas augeas;
};

/* One run of a script. It begins with V2vGuestLib, since the functions of "guest" get it from
 * the sandbox. */
typedef struct {
  V2vGuestLib lib;
  V2vSandbox sandbox;
  V2vFactsView view;
  const char *function;
  GPtrArray *module_dirs; /* interned, NULL-terminated */
  gboolean check;         /* only load the script and look for the function */
  const V2vStep *step;    /* or NULL */
  const V2vCall *call;    /* with CALL_ARGS; or NULL */
  const V2vValue *call_args;
  V2vLuaValue returned;
} Run;

V2vLuaHost *
v2v_lua_host_new (V2vGuest *guest, const V2vRuleSet *rules, const char *const *host_files,
                  GError **error)
{
  V2vLuaHost *host;

  for (guint i = 0; host_files && host_files[i]; i++) {
    if (!g_path_is_absolute (host_files[i])) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_SOFTWARE, "%s is no absolute path",
                   host_files[i]);
      return NULL;
    }
  }
  host = g_new0 (V2vLuaHost, 1);
  host->guest = guest;
  /* An appliance may serve several guests in turn, so what scripts of the last one gave is
   * removed. */
  if (guest)
    g_hash_table_remove_all (v2v_guest_handed (guest));
  host->rules = rules;
  host->host_files = g_strdupv ((char **)host_files);
  return host;
}

void
v2v_lua_host_free (V2vLuaHost *host)
{
  if (host == NULL)
    return;
  g_strfreev (host->host_files);
  g_free (host);
}

void
v2v_lua_interrupt (void)
{
  v2v_sandbox_interrupt ();
}

/* ---- in the isolated state ---- */

static char *
printable_argument (lua_State *L)
{
  return v2v_printable (lua_tostring (L, -1), -1, TRUE);
}

/* log.debug, log.info and log.warn; the upvalue selects the level. */
static int
log_text (lua_State *L)
{
  lua_Integer level = lua_tointeger (L, lua_upvalueindex (1));
  char *text;

  luaL_checkany (L, 1);
  luaL_tolstring (L, 1, NULL);
  text = printable_argument (L);
  if (level == 0)
    v2v_debug ("%s", text);
  else if (level == 1)
    v2v_info ("%s", text);
  else
    v2v_warn ("%s", text);
  g_free (text);
  return 0;
}

static int
fail_with (lua_State *L)
{
  return v2v_sandbox_end (L, V2V_ENDED_FAIL, luaL_checkstring (L, 1));
}

/* The globals. Tables with the guest and its facts have no FUNCTION. */
static const struct {
  V2vScriptGlobal global;
  lua_CFunction function;
} globals[] = {
    {{"guest", NULL,
      "the calls below; a failing one raises an error, which caught by pcall is a table with "
      "message, errno and where"},
     NULL},
    {{"facts", NULL,
      "what is known, to be read only: facts.os.id, and lists of kinds of which there may be "
      "many; in a probe, the kinds that it reads"},
     NULL},
    {{"requests", NULL,
      "every request of the plan by operation, to be read only: "
      "requests.enable_driver[1].driver; providers only"},
     NULL},
    {{"log.debug", "text", "says it with --verbose"}, log_text},
    {{"log.info", "text", "says it"}, log_text},
    {{"log.warn", "text", "gives a warning, which the report keeps"}, log_text},
    {{"fail", "text", "ends the conversion with this message"}, fail_with},
};

gboolean
v2v_lua_describe_global (guint index, V2vScriptGlobal *global_r)
{
  if (index >= G_N_ELEMENTS (globals))
    return FALSE;
  *global_r = globals[index].global;
  return TRUE;
}

static void
open_globals (lua_State *L, Run *run)
{
  lua_Integer level = 0;

  lua_createtable (L, 0, 3);
  for (guint i = 0; i < G_N_ELEMENTS (globals); i++) {
    const char *name = globals[i].global.name;

    if (globals[i].function == log_text) {
      lua_pushinteger (L, level++);
      lua_pushcclosure (L, log_text, 1);
      lua_setfield (L, -2, name + strlen ("log."));
    } else if (globals[i].function) {
      lua_pushcfunction (L, globals[i].function);
      lua_setglobal (L, name);
    } else if (run->check) {
      v2v_sandbox_push_inert (L);
      lua_setglobal (L, name);
    }
  }
  v2v_sandbox_freeze (L, -1, "log");
  lua_setglobal (L, "log");
  if (!run->check) {
    v2v_guestlib_open (L);
    v2v_facts_open (L, &run->view);
  }
}

/* Raises an error for a missing function, which suggests a similar name. */
static int
no_such_function (lua_State *L, const Run *run)
{
  const char *nearest = NULL;
  GPtrArray *names = g_ptr_array_new ();

  for (lua_pushnil (L); lua_next (L, -2); lua_pop (L, 1)) {
    if (lua_type (L, -2) == LUA_TSTRING && lua_isfunction (L, -1))
      g_ptr_array_add (names, (char *)lua_tostring (L, -2));
  }
  nearest = v2v_nearest (run->function, names);
  g_ptr_array_unref (names);
  if (nearest)
    return luaL_error (L, "%s has no function %s (did you mean %s?)",
                       v2v_script_name (run->lib.script), run->function, nearest);
  return luaL_error (L, "%s has no function %s", v2v_script_name (run->lib.script),
                     run->function);
}

/* Pushes the arguments of a step's function; returns their number. */
static int
push_step_args (lua_State *L, const V2vStep *step)
{
  const GArray *args = step->args->pdata[0];
  int n = 0;

  luaL_checkstack (L, (int)args->len + 4, NULL);
  if (step->operation->batch) {
    lua_createtable (L, (int)step->requests->len, 0);
    for (guint i = 0; i < step->requests->len; i++) {
      v2v_push_request (L, step->requests->pdata[i]);
      lua_rawseti (L, -2, (int)i + 1);
    }
    n = 1;
  }
  for (guint i = 0; i < args->len; i++) {
    /* In a batch, the parameters of requests are in the list. */
    if (step->operation->batch && step->call->arg_names &&
        g_ptr_array_index (step->call->arg_names, i) != NULL)
      continue;
    v2v_push_value (L, g_array_index (args, V2vValue, i));
    n++;
  }
  return n;
}

static int
run_script (lua_State *L)
{
  Run *run = v2v_sandbox_of (L)->data;
  const char *why = NULL;
  int n = 0;

  open_globals (L, run);
  v2v_sandbox_load (L, run->lib.script);
  lua_pushstring (L, run->function);
  if (lua_rawget (L, -2) != LUA_TFUNCTION) {
    lua_pop (L, 1);
    return no_such_function (L, run);
  }
  if (run->check)
    return 0;
  if (run->step) {
    n = push_step_args (L, run->step);
  } else {
    luaL_checkstack (L, (int)run->call->args->len, NULL);
    for (; n < (int)run->call->args->len; n++)
      v2v_push_value (L, run->call_args[n]);
  }
  lua_call (L, n, 1);
  if (run->step == NULL && !v2v_lua_value_read (L, -1, &run->returned, &why))
    return luaL_error (L, "%s: what %s returned cannot be used: %s",
                       v2v_script_name (run->lib.script), run->function, why);
  return 0;
}

/* ---- Lua's own functions ---- */

typedef struct {
  V2vSandbox sandbox;
  GPtrArray *names;
} Names;

/* Adds the names of the functions in the table on top of the stack, behind PREFIX. */
static void
collect_names (lua_State *L, GPtrArray *names, const char *prefix)
{
  for (lua_pushnil (L); lua_next (L, -2); lua_pop (L, 1)) {
    const char *name = lua_type (L, -2) == LUA_TSTRING ? lua_tostring (L, -2) : NULL;

    if (name == NULL || strcmp (name, LUA_GNAME) == 0)
      continue;
    if (lua_type (L, -1) == LUA_TTABLE && *prefix == '\0')
      collect_names (L, names, name);
    else
      g_ptr_array_add (names, g_strdup_printf ("%s%s%s", prefix, *prefix ? "." : "", name));
  }
}

static int
collect_standard (lua_State *L)
{
  const Names *names = v2v_sandbox_of (L)->data;

  lua_pushglobaltable (L);
  collect_names (L, names->names, "");
  return 0;
}

/* Sorts by library, with the basic functions first. */
static gint
compare_standard (gconstpointer a, gconstpointer b)
{
  const char *x = *(const char *const *)a, *y = *(const char *const *)b;
  const gboolean basic_x = strchr (x, '.') == NULL, basic_y = strchr (y, '.') == NULL;

  return basic_x != basic_y ? (basic_x ? -1 : 1) : strcmp (x, y);
}

char **
v2v_lua_standard_names (void)
{
  Names names = {.names = g_ptr_array_new ()};

  names.sandbox.data = &names;
  v2v_sandbox_run (&names.sandbox, collect_standard, "names", NULL);
  g_ptr_array_sort (names.names, compare_standard);
  g_ptr_array_add (names.names, NULL);
  return (char **)g_ptr_array_free (names.names, FALSE);
}

/* ---- in C ---- */

/* The directories of modules: that of the script's own rule directory, then those of the
 * others in the order of precedence. */
static GPtrArray *
module_dirs (const char *script, const V2vRuleSet *rules)
{
  GPtrArray *dirs = g_ptr_array_new ();
  const char *name = v2v_script_name (script);

  if (name != script) {
    g_autofree char *own = g_strndup (script, (gsize)(name - script) + strlen ("lua"));

    g_ptr_array_add (dirs, (char *)g_intern_string (own));
  }
  for (guint i = 0; rules && rules->rule_dirs && i < rules->rule_dirs->len; i++) {
    const V2vRuleDir *rule_dir = rules->rule_dirs->pdata[i];
    g_autofree char *dir = g_build_filename (rule_dir->path, "lua", NULL);

    g_ptr_array_add (dirs, (char *)g_intern_string (dir));
  }
  g_ptr_array_add (dirs, NULL);
  return dirs;
}

static void
run_clear (Run *run)
{
  v2v_guestlib_clear (&run->lib);
  v2v_lua_value_clear (&run->returned);
  g_clear_pointer (&run->module_dirs, g_ptr_array_unref);
}

static gboolean
run_execute (Run *run, const V2vRuleSet *rules, GError **error)
{
  run->module_dirs = module_dirs (run->lib.script, rules);
  run->sandbox.module_dirs = (const char *const *)run->module_dirs->pdata;
  run->sandbox.data = run;
  return v2v_sandbox_run (&run->sandbox, run_script, run->lib.label, error);
}

gboolean
v2v_lua_check (const char *path, const char *function, GError **error, gpointer data)
{
  Run run = {.check = TRUE, .function = function};
  g_autofree char *label =
      g_strdup_printf ("when it was checked for the function %s", function);
  gboolean ok;

  (void)data;
  run.lib.script = path;
  run.lib.label = run.lib.about = label;
  run.sandbox.for_authors = TRUE;
  run.sandbox.steps_max = CHECK_STEPS_MAX;
  run.sandbox.missing_modules = TRUE;
  v2v_guard_begin (CHECK_SECONDS, V2V_EXIT_CONFIG, "%s: loading the script", path);
  ok = run_execute (&run, NULL, error);
  v2v_guard_end ();
  run_clear (&run);
  return ok;
}

/* Runs a script on the guest. */
static gboolean
host_execute (V2vLuaHost *host, Run *run, GError **error)
{
  gboolean ok;

  run->lib.guest = host->guest;
  run->lib.augeas = &host->augeas;
  run->lib.host_files = (const char *const *)host->host_files;
  run->view.rules = host->rules;
  v2v_augeas_begin (&host->augeas);
  v2v_step_detail (run->lib.about);
  v2v_debug ("%s: %s (%s)", v2v_script_name (run->lib.script), run->function, run->lib.label);
  /* The guard limits Lua itself; the appliance and programs of the guest run in other
   * processes. */
  v2v_guard_begin (RUN_SECONDS, V2V_EXIT_CONFIG, "%s: %s (%s)",
                   v2v_script_name (run->lib.script), run->function, run->lib.label);
  ok = run_execute (run, host->rules, error) &&
       (!run->lib.may_write || v2v_guestlib_finish (&run->lib, error));
  v2v_guard_end ();
  /* A script may have caught the errors after the appliance died, and have drawn a wrong
   * conclusion. */
  ok = (host->guest == NULL || v2v_guest_check_alive (host->guest, error)) && ok;
  v2v_step_detail (NULL);
  return ok;
}

gboolean
v2v_lua_run_probe (V2vLuaHost *host, const V2vProbe *probe, const V2vValue *args,
                   V2vStore *store, GError **error)
{
  Run run = {.function = probe->call->function, .call = probe->call, .call_args = args};
  g_autofree char *label =
      g_strdup_printf ("probe %s, %s:%u", probe->name, probe->place.file, probe->place.line);
  g_autofree char *about = g_strdup_printf ("probe %s", probe->name);
  gboolean ok;

  run.lib.script = probe->call->path;
  run.lib.label = label;
  run.lib.about = v2v_log_shows_places () ? label : about;
  run.view.store = store;
  run.view.probe = probe;
  ok = host_execute (host, &run, error);
  if (ok && !v2v_records_to_facts (&run.returned, probe, label, store, error)) {
    v2v_error_say (error, "a fault in the probe %s ended this: " V2V_PLEASE_REPORT,
                   probe->name);
    ok = FALSE;
  }
  if (ok)
    v2v_store_set_probed (store, probe->name);
  run_clear (&run);
  return ok;
}

/* The first of the rules that requested STEP, or NULL. */
static const V2vRule *
step_rule (const V2vStep *step)
{
  const V2vRequest *request = step->requests->len ? step->requests->pdata[0] : NULL;
  const V2vReason *reason =
      request && request->reasons->len ? request->reasons->pdata[0] : NULL;

  return reason ? reason->rule : NULL;
}

/* Describes the origin of STEP: "provider NAME", or "rule NAME" for a direct call. */
static char *
step_about (const V2vStep *step)
{
  const V2vRule *rule = step_rule (step);

  if (step->provider)
    return g_strdup_printf ("provider %s", step->provider->name);
  return rule ? g_strdup_printf ("rule %s", rule->name)
              : g_strdup_printf ("operation %s", step->operation->name);
}

/* Describes the origin of STEP with places: "provider NAME, rules/A.v2v:30, for rule NAME,
 * rules/B.v2v:12". A direct call has only the rule. If several rules requested STEP, the first
 * is named. */
static char *
step_label (const V2vStep *step)
{
  const V2vRule *first = step_rule (step);
  g_autofree char *rule = first ? g_strdup_printf ("rule %s, %s:%u", first->name,
                                                   first->place.file, first->place.line)
                                : NULL;

  if (step->provider)
    return g_strdup_printf ("provider %s, %s:%u%s%s", step->provider->name,
                            step->provider->place.file, step->provider->place.line,
                            rule ? ", for " : "", rule ? rule : "");
  if (rule)
    return g_steal_pointer (&rule);
  return g_strdup_printf ("operation %s, %s:%u", step->operation->name, step->call->place.file,
                          step->call->place.line);
}

gboolean
v2v_lua_run_step (V2vLuaHost *host, const V2vStep *step, const V2vPlan *plan, V2vStore *store,
                  GPtrArray *changes, GError **error)
{
  Run run = {.function = step->call->function, .call = step->call, .step = step};
  g_autofree char *label = step_label (step);
  g_autofree char *about = step_about (step);
  gboolean ok;

  g_return_val_if_fail (!step->is_xslt && step->args->len > 0, FALSE);
  run.lib.script = step->call->path;
  run.lib.label = label;
  run.lib.about = v2v_log_shows_places () ? label : about;
  run.lib.may_write = TRUE;
  run.lib.changes = changes;
  run.view.store = store;
  run.view.plan = plan;
  ok = host_execute (host, &run, error);
  run_clear (&run);
  return ok;
}
