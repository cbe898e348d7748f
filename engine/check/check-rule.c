/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checks the rules, providers and probes in effect.
 */
#include "config.h"

#include "check/check.h"

static gboolean
is_metadata (V2vPhase phase)
{
  return phase == V2V_PHASE_UNCONFIGURE_METADATA || phase == V2V_PHASE_CONFIGURE_METADATA;
}

/* Resolves a kind of fact that is provided or set here, which does not count as using it. */
static V2vFactDecl *
provided_fact (V2vCheck *check, V2vName name)
{
  V2vFactDecl *fact;

  check->providing = TRUE;
  fact = v2v_check_fact (check, name);
  check->providing = FALSE;
  return fact;
}

/* ---- rules ---- */

/* A hint for a rule that wants to change FACT, of which NAME says what; OWN is the hint if the
 * fact is declared in the same file. */
static char *
not_derived_hint (const V2vFactDecl *fact, V2vName name, const char *own)
{
  if (fact->place.file == name.place.file)
    return g_strdup (own);
  return g_strdup_printf ("rules read it; set a field that is declared derived (v2v-engine doc "
                          "facts %s lists those it has), or declare a fact of your own",
                          fact->name);
}

static void
need_derived (V2vCheck *check, const V2vField *field, V2vName name)
{
  g_autofree char *hint = NULL;

  if (field->derived)
    return;
  hint = not_derived_hint (field->fact, name, "declare it derived if rules are to set it");
  name_error (check, V2V_CODE_NOT_DERIVED, name, hint,
              "%s.%s is filled by a source or a probe, so no rule may set it",
              field->fact->name, field->name);
}

static void
check_field_head (V2vCheck *check, const V2vScope *scope, V2vHeadSyntax *syntax)
{
  V2vHead *head = &syntax->head;
  V2vOperand target = {.kind = V2V_OPERAND_NAME,
                       .qualifier = syntax->target.name,
                       .name = syntax->field.name,
                       .place = syntax->target.place};
  V2vWhat what = {FALSE, syntax->target.name, syntax->field.name};
  gboolean good;

  if (syntax->target.name == NULL || syntax->field.name == NULL)
    return;
  target.length = (guint)strlen (target.qualifier) + 1 + (guint)strlen (target.name);
  check->providing = TRUE;
  good = v2v_check_subject (check, scope, &target);
  check->providing = FALSE;
  if (!good)
    return;
  head->field = target.field;
  head->on_variable = target.kind == V2V_OPERAND_VAR;
  head->slot = target.slot;
  if (head->kind == V2V_HEAD_DEFAULT && head->on_variable) {
    name_error (check, V2V_CODE_DEFAULT, syntax->target, "use assert",
                "only fields of facts that exist exactly once have a default");
    head->field = NULL;
    return;
  }
  need_derived (check, head->field, syntax->field);
  v2v_check_value (check, scope, &head->value, &head->field->type, &what);
}

static void
check_fact_head (V2vCheck *check, const V2vScope *scope, V2vHeadSyntax *syntax)
{
  V2vHead *head = &syntax->head;
  V2vFactDecl *fact = provided_fact (check, syntax->target);
  const V2vOperand unset = {.kind = V2V_OPERAND_CONST, .value = V2V_VALUE_UNSET};

  if (fact == NULL || syntax->pairs == NULL)
    return;
  if (!fact->derived) {
    g_autofree char *hint =
        fact->multiple ? not_derived_hint (fact, syntax->target,
                                           "declare it derived if rules are to add some")
                       : g_strdup ("to set a field of it, write assert FACT.FIELD = VALUE");

    if (!g_hash_table_contains (check->broken, fact))
      name_error (check, V2V_CODE_NOT_DERIVED, syntax->target, hint,
                  "%s facts cannot be added by rules", fact->name);
    return;
  }
  head->fact = fact;
  head->values = v2v_arena_array (check->arena, sizeof (V2vOperand), fact->fields->len);
  for (guint i = 0; i < fact->fields->len; i++)
    g_array_append_val (head->values, unset);
  for (guint i = 0; i < syntax->pairs->len; i++) {
    V2vPairSyntax *pair = &g_array_index (syntax->pairs, V2vPairSyntax, i);
    const V2vWhat what = {FALSE, fact->name, pair->field.name};
    const V2vField *field;
    V2vOperand *to;

    check->providing = TRUE;
    field = v2v_check_field (check, fact, pair->field.name, pair->field.place,
                             (guint)strlen (pair->field.name));
    check->providing = FALSE;
    if (field == NULL)
      continue;
    to = &g_array_index (head->values, V2vOperand, field->index);
    if (to->place.line != 0) {
      name_error (check, V2V_CODE_SET_TWICE, pair->field, NULL, "%s is set twice here",
                  field->name);
      continue;
    }
    v2v_check_value (check, scope, &pair->value, &field->type, &what);
    *to = pair->value;
  }
  for (guint i = 0; i < fact->fields->len; i++) {
    const V2vField *field = g_ptr_array_index (fact->fields, i);

    if (field->key && g_array_index (head->values, V2vOperand, i).place.line == 0)
      name_error (check, V2V_CODE_KEY_UNSET, syntax->target, NULL,
                  "%s has to be set: it is a key of %s", field->name, fact->name);
  }
}

