/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The lexer: splits the text of a rule file into tokens.
 */
#pragma once

#include "base/diag.h"

typedef enum {
  V2V_TOKEN_END,
  V2V_TOKEN_WORD,
  V2V_TOKEN_DIGIT_WORD, /* a word that begins with a digit; only enums have such words */
  V2V_TOKEN_NUMBER,
  V2V_TOKEN_SIZE, /* a number with a unit */
  V2V_TOKEN_STRING,
  V2V_TOKEN_LBRACE,
  V2V_TOKEN_RBRACE,
  V2V_TOKEN_LPAREN,
  V2V_TOKEN_RPAREN,
  V2V_TOKEN_LBRACKET,
  V2V_TOKEN_RBRACKET,
  V2V_TOKEN_COMMA,
  V2V_TOKEN_COLON,
  V2V_TOKEN_DOT,
  V2V_TOKEN_ASSIGN, /* = */
  V2V_TOKEN_EQ,
  V2V_TOKEN_NE,
  V2V_TOKEN_LT,
  V2V_TOKEN_LE,
  V2V_TOKEN_GT,
  V2V_TOKEN_GE,
  V2V_TOKEN_TILDE,
} V2vTokenKind;

typedef struct {
  V2vTokenKind kind;
  V2vPlace place;
  guint length;     /* number of characters, to underline the token */
  gsize start, end; /* offsets in the text, in bytes */
  /* interned: a word, number or size as written; a string without its quotes and with escapes
   * decoded */
  const char *text;
  gint64 number;     /* NUMBER; SIZE: bytes */
  gboolean verbatim; /* STRING: contains no escape, so columns inside it can be computed */
  gboolean first;    /* first token on its line */
  gboolean bad;      /* an error in this token or just before it has been reported */
} V2vToken;

typedef struct {
  const char *file; /* interned, for places */
  const char *text;
  gsize length;
  gsize position;
  guint line;
  gsize line_start;
  /* bytes of this line that continue a UTF-8 character, which do not count as columns */
  gsize continuation;
  gboolean version; /* a number may contain a point, as in the version 1.2 */
  V2vDiags *diags;
} V2vLexer;

/* Prepares LEXER and checks TEXT as a whole: size, NUL bytes, UTF-8, byte order mark. Returns
 * FALSE if it cannot be read; DIAGS has the reason. */
gboolean v2v_lexer_init (V2vLexer *lexer, const char *file, const char *text, gsize length,
                         V2vDiags *diags);

/* Reads the next token. A mistake in the text is reported and then corrected or skipped, so
 * that reading can continue. At the end of the text every call returns V2V_TOKEN_END. */
void v2v_lexer_next (V2vLexer *lexer, V2vToken *token);

/* The name of KIND in messages: "a string", "a name", "{" ... */
const char *v2v_token_kind_name (V2vTokenKind kind);
