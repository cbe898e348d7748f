/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whether one provider's condition implies another's, so that it is the more
 * specific of the two.
 *
 * Conditions are taken as conjunctions of atoms. A implies B if every atom of B is implied by
 * one atom of A. An atom that this code cannot analyse implies nothing; the author then writes
 * "over".
 */
#include "config.h"

#include <string.h>

#include "lang/uses.h"
#include "plan/plan.h"

/* A condition on one field or parameter, or a clause with a block, which is compared by its
 * text. */
typedef struct {
  V2vExprKind kind; /* COMPARE, IS_SET, IS_UNSET, DOMAIN; OR: cannot be analysed */
  V2vCompare op;
  const V2vExpr *expr;
  const V2vClause *clause; /* SOME, NO */
} Atom;

static gboolean
add_atom (const V2vExpr *expr, gpointer data)
{
  GArray *atoms = data;
  gboolean negated = FALSE;
  Atom atom;

  while (expr->kind == V2V_EXPR_NOT || (negated && expr->kind == V2V_EXPR_LET)) {
    if (expr->kind == V2V_EXPR_NOT)
      negated = !negated;
    expr = expr->left;
  }
  atom = (Atom){expr->kind, expr->op, expr, NULL};
  /* A negated comparison becomes the opposite comparison where there is one. */
  if (negated && expr->kind == V2V_EXPR_COMPARE && expr->op == V2V_EQ)
    atom.op = V2V_NE;
  else if (negated && expr->kind == V2V_EXPR_COMPARE && expr->op == V2V_NE)
    atom.op = V2V_EQ;
  else if (negated && expr->kind == V2V_EXPR_IS_SET)
    atom.kind = V2V_EXPR_IS_UNSET;
  else if (negated && expr->kind == V2V_EXPR_IS_UNSET)
    atom.kind = V2V_EXPR_IS_SET;
  else if (negated || expr->kind == V2V_EXPR_AND || expr->kind == V2V_EXPR_LET)
    atom.kind = V2V_EXPR_OR;
  g_array_append_val (atoms, atom);
  return TRUE;
}

static GArray *
provider_atoms (const V2vProvider *provider)
{
  GArray *atoms = g_array_new (FALSE, FALSE, sizeof (Atom));

  for (guint i = 0; i < provider->clauses->len; i++) {
    const V2vClause *clause = g_ptr_array_index (provider->clauses, i);

    if (clause->kind == V2V_CLAUSE_WHEN) {
      v2v_expr_parts (clause->where, V2V_EXPR_AND, TRUE, add_atom, atoms);
    } else {
      const Atom atom = {V2V_EXPR_OR, V2V_EQ, NULL, clause};

      g_array_append_val (atoms, atom);
    }
  }
  return atoms;
}

static gboolean
same_operand (const V2vOperand *a, const V2vOperand *b)
{
  if (a->kind != b->kind)
    return FALSE;
  switch (a->kind) {
  case V2V_OPERAND_CONST:
    return v2v_value_equal (a->value, b->value);
  case V2V_OPERAND_PARAM:
    return a->slot == b->slot;
  default:
    return a->field == b->field && a->slot == b->slot;
  }
}

static inline const V2vOperand *
value_at (const V2vExpr *expr, guint i)
{
  return &g_array_index (expr->values, V2vOperand, i);
}

static gboolean
same_compare (const Atom *a, const Atom *b)
{
  if (a->op != b->op || a->expr->values->len != b->expr->values->len)
    return FALSE;
  for (guint i = 0; i < a->expr->values->len; i++)
    if (!same_operand (value_at (a->expr, i), value_at (b->expr, i)))
      return FALSE;
  return TRUE;
}

static gboolean
all_constant (const V2vExpr *expr)
{
  for (guint i = 0; i < expr->values->len; i++)
    if (value_at (expr, i)->kind != V2V_OPERAND_CONST ||
        !v2v_value_is_set (value_at (expr, i)->value))
      return FALSE;
  return TRUE;
}

/* How package versions compare depends on the guest's package manager, which is not known
 * when rules are loaded. */
static gboolean
has_order (V2vTypeKind kind)
{
  return kind != V2V_TYPE_PACKAGE_VERSION;
}

/* Does the constant VALUE satisfy B? */
static gboolean
satisfies (V2vValue value, const Atom *b)
{
  V2vTypeKind kind = b->expr->subject.type.kind;

  for (guint i = 0; i < b->expr->values->len; i++) {
    V2vValue other = value_at (b->expr, i)->value;
    int order;

    if (b->op == V2V_GLOB)
      return value.kind == V2V_TEXT && v2v_glob_match (other.text, value.text);
    if (!has_order (kind)) {
      if ((b->op == V2V_EQ || b->op == V2V_IN) && v2v_value_equal (value, other))
        return TRUE;
      continue;
    }
    if (value.kind != other.kind)
      return FALSE;
    order = v2v_value_compare (kind, V2V_PACKAGES_PLAIN, value, other);
    if ((b->op == V2V_EQ || b->op == V2V_IN || b->op == V2V_LE || b->op == V2V_GE) &&
        order == 0)
      return TRUE;
    if ((b->op == V2V_LT || b->op == V2V_LE || b->op == V2V_NE) && order < 0)
      return TRUE;
    if ((b->op == V2V_GT || b->op == V2V_GE || b->op == V2V_NE) && order > 0)
      return TRUE;
  }
  return FALSE;
}

