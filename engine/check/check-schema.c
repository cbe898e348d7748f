/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checks what rule files declare: enums, names, facts, operations, options.
 */
#include "config.h"

#include "check/check.h"

static const struct {
  const char *name;
  V2vTypeKind kind;
} types[] = {
    {"string", V2V_TYPE_STRING},
    {"int", V2V_TYPE_INT},
    {"bool", V2V_TYPE_BOOL},
    {"path", V2V_TYPE_PATH},
    {"size", V2V_TYPE_SIZE},
    {"package-version", V2V_TYPE_PACKAGE_VERSION},
    {"plain-version", V2V_TYPE_PLAIN_VERSION},
};

static const struct {
  const char *name;
  V2vOrigin origin;
  gboolean xpath; /* the fact selects nodes by XPath */
} origins[] = {
    {"domain", V2V_ORIGIN_DOMAIN, TRUE},
    {"inspection", V2V_ORIGIN_INSPECTION, TRUE},
    {"osinfo", V2V_ORIGIN_OSINFO, FALSE},
    {"paths", V2V_ORIGIN_PATHS, FALSE},
    {"options", V2V_ORIGIN_OPTIONS, FALSE},
    {"with", V2V_ORIGIN_WITH, FALSE},
    {"with-kernels", V2V_ORIGIN_WITH_KERNELS, FALSE},
    {"mappings", V2V_ORIGIN_MAPPINGS, FALSE},
    {"host", V2V_ORIGIN_HOST, FALSE},
    {"choice", V2V_ORIGIN_CHOICE, FALSE},
};

const char *
v2v_origin_name (V2vOrigin origin)
{
  for (guint i = 0; i < G_N_ELEMENTS (origins); i++)
    if (origins[i].origin == origin)
      return origins[i].name;
  return NULL;
}

