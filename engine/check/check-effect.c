/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Decides which of several declarations of the same name is in effect: override, disable, was.
 */
#include "config.h"

#include "check/check.h"

/* All declarations of one rule, provider or probe. */
typedef struct Entry {
  V2vDecl *base;
  V2vDecl *override;               /* of the highest rule directory that has one */
  GSList *overrides;               /* V2vDecl: one of each rule directory that has one */
  const V2vDisableSyntax *disable; /* of the highest rule directory that has one */
  struct Entry *next; /* of the same name: a provider's may serve several operations */
} Entry;

typedef struct {
  V2vCheck *check;
  V2vDeclKind kind;
  GHashTable *entries; /* key -> Entry */
  /* name -> GPtrArray of Entry: a provider's name may serve several operations */
  GHashTable *names;
  GHashTable *was; /* old name -> Entry */
} Effect;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_slist_free (entry->overrides);
  g_free (entry);
}

/* The override of ENTRY in the rule directory RULE_DIR, or NULL. */
static V2vDecl *
override_in (const Entry *entry, guint rule_dir)
{
  for (const GSList *item = entry->overrides; item != NULL; item = item->next)
    if (((V2vDecl *)item->data)->file->rule_dir == rule_dir)
      return item->data;
  return NULL;
}

/* The key of a declaration. Providers are identified by name and operation. */
static const char *
key_of (const V2vDecl *decl)
{
  const V2vProviderSyntax *provider = (const V2vProviderSyntax *)decl;
  g_autofree char *key = NULL;

  if (decl->kind != V2V_DECL_PROVIDER || provider->operation.name == NULL)
    return decl->name.name;
  key = g_strdup_printf ("%s for %s", decl->name.name, provider->operation.name);
  return v2v_intern (key);
}

static void
add_base (Effect *effect, V2vDecl *decl)
{
  const char *key = key_of (decl), *kind = v2v_decl_kind_name (decl->kind);
  Entry *entry = g_hash_table_lookup (effect->entries, key);

  if (entry != NULL) {
    /* Report the declaration that was added to existing ones: that of the rule directory with
     * the higher precedence, otherwise the later one. */
    const V2vDecl *added =
        decl->file->rule_dir <= entry->base->file->rule_dir ? decl : entry->base;
    const V2vDecl *first = added == decl ? entry->base : decl;
    g_autofree char *where = v2v_place_text (first->name.place);
    g_autofree char *hint = g_strdup_printf ("to replace it, write override %s %s", kind, key);

    name_error (effect->check, V2V_CODE_DUPLICATE, added->name, hint,
                "%s %s is already defined at %s", kind, key, where);
    return;
  }
  entry = g_new0 (Entry, 1);
  entry->base = decl;
  g_hash_table_insert (effect->entries, (gpointer)key, entry);
  entry->next = g_hash_table_lookup (effect->names, decl->name.name);
  g_hash_table_insert (effect->names, (gpointer)decl->name.name, entry);
}

static void
add_was (Effect *effect, V2vDecl *decl)
{
  const V2vName was = ((V2vRuleSyntax *)decl)->was;
  Entry *entry = g_hash_table_lookup (effect->entries, decl->name.name);
  const Entry *other;

  if (was.name == NULL || entry == NULL)
    return;
  other = g_hash_table_lookup (effect->entries, was.name);
  if (other != NULL) {
    g_autofree char *where = v2v_place_text (other->base->name.place);

    name_error (effect->check, V2V_CODE_OLD_NAME, was, NULL, "a rule %s still exists, at %s",
                was.name, where);
    return;
  }
  other = g_hash_table_lookup (effect->was, was.name);
  if (other != NULL && other != entry) {
    g_autofree char *where = v2v_place_text (other->base->name.place);

    name_error (effect->check, V2V_CODE_OLD_NAME, was, NULL,
                "rule %s declares the old name %s too, at %s", other->base->name.name, was.name,
                where);
    return;
  }
  g_hash_table_insert (effect->was, (gpointer)was.name, entry);
}

/* The entry of the rule that had this name before, or NULL. */
static Entry *
renamed (Effect *effect, V2vName name)
{
  Entry *entry =
      effect->kind == V2V_DECL_RULE ? g_hash_table_lookup (effect->was, name.name) : NULL;

  if (entry != NULL) {
    g_autofree char *hint = g_strdup_printf ("write %s", entry->base->name.name);

    check_warning (effect->check, V2V_CODE_RENAMED, name.place, (guint)strlen (name.name), hint,
                   "rule %s is called %s now", name.name, entry->base->name.name);
  }
  return entry;
}

