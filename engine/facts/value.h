/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Values of facts (text, numbers, truth values, or unset) and how values of each type compare.
 *
 * A value is small and is passed by value. Its text is interned (v2v_intern): equal texts have
 * equal pointers, and nothing has to be freed.
 */
#pragma once

#include <glib.h>

typedef enum {
  V2V_TYPE_STRING,
  V2V_TYPE_ENUM, /* a declared word; a guest may provide other words */
  V2V_TYPE_PATH, /* an absolute path in the guest, or a device name */
  V2V_TYPE_INT,
  V2V_TYPE_SIZE, /* bytes */
  V2V_TYPE_BOOL,
  V2V_TYPE_PACKAGE_VERSION, /* text, compared by the rules of the guest's package format */
  V2V_TYPE_PLAIN_VERSION,   /* text, compared as v2v_plain_version_compare does */
} V2vTypeKind;

typedef enum { V2V_UNSET = 0, V2V_TEXT, V2V_NUMBER, V2V_TRUTH } V2vValueKind;

typedef struct {
  V2vValueKind kind;
  union {
    const char *text; /* interned */
    gint64 number;    /* for V2V_NUMBER; 0 or 1 for V2V_TRUTH */
  };
} V2vValue;

#define V2V_VALUE_UNSET ((V2vValue){V2V_UNSET, {NULL}})

/* Returns the interned copy of TEXT, which lives as long as the process. */
const char *v2v_intern (const char *text);
const char *v2v_intern_length (const char *text, gsize length);

V2vValue v2v_value_text (const char *text); /* interns TEXT; NULL becomes unset */
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

/* How package versions are compared: by libsolv with the rules of rpm, dpkg or pacman, or as
 * plain versions. */
typedef enum {
  V2V_PACKAGES_PLAIN,
  V2V_PACKAGES_RPM,
  V2V_PACKAGES_DEB,
  V2V_PACKAGES_ARCH
} V2vPackageFormat;

/* Accepts "rpm", "deb", "pacman" and "arch"; anything else, and NULL, is V2V_PACKAGES_PLAIN. */
V2vPackageFormat v2v_package_format (const char *name);

/* Returns a number less than, equal to or greater than 0. Both values must be set and of kind
 * KIND. FORMAT is used for V2V_TYPE_PACKAGE_VERSION only. */
int v2v_value_compare (V2vTypeKind kind, V2vPackageFormat format, V2vValue a, V2vValue b);

/* Compares versions segment by segment: numeric segments by value, alphabetic ones by bytes; a
 * numeric segment is greater than an alphabetic one, and a version is greater than its own
 * beginning. */
int v2v_plain_version_compare (const char *a, const char *b);

/* Does PATTERN (with *, ? and [...]) match TEXT? The time is limited by the product of the
 * lengths. */
gboolean v2v_glob_match (const char *pattern, const char *text);

/* VALUE as it is written in rule text: enum words without quotes, other text quoted, sizes with
 * the largest unit that divides them, unset as "unset". To be freed with g_free. */
char *v2v_value_to_rule_text (V2vTypeKind kind, V2vValue value);
/* VALUE without quotes: "true", "42", the text itself, "" for unset. To be freed with
 * g_free. */
char *v2v_value_to_text (V2vValue value);
/* Parses TEXT as a value of KIND: decimal numbers; sizes with a unit such as KiB, MiB, GiB, kB,
 * MB or GB (none: bytes); truth values as true/false, yes/no, on/off or 1/0. Empty text becomes
 * unset. Returns FALSE if TEXT is not such a value. */
gboolean v2v_value_parse (V2vTypeKind kind, const char *text, V2vValue *value_r);

const char *v2v_type_name (V2vTypeKind kind);
