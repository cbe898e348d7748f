/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The source "vmx": GUEST is a configuration file of lines KEY = "VALUE".
 *
 * The lines become a document of keys, and that a domain by xslt/vmx.xsl; here the dialect is
 * read, and the files that it names are found.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "metadata/source.h"
#include "metadata/xslt.h"
#include "metadata/tree.h"

#define FILE_MAX (1024 * 1024)
#define KEYS_MAX 10000
#define KEY_LENGTH_MAX 128
#define VALUE_LENGTH_MAX 65536

extern const V2vSource v2v_source_vmx;

static gboolean
vmx_fits (const char *guest)
{
  gsize length = strlen (guest);

  return length > 4 && g_ascii_strcasecmp (guest + length - 4, ".vmx") == 0 &&
         g_file_test (guest, G_FILE_TEST_EXISTS);
}

static gboolean
vmx_ready (const V2vOptionValues *options G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

/* ---- the file ---- */

/* A disk given in place of its configuration: says which that is. */
static gboolean
refuse_disk (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GString) found = g_string_new (NULL);
  const char *name;
  guint count = 0;

  while (dir && (name = g_dir_read_name (dir)) && count < 5)
    if (g_str_has_suffix (name, ".vmx")) {
      g_autofree char *beside = g_build_filename (folder, name, NULL);
      g_autofree char *shown = v2v_printable (beside, -1, FALSE);

      g_string_append_printf (found, "%s%s", count++ ? " or " : "", shown);
    }
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
               "%s is a disk (VMDK), expected the configuration file of its guest: %s%s", path,
               count ? "give " : "the file *.vmx in the guest's folder", found->str);
  return FALSE;
}

static gboolean
is_disk (const char *text, gsize length)
{
  static const char *const starts[] = {"KDMV", "COWD", "# Disk DescriptorFile"};

  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    if (length >= strlen (starts[i]) && memcmp (text, starts[i], strlen (starts[i])) == 0)
      return TRUE;
  return FALSE;
}

static char *
read_text (const char *path, GError **error)
{
  g_autofree char *text = g_malloc (FILE_MAX + 2);
  gsize length = 0;
  gboolean failed = FALSE;
  struct stat st;
  /* Not blocking: a FIFO would never answer. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

  if (fd < 0 || fstat (fd, &st) < 0) {
    v2v_error_set_errno (error, errno, "%s: cannot open the configuration file", path);
    if (fd >= 0)
      close (fd);
    return NULL;
  }
  if (!S_ISREG (st.st_mode)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_NOINPUT,
                 "%s is no regular file, expected a configuration file", path);
    close (fd);
    return NULL;
  }
  while (length <= FILE_MAX) {
    ssize_t got = read (fd, text + length, FILE_MAX + 1 - length);

    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      v2v_error_set_errno (error, errno, "%s: cannot read the configuration file", path);
      failed = TRUE;
    }
    if (got <= 0)
      break;
    length += (gsize)got;
  }
  close (fd);
  if (failed)
    return NULL;
  text[length] = '\0';
  if (is_disk (text, length)) {
    refuse_disk (path, error);
    return NULL;
  }
  if (length > FILE_MAX) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: the file has more than %d bytes: this is no guest's configuration file",
                 path, FILE_MAX);
    return NULL;
  }
  if (strlen (text) != length) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: the file holds a NUL: this is no guest's configuration file", path);
    return NULL;
  }
  return g_steal_pointer (&text);
}

/* ---- lines ---- */

typedef struct {
  const char *path;
  char *encoding;   /* NULL: UTF-8 */
  GHashTable *keys; /* lower case -> line */
  xmlNode *root;
} Reader;

static gboolean
bad_line (const Reader *reader, guint line, const char *text, const char *why, GError **error)
{
  g_autofree char *shown = v2v_printable (text, MIN ((gssize)strlen (text), 120), FALSE);

  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s:%u: \"%s\": %s", reader->path, line, shown,
               why);
  return FALSE;
}