static void
not_there (Effect *effect, V2vName name, const char *key, const char *verb)
{
  const char *kind = v2v_decl_kind_name (effect->kind);
  g_autoptr (GPtrArray) names = NULL;
  g_autofree char *hint = NULL;

  if (v2v_name_lost (effect->check, name.name))
    return;
  names = v2v_keys (effect->check, effect->names);
  hint = v2v_suggest (effect->check, name.name, names);
  name_error (effect->check, V2V_CODE_NO_TARGET, name, hint, "there is no %s %s to %s", kind,
              key, verb);
}

static void
add_override (Effect *effect, V2vDecl *decl)
{
  const char *key = key_of (decl);
  Entry *entry = g_hash_table_lookup (effect->entries, key);
  const V2vDecl *other;

  if (entry == NULL)
    entry = renamed (effect, decl->name);
  if (entry == NULL) {
    not_there (effect, decl->name, key, "override");
    return;
  }
  other = override_in (entry, decl->file->rule_dir);
  if (other != NULL) {
    g_autofree char *where = v2v_place_text (other->name.place);

    name_error (effect->check, V2V_CODE_OVERRIDDEN, decl->name, NULL,
                "%s %s is overridden in the same directory at %s",
                v2v_decl_kind_name (decl->kind), key, where);
    return;
  }
  entry->overrides = g_slist_prepend (entry->overrides, decl);
  if (entry->override == NULL || decl->file->rule_dir < entry->override->file->rule_dir)
    entry->override = decl;
}

static void
disable_entry (Effect *effect, Entry *entry, const V2vDisableSyntax *syntax)
{
  const guint rule_dir = syntax->decl.file->rule_dir;
  const V2vDecl *override = override_in (entry, rule_dir);

  if (override != NULL) {
    g_autofree char *where = v2v_place_text (override->name.place);

    name_error (
        effect->check, V2V_CODE_OVERRIDDEN, syntax->decl.name, NULL,
        "%s %s is overridden in the same directory at %s, so it cannot be disabled here",
        v2v_decl_kind_name (effect->kind), syntax->decl.name.name, where);
    return;
  }
  if (entry->disable == NULL || rule_dir < entry->disable->decl.file->rule_dir)
    entry->disable = syntax;
}

static void
add_disable (Effect *effect, const V2vDisableSyntax *syntax)
{
  const V2vName name = syntax->decl.name;
  Entry *entry = g_hash_table_lookup (effect->names, name.name);

  if (entry == NULL)
    entry = renamed (effect, name);
  if (entry == NULL)
    not_there (effect, name, name.name, "disable");
  for (; entry != NULL; entry = entry->next)
    disable_entry (effect, entry, syntax);
}

static void
check_kind (V2vCheck *check, V2vDeclKind kind)
{
  g_autoptr (GHashTable) entries = g_hash_table_new_full (NULL, NULL, NULL, entry_free);
  g_autoptr (GHashTable) names = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) was = g_hash_table_new (NULL, NULL);
  Effect effect = {check, kind, entries, names, was};
  const GPtrArray *decls = check->syntax->decls;

#define FOR_KIND(condition)                                                                    \
  for (guint i = 0; i < decls->len; i++)                                                       \
    for (V2vDecl *decl = g_ptr_array_index (decls, i);                                         \
         decl != NULL && decl->name.name != NULL && (condition); decl = NULL)

  FOR_KIND (decl->kind == kind && !decl->override)
  add_base (&effect, decl);
  if (kind == V2V_DECL_RULE)
    FOR_KIND (decl->kind == kind)
  add_was (&effect, decl);
  FOR_KIND (decl->kind == kind && decl->override)
  add_override (&effect, decl);
  FOR_KIND (decl->kind == V2V_DECL_DISABLE && ((V2vDisableSyntax *)decl)->what == kind)
  add_disable (&effect, (V2vDisableSyntax *)decl);

  /* Go through the declarations in the order of files and lines. */
  FOR_KIND (decl->kind == kind)
  {
    const Entry *entry = g_hash_table_lookup (entries, key_of (decl));

    if (entry == NULL)
      entry = g_hash_table_lookup (was, decl->name.name);
    if (entry == NULL)
      continue;
    if ((entry->override != NULL ? entry->override : entry->base) != decl) {
      decl->instead = entry->override != NULL ? entry->override : entry->base;
      continue;
    }
    /* A "disable" affects its own rule directory and those of lower precedence. An override of
     * higher precedence remains in effect. */
    if (entry->disable == NULL ||
        (entry->override != NULL &&
         entry->override->file->rule_dir < entry->disable->decl.file->rule_dir))
      g_ptr_array_add (check->effective, decl);
    else
      decl->instead = &entry->disable->decl;
  }
#undef FOR_KIND
}

void
v2v_check_effect (V2vCheck *check)
{
  check_kind (check, V2V_DECL_RULE);
  check_kind (check, V2V_DECL_PROVIDER);
  check_kind (check, V2V_DECL_PROBE);
}
