/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Applies stylesheets in isolation: they can read only the document, the facts, and the
 * stylesheets of their own rule directory.
 *
 * Two barriers isolate them. libxslt asks its security preferences before it reads or writes
 * anything. A loader in this file reads all documents, so that included ones are subject to
 * the same limits as any XML from outside (no document type, no entities, no network).
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/uri.h>
#include <libxml/xpathInternals.h>
#include <libxslt/documents.h>
#include <libxslt/extensions.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/variables.h>
#include <libxslt/xslt.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>

#include "base/guard.h"
#include "base/log.h"
#include "lang/ruleset.h"
#include "metadata/domain.h"
#include "metadata/xslt.h"

/* Limits: templates within templates, steps of XSLT and XPath, bytes of messages. */
#define MAX_DEPTH 500
#define MAX_STEPS 5000000
#define MAX_MESSAGES 16384
#define MESSAGE_LINES 3
/* Seconds of processor time. The number of steps does not limit it, since one step may copy a
 * text of any length. */
#define MAX_SECONDS 60

/* An internal XPath function that passes the facts to the parameter; stylesheets use the
 * parameter only. */
#define FACTS_FUNCTION "v2v-facts"

/* libxslt's document loader and default preferences are global, so their state is, too. Only
 * one thread of the process uses stylesheets. */
static struct {
  char *rule_dir;    /* real path of the directory that the stylesheet may read from */
  GString *messages; /* messages of libxslt and of the stylesheet */
  char *place;       /* "FILE:LINE" of the instruction that caused the first message, or NULL */
  gboolean failed;   /* at least one message is an error of libxslt or libxml2 */
} current;

/* ---- what a stylesheet may read ---- */

/* The nearest directory named xslt above PATH (a real path), or the directory of the file if
 * there is none. */
static char *
tree_of (const char *path)
{
  g_autofree char *own = g_path_get_dirname (path);
  g_autofree char *dir = g_strdup (own);

  while (strcmp (dir, "/") != 0) {
    g_autofree char *base = g_path_get_basename (dir);
    char *up;

    if (strcmp (base, "xslt") == 0)
      return g_steal_pointer (&dir);
    up = g_path_get_dirname (dir);
    g_free (dir);
    dir = up;
  }
  return g_steal_pointer (&own);
}

/* The real path of the file that URI names; NULL with errno set if it is not within the
 * current rule directory. */
static char *
path_within_tree (const char *uri)
{
  const char *path = g_str_has_prefix (uri, "file://") ? uri + strlen ("file://") : uri;
  g_autofree char *unescaped = g_uri_unescape_string (path, NULL);
  char *real;

  errno = EACCES;
  if (!unescaped || !(real = realpath (unescaped, NULL)))
    return NULL;
  if (g_str_has_prefix (real, current.rule_dir) && real[strlen (current.rule_dir)] == '/')
    return real;
  free (real);
  errno = EACCES;
  return NULL;
}

static int
allow_own_tree (xsltSecurityPrefs *security G_GNUC_UNUSED,
                xsltTransformContext *context G_GNUC_UNUSED, const char *value)
{
  char *path = path_within_tree (value);
  /* A missing file is allowed here, so that the loader can report that it is missing. */
  int allowed = path || errno == ENOENT;

  free (path);
  return allowed;
}

/* Replaces the advice for a document of a guest, to export it again, by advice for a
 * stylesheet, which can only be corrected. */
static void
own_advice (GError **error)
{
  static const char *const others[] = {": correct the file or export it again",
                                       ": export it again"};

  for (guint i = 0; error && *error && i < G_N_ELEMENTS (others); i++)
    if (g_str_has_suffix ((*error)->message, others[i]))
      strcpy (strrchr ((*error)->message, ':'), ": correct it");
}

/* Reads documents for libxslt: stylesheets that are included or imported, and document(). */
static xmlDoc *
load_document (const xmlChar *uri, xmlDict *dict, int options G_GNUC_UNUSED,
               void *context G_GNUC_UNUSED, xsltLoadType type G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  char *path = path_within_tree ((const char *)uri);
  xmlDoc *doc;

  if (!path) {
    current.failed = TRUE;
    g_string_append_printf (current.messages,
                            errno == ENOENT ? "%s does not exist\n"
                                            : "%s is not in the stylesheet's own directory\n",
                            (const char *)uri);
    return NULL;
  }
  doc = v2v_xml_read_file_in (path, dict, &error);
  own_advice (&error);
  if (!doc) {
    current.failed = TRUE;
    g_string_append_printf (current.messages, "%s\n", error->message);
  }
  free (path);
  return doc;
}

