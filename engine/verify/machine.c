/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An emulated machine: its serial ports write to files, its monitor uses a socket pair.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-glib/json-glib.h>

#include "base/jsontext.h"
#include "base/log.h"
#include "base/outfile.h"
#include "base/tempfile.h"
#include "verify/machine.h"
#include "verify/signs.h"

/* How many bytes of a console are read: a guest may print without end. */
#define KEPT (512 * 1024)
/* How large the file of a console may grow before its beginning is discarded. */
#define SPACE_MAX (16 * 1024 * 1024)
#define FILE_LIMIT ((rlim_t)1 << 40)
/* System calls that an emulator never needs, forbidden so that a guest that takes over the
 * emulator cannot use them. */
#define SANDBOX "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"
#define QMP_FD 3
#define QMP_MILLISECONDS 20000
#define QMP_LINE_MAX (1024 * 1024)
/* The size of the video memory in text mode: 25 lines of 80 characters, each with an
 * attribute byte. */
#define SCREEN_ADDRESS 0xb8000
#define SCREEN_COLUMNS 80
#define SCREEN_LINES 25
#define SCREEN_BYTES (SCREEN_COLUMNS * SCREEN_LINES * 2)

struct V2vMachine {
  GPid pid;
  int qmp;
  GString *received; /* from the monitor, up to the end of the last whole line */
  char *serial, *firmware, *mark, *messages, *screen, *picture;
  guint restarts;
  gboolean off, ended;
};

static char *
in_dir (const char *dir, const char *name)
{
  char *path = g_build_filename (dir, name, NULL);

  v2v_temp_add (path);
  return path;
}

/* Runs in the child process before it starts the emulator. */
static void
set_up_child (gpointer data G_GNUC_UNUSED)
{
  struct rlimit cores = {0, 0};
  struct rlimit file = {FILE_LIMIT, FILE_LIMIT};

  setrlimit (RLIMIT_CORE, &cores);
  setrlimit (RLIMIT_FSIZE, &file);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
add (GPtrArray *argv, const char *option, char *value)
{
  g_ptr_array_add (argv, g_strdup (option));
  g_ptr_array_add (argv, value);
}

static gboolean spawn (V2vMachine *machine, const GPtrArray *argv, GError **error);
static gboolean qmp_command (V2vMachine *machine, const char *command);

V2vMachine *
v2v_machine_start (const GPtrArray *argv, const char *serial, const char *dir, GError **error)
{
  g_autoptr (V2vMachine) machine = g_new0 (V2vMachine, 1);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);

  machine->qmp = -1;
  machine->received = g_string_new (NULL);
  machine->serial = g_strdup (serial);
  v2v_temp_add (serial);
  machine->firmware = in_dir (dir, V2V_MACHINE_FIRMWARE);
  machine->mark = in_dir (dir, V2V_MACHINE_MARK);
  machine->messages = in_dir (dir, "emulator.log");
  machine->screen = in_dir (dir, "screen.bin");
  machine->picture = in_dir (dir, "screen.png");
  for (guint i = 0; i < argv->len; i++)
    g_ptr_array_add (all, g_strdup (argv->pdata[i]));
  add (all, "-chardev", g_strdup_printf ("socket,id=v2v-qmp,fd=%d", QMP_FD));
  add (all, "-mon", g_strdup ("chardev=v2v-qmp,mode=control"));
  g_ptr_array_add (all, g_strdup ("-no-shutdown"));
  add (all, "-sandbox", g_strdup (SANDBOX));
  g_ptr_array_add (all, NULL);
  if (!spawn (machine, all, error))
    return NULL;
  if (!qmp_command (machine, "{\"execute\": \"qmp_capabilities\"}\n")) {
    g_autofree char *said = v2v_machine_messages (machine);

    g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE, "%s does not start%s%s",
                 (const char *)all->pdata[0], *said ? ": " : "", said);
    return NULL;
  }
  return g_steal_pointer (&machine);
}

