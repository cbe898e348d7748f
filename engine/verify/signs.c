/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Signs: reads patterns from files, matches them with consoles, and removes escape sequences
 * from text.
 */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "verify/signs.h"

#define SIGNS_DIRECTORY "rules/verify"
#define SIGNS_SUFFIX ".signs"
#define SIGNS_MAX 1000
#define FILE_MAX_BYTES (256 * 1024)
#define LINE_MAX_BYTES 1024

static const struct {
  const char *name, *text;
} kinds[] = {
    [V2V_VERDICT_NONE] = {"none", "nothing is known"},
    [V2V_VERDICT_USER_SPACE] = {"user-space", "the guest reached its user space"},
    [V2V_VERDICT_KERNEL_PANIC] = {"kernel-panic", "the kernel panicked"},
    [V2V_VERDICT_NO_ROOT_DEVICE] = {"no-root-device",
                                    "the root file system's device was not found"},
    [V2V_VERDICT_EMERGENCY_SHELL] = {"emergency-shell", "the boot ended in an emergency shell"},
    [V2V_VERDICT_NO_BOOT_LOADER] = {"no-boot-loader",
                                    "no boot loader was found, or it found nothing to boot"},
    [V2V_VERDICT_FIRMWARE_SHELL] = {"firmware-shell",
                                    "the firmware found nothing to boot and shows its shell"},
    [V2V_VERDICT_RESTARTS] = {"restarts", "the guest restarts or turns itself off"},
    [V2V_VERDICT_TIMEOUT] = {"timeout", "the guest did not reach its user space in time"},
};

typedef enum {
  PASSING, /* a boot may survive it */
  FINAL,   /* "VERDICT!": final, a boot does not survive it */
  AT_END,  /* "VERDICT?": counts only on the last line, when the time is up */
} Weight;

typedef struct {
  V2vVerdictKind kind;
  Weight weight;
  GRegex *regex;
} Sign;

struct V2vSigns {
  GArray *signs; /* Sign */
};

const char *
v2v_verdict_name (V2vVerdictKind kind)
{
  return kinds[kind].name;
}

const char *
v2v_verdict_text (V2vVerdictKind kind)
{
  return kinds[kind].text;
}

void
v2v_signs_free (V2vSigns *signs)
{
  if (!signs)
    return;
  for (guint i = 0; i < signs->signs->len; i++)
    g_regex_unref (g_array_index (signs->signs, Sign, i).regex);
  g_array_unref (signs->signs);
  g_free (signs);
}

static gboolean
bad (const char *path, guint line, GError **error, const char *why)
{
  g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
               "%s:%u: %s; expected a verdict (user-space, kernel-panic, no-root-device, "
               "emergency-shell, no-boot-loader, firmware-shell; with ! if nothing can follow, "
               "with ? if nothing may) and a regular expression",
               path, line, why);
  return FALSE;
}

static gboolean
add_sign (V2vSigns *signs, const char *path, guint number, const char *line, GError **error)
{
  gsize word = strcspn (line, " \t");
  const char *pattern = line + word + strspn (line + word, " \t");
  g_autoptr (GError) local = NULL;
  Sign sign = {V2V_VERDICT_NONE, PASSING, NULL};

  if (word && strchr ("!?", line[word - 1]))
    sign.weight = line[--word] == '!' ? FINAL : AT_END;
  for (guint i = V2V_VERDICT_USER_SPACE; i <= V2V_VERDICT_FIRMWARE_SHELL; i++)
    if (strlen (kinds[i].name) == word && strncmp (line, kinds[i].name, word) == 0)
      sign.kind = (V2vVerdictKind)i;
  if (!sign.kind)
    return bad (path, number, error, "there is no such verdict");
  if (!*pattern)
    return bad (path, number, error, "there is no regular expression");
  if (signs->signs->len >= SIGNS_MAX)
    return bad (path, number, error, "there are too many signs");
  sign.regex = g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, &local);
  if (!sign.regex)
    return bad (path, number, error, local->message);
  g_array_append_val (signs->signs, sign);
  return TRUE;
}

static gboolean
read_file (V2vSigns *signs, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return FALSE;
  if (length > FILE_MAX_BYTES || !g_utf8_validate (text, (gssize)length, NULL))
    return bad (path, 1, error, "the file is too long or no UTF-8");
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    const char *line = g_strstrip (lines[i]);

    if (*line && *line != '#' && !add_sign (signs, path, i + 1, line, error))
      return FALSE;
  }
  return TRUE;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The names of the files of signs in DIRECTORY, which may be missing, sorted. */
static GPtrArray *
names_in (const char *directory)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    if (*name != '.' && g_str_has_suffix (name, SIGNS_SUFFIX))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

/* Reads the files of one rule directory, except those in SEEN, which files of a higher rule
 * directory hide. */
static gboolean
read_directory (V2vSigns *signs, const char *directory, GHashTable *seen, GError **error)
{
  g_autoptr (GPtrArray) names = names_in (directory);

  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename (directory, names->pdata[i], NULL);
    g_autofree char *link = g_file_read_link (path, NULL);

    if (!g_hash_table_add (seen, g_strdup (names->pdata[i])) ||
        g_strcmp0 (link, "/dev/null") == 0)
      continue;
    if (!read_file (signs, path, error))
      return FALSE;
  }
  return TRUE;
}

