/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Facts from documents by the XPaths of their declarations, and from libosinfo.
 */
#include "config.h"

#include <string.h>

#include "metadata/domain.h"

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (xmlDocPtr, xmlFreeDoc, NULL)

static const V2vPlace place = {"rules.v2v", 7, 1};

static V2vFactDecl *
kind (V2vSchema *schema, const char *name, V2vOrigin origin, gboolean multiple,
      const char *from)
{
  V2vFactDecl *decl = v2v_schema_add_fact (schema, name, place);

  decl->origin = origin;
  decl->multiple = multiple;
  decl->from = g_strdup (from);
  return decl;
}

static V2vField *
field (V2vFactDecl *decl, const char *name, V2vTypeKind type, const char *from)
{
  V2vField *made = v2v_fact_decl_add_field (decl, name, (V2vType){type, NULL}, place);

  made->from = g_strdup (from);
  return made;
}

static xmlDoc *
doc_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  xmlDoc *doc = v2v_xml_read_memory ("guest.xml", text, strlen (text), &error);

  g_assert_no_error (error);
  return doc;
}

static void
test_single (void)
{
  g_autoptr (V2vSchema) schema = v2v_schema_new ();
  V2vFactDecl *source = kind (schema, "source", V2V_ORIGIN_DOMAIN, FALSE, "/domain");
  V2vFactDecl *other = kind (schema, "inspection", V2V_ORIGIN_INSPECTION, FALSE, "/x");
  V2vField *type = field (source, "type", V2V_TYPE_STRING, "@type");
  V2vField *os = field (source, "os-type", V2V_TYPE_STRING, "os/type");
  V2vField *count = field (source, "disks", V2V_TYPE_INT, "count(devices/disk)");
  V2vField *has = field (source, "has", V2V_TYPE_BOOL, "boolean(devices)");
  V2vField *none = field (source, "none", V2V_TYPE_STRING, "nothing/@here");
  V2vField *empty = field (source, "empty", V2V_TYPE_INT, "empty");
  V2vField *derived = field (source, "derived", V2V_TYPE_STRING, NULL);
  g_autoptr (V2vStore) store = NULL;
  g_auto (xmlDocPtr) doc =
      doc_of ("<domain type='xen'><os><type>\n linux \n</type><type>second</type></os><empty/>"
              "<devices><disk/><disk/></devices></domain>");
  g_autoptr (GError) error = NULL;
  V2vFact *fact;

  store = v2v_store_new (schema);
  g_assert_true (v2v_facts_from_document (store, V2V_ORIGIN_DOMAIN, doc, &error));
  g_assert_no_error (error);
  fact = v2v_store_single (store, source);
  g_assert_cmpstr (fact->values[type->index].text, ==, "xen");
  g_assert_cmpstr (fact->values[os->index].text, ==, "linux");
  g_assert_cmpint (fact->values[count->index].number, ==, 2);
  g_assert_true (fact->values[has->index].number);
  g_assert_false (v2v_value_is_set (fact->values[none->index]));
  g_assert_false (v2v_value_is_set (fact->values[empty->index]));
  g_assert_false (v2v_value_is_set (fact->values[derived->index]));
  g_assert_cmpstr (fact->by[type->index], ==, "domain");
  g_assert_true (v2v_store_is_known (store, source));
  g_assert_false (v2v_store_is_known (store, other));
}

