/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What fuzz targets of sources share: a directory of the target's own with a guest in it, and
 * what has to be true of whatever is read there.
 */
#pragma once

#include "metadata/source.h"

/* Makes the directory, in TMPDIR, with a directory GUEST (with NAMES, small files that are no
 * images), a directory WORK, and beside both the file OUTSIDE, to which GUEST has a link,
 * link.vmdk. */
void fuzz_guest_setup (const char *const *names);
const char *fuzz_guest_directory (void);
const char *fuzz_guest_work (void);

/* Writes a file of the guest's directory anew. */
void fuzz_guest_write (const char *name, const void *data, gsize size);

/* Writes the file NAME, reads it by SOURCE, and checks the result: one error about data, or a
 * domain that can be normalized or is refused so, whose disks are in the directory. */
void fuzz_guest_read (const V2vSource *source, const char *name, const void *data, gsize size);

/* Removes what was unpacked; checks that nothing else was made. */
void fuzz_guest_clean (void);
