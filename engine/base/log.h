/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Messages to the user, and the named steps of a conversion.
 *
 * Messages go to standard error. Steps are shown as a progress bar on a terminal, as plain
 * lines otherwise, and as JSON lines on --progress-fd; v2v-engine(1) lists the members of
 * these.
 */
#pragma once

#include <glib.h>

#include "base/error.h"
#include "base/printable.h"

typedef enum { V2V_QUIET = -1, V2V_NORMAL = 0, V2V_VERBOSE = 1 } V2vVerbosity;

/* Sets how much is printed. PROGRESS_FD is an open descriptor that receives JSON lines, or
 * -1. */
void v2v_log_setup (V2vVerbosity verbosity, int progress_fd);
V2vVerbosity v2v_log_verbosity (void);

/* Prints a message only with --verbose. */
void v2v_debug (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Prints a message unless --quiet is set. */
void v2v_info (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Prints a warning always, and keeps it for the report. */
void v2v_warn (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Prints "v2v-engine: error: MESSAGE" always, and writes the last event to --progress-fd. */
void v2v_log_error (const GError *error);

/* ---- places in rules and scripts ---- */

/* A user who converts a guest has no use for places in rules and scripts; a rule author has.
 * After this call messages do not contain places unless --verbose is set. */
void v2v_log_hide_places (void);
gboolean v2v_log_shows_places (void);
/* Keeps TEXT for the report, because a message leaves it out. */
void v2v_log_keep (const char *text);
/* The texts that were kept (strings). Belongs to the log. */
const GPtrArray *v2v_log_kept (void);
/* ERROR says what happened and at which places in rules and scripts. Keeps its message for the
 * report and, unless places are shown, replaces it by the sentence that FORMAT makes. The
 * status does not change. */
void v2v_error_say (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The end of such a sentence if only a change in rules or scripts can help. */
#define V2V_PLEASE_REPORT "please report it with the output of --verbose"

/* An error message that is prepared before it is known whether the error occurs, so that a
 * signal handler may print it. */
typedef struct {
  char *text, *event; /* for standard error; for --progress-fd (or NULL) */
  char *line;         /* for the descriptor of v2v_log_last_words_to, or NULL */
} V2vLastWords;

/* Also writes last words to the descriptor FD, as a line: the letter E and the message, escaped
 * by g_strescape. */
void v2v_log_last_words_to (int fd);

/* Prepares the message, prints it (async-signal-safe) and frees it, respectively. */
void v2v_log_prepare_last_words (V2vLastWords *words_r, V2vExit status, const char *message);
void v2v_log_say_last_words (const V2vLastWords *words);
void v2v_log_clear_last_words (V2vLastWords *words);

/* ---- what the end of this process would leave ---- */

/* TEXT says what state disks and files are in, and what the user can do about it, if this
 * process ends unexpectedly from now on. NULL: everything is as it was before the start. The
 * process that reports the end prints TEXT. */
void v2v_if_killed (const char *text);
/* The last TEXT, or NULL. */
const char *v2v_if_killed_text (void);
/* LISTENER is called whenever TEXT changes; the worker uses it to tell its supervisor. */
typedef void (*V2vIfKilledListener) (const char *text);
void v2v_if_killed_listen (V2vIfKilledListener listener);

/* ---- file systems that fill up ---- */

/* From now on a program that this process has started writes to DIRECTORY. If the file system
 * of DIRECTORY is full, that program would wait for ever, so the supervisor ends the worker.
 * NULL: nothing is written any more. */
void v2v_watch_space (const char *directory);
typedef void (*V2vSpaceListener) (const char *directory);
void v2v_space_listen (V2vSpaceListener listener);

/* The warnings printed so far (strings). Belongs to the log. */
const GPtrArray *v2v_log_warnings (void);

/* The step that is running. All strings may be NULL. */
typedef struct {
  const char *guest;  /* as the user named it */
  const char *name;   /* a stable identifier for programs ("inspect") */
  const char *text;   /* a title to display ("Inspecting the guest") */
  const char *detail; /* what the step is doing at the moment */
  guint number, of;   /* this is step NUMBER of OF, counted from 1; 0 if unknown */
  guint limit;        /* seconds after which the supervisor ends the worker; 0: its default */
  double fraction;    /* how far the step is, from 0 to 1 */
} V2vStepState;

/* Sets the name of the guest for --progress-fd. */
void v2v_log_guest (const char *guest);
/* Announces the steps in their order (NULL-terminated). A step may be left out later. */
void v2v_steps_expect (const char *const *names);

/* Begins the step NAME and ends the one before. TEXT is the title to display. LIMIT is the
 * number of seconds after which the supervisor ends the worker; 0: its default. */
void v2v_step (const char *name, const char *text, guint limit);
/* Sets how far the step is, from 0 to 1. */
void v2v_step_progress (double fraction);
/* Sets what the step is doing at the moment, such as the script and the rule. This is printed
 * only if the time of the step runs out. May be NULL. */
void v2v_step_detail (const char *detail);
/* Ends the step that is running, if any. */
void v2v_step_end (void);

/* LISTENER is called when a step begins or ends, and when its progress or detail changes; STATE
 * has no name when no step is running. The worker uses it to tell its supervisor. */
typedef void (*V2vStepListener) (const V2vStepState *state, gpointer data);
void v2v_step_listen (V2vStepListener listener, gpointer data);

/* ---- for the supervisor ---- */

/* Writes to the descriptor FD the event that says why the program ends. Does nothing if FD is
 * -1. */
void v2v_log_write_failure (int fd, const V2vStepState *state, V2vExit status,
                            const char *message);
/* Writes to the descriptor FD the event that says that the step STATE is still running: for
 * ELAPSED seconds in all, and for IDLE seconds since the worker last reported progress. */
void v2v_log_write_alive (int fd, const V2vStepState *state, double elapsed, double idle);
/* Draws the progress bar of STATE over the one that the worker has drawn. */
void v2v_log_draw_bar (const V2vStepState *state, double elapsed);
