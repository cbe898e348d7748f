/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Messages for people, and the named steps of a conversion.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <json-glib/json-glib.h>

#include "base/log.h"

#define PROGRAM "v2v-engine"
#define BAR_WIDTH 30

static struct {
  V2vVerbosity verbosity;
  int progress_fd;
  gboolean terminal;
  GPtrArray *warnings;
  /* The step under way; name NULL if none is. */
  char *name;
  char *text;
  char *detail;
  guint limit;
  double fraction;
  gint64 began;
  gboolean bar; /* the current line of the terminal holds a bar */
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
    fputs ("\r\033[K", stderr);
  log_state.bar = FALSE;
}

static void
draw_bar (void)
{
  int filled = (int)(log_state.fraction * BAR_WIDTH + 0.5);

  if (!log_state.terminal || log_state.verbosity != V2V_NORMAL || !log_state.name)
    return;
  clear_bar ();
  fprintf (stderr, "%-40.40s [", log_state.text);
  for (int i = 0; i < BAR_WIDTH; i++)
    fputc (i < filled ? '#' : '-', stderr);
  fprintf (stderr, "] %3d%%", (int)(log_state.fraction * 100 + 0.5));
  fflush (stderr);
  log_state.bar = TRUE;
}

static void
say (const char *prefix, const char *format, va_list args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);
  g_autofree char *printable = v2v_printable (text, -1, TRUE);

  fflush (stdout); /* where both go to one file, lines stay whole and in their order */
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

void
v2v_warn (const char *format, ...)
{
  va_list args;

  if (!log_state.warnings)
    log_state.warnings = g_ptr_array_new_with_free_func (g_free);
  va_start (args, format);
  g_ptr_array_add (log_state.warnings, g_strdup_vprintf (format, args));
  va_end (args);
  va_start (args, format);
  say (PROGRAM ": warning: ", format, args);
  va_end (args);
}

void
v2v_log_error (const GError *error)
{
  g_autofree char *printable = v2v_printable (error->message, -1, TRUE);

  fflush (stdout);
  clear_bar ();
  fprintf (stderr, PROGRAM ": error: %s\n", printable);
  v2v_log_write_failure (log_state.progress_fd, v2v_error_exit (error), error->message);
}

const GPtrArray *
v2v_log_warnings (void)
{
  if (!log_state.warnings)
    log_state.warnings = g_ptr_array_new_with_free_func (g_free);
  return log_state.warnings;
}

/* One JSON line. A reader that went away is no reason to fail. */
static gboolean
write_event (int fd, JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *line = json_to_string (root, FALSE);
  g_autofree char *whole = g_strconcat (line, "\n", NULL);

  return write (fd, whole, strlen (whole)) >= 0;
}

/* {"event": EVENT, "step": NAME, ...} */
static void
write_json (const char *event)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (log_state.progress_fd < 0)
    return;
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "event");
  json_builder_add_string_value (builder, event);
  json_builder_set_member_name (builder, "step");
  json_builder_add_string_value (builder, log_state.name);
  json_builder_set_member_name (builder, "text");
  json_builder_add_string_value (builder, log_state.text);
  json_builder_set_member_name (builder, "fraction");
  json_builder_add_double_value (builder, log_state.fraction);
  json_builder_set_member_name (builder, "elapsed");
  json_builder_add_double_value (builder, (double)(g_get_monotonic_time () - log_state.began) /
                                              G_USEC_PER_SEC);
  json_builder_end_object (builder);
  if (!write_event (log_state.progress_fd, builder))
    log_state.progress_fd = -1;
}

void
v2v_log_write_failure (int fd, V2vExit status, const char *message)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autofree char *printable = NULL;

  if (fd < 0)
    return;
  printable = v2v_printable (message, -1, TRUE);
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "event");
  json_builder_add_string_value (builder, "error");
  json_builder_set_member_name (builder, "status");
  json_builder_add_int_value (builder, status);
  json_builder_set_member_name (builder, "message");
  json_builder_add_string_value (builder, printable);
  json_builder_end_object (builder);
  (void)!write_event (fd, builder);
}

static void
tell_listener (void)
{
  if (log_state.listener)
    log_state.listener (log_state.name, log_state.text, log_state.limit, log_state.fraction,
                        log_state.detail, log_state.listener_data);
}

void
v2v_step (const char *name, const char *text, guint limit)
{
  v2v_step_end ();
  log_state.name = g_strdup (name);
  log_state.text = g_strdup (text);
  log_state.limit = limit;
  log_state.fraction = 0;
  log_state.began = g_get_monotonic_time ();
  write_json ("begin");
  tell_listener ();
  if (log_state.terminal && log_state.verbosity == V2V_NORMAL)
    draw_bar ();
  else if (log_state.verbosity >= V2V_NORMAL)
    fprintf (stderr, PROGRAM ": %s\n", text);
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
    double seconds = (double)(g_get_monotonic_time () - log_state.began) / G_USEC_PER_SEC;
    clear_bar ();
    fprintf (stderr, "%-40.40s %6.1f s\n", log_state.text, seconds);
  }
  g_clear_pointer (&log_state.name, g_free);
  g_clear_pointer (&log_state.text, g_free);
  g_clear_pointer (&log_state.detail, g_free);
}

void
v2v_step_listen (V2vStepListener listener, gpointer data)
{
  log_state.listener = listener;
  log_state.listener_data = data;
}

char *
v2v_printable (const char *text, gssize length, gboolean keep_lines)
{
  const char *end = text + (length < 0 ? strlen (text) : (gsize)length);
  GString *out = g_string_new (NULL);

  while (text < end) {
    gunichar c = g_utf8_get_char_validated (text, end - text);

    if (c == (gunichar)-1 || c == (gunichar)-2 || c == 0) {
      g_string_append_printf (out, "\\x%02x", (guchar)*text);
      text++;
      continue;
    }
    if ((c == '\n' && keep_lines) || c == '\t' || g_unichar_isprint (c))
      g_string_append_unichar (out, c);
    else if (c < 0x100)
      g_string_append_printf (out, "\\x%02x", c);
    else
      g_string_append_printf (out, "\\u%04x", c);
    text = g_utf8_next_char (text);
  }
  return g_string_free (out, FALSE);
}
