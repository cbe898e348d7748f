/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The syntax of rule files: what the parser makes of a file. Names in declarations are not
 * resolved yet. A structure here that has a counterpart in lang/ast.h begins with that, and
 * adds the names as written; the checker resolves them and fills in the rest.
 */
#pragma once

#include "lang/arena.h"
#include "lang/ast.h"
#include "syntax/lexer.h"

/* A name as written, including dots. NAME is NULL if it could not be read. */
typedef struct {
  const char *name; /* interned */
  V2vPlace place;
} V2vName;

typedef struct {
  const char *path;   /* interned; as messages show it */
  const char *origin; /* interned: path relative to rules/ of its rule directory */
  guint rule_dir;     /* index of its rule directory; 0 for a file that is named alone */
  char *text;
  gsize length;
  guint interface; /* the interface for which it is made; set by parsing */
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

/* The common beginning of all declarations. */
typedef struct V2vDecl {
  V2vDeclKind kind;
  const V2vRuleFile *file;
  V2vName name;
  gboolean override;
  /* part of it could not be read, so what seems to be missing may have been there */
  gboolean broken;
  /* the declaration that overrides or disables this one; NULL: this one is in effect */
  const struct V2vDecl *instead;
} V2vDecl;

typedef struct {
  V2vName word;
  GArray *also; /* V2vName, or NULL */
  V2vStatus status;
  const char *doc;
} V2vWordSyntax;

typedef struct {
  V2vName name;  /* name of the type or enum; "enum" for an enum declared in place */
  GArray *words; /* V2vName: words of an enum declared in place; otherwise NULL */
} V2vTypeSyntax;

typedef struct {
  V2vDecl decl;
  const char *doc;
  GArray *words; /* V2vWordSyntax */
  V2vStatus status;
} V2vEnumSyntax;

/* "name ENUM word" or "name FACT.FIELD word". */
typedef struct {
  V2vDecl decl; /* named like the enum or the fact */
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
  V2vName other;  /* operation of "excludes"; NULL for "unique" */
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
  /* The checker fills in the following. */
  enum { V2V_LET_NEW, V2V_LET_OPEN, V2V_LET_DONE } state;
  /* size and depth of the condition after replacing each let in it by its condition */
  guint size, depth;
} V2vLetSyntax;

typedef struct {
  V2vClause clause;
  V2vName target; /* the fact; after "request", the operation */
  gboolean is_request;
} V2vClauseSyntax;

/* "field = value" in assert and given. */
typedef struct {
  V2vName field;
  V2vOperand value;
} V2vPairSyntax;

/* The call that follows "lua" or "xslt". */
typedef struct {
  V2vCall call;
  guint file_length; /* number of characters, to underline the file name */
  V2vPlace function_place;
} V2vCallSyntax;

typedef struct {
  V2vHead head;
  /* ASSERT, DEFAULT: the fact or variable; DO: the operation, or NULL for a direct call */
  V2vName target;
  V2vName field;       /* ASSERT_FIELD, DEFAULT */
  GArray *pairs;       /* V2vPairSyntax: ASSERT_FACT */
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

/* "function guest.NAME since 2 deprecated "use guest.OTHER"", for a function that scripts can
 * call. */
typedef struct {
  V2vDecl decl;
  V2vStatus status;
} V2vFunctionSyntax;

typedef struct {
  V2vDecl decl; /* named like the declaration that it disables */
  V2vDeclKind what;
} V2vDisableSyntax;

typedef struct {
  V2vGiven given;
  V2vName fact;
  gboolean one_field; /* "given FACT.FIELD = value" */
  GArray *pairs;      /* V2vPairSyntax */
  const char *file;   /* of "given file", as written */
  const char *tree;   /* directory of "given tree", as written */
} V2vGivenSyntax;

typedef struct {
  V2vExpect expect;
  V2vName target;    /* operation or fact of "expect [no] NAME"; or the provider */
  V2vName operation; /* operation of "expect provider NAME for OPERATION" */
  gboolean negated;
  gboolean has_args;
  GArray *args; /* V2vOperand */
} V2vExpectSyntax;

typedef struct {
  V2vDecl decl;
  V2vTest test;    /* its GIVEN and EXPECT contain V2vGivenSyntax and V2vExpectSyntax */
  GPtrArray *does; /* V2vExpectSyntax: requests that the test itself makes */
  GArray *probed;  /* V2vName, or NULL */
} V2vTestSyntax;

typedef struct {
  V2vDecl decl;
  V2vCapture capture;     /* its GIVEN contains V2vGivenSyntax */
  GArray *probed, *known; /* V2vName */
} V2vCaptureSyntax;

/* Where the formatter breaks lines: a mark for each token of a file. */
typedef enum {
  V2V_LAYOUT_JOIN,        /* on the same line as the token before */
  V2V_LAYOUT_DECLARATION, /* begins a declaration */
  V2V_LAYOUT_STATEMENT,   /* begins a statement of a body */
  V2V_LAYOUT_ITEM,        /* begins a word of an enum's body */
  V2V_LAYOUT_OPEN,        /* opening brace of a body of statements */
  V2V_LAYOUT_CLOSE,       /* closing brace of a body of statements */
} V2vLayout;

typedef struct {
  V2vToken token;
  V2vLayout layout;
} V2vLaidToken;

typedef struct {
  GPtrArray *decls; /* V2vDecl */
  /* set of interned names that declarations which could not be read may have declared */
  GHashTable *lost;
  gboolean unusable; /* the file could not be read at all */
} V2vSyntax;

/* Parses FILE and appends its declarations to SYNTAX. LAYOUT (may be NULL) receives a
 * V2vLaidToken for each token. */
void v2v_parse (V2vArena *arena, V2vRuleFile *file, V2vDiags *diags, V2vSyntax *syntax,
                GArray *layout);

/* Does this engine provide the interface that the first line of FILE demands? Stores that
 * interface in FILE. A file without such a line passes, because the parser reports it. */
gboolean v2v_check_interface (V2vRuleFile *file, V2vDiags *diags);
/* Is TEXT an interface, such as "1" or "1.2", and nothing else? */
gboolean v2v_is_interface (const char *text);

/* The keyword of KIND: "rule", "provider" ... */
const char *v2v_decl_kind_name (V2vDeclKind kind);
/* The keywords of statements in all declarations, NULL-terminated. */
extern const char *const v2v_statement_keywords[];
/* The word after "from" for facts of ORIGIN; NULL for V2V_ORIGIN_RULES. */
const char *v2v_origin_name (V2vOrigin origin);
