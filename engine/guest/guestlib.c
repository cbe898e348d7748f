/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The global "guest" of scripts.
 *
 * A call has three parts, since an error in Lua jumps over C frames, whose memory would leak.
 * The first copies and checks the arguments. The second, plain C, does the work and stores its
 * result or error message in V2vGuestLib. The third passes the result or the error to Lua.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lauxlib.h>

#include "base/diag.h"
#include "base/log.h"
#include "base/tempfile.h"
#include "guest/binding.h"
#include "guest/guestlib.h"

/* The largest file that a script can read, and the size of the pieces that are read. Pieces
 * that fit into one message are much faster than libguestfs's transfer of whole files. */
#define READ_MAX (32 * 1024 * 1024)
#define READ_PIECE (2 * 1024 * 1024)

/* The largest file that a call may process as a whole. */
#define CONTENT_MAX (G_GINT64_CONSTANT (1) << 30)

/* The largest number of bytes of a command line in a record. */
#define DETAIL_MAX 300

#define AUGEAS_FILES_MAX 64

/* The largest file whose original is kept, and the largest total size of all originals. */
#define ORIGINAL_MAX (1024 * 1024)
#define ORIGINALS_MAX (64 * 1024 * 1024)

const V2vCallInfo v2v_calls[] = {
#define V2V_CALL(name, class, parameters, path, detail, content, result, arguments, what)      \
  {#name,   V2V_CALL_##class,    parameters, path, detail,                                     \
   content, V2V_RESULT_##result, arguments,  what},
#include "guest/calls.h"
#undef V2V_CALL
    {NULL}};

/* ---- the record ---- */

void
v2v_change_free (V2vChange *change)
{
  g_free (change->path);
  g_free (change->detail);
  g_free (change->sha256);
  g_free (change);
}

/* An argument as text for the record: a string, a number, or words joined by spaces. */
static char *
argument_text (const V2vLuaValue *value)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char *printable;

  if (value->kind == V2V_LUA_INTEGER) {
    g_string_printf (text, "%" G_GINT64_FORMAT, value->integer);
  } else if (value->kind == V2V_LUA_STRING) {
    g_string_append_len (text, value->string, (gssize)MIN (value->length, DETAIL_MAX * 4));
  } else if (value->kind == V2V_LUA_TABLE) {
    for (guint i = 1; i <= value->pairs->len && text->len < DETAIL_MAX * 4; i++) {
      const V2vLuaValue *word = v2v_lua_value_get (value, NULL, i);

      if (word && word->kind == V2V_LUA_STRING)
        g_string_append_printf (text, "%s%s", i > 1 ? " " : "", word->string);
    }
  } else {
    return NULL;
  }
  printable = v2v_printable (text->str, (gssize)text->len, FALSE);
  if (g_utf8_strlen (printable, -1) > DETAIL_MAX) {
    g_autofree char *whole = printable;
    g_autofree char *start = g_utf8_substring (whole, 0, DETAIL_MAX);

    printable = g_strconcat (start, "...", NULL);
  }
  return printable;
}

static V2vChange *
add_change (V2vGuestLib *lib, const char *call, char *path, char *detail)
{
  V2vChange *change = g_new0 (V2vChange, 1);

  change->call = call;
  change->path = path;
  change->detail = detail;
  change->length = -1;
  if (lib->changes)
    g_ptr_array_add (lib->changes, change);
  else
    g_clear_pointer (&change, v2v_change_free);
  return change;
}

/* Whether the call changes a mode, which records show in octal. */
static gboolean
is_mode (const V2vCallInfo *info)
{
  return strcmp (info->name, "chmod") == 0 || strcmp (info->name, "mkdir_mode") == 0;
}

static void
record (V2vGuestLib *lib, const V2vCallInfo *info)
{
  const V2vLuaValue *args = lib->args;
  const V2vLuaValue *content = info->content ? &args[info->content - 1] : NULL;
  char *detail = info->detail ? argument_text (&args[info->detail - 1]) : NULL;
  V2vChange *change;

  if (info->class == V2V_CALL_EXEC)
    detail = argument_text (&args[0]);
  if (detail && is_mode (info)) {
    g_free (detail);
    detail = g_strdup_printf ("%04o", (guint)args[info->detail - 1].integer);
  }
  change = add_change (lib, info->name,
                       info->path ? argument_text (&args[info->path - 1]) : NULL, detail);
  if (change && content && content->kind == V2V_LUA_STRING) {
    change->length = (gint64)content->length;
    change->sha256 = g_compute_checksum_for_data (
        G_CHECKSUM_SHA256, (const guchar *)content->string, content->length);
  }
}

/* Keeps the content of PATH before a script changes it for the first time, or NULL if it does
 * not exist. Keeps nothing if it is not a file, or too large. */
static void
keep_original (V2vGuest *guest, const char *path)
{
  g_autofree char *bytes = NULL;
  struct guestfs_statns *status;
  gboolean fits;
  size_t length = 0;

  if (*path != '/' || g_hash_table_contains (guest->originals, path))
    return;
  status = guestfs_statns (guest->g, path);
  if (status == NULL && guestfs_last_errno (guest->g) == ENOENT)
    g_hash_table_insert (guest->originals, g_strdup (path), NULL);
  fits = status && S_ISREG (status->st_mode) && status->st_size <= ORIGINAL_MAX &&
         guest->originals_length + (gsize)status->st_size <= ORIGINALS_MAX;
  if (status)
    guestfs_free_statns (status);
  bytes = fits ? guestfs_pread (guest->g, path, ORIGINAL_MAX, 0, &length) : NULL;
  if (bytes == NULL)
    return;
  guest->originals_length += length;
  g_hash_table_insert (guest->originals, g_strdup (path), g_bytes_new (bytes, length));
}

