/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Values: interning, comparison, globs, and conversion from and to text.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include <solv/evr.h>
#include <solv/pool.h>

#include "base/printable.h"
#include "facts/value.h"

/* ---- interning ---- */

/* A key of the table of interned texts. An interned key is followed by its text in the same
 * block; a key that is looked up points to the caller's text. The hash is stored, since
 * comparing it first makes most other comparisons unnecessary. */
typedef struct {
  const char *text;
  gsize length;
  guint hash;
} InternKey;

static guint
intern_hash (gconstpointer key)
{
  return ((const InternKey *)key)->hash;
}

static gboolean
intern_equal (gconstpointer a, gconstpointer b)
{
  const InternKey *x = a, *y = b;

  return x->hash == y->hash && x->length == y->length &&
         memcmp (x->text, y->text, x->length) == 0;
}

const char *
v2v_intern_length (const char *text, gsize length)
{
  static GHashTable *table;
  const gsize header = sizeof (InternKey);
  InternKey wanted = {text, length, 2166136261u};
  InternKey *found;
  char *copy;

  if (table == NULL)
    table = g_hash_table_new (intern_hash, intern_equal);
  for (gsize i = 0; i < length; i++)
    wanted.hash = (wanted.hash ^ (guchar)text[i]) * 16777619u;
  wanted.hash ^= wanted.hash >> 15;
  found = g_hash_table_lookup (table, &wanted);
  if (found != NULL)
    return found->text;

  found = g_malloc (header + length + 1);
  copy = (char *)found + header;
  memcpy (copy, text, length);
  copy[length] = '\0';
  *found = (InternKey){copy, length, wanted.hash};
  g_hash_table_add (table, found);
  return copy;
}

const char *
v2v_intern (const char *text)
{
  return text == NULL ? NULL : v2v_intern_length (text, strlen (text));
}

/* ---- creating ---- */

V2vValue
v2v_value_text (const char *text)
{
  V2vValue value = V2V_VALUE_UNSET;

  if (text != NULL) {
    value.kind = V2V_TEXT;
    value.text = v2v_intern (text);
  }
  return value;
}

V2vValue
v2v_value_number (gint64 number)
{
  V2vValue value = {V2V_NUMBER, {NULL}};

  value.number = number;
  return value;
}

V2vValue
v2v_value_truth (gboolean truth)
{
  V2vValue value = {V2V_TRUTH, {NULL}};

  value.number = truth ? 1 : 0;
  return value;
}

guint
v2v_value_hash (V2vValue value)
{
  switch (value.kind) {
  case V2V_TEXT:
    return g_direct_hash (value.text);
  case V2V_NUMBER:
    return g_int64_hash (&value.number);
  case V2V_TRUTH:
    return value.number ? 3 : 2;
  case V2V_UNSET:
    break;
  }
  return 1;
}

/* ---- comparison ---- */

V2vPackageFormat
v2v_package_format (const char *name)
{
  if (g_strcmp0 (name, "rpm") == 0)
    return V2V_PACKAGES_RPM;
  if (g_strcmp0 (name, "deb") == 0)
    return V2V_PACKAGES_DEB;
  if (g_strcmp0 (name, "pacman") == 0 || g_strcmp0 (name, "arch") == 0)
    return V2V_PACKAGES_ARCH;
  return V2V_PACKAGES_PLAIN;
}