static gboolean
spawn (V2vMachine *machine, const GPtrArray *argv, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *text = g_strjoinv (" ", (char **)argv->pdata);
  int pair[2];
  int messages = open (machine->messages, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  gboolean ok;

  v2v_debug ("running: %s", text);
  if (messages < 0 || socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
    v2v_error_set_errno (error, errno, "cannot watch a machine");
    if (messages >= 0)
      close (messages);
    return FALSE;
  }
  ok = g_spawn_async_with_pipes_and_fds (
      NULL, (const char *const *)argv->pdata, NULL,
      G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL,
      set_up_child, NULL, -1, -1, messages, &pair[1], (const int[]){QMP_FD}, 1, &machine->pid,
      NULL, NULL, NULL, &local);
  close (messages);
  close (pair[1]);
  machine->qmp = pair[0];
  if (!ok)
    g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
                 "cannot run %s: %s; install the package that provides it",
                 (const char *)argv->pdata[0], local->message);
  return ok;
}

void
v2v_machine_free (V2vMachine *machine)
{
  if (!machine)
    return;
  /* After waitpid, the process id may belong to another process. */
  if (machine->pid && !machine->ended) {
    kill (machine->pid, SIGKILL);
    while (waitpid (machine->pid, NULL, 0) < 0 && errno == EINTR)
      ;
  }
  if (machine->qmp >= 0)
    close (machine->qmp);
  {
    char *files[] = {machine->serial,   machine->firmware, machine->mark,
                     machine->messages, machine->screen,   machine->picture};

    for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
      if (files[i])
        v2v_temp_remove (files[i]);
      g_free (files[i]);
    }
  }
  g_string_free (machine->received, TRUE);
  g_free (machine);
}

/* ---- the monitor ---- */

/* Handles one line from the monitor. Is it the answer to a command? *OK_R: a successful one. A
 * guest that took over the emulator may write anything here, so other lines are ignored. */
static gboolean
take_line (V2vMachine *machine, const char *line, gboolean *ok_r)
{
  g_autoptr (JsonNode) node = v2v_json_parse (line, strlen (line), NULL);
  JsonObject *object = node ? json_node_get_object (node) : NULL;
  JsonNode *event = object ? json_object_get_member (object, "event") : NULL;
  const char *name = event && json_node_get_value_type (event) == G_TYPE_STRING
                         ? json_node_get_string (event)
                         : NULL;

  *ok_r = FALSE;
  if (!object)
    return FALSE;
  if (name) {
    machine->restarts += g_str_equal (name, "RESET");
    machine->off |= g_str_equal (name, "SHUTDOWN");
    return FALSE;
  }
  *ok_r = json_object_has_member (object, "return");
  return *ok_r || json_object_has_member (object, "error");
}

/* Reads what the monitor says until MILLISECONDS have passed or, with ANSWER, a command is
 * answered. */
static gboolean
read_monitor (V2vMachine *machine, guint milliseconds, gboolean answer)
{
  gint64 end = g_get_monotonic_time () + (gint64)milliseconds * 1000;

  for (;;) {
    char *newline;
    gint64 left = (end - g_get_monotonic_time ()) / 1000;
    struct pollfd polled = {machine->qmp, POLLIN, 0};
    char bytes[4096];
    gssize n;

    while ((newline = strchr (machine->received->str, '\n'))) {
      gboolean ok = FALSE;
      gboolean answered;

      *newline = '\0';
      answered = take_line (machine, machine->received->str, &ok);
      g_string_erase (machine->received, 0, newline + 1 - machine->received->str);
      if (answered && answer)
        return ok;
    }
    if (left <= 0 || machine->received->len > QMP_LINE_MAX)
      return FALSE;
    if (poll (&polled, 1, (int)left) <= 0)
      continue;
    n = read (machine->qmp, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    for (gssize i = 0; i < n; i++)
      if (bytes[i])
        g_string_append_c (machine->received, bytes[i]);
  }
}

static gboolean
qmp_command (V2vMachine *machine, const char *command)
{
  gsize length = strlen (command);

  return send (machine->qmp, command, length, MSG_NOSIGNAL) == (gssize)length &&
         read_monitor (machine, QMP_MILLISECONDS, TRUE);
}

void
v2v_machine_cut_log (const char *path)
{
  int fd = open (path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat status;

  if (fd < 0)
    return;
  /* The writer continues at its offset, so the beginning is turned into a hole. On a file
   * system without holes, the whole file is emptied. */
  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode) &&
      (gint64)status.st_blocks * 512 > SPACE_MAX &&
      fallocate (fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, status.st_size - KEPT) != 0)
    (void)!ftruncate (fd, 0);
  close (fd);
}

