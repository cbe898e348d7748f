/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The store of facts and its printed forms.
 */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "facts/store.h"

static const V2vPlace nowhere = {"test.v2v", 1, 1};

typedef struct {
  V2vSchema *schema;
  V2vFactDecl *os, *package, *nic, *tag, *probed;
  V2vStore *store;
} Fixture;

static V2vField *
add_field (V2vFactDecl *decl, const char *name, V2vTypeKind kind, gboolean key)
{
  V2vField *field = v2v_fact_decl_add_field (decl, name, (V2vType){kind, NULL}, nowhere);

  g_assert_nonnull (field);
  field->key = key;
  return field;
}

static void
set_up (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  V2vEnum *words;

  f->schema = v2v_schema_new ();
  words = v2v_schema_add_enum (f->schema, "os-id", nowhere);
  v2v_enum_add (words, "debian", NULL);
  f->os = v2v_schema_add_fact (f->schema, "os", nowhere);
  v2v_fact_decl_add_field (f->os, "id", (V2vType){V2V_TYPE_ENUM, words}, nowhere);
  add_field (f->os, "major", V2V_TYPE_INT, FALSE);
  add_field (f->os, "family", V2V_TYPE_STRING, FALSE)->derived = TRUE;
  f->package = v2v_schema_add_fact (f->schema, "package", nowhere);
  f->package->multiple = TRUE;
  add_field (f->package, "name", V2V_TYPE_STRING, TRUE);
  add_field (f->package, "version", V2V_TYPE_PACKAGE_VERSION, TRUE);
  add_field (f->package, "size", V2V_TYPE_SIZE, FALSE);
  f->nic = v2v_schema_add_fact (f->schema, "nic", nowhere);
  f->nic->multiple = TRUE;
  f->nic->origin = V2V_ORIGIN_DOMAIN;
  add_field (f->nic, "mac", V2V_TYPE_STRING, TRUE);
  add_field (f->nic, "model", V2V_TYPE_STRING, FALSE);
  f->tag = v2v_schema_add_fact (f->schema, "tag", nowhere);
  f->tag->multiple = f->tag->derived = TRUE;
  add_field (f->tag, "name", V2V_TYPE_STRING, FALSE);
  f->store = v2v_store_new (f->schema);
}

static void
tear_down (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  v2v_store_free (f->store);
  v2v_schema_free (f->schema);
}

static V2vFact *
add (Fixture *f, V2vFactDecl *decl, const char *a, const char *b, const char *by,
     gboolean *is_new, GError **error)
{
  V2vValue values[3] = {v2v_value_text (a), v2v_value_text (b), V2V_VALUE_UNSET};

  return v2v_store_add (f->store, decl, values, by, is_new, error);
}