#define FOR_DECLS(check, kind_wanted, type, var)                                               \
  for (guint var##_number = 0; var##_number < (check)->syntax->decls->len; var##_number++)     \
    for (type *var = g_ptr_array_index ((check)->syntax->decls, var##_number);                 \
         var != NULL && var->decl.kind == (kind_wanted); var = NULL)

/* ---- enums ---- */

/* Adds WORD to WORDS; if ALSO is not NULL, adds ALSO as a synonym of WORD. */
static void
add_word (V2vCheck *check, V2vEnum *words, V2vName word, const V2vName *also)
{
  const V2vName *at = also != NULL ? also : &word;
  const char *known = g_hash_table_lookup (words->canonical, at->name);

  if (known == NULL || (also != NULL && known == word.name && at->name != word.name))
    v2v_enum_add (words, word.name, also != NULL ? also->name : NULL);
  else if (known == at->name)
    name_error (check, V2V_CODE_DUPLICATE, *at, NULL, "enum %s has the word %s already",
                words->name, at->name);
  else
    name_error (check, V2V_CODE_DUPLICATE, *at, NULL,
                "%s is another word for %s in enum %s already", at->name, known, words->name);
}

/* May "name" in this file declare WORD, which WORDS already have? Authors who add a word do not
 * know of each other: two vendors may add the same, or a vendor and a later version of the
 * shipped rules. Within one file it is a mistake. */
static gboolean
may_repeat (V2vCheck *check, const V2vEnum *words, const V2vName word)
{
  g_autofree char *key =
      g_strdup_printf ("%s\n%s\n%s", words->name, word.name, word.place.file);

  return g_hash_table_add (check->named, (gpointer)v2v_intern (key)) &&
         words->place.file != word.place.file;
}

static void
add_words (V2vCheck *check, V2vEnum *words, const V2vWordSyntax *syntax, gboolean extends)
{
  const char *known = g_hash_table_lookup (words->canonical, syntax->word.name);
  const gboolean again =
      extends && may_repeat (check, words, syntax->word) && known == syntax->word.name;

  /* "name" may add synonyms to a word that exists already. */
  if (!again && (!extends || syntax->also == NULL || known != syntax->word.name))
    add_word (check, words, syntax->word, NULL);
  for (guint i = 0; syntax->also != NULL && i < syntax->also->len; i++)
    add_word (check, words, syntax->word, &g_array_index (syntax->also, V2vName, i));
  if (syntax->status.since > 0 || syntax->status.deprecated != NULL) {
    V2vStatus *status = v2v_arena_new0 (check->arena, V2vStatus);

    *status = syntax->status;
    /* If only synonyms are added, "since" and "deprecated" are about these. */
    if (!again && (!extends || syntax->also == NULL || known != syntax->word.name))
      g_hash_table_insert (words->statuses, (gpointer)syntax->word.name, status);
    for (guint i = 0; syntax->also != NULL && i < syntax->also->len; i++)
      g_hash_table_insert (words->statuses,
                           (gpointer)g_array_index (syntax->also, V2vName, i).name, status);
  }
  if (syntax->doc != NULL && !(again && g_hash_table_contains (words->docs, syntax->word.name)))
    g_hash_table_insert (words->docs, (gpointer)syntax->word.name, (gpointer)syntax->doc);
}

static void
declare_enum (V2vCheck *check, const V2vEnumSyntax *syntax)
{
  const V2vName name = syntax->decl.name;
  V2vEnum *words;

  if (name.name == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].name, name.name) == 0) {
      name_error (check, V2V_CODE_TAKEN, name, NULL, "%s is a type of the language already",
                  name.name);
      return;
    }
  words = v2v_schema_add_enum (check->rules->schema, name.name, name.place);
  if (words == NULL) {
    const V2vEnum *other = g_hash_table_lookup (check->rules->schema->enums, name.name);
    g_autofree char *where = v2v_place_text (other->place);
    g_autofree char *hint =
        g_strdup_printf ("to add a word to it, write name %s WORD", name.name);

    name_error (check, V2V_CODE_DUPLICATE, name, hint, "enum %s is already declared at %s",
                name.name, where);
    return;
  }
  words->status = syntax->status;
  words->doc = syntax->doc;
  if (syntax->decl.broken)
    g_hash_table_add (check->broken, words);
  else if (syntax->words->len == 0)
    name_error (check, V2V_CODE_EMPTY, name, NULL, "enum %s has no words", name.name);
  for (guint i = 0; i < syntax->words->len; i++)
    add_words (check, words, &g_array_index (syntax->words, V2vWordSyntax, i), FALSE);
}

static void
extend_enum (V2vCheck *check, const V2vNameSyntax *syntax)
{
  const V2vName name = syntax->decl.name;
  V2vEnum *words = NULL;

  if (name.name == NULL || syntax->word.word.name == NULL)
    return;
  if (syntax->field.name != NULL) {
    V2vFactDecl *fact = v2v_check_fact (check, name);
    V2vField *field =
        fact == NULL ? NULL
                     : v2v_check_field (check, fact, syntax->field.name, syntax->field.place,
                                        (guint)strlen (syntax->field.name));

    if (field == NULL)
      return;
    words = field->type.words;
    if (field->type.kind != V2V_TYPE_ENUM) {
      name_error (check, V2V_CODE_NO_NAMES, syntax->field, NULL,
                  "%s.%s has type %s and takes no names", fact->name, field->name,
                  v2v_type_text (&field->type));
      return;
    }
    if (words == NULL)
      return;
  } else {
    words = g_hash_table_lookup (check->rules->schema->enums, name.name);
    if (words == NULL) {
      g_autoptr (GPtrArray) names = v2v_keys (check, check->rules->schema->enums);
      g_autofree char *hint = v2v_suggest (check, name.name, names);

      if (!v2v_name_lost (check, name.name))
        name_error (check, V2V_CODE_NO_TYPE, name, hint, "there is no enum \"%s\"", name.name);
      return;
    }
    v2v_check_use (check, &words->status, name.place, (guint)strlen (name.name), "enum %s",
                   name.name);
  }
  add_words (check, words, &syntax->word, TRUE);
}

