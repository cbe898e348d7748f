/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads numbers in the headers of disk images, which need not be aligned.
 */
#pragma once

#include <string.h>

#include <glib.h>

static inline guint32
v2v_be32 (const guchar *p)
{
  guint32 value;

  memcpy (&value, p, sizeof value);
  return GUINT32_FROM_BE (value);
}

static inline guint64
v2v_be64 (const guchar *p)
{
  guint64 value;

  memcpy (&value, p, sizeof value);
  return GUINT64_FROM_BE (value);
}

static inline guint16
v2v_le16 (const guchar *p)
{
  guint16 value;

  memcpy (&value, p, sizeof value);
  return GUINT16_FROM_LE (value);
}

static inline guint32
v2v_le32 (const guchar *p)
{
  guint32 value;

  memcpy (&value, p, sizeof value);
  return GUINT32_FROM_LE (value);
}

static inline guint64
v2v_le64 (const guchar *p)
{
  guint64 value;

  memcpy (&value, p, sizeof value);
  return GUINT64_FROM_LE (value);
}
