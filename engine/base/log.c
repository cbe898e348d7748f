/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Messages to the user, and the named steps of a conversion.
 *
 * The worker prints messages and reports its steps; its supervisor uses the same functions to
 * go on when the worker does not.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <json-glib/json-glib.h>

#include "base/jsontext.h"
#include "base/letters.h"
#include "base/log.h"

#define PROGRAM "v2v-engine"
#define BAR_WIDTH 30
/* A hostile guest may cause any number of warnings, so only this many are kept for the
 * report. */
#define WARNINGS_MAX 1000
#define CLEAR_LINE "\r\033[K"

static struct {
  V2vVerbosity verbosity;
  int progress_fd;
  gboolean terminal;
  gboolean hides_places;
  GPtrArray *kept;
  GPtrArray *warnings;
  char *guest;
  char **expected; /* names of the steps; NULL: unknown */
  guint passed;    /* how many of them have begun */
  /* The step that is running; NAME is NULL if none is. */
  char *name;
  char *text;
  char *detail;
  guint limit;
  double fraction;
  gint64 began;
  gboolean bar; /* the current line of the terminal shows a progress bar */
  V2vStepListener listener;
  gpointer listener_data;
} log_state = {.progress_fd = -1};

void
v2v_log_setup (V2vVerbosity verbosity, int progress_fd)
{
  log_state.verbosity = verbosity;
  log_state.progress_fd = progress_fd;
  log_state.terminal = isatty (STDERR_FILENO);
}

V2vVerbosity
v2v_log_verbosity (void)
{
  return log_state.verbosity;
}

static void
clear_bar (void)
{
  if (log_state.bar)
    fputs (CLEAR_LINE, stderr);
  log_state.bar = FALSE;
}

static V2vStepState
current_state (void)
{
  return (V2vStepState){
      .guest = log_state.guest,
      .name = log_state.name,
      .text = log_state.text,
      .detail = log_state.detail,
      .number = log_state.expected ? log_state.passed : 0,
      .of = log_state.expected ? MAX (g_strv_length (log_state.expected), log_state.passed) : 0,
      .limit = log_state.limit,
      .fraction = log_state.fraction,
  };
}

static double
elapsed (void)
{
  return (double)(g_get_monotonic_time () - log_state.began) / G_USEC_PER_SEC;
}

void
v2v_log_draw_bar (const V2vStepState *state, double elapsed)
{
  int filled = (int)(state->fraction * BAR_WIDTH + 0.5);

  fprintf (stderr, CLEAR_LINE "%-40.40s [", state->text);
  for (int i = 0; i < BAR_WIDTH; i++)
    fputc (i < filled ? '#' : '-', stderr);
  fprintf (stderr, "] %3d%%", (int)(state->fraction * 100 + 0.5));
  /* A step that takes long: show the seconds, so that the user sees that it is alive. */
  if (elapsed >= 1)
    fprintf (stderr, " %.0f s", elapsed);
  fflush (stderr);
}

static void
draw_bar (void)
{
  const V2vStepState state = current_state ();

  if (!log_state.terminal || log_state.verbosity != V2V_NORMAL || !log_state.name)
    return;
  v2v_log_draw_bar (&state, elapsed ());
  log_state.bar = TRUE;
}

static void
say (const char *prefix, const char *format, va_list args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);
  g_autofree char *printable = v2v_printable_message (text, TRUE);

  fflush (stdout); /* keeps lines whole and in order if both go to the same file */
  clear_bar ();
  fprintf (stderr, "%s%s\n", prefix, printable);
  draw_bar ();
}

void
v2v_debug (const char *format, ...)
{
  va_list args;

  if (log_state.verbosity < V2V_VERBOSE)
    return;
  va_start (args, format);
  say (PROGRAM ": debug: ", format, args);
  va_end (args);
}

void
v2v_info (const char *format, ...)
{
  va_list args;

  if (log_state.verbosity < V2V_NORMAL)
    return;
  va_start (args, format);
  say (PROGRAM ": ", format, args);
  va_end (args);
}

static void warn (const char *format, ...) G_GNUC_PRINTF (1, 2);

static void
warn (const char *format, ...)
{
  va_list args;

  va_start (args, format);
  say (PROGRAM ": warning: ", format, args);
  va_end (args);
}

void
v2v_warn (const char *format, ...)
{
  GPtrArray *warnings = (GPtrArray *)v2v_log_warnings ();
  g_autofree char *text = NULL;
  va_list args;

  if (warnings->len > WARNINGS_MAX)
    return;
  va_start (args, format);
  text = warnings->len == WARNINGS_MAX ? g_strdup ("further warnings are not recorded")
                                       : g_strdup_vprintf (format, args);
  va_end (args);
  warn ("%s", text);
  g_ptr_array_add (warnings, v2v_printable_message (text, TRUE));
}

