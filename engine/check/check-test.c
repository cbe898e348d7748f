/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checks tests and captures.
 */
#include "config.h"

#include <stdlib.h>

#include "check/check.h"

/* Checks the facts that a test gives or a capture contains, whose values are constants, and
 * stores them. */
static void
check_given_fact (V2vCheck *check, const V2vScope *scope, V2vGivenSyntax *syntax)
{
  V2vGiven *given = &syntax->given;
  V2vFactDecl *fact;
  const V2vValue unset = V2V_VALUE_UNSET;

  check->providing = TRUE;
  given->fact = fact = v2v_check_fact (check, syntax->fact);
  check->providing = FALSE;
  if (fact == NULL || syntax->pairs == NULL)
    return;
  if (syntax->one_field && fact->multiple) {
    g_autofree char *hint =
        g_strdup_printf ("write given %s { FIELD = VALUE, ... }", fact->name);

    name_error (check, V2V_CODE_WHICH, syntax->fact, hint,
                "there may be many %s facts, so this does not say which", fact->name);
    return;
  }
  given->values = v2v_arena_array (check->arena, sizeof (V2vValue), fact->fields->len);
  for (guint i = 0; i < fact->fields->len; i++)
    g_array_append_val (given->values, unset);
  for (guint i = 0; i < syntax->pairs->len; i++) {
    V2vPairSyntax *pair = &g_array_index (syntax->pairs, V2vPairSyntax, i);
    const V2vWhat what = {FALSE, fact->name, pair->field.name};
    const V2vField *field;
    V2vValue *to;

    if (pair->field.name == NULL)
      continue;
    check->providing = TRUE;
    field = v2v_check_field (check, fact, pair->field.name, pair->field.place,
                             (guint)strlen (pair->field.name));
    check->providing = FALSE;
    if (field == NULL)
      continue;
    if (pair->value.qualifier != NULL) {
      check_error (check, V2V_CODE_CONSTANT, pair->value.place, pair->value.length, NULL,
                   "a given value is a constant, not the field of another fact");
      continue;
    }
    to = &g_array_index (given->values, V2vValue, field->index);
    if (v2v_value_is_set (*to))
      name_error (check, V2V_CODE_SET_TWICE, pair->field, NULL, "%s is set twice here",
                  field->name);
    else if (v2v_check_value (check, scope, &pair->value, &field->type, &what))
      *to = pair->value.value;
  }
}

static void
check_given (V2vCheck *check, const V2vScope *scope, V2vGivenSyntax *syntax,
             const V2vDecl *decl)
{
  g_autofree char *dir = NULL;
  g_autofree char *path = NULL;
  g_autofree char *absolute = NULL;

  if (syntax->tree != NULL) {
    if (decl->kind != V2V_DECL_TEST)
      check_error (check, V2V_CODE_TREE, syntax->given.place,
                   (guint)g_utf8_strlen (syntax->tree, -1) + 2, NULL,
                   "a file tree can be given to a test, but not to a capture");
    return;
  }
  if (syntax->file == NULL) {
    check_given_fact (check, scope, syntax);
    return;
  }
  dir = g_path_get_dirname (decl->file->path);
  path = g_build_filename (g_path_is_absolute (syntax->file) ? "/" : dir, syntax->file, NULL);
  absolute = g_canonicalize_filename (path, NULL);
  syntax->given.file = v2v_intern (absolute);
  if (!g_file_test (absolute, G_FILE_TEST_IS_REGULAR))
    check_error (check, V2V_CODE_NO_FILE, syntax->given.place,
                 (guint)g_utf8_strlen (syntax->file, -1) + 2,
                 "it is looked for beside this file", "there is no file \"%s\"", syntax->file);
}

/* ---- expectations ---- */

