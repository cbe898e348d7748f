/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checked rules: what the parser and the checker make of rule files.
 *
 * Everything here belongs to its V2vRuleSet (lang/ruleset.h) and lives as long. Strings are
 * interned unless marked otherwise. The checker resolves every name to the thing it names, so
 * that later steps do not compare names.
 */
#pragma once

#include <libxml/xpath.h>

#include "facts/schema.h"

typedef struct V2vExpr V2vExpr;
typedef struct V2vOperation V2vOperation;
typedef struct V2vRule V2vRule;

/* ---- conditions ---- */

typedef enum {
  V2V_OPERAND_CONST, /* a literal */
  V2V_OPERAND_FIELD, /* a field of a fact that exists exactly once: os.arch */
  V2V_OPERAND_VAR,   /* a field of a variable that an "each" bound: k.version */
  /* inside a block: a field of the fact (or a parameter of the request) that is being
   * matched */
  V2V_OPERAND_SELF,
  V2V_OPERAND_PARAM, /* in a provider: a parameter of the request */
  V2V_OPERAND_NAME,  /* a name that is not yet resolved; does not occur after checking */
} V2vOperandKind;

typedef struct {
  V2vOperandKind kind;
  guint length; /* number of characters in the source, to underline it */
  /* VAR: number of the variable in its rule; PARAM, and SELF of a request: number of the
   * parameter */
  guint slot;
  const char *qualifier; /* as written: "os" in os.arch; NULL if there is none */
  /* as written: the field, word or number; NULL for a string or truth value */
  const char *name;
  V2vValue value;  /* CONST */
  V2vField *field; /* FIELD, VAR, SELF of a fact */
  V2vType type;    /* type of the field, parameter or literal */
  V2vPlace place;
} V2vOperand;

typedef enum {
  V2V_EXPR_AND,
  V2V_EXPR_OR,
  V2V_EXPR_NOT,
  V2V_EXPR_COMPARE, /* operand OP operand; IN: operand in [operands] */
  V2V_EXPR_IS_SET,
  V2V_EXPR_IS_UNSET,
  /* domain "XPATH": true if it selects a node, or returns a text or number that counts as
   * true */
  V2V_EXPR_DOMAIN,
  V2V_EXPR_LET, /* a named condition, whose body is LEFT */
} V2vExprKind;

typedef enum { V2V_EQ, V2V_NE, V2V_LT, V2V_LE, V2V_GT, V2V_GE, V2V_IN, V2V_GLOB } V2vCompare;

struct V2vExpr {
  V2vExprKind kind;
  V2vPlace place;
  guint length;            /* number of characters in the source, to underline it */
  V2vExpr *left, *right;   /* AND, OR: both; NOT, LET: left */
  V2vCompare op;           /* COMPARE */
  V2vOperand subject;      /* COMPARE, IS_SET, IS_UNSET */
  GArray *values;          /* V2vOperand; COMPARE: one, IN: any number */
  const char *text;        /* DOMAIN: the XPath; LET: the name */
  xmlXPathCompExpr *xpath; /* DOMAIN */
};

/* ---- clauses ---- */

typedef enum { V2V_CLAUSE_WHEN, V2V_CLAUSE_EACH, V2V_CLAUSE_SOME, V2V_CLAUSE_NO } V2vClauseKind;

/* One line of a rule's condition, in the order of the text. A clause may use variables that an
 * earlier "each" bound. FACT is set for EACH; either FACT or REQUEST is set for SOME and NO. */
typedef struct {
  V2vClauseKind kind;
  V2vFactDecl *fact;
  V2vOperation *request; /* "some request OPERATION {}": rules with fail or warn only */
  const char *variable;  /* EACH: name of the variable, or NULL */
  guint slot;            /* EACH: number of the variable in its rule */
  V2vExpr *where;        /* WHEN: the condition; others: NULL if the block is empty */
  V2vPlace place;
} V2vClause;

/* ---- effects of rules ---- */

