/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Declarations, and how reading goes on after an error.
 */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "lang/parser.h"
#include "lang/ruleset.h"

/* ---- tokens ---- */

gboolean
v2v_parser_fail (V2vParser *parser, V2vPlace place, guint length, const char *hint,
                 gboolean silent, const char *format, ...)
{
  parser->broken = TRUE;
  if (!silent) {
    g_autofree char *message = NULL;
    va_list args;

    va_start (args, format);
    message = g_strdup_vprintf (format, args);
    va_end (args);
    v2v_diags_add (parser->diags, V2V_DIAG_ERROR, place, length, hint, "%s", message);
  }
  return FALSE;
}

void
v2v_parser_advance (V2vParser *parser)
{
  if (parser->layout != NULL) {
    const V2vLaidToken laid = {parser->token, parser->mark};

    g_array_append_val (parser->layout, laid);
    parser->mark = V2V_LAYOUT_JOIN;
  }
  parser->previous = parser->token;
  if (parser->token.bad)
    parser->broken = TRUE;
  v2v_lexer_next (&parser->lexer, &parser->token);
}

V2vToken
v2v_parser_peek (V2vParser *parser)
{
  V2vLexer ahead = parser->lexer;
  V2vToken token;

  /* Errors are reported again, but kept once. */
  v2v_lexer_next (&ahead, &token);
  return token;
}

gboolean
v2v_parser_is (const V2vParser *parser, const char *word)
{
  return parser->token.kind == V2V_TOKEN_WORD && strcmp (parser->token.text, word) == 0;
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
  return parse_error (parser, NULL, "after %s, %s is expected, not %s", after,
                      v2v_token_kind_name (kind), found);
}

gboolean
v2v_parse_word (V2vParser *parser, V2vName *name_r, const char *what)
{
  *name_r = (V2vName){NULL, parser->token.place};
  if (parser->token.kind != V2V_TOKEN_WORD) {
    g_autofree char *found = v2v_parser_found (parser);

    if (parser->token.kind == V2V_TOKEN_STRING)
      g_hash_table_add (parser->syntax->lost, (gpointer)parser->token.text);
    return parse_error (parser, NULL, "expected %s, not %s", what, found);
  }
  name_r->name = parser->token.text;
  v2v_parser_advance (parser);
  return TRUE;
}

gboolean
v2v_parse_dotted (V2vParser *parser, V2vName *name_r, const char *what)
{
  g_autoptr (GString) joined = NULL;

  if (!v2v_parse_word (parser, name_r, what))
    return FALSE;
  if (parser->token.kind != V2V_TOKEN_DOT)
    return TRUE;
  joined = g_string_new (name_r->name);
  while (v2v_parser_take (parser, V2V_TOKEN_DOT)) {
    V2vName part;

    if (!v2v_parse_word (parser, &part, "a name after the dot")) {
      name_r->name = NULL;
      return FALSE;
    }
    if (joined->len <= V2V_RULE_WORD_MAX) {
      g_string_append_c (joined, '.');
      g_string_append (joined, part.name);
    }
  }
  if (joined->len > V2V_RULE_WORD_MAX) {
    name_r->name = NULL;
    return parse_error_at (parser, name_r->place, 1, NULL,
                           "a name with its dots may have at most %d characters",
                           V2V_RULE_WORD_MAX);
  }
  name_r->name = v2v_intern_length (joined->str, joined->len);
  return TRUE;
}

/* ---- bodies ---- */

static const char *const decl_keywords[] = {
    "enum",  "name",   "fact",    "operation", "let",     "rule",     "provider",
    "probe", "option", "disable", "test",      "capture", "override", NULL};

const char *
v2v_decl_kind_name (V2vDeclKind kind)
{
  return decl_keywords[kind];
}

static int
find_keyword (const char *const *keywords, const V2vToken *token)
{
  if (token->kind == V2V_TOKEN_WORD)
    for (int i = 0; keywords[i] != NULL; i++)
      if (strcmp (keywords[i], token->text) == 0)
        return i;
  return -1;
}

static const char *
nearest_keyword (const char *const *keywords, const char *word)
{
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();

  for (guint i = 0; keywords[i] != NULL; i++)
    g_ptr_array_add (candidates, (gpointer)keywords[i]);
  return v2v_nearest (word, candidates);
}

/* Does a declaration begin here, though a body is still open? */
static gboolean
at_declaration (V2vParser *parser)
{
  return parser->token.first && parser->token.place.column == 1 &&
         find_keyword (decl_keywords, &parser->token) >= 0 &&
         v2v_parser_peek (parser).kind != V2V_TOKEN_COLON;
}

/* Skips to the next statement, which begins a line with one of KEYWORDS, or to the end of the
 * body. */