/* ---- types ---- */

/* Resolves a type. OWNER is the name that an enum declared in place gets, such as "os.type".
 * Returns FALSE if the type is unknown. */
static gboolean
check_type (V2vCheck *check, const V2vTypeSyntax *syntax, const char *owner, V2vType *type_r)
{
  *type_r = (V2vType){V2V_TYPE_STRING, NULL};
  if (syntax->name.name == NULL)
    return FALSE;
  if (syntax->words != NULL) {
    type_r->kind = V2V_TYPE_ENUM;
    type_r->words = v2v_schema_add_enum (check->rules->schema, owner, syntax->name.place);
    if (type_r->words == NULL)
      return FALSE; /* there are two fields of this name, which is reported elsewhere */
    for (guint i = 0; i < syntax->words->len; i++)
      add_word (check, type_r->words, g_array_index (syntax->words, V2vName, i), NULL);
    return TRUE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].name, syntax->name.name) == 0) {
      type_r->kind = types[i].kind;
      return TRUE;
    }
  type_r->words = g_hash_table_lookup (check->rules->schema->enums, syntax->name.name);
  if (type_r->words == NULL) {
    g_autoptr (GPtrArray) names = v2v_keys (check, check->rules->schema->enums);
    g_autofree char *hint = NULL;

    for (guint i = 0; i < G_N_ELEMENTS (types); i++)
      g_ptr_array_add (names, (gpointer)types[i].name);
    hint = v2v_suggest (check, syntax->name.name, names);
    if (!v2v_name_lost (check, syntax->name.name))
      name_error (check, V2V_CODE_NO_TYPE, syntax->name, hint,
                  "there is no type or enum \"%s\"", syntax->name.name);
    return FALSE;
  }
  type_r->kind = V2V_TYPE_ENUM;
  v2v_check_use (check, &type_r->words->status, syntax->name.place,
                 (guint)strlen (syntax->name.name), "enum %s", syntax->name.name);
  return TRUE;
}

/* ---- facts ---- */

/* Resolves the origin of a fact. Returns FALSE if it is unknown. */
static gboolean
check_origin (V2vCheck *check, const V2vFactSyntax *syntax, V2vFactDecl *fact)
{
  g_autoptr (GPtrArray) names = NULL;
  g_autofree char *hint = NULL;

  if (syntax->origin.name == NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (origins); i++) {
    if (strcmp (origins[i].name, syntax->origin.name) != 0)
      continue;
    fact->origin = origins[i].origin;
    if (origins[i].xpath && syntax->from == NULL && !syntax->decl.broken)
      name_error (check, V2V_CODE_FROM, syntax->origin, NULL,
                  "after from %s, the XPath of the nodes is expected in quotes",
                  origins[i].name);
    if (!origins[i].xpath && syntax->from != NULL)
      check_error (check, V2V_CODE_FROM, syntax->from_place, 1, NULL,
                   "facts from %s have no XPath", origins[i].name);
    if (origins[i].xpath && syntax->from != NULL &&
        v2v_check_xpath (check, syntax->from, syntax->from_place,
                         (guint)g_utf8_strlen (syntax->from, -1) + 2) != NULL)
      fact->from = g_strdup (syntax->from);
    return TRUE;
  }
  names = g_ptr_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (origins); i++)
    g_ptr_array_add (names, (gpointer)origins[i].name);
  hint = v2v_suggest (check, syntax->origin.name, names);
  name_error (check, V2V_CODE_NO_ORIGIN, syntax->origin, hint, "facts cannot come from \"%s\"",
              syntax->origin.name);
  return FALSE;
}

