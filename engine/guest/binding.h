/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The engine's own Lua state with the standard binding of libguestfs (lua-guestfs). The
 * binding creates the libguestfs handle, since it cannot wrap an existing one. No script ever
 * runs in this state.
 */
#pragma once

#include <guestfs.h>

#include "base/error.h"
#include "guest/values.h"

/* Creates the state. *HANDLE_R is set to the handle, which lives as long as the state. To be
 * freed with lua_close. */
lua_State *v2v_binding_new (guestfs_h **handle_r, GError **error);

/* Calls METHOD of the handle. On failure, *MESSAGE_R is set to libguestfs's message (to be
 * freed with g_free) and *ERRNUM_R to its errno or 0. The caller must clear RESULT. */
gboolean v2v_binding_call (lua_State *binding, const char *method, const V2vLuaValue *args,
                           guint n_args, V2vLuaValue *result, int *errnum_r, char **message_r);

/* Every method of the handle (strings), sorted. To be freed with g_ptr_array_unref. */
GPtrArray *v2v_binding_methods (lua_State *binding);