static void
skip_statement (V2vParser *parser, const char *const *keywords)
{
  guint depth = 0;

  while (parser->token.kind != V2V_TOKEN_END) {
    if (at_declaration (parser))
      return;
    if (parser->token.kind == V2V_TOKEN_LBRACE) {
      depth++;
    } else if (parser->token.kind == V2V_TOKEN_RBRACE) {
      if (depth == 0)
        return;
      depth--;
    } else if (depth == 0 && parser->token.first &&
               find_keyword (keywords, &parser->token) >= 0) {
      return;
    }
    v2v_parser_advance (parser);
  }
}

static void
unclosed (V2vParser *parser, V2vPlace open)
{
  g_autofree char *found = v2v_parser_found (parser);

  parse_error_at (parser, open, 1, NULL, "this { is not closed before %s in line %u", found,
                  parser->token.place.line);
}

typedef gboolean (*Statement) (V2vParser *parser, const char *keyword, gpointer data);

/* "{" {statement} "}", each beginning with one of KEYWORDS. WHAT names the declaration. DOC, if
 * not NULL, gets a description that stands first without a keyword. A statement that cannot be
 * read is skipped. */
static void
parse_body (V2vParser *parser, const char *const *keywords, const char *what, char **doc,
            Statement statement, gpointer data)
{
  const V2vPlace open = parser->token.place;

  parser->mark = V2V_LAYOUT_OPEN;
  if (!v2v_parser_need (parser, V2V_TOKEN_LBRACE, what))
    return;
  if (doc != NULL && parser->token.kind == V2V_TOKEN_STRING) {
    *doc = (char *)parser->token.text;
    parser->mark = V2V_LAYOUT_STATEMENT;
    v2v_parser_advance (parser);
  }
  while (parser->token.kind != V2V_TOKEN_RBRACE) {
    int found = find_keyword (keywords, &parser->token);

    if (parser->token.kind == V2V_TOKEN_END || at_declaration (parser)) {
      unclosed (parser, open);
      return;
    }
    parser->mark = V2V_LAYOUT_STATEMENT;
    if (found < 0) {
      const char *nearest = parser->token.kind == V2V_TOKEN_WORD
                                ? nearest_keyword (keywords, parser->token.text)
                                : NULL;
      g_autofree char *expected = g_strjoinv (", ", (char **)keywords);
      g_autofree char *hint =
          nearest != NULL ? g_strdup_printf ("did you mean %s?", nearest) : NULL;
      g_autofree char *token = v2v_parser_found (parser);

      parse_error (parser, hint, "expected a statement of %s (%s), not %s", what, expected,
                   token);
      /* A misspelt keyword is taken as the one that was meant. */
      for (found = 0; nearest != NULL && keywords[found] != nearest;)
        found++;
      if (nearest == NULL) {
        v2v_parser_advance (parser);
        skip_statement (parser, keywords);
        continue;
      }
    }
    v2v_parser_advance (parser);
    if (!statement (parser, keywords[found], data))
      skip_statement (parser, keywords);
  }
  parser->mark = V2V_LAYOUT_CLOSE;
  v2v_parser_advance (parser);
}

/* Where a body should begin but does not: skips to it, if it comes before the next
 * declaration. */
static gboolean
find_body (V2vParser *parser)
{
  while (parser->token.kind != V2V_TOKEN_LBRACE) {
    if (parser->token.kind == V2V_TOKEN_END || parser->token.kind == V2V_TOKEN_RBRACE ||
        at_declaration (parser))
      return FALSE;
    v2v_parser_advance (parser);
  }
  return TRUE;
}

static gpointer
new_decl (V2vParser *parser, gsize size, V2vDeclKind kind)
{
  V2vDecl *decl = v2v_arena_alloc (parser->arena, size);

  decl->kind = kind;
  decl->file = parser->file;
  g_ptr_array_add (parser->syntax->decls, decl);
  return decl;
}
#define NEW_DECL(parser, type, kind) ((type *)new_decl ((parser), sizeof (type), (kind)))

/* A description that may be given once. */
static gboolean
parse_once (V2vParser *parser, char **text_r, const char *keyword)
{
  const char *text;

  if (*text_r != NULL)
    parse_error_at (parser, parser->previous.place, parser->previous.length, NULL,
                    "%s may stand here once only", keyword);
  if (!v2v_parse_string (parser, &text, keyword))
    return FALSE;
  *text_r = (char *)text;
  return TRUE;
}

/* ---- enums, names, types ---- */

static gboolean
is_enum_word (V2vTokenKind kind)
{
  return kind == V2V_TOKEN_WORD || kind == V2V_TOKEN_DIGIT_WORD || kind == V2V_TOKEN_NUMBER ||
         kind == V2V_TOKEN_SIZE;
}