static void
test_single (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  V2vFact *os = v2v_store_single (f->store, f->os);
  const V2vField *major = v2v_fact_decl_field (f->os, "major");
  gboolean changed;
  g_autoptr (GError) error = NULL;
  V2vValue values[3] = {v2v_value_text ("debian"), v2v_value_number (12), V2V_VALUE_UNSET};

  g_assert_false (v2v_value_is_set (os->values[0]));
  g_assert_true (v2v_store_add (f->store, f->os, values, "probe os", NULL, &error) == os);
  g_assert_no_error (error);
  g_assert_cmpint (os->values[1].number, ==, 12);
  g_assert_cmpstr (os->by[1], ==, "probe os");
  g_assert_null (os->by[2]);
  g_assert_cmpuint (v2v_store_facts (f->store, f->os)->len, ==, 1);

  /* The same again changes nothing, and neither does unset. */
  g_assert_true (
      v2v_store_set (f->store, os, major, v2v_value_number (12), "rule b", &changed, &error));
  g_assert_false (changed);
  g_assert_true (
      v2v_store_set (f->store, os, major, V2V_VALUE_UNSET, "rule b", &changed, &error));
  g_assert_false (changed);
  g_assert_false (
      v2v_store_set (f->store, os, major, v2v_value_number (11), "rule b", &changed, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CONFIG);
  g_assert_cmpstr (
      error->message, ==,
      "os.major has two values: 12 by probe os, and 11 by rule b; a fact has one value "
      "for a field: correct one of the two");
  g_assert_cmpint (os->values[1].number, ==, 12);
}

static void
test_key (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  gboolean is_new;
  V2vFact *a = add (f, f->nic, "00:01", NULL, "domain", &is_new, &error), *b;
  guint64 before;

  g_assert_true (is_new);
  before = v2v_store_changes (f->store);
  b = add (f, f->nic, "00:01", "vif", "probe x", &is_new, &error);
  g_assert_true (a == b);
  g_assert_false (is_new);
  g_assert_cmpuint (v2v_store_changes (f->store), ==, before + 1);
  g_assert_cmpstr (a->values[1].text, ==, "vif");
  g_assert_cmpstr (a->by[0], ==, "domain");
  g_assert_cmpstr (a->by[1], ==, "probe x");
  before = v2v_store_changes (f->store);
  g_assert_true (add (f, f->nic, "00:01", "vif", "probe y", NULL, &error) == a);
  g_assert_cmpuint (v2v_store_changes (f->store), ==, before);

  g_assert_null (add (f, f->nic, "00:01", "e1000", "probe a", NULL, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  g_assert_cmpstr (
      error->message, ==,
      "nic { mac = \"00:01\" }.model has two values: \"e1000\" by probe a, and \"vif\" by "
      "probe x; a fact has one value for a field: correct one of the two, or replace one by "
      "\"override probe a\"");
  g_clear_error (&error);

  /* What has no key cannot be told apart by it. */
  a = add (f, f->nic, NULL, "vif", "domain", &is_new, &error);
  g_assert_true (is_new);
  b = add (f, f->nic, NULL, "e1000", "domain", &is_new, &error);
  g_assert_true (is_new);
  g_assert_true (a != b);
  g_assert_true (add (f, f->nic, NULL, "vif", "domain", &is_new, &error) == a);
  g_assert_false (is_new);
  g_assert_cmpuint (v2v_store_facts (f->store, f->nic)->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (((V2vFact *)v2v_store_facts (f->store, f->nic)->pdata[i])->number, ==, i);
}

static guint
count (Fixture *f, V2vFactDecl *decl, const char *field, const char *text)
{
  const GPtrArray *list =
      v2v_store_lookup (f->store, v2v_fact_decl_field (decl, field), v2v_value_text (text));

  return list ? list->len : 0;
}

static void
test_lookup (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const V2vField *model = v2v_fact_decl_field (f->nic, "model");
  V2vFact *late;

  add (f, f->nic, "1", "vif", "domain", NULL, NULL);
  g_assert_cmpuint (count (f, f->nic, "model", "vif"), ==, 1);
  g_assert_cmpuint (count (f, f->nic, "model", "e1000"), ==, 0);
  /* The index that now exists follows what is added, filled and set. */
  add (f, f->nic, "2", "vif", "domain", NULL, NULL);
  late = add (f, f->nic, "3", NULL, "domain", NULL, NULL);
  g_assert_cmpuint (count (f, f->nic, "model", "vif"), ==, 2);
  add (f, f->nic, "3", "vif", "domain", NULL, NULL);
  g_assert_cmpuint (count (f, f->nic, "model", "vif"), ==, 3);
  late = add (f, f->nic, "4", NULL, "domain", NULL, NULL);
  g_assert_true (
      v2v_store_set (f->store, late, model, v2v_value_text ("e1000"), "rule", NULL, NULL));
  g_assert_cmpuint (count (f, f->nic, "model", "e1000"), ==, 1);
  g_assert_null (v2v_store_lookup (f->store, model, V2V_VALUE_UNSET));
}

static void
test_settle (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const char *names[] = {"base", "c", "a", "b"}, *sorted[] = {"base", "a", "b", "c"};
  const GPtrArray *facts = v2v_store_facts (f->store, f->tag);

  for (guint i = 0; i < 4; i++)
    add (f, f->tag, names[i], NULL, "x", NULL, NULL);
  g_assert_cmpuint (count (f, f->tag, "name", "c"), ==, 1);
  v2v_store_settle (f->store, f->tag, 1);
  for (guint i = 0; i < 4; i++) {
    const V2vFact *fact = g_ptr_array_index (facts, i);

    g_assert_cmpstr (fact->values[0].text, ==, sorted[i]);
    g_assert_cmpuint (fact->number, ==, i);
    g_assert_cmpuint (count (f, f->tag, "name", sorted[i]), ==, 1);
  }
  g_assert_cmpuint (facts->len, ==, 4);
}

static void
test_known (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GPtrArray) asked = NULL, probed = NULL;

  g_assert_false (v2v_store_is_known (f->store, f->nic));
  v2v_store_set_known (f->store, f->nic);
  g_assert_true (v2v_store_is_known (f->store, f->nic));
  g_assert_false (v2v_store_is_known (f->store, f->os));
  /* Only rules write tags. */
  g_assert_true (v2v_store_is_known (f->store, f->tag));

  g_assert_false (v2v_store_is_asked (f->store, "/etc/b"));
  v2v_store_set_asked (f->store, "/etc/b");
  v2v_store_set_asked (f->store, "/etc/a");
  v2v_store_set_asked (f->store, "/etc/b");
  g_assert_true (v2v_store_is_asked (f->store, "/etc/b"));
  v2v_store_set_asked (f->store, "/srv/*");
  g_assert_true (v2v_store_is_asked (f->store, "/srv/a/b"));
  g_assert_false (v2v_store_is_asked (f->store, "/etc/c"));
  asked = v2v_store_asked (f->store);
  g_assert_cmpuint (asked->len, ==, 3);
  g_assert_cmpstr (asked->pdata[0], ==, "/etc/a");
  g_assert_cmpstr (asked->pdata[1], ==, "/etc/b");
  v2v_store_set_probed (f->store, "kernels");
  g_assert_true (v2v_store_is_probed (f->store, "kernels"));
  g_assert_false (v2v_store_is_probed (f->store, "os"));
  probed = v2v_store_probed (f->store);
  g_assert_cmpuint (probed->len, ==, 1);
}

static void
fill (Fixture *f)
{
  V2vValue os[3] = {v2v_value_text ("debian"), v2v_value_number (12), V2V_VALUE_UNSET};
  V2vValue package[3] = {v2v_value_text ("a\"b"), v2v_value_text ("1:2-3"),
                         v2v_value_number (4096)};

  v2v_store_add (f->store, f->os, os, "probe os", NULL, NULL);
  v2v_store_set (f->store, v2v_store_single (f->store, f->os),
                 v2v_fact_decl_field (f->os, "family"), v2v_value_text ("debian"),
                 "rule family.debian (f.v2v:3)", NULL, NULL);
  v2v_store_add (f->store, f->package, package, "probe packages", NULL, NULL);
  add (f, f->tag, "x", NULL, "rule tag (f.v2v:9)", NULL, NULL);
  v2v_store_set_known (f->store, f->os);
  v2v_store_set_known (f->store, f->package);
  v2v_store_set_probed (f->store, "packages");
  v2v_store_set_probed (f->store, "os");
  v2v_store_set_asked (f->store, "/etc/a b");
}

static void
test_text (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *text = NULL;

  fill (f);
  text = v2v_store_to_text (f->store);
  g_assert_cmpstr (text, ==,
                   "os.id                        = debian                    # probe os\n"
                   "os.major                     = 12                        # probe os\n"
                   "os.family                    = \"debian\"                  # rule "
                   "family.debian (f.v2v:3)\n"
                   "package { name = \"a\\\"b\", version = \"1:2-3\", size = 4KiB }\n"
                   "tag { name = \"x\" }\n"
                   "# not known: nic\n");
}

static void
test_rules (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *text = NULL;

  fill (f);
  text = v2v_store_to_rules (f->store, "my guest");
  g_assert_cmpstr (text, ==,
                   "v2v-rules 1\n"
                   "\n"
                   "capture \"my guest\" {\n"
                   "  given os { id = debian, major = 12 }\n"
                   "  given package { name = \"a\\\"b\", version = \"1:2-3\", size = 4KiB }\n"
                   "  probed os, packages\n"
                   "  asked \"/etc/a b\"\n"
                   "  known os, package, tag\n"
                   "}\n");
}

static void
test_json (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  fill (f);
  add (f, f->nic, "\xff", NULL, "domain", NULL, NULL);
  node = v2v_store_to_json (f->store);
  text = json_to_string (node, FALSE);
  g_assert_cmpstr (text, ==,
                   "{\"os\":{\"id\":\"debian\",\"major\":12,\"family\":\"debian\"},"
                   "\"package\":[{\"name\":\"a\\\"b\",\"version\":\"1:2-3\",\"size\":4096}],"
                   "\"nic\":[{\"mac\":\"\xef\xbf\xbd\"}],\"tag\":[{\"name\":\"x\"}]}");
}

static void
test_xml (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  xmlDoc *doc;
  xmlChar *text = NULL;
  int length;

  fill (f);
  add (f, f->nic, "a<b&\001", NULL, "domain", NULL, NULL);
  doc = v2v_store_to_xml (f->store);
  xmlDocDumpMemory (doc, &text, &length);
  g_assert_cmpstr ((const char *)text, ==,
                   "<?xml version=\"1.0\"?>\n"
                   "<facts><os id=\"debian\" major=\"12\" family=\"debian\"/>"
                   "<package name=\"a&quot;b\" version=\"1:2-3\" size=\"4096\"/>"
                   "<nic mac=\"a&lt;b&amp;?\"/><tag name=\"x\"/></facts>\n");
  xmlFree (text);
  xmlFreeDoc (doc);
}

static void
test_list_breaks (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint asked = 0;

  for (guint i = 0; i < 40; i++) {
    g_autofree char *path = g_strdup_printf ("/usr/share/something/%02u", i);

    v2v_store_set_asked (f->store, path);
  }
  text = v2v_store_to_rules (f->store, "x");
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    g_assert_cmpuint (strlen (lines[i]), <, 100);
    for (const char *c = lines[i]; (c = strstr (c, "/usr/share")); c++)
      asked++;
  }
  g_assert_cmpuint (asked, ==, 40);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/single", test_single);
  ADD ("/store/key", test_key);
  ADD ("/store/lookup", test_lookup);
  ADD ("/store/settle", test_settle);
  ADD ("/store/known", test_known);
  ADD ("/dump/text", test_text);
  ADD ("/dump/rules", test_rules);
  ADD ("/dump/json", test_json);
  ADD ("/dump/xml", test_xml);
  ADD ("/dump/list-breaks", test_list_breaks);
  return g_test_run ();
}
