/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Functions that all parsers of declarations share: reading tokens and bodies, and continuing
 * after an error.
 */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "syntax/parser.h"
#include "lang/limits.h"

/* ---- tokens ---- */

gboolean
v2v_parser_fail (V2vParser *parser, V2vCode code, V2vPlace place, guint length,
                 const char *hint, gboolean silent, const char *format, ...)
{
  parser->broken = TRUE;
  if (!silent) {
    g_autofree char *message = NULL;
    va_list args;

    va_start (args, format);
    message = g_strdup_vprintf (format, args);
    va_end (args);
    v2v_diags_add (parser->diags, V2V_DIAG_ERROR, code, place, length, hint, "%s", message);
  }
  return FALSE;
}

V2vPlace
v2v_parser_place (const V2vParser *parser)
{
  const V2vToken *last = &parser->previous;

  /* If no new statement can begin here, something is missing after the last token, not in the
   * later line on which the next token happens to be. */
  if (last->place.line != 0 && last->place.line < parser->token.place.line &&
      (parser->mark == V2V_LAYOUT_JOIN || parser->mark == V2V_LAYOUT_OPEN))
    return (V2vPlace){last->place.file, last->place.line, last->place.column + last->length};
  return parser->token.place;
}

void
v2v_parser_advance (V2vParser *parser)
{
  if (parser->layout != NULL) {
    const V2vLaidToken laid = {parser->token, parser->mark};

    g_array_append_val (parser->layout, laid);
  }
  parser->mark = V2V_LAYOUT_JOIN;
  parser->previous = parser->token;
  if (parser->token.kind == V2V_TOKEN_LBRACE)
    parser->braces++;
  else if (parser->token.kind == V2V_TOKEN_RBRACE && parser->braces > 0)
    parser->braces--;
  if (parser->token.bad)
    parser->broken = TRUE;
  v2v_lexer_next (&parser->lexer, &parser->token);
}

V2vToken
v2v_parser_peek (V2vParser *parser)
{
  V2vLexer ahead = parser->lexer;
  V2vToken token;

  /* This reports lexical errors a second time, but DIAGS keeps them once. */
  v2v_lexer_next (&ahead, &token);
  return token;
}

gboolean
v2v_parser_is (const V2vParser *parser, const char *word)
{
  return parser->token.kind == V2V_TOKEN_WORD && parser->token.text[0] == word[0] &&
         strcmp (parser->token.text, word) == 0;
}

gboolean
v2v_parser_take (V2vParser *parser, V2vTokenKind kind)
{
  if (parser->token.kind != kind)
    return FALSE;
  v2v_parser_advance (parser);
  return TRUE;
}

gboolean
v2v_parser_take_word (V2vParser *parser, const char *word)
{
  if (!v2v_parser_is (parser, word))
    return FALSE;
  v2v_parser_advance (parser);
  return TRUE;
}

char *
v2v_parser_found (const V2vParser *parser)
{
  switch (parser->token.kind) {
  case V2V_TOKEN_WORD:
  case V2V_TOKEN_DIGIT_WORD:
  case V2V_TOKEN_NUMBER:
  case V2V_TOKEN_SIZE:
    return g_strdup_printf ("\"%s\"", parser->token.text);
  default:
    return g_strdup (v2v_token_kind_name (parser->token.kind));
  }
}

gboolean
v2v_parser_need (V2vParser *parser, V2vTokenKind kind, const char *after)
{
  g_autofree char *found = NULL;

  if (v2v_parser_take (parser, kind))
    return TRUE;
  found = v2v_parser_found (parser);
  return parse_error (parser, V2V_CODE_SYNTAX, NULL, "after %s, %s is expected, not %s", after,
                      v2v_token_kind_name (kind), found);
}

int
v2v_find_keyword (const char *const *keywords, const V2vToken *token)
{
  if (token->kind == V2V_TOKEN_WORD)
    for (int i = 0; keywords[i] != NULL; i++)
      if (keywords[i][0] == token->text[0] && strcmp (keywords[i], token->text) == 0)
        return i;
  return -1;
}

/* The statement keywords of all bodies. */
const char *const v2v_statement_keywords[] = {
    "describe", "when",   "each",     "some",   "no",     "assert", "default", "do",
    "fail",     "warn",   "over",     "after",  "phase",  "reads",  "lua",     "metavar",
    "given",    "expect", "excludes", "unique", "probed", "asked",  "known",   NULL};