static gboolean
parse_enum_word (V2vParser *parser, V2vName *name_r)
{
  if (!is_enum_word (parser->token.kind)) {
    g_autofree char *found = v2v_parser_found (parser);

    *name_r = (V2vName){NULL, parser->token.place};
    return parse_error (parser, NULL, "expected a word of the enum, not %s", found);
  }
  *name_r = (V2vName){parser->token.text, parser->token.place};
  v2v_parser_advance (parser);
  return TRUE;
}

/* word ["also" word {"," word}] [STRING] */
static gboolean
parse_word_entry (V2vParser *parser, V2vWordSyntax *word)
{
  *word = (V2vWordSyntax){0};
  if (!parse_enum_word (parser, &word->word))
    return FALSE;
  if (v2v_parser_take_word (parser, "also")) {
    word->also = v2v_arena_array (parser->arena, sizeof (V2vName), 2);
    do {
      V2vName also;

      if (!parse_enum_word (parser, &also))
        return FALSE;
      g_array_append_val (word->also, also);
    } while (v2v_parser_take (parser, V2V_TOKEN_COMMA));
  }
  if (parser->token.kind == V2V_TOKEN_STRING) {
    word->doc = parser->token.text;
    v2v_parser_advance (parser);
  }
  return TRUE;
}

static gboolean
parse_enum (V2vParser *parser)
{
  V2vEnumSyntax *syntax = NEW_DECL (parser, V2vEnumSyntax, V2V_DECL_ENUM);
  V2vPlace open;

  syntax->words = v2v_arena_array (parser->arena, sizeof (V2vWordSyntax), 4);
  if (!v2v_parse_word (parser, &syntax->decl.name, "the name of the enum") &&
      !find_body (parser))
    return FALSE;
  open = parser->token.place;
  parser->mark = V2V_LAYOUT_OPEN;
  if (!v2v_parser_need (parser, V2V_TOKEN_LBRACE, "the name of the enum"))
    return FALSE;
  while (parser->token.kind != V2V_TOKEN_RBRACE) {
    V2vWordSyntax word;

    if (parser->token.kind == V2V_TOKEN_END || at_declaration (parser)) {
      unclosed (parser, open);
      return FALSE;
    }
    parser->mark = V2V_LAYOUT_ITEM;
    if (!parse_word_entry (parser, &word)) {
      v2v_parser_advance (parser);
      continue;
    }
    g_array_append_val (syntax->words, word);
  }
  parser->mark = V2V_LAYOUT_CLOSE;
  v2v_parser_advance (parser);
  return TRUE;
}

static gboolean
parse_name (V2vParser *parser)
{
  V2vNameSyntax *syntax = NEW_DECL (parser, V2vNameSyntax, V2V_DECL_NAME);

  if (!v2v_parse_word (parser, &syntax->decl.name, "an enum, or a fact and its field"))
    return FALSE;
  if (v2v_parser_take (parser, V2V_TOKEN_DOT) &&
      !v2v_parse_word (parser, &syntax->field, "a field"))
    return FALSE;
  return parse_word_entry (parser, &syntax->word);
}

static gboolean
parse_type (V2vParser *parser, V2vTypeSyntax *type)
{
  if (!v2v_parse_word (parser, &type->name, "a type"))
    return FALSE;
  if (strcmp (type->name.name, "enum") != 0)
    return TRUE;
  type->words = v2v_arena_array (parser->arena, sizeof (V2vName), 4);
  if (!v2v_parser_need (parser, V2V_TOKEN_LPAREN, "enum"))
    return FALSE;
  do {
    V2vName word;

    if (!parse_enum_word (parser, &word))
      return FALSE;
    g_array_append_val (type->words, word);
  } while (v2v_parser_take (parser, V2V_TOKEN_COMMA));
  return v2v_parser_need (parser, V2V_TOKEN_RPAREN, "the words of the enum");
}

/* ---- facts ---- */

static gboolean
parse_field (V2vParser *parser, V2vFactSyntax *fact)
{
  V2vFieldSyntax field = {0};

  parser->mark = V2V_LAYOUT_STATEMENT;
  if (!v2v_parse_word (parser, &field.name, "a field") ||
      !v2v_parser_need (parser, V2V_TOKEN_COLON, "the field") ||
      !parse_type (parser, &field.type))
    return FALSE;
  /* "key:" after a field is the next field. */
  while (parser->token.kind == V2V_TOKEN_WORD &&
         v2v_parser_peek (parser).kind != V2V_TOKEN_COLON) {
    if (v2v_parser_take_word (parser, "key")) {
      field.key = TRUE;
    } else if (v2v_parser_take_word (parser, "derived")) {
      field.derived = TRUE;
    } else if (v2v_parser_take_word (parser, "from")) {
      field.from_place = parser->token.place;
      if (!v2v_parse_string (parser, &field.from, "from"))
        return FALSE;
    } else {
      g_autofree char *found = v2v_parser_found (parser);

      return parse_error (
          parser, NULL,
          "after the type, key, derived, from, a description or the next field is "
          "expected, not %s",
          found);
    }
  }
  if (parser->token.kind == V2V_TOKEN_STRING) {
    field.doc = parser->token.text;
    v2v_parser_advance (parser);
  }
  g_array_append_val (fact->fields, field);
  return TRUE;
}

