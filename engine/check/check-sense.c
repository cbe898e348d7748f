/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finds rules that can be loaded but are probably mistakes, for the command check only:
 * conditions that never hold, providers and rules that contradict each other, declarations
 * that nothing uses.
 *
 * A condition is expanded into alternatives; each is a list of literals that hold together.
 * Whatever this analysis cannot decide counts as possible, so it reports only what is certain,
 * with one exception: it does not know how derived fields depend on other fields.
 */
#include "config.h"

#include "check/check.h"
#include "lang/uses.h"

/* A condition with more alternatives counts as one that can hold. */
#define ALTERNATIVES_MAX 512
/* So does a condition with a longer alternative. */
#define LITERALS_MAX 500
/* After this many comparisons of rules or providers with each other, no more are made. */
#define PAIRS_MAX 200000
/* Limits the work for hostile rules: after this many steps, which take about two seconds,
 * everything counts as possible. */
#define WORK_MAX 200000000
/* Spaces are numbers. Those of variables begin at 1. The other kinds begin here, so that no two
 * are equal by accident: facts of "some", facts whose keys a block fixes, and kinds of
 * facts. */
#define SPACES_OF_SOME 1000000
#define SPACES_OF_KEYS 2000000
#define SPACES_OF_KINDS 3000000

/* A statement about one field, variable or parameter. Equal leaves have the same TEXT. */
typedef struct {
  /* a leaf of a condition; NULL: a clause "some" or "no", which TEXT identifies */
  const V2vExpr *expr;
  gboolean negated;
  /* number of the rule or block whose variables or fields it is about; 0: single facts */
  guint space;
  const char *text;
} Literal;

/* How the variables of one rule are numbered when it is compared with another. */
typedef struct {
  guint offset;
  guint shared, as; /* the variable SHARED gets the number AS; G_MAXUINT: none */
  guint blocks;     /* how many facts of "some" have been numbered */
  gboolean one;     /* assume that every "some" on a kind of fact means the same fact */
} Naming;

typedef struct {
  V2vCheck *check;
  GPtrArray *alternatives; /* GArray of Literal */
  gboolean too_many;
} Cases;

/* ---- alternatives ---- */

static GPtrArray *
alternatives_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
}

static guint
space_of_slot (const Naming *naming, guint slot)
{
  return slot == naming->shared ? naming->as : 1 + naming->offset + slot;
}

/* The space of OPERAND; 0 for single facts, which are the same in all rules. */
static guint
space_of (const Naming *naming, const V2vOperand *operand, guint self)
{
  if (operand->kind == V2V_OPERAND_VAR)
    return space_of_slot (naming, operand->slot);
  return operand->kind == V2V_OPERAND_SELF ? self : 0;
}

static Literal
make_literal (const Naming *naming, const V2vExpr *leaf, gboolean negated, guint self)
{
  g_autofree char *text = v2v_expr_text (leaf);
  g_autoptr (GString) key = g_string_new (text);
  Literal literal = {leaf, negated, 0, NULL};

  if (leaf->kind != V2V_EXPR_DOMAIN) {
    literal.space = space_of (naming, &leaf->subject, self);
    g_string_append_printf (key, "\n%u %u", literal.space, leaf->subject.kind);
    for (guint i = 0; leaf->values != NULL && i < leaf->values->len; i++)
      g_string_append_printf (
          key, " %u", space_of (naming, &g_array_index (leaf->values, V2vOperand, i), self));
  }
  literal.text = g_intern_string (key->str);
  return literal;
}

