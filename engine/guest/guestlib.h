/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The global "guest" of scripts: the calls of libguestfs that scripts may use, whose changes
 * are recorded, and a few calls of the engine's own.
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

/* All rows of guest/calls.h, followed by one without a name. */
extern const V2vCallInfo v2v_calls[];

/* One function of "guest", for the manual. All texts are static. */
typedef struct {
  const char *name;
  const char *arguments; /* "path, mode" */
  /* "size,append": the fields of an optional last argument, a table; or NULL */
  const char *optional;
  const char *what;
  V2vCallClass class;
  gboolean own; /* the engine's own, rather than a call of libguestfs */
} V2vScriptFunction;

/* Describes the function number INDEX in *FUNCTION_R, if it exists and FUNCTION_R is not NULL.
 * Returns the number of functions. */
guint v2v_guestlib_describe (guint index, V2vScriptFunction *function_r);

#define V2V_CALL_ARGS_MAX 8

/* The state that a script's calls need. V2vSandbox.data points to a structure that begins with
 * it. */
typedef struct {
  V2vGuest *guest;
  V2vAugeas *augeas;
  const char *script; /* absolute path */
  const char *label;  /* "provider NAME, rules/FILE.v2v:30" */
  const char *about;  /* LABEL without its place, unless places are shown (base/log.h) */
  gboolean may_write;
  const char *const *host_files; /* NULL-terminated, or NULL */
  GPtrArray *changes;            /* V2vChange */

  /* The current call. Its memory belongs to this structure, since an error in Lua jumps over
   * the call's C frame and would leak it. */
  V2vLuaValue args[V2V_CALL_ARGS_MAX];
  guint n_args;
  V2vLuaValue result;
  char *message;
  int errnum;
} V2vGuestLib;

/* Sets the global "guest". */
void v2v_guestlib_open (lua_State *L);
/* Must be called after the script: saves what it changed through Augeas. */
gboolean v2v_guestlib_finish (V2vGuestLib *lib, GError **error);
void v2v_guestlib_clear (V2vGuestLib *lib);
