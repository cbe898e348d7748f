/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Validates domain documents by a RELAX NG schema.
 *
 * Where a schema lets elements come in any order, the errors of libxml2 hardly help ("Extra
 * element devices in interleave"). So this file looks for the element to blame: the one
 * without which the document would be valid.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <libxml/parser.h>
#include <libxml/relaxng.h>

#include "base/log.h"
#include "metadata/domain.h"
#include "metadata/slot.h"
#include "metadata/domain-schema.h"
#include "metadata/element.h"

/* The largest number of elements that are removed on trial to find the one to blame: each
 * trial validates the whole document. */
#define MAX_TRIES 500

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (xmlDocPtr, xmlFreeDoc, NULL)

/* ---- the schema ---- */

static void
keep_error (void *data, xmlError *error)
{
  char **message_r = data;
  g_autofree char *text = g_strchomp (g_strdup (error->message ? error->message : ""));

  if (!*message_r && *text)
    *message_r = v2v_printable (text, -1, FALSE);
}

/* Reads the schema in PATH. NULL with the reason in *WHY_R on failure. */
static xmlRelaxNG *
read_schema (const char *path, char **why_r)
{
  xmlExternalEntityLoader loader = xmlGetExternalEntityLoader ();
  xmlRelaxNGParserCtxt *parser;
  xmlRelaxNG *schema;

  /* A schema includes other files, which must not come from a network. */
  xmlSetExternalEntityLoader (xmlNoNetExternalEntityLoader);
  xmlSetStructuredErrorFunc (why_r, keep_error);
  parser = xmlRelaxNGNewParserCtxt (path);
  if (!parser)
    g_error ("out of memory");
  xmlRelaxNGSetParserStructuredErrors (parser, keep_error, why_r);
  schema = xmlRelaxNGParse (parser);
  xmlRelaxNGFreeParserCtxt (parser);
  xmlSetStructuredErrorFunc (NULL, NULL);
  xmlSetExternalEntityLoader (loader);
  return schema;
}

/* A process validates several documents by the same schema, so schemas are cached until it
 * ends. */
static xmlRelaxNG *
cached_schema (const char *path, char **why_r)
{
  static GHashTable *schemas;
  xmlRelaxNG *schema;

  if (!schemas)
    schemas =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)xmlRelaxNGFree);
  schema = g_hash_table_lookup (schemas, path);
  if (!schema && (schema = read_schema (path, why_r)))
    g_hash_table_insert (schemas, g_strdup (path), schema);
  return schema;
}

/* Finds the schema that OPTIONS select. *SCHEMA_R remains NULL if documents are not to be
 * validated. */
static gboolean
find_schema (const V2vOptionValues *options, const char **path_r, xmlRelaxNG **schema_r,
             GError **error)
{
  const char *given = options ? v2v_option_get (options, "domain-schema") : NULL;
  g_autofree char *why = NULL;

  *path_r = given ? given : V2V_DOMAIN_SCHEMA;
  if (g_strcmp0 (given, "none") == 0)
    return TRUE;
  if (access (*path_r, R_OK) < 0) {
    if (given) {
      v2v_error_set_errno (error, errno, "--domain-schema %s: cannot read it", given);
      return FALSE;
    }
    v2v_debug ("%s does not exist: the new domain is not validated", *path_r);
    return TRUE;
  }
  if ((*schema_r = cached_schema (*path_r, &why)))
    return TRUE;
  if (given) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "--domain-schema %s: this is not a usable RELAX NG schema: %s", given,
                 why ? why : "libxml2 gives no reason");
    return FALSE;
  }
  v2v_debug ("%s cannot be used: %s; the new domain is not validated", *path_r, why);
  return TRUE;
}

/* ---- validating ---- */

static gboolean
is_valid (xmlRelaxNG *schema, xmlDoc *doc, char **why_r)
{
  xmlRelaxNGValidCtxt *context = xmlRelaxNGNewValidCtxt (schema);
  gboolean valid;

  if (!context)
    g_error ("out of memory");
  xmlRelaxNGSetValidStructuredErrors (context, keep_error, why_r);
  valid = xmlRelaxNGValidateDoc (context, doc) == 0;
  xmlRelaxNGFreeValidCtxt (context);
  return valid;
}

