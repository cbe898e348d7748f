/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sealed Lua states.
 *
 * lua_error jumps over the C frames between it and the protected call, so no function below
 * holds memory of its own while it calls something that may raise: what has to be freed hangs
 * on the sandbox.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lauxlib.h>
#include <lualib.h>

#include "base/held.h"
#include "base/log.h"
#include "guest/sandbox.h"

#define MEMORY_TEXT G_STRINGIFY (256) " MiB"
G_STATIC_ASSERT (V2V_SANDBOX_MEMORY_MAX == 256 * 1024 * 1024);

/* A module name is longer in no script. */
#define MODULE_NAME_MAX 100

/* Keys in the registry: modules that were loaded, and the metatable of our errors. */
static const char modules_key, error_key;

/* The state that runs a script now; read by a signal handler. */
static lua_State *volatile running;
static volatile sig_atomic_t interrupted;

V2vSandbox *
v2v_sandbox_of (lua_State *L)
{
  return *(V2vSandbox **)lua_getextraspace (L);
}

const char *
v2v_script_name (const char *path)
{
  const char *name = NULL;

  for (const char *p = strstr (path, "/lua/"); p; p = strstr (p + 1, "/lua/"))
    name = p + 1;
  return name ? name : path;
}

int
v2v_script_open (const char *script, const char *path, GError **error)
{
  const char *name = v2v_script_name (script);
  const char *slash = strrchr (script, '/');
  const gsize length = name != script ? (gsize)(name - script)
                       : slash        ? (gsize)(slash + 1 - script)
                                      : 0;
  g_autofree char *root = length ? g_strndup (script, length) : g_strdup (".");

  return v2v_held_open_beneath (root, path + length, O_RDONLY | O_NONBLOCK, error);
}

/* ---- memory ---- */

static void *
allocate (void *data, void *block, size_t old_size, size_t new_size)
{
  V2vSandbox *sandbox = data;
  void *moved;

  if (block == NULL)
    old_size = 0; /* it tells a type */
  if (new_size == 0) {
    sandbox->used -= old_size;
    free (block);
    return NULL;
  }
  if (new_size > old_size && new_size - old_size > V2V_SANDBOX_MEMORY_MAX - sandbox->used) {
    sandbox->refused = TRUE;
    return NULL;
  }
  moved = realloc (block, new_size);
  if (moved == NULL)
    return new_size <= old_size ? block : NULL; /* Lua relies on shrinking */
  sandbox->used += new_size - old_size;
  return moved;
}

/* ---- the end of a script ---- */

/* Runs at every instruction once the script is to end, so that a script that catches the error
 * gets no further than its next instruction. */
static void
on_end (lua_State *L, lua_Debug *ar)
{
  V2vSandbox *sandbox = v2v_sandbox_of (L);

  (void)ar;
  if (sandbox->ended == V2V_ENDED_NOT) {
    sandbox->ended = V2V_ENDED_TIME;
    luaL_where (L, 0);
    sandbox->end_text = g_strdup_printf ("%stime is up", lua_tostring (L, -1));
  }
  luaL_error (L, "the script is to end");
}

static void
on_count (lua_State *L, lua_Debug *ar)
{
  V2vSandbox *sandbox = v2v_sandbox_of (L);

  if (++sandbox->steps >= sandbox->steps_max) {
    lua_sethook (L, on_end, LUA_MASKCOUNT, 1);
    on_end (L, ar);
  }
}

void
v2v_sandbox_interrupt (void)
{
  lua_State *L = running;

  interrupted = 1;
  if (L)
    lua_sethook (L, on_end, LUA_MASKCOUNT, 1);
}

gboolean
v2v_sandbox_interrupted (void)
{
  return interrupted != 0;
}

int
v2v_sandbox_end (lua_State *L, V2vEnded how, const char *text)
{
  V2vSandbox *sandbox = v2v_sandbox_of (L);

  if (sandbox->ended == V2V_ENDED_NOT) {
    sandbox->ended = how;
    sandbox->end_text = g_strdup (text);
  }
  lua_sethook (L, on_end, LUA_MASKCOUNT, 1);
  return luaL_error (L, "the script is to end");
}

