/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Parses tests and captures.
 */
#include "config.h"

#include <string.h>

#include "syntax/parser.h"

static gboolean
parse_given (V2vParser *parser, GPtrArray *given)
{
  V2vGivenSyntax *syntax = v2v_arena_new0 (parser->arena, V2vGivenSyntax);
  V2vPairSyntax pair;

  syntax->given.place = parser->token.place;
  g_ptr_array_add (given, syntax);
  if (v2v_parser_is (parser, "file") && v2v_parser_peek (parser).kind == V2V_TOKEN_STRING) {
    v2v_parser_advance (parser);
    syntax->given.place = parser->token.place;
    return v2v_parse_string (parser, &syntax->file, "file");
  }
  if (v2v_parser_is (parser, "tree") && v2v_parser_peek (parser).kind == V2V_TOKEN_STRING) {
    v2v_parser_advance (parser);
    syntax->given.place = parser->token.place;
    return v2v_parse_string (parser, &syntax->tree, "tree");
  }
  if (!v2v_parse_word (parser, &syntax->fact, "a fact, file or tree"))
    return FALSE;
  if (parser->token.kind != V2V_TOKEN_DOT)
    return v2v_parse_pairs (parser, &syntax->pairs);
  v2v_parser_advance (parser);
  syntax->one_field = TRUE;
  if (!v2v_parse_word (parser, &pair.field, "a field") ||
      !v2v_parse_assign (parser, "the field") || !v2v_parse_value (parser, &pair.value))
    return FALSE;
  syntax->pairs = v2v_arena_array (parser->arena, sizeof (V2vPairSyntax), 1);
  g_array_append_val (syntax->pairs, pair);
  return TRUE;
}

/* Parses "fail" or "warn" and an optional pattern. */
static gboolean
expect_message (V2vParser *parser, V2vExpectSyntax *syntax)
{
  const gboolean fail = v2v_parser_is (parser, "fail");

  syntax->expect.kind = fail ? (syntax->negated ? V2V_EXPECT_NO_FAIL : V2V_EXPECT_FAIL)
                             : (syntax->negated ? V2V_EXPECT_NO_WARN : V2V_EXPECT_WARN);
  v2v_parser_advance (parser);
  if (parser->token.kind == V2V_TOKEN_STRING) {
    syntax->expect.pattern = (char *)parser->token.text;
    v2v_parser_advance (parser);
  }
  return TRUE;
}

static V2vClauseSyntax *
new_clause (V2vParser *parser, V2vExpectSyntax *syntax, V2vClauseKind kind)
{
  V2vClauseSyntax *clause = v2v_arena_new0 (parser->arena, V2vClauseSyntax);

  clause->clause.kind = kind;
  clause->clause.place = parser->token.place;
  syntax->expect.kind = V2V_EXPECT_CONDITION;
  syntax->expect.clause = &clause->clause;
  return clause;
}

/* Parses "tree" and a directory, or "tree unchanged". Returns FALSE, having read nothing, if
 * something else follows. */
static gboolean
expect_tree (V2vParser *parser, V2vExpectSyntax *syntax)
{
  const V2vToken next = v2v_parser_peek (parser);

  if (next.kind == V2V_TOKEN_STRING)
    syntax->expect.kind = V2V_EXPECT_TREE;
  else if (next.kind == V2V_TOKEN_WORD && strcmp (next.text, "unchanged") == 0)
    syntax->expect.kind = V2V_EXPECT_UNCHANGED;
  else
    return FALSE;
  v2v_parser_advance (parser);
  syntax->expect.place = parser->token.place;
  if (next.kind == V2V_TOKEN_STRING)
    syntax->expect.pattern = (char *)parser->token.text;
  v2v_parser_advance (parser);
  return TRUE;
}

/* Parses an operation with its arguments that the test itself requests. */
static gboolean
parse_do (V2vParser *parser, GPtrArray *does)
{
  V2vExpectSyntax *syntax = v2v_arena_new0 (parser->arena, V2vExpectSyntax);

  syntax->expect.kind = V2V_EXPECT_REQUEST;
  syntax->expect.place = parser->token.place;
  syntax->has_args = TRUE;
  g_ptr_array_add (does, syntax);
  return v2v_parse_word (parser, &syntax->target, "an operation") &&
         v2v_parse_arguments (parser, &syntax->args, "the operation");
}

