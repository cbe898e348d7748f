/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Collects and prints diagnostics, and finds the name that a misspelled name was meant to be.
 */
#include "config.h"

#include <string.h>

#include "base/diag.h"
#include "base/printable.h"

/* A hostile file can contain a mistake at every character, so the number of diagnostics and the
 * length of the lines shown are limited. */
#define DIAGS_MAX 1000
#define LINE_SHOWN_MAX 160 /* characters */

typedef struct {
  V2vDiag diag; /* must be first: the list holds pointers to it */
  guint caret;  /* column of the caret in source_line, from 1 */
  guint number; /* order of addition, which keeps sorting stable */
} Entry;

typedef struct {
  const char *text;
  gsize length;
  GArray *lines; /* gsize: offset at which each line begins; made when first needed */
} Text;

struct V2vDiags {
  GHashTable *texts; /* file -> Text */
  GPtrArray *list;   /* Entry */
  GHashTable *seen;  /* set of keys made of severity, place and message */
  guint errors;
  guint dropped;
  gboolean sorted;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->diag.message);
  g_free (entry->diag.hint);
  g_free (entry->diag.source_line);
  g_free (entry);
}

static void
text_free (gpointer data)
{
  Text *text = data;

  if (text->lines != NULL)
    g_array_unref (text->lines);
  g_free (text);
}

V2vDiags *
v2v_diags_new (void)
{
  V2vDiags *diags = g_new0 (V2vDiags, 1);

  diags->texts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, text_free);
  diags->list = g_ptr_array_new_with_free_func (entry_free);
  diags->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return diags;
}

void
v2v_diags_free (V2vDiags *diags)
{
  if (diags == NULL)
    return;
  g_hash_table_unref (diags->texts);
  g_ptr_array_unref (diags->list);
  g_hash_table_unref (diags->seen);
  g_free (diags);
}

void
v2v_diags_set_text (V2vDiags *diags, const char *file, const char *text, gsize length)
{
  Text *entry = g_new0 (Text, 1);

  entry->text = text;
  entry->length = length;
  g_hash_table_insert (diags->texts, (gpointer)g_intern_string (file), entry);
}

/* ---- adding ---- */

/* Columns count characters; a byte that is not valid UTF-8 counts as one character. */
static const char *
step (const char *p, const char *end)
{
  const gunichar c = (guchar)*p < 0x80 ? (guchar)*p : g_utf8_get_char_validated (p, end - p);

  return c == (gunichar)-1 || c == (gunichar)-2 ? p + 1 : g_utf8_next_char (p);
}

/* Stores in ENTRY the source line at its place; of a long line, only the part around the
 * column. */
static void
take_line (V2vDiags *diags, Entry *entry)
{
  const V2vPlace *place = &entry->diag.place;
  Text *text;
  const char *begin, *end, *from, *to, *p;
  g_autofree char *before = NULL;
  guint column;

  entry->caret = place->column;
  if (place->line == 0 || place->file == NULL)
    return;
  text = g_hash_table_lookup (diags->texts, place->file);
  if (text == NULL)
    return;
  if (text->lines == NULL) {
    gsize start = 0;

    text->lines = g_array_new (FALSE, FALSE, sizeof (gsize));
    g_array_append_val (text->lines, start);
    for (const char *q = text->text;
         (q = memchr (q, '\n', text->text + text->length - q)) != NULL;) {
      start = ++q - text->text;
      g_array_append_val (text->lines, start);
    }
  }
  if (place->line > text->lines->len)
    return;
  begin = text->text + g_array_index (text->lines, gsize, place->line - 1);
  end = memchr (begin, '\n', text->text + text->length - begin);
  if (end == NULL)
    end = text->text + text->length;
  if (end > begin && end[-1] == '\r')
    end--;

  from = begin;
  column = 1;
  for (p = begin; p < end && column + LINE_SHOWN_MAX / 2 < place->column; column++)
    from = p = step (p, end);
  to = from;
  for (guint shown = 0; to < end && shown < LINE_SHOWN_MAX; shown++)
    to = step (to, end);

  /* Escapes for unprintable characters before the column make the text longer, so the caret has
   * to move by as much. */
  for (p = from; p < to && column < place->column; column++)
    p = step (p, end);
  before = v2v_printable (from, p - from, FALSE);
  entry->caret = (guint)g_utf8_strlen (before, -1) + 1 + (place->column - column);
  entry->diag.source_line = v2v_printable (from, to - from, FALSE);
}

