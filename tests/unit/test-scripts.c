/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs the tests of scripts in tests/lua/: each file returns a list of { name, function },
 * which calls scripts of lua/ with a guest that is a table of files (tests/lua/fake.lua).
 */
#include "config.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <string.h>

#include <glib.h>

typedef struct {
  char *file;
  int number; /* in the file's list, from 1 */
} ScriptTest;

static void
script_test_free (gpointer data)
{
  ScriptTest *test = data;

  g_free (test->file);
  g_free (test);
}

static const char *
source_dir (void)
{
  const char *dir = g_getenv ("V2V_TEST_SRCDIR");

  return dir ? dir : ".";
}

/* A state with the file's list on its stack. */
static lua_State *
load (const char *file)
{
  lua_State *lua = luaL_newstate ();
  g_autofree char *path =
      g_strdup_printf ("%s/lua/?.lua;%s/tests/lua/?.lua", source_dir (), source_dir ());

  luaL_openlibs (lua);
  lua_getglobal (lua, "package");
  lua_pushstring (lua, path);
  lua_setfield (lua, -2, "path");
  lua_pop (lua, 1);
  if (luaL_loadfile (lua, file) != LUA_OK || lua_pcall (lua, 0, 1, 0) != LUA_OK)
    g_error ("%s", lua_tostring (lua, -1));
  g_assert_true (lua_istable (lua, -1));
  return lua;
}

static void
run (gconstpointer data)
{
  const ScriptTest *test = data;
  lua_State *lua = load (test->file);

  lua_rawgeti (lua, -1, test->number);
  lua_rawgeti (lua, -1, 2);
  if (lua_pcall (lua, 0, 0, 0) != LUA_OK) {
    g_test_message ("%s", lua_tostring (lua, -1));
    g_test_fail ();
  }
  lua_close (lua);
}

static void
add_file (const char *file)
{
  lua_State *lua = load (file);
  g_autofree char *base = g_path_get_basename (file);

  *strchr (base, '.') = '\0';
  for (int number = 1; lua_rawgeti (lua, -1, number) == LUA_TTABLE; number++) {
    ScriptTest *test = g_new (ScriptTest, 1);
    g_autofree char *name = NULL;

    lua_rawgeti (lua, -1, 1);
    name = g_strdup_printf ("/scripts/%s/%s", base, lua_tostring (lua, -1));
    test->file = g_strdup (file);
    test->number = number;
    g_test_add_data_func_full (name, test, run, script_test_free);
    lua_pop (lua, 2);
  }
  lua_close (lua);
}

int
main (int argc, char **argv)
{
  g_autofree char *directory = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_test_init (&argc, &argv, NULL);
  directory = g_build_filename (source_dir (), "tests", "lua", NULL);
  dir = g_dir_open (directory, 0, NULL);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir))) {
    if (g_str_has_suffix (name, ".test.lua")) {
      g_autofree char *file = g_build_filename (directory, name, NULL);

      add_file (file);
    }
  }
  return g_test_run ();
}