/* Determines the phase of "do xslt": the one that is given, else the one in the name of its
 * file. */
static void
check_direct_head (V2vCheck *check, const V2vScope *scope, V2vHeadSyntax *syntax,
                   const V2vRuleFile *file)
{
  V2vCallSyntax *call = syntax->call;
  V2vPhase phase = V2V_PHASE_CONFIGURE;

  if (syntax->phase.name != NULL) {
    if (!v2v_check_phase (check, syntax->phase, &phase))
      return;
    if (is_metadata (phase) != syntax->is_xslt) {
      name_error (check, V2V_CODE_SCRIPT_PHASE, syntax->phase, NULL,
                  syntax->is_xslt
                      ? "a stylesheet edits the metadata, so it cannot run in phase %s"
                      : "a script edits the guest, so it cannot run in phase %s",
                  syntax->phase.name);
      return;
    }
  } else if (syntax->is_xslt && call->call.file != NULL) {
    g_autofree char *base = g_path_get_basename (call->call.file);

    if (g_str_has_prefix (base, "unconfigure-")) {
      phase = V2V_PHASE_UNCONFIGURE_METADATA;
    } else if (g_str_has_prefix (base, "configure-")) {
      phase = V2V_PHASE_CONFIGURE_METADATA;
    } else {
      check_error (
          check, V2V_CODE_PHASE_UNKNOWN, call->call.place, call->file_length,
          "write in unconfigure-metadata or in configure-metadata",
          "the name of the stylesheet begins neither with unconfigure- nor with configure-, "
          "so its phase has to be given");
      return;
    }
  }
  if (v2v_check_call (check, scope, call, syntax->is_xslt, file) && call->call.file != NULL) {
    syntax->head.operation = v2v_check_direct (check, call, syntax->is_xslt, phase);
    syntax->head.args = call->call.args;
  }
}

/* Checks ARGS as the arguments of OPERATION, which is named at NAME. */
static gboolean
check_arguments (V2vCheck *check, const V2vScope *scope, const V2vOperation *operation,
                 GArray *args, V2vName name)
{
  gboolean good = TRUE;

  if (g_hash_table_contains (check->broken, operation))
    return FALSE;
  if (args->len != operation->params->len) {
    g_autoptr (GString) params = g_string_new (NULL);

    for (guint i = 0; i < operation->params->len; i++)
      g_string_append_printf (params, "%s%s", i > 0 ? ", " : "",
                              ((V2vParam *)g_ptr_array_index (operation->params, i))->name);
    name_error (check, V2V_CODE_ARGUMENTS, name, NULL,
                "%s takes %u argument%s (%s), but %u are given", operation->name,
                operation->params->len, operation->params->len == 1 ? "" : "s", params->str,
                args->len);
    return FALSE;
  }
  for (guint i = 0; i < args->len; i++) {
    const V2vParam *param = g_ptr_array_index (operation->params, i);
    const V2vWhat what = {TRUE, operation->name, param->name};

    good &= v2v_check_value (check, scope, &g_array_index (args, V2vOperand, i), &param->type,
                             &what);
  }
  return good;
}