/* ---- errors ---- */

/* Our errors are tables { where, message, code, errno } that read as a string. */
static int
error_to_string (lua_State *L)
{
  lua_getfield (L, 1, "where");
  lua_getfield (L, 1, "message");
  lua_concat (L, 2);
  return 1;
}

static int
error_concat (lua_State *L)
{
  luaL_tolstring (L, 1, NULL);
  luaL_tolstring (L, 2, NULL);
  lua_concat (L, 2);
  return 1;
}

int
v2v_sandbox_raise (lua_State *L, V2vExit code, int errnum)
{
  lua_createtable (L, 0, 4);
  lua_insert (L, -2);
  lua_setfield (L, -2, "message");
  luaL_where (L, 1);
  lua_setfield (L, -2, "where");
  lua_pushinteger (L, code);
  lua_setfield (L, -2, "code");
  lua_pushinteger (L, errnum);
  lua_setfield (L, -2, "errno");
  if (lua_rawgetp (L, LUA_REGISTRYINDEX, &error_key) != LUA_TTABLE) {
    lua_pop (L, 1);
    lua_createtable (L, 0, 3);
    lua_pushcfunction (L, error_to_string);
    lua_setfield (L, -2, "__tostring");
    lua_pushcfunction (L, error_concat);
    lua_setfield (L, -2, "__concat");
    lua_pushboolean (L, FALSE);
    lua_setfield (L, -2, "__metatable");
    lua_pushvalue (L, -1);
    lua_rawsetp (L, LUA_REGISTRYINDEX, &error_key);
  }
  lua_setmetatable (L, -2);
  return lua_error (L);
}

/* Pushes the text that the error at 1 has as its member NAME. A script may have put anything
 * there. */
static void
push_error_text (lua_State *L, const char *name)
{
  lua_pushstring (L, name);
  if (lua_rawget (L, 1) != LUA_TSTRING) {
    lua_pop (L, 1);
    lua_pushliteral (L, "");
  }
}

/* The status in the error at 1. */
static V2vExit
error_code (lua_State *L)
{
  lua_Integer code = 0;

  lua_pushliteral (L, "code");
  if (lua_rawget (L, 1) == LUA_TNUMBER)
    code = lua_tointeger (L, -1); /* 0 for what is no integer */
  lua_pop (L, 1);
  return v2v_is_failure (code) ? (V2vExit)code : V2V_EXIT_CONFIG;
}

/* Makes a text of the error at the place where it was raised. */
static int
on_error (lua_State *L)
{
  V2vSandbox *sandbox = v2v_sandbox_of (L);
  gboolean ours = FALSE;

  if (lua_getmetatable (L, 1)) {
    lua_rawgetp (L, LUA_REGISTRYINDEX, &error_key);
    ours = lua_rawequal (L, -1, -2);
    lua_pop (L, 2);
  }
  if (ours) {
    sandbox->code = error_code (L);
    push_error_text (L, "where");
    push_error_text (L, "message");
    g_free (sandbox->reason);
    sandbox->reason = g_strdup (lua_tostring (L, -1));
    lua_concat (L, 2);
  } else if (lua_type (L, 1) == LUA_TSTRING) {
    lua_pushvalue (L, 1);
  } else {
    lua_pushfstring (L, "the script raised an error that is %s and no text",
                     luaL_typename (L, 1));
  }
  if (v2v_log_verbosity () >= V2V_VERBOSE) {
    luaL_traceback (L, L, NULL, 1);
    g_free (sandbox->traceback);
    sandbox->traceback = g_strdup (lua_tostring (L, -1));
    lua_pop (L, 1);
  }
  return 1;
}

/* ---- what scripts find ---- */