static void
check_expected_args (V2vCheck *check, const V2vScope *scope, V2vExpectSyntax *syntax,
                     const char *hint)
{
  const V2vOperation *operation = syntax->expect.operation;
  GArray *args = syntax->args;

  syntax->expect.any_args = !syntax->has_args;
  if (!syntax->has_args || args == NULL || g_hash_table_contains (check->broken, operation))
    return;
  if (args->len != operation->params->len) {
    name_error (check, V2V_CODE_ARGUMENTS, syntax->target, hint,
                "%s takes %u argument%s, but %u are given", operation->name,
                operation->params->len, operation->params->len == 1 ? "" : "s", args->len);
    return;
  }
  syntax->expect.args = v2v_arena_array (check->arena, sizeof (V2vValue), args->len);
  for (guint i = 0; i < args->len; i++) {
    V2vOperand *arg = &g_array_index (args, V2vOperand, i);
    const V2vParam *param = g_ptr_array_index (operation->params, i);
    const V2vWhat what = {TRUE, operation->name, param->name};

    if (arg->qualifier != NULL)
      check_error (check, V2V_CODE_CONSTANT, arg->place, arg->length, NULL,
                   "an expected value is a constant, not the field of a fact");
    else
      v2v_check_value (check, scope, arg, &param->type, &what);
    g_array_append_val (syntax->expect.args, arg->value);
  }
}

/* Checks a single clause, like one of a rule. */
static void
check_expected_clause (V2vCheck *check, V2vScope *scope, V2vExpectSyntax *syntax)
{
  g_autoptr (GPtrArray) clauses = g_ptr_array_new ();
  V2vClauseSyntax *clause = (V2vClauseSyntax *)syntax->expect.clause;
  V2vOperation *operation =
      clause->target.name == NULL
          ? NULL
          : g_hash_table_lookup (check->rules->operations_by_name, clause->target.name);

  if (operation != NULL) {
    g_autofree char *hint = g_strdup_printf ("write expect %s%s or expect %s%s(ARGUMENTS)",
                                             syntax->negated ? "no " : "", operation->name,
                                             syntax->negated ? "no " : "", operation->name);

    name_error (check, V2V_CODE_NOT_A_FACT, clause->target, hint,
                "%s is an operation, not a fact", operation->name);
    return;
  }
  g_ptr_array_add (clauses, clause);
  v2v_check_clauses (check, scope, clauses, NULL, "a test");
}

/* Reports "expect no NAME" if NAME is neither a fact nor an operation. */
static void
unknown_absent (V2vCheck *check, V2vName name)
{
  g_autoptr (GPtrArray) names = v2v_keys (check, check->rules->operations_by_name);
  g_autoptr (GPtrArray) facts = v2v_keys (check, check->rules->schema->facts_by_name);
  g_autofree char *hint = NULL;

  if (v2v_name_lost (check, name.name))
    return;
  g_ptr_array_extend (names, facts, NULL, NULL);
  hint = v2v_suggest (check, name.name, names);
  name_error (check, V2V_CODE_NO_OPERATION, name, hint, "there is no operation or fact \"%s\"",
              name.name);
}

static void
check_expected_provider (V2vCheck *check, V2vExpectSyntax *syntax)
{
  V2vOperation *operation = v2v_check_operation (check, syntax->operation);

  if (operation == NULL || syntax->target.name == NULL)
    return;
  syntax->expect.operation = operation;
  for (guint i = 0; i < operation->providers->len; i++) {
    V2vProvider *provider = g_ptr_array_index (operation->providers, i);

    if (provider->name == syntax->target.name)
      syntax->expect.provider = provider;
  }
  if (syntax->expect.provider == NULL && !v2v_name_lost (check, syntax->target.name)) {
    g_autoptr (GPtrArray) names = g_ptr_array_new ();
    g_autofree char *hint = NULL;

    for (guint i = 0; i < operation->providers->len; i++)
      g_ptr_array_add (
          names, (gpointer)((V2vProvider *)g_ptr_array_index (operation->providers, i))->name);
    hint = v2v_suggest (check, syntax->target.name, names);
    name_error (check, V2V_CODE_NO_PROVIDER, syntax->target, hint,
                "there is no provider \"%s\" for %s", syntax->target.name, operation->name);
  }
}

