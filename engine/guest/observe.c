/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Gives scripts access to facts and requests, and turns the records that probes return into
 * facts.
 *
 * A kind of facts becomes a read-only table when a script first uses it. In Lua, names are
 * written with '_' instead of '-'; both are accepted.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include <lauxlib.h>

#include "base/log.h"
#include "guest/observe.h"
#include "guest/sandbox.h"

/* The largest number of bytes of one field, and of records, that a probe may return. */
#define TEXT_MAX 65536
#define RECORDS_MAX 200000

/* Whether A and B are the same name, where '-' and '_' count as equal. */
static gboolean
same_name (const char *a, const char *b)
{
  for (; *a && *b; a++, b++) {
    if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
      return FALSE;
  }
  return *a == *b;
}

static const V2vField *
find_field (const V2vFactDecl *decl, const char *name)
{
  for (guint i = 0; i < decl->fields->len; i++) {
    const V2vField *field = decl->fields->pdata[i];

    if (same_name (field->name, name))
      return field;
  }
  return NULL;
}

/* ---- from C to Lua ---- */

void
v2v_push_value (lua_State *L, V2vValue value)
{
  switch (value.kind) {
  case V2V_UNSET:
    lua_pushnil (L);
    break;
  case V2V_TEXT:
    lua_pushstring (L, value.text);
    break;
  case V2V_NUMBER:
    lua_pushinteger (L, value.number);
    break;
  case V2V_TRUTH:
    lua_pushboolean (L, value.number != 0);
    break;
  }
}

/* Pushes NAME with each '-' replaced by '_'. */
static void
push_lua_name (lua_State *L, const char *name)
{
  luaL_gsub (L, name, "-", "_");
}

void
v2v_push_request (lua_State *L, const V2vRequest *request)
{
  lua_createtable (L, 0, (int)request->operation->params->len);
  for (guint i = 0; i < request->operation->params->len; i++) {
    const V2vParam *param = request->operation->params->pdata[i];

    push_lua_name (L, param->name);
    v2v_push_value (L, request->args[i]);
    lua_rawset (L, -3);
  }
}

/* Called for a key that a fact's table does not contain: an unset field, a name with '-', or a
 * misspelling. */
static int
missing_field (lua_State *L)
{
  const V2vFactDecl *decl = lua_touserdata (L, lua_upvalueindex (1));
  const char *name = lua_type (L, 2) == LUA_TSTRING ? lua_tostring (L, 2) : NULL;
  const V2vField *field = name ? find_field (decl, name) : NULL;

  if (field == NULL)
    return luaL_error (L, "facts of the kind %s have no field \"%s\"", decl->name,
                       name ? name : luaL_typename (L, 2));
  push_lua_name (L, field->name);
  lua_rawget (L, 1);
  return 1;
}

/* Replaces the fact's table at the top of the stack by a read-only one, which looks missing
 * keys up in the metatable at METATABLE. */
static void
seal_fact (lua_State *L, int metatable, const char *what)
{
  lua_pushvalue (L, metatable);
  lua_setmetatable (L, -2);
  v2v_sandbox_freeze (L, -1, what);
}

static void
push_fact (lua_State *L, const V2vFact *fact, int metatable)
{
  lua_createtable (L, 0, (int)fact->decl->fields->len);
  for (guint i = 0; i < fact->decl->fields->len; i++) {
    const V2vField *field = fact->decl->fields->pdata[i];

    if (!v2v_value_is_set (fact->values[i]))
      continue;
    push_lua_name (L, field->name);
    v2v_push_value (L, fact->values[i]);
    lua_rawset (L, -3);
  }
  seal_fact (L, metatable, "a fact");
}

/* Pushes the value of facts.KIND: its only fact, or the list of its facts. */
static void
push_kind (lua_State *L, V2vStore *store, const V2vFactDecl *decl)
{
  int metatable;

  luaL_checkstack (L, 10, NULL);
  lua_createtable (L, 0, 1);
  metatable = lua_gettop (L);
  lua_pushlightuserdata (L, (void *)decl);
  lua_pushcclosure (L, missing_field, 1);
  lua_setfield (L, -2, "__index");
  if (!decl->multiple) {
    push_fact (L, v2v_store_single (store, decl), metatable);
  } else {
    const GPtrArray *facts = v2v_store_facts (store, decl);

    lua_createtable (L, (int)facts->len, 0);
    for (guint i = 0; i < facts->len; i++) {
      push_fact (L, facts->pdata[i], metatable);
      lua_rawseti (L, -2, (int)i + 1);
    }
    v2v_sandbox_freeze (L, -1, "a list of facts");
  }
  lua_remove (L, metatable);
}

