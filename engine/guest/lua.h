/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lua scripts: sealed states over an allow-list of libguestfs calls. v2v-lua(3) is
 * what script authors are promised.
 */
#pragma once

#include "guest/session.h"
#include "plan/plan.h"

/* One recorded change. Never holds content or secrets. */
typedef struct {
  const char *call; /* the libguestfs call: "write", "mv", "command", "aug_save" ... */
  char *path;       /* what was changed, or NULL */
  char *detail;     /* other paths, mode, the command line; or NULL */
  gint64 length;    /* of what was written, or -1 */
  char *sha256;     /* of what was written, or NULL */
} V2vChange;

typedef struct V2vLuaHost V2vLuaHost;

/* GUEST may be NULL: then scripts can be loaded and looked at, but have no guest. HOST_FILES:
 * absolute paths of files that scripts may put into the guest (from --with and the like),
 * NULL-terminated, or NULL. */
V2vLuaHost *v2v_lua_host_new (V2vGuest *guest, const V2vRuleSet *rules,
                              const char *const *host_files, GError **error);
void v2v_lua_host_free (V2vLuaHost *host);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vLuaHost, v2v_lua_host_free)

/* For V2vScriptChecks.lua: loads the script in a sealed state without guest and looks FUNCTION
 * up. DATA is ignored. */
gboolean v2v_lua_check (const char *path, const char *function, GError **error, gpointer data);

/* Runs a probe with a handle that cannot write and adds the facts it returns. */
gboolean v2v_lua_run_probe (V2vLuaHost *host, const V2vProbe *probe, const V2vValue *args,
                            V2vStore *store, GError **error);

/* Runs one step (not a stylesheet). CHANGES gets V2vChange; nothing added means the guest was
 * already as it should be. */
gboolean v2v_lua_run_step (V2vLuaHost *host, const V2vStep *step, const V2vPlan *plan,
                           V2vStore *store, GPtrArray *changes, GError **error);

/* A global of scripts that is none of Lua's own. All texts are static. */
typedef struct {
  const char *name;      /* "log.warn" */
  const char *arguments; /* of a function; else NULL */
  const char *what;
} V2vScriptGlobal;

/* Tells of number INDEX; FALSE if there are not so many. */
gboolean v2v_lua_describe_global (guint index, V2vScriptGlobal *global_r);
/* What scripts have of Lua's own: "assert", "string.byte" ... To be freed with g_strfreev. */
char **v2v_lua_standard_names (void);

/* May be called from a signal handler: makes the running script fail with "time is up" at its
 * current line. */
void v2v_lua_interrupt (void);

void v2v_change_free (V2vChange *change);
