/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sealed Lua states: little memory, few libraries, text chunks only, and an end that a script
 * cannot catch.
 *
 * Everything that can raise a Lua error happens inside v2v_sandbox_run, in a protected call.
 * Functions that scripts call find their sandbox by v2v_sandbox_of.
 */
#pragma once

#include <lua.h>

#include "base/error.h"

#define V2V_SANDBOX_MEMORY_MAX (256 * 1024 * 1024)
#define V2V_SCRIPT_FILE_MAX (1024 * 1024)

/* Why a script ended other than by returning. */
typedef enum {
  V2V_ENDED_NOT,
  V2V_ENDED_TIME, /* v2v_lua_interrupt, or too many instructions */
  V2V_ENDED_FAIL, /* fail(text) */
} V2vEnded;

typedef struct V2vSandbox V2vSandbox;

struct V2vSandbox {
  const char *const
      *module_dirs; /* where "require" looks, the script's own tree first; NULL-terminated */
  gboolean missing_modules; /* a module that is not found is no error, but an inert table */
  gboolean for_authors; /* messages are for who writes the script: they have places, always */
  guint steps_max;      /* instructions, in thousands; 0: any number */
  gpointer data;        /* of whoever made the sandbox */

  /* Private. */
  lua_State *L;
  gsize used;
  gboolean refused;
  V2vEnded ended;
  char *end_text; /* what to say about it */
  char *traceback;
  char *reason; /* of an error that v2v_sandbox_raise raised, without its place; or NULL */
  V2vExit code; /* status of the error, set where it is raised */
  guint steps;
  int (*body) (lua_State *L);
};

/* Runs BODY in a fresh state with the sealed libraries; it finds its data by v2v_sandbox_of
 * (L)->data. LABEL, such as "provider NAME, rules/FILE.v2v:30", ends the message of
 * an error, where places are shown (base/log.h); otherwise the message is a sentence. */
gboolean v2v_sandbox_run (V2vSandbox *sandbox, int (*body) (lua_State *L), const char *label,
                          GError **error);

V2vSandbox *v2v_sandbox_of (lua_State *L);

/* Loads the script at PATH and calls it; leaves the table it returns on the stack. Raises an
 * error if it returns none. */
void v2v_sandbox_load (lua_State *L, const char *path);

/* A short name of a script for messages: from its directory "lua" on ("lua/os.lua"). Part of PATH.
 */
const char *v2v_script_name (const char *path);

/* Opens PATH, a script or a file below the directory of the script SCRIPT, for reading. Links are
 * followed as long as they stay in the tree (the directory that holds "lua") that SCRIPT is of, or
 * without one in SCRIPT's directory (V2V_EXIT_NOPERM): scripts get no files of the host. Returns a
 * descriptor, or -1. */
int v2v_script_open (const char *script, const char *path, GError **error);

/* Raises an error whose exit status is CODE: "NAME:LINE: message". The message is on top of the
 * stack. ERRNUM is an errno value for scripts that catch it, or 0. */
int v2v_sandbox_raise (lua_State *L, V2vExit code, int errnum);

/* Ends the script in a way that it cannot catch. TEXT is copied. */
int v2v_sandbox_end (lua_State *L, V2vEnded how, const char *text);

/* Replaces the table at INDEX by one that has the same elements and cannot be changed; WHAT
 * ("facts.os") is for the message of who tries. */
void v2v_sandbox_freeze (lua_State *L, int index, const char *what);

/* Pushes something that can be indexed and called without any effect. */
void v2v_sandbox_push_inert (lua_State *L);

/* May be called from a signal handler: ends the script that runs now. */
void v2v_sandbox_interrupt (void);
/* Was that done since the last script began? */
gboolean v2v_sandbox_interrupted (void);