static void
check_expect (V2vCheck *check, V2vScope *scope, V2vExpectSyntax *syntax)
{
  V2vExpect *expect = &syntax->expect;
  V2vClause *clause = expect->clause;

  if (expect->kind == V2V_EXPECT_CONDITION && clause->kind == V2V_CLAUSE_WHEN &&
      clause->where != NULL && clause->where->kind == V2V_EXPR_LET &&
      g_hash_table_lookup (check->lets, clause->where->text) == NULL) {
    /* A single name that is not a condition is an operation. */
    syntax->target = (V2vName){clause->where->text, clause->where->place};
    expect->kind = V2V_EXPECT_REQUEST;
    expect->clause = NULL;
  }
  switch (expect->kind) {
  case V2V_EXPECT_CONDITION:
    check_expected_clause (check, scope, syntax);
    break;
  case V2V_EXPECT_PROVIDER:
    check_expected_provider (check, syntax);
    break;
  case V2V_EXPECT_REQUEST:
  case V2V_EXPECT_NO_REQUEST:
    if (syntax->target.name == NULL)
      break;
    if (syntax->negated && !syntax->has_args &&
        v2v_schema_fact (check->rules->schema, syntax->target.name) != NULL) {
      V2vClauseSyntax *absent = v2v_arena_new0 (check->arena, V2vClauseSyntax);

      absent->clause.kind = V2V_CLAUSE_NO;
      absent->clause.place = syntax->target.place;
      absent->target = syntax->target;
      expect->kind = V2V_EXPECT_CONDITION;
      expect->clause = &absent->clause;
      check_expected_clause (check, scope, syntax);
      break;
    }
    if (syntax->negated && !syntax->has_args &&
        !g_hash_table_contains (check->rules->operations_by_name, syntax->target.name)) {
      unknown_absent (check, syntax->target);
      break;
    }
    expect->operation = v2v_check_operation (check, syntax->target);
    if (expect->operation != NULL)
      check_expected_args (check, scope, syntax,
                           "without parentheses, a request with any arguments is expected");
    break;
  default:
    break;
  }
}

/* ---- file trees ---- */

/* The absolute path of NAME, a file or DIRECTORY beside the file of DECL; if it is wrong,
 * reports that and returns NULL. Even after following links it must be below the directory of
 * that file: a test from somebody else must not read other files of the host. */
static const char *
find_beside (V2vCheck *check, const V2vDecl *decl, const char *name, gboolean directory,
             V2vPlace place)
{
  const guint length = (guint)g_utf8_strlen (name, -1) + 2;
  const char *what = directory ? "directory" : "file";
  g_autofree char *dir = g_path_get_dirname (decl->file->path);
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *from = NULL, *to = NULL;
  g_auto (GStrv) parts = g_strsplit (name, "/", -1);

  if (*name == '\0' || *name == '/' || g_strv_contains ((const char *const *)parts, "..")) {
    check_error (check, V2V_CODE_OUTSIDE, place, length,
                 "write its path from the directory of this file on",
                 "\"%s\" is not below the directory of this file", name);
    return NULL;
  }
  from = realpath (dir, NULL);
  to = realpath (path, NULL);
  if (from == NULL || to == NULL ||
      !g_file_test (to, directory ? G_FILE_TEST_IS_DIR : G_FILE_TEST_IS_REGULAR)) {
    check_error (check, V2V_CODE_NO_FILE, place, length, "it is looked for beside this file",
                 "there is no %s \"%s\"", what, name);
    return NULL;
  }
  if (!g_str_has_prefix (to, from) || (strcmp (from, "/") != 0 && to[strlen (from)] != '/')) {
    check_error (check, V2V_CODE_OUTSIDE, place, length, "put the files themselves there",
                 "\"%s\" is a link that leads out of the directory of this file", name);
    return NULL;
  }
  return v2v_intern (to);
}

/* Finds the files that options and --with would name on a command line; those of a test are
 * beside it. */