/* ---- plain C: the work of a call ---- */

static gboolean
failed (V2vGuestLib *lib, int errnum, char *message)
{
  g_free (lib->message);
  lib->message = message;
  lib->errnum = errnum;
  return FALSE;
}

/* Records the failure of a call like failed, from a GError. */
static gboolean
failed_with (V2vGuestLib *lib, GError *error)
{
  failed (lib, 0, g_strdup (error->message));
  g_error_free (error);
  return FALSE;
}

static gboolean
save_augeas (V2vGuestLib *lib, GError **error)
{
  g_autoptr (GPtrArray) saved = g_ptr_array_new_with_free_func (g_free);

  if (!v2v_augeas_save (lib->augeas, lib->guest, saved, error))
    return FALSE;
  for (guint i = 0; i < saved->len; i++)
    add_change (lib, "aug_save", v2v_printable (saved->pdata[i], -1, FALSE), NULL);
  return TRUE;
}

/* libguestfs begins its messages with the name of the call. */
static char *
without_prefix (char *message, const char *call)
{
  const char *rest = message;

  if (g_str_has_prefix (rest, "internal_"))
    rest += strlen ("internal_");
  if (g_str_has_prefix (rest, call) && g_str_has_prefix (rest + strlen (call), ": "))
    memmove (message, rest + strlen (call) + 2, strlen (rest + strlen (call) + 2) + 1);
  return message;
}

/* Reads a whole file into lib->result. */
static gboolean
read_whole (V2vGuestLib *lib)
{
  guestfs_h *g = lib->guest->g;
  GByteArray *bytes = g_byte_array_new ();

  for (;;) {
    size_t got = 0;
    g_autofree char *piece =
        guestfs_pread (g, lib->args[0].string, READ_PIECE, (int64_t)bytes->len, &got);

    if (piece == NULL) {
      const char *last = guestfs_last_error (g);

      g_byte_array_unref (bytes);
      return failed (lib, guestfs_last_errno (g),
                     without_prefix (g_strdup (last ? last : "unknown error"), "pread"));
    }
    g_byte_array_append (bytes, (guint8 *)piece, (guint)got);
    if (got < READ_PIECE)
      break;
    if (bytes->len >= READ_MAX) {
      g_byte_array_unref (bytes);
      return failed (
          lib, EFBIG,
          g_strdup_printf ("%s is longer than %d MiB, which is more than a script can "
                           "read",
                           lib->args[0].string, READ_MAX / 1024 / 1024));
    }
  }
  lib->result.kind = V2V_LUA_STRING;
  lib->result.length = bytes->len;
  g_byte_array_append (bytes, (const guint8 *)"", 1);
  lib->result.string = (char *)g_byte_array_free (bytes, FALSE);
  return TRUE;
}

/* Replaces the text in lib->result by a list of its lines, without line feeds and the carriage
 * returns before them. */
static void
split_lines (V2vGuestLib *lib)
{
  V2vLuaValue text = lib->result;
  const char *end = text.string + text.length;
  GArray *pairs = g_array_new (FALSE, TRUE, sizeof (V2vLuaPair));

  for (const char *line = text.string; line < end;) {
    const char *stop = memchr (line, '\n', (gsize)(end - line));
    gsize length = (gsize)((stop ? stop : end) - line);
    V2vLuaPair pair = {{V2V_LUA_INTEGER, .integer = pairs->len + 1}, {V2V_LUA_STRING}};

    pair.value.length = length - (stop && length && line[length - 1] == '\r');
    pair.value.string = g_strndup (line, pair.value.length);
    pair.value.length = strlen (pair.value.string);
    g_array_append_val (pairs, pair);
    line = stop ? stop + 1 : end;
  }
  v2v_lua_value_clear (&lib->result);
  lib->result.kind = V2V_LUA_TABLE;
  lib->result.pairs = pairs;
}

static gboolean
through_binding (V2vGuestLib *lib, const char *method)
{
  char *message = NULL;
  int errnum = 0;

  if (v2v_binding_call (lib->guest->binding, method, lib->args, lib->n_args, &lib->result,
                        &errnum, &message))
    return TRUE;
  return failed (lib, errnum, without_prefix (message, method));
}

/* The attributes of PATH that prevent writing, of "a" (append only) and "i" (immutable); NULL
 * if it has neither. */
static char *
locks_of (guestfs_h *g, const char *path)
{
  g_autofree char *attributes = guestfs_get_e2attrs (g, path);
  g_autofree char *locks = attributes ? g_strdup (attributes) : NULL;
  char *end = locks;

  for (const char *next = attributes; next && *next; next++) {
    if (*next == 'a' || *next == 'i')
      *end++ = *next;
  }
  if (end == locks)
    return NULL;
  *end = '\0';
  return g_steal_pointer (&locks);
}

/* Makes a call that writes. Administrators use chattr(1) to make files immutable or
 * append-only, as protection from programs that rewrite configuration. A conversion has to
 * change such a file nevertheless, so the attributes are removed for the call and set again
 * afterwards. */