static xsltSecurityPrefs *
sealed (void)
{
  static xsltSecurityPrefs *security;

  if (!security) {
    security = xsltNewSecurityPrefs ();
    if (!security)
      g_error ("out of memory");
    xsltSetSecurityPrefs (security, XSLT_SECPREF_READ_FILE, allow_own_tree);
    xsltSetSecurityPrefs (security, XSLT_SECPREF_WRITE_FILE, xsltSecurityForbid);
    xsltSetSecurityPrefs (security, XSLT_SECPREF_CREATE_DIRECTORY, xsltSecurityForbid);
    xsltSetSecurityPrefs (security, XSLT_SECPREF_READ_NETWORK, xsltSecurityForbid);
    xsltSetSecurityPrefs (security, XSLT_SECPREF_WRITE_NETWORK, xsltSecurityForbid);
    /* Default preferences are needed because stylesheets are read before there is a context
     * with preferences of its own. */
    xsltSetDefaultSecurityPrefs (security);
    xsltSetLoaderFunc (load_document);
  }
  return security;
}

/* ---- messages ---- */

/* Whether the current instruction is <xsl:message>. The instruction decides, since the text of
 * a message may contain anything from the document. */
static gboolean
is_message (const xsltTransformContext *context)
{
  return context && context->inst && context->inst->ns &&
         strcmp ((const char *)context->inst->name, "message") == 0 &&
         strcmp ((const char *)context->inst->ns->href, (const char *)XSLT_NAMESPACE) == 0;
}

static void G_GNUC_PRINTF (2, 3) collect_message (void *data, const char *format, ...)
{
  const xsltTransformContext *context = data;
  va_list args;

  current.failed = current.failed || !is_message (context);
  if (current.messages->len > MAX_MESSAGES)
    return;
  if (context && context->inst && context->inst->doc && !current.place)
    current.place = g_strdup_printf ("%s:%ld", (const char *)context->inst->doc->URL,
                                     xmlGetLineNo (context->inst));
  va_start (args, format);
  g_string_append_vprintf (current.messages, format, args);
  va_end (args);
}

static void
collect_xml_error (void *data G_GNUC_UNUSED, xmlError *error)
{
  /* An error of libxml2, such as a failed allocation. */
  current.failed = current.failed || error->level >= XML_ERR_ERROR;
  if (error->message && current.messages->len <= MAX_MESSAGES)
    g_string_append (current.messages, error->message);
}

/* The beginning of libxslt's messages, on one line, each with "FILE:LINE: " in front where
 * libxslt names a place. */
static char *
message_text (void)
{
  g_autoptr (GRegex) place = g_regex_new ("^(?:runtime|compilation) error:? (?:file (.*) line "
                                          "(\\d+)|file (.*))(?: element (\\S+))?$",
                                          G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *text = g_strdup (current.messages->str);
  g_autofree char *rest = NULL;
  g_autofree char *plain = NULL;
  g_auto (GStrv) lines = NULL;
  GString *result = g_string_new (NULL);
  guint shown = 0;

  if (g_regex_match (place, text, 0, &match)) {
    g_autofree char *file = g_match_info_fetch (match, 1);
    g_autofree char *line = g_match_info_fetch (match, 2);
    g_autofree char *element = g_match_info_fetch (match, 4);

    rest = g_regex_replace (place, text, -1, 0, "", 0, NULL);
    g_free (text);
    text = file && *file
               ? g_strdup_printf ("%s:%s: %s%s%s%s", file, line, element && *element ? "<" : "",
                                  element && *element ? element : "",
                                  element && *element ? ">: " : "", g_strchug (rest))
               : g_strdup (rest);
  }
  plain = v2v_printable (text, -1, TRUE);
  lines = g_strsplit (plain, "\n", -1);
  for (char **line = lines; *line && shown < MESSAGE_LINES; line++) {
    g_strstrip (*line);
    /* Skip the rest of a place and advice for libxslt's own command line. */
    if (**line == '\0' || strcmp (*line, "error") == 0 || strstr (*line, "--maxdepth"))
      continue;
    g_string_append_printf (result, "%s%s", shown++ ? "; " : "", *line);
  }
  return g_string_free (result, FALSE);
}

/* ---- loading ---- */

static void
begin (const char *real)
{
  current.rule_dir = tree_of (real);
  current.messages = g_string_new (NULL);
  current.failed = FALSE;
  xsltSetGenericErrorFunc (NULL, collect_message);
  xmlSetStructuredErrorFunc (NULL, collect_xml_error);
}

static void
end (void)
{
  xsltSetGenericErrorFunc (NULL, NULL);
  xmlSetStructuredErrorFunc (NULL, NULL);
  g_clear_pointer (&current.rule_dir, g_free);
  g_clear_pointer (&current.place, g_free);
  g_string_free (current.messages, TRUE);
  current.messages = NULL;
}

/* Must be called between begin() and end(). */
static xsltStylesheet *
load_stylesheet (const char *real, GError **error)
{
  g_autoptr (GError) cause = NULL;
  xmlDoc *doc = v2v_xml_read_file (real, &cause);
  xsltStylesheet *stylesheet;
  g_autofree char *text = NULL;

  if (!doc) {
    /* The stylesheet belongs to the rules, not to the guest. */
    if (cause->code == V2V_EXIT_DATA)
      cause->code = V2V_EXIT_CONFIG;
    g_propagate_error (error, g_steal_pointer (&cause));
    own_advice (error);
    return NULL;
  }
  stylesheet = xsltParseStylesheetDoc (doc);
  if (stylesheet && stylesheet->errors == 0)
    return stylesheet;
  text = message_text ();
  g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG, "%s is not a usable stylesheet: %s", real,
               *text ? text : "expected XSLT 1.0");
  if (stylesheet)
    xsltFreeStylesheet (stylesheet);
  else
    xmlFreeDoc (doc);
  return NULL;
}

