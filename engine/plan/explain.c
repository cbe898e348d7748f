/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Explains why a condition does not hold, and why a fact is not known.
 */
#include "config.h"

#include "base/log.h"
#include "plan/eval.h"

/* How many reasons are chained: a probe did not run because another probe did not run, and
 * so on. */
#define REASONS_MAX 3

static void append_unknown (GString *text, V2vEval *eval, const V2vFactDecl *decl, guint depth);

static const char *
operand_name (const V2vOperand *operand, char **text_r)
{
  if (operand->field && operand->kind == V2V_OPERAND_FIELD)
    return *text_r =
               g_strdup_printf ("%s.%s", operand->field->fact->name, operand->field->name);
  if (operand->field)
    return *text_r = g_strdup (operand->field->name);
  return NULL;
}

/* Appends "; FACT.FIELD is VALUE" for an operand whose value is not in the text of the
 * condition. */
static void
append_value (GString *text, V2vEval *eval, const V2vOperand *operand)
{
  g_autofree char *name = NULL, *value_text = NULL;
  V2vValue value;

  if (operand->kind == V2V_OPERAND_CONST || operand->kind == V2V_OPERAND_SELF)
    return;
  if (operand->kind == V2V_OPERAND_PARAM)
    name = g_strdup ("the parameter");
  else
    operand_name (operand, &name);
  if (!v2v_eval_operand (eval, operand, &value)) {
    g_string_append_printf (text, "; %s is not known", name);
    return;
  }
  if (v2v_value_is_set (value))
    value_text = v2v_value_to_rule_text (operand->type.kind, value);
  g_string_append_printf (text, "; %s is %s", name, value_text ? value_text : "unset");
}

static void
append_expr (GString *text, V2vEval *eval, const V2vExpr *expr)
{
  g_autofree char *self = NULL;

  while (TRUE) {
    if (expr->kind == V2V_EXPR_AND)
      expr = v2v_eval_expr (eval, expr->left) != V2V_TRUE ? expr->left : expr->right;
    else if (expr->kind == V2V_EXPR_LET)
      expr = expr->left;
    else
      break;
  }
  self = v2v_expr_text (expr);
  g_string_append (text, self);
  if (expr->kind == V2V_EXPR_OR) {
    const V2vExpr *one = expr->left;

    while (one->kind == V2V_EXPR_LET || one->kind == V2V_EXPR_AND || one->kind == V2V_EXPR_OR)
      one = one->left;
    if (one->kind == V2V_EXPR_COMPARE)
      append_value (text, eval, &one->subject);
    return;
  }
  if (expr->kind == V2V_EXPR_NOT)
    expr = expr->left;
  if (expr->kind == V2V_EXPR_COMPARE || expr->kind == V2V_EXPR_IS_SET ||
      expr->kind == V2V_EXPR_IS_UNSET)
    append_value (text, eval, &expr->subject);
  if (expr->kind == V2V_EXPR_COMPARE)
    for (guint i = 0; i < expr->values->len; i++)
      append_value (text, eval, &g_array_index (expr->values, V2vOperand, i));
}

static void
append_why_not (GString *text, V2vEval *eval, const GPtrArray *clauses, guint depth)
{
  /* A "when" is evaluated first, so if one does not hold, it is the reason. */
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < clauses->len; i++) {
      const V2vClause *clause = g_ptr_array_index (clauses, i);
      g_autofree char *self = NULL;

      if ((clause->kind == V2V_CLAUSE_WHEN) != (pass == 0))
        continue;
      eval->unknown = NULL;
      if (v2v_eval_clause (eval, clause) == V2V_TRUE)
        continue;
      g_string_append (text, "needs ");
      if (clause->kind == V2V_CLAUSE_WHEN) {
        append_expr (text, eval, clause->where);
      } else {
        self = v2v_clause_text (clause);
        g_string_append (text, self);
        if (!eval->unknown)
          g_string_append (text, clause->kind == V2V_CLAUSE_SOME ? "; there is none"
                                                                 : "; there is one");
      }
      if (eval->unknown && depth < REASONS_MAX) {
        const V2vFactDecl *unknown = eval->unknown;

        g_string_append (text, ": ");
        append_unknown (text, eval, unknown, depth + 1);
      }
      return;
    }
}