int
v2v_plain_version_compare (const char *a, const char *b)
{
  for (;;) {
    gsize length_a = 0, length_b = 0;
    gboolean digits_a, digits_b;
    int difference;

    while (*a != '\0' && !g_ascii_isalnum (*a))
      a++;
    while (*b != '\0' && !g_ascii_isalnum (*b))
      b++;
    if (*a == '\0' || *b == '\0')
      return (*a != '\0') - (*b != '\0');

    digits_a = g_ascii_isdigit (*a);
    digits_b = g_ascii_isdigit (*b);
    if (digits_a != digits_b)
      return digits_a ? 1 : -1;
    if (digits_a) {
      while (*a == '0')
        a++;
      while (*b == '0')
        b++;
      while (g_ascii_isdigit (a[length_a]))
        length_a++;
      while (g_ascii_isdigit (b[length_b]))
        length_b++;
      if (length_a != length_b)
        return length_a < length_b ? -1 : 1;
      difference = memcmp (a, b, length_a);
    } else {
      while (g_ascii_isalpha (a[length_a]))
        length_a++;
      while (g_ascii_isalpha (b[length_b]))
        length_b++;
      difference = memcmp (a, b, MIN (length_a, length_b));
      if (difference == 0)
        difference = (length_a > length_b) - (length_a < length_b);
    }
    if (difference != 0)
      return difference < 0 ? -1 : 1;
    a += length_a;
    b += length_b;
  }
}

/* libsolv implements the rules of each package format. A pool per format is kept, since
 * creating one is expensive. A libsolv that is built for one format only refuses the others. */
static int
package_version_compare (V2vPackageFormat format, const char *a, const char *b)
{
  static Pool *pools[V2V_PACKAGES_ARCH + 1];
  static const int types[] = {-1, DISTTYPE_RPM, DISTTYPE_DEB, DISTTYPE_ARCH};

  if (format == V2V_PACKAGES_PLAIN)
    return v2v_plain_version_compare (a, b);
  if (pools[format] == NULL) {
    pools[format] = pool_create ();
    if (pools[format]->disttype != types[format] &&
        pool_setdisttype (pools[format], types[format]) < 0)
      g_warning ("this libsolv cannot compare versions of package format %d and "
                 "compares them as its own format does",
                 (int)format);
  }
  return pool_evrcmp_str (pools[format], a, b, EVRCMP_COMPARE);
}

int
v2v_value_compare (V2vTypeKind kind, V2vPackageFormat format, V2vValue a, V2vValue b)
{
  if (a.kind != V2V_TEXT || b.kind != V2V_TEXT)
    return (a.number > b.number) - (a.number < b.number);
  if (a.text == b.text)
    return 0;
  if (kind == V2V_TYPE_PACKAGE_VERSION)
    return package_version_compare (format, a.text, b.text);
  if (kind == V2V_TYPE_PLAIN_VERSION)
    return v2v_plain_version_compare (a.text, b.text);
  return strcmp (a.text, b.text);
}

/* ---- globs ---- */

/* Returns the character at *TEXT and steps over it. A byte that is not valid UTF-8 is a
 * character of its own. */
static gunichar
next_char (const char **text)
{
  const guchar first = (guchar) * *text;
  gunichar c;

  if (first < 0x80) {
    (*text)++;
    return first;
  }
  c = g_utf8_get_char_validated (*text, -1);
  if (c == (gunichar)-1 || c == (gunichar)-2) {
    (*text)++;
    return first;
  }
  *text = g_utf8_next_char (*text);
  return c;
}

/* Matches C against the set that begins after "[" at PATTERN. *END_R receives the end of the
 * set, behind its "]"; NULL if the "]" is missing. */
static gboolean
set_matches (const char *pattern, gunichar c, const char **end_r)
{
  gboolean negated = FALSE, found = FALSE, first = TRUE;

  *end_r = NULL;
  if (*pattern == '!' || *pattern == '^') {
    negated = TRUE;
    pattern++;
  }
  while (*pattern != '\0') {
    gunichar low, high;

    if (*pattern == ']' && !first) {
      *end_r = pattern + 1;
      return found != negated;
    }
    first = FALSE;
    low = high = next_char (&pattern);
    if (pattern[0] == '-' && pattern[1] != ']' && pattern[1] != '\0') {
      pattern++;
      high = next_char (&pattern);
    }
    if (c >= low && c <= high)
      found = TRUE;
  }
  return FALSE;
}

