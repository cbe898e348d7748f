/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checked rules: what the parser and the checker make of rule files.
 *
 * Everything here belongs to its V2vRuleSet (lang/ruleset.h) and lives as long.
 * Strings are interned unless marked otherwise. After checking, every name is
 * resolved to what it names; nothing later compares names.
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
  V2V_OPERAND_FIELD, /* a field of a fact of which there is one: os.arch */
  V2V_OPERAND_VAR,   /* a field of a variable that an "each" bound: k.version */
  V2V_OPERAND_SELF,  /* inside a block: a field of the fact (or parameter of the request) being
                        matched */
  V2V_OPERAND_PARAM, /* in a provider: a parameter of the request */
  V2V_OPERAND_NAME,  /* not yet resolved; no longer there after checking */
} V2vOperandKind;

typedef struct {
  V2vOperandKind kind;
  guint length; /* characters in the source, for carets */
  guint slot;   /* VAR: number of the variable in its rule; PARAM, and SELF of a request: number
                   of   the parameter */
  const char *qualifier; /* as written: "os" of os.arch, NULL if there is none */
  const char *name;      /* as written: the field, word or number; NULL for a string or truth */
  V2vValue value;        /* CONST */
  V2vField *field;       /* FIELD, VAR, SELF of a fact */
  V2vType type;          /* of the field, parameter or literal */
  V2vPlace place;
} V2vOperand;

typedef enum {
  V2V_EXPR_AND,
  V2V_EXPR_OR,
  V2V_EXPR_NOT,
  V2V_EXPR_COMPARE, /* operand OP operand; IN: operand in [operands] */
  V2V_EXPR_IS_SET,
  V2V_EXPR_IS_UNSET,
  V2V_EXPR_DOMAIN, /* domain "XPATH": true if it selects a node, or a text or number that counts
                      as true */
  V2V_EXPR_LET,    /* a named condition: its body is the one child */
} V2vExprKind;

typedef enum { V2V_EQ, V2V_NE, V2V_LT, V2V_LE, V2V_GT, V2V_GE, V2V_IN, V2V_GLOB } V2vCompare;

struct V2vExpr {
  V2vExprKind kind;
  V2vPlace place;
  guint length;            /* characters in the source, for carets */
  V2vExpr *left, *right;   /* AND, OR: both; NOT, LET: left */
  V2vCompare op;           /* COMPARE */
  V2vOperand subject;      /* COMPARE, IS_SET, IS_UNSET */
  GArray *values;          /* V2vOperand; COMPARE: one, IN: any number */
  const char *text;        /* DOMAIN: the XPath; LET: the name */
  xmlXPathCompExpr *xpath; /* DOMAIN */
};

/* ---- clauses ---- */

typedef enum { V2V_CLAUSE_WHEN, V2V_CLAUSE_EACH, V2V_CLAUSE_SOME, V2V_CLAUSE_NO } V2vClauseKind;

/* One line of a rule's condition, in the order of the text; a later one may use variables bound
 * by an earlier "each". Either FACT or REQUEST is set for EACH (FACT only), SOME and NO. */
typedef struct {
  V2vClauseKind kind;
  V2vFactDecl *fact;
  V2vOperation *request; /* "some request OPERATION {}": rules with fail or warn only */
  const char *variable;  /* EACH: its name, or NULL if unnamed */
  guint slot;            /* EACH: number of the variable in its rule */
  V2vExpr *where;        /* WHEN: the condition; others: NULL if the block is empty */
  V2vPlace place;
} V2vClause;

/* ---- what rules conclude ---- */

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
  GPtrArray *arg_names; /* interned, same length: the name of a parameter, or NULL for others */
  V2vPlace place;
} V2vCall;

/* A text with {var.field} and {fact.field} in it. */
typedef struct {
  GPtrArray *texts; /* literal pieces; one more than operands */
  GArray *operands; /* V2vOperand */
} V2vTemplate;

