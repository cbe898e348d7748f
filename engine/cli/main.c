/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The program.
 */
#include "config.h"

#include <stdio.h>

int
main (void)
{
  puts ("v2v-engine " PACKAGE_VERSION);
  return 0;
}