static void
test_each (void)
{
  g_autoptr (V2vSchema) schema = v2v_schema_new ();
  V2vFactDecl *nic = kind (schema, "nic", V2V_ORIGIN_DOMAIN, TRUE, "//interface");
  V2vField *mac =
      field (nic, "mac", V2V_TYPE_STRING, "translate(mac/@address, 'ABCDEF', 'abcdef')");
  V2vField *bridge = field (nic, "bridge", V2V_TYPE_STRING, "source/@bridge | source/@network");
  g_autoptr (V2vStore) store = NULL;
  g_auto (xmlDocPtr) doc = doc_of (
      "<domain><interface><mac address='00:16:3E:AA:BB:CC'/><source bridge='br0'/></interface>"
      "<interface><source network='default'/></interface></domain>");
  g_auto (xmlDocPtr) twice =
      doc_of ("<domain>\n<interface><mac address='a'/></interface>\n"
              "<interface><mac address='A'/><source bridge='x'/></interface>\n"
              "<interface><mac address='a'/><source bridge='y'/></interface>"
              "</domain>");
  g_autoptr (GError) error = NULL;
  const GPtrArray *facts;

  mac->key = TRUE;
  store = v2v_store_new (schema);
  g_assert_true (v2v_facts_from_document (store, V2V_ORIGIN_DOMAIN, doc, &error));
  g_assert_no_error (error);
  facts = v2v_store_facts (store, nic);
  g_assert_cmpuint (facts->len, ==, 2);
  g_assert_cmpstr (((V2vFact *)facts->pdata[0])->values[mac->index].text, ==,
                   "00:16:3e:aa:bb:cc");
  g_assert_cmpstr (((V2vFact *)facts->pdata[0])->values[bridge->index].text, ==, "br0");
  g_assert_false (v2v_value_is_set (((V2vFact *)facts->pdata[1])->values[mac->index]));
  g_assert_cmpstr (((V2vFact *)facts->pdata[1])->values[bridge->index].text, ==, "default");

  g_clear_pointer (&store, v2v_store_free);
  store = v2v_store_new (schema);
  g_assert_false (v2v_facts_from_document (store, V2V_ORIGIN_DOMAIN, twice, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  if (!g_pattern_match_simple ("guest.xml:4: *", error->message))
    g_error ("%s", error->message);
}

/* One declaration FROM and FIELD_FROM, of type int, over a small document. */
static void
assert_error (const char *from, const char *field_from, int code, const char *pattern)
{
  g_autoptr (V2vSchema) schema = v2v_schema_new ();
  V2vFactDecl *decl = kind (schema, "thing", V2V_ORIGIN_INSPECTION, TRUE, from);
  g_autoptr (V2vStore) store = NULL;
  g_auto (xmlDocPtr) doc = doc_of ("<os>\n<major>six</major>\n<n a='x1'/></os>");
  g_autoptr (GError) error = NULL;

  field (decl, "number", V2V_TYPE_INT, field_from);
  store = v2v_store_new (schema);
  g_assert_false (v2v_facts_from_document (store, V2V_ORIGIN_INSPECTION, doc, &error));
  g_assert_error (error, V2V_ERROR, code);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("'%s' is not like '%s'", error->message, pattern);
  g_assert_false (v2v_store_is_known (store, decl));
}

static void
test_errors (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autoptr (GString) slow = g_string_new ("//node()");

  assert_error ("/os", "major", V2V_EXIT_DATA,
                "guest.xml:2: /os/major is 'six', but thing.number needs a value of type int*");
  assert_error ("/os/n", "@a", V2V_EXIT_DATA,
                "guest.xml:3: /os/n/@a is 'x1', but thing.number *");
  assert_error (
      "/os/[", "major", V2V_EXIT_CONFIG,
      "rules.v2v:7: '/os/?' in the declaration of the fact thing is not an XPath 1.0 *: "
      "Invalid expression: *");
  assert_error (
      "/os", "major[", V2V_EXIT_CONFIG,
      "rules.v2v:7: 'major?' in the declaration of the fact thing, field number is not *");
  assert_error (
      "count(/os)", "major", V2V_EXIT_CONFIG,
      "rules.v2v:7: the XPath 'count(/os)' of the fact thing gives a value instead of nodes: *");
  assert_error ("/os", "unknown-function()", V2V_EXIT_DATA,
                "guest.xml:1: the XPath 'unknown-function()' of the fact thing *");
  assert_error (NULL, "major", V2V_EXIT_CONFIG, "rules.v2v:7: the fact thing comes from *");

  for (guint i = 0; i < 20000; i++)
    g_string_append_c (deep, '(');
  assert_error ("/os", deep->str, V2V_EXIT_CONFIG, "rules.v2v:7: *");
  for (guint i = 0; i < 12; i++)
    g_string_append (
        slow, "[count(//node()/ancestor::node()/descendant::node()/following::node())>0");
  for (guint i = 0; i < 12; i++)
    g_string_append (slow, "]");
  assert_error (slow->str, "major", V2V_EXIT_DATA, "guest.xml:*: the XPath *");
}

static void
test_long_value (void)
{
  g_autoptr (V2vSchema) schema = v2v_schema_new ();
  V2vFactDecl *decl = kind (schema, "thing", V2V_ORIGIN_DOMAIN, FALSE, "/a");
  g_autofree char *text = g_strnfill (70000, 'x');
  g_autofree char *xml = g_strdup_printf ("<a>%s</a>", text);
  g_auto (xmlDocPtr) doc = doc_of (xml);
  g_autoptr (V2vStore) store = NULL;
  g_autoptr (GError) error = NULL;

  field (decl, "text", V2V_TYPE_STRING, ".");
  store = v2v_store_new (schema);
  g_assert_false (v2v_facts_from_document (store, V2V_ORIGIN_DOMAIN, doc, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  g_assert_true (strstr (error->message, "has 70000 bytes, at most 65536"));
}

/* ---- libosinfo ---- */

static V2vStore *
osinfo_store (V2vSchema *schema, const char *id)
{
  V2vFactDecl *decl = kind (schema, "osinfo", V2V_ORIGIN_OSINFO, TRUE, NULL);
  g_autoptr (GError) error = NULL;
  V2vStore *store;

  field (decl, "device", V2V_TYPE_STRING, NULL)->key = TRUE;
  field (decl, "short", V2V_TYPE_STRING, "name");
  field (decl, "class", V2V_TYPE_STRING, NULL);
  store = v2v_store_new (schema);
  g_assert_true (v2v_facts_from_osinfo (store, id, &error));
  g_assert_no_error (error);
  g_assert_true (v2v_store_is_known (store, decl));
  return store;
}

static void
test_osinfo (void)
{
  static const char *const ids[] = {"rhel7.0", "http://redhat.com/rhel/7.0"};

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (V2vSchema) schema = v2v_schema_new ();
    g_autoptr (V2vStore) store = osinfo_store (schema, ids[i]);
    V2vFactDecl *decl = v2v_schema_fact (schema, "osinfo");
    const GPtrArray *found = v2v_store_lookup (store, v2v_fact_decl_field (decl, "short"),
                                               v2v_value_text ("virtio-block"));

    g_assert_nonnull (found);
    g_assert_cmpuint (found->len, ==, 1);
    g_assert_cmpstr (((V2vFact *)found->pdata[0])->values[0].text, ==,
                     "http://pcisig.com/pci/1af4/1001");
    g_assert_cmpstr (((V2vFact *)found->pdata[0])->values[2].text, ==, "block");
    g_assert_null (v2v_store_lookup (store, v2v_fact_decl_field (decl, "short"),
                                     v2v_value_text ("qemu-x86-q35")));
  }
}

static void
test_osinfo_inherited (void)
{
  g_autoptr (V2vSchema) schema = v2v_schema_new ();
  g_autoptr (V2vStore) store = osinfo_store (schema, "ubuntu22.04");
  V2vFactDecl *decl = v2v_schema_fact (schema, "osinfo");
  V2vField *device = v2v_fact_decl_field (decl, "device");

  /* From a system that it derives from; and one that it does not support any more. */
  g_assert_nonnull (
      v2v_store_lookup (store, device, v2v_value_text ("http://qemu.org/chipset/x86/q35")));
  g_assert_null (
      v2v_store_lookup (store, device, v2v_value_text ("http://pcisig.com/pci/1af4/1050")));
}

static void
test_osinfo_unknown (void)
{
  static const char *const ids[] = {"no-such-system", NULL};

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (V2vSchema) schema = v2v_schema_new ();
    g_autoptr (V2vStore) store = osinfo_store (schema, ids[i]);

    g_assert_cmpuint (v2v_store_facts (store, v2v_schema_fact (schema, "osinfo"))->len, ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/docfacts/single", test_single);
  g_test_add_func ("/docfacts/each", test_each);
  g_test_add_func ("/docfacts/errors", test_errors);
  g_test_add_func ("/docfacts/long-value", test_long_value);
  g_test_add_func ("/osinfo/known", test_osinfo);
  g_test_add_func ("/osinfo/inherited", test_osinfo_inherited);
  g_test_add_func ("/osinfo/unknown", test_osinfo_unknown);
  return g_test_run ();
}
