/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checks conditions and values: resolves names and compares types.
 */
#include "config.h"

#include <libxml/xpathInternals.h>

#include "base/guard.h"
#include "check/check.h"

/* Limits of a condition after replacing each let in it by its condition: this depth, and
 * V2V_RULE_CONDITION_MAX comparisons. Without a limit, a chain of lets that each name the
 * previous one twice would grow exponentially. */
#define CONDITION_DEPTH_MAX (2 * V2V_RULE_DEPTH_MAX)
/* Limit of processor time for evaluating an XPath expression on an empty document. */
#define XPATH_SECONDS 5

/* ---- texts for messages ---- */

const char *
v2v_type_text (const V2vType *type)
{
  if (type->kind == V2V_TYPE_ENUM && type->words != NULL)
    return type->words->name;
  return v2v_type_name (type->kind);
}

static char *
operand_text (const V2vOperand *operand)
{
  if (operand->qualifier != NULL)
    return g_strdup_printf ("%s.%s", operand->qualifier, operand->name);
  return g_strdup (operand->name);
}

/* Describes a value for messages: "the string "6"", "os.major (int)" ... */
static char *
given_text (const V2vOperand *operand)
{
  if (operand->kind == V2V_OPERAND_CONST) {
    g_autofree char *value = v2v_value_to_rule_text (operand->type.kind, operand->value);

    switch (operand->type.kind) {
    case V2V_TYPE_STRING:
      return g_strdup_printf ("the string %s", value);
    case V2V_TYPE_SIZE:
      return g_strdup_printf ("the size %s", operand->name);
    case V2V_TYPE_BOOL:
      return g_strdup (value);
    default:
      return g_strdup_printf ("the number %s", value);
    }
  }
  if (operand->kind == V2V_OPERAND_NAME)
    return g_strdup_printf ("the word %s", operand->name);
  {
    g_autofree char *name = operand_text (operand);

    return g_strdup_printf ("%s of type %s", name, v2v_type_text (&operand->type));
  }
}

/* ---- fields and parameters ---- */

static gboolean
is_unknown (const V2vType *type)
{
  return type->kind == V2V_TYPE_ENUM && type->words == NULL;
}

static gboolean
set_field (V2vOperand *operand, V2vOperandKind kind, V2vField *field)
{
  if (field == NULL)
    return FALSE;
  operand->kind = kind;
  operand->field = field;
  operand->type = field->type;
  return !is_unknown (&field->type);
}

static int
find_param (const V2vOperation *operation, const char *name)
{
  for (guint i = 0; i < operation->params->len; i++)
    if (((const V2vParam *)g_ptr_array_index (operation->params, i))->name == name)
      return (int)i;
  return -1;
}

static gboolean
set_param (V2vOperand *operand, V2vOperandKind kind, const V2vOperation *operation, int number)
{
  operand->kind = kind;
  operand->slot = (guint)number;
  operand->type = ((const V2vParam *)g_ptr_array_index (operation->params, number))->type;
  return !is_unknown (&operand->type);
}

static const V2vClause *
find_variable (const GPtrArray *clauses, const char *name)
{
  for (guint i = 0; clauses != NULL && i < clauses->len; i++) {
    const V2vClause *clause = g_ptr_array_index (clauses, i);

    if (clause->kind == V2V_CLAUSE_EACH && clause->variable == name)
      return clause;
  }
  return NULL;
}

