/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Compares two texts and shows the difference as a unified diff.
 *
 * After setting equal lines at both ends aside, lines are compared by the greedy algorithm of
 * E. W. Myers ("An O(ND) difference algorithm", 1986). If the texts differ in more than
 * MAX_EDITS lines, all lines are shown as replaced: nobody reads the finest difference of such
 * texts, and the memory used stays limited.
 */
#include "config.h"

#include <string.h>

#include "base/textdiff.h"

#define CONTEXT 3
#define MAX_EDITS 2000

typedef struct {
  char kind; /* ' ', '-' or '+' */
  const char *line;
} Edit;

static void
add_edit (GArray *edits, char kind, const char *line)
{
  Edit edit = {kind, line};

  g_array_append_val (edits, edit);
}

/* The furthest line of A that diagonal K reaches with D edits, computed from the state with D -
 * 1 edits. */
static int
step_from (const int *v, int d, int k)
{
  if (k == -d || (k != d && v[k - 1] < v[k + 1]))
    return v[k + 1];
  return v[k - 1] + 1;
}

/* Appends to EDITS the shortest sequence of edits that turns A (N lines) into B (M lines). */
static void
diff_lines (char **a, int n, char **b, int m, GArray *edits)
{
  int max = MIN (n + m, MAX_EDITS);
  g_autofree int *state = g_new0 (int, 2 * max + 3);
  int *v = state + max + 1;
  g_autoptr (GPtrArray) trace = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) backwards = g_array_new (FALSE, FALSE, sizeof (Edit));
  int found = -1, x, y;

  for (int d = 0; d <= max && found < 0; d++) {
    /* Step D reads the diagonals -d-1 .. d+1 only, so only these are kept. */
    g_ptr_array_add (trace, g_memdup2 (v - d - 1, sizeof (int) * (gsize)(2 * d + 3)));
    for (int k = -d; k <= d; k += 2) {
      x = step_from (v, d, k);
      y = x - k;
      while (x < n && y < m && strcmp (a[x], b[y]) == 0)
        x++, y++;
      v[k] = x;
      if (x >= n && y >= m) {
        found = d;
        break;
      }
    }
  }
  if (found < 0) {
    for (int i = 0; i < n; i++)
      add_edit (edits, '-', a[i]);
    for (int i = 0; i < m; i++)
      add_edit (edits, '+', b[i]);
    return;
  }

  x = n;
  y = m;
  for (int d = found; d >= 0; d--) {
    const int *before = (const int *)trace->pdata[d] + d + 1;
    int k = x - y;
    int start = d == 0 ? 0 : step_from (before, d, k);
    gboolean inserted = d > 0 && (k == -d || (k != d && before[k - 1] < before[k + 1]));

    while (x > start && y > start - k) {
      x--, y--;
      add_edit (backwards, ' ', a[x]);
    }
    if (d == 0)
      break;
    if (inserted)
      add_edit (backwards, '+', b[--y]);
    else
      add_edit (backwards, '-', a[--x]);
  }
  for (guint i = backwards->len; i > 0; i--)
    g_array_append_val (edits, g_array_index (backwards, Edit, i - 1));
}

/* Writes EDITS as hunks, with CONTEXT equal lines around each change. */
static void
write_hunks (GString *out, const GArray *edits)
{
  guint i = 0, old_line = 1, new_line = 1;

  while (i < edits->len) {
    guint start = i, end, last, old_count = 0, new_count = 0;

    while (start < edits->len && g_array_index (edits, Edit, start).kind == ' ')
      start++;
    if (start == edits->len)
      return;
    start = start - i > CONTEXT ? start - CONTEXT : i;
    old_line += start - i;
    new_line += start - i;

    /* A hunk ends where more than 2 * CONTEXT equal lines follow; otherwise two hunks would
     * overlap. */
    last = start;
    for (end = start; end < edits->len; end++) {
      if (g_array_index (edits, Edit, end).kind != ' ')
        last = end;
      else if (last > start && end - last > 2 * CONTEXT)
        break;
      else if (last == start && end - start > 2 * CONTEXT)
        break;
    }
    end = MIN (last + CONTEXT + 1, edits->len);

    for (guint e = start; e < end; e++) {
      char kind = g_array_index (edits, Edit, e).kind;

      old_count += kind != '+';
      new_count += kind != '-';
    }
    g_string_append_printf (out, "@@ -%u,%u +%u,%u @@\n", old_count ? old_line : old_line - 1,
                            old_count, new_count ? new_line : new_line - 1, new_count);
    for (guint e = start; e < end; e++) {
      const Edit *edit = &g_array_index (edits, Edit, e);

      g_string_append_printf (out, "%c%s\n", edit->kind, edit->line);
    }
    old_line += old_count;
    new_line += new_count;
    i = end;
  }
}

static char **
split_lines (const char *text, int *count_r)
{
  char **lines = g_strsplit (text, "\n", -1);
  guint count = g_strv_length (lines);

  /* A text that ends with a line feed has no empty line after it. */
  if (count > 0 && lines[count - 1][0] == '\0') {
    g_clear_pointer (&lines[count - 1], g_free);
    count--;
  }
  *count_r = (int)count;
  return lines;
}

char *
v2v_text_diff (const char *old_text, const char *new_text, const char *old_name,
               const char *new_name)
{
  g_auto (GStrv) a = NULL;
  g_auto (GStrv) b = NULL;
  g_autoptr (GArray) edits = g_array_new (FALSE, FALSE, sizeof (Edit));
  GString *out;
  int n, m, head = 0, tail = 0;

  if (strcmp (old_text, new_text) == 0)
    return g_strdup ("");
  a = split_lines (old_text, &n);
  b = split_lines (new_text, &m);
  while (head < n && head < m && strcmp (a[head], b[head]) == 0)
    head++;
  while (tail < n - head && tail < m - head && strcmp (a[n - 1 - tail], b[m - 1 - tail]) == 0)
    tail++;
  for (int i = 0; i < head; i++)
    add_edit (edits, ' ', a[i]);
  diff_lines (a + head, n - head - tail, b + head, m - head - tail, edits);
  for (int i = n - tail; i < n; i++)
    add_edit (edits, ' ', a[i]);

  out = g_string_new (NULL);
  g_string_append_printf (out, "--- %s\n+++ %s\n", old_name, new_name);
  write_hunks (out, edits);
  return g_string_free (out, FALSE);
}