/* Replaces CASES by the combinations of each with each of ADDED. */
static void
multiply (Cases *cases, GPtrArray *added)
{
  GPtrArray *product = alternatives_new ();

  if (added->len * cases->alternatives->len > ALTERNATIVES_MAX ||
      cases->check->work > WORK_MAX) {
    cases->too_many = TRUE;
  } else {
    for (guint i = 0; i < cases->alternatives->len; i++)
      for (guint j = 0; j < added->len; j++) {
        const GArray *a = cases->alternatives->pdata[i], *b = added->pdata[j];
        GArray *both = g_array_sized_new (FALSE, FALSE, sizeof (Literal), a->len + b->len);

        cases->too_many |= a->len + b->len > LITERALS_MAX;
        cases->check->work += a->len + b->len;
        if (a->len > 0)
          g_array_append_vals (both, a->data, a->len);
        if (b->len > 0)
          g_array_append_vals (both, b->data, b->len);
        g_ptr_array_add (product, both);
      }
  }
  g_ptr_array_unref (added);
  if (cases->too_many) {
    g_ptr_array_unref (product);
    return;
  }
  g_ptr_array_unref (cases->alternatives);
  cases->alternatives = product;
}

static GPtrArray *
alternatives_of (Cases *cases, const Naming *naming, const V2vExpr *expr, gboolean negated,
                 guint self)
{
  Cases part = {cases->check, NULL, FALSE};
  GPtrArray *right;
  GArray *one;
  Literal literal;

  while (expr->kind == V2V_EXPR_NOT || expr->kind == V2V_EXPR_LET) {
    negated ^= expr->kind == V2V_EXPR_NOT;
    expr = expr->left;
  }
  if (expr->kind == V2V_EXPR_AND || expr->kind == V2V_EXPR_OR) {
    part.alternatives = alternatives_of (cases, naming, expr->left, negated, self);
    right = alternatives_of (cases, naming, expr->right, negated, self);
    if ((expr->kind == V2V_EXPR_AND) != negated) {
      multiply (&part, right);
    } else if (part.alternatives->len + right->len > ALTERNATIVES_MAX) {
      part.too_many = TRUE;
      g_ptr_array_unref (right);
    } else {
      g_ptr_array_extend_and_steal (part.alternatives, right);
    }
    cases->too_many |= part.too_many;
    return part.alternatives;
  }
  part.alternatives = alternatives_new ();
  one = g_array_new (FALSE, FALSE, sizeof (Literal));
  literal = make_literal (naming, expr, negated, self);
  g_array_append_val (one, literal);
  g_ptr_array_add (part.alternatives, one);
  return part.alternatives;
}

static void
cases_init (Cases *cases, V2vCheck *check)
{
  *cases = (Cases){check, alternatives_new (), FALSE};
  g_ptr_array_add (cases->alternatives, g_array_new (FALSE, FALSE, sizeof (Literal)));
}

/* Adds "some FACT { ... }" or "no FACT { ... }" as one literal, so that the two contradict each
 * other. */
static void
add_presence (Cases *cases, const V2vClause *clause)
{
  g_autofree char *where = clause->where != NULL ? v2v_expr_text (clause->where) : NULL;
  g_autofree char *text = g_strdup_printf (
      "%s {%s}", clause->fact != NULL ? clause->fact->name : clause->request->name,
      where != NULL ? where : "");
  g_autofree char *any = g_strdup_printf (
      "%s {}", clause->fact != NULL ? clause->fact->name : clause->request->name);
  const gboolean no = clause->kind == V2V_CLAUSE_NO;
  Literal literal = {NULL, no, 0, g_intern_string (text)};

  for (guint i = 0; i < cases->alternatives->len; i++) {
    g_array_append_val ((GArray *)cases->alternatives->pdata[i], literal);
    if (!no) { /* if one such fact exists, "no FACT {}" cannot hold */
      Literal present = {NULL, FALSE, 0, g_intern_string (any)};

      g_array_append_val ((GArray *)cases->alternatives->pdata[i], present);
    }
  }
}

/* The key fields of a fact whose values a block fixes. */
typedef struct {
  guint count;
  GString *text; /* their values, to compare blocks */
} FixedKeys;

