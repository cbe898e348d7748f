/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs Lua scripts in isolated states that can call only listed functions of libguestfs.
 * v2v-lua(3) is the interface for authors of scripts.
 */
#pragma once

#include "guest/session.h"
#include "plan/plan.h"

/* One recorded change. It never contains the content of files or secrets. */
typedef struct {
  const char *call; /* the libguestfs call: "write", "mv", "command", "aug_save" ... */
  char *path;       /* what was changed, or NULL */
  char *detail;     /* other paths, mode, the command line; or NULL */
  gint64 length;    /* bytes that were written, or -1 */
  char *sha256;     /* checksum of what was written, or NULL */
} V2vChange;

typedef struct V2vLuaHost V2vLuaHost;

/* GUEST may be NULL; scripts can then be loaded and checked, but have no guest. HOST_FILES
 * contains the absolute paths of the host's files that scripts may put into the guest (from
 * --with and the like), NULL-terminated; or is NULL. */
V2vLuaHost *v2v_lua_host_new (V2vGuest *guest, const V2vRuleSet *rules,
                              const char *const *host_files, GError **error);
void v2v_lua_host_free (V2vLuaHost *host);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vLuaHost, v2v_lua_host_free)

/* Checks a script for V2vScriptChecks.lua: loads it in an isolated state without a guest, and
 * looks FUNCTION up. DATA is ignored. */
gboolean v2v_lua_check (const char *path, const char *function, GError **error, gpointer data);

/* Runs a probe with a handle that cannot write and adds the facts it returns. */
gboolean v2v_lua_run_probe (V2vLuaHost *host, const V2vProbe *probe, const V2vValue *args,
                            V2vStore *store, GError **error);

/* Runs one step of the plan that is a script, not a stylesheet. Adds a V2vChange to CHANGES
 * for each change; if it adds none, the guest already was as the step wants it. */
gboolean v2v_lua_run_step (V2vLuaHost *host, const V2vStep *step, const V2vPlan *plan,
                           V2vStore *store, GPtrArray *changes, GError **error);

/* A global that the engine adds to those of Lua. All texts are static. */
typedef struct {
  const char *name;      /* "log.warn" */
  const char *arguments; /* arguments of a function; NULL for other globals */
  const char *what;
} V2vScriptGlobal;

/* Describes the global number INDEX in *GLOBAL_R. FALSE if there are fewer. */
gboolean v2v_lua_describe_global (guint index, V2vScriptGlobal *global_r);
/* The names of Lua's own functions that scripts may use: "assert", "string.byte" ... */
char **v2v_lua_standard_names (void);

/* May be called from a signal handler: makes the running script fail with "time is up" at its
 * current line. */
void v2v_lua_interrupt (void);

void v2v_change_free (V2vChange *change);