void
v2v_diags_add (V2vDiags *diags, V2vSeverity severity, guint code, V2vPlace place, guint length,
               const char *hint, const char *format, ...)
{
  g_autofree char *raw = NULL;
  g_autofree char *message = NULL;
  char *identity;
  Entry *entry;
  va_list args;

  va_start (args, format);
  raw = g_strdup_vprintf (format, args);
  va_end (args);
  message = v2v_printable_message (raw, FALSE);

  identity = g_strdup_printf ("%d:%s:%u:%u:%s", severity, place.file ? place.file : "",
                              place.line, place.column, message);
  if (g_hash_table_contains (diags->seen, identity)) {
    g_free (identity);
    return;
  }
  if (severity == V2V_DIAG_ERROR)
    diags->errors++;
  if (diags->list->len >= DIAGS_MAX) {
    diags->dropped++;
    g_free (identity);
    return;
  }
  g_hash_table_add (diags->seen, identity);

  entry = g_new0 (Entry, 1);
  entry->diag.severity = severity;
  entry->diag.code = code;
  entry->diag.place = place;
  entry->diag.length = MAX (length, 1);
  entry->diag.message = g_steal_pointer (&message);
  entry->diag.hint = hint != NULL ? v2v_printable_message (hint, FALSE) : NULL;
  entry->number = diags->list->len;
  take_line (diags, entry);
  g_ptr_array_add (diags->list, entry);
  diags->sorted = FALSE;
}

guint
v2v_diags_errors (const V2vDiags *diags)
{
  return diags->errors;
}

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *x = *(const Entry *const *)a, *y = *(const Entry *const *)b;
  int order = g_strcmp0 (x->diag.place.file, y->diag.place.file);

  if (order == 0)
    order =
        (x->diag.place.line > y->diag.place.line) - (x->diag.place.line < y->diag.place.line);
  if (order == 0)
    order = (x->diag.place.column > y->diag.place.column) -
            (x->diag.place.column < y->diag.place.column);
  if (order == 0)
    order = (x->number > y->number) - (x->number < y->number);
  return order;
}

const GPtrArray *
v2v_diags_list (V2vDiags *diags)
{
  if (!diags->sorted)
    g_ptr_array_sort (diags->list, compare_entries);
  diags->sorted = TRUE;
  return diags->list;
}

/* ---- printing ---- */

static void
append_caret (GString *out, const Entry *entry)
{
  const char *p = entry->diag.source_line;
  guint under = entry->diag.length;

  g_string_append (out, "    ");
  for (guint i = 1; i < entry->caret; i++) {
    /* The caret has to be in the same terminal column as the text above it: repeat tabs, and
     * write two columns for a wide character. */
    const gunichar c = *p != '\0' ? g_utf8_get_char (p) : ' ';

    g_string_append (out, c == '\t' ? "\t" : g_unichar_iswide (c) ? "  " : "");
    if (c != '\t' && !g_unichar_iswide (c))
      g_string_append_c (out, ' ');
    if (*p != '\0')
      p = g_utf8_next_char (p);
  }
  g_string_append_c (out, '^');
  for (guint i = 1; i < under; i++) {
    if (*p != '\0')
      p = g_utf8_next_char (p);
    if (*p == '\0')
      break;
    g_string_append (out, g_unichar_iswide (g_utf8_get_char (p)) ? "~~" : "~");
  }
  g_string_append_c (out, '\n');
}