/* Resolves FACT.FIELD or VARIABLE.FIELD. */
static gboolean
resolve_qualified (V2vCheck *check, const V2vScope *scope, V2vOperand *operand)
{
  const V2vClause *variable = find_variable (scope->variables, operand->qualifier);
  const guint length = operand->length;
  V2vFactDecl *fact;

  if (variable != NULL) {
    if (variable->fact == NULL) /* its kind of fact is unknown, which has been reported */
      return FALSE;
    operand->slot = variable->slot;
    return set_field (
        operand, V2V_OPERAND_VAR,
        v2v_check_field (check, variable->fact, operand->name, operand->place, length));
  }
  fact = v2v_schema_fact (check->rules->schema, operand->qualifier);
  if (fact == NULL) {
    g_autoptr (GPtrArray) names = NULL;
    g_autofree char *hint = NULL;

    if (find_variable (scope->later, operand->qualifier) != NULL) {
      check_error (check, V2V_CODE_LATER, operand->place, length, "move the each clause up",
                   "%s is named by a later each", operand->qualifier);
      return FALSE;
    }
    if (v2v_name_lost (check, operand->qualifier))
      return FALSE;
    names = v2v_keys (check, check->rules->schema->facts_by_name);
    for (guint i = 0; scope->variables != NULL && i < scope->variables->len; i++) {
      const V2vClause *clause = g_ptr_array_index (scope->variables, i);

      if (clause->variable != NULL)
        g_ptr_array_add (names, (gpointer)clause->variable);
    }
    hint = v2v_suggest (check, operand->qualifier, names);
    check_error (check, V2V_CODE_NO_FACT, operand->place, (guint)strlen (operand->qualifier),
                 hint,
                 scope->variables != NULL && scope->variables->len > 0
                     ? "there is no fact or variable \"%s\""
                     : "there is no fact \"%s\"",
                 operand->qualifier);
    return FALSE;
  }
  if (fact->multiple) {
    g_autofree char *hint = g_strdup_printf ("write some %s { %s ... } or each %s as NAME",
                                             fact->name, operand->name, fact->name);

    check_error (check, V2V_CODE_WHICH, operand->place, length, hint,
                 "there may be many %s facts, so %s.%s does not say which", fact->name,
                 fact->name, operand->name);
    return FALSE;
  }
  v2v_check_use (check, &fact->status, operand->place, (guint)strlen (fact->name), "fact %s",
                 fact->name);
  return set_field (operand, V2V_OPERAND_FIELD,
                    v2v_check_field (check, fact, operand->name, operand->place, length));
}

/* Is this a parameter for which V2V_CODE_PARAMETERS has been reported? One message is
 * enough. */
static gboolean
was_told (const V2vScope *scope, const char *name)
{
  for (guint i = 0; scope->wrong_params != NULL && i < scope->wrong_params->len; i++)
    if (g_array_index (scope->wrong_params, V2vName, i).name == name)
      return TRUE;
  return FALSE;
}

static GPtrArray *
param_names (const V2vOperation *operation)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < operation->params->len; i++)
    g_ptr_array_add (names,
                     (gpointer)((V2vParam *)g_ptr_array_index (operation->params, i))->name);
  return names;
}

/* Resolves a name without a dot on the left of an operator. */
static gboolean
resolve_bare (V2vCheck *check, const V2vScope *scope, V2vOperand *operand)
{
  int param;

  if (scope->self != NULL && v2v_fact_decl_field (scope->self, operand->name) != NULL)
    return set_field (
        operand, V2V_OPERAND_SELF,
        v2v_check_field (check, scope->self, operand->name, operand->place, operand->length));
  if (scope->request != NULL) {
    g_autoptr (GPtrArray) names = NULL;
    g_autofree char *hint = NULL;

    param = find_param (scope->request, operand->name);
    if (param >= 0)
      return set_param (operand, V2V_OPERAND_SELF, scope->request, param);
    if (g_hash_table_contains (check->broken, scope->request))
      return FALSE;
    names = param_names (scope->request);
    hint = v2v_suggest (check, operand->name, names);
    check_error (check, V2V_CODE_NO_PARAMETER, operand->place, operand->length, hint,
                 "%s has no parameter \"%s\"", scope->request->name, operand->name);
    return FALSE;
  }
  param = scope->operation != NULL ? find_param (scope->operation, operand->name) : -1;
  if (param >= 0)
    return set_param (operand, V2V_OPERAND_PARAM, scope->operation, param);
  if (scope->self != NULL)
    return v2v_check_field (check, scope->self, operand->name, operand->place,
                            operand->length) != NULL;
  if (scope->operation != NULL) {
    g_autoptr (GPtrArray) names = param_names (scope->operation);
    g_autofree char *hint = v2v_suggest (check, operand->name, names);

    if (!g_hash_table_contains (check->broken, scope->operation) &&
        !was_told (scope, operand->name))
      check_error (check, V2V_CODE_NO_PARAMETER, operand->place, operand->length, hint,
                   "\"%s\" is neither FACT.FIELD nor a parameter of %s", operand->name,
                   scope->operation->name);
    return FALSE;
  }
  {
    g_autofree char *hint = g_strdup_printf ("write FACT.%s", operand->name);
    const V2vFactDecl *fact = v2v_schema_fact (check->rules->schema, operand->name);

    if (fact != NULL || find_variable (scope->variables, operand->name) != NULL) {
      g_free (hint);
      hint = g_strdup_printf ("write %s.FIELD", operand->name);
    } else if (v2v_name_lost (check, operand->name)) {
      return FALSE;
    }
    check_error (check, V2V_CODE_NO_SUBJECT, operand->place, operand->length, hint,
                 "a field is expected here, but \"%s\" alone is not a field", operand->name);
  }
  return FALSE;
}

