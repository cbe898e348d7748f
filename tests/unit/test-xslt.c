/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Stylesheets: what they get, what they cannot reach, and how their mistakes are told.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <libxml/parser.h>

#include "metadata/domain.h"
#include "metadata/xslt.h"
#include "ends.h"

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (xmlDocPtr, xmlFreeDoc, NULL)

#define HEAD                                                                                   \
  "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'"             \
  " xmlns:exsl='http://exslt.org/common' extension-element-prefixes='exsl'>\n"                 \
  "<xsl:param name='facts' select='/..'/>\n"
#define TAIL "</xsl:stylesheet>\n"

/* A tree with a directory xslt/ and a file beside it that no stylesheet may see. */
static char *tree;

static char *
write_file (const char *name, const char *text)
{
  char *path = g_build_filename (tree, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static xmlDoc *
doc_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  xmlDoc *doc = v2v_xml_read_memory ("test.xml", text, strlen (text), &error);

  g_assert_no_error (error);
  return doc;
}

static xmlDoc *
apply (const char *text, GError **error)
{
  g_autofree char *path = write_file ("xslt/test.xsl", text);
  g_auto (xmlDocPtr) doc = doc_of ("<domain><name>guest</name></domain>");
  g_auto (xmlDocPtr) facts = doc_of (
      "<facts><target disk-bus='virtio'/><disk_name old='a'/><disk_name old='b'/></facts>");

  return v2v_xslt_apply_with (path, doc, facts, error);
}

static void
assert_result (const char *text, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_auto (xmlDocPtr) doc = apply (text, &error);
  g_autofree char *result = NULL;

  g_assert_no_error (error);
  result = v2v_xml_to_canonical (doc);
  g_assert_cmpstr (result, ==, expected);
}

static void
assert_fails (const char *text, const char *pattern)
{
  g_autoptr (GError) error = NULL;
  xmlDoc *doc = apply (text, &error);

  g_assert_null (doc);
  g_test_message ("%s", error->message);
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CONFIG);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("'%s' is not like '%s'", error->message, pattern);
}

static void
test_facts (void)
{
  assert_result (HEAD "<xsl:template match='/'><r bus='{$facts/target/@disk-bus}'"
                      " names='{count($facts/disk_name)}' root='{name($facts)}'>"
                      "<xsl:value-of select='/domain/name'/></r></xsl:template>" TAIL,
                 "<r bus=\"virtio\" names=\"2\" root=\"facts\">guest</r>\n");
  /* One that takes no facts gets none. */
  assert_result (
      "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
      "<xsl:template match='/'><r/></xsl:template>" TAIL,
      "<r/>\n");
}

/* xsl:import has to come first, so these are written out. */
#define IMPORT(href)                                                                           \
  "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>\n"          \
  "<xsl:import href='" href "'/>\n"

static void
test_imports (void)
{
  g_autofree char *lib = write_file ("xslt/lib.xsl", HEAD
                                     "<xsl:template name='hello'><hello/></xsl:template>" TAIL);
  g_autofree char *table = write_file ("xslt/table.xml", "<table><row>1</row></table>");
  g_autofree char *secret = write_file (
      "secret.xsl", HEAD "<xsl:template name='hello'><secret/></xsl:template>" TAIL);
  g_autofree char *link = g_build_filename (tree, "xslt", "link.xsl", NULL);
  g_autofree char *text = NULL;
  g_autofree char *absolute = NULL;

  assert_result (
      IMPORT ("lib.xsl") "<xsl:template match='/'><r><xsl:call-template name='hello'/>"
                         "</r></xsl:template>" TAIL,
      "<r>\n  <hello/>\n</r>\n");
  assert_result (HEAD "<xsl:include href='lib.xsl'/><xsl:template match='/'>"
                      "<xsl:call-template name='hello'/></xsl:template>" TAIL,
                 "<hello/>\n");
  assert_result (HEAD "<xsl:template match='/'><r n='{document(\"table.xml\")/table/row}'/>"
                      "</xsl:template>" TAIL,
                 "<r n=\"1\"/>\n");

  /* What is missing is missing in the result, too. */
  assert_fails (HEAD "<xsl:template match='/'><r n='{document(\"none.xml\")/table/row}'/>"
                     "</xsl:template>" TAIL,
                "the stylesheet * failed: *none.xml does not exist*");
  assert_fails (IMPORT ("../secret.xsl") TAIL,
                "*is not a usable stylesheet: *secret.xsl*refused*");
  assert_fails (HEAD "<xsl:include href='../secret.xsl'/>" TAIL,
                "*is not a usable stylesheet: *secret.xsl*refused*");
  absolute = g_strconcat (HEAD "<xsl:include href='", secret, "'/>" TAIL, NULL);
  assert_fails (absolute, "*is not a usable stylesheet: *secret.xsl*refused*");
  text = g_strconcat (HEAD "<xsl:include href='file://", secret, "'/>" TAIL, NULL);
  assert_fails (text, "*is not a usable stylesheet: *secret.xsl*refused*");
  assert_fails (IMPORT ("http://localhost/x.xsl") TAIL, "*is not a usable stylesheet: *");
  assert_fails (IMPORT ("none.xsl") TAIL,
                "*is not a usable stylesheet: *none.xsl does not exist*");

  /* A link is what it points to. */
  g_assert_cmpint (symlink (secret, link), ==, 0);
  assert_fails (IMPORT ("link.xsl") TAIL, "*is not a usable stylesheet: *link.xsl*");
  g_unlink (link);
}

