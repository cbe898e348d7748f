/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads XML documents within limits, and writes them in one canonical, indented form.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>

#include "base/guard.h"
#include "base/textdiff.h"
#include "metadata/domain.h"
#include "metadata/xslt.h"

/* ---- memory ---- */

/* Limits of the memory of libxml2 and the libraries that use it, and of the processor time for
 * one document. */
#define MEMORY_MIB 1024
#define READ_SECONDS 20

static gint64 held; /* bytes */

/* Whether MORE bytes would exceed the limit. A stylesheet can double a text with every step,
 * and a library whose allocation fails may leave an incomplete document without an error, so
 * reaching the limit within a guard ends the process. */
static gboolean
is_too_much (size_t more)
{
  if (more <= ((size_t)MEMORY_MIB << 20) && held + (gint64)more <= (gint64)MEMORY_MIB << 20)
    return FALSE;
  v2v_guard_out_of_memory (MEMORY_MIB);
  return TRUE;
}

static void *
counted_malloc (size_t size)
{
  void *block = is_too_much (size) ? NULL : malloc (size);

  held += (gint64)malloc_usable_size (block);
  return block;
}

static void
counted_free (void *block)
{
  held -= (gint64)malloc_usable_size (block);
  free (block);
}

static void *
counted_realloc (void *block, size_t size)
{
  const size_t before = malloc_usable_size (block);
  void *moved = size > before && is_too_much (size - before) ? NULL : realloc (block, size);

  if (moved)
    held += (gint64)malloc_usable_size (moved) - (gint64)before;
  return moved;
}

static char *
counted_strdup (const char *text)
{
  const size_t size = strlen (text) + 1;
  char *copy = counted_malloc (size);

  return copy ? memcpy (copy, text, size) : NULL;
}

void
v2v_xml_bound_memory (void)
{
  xmlMemSetup (counted_free, counted_malloc, counted_realloc, counted_strdup);
}

/* ---- reading ---- */

/* The largest number of attributes of one element: libxml2 compares each with all before it,
 * so many would take long. */
#define ATTRIBUTES_MAX 1000

/* The line of the first start tag with more than ATTRIBUTES_MAX attributes, or 0. This runs
 * before the parser, on the raw text, and is only approximate: it may be wrong in a text that
 * is not XML or whose encoding is unlike ASCII. The limit of processor time covers those. */
static guint
crowded_line (const char *text, gsize length)
{
  static const struct {
    const char *begin, *end;
  } skipped[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};
  const char *const end = text + length;
  guint line = 1, count = 0;
  gboolean in_tag = FALSE;
  char quote = '\0';

  for (const char *p = text; p < end; p++) {
    line += *p == '\n';
    if (quote) {
      if (*p == quote)
        quote = '\0';
    } else if (in_tag) {
      if (*p == '"' || *p == '\'')
        quote = *p;
      else if (*p == '>')
        in_tag = FALSE;
      else if (*p == '=' && ++count > ATTRIBUTES_MAX)
        return line;
    } else if (*p == '<') {
      gboolean is_tag = TRUE;

      for (guint i = 0; i < G_N_ELEMENTS (skipped); i++) {
        const gsize before = strlen (skipped[i].begin);
        const char *stop;

        if ((gsize)(end - p) <= before || strncmp (p, skipped[i].begin, before) != 0)
          continue;
        is_tag = FALSE;
        stop = g_strstr_len (p + before, end - p - (gssize)before, skipped[i].end);
        if (!stop)
          return 0;
        for (; p < stop; p++)
          line += *p == '\n';
        break;
      }
      in_tag = is_tag;
      count = 0;
    }
  }
  return 0;
}

/* The first error, since later ones mostly follow from it. */
typedef struct {
  int line;
  int column;
  char *message;    /* NULL if there was no error */
  const char *hint; /* what the user can do */
  gboolean loose;   /* prefixes may be undeclared */
} Trouble;