static gboolean
parse_expect (V2vParser *parser, GPtrArray *expect)
{
  V2vExpectSyntax *syntax = v2v_arena_new0 (parser->arena, V2vExpectSyntax);
  V2vClauseSyntax *clause;
  V2vTokenKind next;

  syntax->expect.place = parser->token.place;
  g_ptr_array_add (expect, syntax);

  if (v2v_parser_is (parser, "some")) {
    v2v_parser_advance (parser);
    clause = new_clause (parser, syntax, V2V_CLAUSE_SOME);
    return v2v_parse_word (parser, &clause->target, "a fact") &&
           v2v_parse_block (parser, &clause->clause.where);
  }
  if (v2v_parser_take_word (parser, "no"))
    syntax->negated = TRUE;
  if (v2v_parser_is (parser, "fail") || v2v_parser_is (parser, "warn"))
    return expect_message (parser, syntax);

  if (!syntax->negated && v2v_parser_is (parser, "tree") && expect_tree (parser, syntax))
    return TRUE;

  next = parser->token.kind == V2V_TOKEN_WORD ? v2v_parser_peek (parser).kind : V2V_TOKEN_END;
  if (!syntax->negated && v2v_parser_is (parser, "provider") && next == V2V_TOKEN_WORD) {
    v2v_parser_advance (parser);
    syntax->expect.kind = V2V_EXPECT_PROVIDER;
    if (!v2v_parse_dotted (parser, &syntax->target, "a provider"))
      return FALSE;
    if (!v2v_parser_take_word (parser, "for"))
      return parse_error (parser, V2V_CODE_SYNTAX, NULL,
                          "after expect provider %s, for and an operation are expected",
                          syntax->target.name);
    return v2v_parse_word (parser, &syntax->operation, "an operation");
  }
  if (syntax->negated || next == V2V_TOKEN_LPAREN) {
    /* This is an operation or, after "no", a fact; the checker finds out which. */
    if (!v2v_parse_word (parser, &syntax->target, "an operation or a fact"))
      return FALSE;
    syntax->expect.kind = syntax->negated ? V2V_EXPECT_NO_REQUEST : V2V_EXPECT_REQUEST;
    if (parser->token.kind == V2V_TOKEN_LPAREN) {
      syntax->has_args = TRUE;
      return v2v_parse_arguments (parser, &syntax->args, "the operation");
    }
    if (parser->token.kind == V2V_TOKEN_LBRACE) {
      clause = new_clause (parser, syntax, V2V_CLAUSE_NO);
      clause->target = syntax->target;
      return v2v_parse_block (parser, &clause->clause.where);
    }
    return TRUE;
  }
  /* A condition. If it is just a name, it may be an operation instead; the checker finds
   * out. */
  clause = new_clause (parser, syntax, V2V_CLAUSE_WHEN);
  clause->clause.where = v2v_parse_condition (parser);
  return clause->clause.where != NULL;
}

/* ---- tests and captures ---- */

static gboolean
test_statement (V2vParser *parser, const char *keyword, gpointer data)
{
  V2vTestSyntax *syntax = data;

  if (g_str_equal (keyword, "given"))
    return parse_given (parser, syntax->test.given);
  if (g_str_equal (keyword, "do"))
    return parse_do (parser, syntax->does);
  if (g_str_equal (keyword, "probed"))
    return v2v_parse_names (parser, &syntax->probed, TRUE, "a probe");
  return parse_expect (parser, syntax->test.expect);
}

static gboolean
capture_statement (V2vParser *parser, const char *keyword, gpointer data)
{
  V2vCaptureSyntax *syntax = data;
  const char *path;

  if (g_str_equal (keyword, "given"))
    return parse_given (parser, syntax->capture.given);
  if (g_str_equal (keyword, "probed"))
    return v2v_parse_names (parser, &syntax->probed, TRUE, "a probe");
  if (g_str_equal (keyword, "known"))
    return v2v_parse_names (parser, &syntax->known, FALSE, "a fact");
  do { /* asked */
    if (!v2v_parse_string (parser, &path, "asked"))
      return FALSE;
    g_ptr_array_add (syntax->capture.asked, (gpointer)path);
  } while (v2v_parser_take (parser, V2V_TOKEN_COMMA));
  return TRUE;
}

static gboolean
parse_title (V2vParser *parser, V2vName *name, const char *what)
{
  name->place = parser->token.place;
  if (v2v_parse_string (parser, &name->name, what))
    return TRUE;
  return v2v_parser_find_body (parser);
}

gboolean
v2v_parse_test (V2vParser *parser)
{
  static const char *const keywords[] = {"given", "probed", "do", "expect", NULL};
  V2vTestSyntax *syntax = NEW_DECL (parser, V2vTestSyntax, V2V_DECL_TEST);

  syntax->test.given = v2v_arena_pointers (parser->arena);
  syntax->test.expect = v2v_arena_pointers (parser->arena);
  syntax->does = v2v_arena_pointers (parser->arena);
  if (!parse_title (parser, &syntax->decl.name, "test"))
    return FALSE;
  return v2v_parser_body (parser, keywords, "the test", NULL, test_statement, syntax);
}

gboolean
v2v_parse_capture (V2vParser *parser)
{
  static const char *const keywords[] = {"given", "probed", "asked", "known", NULL};
  V2vCaptureSyntax *syntax = NEW_DECL (parser, V2vCaptureSyntax, V2V_DECL_CAPTURE);

  syntax->capture.given = v2v_arena_pointers (parser->arena);
  syntax->capture.asked = v2v_arena_pointers (parser->arena);
  if (!parse_title (parser, &syntax->decl.name, "capture"))
    return FALSE;
  return v2v_parser_body (parser, keywords, "the capture", NULL, capture_statement, syntax);
}
