/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads package files: their name, version and architecture, and the kernels in them.
 *
 * libarchive unpacks the payload, with its built-in decompressors only. This file itself reads
 * the header of an rpm, a table with two levels of offsets, since libarchive skips it. It also
 * reads the headers of an rpm's files, since libarchive would allocate memory for names of any
 * length.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "metadata/package.h"

#define NAME_MAX_BYTES 4096
#define CONTROL_MAX (1024 * 1024)
#define BUILTIN_MAX (4 * 1024 * 1024)
#define WORD_MAX 256

G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vPackageKernel, v2v_package_kernel_free)

V2vPackage *
v2v_package_new (void)
{
  V2vPackage *package = g_new0 (V2vPackage, 1);

  package->kernels = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                            (GDestroyNotify)v2v_package_kernel_free);
  return package;
}

V2vPackageKernel *
v2v_package_kernel_new (const char *version)
{
  V2vPackageKernel *kernel = g_new0 (V2vPackageKernel, 1);

  kernel->version = g_strdup (version);
  kernel->modules = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return kernel;
}

void
v2v_package_kernel_free (V2vPackageKernel *kernel)
{
  if (!kernel)
    return;
  g_free (kernel->version);
  g_free (kernel->image);
  g_free (kernel->directory);
  g_hash_table_unref (kernel->modules);
  g_free (kernel);
}

void
v2v_package_free (V2vPackage *package)
{
  if (!package)
    return;
  g_free (package->name);
  g_free (package->version);
  g_free (package->arch);
  g_hash_table_unref (package->kernels);
  g_free (package);
}

/* Sets ERROR for a damaged package. */
static gboolean
damaged (GError **error, const char *path, const char *what)
{
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
               "%s: the package is damaged: %s: get the file again", path, what);
  return FALSE;
}

/* Names, versions and architectures of packages are short and plain in every format. */
static gboolean
is_plain_word (const char *word)
{
  gsize length = strlen (word);

  if (length == 0 || length > WORD_MAX || word[0] == '-' || word[0] == '.')
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (word[i]) && !strchr (".+-_~:^", word[i]))
      return FALSE;
  return TRUE;
}

/* ---- finding kernels among the files of a package ---- */

/* The names of kernel images: in /boot the part before the version, and beside the modules the
 * whole name. Better names come first: if a package has several, one is the compressed image,
 * which can be booted, and the others are for debuggers. */
static const char *const image_names[] = {"vmlinuz", "Image", "image", "vmlinux"};

static guint
image_rank (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  guint rank = 0;

  while (rank < G_N_ELEMENTS (image_names) && !g_str_has_prefix (base, image_names[rank]))
    rank++;
  /* An image in /boot ranks before one beside the modules, since boot loaders look in /boot. */
  return 2 * rank + !g_str_has_prefix (path, "/boot/");
}

static V2vPackageKernel *
kernel_of (V2vPackage *package, const char *version, const char *path, GError **error)
{
  V2vPackageKernel *kernel = g_hash_table_lookup (package->kernels, version);

  if (kernel)
    return kernel;
  if (g_hash_table_size (package->kernels) >= V2V_PACKAGE_KERNELS_MAX) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: the package has files of more than %d kernels: check that this is a "
                 "kernel package",
                 path, V2V_PACKAGE_KERNELS_MAX);
    return NULL;
  }
  kernel = v2v_package_kernel_new (version);
  g_hash_table_insert (package->kernels, kernel->version, kernel);
  return kernel;
}

static void
offer_image (V2vPackageKernel *kernel, const char *name)
{
  g_autofree char *image = g_strconcat ("/", name, NULL);

  if (!kernel->image || image_rank (image) < image_rank (kernel->image)) {
    g_free (kernel->image);
    kernel->image = g_steal_pointer (&image);
  }
}

/* The name of the module in the file PATH, with each - replaced by _; NULL if PATH is not a
 * module. */
