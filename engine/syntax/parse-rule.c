/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Parses rules, providers and probes.
 */
#include "config.h"

#include <string.h>

#include "syntax/parser.h"

/* ---- lists ---- */

gboolean
v2v_parse_names (V2vParser *parser, GArray **names_r, gboolean dotted, const char *what)
{
  V2vName name;

  if (*names_r == NULL)
    *names_r = v2v_arena_array (parser->arena, sizeof (V2vName), 2);
  do {
    if (!(dotted ? v2v_parse_dotted (parser, &name, what)
                 : v2v_parse_word (parser, &name, what)))
      return FALSE;
    g_array_append_val (*names_r, name);
  } while (v2v_parser_take (parser, V2V_TOKEN_COMMA));
  return TRUE;
}

gboolean
v2v_parse_word_list (V2vParser *parser, GArray **names_r, const char *what, const char *after)
{
  *names_r = v2v_arena_array (parser->arena, sizeof (V2vName), 2);
  if (!v2v_parser_need (parser, V2V_TOKEN_LPAREN, after))
    return FALSE;
  if (v2v_parser_take (parser, V2V_TOKEN_RPAREN))
    return TRUE;
  return v2v_parse_names (parser, names_r, FALSE, what) &&
         v2v_parser_need (parser, V2V_TOKEN_RPAREN, "the list");
}

gboolean
v2v_parse_assign (V2vParser *parser, const char *after)
{
  if (parser->token.kind == V2V_TOKEN_EQ) {
    parse_error (parser, V2V_CODE_EQUALS, "use = to set a value",
                 "here a value is set, but == compares");
    v2v_parser_advance (parser);
    return TRUE;
  }
  return v2v_parser_need (parser, V2V_TOKEN_ASSIGN, after);
}

gboolean
v2v_parse_pairs (V2vParser *parser, GArray **pairs_r)
{
  GArray *pairs = v2v_arena_array (parser->arena, sizeof (V2vPairSyntax), 4);

  /* stays NULL if not all can be read: what seems missing may be what could not be read */
  *pairs_r = NULL;
  if (!v2v_parser_need (parser, V2V_TOKEN_LBRACE, "the fact"))
    return FALSE;
  if (v2v_parser_take (parser, V2V_TOKEN_RBRACE)) {
    *pairs_r = pairs;
    return TRUE;
  }
  do {
    V2vPairSyntax pair;

    if (!v2v_parse_word (parser, &pair.field, "a field") ||
        !v2v_parse_assign (parser, "the field") || !v2v_parse_value (parser, &pair.value))
      return FALSE;
    g_array_append_val (pairs, pair);
  } while (v2v_parser_take (parser, V2V_TOKEN_COMMA));
  if (!v2v_parser_need (parser, V2V_TOKEN_RBRACE, "the fields"))
    return FALSE;
  *pairs_r = pairs;
  return TRUE;
}

/* ---- clauses ---- */

static gboolean
parse_clause (V2vParser *parser, const char *keyword, GPtrArray *clauses)
{
  V2vClauseSyntax *syntax = v2v_arena_new0 (parser->arena, V2vClauseSyntax);
  V2vClause *clause = &syntax->clause;

  clause->place = parser->previous.place;
  g_ptr_array_add (clauses, clause);
  if (strcmp (keyword, "when") == 0) {
    clause->kind = V2V_CLAUSE_WHEN;
    clause->where = v2v_parse_condition (parser);
    return clause->where != NULL;
  }
  clause->kind = strcmp (keyword, "each") == 0   ? V2V_CLAUSE_EACH
                 : strcmp (keyword, "some") == 0 ? V2V_CLAUSE_SOME
                                                 : V2V_CLAUSE_NO;
  if (clause->kind != V2V_CLAUSE_EACH && v2v_parser_is (parser, "request")) {
    v2v_parser_advance (parser);
    syntax->is_request = TRUE;
    if (!v2v_parse_word (parser, &syntax->target, "an operation"))
      return FALSE;
    return v2v_parse_block (parser, &clause->where);
  }
  if (!v2v_parse_word (parser, &syntax->target, "a fact"))
    return FALSE;
  if (v2v_parser_is (parser, "as")) {
    V2vName variable;

    if (clause->kind != V2V_CLAUSE_EACH)
      parse_error (parser, V2V_CODE_NAMED_NONE, "use each to name what is found",
                   "%s only tests whether there is a fact, so it cannot name one", keyword);
    v2v_parser_advance (parser);
    if (!v2v_parse_word (parser, &variable, "a variable"))
      return FALSE;
    clause->variable = variable.name;
    if (clause->kind == V2V_CLAUSE_EACH)
      clause->place = variable.place;
  }
  return v2v_parse_block (parser, &clause->where);
}

