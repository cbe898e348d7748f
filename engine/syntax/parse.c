/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Parses whole files: reads the first line, and selects the parser for each declaration.
 */
#include "config.h"

#include "lang/limits.h"
#include "syntax/parser.h"

static gboolean (*const parse_functions[]) (V2vParser *parser) = {
    [V2V_DECL_ENUM] = v2v_parse_enum,         [V2V_DECL_NAME] = v2v_parse_name,
    [V2V_DECL_FACT] = v2v_parse_fact,         [V2V_DECL_OPERATION] = v2v_parse_operation,
    [V2V_DECL_LET] = v2v_parse_let,           [V2V_DECL_RULE] = v2v_parse_rule,
    [V2V_DECL_PROVIDER] = v2v_parse_provider, [V2V_DECL_PROBE] = v2v_parse_probe,
    [V2V_DECL_OPTION] = v2v_parse_option,     [V2V_DECL_FUNCTION] = v2v_parse_function,
    [V2V_DECL_DISABLE] = v2v_parse_disable,   [V2V_DECL_TEST] = v2v_parse_test,
    [V2V_DECL_CAPTURE] = v2v_parse_capture,
};

/* Skips to the next declaration. Names in the skipped text may have been declared there, so
 * they are remembered and not reported as unknown. */
static void
skip_declaration (V2vParser *parser)
{
  guint depth = 0;

  if (parser->token.kind == V2V_TOKEN_WORD)
    g_hash_table_add (parser->syntax->lost, (gpointer)parser->token.text);
  while (parser->token.kind != V2V_TOKEN_END) {
    if (v2v_parser_at_declaration (parser) ||
        (depth == 0 && parser->token.first &&
         v2v_find_keyword (v2v_decl_keywords, &parser->token) >= 0))
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
  int kind = v2v_find_keyword (v2v_decl_keywords, &parser->token);
  const guint begun = parser->syntax->decls->len;
  gboolean override = FALSE;

  parser->broken = FALSE;
  parser->braces = 0;
  parser->mark = V2V_LAYOUT_DECLARATION;
  if (v2v_parser_take_word (parser, "override")) {
    override = TRUE;
    kind = v2v_find_keyword (v2v_decl_keywords, &parser->token);
    if (kind != V2V_DECL_RULE && kind != V2V_DECL_PROVIDER && kind != V2V_DECL_PROBE) {
      g_autofree char *found = v2v_parser_found (parser);

      parse_error (parser, V2V_CODE_SYNTAX, NULL,
                   "after override, rule, provider or probe is expected, not %s", found);
      if (kind < 0)
        v2v_parser_advance (parser);
      skip_declaration (parser);
      return;
    }
  }
  if (kind < 0) {
    const char *nearest = parser->token.kind == V2V_TOKEN_WORD
                              ? v2v_nearest_keyword (v2v_decl_keywords, parser->token.text)
                              : NULL;
    g_autofree char *hint =
        nearest != NULL ? g_strdup_printf ("did you mean %s?", nearest) : NULL;
    g_autofree char *expected = g_strjoinv (", ", (char **)v2v_decl_keywords);
    g_autofree char *found = v2v_parser_found (parser);

    if (parser->token.kind == V2V_TOKEN_RBRACE) {
      parse_error (parser, V2V_CODE_BRACE, NULL, "this } closes nothing");
      v2v_parser_advance (parser);
      return;
    }
    parse_error (parser, V2V_CODE_DECLARATION, hint, "expected a declaration (%s), not %s",
                 expected, found);
    v2v_parser_advance (parser);
    /* A misspelt keyword is taken as the one that was meant. */
    for (guint i = 0; nearest != NULL && i < G_N_ELEMENTS (parse_functions); i++)
      if (v2v_decl_keywords[i] == nearest)
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

/* Parses "v2v-rules 1" or "v2v-rules 1.2". The numbers themselves have been checked before. */
static gboolean
parse_header (V2vParser *parser)
{
  if (!v2v_parser_is (parser, "v2v-rules")) {
    parse_error (parser, V2V_CODE_HEADER, "put it before everything but comments",
                 "a rule file begins with v2v-rules 1");
    return TRUE;
  }
  parser->lexer.version = TRUE;
  v2v_parser_advance (parser);
  parser->lexer.version = FALSE;
  if (parser->token.kind != V2V_TOKEN_NUMBER || !v2v_is_interface (parser->token.text)) {
    g_autofree char *found = v2v_parser_found (parser);

    parse_error (
        parser, V2V_CODE_VERSION, NULL,
        "after v2v-rules, the interface that the file is made for is expected, such as "
        "%d or %d.%u, not %s",
        V2V_LANGUAGE, V2V_LANGUAGE, v2v_interface, found);
    return FALSE;
  }
  v2v_parser_advance (parser);
  return TRUE;
}

void
v2v_parse (V2vArena *arena, V2vRuleFile *file, V2vDiags *diags, V2vSyntax *syntax,
           GArray *layout)
{
  V2vParser parser = {
      .arena = arena, .file = file, .diags = diags, .syntax = syntax, .layout = layout};

  /* This check comes first: in a file that is made for another interface, anything may look
   * wrong. */
  if (!v2v_check_interface (file, diags) ||
      !v2v_lexer_init (&parser.lexer, file->path, file->text, file->length, diags)) {
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