static char *
module_name (const char *path)
{
  static const char *const ends[] = {".ko", ".ko.gz", ".ko.xz", ".ko.zst", ".ko.bz2"};
  const char *base = strrchr (path, '/') ? strrchr (path, '/') + 1 : path;

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (g_str_has_suffix (base, ends[i]) && strlen (base) - strlen (ends[i]) <= WORD_MAX) {
      char *name = g_strndup (base, strlen (base) - strlen (ends[i]));

      g_strdelimit (name, "-", '_');
      if (is_plain_word (name))
        return name;
      g_free (name);
    }
  return NULL;
}

static gboolean
add_module (V2vPackageKernel *kernel, const char *file, gboolean builtin, const char *path,
            GError **error)
{
  g_autofree char *name = module_name (file);

  if (!name)
    return TRUE;
  if (g_hash_table_size (kernel->modules) >= V2V_PACKAGE_MODULES_MAX) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: the package has more than %d modules for the kernel %s: no kernel has",
                 path, V2V_PACKAGE_MODULES_MAX, kernel->version);
    return FALSE;
  }
  builtin = builtin || GPOINTER_TO_INT (g_hash_table_lookup (kernel->modules, name));
  g_hash_table_insert (kernel->modules, g_steal_pointer (&name), GINT_TO_POINTER (builtin));
  return TRUE;
}

/* A reader for the bytes of the current file of a payload. */
typedef struct {
  struct archive *archive;
  guint64 left; /* bytes that may still be read, a limit on the whole payload */
} Content;

/* Reads up to LENGTH bytes. Returns 0 at the end, and a negative number on failure. */
static la_ssize_t
content_read (Content *content, void *buffer, gsize length)
{
  la_ssize_t got = archive_read_data (content->archive, buffer, MIN (length, content->left));

  content->left -= (guint64)MAX (got, 0);
  return got;
}

/* The whole content as text; NULL if it is longer than MAX or cannot be read. */
static char *
content_text (Content *content, gsize max)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 buffer[16384];
  la_ssize_t got;

  while ((got = content_read (content, buffer, sizeof buffer)) > 0) {
    if (bytes->len + (gsize)got > max)
      return NULL;
    g_byte_array_append (bytes, buffer, (guint)got);
  }
  if (got < 0)
    return NULL;
  g_byte_array_append (bytes, (const guint8 *)"", 1);
  return (char *)g_byte_array_free (g_steal_pointer (&bytes), FALSE);
}

static gboolean
read_builtin (Content *content, V2vPackageKernel *kernel, const char *path, GError **error)
{
  g_autofree char *text = content_text (content, BUILTIN_MAX);
  g_auto (GStrv) lines = NULL;

  if (!text)
    return damaged (error, path, "its list of built-in modules cannot be read or is too long");
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++)
    if (!add_module (kernel, g_strstrip (*line), TRUE, path, error))
      return FALSE;
  return TRUE;
}

/* Examines one file of the payload. NAME is relative to the guest's root. */
static gboolean
look_at_file (V2vPackage *package, Content *content, const char *name, gboolean regular,
              const char *path, GError **error)
{
  static const char *const rule_dirs[] = {"lib/modules/", "usr/lib/modules/"};
  V2vPackageKernel *kernel;

  for (gsize i = 0; i < G_N_ELEMENTS (rule_dirs); i++) {
    const char *rest = name + strlen (rule_dirs[i]);
    const char *slash;
    g_autofree char *version = NULL;

    if (!g_str_has_prefix (name, rule_dirs[i]) || !(slash = strchr (rest, '/')) || !slash[1])
      continue;
    version = g_strndup (rest, (gsize)(slash - rest));
    if (!is_plain_word (version))
      continue;
    kernel = kernel_of (package, version, path, error);
    if (!kernel)
      return FALSE;
    if (!kernel->directory)
      kernel->directory = g_strconcat ("/", rule_dirs[i], version, NULL);
    if (!regular)
      return TRUE;
    for (gsize n = 0; n < G_N_ELEMENTS (image_names); n++)
      if (strcmp (slash + 1, image_names[n]) == 0)
        offer_image (kernel, name);
    if (strcmp (slash + 1, "modules.builtin") == 0)
      return read_builtin (content, kernel, path, error);
    return add_module (kernel, slash + 1, FALSE, path, error);
  }

  if (regular && g_str_has_prefix (name, "boot/"))
    for (gsize n = 0; n < G_N_ELEMENTS (image_names); n++) {
      const char *version = name + strlen ("boot/") + strlen (image_names[n]);

      if (!g_str_has_prefix (name + strlen ("boot/"), image_names[n]) || *version != '-' ||
          !is_plain_word (version + 1))
        continue;
      kernel = kernel_of (package, version + 1, path, error);
      if (!kernel)
        return FALSE;
      offer_image (kernel, name);
    }
  return TRUE;
}

