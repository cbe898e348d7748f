/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Validation of the new domain by a schema: what is refused, and how it is told.
 */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "base/log.h"
#include "metadata/domain.h"
#include "metadata/slot.h"
#include "metadata/domain-schema.h"

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (xmlDocPtr, xmlFreeDoc, NULL)

/* A domain with a name, a kernel, and devices in any order. */
#define SCHEMA                                                                                 \
  "<grammar xmlns='http://relaxng.org/ns/structure/1.0'>%s<start><element name='domain'>"      \
  "<interleave><element name='name'><text/></element>"                                         \
  "<optional><element name='os'><optional><element name='kernel'><text/></element></optional>" \
  "</element></optional><element name='devices'><interleave>"                                  \
  "<zeroOrMore><element name='disk'><attribute name='type'/></element></zeroOrMore>"           \
  "<zeroOrMore><element name='sound'><attribute name='model'><choice><value>ich9</value>"      \
  "<value>ac97</value></choice></attribute></element></zeroOrMore>"                            \
  "</interleave></element></interleave></element></start></grammar>"

static char *directory;

/* The path of a schema that has MORE in it. To be freed with g_free. */
static char *
schema_with (const char *more)
{
  char *path = g_build_filename (directory, "domain.rng", NULL);
  g_autofree char *text = g_strdup_printf (SCHEMA, more);

  g_unlink (path);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static gboolean
validate (const char *schema, const char *devices, GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("<domain><devices>%s</devices><name>g</name></domain>", devices);
  g_auto (xmlDocPtr) doc = v2v_xml_read_memory ("g.xml", text, strlen (text), NULL);
  g_autoptr (V2vOptionValues) options = v2v_option_values_new ();

  g_assert_nonnull (doc);
  v2v_option_values_add (options, "domain-schema", schema);
  return v2v_domain_validate (doc, options, error);
}

static void
assert_refused (const char *schema, const char *devices, int code, const char *pattern)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (validate (schema, devices, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, V2V_ERROR, code);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("'%s' is not like '%s'", error->message, pattern);
}

static void
test_elements (void)
{
  g_autofree char *path = schema_with ("");
  g_autoptr (GError) error = NULL;

  g_assert_true (validate (path, "<sound model='ich9'/><disk type='file'/>", &error));
  g_assert_no_error (error);
  assert_refused (
      path, "<disk type='file'/><sound model='oak'/><disk type='file'/>", V2V_EXIT_CONFIG,
      "the new domain is not valid: <sound model='oak'> in <devices> is not what libvirt "
      "accepts, by */domain.rng. Correct *--domain-schema*");
  assert_refused (path, "<disk type='file'><oak place='here'/></disk>", V2V_EXIT_CONFIG,
                  "*: <oak place='here'> in <disk> is not *");
  /* Neither alone is to blame. */
  assert_refused (path, "<oak/><oak/>", V2V_EXIT_CONFIG,
                  "the new domain is not valid: *, by *");
  g_assert_true (validate ("none", "<oak/>", &error));
}

/* What waits for a file of the guest is not there yet. */
static void
test_given (void)
{
  static const char text[] =
      "<domain><name>g</name><os><kernel slot:name='kernel' xmlns:slot='" V2V_SLOT_NAMESPACE
      "'/></os><devices/></domain>";
  g_autofree char *path = schema_with ("");
  g_auto (xmlDocPtr) doc = v2v_xml_read_memory ("g.xml", text, strlen (text), NULL);
  g_autoptr (V2vOptionValues) options = v2v_option_values_new ();
  g_autoptr (GError) error = NULL;

  v2v_option_values_add (options, "domain-schema", path);
  g_assert_true (v2v_domain_validate (doc, options, &error));
  g_assert_no_error (error);
  g_assert_nonnull (v2v_slot_next (doc, NULL));
}

static void
test_schemas (void)
{
  g_autofree char *path = g_build_filename (directory, "other.rng", NULL);

  assert_refused ("/nonexistent/domain.rng", "", V2V_EXIT_NOINPUT,
                  "--domain-schema /nonexistent/domain.rng: *No such file*");
  g_assert_true (g_file_set_contents (path, "<domain/>", -1, NULL));
  assert_refused (path, "", V2V_EXIT_DATA,
                  "--domain-schema *: this is not a usable RELAX NG schema: *");
  /* Nothing is fetched. */
  g_assert_true (g_file_set_contents (path,
                                      "<grammar xmlns='http://relaxng.org/ns/structure/1.0'>"
                                      "<include href='http://localhost:9/x.rng'/></grammar>",
                                      -1, NULL));
  assert_refused (path, "", V2V_EXIT_DATA,
                  "--domain-schema *: this is not a usable RELAX NG schema: *");
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_autofree char *path = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  directory = g_dir_make_tmp ("test-domain-schema-XXXXXX", NULL);
  path = g_build_filename (directory, "domain.rng", NULL);
  g_test_add_func ("/domain-schema/elements", test_elements);
  g_test_add_func ("/domain-schema/given", test_given);
  g_test_add_func ("/domain-schema/schemas", test_schemas);
  status = g_test_run ();
  g_unlink (path);
  g_rmdir (directory);
  g_free (directory);
  return status;
}