static void
check_head (V2vCheck *check, const V2vScope *scope, V2vHeadSyntax *syntax,
            const V2vRuleFile *file)
{
  V2vHead *head = &syntax->head;

  switch (head->kind) {
  case V2V_HEAD_ASSERT_FIELD:
  case V2V_HEAD_DEFAULT:
    check_field_head (check, scope, syntax);
    break;
  case V2V_HEAD_ASSERT_FACT:
    check_fact_head (check, scope, syntax);
    break;
  case V2V_HEAD_DO:
    if (syntax->call != NULL) {
      check_direct_head (check, scope, syntax, file);
    } else if (syntax->target.name != NULL && head->args != NULL) {
      head->operation = v2v_check_operation (check, syntax->target);
      if (head->operation != NULL)
        check_arguments (check, scope, head->operation, head->args, syntax->target);
    }
    break;
  case V2V_HEAD_FAIL:
  case V2V_HEAD_WARN:
    if (syntax->text->kind == V2V_TOKEN_STRING && !syntax->text->bad)
      head->message = v2v_check_template (check, scope, syntax->text);
    break;
  }
}

static void
check_rule (V2vCheck *check, V2vRuleSyntax *syntax)
{
  V2vRule *rule = &syntax->rule;
  g_autoptr (GPtrArray) variables = g_ptr_array_new ();
  V2vScope scope = {.variables = variables, .later = rule->clauses};

  rule->name = syntax->decl.name.name;
  rule->was = syntax->was.name;
  rule->origin = syntax->decl.file->origin;
  rule->place = syntax->decl.name.place;
  v2v_check_clauses (check, &scope, rule->clauses, rule, "a rule");
  if (rule->heads->len == 0 && !syntax->decl.broken)
    name_error (check, V2V_CODE_EMPTY, syntax->decl.name,
                "add assert, default, do, fail or warn", "rule %s has no effect", rule->name);
  for (guint i = 0; i < rule->heads->len; i++) {
    V2vHeadSyntax *head = g_ptr_array_index (rule->heads, i);

    check_head (check, &scope, head, syntax->decl.file);
    if (rule->reads_requests && head->head.kind != V2V_HEAD_FAIL &&
        head->head.kind != V2V_HEAD_WARN)
      check_error (check, V2V_CODE_REQUESTS, head->head.place, 1, NULL,
                   "a rule with a condition on requests can only fail or warn: it is "
                   "checked when all requests are known");
  }
  g_ptr_array_add (check->rules->rules, rule);
}

/* ---- providers ---- */

/* Returns FALSE if the provider's parameters are not those of its operation. */
static gboolean
check_params (V2vCheck *check, const V2vProviderSyntax *syntax, const V2vOperation *operation)
{
  const guint given = syntax->params->len, wanted = operation->params->len;
  guint same = 0;

  if (!syntax->has_params || g_hash_table_contains (check->broken, operation))
    return TRUE;
  while (same < MIN (given, wanted) &&
         g_array_index (syntax->params, V2vName, same).name ==
             ((V2vParam *)g_ptr_array_index (operation->params, same))->name)
    same++;
  if (same < MAX (given, wanted)) {
    /* Report at the first wrong parameter, or at the operation if one is missing. */
    const V2vName at =
        same < given ? g_array_index (syntax->params, V2vName, same) : syntax->operation;
    g_autoptr (GString) params = g_string_new (NULL);

    for (guint i = 0; i < operation->params->len; i++)
      g_string_append_printf (params, "%s%s", i > 0 ? ", " : "",
                              ((V2vParam *)g_ptr_array_index (operation->params, i))->name);
    name_error (check, V2V_CODE_PARAMETERS, at, NULL, "write %s(%s): these are its parameters",
                operation->name, params->str);
    return FALSE;
  }
  return TRUE;
}

