/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Parses declarations of enums, facts, operations, named conditions and options.
 */
#include "config.h"

#include <string.h>

#include "syntax/parser.h"

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
  if (!is_enum_word (parser->token.kind) || v2v_parser_at_declaration (parser)) {
    g_autofree char *found = v2v_parser_found (parser);

    *name_r = (V2vName){NULL, parser->token.place};
    return parse_error (parser, V2V_CODE_SYNTAX, NULL, "expected a word of the enum, not %s",
                        found);
  }
  *name_r = (V2vName){parser->token.text, parser->token.place};
  v2v_parser_advance (parser);
  return TRUE;
}

/* Parses ["since" NUMBER] ["deprecated" STRING]. Where WORDS may follow, "since" and
 * "deprecated" may themselves be such words; what comes after them decides. */
static gboolean
parse_status (V2vParser *parser, V2vStatus *status, gboolean words)
{
  for (;;) {
    if (v2v_parser_is (parser, "since") &&
        (!words || v2v_parser_peek (parser).kind == V2V_TOKEN_NUMBER)) {
      v2v_parser_advance (parser);
      if (parser->token.kind == V2V_TOKEN_NUMBER &&
          (parser->token.number < 0 || parser->token.number > parser->file->interface)) {
        g_autofree char *hint = g_strdup_printf ("begin the file with v2v-rules %d.%s",
                                                 V2V_LANGUAGE, parser->token.text);

        parse_error (parser, V2V_CODE_SINCE, parser->token.number < 0 ? NULL : hint,
                     "this file is made for interface %d.%u, so nothing in it is since %s",
                     V2V_LANGUAGE, parser->file->interface, parser->token.text);
      }
      status->since = (guint)CLAMP (parser->token.number, 0, G_MAXUINT16);
      if (!v2v_parser_need (parser, V2V_TOKEN_NUMBER, "since"))
        return FALSE;
    } else if (v2v_parser_is (parser, "deprecated") &&
               (!words || v2v_parser_peek (parser).kind == V2V_TOKEN_STRING)) {
      v2v_parser_advance (parser);
      if (!v2v_parse_string (parser, &status->deprecated, "deprecated"))
        return FALSE;
      if (status->deprecated[0] == '\0')
        parse_error_at (parser, V2V_CODE_SYNTAX, parser->previous.place,
                        parser->previous.length, NULL,
                        "say what to use instead of what is deprecated");
    } else {
      return TRUE;
    }
  }
}

/* Parses: word ["also" word {"," word}] [status] [STRING] */
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
  if (!parse_status (parser, &word->status, TRUE))
    return FALSE;
  if (parser->token.kind == V2V_TOKEN_STRING) {
    word->doc = parser->token.text;
    v2v_parser_advance (parser);
  }
  return TRUE;
}

/* Parses the string that may begin the body of a fact or enum and describes it. */
static const char *
take_doc (V2vParser *parser, V2vLayout layout)
{
  const char *doc = parser->token.text;

  if (parser->token.kind != V2V_TOKEN_STRING)
    return NULL;
  parser->mark = layout;
  v2v_parser_advance (parser);
  return doc;
}