static gboolean
add_fixed_key (const V2vExpr *part, gpointer data)
{
  FixedKeys *keys = data;
  const V2vOperand *value;
  g_autofree char *text = NULL;

  if (part->kind != V2V_EXPR_COMPARE || part->op != V2V_EQ ||
      part->subject.kind != V2V_OPERAND_SELF || part->subject.field == NULL ||
      !part->subject.field->key)
    return TRUE;
  value = &g_array_index (part->values, V2vOperand, 0);
  if (value->kind == V2V_OPERAND_VAR || value->kind == V2V_OPERAND_SELF)
    return TRUE;
  text = v2v_expr_text (part);
  g_string_append_printf (keys->text, "\n%s", text);
  keys->count++;
  return TRUE;
}

/* Two blocks that fix all key fields of a kind to the same values are about the same fact, so
 * they get the same space. */
static guint
space_of_some (Naming *naming, const V2vClause *clause)
{
  guint keys = 0;

  if (naming->one && clause->fact != NULL)
    return SPACES_OF_KINDS + clause->fact->index;
  if (clause->fact != NULL && clause->where != NULL) {
    g_autoptr (GString) text = g_string_new (clause->fact->name);
    FixedKeys fixed = {0, text};

    for (guint i = 0; i < clause->fact->fields->len; i++)
      keys += ((V2vField *)g_ptr_array_index (clause->fact->fields, i))->key;
    v2v_expr_parts (clause->where, V2V_EXPR_AND, TRUE, add_fixed_key, &fixed);
    if (keys > 0 && fixed.count == keys)
      return SPACES_OF_KEYS + g_quark_from_string (text->str);
  }
  return SPACES_OF_SOME + naming->offset + naming->blocks++;
}

static void
add_clause (Cases *cases, Naming *naming, const V2vClause *clause)
{
  guint self = 0;

  if (clause->kind != V2V_CLAUSE_WHEN && clause->fact == NULL && clause->request == NULL)
    return;
  if (clause->kind == V2V_CLAUSE_EACH)
    self = space_of_slot (naming, clause->slot);
  else if (clause->kind == V2V_CLAUSE_SOME)
    self = space_of_some (naming, clause);
  if (clause->where != NULL && clause->kind != V2V_CLAUSE_NO)
    multiply (cases, alternatives_of (cases, naming, clause->where, FALSE, self));
  if (clause->kind != V2V_CLAUSE_WHEN)
    add_presence (cases, clause);
}

/* ---- can it hold? ---- */

static gboolean
same_subject (const Literal *a, const Literal *b)
{
  const V2vOperand *x, *y;

  if (a->expr == NULL || b->expr == NULL || a->expr->kind == V2V_EXPR_DOMAIN ||
      b->expr->kind == V2V_EXPR_DOMAIN || a->space != b->space)
    return FALSE;
  x = &a->expr->subject;
  y = &b->expr->subject;
  if (x->field != NULL || y->field != NULL)
    /* SELF in the block of an "each" is VAR after it; the space tells whether they are the
     * same */
    return x->field == y->field;
  return x->kind == y->kind && x->slot == y->slot;
}

/* Is LITERAL a comparison with constants of a type whose order is known? */
static gboolean
comparison (const Literal *literal, V2vCompare *op_r)
{
  const V2vExpr *expr = literal->expr;

  if (expr == NULL || expr->kind != V2V_EXPR_COMPARE ||
      expr->subject.type.kind == V2V_TYPE_PACKAGE_VERSION)
    return FALSE;
  for (guint i = 0; i < expr->values->len; i++) {
    const V2vOperand *value = &g_array_index (expr->values, V2vOperand, i);

    if (value->kind != V2V_OPERAND_CONST || !v2v_value_is_set (value->value))
      return FALSE;
  }
  *op_r = expr->op;
  if (!literal->negated)
    return TRUE;
  if (expr->op == V2V_EQ || expr->op == V2V_IN)
    *op_r = V2V_NE;
  else if (expr->op == V2V_NE)
    *op_r = V2V_EQ;
  else
    return FALSE; /* it also holds if the field is unset */
  return TRUE;
}

static gboolean
needs_set (const Literal *literal)
{
  const V2vExpr *expr = literal->expr;

  if (expr->kind == V2V_EXPR_COMPARE)
    return (expr->op != V2V_NE) != literal->negated &&
           !(expr->op != V2V_NE && literal->negated);
  return (expr->kind == V2V_EXPR_IS_SET) != literal->negated;
}