/* ---- effects ---- */

static V2vCallSyntax *
parse_call (V2vParser *parser, gboolean is_xslt)
{
  V2vCallSyntax *syntax = v2v_arena_new0 (parser->arena, V2vCallSyntax);
  V2vCall *call = &syntax->call;
  V2vName function;
  const char *file;

  call->place = parser->token.place;
  syntax->file_length = parser->token.length;
  if (!v2v_parse_string (parser, &file, is_xslt ? "xslt" : "lua"))
    return NULL;
  call->file = parser->previous.bad ? NULL : file;
  call->arg_names = v2v_arena_pointers (parser->arena);
  if (is_xslt) {
    call->args = v2v_arena_array (parser->arena, sizeof (V2vOperand), 0);
    return syntax;
  }
  if (!v2v_parse_word (parser, &function, "a function of the script"))
    return NULL;
  call->function = function.name;
  syntax->function_place = function.place;
  return v2v_parse_arguments (parser, &call->args, "the function") ? syntax : NULL;
}

static gboolean
parse_do (V2vParser *parser, V2vHeadSyntax *syntax)
{
  const gboolean xslt = v2v_parser_is (parser, "xslt"), lua = v2v_parser_is (parser, "lua");

  syntax->head.kind = V2V_HEAD_DO;
  if ((xslt || lua) && v2v_parser_peek (parser).kind == V2V_TOKEN_STRING) {
    v2v_parser_advance (parser);
    syntax->is_xslt = xslt;
    syntax->call = parse_call (parser, xslt);
    if (syntax->call == NULL)
      return FALSE;
    syntax->head.place = syntax->call->call.place;
    if (v2v_parser_take_word (parser, "in"))
      return v2v_parse_word (parser, &syntax->phase, "a phase");
    return TRUE;
  }
  if (!v2v_parse_word (parser, &syntax->target, "an operation, lua or xslt"))
    return FALSE;
  syntax->head.place = syntax->target.place;
  if (!v2v_parse_arguments (parser, &syntax->head.args, "the operation"))
    return FALSE;
  if (v2v_parser_is (parser, "in")) {
    parse_error (parser, V2V_CODE_PHASE_GIVEN, "leave it out",
                 "the phase of %s is part of its declaration", syntax->target.name);
    v2v_parser_advance (parser);
    return v2v_parse_word (parser, &syntax->phase, "a phase");
  }
  return TRUE;
}

static gboolean
parse_field_value (V2vParser *parser, V2vHeadSyntax *syntax)
{
  return v2v_parser_need (parser, V2V_TOKEN_DOT, "the fact") &&
         v2v_parse_word (parser, &syntax->field, "a field") &&
         v2v_parse_assign (parser, "the field") &&
         v2v_parse_value (parser, &syntax->head.value);
}