static void
test_reading (void)
{
  g_autofree char *secret = write_file ("secret.xml", "<secret>hidden</secret>");

  assert_fails (HEAD
                "<xsl:template match='/'>\n<r><xsl:copy-of select='document(\"/etc/passwd\")'/>"
                "</r></xsl:template>" TAIL,
                "*test.xsl*/etc/passwd*");
  assert_fails (HEAD
                "<xsl:template match='/'><r><xsl:copy-of select='document(\"../secret.xml\")'/>"
                "</r></xsl:template>" TAIL,
                "*secret.xml*");
  assert_fails (HEAD "<xsl:template match='/'><r><xsl:copy-of"
                     " select='document(\"http://127.0.0.1:9/x\")'/></r></xsl:template>" TAIL,
                "*http*");
  assert_fails ("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>\n" HEAD
                "<xsl:template match='/'><r>&e;</r></xsl:template>" TAIL,
                "*");
}

static void
test_writing (void)
{
  g_autofree char *out = g_build_filename (tree, "xslt", "out.xml", NULL);
  g_autofree char *directory = g_build_filename (tree, "xslt", "new", "out.xml", NULL);
  const char *paths[] = {out, directory};

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *exslt =
        g_strconcat (HEAD "<xsl:template match='/'><r><exsl:document href='", paths[i],
                     "'><x/></exsl:document></r></xsl:template>" TAIL, NULL);
    g_autofree char *xslt11 =
        g_strconcat (HEAD "<xsl:template match='/'><r><xsl:document href='", paths[i],
                     "'><x/></xsl:document></r></xsl:template>" TAIL, NULL);
    g_autoptr (GError) error = NULL;
    xmlDoc *doc;

    assert_fails (exslt, "*test.xsl*");
    doc = apply (xslt11, &error);
    if (doc)
      xmlFreeDoc (doc); /* unknown elements of other versions may be passed over */
    g_assert_false (g_file_test (paths[i], G_FILE_TEST_EXISTS));
  }
}

static void
test_limits (void)
{
  assert_fails (HEAD "<xsl:template match='/' name='again'><xsl:call-template name='again'/>"
                     "</xsl:template>" TAIL,
                "*test.xsl*");
  /* 10 to the 12th turns. */
  assert_fails (HEAD
                "<xsl:variable name='n' select='document(\"\")//@* | document(\"\")//node()'/>"
                "<xsl:template match='/'><r><xsl:for-each select='$n'><xsl:for-each"
                " select='$n'><xsl:for-each select='$n'><xsl:for-each select='$n'>"
                "<xsl:for-each select='$n'><xsl:for-each select='$n'><a/></xsl:for-each>"
                "</xsl:for-each></xsl:for-each></xsl:for-each></xsl:for-each></xsl:for-each>"
                "</r></xsl:template>" TAIL,
                "*took more than 5000000 steps*");
  assert_fails (
      HEAD "<xsl:template match='/'><r><xsl:call-template name='more'><xsl:with-param"
           " name='t' select='\"0123456789\"'/></xsl:call-template></r></xsl:template>"
           "<xsl:template name='more'><xsl:param name='t'/><xsl:choose>"
           "<xsl:when test='string-length($t) &lt; 6000000'><xsl:call-template name='more'>"
           "<xsl:with-param name='t' select='concat($t,$t)'/></xsl:call-template></xsl:when>"
           "<xsl:otherwise><xsl:value-of select='$t'/></xsl:otherwise></xsl:choose>"
           "</xsl:template>" TAIL,
      "*produced a document of more than 4194304 bytes");
}

