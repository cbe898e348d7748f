/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Takes facts from documents: XPath expressions in the declarations select the nodes of each
 * fact and the text of each field.
 */
#include "config.h"

#include <string.h>

#include <libxml/xpath.h>

#include "base/guard.h"
#include "metadata/domain.h"

/* The largest number of steps of one XPath evaluation. The documents are small, so more steps
 * mean a malicious document or a mistake in a declaration. */
#define XPATH_STEPS 5000000
/* Seconds of processor time for all facts of one document. */
#define XPATH_SECONDS 60

/* The largest number of bytes of one value. */
#define VALUE_MAX 65536

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (xmlXPathObjectPtr, xmlXPathFreeObject, NULL)

/* The state of reading the facts of one document. */
typedef struct {
  V2vStore *store;
  xmlDoc *doc;
  const char *name; /* name of the document, for messages */
  const char *by;
  xmlXPathContext *context;
  char *message; /* why the current XPath failed, or NULL */
} Reader;

/* Receives structured errors of libxml2 and keeps the first, since later ones follow from it. */
static void
keep_message (void *data, xmlError *error)
{
  Reader *reader = data;

  if (!reader->message && error->message)
    reader->message = g_strchomp (g_strdup (error->message));
}

/* Receives the errors that libxml2 reports as text only, and keeps the first. */
static void G_GNUC_PRINTF (2, 3) keep_text (void *data, const char *format, ...)
{
  Reader *reader = data;
  va_list args;

  if (reader->message)
    return;
  va_start (args, format);
  reader->message = g_strchomp (g_strdup_vprintf (format, args));
  va_end (args);
}

static const char *
why (const Reader *reader)
{
  return reader->message ? reader->message : "libxml2 gives no reason";
}

static xmlXPathCompExpr *
compile (Reader *reader, const V2vFactDecl *decl, const V2vField *field, GError **error)
{
  const char *text = field ? field->from : decl->from;
  V2vPlace place = field ? field->place : decl->place;
  xmlXPathCompExpr *xpath;

  g_clear_pointer (&reader->message, g_free);
  xpath = xmlXPathCtxtCompile (reader->context, (const xmlChar *)text);
  if (xpath)
    return xpath;
  g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
               "%s:%u: '%s' in the declaration of the fact %s%s%s is not an XPath 1.0 "
               "expression: %s: correct the text after \"from\"",
               place.file ? place.file : "rules", place.line, text, decl->name,
               field ? ", field " : "", field ? field->name : "", why (reader));
  return NULL;
}

/* Evaluates XPATH with NODE as the context node. NULL with ERROR set on failure. */
static xmlXPathObject *
evaluate (Reader *reader, xmlXPathCompExpr *xpath, xmlNode *node, const V2vFactDecl *decl,
          const char *text, GError **error)
{
  xmlXPathObject *result;

  reader->context->node = node;
  g_clear_pointer (&reader->message, g_free);
  reader->context->opCount = 0;
  reader->context->opLimit = XPATH_STEPS;
  result = xmlXPathCompiledEval (xpath, reader->context);
  if (!result)
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: the XPath '%s' of the fact %s cannot be evaluated here: %s",
                 reader->name, xmlGetLineNo (node), text, decl->name, why (reader));
  return result;
}

/* The result of an XPath as text: the text of its first node, or the string, number or boolean
 * itself. NULL if it selected nothing. *NODE_R is set to the node, for messages. */
static char *
text_of_result (xmlXPathObject *result, xmlNode **node_r)
{
  xmlChar *text;
  char *copy;

  switch (result->type) {
  case XPATH_NODESET:
    if (xmlXPathNodeSetIsEmpty (result->nodesetval))
      return NULL;
    *node_r = result->nodesetval->nodeTab[0];
    text = xmlNodeGetContent (*node_r);
    break;
  case XPATH_STRING:
  case XPATH_NUMBER:
  case XPATH_BOOLEAN:
    text = xmlXPathCastToString (result);
    break;
  default:
    return NULL;
  }
  copy = text ? g_strstrip (g_strdup ((const char *)text)) : NULL;
  xmlFree (text);
  return copy;
}

static gboolean
read_field (Reader *reader, const V2vField *field, xmlXPathCompExpr *xpath, xmlNode *node,
            V2vValue *value_r, GError **error)
{
  xmlNode *at = node;
  g_auto (xmlXPathObjectPtr) result =
      evaluate (reader, xpath, node, field->fact, field->from, error);
  g_autofree char *text = NULL;
  /* libxml2 does not record the lines of attributes, so messages give the line of the element. */
  xmlNode *place;

  *value_r = V2V_VALUE_UNSET;
  if (!result)
    return FALSE;
  text = text_of_result (result, &at);
  if (!text)
    return TRUE;
  place = at->type == XML_ELEMENT_NODE ? at : at->parent;
  if (strlen (text) > VALUE_MAX) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: the text for %s.%s ('%s') has %" G_GSIZE_FORMAT
                 " bytes, at most %d are accepted",
                 reader->name, xmlGetLineNo (place), field->fact->name, field->name,
                 field->from, strlen (text), VALUE_MAX);
    return FALSE;
  }
  if (!v2v_field_parse (field, text, value_r)) {
    g_autofree xmlChar *path = xmlGetNodePath (at);

    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: %s is '%s', but %s.%s needs a value of type %s: correct the document",
                 reader->name, xmlGetLineNo (place), (const char *)path, text,
                 field->fact->name, field->name, v2v_type_name (field->type.kind));
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_single (Reader *reader, const V2vFactDecl *decl, const V2vValue *values, GError **error)
{
  V2vFact *fact = v2v_store_single (reader->store, decl);

  for (guint i = 0; i < decl->fields->len; i++)
    if (v2v_value_is_set (values[i]) &&
        !v2v_store_set (reader->store, fact, decl->fields->pdata[i], values[i], reader->by,
                        NULL, error))
      return FALSE;
  return TRUE;
}