gboolean
v2v_parser_at_statement (V2vParser *parser)
{
  V2vToken next;

  if (!parser->token.first || parser->keywords == NULL ||
      v2v_find_keyword (v2v_statement_keywords, &parser->token) < 0)
    return FALSE;
  /* A field may have the same name as a keyword; then an operator or the like follows. */
  next = v2v_parser_peek (parser);
  return next.kind == V2V_TOKEN_STRING || next.kind == V2V_TOKEN_NUMBER ||
         next.kind == V2V_TOKEN_LPAREN ||
         (next.kind == V2V_TOKEN_WORD && strcmp (next.text, "in") != 0 &&
          strcmp (next.text, "is") != 0);
}

gboolean
v2v_parse_word (V2vParser *parser, V2vName *name_r, const char *what)
{
  *name_r = (V2vName){NULL, parser->token.place};
  if (parser->token.kind != V2V_TOKEN_WORD || v2v_parser_at_statement (parser) ||
      v2v_parser_at_declaration (parser)) {
    g_autofree char *found = v2v_parser_found (parser);

    if (parser->token.kind == V2V_TOKEN_STRING)
      g_hash_table_add (parser->syntax->lost, (gpointer)parser->token.text);
    return parse_error (parser, V2V_CODE_SYNTAX, NULL, "expected %s, not %s", what, found);
  }
  name_r->name = parser->token.text;
  v2v_parser_advance (parser);
  return TRUE;
}

gboolean
v2v_parse_dotted (V2vParser *parser, V2vName *name_r, const char *what)
{
  return v2v_parse_word (parser, name_r, what) && v2v_parse_more_dots (parser, name_r);
}

gboolean
v2v_parse_more_dots (V2vParser *parser, V2vName *name)
{
  char joined[V2V_RULE_WORD_MAX + 1];
  gsize length;

  if (parser->token.kind != V2V_TOKEN_DOT)
    return TRUE;
  length = strlen (name->name);
  memcpy (joined, name->name, length);
  while (v2v_parser_take (parser, V2V_TOKEN_DOT)) {
    V2vName part;
    gsize part_length;

    if (!v2v_parse_word (parser, &part, "a name after the dot")) {
      name->name = NULL;
      return FALSE;
    }
    part_length = strlen (part.name);
    if (length + 1 + part_length > V2V_RULE_WORD_MAX) {
      length = sizeof joined; /* the name is too long */
    } else {
      joined[length++] = '.';
      memcpy (joined + length, part.name, part_length);
      length += part_length;
    }
  }
  if (length > V2V_RULE_WORD_MAX) {
    name->name = NULL;
    return parse_error_at (parser, V2V_CODE_LIMIT, name->place, 1, NULL,
                           "a name with its dots may have at most %d characters",
                           V2V_RULE_WORD_MAX);
  }
  name->name = v2v_intern_length (joined, length);
  return TRUE;
}

/* ---- bodies ---- */

const char *const v2v_decl_keywords[] = {
    "enum",   "name",     "fact",    "operation", "let",     "rule",     "provider", "probe",
    "option", "function", "disable", "test",      "capture", "override", NULL};

const char *
v2v_decl_kind_name (V2vDeclKind kind)
{
  return v2v_decl_keywords[kind];
}

const char *
v2v_nearest_keyword (const char *const *keywords, const char *word)
{
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();

  for (guint i = 0; keywords[i] != NULL; i++)
    g_ptr_array_add (candidates, (gpointer)keywords[i]);
  return v2v_nearest (word, candidates);
}

/* Does a declaration begin here, though a body is still open? */
gboolean
v2v_parser_at_declaration (V2vParser *parser)
{
  return parser->token.first && parser->token.place.column == 1 &&
         v2v_find_keyword (v2v_decl_keywords, &parser->token) >= 0 &&
         v2v_parser_peek (parser).kind != V2V_TOKEN_COLON;
}

/* Skips to the next statement or to the end of the body, at which LEVEL braces are open. */
static void
skip_statement (V2vParser *parser, guint level)
{
  while (parser->token.kind != V2V_TOKEN_END && !v2v_parser_at_declaration (parser) &&
         !v2v_parser_at_statement (parser) &&
         (parser->token.kind != V2V_TOKEN_RBRACE || parser->braces > level))
    v2v_parser_advance (parser);
  parser->braces = level;
}