static void
keep_first_error (void *data, xmlError *error)
{
  xmlParserCtxt *parser = data;
  Trouble *trouble = parser->_private;
  const char *message = error->message ? error->message : "";

  if (error->level < XML_ERR_ERROR || trouble->message)
    return;
  /* The document is well-formed nevertheless, and nothing depends on the form of a name
   * space's name. */
  if (error->domain == XML_FROM_NAMESPACE &&
      (trouble->loose || error->code == XML_WAR_NS_URI ||
       error->code == XML_WAR_NS_URI_RELATIVE || error->code == XML_WAR_NS_COLUMN))
    return;
  trouble->line = error->line;
  trouble->column = error->int2;
  if (error->domain == XML_FROM_NAMESPACE) {
    trouble->message = g_strdup_printf ("its name spaces are wrong: %s", message);
    trouble->hint = "declare the prefix (xmlns:PREFIX=\"NAME\") or remove what uses it";
  } else {
    trouble->message = g_strdup_printf ("this is not well-formed XML: %s", message);
    trouble->hint = "correct the file or export it again";
  }
  g_strchomp (trouble->message);
}

/* Stops the parser and records its current place. Takes ownership of MESSAGE. */
static void
stop_parser (xmlParserCtxt *parser, char *message, const char *hint)
{
  Trouble *trouble = parser->_private;

  if (trouble->message) {
    g_free (message);
  } else {
    trouble->line = xmlSAX2GetLineNumber (parser);
    trouble->column = xmlSAX2GetColumnNumber (parser);
    trouble->message = message;
    trouble->hint = hint;
  }
  xmlStopParser (parser);
}

/* A document type can declare entities that grow without end or name files. */
static void
refuse_doctype (void *data, const xmlChar *name, const xmlChar *external G_GNUC_UNUSED,
                const xmlChar *system G_GNUC_UNUSED)
{
  stop_parser (data,
               g_strdup_printf ("<!DOCTYPE %s: a document type is not accepted, since it can "
                                "name entities and other files",
                                (const char *)name),
               "remove it and write out its entities");
}

static void
start_element (void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
               int namespaces_count, const xmlChar **namespaces, int attributes_count,
               int defaulted, const xmlChar **attributes)
{
  xmlParserCtxt *parser = data;

  if (parser->nodeNr >= V2V_XML_DEPTH) {
    stop_parser (parser,
                 g_strdup_printf ("<%s> is nested deeper than %d levels", (const char *)name,
                                  V2V_XML_DEPTH),
                 "no description of a guest is so deep: check that this is the right file");
    return;
  }
  xmlSAX2StartElementNs (data, name, prefix, uri, namespaces_count, namespaces,
                         attributes_count, defaulted, attributes);
}

static xmlDoc *
read_memory (const char *name, const char *text, gsize length, xmlDict *dict, gboolean loose,
             GError **error)
{
  Trouble trouble = {.loose = loose};
  xmlParserCtxt *parser;
  xmlDoc *doc;
  guint crowded;

  if (length > V2V_XML_MAX) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: the document has %" G_GSIZE_FORMAT " bytes, but at most %d are "
                 "accepted: no description of a "
                 "guest is so long; check that this "
                 "is the right file",
                 name, length, V2V_XML_MAX);
    return NULL;
  }
  if (length == 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: the file is empty, expected an XML document", name);
    return NULL;
  }

  crowded = crowded_line (text, length);
  if (crowded) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s:%u: an element has more than %d attributes: no description of a guest has so "
        "many; check that this is the right file",
        name, crowded, ATTRIBUTES_MAX);
    return NULL;
  }

  v2v_guard_begin (READ_SECONDS, V2V_EXIT_DATA, "%s: reading the document", name);
  parser = xmlNewParserCtxt ();
  if (!parser)
    g_error ("out of memory");
  if (dict) {
    xmlDictFree (parser->dict);
    parser->dict = dict;
    xmlDictReference (dict);
  }
  parser->_private = &trouble;
  parser->sax->serror = keep_first_error;
  parser->sax->internalSubset = refuse_doctype;
  parser->sax->startElementNs = start_element;
  doc = xmlCtxtReadMemory (parser, text, (int)length, name, NULL,
                           XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
  if (doc && (!parser->wellFormed || trouble.message))
    g_clear_pointer (&doc, xmlFreeDoc);
  xmlFreeParserCtxt (parser);
  v2v_guard_end ();

  if (!doc)
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s:%d:%d: %s: %s", name, trouble.line,
                 trouble.column,
                 trouble.message ? trouble.message : "the document cannot be parsed",
                 trouble.hint ? trouble.hint : "export it again");
  g_free (trouble.message);
  return doc;
}