/* NAME without a leading "./" or "/"; NULL if it leads out of the root or is too long. */
static const char *
relative_name (const char *name)
{
  if (!name || strlen (name) > NAME_MAX_BYTES)
    return NULL;
  while (g_str_has_prefix (name, "./") || name[0] == '/')
    name += name[0] == '/' ? 1 : 2;
  for (const char *part = name; part; part = strchr (part, '/')) {
    part += part[0] == '/';
    if (g_str_has_prefix (part, "..") && (part[2] == '/' || part[2] == '\0'))
      return NULL;
  }
  return name;
}

static gboolean
too_large (GError **error, const char *path)
{
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
               "%s: the package unpacks to more than %d files or %" G_GINT64_FORMAT
               " bytes: check that this is a package for a guest",
               path, V2V_PACKAGE_ENTRIES_MAX, V2V_PACKAGE_BYTES_MAX);
  return FALSE;
}

static gboolean
read_payload (V2vPackage *package, struct archive *archive, const char *path, GError **error)
{
  struct archive_entry *entry;
  guint entries = 0;
  int status;

  while ((status = archive_read_next_header (archive, &entry)) != ARCHIVE_EOF) {
    Content content = {archive, G_MAXUINT64};
    const char *name;

    if (status < ARCHIVE_WARN) {
      const char *why = archive_error_string (archive);

      return damaged (error, path, why ? why : "its content cannot be read");
    }
    if (++entries > V2V_PACKAGE_ENTRIES_MAX ||
        archive_filter_bytes (archive, 0) > V2V_PACKAGE_BYTES_MAX ||
        archive_entry_size (entry) > V2V_PACKAGE_BYTES_MAX)
      return too_large (error, path);
    if (archive_entry_filetype (entry) == AE_IFREG)
      package->size += (guint64)MAX (archive_entry_size (entry), 0);
    name = relative_name (archive_entry_pathname (entry));
    if (name && !look_at_file (package, &content, name,
                               archive_entry_filetype (entry) == AE_IFREG, path, error))
      return FALSE;
  }
  return TRUE;
}

/* Enables only the decompressors that are built into libarchive; some other filters would
 * start programs. */
static void
support_filters (struct archive *archive)
{
  archive_read_support_filter_gzip (archive);
  archive_read_support_filter_bzip2 (archive);
  archive_read_support_filter_xz (archive);
  archive_read_support_filter_lzma (archive);
  archive_read_support_filter_zstd (archive);
}

/* ---- rpm ---- */

/* Sizes, offsets and tags of rpm's format. */
#define RPM_LEAD 96
#define RPM_INDEX_ENTRY 16
#define RPM_ENTRIES_MAX 65536
#define RPM_DATA_MAX (64 * 1024 * 1024)
enum { RPM_INT32 = 4, RPM_STRING = 6, RPM_STRING_ARRAY = 8, RPM_I18N = 9 };
enum {
  RPM_NAME = 1000,
  RPM_VERSION = 1001,
  RPM_RELEASE = 1002,
  RPM_EPOCH = 1003,
  RPM_ARCH = 1022,
  RPM_IS_SOURCE = 1106,
};

