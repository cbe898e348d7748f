/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Splits the text of a rule file into tokens.
 */
#include "config.h"

#include <string.h>

#include "facts/value.h"
#include "lang/codes.h"
#include "syntax/lexer.h"
#include "lang/limits.h"

#define lex_error(lexer, code, place, length, hint, ...)                                       \
  v2v_diags_add ((lexer)->diags, V2V_DIAG_ERROR, (code), (place), (length), (hint), __VA_ARGS__)

/* Classes of characters, for quick tests. */
enum { BLANK = 1, WORD_PART = 2, DIGIT = 4, WORD_START = 8, PLAIN = 16 };

/* PLAIN characters stand for themselves in strings. */
static const guint8 classes[256] = {
    [' '] = BLANK | PLAIN,
    ['\t'] = BLANK | PLAIN,
    ['\r'] = BLANK,
    ['\n'] = BLANK,
    ['!'] = PLAIN,
    ['#' ... '&'] = PLAIN,
    ['(' ... ','] = PLAIN,
    ['-'] = WORD_PART | PLAIN,
    ['.' ... '/'] = PLAIN,
    ['0' ... '9'] = WORD_PART | DIGIT | PLAIN,
    [':' ... '@'] = PLAIN,
    ['A' ... 'Z'] = WORD_START | WORD_PART | PLAIN,
    ['['] = PLAIN,
    [']' ... '^'] = PLAIN,
    ['_'] = WORD_START | WORD_PART | PLAIN,
    ['`'] = PLAIN,
    ['a' ... 'z'] = WORD_START | WORD_PART | PLAIN,
    ['{' ... '~'] = PLAIN,
};

const char *
v2v_token_kind_name (V2vTokenKind kind)
{
  static const char *const names[] = {
      [V2V_TOKEN_END] = "the end of the file",
      [V2V_TOKEN_WORD] = "a name",
      [V2V_TOKEN_DIGIT_WORD] = "a word",
      [V2V_TOKEN_NUMBER] = "a number",
      [V2V_TOKEN_SIZE] = "a size",
      [V2V_TOKEN_STRING] = "a string",
      [V2V_TOKEN_LBRACE] = "{",
      [V2V_TOKEN_RBRACE] = "}",
      [V2V_TOKEN_LPAREN] = "(",
      [V2V_TOKEN_RPAREN] = ")",
      [V2V_TOKEN_LBRACKET] = "[",
      [V2V_TOKEN_RBRACKET] = "]",
      [V2V_TOKEN_COMMA] = ",",
      [V2V_TOKEN_COLON] = ":",
      [V2V_TOKEN_DOT] = ".",
      [V2V_TOKEN_ASSIGN] = "=",
      [V2V_TOKEN_EQ] = "==",
      [V2V_TOKEN_NE] = "!=",
      [V2V_TOKEN_LT] = "<",
      [V2V_TOKEN_LE] = "<=",
      [V2V_TOKEN_GT] = ">",
      [V2V_TOKEN_GE] = ">=",
      [V2V_TOKEN_TILDE] = "~",
  };

  return names[kind];
}

/* ---- places ---- */

static V2vPlace
place_at (const V2vLexer *lexer, gsize position)
{
  return (V2vPlace){lexer->file, lexer->line,
                    (guint)(position - lexer->line_start - lexer->continuation + 1)};
}

/* The place of a byte anywhere in the text, for the checks before lexing. */
static V2vPlace
place_of_byte (const V2vLexer *lexer, gsize position)
{
  V2vPlace place = {lexer->file, 1, 1};

  for (gsize i = 0; i < position; i++) {
    if (lexer->text[i] == '\n') {
      place.line++;
      place.column = 1;
    } else if (((guchar)lexer->text[i] & 0xc0) != 0x80) {
      place.column++;
    }
  }
  return place;
}

/* Like g_utf8_validate, but faster for text that is all ASCII, as most rules are. */
static gboolean
is_utf8 (const char *text, gsize length, const char **bad_r)
{
  gsize i = 0;

  for (; i + sizeof (guint64) <= length; i += sizeof (guint64)) {
    guint64 bytes;

    memcpy (&bytes, text + i, sizeof bytes);
    if (bytes & G_GUINT64_CONSTANT (0x8080808080808080))
      break;
  }
  return g_utf8_validate (text + i, (gssize)(length - i), bad_r);
}