/* Skips to the next "name:" or the end of the body. */
static void
skip_field (V2vParser *parser)
{
  guint depth = 0;

  while (parser->token.kind != V2V_TOKEN_END && !at_declaration (parser)) {
    if (parser->token.kind == V2V_TOKEN_LBRACE)
      depth++;
    else if (parser->token.kind == V2V_TOKEN_RBRACE && depth-- == 0)
      return;
    else if (parser->token.kind == V2V_TOKEN_WORD && parser->token.first &&
             v2v_parser_peek (parser).kind == V2V_TOKEN_COLON)
      return;
    v2v_parser_advance (parser);
  }
}

static gboolean
parse_fact (V2vParser *parser)
{
  V2vFactSyntax *syntax = NEW_DECL (parser, V2vFactSyntax, V2V_DECL_FACT);
  V2vPlace open;

  syntax->fields = v2v_arena_array (parser->arena, sizeof (V2vFieldSyntax), 8);
  if (!v2v_parse_word (parser, &syntax->decl.name, "the name of the fact") &&
      !find_body (parser))
    return FALSE;
  syntax->each = v2v_parser_take_word (parser, "each");
  syntax->derived = v2v_parser_take_word (parser, "derived");
  if (v2v_parser_take_word (parser, "from")) {
    if (!v2v_parse_word (parser, &syntax->origin, "where the fact comes from") &&
        !find_body (parser))
      return FALSE;
    if (parser->token.kind == V2V_TOKEN_STRING) {
      syntax->from = parser->token.text;
      syntax->from_place = parser->token.place;
      v2v_parser_advance (parser);
    }
  }
  open = parser->token.place;
  parser->mark = V2V_LAYOUT_OPEN;
  if (!v2v_parser_need (parser, V2V_TOKEN_LBRACE, "the head of the fact"))
    return FALSE;
  while (parser->token.kind != V2V_TOKEN_RBRACE) {
    if (parser->token.kind == V2V_TOKEN_END || at_declaration (parser)) {
      unclosed (parser, open);
      return FALSE;
    }
    if (!parse_field (parser, syntax))
      skip_field (parser);
  }
  parser->mark = V2V_LAYOUT_CLOSE;
  v2v_parser_advance (parser);
  return TRUE;
}

/* ---- operations ---- */

static gboolean
operation_statement (V2vParser *parser, const char *keyword, gpointer data)
{
  V2vOperationSyntax *syntax = data;
  V2vConflictSyntax conflict = {.place = parser->previous.place};

  if (strcmp (keyword, "after") == 0)
    return v2v_parse_names (parser, &syntax->after, FALSE, "an operation");
  if (strcmp (keyword, "excludes") == 0 &&
      !v2v_parse_word (parser, &conflict.other, "an operation"))
    return FALSE;
  if (!v2v_parser_take_word (parser, "on")) {
    g_autofree char *found = v2v_parser_found (parser);

    return parse_error (parser, NULL, "on and a list of parameters is expected, not %s", found);
  }
  if (!v2v_parse_word_list (parser, &conflict.params, "a parameter", "on"))
    return FALSE;
  g_array_append_val (syntax->conflicts, conflict);
  return TRUE;
}

/* What stands between the parameters and the body. */
static gboolean
parse_operation_head (V2vParser *parser, V2vOperationSyntax *syntax)
{
  V2vOperation *operation = &syntax->operation;
  V2vName phase;

  if (!v2v_parser_take_word (parser, "phase")) {
    g_autofree char *found = v2v_parser_found (parser);

    return parse_error (parser, NULL, "after the parameters, phase is expected, not %s", found);
  }
  if (!v2v_parse_word (parser, &phase, "a phase"))
    return FALSE;
  if (!v2v_phase_from_name (phase.name, &operation->phase))
    parse_error_at (parser, phase.place, (guint)strlen (phase.name),
                    "phases are install, remove, configure, boot, unconfigure-metadata, "
                    "configure-metadata",
                    "there is no phase \"%s\"", phase.name);
  if (v2v_parser_take_word (parser, "dispatch")) {
    if (v2v_parser_take_word (parser, "all")) {
      operation->dispatch = V2V_DISPATCH_ALL;
    } else if (!v2v_parser_take_word (parser, "one")) {
      g_autofree char *found = v2v_parser_found (parser);

      return parse_error (parser, NULL, "after dispatch, one or all is expected, not %s",
                          found);
    }
  }
  for (;;) {
    if (v2v_parser_take_word (parser, "batch"))
      operation->batch = TRUE;
    else if (v2v_parser_take_word (parser, "optional"))
      operation->optional = TRUE;
    else
      return TRUE;
  }
}

