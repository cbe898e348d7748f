/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads archives with libarchive in a confined process, with the decompressors that are built
 * into libarchive only. The confined process writes a sequence of pieces (Head and its bytes)
 * to a pipe.
 */
#include "config.h"

#include <errno.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/limited.h"
#include "base/log.h"
#include "metadata/unarchiver.h"

#define BLOCK 65536
#define TAR_BLOCK 512
/* The limit of memory allows for what decompressors need: xz up to 1 GiB, zstd less. */
#define ADDRESS_SPACE ((guint64)3 << 29)
#define TEXT_MAX 4096

typedef enum { ENTRY, DATA, END_OF_ENTRY, END, FAILED, UNKNOWN } Kind;

/* The header of each piece of the confined process's answer. */
typedef struct {
  guint32 kind;    /* Kind */
  guint32 length;  /* of the bytes that follow: a name, data, or an error message */
  gint64 size;     /* of an entry */
  gint64 offset;   /* of an entry */
  gint64 position; /* in the archive */
  guint32 entry;   /* V2vEntryKind */
  guint32 in_tar;
} Head;

struct V2vUnarchiver {
  int fd;
  gint64 offset, length;
  gboolean compressed; /* the input is one compressed file, not an archive */
  locale_t names; /* the locale in which names with a declared encoding can be read; or 0 */
  V2vLimited *limited;
  Head head;
  char bytes[BLOCK + 1];
  V2vEntry entry;
  gboolean more; /* the end of the current entry's data was not yet read */
  gboolean ended;
  char *failed;
  gboolean unknown;
};

/* ---- in the confined process ---- */

typedef struct {
  const V2vUnarchiver *source;
  gint64 position;
  char buffer[BLOCK];
} Stream;

static la_ssize_t
stream_read (struct archive *reader, void *data, const void **buffer_r)
{
  Stream *stream = data;
  gsize length = (gsize)MIN ((gint64)BLOCK, stream->source->length - stream->position);
  gssize got;

  do
    got = length ? pread (stream->source->fd, stream->buffer, length,
                          stream->source->offset + stream->position)
                 : 0;
  while (got < 0 && errno == EINTR);
  *buffer_r = stream->buffer;
  if (got < 0) {
    archive_set_error (reader, errno, "%s", g_strerror (errno));
    return ARCHIVE_FATAL;
  }
  stream->position += got;
  return got;
}

static void
tell (int to, Head head, const char *bytes, gsize length)
{
  head.length = (guint32)length;
  v2v_limited_write (to, &head, sizeof head);
  v2v_limited_write (to, bytes, length);
}

/* Writes the error message of READER to the descriptor TO, and frees READER. */
static int
tell_failure (int to, struct archive *reader, gboolean first)
{
  const char *said = archive_error_string (reader);

  if (!said)
    said = "it is truncated";
  tell (to, (Head){.kind = first && strstr (said, "Unrecognized") ? UNKNOWN : FAILED}, said,
        MIN (strlen (said), TEXT_MAX));
  archive_read_free (reader);
  return 0;
}

