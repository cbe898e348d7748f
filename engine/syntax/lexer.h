/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Text of a rule file to tokens.
 */
#pragma once

#include "base/diag.h"

typedef enum {
  V2V_TOKEN_END,
  V2V_TOKEN_WORD,
  V2V_TOKEN_DIGIT_WORD, /* begins with a digit: a word of an enum only */
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
  guint length;      /* characters, for carets */
  gsize start, end;  /* bytes of the text */
  const char *text;  /* interned; a word, number or size as written, a string without quotes and
                        escapes */
  gint64 number;     /* NUMBER; SIZE: bytes */
  gboolean verbatim; /* STRING: no escape in it, so columns within it can be counted */
  gboolean first;    /* nothing but white space stands before it on its line */
  gboolean bad;      /* an error was reported in it or just before it */
} V2vToken;

typedef struct {
  const char *file; /* interned, for places */
  const char *text;
  gsize length;
  gsize position;
  guint line;
  gsize line_start;
  gsize continuation; /* bytes of this line that begin no character */
  gboolean version;   /* a number may have a point in it: 1.2 */
  V2vDiags *diags;
} V2vLexer;

/* Looks at TEXT as a whole (size, NUL bytes, UTF-8, byte order mark). FALSE if it is no text
 * that could be read; the reason is in DIAGS. */
gboolean v2v_lexer_init (V2vLexer *lexer, const char *file, const char *text, gsize length,
                         V2vDiags *diags);

/* The next token. Whatever is wrong in the text is reported and mended, so that reading can go
 * on. At the end it gives V2V_TOKEN_END for ever. */
void v2v_lexer_next (V2vLexer *lexer, V2vToken *token);

/* "a string", "a name", "{" ... for messages. */
const char *v2v_token_kind_name (V2vTokenKind kind);
