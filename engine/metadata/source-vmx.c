/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The source "vmx": GUEST is a configuration file of lines KEY = "VALUE".
 *
 * This file reads the lines into a document of keys, which xslt/vmx.xsl turns into a domain,
 * and finds the files that the lines name. The syntax of a line and the names of character
 * sets are those of open-vm-tools (lib/dict/dictll.c, lib/unicode).
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
#include "metadata/element.h"

#define FILE_MAX (1024 * 1024)
#define KEYS_MAX 10000
#define KEY_LENGTH_MAX 1024
#define VALUE_LENGTH_MAX 65536
#define ENCODING_LENGTH_MAX 40
#define UTF8_MARK "\xef\xbb\xbf"

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

/* Refuses a disk that was given instead of the configuration file, and names that file. */
static gboolean
refuse_disk (const char *path, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  g_autoptr (GString) found = g_string_new (NULL);
  const char *name;
  guint count = 0;

  while (dir && (name = g_dir_read_name (dir)) && count < 5)
    if (g_str_has_suffix (name, ".vmx")) {
      g_autofree char *beside = g_build_filename (directory, name, NULL);
      g_autofree char *shown = v2v_printable (beside, -1, FALSE);

      g_string_append_printf (found, "%s%s", count++ ? " or " : "", shown);
    }
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
               "%s is a disk (VMDK), expected the configuration file of the guest:  %s%s", path,
               count ? "give " : "the file *.vmx in the guest's directory", found->str);
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

/* Converts TEXT from UTF-16, which some editors write, to UTF-8. The byte order mark says
 * which it is, and remains at the beginning. */
static gboolean
narrow_text (char **text, gsize *length, const char *path, GError **error)
{
  gboolean little = g_str_has_prefix (*text, "\xff\xfe");
  g_autofree char *narrow = NULL;

  if (!little && !g_str_has_prefix (*text, "\xfe\xff"))
    return TRUE;
  narrow = g_convert (*text + 2, (gssize)*length - 2, "UTF-8", little ? "UTF-16LE" : "UTF-16BE",
                      NULL, length, NULL);
  if (!narrow) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: the file begins like UTF-16 but is not valid UTF-16: save it in UTF-8",
                 path);
    return FALSE;
  }
  g_free (*text);
  *text = g_strconcat (UTF8_MARK, narrow, NULL);
  *length += strlen (UTF8_MARK);
  return TRUE;
}

