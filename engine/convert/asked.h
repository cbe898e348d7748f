/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What was asked for, understood before anything of the guest is read.
 */
#pragma once

#include "convert/settings.h"
#include "convert/source-read.h"
#include "facts/store.h"

typedef struct {
  const V2vJobSettings *settings;
  GHashTable *providers; /* interned operation -> interned provider (--provider) */
  /* What is known: the facts of the command line and of the host. The stages to come add theirs. */
  V2vStore *facts;
} V2vAsked;

/* Fails with V2V_EXIT_USAGE if SETTINGS ask for what there is not. SETTINGS are borrowed. */
V2vAsked *v2v_asked_new (const V2vJobSettings *settings, GError **error);
/* The same for a capture, which holds the facts but those of rule options that are given. */
V2vAsked *v2v_asked_for_capture (const V2vJobSettings *settings, GError **error);
void v2v_asked_free (V2vAsked *asked);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vAsked, v2v_asked_free)

/* Adds the facts of what was read. */
gboolean v2v_asked_add_source (const V2vAsked *asked, const V2vSourceRead *read,
                               GError **error);
