/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the parser makes of a rule file: declarations whose names are not yet
 * resolved. Where lang/ast.h has a structure for something, the one here begins
 * with it and adds the names as written; the checker fills in what they mean.
 */
#pragma once

#include "lang/arena.h"
#include "lang/ast.h"
#include "syntax/lexer.h"

/* A name as written, dots included. NAME is NULL where none could be read. */
typedef struct {
  const char *name; /* interned */
  V2vPlace place;
} V2vName;

typedef struct {
  const char *path;   /* interned, as shown in messages */
  const char *origin; /* interned: relative to the rules/ of its rule directory */
  guint
      rule_dir; /* number of its rule directory; files named one by one count as of the first */
  char *text;
  gsize length;
  guint interface; /* that it is made for; set when it is parsed */
} V2vRuleFile;

typedef enum {
  V2V_DECL_ENUM,
  V2V_DECL_NAME,
  V2V_DECL_FACT,
  V2V_DECL_OPERATION,
  V2V_DECL_LET,
  V2V_DECL_RULE,
  V2V_DECL_PROVIDER,
  V2V_DECL_PROBE,
  V2V_DECL_OPTION,
  V2V_DECL_FUNCTION,
  V2V_DECL_DISABLE,
  V2V_DECL_TEST,
  V2V_DECL_CAPTURE,
} V2vDeclKind;

/* What every declaration begins with. */
typedef struct V2vDecl {
  V2vDeclKind kind;
  const V2vRuleFile *file;
  V2vName name;
  gboolean override;
  gboolean broken; /* part of it could not be read: what seems to be missing in it may have been
                      there */
  const struct V2vDecl *instead; /* what overrides or disables it; NULL: it is in effect */
} V2vDecl;

typedef struct {
  V2vName word;
  GArray *also; /* V2vName, or NULL */
  V2vStatus status;
  const char *doc;
} V2vWordSyntax;

typedef struct {
  V2vName name;  /* of the type or enum; "enum" for one in place */
  GArray *words; /* V2vName: of an enum in place; NULL otherwise */
} V2vTypeSyntax;

typedef struct {
  V2vDecl decl;
  const char *doc;
  GArray *words; /* V2vWordSyntax */
  V2vStatus status;
} V2vEnumSyntax;

/* "name ENUM word" or "name FACT.FIELD word". */
typedef struct {
  V2vDecl decl; /* its name is the enum's or the fact's */
  V2vName field;
  V2vWordSyntax word;
} V2vNameSyntax;

typedef struct {
  V2vName name;
  V2vTypeSyntax type;
  gboolean key, derived, public;
  V2vName private; /* its kind; its name is NULL if it is not */
  const char *from;
  V2vPlace from_place;
  V2vStatus status;
  const char *doc;
} V2vFieldSyntax;

typedef struct {
  V2vDecl decl;
  gboolean each, derived;
  V2vName origin; /* its name is NULL if there is no "from" */
  const char *from;
  V2vPlace from_place;
  const char *doc;
  GArray *fields; /* V2vFieldSyntax */
  V2vStatus status;
  V2vFactDecl *fact;
} V2vFactSyntax;

typedef struct {
  V2vName other;  /* of "excludes"; NULL for "unique" */
  GArray *params; /* V2vName */
  V2vPlace place;
} V2vConflictSyntax;

typedef struct {
  V2vDecl decl;
  V2vOperation operation;
  GArray *params;    /* V2vFieldSyntax: name, type and description */
  GArray *conflicts; /* V2vConflictSyntax */
  GArray *after;     /* V2vName */
} V2vOperationSyntax;

typedef struct {
  V2vDecl decl;
  V2vExpr *body;
  /* Filled by the checker. */
  enum { V2V_LET_NEW, V2V_LET_OPEN, V2V_LET_DONE } state;
  guint size, depth; /* of the condition with every let in it written out */
} V2vLetSyntax;

typedef struct {
  V2vClause clause;
  V2vName target; /* the fact or, after "request", the operation */
  gboolean is_request;
} V2vClauseSyntax;

/* "field = value" of assert and given. */
typedef struct {
  V2vName field;
  V2vOperand value;
} V2vPairSyntax;

/* What follows "lua" or "xslt". */
typedef struct {
  V2vCall call;
  guint file_length; /* characters, for carets */
  V2vPlace function_place;
} V2vCallSyntax;