static void
check_provider_call (V2vCheck *check, V2vProviderSyntax *syntax, const V2vScope *scope)
{
  V2vProvider *provider = &syntax->provider;

  if (syntax->call == NULL) {
    if (!syntax->decl.broken)
      name_error (check, V2V_CODE_EMPTY, syntax->decl.name,
                  "add do lua \"FILE\" FUNCTION(...) or do xslt \"FILE\"",
                  "provider %s does nothing", provider->name);
    return;
  }
  provider->call = &syntax->call->call;
  v2v_check_call (check, scope, syntax->call, provider->is_xslt, syntax->decl.file);
  if (scope->operation != NULL && is_metadata (provider->phase) != provider->is_xslt)
    check_error (
        check, V2V_CODE_SCRIPT_PHASE, provider->call->place, syntax->call->file_length, NULL,
        provider->is_xslt ? "a stylesheet edits the metadata, so it cannot run in phase %s"
                          : "a script edits the guest, so it cannot run in phase %s",
        v2v_phase_name (provider->phase));
}

static void
check_provider (V2vCheck *check, V2vProviderSyntax *syntax)
{
  V2vProvider *provider = &syntax->provider;
  V2vOperation *operation;
  V2vScope scope = {0};
  GPtrArray *named;

  check->providing = TRUE;
  scope.operation = operation = v2v_check_operation (check, syntax->operation);
  check->providing = FALSE;
  provider->name = syntax->decl.name.name;
  provider->operation = operation;
  provider->origin = syntax->decl.file->origin;
  provider->place = syntax->decl.name.place;
  provider->over = v2v_arena_pointers (check->arena);
  provider->after_operations = v2v_arena_pointers (check->arena);
  provider->after_providers = v2v_arena_pointers (check->arena);
  if (operation == NULL) /* its parameters are unknown, so its conditions cannot be checked */
    return;
  if (!check_params (check, syntax, operation))
    scope.wrong_params = syntax->params;
  provider->phase = operation->phase;
  if (syntax->phase.name != NULL && v2v_check_phase (check, syntax->phase, &provider->phase) &&
      provider->phase < operation->phase) {
    name_error (check, V2V_CODE_PHASE_ORDER, syntax->phase, NULL,
                "%s runs in phase %s, and its provider cannot run before that", operation->name,
                v2v_phase_name (operation->phase));
    provider->phase = operation->phase;
  }
  v2v_check_clauses (check, &scope, provider->clauses, NULL, "a provider");
  check_provider_call (check, syntax, &scope);
  g_ptr_array_add (operation->providers, provider);
  g_ptr_array_add (check->rules->providers, provider);
  named = g_hash_table_lookup (check->rules->providers_by_name, provider->name);
  if (named == NULL) {
    named = g_ptr_array_new ();
    g_hash_table_insert (check->rules->providers_by_name, (gpointer)provider->name, named);
  }
  g_ptr_array_add (named, provider);
}

static GPtrArray *
provider_names (const V2vOperation *operation, const V2vProvider *except)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < operation->providers->len; i++) {
    const V2vProvider *other = g_ptr_array_index (operation->providers, i);

    if (other != except)
      g_ptr_array_add (names, (gpointer)other->name);
  }
  return names;
}