static gboolean
parse_head (V2vParser *parser, const char *keyword, GPtrArray *heads)
{
  V2vHeadSyntax *syntax = v2v_arena_new0 (parser->arena, V2vHeadSyntax);
  V2vHead *head = &syntax->head;

  head->place = parser->previous.place;
  g_ptr_array_add (heads, head);
  if (strcmp (keyword, "do") == 0)
    return parse_do (parser, syntax);
  if (strcmp (keyword, "fail") == 0 || strcmp (keyword, "warn") == 0) {
    const char *text;

    head->kind = g_str_equal (keyword, "fail") ? V2V_HEAD_FAIL : V2V_HEAD_WARN;
    syntax->text = v2v_arena_new0 (parser->arena, V2vToken);
    *syntax->text = parser->token;
    return v2v_parse_string (parser, &text, keyword);
  }
  head->value.kind = V2V_OPERAND_NAME; /* suppresses messages until a value has been read */
  head->kind = g_str_equal (keyword, "default") ? V2V_HEAD_DEFAULT : V2V_HEAD_ASSERT_FIELD;
  if (!v2v_parse_word (parser, &syntax->target, "a fact"))
    return FALSE;
  head->place = syntax->target.place;
  if (head->kind == V2V_HEAD_ASSERT_FIELD && parser->token.kind == V2V_TOKEN_LBRACE) {
    head->kind = V2V_HEAD_ASSERT_FACT;
    return v2v_parse_pairs (parser, &syntax->pairs);
  }
  return parse_field_value (parser, syntax);
}

/* ---- rules, providers, probes ---- */

static gboolean
rule_statement (V2vParser *parser, const char *keyword, gpointer data)
{
  static const char *const clause_keywords[] = {"when", "each", "some", "no", NULL};
  V2vRule *rule = data;

  if (g_str_equal (keyword, "describe"))
    return v2v_parser_once (parser, &rule->describe, keyword);
  if (g_strv_contains (clause_keywords, keyword))
    return parse_clause (parser, keyword, rule->clauses);
  return parse_head (parser, keyword, rule->heads);
}

gboolean
v2v_parse_rule (V2vParser *parser)
{
  static const char *const keywords[] = {"describe", "when", "each", "some", "no", "assert",
                                         "default",  "do",   "fail", "warn", NULL};
  V2vRuleSyntax *syntax = NEW_DECL (parser, V2vRuleSyntax, V2V_DECL_RULE);

  syntax->rule.clauses = v2v_arena_pointers (parser->arena);
  syntax->rule.heads = v2v_arena_pointers (parser->arena);
  if (!v2v_parse_dotted (parser, &syntax->decl.name, "the name of the rule") &&
      !v2v_parser_find_body (parser))
    return FALSE;
  if (v2v_parser_take_word (parser, "was") &&
      !v2v_parse_dotted (parser, &syntax->was, "the old name of the rule") &&
      !v2v_parser_find_body (parser))
    return FALSE;
  return v2v_parser_body (parser, keywords, "the rule", NULL, rule_statement, &syntax->rule);
}

static gboolean
provider_statement (V2vParser *parser, const char *keyword, gpointer data)
{
  V2vProviderSyntax *syntax = data;

  if (strcmp (keyword, "describe") == 0)
    return v2v_parser_once (parser, &syntax->provider.describe, keyword);
  if (strcmp (keyword, "over") == 0)
    return v2v_parse_names (parser, &syntax->over, TRUE, "a provider");
  if (strcmp (keyword, "after") == 0)
    return v2v_parse_names (parser, &syntax->after, TRUE, "an operation or a provider");
  if (strcmp (keyword, "phase") == 0)
    return v2v_parse_word (parser, &syntax->phase, "a phase");
  if (strcmp (keyword, "do") == 0) {
    const gboolean xslt = v2v_parser_is (parser, "xslt");

    if (!xslt && !v2v_parser_is (parser, "lua")) {
      g_autofree char *found = v2v_parser_found (parser);

      return parse_error (parser, V2V_CODE_SYNTAX, NULL, "a provider does lua or xslt, not %s",
                          found);
    }
    if (syntax->call != NULL)
      parse_error (parser, V2V_CODE_REPEATED, "write another provider",
                   "a provider has only one do");
    v2v_parser_advance (parser);
    syntax->provider.is_xslt = xslt;
    syntax->call = parse_call (parser, xslt);
    return syntax->call != NULL;
  }
  return parse_clause (parser, keyword, syntax->provider.clauses);
}