/* Checks "private KIND" of FIELD, if it is given. */
static void
check_private (V2vCheck *check, V2vField *field, V2vName kind)
{
  if (kind.name == NULL)
    return;
  if (!v2v_privacy_from_name (kind.name, &field->privacy)) {
    g_autoptr (GPtrArray) names = g_ptr_array_new ();
    g_autofree char *hint = NULL;

    for (guint i = 0; i < V2V_PRIVACIES; i++)
      if (v2v_privacy_name (i) != NULL)
        g_ptr_array_add (names, (gpointer)v2v_privacy_name (i));
    hint = v2v_suggest (check, kind.name, names);
    name_error (check, V2V_CODE_PRIVATE, kind, hint, "there is no kind of private value \"%s\"",
                kind.name);
  } else if (field->type.kind != V2V_TYPE_STRING && field->type.kind != V2V_TYPE_PATH) {
    name_error (check, V2V_CODE_PRIVATE, kind,
                "leave private out: no other value can be put in its place",
                "%s.%s has type %s, and only strings and paths are private", field->fact->name,
                field->name, v2v_type_text (&field->type));
  }
}

static void
add_field (V2vCheck *check, V2vFactDecl *fact, const V2vFieldSyntax *syntax)
{
  g_autofree char *owner = g_strdup_printf ("%s.%s", fact->name, syntax->name.name);
  const V2vField *other = v2v_fact_decl_field (fact, syntax->name.name);
  V2vField *field;
  V2vType type;
  gboolean known;

  if (other != NULL) {
    name_error (check, V2V_CODE_DUPLICATE, syntax->name, NULL,
                "%s has the field %s already, in line %u", fact->name, syntax->name.name,
                other->place.line);
    return;
  }
  known = check_type (check, &syntax->type, owner, &type);
  if (!known) /* an enum without words: values that are compared with it are not checked */
    type = (V2vType){V2V_TYPE_ENUM, NULL};
  field = v2v_fact_decl_add_field (fact, syntax->name.name, type, syntax->name.place);
  field->key = syntax->key;
  field->derived = syntax->derived;
  field->doc = g_strdup (syntax->doc);
  field->status = syntax->status;
  if (syntax->public)
    field->privacy = V2V_PRIVACY_PUBLIC;
  if (syntax->public && syntax->private.name != NULL)
    name_error (check, V2V_CODE_PRIVATE, syntax->name, NULL,
                "%s.%s is declared both private and public", fact->name, syntax->name.name);
  else if (known)
    check_private (check, field, syntax->private);
  if (syntax->key && syntax->derived)
    name_error (check, V2V_CODE_KEY, syntax->name, NULL,
                "a key tells facts apart and cannot be derived");
  if (syntax->key && !fact->multiple)
    name_error (check, V2V_CODE_KEY, syntax->name, "write fact NAME each if there may be many",
                "there is one %s only, so it needs no key", fact->name);
  if (syntax->from == NULL)
    return;
  if (syntax->derived) {
    check_error (check, V2V_CODE_FROM, syntax->from_place, 1, NULL,
                 "a derived field is set by rules and has no from");
  } else if (fact->origin == V2V_ORIGIN_DOMAIN || fact->origin == V2V_ORIGIN_INSPECTION) {
    if (v2v_check_xpath (check, syntax->from, syntax->from_place,
                         (guint)g_utf8_strlen (syntax->from, -1) + 2) != NULL)
      field->from = g_strdup (syntax->from);
  } else if (fact->origin == V2V_ORIGIN_RULES) {
    check_error (check, V2V_CODE_FROM, syntax->from_place, 1,
                 "write fact NAME from ORIGIN, or leave it out",
                 "%s comes from rules and probes alone, so its fields have no from",
                 fact->name);
  } else {
    field->from = g_strdup (syntax->from);
  }
}

