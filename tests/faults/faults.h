/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Faults of the system: calls that create, write, rename or make durable fail on demand. For
 * LD_PRELOAD; programs find these functions by dlsym(3).
 */
#pragma once

#define FAULT_SHORT (-1) /* in place of an errno value: a write that takes only a part */

typedef struct {
  /* From here on counts the calls of this process. The call NUMBER (from 1; 0: none) fails with
   * ERRNUM; with LASTING all that come after it, too, as they do when a disk is full. EINTR and
   * FAULT_SHORT befall writes only, and then, with LASTING, every other one. */
  void (*begin) (unsigned number, int errnum, int lasting);
  /* Ends that; returns how many calls there were. */
  unsigned (*end) (void);
  /* "CALL PATH" of the first call that failed, or "". */
  const char *(*hit) (void);
} V2vFaults;

/* The name of a const V2vFaults in the library. */
#define FAULTS_SYMBOL "v2v_faults"
