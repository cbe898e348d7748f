/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Parses conditions and values.
 */
#include "config.h"

#include <string.h>

#include "syntax/parser.h"
#include "lang/limits.h"

static V2vExpr *parse_or (V2vParser *parser);

static V2vExpr *
new_expr (V2vParser *parser, V2vExprKind kind, V2vPlace place)
{
  V2vExpr *expr = v2v_arena_new0 (parser->arena, V2vExpr);

  expr->kind = kind;
  expr->place = place;
  expr->length = 1;
  return expr;
}

/* Sets the length of EXPR to end with the last token read, as far as that is on the same
 * line. */
static V2vExpr *
close_expr (V2vParser *parser, V2vExpr *expr)
{
  const V2vToken *last = &parser->previous;

  if (last->place.line == expr->place.line && last->place.column >= expr->place.column)
    expr->length = last->place.column + last->length - expr->place.column;
  return expr;
}

/* ---- values ---- */

gboolean
v2v_parse_value (V2vParser *parser, V2vOperand *operand_r)
{
  const V2vToken token = parser->token;
  V2vOperand operand = {
      .kind = V2V_OPERAND_CONST, .place = token.place, .length = token.length};

  switch (v2v_parser_at_statement (parser) ? V2V_TOKEN_END : token.kind) {
  case V2V_TOKEN_STRING:
    operand.value = v2v_value_text (token.text);
    operand.type.kind = V2V_TYPE_STRING;
    break;
  case V2V_TOKEN_NUMBER:
    operand.name = token.text;
    operand.value = v2v_value_number (token.number);
    operand.type.kind = V2V_TYPE_INT;
    break;
  case V2V_TOKEN_SIZE:
    operand.name = token.text;
    operand.value = v2v_value_number (token.number);
    operand.type.kind = V2V_TYPE_SIZE;
    break;
  case V2V_TOKEN_DIGIT_WORD:
    operand.kind = V2V_OPERAND_NAME;
    operand.name = token.text;
    break;
  case V2V_TOKEN_WORD:
    if (strcmp (token.text, "true") == 0 || strcmp (token.text, "false") == 0) {
      operand.value = v2v_value_truth (token.text[0] == 't');
      operand.type.kind = V2V_TYPE_BOOL;
      break;
    }
    operand.kind = V2V_OPERAND_NAME;
    operand.name = token.text;
    v2v_parser_advance (parser);
    if (v2v_parser_take (parser, V2V_TOKEN_DOT)) {
      V2vName field;

      if (!v2v_parse_word (parser, &field, "a field"))
        return FALSE;
      operand.qualifier = operand.name;
      operand.name = field.name;
      operand.length =
          parser->previous.place.column + parser->previous.length - operand.place.column;
      if (parser->previous.place.line != operand.place.line)
        operand.length = token.length;
    }
    *operand_r = operand;
    return TRUE;
  default: {
    g_autofree char *found = v2v_parser_found (parser);

    return parse_error (parser, V2V_CODE_SYNTAX, NULL,
                        "expected a value (a string, a number, a word or a field), not %s",
                        found);
  }
  }
  if (token.bad) { /* already reported; an unresolved name suppresses further messages */
    operand.kind = V2V_OPERAND_NAME;
    operand.name = NULL;
    parser->broken = TRUE;
  }
  v2v_parser_advance (parser);
  *operand_r = operand;
  return TRUE;
}

gboolean
v2v_parse_arguments (V2vParser *parser, GArray **args_r, const char *after)
{
  GArray *args = v2v_arena_array (parser->arena, sizeof (V2vOperand), 1);
  V2vOperand operand;

  *args_r = NULL; /* stays NULL if not all can be read */
  if (!v2v_parser_need (parser, V2V_TOKEN_LPAREN, after))
    return FALSE;
  if (v2v_parser_take (parser, V2V_TOKEN_RPAREN)) {
    *args_r = args;
    return TRUE;
  }
  do {
    if (!v2v_parse_value (parser, &operand))
      return FALSE;
    g_array_append_val (args, operand);
  } while (v2v_parser_take (parser, V2V_TOKEN_COMMA));
  if (!v2v_parser_need (parser, V2V_TOKEN_RPAREN, "the arguments"))
    return FALSE;
  *args_r = args;
  return TRUE;
}

/* ---- conditions ---- */

static gboolean
comparison (V2vTokenKind kind, V2vCompare *op_r)
{
  switch (kind) {
  case V2V_TOKEN_ASSIGN: /* the caller has reported that == was meant */
  case V2V_TOKEN_EQ:
    *op_r = V2V_EQ;
    return TRUE;
  case V2V_TOKEN_NE:
    *op_r = V2V_NE;
    return TRUE;
  case V2V_TOKEN_LT:
    *op_r = V2V_LT;
    return TRUE;
  case V2V_TOKEN_LE:
    *op_r = V2V_LE;
    return TRUE;
  case V2V_TOKEN_GT:
    *op_r = V2V_GT;
    return TRUE;
  case V2V_TOKEN_GE:
    *op_r = V2V_GE;
    return TRUE;
  default:
    return FALSE;
  }
}