static void
declare_fact (V2vCheck *check, V2vFactSyntax *syntax)
{
  const V2vName name = syntax->decl.name;
  V2vFactDecl *fact;
  guint keys = 0;

  if (name.name == NULL)
    return;
  fact = v2v_schema_add_fact (check->rules->schema, name.name, name.place);
  if (fact == NULL) {
    g_autofree char *where =
        v2v_place_text (v2v_schema_fact (check->rules->schema, name.name)->place);

    name_error (check, V2V_CODE_DUPLICATE, name, NULL, "fact %s is already declared at %s",
                name.name, where);
    return;
  }
  syntax->fact = fact;
  fact->multiple = syntax->each;
  fact->derived = syntax->derived;
  fact->status = syntax->status;
  fact->doc = g_strdup (syntax->doc);
  if (syntax->decl.broken)
    g_hash_table_add (check->broken, fact);
  if (fact->derived && !fact->multiple)
    name_error (check, V2V_CODE_DERIVED, name, "write derived after the fields that rules set",
                "only facts declared with each can be derived as a whole");
  if (!check_origin (check, syntax, fact))
    for (guint i = 0; i < syntax->fields->len; i++)
      g_array_index (syntax->fields, V2vFieldSyntax, i).from = NULL;
  for (guint i = 0; i < syntax->fields->len; i++)
    add_field (check, fact, &g_array_index (syntax->fields, V2vFieldSyntax, i));

  if (fact->origin == V2V_ORIGIN_PATHS && !syntax->decl.broken) {
    for (guint i = 0; i < fact->fields->len; i++) {
      const V2vField *field = g_ptr_array_index (fact->fields, i);

      keys += field->key ? (field->type.kind == V2V_TYPE_PATH ? 1 : 2) : 0;
    }
    if (keys != 1 || !fact->multiple)
      name_error (check, V2V_CODE_KEY, name, NULL,
                  "facts from paths need each and exactly one key, which is a path");
  }
  if (fact->origin == V2V_ORIGIN_OPTIONS && fact->multiple)
    name_error (check, V2V_CODE_OPTIONS_EACH, name, NULL,
                "there is only one fact from options, so it cannot be each");
}

/* ---- operations ---- */

static void
declare_operation (V2vCheck *check, V2vOperationSyntax *syntax)
{
  const V2vName name = syntax->decl.name;
  V2vOperation *operation = &syntax->operation;
  V2vOperation *other;

  if (name.name == NULL)
    return;
  other = g_hash_table_lookup (check->rules->operations_by_name, name.name);
  if (other != NULL) {
    g_autofree char *where = v2v_place_text (other->place);

    name_error (check, V2V_CODE_DUPLICATE, name, NULL, "operation %s is already declared at %s",
                name.name, where);
    return;
  }
  if (v2v_schema_fact (check->rules->schema, name.name) != NULL)
    name_error (check, V2V_CODE_TAKEN, name, NULL,
                "no operation can be called %s, because a fact has that name", name.name);
  operation->name = name.name;
  operation->place = name.place;
  operation->origin = syntax->decl.file->origin;
  operation->params = v2v_arena_pointers (check->arena);
  operation->conflicts = v2v_arena_pointers (check->arena);
  operation->after_operations = v2v_arena_pointers (check->arena);
  operation->providers = v2v_arena_pointers (check->arena);
  if (syntax->decl.broken)
    g_hash_table_add (check->broken, operation);
  for (guint i = 0; i < syntax->params->len; i++) {
    const V2vFieldSyntax *from = &g_array_index (syntax->params, V2vFieldSyntax, i);
    V2vParam *param = v2v_arena_new0 (check->arena, V2vParam);
    g_autofree char *owner = g_strdup_printf ("%s.%s", name.name, from->name.name);

    param->name = from->name.name;
    param->place = from->name.place;
    param->doc = from->doc;
    for (guint j = 0; j < i; j++)
      if (((V2vParam *)g_ptr_array_index (operation->params, j))->name == param->name)
        name_error (check, V2V_CODE_DUPLICATE, from->name, NULL,
                    "%s has the parameter %s already", name.name, param->name);
    if (!check_type (check, &from->type, owner, &param->type))
      param->type = (V2vType){V2V_TYPE_ENUM, NULL};
    g_ptr_array_add (operation->params, param);
  }
  g_hash_table_insert (check->rules->operations_by_name, (gpointer)name.name, operation);
  g_ptr_array_add (check->rules->operations, operation);
}

