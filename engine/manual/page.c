/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pages of the manual.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "manual/page.h"

/* Columns of a page of text, and of a line of source. */
#define WIDTH 80
#define ITEM_INDENT 2
#define BODY_INDENT 6

struct V2vPage {
  V2vPageFormat format;
  GString *out;
  GString *block;  /* the text of the block that was begun last, in the page's format */
  guint indent;    /* of the block's lines, as text */
  gboolean spaced; /* an empty line stands before what comes next */
  gboolean whole;  /* the block is one line of source: a title, or what an item explains */
};

/* ---- lines ---- */

/* A line of source that begins so would be a request. */
static const char *
guard (const char *line)
{
  return *line == '.' || *line == '\'' ? "\\&" : "";
}

/* Prints one line of the block, broken between words. */
static void
print_line (V2vPage *page, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  const gboolean man = page->format == V2V_PAGE_MAN;
  const guint indent = man ? 0 : page->indent;
  glong column = 0;

  for (guint i = 0; words[i] != NULL; i++) {
    const glong length = g_utf8_strlen (words[i], -1);

    if (length == 0)
      continue;
    if (column > 0 && ((man && page->whole) || column + 1 + length <= WIDTH)) {
      g_string_append_printf (page->out, " %s", words[i]);
      column += 1 + length;
      continue;
    }
    g_string_append (page->out, column > 0 ? "\n" : "");
    g_string_append_printf (page->out, "%*s%s%s", (int)indent, "", man ? guard (words[i]) : "",
                            words[i]);
    column = indent + length;
  }
  if (column > 0)
    g_string_append_c (page->out, '\n');
}

static void
flush (V2vPage *page)
{
  g_auto (GStrv) lines = NULL;

  if (page->block->len == 0)
    return;
  lines = g_strsplit (page->block->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    if (i > 0 && page->format == V2V_PAGE_MAN)
      g_string_append (page->out, ".br\n");
    print_line (page, lines[i]);
  }
  g_string_truncate (page->block, 0);
}

/* ---- blocks ---- */

static void
begin (V2vPage *page, const char *request, guint indent, gboolean space)
{
  flush (page);
  if (page->format == V2V_PAGE_MAN)
    g_string_append (page->out, request);
  else if (space && page->spaced)
    g_string_append_c (page->out, '\n');
  page->spaced = TRUE;
  page->whole = FALSE;
  page->indent = indent;
}

/* Of the page: today, or what whoever builds a package says (SOURCE_DATE_EPOCH), so that a
 * build can be repeated. */
static char *
page_date (void)
{
  const char *epoch = g_getenv ("SOURCE_DATE_EPOCH");
  guint64 seconds;
  g_autoptr (GDateTime) date = NULL;

  if (epoch != NULL && g_ascii_string_to_unsigned (epoch, 10, 0, G_MAXINT32, &seconds, NULL))
    date = g_date_time_new_from_unix_utc ((gint64)seconds);
  else
    date = g_date_time_new_now_utc ();
  return g_date_time_format (date, "%Y-%m-%d");
}

V2vPage *
v2v_page_new (V2vPageFormat format, const char *name, int section, const char *about)
{
  V2vPage *page = g_new0 (V2vPage, 1);
  g_autofree char *upper = g_ascii_strup (name, -1);
  g_autofree char *date = page_date ();

  page->format = format;
  page->out = g_string_new (NULL);
  page->block = g_string_new (NULL);
  if (format == V2V_PAGE_MAN)
    g_string_append_printf (
        page->out,
        ".\\\" SPDX-License-Identifier: GPL-2.0-or-later\n"
        ".\\\" Made by v2v-engine doc from what rules and scripts declare.\n"
        ".TH %s %d \"%s\" \"v2v-engine " PACKAGE_VERSION "\"\n",
        upper, section, date);
  v2v_page_heading (page, "Name");
  v2v_page_add (page, V2V_ROMAN, name);
  /* man takes the name up to this dash. */
  g_string_append (page->block, format == V2V_PAGE_MAN ? " \\- " : " - ");
  v2v_page_add (page, V2V_ROMAN, about);
  return page;
}

char *
v2v_page_end (V2vPage *page)
{
  char *text;

  flush (page);
  text = g_string_free (page->out, FALSE);
  g_string_free (page->block, TRUE);
  g_free (page);
  return text;
}

static void
title (V2vPage *page, const char *request, const char *text, guint indent)
{
  begin (page, request, indent, TRUE);
  page->whole = TRUE;
  v2v_page_add (page, V2V_ROMAN, text);
  flush (page);
  page->spaced = FALSE;
  page->indent = ITEM_INDENT;
}

void
v2v_page_heading (V2vPage *page, const char *text)
{
  g_autofree char *upper = g_ascii_strup (text, -1);

  title (page, ".SH ", upper, 0);
}

void
v2v_page_subheading (V2vPage *page, const char *text)
{
  title (page, ".SS ", text, 0);
}

void
v2v_page_paragraph (V2vPage *page)
{
  /* After a title there is a paragraph anyway, and man warns of an empty one. */
  begin (page, page->spaced ? ".PP\n" : "", ITEM_INDENT, TRUE);
}

void
v2v_page_item (V2vPage *page)
{
  begin (page, ".TP\n", ITEM_INDENT, FALSE);
  page->whole = TRUE;
}

void
v2v_page_body (V2vPage *page)
{
  flush (page);
  page->whole = FALSE;
  page->indent = BODY_INDENT;
}

void
v2v_page_see_also (V2vPage *page, const char *pages)
{
  v2v_page_heading (page, "See also");
  v2v_page_say (page, pages);
}

/* ---- text ---- */

static void
append_escaped (GString *out, const char *text, V2vFont font)
{
  for (; *text; text++)
    switch (*text) {
    case '\\':
      g_string_append (out, "\\e");
      break;
    case '-':
      g_string_append (out, "\\-");
      break;
    case '~':
      g_string_append (out, "\\(ti");
      break;
    case '^':
      g_string_append (out, "\\(ha");
      break;
    case '`':
      g_string_append (out, "\\(ga");
      break;
    case '"':
      g_string_append (out, "\\(dq");
      break;
    case '\'':
      /* In prose it is an apostrophe. */
      g_string_append (out, font == V2V_ROMAN ? "'" : "\\(aq");
      break;
    default:
      g_string_append_c (out, *text);
    }
}

void
v2v_page_add (V2vPage *page, V2vFont font, const char *text)
{
  static const char *const fonts[] = {"", "\\fB", "\\fI"};
  g_autofree char *printable = v2v_printable (text, -1, FALSE);

  page->spaced = TRUE;
  if (page->format == V2V_PAGE_TEXT) {
    g_string_append (page->block, printable);
    return;
  }
  if (*printable == '\0')
    return;
  g_string_append (page->block, fonts[font]);
  append_escaped (page->block, printable, font);
  g_string_append (page->block, font == V2V_ROMAN ? "" : "\\fR");
}

void
v2v_page_break (V2vPage *page)
{
  if (page->block->len > 0)
    g_string_append_c (page->block, '\n');
}

void
v2v_page_say (V2vPage *page, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "`", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    v2v_page_add (page, i % 2 ? V2V_BOLD : V2V_ROMAN, parts[i]);
}
