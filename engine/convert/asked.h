/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the user asked for, checked before the guest is read.
 */
#pragma once

#include "convert/settings.h"
#include "convert/source-read.h"
#include "facts/store.h"

typedef struct {
  const V2vJobSettings *settings;
  GHashTable *providers; /* interned operation -> interned provider (--provider) */
  /* The store of facts: those of the command line and of the host. Later stages add theirs. */
  V2vStore *facts;
} V2vAsked;

/* Fails with V2V_EXIT_USAGE if SETTINGS name something that does not exist. SETTINGS are
 * borrowed. */
V2vAsked *v2v_asked_new (const V2vJobSettings *settings, GError **error);
/* Like v2v_asked_new, for a capture: it contains all facts except those of rule options that
 * the command line sets. */
V2vAsked *v2v_asked_for_capture (const V2vJobSettings *settings, GError **error);
void v2v_asked_free (V2vAsked *asked);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vAsked, v2v_asked_free)

/* Adds the facts of the metadata. */
gboolean v2v_asked_add_source (const V2vAsked *asked, const V2vSourceRead *read,
                               GError **error);