static char *
real_path (const char *path, GError **error)
{
  char *real = realpath (path, NULL);

  if (!real)
    v2v_error_set_errno (error, errno, "%s: cannot open the stylesheet", path);
  return real;
}

gboolean
v2v_xslt_check (const char *path, GError **error, gpointer data G_GNUC_UNUSED)
{
  char *real = real_path (path, error);
  xsltStylesheet *stylesheet;

  if (!real)
    return FALSE;
  sealed ();
  begin (real);
  v2v_guard_begin (MAX_SECONDS, V2V_EXIT_CONFIG, "%s: loading the stylesheet", path);
  stylesheet = load_stylesheet (real, error);
  if (stylesheet)
    xsltFreeStylesheet (stylesheet);
  v2v_guard_end ();
  end ();
  free (real);
  return stylesheet != NULL;
}

/* ---- applying ---- */

/* The XPath function v2v-facts: the root element of the facts. */
static void
facts_function (xmlXPathParserContext *parser, int count)
{
  xsltTransformContext *context = xsltXPathGetTransformContext (parser);

  if (count != 0) {
    xmlXPathSetArityError (parser);
    return;
  }
  valuePush (parser, xmlXPathNewNodeSet (xmlDocGetRootElement (context->_private)));
}

/* The XPath function v2v-line: the line of the first of some nodes. */
static void
line_function (xmlXPathParserContext *parser, int count)
{
  xmlXPathObject *nodes;
  xmlNode *node;

  if (count != 1) {
    xmlXPathSetArityError (parser);
    return;
  }
  nodes = valuePop (parser);
  /* A node that a stylesheet created has no line in the document. */
  node = nodes && nodes->type == XPATH_NODESET && !xmlXPathNodeSetIsEmpty (nodes->nodesetval)
             ? nodes->nodesetval->nodeTab[0]
             : NULL;
  if (node && node->type == XML_ATTRIBUTE_NODE)
    node = node->parent;
  valuePush (parser, xmlXPathNewFloat (node ? (double)xmlGetLineNo (node) : 0));
  xmlXPathFreeObject (nodes);
}