static void
test_mistakes (void)
{
  g_autofree char *bad = write_file ("xslt/bad.xsl", HEAD "<xsl:template match='/'>\n"
                                                          "<xsl:value-of select='1 +'/>"
                                                          "</xsl:template>" TAIL);
  g_autofree char *good = write_file ("xslt/good.xsl", HEAD TAIL);
  g_autoptr (GError) error = NULL;

  g_assert_true (v2v_xslt_check (good, &error, NULL));
  g_assert_no_error (error);
  g_assert_false (v2v_xslt_check (bad, &error, NULL));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CONFIG);
  if (!g_pattern_match_simple ("*bad.xsl is not a usable stylesheet: *bad.xsl:4: *1 +*",
                               error->message))
    g_error ("%s", error->message);
  g_clear_error (&error);
  g_assert_false (v2v_xslt_check ("/nonexistent.xsl", &error, NULL));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_NOINPUT);
  g_clear_error (&error);

  assert_fails ("<not-xslt/>", "*is not a usable stylesheet: *");
  assert_fails ("broken", "*test.xsl:1:*");
  assert_fails (HEAD "<xsl:template match='/'><xsl:message terminate='yes'>no name for xvdz"
                     "</xsl:message></xsl:template>" TAIL,
                "the stylesheet *test.xsl failed: *no name for xvdz*");
  assert_fails (
      HEAD
      "<xsl:template match='/'>\n\n<xsl:value-of select='$undefined'/></xsl:template>" TAIL,
      "*test.xsl:5: *undefined*");
  assert_fails (HEAD "<xsl:template match='/'/>" TAIL, "*produced no document*");
}

/* The document that was given stays as it was. */
static void
test_source_untouched (void)
{
  g_autofree char *path = write_file ("xslt/strip.xsl", HEAD "<xsl:strip-space elements='*'/>"
                                                             "<xsl:template match='/'><r/>"
                                                             "</xsl:template>" TAIL);
  g_auto (xmlDocPtr) doc = doc_of ("<a>\n <b/>\n</a>");
  g_auto (xmlDocPtr) facts = doc_of ("<facts/>");
  g_auto (xmlDocPtr) result = NULL;
  g_autoptr (GError) error = NULL;

  result = v2v_xslt_apply_with (path, doc, facts, &error);
  g_assert_no_error (error);
  g_assert_nonnull (result);
  g_assert_cmpint (xmlDocGetRootElement (doc)->children->type, ==, XML_TEXT_NODE);
}

/* Doubles a text at each of 40 levels. */
static void
double_text (void)
{
  g_autoptr (GError) error = NULL;

  v2v_xml_bound_memory ();
  apply (HEAD "<xsl:template name='d'><xsl:param name='s'/><xsl:param name='n'/>"
              "<xsl:if test='$n &gt; 0'><xsl:call-template name='d'>"
              "<xsl:with-param name='s' select='concat($s, $s)'/>"
              "<xsl:with-param name='n' select='$n - 1'/></xsl:call-template></xsl:if>"
              "<xsl:if test='$n = 0'><r><xsl:value-of select='string-length($s)'/></r></xsl:if>"
              "</xsl:template>"
              "<xsl:template match='/'><xsl:call-template name='d'>"
              "<xsl:with-param name='s' select='\"0123456789abcdef\"'/>"
              "<xsl:with-param name='n' select='40'/></xsl:call-template></xsl:template>" TAIL,
         &error);
}

static void
test_memory (void)
{
  assert_ends (double_text, V2V_EXIT_CONFIG,
               "xslt/test.xsl: applying the stylesheet used more than 1024 MiB of memory");
}

int
main (int argc, char **argv)
{
  g_autofree char *dir = NULL;
  const char *base = g_getenv ("V2V_TEST_TMPDIR");
  int status;

  g_test_init (&argc, &argv, NULL);
  tree = g_build_filename (base ? base : g_get_tmp_dir (), "test-xslt-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp (tree));
  dir = g_build_filename (tree, "xslt", NULL);
  g_assert_cmpint (g_mkdir (dir, 0700), ==, 0);

  g_test_add_func ("/xslt/facts", test_facts);
  g_test_add_func ("/xslt/memory", test_memory);
  g_test_add_func ("/xslt/imports", test_imports);
  g_test_add_func ("/xslt/reading", test_reading);
  g_test_add_func ("/xslt/writing", test_writing);
  g_test_add_func ("/xslt/limits", test_limits);
  g_test_add_func ("/xslt/mistakes", test_mistakes);
  g_test_add_func ("/xslt/source-untouched", test_source_untouched);
  status = g_test_run ();
  g_free (tree);
  return status;
}