char *
v2v_diags_to_string (V2vDiags *diags)
{
  GString *out = g_string_new (NULL);
  const GPtrArray *list = v2v_diags_list (diags);

  for (guint i = 0; i < list->len; i++) {
    const Entry *entry = g_ptr_array_index (list, i);
    const V2vDiag *diag = &entry->diag;
    const char *word = diag->severity == V2V_DIAG_ERROR ? "error" : "warning";

    if (diag->place.file != NULL) {
      g_autofree char *file = v2v_printable (diag->place.file, -1, FALSE);

      g_string_append_printf (out, "%s:", file);
      if (diag->place.line > 0)
        g_string_append_printf (out, "%u:%u:", diag->place.line, diag->place.column);
      g_string_append_c (out, ' ');
    }
    g_string_append_printf (out, "%s[V2V%03u]: %s\n", word, diag->code, diag->message);
    if (diag->source_line != NULL) {
      g_string_append_printf (out, "    %s\n", diag->source_line);
      append_caret (out, entry);
    }
    if (diag->hint != NULL)
      g_string_append_printf (out, "    %s\n", diag->hint);
  }
  if (diags->dropped > 0)
    g_string_append_printf (out, "%u more are not shown\n", diags->dropped);
  return g_string_free (out, FALSE);
}

void
v2v_diags_print (V2vDiags *diags, FILE *stream)
{
  g_autofree char *text = v2v_diags_to_string (diags);

  fputs (text, stream);
}

/* ---- suggesting a name ---- */

#define NAME_MAX_COMPARED 64

/* Edit distance of A and B, where swapping two neighbouring characters is one edit; at most
 * LIMIT + 1. Case is ignored: an author who writes RHEL means rhel. */
static guint
distance (const char *a, gsize length_a, const char *b, gsize length_b, guint limit)
{
  guint rows[3][NAME_MAX_COMPARED + 1];
  guint *before_last = rows[0], *last = rows[1], *row = rows[2];

  for (guint j = 0; j <= length_b; j++)
    last[j] = j;
  for (guint i = 1; i <= length_a; i++) {
    guint least, *spare;

    row[0] = least = i;
    for (guint j = 1; j <= length_b; j++) {
      const char x = g_ascii_tolower (a[i - 1]), y = g_ascii_tolower (b[j - 1]);
      guint best = last[j - 1] + (x != y);

      best = MIN (best, last[j] + 1);
      best = MIN (best, row[j - 1] + 1);
      if (i > 1 && j > 1 && x == g_ascii_tolower (b[j - 2]) && g_ascii_tolower (a[i - 2]) == y)
        best = MIN (best, before_last[j - 2] + 1);
      row[j] = best;
      least = MIN (least, best);
    }
    if (least > limit)
      return limit + 1;
    spare = before_last;
    before_last = last;
    last = row;
    row = spare;
  }
  return last[length_b];
}

const char *
v2v_nearest (const char *name, const GPtrArray *candidates)
{
  const gsize length = strlen (name);
  const char *nearest = NULL;
  guint limit;

  if (length == 0 || length > NAME_MAX_COMPARED)
    return NULL;
  /* Up to about one typing error in three characters still counts as a misspelling. */
  limit = length <= 2 ? 1 : MIN ((guint)(length + 2) / 3, 4);
  for (guint i = 0; i < candidates->len; i++) {
    const char *candidate = g_ptr_array_index (candidates, i);
    const gsize other = strlen (candidate);
    guint found;

    if (other > NAME_MAX_COMPARED || (other > length ? other - length : length - other) > limit)
      continue;
    found = distance (name, length, candidate, other, limit);
    /* If every character would have to be changed, it is another word, not a misspelling. */
    if (found > limit || (found > 0 && found >= MIN (length, other)))
      continue;
    nearest = candidate;
    if (found == 0)
      break;
    limit = found - 1; /* so the first of equally near names is kept */
  }
  return nearest;
}
