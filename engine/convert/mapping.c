/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the command line says about the guest's network interfaces: their connections, names and
 * addresses.
 */
#include "config.h"

#include <string.h>

#include <gio/gio.h>
#include <libxml/xpath.h>

#include "convert/mapping.h"

#define MAC_LENGTH 17

static const char *const names[] = {"network", "bridge", "mac", NULL};
/* The kinds of values of --mac. */
static const char *const kinds[] = {"network", "bridge", "name", "ip", NULL};

typedef struct {
  const char *option; /* one of names */
  const char *value;  /* as it was given */
  char *old;          /* NULL: all interfaces */
  const char *kind;   /* one of kinds */
  char *new;          /* the name; of an address NULL */
  char *address;      /* with the length of its prefix */
  char *gateway;
  char *dns; /* with a space between them */
} Mapping;

static void
mapping_free (gpointer data)
{
  Mapping *mapping = data;

  g_free (mapping->old);
  g_free (mapping->new);
  g_free (mapping->address);
  g_free (mapping->gateway);
  g_free (mapping->dns);
  g_free (mapping);
}

static gboolean
is_mac (const char *text)
{
  for (int i = 0; i < MAC_LENGTH; i++)
    if (i % 3 == 2 ? text[i] != ':' : !g_ascii_isxdigit (text[i]))
      return FALSE;
  return TRUE;
}

/* The family of a numeric address; G_SOCKET_FAMILY_INVALID for any other text. */
static GSocketFamily
family_of (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return address ? g_inet_address_get_family (address) : G_SOCKET_FAMILY_INVALID;
}

/* "ADDRESS/LENGTH[,GATEWAY[,DNS...]]"; GATEWAY may be empty. */
static gboolean
parse_ip (Mapping *mapping, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  char *slash = parts[0] ? strchr (parts[0], '/') : NULL;
  g_autofree char *address = slash ? g_strndup (parts[0], (gsize)(slash - parts[0])) : NULL;
  GSocketFamily family = address ? family_of (address) : G_SOCKET_FAMILY_INVALID;
  guint64 length;

  if (family == G_SOCKET_FAMILY_INVALID ||
      !g_ascii_string_to_unsigned (slash + 1, 10, 1, family == G_SOCKET_FAMILY_IPV4 ? 32 : 128,
                                   &length, NULL))
    return FALSE;
  for (guint i = 1; parts[i]; i++)
    if (*parts[i] ? i == 1 ? family_of (parts[i]) != family
                           : family_of (parts[i]) == G_SOCKET_FAMILY_INVALID
                  : i != 1)
      return FALSE;
  mapping->address = g_strdup (parts[0]);
  if (!parts[1])
    return TRUE;
  if (*parts[1])
    mapping->gateway = g_strdup (parts[1]);
  if (parts[2])
    mapping->dns = g_strjoinv (" ", parts + 2);
  return TRUE;
}

/* "MAC:KIND:WHAT", also written "MAC=KIND,WHAT". */
static gboolean
parse_mac (Mapping *mapping)
{
  const char *kind = mapping->value + MAC_LENGTH + 1;
  gsize length;

  if (!is_mac (mapping->value) || !strchr (":=", mapping->value[MAC_LENGTH]) ||
      !mapping->value[MAC_LENGTH])
    return FALSE;
  mapping->old = g_ascii_strdown (mapping->value, MAC_LENGTH);
  length = strcspn (kind, ":,");
  if (!kind[length] || !kind[length + 1])
    return FALSE;
  for (const char *const *word = kinds; *word; word++)
    if (strlen (*word) == length && strncmp (kind, *word, length) == 0)
      mapping->kind = *word;
  if (!mapping->kind)
    return FALSE;
  if (g_str_equal (mapping->kind, "ip"))
    return parse_ip (mapping, kind + length + 1);
  mapping->new = g_strdup (kind + length + 1);
  return TRUE;
}

/* "NEW" or "OLD:NEW" */
static gboolean
parse_name (Mapping *mapping)
{
  const char *colon = strchr (mapping->value, ':');

  mapping->kind = mapping->option;
  mapping->new = g_strdup (colon ? colon + 1 : mapping->value);
  if (colon)
    mapping->old = g_strndup (mapping->value, (gsize)(colon - mapping->value));
  return *mapping->new && !strchr (mapping->new, ':') && (!mapping->old || *mapping->old);
}

static gboolean
is_connection (const Mapping *mapping)
{
  return g_str_equal (mapping->kind, "network") || g_str_equal (mapping->kind, "bridge");
}

/* Do both mappings set the same property of the same interfaces? An interface has one
 * connection and one name. */
static gboolean
clash (const Mapping *a, const Mapping *b)
{
  return g_str_equal (a->option, "mac") == g_str_equal (b->option, "mac") &&
         g_strcmp0 (a->old, b->old) == 0 &&
         (is_connection (a) ? is_connection (b) : g_str_equal (a->kind, b->kind));
}