static gboolean
parse_operation (V2vParser *parser)
{
  static const char *const keywords[] = {"excludes", "unique", "after", NULL};
  V2vOperationSyntax *syntax = NEW_DECL (parser, V2vOperationSyntax, V2V_DECL_OPERATION);

  syntax->params = v2v_arena_array (parser->arena, sizeof (V2vFieldSyntax), 2);
  syntax->conflicts = v2v_arena_array (parser->arena, sizeof (V2vConflictSyntax), 0);
  if (!v2v_parse_word (parser, &syntax->decl.name, "the name of the operation") ||
      !v2v_parser_need (parser, V2V_TOKEN_LPAREN, "the name of the operation"))
    return FALSE;
  if (!v2v_parser_take (parser, V2V_TOKEN_RPAREN)) {
    do {
      V2vFieldSyntax param = {0};

      if (!v2v_parse_word (parser, &param.name, "a parameter") ||
          !v2v_parser_need (parser, V2V_TOKEN_COLON, "the parameter") ||
          !parse_type (parser, &param.type))
        return FALSE;
      g_array_append_val (syntax->params, param);
    } while (v2v_parser_take (parser, V2V_TOKEN_COMMA));
    if (!v2v_parser_need (parser, V2V_TOKEN_RPAREN, "the parameters"))
      return FALSE;
  }
  if (!parse_operation_head (parser, syntax) && !find_body (parser))
    return FALSE;
  if (parser->token.kind != V2V_TOKEN_LBRACE)
    return TRUE;
  parse_body (parser, keywords, "the operation", &syntax->operation.doc, operation_statement,
              syntax);
  return TRUE;
}

/* ---- conditions with a name ---- */

static gboolean
parse_let (V2vParser *parser)
{
  V2vLetSyntax *syntax = NEW_DECL (parser, V2vLetSyntax, V2V_DECL_LET);
  static const char *const reserved[] = {"and",  "or",    "not", "in",    "is", "domain",
                                         "true", "false", "set", "unset", NULL};

  if (!v2v_parse_dotted (parser, &syntax->decl.name, "the name of a condition"))
    return FALSE;
  if (g_strv_contains (reserved, syntax->decl.name.name))
    parse_error_at (parser, syntax->decl.name.place, (guint)strlen (syntax->decl.name.name),
                    NULL,
                    "a condition cannot be called %s: that word has a meaning in conditions",
                    syntax->decl.name.name);
  if (!v2v_parse_assign (parser, "the name"))
    return FALSE;
  syntax->body = v2v_parse_condition (parser);
  return syntax->body != NULL;
}

/* ---- rules, providers, probes ---- */

static gboolean
rule_statement (V2vParser *parser, const char *keyword, gpointer data)
{
  V2vRule *rule = data;

  switch (keyword[0] + keyword[1]) {
  case 'd' + 'e':
    if (keyword[2] == 's')
      return parse_once (parser, &rule->describe, keyword);
    return v2v_parse_head (parser, keyword, rule->heads); /* default */
  case 'w' + 'h':                                         /* when */
  case 'e' + 'a':                                         /* each */
  case 's' + 'o':                                         /* some */
  case 'n' + 'o':                                         /* no */
    return v2v_parse_clause (parser, keyword, rule->clauses);
  default:
    return v2v_parse_head (parser, keyword, rule->heads);
  }
}

static gboolean
parse_rule (V2vParser *parser)
{
  static const char *const keywords[] = {"describe", "when", "each", "some", "no", "assert",
                                         "default",  "do",   "fail", "warn", NULL};
  V2vRuleSyntax *syntax = NEW_DECL (parser, V2vRuleSyntax, V2V_DECL_RULE);

  syntax->rule.clauses = v2v_arena_pointers (parser->arena);
  syntax->rule.heads = v2v_arena_pointers (parser->arena);
  if (!v2v_parse_dotted (parser, &syntax->decl.name, "the name of the rule") &&
      !find_body (parser))
    return FALSE;
  if (v2v_parser_take_word (parser, "was") &&
      !v2v_parse_dotted (parser, &syntax->was, "the old name of the rule") &&
      !find_body (parser))
    return FALSE;
  parse_body (parser, keywords, "the rule", NULL, rule_statement, &syntax->rule);
  return TRUE;
}

