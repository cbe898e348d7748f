/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checks clauses, and texts that contain fields.
 */
#include "config.h"

#include "check/check.h"

/* ---- paths to look up in the guest ---- */

/* Is VALUE a path that can be looked up in the guest? */
static gboolean
literal_path (V2vCheck *check, const V2vOperand *value)
{
  if (value->kind != V2V_OPERAND_CONST)
    return FALSE;
  if (value->value.text[0] != '/') {
    check_error (check, V2V_CODE_PATH, value->place, value->length, NULL,
                 "a path in the guest begins with /");
    return TRUE;
  }
  g_hash_table_add (check->paths, (gpointer)value->value.text);
  return TRUE;
}

/* Does EXPR hold only for paths that it names literally? Collects these paths: all of them are
 * looked up in the guest at once, before rules run. */
static gboolean
names_paths (V2vCheck *check, const V2vExpr *expr)
{
  gboolean left, right, all = TRUE;

  switch (expr->kind) {
  case V2V_EXPR_AND:
    left = names_paths (check, expr->left);
    right = names_paths (check, expr->right);
    return left || right;
  case V2V_EXPR_OR:
    left = names_paths (check, expr->left);
    right = names_paths (check, expr->right);
    return left && right;
  case V2V_EXPR_COMPARE:
    if (expr->subject.kind != V2V_OPERAND_SELF || !expr->subject.field->key ||
        (expr->op != V2V_EQ && expr->op != V2V_IN))
      return FALSE;
    for (guint i = 0; i < expr->values->len; i++)
      all &= literal_path (check, &g_array_index (expr->values, V2vOperand, i));
    return all;
  default:
    return FALSE;
  }
}

/* ---- clauses ---- */

static void
check_variable (V2vCheck *check, const V2vScope *scope, const V2vClause *clause)
{
  const guint length = (guint)strlen (clause->variable);

  if (v2v_schema_fact (check->rules->schema, clause->variable) != NULL)
    check_error (check, V2V_CODE_TAKEN, clause->place, length, NULL,
                 "no variable can be called %s, because a fact has that name",
                 clause->variable);
  for (guint i = 0; i < scope->variables->len; i++) {
    const V2vClause *other = g_ptr_array_index (scope->variables, i);

    if (other->variable == clause->variable) {
      check_error (check, V2V_CODE_DUPLICATE, clause->place, length, NULL,
                   "the variable %s is named in line %u already", clause->variable,
                   other->place.line);
      return;
    }
  }
}

/* Checks a clause about facts. */
static void
check_fact_clause (V2vCheck *check, V2vScope *scope, V2vClauseSyntax *syntax, const char *word)
{
  V2vClause *clause = &syntax->clause;
  V2vFactDecl *fact = v2v_check_fact (check, syntax->target);
  gboolean good = TRUE;

  clause->fact = fact;
  if (fact == NULL) /* without the fact, the names in the block cannot be checked */
    return;
  if (!fact->multiple) {
    g_autofree char *hint = g_strdup_printf ("write when %s.FIELD", fact->name);

    name_error (check, V2V_CODE_ALWAYS_ONE, syntax->target, hint,
                "there is always one %s, so %s has nothing to look for", fact->name, word);
    return;
  }
  if (clause->where != NULL) {
    scope->self = fact;
    good = v2v_check_condition (check, scope, clause->where);
    scope->self = NULL;
  }
  if (fact->origin == V2V_ORIGIN_PATHS && !scope->test && good &&
      !g_hash_table_contains (check->broken, fact) &&
      (clause->where == NULL || !names_paths (check, clause->where))) {
    const char *key = "path";

    for (guint i = 0; i < fact->fields->len; i++)
      if (((V2vField *)g_ptr_array_index (fact->fields, i))->key)
        key = ((V2vField *)g_ptr_array_index (fact->fields, i))->name;
    name_error (check, V2V_CODE_PATH_KEY, syntax->target,
                "all files are looked up at once, so rules name their full paths",
                "the block of %s must contain %s == \"PATH\"", fact->name, key);
  }
}