static int
safe_setmetatable (lua_State *L)
{
  luaL_checktype (L, 1, LUA_TTABLE);
  luaL_argexpected (L, lua_isnil (L, 2) || lua_istable (L, 2), 2, "nil or table");
  if (luaL_getmetafield (L, 1, "__metatable") != LUA_TNIL)
    return luaL_error (L, "cannot change a protected metatable");
  if (lua_istable (L, 2)) {
    static const char *const refused[] = {"__gc", "__close"};

    for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
      lua_pushstring (L, refused[i]);
      if (lua_rawget (L, 2) != LUA_TNIL)
        return luaL_error (L, "a metatable with %s cannot be used here", refused[i]);
      lua_pop (L, 1);
    }
  }
  lua_settop (L, 2);
  lua_setmetatable (L, 1);
  return 1;
}

/* xpcall (function, handler, ...). Lua's own runs the handler where the error was raised, and
 * for an error raised by a hook that means with hooks turned off: a handler that loops could
 * not be ended. This one runs it afterwards. */
static int
safe_xpcall (lua_State *L)
{
  int n = lua_gettop (L);

  luaL_checktype (L, 2, LUA_TFUNCTION);
  lua_pushvalue (L, 1);
  lua_insert (L, 3);
  if (lua_pcall (L, n - 2, LUA_MULTRET, 0) == LUA_OK) {
    lua_pushboolean (L, TRUE);
    lua_replace (L, 2);
    return lua_gettop (L) - 1;
  }
  lua_pushvalue (L, 2);
  lua_insert (L, -2);
  lua_call (L, 1, 1);
  lua_pushboolean (L, FALSE);
  lua_insert (L, -2);
  return 2;
}

static int
refuse_change (lua_State *L)
{
  return luaL_error (L, "%s cannot be changed", lua_tostring (L, lua_upvalueindex (1)));
}

static int
frozen_next (lua_State *L)
{
  luaL_checktype (L, 1, LUA_TTABLE);
  lua_settop (L, 2);
  if (lua_next (L, 1))
    return 2;
  lua_pushnil (L);
  return 1;
}

static int
frozen_pairs (lua_State *L)
{
  lua_pushcfunction (L, frozen_next);
  lua_pushvalue (L, lua_upvalueindex (1));
  lua_pushnil (L);
  return 3;
}

static int
frozen_length (lua_State *L)
{
  lua_pushinteger (L, (lua_Integer)lua_rawlen (L, lua_upvalueindex (1)));
  return 1;
}

void
v2v_sandbox_freeze (lua_State *L, int index, const char *what)
{
  luaL_checkstack (L, 5, NULL);
  index = lua_absindex (L, index);
  lua_createtable (L, 0, 0);
  lua_createtable (L, 0, 5);
  lua_pushvalue (L, index);
  lua_setfield (L, -2, "__index");
  lua_pushstring (L, what);
  lua_pushcclosure (L, refuse_change, 1);
  lua_setfield (L, -2, "__newindex");
  lua_pushvalue (L, index);
  lua_pushcclosure (L, frozen_pairs, 1);
  lua_setfield (L, -2, "__pairs");
  lua_pushvalue (L, index);
  lua_pushcclosure (L, frozen_length, 1);
  lua_setfield (L, -2, "__len");
  lua_pushboolean (L, FALSE);
  lua_setfield (L, -2, "__metatable");
  lua_setmetatable (L, -2);
  lua_replace (L, index);
}

static int
inert_index (lua_State *L)
{
  if (lua_type (L, 2) != LUA_TSTRING)
    return 0;
  lua_settop (L, 1);
  return 1;
}

static int
inert_call (lua_State *L)
{
  (void)L;
  return 0;
}

void
v2v_sandbox_push_inert (lua_State *L)
{
  lua_createtable (L, 0, 0);
  lua_createtable (L, 0, 4);
  lua_pushcfunction (L, inert_index);
  lua_setfield (L, -2, "__index");
  lua_pushcfunction (L, inert_call);
  lua_setfield (L, -2, "__call");
  lua_pushcfunction (L, inert_call);
  lua_setfield (L, -2, "__newindex");
  lua_pushboolean (L, FALSE);
  lua_setfield (L, -2, "__metatable");
  lua_setmetatable (L, -2);
}

/* ---- scripts and modules ---- */

#define MESSAGE_MAX 1024