static gboolean
needs_unset (const Literal *literal)
{
  return literal->expr->kind != V2V_EXPR_COMPARE && !needs_set (literal);
}

/* Does VALUE satisfy the comparison OP of EXPR? */
static gboolean
fits (V2vValue value, V2vCompare op, const V2vExpr *expr)
{
  const V2vTypeKind kind = expr->subject.type.kind;

  for (guint i = 0; i < expr->values->len; i++) {
    const V2vValue other = g_array_index (expr->values, V2vOperand, i).value;
    int order;

    if (op == V2V_GLOB)
      return value.kind != V2V_TEXT || v2v_glob_match (other.text, value.text);
    if (value.kind != other.kind)
      return TRUE;
    order = v2v_value_compare (kind, V2V_PACKAGES_PLAIN, value, other);
    switch (op) {
    case V2V_EQ:
    case V2V_IN:
      if (order == 0)
        return TRUE;
      break;
    case V2V_NE:
      if (order == 0)
        return FALSE;
      break;
    case V2V_LT:
      return order < 0;
    case V2V_LE:
      return order <= 0;
    case V2V_GT:
      return order > 0;
    default:
      return order >= 0;
    }
  }
  return op == V2V_NE;
}

/* A is a lower limit and B an upper limit: is there a value between them? */
static gboolean
bounds_meet (const Literal *a, V2vCompare op_a, const Literal *b, V2vCompare op_b)
{
  V2vValue low = g_array_index (a->expr->values, V2vOperand, 0).value;
  V2vValue high = g_array_index (b->expr->values, V2vOperand, 0).value;
  int order;

  if (low.kind != high.kind)
    return TRUE;
  if (low.kind == V2V_NUMBER && op_a == V2V_GT && op_b == V2V_LT)
    return low.number < high.number && low.number + 1 < high.number;
  order = v2v_value_compare (a->expr->subject.type.kind, V2V_PACKAGES_PLAIN, low, high);
  return order < 0 || (order == 0 && op_a == V2V_GE && op_b == V2V_LE);
}

/* Can A hold together with everything that LITERALS say about its subject? */
static gboolean
subject_can_be (const GArray *literals, const Literal *a)
{
  V2vCompare op_a = V2V_EQ, op_b;
  const gboolean compares = comparison (a, &op_a);

  for (guint i = 0; i < literals->len; i++) {
    const Literal *b = &g_array_index (literals, Literal, i);

    if (!same_subject (a, b))
      continue;
    if (needs_set (a) && needs_unset (b))
      return FALSE;
    if (compares && (op_a == V2V_GT || op_a == V2V_GE) && comparison (b, &op_b) &&
        (op_b == V2V_LT || op_b == V2V_LE) && !bounds_meet (a, op_a, b, op_b))
      return FALSE;
  }
  if (!compares || (op_a != V2V_EQ && op_a != V2V_IN))
    return TRUE;
  for (guint v = 0; v < a->expr->values->len; v++) {
    const V2vValue value = g_array_index (a->expr->values, V2vOperand, v).value;
    gboolean possible = TRUE;

    for (guint i = 0; i < literals->len && possible; i++) {
      const Literal *b = &g_array_index (literals, Literal, i);

      possible = !same_subject (a, b) || !comparison (b, &op_b) || fits (value, op_b, b->expr);
    }
    if (possible)
      return TRUE;
  }
  return FALSE;
}

static gboolean
literals_can_hold (V2vCheck *check, const GArray *literals)
{
  check->work += (guint64)literals->len * literals->len;
  if (check->work > WORK_MAX)
    return TRUE;
  for (guint i = 0; i < literals->len; i++) {
    const Literal *a = &g_array_index (literals, Literal, i);

    for (guint j = 0; j < i; j++) {
      const Literal *b = &g_array_index (literals, Literal, j);

      if (a->text == b->text && a->negated != b->negated)
        return FALSE;
    }
    if (a->expr != NULL && a->expr->kind != V2V_EXPR_DOMAIN && !subject_can_be (literals, a))
      return FALSE;
  }
  return TRUE;
}