static void
check_request_clause (V2vCheck *check, V2vScope *scope, V2vClauseSyntax *syntax)
{
  V2vClause *clause = &syntax->clause;

  clause->request = v2v_check_operation (check, syntax->target);
  if (clause->request == NULL || clause->where == NULL)
    return;
  scope->request = clause->request;
  v2v_check_condition (check, scope, clause->where);
  scope->request = NULL;
}

void
v2v_check_clauses (V2vCheck *check, V2vScope *scope, GPtrArray *clauses, V2vRule *rule,
                   const char *what)
{
  static const char *const words[] = {"when", "each", "some", "no"};

  for (guint i = 0; i < clauses->len; i++) {
    V2vClauseSyntax *syntax = g_ptr_array_index (clauses, i);
    V2vClause *clause = &syntax->clause;

    if (clause->kind == V2V_CLAUSE_WHEN) {
      if (clause->where != NULL)
        v2v_check_condition (check, scope, clause->where);
      continue;
    }
    if (syntax->target.name == NULL)
      continue;
    if (syntax->is_request) {
      check_request_clause (check, scope, syntax);
      if (rule != NULL)
        rule->reads_requests = TRUE;
      else
        name_error (check, V2V_CODE_REQUESTS, syntax->target, "use a rule that fails or warns",
                    "%s cannot have a condition on requests, which are made later", what);
      continue;
    }
    check_fact_clause (check, scope, syntax, words[clause->kind]);
    if (clause->kind != V2V_CLAUSE_EACH || rule == NULL)
      continue;
    clause->slot = rule->variables++;
    if (clause->variable != NULL)
      check_variable (check, scope, clause);
    g_ptr_array_add (scope->variables, clause);
  }
}

/* ---- texts with fields in them ---- */

/* The place of the byte OFFSET in the string TEXT; if the string contains escapes, its
 * beginning. */
static V2vPlace
place_in_string (const V2vToken *text, const char *at)
{
  V2vPlace place = text->place;

  if (text->verbatim)
    place.column += 1 + (guint)g_utf8_strlen (text->text, at - text->text);
  return place;
}

V2vTemplate *
v2v_check_template (V2vCheck *check, const V2vScope *scope, const V2vToken *text)
{
  V2vTemplate *result = v2v_arena_new0 (check->arena, V2vTemplate);
  g_autoptr (GString) piece = g_string_new (NULL);
  const char *p;

  result->texts = v2v_arena_pointers (check->arena);
  result->operands = v2v_arena_array (check->arena, sizeof (V2vOperand), 0);
  for (p = text->text; *p != '\0';) {
    V2vOperand operand = {.kind = V2V_OPERAND_NAME};
    const char *end, *dot;

    if (p[0] == p[1] && (p[0] == '{' || p[0] == '}')) {
      g_string_append_c (piece, p[0]);
      p += 2;
      continue;
    }
    if (*p != '{' && *p != '}') {
      g_string_append_c (piece, *p++);
      continue;
    }
    end = *p == '{' ? strpbrk (p + 1, "{}") : NULL;
    dot = strchr (p, '.');
    operand.place = place_in_string (text, p);
    if (end == NULL || *end != '}' || dot == NULL || dot > end || dot == p + 1 ||
        dot == end - 1) {
      check_error (check, V2V_CODE_MESSAGE, operand.place, 1,
                   "write {{ or }} for the brace itself",
                   "in a message, braces hold FACT.FIELD or VARIABLE.FIELD");
      return result;
    }
    operand.qualifier = v2v_intern_length (p + 1, (gsize)(dot - p - 1));
    operand.name = v2v_intern_length (dot + 1, (gsize)(end - dot - 1));
    operand.place = place_in_string (text, p + 1);
    operand.length = text->verbatim ? (guint)g_utf8_strlen (p + 1, end - p - 1) : text->length;
    v2v_check_subject (check, scope, &operand);
    g_ptr_array_add (result->texts, (gpointer)v2v_intern_length (piece->str, piece->len));
    g_array_append_val (result->operands, operand);
    g_string_truncate (piece, 0);
    p = end + 1;
  }
  g_ptr_array_add (result->texts, (gpointer)v2v_intern_length (piece->str, piece->len));
  return result;
}