static int
find_param (const V2vOperation *operation, const char *name)
{
  for (guint i = 0; i < operation->params->len; i++)
    if (((const V2vParam *)g_ptr_array_index (operation->params, i))->name == name)
      return (int)i;
  return -1;
}

static void
check_conflict (V2vCheck *check, V2vOperation *operation, const V2vConflictSyntax *syntax)
{
  V2vConflict *conflict = v2v_arena_new0 (check->arena, V2vConflict);

  conflict->place = syntax->place;
  conflict->unique = syntax->other.name == NULL;
  conflict->other = conflict->unique ? operation : v2v_check_operation (check, syntax->other);
  conflict->params = v2v_arena_array (check->arena, sizeof (guint), 2);
  conflict->other_params = v2v_arena_array (check->arena, sizeof (guint), 2);
  if (conflict->other == NULL)
    return;
  for (guint i = 0; i < syntax->params->len; i++) {
    const V2vName param = g_array_index (syntax->params, V2vName, i);
    const V2vOperation *lacking = operation;
    int here = find_param (operation, param.name),
        there = find_param (conflict->other, param.name);

    if (here >= 0 && there < 0)
      lacking = conflict->other;
    if (here < 0 || there < 0) {
      g_autoptr (GPtrArray) names = g_ptr_array_new ();
      g_autofree char *hint = NULL;

      for (guint j = 0; j < lacking->params->len; j++)
        g_ptr_array_add (names,
                         (gpointer)((V2vParam *)g_ptr_array_index (lacking->params, j))->name);
      hint = v2v_suggest (check, param.name, names);
      if (!g_hash_table_contains (check->broken, lacking))
        name_error (check, V2V_CODE_NO_PARAMETER, param, hint, "%s has no parameter \"%s\"",
                    lacking->name, param.name);
      return;
    }
    g_array_append_val (conflict->params, here);
    g_array_append_val (conflict->other_params, there);
  }
  g_ptr_array_add (operation->conflicts, conflict);
}

/* Resolves conflicts and "after", which may name operations that are declared later. */
static void
relate_operation (V2vCheck *check, V2vOperationSyntax *syntax)
{
  V2vOperation *operation = &syntax->operation;

  if (operation->name == NULL)
    return;
  for (guint i = 0; i < syntax->conflicts->len; i++)
    check_conflict (check, operation, &g_array_index (syntax->conflicts, V2vConflictSyntax, i));
  for (guint i = 0; syntax->after != NULL && i < syntax->after->len; i++) {
    const V2vName name = g_array_index (syntax->after, V2vName, i);
    V2vOperation *other = v2v_check_operation (check, name);

    if (other == NULL)
      continue;
    if (operation->phase < other->phase)
      name_error (check, V2V_CODE_PHASE_ORDER, name, NULL,
                  "%s runs in phase %s and cannot come after %s, in phase %s", operation->name,
                  v2v_phase_name (operation->phase), other->name,
                  v2v_phase_name (other->phase));
    else
      g_ptr_array_add (operation->after_operations, other);
  }
}

/* Searches for a cycle of "after" from OPERATION. STATE maps an operation to 1 while it is on
 * PATH and to 2 after that. */