static gboolean
can_hold (const Cases *cases)
{
  if (cases->too_many)
    return TRUE;
  for (guint i = 0; i < cases->alternatives->len; i++)
    if (literals_can_hold (cases->check, cases->alternatives->pdata[i]))
      return TRUE;
  return FALSE;
}

/* Returns the first clause of CLAUSES that cannot hold together with those before it and those
 * of OTHERS (may be NULL). Returns NULL if all can, or if that cannot be decided; then *KNOWN_R
 * is FALSE. */
static const V2vClause *
find_contradiction (V2vCheck *check, const GPtrArray *others, const Naming *others_naming,
                    const GPtrArray *clauses, const Naming *clauses_naming, gboolean *known_r)
{
  Naming naming = *clauses_naming;
  const V2vClause *found = NULL;
  Cases cases;

  check->work += 100;
  *known_r = FALSE;
  if (check->work > WORK_MAX)
    return NULL;
  cases_init (&cases, check);
  if (others != NULL) {
    Naming other = *others_naming;

    for (guint i = 0; i < others->len; i++)
      add_clause (&cases, &other, g_ptr_array_index (others, i));
  }
  for (guint i = 0; i < clauses->len && found == NULL; i++) {
    const V2vClause *clause = g_ptr_array_index (clauses, i);

    add_clause (&cases, &naming, clause);
    if (!can_hold (&cases))
      found = clause;
  }
  *known_r = !cases.too_many && check->work <= WORK_MAX;
  g_ptr_array_unref (cases.alternatives);
  return found;
}

static const Naming own_naming = {0, G_MAXUINT, 0, 0, FALSE};
/* Added to the numbers of the variables of the second rule that is compared. */
#define OTHER_OFFSET 1000

static gboolean
never_holds (V2vCheck *check, const GPtrArray *clauses)
{
  gboolean known;
  const V2vClause *clause =
      find_contradiction (check, NULL, NULL, clauses, &own_naming, &known);
  V2vPlace place;
  guint length;

  if (clause == NULL)
    return FALSE;
  place = clause->place;
  length = 1;
  if (clause->kind == V2V_CLAUSE_WHEN) {
    place = clause->where->place;
    length = clause->where->length;
  }
  check_warning (check, V2V_CODE_NEVER, place, length,
                 "to allow several values, write [ ... ]; for a range, check both ends",
                 clauses->len > 0 && clauses->pdata[0] == clause
                     ? "this can never hold"
                     : "this can never hold together with the conditions before it");
  return TRUE;
}

/* ---- rules ---- */

/* Is USE not about the variable whose number is DATA? */
static gboolean
is_of_others (const V2vUse *use, gpointer data)
{
  return use->kind != V2V_USE_OPERAND || use->operand->kind != V2V_OPERAND_VAR ||
         use->operand->slot != *(const guint *)data;
}

static gboolean
head_uses (const V2vHead *head, guint slot)
{
  return (head->kind == V2V_HEAD_ASSERT_FIELD && head->on_variable && head->slot == slot) ||
         !v2v_head_uses (head, is_of_others, &slot);
}

static void
check_variables (V2vCheck *check, const V2vRule *rule)
{
  for (guint i = 0; i < rule->clauses->len; i++) {
    const V2vClause *each = g_ptr_array_index (rule->clauses, i);
    gboolean used = each->kind != V2V_CLAUSE_EACH || each->variable == NULL;
    guint slot = each->slot;

    for (guint j = i + 1; j < rule->clauses->len && !used; j++)
      used = !v2v_clause_uses (g_ptr_array_index (rule->clauses, j), is_of_others, &slot);
    for (guint j = 0; j < rule->heads->len && !used; j++)
      used = head_uses (g_ptr_array_index (rule->heads, j), each->slot);
    if (!used) {
      g_autofree char *hint = g_strdup_printf (
          "if it is enough that there is one, write some %s", each->fact->name);

      check_warning (check, V2V_CODE_UNUSED_VARIABLE, each->place,
                     (guint)strlen (each->variable), hint, "the variable %s is never used",
                     each->variable);
    }
  }
}

