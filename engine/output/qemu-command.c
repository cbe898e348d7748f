/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes the command line of QEMU from a domain document for KVM.
 *
 * The stylesheet's result is <arguments program="..."> with <argument>s. An argument is plain
 * text; or parts of a comma-separated list, <value>V</value> and <option name="N">V</option>,
 * whose commas are doubled here; or one <object> of <string>, <bool>, <int>, <null> and
 * further <object>s with a name each, which becomes JSON.
 */
#include "config.h"

#include <string.h>

#include <json-glib/json-glib.h>
#include <libxml/xpath.h>

#include "lang/ruleset.h"
#include "metadata/domain.h"
#include "metadata/xslt.h"
#include "output/firmware.h"
#include "output/qemu-command.h"

#define MAX_ARGUMENT 65536

char *
v2v_output_file (const V2vOptionValues *options, const char *subdir, const char *name,
                 GError **error)
{
  g_autoptr (GPtrArray) rule_dirs =
      v2v_rule_dirs_default (options ? v2v_option_get_all (options, "rules-dir") : NULL);
  const char *found = v2v_find_script (rule_dirs, subdir, name);

  if (!found)
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
        "there is no %s/%s in any directory of rules: install the program's own, or set V2V_ENGINE_DATA_DIR",
        subdir, name);
  return g_strdup (found);
}

/* ---- the stylesheet's input ---- */

static void
set (xmlNode *node, const char *name, const char *value)
{
  if (value)
    xmlSetProp (node, BAD_CAST name, BAD_CAST value);
}

static void
set_number (xmlNode *node, const char *name, guint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, number);

  if (number)
    set (node, name, text);
}

static xmlNode *
add (xmlNode *parent, const char *name)
{
  return xmlNewChild (parent, NULL, BAD_CAST name, NULL);
}

static gboolean
is_element (const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE && strcmp ((const char *)node->name, name) == 0;
}

/* Adds the removable media whose image is missing, which is allowed. */
static void
add_missing (xmlNode *facts, xmlDoc *domain)
{
  xmlXPathContext *context = xmlXPathNewContext (domain);
  xmlXPathObject *found = xmlXPathEval (
      BAD_CAST "/domain/devices/disk[@device = 'cdrom' or @device = 'floppy']/source/@file",
      context);

  for (int i = 0; found && found->nodesetval && i < found->nodesetval->nodeNr; i++) {
    xmlChar *path = xmlNodeGetContent (found->nodesetval->nodeTab[i]);

    if (!g_file_test ((const char *)path, G_FILE_TEST_EXISTS))
      set (add (facts, "missing"), "file", (const char *)path);
    xmlFree (path);
  }
  xmlXPathFreeObject (found);
  xmlXPathFreeContext (context);
}

static xmlDoc *
facts_of (xmlDoc *domain, const V2vQemuUse *use, const char *code)
{
  xmlDoc *doc = xmlNewDoc (BAD_CAST "1.0");
  xmlNode *root = xmlNewNode (NULL, BAD_CAST "facts");
  xmlNode *node;

  xmlDocSetRootElement (doc, root);
  node = add (root, "use");
  set (node, "accel", use->accel ? use->accel : "tcg");
  set (node, "network", use->network ? use->network : "user");
  set (node, "media", use->no_media ? "none" : NULL);
  set (node, "serial", use->serial);
  set (node, "firmware-log", use->firmware_log);
  set (node, "mark", use->mark);
  set (node, "display", use->no_display ? "none" : NULL);
  set_number (node, "memory", use->memory_kib);
  set_number (node, "cpus", use->cpus);
  set (node, "code", code);
  set (node, "vars", use->vars);
  set (node, "tpm", use->tpm);
  set (node, "sockets", use->sockets);
  for (guint i = 0; use->disks && i < use->disks->len; i++) {
    const V2vQemuDisk *disk = use->disks->pdata[i];

    node = add (root, "disk");
    set (node, "target", disk->target);
    set (node, "path", disk->path);
    set (node, "format", disk->format);
  }
  for (guint i = 0; use->bridges && i < use->bridges->len; i++)
    set (add (root, "bridge"), "name", use->bridges->pdata[i]);
  add_missing (root, domain);
  return doc;
}

/* ---- the stylesheet's result ---- */

static gboolean
wrong (const xmlNode *node, const char *stylesheet, GError **error)
{
  g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
               "the stylesheet %s made something that is no argument: <%s> in <%s>; the domain "
               "may have a name there that "
               "qemu cannot have",
               stylesheet, (const char *)node->name, (const char *)node->parent->name);
  return FALSE;
}

static void
append_doubled (GString *text, const char *value)
{
  for (; *value; value++) {
    g_string_append_c (text, *value);
    if (*value == ',')
      g_string_append_c (text, ',');
  }
}

