/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Values that are copied out of one Lua state, and later into another.
 *
 * Reading a value raises no Lua error, so the caller may own memory meanwhile. Pushing one may
 * raise an error.
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

/* Copies the value at INDEX to *VALUE. If it cannot be copied (a function, a table that is too
 * deep or too large), returns FALSE, sets *WHY_R to a static text and *VALUE to V2V_LUA_NIL. */
gboolean v2v_lua_value_read (lua_State *L, int index, V2vLuaValue *value, const char **why_r);
/* Pushes a copy of VALUE. May raise a Lua error. */
void v2v_lua_value_push (lua_State *L, const V2vLuaValue *value);
/* Frees the content of VALUE and sets it to V2V_LUA_NIL. */
void v2v_lua_value_clear (V2vLuaValue *value);

/* The element of TABLE with the string KEY or, if KEY is NULL, the integer NUMBER; NULL if it
 * does not exist. */
const V2vLuaValue *v2v_lua_value_get (const V2vLuaValue *table, const char *key, gint64 number);
/* The length of TABLE if it is a list with the keys 1, 2 ... only; otherwise -1. */
gint64 v2v_lua_value_list_length (const V2vLuaValue *table);

/* Converts strings that are decimal integers, including elements of tables, to integers. */
void v2v_lua_value_to_integers (V2vLuaValue *value);

/* The kind of VALUE for messages: "a string", "a table" ... */
const char *v2v_lua_value_kind_name (const V2vLuaValue *value);