typedef struct {
  const V2vRule *rule;
  const V2vHead *head;
} Setter;

/* The length of "FACT.FIELD" or "VARIABLE.FIELD" in the source. */
static guint
setter_length (const Setter *setter)
{
  const V2vField *field = setter->head->field;
  const char *owner = field->fact->name;

  for (guint i = 0; setter->head->on_variable && i < setter->rule->clauses->len; i++) {
    const V2vClause *clause = g_ptr_array_index (setter->rule->clauses, i);

    if (clause->kind == V2V_CLAUSE_EACH && clause->slot == setter->head->slot &&
        clause->variable != NULL)
      owner = clause->variable;
  }
  return (guint)(strlen (owner) + 1 + strlen (field->name));
}

/* Can A and B set their field, of the same fact, to different values? */
static gboolean
may_disagree (V2vCheck *check, const Setter *a, const Setter *b)
{
  /* Rules may rely on a guest not being like two systems at once. So if one kind of fact
   * distinguishes two systems, they are taken for two values of the same fact, not for two
   * facts. */
  const Naming first = {0, G_MAXUINT, 0, 0, TRUE};
  Naming naming = {OTHER_OFFSET, G_MAXUINT, 0, 0, TRUE};
  gboolean known;

  if (a->head->kind != b->head->kind || a->head->value.kind != V2V_OPERAND_CONST ||
      b->head->value.kind != V2V_OPERAND_CONST ||
      v2v_value_equal (a->head->value.value, b->head->value.value))
    return FALSE;
  if (a->head->on_variable != b->head->on_variable)
    return FALSE;
  if (a->head->on_variable) {
    naming.shared = b->head->slot;
    naming.as = space_of_slot (&own_naming, a->head->slot);
  }
  return find_contradiction (check, a->rule->clauses, &first, b->rule->clauses, &naming,
                             &known) == NULL &&
         known;
}

static void
check_setters (V2vCheck *check, GHashTable *never)
{
  g_autoptr (GHashTable) by_field =
      g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
  guint pairs = 0;

  for (guint i = 0; i < check->rules->rules->len; i++) {
    const V2vRule *rule = g_ptr_array_index (check->rules->rules, i);

    for (guint j = 0; j < rule->heads->len && !g_hash_table_contains (never, rule); j++) {
      const Setter setter = {rule, g_ptr_array_index (rule->heads, j)};
      GArray *before;

      if (setter.head->kind != V2V_HEAD_ASSERT_FIELD && setter.head->kind != V2V_HEAD_DEFAULT)
        continue;
      before = g_hash_table_lookup (by_field, setter.head->field);
      if (before == NULL) {
        before = g_array_new (FALSE, FALSE, sizeof (Setter));
        g_hash_table_insert (by_field, setter.head->field, before);
      }
      for (guint k = 0; k < before->len && pairs < PAIRS_MAX; k++, pairs++) {
        const Setter *other = &g_array_index (before, Setter, k);
        g_autofree char *where = NULL;

        if (!may_disagree (check, other, &setter))
          continue;
        where = v2v_place_text (other->head->place);
        check_warning (
            check, V2V_CODE_CONTRADICTION, setter.head->place, setter_length (&setter),
            "make one of them exclude the other, or let one give a default",
            "rule %s sets %s.%s to another value at %s, and both rules can fire",
            other->rule->name, setter.head->field->fact->name, setter.head->field->name, where);
        break;
      }
      g_array_append_val (before, setter);
    }
  }
}

/* ---- providers ---- */

static gboolean
overlap (V2vCheck *check, const V2vProvider *a, const V2vProvider *b)
{
  gboolean known;
  const Naming naming = {OTHER_OFFSET, G_MAXUINT, 0, 0, FALSE};

  return !v2v_provider_is_over (a, b) && !v2v_provider_is_over (b, a) &&
         check->scripts->implies (a, b) == check->scripts->implies (b, a) &&
         find_contradiction (check, a->clauses, &own_naming, b->clauses, &naming, &known) ==
             NULL &&
         known;
}