/* Whether DOC would be valid without NODE. */
static gboolean
is_to_blame (xmlRelaxNG *schema, xmlDoc *doc, xmlNode *node)
{
  xmlNode *parent = node->parent;
  xmlNode *next = node->next;
  g_autofree char *ignored = NULL;
  gboolean valid;

  xmlUnlinkNode (node);
  valid = is_valid (schema, doc, &ignored);
  if (next)
    xmlAddPrevSibling (next, node);
  else
    xmlAddChild (parent, node);
  return valid;
}

/* The innermost element below PARENT without which DOC would be valid; the first, if there are
 * several. Counts the trials in *TRIES. */
static xmlNode *
find_to_blame (xmlRelaxNG *schema, xmlDoc *doc, xmlNode *parent, guint *tries)
{
  xmlNode *next;

  for (xmlNode *node = xmlFirstElementChild (parent); node && *tries > 0; node = next) {
    xmlNode *inner = find_to_blame (schema, doc, node, tries);

    next = xmlNextElementSibling (node);
    if (inner)
      return inner;
    if (*tries == 0)
      return NULL;
    --*tries;
    if (is_to_blame (schema, doc, node))
      return node;
  }
  return NULL;
}

/* The start tag of NODE and the element around it, for a message. */
static char *
shown (xmlNode *node)
{
  GString *text = g_string_new ("<");
  char *printable;

  g_string_append (text, (const char *)node->name);
  for (xmlAttr *attribute = node->properties; attribute && text->len < 200;
       attribute = attribute->next) {
    xmlChar *value = xmlNodeListGetString (node->doc, attribute->children, 1);

    g_string_append_printf (text, " %s='%.60s'", (const char *)attribute->name,
                            value ? (const char *)value : "");
    xmlFree (value);
  }
  g_string_append_printf (text, "> in <%s>", (const char *)node->parent->name);
  printable = v2v_printable (text->str, -1, FALSE);
  g_string_free (text, TRUE);
  return printable;
}

static void
set_error (xmlRelaxNG *schema, xmlDoc *doc, const char *path, const char *why, GError **error)
{
  guint tries = MAX_TRIES;
  xmlNode *node = find_to_blame (schema, doc, xmlDocGetRootElement (doc), &tries);
  g_autofree char *element = node ? shown (node) : NULL;

  g_set_error (
      error, V2V_ERROR, V2V_EXIT_CONFIG,
      "the new domain is not valid: %s%s, by %s. Correct this place in the source's "
      "document, or the stylesheet that writes it (v2v-engine plan --domain-schema none "
      "shows the new domain); if the schema is older than the libvirt that will run the "
      "guest, name another with --domain-schema, or none",
      element ? element
      : why   ? why
              : "libxml2 gives no reason",
      element ? " is not what libvirt accepts" : "", path);
}

/* A copy of DOC without the slots, which libvirt's schema does not know. */
static xmlDoc *
written (xmlDoc *doc, GError **error)
{
  g_autofree char *text = v2v_xml_to_string (doc);
  xmlDoc *plain = v2v_xml_read_memory ("the new domain", text, strlen (text), error);
  xmlNode *slot;

  while (plain && (slot = v2v_slot_next (plain, NULL))) {
    xmlUnlinkNode (slot);
    xmlFreeNode (slot);
  }
  return plain;
}

gboolean
v2v_domain_schema_ready (const V2vOptionValues *options, GError **error)
{
  xmlRelaxNG *schema = NULL;
  const char *path;

  return !v2v_option_is_set (options, "domain-schema") ||
         find_schema (options, &path, &schema, error);
}

gboolean
v2v_domain_validate (xmlDoc *doc, const V2vOptionValues *options, GError **error)
{
  g_auto (xmlDocPtr) plain = NULL;
  g_autofree char *why = NULL;
  xmlRelaxNG *schema = NULL;
  const char *path;

  if (!find_schema (options, &path, &schema, error))
    return FALSE;
  if (!schema)
    return TRUE;
  if (!(plain = written (doc, error)))
    return FALSE;
  if (is_valid (schema, plain, &why))
    return TRUE;
  set_error (schema, plain, path, why, error);
  return FALSE;
}