/* Whether the archive is a tar archive whose bytes no filter changes. */
static gboolean
is_plain_tar (struct archive *reader)
{
  return archive_filter_code (reader, 0) == ARCHIVE_FILTER_NONE &&
         (archive_format (reader) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
}

/* The offset at which the bytes of the current ENTRY begin in the archive; -1 if they are not
 * there in a usable form. */
static gint64
entry_offset (const V2vUnarchiver *source, struct archive *reader, struct archive_entry *entry)
{
  gint64 offset = archive_filter_bytes (reader, 0);
  gint64 size = archive_entry_size (entry);
  guchar header[TAR_BLOCK];
  guint sum = 0, said;

  if (!is_plain_tar (reader) || archive_entry_sparse_count (entry) > 0 || offset < TAR_BLOCK ||
      offset % TAR_BLOCK || size > source->length - offset)
    return -1;
  /* A valid tar header must end where the bytes begin; otherwise the offset is wrong. */
  if (pread (source->fd, header, sizeof header, offset - TAR_BLOCK) != (ssize_t)sizeof header)
    return -1;
  for (guint i = 0; i < TAR_BLOCK; i++)
    sum += i >= 148 && i < 156 ? ' ' : header[i];
  header[155] = '\0';
  said = (guint)g_ascii_strtoull (g_strchug ((char *)header + 148), NULL, 8);
  return sum == said ? offset : -1;
}

static V2vEntryKind
entry_kind (struct archive_entry *entry)
{
  if (archive_entry_hardlink (entry) || archive_entry_symlink (entry))
    return V2V_ENTRY_LINK;
  switch (archive_entry_filetype (entry)) {
  case AE_IFREG:
    return V2V_ENTRY_FILE;
  case AE_IFDIR:
    return V2V_ENTRY_DIRECTORY;
  default:
    return V2V_ENTRY_OTHER;
  }
}

/* Writes ENTRY to the descriptor TO, followed by its bytes if they have to be unpacked. */
static gboolean
tell_entry (const V2vUnarchiver *source, int to, struct archive *reader,
            struct archive_entry *entry)
{
  const char *name = archive_entry_pathname_utf8 (entry);
  Head head = {.kind = ENTRY, .entry = entry_kind (entry), .in_tar = is_plain_tar (reader)};
  g_autofree char *buffer = g_malloc (BLOCK);
  la_ssize_t got = 0;

  if (!name)
    name = archive_entry_pathname (entry);
  head.size = archive_entry_size_is_set (entry) ? archive_entry_size (entry) : -1;
  head.offset = head.entry == V2V_ENTRY_FILE && head.size >= 0 && !source->compressed
                    ? entry_offset (source, reader, entry)
                    : -1;
  tell (to, head, name ? name : "", MIN (name ? strlen (name) : 0, TEXT_MAX));
  if (head.entry == V2V_ENTRY_FILE && head.offset < 0)
    while ((got = archive_read_data (reader, buffer, BLOCK)) > 0)
      tell (to, (Head){.kind = DATA, .position = archive_filter_bytes (reader, -1)}, buffer,
            (gsize)got);
  if (got == 0)
    tell (to, (Head){.kind = END_OF_ENTRY}, NULL, 0);
  return got == 0;
}

static int
tell_all (int to, gpointer data)
{
  const V2vUnarchiver *source = data;
  g_autofree Stream *stream = g_new0 (Stream, 1);
  struct archive *reader = archive_read_new ();
  struct archive_entry *entry;
  gboolean first = TRUE;
  int status;

  if (source->names)
    uselocale (source->names);
  stream->source = source;
  archive_read_support_filter_gzip (reader);
  archive_read_support_filter_bzip2 (reader);
  archive_read_support_filter_xz (reader);
  archive_read_support_filter_zstd (reader);
  if (source->compressed) {
    archive_read_support_format_raw (reader);
    status = archive_read_open (reader, stream, NULL, stream_read, NULL);
  } else {
    archive_read_support_format_tar (reader);
    archive_read_support_format_zip_seekable (reader);
    status = archive_read_open_fd (reader, source->fd, BLOCK);
  }
  if (status != ARCHIVE_OK)
    return tell_failure (to, reader, TRUE);
  while ((status = archive_read_next_header (reader, &entry)) != ARCHIVE_EOF) {
    if (status < ARCHIVE_WARN || !tell_entry (source, to, reader, entry))
      return tell_failure (to, reader, first);
    first = FALSE;
  }
  tell (to, (Head){.kind = END}, NULL, 0);
  archive_read_free (reader);
  return 0;
}

/* ---- in the process that uses the archive ---- */

static V2vUnarchiver *
start (int fd, gint64 offset, gint64 length, gboolean compressed, GError **error)
{
  static const V2vLimits limits = {.address_space = ADDRESS_SPACE};
  g_autofree V2vUnarchiver *unarchiver = g_new0 (V2vUnarchiver, 1);

  unarchiver->fd = fd;
  unarchiver->offset = offset;
  unarchiver->length = length;
  unarchiver->compressed = compressed;
  /* A program that a service started has a locale that knows only ASCII. */
  unarchiver->names = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  unarchiver->limited = v2v_limited_start (tell_all, unarchiver, &limits, error);
  if (unarchiver->limited)
    return g_steal_pointer (&unarchiver);
  if (unarchiver->names)
    freelocale (unarchiver->names);
  return NULL;
}

V2vUnarchiver *
v2v_unarchiver_start (int fd, gint64 length, GError **error)
{
  return start (fd, 0, length, FALSE, error);
}

V2vUnarchiver *
v2v_unarchiver_start_compressed (int fd, gint64 offset, gint64 length, GError **error)
{
  return start (fd, offset, length, TRUE, error);
}

static gboolean
fail (V2vUnarchiver *unarchiver, const char *why)
{
  unarchiver->ended = TRUE;
  g_free (unarchiver->failed);
  unarchiver->failed = v2v_printable (why, -1, FALSE);
  return FALSE;
}

/* Reads the next piece. FALSE at the end or after an error. */
static gboolean
hear (V2vUnarchiver *unarchiver)
{
  Head *head = &unarchiver->head;

  if (unarchiver->ended)
    return FALSE;
  if (v2v_limited_read (unarchiver->limited, head, sizeof *head) != sizeof *head ||
      head->length > BLOCK ||
      v2v_limited_read (unarchiver->limited, unarchiver->bytes, head->length) != head->length)
    return fail (unarchiver, "reading it failed, or took more memory than any archive needs");
  unarchiver->bytes[head->length] = '\0';
  switch ((Kind)head->kind) {
  case ENTRY:
  case DATA:
  case END_OF_ENTRY:
    return TRUE;
  case END:
    unarchiver->ended = TRUE;
    return FALSE;
  case UNKNOWN:
    unarchiver->unknown = TRUE;
    /* fall through */
  case FAILED:
  default:
    return fail (unarchiver, unarchiver->bytes);
  }
}

const V2vEntry *
v2v_unarchiver_next (V2vUnarchiver *unarchiver)
{
  V2vEntry *entry = &unarchiver->entry;
  const Head *head = &unarchiver->head;
  const char *ignored;

  while (unarchiver->more)
    if (v2v_unarchiver_data (unarchiver, &ignored) < 0)
      return NULL;
  if (!hear (unarchiver))
    return NULL;
  if (head->kind != ENTRY || head->entry > V2V_ENTRY_OTHER || head->size < -1 ||
      head->offset < -1 || strlen (unarchiver->bytes) != head->length) {
    fail (unarchiver, "the process that reads it gave a nonsensical answer");
    return NULL;
  }
  g_free (entry->name);
  entry->name = g_strdup (unarchiver->bytes);
  entry->kind = (V2vEntryKind)head->entry;
  entry->size = head->size;
  entry->offset = head->offset;
  entry->in_tar = head->in_tar != 0;
  unarchiver->more = TRUE;
  return entry;
}

gssize
v2v_unarchiver_data (V2vUnarchiver *unarchiver, const char **bytes_r)
{
  if (!unarchiver->more)
    return 0;
  if (!hear (unarchiver))
    return -1;
  *bytes_r = unarchiver->bytes;
  if (unarchiver->head.kind == DATA && unarchiver->head.length)
    return unarchiver->head.length;
  unarchiver->more = FALSE;
  if (unarchiver->head.kind == END_OF_ENTRY)
    return 0;
  fail (unarchiver, "the process that reads it gave a nonsensical answer");
  return -1;
}

gint64
v2v_unarchiver_position (const V2vUnarchiver *unarchiver)
{
  return unarchiver->head.position;
}

const char *
v2v_unarchiver_failed (const V2vUnarchiver *unarchiver, gboolean *unknown_r)
{
  *unknown_r = unarchiver->unknown;
  return unarchiver->failed;
}

void
v2v_unarchiver_end (V2vUnarchiver *unarchiver)
{
  if (!unarchiver)
    return;
  v2v_limited_end (unarchiver->limited);
  if (unarchiver->names)
    freelocale (unarchiver->names);
  g_free (unarchiver->entry.name);
  g_free (unarchiver->failed);
  g_free (unarchiver);
}