gboolean
v2v_check_subject (V2vCheck *check, const V2vScope *scope, V2vOperand *operand)
{
  gboolean good;

  if (operand->name == NULL)
    return FALSE;
  good = operand->qualifier != NULL ? resolve_qualified (check, scope, operand)
                                    : resolve_bare (check, scope, operand);
  if (!good)
    operand->kind = V2V_OPERAND_NAME;
  return good;
}

/* ---- values ---- */

/* Can a value of type FROM be used where TO is expected? */
static gboolean
compatible (const V2vType *from, const V2vType *to)
{
  if (from->kind == V2V_TYPE_ENUM || to->kind == V2V_TYPE_ENUM)
    return from->kind == to->kind && from->words == to->words;
  if ((from->kind == V2V_TYPE_STRING && to->kind == V2V_TYPE_PATH) ||
      (from->kind == V2V_TYPE_PATH && to->kind == V2V_TYPE_STRING))
    return TRUE;
  return from->kind == to->kind;
}

static char *
what_text (const V2vWhat *what)
{
  if (what->parameter)
    return g_strdup_printf ("parameter %s of %s", what->name, what->owner);
  return what->owner != NULL ? g_strdup_printf ("%s.%s", what->owner, what->name)
                             : g_strdup (what->name);
}

static gboolean
wrong_type (V2vCheck *check, const V2vOperand *value, const V2vType *type, const V2vWhat *what,
            const char *hint)
{
  g_autofree char *given = given_text (value);
  g_autofree char *owner = what_text (what);

  check_error (check, V2V_CODE_TYPE, value->place, value->length, hint,
               "%s has type %s, but here is %s", owner, v2v_type_text (type), given);
  return FALSE;
}

/* Resolves TEXT as a word of TYPE. */
static gboolean
check_word (V2vCheck *check, const V2vScope *scope, V2vOperand *value, const char *text,
            const V2vType *type, const V2vWhat *what)
{
  if (type->words != NULL && !v2v_enum_has (type->words, text) && !scope->undeclared) {
    g_autoptr (GPtrArray) words = NULL;
    g_autofree char *hint = NULL;
    g_autofree char *owner = NULL;

    if (g_hash_table_contains (check->broken, type->words) || check->syntax->unusable)
      return FALSE;
    words = v2v_keys (check, type->words->canonical);
    hint = v2v_suggest (check, text, words);
    if (hint == NULL)
      hint = g_strdup_printf ("to declare it, write name %s %s", type->words->name, text);
    owner = what_text (what);
    check_error (check, V2V_CODE_NO_WORD, value->place, value->length, hint,
                 "%s cannot be \"%s\": enum %s has no such word", owner, text,
                 type->words->name);
    return FALSE;
  }
  if (type->words != NULL && g_hash_table_contains (type->words->statuses, text))
    v2v_check_use (check, (V2vStatus *)g_hash_table_lookup (type->words->statuses, text),
                   value->place, value->length, "the word %s of enum %s", text,
                   type->words->name);
  value->kind = V2V_OPERAND_CONST;
  value->value = v2v_value_text (v2v_enum_canonical (type->words, text));
  value->type = *type;
  return TRUE;
}

