/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Values that are copied out of one Lua state, and later into another.
 */
#include "config.h"

#include <string.h>

#include <lauxlib.h>

#include "guest/values.h"

/* What remains of the limits while one value is read. */
typedef struct {
  guint nodes;
  gsize bytes;
  const char *why;
} Budget;

static gboolean
read_value (lua_State *L, int index, V2vLuaValue *value, guint depth, Budget *budget)
{
  *value = (V2vLuaValue){V2V_LUA_NIL};
  if (budget->nodes-- == 0) {
    budget->nodes = 0;
    budget->why = "it has too many elements";
    return FALSE;
  }
  switch (lua_type (L, index)) {
  case LUA_TNIL:
  case LUA_TNONE:
    return TRUE;
  case LUA_TBOOLEAN:
    value->kind = V2V_LUA_TRUTH;
    value->integer = lua_toboolean (L, index);
    return TRUE;
  case LUA_TNUMBER:
    if (lua_isinteger (L, index)) {
      value->kind = V2V_LUA_INTEGER;
      value->integer = lua_tointeger (L, index);
    } else {
      value->kind = V2V_LUA_FLOAT;
      value->number = lua_tonumber (L, index);
    }
    return TRUE;
  case LUA_TSTRING: {
    gsize length;
    const char *text = lua_tolstring (L, index, &length);

    if (length > budget->bytes) {
      budget->why = "it is too long";
      return FALSE;
    }
    budget->bytes -= length;
    value->kind = V2V_LUA_STRING;
    value->length = length;
    value->string = g_malloc (length + 1);
    memcpy (value->string, text, length + 1);
    return TRUE;
  }
  case LUA_TTABLE:
    if (depth == 0 || !lua_checkstack (L, 3)) {
      budget->why = "its tables are nested too deeply";
      return FALSE;
    }
    index = lua_absindex (L, index);
    value->kind = V2V_LUA_TABLE;
    value->pairs = g_array_new (FALSE, TRUE, sizeof (V2vLuaPair));
    for (lua_pushnil (L); lua_next (L, index); lua_pop (L, 1)) {
      V2vLuaPair pair = {0};
      gboolean ok = read_value (L, -2, &pair.key, 0, budget) &&
                    read_value (L, -1, &pair.value, depth - 1, budget);

      g_array_append_val (value->pairs, pair);
      if (!ok) {
        lua_pop (L, 2);
        return FALSE;
      }
    }
    return TRUE;
  default:
    budget->why = "it holds something that is no string, number, truth or table";
    return FALSE;
  }
}

gboolean
v2v_lua_value_read (lua_State *L, int index, V2vLuaValue *value, const char **why_r)
{
  Budget budget = {V2V_LUA_NODES_MAX, V2V_LUA_BYTES_MAX, NULL};

  if (read_value (L, index, value, V2V_LUA_DEPTH_MAX, &budget))
    return TRUE;
  v2v_lua_value_clear (value);
  *why_r = budget.why;
  return FALSE;
}

void
v2v_lua_value_push (lua_State *L, const V2vLuaValue *value)
{
  luaL_checkstack (L, 4, NULL);
  switch (value->kind) {
  case V2V_LUA_NIL:
    lua_pushnil (L);
    break;
  case V2V_LUA_TRUTH:
    lua_pushboolean (L, value->integer != 0);
    break;
  case V2V_LUA_INTEGER:
    lua_pushinteger (L, value->integer);
    break;
  case V2V_LUA_FLOAT:
    lua_pushnumber (L, value->number);
    break;
  case V2V_LUA_STRING:
    lua_pushlstring (L, value->string, value->length);
    break;
  case V2V_LUA_TABLE:
    lua_createtable (L, 0, 0);
    for (guint i = 0; i < value->pairs->len; i++) {
      const V2vLuaPair *pair = &g_array_index (value->pairs, V2vLuaPair, i);

      v2v_lua_value_push (L, &pair->key);
      v2v_lua_value_push (L, &pair->value);
      lua_rawset (L, -3);
    }
    break;
  }
}

void
v2v_lua_value_clear (V2vLuaValue *value)
{
  if (value->kind == V2V_LUA_STRING) {
    g_free (value->string);
  } else if (value->kind == V2V_LUA_TABLE) {
    for (guint i = 0; i < value->pairs->len; i++) {
      V2vLuaPair *pair = &g_array_index (value->pairs, V2vLuaPair, i);

      v2v_lua_value_clear (&pair->key);
      v2v_lua_value_clear (&pair->value);
    }
    g_array_unref (value->pairs);
  }
  *value = (V2vLuaValue){V2V_LUA_NIL};
}

const V2vLuaValue *
v2v_lua_value_get (const V2vLuaValue *table, const char *key, gint64 number)
{
  for (guint i = 0; table->kind == V2V_LUA_TABLE && i < table->pairs->len; i++) {
    const V2vLuaPair *pair = &g_array_index (table->pairs, V2vLuaPair, i);

    if (key ? pair->key.kind == V2V_LUA_STRING && strcmp (pair->key.string, key) == 0
            : pair->key.kind == V2V_LUA_INTEGER && pair->key.integer == number)
      return &pair->value;
  }
  return NULL;
}

gint64
v2v_lua_value_list_length (const V2vLuaValue *table)
{
  guint n = table->pairs->len;

  /* The keys of a table are distinct, so n integer keys between 1 and n are all the integers
   * from 1 to n. */
  for (guint i = 0; i < n; i++) {
    const V2vLuaValue *key = &g_array_index (table->pairs, V2vLuaPair, i).key;

    if (key->kind != V2V_LUA_INTEGER || key->integer < 1 || key->integer > n)
      return -1;
  }
  return n;
}

void
v2v_lua_value_to_integers (V2vLuaValue *value)
{
  if (value->kind == V2V_LUA_STRING) {
    gint64 integer;

    if (g_ascii_string_to_signed (value->string, 10, G_MININT64, G_MAXINT64, &integer, NULL)) {
      v2v_lua_value_clear (value);
      value->kind = V2V_LUA_INTEGER;
      value->integer = integer;
    }
  } else if (value->kind == V2V_LUA_TABLE) {
    for (guint i = 0; i < value->pairs->len; i++)
      v2v_lua_value_to_integers (&g_array_index (value->pairs, V2vLuaPair, i).value);
  }
}

const char *
v2v_lua_value_kind_name (const V2vLuaValue *value)
{
  static const char *const names[] = {"nothing",  "a truth value", "an integer",
                                      "a number", "a string",      "a table"};

  return names[value->kind];
}