static gboolean
add_member (JsonBuilder *json, xmlNode *node, const char *stylesheet, GError **error)
{
  g_autofree char *text = NULL;
  xmlChar *value;

  if (is_element (node, "object")) {
    json_builder_begin_object (json);
    for (xmlNode *child = node->children; child; child = child->next) {
      xmlChar *name;

      if (child->type != XML_ELEMENT_NODE)
        continue;
      name = xmlGetProp (child, BAD_CAST "name");
      if (!name)
        return wrong (child, stylesheet, error);
      json_builder_set_member_name (json, (const char *)name);
      xmlFree (name);
      if (!add_member (json, child, stylesheet, error))
        return FALSE;
    }
    json_builder_end_object (json);
    return TRUE;
  }
  value = xmlNodeGetContent (node);
  text = g_strdup ((const char *)value);
  xmlFree (value);
  if (is_element (node, "string"))
    json_builder_add_string_value (json, text);
  else if (is_element (node, "bool"))
    json_builder_add_boolean_value (json, strcmp (text, "true") == 0);
  else if (is_element (node, "int"))
    json_builder_add_int_value (json, g_ascii_strtoll (text, NULL, 10));
  else if (is_element (node, "null"))
    json_builder_add_null_value (json);
  else
    return wrong (node, stylesheet, error);
  return TRUE;
}

static char *
json_text (xmlNode *object, const char *stylesheet, GError **error)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  if (!add_member (json, object, stylesheet, error))
    return NULL;
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}

/* Whether TEXT can be the name of an option: some names come from the document, too. */
static gboolean
is_name (const char *name)
{
  return *name && strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789._-") == strlen (name);
}

static char *
list_text (xmlNode *argument, const char *stylesheet, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (xmlNode *node = argument->children; node; node = node->next) {
    xmlChar *value, *name;

    if (node->type != XML_ELEMENT_NODE)
      continue;
    name = xmlGetProp (node, BAD_CAST "name");
    if (!is_element (node, name ? "option" : "value") || (name && !is_name ((char *)name))) {
      xmlFree (name);
      wrong (node, stylesheet, error);
      return NULL;
    }
    if (text->len)
      g_string_append_c (text, ',');
    if (name)
      g_string_append_printf (text, "%s=", (const char *)name);
    value = xmlNodeGetContent (node);
    append_doubled (text, (const char *)value);
    xmlFree (value);
    xmlFree (name);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
argument_text (xmlNode *argument, const char *stylesheet, GError **error)
{
  xmlNode *first = xmlFirstElementChild (argument);
  char *copy;
  xmlChar *text;

  if (first && is_element (first, "object") && !xmlNextElementSibling (first))
    return json_text (first, stylesheet, error);
  if (first)
    return list_text (argument, stylesheet, error);
  text = xmlNodeGetContent (argument);
  copy = g_strdup ((const char *)text);
  xmlFree (text);
  return copy;
}

static gboolean
add_arguments (GPtrArray *arguments, xmlDoc *doc, const char *stylesheet, GError **error)
{
  xmlNode *root = xmlDocGetRootElement (doc);
  xmlChar *program = xmlGetProp (root, BAD_CAST "program");

  g_ptr_array_add (arguments, g_strdup (program ? (const char *)program : ""));
  xmlFree (program);
  for (xmlNode *node = root->children; node; node = node->next) {
    char *text;

    if (node->type != XML_ELEMENT_NODE)
      continue;
    if (!is_element (node, "argument"))
      return wrong (node, stylesheet, error);
    text = argument_text (node, stylesheet, error);
    if (!text)
      return FALSE;
    g_ptr_array_add (arguments, text);
    if (strlen (text) > MAX_ARGUMENT) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                   "the domain has a value of more than %d bytes: \"%.60s...\"", MAX_ARGUMENT,
                   text);
      return FALSE;
    }
  }
  return TRUE;
}

GPtrArray *
v2v_qemu_command (const char *stylesheet, xmlDoc *domain, const V2vQemuUse *use, GError **error)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (V2vFirmware) firmware = NULL;
  xmlDoc *facts, *result;
  gboolean ok;

  if (!use->code && v2v_firmware_wanted (domain) &&
      !(firmware = v2v_firmware_find (domain, error)))
    return NULL;
  facts = facts_of (domain, use, firmware ? firmware->code : use->code);
  result = v2v_xslt_apply_with (stylesheet, domain, facts, error);
  xmlFreeDoc (facts);
  if (!result)
    return NULL;
  ok = add_arguments (arguments, result, stylesheet, error);
  xmlFreeDoc (result);
  return ok ? g_steal_pointer (&arguments) : NULL;
}
