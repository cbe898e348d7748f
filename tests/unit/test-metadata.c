/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whole domain documents, before and after, by the shipped rules and stylesheets.
 *
 * tests/metadata/NAME.before.xml is read, the rules plan over its facts, the planned
 * stylesheets are applied in order, and the result is compared with NAME.after.xml. The result
 * is valid for libvirt's schema, and converting it again changes nothing. What the stylesheets
 * warn of is in NAME.said, if anything, and the second time they have nothing to say.
 * $V2V_TEST_WRITE=1 writes the results instead, for reading what a change of a stylesheet does.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <libxml/xpath.h>

#include "lang/ruleset.h"
#include "load/load.h"
#include "metadata/domain.h"
#include "metadata/domain-schema.h"
#include "plan/plan.h"

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (xmlDocPtr, xmlFreeDoc, NULL)

typedef struct {
  const char *name;
  const char *virt;   /* what source.virt is, or NULL: not looked at */
  const char *disks;  /* "OLD=NEW ...", as the probe of the disks' names gives them */
  const char *target; /* more fields of the target, "NAME=VALUE ..." */
  const char *device; /* one that libosinfo knows of the guest, or NULL */
  gboolean no_virtio;
  const char *const *mappings; /* option, old name or "", kind, new name; NULL at the end */
  const char *interfaces;      /* "ADDRESS=NAME ...", or NULL */
  const char *boots;           /* the disk that the guest starts from, or NULL: not known */
} Case;

static const char *const to_default[] = {"network", "", "network", "default", NULL};
static const char *const to_lan[] = {"network", "", "network", "lan", NULL};
static const char *const to_lan_of_group[] = {"network", "dvportgroup-12", "network", "lan",
                                              NULL};
static const char *const to_some[] = {
    "bridge", "Lan & more", "bridge", "br1", "mac", "00:50:56:00:00:06", "bridge", "br2", NULL};
static const char *const to_br0[] = {"bridge", "", "bridge", "br0", NULL};

static const Case cases[] = {
    {"xen-pv", "pv", "xvda=vda xvdb1=vdb", "name=rhel53kvm", "virtio-block", FALSE, to_default},
    {"xen-pv-bare", "pv", "xvda=vda", "", "qemu-x86-q35", FALSE},
    {"xen-hvm", "hvm", "hda=vda", "", NULL, FALSE, to_br0},
    {"xen-hvm-efi", "hvm", "xvda=vda", "domain-type=qemu", "virtio1.0-block", FALSE},
    {"mixed-disks", "hvm", "hda=vda xvdb=vdb sda=vdc", "", NULL, FALSE},
    {"counted", "pv", "xvda=vda", "", NULL, FALSE, NULL,
     "00:16:3e:00:00:0a=eth1 00:16:3e:00:00:0b=eth10 00:16:3e:00:00:0c=eth0"},
    {"counted-some", "pv", "xvda=vda", "", NULL, FALSE, NULL,
     "00:16:3e:00:00:0a=lan0 00:16:3e:00:00:0b=eth1 00:16:3e:00:00:0c=eth0"},
    {"no-virtio", "hvm", "hda=sda xvdb=sdb sda=sdc", "", "qemu-x86-q35", TRUE, to_lan},
    {"kvm", NULL, "vda=vda", "", NULL, FALSE},
    {"vmware", "hvm", "sda=vda sdb=vdb", "", "qemu-x86-q35", FALSE, to_default},
    {"secure-boot", "hvm", "sda=vda", "domain-type=qemu", NULL, FALSE},
    {"vbox", "hvm", "sda=vda", "", NULL, FALSE, NULL,
     "08:00:27:4a:1b:2c=enp0s3 08:00:27:4a:1b:2d=enp0s17"},
    {"hyperv", "hvm", "sda=vda", "", NULL, FALSE, to_default},
    {"parallels", "hvm", "sda=vda", "", "qemu-x86-q35", FALSE},
    /* What is of the source's host, and must stay there, has "hostly" in its name. */
    {"host-things", NULL, "vda=vda", "", NULL, FALSE},
    {"xen-host", "hvm", "xvda=vda", "", NULL, FALSE},
    {"esx", "hvm", "nvme0n1=vda", "source=libvirtxml", NULL, FALSE, to_lan_of_group},
    {"unknown", NULL, "sda=vda", "", NULL, FALSE},
    {"kvm-i440fx", NULL, "hda=vda", "", "qemu-x86-q35", FALSE, NULL,
     "52:54:00:00:00:01=enp0s3"},
    {"crowded", "hvm", "sda=sda sdb=sdb sdc=sdc sdd=sdd", "", NULL, TRUE},
    {"bridges", "hvm", "sda=vda", "", NULL, FALSE, to_some},
    {"newer", NULL, "vda=vda", "", "qemu-x86-q35", FALSE},
    {"boot-second", "hvm", "sda=vda hda=vdb", "", NULL, FALSE, NULL, NULL, "hda"},
    {"boot-words", "hvm", "sda=vda nvme0n1=vdb", "", NULL, FALSE, NULL, NULL, "nvme0n1"},
    {"boot-first", "hvm", "hda=vda sda=vdb", "", NULL, FALSE, NULL, NULL, "hda"},
    {"boot-said", "hvm", "sda=vda sdb=vdb", "", NULL, FALSE, NULL, NULL, "sda"},
};