static void
find_cycle (V2vCheck *check, V2vOperation *operation, GHashTable *state, GPtrArray *path)
{
  const guint seen = GPOINTER_TO_UINT (g_hash_table_lookup (state, operation));

  if (seen == 2)
    return;
  if (seen == 1) {
    g_autoptr (GString) cycle = g_string_new (NULL);
    guint i = 0;

    while (g_ptr_array_index (path, i) != operation)
      i++;
    for (; i < path->len; i++)
      g_string_append_printf (cycle, "%s after ",
                              ((V2vOperation *)g_ptr_array_index (path, i))->name);
    check_error (check, V2V_CODE_CYCLE, operation->place, (guint)strlen (operation->name), NULL,
                 "operations that come after each other: %s%s", cycle->str, operation->name);
    return;
  }
  /* The number of operations limits the depth; stop if a hostile file has very many. */
  if (path->len > 1000)
    return;
  g_hash_table_insert (state, operation, GUINT_TO_POINTER (1));
  g_ptr_array_add (path, operation);
  for (guint i = 0; i < operation->after_operations->len; i++)
    find_cycle (check, g_ptr_array_index (operation->after_operations, i), state, path);
  g_ptr_array_set_size (path, (int)path->len - 1);
  g_hash_table_insert (state, operation, GUINT_TO_POINTER (2));
}

/* ---- options ---- */

static void
declare_option (V2vCheck *check, V2vOptionSyntax *syntax)
{
  const V2vName name = syntax->decl.name;
  V2vOption *option = &syntax->option;
  V2vFactDecl *fact = NULL;
  const V2vField *other;
  g_autofree char *owner = NULL;
  V2vType type = {V2V_TYPE_BOOL, NULL};

  if (name.name == NULL)
    return;
  for (guint i = 0; i < check->rules->schema->facts->len && fact == NULL; i++) {
    V2vFactDecl *candidate = g_ptr_array_index (check->rules->schema->facts, i);

    if (candidate->origin == V2V_ORIGIN_OPTIONS)
      fact = candidate;
  }
  if (fact == NULL) {
    if (!check->syntax->unusable && g_hash_table_size (check->syntax->lost) == 0)
      name_error (check, V2V_CODE_NO_OPTIONS, name, "declare one: fact option from options { }",
                  "there is no fact from options that could hold option %s", name.name);
    return;
  }
  other = v2v_fact_decl_field (fact, name.name);
  if (other != NULL) {
    g_autofree char *where = v2v_place_text (other->place);

    name_error (check, V2V_CODE_DUPLICATE, name, NULL, "option %s is already declared at %s",
                name.name, where);
    return;
  }
  owner = g_strdup_printf ("%s.%s", fact->name, name.name);
  if (!syntax->flag && !check_type (check, &syntax->type, owner, &type))
    type = (V2vType){V2V_TYPE_ENUM, NULL};
  option->name = name.name;
  option->place = name.place;
  option->origin = syntax->decl.file->origin;
  option->kind = syntax->flag ? V2V_OPTION_FLAG : V2V_OPTION_VALUE;
  option->field = v2v_fact_decl_add_field (fact, name.name, type, name.place);
  option->field->doc = g_strdup (option->describe);
  option->field->status = syntax->status;
  check_private (check, option->field, syntax->private);
  if (syntax->flag && option->metavar != NULL)
    name_error (check, V2V_CODE_METAVAR, name, NULL,
                "a flag takes no value, so option %s needs no metavar", name.name);
  g_ptr_array_add (check->rules->options, option);
}

/* ---- looking up declared names ---- */

V2vFactDecl *
v2v_check_fact (V2vCheck *check, V2vName name)
{
  V2vFactDecl *fact;

  if (name.name == NULL)
    return NULL;
  fact = v2v_schema_fact (check->rules->schema, name.name);
  if (fact == NULL && !v2v_name_lost (check, name.name)) {
    g_autoptr (GPtrArray) names = v2v_keys (check, check->rules->schema->facts_by_name);
    g_autofree char *hint = v2v_suggest (check, name.name, names);

    name_error (check, V2V_CODE_NO_FACT, name, hint, "there is no fact \"%s\"", name.name);
  }
  if (fact != NULL)
    v2v_check_use (check, &fact->status, name.place, (guint)strlen (name.name), "fact %s",
                   fact->name);
  return fact;
}

