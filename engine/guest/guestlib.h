/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The global "guest" of scripts: the allowed calls of libguestfs, recorded, and a few of the
 * engine's own.
 */
#pragma once

#include "guest/augeas.h"
#include "guest/lua.h"
#include "guest/sandbox.h"
#include "guest/values.h"

typedef enum {
  V2V_CALL_READ,
  V2V_CALL_WRITE,
  V2V_CALL_EXEC,
  V2V_CALL_QUERY, /* runs a program that changes nothing: guest.query */
  V2V_CALL_AUG_READ,
  V2V_CALL_AUG_WRITE,
} V2vCallClass;

typedef enum { V2V_RESULT_PLAIN, V2V_RESULT_INTEGER, V2V_RESULT_INTEGERS } V2vCallResult;

/* One row of guest/calls.h. */
typedef struct {
  const char *name;
  V2vCallClass class;
  const char *parameters;
  guint path, detail, content;
  V2vCallResult result;
  const char *arguments, *what; /* for the manual */
} V2vCallInfo;

/* All of them, ended by one without a name. */
extern const V2vCallInfo v2v_calls[];

/* One function of "guest", for the manual. All texts are static. */
typedef struct {
  const char *name;
  const char *arguments; /* "path, mode" */
  const char *optional;  /* "size,append": what a last table may hold; or NULL */
  const char *what;
  V2vCallClass class;
  gboolean own; /* the engine's, and none of libguestfs's */
} V2vScriptFunction;

/* Tells of number INDEX, if there are so many and FUNCTION_R is not NULL. Returns how many there
 * are. */
guint v2v_guestlib_describe (guint index, V2vScriptFunction *function_r);

#define V2V_CALL_ARGS_MAX 8

/* What a script's calls need; V2vSandbox.data points to a structure that begins with it. */
typedef struct {
  V2vGuest *guest;
  V2vAugeas *augeas;
  const char *script; /* absolute path */
  const char *label;  /* "provider NAME, rules/FILE.v2v:30" */
  const char *about;  /* the same without its place, unless places are shown (base/log.h) */
  gboolean may_write;
  const char *const *host_files; /* NULL-terminated, or NULL */
  GPtrArray *changes;            /* V2vChange */

  /* Of the call under way; kept here since an error in Lua jumps over its frame. */
  V2vLuaValue args[V2V_CALL_ARGS_MAX];
  guint n_args;
  V2vLuaValue result;
  char *message;
  int errnum;
} V2vGuestLib;

/* Sets the global "guest". */
void v2v_guestlib_open (lua_State *L);
/* After the script: saves what Augeas has changed. */
gboolean v2v_guestlib_finish (V2vGuestLib *lib, GError **error);
void v2v_guestlib_clear (V2vGuestLib *lib);