static guint32
big_endian (const guint8 *bytes)
{
  return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

static gboolean
read_at (int fd, void *buffer, gsize length, goffset offset)
{
  gsize done = 0;

  while (done < length) {
    ssize_t got = pread (fd, (char *)buffer + done, length - done, offset + (goffset)done);

    if (got == -1 && errno == EINTR)
      continue;
    if (got <= 0)
      return FALSE;
    done += (gsize)got;
  }
  return TRUE;
}

/* Reads the two lengths at the start of the header structure at OFFSET. */
static gboolean
rpm_header_lengths (int fd, goffset offset, guint32 *entries_r, guint32 *bytes_r)
{
  guint8 start[16];

  if (!read_at (fd, start, sizeof start, offset) || memcmp (start, "\x8e\xad\xe8\x01", 4) != 0)
    return FALSE;
  *entries_r = big_endian (start + 8);
  *bytes_r = big_endian (start + 12);
  return *entries_r <= RPM_ENTRIES_MAX && *bytes_r <= RPM_DATA_MAX;
}

/* The text that ENTRY refers to; NULL if it does not end within the data. */
static char *
rpm_text (const guint8 *entry, const guint8 *data, guint32 bytes)
{
  guint32 type = big_endian (entry + 4), offset = big_endian (entry + 8);

  if ((type != RPM_STRING && type != RPM_STRING_ARRAY && type != RPM_I18N) || offset >= bytes ||
      !memchr (data + offset, '\0', bytes - offset))
    return NULL;
  return g_strdup ((const char *)data + offset);
}

static gboolean
read_rpm_header (V2vPackage *package, int fd, const char *path, GError **error)
{
  guint32 entries, bytes, epoch = 0;
  goffset offset = RPM_LEAD;
  gboolean has_epoch = FALSE;
  g_autofree guint8 *index = NULL;
  g_autofree guint8 *data = NULL;
  g_autofree char *version = NULL;
  g_autofree char *release = NULL;

  /* The signature, a header of its own padded to 8 bytes, precedes the main header. */
  if (!rpm_header_lengths (fd, offset, &entries, &bytes))
    return damaged (error, path, "it does not begin with the signature header of its format");
  offset += 16 + (goffset)entries * RPM_INDEX_ENTRY + bytes;
  offset = (offset + 7) / 8 * 8;
  if (!rpm_header_lengths (fd, offset, &entries, &bytes))
    return damaged (error, path, "its header is not where the format requires it");
  index = g_malloc ((gsize)entries * RPM_INDEX_ENTRY + 1);
  data = g_malloc ((gsize)bytes + 1);
  if (!read_at (fd, index, (gsize)entries * RPM_INDEX_ENTRY, offset + 16) ||
      !read_at (fd, data, bytes, offset + 16 + (goffset)entries * RPM_INDEX_ENTRY))
    return damaged (error, path, "it is truncated in its header");

  for (guint32 i = 0; i < entries; i++) {
    const guint8 *entry = index + (gsize)i * RPM_INDEX_ENTRY;
    guint32 tag = big_endian (entry), at = big_endian (entry + 8);
    char **text_r = tag == RPM_NAME      ? &package->name
                    : tag == RPM_VERSION ? &version
                    : tag == RPM_RELEASE ? &release
                    : tag == RPM_ARCH    ? &package->arch
                                         : NULL;

    if (text_r && !*text_r)
      *text_r = rpm_text (entry, data, bytes);
    if (tag == RPM_EPOCH && big_endian (entry + 4) == RPM_INT32 && bytes >= 4 &&
        at <= bytes - 4) {
      has_epoch = TRUE;
      epoch = big_endian (data + at);
    }
    if (tag == RPM_IS_SOURCE) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                   "%s: this is a source package, expected a binary package: give the one "
                   "that is built from it",
                   path);
      return FALSE;
    }
  }
  if (!version || !release)
    return damaged (error, path, "its header has no version and release");
  package->version = has_epoch ? g_strdup_printf ("%u:%s-%s", epoch, version, release)
                               : g_strdup_printf ("%s-%s", version, release);
  return TRUE;
}

