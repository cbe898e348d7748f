/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Isolated Lua states: limited memory, few libraries, no binary chunks, and a way to end a
 * script that it cannot catch.
 *
 * All code that can raise a Lua error runs inside v2v_sandbox_run, in a protected call.
 * Functions that scripts call get their sandbox from v2v_sandbox_of.
 */
#pragma once

#include <lua.h>

#include "base/error.h"

#define V2V_SANDBOX_MEMORY_MAX (256 * 1024 * 1024)
#define V2V_SCRIPT_FILE_MAX (1024 * 1024)

/* Why a script was ended. */
typedef enum {
  V2V_ENDED_NOT,
  V2V_ENDED_TIME, /* v2v_lua_interrupt, or too many instructions */
  V2V_ENDED_FAIL, /* fail(text) */
} V2vEnded;

typedef struct V2vSandbox V2vSandbox;

struct V2vSandbox {
  const char *const
      /* the directories that "require" searches, that of the script's own rule directory
       * first; NULL-terminated */
      *module_dirs;
  /* a missing module is not an error; "require" returns an inert table */
  gboolean missing_modules;
  /* messages are for the author of the script, so they always contain places */
  gboolean for_authors;
  guint steps_max; /* instructions, in thousands; 0: any number */
  gpointer data;   /* belongs to the creator of the sandbox */

  /* Private. */
  lua_State *L;
  gsize used;
  gboolean refused;
  V2vEnded ended;
  char *end_text; /* the text of the error that ended the script */
  char *traceback;
  char *reason; /* message of an error from v2v_sandbox_raise, without its place; or NULL */
  V2vExit code; /* status of the error, set where it is raised */
  guint steps;
  int (*body) (lua_State *L);
};

/* Runs BODY in a new state with the restricted libraries. BODY finds its data in
 * v2v_sandbox_of (L)->data. If places are shown (base/log.h), LABEL, such as "provider NAME,
 * rules/FILE.v2v:30", ends the message of an error; otherwise the message is a sentence
 * without it. */
gboolean v2v_sandbox_run (V2vSandbox *sandbox, int (*body) (lua_State *L), const char *label,
                          GError **error);

V2vSandbox *v2v_sandbox_of (lua_State *L);

/* Loads the script at PATH, calls it, and leaves the table that it returns on the stack.
 * Raises an error if it returns anything else. */
void v2v_sandbox_load (lua_State *L, const char *path);

/* The short name of a script for messages, beginning with its directory "lua" ("lua/os.lua").
 * The result points into PATH. */
const char *v2v_script_name (const char *path);

/* Opens PATH, a script or a file below the directory of the script SCRIPT, for reading. Links
 * are followed only within the rule directory (the directory that contains "lua") of SCRIPT,
 * or, without one, within SCRIPT's own directory; others are V2V_EXIT_NOPERM, since scripts
 * must not read files of the host. Returns a descriptor, or -1. */
int v2v_script_open (const char *script, const char *path, GError **error);

/* Raises an error "NAME:LINE: message" with the exit status CODE. The message is on top of the
 * stack. ERRNUM is an errno value for scripts that catch the error, or 0. */
int v2v_sandbox_raise (lua_State *L, V2vExit code, int errnum);

/* Ends the script in a way that it cannot catch. TEXT is copied. */
int v2v_sandbox_end (lua_State *L, V2vEnded how, const char *text);

/* Replaces the table at INDEX by a read-only one with the same elements. WHAT ("facts.os")
 * names it in the error of a script that tries to change it. */
void v2v_sandbox_freeze (lua_State *L, int index, const char *what);

/* Pushes something that can be indexed and called without any effect. */
void v2v_sandbox_push_inert (lua_State *L);

/* May be called from a signal handler: ends the script that runs now. */
void v2v_sandbox_interrupt (void);
/* Whether v2v_sandbox_interrupt was called since the last script began. */
gboolean v2v_sandbox_interrupted (void);