/* Is DECL in the rule directory of the lowest precedence, whose files authors cannot change? */
static gboolean
is_shipped (const V2vCheck *check, const V2vProvider *provider)
{
  for (guint i = 0; i < check->syntax->decls->len; i++) {
    const V2vDecl *decl = g_ptr_array_index (check->syntax->decls, i);

    if (decl->kind == V2V_DECL_PROVIDER &&
        &((const V2vProviderSyntax *)decl)->provider == provider) {
      const V2vRuleDir *rule_dir =
          g_ptr_array_index (check->rules->rule_dirs, decl->file->rule_dir);

      return rule_dir->shipped && g_str_has_prefix (decl->file->path, rule_dir->path);
    }
  }
  return FALSE;
}

/* Warns about two providers, of which ONE comes first in the order of files. The warning is at
 * the one whose author can do something about it. */
static void
warn_of_overlap (V2vCheck *check, const V2vProvider *one, const V2vProvider *other)
{
  const gboolean swap = is_shipped (check, other) && !is_shipped (check, one);
  const V2vProvider *here = swap ? one : other, *there = swap ? other : one;
  g_autofree char *where = v2v_place_text (there->place);
  g_autofree char *hint =
      g_strdup_printf ("write over %s here if this one takes precedence, or a condition "
                       "that excludes the guests of the other",
                       there->name);

  check_warning (
      check, V2V_CODE_OVERLAP, here->place, (guint)strlen (here->name), hint,
      "provider %s at %s may fit the same guest as this one, and neither takes precedence",
      there->name, where);
}

static void
check_operation (V2vCheck *check, const V2vOperation *operation, gboolean requested,
                 GHashTable *never)
{
  guint pairs = 0;

  for (guint i = 0; i < operation->providers->len; i++) {
    const V2vProvider *provider = g_ptr_array_index (operation->providers, i);

    if (never_holds (check, provider->clauses)) {
      g_hash_table_add (never, (gpointer)provider);
      continue;
    }
    if (!requested)
      check_warning (check, V2V_CODE_UNREACHED, provider->place, (guint)strlen (provider->name),
                     NULL, "no rule requests %s", operation->name);
    if (operation->dispatch != V2V_DISPATCH_ONE)
      continue;
    for (guint j = 0; j < i && pairs < PAIRS_MAX; j++, pairs++) {
      const V2vProvider *other = g_ptr_array_index (operation->providers, j);

      if (!g_hash_table_contains (never, other) && overlap (check, other, provider))
        warn_of_overlap (check, other, provider);
    }
  }
}

static void
check_operations (V2vCheck *check, GHashTable *never)
{
  g_autoptr (GHashTable) requested = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) offered = g_hash_table_new (NULL, NULL);

  /* The shipped rules also declare things for the rules of others to use. */
  for (guint i = 0; i < check->syntax->decls->len; i++) {
    const V2vDecl *decl = g_ptr_array_index (check->syntax->decls, i);
    const V2vRuleDir *rule_dir =
        g_ptr_array_index (check->rules->rule_dirs, decl->file->rule_dir);

    if (decl->kind == V2V_DECL_OPERATION && rule_dir->shipped &&
        g_str_has_prefix (decl->file->path, rule_dir->path))
      g_hash_table_add (offered, &((V2vOperationSyntax *)decl)->operation);
  }

  for (guint i = 0; i < check->rules->rules->len; i++) {
    const V2vRule *rule = g_ptr_array_index (check->rules->rules, i);

    for (guint j = 0; j < rule->heads->len; j++) {
      const V2vHead *head = g_ptr_array_index (rule->heads, j);

      if (head->kind == V2V_HEAD_DO)
        g_hash_table_add (requested, head->operation);
    }
  }
  for (guint i = 0; i < check->rules->operations->len; i++) {
    const V2vOperation *operation = g_ptr_array_index (check->rules->operations, i);
    const gboolean known = g_hash_table_contains (requested, operation) ||
                           g_hash_table_contains (offered, operation);

    check_operation (check, operation, known, never);
    if (!known && operation->providers->len == 0)
      check_warning (check, V2V_CODE_UNUSED, operation->place, (guint)strlen (operation->name),
                     NULL, "no rule requests operation %s, and no provider carries it out",
                     operation->name);
  }
}