static V2vRuleSet *rules;

static V2vValue
value_of (const V2vField *field, const char *text)
{
  V2vValue value;

  g_assert_true (v2v_field_parse (field, text, &value));
  return value;
}

/* Sets FIELDS, "NAME=VALUE ...", by the words after "from" in the declaration of KIND. */
static void
set_fields (V2vStore *store, const char *kind, const char *fields)
{
  V2vFactDecl *decl = v2v_schema_fact (rules->schema, kind);
  g_auto (GStrv) words = g_strsplit (fields, " ", -1);
  g_autoptr (GError) error = NULL;

  for (char **word = words; *word && **word; word++) {
    g_auto (GStrv) pair = g_strsplit (*word, "=", 2);
    V2vField *found = NULL;

    for (guint i = 0; i < decl->fields->len; i++) {
      V2vField *field = decl->fields->pdata[i];

      if (g_strcmp0 (field->from ? field->from : field->name, pair[0]) == 0)
        found = field;
    }
    g_assert_nonnull (found);
    v2v_store_set (store, v2v_store_single (store, decl), found, value_of (found, pair[1]),
                   "test", NULL, &error);
    g_assert_no_error (error);
  }
}

static void
add_fact (V2vStore *store, const char *kind, const char *const *pairs)
{
  V2vFactDecl *decl = v2v_schema_fact (rules->schema, kind);
  g_autofree V2vValue *values = g_new0 (V2vValue, decl->fields->len);
  g_autoptr (GError) error = NULL;

  for (; *pairs; pairs += 2) {
    V2vField *field = v2v_fact_decl_field (decl, pairs[0]);

    values[field->index] = value_of (field, pairs[1]);
  }
  v2v_store_add (store, decl, values, "test", NULL, &error);
  g_assert_no_error (error);
}