static gboolean
write_through_binding (V2vGuestLib *lib, const V2vCallInfo *info)
{
  guestfs_h *g = lib->guest->g;
  const char *path = info->path ? lib->args[info->path - 1].string : NULL;
  struct guestfs_set_e2attrs_argv set = {0};
  struct guestfs_set_e2attrs_argv clear = {.bitmask = GUESTFS_SET_E2ATTRS_CLEAR_BITMASK,
                                           .clear = 1};
  g_autofree char *locks = NULL;
  gboolean ok = through_binding (lib, info->name);

  if (ok || lib->errnum != EPERM || path == NULL)
    return ok;
  locks = locks_of (g, path);
  if (locks == NULL || guestfs_set_e2attrs_argv (g, path, locks, &clear) != 0)
    return FALSE;
  g_clear_pointer (&lib->message, g_free);
  lib->errnum = 0;
  ok = through_binding (lib, info->name);
  /* The file may have been removed or renamed, so a failure is ignored. */
  if (guestfs_set_e2attrs_argv (g, path, locks, &set) == 0)
    v2v_debug ("%s is locked (chattr +%s): it was unlocked for guest.%s", path, locks,
               info->name);
  return ok;
}

/* Checks the files that the call will open, since opening a named pipe would never return. A
 * program of the appliance resolves links in the appliance, not in the guest, so it gets a
 * path without links. */
static gboolean
check_files (V2vGuestLib *lib, const char *parameters)
{
  for (guint i = 0; i < lib->n_args && parameters[i] != '?'; i++) {
    V2vLuaValue *arg = &lib->args[i];
    gint64 most = parameters[i] == 'f' || parameters[i] == 'r' ? CONTENT_MAX : 0;
    char *message = NULL;
    int errnum;

    if (!strchr ("pfrw", parameters[i]))
      continue;
    errnum = v2v_guest_check_file (lib->guest, arg->string, most, &message);
    if (errnum)
      return failed (lib, errnum, message);
    if (parameters[i] == 'r') {
      char *real = guestfs_realpath (lib->guest->g, arg->string);

      if (real == NULL)
        return failed (
            lib, guestfs_last_errno (lib->guest->g),
            without_prefix (g_strdup (guestfs_last_error (lib->guest->g)), "realpath"));
      g_free (arg->string);
      arg->string = real;
      arg->length = strlen (real);
    }
  }
  return TRUE;
}

/* Makes one call of libguestfs with the arguments in LIB. */
static gboolean
perform (V2vGuestLib *lib, const V2vCallInfo *info)
{
  gint64 start = g_get_monotonic_time ();
  gboolean runs = info->class == V2V_CALL_EXEC || info->class == V2V_CALL_QUERY;
  GError *error = NULL;
  gboolean ok;

  if (runs) {
    g_autofree char *what = argument_text (&lib->args[0]);
    g_autofree char *detail = g_strdup_printf ("%s, running \"%s\"", lib->about, what);

    /* The program must see the changes made through Augeas so far. */
    if (!save_augeas (lib, &error))
      return failed_with (lib, error);
    v2v_step_detail (detail);
  }
  if (info->class == V2V_CALL_AUG_READ || info->class == V2V_CALL_AUG_WRITE) {
    if (!lib->augeas->used)
      return failed (lib, 0,
                     g_strdup ("no file is loaded: call guest.augeas (lens, path) first"));
    if (!v2v_augeas_refresh (lib->augeas, lib->guest, &error))
      return failed_with (lib, error);
  }

  if (!check_files (lib, info->parameters))
    return FALSE;
  if (info->class == V2V_CALL_WRITE && info->path &&
      lib->args[info->path - 1].kind == V2V_LUA_STRING)
    keep_original (lib->guest, lib->args[info->path - 1].string);

  if (strcmp (info->name, "read_file") == 0 || strcmp (info->name, "cat") == 0) {
    ok = read_whole (lib);
  } else if (strcmp (info->name, "read_lines") == 0) {
    ok = read_whole (lib);
    if (ok)
      split_lines (lib);
  } else if (info->class == V2V_CALL_WRITE) {
    ok = write_through_binding (lib, info);
  } else {
    ok = through_binding (lib, info->name);
  }
  if (runs)
    v2v_step_detail (lib->about);
  if (v2v_log_verbosity () >= V2V_VERBOSE) {
    g_autofree char *what = lib->n_args ? argument_text (&lib->args[0]) : NULL;

    v2v_debug ("guest.%s (%s): %s, %.3f s", info->name, what ? what : "", ok ? "ok" : "failed",
               (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  }
  /* Files may have changed even if the call failed. */
  if (info->class == V2V_CALL_WRITE || info->class == V2V_CALL_EXEC)
    lib->augeas->stale = TRUE;
  if (!ok)
    return FALSE;
  if (info->class == V2V_CALL_AUG_WRITE)
    lib->augeas->dirty = TRUE;
  if (info->class == V2V_CALL_WRITE || info->class == V2V_CALL_EXEC)
    record (lib, info);
  if (info->result != V2V_RESULT_PLAIN &&
      (info->result == V2V_RESULT_INTEGERS || lib->result.kind == V2V_LUA_STRING))
    v2v_lua_value_to_integers (&lib->result);
  return TRUE;
}

/* Opens the host's file that SOURCE names. -1 with a message on failure. */
static int
open_source (V2vGuestLib *lib, const char *source)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  struct stat status;
  int fd;

  if (*source == '/') {
    if (lib->host_files == NULL || !g_strv_contains (lib->host_files, source)) {
      failed (lib, 0,
              g_strdup_printf ("%s is no file that the command line named, and only such "
                               "files, or those beside a script, can be put into the guest",
                               source));
      return -1;
    }
    path = g_strdup (source);
    fd = open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  } else {
    g_autofree char *directory = g_path_get_dirname (lib->script);
    g_auto (GStrv) parts = g_strsplit (source, "/", -1);

    if (*source == '\0' || g_strv_contains ((const char *const *)parts, "..")) {
      failed (lib, 0,
              g_strdup_printf ("\"%s\" is no file below the directory of the script", source));
      return -1;
    }
    path = g_build_filename (directory, source, NULL);
    fd = v2v_script_open (lib->script, path, &error);
  }
  if (fd >= 0 && fstat (fd, &status) == 0 && S_ISREG (status.st_mode))
    return fd;
  if (fd >= 0)
    close (fd);
  if (g_error_matches (error, V2V_ERROR, V2V_EXIT_NOPERM))
    failed (lib, EPERM, g_strdup (error->message));
  else
    failed (lib, ENOENT, g_strdup_printf ("there is no file %s", path));
  return -1;
}

/* Computes length and checksum of the host's file that is open as FD; SOURCE is its name for
 * messages. */
static gboolean
sum_file (V2vGuestLib *lib, int fd, const char *source, gint64 *length_r, char **sha256_r)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guchar *piece = g_malloc (READ_PIECE);
  ssize_t got;

  *length_r = 0;
  while ((got = pread (fd, piece, READ_PIECE, (off_t)*length_r)) > 0 ||
         (got < 0 && errno == EINTR)) {
    if (got < 0)
      continue;
    g_checksum_update (sum, piece, (gssize)got);
    *length_r += (gint64)got;
  }
  if (got < 0)
    return failed (lib, errno,
                   g_strdup_printf ("%s cannot be read: %s", source, g_strerror (errno)));
  *sha256_r = g_strdup (g_checksum_get_string (sum));
  return TRUE;
}