static gboolean
may_read (const V2vFactsView *view, const V2vFactDecl *decl)
{
  return view->probe == NULL || g_ptr_array_find (view->probe->reads, decl, NULL);
}

/* Implements facts.KIND. Upvalues: the view, and a table that caches kinds. */
static int
facts_index (lua_State *L)
{
  const V2vFactsView *view = lua_touserdata (L, lua_upvalueindex (1));
  const V2vSchema *schema = v2v_store_schema (view->store);
  const V2vFactDecl *decl = NULL;
  const char *name;

  if (lua_type (L, 2) != LUA_TSTRING)
    return luaL_error (L, "facts is asked for a kind by its name, such as facts.os");
  name = lua_tostring (L, 2);
  lua_pushvalue (L, 2);
  if (lua_rawget (L, lua_upvalueindex (2)) != LUA_TNIL)
    return 1;
  lua_pop (L, 1);
  for (guint i = 0; decl == NULL && i < schema->facts->len; i++) {
    const V2vFactDecl *candidate = schema->facts->pdata[i];

    if (same_name (candidate->name, name))
      decl = candidate;
  }
  if (decl == NULL)
    return luaL_error (L, "there is no kind of facts called \"%s\"", name);
  if (!may_read (view, decl))
    return luaL_error (
        L,
        "this probe does not read %s: add \"reads %s\" to its declaration, so that "
        "it runs once they are known",
        decl->name, decl->name);
  if (!v2v_store_is_known (view->store, decl))
    return luaL_error (L,
                       "facts of the kind %s are not known: none of its probes ran for this "
                       "guest",
                       decl->name);
  push_kind (L, view->store, decl);
  lua_pushvalue (L, 2);
  lua_pushvalue (L, -2);
  lua_rawset (L, lua_upvalueindex (2));
  return 1;
}

/* Implements requests.OPERATION: the list of its requests, which may be empty. Upvalues are
 * those of facts_index. */
static int
requests_index (lua_State *L)
{
  const V2vFactsView *view = lua_touserdata (L, lua_upvalueindex (1));
  gboolean known = FALSE;
  const char *name;
  int n = 0;

  if (lua_type (L, 2) != LUA_TSTRING)
    return luaL_error (L, "requests is asked for an operation by its name");
  name = lua_tostring (L, 2);
  lua_pushvalue (L, 2);
  if (lua_rawget (L, lua_upvalueindex (2)) != LUA_TNIL)
    return 1;
  lua_pop (L, 1);
  lua_createtable (L, 0, 0);
  for (guint i = 0; i < view->plan->requests->len; i++) {
    const V2vRequest *request = view->plan->requests->pdata[i];

    if (!same_name (request->operation->name, name))
      continue;
    v2v_push_request (L, request);
    v2v_sandbox_freeze (L, -1, "a request");
    lua_rawseti (L, -2, ++n);
  }
  for (guint i = 0; n == 0 && !known && view->rules && i < view->rules->operations->len; i++) {
    const V2vOperation *operation = view->rules->operations->pdata[i];

    known = same_name (operation->name, name);
  }
  if (n == 0 && view->rules && !known)
    return luaL_error (L, "there is no operation called \"%s\"", name);
  v2v_sandbox_freeze (L, -1, "a list of requests");
  lua_pushvalue (L, 2);
  lua_pushvalue (L, -2);
  lua_rawset (L, lua_upvalueindex (2));
  return 1;
}

static int
refuse_newindex (lua_State *L)
{
  return luaL_error (L, "%s cannot be changed", lua_tostring (L, lua_upvalueindex (1)));
}

static void
open_lazy (lua_State *L, const char *name, lua_CFunction index, V2vFactsView *view)
{
  lua_createtable (L, 0, 0);
  lua_createtable (L, 0, 3);
  lua_pushlightuserdata (L, view);
  lua_createtable (L, 0, 0);
  lua_pushcclosure (L, index, 2);
  lua_setfield (L, -2, "__index");
  lua_pushstring (L, name);
  lua_pushcclosure (L, refuse_newindex, 1);
  lua_setfield (L, -2, "__newindex");
  lua_pushboolean (L, FALSE);
  lua_setfield (L, -2, "__metatable");
  lua_setmetatable (L, -2);
  lua_setglobal (L, name);
}

