/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lays out a rule file in the only accepted way.
 *
 * The parser marks which tokens begin a declaration or a statement; the tokens themselves are
 * copied. So the formatter can change the layout but never the meaning of a rule.
 */
#include "config.h"

#include <string.h>

#include "syntax/format.h"
#include "syntax/syntax.h"

#define LINE_MAX_COLUMNS 100
#define BODY_INDENT 2
#define CONTINUATION_INDENT 4 /* more than the indentation of the statement */

typedef struct {
  const char *text;
  gsize length;
  const GArray *tokens; /* V2vLaidToken */
  GString *out;
  gsize line;         /* offset in OUT at which its last line begins */
  gboolean in_body;   /* inside a body that is laid out in several lines */
  gboolean is_inline; /* inside a body that is written on one line */
} Formatter;

static const V2vLaidToken *
token_at (const Formatter *formatter, guint number)
{
  return &g_array_index (formatter->tokens, V2vLaidToken, number);
}

/* ---- white space ---- */

static gboolean
is_word (const V2vToken *token, const char *const *words)
{
  return token->kind == V2V_TOKEN_WORD && g_strv_contains (words, token->text);
}

/* Is there a space between BEFORE and TOKEN if they are on the same line? */
static gboolean
space_between (const V2vToken *before, const V2vToken *token)
{
  static const char *const no_calls[] = {"on", "and", "or", "not", "when", "expect", NULL};

  switch (token->kind) {
  case V2V_TOKEN_RPAREN:
  case V2V_TOKEN_RBRACKET:
  case V2V_TOKEN_COMMA:
  case V2V_TOKEN_COLON:
  case V2V_TOKEN_DOT:
    return FALSE;
  case V2V_TOKEN_LPAREN:
    return before->kind != V2V_TOKEN_LPAREN &&
           (before->kind != V2V_TOKEN_WORD || is_word (before, no_calls));
  default:
    return before->kind != V2V_TOKEN_LPAREN && before->kind != V2V_TOKEN_LBRACKET &&
           before->kind != V2V_TOKEN_DOT;
  }
}

static void
new_line (Formatter *formatter, guint indent, gboolean blank)
{
  if (formatter->out->len == 0)
    return;
  g_string_append_c (formatter->out, '\n');
  if (blank)
    g_string_append_c (formatter->out, '\n');
  formatter->line = formatter->out->len;
  for (guint i = 0; i < indent; i++)
    g_string_append_c (formatter->out, ' ');
}

/* ---- bodies ---- */

static guint
find_close (const Formatter *formatter, guint open)
{
  guint close = open + 1;

  while (close < formatter->tokens->len &&
         token_at (formatter, close)->layout != V2V_LAYOUT_CLOSE)
    close++;
  return close;
}

/* Is there a comment between two tokens? Only white space and comments occur there. */
static gboolean
has_comment (const Formatter *formatter, gsize begin, gsize end)
{
  return end > begin && memchr (formatter->text + begin, '#', end - begin) != NULL;
}

/* Should the body that begins at OPEN stay on one line? It does if it was written on one line
 * and is empty, or contains one statement or only words of an enum. */
static gboolean
fits_inline (const Formatter *formatter, guint open)
{
  const guint close = find_close (formatter, open);
  const V2vToken *first = &token_at (formatter, open)->token;
  guint statements = 0;
  gsize width = formatter->out->len - formatter->line + 2;

  for (guint i = open + 1; i <= close && i < formatter->tokens->len; i++) {
    const V2vLaidToken *laid = token_at (formatter, i);
    const V2vToken *before = &token_at (formatter, i - 1)->token;

    if (has_comment (formatter, before->end, laid->token.start))
      return FALSE;
    if (laid->token.place.line != first->place.line && close > open + 1)
      return FALSE;
    statements += laid->layout == V2V_LAYOUT_STATEMENT;
    width += laid->token.length + space_between (before, &laid->token);
  }
  return statements <= 1 && width <= LINE_MAX_COLUMNS;
}

/* ---- comments ---- */

typedef struct {
  gboolean any;
  gboolean blank; /* an empty line comes before the next token */
  gboolean line;  /* the next token begins a new line */
} Gap;

/* Prints the comments between BEGIN and END; those that begin a line are indented by INDENT. */
static Gap
print_gap (Formatter *formatter, gsize begin, gsize end, guint indent, gboolean after_open)
{
  Gap gap = {FALSE, FALSE, begin == 0};
  gboolean own_line = FALSE;        /* a comment has a line of its own */
  guint lines = begin == 0 ? 1 : 0; /* line ends since the last token or comment */

  for (gsize i = begin; i < end; i++) {
    const char c = formatter->text[i];

    if (c == '\n') {
      lines++;
    } else if (c == '#') {
      const char *stop = memchr (formatter->text + i, '\n', end - i);
      gsize next = stop != NULL ? (gsize)(stop - formatter->text) : end;
      gsize last = next;

      while (last > i && g_ascii_isspace (formatter->text[last - 1]))
        last--;
      if (lines == 0)
        g_string_append_c (formatter->out, ' ');
      else
        new_line (formatter, indent, lines > 1 && !(after_open && !own_line));
      g_string_append_len (formatter->out, formatter->text + i, (gssize)(last - i));
      gap.any = TRUE;
      own_line |= lines > 0;
      lines = 0;
      i = next - 1;
    }
  }
  gap.blank = lines > 1 && !(after_open && !own_line);
  gap.line = lines > 0;
  return gap;
}