/* Copies the host's file that is open as FD into the guest. */
static gboolean
put_open (V2vGuestLib *lib, int fd, gint64 mode)
{
  guestfs_h *g = lib->guest->g;
  const char *path = lib->args[1].string;
  g_autofree char *source = v2v_fd_name (fd);
  g_autofree char *sha256 = NULL;
  g_autofree char *there = NULL;
  struct guestfs_statns *status;
  gboolean same_content, same_mode;
  char *message = NULL;
  gint64 length;
  int errnum;

  if (!sum_file (lib, fd, lib->args[0].string, &length, &sha256))
    return FALSE;
  errnum = v2v_guest_check_file (lib->guest, path, 0, &message);
  if (errnum)
    return failed (lib, errnum, message);
  /* A file that already has this content is left as it is. */
  status = guestfs_statns (g, path);
  if (status && S_ISREG (status->st_mode) && status->st_size == length)
    there = guestfs_checksum (g, "sha256", path);
  same_mode = status && (status->st_mode & 07777) == mode;
  same_content = g_strcmp0 (there, sha256) == 0;
  if (status)
    guestfs_free_statns (status);

  lib->result.kind = V2V_LUA_TRUTH;
  lib->result.integer = !same_content || !same_mode;
  if (!same_content) {
    V2vChange *change;

    keep_original (lib->guest, path);
    if (guestfs_upload (g, source, path) != 0)
      return failed (lib, guestfs_last_errno (g), g_strdup (guestfs_last_error (g)));
    lib->augeas->stale = TRUE;
    change = add_change (lib, "put", v2v_printable (path, -1, FALSE),
                         g_strdup_printf ("%04o", (guint)mode));
    if (change) {
      change->length = length;
      change->sha256 = g_steal_pointer (&sha256);
    }
  }
  if (!same_mode) {
    if (guestfs_chmod (g, (int)mode, path) != 0)
      return failed (lib, guestfs_last_errno (g), g_strdup (guestfs_last_error (g)));
    if (same_content)
      add_change (lib, "chmod", v2v_printable (path, -1, FALSE),
                  g_strdup_printf ("%04o", (guint)mode));
  }
  return TRUE;
}

/* Does guest.put: SOURCE and PATH are arguments 1 and 2. The result is whether anything
 * changed. */
static gboolean
put_file (V2vGuestLib *lib, gint64 mode)
{
  int fd = open_source (lib, lib->args[0].string);
  gboolean ok;

  if (fd < 0)
    return FALSE;
  ok = put_open (lib, fd, mode);
  close (fd);
  return ok;
}

/* Does guest.augeas: the lens is argument 1, the paths are the list in argument 2. */
static gboolean
load_files (V2vGuestLib *lib)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  GError *error = NULL;
  char *first = NULL;

  for (guint i = 1; i <= lib->args[1].pairs->len; i++)
    g_ptr_array_add (paths, v2v_lua_value_get (&lib->args[1], NULL, i)->string);
  g_ptr_array_add (paths, NULL);
  /* Loading files would lose unsaved changes. */
  if (!save_augeas (lib, &error) ||
      !v2v_augeas_load (lib->augeas, lib->guest, lib->args[0].string,
                        (const char *const *)paths->pdata, &first, &error)) {
    g_free (first);
    return failed_with (lib, error);
  }
  lib->result.kind = V2V_LUA_STRING;
  lib->result.string = first;
  lib->result.length = strlen (first);
  return TRUE;
}

/* Does guest.fsck: the device and the type of its file system are arguments 1 and 2. The
 * result is the checker's description of the problems, or nil. */