static gboolean
provider_statement (V2vParser *parser, const char *keyword, gpointer data)
{
  V2vProviderSyntax *syntax = data;

  if (strcmp (keyword, "describe") == 0)
    return parse_once (parser, &syntax->provider.describe, keyword);
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

      return parse_error (parser, NULL, "a provider does lua or xslt, not %s", found);
    }
    if (syntax->call != NULL)
      parse_error (parser, "write another provider", "a provider does one thing");
    v2v_parser_advance (parser);
    syntax->provider.is_xslt = xslt;
    syntax->call = v2v_parse_call (parser, xslt);
    return syntax->call != NULL;
  }
  return v2v_parse_clause (parser, keyword, syntax->provider.clauses);
}

static gboolean
parse_provider (V2vParser *parser)
{
  static const char *const keywords[] = {"describe", "when",  "some", "no", "over",
                                         "after",    "phase", "do",   NULL};
  V2vProviderSyntax *syntax = NEW_DECL (parser, V2vProviderSyntax, V2V_DECL_PROVIDER);

  syntax->provider.clauses = v2v_arena_pointers (parser->arena);
  syntax->params = v2v_arena_array (parser->arena, sizeof (V2vName), 2);
  if (!v2v_parse_dotted (parser, &syntax->decl.name, "the name of the provider") &&
      !find_body (parser))
    return FALSE;
  if (parser->token.kind != V2V_TOKEN_LBRACE) {
    if (!v2v_parser_take_word (parser, "for")) {
      g_autofree char *found = v2v_parser_found (parser);

      parse_error (parser, NULL, "after the name of the provider, for is expected, not %s",
                   found);
      if (!find_body (parser))
        return FALSE;
    } else if (!v2v_parse_word (parser, &syntax->operation, "an operation") ||
               !v2v_parse_word_list (parser, &syntax->params, "a parameter", "the operation")) {
      if (!find_body (parser))
        return FALSE;
    } else {
      syntax->has_params = TRUE;
    }
  } else if (syntax->decl.name.name != NULL) {
    parse_error (parser, "write provider NAME for OPERATION(PARAMETERS)",
                 "the provider does not say which operation it is for");
  }
  parse_body (parser, keywords, "the provider", NULL, provider_statement, syntax);
  return TRUE;
}

static gboolean
probe_statement (V2vParser *parser, const char *keyword, gpointer data)
{
  V2vProbeSyntax *syntax = data;

  if (strcmp (keyword, "describe") == 0)
    return parse_once (parser, &syntax->probe.describe, keyword);
  if (strcmp (keyword, "reads") == 0)
    return v2v_parse_names (parser, &syntax->reads, FALSE, "a fact");
  if (strcmp (keyword, "lua") == 0) {
    if (syntax->call != NULL)
      parse_error_at (parser, parser->previous.place, parser->previous.length,
                      "write another probe", "a probe calls one function");
    syntax->call = v2v_parse_call (parser, FALSE);
    return syntax->call != NULL;
  }
  return v2v_parse_clause (parser, keyword, syntax->probe.clauses);
}

static gboolean
parse_probe (V2vParser *parser)
{
  static const char *const keywords[] = {"describe", "when", "some", "no",
                                         "reads",    "lua",  NULL};
  V2vProbeSyntax *syntax = NEW_DECL (parser, V2vProbeSyntax, V2V_DECL_PROBE);

  syntax->probe.clauses = v2v_arena_pointers (parser->arena);
  if (!v2v_parse_dotted (parser, &syntax->decl.name, "the name of the probe") &&
      !find_body (parser))
    return FALSE;
  if (parser->token.kind != V2V_TOKEN_LBRACE) {
    if (!v2v_parser_take_word (parser, "provides")) {
      g_autofree char *found = v2v_parser_found (parser);

      parse_error (parser, NULL, "after the name of the probe, provides is expected, not %s",
                   found);
      if (!find_body (parser))
        return FALSE;
    } else if (!v2v_parse_names (parser, &syntax->provides, FALSE, "a fact") &&
               !find_body (parser)) {
      return FALSE;
    }
  } else if (syntax->decl.name.name != NULL) {
    parse_error (parser, "write probe NAME provides FACT",
                 "the probe does not say which facts it provides");
  }
  parse_body (parser, keywords, "the probe", NULL, probe_statement, syntax);
  return TRUE;
}

/* ---- options, disable ---- */

static gboolean
option_statement (V2vParser *parser, const char *keyword, gpointer data)
{
  V2vOption *option = data;

  return parse_once (parser, keyword[0] == 'd' ? &option->describe : &option->metavar, keyword);
}

