/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The Lua state of the libguestfs binding.
 */
#include "config.h"

#include <string.h>

#include <lauxlib.h>
#include <lualib.h>

#ifdef V2V_SANITIZED
#include <sanitizer/lsan_interface.h>
#endif

#include "guest/binding.h"

/* The __name of the metatable of the binding's handles. */
#define HANDLE_TYPE "guestfs handle"

/* The key of the handle in the Lua registry. */
static const char handle_key;

/* Removes the search templates (separated by ';') that depend on the current directory, where
 * any user may have put a file of the right name. */
static void
keep_absolute (lua_State *L, const char *field)
{
  luaL_Buffer kept;
  const char *next;

  lua_getfield (L, -1, field);
  next = luaL_checkstring (L, -1);
  luaL_buffinit (L, &kept);
  while (*next) {
    size_t length = strcspn (next, ";");

    if (*next == '/') {
      luaL_addlstring (&kept, next, length);
      luaL_addchar (&kept, ';');
    }
    next += length + (next[length] == ';');
  }
  luaL_pushresult (&kept);
  lua_setfield (L, -3, field);
  lua_pop (L, 1);
}

/* Loads the module, creates the handle, stores it in the registry and returns it as light
 * userdata. */
static int
set_up (lua_State *L)
{
  void **handle;

  luaL_openlibs (L);
  lua_getglobal (L, "package");
  keep_absolute (L, "path");
  keep_absolute (L, "cpath");
  lua_getglobal (L, "require");
  lua_pushliteral (L, "guestfs");
  lua_call (L, 1, 1);
  lua_getfield (L, -1, "create");
  lua_createtable (L, 0, 0);
  lua_call (L, 1, 1);
  /* The binding's userdata begins with the guestfs_h pointer. */
  handle = luaL_checkudata (L, -1, HANDLE_TYPE);
  if (lua_rawlen (L, -1) < sizeof (void *) || *handle == NULL)
    return luaL_error (L, "the binding's handle is not what was expected");
  lua_pushvalue (L, -1);
  lua_rawsetp (L, LUA_REGISTRYINDEX, &handle_key);
  lua_pushlightuserdata (L, *handle);
  return 1;
}

lua_State *
v2v_binding_new (guestfs_h **handle_r, GError **error)
{
  lua_State *L = luaL_newstate ();
  int status;

  if (L == NULL) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE, "there is no memory for a Lua state");
    return NULL;
  }
  lua_pushcfunction (L, set_up);
#ifdef V2V_SANITIZED
  /* the module leaks a byte when it is loaded, which leak checkers must ignore */
  __lsan_disable ();
#endif
  status = lua_pcall (L, 0, 1, 0);
#ifdef V2V_SANITIZED
  __lsan_enable ();
#endif
  if (status != LUA_OK) {
    const char *why = lua_tostring (L, -1);

    g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
                 "the Lua binding of libguestfs cannot be used: %s\n"
                 "install lua-guestfs for Lua 5.4, version 1.44 or later",
                 why ? why : "unknown error");
    lua_close (L);
    return NULL;
  }
  *handle_r = lua_touserdata (L, -1);
  lua_settop (L, 0);
  return L;
}

/* A call of the binding: its arguments and its result. */
typedef struct {
  const char *method;
  const V2vLuaValue *args;
  guint n_args;
  V2vLuaValue *result;
  const char *why;
} Call;

static int
do_call (lua_State *L)
{
  Call *call = lua_touserdata (L, 1);

  luaL_checkstack (L, (int)call->n_args + 4, NULL);
  lua_rawgetp (L, LUA_REGISTRYINDEX, &handle_key);
  lua_getfield (L, -1, call->method);
  lua_insert (L, -2);
  for (guint i = 0; i < call->n_args; i++)
    v2v_lua_value_push (L, &call->args[i]);
  lua_call (L, (int)call->n_args + 1, 1);
  if (!v2v_lua_value_read (L, -1, call->result, &call->why))
    return luaL_error (L, "the result cannot be handed to a script: %s", call->why);
  return 0;
}

gboolean
v2v_binding_call (lua_State *L, const char *method, const V2vLuaValue *args, guint n_args,
                  V2vLuaValue *result, int *errnum_r, char **message_r)
{
  Call call = {method, args, n_args, result, NULL};
  const char *message = NULL;

  *errnum_r = 0;
  lua_pushcfunction (L, do_call);
  lua_pushlightuserdata (L, &call);
  if (lua_pcall (L, 1, 0, 0) == LUA_OK)
    return TRUE;
  /* Errors of libguestfs are tables, those of the binding itself are strings. */
  if (lua_istable (L, -1) && lua_checkstack (L, 2)) {
    lua_pushnil (L);
    while (lua_next (L, -2)) {
      const char *key = lua_type (L, -2) == LUA_TSTRING ? lua_tostring (L, -2) : "";

      if (strcmp (key, "code") == 0 && lua_isinteger (L, -1))
        *errnum_r = (int)lua_tointeger (L, -1);
      else if (strcmp (key, "msg") == 0 && lua_type (L, -1) == LUA_TSTRING)
        message = lua_tostring (L, -1);
      lua_pop (L, 1);
    }
  } else if (lua_type (L, -1) == LUA_TSTRING) {
    message = lua_tostring (L, -1);
  }
  *message_r = g_strdup (message ? message : "unknown error");
  lua_settop (L, 0);
  return FALSE;
}

static int
list_methods (lua_State *L)
{
  GPtrArray *names = lua_touserdata (L, 1);

  lua_rawgetp (L, LUA_REGISTRYINDEX, &handle_key);
  luaL_getmetafield (L, -1, "__index");
  for (lua_pushnil (L); lua_next (L, -2); lua_pop (L, 1)) {
    if (lua_type (L, -2) == LUA_TSTRING)
      g_ptr_array_add (names, g_strdup (lua_tostring (L, -2)));
  }
  return 0;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
v2v_binding_methods (lua_State *L)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  lua_pushcfunction (L, list_methods);
  lua_pushlightuserdata (L, names);
  if (lua_pcall (L, 1, 0, 0) != LUA_OK)
    lua_settop (L, 0);
  g_ptr_array_sort (names, compare_names);
  return names;
}