/* The header of a file in the payload consists of "070701" and 13 numbers of 8 hexadecimal
 * digits. Names and contents are padded to 4 bytes. */
#define CPIO_HEADER 110
enum { CPIO_MODE = 14, CPIO_SIZE = 54, CPIO_NAME_SIZE = 94 };
#define CPIO_END "TRAILER!!!"

static gboolean
cpio_number (const char *digits, guint64 *number_r)
{
  *number_r = 0;
  for (guint i = 0; i < 8; i++) {
    int digit = g_ascii_xdigit_value (digits[i]);

    if (digit < 0)
      return FALSE;
    *number_r = *number_r * 16 + (guint64)digit;
  }
  return TRUE;
}

/* Reads LENGTH bytes into BUFFER, or skips them if BUFFER is NULL. */
static gboolean
content_take (Content *content, char *buffer, guint64 length)
{
  char skipped[16384];

  while (length > 0) {
    la_ssize_t got = content_read (content, buffer ? buffer : skipped,
                                   buffer ? length : MIN (length, sizeof skipped));

    if (got <= 0)
      return FALSE;
    length -= (guint64)got;
    if (buffer)
      buffer += got;
  }
  return TRUE;
}

/* Reads the header of the next file and returns its name; NULL if they are damaged. To be
 * freed with g_free. */
static char *
read_cpio_header (Content *all, guint64 *mode_r, guint64 *size_r, const char *path,
                  GError **error)
{
  char header[CPIO_HEADER];
  g_autofree char *name = NULL;
  guint64 length;

  if (!content_take (all, header, sizeof header)) {
    damaged (error, path, "it is truncated among its files");
    return NULL;
  }
  if ((memcmp (header, "070701", 6) != 0 && memcmp (header, "070702", 6) != 0) ||
      !cpio_number (header + CPIO_MODE, mode_r) || !cpio_number (header + CPIO_SIZE, size_r) ||
      !cpio_number (header + CPIO_NAME_SIZE, &length)) {
    damaged (error, path, "one of its files does not begin with a file header");
    return NULL;
  }
  if (length == 0 || length > NAME_MAX_BYTES) {
    g_autofree char *what = g_strdup_printf (
        "the name of one of its files has %" G_GUINT64_FORMAT " bytes", length);

    damaged (error, path, what);
    return NULL;
  }
  name = g_malloc0 (length + 1);
  if (!content_take (all, name, length) ||
      !content_take (all, NULL, 3 - (CPIO_HEADER + length + 3) % 4)) {
    damaged (error, path, "it is truncated among its files");
    return NULL;
  }
  return g_steal_pointer (&name);
}

static gboolean
read_cpio (V2vPackage *package, struct archive *archive, const char *path, GError **error)
{
  Content all = {archive, V2V_PACKAGE_BYTES_MAX};

  for (guint entries = 1;; entries++) {
    guint64 mode, size;
    g_autofree char *name = read_cpio_header (&all, &mode, &size, path, error);
    const char *relative;
    Content content;

    if (!name)
      return FALSE;
    if (strcmp (name, CPIO_END) == 0)
      return TRUE;
    if (entries > V2V_PACKAGE_ENTRIES_MAX || size > all.left)
      return too_large (error, path);
    content = (Content){archive, size};
    if (S_ISREG (mode))
      package->size += size;
    relative = relative_name (name);
    if (relative && !look_at_file (package, &content, relative, S_ISREG (mode), path, error))
      return FALSE;
    all.left -= size - content.left;
    if (!content_take (&all, NULL, content.left + 3 - (size + 3) % 4))
      return damaged (error, path, "it is truncated among its files");
  }
}