static gboolean
signed_number (const xmlChar *text, guint64 *bits_r)
{
  gint64 number;

  if (!text ||
      !g_ascii_string_to_signed ((const char *)text, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return FALSE;
  *bits_r = (guint64)number;
  return TRUE;
}

/* The XPath function v2v-genid: the identifier whose bytes in memory are those of two numbers,
 * least significant byte first. Its fields are one of 32 bits, two of 16, and eight of 8. */
static void
genid_function (xmlXPathParserContext *parser, int count)
{
  xmlChar *high, *low;
  guint64 first, second;
  g_autofree char *text = NULL;

  if (count != 2) {
    xmlXPathSetArityError (parser);
    return;
  }
  high = xmlXPathPopString (parser);
  low = xmlXPathPopString (parser);
  if (signed_number (low, &first) && signed_number (high, &second)) {
    second = GUINT64_SWAP_LE_BE (second);
    text = g_strdup_printf ("%08x-%04x-%04x-%04x-%012" G_GINT64_MODIFIER "x",
                            (guint)(first & 0xffffffff), (guint)(first >> 32 & 0xffff),
                            (guint)(first >> 48), (guint)(second >> 48),
                            second & G_GUINT64_CONSTANT (0xffffffffffff));
  }
  xmlFree (high);
  xmlFree (low);
  valuePush (parser, xmlXPathNewCString (text ? text : ""));
}

/* Prints each line of the messages of the stylesheet at PATH as a warning. If LAST_R is not
 * NULL, the last line goes there instead. Messages about DOCUMENT (which may be NULL) begin
 * with a line number in it. */
static void
tell_messages (const char *document, const char *path, char **last_r)
{
  g_autofree char *plain = v2v_printable (current.messages->str, -1, TRUE);
  g_auto (GStrv) lines = g_strsplit (g_strstrip (plain), "\n", -1);

  v2v_debug ("%s says:", path);
  for (guint i = 0; lines[i]; i++)
    if (last_r && !lines[i + 1])
      *last_r = g_strdup (lines[i]);
    else if (document)
      v2v_warn ("%s:%s", document, lines[i]);
    else
      v2v_warn ("%s", lines[i]);
}

/* Adds to ERROR that it is a fault in a stylesheet, which only its author can correct. */
static void
say_fault (GError **error)
{
  v2v_error_say (error, "the cause is a fault in a stylesheet:  " V2V_PLEASE_REPORT);
}

static gboolean
is_too_long (xmlDoc *doc)
{
  g_autofree char *text = v2v_xml_to_string (doc);

  return strlen (text) > V2V_XML_MAX;
}

static gboolean
ended_by_message (const xsltTransformContext *context)
{
  return context->state == XSLT_STATE_STOPPED && current.place && !current.failed;
}

static void
set_result_error (xsltTransformContext *context, const char *path, const char *document,
                  GError **error)
{
  g_autofree char *text = message_text ();
  gboolean steps = context->opLimit && context->opCount >= context->opLimit;

  if (!steps)
    steps = context->xpathCtxt->opLimit &&
            context->xpathCtxt->opCount >= context->xpathCtxt->opLimit;
  if (steps && document)
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: reading it took more than %d steps, which no guest needs: check that "
                 "it describes a guest",
                 document, MAX_STEPS);
  else if (steps) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                 "%s took more than %d steps: check for a template that calls itself for "
                 "ever (%s)",
                 path, MAX_STEPS, text);
    say_fault (error);
  } else if (document && ended_by_message (context)) {
    g_autofree char *last = NULL;

    tell_messages (document, path, &last);
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s:%s", document, last);
  } else if (ended_by_message (context)) {
    /* The message is that of <xsl:message terminate="yes">, to which libxslt adds no place. */
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG, "the stylesheet %s failed: %s: %s", path,
                 current.place, text);
    v2v_error_say (error, "the guest's domain cannot be converted: %s", text);
  } else {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG, "the stylesheet %s failed: %s", path,
                 *text ? text : "it gave no reason");
    say_fault (error);
  }
}

/* Must be called between begin() and end(). DOCUMENT is the name that begins messages; NULL:
 * PATH. */
static xmlDoc *
transform (xsltStylesheet *stylesheet, const char *path, const char *document, xmlDoc *doc,
           xmlDoc *facts, GError **error)
{
  xsltTransformContext *context = xsltNewTransformContext (stylesheet, doc);
  xmlDoc *result;
  xmlNode *deep;

  if (!context)
    g_error ("out of memory");
  context->_private = facts;
  context->maxTemplateDepth = MAX_DEPTH;
  context->opLimit = MAX_STEPS;
  context->xpathCtxt->opLimit = MAX_STEPS;
  xsltSetCtxtSecurityPrefs (sealed (), context);
  xsltSetTransformErrorFunc (context, context, collect_message);
  xmlXPathRegisterFunc (context->xpathCtxt, (const xmlChar *)FACTS_FUNCTION, facts_function);
  if (document) {
    xmlXPathRegisterFunc (context->xpathCtxt, (const xmlChar *)"v2v-line", line_function);
    xmlXPathRegisterFunc (context->xpathCtxt, (const xmlChar *)"v2v-genid", genid_function);
  } else {
    xsltEvalOneUserParam (context, (const xmlChar *)"facts",
                          (const xmlChar *)FACTS_FUNCTION "()");
  }
  result = xsltApplyStylesheetUser (stylesheet, doc, NULL, NULL, NULL, context);

  /* An error of libxslt itself, such as a failed allocation, leaves an incomplete document. */
  if (!result || context->state != XSLT_STATE_OK || current.failed) {
    set_result_error (context, path, document, error);
    g_clear_pointer (&result, xmlFreeDoc);
  } else if (!xmlDocGetRootElement (result)) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_CONFIG,
        "the stylesheet %s produced no document: expected it to copy the elements that it "
        "does not know",
        path);
    say_fault (error);
    g_clear_pointer (&result, xmlFreeDoc);
  } else if ((deep = v2v_xml_too_deep (result))) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                 "the stylesheet %s nests elements deeper than %d levels (<%s>)", path,
                 V2V_XML_DEPTH, (const char *)deep->name);
    say_fault (error);
    g_clear_pointer (&result, xmlFreeDoc);
  } else if (is_too_long (result)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                 "the stylesheet %s produced a document of more than %d bytes", path,
                 V2V_XML_MAX);
    say_fault (error);
    g_clear_pointer (&result, xmlFreeDoc);
  } else if (current.messages->len > 0) {
    /* The messages are those of <xsl:message> without terminate. */
    tell_messages (document, path, NULL);
  }
  xsltFreeTransformContext (context);
  return result;
}

