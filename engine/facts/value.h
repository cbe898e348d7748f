/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Values of facts: text, number, truth, or unset; and how values of each type
 * compare.
 *
 * A value is small and is copied. Its text is interned (v2v_intern), so equal
 * texts are equal pointers and nothing has to be freed.
 */
#pragma once

#include <glib.h>

typedef enum {
  V2V_TYPE_STRING,
  V2V_TYPE_ENUM, /* a declared word; a guest may hold others */
  V2V_TYPE_PATH, /* an absolute path in the guest, or a device name */
  V2V_TYPE_INT,
  V2V_TYPE_SIZE, /* bytes */
  V2V_TYPE_BOOL,
  V2V_TYPE_PACKAGE_VERSION, /* text, ordered by the guest's package format */
  V2V_TYPE_PLAIN_VERSION,   /* text, ordered by numeric, then alphabetic segments */
} V2vTypeKind;

typedef enum { V2V_UNSET = 0, V2V_TEXT, V2V_NUMBER, V2V_TRUTH } V2vValueKind;

typedef struct {
  V2vValueKind kind;
  union {
    const char *text; /* interned */
    gint64 number;    /* V2V_NUMBER, and 0 or 1 for V2V_TRUTH */
  };
} V2vValue;

#define V2V_VALUE_UNSET ((V2vValue){V2V_UNSET, {NULL}})

/* The one copy of TEXT; lives as long as the program. */
const char *v2v_intern (const char *text);
const char *v2v_intern_length (const char *text, gsize length);

V2vValue v2v_value_text (const char *text); /* interns; NULL gives unset */
V2vValue v2v_value_number (gint64 number);
V2vValue v2v_value_truth (gboolean truth);

static inline gboolean
v2v_value_is_set (V2vValue value)
{
  return value.kind != V2V_UNSET;
}

static inline gboolean
v2v_value_equal (V2vValue a, V2vValue b)
{
  return a.kind == b.kind && (a.kind == V2V_UNSET ||
                              (a.kind == V2V_TEXT ? a.text == b.text : a.number == b.number));
}

guint v2v_value_hash (V2vValue value);

/* How package versions are ordered: by libsolv in the way of rpm, dpkg or pacman, or
 * plainly. */
typedef enum {
  V2V_PACKAGES_PLAIN,
  V2V_PACKAGES_RPM,
  V2V_PACKAGES_DEB,
  V2V_PACKAGES_ARCH
} V2vPackageFormat;

/* "rpm", "deb", "pacman"/"arch"; anything else (NULL too) is plain. */
V2vPackageFormat v2v_package_format (const char *name);

/* Less than 0, 0, more than 0. Both have to be set and of kind KIND. FORMAT matters for
 * V2V_TYPE_PACKAGE_VERSION only. */
int v2v_value_compare (V2vTypeKind kind, V2vPackageFormat format, V2vValue a, V2vValue b);

/* Numeric segments by value, alphabetic ones by bytes, a numeric one after an alphabetic one, a
 * longer one after its prefix. */
int v2v_plain_version_compare (const char *a, const char *b);

/* What PATTERN (with * and ? and [...]) says of TEXT. The time taken is bounded by the product
 * of the lengths. */
gboolean v2v_glob_match (const char *pattern, const char *text);

/* As in rule text: words bare if they are enum values, other text quoted, sizes with
 * the largest unit that divides them, unset as "unset". To be freed with g_free. */
char *v2v_value_to_rule_text (V2vTypeKind kind, V2vValue value);
/* The bare text ("true", "42", the text itself, "" for unset). To be freed with g_free. */
char *v2v_value_to_text (V2vValue value);
/* Reads TEXT as a value of KIND: numbers in decimal, sizes with unit (none: bytes; KiB, MiB,
 * GiB, TiB, kB, MB, GB, ...), truth as true/false/yes/no/on/off/1/0. Empty text gives unset.
 * FALSE if it is no such value. */
gboolean v2v_value_parse (V2vTypeKind kind, const char *text, V2vValue *value_r);

const char *v2v_type_name (V2vTypeKind kind);
