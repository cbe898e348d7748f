/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the parts of the parser share.
 */
#pragma once

#include "lang/syntax.h"

typedef struct {
  V2vArena *arena;
  const V2vRuleFile *file;
  V2vDiags *diags;
  V2vSyntax *syntax;
  V2vLexer lexer;
  V2vToken token;    /* the one to be read next */
  V2vToken previous; /* the one read last */
  GArray *layout;    /* V2vLaidToken, or NULL */
  V2vLayout mark;    /* for TOKEN */
  guint depth;
  gboolean broken; /* an error in the declaration being read */
} V2vParser;

/* Reports at the token to be read next, unless that token was reported already, and gives
 * FALSE. */
#define parse_error(parser, hint, ...)                                                         \
  v2v_parser_fail ((parser), (parser)->token.place, (parser)->token.length, (hint),            \
                   (parser)->token.bad, __VA_ARGS__)
/* The same at another place. */
#define parse_error_at(parser, place, length, hint, ...)                                       \
  v2v_parser_fail ((parser), (place), (length), (hint), FALSE, __VA_ARGS__)
gboolean v2v_parser_fail (V2vParser *parser, V2vPlace place, guint length, const char *hint,
                          gboolean silent, const char *format, ...) G_GNUC_PRINTF (6, 7);

void v2v_parser_advance (V2vParser *parser);
/* The token after the one to be read next. */
V2vToken v2v_parser_peek (V2vParser *parser);
/* Is the token to be read next the word WORD? */
gboolean v2v_parser_is (const V2vParser *parser, const char *word);
/* Steps over a token of KIND or the word WORD, if it is next. */
gboolean v2v_parser_take (V2vParser *parser, V2vTokenKind kind);
gboolean v2v_parser_take_word (V2vParser *parser, const char *word);
/* Steps over a token of KIND, or reports that it was expected, and after what. */
gboolean v2v_parser_need (V2vParser *parser, V2vTokenKind kind, const char *after);
/* How the token to be read next is named in messages; to be freed with g_free. */
char *v2v_parser_found (const V2vParser *parser);

/* One word; WHAT says in messages what it names. */
gboolean v2v_parse_word (V2vParser *parser, V2vName *name_r, const char *what);
/* Words joined by dots. */
gboolean v2v_parse_dotted (V2vParser *parser, V2vName *name_r, const char *what);

/* parse-cond.c */
V2vExpr *v2v_parse_condition (V2vParser *parser);
/* "{" [condition] "}", if there is one: TRUE if there was no error. */
gboolean v2v_parse_block (V2vParser *parser, V2vExpr **where_r);
gboolean v2v_parse_value (V2vParser *parser, V2vOperand *operand_r);
/* "(" [value {"," value}] ")" */
gboolean v2v_parse_arguments (V2vParser *parser, GArray **args_r, const char *after);

/* parse-rule.c: statements of rules, providers and probes, from the keyword on */
gboolean v2v_parse_clause (V2vParser *parser, const char *keyword, GPtrArray *clauses);
gboolean v2v_parse_head (V2vParser *parser, const char *keyword, GPtrArray *heads);
V2vCallSyntax *v2v_parse_call (V2vParser *parser, gboolean is_xslt);
/* WORD {"," WORD}; DOTTED: of names with dots. */
gboolean v2v_parse_names (V2vParser *parser, GArray **names_r, gboolean dotted,
                          const char *what);
/* "(" [WORD {"," WORD}] ")" */
gboolean v2v_parse_word_list (V2vParser *parser, GArray **names_r, const char *what,
                              const char *after);
/* "{" field = value {"," field = value} "}" */
gboolean v2v_parse_pairs (V2vParser *parser, GArray **pairs_r);
gboolean v2v_parse_assign (V2vParser *parser, const char *after);
gboolean v2v_parse_string (V2vParser *parser, const char **text_r, const char *after);

/* parse-test.c: statements of tests and captures */
gboolean v2v_parse_given (V2vParser *parser, GPtrArray *given);
gboolean v2v_parse_expect (V2vParser *parser, GPtrArray *expect);