static gboolean
check_constant (V2vCheck *check, const V2vScope *scope, V2vOperand *value, const V2vType *type,
                const V2vWhat *what)
{
  const V2vTypeKind kind = value->type.kind;

  if (type == NULL)
    return TRUE;
  switch (type->kind) {
  case V2V_TYPE_ENUM:
    /* This is a word that looks like a number, or a word of a guest that no enum declares. */
    if (kind != V2V_TYPE_STRING && value->name != NULL)
      return check_word (check, scope, value, value->name, type, what);
    if (kind == V2V_TYPE_STRING && scope->test) {
      value->value.text = v2v_enum_canonical (type->words, value->value.text);
      value->type = *type;
      return TRUE;
    }
    return wrong_type (check, value, type, what,
                       kind == V2V_TYPE_STRING ? "write the word without quotes" : NULL);
  case V2V_TYPE_STRING:
  case V2V_TYPE_PATH:
  case V2V_TYPE_PACKAGE_VERSION:
  case V2V_TYPE_PLAIN_VERSION:
    if (kind != V2V_TYPE_STRING)
      return wrong_type (check, value, type, what, "write it in quotes");
    break;
  case V2V_TYPE_INT:
    if (kind != V2V_TYPE_INT)
      return wrong_type (check, value, type, what,
                         kind == V2V_TYPE_STRING ? "write a number, without quotes" : NULL);
    break;
  case V2V_TYPE_SIZE:
    if (kind != V2V_TYPE_SIZE && kind != V2V_TYPE_INT)
      return wrong_type (check, value, type, what, "write bytes, or a size such as 512MiB");
    if (value->value.number < 0) {
      check_error (check, V2V_CODE_NEGATIVE, value->place, value->length, NULL,
                   "a size cannot be negative");
      return FALSE;
    }
    break;
  case V2V_TYPE_BOOL:
    if (kind != V2V_TYPE_BOOL)
      return wrong_type (check, value, type, what, "write true or false");
    break;
  }
  value->type = *type;
  return TRUE;
}

/* Resolves a single word as a value: a parameter or a word of the enum. */
static gboolean
check_bare_value (V2vCheck *check, const V2vScope *scope, V2vOperand *value,
                  const V2vType *type, const V2vWhat *what)
{
  const int param = scope->operation != NULL ? find_param (scope->operation, value->name) : -1;

  if (param >= 0) {
    if (!set_param (value, V2V_OPERAND_PARAM, scope->operation, param))
      return FALSE;
    return type == NULL || compatible (&value->type, type) ||
           wrong_type (check, value, type, what, NULL);
  }
  if (scope->operation != NULL && (g_hash_table_contains (check->broken, scope->operation) ||
                                   was_told (scope, value->name)))
    return FALSE;
  if (type != NULL && type->kind == V2V_TYPE_ENUM)
    return check_word (check, scope, value, value->name, type, what);
  {
    g_autofree char *hint = NULL;

    if (find_variable (scope->variables, value->name) != NULL ||
        v2v_schema_fact (check->rules->schema, value->name) != NULL) {
      hint = g_strdup_printf ("write %s.FIELD", value->name);
    } else if (scope->operation != NULL) {
      g_autoptr (GPtrArray) names = param_names (scope->operation);

      hint = v2v_suggest (check, value->name, names);
    } else if (scope->self != NULL && v2v_fact_decl_field (scope->self, value->name) != NULL) {
      hint = g_strdup (
          "two fields of one fact cannot be compared; name the fact with each ... as");
    }
    if (hint == NULL)
      hint = type != NULL && type->kind == V2V_TYPE_BOOL  ? g_strdup ("write true or false")
             : type != NULL && type->kind == V2V_TYPE_INT ? g_strdup ("write a number")
             : type != NULL && type->kind == V2V_TYPE_SIZE
                 ? g_strdup ("write bytes, or a size such as 512MiB")
                 : g_strdup_printf ("write \"%s\" in quotes if it is a text", value->name);
    if (type == NULL)
      check_error (check, V2V_CODE_NO_PARAMETER, value->place, value->length, hint,
                   "\"%s\" is neither a value nor a parameter", value->name);
    else
      return wrong_type (check, value, type, what, hint);
  }
  return FALSE;
}

