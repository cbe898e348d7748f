/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes rules as text: labels, names of phases, and conditions as one line.
 */
#include "config.h"

#include "lang/ruleset.h"

static const char *const phase_names[V2V_PHASES] = {
    "install", "remove", "configure", "boot", "unconfigure-metadata", "configure-metadata",
};

const char *
v2v_phase_name (V2vPhase phase)
{
  return phase_names[phase];
}

gboolean
v2v_phase_from_name (const char *name, V2vPhase *phase_r)
{
  for (int i = 0; i < V2V_PHASES; i++)
    if (strcmp (phase_names[i], name) == 0) {
      *phase_r = (V2vPhase)i;
      return TRUE;
    }
  return FALSE;
}

static const char *
label (const char *kind, const char *name, V2vPlace place)
{
  g_autofree char *text = g_strdup_printf ("%s %s (%s:%u)", kind, name, place.file, place.line);

  return v2v_intern (text);
}

const char *
v2v_rule_label (const V2vRule *rule)
{
  return label ("rule", rule->name, rule->place);
}

const char *
v2v_probe_label (const V2vProbe *probe)
{
  return label ("probe", probe->name, probe->place);
}

const char *
v2v_provider_label (const V2vProvider *provider)
{
  return label ("provider", provider->name, provider->place);
}

/* ---- conditions ---- */

static void
append_operand (GString *out, const V2vOperand *operand)
{
  if (operand->kind == V2V_OPERAND_CONST) {
    g_autofree char *value = v2v_value_to_rule_text (operand->type.kind, operand->value);

    g_string_append (out, value);
  } else if (operand->qualifier != NULL) {
    g_string_append_printf (out, "%s.%s", operand->qualifier, operand->name);
  } else {
    g_string_append (out, operand->name != NULL ? operand->name : "?");
  }
}

static void
append_string (GString *out, const char *text)
{
  g_autofree char *quoted = v2v_value_to_rule_text (V2V_TYPE_STRING, v2v_value_text (text));

  g_string_append (out, quoted);
}

/* Precedence of an operator, lowest first: or, and, not. It decides where parentheses are
 * needed. */
static int
strength (const V2vExpr *expr)
{
  return expr->kind == V2V_EXPR_OR ? 0 : expr->kind == V2V_EXPR_AND ? 1 : 2;
}

static void
append_expr (GString *out, const V2vExpr *expr, int outer)
{
  static const char *const operators[] = {"==", "!=", "<", "<=", ">", ">=", "in", "~"};
  const gboolean braces = strength (expr) < outer;

  if (braces)
    g_string_append_c (out, '(');
  switch (expr->kind) {
  case V2V_EXPR_AND:
  case V2V_EXPR_OR:
    append_expr (out, expr->left, strength (expr));
    g_string_append (out, expr->kind == V2V_EXPR_AND ? " and " : " or ");
    append_expr (out, expr->right, strength (expr));
    break;
  case V2V_EXPR_NOT:
    g_string_append (out, "not ");
    append_expr (out, expr->left, 2);
    break;
  case V2V_EXPR_COMPARE:
    append_operand (out, &expr->subject);
    g_string_append_printf (out, " %s %s", operators[expr->op], expr->op == V2V_IN ? "[" : "");
    for (guint i = 0; i < expr->values->len; i++) {
      g_string_append (out, i > 0 ? ", " : "");
      append_operand (out, &g_array_index (expr->values, V2vOperand, i));
    }
    g_string_append (out, expr->op == V2V_IN ? "]" : "");
    break;
  case V2V_EXPR_IS_SET:
  case V2V_EXPR_IS_UNSET:
    append_operand (out, &expr->subject);
    g_string_append (out, expr->kind == V2V_EXPR_IS_SET ? " is set" : " is unset");
    break;
  case V2V_EXPR_DOMAIN:
    g_string_append (out, "domain ");
    append_string (out, expr->text);
    break;
  case V2V_EXPR_LET:
    g_string_append (out, expr->text);
    break;
  }
  if (braces)
    g_string_append_c (out, ')');
}

char *
v2v_expr_text (const V2vExpr *expr)
{
  GString *out = g_string_new (NULL);

  append_expr (out, expr, 0);
  return g_string_free (out, FALSE);
}

char *
v2v_clause_text (const V2vClause *clause)
{
  static const char *const words[] = {"when", "each", "some", "no"};
  GString *out = g_string_new (words[clause->kind]);

  if (clause->request != NULL)
    g_string_append_printf (out, " request %s", clause->request->name);
  if (clause->fact != NULL)
    g_string_append_printf (out, " %s", clause->fact->name);
  if (clause->variable != NULL)
    g_string_append_printf (out, " as %s", clause->variable);
  g_string_append_c (out, ' ');
  if (clause->kind != V2V_CLAUSE_WHEN)
    g_string_append (out, "{ ");
  if (clause->where != NULL)
    append_expr (out, clause->where, 0);
  if (clause->kind != V2V_CLAUSE_WHEN)
    g_string_append (out, clause->where != NULL ? " }" : "}");
  return g_string_free (out, FALSE);
}
