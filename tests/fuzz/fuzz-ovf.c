/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: an OVF envelope, from text to a domain and its disks.
 */
#include "config.h"

#include "base/log.h"
#include "metadata/source.h"

#include "fuzz-guest.h"
#include "fuzz.h"

int
LLVMFuzzerInitialize (int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
  static const char *const names[] = {"disk1.vmdk",
                                      "disk2.vmdk",
                                      "disk3.vmdk.gz",
                                      "boot cd.iso",
                                      "pieces.vmdk.000000000",
                                      "pieces.vmdk.000000001",
                                      "snapshot.vmdk.000000002",
                                      NULL};

  fuzz_guest_setup (names);
  return 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  fuzz_guest_read (v2v_source_find ("ova"), "guest.ovf", data, size);
  return 0;
}
