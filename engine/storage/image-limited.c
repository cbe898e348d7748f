/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading a header in a process of its own, with limits (base/limited.h).
 */
#include "config.h"

#include "base/limited.h"
#include "storage/image.h"

#define WALL_SECONDS 60
#define ANSWER_MAX (16 * 1024 * 1024)

static const V2vLimits limits = {
    .address_space = G_GUINT64_CONSTANT (256) << 20,
    .cpu_seconds = 10,
    .wall_seconds = WALL_SECONDS,
};

/* What is to be read. */
typedef struct {
  int fd;
  const char *path;
  const V2vSlice *slice;
  const char *format; /* NULL: whichever it is */
  gboolean extent;
} Question;

/* status and message of an error; format; size; members */
#define ANSWER_TYPE "(isssxa(iss))"

/* In the new process. */
static int
answer (int to, gpointer data)
{
  const Question *question = data;
  const V2vSlice *slice = question->slice;
  const char *format = question->format;
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vImage) image = NULL;
  g_autoptr (GVariant) variant = NULL;
  GVariantBuilder members;
  V2vImageFile file;

  g_variant_builder_init (&members, G_VARIANT_TYPE ("a(iss)"));
  if (v2v_image_file_init (&file, question->fd, question->path, &error) &&
      (!slice || !slice->length || v2v_image_file_slice (&file, slice, &error))) {
    if (!format && !question->extent)
      format = v2v_image_probe (&file);
    if (question->extent)
      image = v2v_image_read_extent (&file, &error);
    else if (format)
      image = v2v_image_read (&file, format, &error);
  }
  for (guint i = 0; image && i < image->members->len; i++) {
    const V2vMember *member = image->members->pdata[i];

    g_variant_builder_add (&members, "(iss)", member->role, member->name,
                           member->format ? member->format : "");
  }
  if (error && !g_utf8_validate (error->message, -1, NULL)) {
    char *valid = g_utf8_make_valid (error->message, -1);

    g_free (error->message);
    error->message = valid;
  }
  variant = g_variant_ref_sink (g_variant_new (
      ANSWER_TYPE, error ? error->code : 0, error ? error->message : "", format ? format : "",
      image ? "image" : "", image ? image->size : (gint64)0, &members));
  v2v_limited_write (to, g_variant_get_data (variant), g_variant_get_size (variant));
  return 0;
}

static V2vImage *
decode (GVariant *variant, const char *path, const char **format_r, GError **error)
{
  g_autoptr (V2vImage) image = v2v_image_new ();
  g_autoptr (GVariantIter) members = NULL;
  const char *message, *format, *found, *name, *member_format;
  gint32 status, role;
  V2vImageFile file = {.fd = -1, .path = path};

  g_variant_get (variant, "(i&s&s&sxa(iss))", &status, &message, &format, &found, &image->size,
                 &members);
  if (format_r)
    *format_r = *format ? g_intern_string (format) : NULL;
  if (status) {
    g_set_error_literal (error, V2V_ERROR, status, message);
    return NULL;
  }
  if (!*found)
    return NULL;
  while (g_variant_iter_next (members, "(i&s&s)", &role, &name, &member_format))
    if (!v2v_image_add_member (image, &file, (V2vMemberRole)role, name, strlen (name),
                               *member_format ? member_format : NULL, error))
      return NULL;
  return g_steal_pointer (&image);
}

V2vImage *
v2v_image_read_limited (int fd, const char *path, const V2vSlice *slice, const char *format,
                        gboolean extent, const char **format_r, GError **error)
{
  Question question = {fd, path, slice, format, extent};
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) variant = NULL;
  GError *local = NULL;

  bytes = v2v_limited_call (answer, &question, &limits, ANSWER_MAX, &local);
  if (local) {
    g_prefix_error (&local, "%s: its header cannot be read: ", path);
    g_propagate_error (error, local);
    return NULL;
  }
  if (!bytes) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s: its header could not be read within %d seconds and the memory allowed; the "
        "disk is damaged or its storage does not answer",
        path, WALL_SECONDS);
    return NULL;
  }
  variant = g_variant_ref_sink (
      g_variant_new_from_bytes (G_VARIANT_TYPE (ANSWER_TYPE), bytes, FALSE));
  if (!g_variant_is_normal_form (variant)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s: its header could not be read", path);
    return NULL;
  }
  return decode (variant, path, format_r, error);
}