/* Opens the script at PATH and finds how long it is; MESSAGE gets why it cannot be read.
 * Returns a descriptor, or -1. */
static int
open_script (const char *path, gsize *length_r, char *message)
{
  g_autoptr (GError) error = NULL;
  int fd = v2v_script_open (path, path, &error);
  struct stat status;

  if (fd < 0 || fstat (fd, &status) < 0)
    g_strlcpy (message, error ? error->message : g_strerror (errno), MESSAGE_MAX);
  else if (!S_ISREG (status.st_mode))
    g_snprintf (message, MESSAGE_MAX, "%s is no file", path);
  else if (status.st_size > V2V_SCRIPT_FILE_MAX)
    g_snprintf (message, MESSAGE_MAX, "%s is longer than a script can be (%d bytes)", path,
                V2V_SCRIPT_FILE_MAX);
  else {
    *length_r = (gsize)status.st_size;
    return fd;
  }
  if (fd >= 0)
    close (fd);
  return -1;
}

/* Pushes the text of the file, or a message. The whole text hangs on the state, not on this
 * frame. */
static gboolean
push_file (lua_State *L, const char *path)
{
  char message[MESSAGE_MAX];
  luaL_Buffer text;
  gsize length, got = 0;
  char *space;
  int fd = open_script (path, &length, message);

  if (fd < 0) {
    lua_pushstring (L, message);
    return FALSE;
  }
  /* There may be no memory for it, and then nobody would close the file. */
  close (fd);
  space = luaL_buffinitsize (L, &text, length + 1);
  fd = open_script (path, &length, message);
  while (fd >= 0 && got < length) {
    ssize_t n = read (fd, space + got, length - got);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      break;
    got += (gsize)n;
  }
  if (fd >= 0)
    close (fd);
  luaL_pushresultsize (&text, got);
  if (fd < 0) {
    lua_pop (L, 1);
    lua_pushstring (L, message);
    return FALSE;
  }
  return TRUE;
}

/* Loads and calls the chunk; leaves its one result. */
static void
run_file (lua_State *L, const char *path)
{
  size_t length;
  const char *text;

  if (!push_file (L, path))
    lua_error (L);
  text = lua_tolstring (L, -1, &length);
  /* A first line for the shell is none of Lua's. */
  if (length > 1 && text[0] == '#') {
    const char *end = memchr (text, '\n', length);

    lua_pushliteral (L, "--");
    lua_pushlstring (L, end ? end : "", end ? length - (size_t)(end - text) : 0);
    lua_concat (L, 2);
    lua_replace (L, -2);
    text = lua_tolstring (L, -1, &length);
  }
  lua_pushfstring (L, "@%s", v2v_script_name (path));
  if (luaL_loadbufferx (L, text, length, lua_tostring (L, -1), "t") != LUA_OK)
    lua_error (L);
  lua_replace (L, -3);
  lua_pop (L, 1);
  lua_call (L, 0, 1);
}

void
v2v_sandbox_load (lua_State *L, const char *path)
{
  run_file (L, path);
  if (!lua_istable (L, -1))
    luaL_error (L, "%s has to return a table of functions, and returns %s",
                v2v_script_name (path), luaL_typename (L, -1));
}

/* Words of letters, digits, '_' and '-', joined by dots: nothing that could leave the directory.
 */
static gboolean
is_module_name (const char *name, size_t length)
{
  gboolean word = FALSE;

  if (length == 0 || length > MODULE_NAME_MAX || strlen (name) != length)
    return FALSE;
  for (; *name; name++) {
    if (*name == '.' && !word)
      return FALSE;
    if (*name != '.' && !g_ascii_isalnum (*name) && *name != '_' && *name != '-')
      return FALSE;
    word = *name != '.';
  }
  return word;
}