typedef enum {
  V2V_HEAD_ASSERT_FIELD, /* assert os.family = rhel, assert k.usable = true */
  V2V_HEAD_ASSERT_FACT,  /* assert os_like { id = rhel } */
  V2V_HEAD_DEFAULT,      /* default target.disk-bus = virtio */
  V2V_HEAD_DO,           /* do operation(args), do xslt "file", do lua "file" function(args) */
  V2V_HEAD_FAIL,
  V2V_HEAD_WARN,
} V2vHeadKind;

/* "FILE" function(args) or, for a stylesheet, "FILE" alone. */
typedef struct {
  const char *file;     /* as written */
  const char *path;     /* absolute, found in the script directories */
  const char *function; /* NULL for a stylesheet */
  GArray *args;         /* V2vOperand */
  /* interned, as long as ARGS: the name if the argument is a parameter, else NULL */
  GPtrArray *arg_names;
  V2vPlace place;
} V2vCall;

/* A text that contains {var.field} and {fact.field}. */
typedef struct {
  GPtrArray *texts; /* the literal pieces between the operands, one more than OPERANDS */
  GArray *operands; /* V2vOperand */
} V2vTemplate;

typedef struct {
  V2vHeadKind kind;
  V2vPlace place;
  V2vField *field; /* ASSERT_FIELD, DEFAULT */
  /* ASSERT_FIELD: sets the field of the fact in SLOT, not of a single fact */
  gboolean on_variable;
  guint slot;
  V2vOperand value;  /* ASSERT_FIELD, DEFAULT */
  V2vFactDecl *fact; /* ASSERT_FACT */
  /* ASSERT_FACT: V2vOperand, one per field of the fact; an unset CONST if the rule does not
   * give it */
  GArray *values;
  /* DO. "do lua" and "do xslt" have an operation that the checker creates; heads that make the
   * same call in the same phase share it, so that equal requests are merged. */
  V2vOperation *operation;
  GArray *args;         /* DO: V2vOperand, one per parameter */
  V2vTemplate *message; /* FAIL, WARN */
} V2vHead;

struct V2vRule {
  const char *name;
  const char *was;    /* old name of the rule, or NULL */
  char *describe;     /* or NULL */
  const char *origin; /* path of its file relative to rules/, which decides the order */
  V2vPlace place;     /* place of the name */
  GPtrArray *clauses; /* V2vClause */
  GPtrArray *heads;   /* V2vHead */
  guint variables;    /* number of slots */
  gboolean reads_requests;
};

/* ---- operations and providers ---- */

/* The phases of a plan, in the order in which they are carried out. */
typedef enum {
  V2V_PHASE_INSTALL,
  V2V_PHASE_REMOVE,
  V2V_PHASE_CONFIGURE,
  V2V_PHASE_BOOT,
  V2V_PHASE_UNCONFIGURE_METADATA,
  V2V_PHASE_CONFIGURE_METADATA,
  V2V_PHASES
} V2vPhase;

const char *v2v_phase_name (V2vPhase phase);
gboolean v2v_phase_from_name (const char *name, V2vPhase *phase_r);

typedef struct {
  const char *name;
  V2vType type;
  V2vPlace place;
  const char *doc; /* interned, or NULL */
} V2vParam;

/* A conflict between requests: "excludes OTHER on (params)", or "unique on (params)" with this
 * operation itself as OTHER. If two requests agree in these parameters, they must not both
 * exist (excludes), or must agree in all parameters (unique). */
typedef struct {
  V2vOperation *other;
  gboolean unique;
  GArray *params;       /* guint: numbers of the parameters of this operation, */
  GArray *other_params; /* and of those with the same names of OTHER */
  V2vPlace place;
} V2vConflict;

typedef enum { V2V_DISPATCH_ONE, V2V_DISPATCH_ALL } V2vDispatch;

typedef struct {
  const char *name;
  V2vOperation *operation;
  char *describe;
  const char *origin;
  V2vPlace place;
  GPtrArray *clauses;          /* V2vClause: WHEN, SOME, NO */
  GPtrArray *over;             /* V2vProvider: those over which this one takes precedence */
  GPtrArray *after_operations; /* V2vOperation */
  GPtrArray *after_providers;  /* V2vProvider */
  V2vPhase phase;              /* the phase that it declares, else that of its operation */
  V2vCall *call;
  gboolean is_xslt;
} V2vProvider;