typedef struct {
  V2vHeadKind kind;
  V2vPlace place;
  V2vField *field;      /* ASSERT_FIELD, DEFAULT */
  gboolean on_variable; /* ASSERT_FIELD: the field of the fact in SLOT, not of a single fact */
  guint slot;
  V2vOperand value;  /* ASSERT_FIELD, DEFAULT */
  V2vFactDecl *fact; /* ASSERT_FACT */
  GArray *values; /* ASSERT_FACT: V2vOperand, one per field of the fact; unset CONST where not
                     given */
  V2vOperation *operation; /* DO; for "do lua" and "do xslt" one that is made for it: every head
                              that makes the same call in the same phase has the same one, so
                              that equal requests merge */
  GArray *args;            /* DO: V2vOperand, one per parameter */
  V2vTemplate *message;    /* FAIL, WARN */
} V2vHead;

struct V2vRule {
  const char *name;
  const char *was;    /* its old name, or NULL */
  char *describe;     /* or NULL */
  const char *origin; /* relative path of its file below rules/, for the order */
  V2vPlace place;     /* of the name */
  GPtrArray *clauses; /* V2vClause */
  GPtrArray *heads;   /* V2vHead */
  guint variables;    /* number of slots */
  gboolean reads_requests;
};

/* ---- operations and providers ---- */

/* In the order of acting. */
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

/* "excludes OTHER on (params)" (OTHER set) or "unique on (params)" (OTHER is the operation
 * itself): two requests that agree in these parameters must not both be there (excludes), or
 * must be equal in all (unique). */
typedef struct {
  V2vOperation *other;
  gboolean unique;
  GArray *params;       /* guint: numbers of the parameters of this operation ... */
  GArray *other_params; /* ... and of the other, by name */
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
  GPtrArray *over;             /* V2vProvider: it goes before these */
  GPtrArray *after_operations; /* V2vOperation */
  GPtrArray *after_providers;  /* V2vProvider */
  V2vPhase phase;              /* its own, or its operation's */
  V2vCall *call;
  gboolean is_xslt;
} V2vProvider;

struct V2vOperation {
  const char *name;
  GPtrArray *params; /* V2vParam */
  V2vPhase phase;
  V2vDispatch dispatch;
  gboolean batch;              /* its provider is called once with all its requests */
  gboolean optional;           /* skipped with a warning when no provider fits */
  GPtrArray *conflicts;        /* V2vConflict */
  GPtrArray *after_operations; /* V2vOperation */
  GPtrArray *providers;        /* V2vProvider, in order of file and line */
  V2vCall *direct;  /* "do lua", "do xslt": what to call; its arguments are the parameters in
                       their order;  there are no providers then */
  gboolean is_xslt; /* DIRECT is a stylesheet */
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
  GPtrArray *reads;    /* V2vFactDecl: what the script sees in "facts" */
  V2vCall *call;
} V2vProbe;

typedef enum { V2V_OPTION_FLAG, V2V_OPTION_VALUE } V2vOptionKind;

typedef struct {
  const char *name; /* without the dashes */
  V2vOptionKind kind;
  /* the field of the fact kind with V2V_ORIGIN_OPTIONS; its type is the option's */
  V2vField *field;
  char *describe;
  char *metavar; /* or NULL */
  const char *origin;
  V2vPlace place;
} V2vOption;

/* "given FACT { field = value, ... }", "given FACT.FIELD = value", "given file "F"". Of "given
 * tree "DIR"" nothing is set. */
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
  char *pattern; /* FAIL, WARN, or NULL; TREE: absolute path of the directory */
  V2vProvider *provider;
  V2vClause *clause; /* CONDITION: WHEN, SOME or NO */
  V2vPlace place;
} V2vExpect;

typedef struct {
  const char *name;
  const char *origin;
  V2vPlace place;
  GPtrArray *given; /* V2vGiven */
  V2vRule *does;    /* without conditions: what the test itself requests; NULL: nothing */
  const char
      *tree; /* "given tree": absolute path of a directory whose files are the guest's, or
                        NULL */
  GPtrArray *probed; /* V2vProbe: those that look into that guest */
  GPtrArray *files;  /* interned absolute paths beside the test that are given to scripts */
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