/* The facts of DOC as in CASE; DISKS stands in for those of CASE. */
static V2vStore *
facts_of (const Case *test, xmlDoc *doc, const char *disks)
{
  V2vStore *store = v2v_store_new (rules->schema);
  g_auto (GStrv) words = g_strsplit (disks, " ", -1);
  g_autoptr (GError) error = NULL;

  v2v_facts_from_document (store, V2V_ORIGIN_DOMAIN, doc, &error);
  g_assert_no_error (error);
  set_fields (store, "target", "target=kvm");
  set_fields (store, "target", test->target);
  for (int i = 0; test->mappings && test->mappings[i]; i += 4) {
    const char *const *m = test->mappings + i;
    const char *pairs[] = {"option", m[0], "kind", m[2], "new", m[3], "old", m[1], NULL};

    /* One that is about all has no old name. */
    if (!*m[1])
      pairs[6] = NULL;
    add_fact (store, "mapping", pairs);
  }
  if (test->no_virtio)
    set_fields (store, "option", "no-virtio=true");
  if (test->device) {
    const char *pairs[] = {"device", test->device, "name", test->device, NULL};

    add_fact (store, "osinfo", pairs);
  }
  if (test->interfaces) {
    g_auto (GStrv) names = g_strsplit (test->interfaces, " ", -1);

    for (char **word = names; *word; word++) {
      g_auto (GStrv) pair = g_strsplit (*word, "=", 2);
      const char *pairs[] = {"mac", pair[0], "name", pair[1], NULL};

      add_fact (store, "interface", pairs);
    }
  }
  if (test->boots) {
    /* Which disk starts is asked of a system that rules know. */
    static const char *const kernel[] = {"version",           "6.1",   "image",
                                         "/boot/vmlinuz-6.1", "whole", "true",
                                         "installed",         "true",  NULL};

    set_fields (store, "os", "type=linux family=debian");
    set_fields (store, "bootloader", "kind=grub2");
    add_fact (store, "kernel", kernel);
  }
  for (guint i = 0; test->boots && words[i]; i++) {
    /* Under the name that it had first. */
    g_auto (GStrv) first = g_strsplit (test->disks, " ", -1);
    g_auto (GStrv) was = g_strsplit (first[i], "=", 2);
    g_auto (GStrv) is = g_strsplit (words[i], "=", 2);
    const char *pairs[] = {"target", is[0], "starts",
                           g_str_equal (was[0], test->boots) ? "true" : "false", NULL};

    add_fact (store, "disk_start", pairs);
  }
  for (char **word = words; *word; word++) {
    g_auto (GStrv) pair = g_strsplit (*word, "=", 2);
    g_autofree char *old = g_strconcat ("/dev/", pair[0], NULL);
    g_autofree char *new = g_strconcat ("/dev/", pair[1], NULL);
    const char *pairs[] = {"old", old, "new", new, "disk", pair[0], NULL};

    add_fact (store, "disk_name", pairs);
  }
  return store;
}

/* Has what is written to standard error kept in a file until said(). Returns what to give to
 * that. */
static int
listen_to_stderr (void)
{
  g_autofree char *path = NULL;
  int file = g_file_open_tmp ("said-XXXXXX", &path, NULL);
  int before = dup (STDERR_FILENO);

  g_assert_cmpint (file, >=, 0);
  g_assert_cmpint (before, >=, 0);
  g_unlink (path);
  g_assert_cmpint (dup2 (file, STDERR_FILENO), ==, STDERR_FILENO);
  close (file);
  return before;
}

static char *
said (int before)
{
  off_t length = lseek (STDERR_FILENO, 0, SEEK_END);
  char *text = g_malloc0 ((gsize)length + 1);

  g_assert_cmpint (pread (STDERR_FILENO, text, (gsize)length, 0), ==, length);
  g_assert_cmpint (dup2 (before, STDERR_FILENO), ==, STDERR_FILENO);
  close (before);
  return text;
}

static void
assert_same (xmlDoc *expected, xmlDoc *result)
{
  g_autofree char *diff = v2v_xml_diff (expected, result, "expected", "result");

  if (*diff)
    g_error ("%s", diff);
}

/* What the planned stylesheets make of DOC, and warn of. If IS_CONVERTED, none of them may find
 * anything to do. */
