/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command status: what interrupted runs left, which state disks are in, and what to do next.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-glib/json-glib.h>

#include "base/jsontext.h"
#include "base/log.h"
#include "cli/commands.h"
#include "storage/in-use.h"
#include "storage/leftovers.h"

static const V2vOptionDef options[] = {
    {"json", NULL, "print the list as JSON", FALSE},
    {NULL},
};

static void
member (JsonBuilder *json, const char *name, const char *text)
{
  json_builder_set_member_name (json, name);
  if (text)
    json_builder_add_string_value (json, text);
  else
    json_builder_add_null_value (json);
}

/* DISKS may be NULL. */
static void
tell (JsonBuilder *json, const char *path, const char *state, const char *guest,
      const GPtrArray *disks, const char *what)
{
  g_autofree char *shown = v2v_printable (path, -1, FALSE);
  g_autofree char *sentence = v2v_printable (what, -1, FALSE);

  if (!json) {
    v2v_printf ("%s: %s%s%s\n", shown, state, guest ? ", guest " : "", guest ? guest : "");
    for (guint i = 0; disks && i < disks->len; i++) {
      g_autofree char *disk = v2v_printable (disks->pdata[i], -1, FALSE);

      printf ("  disk: %s\n", disk);
    }
    printf ("  %s\n", sentence);
    return;
  }
  json_builder_begin_object (json);
  member (json, "path", path);
  member (json, "state", state);
  member (json, "guest", guest);
  json_builder_set_member_name (json, "disks");
  json_builder_begin_array (json);
  for (guint i = 0; disks && i < disks->len; i++)
    json_builder_add_string_value (json, disks->pdata[i]);
  json_builder_end_array (json);
  member (json, "what", what);
  json_builder_end_object (json);
}

/* Reports a file or directory that is not in the register of any run. */
static void
tell_unknown (JsonBuilder *json, const char *path)
{
  g_autoptr (GError) error = NULL;
  struct stat st;
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

  if (fd >= 0 && fstat (fd, &st) == 0 && (S_ISREG (st.st_mode) || S_ISBLK (st.st_mode)) &&
      !v2v_in_use_check (path, fd, &st, &error))
    tell (json, path, "in-use", NULL, NULL, error->message);
  else
    tell (json, path, "nothing", NULL, NULL,
          "no run is at work on it, and no interrupted one left anything that is known here");
  if (fd >= 0)
    close (fd);
}

static gboolean
tell_of (JsonBuilder *json, const char *word, GError **error)
{
  g_autofree char *path = word ? g_canonicalize_filename (word, NULL) : NULL;
  g_autoptr (GPtrArray) left = NULL;

  if (path && !g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_NOINPUT,
                 "%s does not exist: name a directory, or a disk", word);
    return FALSE;
  }
  left = v2v_leftovers (path);
  for (guint i = 0; i < left->len; i++) {
    const V2vLeft *one = left->pdata[i];

    tell (json, one->path, one->state, one->guest, one->disks, one->what);
  }
  if (!left->len && path)
    tell_unknown (json, path);
  else if (!left->len && !json)
    printf ("no run is under way, and no interrupted one left anything that is known here\n");
  return TRUE;
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  const gboolean as_json = v2v_option_is_set (line->values, "json");
  g_autoptr (JsonBuilder) json = as_json ? json_builder_new () : NULL;
  gboolean ok = TRUE;

  if (json)
    json_builder_begin_array (json);
  if (!line->words->len)
    ok = tell_of (json, NULL, error);
  for (guint i = 0; ok && i < line->words->len; i++)
    ok = tell_of (json, line->words->pdata[i], error);
  if (json && ok) {
    g_autoptr (JsonNode) root = NULL;
    g_autofree char *text = NULL;

    json_builder_end_array (json);
    root = json_builder_get_root (json);
    text = v2v_json_text (root, TRUE);
    printf ("%s\n", text);
  }
  return ok;
}

const V2vCommand v2v_command_status = {
    .name = "status",
    .arguments = "[DIR|DISK ...]",
    .help = "report what interrupted runs left, and what to do about it",
    .options = options,
    .own_rules = TRUE, /* this command needs none */
    .for_users = TRUE,
    .words_min = 0,
    .words_max = 64,
    .run = run,
};