static gboolean
examine (V2vGuestLib *lib)
{
  g_autofree char *detail =
      g_strdup_printf ("%s, examining %s", lib->about, lib->args[0].string);
  GError *error = NULL;

  /* The check must include the changes made through Augeas so far. */
  if (!save_augeas (lib, &error))
    return failed_with (lib, error);
  v2v_step_detail (detail);
  if (!v2v_guest_fsck (lib->guest, lib->args[0].string, lib->args[1].string,
                       &lib->result.string, &error))
    return failed_with (lib, error);
  v2v_step_detail (lib->about);
  if (lib->result.string) {
    lib->result.kind = V2V_LUA_STRING;
    lib->result.length = strlen (lib->result.string);
  }
  return TRUE;
}

static void
add_field (GArray *fields, const char *name, const char *text, gint64 number)
{
  V2vLuaPair pair = {{V2V_LUA_STRING}, {V2V_LUA_INTEGER, .integer = number}};

  pair.key.string = g_strdup (name);
  pair.key.length = strlen (name);
  if (text) {
    pair.value.kind = V2V_LUA_STRING;
    pair.value.string = g_strdup (text);
    pair.value.length = strlen (text);
  }
  g_array_append_val (fields, pair);
}

/* A V2vFoundFunc that appends the result to a list. */
static void
take_found (const V2vFound *found, void *data)
{
  GArray *list = data;
  V2vLuaPair pair = {{V2V_LUA_INTEGER, .integer = list->len + 1}, {V2V_LUA_TABLE}};
  const char type[] = {found->type, '\0'};

  pair.value.pairs = g_array_new (FALSE, TRUE, sizeof (V2vLuaPair));
  add_field (pair.value.pairs, "path", found->path, 0);
  if (found->line)
    add_field (pair.value.pairs, "line", NULL, found->line);
  else
    add_field (pair.value.pairs, "type", type, 0);
  add_field (pair.value.pairs, "text", found->text, 0);
  g_array_append_val (list, pair);
}

/* The strings of VALUE, which must be a list of strings. The caller frees the array, but not
 * the strings. */
static const char **
strings_of (const V2vLuaValue *list)
{
  GPtrArray *strings = g_ptr_array_new ();

  for (guint i = 1; i <= list->pairs->len; i++)
    g_ptr_array_add (strings, v2v_lua_value_get (list, NULL, i)->string);
  g_ptr_array_add (strings, NULL);
  return (const char **)g_ptr_array_free (strings, FALSE);
}

/* Does guest.search: the directory is argument 1, the words and the directories to leave out
 * are the lists in arguments 2 and 3. */