static xmlDoc *
convert (V2vStore *store, xmlDoc *doc, const char *virt, gboolean is_converted, char **said_r)
{
  V2vPlanInput input = {.rules = rules, .store = store, .domain = doc, .closed_world = TRUE};
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vPlan) plan = v2v_plan_make (&input, &error);
  V2vFactDecl *source = v2v_schema_fact (rules->schema, "source");
  V2vValue found;
  xmlDoc *now = xmlCopyDoc (doc, 1);
  const char *last = "";
  int before;

  g_assert_no_error (error);
  if (virt) {
    found =
        v2v_store_single (store, source)->values[v2v_fact_decl_field (source, "virt")->index];
    g_assert_cmpstr (found.text, ==, virt);
  }
  before = listen_to_stderr ();
  for (guint i = 0; i < plan->steps->len; i++) {
    const V2vStep *step = plan->steps->pdata[i];
    xmlDoc *next;

    if (!step->is_xslt)
      continue;
    if (step->phase == V2V_PHASE_UNCONFIGURE_METADATA)
      last = step->call->path;
    next = v2v_xslt_apply (step->call->path, now, store, &error);
    g_assert_no_error (error);
    if (is_converted)
      assert_same (now, next);
    xmlFreeDoc (now);
    now = next;
  }
  *said_r = said (before);
  /* What hypervisors' stylesheets write has to pass it. */
  g_assert_true (g_str_has_suffix (last, "/portable.xsl"));
  return now;
}

static char *
fixture (const char *name, const char *end)
{
  g_autofree char *file = g_strconcat (name, end, NULL);

  return g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "tests", "metadata", file, NULL);
}

/* Is DOC what libvirt takes? Only where libvirt's schema is installed. */
static void
assert_valid (xmlDoc *doc)
{
  g_autoptr (GError) error = NULL;

  if (!g_file_test (V2V_DOMAIN_SCHEMA, G_FILE_TEST_EXISTS))
    g_test_message (V2V_DOMAIN_SCHEMA " is not installed: not validated");
  v2v_domain_validate (doc, NULL, &error);
  g_assert_no_error (error);
}

/* The disks of a converted document keep their names: "vda=vda ...", but under the names that
 * the guest has for them. */
static char *
converted_disks (const Case *test, xmlDoc *doc)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) disks = v2v_domain_disks (doc, "/result.xml", &error);
  g_auto (GStrv) words = g_strsplit (test->disks, " ", -1);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  g_assert_cmpuint (disks->len, ==, g_strv_length (words));
  for (guint i = 0; i < disks->len; i++) {
    const V2vDomainDisk *disk = disks->pdata[i];

    g_string_append_printf (text, "%s%s%s", i ? " " : "", disk->target, strchr (words[i], '='));
  }
  return g_string_free (text, FALSE);
}

/* Compares TEXT with NAME.said. */
static void
assert_said (const char *name, const char *text)
{
  g_autofree char *path = fixture (name, ".said");
  g_autofree char *expected = NULL;
  g_autoptr (GError) error = NULL;

  if (g_getenv ("V2V_TEST_WRITE") && *text) {
    g_file_set_contents (path, text, -1, &error);
    g_assert_no_error (error);
  }
  if (!g_file_get_contents (path, &expected, NULL, NULL))
    expected = g_strdup ("");
  g_assert_cmpstr (text, ==, expected);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *before_path = fixture (test->name, ".before.xml");
  g_autofree char *after_path = fixture (test->name, ".after.xml");
  g_autofree char *disks = NULL;
  g_autofree char *messages = NULL;
  g_autofree char *messages_again = NULL;
  g_autofree char *written = NULL;
  g_auto (xmlDocPtr) before = NULL;
  g_auto (xmlDocPtr) after = NULL;
  g_auto (xmlDocPtr) result = NULL;
  g_auto (xmlDocPtr) again = NULL;
  g_autoptr (V2vStore) store = NULL;
  g_autoptr (V2vStore) store_again = NULL;
  g_autoptr (GError) error = NULL;

  before = v2v_xml_read_file (before_path, &error);
  g_assert_no_error (error);
  store = facts_of (test, before, test->disks);
  result = convert (store, before, test->virt, FALSE, &messages);
  written = v2v_xml_to_string (result);
  g_assert_null (strstr (written, "hostly"));
  if (g_getenv ("V2V_TEST_WRITE")) {
    g_file_set_contents (after_path, written, -1, &error);
    g_assert_no_error (error);
  }
  assert_said (test->name, messages);
  after = v2v_xml_read_file (after_path, &error);
  g_assert_no_error (error);
  assert_same (after, result);
  assert_valid (result);

  disks = converted_disks (test, result);
  store_again = facts_of (test, result, disks);
  again = convert (store_again, result, NULL, TRUE, &messages_again);
  assert_same (result, again);
  g_assert_cmpstr (messages_again, ==, "");
}