/* ---- what is never used ---- */

static gboolean
note_let (const V2vUse *use, gpointer data)
{
  if (use->kind == V2V_USE_LET)
    g_hash_table_add (data, (gpointer)use->let);
  return TRUE;
}

static void
use_lets_of_decl (GHashTable *used, const V2vDecl *decl)
{
  const GPtrArray *expect;

  switch (decl->kind) {
  case V2V_DECL_LET:
    v2v_expr_uses (((const V2vLetSyntax *)decl)->body, note_let, used);
    break;
  case V2V_DECL_RULE:
    v2v_clauses_use (((const V2vRuleSyntax *)decl)->rule.clauses, note_let, used);
    break;
  case V2V_DECL_PROVIDER:
    v2v_clauses_use (((const V2vProviderSyntax *)decl)->provider.clauses, note_let, used);
    break;
  case V2V_DECL_PROBE:
    v2v_clauses_use (((const V2vProbeSyntax *)decl)->probe.clauses, note_let, used);
    break;
  case V2V_DECL_TEST:
    expect = ((const V2vTestSyntax *)decl)->test.expect;
    for (guint i = 0; i < expect->len; i++) {
      const V2vClause *clause =
          ((const V2vExpectSyntax *)g_ptr_array_index (expect, i))->expect.clause;

      if (clause != NULL)
        v2v_clause_uses (clause, note_let, used);
    }
    break;
  default:
    break;
  }
}

static void
check_used (V2vCheck *check)
{
  g_autoptr (GHashTable) lets = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) enums = g_hash_table_new (NULL, NULL);
  const V2vSchema *schema = check->rules->schema;

  for (guint i = 0; i < check->syntax->decls->len; i++)
    use_lets_of_decl (lets, g_ptr_array_index (check->syntax->decls, i));
  for (guint i = 0; i < schema->facts->len; i++) {
    const V2vFactDecl *fact = g_ptr_array_index (schema->facts, i);

    for (guint j = 0; j < fact->fields->len; j++)
      g_hash_table_add (enums, ((V2vField *)g_ptr_array_index (fact->fields, j))->type.words);
  }
  for (guint i = 0; i < check->rules->operations->len; i++) {
    const V2vOperation *operation = g_ptr_array_index (check->rules->operations, i);

    for (guint j = 0; j < operation->params->len; j++)
      g_hash_table_add (enums,
                        ((V2vParam *)g_ptr_array_index (operation->params, j))->type.words);
  }
  for (guint i = 0; i < check->syntax->decls->len; i++) {
    const V2vDecl *decl = g_ptr_array_index (check->syntax->decls, i);
    const char *kind = decl->kind == V2V_DECL_LET ? "condition" : "enum";

    if (decl->kind == V2V_DECL_LET
            ? !g_hash_table_contains (lets, decl->name.name)
            : decl->kind == V2V_DECL_ENUM &&
                  !g_hash_table_contains (enums,
                                          g_hash_table_lookup (schema->enums, decl->name.name)))
      check_warning (check, V2V_CODE_UNUSED, decl->name.place, (guint)strlen (decl->name.name),
                     NULL, "%s %s is never used", kind, decl->name.name);
  }
}

void
v2v_check_sense (V2vCheck *check)
{
  g_autoptr (GHashTable) never = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < check->rules->rules->len; i++) {
    V2vRule *rule = g_ptr_array_index (check->rules->rules, i);

    if (never_holds (check, rule->clauses))
      g_hash_table_add (never, rule);
    check_variables (check, rule);
  }
  check_setters (check, never);
  check_operations (check, never);
  check_used (check);
}