struct V2vOperation {
  const char *name;
  GPtrArray *params; /* V2vParam */
  V2vPhase phase;
  V2vDispatch dispatch;
  gboolean batch;              /* the provider is called once with all requests */
  gboolean optional;           /* skipped with a warning if no provider fits */
  GPtrArray *conflicts;        /* V2vConflict */
  GPtrArray *after_operations; /* V2vOperation */
  GPtrArray *providers;        /* V2vProvider, ordered by file and line */
  /* "do lua" and "do xslt": what to call. Its arguments are the parameters in their order, and
   * there are no providers. */
  V2vCall *direct;
  gboolean is_xslt; /* DIRECT calls a stylesheet */
  char *doc;
  V2vStatus status;
  const char *origin;
  V2vPlace place;
};

/* ---- probes, options, tests, captures ---- */

typedef struct {
  const char *name;
  char *describe;
  const char *origin;
  V2vPlace place;
  GPtrArray *provides; /* V2vFactDecl */
  GPtrArray *clauses;  /* V2vClause: WHEN, SOME, NO */
  GPtrArray *reads;    /* V2vFactDecl: facts that the script is given */
  V2vCall *call;
} V2vProbe;

typedef enum { V2V_OPTION_FLAG, V2V_OPTION_VALUE } V2vOptionKind;

typedef struct {
  const char *name; /* without the dashes */
  V2vOptionKind kind;
  /* the field of this option in the kind of fact with V2V_ORIGIN_OPTIONS; has the type of the
   * option */
  V2vField *field;
  char *describe;
  char *metavar; /* or NULL */
  const char *origin;
  V2vPlace place;
} V2vOption;

/* One "given" of a test: "given FACT { field = value, ... }", "given FACT.FIELD = value" or
 * "given file "F"". For "given tree "DIR"" no field is set. */
typedef struct {
  V2vFactDecl *fact;
  GArray *values;   /* V2vValue, one per field */
  const char *file; /* absolute path of a capture, instead of a fact */
  V2vPlace place;
} V2vGiven;

typedef enum {
  V2V_EXPECT_REQUEST,    /* expect OP, expect OP(args) */
  V2V_EXPECT_NO_REQUEST, /* expect no OP, expect no OP(args) */
  V2V_EXPECT_FAIL,       /* expect fail ["GLOB"] */
  V2V_EXPECT_WARN,       /* expect warn ["GLOB"] */
  V2V_EXPECT_NO_FAIL,
  V2V_EXPECT_NO_WARN,
  V2V_EXPECT_PROVIDER,  /* expect provider NAME for OP */
  V2V_EXPECT_TREE,      /* expect tree "DIR" */
  V2V_EXPECT_UNCHANGED, /* expect tree unchanged */
  V2V_EXPECT_CONDITION, /* expect os.family == rhel, expect some kernel {..}, expect no kernel
                           {..} */
} V2vExpectKind;

typedef struct {
  V2vExpectKind kind;
  V2vOperation *operation;
  gboolean any_args;
  GArray *args;  /* V2vValue */
  char *pattern; /* FAIL, WARN: glob, or NULL; TREE: absolute path of the directory */
  V2vProvider *provider;
  V2vClause *clause; /* CONDITION: WHEN, SOME or NO */
  V2vPlace place;
} V2vExpect;

typedef struct {
  const char *name;
  const char *origin;
  V2vPlace place;
  GPtrArray *given; /* V2vGiven */
  /* the requests that the test itself makes, as a rule without conditions; or NULL */
  V2vRule *does;
  const char *tree;  /* absolute path of the file tree of "given tree", or NULL */
  GPtrArray *probed; /* V2vProbe: probes to run in that file tree */
  /* interned absolute paths of files beside the test that scripts are given */
  GPtrArray *files;
  GPtrArray *expect; /* V2vExpect */
} V2vTest;

/* capture "NAME" { given ...  probed NAME, ...  asked "PATH", ... known FACT, ... } */
typedef struct {
  const char *name;
  GPtrArray *given;  /* V2vGiven */
  GPtrArray *probed; /* interned names of probes */
  GPtrArray *asked;  /* interned paths */
  GPtrArray *known;  /* V2vFactDecl */
  V2vPlace place;
} V2vCapture;