V2vSigns *
v2v_signs_load (const GPtrArray *rule_dirs, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (V2vSigns) signs = g_new0 (V2vSigns, 1);

  signs->signs = g_array_new (FALSE, FALSE, sizeof (Sign));
  for (guint i = 0; i < rule_dirs->len; i++) {
    const V2vRuleDir *dir = rule_dirs->pdata[i];
    g_autofree char *directory = g_build_filename (dir->path, SIGNS_DIRECTORY, NULL);

    if (!read_directory (signs, directory, seen, error))
      return NULL;
  }
  if (signs->signs->len)
    return g_steal_pointer (&signs);
  g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
               "no directory of rules has signs in " SIGNS_DIRECTORY "/*" SIGNS_SUFFIX
               ", which say what consoles mean; install the program's own, or name its "
               "directory by --rules-dir");
  return NULL;
}

/* The last of LINES that fits, counted from 1; 0 if none does. */
static guint
find_line (const Sign *sign, char *const *lines, guint n_lines)
{
  guint i = n_lines;

  while (i && !g_regex_match (sign->regex, lines[i - 1], 0, NULL))
    i--;
  return i;
}

static char **
split (const char *text)
{
  char **lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i]; i++)
    if (strlen (lines[i]) > LINE_MAX_BYTES) {
      const char *end = g_utf8_find_prev_char (lines[i], lines[i] + LINE_MAX_BYTES);

      lines[i][end ? end - lines[i] : 0] = '\0';
    }
  return lines;
}

V2vVerdictKind
v2v_signs_match (const V2vSigns *signs, const char *text, gboolean *final_r, char **line_r)
{
  g_auto (GStrv) lines = split (text);
  guint n_lines = g_strv_length (lines);
  V2vVerdictKind kind = V2V_VERDICT_NONE;
  guint line = 0;

  *final_r = FALSE;
  for (guint i = 0; i < signs->signs->len; i++) {
    const Sign *sign = &g_array_index (signs->signs, Sign, i);

    if (sign->kind == V2V_VERDICT_USER_SPACE && sign->weight != AT_END)
      line = MAX (line, find_line (sign, lines, n_lines));
  }
  if (line)
    kind = V2V_VERDICT_USER_SPACE;
  for (guint i = 0, up = line; i < signs->signs->len; i++) {
    const Sign *sign = &g_array_index (signs->signs, Sign, i);
    guint found;

    if (sign->kind == V2V_VERDICT_USER_SPACE || sign->weight == AT_END)
      continue;
    found = find_line (sign, lines + up, n_lines - up);
    if (found && (kind == V2V_VERDICT_NONE || kind == V2V_VERDICT_USER_SPACE)) {
      kind = sign->kind;
      line = up + found;
    }
    *final_r |= found && sign->weight == FINAL;
  }
  if (line && line_r)
    *line_r = g_strdup (lines[line - 1]);
  return kind;
}

V2vVerdictKind
v2v_signs_match_end (const V2vSigns *signs, const char *text, char **line_r)
{
  g_autofree char *trimmed = g_strchomp (g_strdup (text));
  const char *newline = strrchr (trimmed, '\n');
  g_auto (GStrv) lines = split (newline ? newline + 1 : trimmed);

  for (guint i = 0; lines[0] && i < signs->signs->len; i++) {
    const Sign *sign = &g_array_index (signs->signs, Sign, i);

    if (sign->weight == AT_END && find_line (sign, lines, 1)) {
      *line_r = g_strdup (lines[0]);
      return sign->kind;
    }
  }
  return V2V_VERDICT_NONE;
}

/* The length of the escape sequence at the beginning of TEXT; 0 if there is none. */
static gsize
escape_length (const char *text, gsize length)
{
  gsize i = 1;

  if (length < 2)
    return length;
  if (text[1] != '[')
    return text[1] == '(' || text[1] == ')' ? MIN (3, length) : 2;
  for (i = 2; i < length && (text[i] < '@' || text[i] > '~'); i++)
    ;
  return MIN (i + 1, length);
}

char *
v2v_console_plain (const char *text, gsize length)
{
  GString *plain = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++) {
    guchar c = (guchar)text[i];

    if (c == 033) {
      gsize skip = escape_length (text + i, length - i);

      /* A sequence that moves the cursor begins another piece of text, so it becomes a line
       * break. */
      if (skip > 2 && strchr ("HfJ", text[i + skip - 1]) && plain->len &&
          plain->str[plain->len - 1] != '\n')
        g_string_append_c (plain, '\n');
      i += skip - 1;
    } else if (c == '\n' || (c >= ' ' && c < 0177)) {
      g_string_append_c (plain, (char)c);
    } else if (c == '\t') {
      g_string_append_c (plain, ' ');
    } else if (c >= 0200) {
      g_string_append_c (plain, '?');
    }
  }
  return g_string_free (plain, FALSE);
}