xmlDoc *
v2v_xml_read_memory (const char *name, const char *text, gsize length, GError **error)
{
  return read_memory (name, text, length, NULL, FALSE, error);
}

/* The part of NAME after its prefix. The parser keeps an undeclared prefix in the name. NULL
 * if there is none. */
static const xmlChar *
without_prefix (const xmlChar *name, const xmlNs *space)
{
  const xmlChar *colon = space ? NULL : xmlStrchr (name, ':');

  return colon && colon[1] ? colon + 1 : NULL;
}

static void
drop_undeclared (xmlNode *element)
{
  const xmlChar *name = without_prefix (element->name, element->ns);

  if (name) {
    g_autofree char *copy = g_strdup ((const char *)name);

    xmlNodeSetName (element, (const xmlChar *)copy);
  }
  for (xmlAttr *attribute = element->properties; attribute; attribute = attribute->next) {
    name = without_prefix (attribute->name, attribute->ns);
    if (name && !xmlHasNsProp (element, name, NULL)) {
      g_autofree char *copy = g_strdup ((const char *)name);

      xmlNodeSetName ((xmlNode *)attribute, (const xmlChar *)copy);
    }
  }
  for (xmlNode *child = element->children; child; child = child->next)
    if (child->type == XML_ELEMENT_NODE)
      drop_undeclared (child);
}

xmlDoc *
v2v_xml_read_loosely (const char *name, const char *text, gsize length, GError **error)
{
  xmlDoc *doc = read_memory (name, text, length, NULL, TRUE, error);

  if (doc)
    drop_undeclared (xmlDocGetRootElement (doc));
  return doc;
}

xmlDoc *
v2v_xml_read_file (const char *path, GError **error)
{
  return v2v_xml_read_file_in (path, NULL, error);
}

xmlDoc *
v2v_xml_read_file_in (const char *path, xmlDict *dict, GError **error)
{
  g_autofree char *text = NULL;
  struct stat st;
  gsize length = 0;
  int fd;

  /* Without O_NONBLOCK, opening a FIFO would wait for a writer for ever. */
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd == -1) {
    v2v_error_set_errno (error, errno, "%s: cannot open the XML document", path);
    return NULL;
  }
  if (fstat (fd, &st) == -1) {
    v2v_error_set_errno (error, errno, "%s: cannot examine the XML document", path);
    close (fd);
    return NULL;
  }
  if (!S_ISREG (st.st_mode)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_NOINPUT,
                 "%s is %s, expected a file with an XML document", path,
                 S_ISDIR (st.st_mode) ? "a directory" : "not a regular file");
    close (fd);
    return NULL;
  }

  /* Reading one byte more than the limit detects a longer file, even one that is growing. */
  text = g_malloc (V2V_XML_MAX + 1);
  while (length < V2V_XML_MAX + 1) {
    ssize_t got = read (fd, text + length, V2V_XML_MAX + 1 - length);

    if (got == -1 && errno == EINTR)
      continue;
    if (got == -1) {
      v2v_error_set_errno (error, errno, "%s: cannot read the XML document", path);
      close (fd);
      return NULL;
    }
    if (got == 0)
      break;
    length += (gsize)got;
  }
  close (fd);
  if (length > V2V_XML_MAX && (goffset)st.st_size > (goffset)length)
    length = (gsize)st.st_size; /* for the message; nothing is parsed */
  return read_memory (path, text, length, dict, FALSE, error);
}

xmlNode *
v2v_xml_too_deep (xmlDoc *doc)
{
  xmlNode *node = xmlDocGetRootElement (doc);
  guint depth = 1;

  /* This does not use recursion, since the depth is not known to be limited yet. */
  while (node) {
    if (depth > V2V_XML_DEPTH && node->type == XML_ELEMENT_NODE)
      return node;
    if (node->type == XML_ELEMENT_NODE && node->children) {
      node = node->children;
      depth++;
      continue;
    }
    while (!node->next) {
      node = node->parent;
      depth--;
      if (!node || node->type != XML_ELEMENT_NODE)
        return NULL;
    }
    node = node->next;
  }
  return NULL;
}

/* ---- writing ---- */