/* Is TEXT a path or an address of a host? */
static gboolean
names_host_thing (const char *text)
{
  /* Every host has that one, and it was none of the document's. */
  if (strcmp (text, "/dev/urandom") == 0)
    return FALSE;
  return *text == '/' || strstr (text, "hostly") || strstr (text, "0.0.0.0");
}

/* Of a disk, not of a medium. */
static gboolean
is_source_of_disk (const xmlNode *node)
{
  xmlChar *device = xmlGetProp (node->parent, (const xmlChar *)"device");
  gboolean is_disk = !device || strcmp ((const char *)device, "disk") == 0;

  xmlFree (device);
  return is_disk && strcmp ((const char *)node->name, "source") == 0 &&
         strcmp ((const char *)node->parent->name, "disk") == 0;
}

/* No element of NODE names a thing of a host, but for the disks that the guest is converted from, the
 * variables of its firmware (which outputs look into before they carry them), and what people
 * noted. */
static void
assert_nothing_of_host (xmlNode *node, const char *type)
{
  for (; node; node = node->next) {
    xmlChar *text = node->children && !node->children->next ? xmlNodeGetContent (node) : NULL;

    if (node->type != XML_ELEMENT_NODE || strcmp ((const char *)node->name, "metadata") == 0 ||
        strcmp ((const char *)node->name, "nvram") == 0) {
      xmlFree (text);
      continue;
    }
    if (text && names_host_thing ((const char *)text))
      g_error ("%s: <%s> has %s", type, (const char *)node->name, (const char *)text);
    xmlFree (text);
    for (xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
      xmlChar *value = xmlNodeGetContent ((xmlNode *)attribute);

      if (names_host_thing ((const char *)value) && !is_source_of_disk (node))
        g_error ("%s: <%s %s> has %s", type, (const char *)node->name,
                 (const char *)attribute->name, (const char *)value);
      xmlFree (value);
    }
    assert_nothing_of_host (node->children, type);
  }
}

/* A hostile document can say of itself that it is of any hypervisor: none of them may keep what the
 * others leave behind. */
static void
test_host_things (void)
{
  static const char *const types[] = {"kvm",   "qemu", "xen",    "vmware",    "hyperv",
                                      "vbox",  "test", "openvz", "parallels", "vz",
                                      "bhyve", "lxc",  "hvf",    "acrn",      "nonsense"};
  g_autofree char *path = fixture ("host-things", ".before.xml");
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    static const Case test = {"host-things", NULL, "vda=vda", "", NULL, FALSE};
    g_autofree char *begin = g_strdup_printf ("<domain type='%s'", types[i]);
    g_auto (GStrv) parts = g_strsplit (text, "<domain type='kvm'", 2);
    g_autofree char *changed = g_strjoinv (begin, parts);
    g_autofree char *messages = NULL;
    g_autoptr (GError) error = NULL;
    g_auto (xmlDocPtr) doc = v2v_xml_read_memory (path, changed, strlen (changed), &error);
    g_auto (xmlDocPtr) result = NULL;
    g_autoptr (V2vStore) store = NULL;

    g_assert_no_error (error);
    g_assert_nonnull (parts[1]);
    store = facts_of (&test, doc, test.disks);
    result = convert (store, doc, NULL, FALSE, &messages);
    assert_nothing_of_host (xmlDocGetRootElement (result), types[i]);
    /* And it is said what was left behind. */
    g_assert_nonnull (strstr (messages, "/hostly/passwd"));
    g_assert_nonnull (strstr (messages, "/hostly/vmlinuz"));
    g_assert_nonnull (strstr (messages, "0.0.0.0"));
  }
}