/* KEY = "VALUE" in LINE, which is changed. VALUE may stand without quotes. */
static gboolean
split_line (char *line, char **key_r, char **value_r)
{
  char *equals = strchr (line, '=');
  gsize length;

  if (!equals)
    return FALSE;
  *equals = '\0';
  *key_r = g_strstrip (line);
  *value_r = g_strstrip (equals + 1);
  length = strlen (*value_r);
  if (**value_r == '"') {
    if (length < 2 || (*value_r)[length - 1] != '"')
      return FALSE;
    (*value_r)[length - 1] = '\0';
    ++*value_r;
  }
  if (strchr (*value_r, '"'))
    return FALSE;
  length = strlen (*key_r);
  return length > 0 && length <= KEY_LENGTH_MAX &&
         strspn (*key_r,
                 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-") ==
             length;
}

/* |hh is the byte hh. FALSE: an escape is none, or a NUL. */
static gboolean
unescape (char *value)
{
  char *to = value;

  for (const char *from = value; *from; to++) {
    if (*from != '|') {
      *to = *from++;
      continue;
    }
    if (!g_ascii_isxdigit (from[1]) || !g_ascii_isxdigit (from[2]))
      return FALSE;
    *to = (char)(g_ascii_xdigit_value (from[1]) * 16 + g_ascii_xdigit_value (from[2]));
    if (*to == '\0')
      return FALSE;
    from += 3;
  }
  *to = '\0';
  return TRUE;
}

static gboolean
is_encoding_known (const char *encoding)
{
  static const char *const known[] = {"windows-125", "iso-8859-", "us-ascii"};

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strncasecmp (encoding, known[i], strlen (known[i])) == 0 &&
        strlen (encoding) < 20)
      return TRUE;
  return FALSE;
}

/* Looks for .encoding = "NAME", wherever it stands. */
static gboolean
find_encoding (Reader *reader, char **lines, GError **error)
{
  for (guint i = 0; lines[i]; i++) {
    g_autofree char *line = g_strstrip (g_strdup (lines[i]));
    char *key, *value;

    if (g_ascii_strncasecmp (line, ".encoding", 9) != 0 || !split_line (line, &key, &value) ||
        g_ascii_strcasecmp (key, ".encoding") != 0)
      continue;
    if (g_ascii_strcasecmp (value, "UTF-8") == 0)
      return TRUE;
    if (!is_encoding_known (value))
      return bad_line (reader, i + 1, lines[i],
                       "this encoding is not known; UTF-8, windows-1250 to windows-1258 and "
                       "ISO-8859 are: write the file anew in UTF-8 and say so",
                       error);
    reader->encoding = g_strdup (value);
    return TRUE;
  }
  return TRUE;
}

/* VALUE as UTF-8 that a document can hold, or NULL. */
static char *
convert (const Reader *reader, const char *value)
{
  g_autofree char *text = NULL;

  if (reader->encoding)
    text = g_convert (value, -1, "UTF-8", reader->encoding, NULL, NULL, NULL);
  else if (g_utf8_validate (value, -1, NULL))
    text = g_strdup (value);
  /* A value may be of several lines. */
  if (text)
    g_strdelimit (text, "\r", '\n');
  return text && !v2v_domain_unwritable (text) ? g_steal_pointer (&text) : NULL;
}

/* "scsi0:1" -> "scsi", "0", "1" */
static void
set_place (xmlNode *group, const char *name)
{
  gsize word = strspn (name, "abcdefghijklmnopqrstuvwxyz_-");
  gsize first = strspn (name + word, "0123456789");
  gsize second = name[word + first] == ':' ? strspn (name + word + first + 1, "0123456789") : 0;
  gsize end = word + first + (second ? second + 1 : 0);
  g_autofree char *word_text = g_strndup (name, word);
  g_autofree char *first_text = g_strndup (name + word, first);
  g_autofree char *second_text = second ? g_strndup (name + word + first + 1, second) : NULL;

  if (!word || !first || name[end] || first > 3 || second > 3)
    return;
  xmlSetProp (group, (const xmlChar *)"word", (const xmlChar *)word_text);
  xmlSetProp (group, (const xmlChar *)"first", (const xmlChar *)first_text);
  if (second_text)
    xmlSetProp (group, (const xmlChar *)"second", (const xmlChar *)second_text);
}