/* Parses the operator of EXPR and what follows it. */
static V2vExpr *
parse_comparison (V2vParser *parser, V2vExpr *expr)
{
  V2vOperand operand;

  if (parser->token.kind == V2V_TOKEN_TILDE) {
    v2v_parser_advance (parser);
    if (parser->token.kind != V2V_TOKEN_STRING) {
      g_autofree char *found = v2v_parser_found (parser);

      parse_error (parser, V2V_CODE_SYNTAX, NULL,
                   "after ~ a pattern in quotes is expected, not %s", found);
      return NULL;
    }
    expr->op = V2V_GLOB;
    if (!v2v_parse_value (parser, &operand))
      return NULL;
    expr->values = v2v_arena_array (parser->arena, sizeof (V2vOperand), 1);
    g_array_append_val (expr->values, operand);
  } else if (v2v_parser_take_word (parser, "in")) {
    expr->op = V2V_IN;
    expr->values = v2v_arena_array (parser->arena, sizeof (V2vOperand), 4);
    if (!v2v_parser_need (parser, V2V_TOKEN_LBRACKET, "in"))
      return NULL;
    if (!v2v_parser_take (parser, V2V_TOKEN_RBRACKET)) {
      do {
        if (!v2v_parse_value (parser, &operand))
          return NULL;
        g_array_append_val (expr->values, operand);
      } while (v2v_parser_take (parser, V2V_TOKEN_COMMA));
      if (!v2v_parser_need (parser, V2V_TOKEN_RBRACKET, "the list"))
        return NULL;
    }
  } else if (v2v_parser_take_word (parser, "is")) {
    if (v2v_parser_take_word (parser, "set")) {
      expr->kind = V2V_EXPR_IS_SET;
    } else if (v2v_parser_take_word (parser, "unset")) {
      expr->kind = V2V_EXPR_IS_UNSET;
    } else {
      g_autofree char *found = v2v_parser_found (parser);

      parse_error (parser, V2V_CODE_SYNTAX,
                   "to compare, write ==", "after is, set or unset is expected, not %s", found);
      return NULL;
    }
  } else {
    if (parser->token.kind == V2V_TOKEN_ASSIGN)
      parse_error (parser, V2V_CODE_EQUALS, "use == to compare",
                   "a condition compares, but = sets a value");
    comparison (parser->token.kind, &expr->op);
    v2v_parser_advance (parser);
    if (!v2v_parse_value (parser, &operand))
      return NULL;
    expr->values = v2v_arena_array (parser->arena, sizeof (V2vOperand), 1);
    g_array_append_val (expr->values, operand);
  }
  return close_expr (parser, expr);
}

static gboolean
at_operator (const V2vParser *parser)
{
  V2vCompare op;

  return parser->token.kind == V2V_TOKEN_TILDE || comparison (parser->token.kind, &op) ||
         v2v_parser_is (parser, "in") || v2v_parser_is (parser, "is");
}

/* Joins the words of EXPR's subject and those that follow into one name. Only the name of a
 * condition may contain more than one dot. */
static gboolean
join_name (V2vParser *parser, V2vExpr *expr, V2vName *name)
{
  g_autofree char *two = g_strdup_printf ("%s.%s", expr->subject.qualifier, expr->subject.name);
  const gboolean more = parser->token.kind == V2V_TOKEN_DOT;

  name->name = v2v_intern_length (two, MIN (strlen (two), V2V_RULE_WORD_MAX));
  if (!v2v_parse_more_dots (parser, name))
    return FALSE;
  if (more && at_operator (parser)) {
    parse_error_at (parser, V2V_CODE_DOTS, name->place, (guint)strlen (name->name), NULL,
                    "a field is written FACT.FIELD, but %s has more than one dot", name->name);
    expr->subject.name = NULL;
  }
  return TRUE;
}