static GPtrArray *
parse (const V2vOptionValues *options, GError **error)
{
  g_autoptr (GPtrArray) mappings = g_ptr_array_new_with_free_func (mapping_free);

  for (const char *const *name = names; *name; name++)
    for (const char *const *value = v2v_option_get_all (options, *name); *value; value++) {
      Mapping *mapping = g_new0 (Mapping, 1);
      gboolean mac = g_str_equal (*name, "mac");

      mapping->option = *name;
      mapping->value = *value;
      g_ptr_array_add (mappings, mapping);
      if (!(mac ? parse_mac (mapping) : parse_name (mapping))) {
        g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--%s %s: expected %s", *name, *value,
                     mac ? "MAC:network:NAME, MAC:bridge:NAME, MAC:name:NAME or "
                           "MAC:ip:ADDRESS/LENGTH[,GATEWAY[,DNS...]]"
                         : "NAME or OLD:NEW");
        return NULL;
      }
      for (guint i = 0; i + 1 < mappings->len; i++) {
        const Mapping *other = mappings->pdata[i];

        if (!clash (mapping, other))
          continue;
        g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                     "--%s %s and --%s %s are about the same interfaces: give one of them",
                     other->option, other->value, mapping->option, mapping->value);
        return NULL;
      }
    }
  return g_steal_pointer (&mappings);
}

/* ---- facts ---- */

static const char *
text_of (const Mapping *mapping, const char *name)
{
  const struct {
    const char *name, *text;
  } fields[] = {
      {"option", mapping->option}, {"old", mapping->old},         {"kind", mapping->kind},
      {"new", mapping->new},       {"address", mapping->address}, {"gateway", mapping->gateway},
      {"dns", mapping->dns},
  };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_strcmp0 (fields[i].name, name) == 0)
      return fields[i].text;
  return NULL;
}

static gboolean
add_fact (V2vStore *store, const V2vFactDecl *decl, const Mapping *mapping, GError **error)
{
  g_autofree V2vValue *values = g_new0 (V2vValue, decl->fields->len);
  g_autofree char *by = g_strdup_printf ("--%s %s", mapping->option, mapping->value);

  for (guint i = 0; i < decl->fields->len; i++) {
    const V2vField *field = decl->fields->pdata[i];
    const char *text = text_of (mapping, field->from);

    if (text && !v2v_field_parse (field, text, &values[field->index])) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "%s: \"%s\" is no %s", by, text,
                   v2v_type_name (field->type.kind));
      return FALSE;
    }
  }
  return v2v_store_add (store, decl, values, v2v_intern (by), NULL, error) != NULL;
}

gboolean
v2v_mapping_add (V2vStore *store, const V2vOptionValues *options, GError **error)
{
  const V2vSchema *schema = v2v_store_schema (store);
  g_autoptr (GPtrArray) mappings = parse (options, error);

  if (!mappings)
    return FALSE;
  for (guint i = 0; i < schema->facts->len; i++) {
    const V2vFactDecl *decl = schema->facts->pdata[i];

    if (decl->origin != V2V_ORIGIN_MAPPINGS)
      continue;
    for (guint j = 0; j < mappings->len; j++)
      if (!add_fact (store, decl, mappings->pdata[j], error))
        return FALSE;
    v2v_store_set_known (store, decl);
  }
  return TRUE;
}

/* ---- what the guest has ---- */

static GPtrArray *
values_at (xmlDoc *domain, const char *xpath)
{
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);
  xmlXPathContext *context = xmlXPathNewContext (domain);
  xmlXPathObject *found = xmlXPathEval (BAD_CAST xpath, context);

  for (int i = 0; found && found->nodesetval && i < found->nodesetval->nodeNr; i++) {
    xmlChar *text = xmlNodeGetContent (found->nodesetval->nodeTab[i]);

    if (!g_ptr_array_find_with_equal_func (values, text, g_str_equal, NULL))
      g_ptr_array_add (values, g_strdup ((const char *)text));
    xmlFree (text);
  }
  xmlXPathFreeObject (found);
  xmlXPathFreeContext (context);
  return values;
}

static gboolean
has (const GPtrArray *values, const char *text, gboolean mac)
{
  for (guint i = 0; i < values->len; i++)
    if (mac ? g_ascii_strcasecmp (values->pdata[i], text) == 0
            : g_str_equal (values->pdata[i], text))
      return TRUE;
  return FALSE;
}

gboolean
v2v_mapping_check (const V2vOptionValues *options, xmlDoc *domain, GError **error)
{
  g_autoptr (GPtrArray) mappings = parse (options, error);
  g_autoptr (GPtrArray) macs = values_at (domain, "/domain/devices/interface/mac/@address");
  g_autoptr (GPtrArray) sources =
      values_at (domain, "/domain/devices/interface/source/@network | "
                         "/domain/devices/interface/source/@bridge | "
                         "/domain/devices/interface/source/@portgroupid | "
                         "/domain/devices/interface/source/@dev | "
                         "/domain/devices/interface/source/@name");

  if (!mappings)
    return FALSE;
  for (guint i = 0; i < mappings->len; i++) {
    const Mapping *mapping = mappings->pdata[i];
    gboolean mac = g_str_equal (mapping->option, "mac");
    GPtrArray *there = mac ? macs : sources;
    g_autofree char *list = NULL;

    if (!mapping->old || has (there, mapping->old, mac))
      continue;
    g_ptr_array_add (there, NULL);
    list = g_strjoinv (", ", (char **)there->pdata);
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--%s %s: the guest has no interface %s %s; %s%s", mapping->option,
                 mapping->value, mac ? "with the address" : "connected to", mapping->old,
                 *list ? "there are: " : "there is none at all", list);
    return FALSE;
  }
  return TRUE;
}