void
v2v_facts_open (lua_State *L, V2vFactsView *view)
{
  open_lazy (L, "facts", facts_index, view);
  if (view->plan)
    open_lazy (L, "requests", requests_index, view);
}

/* ---- from records of probes to facts ---- */

/* A place in the result of a probe, for error messages. */
typedef struct {
  const V2vProbe *probe;
  const char *label;
  const V2vFactDecl *decl;
  gint64 record; /* number of the record, from 1; 0 if the kind has only one */
  GError **error;
} Where;

static gboolean wrong (const Where *where, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
wrong (const Where *where, const char *format, ...)
{
  g_autofree char *what = NULL;
  g_autofree char *record = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  if (where->decl && where->record)
    record =
        g_strdup_printf ("%s, record %" G_GINT64_FORMAT ": ", where->decl->name, where->record);
  else if (where->decl)
    record = g_strdup_printf ("%s: ", where->decl->name);
  g_set_error (where->error, V2V_ERROR, V2V_EXIT_CONFIG,
               "%s: %s returned facts that do not fit: %s%s (%s)",
               v2v_script_name (where->probe->call->path), where->probe->call->function,
               record ? record : "", what, where->label);
  return FALSE;
}

/* VALUE as text for messages. */
static char *
show (const V2vLuaValue *value)
{
  g_autofree char *text = NULL;

  switch (value->kind) {
  case V2V_LUA_STRING:
    text = v2v_printable (value->string, (gssize)MIN (value->length, 60), FALSE);
    return g_strdup_printf ("\"%s\"%s", text, value->length > 60 ? "..." : "");
  case V2V_LUA_INTEGER:
    return g_strdup_printf ("%" G_GINT64_FORMAT, value->integer);
  case V2V_LUA_FLOAT:
    return g_strdup_printf ("%g", value->number);
  case V2V_LUA_TRUTH:
    return g_strdup (value->integer ? "true" : "false");
  default:
    return g_strdup (v2v_lua_value_kind_name (value));
  }
}

static gboolean
convert (const Where *where, const V2vField *field, const V2vLuaValue *given, V2vValue *value_r)
{
  g_autofree char *shown = show (given);
  g_autofree char *text = NULL;

  switch (field->type.kind) {
  case V2V_TYPE_BOOL:
    if (given->kind != V2V_LUA_TRUTH)
      return wrong (where, "%s has to be true or false, and is %s", field->name, shown);
    *value_r = v2v_value_truth (given->integer != 0);
    return TRUE;
  case V2V_TYPE_INT:
  case V2V_TYPE_SIZE:
    if (given->kind == V2V_LUA_INTEGER)
      *value_r = v2v_value_number (given->integer);
    else if (given->kind == V2V_LUA_FLOAT && fabs (given->number) < 9e15 &&
             given->number == trunc (given->number))
      *value_r = v2v_value_number ((gint64)given->number);
    else
      return wrong (where, "%s has to be an integer, and is %s", field->name, shown);
    return TRUE;
  default:
    if (given->kind != V2V_LUA_STRING)
      return wrong (where, "%s (%s) has to be a string, and is %s", field->name,
                    v2v_type_name (field->type.kind), shown);
    if (given->length > TEXT_MAX)
      return wrong (where, "%s is longer than %d bytes", field->name, TEXT_MAX);
    /* Text from a guest may contain terminal control sequences and characters that documents
     * cannot contain. */
    text = v2v_printable (given->string, (gssize)given->length, FALSE);
    if (!v2v_field_parse (field, text, value_r))
      return wrong (where, "%s has to be %s, and is %s", field->name,
                    v2v_type_name (field->type.kind), shown);
    return TRUE;
  }
}

/* Reads one record into VALUES, which has one value for each field. */
static gboolean
read_record (const Where *where, const V2vLuaValue *record, V2vValue *values)
{
  const V2vFactDecl *decl = where->decl;

  memset (values, 0, sizeof *values * decl->fields->len);
  if (record->kind != V2V_LUA_TABLE)
    return wrong (where, "a record has to be a table of fields, and is %s",
                  v2v_lua_value_kind_name (record));
  for (guint i = 0; i < record->pairs->len; i++) {
    const V2vLuaPair *pair = &g_array_index (record->pairs, V2vLuaPair, i);
    g_autofree char *shown = show (&pair->key);
    const V2vField *field =
        pair->key.kind == V2V_LUA_STRING ? find_field (decl, pair->key.string) : NULL;

    if (field == NULL)
      return wrong (where, "there is no field %s", shown);
    if (field->derived)
      return wrong (where, "the field %s is derived: rules set it, not probes", field->name);
    if (!convert (where, field, &pair->value, &values[field->index]))
      return FALSE;
  }
  for (guint i = 0; i < decl->fields->len; i++) {
    const V2vField *field = decl->fields->pdata[i];

    if (field->key && !v2v_value_is_set (values[i]))
      return wrong (where, "the field %s is missing, by which such facts are told apart",
                    field->name);
  }
  return TRUE;
}

static gboolean
store_record (const Where *where, const V2vLuaValue *record, V2vStore *store, const char *by)
{
  const V2vFactDecl *decl = where->decl;
  g_autofree V2vValue *values = g_new0 (V2vValue, decl->fields->len);
  GError *why = NULL;

  if (!read_record (where, record, values))
    return FALSE;
  if (decl->multiple) {
    v2v_store_add (store, decl, values, by, NULL, &why);
  } else {
    V2vFact *fact = v2v_store_single (store, decl);

    for (guint i = 0; why == NULL && i < decl->fields->len; i++) {
      if (v2v_value_is_set (values[i]))
        v2v_store_set (store, fact, decl->fields->pdata[i], values[i], by, NULL, &why);
    }
  }
  if (why == NULL)
    return TRUE;
  g_propagate_prefixed_error (where->error, why, "%s: ", where->label);
  return FALSE;
}

/* Adds the records of one kind as facts. */
static gboolean
store_kind (Where *where, const V2vLuaValue *records, V2vStore *store, const char *by)
{
  gint64 n;

  if (records->kind != V2V_LUA_TABLE)
    return wrong (where, "there has to be %s, and there is %s",
                  where->decl->multiple ? "a list of records" : "a record",
                  v2v_lua_value_kind_name (records));
  n = v2v_lua_value_list_length (records);
  if (!where->decl->multiple) {
    where->record = 0;
    if (n > 1)
      return wrong (
          where, "there is only one such fact, and the script returned %" G_GINT64_FORMAT, n);
    return store_record (where, n == 1 ? v2v_lua_value_get (records, NULL, 1) : records, store,
                         by);
  }
  if (n < 0)
    return wrong (where, "there has to be a list of records (1, 2, 3 ... without gaps)");
  if (n > RECORDS_MAX)
    return wrong (where, "there are more than %d records", RECORDS_MAX);
  {
    g_autofree const V2vLuaValue **list = g_new0 (const V2vLuaValue *, n + 1);

    for (guint i = 0; i < records->pairs->len; i++) {
      const V2vLuaPair *pair = &g_array_index (records->pairs, V2vLuaPair, i);

      list[pair->key.integer - 1] = &pair->value;
    }
    for (gint64 i = 0; i < n; i++) {
      where->record = i + 1;
      if (!store_record (where, list[i], store, by))
        return FALSE;
    }
  }
  return TRUE;
}

gboolean
v2v_records_to_facts (const V2vLuaValue *returned, const V2vProbe *probe, const char *label,
                      V2vStore *store, GError **error)
{
  Where where = {probe, label, NULL, 0, error};
  g_autofree char *by_text = g_strdup_printf ("probe %s", probe->name);
  const char *by = g_intern_string (by_text);

  if (returned->kind != V2V_LUA_TABLE)
    return wrong (&where, "it returned %s in place of a table",
                  v2v_lua_value_kind_name (returned));
  if (probe->provides->len == 1) {
    where.decl = probe->provides->pdata[0];
    if (!store_kind (&where, returned, store, by))
      return FALSE;
    v2v_store_set_known (store, where.decl);
    return TRUE;
  }
  for (guint i = 0; i < returned->pairs->len; i++) {
    const V2vLuaPair *pair = &g_array_index (returned->pairs, V2vLuaPair, i);
    g_autofree char *shown = show (&pair->key);

    where.decl = NULL;
    for (guint k = 0; k < probe->provides->len; k++) {
      const V2vFactDecl *decl = probe->provides->pdata[k];

      if (pair->key.kind == V2V_LUA_STRING && same_name (decl->name, pair->key.string))
        where.decl = decl;
    }
    if (where.decl == NULL)
      return wrong (&where, "it provides no kind of facts called %s", shown);
    if (!store_kind (&where, &pair->value, store, by))
      return FALSE;
  }
  for (guint i = 0; i < probe->provides->len; i++)
    v2v_store_set_known (store, probe->provides->pdata[i]);
  return TRUE;
}