static V2vExpr *
parse_atom (V2vParser *parser)
{
  const V2vToken first = parser->token;
  V2vExpr *expr = new_expr (parser, V2V_EXPR_COMPARE, first.place);
  V2vCompare op;
  V2vName name;

  if (first.kind != V2V_TOKEN_WORD || strcmp (first.text, "and") == 0 ||
      strcmp (first.text, "or") == 0) {
    g_autofree char *found = v2v_parser_found (parser);

    if (first.kind == V2V_TOKEN_STRING || first.kind == V2V_TOKEN_NUMBER ||
        first.kind == V2V_TOKEN_SIZE)
      parse_error (parser, V2V_CODE_FIELD_FIRST,
                   "write the field first and the value after the operator",
                   "a condition begins with a field, not with %s", found);
    else
      parse_error (parser, V2V_CODE_SYNTAX, NULL, "expected a condition, not %s", found);
    return NULL;
  }
  if (strcmp (first.text, "domain") == 0 && v2v_parser_peek (parser).kind == V2V_TOKEN_STRING) {
    v2v_parser_advance (parser);
    expr->kind = V2V_EXPR_DOMAIN;
    expr->place = parser->token.place; /* mistakes are in the text, not in the keyword */
    expr->text = parser->token.bad ? NULL : parser->token.text;
    v2v_parser_advance (parser);
    return close_expr (parser, expr);
  }

  if (!v2v_parse_word (parser, &name, "a field or a named condition"))
    return NULL;
  expr->subject =
      (V2vOperand){.kind = V2V_OPERAND_NAME, .name = name.name, .place = name.place};
  if (parser->token.kind == V2V_TOKEN_DOT) {
    V2vName field;

    v2v_parser_advance (parser);
    if (!v2v_parse_word (parser, &field, "a name after the dot"))
      return NULL;
    expr->subject.qualifier = name.name;
    expr->subject.name = field.name;
  }
  if (!at_operator (parser)) {
    /* This is the name of a condition, or a field with too many dots. */
    if (expr->subject.qualifier != NULL && !join_name (parser, expr, &name))
      return NULL;
  }
  close_expr (parser, expr);
  if (parser->token.kind == V2V_TOKEN_STRING) {
    parse_error_at (parser, V2V_CODE_SYNTAX, name.place, (guint)strlen (name.name), NULL,
                    "expected a condition, not \"%s\"", name.name);
    return NULL;
  }
  if (at_operator (parser)) {
    expr->subject.length = expr->length;
    expr = parse_comparison (parser, expr);
    if (expr != NULL &&
        (comparison (parser->token.kind, &op) || parser->token.kind == V2V_TOKEN_TILDE)) {
      parse_error (parser, V2V_CODE_CHAINED, "join two comparisons with and",
                   "comparisons cannot be chained");
      return NULL;
    }
    return expr;
  }
  expr->kind = V2V_EXPR_LET;
  expr->text = name.name;
  return expr;
}

static V2vExpr *
parse_unary (V2vParser *parser)
{
  V2vExpr *expr = NULL;

  if (++parser->depth > V2V_RULE_DEPTH_MAX) {
    parse_error (parser, V2V_CODE_LIMIT, "name a part of it with let",
                 "the condition is nested more than %d levels deep", V2V_RULE_DEPTH_MAX);
  } else if (v2v_parser_is (parser, "not")) {
    expr = new_expr (parser, V2V_EXPR_NOT, parser->token.place);
    v2v_parser_advance (parser);
    expr->left = parse_unary (parser);
    expr = expr->left != NULL ? close_expr (parser, expr) : NULL;
  } else if (v2v_parser_take (parser, V2V_TOKEN_LPAREN)) {
    expr = parse_or (parser);
    if (expr != NULL && !v2v_parser_need (parser, V2V_TOKEN_RPAREN, "the condition"))
      expr = NULL;
  } else {
    expr = parse_atom (parser);
  }
  parser->depth--;
  return expr;
}

/* Builds a balanced tree of KIND from PARTS[0 .. COUNT-1]: walks of the tree are recursive, and
 * a long chain must not make them deep. */
static V2vExpr *
join (V2vParser *parser, V2vExprKind kind, V2vExpr **parts, guint count)
{
  V2vExpr *expr;

  if (count == 1)
    return parts[0];
  expr = new_expr (parser, kind, parts[0]->place);
  expr->left = join (parser, kind, parts, (count + 1) / 2);
  expr->right = join (parser, kind, parts + (count + 1) / 2, count / 2);
  expr->length = expr->left->length;
  if (expr->right->place.line == expr->place.line)
    expr->length = expr->right->place.column + expr->right->length - expr->place.column;
  return expr;
}

static V2vExpr *
parse_chain (V2vParser *parser, V2vExprKind kind, const char *word,
             V2vExpr *(*parse_part) (V2vParser *parser))
{
  V2vExpr *part = parse_part (parser);
  g_autoptr (GPtrArray) parts = NULL;

  if (part == NULL || !v2v_parser_is (parser, word))
    return part;
  parts = g_ptr_array_new ();
  g_ptr_array_add (parts, part);
  while (v2v_parser_take_word (parser, word)) {
    part = parse_part (parser);
    if (part == NULL)
      return NULL;
    g_ptr_array_add (parts, part);
  }
  return join (parser, kind, (V2vExpr **)parts->pdata, parts->len);
}

static V2vExpr *
parse_and (V2vParser *parser)
{
  return parse_chain (parser, V2V_EXPR_AND, "and", parse_unary);
}

static V2vExpr *
parse_or (V2vParser *parser)
{
  return parse_chain (parser, V2V_EXPR_OR, "or", parse_and);
}

V2vExpr *
v2v_parse_condition (V2vParser *parser)
{
  return parse_or (parser);
}

gboolean
v2v_parse_block (V2vParser *parser, V2vExpr **where_r)
{
  if (!v2v_parser_take (parser, V2V_TOKEN_LBRACE))
    return TRUE;
  if (v2v_parser_take (parser, V2V_TOKEN_RBRACE))
    return TRUE;
  *where_r = parse_or (parser);
  if (*where_r == NULL)
    return FALSE;
  return v2v_parser_need (parser, V2V_TOKEN_RBRACE, "the condition");
}