void
v2v_log_error (const GError *error)
{
  g_autofree char *printable = v2v_printable_message (error->message, TRUE);
  const V2vStepState state = current_state ();

  fflush (stdout);
  clear_bar ();
  fprintf (stderr, PROGRAM ": error: %s\n", printable);
  v2v_log_write_failure (log_state.progress_fd, &state, v2v_error_exit (error), error->message);
}

const GPtrArray *
v2v_log_warnings (void)
{
  if (!log_state.warnings)
    log_state.warnings = g_ptr_array_new_with_free_func (g_free);
  return log_state.warnings;
}

/* ---- places ---- */

void
v2v_log_hide_places (void)
{
  log_state.hides_places = TRUE;
}

gboolean
v2v_log_shows_places (void)
{
  return !log_state.hides_places || log_state.verbosity == V2V_VERBOSE;
}

const GPtrArray *
v2v_log_kept (void)
{
  if (!log_state.kept)
    log_state.kept = g_ptr_array_new_with_free_func (g_free);
  return log_state.kept;
}

void
v2v_log_keep (const char *text)
{
  g_ptr_array_add ((GPtrArray *)v2v_log_kept (), g_strdup (text));
}

void
v2v_error_say (GError **error, const char *format, ...)
{
  g_autofree char *sentence = NULL;
  va_list args;

  if (!error || !*error)
    return;
  v2v_log_keep ((*error)->message);
  if (v2v_log_shows_places ())
    return;
  va_start (args, format);
  sentence = g_strdup_vprintf (format, args);
  va_end (args);
  g_free ((*error)->message);
  (*error)->message = g_steal_pointer (&sentence);
}

/* ---- events as JSON lines ---- */

static void
add_string (JsonBuilder *json, const char *name, const char *value)
{
  g_autofree char *printable = value ? v2v_printable_message (value, TRUE) : NULL;

  if (!value)
    return;
  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, printable);
}

static void
add_double (JsonBuilder *json, const char *name, double value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_double_value (json, value);
}

static void
add_int (JsonBuilder *json, const char *name, gint64 value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_int_value (json, value);
}

/* Begins an event with the members that all events have. */
static JsonBuilder *
begin_event (const char *event, const V2vStepState *state)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *seconds = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *stamp =
      g_strdup_printf ("%s.%03dZ", seconds, g_date_time_get_microsecond (now) / 1000);
  JsonBuilder *json = json_builder_new ();

  json_builder_begin_object (json);
  add_string (json, "event", event);
  add_string (json, "time", stamp);
  add_string (json, "guest", state->guest);
  add_string (json, "step", state->name);
  add_string (json, "text", state->text);
  if (state->number) {
    add_int (json, "number", state->number);
    add_int (json, "of", state->of);
  }
  return json;
}

/* Returns the event as a line, and frees JSON. */
static char *
event_line (JsonBuilder *json)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *line = NULL;

  json_builder_end_object (json);
  root = json_builder_get_root (json);
  g_object_unref (json);
  line = v2v_json_text (root, FALSE);
  return g_strconcat (line, "\n", NULL);
}

/* Writes the event and frees JSON. Returns FALSE if it cannot be written because nobody reads
 * any more, which must not make a conversion fail. */
static gboolean
end_event (int fd, JsonBuilder *json)
{
  g_autofree char *line = event_line (json);

  return write (fd, line, strlen (line)) >= 0;
}

static void
write_json (const char *event)
{
  const V2vStepState state = current_state ();
  JsonBuilder *json;

  if (log_state.progress_fd < 0)
    return;
  json = begin_event (event, &state);
  add_double (json, "fraction", state.fraction);
  add_double (json, "elapsed", elapsed ());
  if (!end_event (log_state.progress_fd, json))
    log_state.progress_fd = -1;
}

static JsonBuilder *
failure_event (const V2vStepState *state, V2vExit status, const char *message)
{
  JsonBuilder *json = begin_event ("error", state);

  add_int (json, "status", status);
  add_string (json, "message", message);
  return json;
}

void
v2v_log_write_failure (int fd, const V2vStepState *state, V2vExit status, const char *message)
{
  if (fd >= 0)
    end_event (fd, failure_event (state, status, message));
}

static int last_words_fd = -1;

void
v2v_log_last_words_to (int fd)
{
  last_words_fd = fd;
}

void
v2v_log_prepare_last_words (V2vLastWords *words_r, V2vExit status, const char *message)
{
  const V2vStepState state = current_state ();
  g_autofree char *printable = v2v_printable_message (message, TRUE);

  g_autofree char *escaped = g_strescape (message, NULL);

  words_r->line =
      last_words_fd < 0 ? NULL : g_strdup_printf ("%c%s\n", V2V_LETTER_LAST_WORDS, escaped);
  words_r->text = g_strdup_printf ("%s" PROGRAM ": error: %s\n",
                                   log_state.terminal ? CLEAR_LINE : "", printable);
  words_r->event =
      log_state.progress_fd < 0 ? NULL : event_line (failure_event (&state, status, message));
}

