/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where a rule file names what is declared elsewhere, as its parser sees it.
 */
#include "config.h"

#include <string.h>

#include "syntax/syntax.h"

#include "rule-references.h"

typedef struct {
  const char *text;
  GPtrArray *lines; /* where each begins */
  GArray *found;    /* RuleReference */
} Walk;

static void
clear_reference (gpointer data)
{
  RuleReference *reference = data;

  g_free (reference->name);
}

/* NAME stands SKIP characters after PLACE. */
static void
add (Walk *walk, const char *what, const char *name, V2vPlace place, guint skip)
{
  RuleReference reference = {what, NULL, place.line, place.column + skip, 0};
  const char *at;

  if (!name)
    return;
  g_assert_cmpuint (place.line, <=, walk->lines->len);
  at = g_utf8_offset_to_pointer (walk->lines->pdata[place.line - 1], reference.column - 1);
  g_assert_true (g_str_has_prefix (at, name));
  reference.name = g_strdup (name);
  reference.offset = (gsize)(at - walk->text);
  g_array_append_val (walk->found, reference);
}

static void
add_name (Walk *walk, const char *what, V2vName name)
{
  add (walk, what, name.name, name.place, 0);
}

static void
add_names (Walk *walk, const char *what, const GArray *names)
{
  for (guint i = 0; names && i < names->len; i++)
    add_name (walk, what, g_array_index (names, V2vName, i));
}

static void
add_operand (Walk *walk, const V2vOperand *operand)
{
  if (operand->kind != V2V_OPERAND_NAME)
    return;
  if (!operand->qualifier) {
    add (walk, "a field, parameter or word", operand->name, operand->place, 0);
    return;
  }
  add (walk, "a fact or variable", operand->qualifier, operand->place, 0);
  add (walk, "a field", operand->name, operand->place,
       (guint)g_utf8_strlen (operand->qualifier, -1) + 1);
}

static void
add_operands (Walk *walk, const GArray *operands)
{
  for (guint i = 0; operands && i < operands->len; i++)
    add_operand (walk, &g_array_index (operands, V2vOperand, i));
}

static void
add_condition (Walk *walk, const V2vExpr *expr)
{
  if (!expr)
    return;
  add_condition (walk, expr->left);
  add_condition (walk, expr->right);
  switch (expr->kind) {
  case V2V_EXPR_LET:
    /* In tests this may be an operation. */
    add (walk, "a named condition", expr->text, expr->place, 0);
    break;
  case V2V_EXPR_COMPARE:
  case V2V_EXPR_IS_SET:
  case V2V_EXPR_IS_UNSET:
    add_operand (walk, &expr->subject);
    add_operands (walk, expr->values);
    break;
  default:
    break;
  }
}

static void
add_clause (Walk *walk, const V2vClauseSyntax *syntax)
{
  add_name (walk, syntax->is_request ? "an operation" : "a fact", syntax->target);
  add_condition (walk, syntax->clause.where);
}

static void
add_clauses (Walk *walk, const GPtrArray *clauses)
{
  for (guint i = 0; clauses && i < clauses->len; i++)
    add_clause (walk, clauses->pdata[i]);
}

static void
add_pairs (Walk *walk, const GArray *pairs)
{
  for (guint i = 0; pairs && i < pairs->len; i++) {
    const V2vPairSyntax *pair = &g_array_index (pairs, V2vPairSyntax, i);

    add_name (walk, "a field", pair->field);
    add_operand (walk, &pair->value);
  }
}

static void
add_call (Walk *walk, const V2vCallSyntax *call)
{
  if (call)
    add_operands (walk, call->call.args);
}

static void
add_rule (Walk *walk, const V2vRuleSyntax *rule)
{
  add_clauses (walk, rule->rule.clauses);
  for (guint i = 0; i < rule->rule.heads->len; i++) {
    const V2vHeadSyntax *syntax = rule->rule.heads->pdata[i];

    add_name (walk, syntax->head.kind == V2V_HEAD_DO ? "an operation" : "a fact or variable",
              syntax->target);
    add_name (walk, "a field", syntax->field);
    add_name (walk, "a phase", syntax->phase);
    add_pairs (walk, syntax->pairs);
    add_operand (walk, &syntax->head.value);
    add_operands (walk, syntax->head.args);
    add_call (walk, syntax->call);
  }
}

static void
add_test (Walk *walk, const GPtrArray *given, const GPtrArray *expect)
{
  for (guint i = 0; i < given->len; i++) {
    const V2vGivenSyntax *syntax = given->pdata[i];

    add_name (walk, "a fact", syntax->fact);
    add_pairs (walk, syntax->pairs);
  }
  for (guint i = 0; expect && i < expect->len; i++) {
    const V2vExpectSyntax *syntax = expect->pdata[i];
    const V2vClauseSyntax *clause = (const V2vClauseSyntax *)syntax->expect.clause;

    add_name (walk,
              syntax->expect.kind == V2V_EXPECT_PROVIDER ? "a provider"
                                                         : "an operation or fact",
              syntax->target);
    add_name (walk, "an operation", syntax->operation);
    add_operands (walk, syntax->args);
    /* "no FACT {...}" has its fact in both. */
    if (clause && syntax->target.name)
      add_condition (walk, clause->clause.where);
    else if (clause)
      add_clause (walk, clause);
  }
}

