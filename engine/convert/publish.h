/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Publishes a conversion: the results become the new guest.
 */
#pragma once

#include "convert/carry-out.h"

typedef struct {
  char *result; /* what the output made, as shown to the user; NULL if nothing */
} V2vPublished;

/* Makes the result durable and creates the new guest. The guest is closed. COMMITTING is called
 * with TRUE before the first thing is published and with FALSE after the last. */
V2vPublished *v2v_publish (const V2vJobSettings *settings, const V2vSourceRead *read,
                           V2vStorageJob *store, const V2vConverted *converted,
                           void (*committing) (gboolean begin), GError **error);
void v2v_published_free (V2vPublished *published);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vPublished, v2v_published_free)