gboolean
v2v_glob_match (const char *pattern, const char *text)
{
  /* Where to continue after the last star, and up to where the star has matched. Backtracking
   * to the last star only is sufficient, and limits the time. */
  const char *star = NULL, *star_text = NULL;

  while (*text != '\0') {
    const char *rest = text, *after = NULL;
    gunichar c;
    gboolean matches;

    if (*pattern == '*') {
      star = ++pattern;
      star_text = text;
      continue;
    }
    c = next_char (&rest);
    matches = FALSE;
    if (*pattern == '?') {
      matches = TRUE;
      after = pattern + 1;
    } else if (*pattern == '[') {
      matches = set_matches (pattern + 1, c, &after);
      if (after == NULL) { /* a "[" without "]" is an ordinary character */
        matches = c == '[';
        after = pattern + 1;
      }
    } else if (*pattern != '\0') {
      after = pattern;
      matches = next_char (&after) == c;
    }
    if (matches) {
      pattern = after;
      text = rest;
    } else if (star != NULL) {
      next_char (&star_text);
      text = star_text;
      pattern = star;
    } else {
      return FALSE;
    }
  }
  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}

/* ---- conversion from and to text ---- */

static const struct {
  const char *name;
  guint64 bytes;
} size_units[] = {
    /* The units used for writing come first, larger ones before smaller ones. */
    {"PiB", (guint64)1 << 50},
    {"TiB", (guint64)1 << 40},
    {"GiB", (guint64)1 << 30},
    {"MiB", (guint64)1 << 20},
    {"KiB", (guint64)1 << 10},
    {"PB", G_GUINT64_CONSTANT (1000000000000000)},
    {"TB", G_GUINT64_CONSTANT (1000000000000)},
    {"GB", 1000000000},
    {"MB", 1000000},
    {"kB", 1000},
    {"KB", 1000},
    {"B", 1},
};
#define BINARY_UNITS 5

/* Can TEXT be written without quotes in rule text where a word of an enum is expected? */
static gboolean
is_bare_word (const char *text)
{
  gsize i;

  if (!g_ascii_isalpha (text[0]) && text[0] != '_')
    return FALSE;
  for (i = 0; text[i] != '\0'; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '_' && text[i] != '-')
      return FALSE;
  return i <= 200 && strcmp (text, "true") != 0 && strcmp (text, "false") != 0 &&
         strcmp (text, "unset") != 0;
}

static char *
quoted (const char *text)
{
  GString *out = g_string_sized_new (strlen (text) + 2);
  const char *p = text;

  g_string_append_c (out, '"');
  while (*p != '\0') {
    const guchar c = (guchar)*p;

    if (c == '"' || c == '\\') {
      g_string_append_c (out, '\\');
      g_string_append_c (out, (char)c);
      p++;
    } else if (c == '\n' || c == '\t') {
      g_string_append (out, c == '\n' ? "\\n" : "\\t");
      p++;
    } else if (c < 0x20 || c == 0x7f) {
      g_string_append_printf (out, "\\x%02x", c);
      p++;
    } else if (c < 0x80) {
      g_string_append_c (out, (char)c);
      p++;
    } else {
      const gunichar u = g_utf8_get_char_validated (p, -1);

      /* Escape unprintable characters and bytes that are not UTF-8: rule text must be valid
       * UTF-8 and must not control a terminal. */
      if (u == (gunichar)-1 || u == (gunichar)-2) {
        g_string_append_printf (out, "\\x%02x", c);
        p++;
      } else {
        const char *next = g_utf8_next_char (p);

        if (!v2v_is_printable (u))
          for (const char *q = p; q < next; q++)
            g_string_append_printf (out, "\\x%02x", (guchar)*q);
        else
          g_string_append_len (out, p, next - p);
        p = next;
      }
    }
  }
  g_string_append_c (out, '"');
  return g_string_free (out, FALSE);
}

