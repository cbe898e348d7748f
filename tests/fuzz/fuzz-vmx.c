/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: a configuration file of keys, from text to a domain and its disks.
 */
#include "config.h"

#include "base/log.h"
#include "metadata/source.h"

#include "fuzz-guest.h"
#include "fuzz.h"

int
LLVMFuzzerInitialize (int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
  static const char *const names[] = {"a.vmdk", "n.vmdk", "s.vmdk",  "i.vmdk", "x.iso",
                                      "d.vmdk", "e.vmdk", "os.vmdk", NULL};

  fuzz_guest_setup (names);
  return 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  fuzz_guest_read (v2v_source_find ("vmx"), "guest.vmx", data, size);
  return 0;
}
