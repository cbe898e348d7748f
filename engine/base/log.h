/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Messages for people, and the named steps of a conversion.
 *
 * Messages go to standard error. Steps are shown as a progress bar on a
 * terminal, as plain lines in a pipe, and as JSON lines on --progress-fd, whose
 * members v2v-engine(1) lists.
 */
#pragma once

#include <glib.h>

#include "base/error.h"
#include "base/printable.h"

typedef enum { V2V_QUIET = -1, V2V_NORMAL = 0, V2V_VERBOSE = 1 } V2vVerbosity;

/* Sets how much is said. PROGRESS_FD is -1 or an open descriptor that gets JSON lines. */
void v2v_log_setup (V2vVerbosity verbosity, int progress_fd);
V2vVerbosity v2v_log_verbosity (void);

/* Only with --verbose. */
void v2v_debug (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Not with --quiet. */
void v2v_info (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Always; kept for the report. */
void v2v_warn (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Always: "v2v-engine: error: MESSAGE"; the last event on --progress-fd. */
void v2v_log_error (const GError *error);

/* ---- where in rules and scripts something went wrong ---- */

/* Who converts a guest has no use for places in rules and scripts; who writes rules has. From
 * here on messages have none, unless --verbose shows everything. */
void v2v_log_hide_places (void);
gboolean v2v_log_shows_places (void);
/* Keeps for the report what a message leaves out. */
void v2v_log_keep (const char *text);
/* What was kept (strings). Belongs to the log. */
const GPtrArray *v2v_log_kept (void);
/* What happened is in ERROR, with its places. Unless these are shown, it is kept, and the message
 * becomes the sentence of FORMAT; the status stays. */
void v2v_error_say (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The end of such a sentence about what only can be mended in rules or scripts. */
#define V2V_PLEASE_REPORT "please report it with what --verbose says"

/* A message of an error, made before it is known whether there will be one: saying it is allowed in
 * the handler of a signal. */
typedef struct {
  char *text, *event; /* for standard error; for --progress-fd, or NULL */
  char *line;         /* for v2v_log_last_words_to, or NULL */
} V2vLastWords;

/* Last words also go to the descriptor FD, as a line: the letter E and the message as g_strescape makes
 * it. */
void v2v_log_last_words_to (int fd);

void v2v_log_prepare_last_words (V2vLastWords *words_r, V2vExit status, const char *message);
void v2v_log_say_last_words (const V2vLastWords *words);
void v2v_log_clear_last_words (V2vLastWords *words);

/* ---- what an end would leave ---- */

/* From now on, should this process end before it says something else, TEXT tells what state
 * disks and files are in and what to do about it; NULL: they are as they were before it started.
 * Whoever reports the end says so. */
void v2v_if_killed (const char *text);
/* What was said last. */
const char *v2v_if_killed_text (void);
/* Called whenever it changes; used by the worker to tell its supervisor. */
typedef void (*V2vIfKilledListener) (const char *text);
void v2v_if_killed_listen (V2vIfKilledListener listener);

/* ---- space ---- */

/* From now on a program that this process has started writes to DIRECTORY, and would wait for ever
 * should its file system be full: whoever watches this process ends it then. NULL: nothing is
 * written any more. */
void v2v_watch_space (const char *directory);
typedef void (*V2vSpaceListener) (const char *directory);
void v2v_space_listen (V2vSpaceListener listener);

/* The warnings given so far (strings). Belongs to the log. */
const GPtrArray *v2v_log_warnings (void);

/* What is known of the step under way; all strings may be NULL. */
typedef struct {
  const char *guest;  /* as the user named it */
  const char *name;   /* a stable word for machines ("inspect") */
  const char *text;   /* for people ("Inspecting the guest") */
  const char *detail; /* what it is doing just now */
  guint number, of;   /* step NUMBER of OF, from 1; 0 if that is not known */
  guint limit;        /* seconds after which it is ended, 0: the default */
  double fraction;    /* how far it is, 0 to 1 */
} V2vStepState;

/* The guest that is worked on, for --progress-fd. */
void v2v_log_guest (const char *guest);
/* The names of the steps to come, in their order and NULL-terminated. Some may be left out. */
void v2v_steps_expect (const char *const *names);

/* Begins a step and ends the one before. LIMIT is the number of seconds after which the
 * supervisor ends the worker, 0 for its default. */
void v2v_step (const char *name, const char *text, guint limit);
/* How far the step is, 0 to 1. */
void v2v_step_progress (double fraction);
/* What the step is doing just now, for the message if its time runs out: for example
 * the script and the rule. Not printed otherwise. May be NULL. */
void v2v_step_detail (const char *detail);
/* Ends the last step. */
void v2v_step_end (void);

/* Called for each step change, progress and detail, and without a name when no step is under way
 * any more; used by the worker to tell its supervisor.
 */
typedef void (*V2vStepListener) (const V2vStepState *state, gpointer data);
void v2v_step_listen (V2vStepListener listener, gpointer data);

/* ---- for whoever watches the worker ---- */

/* Writes the event that tells why the program ends to the descriptor FD; none if it is -1. */
void v2v_log_write_failure (int fd, const V2vStepState *state, V2vExit status,
                            const char *message);
/* Writes the event that tells that STATE lasts: for ELAPSED seconds in all, and for IDLE without
 * any news of it. */
void v2v_log_write_alive (int fd, const V2vStepState *state, double elapsed, double idle);
/* Draws the bar of STATE over the one that the worker has drawn. */
void v2v_log_draw_bar (const V2vStepState *state, double elapsed);
