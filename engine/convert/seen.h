/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What was seen in the guest: all that planning needs.
 */
#pragma once

#include "convert/asked.h"
#include "guest/lua.h"

typedef struct {
  const V2vAsked *asked;     /* its facts now hold what needs no rule */
  const V2vSourceRead *read; /* NULL: from a capture */
  const char *name;          /* of the guest */
  V2vGuest *guest;           /* NULL: from a capture, or closed */
  gboolean borrowed;         /* the appliance serves others too, and stays */
  V2vLuaHost *lua;           /* NULL as GUEST, or there is no system in the guest */
  GError *without_system;    /* why there is nothing to convert, unless rules know better; or
                                NULL */
} V2vSeen;

/* Starts the appliance over the overlays of STORE, looks for a system and mounts it, and collects
 * the facts that need no rule. APPLIANCE, if it is not NULL, runs already with these overlays,
 * serves others too and is used instead. */
V2vSeen *v2v_seen_new (const V2vAsked *asked, const V2vSourceRead *read, V2vStorageJob *store,
                       V2vGuest *appliance, GError **error);
/* The facts that CAPTURE holds, with no guest. Both arguments are borrowed. */
V2vSeen *v2v_seen_in_capture (const V2vAsked *asked, const V2vCapture *capture, GError **error);
void v2v_seen_free (V2vSeen *seen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vSeen, v2v_seen_free)

/* Ends the appliance unless it is borrowed: errors of the last writes are seen then, which has
 * to be before anything is published. */
gboolean v2v_seen_close (V2vSeen *seen, V2vStorageJob *store, GError **error);
