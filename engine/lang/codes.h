/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The codes of diagnostics: one for each kind of mistake in rule files.
 *
 * Authors look codes up and scripts compare them, so a number never changes its meaning: a new
 * kind of mistake gets a new number, and a number that is no longer used is not used again.
 * rules/codes.md explains each code with an example.
 */
#pragma once

#include <glib.h>

typedef enum {
  /* files */
  V2V_CODE_UNREADABLE = 1,
  V2V_CODE_LINKED_DIRECTORY = 2,
  V2V_CODE_NO_RULES = 3,
  V2V_CODE_HEADER = 4,
  V2V_CODE_VERSION = 5,
  V2V_CODE_ENCODING = 6,
  V2V_CODE_LIMIT = 7,
  V2V_CODE_CAPTURE = 8,
  /* characters */
  V2V_CODE_CHARACTER = 10,
  V2V_CODE_STRING = 11,
  V2V_CODE_FRACTION = 12,
  V2V_CODE_OPERATOR = 13,
  /* grammar */
  V2V_CODE_DECLARATION = 20,
  V2V_CODE_STATEMENT = 21,
  V2V_CODE_BRACE = 22,
  V2V_CODE_SYNTAX = 23,
  V2V_CODE_REPEATED = 24,
  V2V_CODE_EQUALS = 25,
  V2V_CODE_CHAINED = 26,
  V2V_CODE_FIELD_FIRST = 27,
  V2V_CODE_PHASE_GIVEN = 28,
  V2V_CODE_NAMED_NONE = 29,
  V2V_CODE_FOR_WHAT = 30,
  V2V_CODE_RESERVED = 31,
  V2V_CODE_DOTS = 32,
  V2V_CODE_SINCE = 33,
  V2V_CODE_DEPRECATED = 34,
  /* names that are not declared */
  V2V_CODE_NO_FACT = 40,
  V2V_CODE_NO_FIELD = 41,
  V2V_CODE_NO_OPERATION = 42,
  V2V_CODE_NO_PARAMETER = 43,
  V2V_CODE_NO_TYPE = 44,
  V2V_CODE_NO_WORD = 45,
  V2V_CODE_NO_CONDITION = 46,
  V2V_CODE_NO_PROVIDER = 47,
  V2V_CODE_NO_PHASE = 48,
  V2V_CODE_NO_ORIGIN = 49,
  V2V_CODE_NO_TARGET = 50,
  V2V_CODE_NO_FILE = 51,
  V2V_CODE_NO_SUBJECT = 52,
  V2V_CODE_NOT_A_FACT = 53,
  V2V_CODE_LATER = 54,
  V2V_CODE_NO_OPTIONS = 55,
  V2V_CODE_NO_PROBE = 56,
  /* names that are already used */
  V2V_CODE_DUPLICATE = 60,
  V2V_CODE_TAKEN = 61,
  V2V_CODE_SET_TWICE = 62,
  V2V_CODE_OVERRIDDEN = 63,
  V2V_CODE_OLD_NAME = 64,
  V2V_CODE_RENAMED = 65,
  /* types and values */
  V2V_CODE_TYPE = 70,
  V2V_CODE_NO_ORDER = 71,
  V2V_CODE_NO_PATTERN = 72,
  V2V_CODE_NEGATIVE = 73,
  V2V_CODE_PATH = 74,
  V2V_CODE_WHICH = 75,
  V2V_CODE_ALWAYS_ONE = 76,
  V2V_CODE_PATH_KEY = 77,
  V2V_CODE_XPATH = 78,
  V2V_CODE_CONSTANT = 79,
  V2V_CODE_ARGUMENTS = 80,
  V2V_CODE_MESSAGE = 81,
  V2V_CODE_NO_NAMES = 82,
  V2V_CODE_OUTSIDE = 83,
  V2V_CODE_TREE = 84,
  /* declarations */
  V2V_CODE_EMPTY = 90,
  V2V_CODE_FROM = 91,
  V2V_CODE_KEY = 92,
  V2V_CODE_KEY_UNSET = 93,
  V2V_CODE_DERIVED = 94,
  V2V_CODE_OPTIONS_EACH = 95,
  V2V_CODE_METAVAR = 96,
  V2V_CODE_PARAMETERS = 97,
  V2V_CODE_PRIVATE = 98,
  /* rules, providers, probes, scripts */
  V2V_CODE_NOT_DERIVED = 100,
  V2V_CODE_DEFAULT = 101,
  V2V_CODE_REQUESTS = 102,
  V2V_CODE_SCRIPT_PHASE = 103,
  V2V_CODE_PHASE_UNKNOWN = 104,
  V2V_CODE_PHASE_ORDER = 105,
  V2V_CODE_CYCLE = 106,
  V2V_CODE_STRATUM = 107,
  V2V_CODE_BATCH = 108,
  V2V_CODE_NOT_PROBED = 109,
  V2V_CODE_UNPROVIDED = 110,
  V2V_CODE_SCRIPT_NAME = 111,
  V2V_CODE_STYLESHEET = 112,
  V2V_CODE_FUNCTION = 113,
  /* found by the command check only */
  V2V_CODE_NEVER = 120,
  V2V_CODE_OVERLAP = 121,
  V2V_CODE_CONTRADICTION = 122,
  V2V_CODE_UNREACHED = 123,
  V2V_CODE_UNUSED = 124,
  V2V_CODE_UNUSED_VARIABLE = 125,
  V2V_CODE_UNTESTED = 126,
} V2vCode;

/* The name of the file in rules/ that explains the codes. */
#define V2V_CODE_TEXTS "codes.md"

/* The explanation of one code. */
typedef struct {
  guint code;
  char *title;       /* a few words */
  char *explanation; /* what the code means and what to do, as one line */
  /* Rule text that causes this code and no other, and the same text without the mistake; NULL
   * if the text of a single file cannot show it. */
  char *wrong, *right;
} V2vCodeHelp;

typedef struct {
  char *path;       /* path of the file that was read */
  GPtrArray *helps; /* V2vCodeHelp, in the order of the file */
} V2vCodeTexts;

/* Reads the file from the first of RULE_DIRS that has it. Returns NULL if none has it
 * (V2V_EXIT_UNAVAILABLE) or it cannot be read. */
V2vCodeTexts *v2v_code_texts_load (const GPtrArray *rule_dirs, GError **error);
void v2v_code_texts_free (V2vCodeTexts *texts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vCodeTexts, v2v_code_texts_free)
/* The explanation of the code NAME ("V2V012", in upper or lower case), or NULL. */
const V2vCodeHelp *v2v_code_texts_find (const V2vCodeTexts *texts, const char *name);
