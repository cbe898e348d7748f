/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lists everything that rule files declare by name, in effect or not, for users who ask what
 * is loaded.
 */
#include "config.h"

#include "load/files.h"

/* Fills in what depends on the kind of DECL. Returns FALSE if that kind is not listed. */
static gboolean
describe_kind (const V2vDecl *decl, V2vListedDecl *listed)
{
  switch (decl->kind) {
  case V2V_DECL_RULE:
    listed->describe = ((const V2vRuleSyntax *)decl)->rule.describe;
    listed->was = ((const V2vRuleSyntax *)decl)->was.name;
    return TRUE;
  case V2V_DECL_PROVIDER: {
    const V2vProviderSyntax *provider = (const V2vProviderSyntax *)decl;
    g_autofree char *name =
        g_strdup_printf ("%s for %s", decl->name.name, provider->operation.name);

    listed->name = v2v_intern (name);
    listed->describe = provider->provider.describe;
    return TRUE;
  }
  case V2V_DECL_PROBE:
    listed->describe = ((const V2vProbeSyntax *)decl)->probe.describe;
    return TRUE;
  case V2V_DECL_OPTION:
    listed->describe = ((const V2vOptionSyntax *)decl)->option.describe;
    return TRUE;
  case V2V_DECL_OPERATION:
    listed->describe = ((const V2vOperationSyntax *)decl)->operation.doc;
    return TRUE;
  case V2V_DECL_LET: {
    g_autofree char *condition = v2v_expr_text (((const V2vLetSyntax *)decl)->body);

    listed->describe = v2v_intern (condition);
    return TRUE;
  }
  default:
    return FALSE;
  }
}

void
v2v_list_declarations (const V2vSyntax *syntax, GArray *listed)
{
  for (guint i = 0; i < syntax->decls->len; i++) {
    const V2vDecl *decl = g_ptr_array_index (syntax->decls, i);
    V2vListedDecl item = {.kind = v2v_decl_kind_name (decl->kind),
                          .name = decl->name.name,
                          .origin = decl->file->origin,
                          .rule_dir = decl->file->rule_dir,
                          .place = decl->name.place,
                          .is_override = decl->override};

    if (decl->name.name == NULL || !describe_kind (decl, &item))
      continue;
    if (decl->instead != NULL) {
      item.is_disabled = decl->instead->kind == V2V_DECL_DISABLE;
      item.by = decl->instead->name.place;
    }
    g_array_append_val (listed, item);
  }
}
