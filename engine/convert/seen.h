/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What was seen of the guest: everything that planning needs.
 */
#pragma once

#include "convert/asked.h"
#include "guest/lua.h"

typedef struct {
  const V2vAsked *asked;     /* its store now also has the facts that do not depend on rules */
  const V2vSourceRead *read; /* NULL: from a capture */
  const char *name;          /* of the guest */
  V2vGuest *guest;           /* NULL: from a capture, or closed */
  gboolean borrowed;         /* the appliance is shared with other jobs, so it is not ended */
  V2vLuaHost *lua;           /* NULL as GUEST, or there is no system in the guest */
  GError *without_system;    /* why there is no system to convert, unless a rule has a better
                              * reason; or NULL */
} V2vSeen;

/* Starts an appliance with the overlays of STORE, finds and mounts the system, and collects
 * the facts that do not depend on rules. An APPLIANCE that is not NULL is used instead: it
 * is already running with these overlays and is shared with other jobs. */
V2vSeen *v2v_seen_new (const V2vAsked *asked, const V2vSourceRead *read, V2vStorageJob *store,
                       V2vGuest *appliance, GError **error);
/* The facts in CAPTURE, without a guest. Both arguments are borrowed. */
V2vSeen *v2v_seen_in_capture (const V2vAsked *asked, const V2vCapture *capture, GError **error);
void v2v_seen_free (V2vSeen *seen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vSeen, v2v_seen_free)

/* Ends the appliance unless it is shared. This reports errors of the last writes, so it has
 * to come before publication. */
gboolean v2v_seen_close (V2vSeen *seen, V2vStorageJob *store, GError **error);
