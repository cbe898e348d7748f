/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The one form that domain documents are brought into: memory in every unit, and what becomes
 * of it as a fact.
 */
#include "config.h"

#include <string.h>

#include "load/load.h"
#include "metadata/domain.h"
#include "rules-fixture.h"

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (xmlDocPtr, xmlFreeDoc, NULL)

static xmlDoc *
doc_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  xmlDoc *doc = v2v_xml_read_memory ("guest.xml", text, strlen (text), &error);

  g_assert_no_error (error);
  return doc;
}

static void
test_units (void)
{
  static const struct {
    const char *text, *unit;
    guint64 kib;
  } cases[] = {
      {"1024", "b", 1},
      {"1024", "byte", 1},
      {"1025", "bytes", 2},
      {"1", "bytes", 1},
      {"0", "bytes", 0},
      {"1024", "KB", 1000},
      {"1", "KB", 1},
      {"7", "k", 7},
      {"7", "K", 7},
      {"7", "KiB", 7},
      {"7", "kib", 7},
      {"1", "M", 1024},
      {"1", "MiB", 1024},
      {"1", "MB", 977},
      {"2", "G", 2 * 1024 * 1024},
      {"2", "GiB", 2 * 1024 * 1024},
      {"1", "GB", 976563},
      {"1", "T", G_GUINT64_CONSTANT (1) << 30},
      {"1", "TiB", G_GUINT64_CONSTANT (1) << 30},
      {"1", "TB", 976562500},
      {"1024", "TiB", G_GUINT64_CONSTANT (1) << 40},
      {"1", "PiB", G_GUINT64_CONSTANT (1) << 40},
      {"1", "P", G_GUINT64_CONSTANT (1) << 40},
  };
  static const struct {
    const char *text, *unit;
  } wrong[] = {
      {"1", ""},       {"1", "X"},    {"1", "MiBs"}, {"1", "Mi"},
      {"1", "bit"},    {"x", "MiB"},  {"", "MiB"},   {"-1", "MiB"},
      {"1.5", "GiB"},  {"1", "EiB"},  {"2", "PiB"},  {"18446744073709551616", "b"},
      {"1025", "TiB"}, {" 1", "MiB"}, {"+1", "MiB"}, {"18446744073709551615", "KiB"},
      {"0x10", "KiB"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint64 kib = 4711;

    g_test_message ("%s %s", cases[i].text, cases[i].unit);
    g_assert_true (v2v_domain_memory (cases[i].text, cases[i].unit, &kib));
    g_assert_cmpuint (kib, ==, cases[i].kib);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    guint64 kib = 4711;

    g_test_message ("%s %s", wrong[i].text, wrong[i].unit);
    g_assert_false (v2v_domain_memory (wrong[i].text, wrong[i].unit, &kib));
  }
}

/* The fact NAME of the kind "source" for the domain with OUTSIDE in it, as text. */
static char *
fact_of (V2vRuleSet *rules, const char *outside, const char *name)
{
  g_autofree char *text = g_strdup_printf ("<domain><name>g</name>%s</domain>", outside);
  g_auto (xmlDocPtr) doc = doc_of (text);
  g_autoptr (V2vStore) store = v2v_store_new (rules->schema);
  V2vFactDecl *source = v2v_schema_fact (rules->schema, "source");
  g_autoptr (GError) error = NULL;

  v2v_domain_normalize (doc, "guest.xml", &error);
  g_assert_no_error (error);
  v2v_facts_from_document (store, V2V_ORIGIN_DOMAIN, doc, &error);
  g_assert_no_error (error);
  return v2v_value_to_text (
      v2v_store_single (store, source)->values[v2v_fact_decl_field (source, name)->index]);
}

static void
test_facts (void)
{
#define NVRAM "/var/lib/g_VARS.fd"
  static const struct {
    const char *outside, *name, *value;
  } cases[] = {
      {"<memory>1048576</memory>", "memory", "1073741824"},
      {"<memory unit='GiB'>1024</memory>", "memory", "1099511627776"},
      {"<memory unit='MB'>1000</memory>", "memory", "1000000512"},
      {"<currentMemory unit='MiB'>512</currentMemory>", "memory", "536870912"},
      {"", "memory", "2147483648"},
      {"", "vcpus", "1"},
      {"<vcpu>\n 8 </vcpu>", "vcpus", "8"},
      {"<cpu><topology sockets='4' dies='1' cores='8' threads='2'/></cpu>", "vcpus", "64"},
      {"<vcpu/><cpu><topology sockets='3' cores='1' threads='1'/></cpu>", "vcpus", "3"},
      {"<vcpu>2</vcpu><cpu><topology sockets='4' cores='1' threads='1'/></cpu>", "vcpus", "2"},
      {"<cpu/>", "vcpus", "1"},
      {"<memory>1</memory>", "nvram", ""},
      {"<os><nvram template='/t.fd'>" NVRAM "</nvram></os>", "nvram", NVRAM},
      {"<os><nvram template='/t.fd'>" NVRAM "</nvram></os>", "nvram-template", "/t.fd"},
      {"<os><nvram type='file'>\n<source file='" NVRAM "'/>\n</nvram></os>", "nvram", NVRAM},
      {"<os><nvram template='/t.fd'/></os>", "nvram", ""},
      {"<os><loader secure='yes' type='pflash'>/c.fd</loader></os>", "loader-secure", "true"},
      {"<os><loader type='pflash'>/c.fd</loader></os>", "loader-secure", ""},
      {"<os firmware='efi'><firmware><feature enabled='no' name='enrolled-keys'/>"
       "<feature enabled='yes' name='secure-boot'/></firmware></os>",
       "secure-boot", "true"},
      {"<os firmware='efi'/>", "secure-boot", ""},
      {"<os firmware='efi'/>", "firmware-attribute", "efi"},
  };
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (GPtrArray) trees = NULL;
  V2vRuleSet *rules;

  g_setenv ("V2V_ENGINE_DATA_DIR", g_getenv ("V2V_TEST_SRCDIR"), TRUE);
  trees = v2v_rule_dirs_default (NULL);
  rules = v2v_ruleset_load (trees, NULL, FALSE, NULL, diags);
  g_assert_nonnull (rules);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *value = fact_of (rules, cases[i].outside, cases[i].name);

    g_test_message ("%s of %s", cases[i].name, cases[i].outside);
    g_assert_cmpstr (value, ==, cases[i].value);
  }
  v2v_ruleset_free (rules);
}