static xmlNode *
group_of (Reader *reader, const char *name, guint line)
{
  xmlNode *group;

  for (group = reader->root->children; group; group = group->next) {
    xmlChar *other = strcmp ((const char *)group->name, "group") == 0
                         ? xmlGetNoNsProp (group, (const xmlChar *)"name")
                         : NULL;
    gboolean same = other && strcmp ((const char *)other, name) == 0;

    xmlFree (other);
    if (same)
      return group;
  }
  group = xmlNewChild (reader->root, NULL, (const xmlChar *)"group", NULL);
  group->line = (unsigned short)MIN (line, 65535);
  xmlSetProp (group, (const xmlChar *)"name", (const xmlChar *)name);
  set_place (group, name);
  return group;
}

static void
add_key (Reader *reader, const char *key, const char *value, guint line)
{
  const char *dot = strchr (key, '.');
  xmlNode *parent = reader->root;
  xmlNode *node;

  if (dot && dot > key && dot[1]) {
    g_autofree char *name = g_strndup (key, (gsize)(dot - key));

    parent = group_of (reader, name, line);
    key = dot + 1;
  }
  node = xmlNewTextChild (parent, NULL, (const xmlChar *)"key", (const xmlChar *)value);
  node->line = (unsigned short)MIN (line, 65535);
  xmlSetProp (node, (const xmlChar *)"name", (const xmlChar *)key);
}

static gboolean
read_line (Reader *reader, const char *text, guint line, GError **error)
{
  g_autofree char *copy = g_strstrip (g_strdup (text));
  g_autofree char *lower = NULL;
  g_autofree char *converted = NULL;
  char *key, *value;
  guint before;

  if (*copy == '\0' || *copy == '#')
    return TRUE;
  if (strlen (copy) > VALUE_LENGTH_MAX)
    return bad_line (reader, line, text, "a line of more than 65536 bytes is not read", error);
  if (!split_line (copy, &key, &value))
    return bad_line (reader, line, text, "expected KEY = \"VALUE\"", error);
  if (!unescape (value))
    return bad_line (
        reader, line, text,
        "| stands for the first of two hexadecimal digits, and |00 is not possible", error);
  converted = convert (reader, value);
  if (!converted)
    return bad_line (reader, line, text,
                     "the value is no text in the encoding of the file (.encoding, UTF-8 if "
                     "there is none): add .encoding = \"windows-1252\" or what it is in",
                     error);
  lower = g_ascii_strdown (key, -1);
  before = GPOINTER_TO_UINT (g_hash_table_lookup (reader->keys, lower));
  if (before) {
    g_autofree char *why = g_strdup_printf (
        "this key is there twice, first in line %u: which one counts cannot be told, remove "
        "the other",
        before);

    return bad_line (reader, line, text, why, error);
  }
  if (g_hash_table_size (reader->keys) >= KEYS_MAX)
    return bad_line (reader, line, text, "there are more than 10000 keys", error);
  add_key (reader, lower, converted, line);
  g_hash_table_insert (reader->keys, g_steal_pointer (&lower), GUINT_TO_POINTER (line));
  return TRUE;
}

/* The name of the file without its end, if a document can hold it. */
static char *
base_name (const char *path)
{
  char *base = g_path_get_basename (path);
  char *dot = strrchr (base, '.');

  if (dot && dot > base)
    *dot = '\0';
  if (!g_utf8_validate (base, -1, NULL) || v2v_domain_unwritable (base))
    *base = '\0';
  return base;
}

static xmlDoc *
read_keys (const char *path, const char *text, GError **error)
{
  g_autofree char *base = base_name (path);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  Reader reader = {.path = path};
  xmlDoc *doc = xmlNewDoc ((const xmlChar *)"1.0");
  gboolean ok;

  reader.keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reader.root = xmlNewDocNode (doc, NULL, (const xmlChar *)"configuration", NULL);
  reader.root->line = 1;
  xmlDocSetRootElement (doc, reader.root);
  xmlSetProp (reader.root, (const xmlChar *)"name", (const xmlChar *)base);
  ok = find_encoding (&reader, lines, error);
  for (guint i = 0; ok && lines[i]; i++)
    ok = read_line (&reader, lines[i], i + 1, error);
  if (ok && g_hash_table_size (reader.keys) == 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:1: the file is empty, expected lines KEY = \"VALUE\"", path);
    ok = FALSE;
  }
  g_hash_table_unref (reader.keys);
  g_free (reader.encoding);
  if (!ok)
    g_clear_pointer (&doc, xmlFreeDoc);
  return doc;
}