char *
v2v_value_to_rule_text (V2vTypeKind kind, V2vValue value)
{
  switch (value.kind) {
  case V2V_UNSET:
    return g_strdup ("unset");
  case V2V_TRUTH:
    return g_strdup (value.number ? "true" : "false");
  case V2V_NUMBER:
    if (kind == V2V_TYPE_SIZE && value.number > 0)
      for (guint i = 0; i < BINARY_UNITS; i++)
        if ((guint64)value.number % size_units[i].bytes == 0)
          return g_strdup_printf ("%" G_GUINT64_FORMAT "%s",
                                  (guint64)value.number / size_units[i].bytes,
                                  size_units[i].name);
    return g_strdup_printf ("%" G_GINT64_FORMAT, value.number);
  case V2V_TEXT:
    break;
  }
  if (kind == V2V_TYPE_ENUM && is_bare_word (value.text))
    return g_strdup (value.text);
  return quoted (value.text);
}

char *
v2v_value_to_text (V2vValue value)
{
  switch (value.kind) {
  case V2V_TRUTH:
    return g_strdup (value.number ? "true" : "false");
  case V2V_NUMBER:
    return g_strdup_printf ("%" G_GINT64_FORMAT, value.number);
  case V2V_TEXT:
    return g_strdup (value.text);
  case V2V_UNSET:
    break;
  }
  return g_strdup ("");
}

static gboolean
parse_size (const char *text, gint64 *size_r)
{
  char *end = NULL;
  guint64 number, bytes = 1;

  if (!g_ascii_isdigit (*text))
    return FALSE;
  errno = 0;
  number = g_ascii_strtoull (text, &end, 10);
  if (errno != 0)
    return FALSE;
  if (*end == ' ')
    end++;
  if (*end != '\0') {
    guint i;

    for (i = 0; i < G_N_ELEMENTS (size_units); i++)
      if (strcmp (end, size_units[i].name) == 0)
        break;
    if (i == G_N_ELEMENTS (size_units))
      return FALSE;
    bytes = size_units[i].bytes;
  }
  if (number > (guint64)G_MAXINT64 / bytes)
    return FALSE;
  *size_r = (gint64)(number * bytes);
  return TRUE;
}

gboolean
v2v_value_parse (V2vTypeKind kind, const char *text, V2vValue *value_r)
{
  static const char *const yes[] = {"true", "yes", "on", "1", NULL};
  static const char *const no[] = {"false", "no", "off", "0", NULL};
  gint64 number;

  if (text == NULL || *text == '\0') {
    *value_r = V2V_VALUE_UNSET;
    return TRUE;
  }
  switch (kind) {
  case V2V_TYPE_INT:
    if (!g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &number, NULL))
      return FALSE;
    *value_r = v2v_value_number (number);
    return TRUE;
  case V2V_TYPE_SIZE:
    if (!parse_size (text, &number))
      return FALSE;
    *value_r = v2v_value_number (number);
    return TRUE;
  case V2V_TYPE_BOOL:
    if (g_strv_contains (yes, text))
      *value_r = v2v_value_truth (TRUE);
    else if (g_strv_contains (no, text))
      *value_r = v2v_value_truth (FALSE);
    else
      return FALSE;
    return TRUE;
  case V2V_TYPE_STRING:
  case V2V_TYPE_ENUM:
  case V2V_TYPE_PATH:
  case V2V_TYPE_PACKAGE_VERSION:
  case V2V_TYPE_PLAIN_VERSION:
    break;
  }
  *value_r = v2v_value_text (text);
  return TRUE;
}

const char *
v2v_type_name (V2vTypeKind kind)
{
  switch (kind) {
  case V2V_TYPE_STRING:
    return "string";
  case V2V_TYPE_ENUM:
    return "enum";
  case V2V_TYPE_PATH:
    return "path";
  case V2V_TYPE_INT:
    return "int";
  case V2V_TYPE_SIZE:
    return "size";
  case V2V_TYPE_BOOL:
    return "bool";
  case V2V_TYPE_PACKAGE_VERSION:
    return "package-version";
  case V2V_TYPE_PLAIN_VERSION:
    return "plain-version";
  }
  return "unknown";
}