gboolean
v2v_check_value (V2vCheck *check, const V2vScope *scope, V2vOperand *value, const V2vType *type,
                 const V2vWhat *what)
{
  gboolean good;

  if (value->kind == V2V_OPERAND_NAME && value->name == NULL)
    return FALSE;
  if (type != NULL && is_unknown (type))
    return FALSE;
  if (value->kind == V2V_OPERAND_CONST)
    return check_constant (check, scope, value, type, what);
  if (value->qualifier == NULL) {
    good = check_bare_value (check, scope, value, type, what);
  } else {
    good = resolve_qualified (check, scope, value) &&
           (type == NULL || compatible (&value->type, type) ||
            wrong_type (check, value, type, what, NULL));
  }
  return good;
}

/* ---- XPath ---- */

static void
keep_quiet (void *data G_GNUC_UNUSED, const xmlError *error G_GNUC_UNUSED)
{
}

static void
keep_quiet_generic (void *data G_GNUC_UNUSED, const char *format G_GNUC_UNUSED, ...)
{
}

/* Describes what is wrong with TEXT. To be freed with g_free. */
static char *
xpath_fault (const xmlError *error, const char *text)
{
  const int length = (int)strlen (text);

  switch (error->code) {
  case XML_XPATH_UNKNOWN_FUNC_ERROR:
    return g_strdup ("it calls a function that XPath does not have");
  case XML_XPATH_UNDEF_VARIABLE_ERROR:
    return g_strdup ("there are no variables");
  case XML_XPATH_UNDEF_PREFIX_ERROR:
    return g_strdup ("it uses a namespace prefix; write *[local-name() = 'NAME']");
  default:
    if (error->int1 > 0 && error->int1 < length)
      return g_strdup_printf ("it cannot be read from \"%.60s\" on", text + error->int1);
    return g_strdup ("it is not complete");
  }
}

xmlXPathCompExpr *
v2v_check_xpath (V2vCheck *check, const char *text, V2vPlace place, guint length)
{
  xmlXPathContext *context;
  xmlXPathCompExpr *compiled;
  xmlDoc *document;
  const xmlGenericErrorFunc generic = xmlGenericError;
  void *const generic_data = xmlGenericErrorContext;

  /* Evaluate it on an empty document: compiling alone does not find unknown functions, prefixes
   * and variables. */
  xmlSetGenericErrorFunc (NULL, keep_quiet_generic);
  document = xmlNewDoc (BAD_CAST "1.0");
  xmlDocSetRootElement (document, xmlNewDocNode (document, NULL, BAD_CAST "domain", NULL));
  context = xmlXPathNewContext (document);
  context->error = (xmlStructuredErrorFunc)keep_quiet;
  context->opLimit = 100000;
  context->node = xmlDocGetRootElement (document);
  compiled = xmlXPathCtxtCompile (context, BAD_CAST text);
  if (compiled != NULL) {
    xmlXPathObject *result;

    v2v_guard_begin (XPATH_SECONDS, V2V_EXIT_CONFIG, "%s:%u:%u: evaluating \"%s\"", place.file,
                     place.line, place.column, text);
    result = xmlXPathCompiledEval (compiled, context);
    v2v_guard_end ();
    if (result == NULL) {
      xmlXPathFreeCompExpr (compiled);
      compiled = NULL;
    }
    xmlXPathFreeObject (result);
  }
  if (compiled == NULL) {
    g_autofree char *fault = xpath_fault (&context->lastError, text);

    check_error (check, V2V_CODE_XPATH, place, length, NULL,
                 "this is not an XPath expression: %s", fault);
  } else {
    g_ptr_array_add (check->priv->xpaths, compiled);
  }
  xmlXPathFreeContext (context);
  xmlFreeDoc (document);
  xmlSetGenericErrorFunc (generic_data, generic);
  return compiled;
}