V2vOperation *
v2v_check_operation (V2vCheck *check, V2vName name)
{
  V2vOperation *operation;

  if (name.name == NULL)
    return NULL;
  operation = g_hash_table_lookup (check->rules->operations_by_name, name.name);
  if (operation == NULL && !v2v_name_lost (check, name.name)) {
    g_autoptr (GPtrArray) names = v2v_keys (check, check->rules->operations_by_name);
    g_autofree char *hint = v2v_suggest (check, name.name, names);

    name_error (check, V2V_CODE_NO_OPERATION, name, hint, "there is no operation \"%s\"",
                name.name);
  }
  if (operation != NULL)
    v2v_check_use (check, &operation->status, name.place, (guint)strlen (name.name),
                   "operation %s", operation->name);
  return operation;
}

V2vField *
v2v_check_field (V2vCheck *check, const V2vFactDecl *fact, const char *name, V2vPlace place,
                 guint length)
{
  V2vField *field = v2v_fact_decl_field (fact, name);

  if (field == NULL && !g_hash_table_contains (check->broken, fact) &&
      !(fact->origin == V2V_ORIGIN_OPTIONS && v2v_name_lost (check, name))) {
    g_autoptr (GPtrArray) names = v2v_keys (check, fact->by_name);
    g_autofree char *hint = v2v_suggest (check, name, names);

    check_error (check, V2V_CODE_NO_FIELD, place, length, hint, "fact %s has no field \"%s\"",
                 fact->name, name);
  }
  if (field != NULL)
    v2v_check_use (check, &field->status, place, length,
                   fact->origin == V2V_ORIGIN_OPTIONS ? "option %s" : "field %s.%s",
                   fact->origin == V2V_ORIGIN_OPTIONS ? name : fact->name, name);
  return field;
}

gboolean
v2v_check_phase (V2vCheck *check, V2vName name, V2vPhase *phase_r)
{
  g_autoptr (GPtrArray) names = NULL;
  g_autofree char *hint = NULL;
  const char *nearest;

  if (v2v_phase_from_name (name.name, phase_r))
    return TRUE;
  names = g_ptr_array_new ();
  for (guint i = 0; i < V2V_PHASES; i++)
    g_ptr_array_add (names, (gpointer)v2v_phase_name ((V2vPhase)i));
  nearest = v2v_nearest (name.name, names);
  if (nearest != NULL)
    hint = g_strdup_printf ("did you mean %s?", nearest);
  name_error (check, V2V_CODE_NO_PHASE, name,
              hint != NULL ? hint
                           : "phases are install, remove, configure, boot, "
                             "unconfigure-metadata, configure-metadata",
              "there is no phase \"%s\"", name.name);
  return FALSE;
}

/* ---- all ---- */

void
v2v_check_schema (V2vCheck *check)
{
  g_autoptr (GHashTable) state = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) path = g_ptr_array_new ();

  v2v_check_functions (check);
  FOR_DECLS (check, V2V_DECL_ENUM, V2vEnumSyntax, syntax)
  declare_enum (check, syntax);
  FOR_DECLS (check, V2V_DECL_FACT, V2vFactSyntax, syntax)
  declare_fact (check, syntax);
  FOR_DECLS (check, V2V_DECL_OPTION, V2vOptionSyntax, syntax)
  declare_option (check, syntax);
  FOR_DECLS (check, V2V_DECL_NAME, V2vNameSyntax, syntax)
  extend_enum (check, syntax);
  FOR_DECLS (check, V2V_DECL_OPERATION, V2vOperationSyntax, syntax)
  declare_operation (check, syntax);
  check->providing = TRUE;
  FOR_DECLS (check, V2V_DECL_OPERATION, V2vOperationSyntax, syntax)
  relate_operation (check, syntax);
  check->providing = FALSE;
  for (guint i = 0; i < check->rules->operations->len; i++)
    find_cycle (check, g_ptr_array_index (check->rules->operations, i), state, path);
}