typedef struct {
  V2vHead head;
  V2vName target; /* ASSERT, DEFAULT: the fact or variable; DO: the operation, NULL for a direct
                     call */
  V2vName field;  /* ASSERT_FIELD, DEFAULT */
  GArray *pairs;  /* V2vPairSyntax: ASSERT_FACT */
  V2vCallSyntax *call; /* DO: a direct call */
  gboolean is_xslt;
  V2vName phase;
  V2vToken *text; /* FAIL, WARN */
} V2vHeadSyntax;

typedef struct {
  V2vDecl decl;
  V2vRule rule;
  V2vName was;
} V2vRuleSyntax;

typedef struct {
  V2vDecl decl;
  V2vProvider provider;
  V2vName operation;
  GArray *params; /* V2vName */
  gboolean has_params;
  GArray *over, *after; /* V2vName */
  V2vName phase;
  V2vCallSyntax *call;
} V2vProviderSyntax;

typedef struct {
  V2vDecl decl;
  V2vProbe probe;
  GArray *provides, *reads; /* V2vName */
  V2vCallSyntax *call;
} V2vProbeSyntax;

typedef struct {
  V2vDecl decl;
  V2vOption option;
  gboolean flag;
  V2vTypeSyntax type;
  V2vStatus status;
  V2vName private; /* its kind; its name is NULL if it is not */
} V2vOptionSyntax;

/* "function guest.NAME since 2 deprecated "use guest.OTHER"": of what scripts can call. */
typedef struct {
  V2vDecl decl;
  V2vStatus status;
} V2vFunctionSyntax;

typedef struct {
  V2vDecl decl; /* its name is what is disabled */
  V2vDeclKind what;
} V2vDisableSyntax;

typedef struct {
  V2vGiven given;
  V2vName fact;
  gboolean one_field; /* "given FACT.FIELD = value" */
  GArray *pairs;      /* V2vPairSyntax */
  const char *file;   /* as written */
  const char *tree;   /* the same, of "given tree" */
} V2vGivenSyntax;

typedef struct {
  V2vExpect expect;
  V2vName target;    /* an operation or fact of "expect [no] NAME"; the provider */
  V2vName operation; /* of "expect provider NAME for OPERATION" */
  gboolean negated;
  gboolean has_args;
  GArray *args; /* V2vOperand */
} V2vExpectSyntax;

typedef struct {
  V2vDecl decl;
  V2vTest test;    /* its GIVEN and EXPECT hold V2vGivenSyntax and V2vExpectSyntax */
  GPtrArray *does; /* V2vExpectSyntax: of a request */
  GArray *probed;  /* V2vName, or NULL */
} V2vTestSyntax;

typedef struct {
  V2vDecl decl;
  V2vCapture capture;     /* its GIVEN holds V2vGivenSyntax */
  GArray *probed, *known; /* V2vName */
} V2vCaptureSyntax;

/* Where the formatter breaks lines, one for each token of a file. */
typedef enum {
  V2V_LAYOUT_JOIN,        /* on the line of the token before */
  V2V_LAYOUT_DECLARATION, /* begins a declaration */
  V2V_LAYOUT_STATEMENT,   /* begins a statement of a body */
  V2V_LAYOUT_ITEM,        /* begins a word of an enum's body */
  V2V_LAYOUT_OPEN,        /* { of a body of statements */
  V2V_LAYOUT_CLOSE,       /* } of a body of statements */
} V2vLayout;

typedef struct {
  V2vToken token;
  V2vLayout layout;
} V2vLaidToken;

typedef struct {
  GPtrArray *decls; /* V2vDecl */
  /* interned names that declarations which could not be read may have given */
  GHashTable *lost;
  gboolean unusable; /* nothing of the file could be read */
} V2vSyntax;

/* Parses FILE and appends its declarations to SYNTAX. LAYOUT (V2vLaidToken) may be NULL. */
void v2v_parse (V2vArena *arena, V2vRuleFile *file, V2vDiags *diags, V2vSyntax *syntax,
                GArray *layout);

/* Is the engine's interface at least that which the file's first line asks
 * for? Sets FILE's. What has no such line passes: the parser says so. */
gboolean v2v_check_interface (V2vRuleFile *file, V2vDiags *diags);
/* "1", "1.2": is TEXT that and nothing else? */
gboolean v2v_is_interface (const char *text);

/* "rule", "provider" ... */
const char *v2v_decl_kind_name (V2vDeclKind kind);
/* The words that begin statements, of all declarations; NULL-terminated. */
extern const char *const v2v_statement_keywords[];
/* The word that facts of this origin are "from"; NULL for V2V_ORIGIN_RULES. */
const char *v2v_origin_name (V2vOrigin origin);
