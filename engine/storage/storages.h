/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The table of all storages.
 */
#pragma once

#include "storage/storage.h"

extern const V2vStorage v2v_storage_copy;
extern const V2vStorage v2v_storage_snapshot;
extern const V2vStorage v2v_storage_in_place;

/* NULL-terminated; the first is the default. */
extern const V2vStorage *const v2v_storages[];
const V2vStorage *v2v_storage_find (const char *name);
