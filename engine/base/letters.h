/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the worker tells its supervisor (cli/supervise.h), over a pipe.
 *
 * Each line is a letter and a text, which is escaped as by g_strescape; lines longer than 64 KiB
 * are cut. Any line, whatever its letter, is a sign of progress. Nothing is answered: the
 * supervisor speaks by signals. SIGUSR1 asks the worker to end since its time is up, SIGUSR2 since
 * someone wants it or there is no space left.
 */
#pragma once

typedef enum {
  V2V_LETTER_LIMITS = 'L',    /* "WHOLE STEP": seconds that all, and a step, may take; 0: any */
  V2V_LETTER_STEP = 'S',      /* the step under way: V2V_STEP_FIELDS fields */
  V2V_LETTER_PROGRESS = 'J',  /* "FD VERBOSITY": --progress-fd or -1, how much is said */
  V2V_LETTER_MADE = '+',      /* a temporary file or directory, which is to be removed ... */
  V2V_LETTER_GONE = '-',      /* ... and is not any more */
  V2V_LETTER_IF_KILLED = 'K', /* what the worker's end would leave; empty: all as it was */
  V2V_LETTER_REGISTER = 'R',  /* the worker's file in the register of runs */
  V2V_LETTER_WATCH = 'W',     /* a directory whose space is watched; empty: none any more */
  V2V_LETTER_REPORT = 'O',    /* --report's file and the report so far, two fields; empty: the
                                 worker writes it itself */
  V2V_LETTER_LAST_WORDS = 'E', /* the message of an error that ends the worker at once */
  V2V_LETTER_COMMIT_BEGINS =
      'C',                      /* results are being published: no signal ends the worker ... */
  V2V_LETTER_COMMIT_ENDS = 'c', /* ... and now one does again */
} V2vLetter;

/* Between the fields of a text. */
#define V2V_LETTER_FIELD_END "\x1f"
/* The fields of V2V_LETTER_STEP, those of V2vStepState (base/log.h); empty: not known. */
enum {
  V2V_STEP_LIMIT,
  V2V_STEP_NUMBER,
  V2V_STEP_OF,
  V2V_STEP_FRACTION,
  V2V_STEP_NAME,
  V2V_STEP_TEXT,
  V2V_STEP_GUEST,
  V2V_STEP_DETAIL,
  V2V_STEP_FIELDS
};
/* Seconds that a step may take where --step-timeout says nothing. */
#define V2V_STEP_SECONDS 1800