void
v2v_log_say_last_words (const V2vLastWords *words)
{
  (void)!write (STDERR_FILENO, words->text, strlen (words->text));
  if (words->line)
    (void)!write (last_words_fd, words->line, strlen (words->line));
  if (words->event)
    (void)!write (log_state.progress_fd, words->event, strlen (words->event));
}

void
v2v_log_clear_last_words (V2vLastWords *words)
{
  g_clear_pointer (&words->text, g_free);
  g_clear_pointer (&words->line, g_free);
  g_clear_pointer (&words->event, g_free);
}

void
v2v_log_write_alive (int fd, const V2vStepState *state, double elapsed, double idle)
{
  JsonBuilder *json;

  if (fd < 0)
    return;
  json = begin_event ("alive", state);
  add_string (json, "detail", state->detail);
  add_double (json, "fraction", state->fraction);
  add_double (json, "elapsed", elapsed);
  add_double (json, "idle", idle);
  end_event (fd, json);
}

/* ---- steps ---- */

static void
tell_listener (void)
{
  const V2vStepState state = current_state ();

  if (log_state.listener)
    log_state.listener (&state, log_state.listener_data);
}

void
v2v_log_guest (const char *guest)
{
  g_free (log_state.guest);
  log_state.guest = g_strdup (guest);
}

void
v2v_steps_expect (const char *const *names)
{
  g_strfreev (log_state.expected);
  log_state.expected = g_strdupv ((char **)names);
  log_state.passed = 0;
}

/* Counts the step NAME, and any announced steps before it that were left out. */
static void
count_step (const char *name)
{
  guint length = log_state.expected ? g_strv_length (log_state.expected) : 0;

  for (guint i = log_state.passed; i < length; i++)
    if (g_str_equal (log_state.expected[i], name)) {
      log_state.passed = i + 1;
      return;
    }
  log_state.passed++;
}

void
v2v_step (const char *name, const char *text, guint limit)
{
  v2v_step_end ();
  count_step (name);
  log_state.name = g_strdup (name);
  log_state.text = v2v_printable (text, -1, FALSE);
  log_state.limit = limit;
  log_state.fraction = 0;
  log_state.began = g_get_monotonic_time ();
  write_json ("begin");
  tell_listener ();
  if (log_state.terminal && log_state.verbosity == V2V_NORMAL)
    draw_bar ();
  else if (log_state.verbosity >= V2V_NORMAL)
    fprintf (stderr, PROGRAM ": %s\n", log_state.text);
}

void
v2v_step_progress (double fraction)
{
  if (!log_state.name || fraction - log_state.fraction < 0.01)
    return;
  log_state.fraction = CLAMP (fraction, 0, 1);
  write_json ("progress");
  tell_listener ();
  draw_bar ();
}

void
v2v_step_detail (const char *detail)
{
  g_free (log_state.detail);
  log_state.detail = g_strdup (detail);
  if (log_state.name)
    tell_listener ();
}

void
v2v_step_end (void)
{
  if (!log_state.name)
    return;
  log_state.fraction = 1;
  write_json ("end");
  if (log_state.terminal && log_state.verbosity == V2V_NORMAL) {
    clear_bar ();
    fprintf (stderr, "%-40.40s %6.1f s\n", log_state.text, elapsed ());
  }
  g_clear_pointer (&log_state.name, g_free);
  g_clear_pointer (&log_state.text, g_free);
  g_clear_pointer (&log_state.detail, g_free);
  tell_listener ();
}

void
v2v_step_listen (V2vStepListener listener, gpointer data)
{
  log_state.listener = listener;
  log_state.listener_data = data;
}

/* ---- what the end of this process would leave ---- */

static char *if_killed;
static V2vIfKilledListener if_killed_listener;

void
v2v_if_killed (const char *text)
{
  if (text == if_killed)
    return;
  g_free (if_killed);
  if_killed = g_strdup (text);
  if (if_killed_listener)
    if_killed_listener (if_killed);
}

const char *
v2v_if_killed_text (void)
{
  return if_killed;
}

void
v2v_if_killed_listen (V2vIfKilledListener listener)
{
  if_killed_listener = listener;
}

/* ---- file systems that fill up ---- */

static V2vSpaceListener space_listener;

void
v2v_watch_space (const char *directory)
{
  if (space_listener)
    space_listener (directory);
}

void
v2v_space_listen (V2vSpaceListener listener)
{
  space_listener = listener;
}