static gboolean
search (V2vGuestLib *lib)
{
  const gint64 start = g_get_monotonic_time ();
  g_autofree const char **words = strings_of (&lib->args[1]);
  g_autofree const char **without = lib->n_args > 2 ? strings_of (&lib->args[2]) : NULL;
  GArray *list = g_array_new (FALSE, TRUE, sizeof (V2vLuaPair));
  gboolean complete = TRUE;
  GError *error = NULL;

  lib->result.kind = V2V_LUA_TABLE;
  lib->result.pairs = list;
  if (!save_augeas (lib, &error) ||
      (*words && !v2v_guest_search (lib->guest, lib->args[0].string, words, without, take_found,
                                    list, &complete, &error)))
    return failed_with (lib, error);
  if (!complete) {
    V2vLuaPair pair = {{V2V_LUA_STRING}, {V2V_LUA_TRUTH, .integer = TRUE}};

    pair.key.string = g_strdup ("cut");
    pair.key.length = strlen ("cut");
    g_array_append_val (list, pair);
  }
  v2v_debug ("guest.search (%s): %u found, %.3f s", lib->args[0].string, list->len,
             (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  return TRUE;
}

/* ---- Lua: arguments and results ---- */

static void
clear_call (V2vGuestLib *lib)
{
  for (guint i = 0; i < lib->n_args; i++)
    v2v_lua_value_clear (&lib->args[i]);
  lib->n_args = 0;
  v2v_lua_value_clear (&lib->result);
  g_clear_pointer (&lib->message, g_free);
  lib->errnum = 0;
}

static V2vGuestLib *
lib_of (lua_State *L)
{
  return v2v_sandbox_of (L)->data;
}

static gboolean
is_plain_string (const V2vLuaValue *value)
{
  return value->kind == V2V_LUA_STRING && strlen (value->string) == value->length;
}

/* Whether NAME is one of NAMES ("a,b"). */
static gboolean
is_option (const char *name, const char *names)
{
  gsize length = strlen (name);

  for (; names; names = strchr (names, ',') ? strchr (names, ',') + 1 : NULL) {
    if (strncmp (names, name, length) == 0 && (names[length] == '\0' || names[length] == ','))
      return TRUE;
  }
  return FALSE;
}

/* Describes, in a static text, what PARAMETER expects, if VALUE is something else; otherwise
 * NULL. The binding does not check its arguments: a string instead of a list would crash it. */
static const char *
check_argument (const char *parameter, V2vLuaValue *value)
{
  switch (*parameter) {
  case 's':
  case 'p':
  case 'f':
  case 'r':
  case 'w':
    return is_plain_string (value) ? NULL : "a string without zero bytes";
  case 'n':
    return value->kind == V2V_LUA_NIL || is_plain_string (value)
               ? NULL
               : "a string without zero bytes, or nil";
  case 'B':
    return value->kind == V2V_LUA_STRING ? NULL : "a string";
  case 'b':
    return value->kind == V2V_LUA_TRUTH ? NULL : "true or false";
  case 'i':
    return value->kind == V2V_LUA_INTEGER && value->integer >= G_MININT32 &&
                   value->integer <= G_MAXINT32
               ? NULL
               : "an integer";
  case 'I':
    return value->kind == V2V_LUA_INTEGER || is_plain_string (value) ? NULL : "an integer";
  case 'l':
    if (value->kind != V2V_LUA_TABLE || v2v_lua_value_list_length (value) < 0)
      return "a list of strings";
    for (guint i = 0; i < value->pairs->len; i++) {
      if (!is_plain_string (&g_array_index (value->pairs, V2vLuaPair, i).value))
        return "a list of strings without zero bytes";
    }
    return NULL;
  case '?':
    if (value->kind != V2V_LUA_TABLE)
      return "a table of optional arguments by name";
    for (guint i = 0; i < value->pairs->len; i++) {
      const V2vLuaPair *pair = &g_array_index (value->pairs, V2vLuaPair, i);

      if (!is_plain_string (&pair->key) || !is_option (pair->key.string, parameter + 1) ||
          pair->value.kind == V2V_LUA_TABLE ||
          (pair->value.kind == V2V_LUA_STRING && !is_plain_string (&pair->value)))
        return parameter;
    }
    return NULL;
  default:
    g_return_val_if_reached ("nothing");
  }
}

/* Copies and checks the arguments on the stack. */
static void
take_arguments (lua_State *L, V2vGuestLib *lib, const char *name, const char *parameters)
{
  guint n = (guint)lua_gettop (L), least = (guint)strcspn (parameters, "?");
  guint most = least + (parameters[least] == '?');

  clear_call (lib);
  while (least > 0 && parameters[least - 1] == 'n')
    least--;
  if (n < least || n > most) {
    if (n > most && most == least)
      luaL_error (L, "guest.%s takes %d arguments and got %d", name, (int)most, (int)n);
    luaL_error (L, "guest.%s takes %d%s arguments and got %d", name, (int)least,
                least == most ? "" : " or more", (int)n);
  }
  for (guint i = 0; i < n; i++) {
    const char *why = NULL;

    lib->n_args = i + 1;
    if (!v2v_lua_value_read (L, (int)i + 1, &lib->args[i], &why))
      luaL_error (L, "guest.%s: argument %d cannot be used: %s", name, (int)i + 1, why);
    if (parameters[i] == '?' && lib->args[i].kind == V2V_LUA_NIL) {
      lib->n_args = i;
      break;
    }
    why = check_argument (parameters + i, &lib->args[i]);
    if (why && *why == '?')
      luaL_error (L, "guest.%s: argument %d holds optional arguments by name: %s", name,
                  (int)i + 1, why + 1);
    if (why)
      luaL_error (L, "guest.%s: argument %d has to be %s, and is %s", name, (int)i + 1, why,
                  lua_typename (L, lua_type (L, (int)i + 1)));
  }
}

/* Passes the result or the error to the script. */
static int
give_result (lua_State *L, V2vGuestLib *lib, const char *name, gboolean ok)
{
  if (!ok) {
    /* When the time is up, the appliance is stopped, and the current call fails because of
     * that. */
    gboolean late = v2v_sandbox_interrupted ();
    gboolean died = lib->guest && v2v_guest_has_died (lib->guest);

    lua_pushfstring (L, "guest.%s: %s", name, late ? "time is up" : lib->message);
    return v2v_sandbox_raise (L, late || died ? V2V_EXIT_TEMPFAIL : V2V_EXIT_DATA, lib->errnum);
  }
  v2v_lua_value_push (L, &lib->result);
  return 1;
}

static void
check_launched (lua_State *L, V2vGuestLib *lib, const char *name)
{
  if (lib->guest == NULL)
    luaL_error (L, "guest.%s: there is no guest here", name);
}

static int
call_allowed (lua_State *L)
{
  const V2vCallInfo *info = lua_touserdata (L, lua_upvalueindex (1));
  V2vGuestLib *lib = lib_of (L);

  check_launched (L, lib, info->name);
  take_arguments (L, lib, info->name, info->parameters);
  return give_result (L, lib, info->name, perform (lib, info));
}

static int
compare_paths (const void *a, const void *b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* guest.changed () */
static int
call_changed (lua_State *L)
{
  V2vGuestLib *lib = lib_of (L);
  gpointer *paths;
  guint n = 0;

  check_launched (L, lib, "changed");
  take_arguments (L, lib, "changed", "");
  paths = g_hash_table_get_keys_as_array (lib->guest->originals, &n);
  qsort (paths, n, sizeof *paths, compare_paths);
  lib->result.kind = V2V_LUA_TABLE;
  lib->result.pairs = g_array_new (FALSE, TRUE, sizeof (V2vLuaPair));
  for (guint i = 0; i < n; i++) {
    V2vLuaPair pair = {{V2V_LUA_INTEGER, .integer = i + 1}, {V2V_LUA_STRING}};

    pair.value.string = g_strdup (paths[i]);
    pair.value.length = strlen (paths[i]);
    g_array_append_val (lib->result.pairs, pair);
  }
  g_free (paths);
  return give_result (L, lib, "changed", TRUE);
}

/* guest.original (path) */
static int
call_original (lua_State *L)
{
  V2vGuestLib *lib = lib_of (L);
  GBytes *bytes;

  check_launched (L, lib, "original");
  take_arguments (L, lib, "original", "s");
  bytes = g_hash_table_lookup (lib->guest->originals, lib->args[0].string);
  if (bytes) {
    gsize length = 0;
    const char *data = g_bytes_get_data (bytes, &length);

    lib->result.kind = V2V_LUA_STRING;
    lib->result.length = length;
    lib->result.string = g_malloc (length + 1);
    if (length)
      memcpy (lib->result.string, data, length);
    lib->result.string[length] = '\0';
  }
  return give_result (L, lib, "original", TRUE);
}

/* guest.query (argv): runs a program that changes nothing. */
static int
call_query (lua_State *L)
{
  static const V2vCallInfo info = {"command", V2V_CALL_QUERY,   "l",  0,   0,
                                   0,         V2V_RESULT_PLAIN, NULL, NULL};
  V2vGuestLib *lib = lib_of (L);

  check_launched (L, lib, "query");
  take_arguments (L, lib, "query", "l");
  return give_result (L, lib, "query", perform (lib, &info));
}

/* guest.fsck (device, type) */
static int
call_fsck (lua_State *L)
{
  V2vGuestLib *lib = lib_of (L);

  check_launched (L, lib, "fsck");
  take_arguments (L, lib, "fsck", "ss");
  return give_result (L, lib, "fsck", examine (lib));
}

/* guest.search (directory, words[, without]) */
static int
call_search (lua_State *L)
{
  V2vGuestLib *lib = lib_of (L);

  check_launched (L, lib, "search");
  take_arguments (L, lib, "search", lua_gettop (L) > 2 ? "sll" : "sl");
  for (guint i = 1; i < lib->n_args; i++) {
    for (guint k = 1; k <= lib->args[i].pairs->len; k++) {
      const char *word = v2v_lua_value_get (&lib->args[i], NULL, k)->string;

      if (*word == '\0' || strchr (word, '\n'))
        return luaL_error (
            L, "guest.search: a word of argument %d is empty or has a line feed in it",
            (int)i + 1);
    }
  }
  if (*lib->args[0].string != '/')
    return luaL_error (L, "guest.search: \"%s\" is no absolute path", lib->args[0].string);
  return give_result (L, lib, "search", search (lib));
}

/* guest.put (source, path, mode) */
static int
call_put (lua_State *L)
{
  V2vGuestLib *lib = lib_of (L);
  gint64 mode = 0644;

  check_launched (L, lib, "put");
  if (lua_type (L, 3) == LUA_TSTRING) {
    const char *text = lua_tostring (L, 3);
    char *end;

    mode = g_ascii_strtoll (text, &end, 8);
    if (end == text || *end)
      mode = -1;
  } else if (!lua_isnoneornil (L, 3)) {
    mode = lua_isinteger (L, 3) ? lua_tointeger (L, 3) : -1;
  }
  if (mode < 0 || mode > 07777)
    return luaL_error (L, "guest.put: the mode has to be a number, or text in octal such as "
                          "\"0755\"");
  lua_settop (L, 2);
  take_arguments (L, lib, "put", "ss");
  return give_result (L, lib, "put", put_file (lib, mode));
}

/* Fills the slot NAME of the new domain, with a file of the guest if IS_FILE, or with a text. */
static int
give (lua_State *L, const char *function, gboolean is_file)
{
  V2vGuestLib *lib = lib_of (L);
  const char *name = luaL_checkstring (L, 1), *what = luaL_checkstring (L, 2);
  V2vHanded *handed;

  check_launched (L, lib, function);
  if (!*name || strlen (name) != strspn (name, "abcdefghijklmnopqrstuvwxyz"))
    return luaL_error (L, "guest.%s: a name is lower-case letters, not \"%s\"", function, name);
  if (is_file && *what != '/')
    return luaL_error (L, "guest.%s: \"%s\" is no absolute path", function, what);
  handed = g_new0 (V2vHanded, 1);
  *(is_file ? &handed->path : &handed->text) = g_strdup (what);
  g_hash_table_replace (lib->guest->handed, g_strdup (name), handed);
  return 0;
}

/* guest.give_file (name, path) */
static int
call_give_file (lua_State *L)
{
  return give (L, "give_file", TRUE);
}

/* guest.give_text (name, text) */
static int
call_give_text (lua_State *L)
{
  return give (L, "give_text", FALSE);
}

/* guest.augeas (lens, path, ...) */
static int
call_augeas (lua_State *L)
{
  V2vGuestLib *lib = lib_of (L);
  int n = lua_gettop (L);

  check_launched (L, lib, "augeas");
  if (n < 2 || n > AUGEAS_FILES_MAX + 1)
    return luaL_error (L, "guest.augeas takes a lens and 1 to %d paths", AUGEAS_FILES_MAX);
  lua_createtable (L, n - 1, 0);
  lua_insert (L, 2);
  for (int i = n - 1; i >= 1; i--)
    lua_rawseti (L, 2, i);
  take_arguments (L, lib, "augeas", "sl");
  for (guint i = 0; i < lib->args[1].pairs->len; i++) {
    const V2vLuaValue *path = &g_array_index (lib->args[1].pairs, V2vLuaPair, i).value;

    if (*path->string != '/')
      return luaL_error (L, "guest.augeas: \"%s\" is no absolute path", path->string);
  }
  return give_result (L, lib, "augeas", load_files (lib));
}

/* The engine's own functions. */
static const struct {
  const char *name;
  lua_CFunction function;
  gboolean writes;
  const char *arguments, *what; /* as in guest/calls.h */
} own[] = {
    {"augeas", call_augeas, FALSE, "lens, path, ...",
     "loads files with one lens (\"Fstab.lns\"); returns the Augeas path of the first"},
    {"changed", call_changed, FALSE, "",
     "the files of at most 1 MiB that scripts have changed, created or removed in this "
     "conversion: a sorted list of their paths; not those that programs changed"},
    {"fsck", call_fsck, FALSE, "device, type",
     "runs the checker of a file system (ext2 to ext4, xfs, btrfs) without changing "
     "anything; returns a text with the problems, or nil"},
    {"give_file", call_give_file, TRUE, "name, path",
     "puts a file of the guest into the slot NAME, which a stylesheet made in the new domain"},
    {"give_text", call_give_text, TRUE, "name, text",
     "puts a text into the slot NAME, which a stylesheet made in the new domain"},
    {"original", call_original, FALSE, "path",
     "the content before the conversion of a file that guest.changed lists; nil if it did "
     "not exist"},
    {"put", call_put, TRUE, "source, path[, mode]",
     "copies a file of the host into the guest, unless the guest already has the same file; "
     "returns whether it was copied"},
    {"query", call_query, FALSE, "arguments",
     "runs a program that changes nothing, given as a list of its name and arguments; "
     "returns its output"},
    {"search", call_search, FALSE, "directory, words[, without]",
     "searches all text files below a directory for words, except links and files of 2 MiB "
     "and more; returns a list of { path, line, text } for each line that contains a word, "
     "and of { path, type, text } for each file whose name contains one, and each link whose "
     "target does (text is the target); paths are relative to the directory; the list's "
     "field cut is true if there were more results; the list WITHOUT has directories to "
     "leave out"},
};

guint
v2v_guestlib_describe (guint index, V2vScriptFunction *function_r)
{
  const guint calls = G_N_ELEMENTS (v2v_calls) - 1;

  if (function_r == NULL || index >= calls + G_N_ELEMENTS (own))
    return calls + G_N_ELEMENTS (own);
  if (index < calls) {
    const V2vCallInfo *info = &v2v_calls[index];
    const char *optional = strchr (info->parameters, '?');

    *function_r =
        (V2vScriptFunction){info->name, info->arguments, optional ? optional + 1 : NULL,
                            info->what, info->class,     FALSE};
  } else {
    const guint i = index - calls;

    *function_r = (V2vScriptFunction){own[i].name,
                                      own[i].arguments,
                                      NULL,
                                      own[i].what,
                                      own[i].writes ? V2V_CALL_WRITE : V2V_CALL_READ,
                                      TRUE};
  }
  return calls + G_N_ELEMENTS (own);
}

/* All names in the global "guest". */
static const GPtrArray *
known_names (void)
{
  static GPtrArray *names;

  if (names == NULL) {
    names = g_ptr_array_new ();
    for (guint i = 0; i < G_N_ELEMENTS (own); i++)
      g_ptr_array_add (names, (char *)own[i].name);
    for (const V2vCallInfo *info = v2v_calls; info->name; info++)
      g_ptr_array_add (names, (char *)info->name);
  }
  return names;
}

static int
guest_index (lua_State *L)
{
  V2vGuestLib *lib = lib_of (L);
  const char *name = lua_type (L, 2) == LUA_TSTRING ? lua_tostring (L, 2) : "";
  const char *nearest;

  for (guint i = 0; i < G_N_ELEMENTS (own); i++) {
    if (strcmp (name, own[i].name) != 0)
      continue;
    if (own[i].writes && !lib->may_write)
      return luaL_error (L, "a probe can only read: it has no guest.%s", name);
    lua_pushcfunction (L, own[i].function);
    return 1;
  }
  for (const V2vCallInfo *info = v2v_calls; info->name; info++) {
    if (strcmp (name, info->name) != 0)
      continue;
    if (!lib->may_write && info->class != V2V_CALL_READ && info->class != V2V_CALL_AUG_READ)
      return luaL_error (L, "a probe can only read: it has no guest.%s", name);
    lua_pushlightuserdata (L, (void *)info);
    lua_pushcclosure (L, call_allowed, 1);
    return 1;
  }
  nearest = v2v_nearest (name, known_names ());
  if (nearest)
    return luaL_error (L, "scripts have no guest.%s (did you mean %s?)", name, nearest);
  return luaL_error (L, "scripts have no guest.%s", name);
}

static int
guest_newindex (lua_State *L)
{
  return luaL_error (L, "guest cannot be changed");
}

void
v2v_guestlib_open (lua_State *L)
{
  lua_createtable (L, 0, 0);
  lua_createtable (L, 0, 3);
  lua_pushcfunction (L, guest_index);
  lua_setfield (L, -2, "__index");
  lua_pushcfunction (L, guest_newindex);
  lua_setfield (L, -2, "__newindex");
  lua_pushboolean (L, FALSE);
  lua_setfield (L, -2, "__metatable");
  lua_setmetatable (L, -2);
  lua_setglobal (L, "guest");
}

gboolean
v2v_guestlib_finish (V2vGuestLib *lib, GError **error)
{
  g_autoptr (GError) why = NULL;

  if (save_augeas (lib, &why))
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s: %s (%s)", v2v_script_name (lib->script),
               why->message, lib->label);
  v2v_error_say (error, "%s", why->message);
  return FALSE;
}

void
v2v_guestlib_clear (V2vGuestLib *lib)
{
  clear_call (lib);
}