static gboolean
read_rpm (V2vPackage *package, int fd, const char *path, GError **error)
{
  struct archive *archive;
  struct archive_entry *entry;
  int status = ARCHIVE_FATAL;
  gboolean done;

  if (!read_rpm_header (package, fd, path, error))
    return FALSE;
  if (lseek (fd, 0, SEEK_SET) == -1) {
    v2v_error_set_errno (error, errno, "%s: cannot read the package", path);
    return FALSE;
  }
  archive = archive_read_new ();
  support_filters (archive);
  archive_read_support_filter_rpm (archive);
  archive_read_support_format_raw (archive);
  /* A package that only depends on others has an empty payload, which libarchive otherwise
   * refuses. */
  archive_read_support_format_empty (archive);
  if (archive_read_open_fd (archive, fd, 65536) == ARCHIVE_OK)
    status = archive_read_next_header (archive, &entry);
  if (status == ARCHIVE_EOF)
    done = TRUE;
  else if (status >= ARCHIVE_WARN)
    done = read_cpio (package, archive, path, error);
  else
    done = damaged (error, path, archive_error_string (archive));
  archive_read_free (archive);
  return done;
}

/* ---- dpkg ---- */

/* An archive inside the current entry of another archive. */
typedef struct {
  struct archive *outer;
  guint8 buffer[65536];
} Member;

static la_ssize_t
member_read (struct archive *inner, void *data, const void **buffer_r)
{
  Member *member = data;
  la_ssize_t got = archive_read_data (member->outer, member->buffer, sizeof member->buffer);

  *buffer_r = member->buffer;
  if (got < 0) {
    archive_set_error (inner, archive_errno (member->outer), "%s",
                       archive_error_string (member->outer));
    return ARCHIVE_FATAL;
  }
  return got;
}

/* The value of a field in a control file's first paragraph. To be freed with g_free. */
static char *
control_field (char **lines, const char *name)
{
  gsize length = strlen (name);

  for (; *lines && **lines; lines++)
    if (g_ascii_strncasecmp (*lines, name, length) == 0 && (*lines)[length] == ':')
      return g_strstrip (g_strdup (*lines + length + 1));
  return NULL;
}

static gboolean
read_control (V2vPackage *package, struct archive *archive, const char *path, GError **error)
{
  struct archive_entry *entry;
  guint entries = 0;

  while (archive_read_next_header (archive, &entry) >= ARCHIVE_WARN &&
         ++entries <= V2V_PACKAGE_ENTRIES_MAX) {
    const char *name = relative_name (archive_entry_pathname (entry));
    Content content = {archive, G_MAXUINT64};
    g_autofree char *text = NULL;
    g_auto (GStrv) lines = NULL;

    if (g_strcmp0 (name, "control") != 0)
      continue;
    text = content_text (&content, CONTROL_MAX);
    if (!text)
      return damaged (error, path, "its control file cannot be read or is too long");
    lines = g_strsplit (text, "\n", -1);
    package->name = control_field (lines, "Package");
    package->version = control_field (lines, "Version");
    package->arch = control_field (lines, "Architecture");
    return TRUE;
  }
  return damaged (error, path, "it has no control file");
}

/* Opens the archive that is the current entry of OUTER and reads it with READ. */
static gboolean
read_member (V2vPackage *package, struct archive *outer, const char *path,
             gboolean (*read) (V2vPackage *, struct archive *, const char *, GError **),
             GError **error)
{
  g_autofree Member *member = g_new (Member, 1);
  struct archive *inner = archive_read_new ();
  gboolean done;

  member->outer = outer;
  support_filters (inner);
  archive_read_support_format_tar (inner);
  if (archive_read_open (inner, member, NULL, member_read, NULL) == ARCHIVE_OK)
    done = read (package, inner, path, error);
  else
    done = damaged (error, path, archive_error_string (inner));
  archive_read_free (inner);
  return done;
}