/* Resolves "over" and "after", which may name providers that are declared later. */
static void
relate_provider (V2vCheck *check, V2vProviderSyntax *syntax)
{
  V2vProvider *provider = &syntax->provider;

  for (guint i = 0; syntax->over != NULL && i < syntax->over->len; i++) {
    const V2vName name = g_array_index (syntax->over, V2vName, i);
    V2vProvider *found = NULL;

    for (guint j = 0; j < provider->operation->providers->len && found == NULL; j++) {
      found = g_ptr_array_index (provider->operation->providers, j);
      if (found->name != name.name)
        found = NULL;
    }
    if (found == NULL && !v2v_name_lost (check, name.name)) {
      g_autoptr (GPtrArray) names = provider_names (provider->operation, provider);
      g_autofree char *hint = v2v_suggest (check, name.name, names);

      name_error (check, V2V_CODE_NO_PROVIDER, name, hint, "there is no provider \"%s\" for %s",
                  name.name, provider->operation->name);
    } else if (found == provider) {
      name_error (check, V2V_CODE_CYCLE, name, NULL,
                  "provider %s cannot take precedence over itself", provider->name);
    } else if (found != NULL) {
      g_ptr_array_add (provider->over, found);
    }
  }
  for (guint i = 0; syntax->after != NULL && i < syntax->after->len; i++) {
    const V2vName name = g_array_index (syntax->after, V2vName, i);
    V2vOperation *operation = g_hash_table_lookup (check->rules->operations_by_name, name.name);
    GPtrArray *named = g_hash_table_lookup (check->rules->providers_by_name, name.name);
    V2vPhase earliest = V2V_PHASES;

    if (operation != NULL) {
      check->providing = TRUE;
      v2v_check_operation (check, name);
      check->providing = FALSE;
      g_ptr_array_add (provider->after_operations, operation);
      earliest = operation->phase;
    }
    for (guint j = 0; operation == NULL && named != NULL && j < named->len; j++) {
      V2vProvider *other = g_ptr_array_index (named, j);

      earliest = MIN (earliest, other->phase);
      if (other != provider)
        g_ptr_array_add (provider->after_providers, other);
    }
    if (earliest == V2V_PHASES) {
      g_autoptr (GPtrArray) names = v2v_keys (check, check->rules->providers_by_name);
      g_autoptr (GPtrArray) operations = v2v_keys (check, check->rules->operations_by_name);
      g_autofree char *hint = NULL;

      if (v2v_name_lost (check, name.name))
        continue;
      g_ptr_array_extend (names, operations, NULL, NULL);
      hint = v2v_suggest (check, name.name, names);
      name_error (check, V2V_CODE_NO_OPERATION, name, hint,
                  "there is no operation or provider \"%s\"", name.name);
    } else if (provider->phase < earliest) {
      name_error (check, V2V_CODE_PHASE_ORDER, name, NULL,
                  "provider %s runs in phase %s and cannot come after %s, in phase %s",
                  provider->name, v2v_phase_name (provider->phase), name.name,
                  v2v_phase_name (earliest));
    }
  }
}

/* Searches for a cycle of "over" or "after" from PROVIDER. STATE maps a provider to 1 while it
 * is on PATH and to 2 after that. */
static void
find_cycle (V2vCheck *check, V2vProvider *provider, gboolean over, GHashTable *state,
            GPtrArray *path)
{
  const guint seen = GPOINTER_TO_UINT (g_hash_table_lookup (state, provider));
  const GPtrArray *next = over ? provider->over : provider->after_providers;

  if (seen == 1) {
    g_autoptr (GString) cycle = g_string_new (NULL);
    guint i = 0;

    while (g_ptr_array_index (path, i) != provider)
      i++;
    for (; i < path->len; i++)
      g_string_append_printf (cycle, "%s %s ",
                              ((V2vProvider *)g_ptr_array_index (path, i))->name,
                              over ? "over" : "after");
    check_error (check, V2V_CODE_CYCLE, provider->place, (guint)strlen (provider->name), NULL,
                 over ? "providers that take precedence over each other: %s%s"
                      : "providers that come after each other: %s%s",
                 cycle->str, provider->name);
  }
  if (seen != 0 || path->len > 1000) /* stop in a chain so long that it must be hostile */
    return;
  g_hash_table_insert (state, provider, GUINT_TO_POINTER (1));
  g_ptr_array_add (path, provider);
  for (guint i = 0; i < next->len; i++)
    find_cycle (check, g_ptr_array_index (next, i), over, state, path);
  g_ptr_array_set_size (path, (int)path->len - 1);
  g_hash_table_insert (state, provider, GUINT_TO_POINTER (2));
}

/* ---- probes ---- */