char *
v2v_eval_why_not (V2vEval *eval, const GPtrArray *clauses)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_why_not (text, eval, clauses, 0);
  return v2v_printable (text->str, (gssize)text->len, FALSE);
}

/* What has to be read to know facts of this origin. */
static const char *
origin_text (V2vOrigin origin)
{
  switch (origin) {
  case V2V_ORIGIN_DOMAIN:
    return "the source's domain document";
  case V2V_ORIGIN_INSPECTION:
    return "the inspection";
  case V2V_ORIGIN_OSINFO:
    return "libosinfo";
  case V2V_ORIGIN_PATHS:
    return "what is at the guest's paths";
  case V2V_ORIGIN_HOST:
    return "the host";
  case V2V_ORIGIN_OPTIONS:
  case V2V_ORIGIN_WITH:
  case V2V_ORIGIN_WITH_KERNELS:
  case V2V_ORIGIN_MAPPINGS:
  case V2V_ORIGIN_CHOICE:
    return "the command line";
  case V2V_ORIGIN_RULES:
    break;
  }
  return "a probe";
}

/* "kernel is not known: probe kernels (os.v2v:3) needs os.type == linux; os.type is windows" */
static void
append_unknown (GString *text, V2vEval *eval, const V2vFactDecl *decl, guint depth)
{
  const GPtrArray *probes = eval->input->rules->probes;
  const char *separator = ": ";

  g_string_append_printf (text, "%s is not known", decl->name);
  if (eval->missing[decl->index]) {
    g_string_append_printf (text, "%s%s", separator, eval->missing[decl->index]);
    return;
  }
  for (guint i = 0; i < probes->len; i++) {
    const V2vProbe *probe = g_ptr_array_index (probes, i);

    if (!g_ptr_array_find (probe->provides, decl, NULL) ||
        v2v_store_is_probed (eval->store, probe->name))
      continue;
    g_string_append_printf (text, "%s%s ", separator, v2v_probe_label (probe));
    separator = ", ";
    if (v2v_eval_clauses (eval, probe->clauses) == V2V_TRUE)
      g_string_append (text, "did not run");
    else
      append_why_not (text, eval, probe->clauses, depth);
  }
  if (separator[0] == ':' && decl->origin != V2V_ORIGIN_RULES)
    g_string_append_printf (text, ": %s was not read", origin_text (decl->origin));
  else if (separator[0] == ':')
    g_string_append (text, ": no probe provides it");
}

char *
v2v_eval_why_unknown (V2vEval *eval, const V2vFactDecl *decl)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_unknown (text, eval, decl, 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
v2v_eval_set_error (V2vEval *eval, const char *reader, GError **error)
{
  const V2vFactDecl *unknown = eval->unknown;
  const char *path = eval->unknown_path;
  V2vPlace place = eval->unknown_place;
  gboolean captured = !eval->input->run_probe;
  g_autoptr (GString) text = g_string_new (NULL);

  if (eval->error) {
    g_propagate_prefixed_error (error, g_steal_pointer (&eval->error), "%s: ", reader);
    return;
  }
  g_string_append_printf (text, "%s reads %s at %s:%u:%u, but ", reader, unknown->name,
                          place.file, place.line, place.column);
  if (path)
    g_string_append_printf (text, "nothing asked the guest for the path \"%s\"", path);
  else
    append_unknown (text, eval, unknown, 0);
  eval->unknown = NULL;
  g_string_append (text, captured
                             ? "; capture the facts of the guest again with these rules, or, "
                               "if the capture was written by hand, say in it what was looked "
                               "at (probed, asked, known)"
                             : "; exclude such guests by a \"when\" in the rule");
  g_set_error_literal (error, V2V_ERROR, captured ? V2V_EXIT_DATA : V2V_EXIT_CONFIG, text->str);
}

char *
v2v_eval_template (V2vEval *eval, const V2vTemplate *template)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < template->texts->len; i++) {
    V2vValue value;

    g_string_append (text, g_ptr_array_index (template->texts, i));
    if (i >= template->operands->len)
      continue;
    if (v2v_eval_operand (eval, &g_array_index (template->operands, V2vOperand, i), &value)) {
      g_autofree char *piece = v2v_value_to_text (value);

      g_string_append (text, v2v_value_is_set (value) ? piece : "(unset)");
    } else {
      g_string_append (text, "(not known)");
    }
  }
  return v2v_printable (text->str, (gssize)text->len, FALSE);
}