/* ---- tokens ---- */

static gboolean
opens (const V2vToken *token)
{
  return token->kind == V2V_TOKEN_LBRACE || token->kind == V2V_TOKEN_LPAREN ||
         token->kind == V2V_TOKEN_LBRACKET;
}

static gboolean
closes (const V2vToken *token)
{
  return token->kind == V2V_TOKEN_RBRACE || token->kind == V2V_TOKEN_RPAREN ||
         token->kind == V2V_TOKEN_RBRACKET || token->kind == V2V_TOKEN_COMMA;
}

static guint
indent_of (const Formatter *formatter, V2vLayout layout)
{
  switch (layout) {
  case V2V_LAYOUT_DECLARATION:
  case V2V_LAYOUT_OPEN:
    return 0;
  case V2V_LAYOUT_STATEMENT:
  case V2V_LAYOUT_ITEM:
  case V2V_LAYOUT_CLOSE: /* indentation of a comment before the brace */
    return BODY_INDENT;
  case V2V_LAYOUT_JOIN:
    break;
  }
  return (formatter->in_body ? BODY_INDENT : 0) + CONTINUATION_INDENT;
}

static void
print_token (Formatter *formatter, guint number)
{
  const V2vLaidToken *laid = token_at (formatter, number);
  const V2vToken *token = &laid->token;
  const V2vToken *before = number > 0 ? &token_at (formatter, number - 1)->token : NULL;
  const gboolean after_open =
      number > 0 && token_at (formatter, number - 1)->layout == V2V_LAYOUT_OPEN;
  const guint indent = indent_of (formatter, laid->layout);
  const Gap gap =
      print_gap (formatter, before != NULL ? before->end : 0, token->start, indent, after_open);
  gboolean line = gap.any;

  switch (laid->layout) {
  case V2V_LAYOUT_DECLARATION:
    formatter->in_body = FALSE;
    line = TRUE;
    break;
  case V2V_LAYOUT_STATEMENT:
    line |= !formatter->is_inline;
    break;
  case V2V_LAYOUT_ITEM:
    line |= !formatter->is_inline && (gap.line || after_open);
    break;
  case V2V_LAYOUT_CLOSE:
    line |= !formatter->is_inline;
    break;
  case V2V_LAYOUT_OPEN:
    break;
  case V2V_LAYOUT_JOIN:
    line |= gap.line && !closes (token) && !opens (before);
    break;
  }
  if (line)
    new_line (formatter, laid->layout == V2V_LAYOUT_CLOSE ? 0 : indent,
              gap.blank && laid->layout != V2V_LAYOUT_CLOSE && laid->layout != V2V_LAYOUT_JOIN);
  else if (before != NULL && space_between (before, token))
    g_string_append_c (formatter->out, ' ');

  if (laid->layout == V2V_LAYOUT_OPEN) {
    formatter->is_inline = fits_inline (formatter, number);
    formatter->in_body = !formatter->is_inline;
  } else if (laid->layout == V2V_LAYOUT_CLOSE) {
    formatter->in_body = formatter->is_inline = FALSE;
  }
  g_string_append_len (formatter->out, formatter->text + token->start,
                       (gssize)(token->end - token->start));
}

char *
v2v_format_rules (const char *file, const char *text, gsize length, V2vDiags *diags)
{
  V2vRuleFile rule_file = {g_intern_string (file), v2v_intern (file), 0, (char *)text, length};
  const guint errors_before = v2v_diags_errors (diags);
  g_autoptr (GPtrArray) decls = g_ptr_array_new ();
  g_autoptr (GHashTable) lost = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (V2vLaidToken));
  V2vSyntax syntax = {decls, lost, FALSE};
  V2vArena *arena = v2v_arena_new ();
  Formatter formatter = {text, length, tokens, NULL, FALSE, FALSE};

  v2v_parse (arena, &rule_file, diags, &syntax, tokens);
  v2v_arena_free (arena);
  v2v_diags_set_text (diags, rule_file.path, "", 0);
  if (v2v_diags_errors (diags) > errors_before)
    return NULL;

  formatter.out = g_string_sized_new (length + 64);
  for (guint i = 0; i < tokens->len; i++)
    print_token (&formatter, i);
  print_gap (&formatter,
             tokens->len > 0 ? token_at (&formatter, tokens->len - 1)->token.end : 0, length, 0,
             FALSE);
  g_string_append_c (formatter.out, '\n');
  return g_string_free (formatter.out, FALSE);
}