/* Adds one fact for each node of NODES. XPATHS has an XPath for each field, or NULL for a
 * field that does not come from the document. */
static gboolean
read_nodes (Reader *reader, const V2vFactDecl *decl, xmlXPathObject *nodes,
            xmlXPathCompExpr **xpaths, GError **error)
{
  g_autofree V2vValue *values = g_new (V2vValue, MAX (decl->fields->len, 1));
  int count = xmlXPathNodeSetGetLength (nodes->nodesetval);

  if (!decl->multiple)
    count = MIN (count, 1);
  for (int n = 0; n < count; n++) {
    xmlNode *node = nodes->nodesetval->nodeTab[n];

    if (node->type == XML_NAMESPACE_DECL)
      continue; /* not a node of the tree, so no XPath can be evaluated relative to it */
    for (guint i = 0; i < decl->fields->len; i++) {
      values[i] = V2V_VALUE_UNSET;
      if (xpaths[i] &&
          !read_field (reader, decl->fields->pdata[i], xpaths[i], node, &values[i], error))
        return FALSE;
    }
    if (!decl->multiple) {
      if (!read_single (reader, decl, values, error))
        return FALSE;
    } else if (!v2v_store_add (reader->store, decl, values, reader->by, NULL, error)) {
      g_prefix_error (error, "%s:%ld: ", reader->name, xmlGetLineNo (node));
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
read_kind (Reader *reader, const V2vFactDecl *decl, GError **error)
{
  guint count = decl->fields->len;
  g_autofree xmlXPathCompExpr **xpaths = g_new0 (xmlXPathCompExpr *, count + 1);
  xmlXPathCompExpr *nodes_xpath = NULL;
  xmlXPathObject *nodes = NULL;
  gboolean done = FALSE;

  if (!decl->from) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                 "%s:%u: the fact %s comes from a document, but its declaration does not say "
                 "from where: expected an XPath in quotes after \"from\"",
                 decl->place.file ? decl->place.file : "rules", decl->place.line, decl->name);
    return FALSE;
  }
  nodes_xpath = compile (reader, decl, NULL, error);
  if (!nodes_xpath)
    return FALSE;
  for (guint i = 0; i < count; i++) {
    V2vField *field = decl->fields->pdata[i];

    if (field->from && !(xpaths[i] = compile (reader, decl, field, error)))
      goto out;
  }
  nodes = evaluate (reader, nodes_xpath, (xmlNode *)reader->doc, decl, decl->from, error);
  if (!nodes)
    goto out;
  if (nodes->type != XPATH_NODESET) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_CONFIG,
        "%s:%u: the XPath '%s' of the fact %s gives a value instead of nodes: write an XPath "
        "that selects the elements that become facts",
        decl->place.file ? decl->place.file : "rules", decl->place.line, decl->from,
        decl->name);
    goto out;
  }
  done = read_nodes (reader, decl, nodes, xpaths, error);

out:
  xmlXPathFreeObject (nodes);
  xmlXPathFreeCompExpr (nodes_xpath);
  for (guint i = 0; i < count; i++)
    xmlXPathFreeCompExpr (xpaths[i]);
  return done;
}

gboolean
v2v_facts_from_document (V2vStore *store, V2vOrigin origin, xmlDoc *doc, GError **error)
{
  const V2vSchema *schema = v2v_store_schema (store);
  Reader reader = {store, doc};
  gboolean done = TRUE;

  reader.by = origin == V2V_ORIGIN_DOMAIN ? "domain" : "inspection";
  reader.name = doc->URL ? (const char *)doc->URL : reader.by;
  reader.context = xmlXPathNewContext (doc);
  if (!reader.context)
    g_error ("out of memory");
  v2v_guard_begin (XPATH_SECONDS, V2V_EXIT_DATA, "%s: taking facts from the document",
                   reader.name);
  xmlSetStructuredErrorFunc (&reader, keep_message);
  xmlSetGenericErrorFunc (&reader, keep_text);

  for (guint i = 0; done && i < schema->facts->len; i++) {
    const V2vFactDecl *decl = schema->facts->pdata[i];

    if (decl->origin != origin)
      continue;
    done = read_kind (&reader, decl, error);
    if (done)
      v2v_store_set_known (store, decl);
  }
  xmlSetStructuredErrorFunc (NULL, NULL);
  xmlSetGenericErrorFunc (NULL, NULL);
  xmlXPathFreeContext (reader.context);
  v2v_guard_end ();
  g_free (reader.message);
  return done;
}