static gboolean
parse_option (V2vParser *parser)
{
  static const char *const keywords[] = {"describe", "metavar", NULL};
  V2vOptionSyntax *syntax = NEW_DECL (parser, V2vOptionSyntax, V2V_DECL_OPTION);

  if (!v2v_parse_word (parser, &syntax->decl.name, "the name of the option, without dashes") &&
      !find_body (parser))
    return FALSE;
  if (v2v_parser_take_word (parser, "flag"))
    syntax->flag = TRUE;
  else if (!parse_type (parser, &syntax->type) && !find_body (parser))
    return FALSE;
  if (parser->token.kind == V2V_TOKEN_LBRACE)
    parse_body (parser, keywords, "the option", NULL, option_statement, &syntax->option);
  return TRUE;
}

static gboolean
parse_disable (V2vParser *parser)
{
  V2vDisableSyntax *syntax = NEW_DECL (parser, V2vDisableSyntax, V2V_DECL_DISABLE);

  if (v2v_parser_take_word (parser, "rule")) {
    syntax->what = V2V_DECL_RULE;
  } else if (v2v_parser_take_word (parser, "provider")) {
    syntax->what = V2V_DECL_PROVIDER;
  } else if (v2v_parser_take_word (parser, "probe")) {
    syntax->what = V2V_DECL_PROBE;
  } else {
    g_autofree char *found = v2v_parser_found (parser);

    return parse_error (parser, NULL,
                        "after disable, rule, provider or probe is expected, not %s", found);
  }
  return v2v_parse_dotted (parser, &syntax->decl.name, "the name of what is disabled");
}

/* ---- tests and captures ---- */

static gboolean
test_statement (V2vParser *parser, const char *keyword, gpointer data)
{
  V2vTest *test = data;

  return keyword[0] == 'g' ? v2v_parse_given (parser, test->given)
                           : v2v_parse_expect (parser, test->expect);
}

static gboolean
capture_statement (V2vParser *parser, const char *keyword, gpointer data)
{
  V2vCaptureSyntax *syntax = data;
  const char *path;

  switch (keyword[0]) {
  case 'g':
    return v2v_parse_given (parser, syntax->capture.given);
  case 'p':
    return v2v_parse_names (parser, &syntax->probed, TRUE, "a probe");
  case 'k':
    return v2v_parse_names (parser, &syntax->known, FALSE, "a fact");
  default:
    do {
      if (!v2v_parse_string (parser, &path, "asked"))
        return FALSE;
      g_ptr_array_add (syntax->capture.asked, (gpointer)path);
    } while (v2v_parser_take (parser, V2V_TOKEN_COMMA));
    return TRUE;
  }
}

static gboolean
parse_title (V2vParser *parser, V2vName *name, const char *what)
{
  name->place = parser->token.place;
  if (v2v_parse_string (parser, &name->name, what))
    return TRUE;
  return find_body (parser);
}

static gboolean
parse_test (V2vParser *parser)
{
  static const char *const keywords[] = {"given", "expect", NULL};
  V2vTestSyntax *syntax = NEW_DECL (parser, V2vTestSyntax, V2V_DECL_TEST);

  syntax->test.given = v2v_arena_pointers (parser->arena);
  syntax->test.expect = v2v_arena_pointers (parser->arena);
  if (!parse_title (parser, &syntax->decl.name, "test"))
    return FALSE;
  parse_body (parser, keywords, "the test", NULL, test_statement, &syntax->test);
  return TRUE;
}

static gboolean
parse_capture (V2vParser *parser)
{
  static const char *const keywords[] = {"given", "probed", "asked", "known", NULL};
  V2vCaptureSyntax *syntax = NEW_DECL (parser, V2vCaptureSyntax, V2V_DECL_CAPTURE);

  syntax->capture.given = v2v_arena_pointers (parser->arena);
  syntax->capture.asked = v2v_arena_pointers (parser->arena);
  if (!parse_title (parser, &syntax->decl.name, "capture"))
    return FALSE;
  parse_body (parser, keywords, "the capture", NULL, capture_statement, syntax);
  return TRUE;
}

/* ---- files ---- */

static gboolean (*const parse_functions[]) (V2vParser *parser) = {
    [V2V_DECL_ENUM] = parse_enum,         [V2V_DECL_NAME] = parse_name,
    [V2V_DECL_FACT] = parse_fact,         [V2V_DECL_OPERATION] = parse_operation,
    [V2V_DECL_LET] = parse_let,           [V2V_DECL_RULE] = parse_rule,
    [V2V_DECL_PROVIDER] = parse_provider, [V2V_DECL_PROBE] = parse_probe,
    [V2V_DECL_OPTION] = parse_option,     [V2V_DECL_DISABLE] = parse_disable,
    [V2V_DECL_TEST] = parse_test,         [V2V_DECL_CAPTURE] = parse_capture,
};

