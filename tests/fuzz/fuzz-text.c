/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: what guests and others say, one reader after the other by the first byte:
 * consoles, what a search prints, lines of file system tables, JSON, and text that is made
 * printable.
 */
#include "config.h"

#include <string.h>

#include "base/jsontext.h"
#include "base/log.h"
#include "guest/internal.h"
#include "verify/signs.h"

#include "fuzz.h"

static V2vSigns *signs;

int
LLVMFuzzerInitialize (int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
  g_autoptr (GPtrArray) trees = v2v_rule_dirs_default (NULL);
  g_autoptr (GError) error = NULL;

  v2v_log_setup (V2V_QUIET, -1);
  signs = v2v_signs_load (trees, &error);
  g_assert_no_error (error);
  return 0;
}

static void
assert_plain (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (; *text; text = g_utf8_next_char (text))
    g_assert_true (*text == '\n' || v2v_is_printable (g_utf8_get_char (text)));
}

static void
printable (const char *text, gsize size)
{
  g_autofree char *lines = v2v_printable (text, (gssize)size, TRUE);
  g_autofree char *line = v2v_printable (text, (gssize)size, FALSE);
  g_autofree char *message = v2v_printable_message (text, TRUE);
  g_autofree char *json = v2v_printable_json (text);
  g_autofree char *xml = v2v_printable_xml (text);

  assert_plain (lines);
  assert_plain (message);
  assert_plain (json);
  assert_plain (xml);
  g_assert_null (strchr (line, '\n'));
  g_assert_cmpuint (strlen (message), <=, 6 * V2V_MESSAGE_MAX + 64);
}

static void
console (const char *text, gsize size)
{
  g_autofree char *plain = v2v_console_plain (text, size);
  g_autofree char *line = NULL;
  g_autofree char *last = NULL;
  gboolean final;

  assert_plain (plain);
  g_assert_true (!v2v_signs_match (signs, plain, &final, &line) == !line);
  v2v_signs_match_end (signs, plain, &last);
}

static void
take (const V2vFound *found, void *data)
{
  guint *count = data;

  g_assert_true (g_utf8_strlen (found->path, -1) >= 0 && found->text);
  g_assert_cmpint (found->line, >=, 0);
  (*count)++;
}

static void
json (const char *text, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = v2v_json_parse (text, size, &error);
  g_autofree char *written = NULL;

  g_assert_true (!node == !!error);
  if (!node) {
    g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
    return;
  }
  written = v2v_json_text (node, FALSE);
  assert_plain (written);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = NULL;
  guint count = 0;

  if (size == 0)
    return 0;
  text = g_malloc (size);
  memcpy (text, data + 1, size - 1);
  text[--size] = '\0';
  switch (data[0] % 5) {
  case 0:
    printable (text, size);
    break;
  case 1:
    console (text, size);
    break;
  case 2:
    v2v_search_parse (text, take, &count);
    break;
  case 3:
    g_strfreev (v2v_guest_table_fields (text));
    break;
  default:
    json (text, size);
    break;
  }
  return 0;
}