/* What is taken for a number that is missing counts like one. */
static void
test_current (void)
{
  g_auto (xmlDocPtr) doc =
      doc_of ("<domain><name>g</name><vcpu current='24 '> </vcpu></domain>");
  g_auto (xmlDocPtr) fits =
      doc_of ("<domain><name>g</name><vcpu current='2'/><cpu>"
              "<topology sockets='4' cores='1' threads='1'/></cpu></domain>");
  g_autoptr (GError) error = NULL;

  g_assert_true (v2v_domain_normalize (fits, "guest.xml", &error));
  g_assert_no_error (error);
  g_assert_false (v2v_domain_normalize (doc, "guest.xml", &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  g_assert_nonnull (strstr (error->message, "'current' of <vcpu>"));
}

/* A document with the disk DISK inside <devices>, in the one form. */
static xmlDoc *
with_disk (const char *disk)
{
  g_autofree char *text =
      g_strdup_printf ("<domain><name>g</name><devices>%s</devices></domain>", disk);
  g_autoptr (GError) error = NULL;
  xmlDoc *doc = doc_of (text);

  v2v_domain_normalize (doc, "/guest.xml", &error);
  g_assert_no_error (error);
  return doc;
}

/* A LUN without a device is a drive of the host's that is looked for when the guest starts. */
static void
test_lun (void)
{
  static const struct {
    const char *source, *device;
  } cases[] = {
      {"", "cdrom"},
      {"<source/>", "cdrom"},
      {"<source startupPolicy='optional'/>", "cdrom"},
      {"<source dev='/dev/sdx'/>", "disk"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *disk = g_strdup_printf (
        "<disk type='block' device='lun'>%s<target dev='hda'/></disk>", cases[i].source);
    g_auto (xmlDocPtr) doc = with_disk (disk);
    g_autofree char *text = v2v_xml_to_string (doc);
    g_autofree char *expected = g_strdup_printf ("device=\"%s\"", cases[i].device);

    g_test_message ("%s", text);
    g_assert_nonnull (strstr (text, expected));
  }
}

static void
test_too_many (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (xmlDocPtr) doc = doc_of ("<domain><name>g</name><cpu><topology sockets='4096' "
                                   "cores='4096' threads='1'/></cpu></domain>");

  g_assert_false (v2v_domain_normalize (doc, "guest.xml", &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  g_assert_nonnull (strstr (error->message, "<topology> has more than 8192 processors"));
}

/* Once more changes nothing. */
static void
test_again (void)
{
  static const char *const names[] = {"backing", "bare", "cells", "controllers", "units"};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_strdup_printf ("%s/tests/metadata/sources/%s.xml",
                                             g_getenv ("V2V_TEST_SRCDIR"), names[i]);
    g_autoptr (GError) error = NULL;
    g_auto (xmlDocPtr) doc = v2v_xml_read_file (path, &error);
    g_auto (xmlDocPtr) again = NULL;

    g_assert_no_error (error);
    v2v_domain_normalize (doc, path, &error);
    g_assert_no_error (error);
    again = xmlCopyDoc (doc, 1);
    v2v_domain_normalize (again, "/elsewhere/guest.xml", &error);
    g_assert_no_error (error);
    g_assert_true (v2v_xml_equal (doc, again));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/normalize/units", test_units);
  g_test_add_func ("/normalize/facts", test_facts);
  g_test_add_func ("/normalize/current", test_current);
  g_test_add_func ("/normalize/lun", test_lun);
  g_test_add_func ("/normalize/too-many", test_too_many);
  g_test_add_func ("/normalize/again", test_again);
  return g_test_run ();
}
