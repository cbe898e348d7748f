/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Values on their way between Lua states: copied out of one, later into another.
 *
 * Reading raises no Lua error, so a caller may hold memory meanwhile; pushing may.
 */
#pragma once

#include <glib.h>
#include <lua.h>

typedef enum {
  V2V_LUA_NIL,
  V2V_LUA_TRUTH,
  V2V_LUA_INTEGER,
  V2V_LUA_FLOAT,
  V2V_LUA_STRING,
  V2V_LUA_TABLE
} V2vLuaKind;

typedef struct {
  V2vLuaKind kind;
  gsize length; /* STRING: bytes, without the NUL that follows them */
  union {
    gint64 integer; /* TRUTH: 0 or 1 */
    double number;
    char *string;
    GArray *pairs; /* TABLE: V2vLuaPair */
  };
} V2vLuaValue;

typedef struct {
  V2vLuaValue key, value;
} V2vLuaPair;

/* Limits on one value. */
#define V2V_LUA_DEPTH_MAX 8
#define V2V_LUA_NODES_MAX 1000000
#define V2V_LUA_BYTES_MAX (64 * 1024 * 1024)

/* Copies what stands at INDEX. FALSE with a static text in *WHY_R if it is no such value (a
 * function, a table too deep, too much); *VALUE is then V2V_LUA_NIL. */
gboolean v2v_lua_value_read (lua_State *L, int index, V2vLuaValue *value, const char **why_r);
/* Pushes a copy. May raise a Lua error. */
void v2v_lua_value_push (lua_State *L, const V2vLuaValue *value);
/* Frees what VALUE holds and makes it V2V_LUA_NIL. */
void v2v_lua_value_clear (V2vLuaValue *value);

/* The value under the string KEY or, if KEY is NULL, under NUMBER; NULL if there is none. */
const V2vLuaValue *v2v_lua_value_get (const V2vLuaValue *table, const char *key, gint64 number);
/* The number of elements 1, 2 ... of a table that has nothing else; -1 if it has. */
gint64 v2v_lua_value_list_length (const V2vLuaValue *table);

/* Strings that hold decimal integers, alone or as elements of tables, become integers. */
void v2v_lua_value_to_integers (V2vLuaValue *value);

/* "a string", "a table": for messages. */
const char *v2v_lua_value_kind_name (const V2vLuaValue *value);