gboolean
v2v_lexer_init (V2vLexer *lexer, const char *file, const char *text, gsize length,
                V2vDiags *diags)
{
  const char *bad;

  *lexer = (V2vLexer){.file = file, .text = text, .length = length, .line = 1, .diags = diags};
  v2v_diags_set_text (diags, file, text, length);
  if (length > V2V_RULE_FILE_MAX) {
    lex_error (lexer, V2V_CODE_LIMIT, ((V2vPlace){file, 0, 0}), 1, NULL,
               "a rule file may have at most %d bytes, this one has %" G_GSIZE_FORMAT,
               V2V_RULE_FILE_MAX, length);
    return FALSE;
  }
  bad = memchr (text, '\0', length);
  if (bad != NULL) {
    lex_error (lexer, V2V_CODE_ENCODING, place_of_byte (lexer, bad - text), 1, NULL,
               "a rule file is text, but here is a NUL byte");
    return FALSE;
  }
  if (!is_utf8 (text, length, &bad)) {
    lex_error (lexer, V2V_CODE_ENCODING, place_of_byte (lexer, bad - text), 1,
               "save the file as UTF-8",
               "a rule file is UTF-8, but the byte \\x%02x here is not", (guchar)*bad);
    return FALSE;
  }
  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0) {
    lex_error (lexer, V2V_CODE_ENCODING, ((V2vPlace){file, 1, 1}), 1,
               "save the file as UTF-8 without it", "the file begins with a byte order mark");
    lexer->position = lexer->line_start = 3;
  }
  return TRUE;
}

/* ---- tokens ---- */

/* Skips white space and comments. Returns TRUE if a new line began. */
static gboolean
skip_blank (V2vLexer *lexer)
{
  const char *p = lexer->text + lexer->position;
  const char *const end = lexer->text + lexer->length;
  gboolean line_began = FALSE;

  while (p < end && ((classes[(guchar)*p] & BLANK) || *p == '#')) {
    if (*p == '#') {
      /* A comment ends with its line, so columns need not be counted in it. */
      p = memchr (p, '\n', (gsize)(end - p));
      if (p == NULL)
        p = end;
    } else if (*p++ == '\n') {
      lexer->line++;
      lexer->line_start = (gsize)(p - lexer->text);
      lexer->continuation = 0;
      line_began = TRUE;
    }
  }
  lexer->position = (gsize)(p - lexer->text);
  return line_began;
}

static void
finish (V2vLexer *lexer, V2vToken *token, V2vTokenKind kind, gsize end)
{
  token->kind = kind;
  token->end = end;
  token->length = (guint)(end - token->start);
  lexer->position = end;
}

static void
lex_word (V2vLexer *lexer, V2vToken *token, V2vTokenKind kind)
{
  const char *p = lexer->text + lexer->position;
  const char *const end = lexer->text + lexer->length;

  while (p < end && (classes[(guchar)*p] & WORD_PART))
    p++;
  finish (lexer, token, kind, (gsize)(p - lexer->text));
  if (token->length > V2V_RULE_WORD_MAX) {
    lex_error (lexer, V2V_CODE_LIMIT, token->place, token->length, NULL,
               "a name may have at most %d characters, this one has %u", V2V_RULE_WORD_MAX,
               token->length);
    token->bad = TRUE;
  }
  token->text =
      v2v_intern_length (lexer->text + token->start, MIN (token->length, V2V_RULE_WORD_MAX));
}

static void
lex_number (V2vLexer *lexer, V2vToken *token)
{
  gsize end = lexer->position + (lexer->text[lexer->position] == '-');
  V2vValue value;

  while (end < lexer->length && (classes[(guchar)lexer->text[end]] & DIGIT))
    end++;
  if (end < lexer->length && (classes[(guchar)lexer->text[end]] & WORD_PART)) {
    lex_word (lexer, token, V2V_TOKEN_DIGIT_WORD);
    if (v2v_value_parse (V2V_TYPE_SIZE, token->text, &value)) {
      token->kind = V2V_TOKEN_SIZE;
      token->number = value.number;
    }
    return;
  }
  if (end + 1 < lexer->length && lexer->text[end] == '.' &&
      (classes[(guchar)lexer->text[end + 1]] & DIGIT)) {
    /* A version without quotes: report it and continue as if it were quoted. */
    while (end < lexer->length &&
           (lexer->text[end] == '.' || (classes[(guchar)lexer->text[end]] & WORD_PART)))
      end++;
    finish (lexer, token, lexer->version ? V2V_TOKEN_NUMBER : V2V_TOKEN_STRING, end);
    token->text = v2v_intern_length (lexer->text + token->start, token->length);
    if (lexer->version)
      return;
    token->bad = TRUE;
    lex_error (lexer, V2V_CODE_FRACTION, token->place, token->length,
               "write a version in quotes", "numbers have no fraction: %s", token->text);
    return;
  }
  finish (lexer, token, V2V_TOKEN_NUMBER, end);
  token->text = v2v_intern_length (lexer->text + token->start, token->length);
  if (!v2v_value_parse (V2V_TYPE_INT, token->text, &value)) {
    lex_error (lexer, V2V_CODE_LIMIT, token->place, token->length, NULL,
               "the number %s is too large: at most %" G_GINT64_FORMAT, token->text,
               G_MAXINT64);
    token->bad = TRUE;
    value = v2v_value_number (0);
  }
  token->number = value.number;
}

