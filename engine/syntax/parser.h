/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Internal interface of the parser, shared by its files.
 */
#pragma once

#include "lang/codes.h"
#include "syntax/syntax.h"

typedef struct {
  V2vArena *arena;
  const V2vRuleFile *file;
  V2vDiags *diags;
  V2vSyntax *syntax;
  V2vLexer lexer;
  V2vToken token;    /* the next token, not yet read */
  V2vToken previous; /* the token that was read last */
  GArray *layout;    /* V2vLaidToken, or NULL */
  V2vLayout mark;    /* layout of TOKEN */
  guint depth;
  guint braces;                /* number of braces that are open */
  const char *const *keywords; /* statement keywords of the body that is being read, or NULL */
  gboolean broken;             /* the declaration that is being read has an error */
} V2vParser;

/* Reports an error at the next token, unless an error in that token has been reported, and
 * returns FALSE. If something is missing at the end of a line, the place is that end. */
#define parse_error(parser, code, hint, ...)                                                   \
  v2v_parser_fail ((parser), (code), v2v_parser_place (parser), (parser)->token.length,        \
                   (hint), (parser)->token.bad, __VA_ARGS__)
V2vPlace v2v_parser_place (const V2vParser *parser);
/* Reports an error at another place, and returns FALSE. */
#define parse_error_at(parser, code, place, length, hint, ...)                                 \
  v2v_parser_fail ((parser), (code), (place), (length), (hint), FALSE, __VA_ARGS__)
gboolean v2v_parser_fail (V2vParser *parser, V2vCode code, V2vPlace place, guint length,
                          const char *hint, gboolean silent, const char *format, ...)
    G_GNUC_PRINTF (7, 8);

void v2v_parser_advance (V2vParser *parser);
/* The token after the next one. */
V2vToken v2v_parser_peek (V2vParser *parser);
/* Is the next token the word WORD? */
gboolean v2v_parser_is (const V2vParser *parser, const char *word);
/* Reads the next token if it is of KIND, or is the word WORD; otherwise returns FALSE. */
gboolean v2v_parser_take (V2vParser *parser, V2vTokenKind kind);
gboolean v2v_parser_take_word (V2vParser *parser, const char *word);
/* Reads a token of KIND. If there is another one, reports that KIND was expected after
 * AFTER. */
gboolean v2v_parser_need (V2vParser *parser, V2vTokenKind kind, const char *after);
/* Does the next token begin a statement of the current body, that is, is it a keyword on a new
 * line? */
gboolean v2v_parser_at_statement (V2vParser *parser);
/* How messages name the next token. To be freed with g_free. */
char *v2v_parser_found (const V2vParser *parser);

/* Reads one word. WHAT describes it in messages. */
gboolean v2v_parse_word (V2vParser *parser, V2vName *name_r, const char *what);
/* Reads words joined by dots. */
gboolean v2v_parse_dotted (V2vParser *parser, V2vName *name_r, const char *what);
/* Reads the rest of a name with dots, of which the first word is in NAME. */
gboolean v2v_parse_more_dots (V2vParser *parser, V2vName *name);

/* ---- declarations and their bodies ---- */

#define NEW_DECL(parser, type, kind)                                                           \
  ((type *)v2v_parser_new_decl ((parser), sizeof (type), (kind)))
gpointer v2v_parser_new_decl (V2vParser *parser, gsize size, V2vDeclKind kind);
/* Does the next token begin a declaration, although a body is still open? */
gboolean v2v_parser_at_declaration (V2vParser *parser);
/* The words that begin declarations, in the order of V2vDeclKind, and "override". */
extern const char *const v2v_decl_keywords[];
/* The number of the one of KEYWORDS that TOKEN is, or -1. */
int v2v_find_keyword (const char *const *keywords, const V2vToken *token);
/* The one of KEYWORDS that WORD may have been meant to be, or NULL. */
const char *v2v_nearest_keyword (const char *const *keywords, const char *word);
/* If the next token does not begin a body, skips to the body of this declaration if there is
 * one before the next declaration. */
gboolean v2v_parser_find_body (V2vParser *parser);
/* Reports that the brace at OPEN is not closed. */
void v2v_parser_unclosed (V2vParser *parser, V2vPlace open);
/* Reads a body: "{" {statement} "}", where each statement begins with one of KEYWORDS. WHAT
 * names the declaration in messages. If DOC is not NULL, the body may begin with a description
 * without keyword, which is stored there. A statement for which STATEMENT returns FALSE is
 * skipped. Returns FALSE if there is no body. */
typedef gboolean (*V2vStatement) (V2vParser *parser, const char *keyword, gpointer data);
gboolean v2v_parser_body (V2vParser *parser, const char *const *keywords, const char *what,
                          char **doc, V2vStatement statement, gpointer data);
/* Reads a text that may be given only once. */
gboolean v2v_parser_once (V2vParser *parser, char **text_r, const char *keyword);

/* These read a declaration after its keyword. They return FALSE if the rest of it has to be
 * skipped. */
/* parse-decl.c */
gboolean v2v_parse_enum (V2vParser *parser);
gboolean v2v_parse_name (V2vParser *parser);
gboolean v2v_parse_fact (V2vParser *parser);
gboolean v2v_parse_operation (V2vParser *parser);
gboolean v2v_parse_let (V2vParser *parser);
gboolean v2v_parse_option (V2vParser *parser);
gboolean v2v_parse_disable (V2vParser *parser);
gboolean v2v_parse_function (V2vParser *parser);
/* parse-rule.c */
gboolean v2v_parse_rule (V2vParser *parser);
gboolean v2v_parse_provider (V2vParser *parser);
gboolean v2v_parse_probe (V2vParser *parser);
/* parse-test.c */
gboolean v2v_parse_test (V2vParser *parser);
gboolean v2v_parse_capture (V2vParser *parser);

/* ---- parts of declarations ---- */

/* parse-cond.c */
V2vExpr *v2v_parse_condition (V2vParser *parser);
/* Reads "{" [condition] "}" if there is one. Returns TRUE unless there was an error. */
gboolean v2v_parse_block (V2vParser *parser, V2vExpr **where_r);
gboolean v2v_parse_value (V2vParser *parser, V2vOperand *operand_r);
/* "(" [value {"," value}] ")" */
gboolean v2v_parse_arguments (V2vParser *parser, GArray **args_r, const char *after);

/* parse-rule.c */
/* Reads WORD {"," WORD}. With DOTTED, the names may contain dots. */
gboolean v2v_parse_names (V2vParser *parser, GArray **names_r, gboolean dotted,
                          const char *what);
/* "(" [WORD {"," WORD}] ")" */
gboolean v2v_parse_word_list (V2vParser *parser, GArray **names_r, const char *what,
                              const char *after);
/* "{" field = value {"," field = value} "}" */
gboolean v2v_parse_pairs (V2vParser *parser, GArray **pairs_r);
gboolean v2v_parse_assign (V2vParser *parser, const char *after);
gboolean v2v_parse_string (V2vParser *parser, const char **text_r, const char *after);