static char *
read_text (const char *path, GError **error)
{
  g_autofree char *text = g_malloc (FILE_MAX + 2);
  gsize length = 0;
  gboolean failed = FALSE;
  struct stat st;
  /* Without O_NONBLOCK, opening a FIFO would wait for a writer for ever. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

  if (fd < 0 || fstat (fd, &st) < 0) {
    v2v_error_set_errno (error, errno, "%s: cannot open the configuration file", path);
    if (fd >= 0)
      close (fd);
    return NULL;
  }
  if (!S_ISREG (st.st_mode)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_NOINPUT,
                 "%s is not a regular file, expected a configuration file", path);
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
                 "%s: the file has more than %d bytes: check that this is the configuration "
                 "file of a guest",
                 path, FILE_MAX);
    return NULL;
  }
  if (!narrow_text (&text, &length, path, error))
    return NULL;
  if (strlen (text) != length) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: the file contains a NUL: check that this is the configuration file of "
                 "a guest",
                 path);
    return NULL;
  }
  return g_steal_pointer (&text);
}

/* ---- lines ---- */

typedef struct {
  const char *path;
  char *encoding;   /* iconv's name; NULL for UTF-8 */
  char *said;       /* the file's name for the encoding */
  GHashTable *keys; /* lower case -> line */
  xmlNode *root;
} Reader;

/* The end of a message about the line TEXT: its beginning and WHY. */
static char *
about_line (const char *text, const char *why)
{
  g_autofree char *shown = v2v_printable (text, MIN ((gssize)strlen (text), 120), FALSE);

  return g_strdup_printf ("\"%s\": %s", shown, why);
}

static gboolean
bad_line (const Reader *reader, guint line, const char *text, const char *why, GError **error)
{
  g_autofree char *about = about_line (text, why);

  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s:%u: %s", reader->path, line, about);
  return FALSE;
}

typedef enum { LINE_EMPTY, LINE_KEY, LINE_BAD } LineKind;

/* Splits LINE, which is modified. A key is any text without blanks, = and #. A value is in
 * quotes, or without quotes ends at a #, which begins a comment. */
static LineKind
split_line (char *line, char **key_r, char **value_r)
{
  char *key = line + strspn (line, " \t");
  gsize length = strcspn (key, " \t=#");
  char *at = key + length + strspn (key + length, " \t");
  char *value, *end;
  gboolean quoted;

  if (length == 0)
    return *at == '\0' || *at == '#' ? LINE_EMPTY : LINE_BAD;
  if (*at != '=' || length > KEY_LENGTH_MAX)
    return LINE_BAD;
  value = at + 1 + strspn (at + 1, " \t");
  quoted = *value == '"';
  if (quoted) {
    value++;
    end = strchr (value, '"');
    if (!end)
      return LINE_BAD;
    at = end + 1 + strspn (end + 1, " \t");
    if (*at != '\0' && *at != '#')
      return LINE_BAD;
  } else {
    end = value + strcspn (value, "\"#");
    if (*end == '"')
      return LINE_BAD;
  }
  key[length] = '\0';
  *end = '\0';
  *key_r = key;
  *value_r = quoted ? value : g_strchomp (value);
  return LINE_KEY;
}

/* Replaces each |hh by the byte with the hexadecimal number hh; a bar without two digits
 * remains. FALSE if the byte is a NUL. */
static gboolean
unescape (char *value)
{
  char *to = value;

  for (const char *from = value; *from; to++) {
    if (*from != '|' || !g_ascii_isxdigit (from[1]) || !g_ascii_isxdigit (from[2])) {
      *to = *from++;
      continue;
    }
    *to = (char)(g_ascii_xdigit_value (from[1]) * 16 + g_ascii_xdigit_value (from[2]));
    if (*to == '\0')
      return FALSE;
    from += 3;
  }
  *to = '\0';
  return TRUE;
}

/* ---- character sets ---- */

/* The letters and digits of NAME in lower case: the form in which spellings of an encoding are
 * compared. */
static char *
plain_name (const char *name)
{
  GString *plain = g_string_new (NULL);

  for (; *name; name++)
    if (g_ascii_isalnum (*name))
      g_string_append_c (plain, g_ascii_tolower (*name));
  return g_string_free (plain, FALSE);
}

/* The number N of a code page name windows-N or windows-N-2000; 0 for other names. */
static guint
code_page (const char *name)
{
  static const char prefix[] = "windows-";
  char *end;
  guint64 number;

  if (g_ascii_strncasecmp (name, prefix, strlen (prefix)) != 0 ||
      !g_ascii_isdigit (name[strlen (prefix)]))
    return 0;
  number = g_ascii_strtoull (name + strlen (prefix), &end, 10);
  if (strcmp (end, "-2000") == 0)
    end += strlen (end);
  return *end == '\0' && number < 65536 ? (guint)number : 0;
}

/* iconv's name of the code page NUMBER. */
static char *
name_of_page (guint number)
{
  static const struct {
    guint number;
    const char *name;
  } others[] = {
      {708, "ISO-8859-6"},    {20127, "US-ASCII"},    {20866, "KOI8-R"},
      {20932, "EUC-JP"},      {21866, "KOI8-U"},      {50220, "ISO-2022-JP"},
      {50221, "ISO-2022-JP"}, {50222, "ISO-2022-JP"}, {51932, "EUC-JP"},
      {51936, "CP936"},       {51949, "CP949"},       {54936, "GB18030"},
      {65001, "UTF-8"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (others[i].number == number)
      return g_strdup (others[i].name);
  if (number > 28590 && number < 28607)
    return g_strdup_printf ("ISO-8859-%u", number - 28590);
  return g_strdup_printf ("CP%u", number);
}

/* iconv's name of the encoding that a file calls NAME. Where NAME is used for a character set
 * and for a larger one that contains it, this is the larger one, which reads both. */
static char *
iconv_name (const char *name)
{
  static const struct {
    const char *plain, *name;
  } others[] = {
      {"gbk", "CP936"},
      {"gb2312", "CP936"},
      {"csgb2312", "CP936"},
      {"euccn", "CP936"},
      {"shiftjis", "CP932"},
      {"sjis", "CP932"},
      {"xsjis", "CP932"},
      {"mskanji", "CP932"},
      {"csshiftjis", "CP932"},
      {"windows31j", "CP932"},
      {"ms932", "CP932"},
      {"ksc56011987", "CP949"},
      {"ksc56011989", "CP949"},
      {"ksc5601", "CP949"},
      {"korean", "CP949"},
      {"euckr", "CP949"},
      {"ms949", "CP949"},
      {"big5", "CP950"},
      {"csbig5", "CP950"},
      {"xbig5", "CP950"},
      {"tis620", "CP874"},
      {"ms874", "CP874"},
      {"xeucjp", "EUC-JP"},
      {"iso88598i", "ISO-8859-8"},
      {"ansix341968", "US-ASCII"},
  };
  g_autofree char *plain = plain_name (name);
  guint page = code_page (name);

  if (page)
    return name_of_page (page);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (strcmp (plain, others[i].plain) == 0)
      return g_strdup (others[i].name);
  return g_strdup (name);
}

/* Whether iconv can read ENCODING, and ENCODING contains ASCII (except \ and ~) unchanged: the
 * syntax of a file, such as quotes, is parsed before its values are converted. */
static gboolean
is_readable (const char *encoding)
{
  char ascii[96], *text;
  gsize length = 0;
  gboolean same;

  for (char sign = ' '; sign < '~'; sign++)
    if (sign != '\\')
      ascii[length++] = sign;
  ascii[length] = '\0';
  text = g_convert (ascii, -1, "UTF-8", encoding, NULL, NULL, NULL);
  same = g_strcmp0 (text, ascii) == 0;
  g_free (text);
  return same;
}

/* Sets the encoding that the file calls NAME. Where iconv lacks an encoding that is merely
 * optional, a file that consists of ASCII only can be read nevertheless. */
static gboolean
set_encoding (Reader *reader, const char *name)
{
  g_autofree char *other = NULL;

  if (*name == '\0')
    return TRUE;
  if (strlen (name) > ENCODING_LENGTH_MAX ||
      strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:+-") !=
          strlen (name))
    return FALSE;
  other = iconv_name (name);
  if (g_ascii_strcasecmp (other, "UTF-8") == 0 || g_ascii_strcasecmp (other, "UTF8") == 0)
    return TRUE;
  if (!is_readable (other)) {
    if (strcmp (other, name) == 0)
      return FALSE;
    g_free (other);
    other = g_strdup ("US-ASCII");
  }
  reader->encoding = g_steal_pointer (&other);
  reader->said = g_strdup (name);
  return TRUE;
}

/* Looks for .encoding = "NAME" in all lines, since it applies to the lines before it, too. */
static gboolean
find_encoding (Reader *reader, char **lines, GError **error)
{
  for (guint i = 0; lines[i]; i++) {
    g_autofree char *line = g_strchomp (g_strdup (lines[i]));
    char *key, *value;

    if (!strstr (line, ".") || split_line (line, &key, &value) != LINE_KEY ||
        g_ascii_strcasecmp (key, ".encoding") != 0)
      continue;
    return set_encoding (reader, value) ||
           bad_line (reader, i + 1, lines[i],
                     "this character set is not supported on this host: save the file in "
                     "UTF-8, with .encoding = \"UTF-8\"",
                     error);
  }
  return TRUE;
}

/* VALUE converted to UTF-8, or NULL if it is not valid in the file's encoding. */
static char *
decode (const Reader *reader, const char *value)
{
  if (reader->encoding)
    return g_convert (value, -1, "UTF-8", reader->encoding, NULL, NULL, NULL);
  return g_utf8_validate (value, -1, NULL) ? g_strdup (value) : NULL;
}

/* VALUE converted to UTF-8 that a document can contain, or NULL with the reason in *WHY_R. */
static char *
convert (const Reader *reader, const char *value, char **why_r)
{
  g_autofree char *text = decode (reader, value);
  char *to = text;

  if (!text && reader->said)
    *why_r = g_strdup_printf ("this is not valid in %s, the encoding that the file names "
                              "(.encoding): correct the value, or save the file in UTF-8",
                              reader->said);
  else if (!text)
    *why_r = g_strdup ("this is not valid UTF-8: name the encoding of the file with a line "
                       "such as .encoding = \"windows-1252\"");
  if (!text)
    return NULL;
  /* A value may have several lines; CR LF and CR become LF. */
  for (const char *from = text; *from; from++)
    if (*from != '\r')
      *to++ = *from;
    else if (from[1] != '\n')
      *to++ = '\n';
  *to = '\0';
  if (!v2v_domain_unwritable (text))
    return g_steal_pointer (&text);
  *why_r = g_strdup ("the value contains a control character, which no document can contain: "
                     "remove it");
  return NULL;
}

/* ---- the document ---- */

/* Splits a name such as "scsi0:1" into the attributes "scsi", "0", "1" of GROUP. */
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

/* Adds a key to the document. If its value cannot be read, VALUE is NULL and PROBLEM says why:
 * it becomes an error only when a stylesheet needs the key. */
static void
add_key (Reader *reader, const char *key, const char *value, const char *problem, guint line)
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
  if (problem)
    xmlSetProp (node, (const xmlChar *)"problem", (const xmlChar *)problem);
}

/* KEY as text in lower case. A key that is not valid text is not one that stylesheets look
 * for. */
static char *
text_of_key (const Reader *reader, const char *key)
{
  g_autofree char *why = NULL;
  g_autofree char *text = convert (reader, key, &why);

  return text ? g_ascii_strdown (text, -1) : v2v_printable (key, -1, FALSE);
}

static gboolean
read_line (Reader *reader, const char *text, guint line, GError **error)
{
  g_autofree char *copy = g_strchomp (g_strdup (text));
  g_autofree char *lower = NULL;
  g_autofree char *converted = NULL;
  g_autofree char *why = NULL;
  g_autofree char *problem = NULL;
  char *key, *value;
  guint before;

  switch (split_line (copy, &key, &value)) {
  case LINE_EMPTY:
    return TRUE;
  case LINE_BAD:
    return bad_line (reader, line, text, "expected KEY = \"VALUE\"", error);
  case LINE_KEY:
    break;
  }
  lower = text_of_key (reader, key);
  before = GPOINTER_TO_UINT (g_hash_table_lookup (reader->keys, lower));
  if (before) {
    why = g_strdup_printf ("this key occurs twice, first in line %u, and nothing says which "
                           "one is right: remove the other",
                           before);
    return bad_line (reader, line, text, why, error);
  }
  if (g_hash_table_size (reader->keys) >= KEYS_MAX)
    return bad_line (reader, line, text, "there are more than 10000 keys", error);
  if (strlen (value) > VALUE_LENGTH_MAX)
    why = g_strdup ("the value has more than 65536 bytes");
  else if (!unescape (value))
    why = g_strdup ("|00 is a NUL, which no value can contain");
  else
    converted = convert (reader, value, &why);
  if (why)
    problem = about_line (text, why);
  add_key (reader, lower, converted, problem, line);
  g_hash_table_insert (reader->keys, g_steal_pointer (&lower), GUINT_TO_POINTER (line));
  return TRUE;
}

/* The base name of PATH without its extension; NULL if a document cannot contain it. */
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
  gboolean marked = g_str_has_prefix (text, UTF8_MARK);
  g_autofree char *base = base_name (path);
  /* Lines may end with LF, CR LF or CR. */
  g_auto (GStrv) lines = g_strsplit (text + (marked ? strlen (UTF8_MARK) : 0),
                                     strchr (text, '\n') ? "\n" : "\r", -1);
  Reader reader = {.path = path};
  xmlDoc *doc = xmlNewDoc ((const xmlChar *)"1.0");
  gboolean ok;

  reader.keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reader.root = xmlNewDocNode (doc, NULL, (const xmlChar *)"configuration", NULL);
  reader.root->line = 1;
  xmlDocSetRootElement (doc, reader.root);
  xmlSetProp (reader.root, (const xmlChar *)"name", (const xmlChar *)base);
  ok = marked || find_encoding (&reader, lines, error);
  for (guint i = 0; ok && lines[i]; i++)
    ok = read_line (&reader, lines[i], i + 1, error);
  if (ok && g_hash_table_size (reader.keys) == 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:1: the file is empty, expected lines KEY = \"VALUE\"", path);
    ok = FALSE;
  }
  g_hash_table_unref (reader.keys);
  g_free (reader.encoding);
  g_free (reader.said);
  if (!ok)
    g_clear_pointer (&doc, xmlFreeDoc);
  return doc;
}