gboolean
v2v_parse_provider (V2vParser *parser)
{
  static const char *const keywords[] = {"describe", "when",  "some", "no", "over",
                                         "after",    "phase", "do",   NULL};
  V2vProviderSyntax *syntax = NEW_DECL (parser, V2vProviderSyntax, V2V_DECL_PROVIDER);

  syntax->provider.clauses = v2v_arena_pointers (parser->arena);
  syntax->params = v2v_arena_array (parser->arena, sizeof (V2vName), 2);
  if (!v2v_parse_dotted (parser, &syntax->decl.name, "the name of the provider") &&
      !v2v_parser_find_body (parser))
    return FALSE;
  if (parser->token.kind != V2V_TOKEN_LBRACE) {
    if (!v2v_parser_take_word (parser, "for")) {
      g_autofree char *found = v2v_parser_found (parser);

      parse_error (parser, V2V_CODE_SYNTAX, NULL,
                   "after the name of the provider, for is expected, not %s", found);
      if (!v2v_parser_find_body (parser))
        return FALSE;
    } else if (!v2v_parse_word (parser, &syntax->operation, "an operation") ||
               !v2v_parse_word_list (parser, &syntax->params, "a parameter", "the operation")) {
      if (!v2v_parser_find_body (parser))
        return FALSE;
    } else {
      syntax->has_params = TRUE;
    }
  } else if (syntax->decl.name.name != NULL) {
    parse_error (parser, V2V_CODE_FOR_WHAT, "write provider NAME for OPERATION(PARAMETERS)",
                 "the provider does not say which operation it is for");
  }
  return v2v_parser_body (parser, keywords, "the provider", NULL, provider_statement, syntax);
}

static gboolean
probe_statement (V2vParser *parser, const char *keyword, gpointer data)
{
  V2vProbeSyntax *syntax = data;

  if (strcmp (keyword, "describe") == 0)
    return v2v_parser_once (parser, &syntax->probe.describe, keyword);
  if (strcmp (keyword, "reads") == 0)
    return v2v_parse_names (parser, &syntax->reads, FALSE, "a fact");
  if (strcmp (keyword, "lua") == 0) {
    if (syntax->call != NULL)
      parse_error_at (parser, V2V_CODE_REPEATED, parser->previous.place,
                      parser->previous.length, "write another probe",
                      "a probe calls one function");
    syntax->call = parse_call (parser, FALSE);
    return syntax->call != NULL;
  }
  return parse_clause (parser, keyword, syntax->probe.clauses);
}

gboolean
v2v_parse_probe (V2vParser *parser)
{
  static const char *const keywords[] = {"describe", "when", "some", "no",
                                         "reads",    "lua",  NULL};
  V2vProbeSyntax *syntax = NEW_DECL (parser, V2vProbeSyntax, V2V_DECL_PROBE);

  syntax->probe.clauses = v2v_arena_pointers (parser->arena);
  if (!v2v_parse_dotted (parser, &syntax->decl.name, "the name of the probe") &&
      !v2v_parser_find_body (parser))
    return FALSE;
  if (parser->token.kind != V2V_TOKEN_LBRACE) {
    if (!v2v_parser_take_word (parser, "provides")) {
      g_autofree char *found = v2v_parser_found (parser);

      parse_error (parser, V2V_CODE_SYNTAX, NULL,
                   "after the name of the probe, provides is expected, not %s", found);
      if (!v2v_parser_find_body (parser))
        return FALSE;
    } else if (!v2v_parse_names (parser, &syntax->provides, FALSE, "a fact") &&
               !v2v_parser_find_body (parser)) {
      return FALSE;
    }
  } else if (syntax->decl.name.name != NULL) {
    parse_error (parser, V2V_CODE_FOR_WHAT, "write probe NAME provides FACT",
                 "the probe does not say which facts it provides");
  }
  return v2v_parser_body (parser, keywords, "the probe", NULL, probe_statement, syntax);
}