gboolean
v2v_machine_listen (V2vMachine *machine, guint milliseconds)
{
  const char *const logs[] = {machine->serial, machine->firmware, machine->mark,
                              machine->messages};
  gint64 end = g_get_monotonic_time () + (gint64)milliseconds * 1000;
  gint64 left;

  read_monitor (machine, milliseconds, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (logs); i++)
    v2v_machine_cut_log (logs[i]);
  if (!machine->ended && waitpid (machine->pid, NULL, WNOHANG) == machine->pid)
    machine->ended = TRUE;
  left = end - g_get_monotonic_time ();
  if (!machine->ended && left > 0)
    g_usleep ((gulong)left);
  return !machine->ended;
}

guint
v2v_machine_restarts (const V2vMachine *machine)
{
  return machine->restarts;
}

gboolean
v2v_machine_is_off (const V2vMachine *machine)
{
  return machine->off;
}

/* ---- what it said ---- */

/* The end of the file at PATH, as plain text. */
static char *
read_end (const char *path)
{
  int fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  g_autofree char *bytes = g_malloc (KEPT);
  gssize n = -1;

  if (fd >= 0) {
    gint64 length = lseek (fd, 0, SEEK_END);

    n = pread (fd, bytes, KEPT, MAX (0, length - KEPT));
    close (fd);
  }
  return v2v_console_plain (bytes, n > 0 ? (gsize)n : 0);
}

char *
v2v_machine_console (V2vMachine *machine)
{
  return read_end (machine->serial);
}

char *
v2v_machine_firmware (V2vMachine *machine)
{
  return read_end (machine->firmware);
}

char *
v2v_machine_mark (V2vMachine *machine)
{
  return read_end (machine->mark);
}

char *
v2v_machine_messages (V2vMachine *machine)
{
  return g_strchomp (read_end (machine->messages));
}

static char *
quoted (const char *text)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), text);

  return json_to_string (node, FALSE);
}

char *
v2v_machine_screen (V2vMachine *machine)
{
  g_autofree char *file = quoted (machine->screen);
  g_autofree char *command =
      g_strdup_printf ("{\"execute\": \"pmemsave\", \"arguments\": {\"val\": %d, \"size\": %d, "
                       "\"filename\": %s}}\n",
                       SCREEN_ADDRESS, SCREEN_BYTES, file);
  GString *text = g_string_new (NULL);
  g_autofree char *bytes = NULL;
  gsize length = 0;

  if (!qmp_command (machine, command) ||
      !g_file_get_contents (machine->screen, &bytes, &length, NULL) || length < SCREEN_BYTES)
    return g_string_free (text, FALSE);
  for (guint line = 0; line < SCREEN_LINES; line++) {
    gsize begin = text->len;

    for (guint column = 0; column < SCREEN_COLUMNS; column++) {
      guchar c = (guchar)bytes[(line * SCREEN_COLUMNS + column) * 2];

      g_string_append_c (text, c >= ' ' && c < 0177 ? (char)c : ' ');
    }
    while (text->len > begin && text->str[text->len - 1] == ' ')
      g_string_truncate (text, text->len - 1);
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}

gboolean
v2v_machine_photograph (V2vMachine *machine, const char *path)
{
  g_autofree char *file = quoted (machine->picture);
  g_autofree char *command = g_strdup_printf (
      "{\"execute\": \"screendump\", \"arguments\": {\"filename\": %s, \"format\": \"png\"}}\n",
      file);
  g_autofree char *bytes = NULL;
  gsize length;

  return qmp_command (machine, command) &&
         g_file_get_contents (machine->picture, &bytes, &length, NULL) &&
         v2v_write_file (path, bytes, (gssize)length, 0600, NULL);
}