/* An exclusive bound of whole numbers becomes an inclusive one: > 5 is >= 6. */
static void
normalise (const Atom *atom, V2vCompare *op, V2vValue *value)
{
  *op = atom->op;
  *value = value_at (atom->expr, 0)->value;
  if (value->kind != V2V_NUMBER)
    return;
  if (*op == V2V_GT && value->number < G_MAXINT64) {
    *op = V2V_GE;
    value->number++;
  } else if (*op == V2V_LT && value->number > G_MININT64) {
    *op = V2V_LE;
    value->number--;
  }
}

/* A is a range, B a comparison of the same field, both with constants. */
static gboolean
range_implies (const Atom *a, const Atom *b)
{
  V2vTypeKind kind = a->expr->subject.type.kind;
  V2vCompare op_a, op_b;
  V2vValue value_a, value_b;
  gboolean up;
  int order;

  if (!has_order (kind) || b->op == V2V_EQ || b->op == V2V_IN || b->op == V2V_GLOB)
    return FALSE;
  normalise (a, &op_a, &value_a);
  normalise (b, &op_b, &value_b);
  if (value_a.kind != value_b.kind)
    return FALSE;
  up = op_a == V2V_GE || op_a == V2V_GT;
  order = v2v_value_compare (kind, V2V_PACKAGES_PLAIN, value_a, value_b);
  if (!up)
    order = -order; /* from here on, both are treated as lower bounds */
  if (op_b == V2V_NE)
    return order > 0 || (order == 0 && (op_a == V2V_GT || op_a == V2V_LT));
  if (up != (op_b == V2V_GE || op_b == V2V_GT))
    return FALSE;
  if (order != 0)
    return order > 0;
  return op_a == op_b || op_a == V2V_GT || op_a == V2V_LT;
}

/* A and B are comparisons of the same field. */
static gboolean
compare_implies (const Atom *a, const Atom *b)
{
  if (same_compare (a, b))
    return TRUE;
  if (!all_constant (a->expr) || !all_constant (b->expr))
    return FALSE;
  switch (a->op) {
  case V2V_EQ:
  case V2V_IN:
    for (guint i = 0; i < a->expr->values->len; i++)
      if (!satisfies (value_at (a->expr, i)->value, b))
        return FALSE;
    return TRUE;
  case V2V_LT:
  case V2V_LE:
  case V2V_GT:
  case V2V_GE:
    return range_implies (a, b);
  case V2V_NE:
  case V2V_GLOB:
    break;
  }
  return FALSE;
}

static gboolean
clause_implies (const V2vClause *a, const V2vClause *b)
{
  g_autofree char *text_a = v2v_clause_text (a), *text_b = v2v_clause_text (b);

  return strcmp (text_a, text_b) == 0;
}

static gboolean
atom_implies (const Atom *a, const Atom *b)
{
  if (a->clause || b->clause)
    return a->clause && b->clause && clause_implies (a->clause, b->clause);
  if (a->kind == V2V_EXPR_OR || b->kind == V2V_EXPR_OR)
    return FALSE;
  if (a->kind == V2V_EXPR_DOMAIN || b->kind == V2V_EXPR_DOMAIN)
    return a->kind == b->kind && strcmp (a->expr->text, b->expr->text) == 0;
  if (!same_operand (&a->expr->subject, &b->expr->subject))
    return FALSE;
  if (b->kind == V2V_EXPR_IS_SET)
    return a->kind == V2V_EXPR_IS_SET || (a->kind == V2V_EXPR_COMPARE && a->op != V2V_NE);
  if (b->kind == V2V_EXPR_IS_UNSET)
    return a->kind == V2V_EXPR_IS_UNSET;
  if (a->kind == V2V_EXPR_COMPARE)
    return compare_implies (a, b);
  /* An unset field differs from every value. */
  return a->kind == V2V_EXPR_IS_UNSET && b->op == V2V_NE;
}

gboolean
v2v_provider_implies (const V2vProvider *a, const V2vProvider *b)
{
  g_autoptr (GArray) atoms_a = provider_atoms (a), atoms_b = provider_atoms (b);

  for (guint i = 0; i < atoms_b->len; i++) {
    gboolean implied = FALSE;

    for (guint j = 0; j < atoms_a->len && !implied; j++)
      implied =
          atom_implies (&g_array_index (atoms_a, Atom, j), &g_array_index (atoms_b, Atom, i));
    if (!implied)
      return FALSE;
  }
  return TRUE;
}