static gboolean
read_deb (V2vPackage *package, int fd, const char *path, GError **error)
{
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;
  gboolean control = FALSE, data = FALSE, done = TRUE;

  archive_read_support_format_ar (archive);
  if (archive_read_open_fd (archive, fd, 65536) != ARCHIVE_OK)
    done = damaged (error, path, archive_error_string (archive));
  while (done && archive_read_next_header (archive, &entry) >= ARCHIVE_WARN) {
    const char *name = archive_entry_pathname (entry);

    if (!name)
      continue;
    if (!control && g_str_has_prefix (name, "control.tar")) {
      control = TRUE;
      done = read_member (package, archive, path, read_control, error);
    } else if (control && !data && g_str_has_prefix (name, "data.tar")) {
      data = TRUE;
      done = read_member (package, archive, path, read_payload, error);
    }
  }
  if (done && !(control && data))
    done = damaged (error, path, "it lacks a member (control.tar or data.tar)");
  archive_read_free (archive);
  return done;
}

/* ---- packages of any format ---- */

static gboolean
check_word (const char *what, const char *word, const char *path, GError **error)
{
  g_autofree char *why = NULL;

  if (word && is_plain_word (word))
    return TRUE;
  why =
      g_strdup_printf ("its %s is missing or has characters that are not allowed there", what);
  return damaged (error, path, why);
}

/* Whether PATH is NULL or a plausible absolute path in the guest. */
static gboolean
is_guest_path (const char *path)
{
  if (!path)
    return TRUE;
  for (const char *at = path; *at; at++)
    if ((guchar)*at < ' ' || *at == 0x7f)
      return FALSE;
  return path[0] == '/' && !strstr (path, "/../");
}

static gboolean
check_kernel (const V2vPackageKernel *kernel, const char *path, GError **error)
{
  GHashTableIter iter;
  gpointer name;

  if (!is_plain_word (kernel->version) || !is_guest_path (kernel->image) ||
      !is_guest_path (kernel->directory) ||
      g_hash_table_size (kernel->modules) > V2V_PACKAGE_MODULES_MAX)
    return damaged (error, path, "one of its kernels has an impossible version or path");
  g_hash_table_iter_init (&iter, kernel->modules);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!is_plain_word (name))
      return damaged (error, path,
                      "the name of one of its modules has characters that are "
                      "not allowed there");
  return TRUE;
}

gboolean
v2v_package_check (const V2vPackage *package, const char *path, GError **error)
{
  GHashTableIter iter;
  gpointer kernel;

  if (!check_word ("name", package->name, path, error) ||
      !check_word ("version", package->version, path, error) ||
      !check_word ("architecture", package->arch, path, error))
    return FALSE;
  if (g_hash_table_size (package->kernels) > V2V_PACKAGE_KERNELS_MAX)
    return damaged (error, path, "it has more kernels than any package");
  g_hash_table_iter_init (&iter, package->kernels);
  while (g_hash_table_iter_next (&iter, NULL, &kernel))
    if (!check_kernel (kernel, path, error))
      return FALSE;
  return TRUE;
}

int
v2v_package_open (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat st;

  if (fd == -1) {
    v2v_error_set_errno (error, errno, "%s: cannot open the package", path);
    return -1;
  }
  if (fstat (fd, &st) == 0 && S_ISREG (st.st_mode))
    return fd;
  g_set_error (error, V2V_ERROR, V2V_EXIT_NOINPUT,
               "%s is not a regular file, expected a "
               "package",
               path);
  close (fd);
  return -1;
}

V2vPackage *
v2v_package_read_fd (int fd, const char *path, GError **error)
{
  g_autoptr (V2vPackage) package = v2v_package_new ();
  guint8 magic[8] = {0};
  struct stat st;
  gboolean done;

  if (read_at (fd, magic, sizeof magic, 0) && memcmp (magic, "\xed\xab\xee\xdb", 4) == 0) {
    done = read_rpm (package, fd, path, error);
  } else if (memcmp (magic, "!<arch>\n", 8) == 0) {
    done = read_deb (package, fd, path, error);
  } else {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s is not a package: expected a file that rpmbuild or dpkg-deb wrote", path);
    done = FALSE;
  }
  if (fstat (fd, &st) == 0)
    package->size += (guint64)MAX (st.st_size, 0);
  return done && v2v_package_check (package, path, error) ? g_steal_pointer (&package) : NULL;
}
