/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the parts of the checker share.
 */
#pragma once

#include <string.h>

#include "check/scripts.h"
#include "lang/codes.h"
#include "lang/limits.h"
#include "lang/private.h"
#include "syntax/syntax.h"

typedef struct {
  V2vRuleSet *rules;
  V2vRuleSetPrivate *priv;
  V2vArena *arena;
  V2vDiags *diags;
  V2vSyntax *syntax;
  const V2vScriptChecks *scripts; /* may be NULL */
  gboolean with_tests;
  GHashTable *lets;     /* name -> V2vLetSyntax */
  GHashTable *broken;   /* V2vFactDecl, V2vEnum, V2vOperation that could not be read whole: what
                           seems to be missing in them   is not reported */
  GPtrArray *effective; /* V2vDecl: rules, providers and probes in effect */
  GHashTable *direct;   /* text of a direct call -> V2vOperation */
  GHashTable *paths;    /* interned literal paths */
  GHashTable *files;    /* interned path -> V2vRuleFile; NULL: no file is looked for */
  GHashTable *functions; /* interned name -> V2vFunctionSyntax; NULL: there are none */
  gboolean providing;    /* what is named is given or done, which is no use of it */
  GHashTable *named;     /* interned "enum\nword\nfile": what "name" declares */
  GHashTable *examined;  /* interned "path\nfunction": scripts that were looked at */
  guint64 work;          /* steps that check-sense.c took; no more after many */
  guint compared;        /* names that were candidates for suggestions; no more after many */
} V2vCheck;

#define check_error(check, code, place, length, hint, ...)                                     \
  v2v_diags_add ((check)->diags, V2V_DIAG_ERROR, (code), (place), (length), (hint), __VA_ARGS__)
#define check_warning(check, code, place, length, hint, ...)                                   \
  v2v_diags_add ((check)->diags, V2V_DIAG_WARNING, (code), (place), (length), (hint),          \
                 __VA_ARGS__)
/* The same at a V2vName. */
#define name_error(check, code, at, hint, ...)                                                 \
  check_error (check, code, (at).place, (guint)strlen ((at).name), hint, __VA_ARGS__)

/* FILE:LINE; to be freed with g_free. */
char *v2v_place_text (V2vPlace place);
/* "did you mean NEAREST?", or what there is if that is little, or NULL. To be freed with
 * g_free. CANDIDATES is sorted in place. */
char *v2v_suggest (V2vCheck *check, const char *name, GPtrArray *candidates);
/* Keys of a hash table of interned names, for v2v_suggest. */
GPtrArray *v2v_keys (const V2vCheck *check, GHashTable *table);
/* Is there a reason to keep silent about NAME, which names nothing: part of the rules that
 * could have declared it was not read? */
gboolean v2v_name_lost (const V2vCheck *check, const char *name);

/* check-schema.c: enums, names, facts, operations, options */
void v2v_check_schema (V2vCheck *check);
/* What NAME stands for, or NULL, reported. */
V2vFactDecl *v2v_check_fact (V2vCheck *check, V2vName name);
V2vOperation *v2v_check_operation (V2vCheck *check, V2vName name);
V2vField *v2v_check_field (V2vCheck *check, const V2vFactDecl *fact, const char *name,
                           V2vPlace place, guint length);
gboolean v2v_check_phase (V2vCheck *check, V2vName name, V2vPhase *phase_r);

/* check-interface.c: what a file may use of the interface */
/* What has STATUS is used at PLACE; the text names it ("fact os"). Reported if it came after
 * the interface that the file is made for, or if it is deprecated and that is asked for. */
#define v2v_check_use(check, status, place, length, ...)                                       \
  do {                                                                                         \
    if ((status)->since > 0 || (status)->deprecated != NULL)                                   \
      v2v_check_status ((check), (status), (place), (length), __VA_ARGS__);                    \
  } while (0)
void v2v_check_status (V2vCheck *check, const V2vStatus *status, V2vPlace place, guint length,
                       const char *format, ...) G_GNUC_PRINTF (5, 6);
void v2v_check_functions (V2vCheck *check);
/* The functions that the script of SYNTAX calls, for the rule file FILE. */
void v2v_check_script (V2vCheck *check, const V2vCallSyntax *syntax, const V2vRuleFile *file);

/* check-cond.c: conditions and values */
typedef struct {
  GPtrArray *variables;    /* V2vClause: the "each" clauses before, or NULL */
  GPtrArray *later;        /* V2vClause: all of the rule, for a message */
  V2vFactDecl *self;       /* in a block */
  V2vOperation *request;   /* in the block of a request */
  V2vOperation *operation; /* in a provider: whose parameters can be named */
  /* V2vName, in a provider: parameters that are not its operation's, as was told; or NULL */
  const GArray *wrong_params;
  gboolean test; /* in a test or capture: paths need not be literal, words may be quoted */
  gboolean undeclared; /* in a capture: words need not be declared */
} V2vScope;

/* Each gives FALSE if there was an error, which has been reported. */
gboolean v2v_check_condition (V2vCheck *check, const V2vScope *scope, V2vExpr *expr);
/* What has a type, for messages: OWNER.NAME, or "parameter NAME of OWNER". OWNER may be NULL.
 */
typedef struct {
  gboolean parameter;
  const char *owner, *name;
} V2vWhat;

/* VALUE as one for TYPE (NULL: any), which is the type of WHAT. */
gboolean v2v_check_value (V2vCheck *check, const V2vScope *scope, V2vOperand *value,
                          const V2vType *type, const V2vWhat *what);
gboolean v2v_check_subject (V2vCheck *check, const V2vScope *scope, V2vOperand *operand);
void v2v_check_lets (V2vCheck *check);
/* Compiles TEXT; reports and gives NULL if it is no XPath. The result belongs to the rule set.
 */
xmlXPathCompExpr *v2v_check_xpath (V2vCheck *check, const char *text, V2vPlace place,
                                   guint length);
const char *v2v_type_text (const V2vType *type);

/* check-clause.c */
void v2v_check_clauses (V2vCheck *check, V2vScope *scope, GPtrArray *clauses, V2vRule *rule,
                        const char *what);
V2vTemplate *v2v_check_template (V2vCheck *check, const V2vScope *scope, const V2vToken *text);

/* check-effect.c: which of several declarations of one name is in effect */
void v2v_check_effect (V2vCheck *check);

/* check-rule.c: rules, providers, probes in effect */
void v2v_check_rules (V2vCheck *check);

/* check-call.c: scripts */
gboolean v2v_check_call (V2vCheck *check, const V2vScope *scope, V2vCallSyntax *syntax,
                         gboolean is_xslt, const V2vRuleFile *file);
/* The operation for "do lua" or "do xslt". */
V2vOperation *v2v_check_direct (V2vCheck *check, const V2vCallSyntax *syntax, gboolean is_xslt,
                                V2vPhase phase);

/* check-test.c */
void v2v_check_tests (V2vCheck *check);
void v2v_check_captures (V2vCheck *check);

/* strata.c */
void v2v_check_strata (V2vCheck *check);

/* check-sense.c: of rules without errors, what can hardly be meant */
void v2v_check_sense (V2vCheck *check);