static void
find_given_files (V2vCheck *check, V2vTest *test, const V2vGivenSyntax *syntax,
                  const V2vDecl *decl)
{
  const V2vGiven *given = &syntax->given;

  if (given->values == NULL ||
      (given->fact->origin != V2V_ORIGIN_OPTIONS && given->fact->origin != V2V_ORIGIN_WITH))
    return;
  for (guint i = 0; i < given->values->len; i++) {
    const V2vField *field = g_ptr_array_index (given->fact->fields, i);
    V2vValue *value = &g_array_index (given->values, V2vValue, i);
    const char *path;

    if (field->type.kind != V2V_TYPE_PATH || value->kind != V2V_TEXT)
      continue;
    path = find_beside (check, decl, value->text, FALSE, given->place);
    if (path == NULL)
      continue;
    *value = v2v_value_text (path);
    g_ptr_array_add (test->files, (gpointer)path);
  }
}

static void
find_probes (V2vCheck *check, V2vTestSyntax *syntax, gboolean tree_given)
{
  for (guint i = 0; syntax->probed != NULL && i < syntax->probed->len; i++) {
    const V2vName name = g_array_index (syntax->probed, V2vName, i);
    V2vProbe *found = NULL;

    if (name.name == NULL)
      continue;
    for (guint j = 0; j < check->rules->probes->len; j++) {
      V2vProbe *probe = g_ptr_array_index (check->rules->probes, j);

      if (probe->name == name.name)
        found = probe;
    }
    if (found != NULL) {
      g_ptr_array_add (syntax->test.probed, found);
      if (!tree_given)
        name_error (check, V2V_CODE_TREE, name,
                    "write given tree \"DIRECTORY\", or give the facts",
                    "probes look into a guest, and this test has none");
    } else if (!v2v_name_lost (check, name.name)) {
      g_autoptr (GPtrArray) names = g_ptr_array_new ();
      g_autofree char *hint = NULL;

      for (guint j = 0; j < check->rules->probes->len; j++)
        g_ptr_array_add (
            names, (gpointer)((V2vProbe *)g_ptr_array_index (check->rules->probes, j))->name);
      hint = v2v_suggest (check, name.name, names);
      name_error (check, V2V_CODE_NO_PROBE, name, hint, "there is no probe \"%s\"", name.name);
    }
  }
}

static void
check_tree (V2vCheck *check, V2vTestSyntax *syntax)
{
  V2vTest *test = &syntax->test;
  gboolean tree_given = FALSE;

  test->probed = v2v_arena_pointers (check->arena);
  test->files = v2v_arena_pointers (check->arena);
  for (guint i = 0; i < test->given->len; i++) {
    V2vGivenSyntax *given = g_ptr_array_index (test->given, i);

    if (given->tree == NULL)
      continue;
    if (tree_given)
      check_error (check, V2V_CODE_REPEATED, given->given.place,
                   (guint)g_utf8_strlen (given->tree, -1) + 2, NULL,
                   "this test already has a file tree");
    tree_given = TRUE;
    test->tree = find_beside (check, &syntax->decl, given->tree, TRUE, given->given.place);
    g_ptr_array_remove_index (test->given, i--);
  }
  for (guint i = 0; i < test->given->len && test->tree != NULL; i++)
    find_given_files (check, test, g_ptr_array_index (test->given, i), &syntax->decl);
  find_probes (check, syntax, tree_given);
  for (guint i = 0; i < test->expect->len; i++) {
    V2vExpect *expect = g_ptr_array_index (test->expect, i);

    if (expect->kind != V2V_EXPECT_TREE && expect->kind != V2V_EXPECT_UNCHANGED)
      continue;
    if (!tree_given)
      check_error (check, V2V_CODE_TREE, expect->place, 1, "write given tree \"DIRECTORY\"",
                   "this test has no file tree");
    if (expect->kind == V2V_EXPECT_TREE)
      expect->pattern =
          (char *)find_beside (check, &syntax->decl, expect->pattern, TRUE, expect->place);
  }
}

/* ---- requests of the test itself ---- */

