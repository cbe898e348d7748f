/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The set of checked rules, which rule files are loaded into (load/load.h).
 */
#pragma once

#include "base/diag.h"
#include "lang/ast.h"

/* A rule directory: PATH/rules, PATH/lua, PATH/xslt. */
typedef struct {
  char *path;
  gboolean shipped; /* lowest precedence */
  /* its absence is an error: the shipped one, and those that --rules-dir names */
  gboolean required;
} V2vRuleDir;

/* A file that was found in a rule directory, read or not. Strings are interned. */
typedef struct {
  const char *path;
  const char *origin; /* relative to the rules/ of its rule directory */
  guint rule_dir;     /* number of its rule directory */
  gboolean is_off;    /* a link to /dev/null */
  /* the file or link of the same relative path in a higher rule directory, or NULL */
  const char *hidden_by;
} V2vListedFile;

/* A declaration that has a name of its own, in effect or not. Strings are interned or belong to
 * the rule set. */
typedef struct {
  const char *kind;     /* "rule", "provider", "probe", "option", "operation", "let" */
  const char *name;     /* of a provider with its operation: "NAME for OPERATION" */
  const char *was;      /* the old name of a rule, or NULL */
  const char *describe; /* of a let its condition; or NULL */
  const char *origin;   /* of its file */
  guint rule_dir;
  V2vPlace place;
  gboolean is_override;
  gboolean is_disabled; /* ... at BY; otherwise, if BY.file is set, it is overridden there */
  V2vPlace by;          /* file is NULL: it is in effect */
} V2vListedDecl;

typedef struct {
  V2vSchema *schema;
  GPtrArray *operations; /* V2vOperation: declared ones */
  GPtrArray *rules;      /* V2vRule: in effect, by origin and line */
  GPtrArray *providers;  /* V2vProvider: in effect */
  GPtrArray *probes;     /* V2vProbe: in effect */
  GPtrArray *options;    /* V2vOption */
  GPtrArray *tests;      /* V2vTest */
  GPtrArray *captures;   /* V2vCapture */
  GPtrArray *paths;      /* interned: every path that a condition names literally, sorted */
  GHashTable *operations_by_name;
  GHashTable *providers_by_name; /* name -> GPtrArray of V2vProvider (one name may serve several
                                    operations) */
  GPtrArray *strata;             /* V2vStratum: in the order of derivation */
  GPtrArray *rule_dirs;          /* V2vRuleDir: in order of precedence, the highest first */
  GArray *listed_files;          /* V2vListedFile: directory by directory, the highest first */
  GArray *listed_decls;          /* V2vListedDecl: by origin and line */
  gpointer priv;
} V2vRuleSet;

/* Rules and probes that can be run once all strata before are complete. RECURSIVE: its rules
 * feed each other and run until nothing new follows. */
typedef struct {
  GPtrArray *rules;  /* V2vRule with assert heads or default heads */
  GPtrArray *probes; /* V2vProbe */
  gboolean recursive;
} V2vStratum;

void v2v_ruleset_free (V2vRuleSet *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vRuleSet, v2v_ruleset_free)

/* Does A say, itself or by those it is over, that it is "over" B? */
gboolean v2v_provider_is_over (const V2vProvider *a, const V2vProvider *b);

/* "rule NAME (FILE:LINE)" and the like, interned. */
const char *v2v_rule_label (const V2vRule *rule);
const char *v2v_probe_label (const V2vProbe *probe);
const char *v2v_provider_label (const V2vProvider *provider);
/* The condition or clause as one line of rule text. To be freed with g_free. */
char *v2v_expr_text (const V2vExpr *expr);
char *v2v_clause_text (const V2vClause *clause);

/* The rule directories in effect: EXTRA (from --rules-dir, may be NULL), then /etc/v2v-engine,
 * /usr/local/share/v2v-engine and the shipped one (configure's; $V2V_ENGINE_DATA_DIR instead of
 * all three if set, for tests and for running from the build directory). */
GPtrArray *v2v_rule_dirs_default (const char *const *extra);

/* The file NAME in lua/ or xslt/ (SUBDIR) of the first of RULE_DIRS that has it, or NULL. */
const char *v2v_find_script (const GPtrArray *rule_dirs, const char *subdir, const char *name);
/* Finds a script: lua/ or xslt/ (SUBDIR) beside the rule directory of the file at PLACE first, then in
 * each rule directory in turn. Interned absolute path or NULL. */
const char *v2v_ruleset_find_script (const V2vRuleSet *rules, const char *from_file,
                                     const char *subdir, const char *name);