void
v2v_parser_unclosed (V2vParser *parser, V2vPlace open)
{
  g_autofree char *found = v2v_parser_found (parser);

  parse_error_at (parser, V2V_CODE_BRACE, open, 1, NULL,
                  "this { is not closed before %s in line %u", found, parser->token.place.line);
}

/* Where a body should begin but does not: skips to it, if it comes before the next
 * declaration. */
gboolean
v2v_parser_find_body (V2vParser *parser)
{
  while (parser->token.kind != V2V_TOKEN_LBRACE) {
    if (parser->token.kind == V2V_TOKEN_END || parser->token.kind == V2V_TOKEN_RBRACE ||
        v2v_parser_at_declaration (parser))
      return FALSE;
    v2v_parser_advance (parser);
  }
  return TRUE;
}

/* Each statement is read by STATEMENT. One that cannot be read is skipped, so that one mistake
 * in a body does not hide others in it. */
gboolean
v2v_parser_body (V2vParser *parser, const char *const *keywords, const char *what, char **doc,
                 V2vStatement statement, gpointer data)
{
  V2vPlace open;
  guint level;

  parser->mark = V2V_LAYOUT_OPEN;
  if (parser->token.kind != V2V_TOKEN_LBRACE) {
    v2v_parser_need (parser, V2V_TOKEN_LBRACE, what);
    if (!v2v_parser_find_body (parser))
      return FALSE;
  }
  open = parser->token.place;
  v2v_parser_advance (parser);
  level = parser->braces;
  parser->keywords = keywords;
  if (doc != NULL && parser->token.kind == V2V_TOKEN_STRING) {
    *doc = (char *)parser->token.text;
    parser->mark = V2V_LAYOUT_STATEMENT;
    v2v_parser_advance (parser);
  }
  while (parser->token.kind != V2V_TOKEN_RBRACE) {
    int found = v2v_find_keyword (keywords, &parser->token);

    if (parser->token.kind == V2V_TOKEN_END || v2v_parser_at_declaration (parser)) {
      v2v_parser_unclosed (parser, open);
      parser->keywords = NULL;
      return TRUE;
    }
    parser->mark = V2V_LAYOUT_STATEMENT;
    if (found < 0) {
      const char *nearest =
          parser->token.kind == V2V_TOKEN_WORD &&
                  v2v_find_keyword (v2v_statement_keywords, &parser->token) < 0
              ? v2v_nearest_keyword (keywords, parser->token.text)
              : NULL;
      g_autofree char *expected = g_strjoinv (", ", (char **)keywords);
      g_autofree char *hint =
          nearest != NULL ? g_strdup_printf ("did you mean %s?", nearest) : NULL;
      g_autofree char *token = v2v_parser_found (parser);

      parse_error (parser, V2V_CODE_STATEMENT, hint, "expected a statement of %s (%s), not %s",
                   what, expected, token);
      if (nearest == NULL) {
        v2v_parser_advance (parser);
        skip_statement (parser, level);
        continue;
      }
      /* A misspelt keyword is taken as the one that was meant. */
      for (found = 0; keywords[found] != nearest;)
        found++;
    }
    v2v_parser_advance (parser);
    if (!statement (parser, keywords[found], data))
      skip_statement (parser, level);
  }
  parser->keywords = NULL;
  parser->mark = V2V_LAYOUT_CLOSE;
  v2v_parser_advance (parser);
  return TRUE;
}

gpointer
v2v_parser_new_decl (V2vParser *parser, gsize size, V2vDeclKind kind)
{
  V2vDecl *decl = v2v_arena_alloc (parser->arena, size);

  decl->kind = kind;
  decl->file = parser->file;
  g_ptr_array_add (parser->syntax->decls, decl);
  return decl;
}

gboolean
v2v_parse_string (V2vParser *parser, const char **text_r, const char *after)
{
  const char *text = parser->token.text;

  if (!v2v_parser_need (parser, V2V_TOKEN_STRING, after))
    return FALSE;
  *text_r = text;
  return TRUE;
}

/* Reads a text that may be given only once. */
gboolean
v2v_parser_once (V2vParser *parser, char **text_r, const char *keyword)
{
  const char *text;

  if (*text_r != NULL)
    parse_error_at (parser, V2V_CODE_REPEATED, parser->previous.place, parser->previous.length,
                    NULL, "%s may be given only once", keyword);
  if (!v2v_parse_string (parser, &text, keyword))
    return FALSE;
  *text_r = (char *)text;
  return TRUE;
}
