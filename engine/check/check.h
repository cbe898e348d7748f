/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Internal interface of the checker, shared by its files.
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
  const V2vScriptChecks *scripts; /* NULL: scripts are not checked */
  gboolean with_tests;
  GHashTable *lets; /* name -> V2vLetSyntax */
  /* V2vFactDecl, V2vEnum and V2vOperation that could not be read completely; the checker does
   * not report what seems to be missing in them */
  GHashTable *broken;
  GPtrArray *effective;  /* V2vDecl: the rules, providers and probes in effect */
  GHashTable *direct;    /* key made of a direct call -> V2vOperation */
  GHashTable *paths;     /* set of interned paths that conditions name */
  GHashTable *files;     /* interned path -> V2vRuleFile; NULL: not needed */
  GHashTable *functions; /* interned name -> V2vFunctionSyntax; NULL: none is declared */
  /* a test gives facts or a provider carries out an operation; naming something here does not
   * count as using it */
  gboolean providing;
  GHashTable *named;    /* set of interned "enum\nword\nfile": words that "name" declares */
  GHashTable *examined; /* set of "path\nfunction": scripts that have been checked */
  guint64 work;         /* steps that check-sense.c has taken; it stops after a limit */
  /* names compared for suggestions so far; none are made after a limit */
  guint compared;
} V2vCheck;

#define check_error(check, code, place, length, hint, ...)                                     \
  v2v_diags_add ((check)->diags, V2V_DIAG_ERROR, (code), (place), (length), (hint), __VA_ARGS__)
#define check_warning(check, code, place, length, hint, ...)                                   \
  v2v_diags_add ((check)->diags, V2V_DIAG_WARNING, (code), (place), (length), (hint),          \
                 __VA_ARGS__)
/* Reports an error at a V2vName. */
#define name_error(check, code, at, hint, ...)                                                 \
  check_error (check, code, (at).place, (guint)strlen ((at).name), hint, __VA_ARGS__)

/* "FILE:LINE". To be freed with g_free. */
char *v2v_place_text (V2vPlace place);
/* A hint for the unknown NAME: "did you mean NEAREST?", or a list of CANDIDATES if they are
 * few, or NULL. Sorts CANDIDATES. To be freed with g_free. */
char *v2v_suggest (V2vCheck *check, const char *name, GPtrArray *candidates);
/* The keys of a hash table of interned names, as candidates for v2v_suggest. */
GPtrArray *v2v_keys (const V2vCheck *check, GHashTable *table);
/* Could NAME be declared in a part of the rules that could not be read? Then it is not reported
 * as unknown. */
gboolean v2v_name_lost (const V2vCheck *check, const char *name);

/* check-schema.c: enums, names, facts, operations, options */
void v2v_check_schema (V2vCheck *check);
/* These return what NAME refers to. If there is nothing of that name, they report that and
 * return NULL. */
V2vFactDecl *v2v_check_fact (V2vCheck *check, V2vName name);
V2vOperation *v2v_check_operation (V2vCheck *check, V2vName name);
V2vField *v2v_check_field (V2vCheck *check, const V2vFactDecl *fact, const char *name,
                           V2vPlace place, guint length);
gboolean v2v_check_phase (V2vCheck *check, V2vName name, V2vPhase *phase_r);

/* check-interface.c: which parts of the interface a file may use */
/* Something with STATUS is used at PLACE; the last arguments format its name ("fact os").
 * Reports if it was added after the interface for which the file is made, or if it is
 * deprecated and the user asked for such warnings. */
#define v2v_check_use(check, status, place, length, ...)                                       \
  do {                                                                                         \
    if ((status)->since > 0 || (status)->deprecated != NULL)                                   \
      v2v_check_status ((check), (status), (place), (length), __VA_ARGS__);                    \
  } while (0)
void v2v_check_status (V2vCheck *check, const V2vStatus *status, V2vPlace place, guint length,
                       const char *format, ...) G_GNUC_PRINTF (5, 6);
void v2v_check_functions (V2vCheck *check);
/* Checks the functions that the script of SYNTAX calls, on behalf of the rule file FILE. */
void v2v_check_script (V2vCheck *check, const V2vCallSyntax *syntax, const V2vRuleFile *file);

/* check-cond.c: conditions and values */
typedef struct {
  GPtrArray *variables;    /* V2vClause: the "each" clauses before this place, or NULL */
  GPtrArray *later;        /* V2vClause: all clauses of the rule, for a better message */
  V2vFactDecl *self;       /* in a block: the kind of fact that it matches */
  V2vOperation *request;   /* in the block of a request: its operation */
  V2vOperation *operation; /* in a provider: the operation whose parameters can be named */
  /* in a provider: V2vName of those parameters that its operation does not have, which has been
   * reported; or NULL */
  const GArray *wrong_params;
  gboolean test; /* in a test or capture: paths may be patterns, and words may be quoted */
  /* in a capture: words need not be declared, since a guest may provide others */
  gboolean undeclared;
} V2vScope;

/* The following return FALSE if there was an error, which they have reported. */
gboolean v2v_check_condition (V2vCheck *check, const V2vScope *scope, V2vExpr *expr);
/* The thing that has a type, for messages: OWNER.NAME, or "parameter NAME of OWNER". OWNER may
 * be NULL. */
typedef struct {
  gboolean parameter;
  const char *owner, *name;
} V2vWhat;

/* Resolves VALUE and converts it to TYPE (NULL: any type), which is the type of WHAT. */
gboolean v2v_check_value (V2vCheck *check, const V2vScope *scope, V2vOperand *value,
                          const V2vType *type, const V2vWhat *what);
gboolean v2v_check_subject (V2vCheck *check, const V2vScope *scope, V2vOperand *operand);
void v2v_check_lets (V2vCheck *check);
/* Compiles the XPath expression TEXT. Reports mistakes and returns NULL. The result belongs to
 * the rule set. */
xmlXPathCompExpr *v2v_check_xpath (V2vCheck *check, const char *text, V2vPlace place,
                                   guint length);
const char *v2v_type_text (const V2vType *type);

/* check-clause.c */
void v2v_check_clauses (V2vCheck *check, V2vScope *scope, GPtrArray *clauses, V2vRule *rule,
                        const char *what);
V2vTemplate *v2v_check_template (V2vCheck *check, const V2vScope *scope, const V2vToken *text);

/* check-effect.c: which of several declarations of the same name is in effect */
void v2v_check_effect (V2vCheck *check);

/* check-rule.c: the rules, providers and probes in effect */
void v2v_check_rules (V2vCheck *check);

/* check-call.c: calls of scripts */
gboolean v2v_check_call (V2vCheck *check, const V2vScope *scope, V2vCallSyntax *syntax,
                         gboolean is_xslt, const V2vRuleFile *file);
/* Returns the operation for "do lua" or "do xslt", creating it if necessary. */
V2vOperation *v2v_check_direct (V2vCheck *check, const V2vCallSyntax *syntax, gboolean is_xslt,
                                V2vPhase phase);

/* check-test.c */
void v2v_check_tests (V2vCheck *check);
void v2v_check_captures (V2vCheck *check);

/* strata.c */
void v2v_check_strata (V2vCheck *check);

/* check-sense.c: rules that have no errors but are probably mistakes */
void v2v_check_sense (V2vCheck *check);