/* Skips to the next declaration. What is skipped may have named something: that is kept, so
 * that its absence is not reported. */
static void
skip_declaration (V2vParser *parser)
{
  guint depth = 0;

  if (parser->token.kind == V2V_TOKEN_WORD)
    g_hash_table_add (parser->syntax->lost, (gpointer)parser->token.text);
  while (parser->token.kind != V2V_TOKEN_END) {
    if (at_declaration (parser) || (depth == 0 && parser->token.first &&
                                    find_keyword (decl_keywords, &parser->token) >= 0))
      return;
    if (parser->token.kind == V2V_TOKEN_LBRACE)
      depth++;
    else if (parser->token.kind == V2V_TOKEN_RBRACE && depth > 0)
      depth--;
    v2v_parser_advance (parser);
  }
}

static void
parse_declaration (V2vParser *parser)
{
  int kind = find_keyword (decl_keywords, &parser->token);
  const guint begun = parser->syntax->decls->len;
  gboolean override = FALSE;

  parser->broken = FALSE;
  parser->mark = V2V_LAYOUT_DECLARATION;
  if (v2v_parser_take_word (parser, "override")) {
    override = TRUE;
    kind = find_keyword (decl_keywords, &parser->token);
    if (kind != V2V_DECL_RULE && kind != V2V_DECL_PROVIDER && kind != V2V_DECL_PROBE) {
      g_autofree char *found = v2v_parser_found (parser);

      parse_error (parser, NULL, "after override, rule, provider or probe is expected, not %s",
                   found);
      if (kind < 0)
        v2v_parser_advance (parser);
      skip_declaration (parser);
      return;
    }
  }
  if (kind < 0) {
    const char *nearest = parser->token.kind == V2V_TOKEN_WORD
                              ? nearest_keyword (decl_keywords, parser->token.text)
                              : NULL;
    g_autofree char *hint =
        nearest != NULL ? g_strdup_printf ("did you mean %s?", nearest) : NULL;
    g_autofree char *expected = g_strjoinv (", ", (char **)decl_keywords);
    g_autofree char *found = v2v_parser_found (parser);

    if (parser->token.kind == V2V_TOKEN_RBRACE) {
      parse_error (parser, NULL, "this } closes nothing");
      v2v_parser_advance (parser);
      return;
    }
    parse_error (parser, hint, "expected a declaration (%s), not %s", expected, found);
    v2v_parser_advance (parser);
    /* A misspelt keyword is taken as the one that was meant. */
    for (guint i = 0; nearest != NULL && i < G_N_ELEMENTS (parse_functions); i++)
      if (decl_keywords[i] == nearest)
        kind = (int)i;
    if (kind < 0) {
      skip_declaration (parser);
      return;
    }
  } else {
    v2v_parser_advance (parser);
  }
  if (!parse_functions[kind](parser))
    skip_declaration (parser);
  if (parser->syntax->decls->len > begun) {
    V2vDecl *decl = g_ptr_array_index (parser->syntax->decls, begun);

    decl->override = override;
    decl->broken = parser->broken;
  }
}

/* "v2v-rules 1" */
static gboolean
parse_header (V2vParser *parser)
{
  if (!v2v_parser_is (parser, "v2v-rules")) {
    parse_error (parser, "put it before everything but comments",
                 "a rule file begins with v2v-rules 1");
    return TRUE;
  }
  v2v_parser_advance (parser);
  if (parser->token.kind != V2V_TOKEN_NUMBER || parser->token.number != 1) {
    g_autofree char *found = v2v_parser_found (parser);

    parse_error (parser, NULL, "this program reads version 1 of the rule language, not %s",
                 found);
    return FALSE;
  }
  v2v_parser_advance (parser);
  return TRUE;
}

void
v2v_parse (V2vArena *arena, const V2vRuleFile *file, V2vDiags *diags, V2vSyntax *syntax,
           GArray *layout)
{
  V2vParser parser = {
      .arena = arena, .file = file, .diags = diags, .syntax = syntax, .layout = layout};

  if (!v2v_lexer_init (&parser.lexer, file->path, file->text, file->length, diags)) {
    syntax->unusable = TRUE;
    return;
  }
  v2v_lexer_next (&parser.lexer, &parser.token);
  parser.mark = V2V_LAYOUT_DECLARATION;
  if (!parse_header (&parser)) {
    syntax->unusable = TRUE;
    return;
  }
  while (parser.token.kind != V2V_TOKEN_END)
    parse_declaration (&parser);
}