static void
check_does (V2vCheck *check, V2vScope *scope, V2vTestSyntax *syntax)
{
  V2vRule *rule;

  if (syntax->does->len == 0)
    return;
  rule = v2v_arena_new0 (check->arena, V2vRule);
  rule->name = v2v_intern ("of the test");
  rule->origin = syntax->test.origin;
  rule->place = syntax->test.place;
  rule->clauses = v2v_arena_pointers (check->arena);
  rule->heads = v2v_arena_pointers (check->arena);
  for (guint i = 0; i < syntax->does->len; i++) {
    V2vExpectSyntax *does = g_ptr_array_index (syntax->does, i);
    V2vHead *head = v2v_arena_new0 (check->arena, V2vHead);

    does->expect.operation = v2v_check_operation (check, does->target);
    if (does->expect.operation == NULL)
      continue;
    check_expected_args (check, scope, does, NULL);
    head->kind = V2V_HEAD_DO;
    head->place = does->expect.place;
    head->operation = does->expect.operation;
    head->args = does->args;
    g_ptr_array_add (rule->heads, head);
  }
  syntax->test.does = rule;
}

/* ---- all ---- */

void
v2v_check_tests (V2vCheck *check)
{
  g_autoptr (GHashTable) titles = g_hash_table_new (NULL, NULL);
  V2vScope scope = {.test = TRUE};

  for (guint i = 0; i < check->syntax->decls->len; i++) {
    V2vTestSyntax *syntax = g_ptr_array_index (check->syntax->decls, i);
    V2vTest *test = &syntax->test;
    const V2vTestSyntax *other;

    if (syntax->decl.kind != V2V_DECL_TEST || syntax->decl.name.name == NULL)
      continue;
    test->name = syntax->decl.name.name;
    test->origin = syntax->decl.file->origin;
    test->place = syntax->decl.name.place;
    other = g_hash_table_lookup (titles, test->name);
    if (other != NULL) {
      g_autofree char *where = v2v_place_text (other->decl.name.place);

      check_error (check, V2V_CODE_DUPLICATE, test->place,
                   (guint)g_utf8_strlen (test->name, -1) + 2, NULL,
                   "another test has the same name, at %s", where);
    }
    g_hash_table_insert (titles, (gpointer)test->name, syntax);
    for (guint j = 0; j < test->given->len; j++)
      check_given (check, &scope, g_ptr_array_index (test->given, j), &syntax->decl);
    check_tree (check, syntax);
    check_does (check, &scope, syntax);
    for (guint j = 0; j < test->expect->len; j++)
      check_expect (check, &scope, g_ptr_array_index (test->expect, j));
    if (test->expect->len == 0 && !syntax->decl.broken)
      check_error (check, V2V_CODE_EMPTY, test->place,
                   (guint)g_utf8_strlen (test->name, -1) + 2, NULL, "the test expects nothing");
    g_ptr_array_add (check->rules->tests, test);
  }
}

void
v2v_check_captures (V2vCheck *check)
{
  const V2vScope scope = {.test = TRUE, .undeclared = TRUE};

  for (guint i = 0; i < check->syntax->decls->len; i++) {
    V2vCaptureSyntax *syntax = g_ptr_array_index (check->syntax->decls, i);
    V2vCapture *capture = &syntax->capture;

    if (syntax->decl.kind != V2V_DECL_CAPTURE || syntax->decl.name.name == NULL)
      continue;
    capture->name = syntax->decl.name.name;
    capture->place = syntax->decl.name.place;
    capture->probed = v2v_arena_pointers (check->arena);
    capture->known = v2v_arena_pointers (check->arena);
    for (guint j = 0; j < capture->given->len; j++)
      check_given (check, &scope, g_ptr_array_index (capture->given, j), &syntax->decl);
    for (guint j = 0; syntax->probed != NULL && j < syntax->probed->len; j++)
      g_ptr_array_add (capture->probed,
                       (gpointer)g_array_index (syntax->probed, V2vName, j).name);
    for (guint j = 0; syntax->known != NULL && j < syntax->known->len; j++) {
      V2vFactDecl *fact = v2v_check_fact (check, g_array_index (syntax->known, V2vName, j));

      if (fact != NULL)
        g_ptr_array_add (capture->known, fact);
    }
    g_ptr_array_add (check->rules->captures, capture);
  }
}