/* ---- conditions ---- */

static gboolean
check_compare (V2vCheck *check, const V2vScope *scope, V2vExpr *expr)
{
  V2vOperand *subject = &expr->subject;
  const V2vWhat what = {FALSE, subject->qualifier, subject->name};
  gboolean good = v2v_check_subject (check, scope, subject);
  const V2vTypeKind kind = subject->type.kind;

  if (!good)
    return FALSE;
  if ((expr->op == V2V_LT || expr->op == V2V_LE || expr->op == V2V_GT || expr->op == V2V_GE) &&
      kind != V2V_TYPE_INT && kind != V2V_TYPE_SIZE && kind != V2V_TYPE_PACKAGE_VERSION &&
      kind != V2V_TYPE_PLAIN_VERSION) {
    g_autofree char *name = operand_text (subject);

    check_error (check, V2V_CODE_NO_ORDER, expr->place, expr->length, "use ==, != or in",
                 "%s has type %s, which has no order", name, v2v_type_text (&subject->type));
    return FALSE;
  }
  if (expr->op == V2V_GLOB) {
    V2vOperand *pattern = &g_array_index (expr->values, V2vOperand, 0);

    if (kind == V2V_TYPE_INT || kind == V2V_TYPE_SIZE || kind == V2V_TYPE_BOOL) {
      g_autofree char *name = operand_text (subject);

      check_error (check, V2V_CODE_NO_PATTERN, expr->place, expr->length,
                   "use ==", "%s has type %s, which cannot be compared with a pattern", name,
                   v2v_type_text (&subject->type));
      return FALSE;
    }
    return pattern->kind == V2V_OPERAND_CONST;
  }
  for (guint i = 0; i < expr->values->len; i++)
    good &= v2v_check_value (check, scope, &g_array_index (expr->values, V2vOperand, i),
                             &subject->type, &what);
  return good;
}

static gboolean check_let (V2vCheck *check, V2vLetSyntax *let, guint nested);

static gboolean
check_let_reference (V2vCheck *check, V2vExpr *expr, guint nested)
{
  V2vLetSyntax *let = g_hash_table_lookup (check->lets, expr->text);

  if (let == NULL) {
    g_autoptr (GPtrArray) names = NULL;
    g_autofree char *hint = NULL;
    const char *dot = strchr (expr->text, '.');
    g_autofree char *fact =
        dot != NULL ? g_strndup (expr->text, (gsize)(dot - expr->text)) : NULL;

    if (v2v_name_lost (check, expr->text))
      return FALSE;
    names = v2v_keys (check, check->lets);
    hint = v2v_suggest (check, expr->text, names);
    if (hint == NULL)
      hint = fact != NULL && v2v_schema_fact (check->rules->schema, fact) != NULL
                 ? g_strdup_printf ("to compare the field, write %s == VALUE or %s is set",
                                    expr->text, expr->text)
                 : g_strdup ("conditions are named by let");
    check_error (check, V2V_CODE_NO_CONDITION, expr->place, expr->length, hint,
                 "there is no condition \"%s\"", expr->text);
    return FALSE;
  }
  if (let->state == V2V_LET_OPEN) {
    check_error (check, V2V_CODE_CYCLE, expr->place, expr->length, NULL,
                 "condition %s refers to itself", expr->text);
    return FALSE;
  }
  if (!check_let (check, let, nested + 1))
    return FALSE;
  expr->left = let->body;
  return let->body != NULL;
}