gboolean
v2v_parse_enum (V2vParser *parser)
{
  V2vEnumSyntax *syntax = NEW_DECL (parser, V2vEnumSyntax, V2V_DECL_ENUM);
  V2vPlace open;

  syntax->words = v2v_arena_array (parser->arena, sizeof (V2vWordSyntax), 4);
  if (!v2v_parse_word (parser, &syntax->decl.name, "the name of the enum") &&
      !v2v_parser_find_body (parser))
    return FALSE;
  if (!parse_status (parser, &syntax->status, FALSE) && !v2v_parser_find_body (parser))
    return FALSE;
  open = parser->token.place;
  parser->mark = V2V_LAYOUT_OPEN;
  if (!v2v_parser_need (parser, V2V_TOKEN_LBRACE, "the name of the enum"))
    return FALSE;
  syntax->doc = take_doc (parser, V2V_LAYOUT_ITEM);
  while (parser->token.kind != V2V_TOKEN_RBRACE) {
    V2vWordSyntax word;

    if (parser->token.kind == V2V_TOKEN_END || v2v_parser_at_declaration (parser)) {
      v2v_parser_unclosed (parser, open);
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

gboolean
v2v_parse_name (V2vParser *parser)
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
  while (parser->token.kind == V2V_TOKEN_WORD && !v2v_parser_at_declaration (parser) &&
         v2v_parser_peek (parser).kind != V2V_TOKEN_COLON) {
    if (v2v_parser_take_word (parser, "key")) {
      field.key = TRUE;
    } else if (v2v_parser_take_word (parser, "derived")) {
      field.derived = TRUE;
    } else if (v2v_parser_take_word (parser, "public")) {
      field.public = TRUE;
    } else if (v2v_parser_take_word (parser, "private")) {
      if (!v2v_parse_word (parser, &field.private, "what kind of private value it is"))
        return FALSE;
    } else if (v2v_parser_take_word (parser, "from")) {
      field.from_place = parser->token.place;
      if (!v2v_parse_string (parser, &field.from, "from"))
        return FALSE;
    } else if (v2v_parser_is (parser, "since") || v2v_parser_is (parser, "deprecated")) {
      if (!parse_status (parser, &field.status, FALSE))
        return FALSE;
    } else {
      g_autofree char *found = v2v_parser_found (parser);

      return parse_error (
          parser, V2V_CODE_SYNTAX, NULL,
          "after the type, key, derived, private, public, from, since, deprecated, a description "
          "or the next field is expected, not %s",
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

  while (parser->token.kind != V2V_TOKEN_END && !v2v_parser_at_declaration (parser)) {
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

gboolean
v2v_parse_fact (V2vParser *parser)
{
  V2vFactSyntax *syntax = NEW_DECL (parser, V2vFactSyntax, V2V_DECL_FACT);
  V2vPlace open;

  syntax->fields = v2v_arena_array (parser->arena, sizeof (V2vFieldSyntax), 8);
  if (!v2v_parse_word (parser, &syntax->decl.name, "the name of the fact") &&
      !v2v_parser_find_body (parser))
    return FALSE;
  syntax->each = v2v_parser_take_word (parser, "each");
  syntax->derived = v2v_parser_take_word (parser, "derived");
  if (v2v_parser_take_word (parser, "from")) {
    if (!v2v_parse_word (parser, &syntax->origin, "where the fact comes from") &&
        !v2v_parser_find_body (parser))
      return FALSE;
    if (parser->token.kind == V2V_TOKEN_STRING) {
      syntax->from = parser->token.text;
      syntax->from_place = parser->token.place;
      v2v_parser_advance (parser);
    }
  }
  if (!parse_status (parser, &syntax->status, FALSE) && !v2v_parser_find_body (parser))
    return FALSE;
  open = parser->token.place;
  parser->mark = V2V_LAYOUT_OPEN;
  if (!v2v_parser_need (parser, V2V_TOKEN_LBRACE, "the head of the fact"))
    return FALSE;
  syntax->doc = take_doc (parser, V2V_LAYOUT_STATEMENT);
  while (parser->token.kind != V2V_TOKEN_RBRACE) {
    if (parser->token.kind == V2V_TOKEN_END || v2v_parser_at_declaration (parser)) {
      v2v_parser_unclosed (parser, open);
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

    return parse_error (parser, V2V_CODE_SYNTAX, NULL,
                        "on and a list of parameters is expected, not %s", found);
  }
  if (!v2v_parse_word_list (parser, &conflict.params, "a parameter", "on"))
    return FALSE;
  g_array_append_val (syntax->conflicts, conflict);
  return TRUE;
}

/* Parses what may come between the parameters and the body of an operation. */
static gboolean
parse_operation_head (V2vParser *parser, V2vOperationSyntax *syntax)
{
  V2vOperation *operation = &syntax->operation;
  V2vName phase;

  if (!v2v_parser_take_word (parser, "phase")) {
    g_autofree char *found = v2v_parser_found (parser);

    return parse_error (parser, V2V_CODE_SYNTAX, NULL,
                        "after the parameters, phase is expected, not %s", found);
  }
  if (!v2v_parse_word (parser, &phase, "a phase"))
    return FALSE;
  if (!v2v_phase_from_name (phase.name, &operation->phase))
    parse_error_at (parser, V2V_CODE_NO_PHASE, phase.place, (guint)strlen (phase.name),
                    "phases are install, remove, configure, boot, unconfigure-metadata, "
                    "configure-metadata",
                    "there is no phase \"%s\"", phase.name);
  if (v2v_parser_take_word (parser, "dispatch")) {
    if (v2v_parser_take_word (parser, "all")) {
      operation->dispatch = V2V_DISPATCH_ALL;
    } else if (!v2v_parser_take_word (parser, "one")) {
      g_autofree char *found = v2v_parser_found (parser);

      return parse_error (parser, V2V_CODE_SYNTAX, NULL,
                          "after dispatch, one or all is expected, not %s", found);
    }
  }
  for (;;) {
    if (v2v_parser_take_word (parser, "batch"))
      operation->batch = TRUE;
    else if (v2v_parser_take_word (parser, "optional"))
      operation->optional = TRUE;
    else
      break;
  }
  if (!parse_status (parser, &operation->status, FALSE))
    return FALSE;
  if (parser->token.kind != V2V_TOKEN_LBRACE && parser->token.kind != V2V_TOKEN_END &&
      !parser->token.first) {
    g_autofree char *found = v2v_parser_found (parser);

    return parse_error (parser, V2V_CODE_SYNTAX, NULL,
                        "after the phase, dispatch, batch, optional, since, deprecated or { is "
                        "expected, not %s",
                        found);
  }
  return TRUE;
}

gboolean
v2v_parse_operation (V2vParser *parser)
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
      if (parser->token.kind == V2V_TOKEN_STRING) {
        param.doc = parser->token.text;
        v2v_parser_advance (parser);
      }
      g_array_append_val (syntax->params, param);
    } while (v2v_parser_take (parser, V2V_TOKEN_COMMA));
    if (!v2v_parser_need (parser, V2V_TOKEN_RPAREN, "the parameters"))
      return FALSE;
  }
  if (!parse_operation_head (parser, syntax) && !v2v_parser_find_body (parser))
    return FALSE;
  if (parser->token.kind != V2V_TOKEN_LBRACE)
    return TRUE;
  return v2v_parser_body (parser, keywords, "the operation", &syntax->operation.doc,
                          operation_statement, syntax);
}

/* ---- conditions with a name, options, functions, disable ---- */

gboolean
v2v_parse_let (V2vParser *parser)
{
  V2vLetSyntax *syntax = NEW_DECL (parser, V2vLetSyntax, V2V_DECL_LET);
  static const char *const reserved[] = {"and",  "or",    "not", "in",    "is", "domain",
                                         "true", "false", "set", "unset", NULL};

  if (!v2v_parse_dotted (parser, &syntax->decl.name, "the name of a condition"))
    return FALSE;
  if (g_strv_contains (reserved, syntax->decl.name.name))
    parse_error_at (parser, V2V_CODE_RESERVED, syntax->decl.name.place,
                    (guint)strlen (syntax->decl.name.name), NULL,
                    "a condition cannot be called %s: that word has a meaning in conditions",
                    syntax->decl.name.name);
  if (!v2v_parse_assign (parser, "the name"))
    return FALSE;
  syntax->body = v2v_parse_condition (parser);
  return syntax->body != NULL;
}

static gboolean
option_statement (V2vParser *parser, const char *keyword, gpointer data)
{
  V2vOptionSyntax *syntax = data;
  V2vOption *option = &syntax->option;

  if (g_str_equal (keyword, "private"))
    return v2v_parse_word (parser, &syntax->private, "what kind of private value it is");
  return v2v_parser_once (
      parser, g_str_equal (keyword, "describe") ? &option->describe : &option->metavar,
      keyword);
}

gboolean
v2v_parse_option (V2vParser *parser)
{
  static const char *const keywords[] = {"describe", "metavar", "private", NULL};
  V2vOptionSyntax *syntax = NEW_DECL (parser, V2vOptionSyntax, V2V_DECL_OPTION);

  if (!v2v_parse_word (parser, &syntax->decl.name, "the name of the option, without dashes") &&
      !v2v_parser_find_body (parser))
    return FALSE;
  if (v2v_parser_take_word (parser, "flag"))
    syntax->flag = TRUE;
  else if (parser->token.kind != V2V_TOKEN_LBRACE || syntax->decl.name.name != NULL) {
    if (!parse_type (parser, &syntax->type) && !v2v_parser_find_body (parser))
      return FALSE;
  }
  if (!parse_status (parser, &syntax->status, FALSE) && !v2v_parser_find_body (parser))
    return FALSE;

  if (parser->token.kind != V2V_TOKEN_LBRACE)
    return TRUE;
  return v2v_parser_body (parser, keywords, "the option", NULL, option_statement, syntax);
}

gboolean
v2v_parse_function (V2vParser *parser)
{
  V2vFunctionSyntax *syntax = NEW_DECL (parser, V2vFunctionSyntax, V2V_DECL_FUNCTION);

  if (!v2v_parse_dotted (parser, &syntax->decl.name, "a function that scripts can call") ||
      !parse_status (parser, &syntax->status, FALSE))
    return FALSE;
  if (syntax->status.since == 0 && syntax->status.deprecated == NULL)
    return parse_error (parser, V2V_CODE_SYNTAX, NULL,
                        "after the function, since or deprecated is expected: nothing else can "
                        "be declared for it");
  return TRUE;
}

gboolean
v2v_parse_disable (V2vParser *parser)
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

    return parse_error (parser, V2V_CODE_SYNTAX, NULL,
                        "after disable, rule, provider or probe is expected, not %s", found);
  }
  return v2v_parse_dotted (parser, &syntax->decl.name, "the name of what is disabled");
}