static gboolean
is_blank_text (const xmlNode *node)
{
  return node->type == XML_TEXT_NODE && xmlIsBlankNode (node);
}

static int
compare_attributes (const void *a, const void *b)
{
  const xmlAttr *left = *(xmlAttr *const *)a, *right = *(xmlAttr *const *)b;
  int order = strcmp ((const char *)left->name, (const char *)right->name);

  if (order == 0)
    order = g_strcmp0 (left->ns ? (const char *)left->ns->href : NULL,
                       right->ns ? (const char *)right->ns->href : NULL);
  return order;
}

/* The order of attributes has no meaning, so sorting them makes equal documents look equal. */
static void
sort_attributes (xmlNode *element)
{
  g_autoptr (GPtrArray) attributes = g_ptr_array_new ();

  for (xmlAttr *attribute = element->properties; attribute; attribute = attribute->next)
    g_ptr_array_add (attributes, attribute);
  if (attributes->len < 2)
    return;
  g_ptr_array_sort (attributes, compare_attributes);
  for (guint i = 0; i < attributes->len; i++) {
    xmlAttr *attribute = attributes->pdata[i];

    attribute->prev = i > 0 ? attributes->pdata[i - 1] : NULL;
    attribute->next = i + 1 < attributes->len ? attributes->pdata[i + 1] : NULL;
  }
  element->properties = attributes->pdata[0];
}

/* Removes white space between elements. Mixed content, where text is beside elements, keeps
 * its white space. */
static void
drop_blanks (xmlNode *element)
{
  gboolean elements = FALSE, text = FALSE;
  xmlNode *next;

  for (xmlNode *child = element->children; child; child = child->next) {
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
      text = text || !is_blank_text (child);
    else
      elements = TRUE;
  }
  if (text && elements)
    return; /* mixed content, whose white space is significant */
  for (xmlNode *child = element->children; child; child = next) {
    next = child->next;
    if (is_blank_text (child)) {
      xmlUnlinkNode (child);
      xmlFreeNode (child);
    }
  }
}

/* Makes documents with the same meaning look the same. Recursion is bounded: read documents
 * have at most V2V_XML_DEPTH levels, and so have results of stylesheets. */
static void
canonicalize (xmlNode *element, gboolean sort)
{
  drop_blanks (element);
  if (sort)
    sort_attributes (element);
  for (xmlNode *child = element->children; child; child = child->next)
    if (child->type == XML_ELEMENT_NODE)
      canonicalize (child, sort);
}

static char *
serialize (xmlDoc *doc, gboolean sort)
{
  xmlDoc *copy = xmlCopyDoc (doc, 1);
  xmlNode *root;
  xmlChar *text = NULL;
  int length = 0;
  char *result;

  if (!copy)
    g_error ("out of memory");
  root = xmlDocGetRootElement (copy);
  if (root)
    canonicalize (root, sort);
  xmlDocDumpFormatMemoryEnc (copy, &text, &length, "UTF-8", 1);
  xmlFreeDoc (copy);
  if (!text)
    g_error ("out of memory");
  result = g_strndup ((const char *)text, (gsize)length);
  xmlFree (text);
  return result;
}

char *
v2v_xml_to_string (xmlDoc *doc)
{
  return serialize (doc, FALSE);
}

char *
v2v_xml_to_canonical (xmlDoc *doc)
{
  g_autofree char *text = serialize (doc, TRUE);
  char *body = text;

  /* The XML declaration describes the encoding of the text, not its content. */
  if (g_str_has_prefix (text, "<?xml ")) {
    char *end = strchr (text, '\n');

    if (end)
      body = end + 1;
  }
  return g_strdup (body);
}

char *
v2v_xml_diff (xmlDoc *before, xmlDoc *after, const char *before_name, const char *after_name)
{
  g_autofree char *old_text = v2v_xml_to_canonical (before);
  g_autofree char *new_text = v2v_xml_to_canonical (after);

  return v2v_text_diff (old_text, new_text, before_name, after_name);
}

gboolean
v2v_xml_equal (xmlDoc *a, xmlDoc *b)
{
  g_autofree char *left = v2v_xml_to_canonical (a);
  g_autofree char *right = v2v_xml_to_canonical (b);

  return strcmp (left, right) == 0;
}