/* Adds up the SIZE and DEPTH of a condition after replacing each let in it by its condition. */
static gboolean
check_expr (V2vCheck *check, const V2vScope *scope, V2vExpr *expr, guint nested, guint depth,
            guint *size, guint *deepest)
{
  gboolean good = TRUE;

  *deepest = MAX (*deepest, depth);
  switch (expr->kind) {
  case V2V_EXPR_AND:
  case V2V_EXPR_OR:
    good = check_expr (check, scope, expr->left, nested, depth + 1, size, deepest);
    good &= check_expr (check, scope, expr->right, nested, depth + 1, size, deepest);
    return good;
  case V2V_EXPR_NOT:
    return check_expr (check, scope, expr->left, nested, depth + 1, size, deepest);
  case V2V_EXPR_COMPARE:
    ++*size;
    return check_compare (check, scope, expr);
  case V2V_EXPR_IS_SET:
  case V2V_EXPR_IS_UNSET:
    ++*size;
    return v2v_check_subject (check, scope, &expr->subject);
  case V2V_EXPR_DOMAIN:
    ++*size;
    if (expr->text != NULL)
      expr->xpath = v2v_check_xpath (check, expr->text, expr->place, expr->length);
    return expr->xpath != NULL;
  case V2V_EXPR_LET:
    good = check_let_reference (check, expr, nested);
    if (good) {
      const V2vLetSyntax *let = g_hash_table_lookup (check->lets, expr->text);

      *size = MIN (*size + let->size, V2V_RULE_CONDITION_MAX + 1);
      *deepest = MAX (*deepest, depth + 1 + let->depth);
    }
    return good;
  }
  return good;
}

static gboolean
check_measured (V2vCheck *check, const V2vScope *scope, V2vExpr *expr, guint nested,
                guint *size, guint *deepest)
{
  gboolean good = check_expr (check, scope, expr, nested, 0, size, deepest);

  if (good && *size > V2V_RULE_CONDITION_MAX) {
    check_error (check, V2V_CODE_LIMIT, expr->place, expr->length, NULL,
                 "with each let in it replaced by its condition, "
                 "this condition makes more than %d comparisons",
                 V2V_RULE_CONDITION_MAX);
    good = FALSE;
  }
  if (good && *deepest > CONDITION_DEPTH_MAX) {
    check_error (check, V2V_CODE_LIMIT, expr->place, expr->length, NULL,
                 "with each let in it replaced by its condition, "
                 "this condition is more than %d levels deep",
                 CONDITION_DEPTH_MAX);
    good = FALSE;
  }
  return good;
}

gboolean
v2v_check_condition (V2vCheck *check, const V2vScope *scope, V2vExpr *expr)
{
  guint size = 0, deepest = 0;

  return check_measured (check, scope, expr, 0, &size, &deepest);
}

static gboolean
check_let (V2vCheck *check, V2vLetSyntax *let, guint nested)
{
  const V2vScope scope = {0};

  if (let->state == V2V_LET_DONE)
    return let->body != NULL;
  if (let->body == NULL)
    return FALSE;
  if (nested > V2V_RULE_DEPTH_MAX) {
    name_error (check, V2V_CODE_LIMIT, let->decl.name, NULL,
                "conditions name each other more than %d levels deep", V2V_RULE_DEPTH_MAX);
    let->body = NULL;
    let->state = V2V_LET_DONE;
    return FALSE;
  }
  let->state = V2V_LET_OPEN;
  if (!check_measured (check, &scope, let->body, nested, &let->size, &let->depth))
    let->body = NULL; /* conditions that use it then report nothing more */
  let->state = V2V_LET_DONE;
  return let->body != NULL;
}

void
v2v_check_lets (V2vCheck *check)
{
  for (guint i = 0; i < check->syntax->decls->len; i++) {
    V2vLetSyntax *let = g_ptr_array_index (check->syntax->decls, i);
    const V2vLetSyntax *other;

    if (let->decl.kind != V2V_DECL_LET || let->decl.name.name == NULL)
      continue;
    other = g_hash_table_lookup (check->lets, let->decl.name.name);
    if (other == NULL) {
      g_hash_table_insert (check->lets, (gpointer)let->decl.name.name, let);
    } else {
      g_autofree char *where = v2v_place_text (other->decl.name.place);

      name_error (check, V2V_CODE_DUPLICATE, let->decl.name, NULL,
                  "condition %s is already declared at %s", let->decl.name.name, where);
    }
  }
  for (guint i = 0; i < check->syntax->decls->len; i++) {
    V2vLetSyntax *let = g_ptr_array_index (check->syntax->decls, i);

    if (let->decl.kind == V2V_DECL_LET)
      check_let (check, let, 0);
  }
}