static xmlDoc *
apply (const char *path, const char *document, xmlDoc *doc, xmlDoc *facts, GError **error)
{
  char *real = real_path (path, error);
  xsltStylesheet *stylesheet;
  xmlDoc *copy, *result = NULL;

  if (!real)
    return NULL;
  sealed ();
  begin (real);
  v2v_guard_begin (MAX_SECONDS, document ? V2V_EXIT_DATA : V2V_EXIT_CONFIG,
                   "%s: applying the stylesheet%s%s", path, document ? " to " : "",
                   document ? document : "");
  stylesheet = load_stylesheet (real, error);
  if (stylesheet) {
    /* libxslt strips white space from its input document, so it gets a copy. */
    copy = xmlCopyDoc (doc, 1);
    if (!copy)
      g_error ("out of memory");
    result = transform (stylesheet, real, document, copy, facts, error);
    xmlFreeDoc (copy);
    xsltFreeStylesheet (stylesheet);
  }
  v2v_guard_end ();
  end ();
  free (real);
  return result;
}

xmlDoc *
v2v_xslt_apply_with (const char *path, xmlDoc *doc, xmlDoc *facts, GError **error)
{
  return apply (path, NULL, doc, facts, error);
}

/* The line of the source document that the attribute "line" of NODE names; 0 if there is none. */
static guint
said_line (xmlNode *node)
{
  xmlChar *text = xmlGetNoNsProp (node, (const xmlChar *)"line");
  guint64 line = 0;

  if (text)
    g_ascii_string_to_unsigned ((const char *)text, 10, 1, G_MAXUSHORT, &line, NULL);
  xmlFree (text);
  return (guint)line;
}

/* Sets the lines of the result. libxslt gives its elements the lines of the stylesheet, but
 * messages are about the document that was read. An element gets the line that it or an
 * element in it names, or else AROUND, the line of the element around it. */
static void
set_lines (xmlNode *node, guint around)
{
  guint line = said_line (node);

  for (xmlNode *child = xmlFirstElementChild (node); !line && child;
       child = xmlNextElementSibling (child))
    line = said_line (child);
  node->line = (unsigned short)(line ? line : around);
  for (xmlNode *child = xmlFirstElementChild (node); child;
       child = xmlNextElementSibling (child))
    set_lines (child, node->line);
}

xmlDoc *
v2v_xslt_read (const char *name, xmlDoc *doc, const char *place, const V2vOptionValues *options,
               GError **error)
{
  g_autoptr (GPtrArray) rule_dirs =
      v2v_rule_dirs_default (v2v_option_get_all (options, "rules-dir"));

  for (guint i = 0; i < rule_dirs->len; i++) {
    const V2vRuleDir *rule_dir = rule_dirs->pdata[i];
    g_autofree char *path = g_build_filename (rule_dir->path, "xslt", name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_REGULAR)) {
      xmlDoc *result = apply (path, place, doc, NULL, error);

      if (result)
        set_lines (xmlDocGetRootElement (result), 1);
      return result;
    }
  }
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
      "the stylesheet xslt/%s, which reads %s, is in none of the rule directories: install "
      "the rules of v2v-engine, or set V2V_ENGINE_DATA_DIR",
      name, place);
  return NULL;
}

xmlDoc *
v2v_xslt_apply (const char *path, xmlDoc *doc, V2vStore *store, GError **error)
{
  xmlDoc *facts = v2v_store_to_xml (store);
  xmlDoc *result = v2v_xslt_apply_with (path, doc, facts, error);

  xmlFreeDoc (facts);
  return result;
}