/* Reads the string that begins with the quotation mark QUOTE at the current position. */
static void
lex_string (V2vLexer *lexer, V2vToken *token, char quote)
{
  const char *const text = lexer->text;
  GString *decoded = NULL; /* only used if the string contains an escape */
  gsize i = lexer->position + 1;
  const gsize begin = i;
  gsize continuation = 0;
  const gboolean bad_before = token->bad;

  token->verbatim = TRUE;
  while (i < lexer->length && (classes[(guchar)text[i]] & PLAIN))
    i++;
  while (i < lexer->length && text[i] != quote && text[i] != '\n') {
    const guchar c = (guchar)text[i];
    V2vPlace place;
    int high, low;

    if (c != '\\' && (c >= 0x20 || c == '\t') && c != 0x7f) {
      continuation += (c & 0xc0) == 0x80;
      if (decoded != NULL)
        g_string_append_c (decoded, (char)c);
      i++;
      continue;
    }
    place = place_at (lexer, i);
    place.column -= (guint)continuation;
    if (decoded == NULL)
      decoded = g_string_new_len (text + begin, (gssize)(i - begin));
    if (c != '\\') {
      if (c == '\r' && i + 1 < lexer->length && text[i + 1] == '\n')
        break; /* the string is not closed on its line */
      if (!token->bad)
        lex_error (lexer, V2V_CODE_STRING, place, 1, "write it as \\xHH",
                   "a string may not contain the control character \\x%02x", c);
      token->bad = TRUE;
      i++;
      continue;
    }
    token->verbatim = FALSE;
    i++;
    switch (i < lexer->length ? text[i] : '\n') {
    case '"':
    case '\\':
      g_string_append_c (decoded, text[i++]);
      break;
    case 'n':
      g_string_append_c (decoded, '\n');
      i++;
      break;
    case 't':
      g_string_append_c (decoded, '\t');
      i++;
      break;
    case 'x':
      high = i + 1 < lexer->length ? g_ascii_xdigit_value (text[i + 1]) : -1;
      low = high >= 0 && i + 2 < lexer->length ? g_ascii_xdigit_value (text[i + 2]) : -1;
      if (low >= 0 && high * 16 + low > 0) {
        g_string_append_c (decoded, (char)(high * 16 + low));
        i += 3;
        break;
      }
      lex_error (lexer, V2V_CODE_STRING, place, 2, NULL,
                 "after \\x two hexadecimal digits other than 00 are expected");
      token->bad = TRUE;
      i++;
      break;
    default:
      lex_error (lexer, V2V_CODE_STRING, place, 1, "write \\\\ for a backslash",
                 "after \\ one of \" \\ n t x is expected");
      token->bad = TRUE;
      break;
    }
  }

  if (i >= lexer->length || text[i] != quote) {
    lex_error (lexer, V2V_CODE_STRING, token->place, 1, NULL,
               "the string that begins here does not end on its line");
    token->bad = TRUE;
    finish (lexer, token, V2V_TOKEN_STRING, i);
  } else {
    finish (lexer, token, V2V_TOKEN_STRING, i + 1);
    if (quote != '"') {
      lex_error (lexer, V2V_CODE_STRING, token->place, (guint)(token->length - continuation),
                 "write \"...\"", "strings are written in double quotes");
      token->bad = TRUE;
    }
  }
  lexer->continuation += continuation;
  token->length -= (guint)continuation;
  if (decoded != NULL ? decoded->len > V2V_RULE_STRING_MAX : i - begin > V2V_RULE_STRING_MAX) {
    lex_error (lexer, V2V_CODE_LIMIT, token->place, 1, NULL,
               "a string may have at most %d bytes", V2V_RULE_STRING_MAX);
    token->bad = TRUE;
    token->text = v2v_intern ("");
  } else if (decoded != NULL) {
    token->text = v2v_intern_length (decoded->str, decoded->len);
  } else {
    token->text = v2v_intern_length (text + begin, i - begin);
  }
  if (decoded != NULL)
    g_string_free (decoded, TRUE);
  token->bad |= bad_before;
}

