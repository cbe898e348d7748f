/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The set of checked rules, which load/load.h fills from rule files.
 */
#pragma once

#include "base/diag.h"
#include "lang/ast.h"

/* A rule directory: PATH/rules, PATH/lua, PATH/xslt. */
typedef struct {
  char *path;
  gboolean shipped; /* comes with v2v-engine; has the lowest precedence */
  /* it is an error if it is missing: the shipped one, and those that --rules-dir names */
  gboolean required;
} V2vRuleDir;

/* A file found in a rule directory, whether it was read or not. Strings are interned. */
typedef struct {
  const char *path;
  const char *origin; /* path relative to rules/ of its rule directory */
  guint rule_dir;     /* index of its rule directory */
  gboolean is_off;    /* a link to /dev/null, which hides files and contains nothing */
  /* the file or link with the same relative path in a rule directory of higher precedence, or
   * NULL */
  const char *hidden_by;
} V2vListedFile;

/* A declaration that has a name of its own, whether it is in effect or not. Strings are
 * interned or belong to the rule set. */
typedef struct {
  const char *kind;     /* "rule", "provider", "probe", "option", "operation", "let" */
  const char *name;     /* of a provider: "NAME for OPERATION" */
  const char *was;      /* the old name of a rule, or NULL */
  const char *describe; /* of a let: its condition; or NULL */
  const char *origin;   /* path of its file, as V2vListedFile.origin */
  guint rule_dir;
  V2vPlace place;
  gboolean is_override;
  gboolean is_disabled; /* it is disabled at BY; if this is not set, it is overridden at BY */
  V2vPlace by;          /* if BY.file is NULL, it is in effect */
} V2vListedDecl;

typedef struct {
  V2vSchema *schema;
  GPtrArray *operations; /* V2vOperation: the declared ones */
  GPtrArray *rules;      /* V2vRule: those in effect, ordered by origin and line */
  GPtrArray *providers;  /* V2vProvider: those in effect */
  GPtrArray *probes;     /* V2vProbe: those in effect */
  GPtrArray *options;    /* V2vOption */
  GPtrArray *tests;      /* V2vTest */
  GPtrArray *captures;   /* V2vCapture */
  GPtrArray *paths;      /* interned: every path that a condition names literally; sorted */
  GHashTable *operations_by_name;
  /* name -> GPtrArray of V2vProvider: providers of several operations may share a name */
  GHashTable *providers_by_name;
  GPtrArray *strata;    /* V2vStratum, in the order of derivation */
  GPtrArray *rule_dirs; /* V2vRuleDir, highest precedence first */
  /* V2vListedFile, by rule directory, highest precedence first */
  GArray *listed_files;
  GArray *listed_decls; /* V2vListedDecl, ordered by origin and line */
  gpointer priv;
} V2vRuleSet;

/* A stratum: rules and probes that can run once all earlier strata are complete. RECURSIVE: the
 * rules depend on each other and have to run until they derive nothing new. */
typedef struct {
  GPtrArray *rules;  /* V2vRule with assert heads or default heads */
  GPtrArray *probes; /* V2vProbe */
  gboolean recursive;
} V2vStratum;

void v2v_ruleset_free (V2vRuleSet *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vRuleSet, v2v_ruleset_free)

/* Is A declared "over" B, directly or through other providers? */
gboolean v2v_provider_is_over (const V2vProvider *a, const V2vProvider *b);

/* The label of a declaration for messages and explanations, such as "rule NAME (FILE:LINE)";
 * interned. */
const char *v2v_rule_label (const V2vRule *rule);
const char *v2v_probe_label (const V2vProbe *probe);
const char *v2v_provider_label (const V2vProvider *provider);
/* A condition or clause as one line of rule text. To be freed with g_free. */
char *v2v_expr_text (const V2vExpr *expr);
char *v2v_clause_text (const V2vClause *clause);

/* The rule directories to use (V2vRuleDir), highest precedence first: EXTRA (from --rules-dir,
 * may be NULL), /etc/v2v-engine, /usr/local/share/v2v-engine and the shipped one (configure
 * sets these three paths). If V2V_ENGINE_DATA_DIR is set, it takes the place of all three, for
 * tests and for running from the build directory. */
GPtrArray *v2v_rule_dirs_default (const char *const *extra);

/* The file NAME in the directory SUBDIR ("lua", "xslt") of the first of RULE_DIRS that has it,
 * or NULL. */
const char *v2v_find_script (const GPtrArray *rule_dirs, const char *subdir, const char *name);
/* Finds the file NAME in the directory SUBDIR ("lua", "xslt"), first of the rule directory that
 * contains FROM_FILE, then of each rule directory in turn. Returns an interned absolute path,
 * or NULL. */
const char *v2v_ruleset_find_script (const V2vRuleSet *rules, const char *from_file,
                                     const char *subdir, const char *name);