static int
safe_require (lua_State *L)
{
  V2vSandbox *sandbox = v2v_sandbox_of (L);
  size_t length;
  const char *name = luaL_checklstring (L, 1, &length);
  const char *relative;

  lua_settop (L, 1);
  if (!is_module_name (name, length))
    return luaL_error (
        L, "\"%s\" is no name of a module: words joined by dots, such as lib.text", name);
  lua_rawgetp (L, LUA_REGISTRYINDEX, &modules_key);
  lua_pushvalue (L, 1);
  if (lua_rawget (L, 2) != LUA_TNIL) {
    if (lua_islightuserdata (L, -1))
      return luaL_error (L, "module %s requires itself", name);
    return 1;
  }
  lua_pop (L, 1);
  relative = luaL_gsub (L, name, ".", "/"); /* stays on the stack at 3 */
  for (guint i = 0; sandbox->module_dirs[i]; i++) {
    const char *path = lua_pushfstring (L, "%s/%s.lua", sandbox->module_dirs[i], relative);
    struct stat status;

    if (stat (path, &status) == 0 && S_ISREG (status.st_mode)) {
      lua_pushvalue (L, 1);
      lua_pushlightuserdata (L, L); /* being loaded */
      lua_rawset (L, 2);
      run_file (L, path);
      if (lua_isnil (L, -1)) {
        lua_pop (L, 1);
        lua_pushboolean (L, TRUE);
      }
      lua_pushvalue (L, 1);
      lua_pushvalue (L, -2);
      lua_rawset (L, 2);
      return 1;
    }
    lua_pop (L, 1);
  }
  if (sandbox->missing_modules) {
    v2v_sandbox_push_inert (L);
    return 1;
  }
  return luaL_error (L, "module \"%s\" was not found: no directory lua has a file %s.lua", name,
                     relative);
}

/* ---- the state ---- */

/* Takes NAMES, ended by NULL, out of the library at the top of the stack. */
static void
remove_functions (lua_State *L, const char *const *names)
{
  for (; *names; names++) {
    lua_pushnil (L);
    lua_setfield (L, -2, *names);
  }
}

static void
open_libraries (lua_State *L)
{
  static const luaL_Reg libraries[] = {
      {LUA_GNAME, luaopen_base},        {LUA_TABLIBNAME, luaopen_table},
      {LUA_STRLIBNAME, luaopen_string}, {LUA_MATHLIBNAME, luaopen_math},
      {LUA_UTF8LIBNAME, luaopen_utf8},
  };
  static const char *const no_base[] = {"collectgarbage", "dofile", "load", "loadfile",
                                        "print",          "rawset", "warn", NULL};
  static const char *const no_string[] = {"dump", NULL};
  static const char *const no_math[] = {"randomseed", NULL};

  for (guint i = 0; i < G_N_ELEMENTS (libraries); i++) {
    luaL_requiref (L, libraries[i].name, libraries[i].func, TRUE);
    lua_pop (L, 1);
  }
  lua_pushglobaltable (L);
  remove_functions (L, no_base);
  lua_pushcfunction (L, safe_setmetatable);
  lua_setfield (L, -2, "setmetatable");
  lua_pushcfunction (L, safe_xpcall);
  lua_setfield (L, -2, "xpcall");
  lua_pushcfunction (L, safe_require);
  lua_setfield (L, -2, "require");
  lua_getfield (L, -1, LUA_STRLIBNAME);
  remove_functions (L, no_string);
  lua_pop (L, 1);
  /* The same numbers in every run: a plan and its execution have to agree. */
  lua_getfield (L, -1, LUA_MATHLIBNAME);
  lua_getfield (L, -1, "randomseed");
  lua_pushinteger (L, 0);
  lua_call (L, 1, 0);
  remove_functions (L, no_math);
  lua_pop (L, 2);
  /* The metatable that all strings share. */
  lua_pushliteral (L, "");
  lua_getmetatable (L, -1);
  lua_pushboolean (L, FALSE);
  lua_setfield (L, -2, "__metatable");
  lua_pop (L, 2);
  lua_createtable (L, 0, 0);
  lua_rawsetp (L, LUA_REGISTRYINDEX, &modules_key);
}

static int
protected_body (lua_State *L)
{
  open_libraries (L);
  return v2v_sandbox_of (L)->body (L);
}