static void
add_type (Walk *walk, const V2vTypeSyntax *type)
{
  if (!type->words)
    add_name (walk, "a type", type->name);
}

static void
add_declaration (Walk *walk, const V2vDecl *decl)
{
  switch (decl->kind) {
  case V2V_DECL_ENUM:
  case V2V_DECL_FUNCTION: /* what scripts can call is no name of rules */
    break;
  case V2V_DECL_NAME:
    add_name (walk, "an enum or fact", decl->name);
    add_name (walk, "a field", ((const V2vNameSyntax *)decl)->field);
    break;
  case V2V_DECL_FACT: {
    const V2vFactSyntax *fact = (const V2vFactSyntax *)decl;

    for (guint i = 0; i < fact->fields->len; i++)
      add_type (walk, &g_array_index (fact->fields, V2vFieldSyntax, i).type);
    break;
  }
  case V2V_DECL_OPERATION: {
    const V2vOperationSyntax *operation = (const V2vOperationSyntax *)decl;

    for (guint i = 0; operation->params && i < operation->params->len; i++)
      add_type (walk, &g_array_index (operation->params, V2vFieldSyntax, i).type);
    for (guint i = 0; operation->conflicts && i < operation->conflicts->len; i++) {
      const V2vConflictSyntax *conflict =
          &g_array_index (operation->conflicts, V2vConflictSyntax, i);

      add_name (walk, "an operation", conflict->other);
      add_names (walk, "a parameter", conflict->params);
    }
    add_names (walk, "an operation", operation->after);
    break;
  }
  case V2V_DECL_LET:
    add_condition (walk, ((const V2vLetSyntax *)decl)->body);
    break;
  case V2V_DECL_RULE:
    add_rule (walk, (const V2vRuleSyntax *)decl);
    if (decl->override)
      add_name (walk, "a rule", decl->name);
    break;
  case V2V_DECL_PROVIDER: {
    const V2vProviderSyntax *provider = (const V2vProviderSyntax *)decl;

    add_name (walk, "an operation", provider->operation);
    add_names (walk, "a parameter", provider->params);
    add_names (walk, "a provider", provider->over);
    add_names (walk, "an operation or provider", provider->after);
    add_name (walk, "a phase", provider->phase);
    add_clauses (walk, provider->provider.clauses);
    add_call (walk, provider->call);
    break;
  }
  case V2V_DECL_PROBE: {
    const V2vProbeSyntax *probe = (const V2vProbeSyntax *)decl;

    add_names (walk, "a fact", probe->provides);
    add_names (walk, "a fact", probe->reads);
    add_clauses (walk, probe->probe.clauses);
    add_call (walk, probe->call);
    break;
  }
  case V2V_DECL_OPTION:
    if (!((const V2vOptionSyntax *)decl)->flag)
      add_type (walk, &((const V2vOptionSyntax *)decl)->type);
    break;
  case V2V_DECL_DISABLE:
    add_name (walk, "what is disabled", decl->name);
    break;
  case V2V_DECL_TEST: {
    const V2vTestSyntax *test = (const V2vTestSyntax *)decl;

    add_test (walk, test->test.given, test->test.expect);
    break;
  }
  case V2V_DECL_CAPTURE: {
    const V2vCaptureSyntax *capture = (const V2vCaptureSyntax *)decl;

    add_names (walk, "a probe", capture->probed);
    add_names (walk, "a fact", capture->known);
    add_test (walk, capture->capture.given, NULL);
    break;
  }
  }
}

GArray *
rule_references (const char *text, gsize length)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  g_autoptr (GPtrArray) decls = g_ptr_array_new ();
  g_autoptr (GHashTable) lost = g_hash_table_new (g_str_hash, g_str_equal);
  V2vArena *arena = v2v_arena_new ();
  V2vSyntax syntax = {decls, lost, FALSE};
  V2vRuleFile file = {g_intern_static_string ("references"), v2v_intern ("references"), 0,
                      (char *)text, length};
  Walk walk = {text, lines, g_array_new (FALSE, TRUE, sizeof (RuleReference))};

  g_array_set_clear_func (walk.found, clear_reference);
  g_ptr_array_add (lines, (gpointer)text);
  for (const char *at = strchr (text, '\n'); at; at = strchr (at + 1, '\n'))
    g_ptr_array_add (lines, (gpointer)(at + 1));
  v2v_parse (arena, &file, diags, &syntax, NULL);
  g_assert_cmpuint (v2v_diags_errors (diags), ==, 0);
  for (guint i = 0; i < decls->len; i++)
    add_declaration (&walk, decls->pdata[i]);
  v2v_arena_free (arena);
  return walk.found;
}