/* What sources read (tests/metadata/sources) becomes a valid document too. */
static void
test_source (gconstpointer data)
{
  const char *path = data;
  g_autoptr (GError) error = NULL;
  g_auto (xmlDocPtr) doc = v2v_xml_read_file (path, &error);
  g_auto (xmlDocPtr) result = NULL;
  g_autoptr (GPtrArray) disks = NULL;
  g_autoptr (V2vStore) store = NULL;
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *messages = NULL;

  g_assert_no_error (error);
  v2v_domain_normalize (doc, path, &error);
  g_assert_no_error (error);
  disks = v2v_domain_disks (doc, path, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < disks->len; i++)
    g_string_append_printf (names, "%s%s=vd%c", i ? " " : "",
                            ((const V2vDomainDisk *)disks->pdata[i])->target, 'a' + (int)i);
  {
    const Case test = {"source", NULL, names->str, "", NULL, FALSE};

    store = facts_of (&test, doc, names->str);
  }
  result = convert (store, doc, NULL, FALSE, &messages);
  assert_nothing_of_host (xmlDocGetRootElement (result), path);
  assert_valid (result);
}

static void
add_sources (void)
{
  g_autofree char *directory =
      g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "tests", "metadata", "sources", NULL);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir))) {
    g_autofree char *test = g_strconcat ("/metadata/sources/", name, NULL);

    if (g_str_has_suffix (name, ".xml"))
      g_test_add_data_func_full (test, g_build_filename (directory, name, NULL), test_source,
                                 g_free);
  }
}

/* Mistakes that the stylesheet has to notice. */
static void
assert_refused (const char *name, const char *disks, gboolean no_virtio, const char *pattern)
{
  Case test = {name, NULL, NULL, "", NULL, no_virtio};
  g_autofree char *path = fixture (name, ".before.xml");
  g_autoptr (GError) error = NULL;
  g_auto (xmlDocPtr) doc = v2v_xml_read_file (path, &error);
  g_autoptr (V2vStore) store = facts_of (&test, doc, disks);
  g_autofree char *stylesheet =
      g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "xslt", "configure-kvm.xsl", NULL);
  V2vPlanInput input = {.rules = rules, .store = store, .domain = doc, .closed_world = TRUE};

  v2v_derive (&input, &error);
  g_assert_no_error (error);
  g_assert_null (v2v_xslt_apply (stylesheet, doc, store, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CONFIG);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("'%s' is not like '%s'", error->message, pattern);
}

static void
test_refused (void)
{
  assert_refused ("xen-pv", "xvda=vda", FALSE,
                  "*no fact disk_name gives the name that the disk xvdb1 has *");
  assert_refused ("mixed-disks", "hda=sda xvdb=sdb sda=sde", TRUE,
                  "*the disk sda would be the IDE disk hde, but IDE has only four places*");
}

int
main (int argc, char **argv)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (GPtrArray) trees = NULL;
  const V2vScriptChecks checks = {.xslt = v2v_xslt_check};
  int status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("V2V_ENGINE_DATA_DIR", g_getenv ("V2V_TEST_SRCDIR"), TRUE);
  trees = v2v_rule_dirs_default (NULL);
  rules = v2v_ruleset_load (trees, NULL, FALSE, &checks, diags);
  if (!rules) {
    v2v_diags_print (diags, stderr);
    g_error ("the shipped rules do not load");
  }
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/metadata/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  add_sources ();
  g_test_add_func ("/metadata/host-things-of-any", test_host_things);
  g_test_add_func ("/metadata/refused", test_refused);
  status = g_test_run ();
  v2v_ruleset_free (rules);
  return status;
}