static void
check_probe (V2vCheck *check, V2vProbeSyntax *syntax)
{
  V2vProbe *probe = &syntax->probe;
  V2vScope scope = {0};

  probe->name = syntax->decl.name.name;
  probe->origin = syntax->decl.file->origin;
  probe->place = syntax->decl.name.place;
  probe->provides = v2v_arena_pointers (check->arena);
  probe->reads = v2v_arena_pointers (check->arena);
  for (guint i = 0; syntax->provides != NULL && i < syntax->provides->len; i++) {
    const V2vName name = g_array_index (syntax->provides, V2vName, i);
    V2vFactDecl *fact = provided_fact (check, name);

    if (fact != NULL && fact->origin != V2V_ORIGIN_RULES &&
        fact->origin != V2V_ORIGIN_WITH_KERNELS)
      name_error (check, V2V_CODE_NOT_PROBED, name, NULL, "%s facts do not come from probes",
                  fact->name);
    else if (fact != NULL)
      g_ptr_array_add (probe->provides, fact);
  }
  for (guint i = 0; syntax->reads != NULL && i < syntax->reads->len; i++) {
    V2vFactDecl *fact = v2v_check_fact (check, g_array_index (syntax->reads, V2vName, i));

    if (fact != NULL)
      g_ptr_array_add (probe->reads, fact);
  }
  v2v_check_clauses (check, &scope, probe->clauses, NULL, "a probe");
  if (syntax->call != NULL) {
    probe->call = &syntax->call->call;
    v2v_check_call (check, &scope, syntax->call, FALSE, syntax->decl.file);
  } else if (!syntax->decl.broken) {
    name_error (check, V2V_CODE_EMPTY, syntax->decl.name, "add lua \"FILE\" FUNCTION(...)",
                "probe %s calls nothing", probe->name);
  }
  g_ptr_array_add (check->rules->probes, probe);
}

/* ---- all ---- */

/* Checks that each operation that a rule requests has a provider. */
static void
check_requested (V2vCheck *check)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  /* A provider that could not be read may be the one that seems to be missing. */
  if (check->syntax->unusable || g_hash_table_size (check->syntax->lost) > 0)
    return;
  for (guint i = 0; i < check->syntax->decls->len; i++) {
    const V2vProviderSyntax *syntax = g_ptr_array_index (check->syntax->decls, i);

    if (syntax->decl.kind == V2V_DECL_PROVIDER && syntax->operation.name == NULL)
      return;
  }
  for (guint i = 0; i < check->rules->rules->len; i++) {
    const V2vRule *rule = g_ptr_array_index (check->rules->rules, i);

    for (guint j = 0; j < rule->heads->len; j++) {
      const V2vHead *head = g_ptr_array_index (rule->heads, j);
      const V2vOperation *operation = head->kind == V2V_HEAD_DO ? head->operation : NULL;

      if (operation == NULL || operation->direct != NULL || operation->optional ||
          operation->providers->len > 0 || !g_hash_table_add (seen, (gpointer)operation))
        continue;
      check_error (check, V2V_CODE_UNPROVIDED, head->place, (guint)strlen (operation->name),
                   "write a provider for it, or declare the operation optional",
                   "no provider carries out %s", operation->name);
    }
  }
}

void
v2v_check_rules (V2vCheck *check)
{
  g_autoptr (GHashTable) over = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) after = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) path = g_ptr_array_new ();

#define FOR_EFFECTIVE(kind_wanted, type, function)                                             \
  for (guint i = 0; i < check->effective->len; i++) {                                          \
    V2vDecl *decl = g_ptr_array_index (check->effective, i);                                   \
                                                                                               \
    if (decl->kind == (kind_wanted))                                                           \
      function (check, (type *)decl);                                                          \
  }

  FOR_EFFECTIVE (V2V_DECL_PROVIDER, V2vProviderSyntax, check_provider);
  for (guint i = 0; i < check->effective->len; i++) {
    V2vProviderSyntax *syntax = g_ptr_array_index (check->effective, i);

    if (syntax->decl.kind == V2V_DECL_PROVIDER && syntax->provider.operation != NULL)
      relate_provider (check, syntax);
  }
  for (guint i = 0; i < check->rules->providers->len; i++) {
    find_cycle (check, g_ptr_array_index (check->rules->providers, i), TRUE, over, path);
    find_cycle (check, g_ptr_array_index (check->rules->providers, i), FALSE, after, path);
  }
  FOR_EFFECTIVE (V2V_DECL_PROBE, V2vProbeSyntax, check_probe);
  FOR_EFFECTIVE (V2V_DECL_RULE, V2vRuleSyntax, check_rule);
#undef FOR_EFFECTIVE
  check_requested (check);
}