/* ---- the files that it names ---- */

static gboolean
lies_in (const char *real, const char *directory)
{
  gsize length = strlen (directory);

  return strncmp (real, directory, length) == 0 &&
         (real[length] == '/' || real[length] == '\0' || g_str_equal (directory, "/"));
}

/* The absolute path of NAME. Backslashes become slashes, as on the system that wrote them,
 * unless a local file has the name as it is. */
static char *
path_of (const char *name, const char *guest)
{
  g_autofree char *path = v2v_domain_path (name, guest);
  g_autofree char *other = NULL;

  if (!strchr (name, '\\') || g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  other = g_strdelimit (g_strdup (name), "\\", '/');
  return v2v_domain_path (other, guest);
}

/* Whether NAME leads out of its directory on the system where it was written. */
static gboolean
leads_away (const char *name)
{
  return g_path_is_absolute (name) || *name == '\\' ||
         (g_ascii_isalpha (*name) && name[1] == ':') || strstr (name, "..");
}

/* The absolute path of the file NAME if it exists and may be read: it is in the directory of
 * the configuration file, or --allow-backing allows it. Otherwise NULL, with the reason in
 * *WHY_R. */
static char *
find_file (const char *name, const char *guest, const V2vOptionValues *options, char **why_r)
{
  const char *const *allowed = v2v_option_get_all (options, "allow-backing");
  g_autofree char *path = path_of (name, guest);
  g_autofree char *own = g_path_get_dirname (guest);
  char *real = realpath (path, NULL);
  char *directory = realpath (own, NULL);
  gboolean ok = real && directory && lies_in (real, directory);

  for (; real && !ok && *allowed; allowed++) {
    char *other = realpath (*allowed, NULL);

    ok = other && lies_in (real, other);
    free (other);
  }
  free (directory);
  if (!ok) {
    g_autofree char *shown = v2v_printable (path, -1, FALSE);
    g_autofree char *said = v2v_printable (name, -1, FALSE);

    /* The message must not reveal whether a file outside the directory exists. */
    *why_r = real || g_path_is_absolute (name) || strstr (name, "..")
                 ? g_strdup_printf ("the file %s is not in the directory of the "
                                    "configuration file: put it there and correct its name, "
                                    "or allow it with --allow-backing %s",
                                    shown, shown)
             : leads_away (name)
                 ? g_strdup_printf ("the file %s is not in the directory of the "
                                    "configuration file: put it there, and use its name "
                                    "without a directory",
                                    said)
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