/* ---- the files that it names ---- */

static gboolean
lies_in (const char *real, const char *folder)
{
  gsize length = strlen (folder);

  return strncmp (real, folder, length) == 0 &&
         (real[length] == '/' || real[length] == '\0' || g_str_equal (folder, "/"));
}

/* The file NAME, absolute, if it is there and may be read: it lies in the folder of the
 * configuration file, or --allow-backing says so. */
static char *
find_file (const char *name, const char *guest, const V2vOptionValues *options, char **why_r)
{
  const char *const *allowed = v2v_option_get_all (options, "allow-backing");
  g_autofree char *path = v2v_domain_path (name, guest);
  g_autofree char *own = g_path_get_dirname (guest);
  char *real = realpath (path, NULL);
  char *folder = realpath (own, NULL);
  gboolean ok = real && folder && lies_in (real, folder);

  for (; real && !ok && *allowed; allowed++) {
    char *other = realpath (*allowed, NULL);

    ok = other && lies_in (real, other);
    free (other);
  }
  free (folder);
  if (!ok) {
    g_autofree char *shown = v2v_printable (path, -1, FALSE);

    /* Whether a file elsewhere exists is the host's business. */
    *why_r = real || g_path_is_absolute (name) || strstr (name, "..")
                 ? g_strdup_printf ("the file %s is not in the folder of the configuration "
                                    "file: put it there and name it so, or say "
                                    "--allow-backing %s",
                                    shown, shown)
                 : g_strdup_printf ("the file %s does not exist: copy all files of the guest",
                                    shown);
  }
  free (real);
  return ok ? g_steal_pointer (&path) : NULL;
}

static char *
attribute (xmlNode *node, const char *name)
{
  xmlChar *value = xmlGetNoNsProp (node, (const xmlChar *)name);
  char *copy = g_strdup (value ? (const char *)value : "");

  xmlFree (value);
  return copy;
}

static gboolean
resolve_sources (xmlDoc *domain, const char *guest, const V2vOptionValues *options,
                 GError **error)
{
  xmlNode *devices = v2v_xml_child (xmlDocGetRootElement (domain), "devices");

  for (xmlNode *node = devices ? devices->children : NULL; node; node = node->next) {
    xmlNode *source = v2v_xml_child (node, "source");
    g_autofree char *name = NULL, *line = NULL, *device = NULL, *path = NULL, *why = NULL;

    if (!source || strcmp ((const char *)node->name, "disk") != 0)
      continue;
    name = attribute (source, "file");
    line = attribute (source, "line");
    device = attribute (node, "device");
    xmlUnsetProp (source, (const xmlChar *)"line");
    path = find_file (name, guest, options, &why);
    if (path) {
      xmlSetProp (source, (const xmlChar *)"file", (const xmlChar *)path);
    } else if (strcmp (device, "disk") == 0) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s:%s: %s", guest, line, why);
      return FALSE;
    } else {
      v2v_warn ("%s:%s: the drive is left empty: %s", guest, line, why);
      xmlUnlinkNode (source);
      xmlFreeNode (source);
    }
  }
  return TRUE;
}

static xmlDoc *
vmx_read (const char *guest, const V2vOptionValues *options, const char *work_dir G_GNUC_UNUSED,
          GError **error)
{
  g_autofree char *text = read_text (guest, error);
  xmlDoc *keys = text ? read_keys (guest, text, error) : NULL;
  xmlDoc *domain;

  if (!keys)
    return NULL;
  domain = v2v_xslt_read ("vmx.xsl", keys, guest, options, error);
  xmlFreeDoc (keys);
  if (domain && !resolve_sources (domain, guest, options, error))
    g_clear_pointer (&domain, xmlFreeDoc);
  return domain;
}

static const V2vOptionDef vmx_options[] = {
    {NULL},
};

const V2vSource v2v_source_vmx = {
    .name = "vmx",
    .help = "the configuration file (*.vmx) of a guest, beside its disks",
    .options = vmx_options,
    .fits = vmx_fits,
    .ready = vmx_ready,
    .read = vmx_read,
};