/* Reports a sequence of characters with which no token begins as one mistake, and skips it. */
static void
skip_unknown (V2vLexer *lexer)
{
  const gsize start = lexer->position;
  const V2vPlace place = place_at (lexer, start);
  const gunichar c = g_utf8_get_char (lexer->text + start);
  gsize end = start;
  guint length = 0;

  while (end < lexer->length) {
    const guchar d = (guchar)lexer->text[end];

    if (d < 0x80 && !(classes[d] & WORD_PART) && end != start)
      break;
    if ((d & 0xc0) == 0x80)
      lexer->continuation++;
    else
      length++;
    end++;
    if (d < 0x80 && end == start + 1)
      break; /* report ASCII characters one by one */
  }
  lexer->position = end;
  if (c == ';')
    lex_error (lexer, V2V_CODE_CHARACTER, place, 1, "leave it out: a statement ends by itself",
               "rules contain no semicolons");
  else if (c >= 0x80 && g_unichar_isalnum (c))
    lex_error (lexer, V2V_CODE_CHARACTER, place, length, NULL,
               "names are made of the letters A to Z, digits, _ and -: %.*s",
               (int)MIN (end - start, 60), lexer->text + start);
  else if (g_unichar_isgraph (c))
    lex_error (lexer, V2V_CODE_CHARACTER, place, length, NULL,
               "the character %.*s has no meaning here", (int)MIN (end - start, 60),
               lexer->text + start);
  else
    lex_error (lexer, V2V_CODE_CHARACTER, place, length, NULL,
               "the character U+%04X has no meaning here", c);
}

/* Does the text at the current position begin with WHAT? */
static gboolean
at (const V2vLexer *lexer, const char *what)
{
  const gsize length = strlen (what);

  return lexer->length - lexer->position >= length &&
         memcmp (lexer->text + lexer->position, what, length) == 0;
}

static void
operator_word (V2vLexer *lexer, V2vToken *token, const char *written, const char *word)
{
  g_autofree char *hint = g_strdup_printf ("write %s", word);

  lex_error (lexer, V2V_CODE_OPERATOR, token->place, (guint)strlen (written), hint,
             "conditions have no operator %s", written);
  finish (lexer, token, V2V_TOKEN_WORD, lexer->position + strlen (written));
  token->text = v2v_intern (word);
  token->bad = TRUE;
}

void
v2v_lexer_next (V2vLexer *lexer, V2vToken *token)
{
  *token = (V2vToken){.first = lexer->position == 0};
  for (;;) {
    char c;

    token->first |= skip_blank (lexer);
    token->start = lexer->position;
    token->place = place_at (lexer, lexer->position);
    if (lexer->position >= lexer->length) {
      finish (lexer, token, V2V_TOKEN_END, lexer->position);
      return;
    }
    c = lexer->text[lexer->position];
    if (classes[(guchar)c] & WORD_START) {
      lex_word (lexer, token, V2V_TOKEN_WORD);
      return;
    }
    if ((classes[(guchar)c] & DIGIT) ||
        (c == '-' && lexer->position + 1 < lexer->length &&
         (classes[(guchar)lexer->text[lexer->position + 1]] & DIGIT))) {
      lex_number (lexer, token);
      return;
    }
    switch (c) {
    case '"':
    case '\'':
      lex_string (lexer, token, c);
      return;
#define SINGLE(character, token_kind)                                                          \
  case character:                                                                              \
    finish (lexer, token, token_kind, lexer->position + 1);                                    \
    return
      SINGLE ('{', V2V_TOKEN_LBRACE);
      SINGLE ('}', V2V_TOKEN_RBRACE);
      SINGLE ('(', V2V_TOKEN_LPAREN);
      SINGLE (')', V2V_TOKEN_RPAREN);
      SINGLE ('[', V2V_TOKEN_LBRACKET);
      SINGLE (']', V2V_TOKEN_RBRACKET);
      SINGLE (',', V2V_TOKEN_COMMA);
      SINGLE (':', V2V_TOKEN_COLON);
      SINGLE ('.', V2V_TOKEN_DOT);
      SINGLE ('~', V2V_TOKEN_TILDE);
#undef SINGLE
    case '=':
      if (at (lexer, "=="))
        finish (lexer, token, V2V_TOKEN_EQ, lexer->position + 2);
      else
        finish (lexer, token, V2V_TOKEN_ASSIGN, lexer->position + 1);
      return;
    case '<':
      if (at (lexer, "<="))
        finish (lexer, token, V2V_TOKEN_LE, lexer->position + 2);
      else
        finish (lexer, token, V2V_TOKEN_LT, lexer->position + 1);
      return;
    case '>':
      if (at (lexer, ">="))
        finish (lexer, token, V2V_TOKEN_GE, lexer->position + 2);
      else
        finish (lexer, token, V2V_TOKEN_GT, lexer->position + 1);
      return;
    case '!':
      if (at (lexer, "!="))
        finish (lexer, token, V2V_TOKEN_NE, lexer->position + 2);
      else
        operator_word (lexer, token, "!", "not");
      return;
    case '&':
      if (at (lexer, "&&")) {
        operator_word (lexer, token, "&&", "and");
        return;
      }
      break;
    case '|':
      if (at (lexer, "||")) {
        operator_word (lexer, token, "||", "or");
        return;
      }
      break;
    }
    skip_unknown (lexer);
    token->bad = TRUE;
  }
}