/* The script has no mistake: it says that the guest cannot be converted. */
static void
set_refusal (V2vSandbox *sandbox, const char *label, GError **error)
{
  g_autofree char *shown = v2v_printable (sandbox->end_text, -1, TRUE);

  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s (%s)", shown, label);
  v2v_error_say (error, "%s", shown);
}

static void
set_time_up (V2vSandbox *sandbox, const char *label, GError **error)
{
  g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG, "%s (%s)",
               sandbox->end_text ? sandbox->end_text : "time is up", label);
  if (!sandbox->for_authors)
    v2v_error_say (error, "time is up");
}

static void
set_error (V2vSandbox *sandbox, lua_State *L, int status, const char *label, GError **error)
{
  const char *text = lua_type (L, -1) == LUA_TSTRING ? lua_tostring (L, -1) : "unknown error";
  g_autofree char *shown = NULL;

  if (sandbox->ended == V2V_ENDED_TIME) {
    set_time_up (sandbox, label, error);
    return;
  }
  if (sandbox->ended == V2V_ENDED_FAIL) {
    set_refusal (sandbox, label, error);
    return;
  }
  if (status == LUA_ERRMEM && sandbox->refused) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                 "the script used more than " MEMORY_TEXT " of memory (%s)", label);
    if (sandbox->for_authors)
      return;
    v2v_error_say (error, "a script that changes the guest used more than " MEMORY_TEXT
                          " of memory: " V2V_PLEASE_REPORT);
    return;
  }
  shown = v2v_printable (text, -1, TRUE);
  g_set_error (error, V2V_ERROR, sandbox->code, "%s (%s)", shown, label);
  if (sandbox->for_authors)
    return;
  if (sandbox->code == V2V_EXIT_TEMPFAIL) {
    v2v_error_say (error, "time is up");
  } else if (sandbox->reason) {
    /* A call on the guest failed, and the script did not expect that. Which call it was,
     * "guest.X: ", is of no use to others. */
    const char *colon =
        g_str_has_prefix (sandbox->reason, "guest.") ? strstr (sandbox->reason, ": ") : NULL;
    g_autofree char *reason =
        v2v_printable (colon ? colon + strlen (": ") : sandbox->reason, -1, TRUE);

    v2v_error_say (error,
                   "the guest is not as expected: %s; if it is sound, this is a fault in the "
                   "rules: " V2V_PLEASE_REPORT,
                   reason);
  } else {
    v2v_error_say (error, "a fault in a script ended this: " V2V_PLEASE_REPORT);
  }
}

gboolean
v2v_sandbox_run (V2vSandbox *sandbox, int (*body) (lua_State *L), const char *label,
                 GError **error)
{
  lua_State *L;
  gboolean ok;
  int status;

  interrupted = 0;
  sandbox->used = 0;
  sandbox->refused = FALSE;
  sandbox->ended = V2V_ENDED_NOT;
  sandbox->code = V2V_EXIT_CONFIG;
  sandbox->steps = 0;
  sandbox->body = body;
  L = lua_newstate (allocate, sandbox);
  if (L == NULL) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL, "there is no memory for a Lua state (%s)",
                 label);
    return FALSE;
  }
  *(V2vSandbox **)lua_getextraspace (L) = sandbox;
  sandbox->L = L;
  if (sandbox->steps_max)
    lua_sethook (L, on_count, LUA_MASKCOUNT, 1000);
  lua_pushcfunction (L, on_error);
  lua_pushcfunction (L, protected_body);
  running = L;
  status = lua_pcall (L, 0, 0, 1);
  running = NULL;
  /* A script that is to end has not done its work, even if it got to its last instruction. */
  ok = status == LUA_OK && sandbox->ended == V2V_ENDED_NOT;
  if (!ok) {
    set_error (sandbox, L, status, label, error);
    if (sandbox->traceback)
      v2v_debug ("%s: %s", label, sandbox->traceback);
  }
  lua_sethook (L, NULL, 0, 0);
  lua_close (L);
  sandbox->L = NULL;
  g_clear_pointer (&sandbox->end_text, g_free);
  g_clear_pointer (&sandbox->traceback, g_free);
  g_clear_pointer (&sandbox->reason, g_free);
  return ok;
}
