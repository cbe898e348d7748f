/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * XML documents: limits of reading, the canonical form, and differences.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>
#include <libxml/parser.h>

#include "metadata/domain.h"
#include "metadata/element.h"

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (xmlDocPtr, xmlFreeDoc, NULL)

static xmlDoc *
doc_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  xmlDoc *doc = v2v_xml_read_memory ("test.xml", text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_nonnull (doc);
  return doc;
}

/* Reading TEXT fails with exit status CODE and a message like PATTERN. */
static void
assert_refused (const char *text, gsize length, int code, const char *pattern)
{
  g_autoptr (GError) error = NULL;
  xmlDoc *doc = v2v_xml_read_memory ("test.xml", text, length, &error);

  g_assert_null (doc);
  g_assert_error (error, V2V_ERROR, code);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("'%s' is not like '%s'", error->message, pattern);
}

static char *
temporary (const char *name)
{
  const char *dir = g_getenv ("V2V_TEST_TMPDIR");

  return g_build_filename (dir ? dir : g_get_tmp_dir (), name, NULL);
}

static void
test_broken (void)
{
  static const char broken[] = "<domain>\n  <name>x</nome>\n</domain>\n";

  assert_refused (
      broken, strlen (broken), V2V_EXIT_DATA,
      "test.xml:2:*: this is not well-formed XML: Opening and ending tag mismatch*");
  assert_refused ("", 0, V2V_EXIT_DATA,
                  "test.xml: the file is empty, expected an XML document");
  assert_refused ("disk.img", 8, V2V_EXIT_DATA, "test.xml:1:*: this is not well-formed XML: *");
  assert_refused ("<a/><b/>", 8, V2V_EXIT_DATA, "test.xml:1:*: this is not well-formed XML: *");
  assert_refused ("<a>\0</a>", 8, V2V_EXIT_DATA,
                  "test.xml:1:*: this is not well-formed XML: *");
  assert_refused ("<a>\xff\xfe</a>", 9, V2V_EXIT_DATA,
                  "test.xml:1:*: this is not well-formed *");
}

/* What is well-formed, but uses a prefix that is not declared. */
static void
test_prefixes (void)
{
  static const char undeclared[] = "<domain>\n  <x:a y:b='1' b='2' z:c='3'/>\n</domain>";
  static const char odd[] = "<domain xmlns:x='no URI'><x:a/></domain>";
  g_autoptr (GError) error = NULL;
  g_autofree char *b = NULL;
  g_autofree char *c = NULL;
  xmlDoc *doc;
  xmlNode *element;

  assert_refused (undeclared, strlen (undeclared), V2V_EXIT_DATA,
                  "test.xml:2:*: its name spaces are wrong: Namespace prefix * on a is "
                  "not defined*declare the prefix*");
  doc = v2v_xml_read_loosely ("test.xml", undeclared, strlen (undeclared), &error);
  g_assert_no_error (error);
  element = v2v_xml_child (xmlDocGetRootElement (doc), "a");
  g_assert_nonnull (element);
  b = v2v_xml_attribute (element, "b");
  c = v2v_xml_attribute (element, "c");
  g_assert_cmpstr (b, ==, "2");
  g_assert_cmpstr (c, ==, "3");
  xmlFreeDoc (doc);
  g_assert_null (v2v_xml_read_loosely ("test.xml", "<x:a>", 5, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  g_clear_error (&error);

  doc = v2v_xml_read_memory ("test.xml", odd, strlen (odd), &error);
  g_assert_no_error (error);
  xmlFreeDoc (doc);
}

static void
test_doctype (void)
{
  static const char bomb[] =
      "<!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>\n<domain>&b;</domain>";
  static const char external[] =
      "<?xml version='1.0'?>\n<!DOCTYPE d SYSTEM \"file:///etc/passwd\">\n<domain/>";
  static const char undeclared[] = "<domain>&passwd;</domain>";

  assert_refused (bomb, strlen (bomb), V2V_EXIT_DATA,
                  "test.xml:1:*: <!DOCTYPE d: a document type is not accepted*");
  assert_refused (external, strlen (external), V2V_EXIT_DATA,
                  "test.xml:2:*: <!DOCTYPE d: a document type is not accepted*");
  assert_refused (undeclared, strlen (undeclared), V2V_EXIT_DATA,
                  "test.xml:1:*: this is not well-formed XML: Entity 'passwd' not defined*");
}

static void
test_depth (void)
{
  for (guint depth = V2V_XML_DEPTH; depth <= V2V_XML_DEPTH + 1; depth++) {
    g_autoptr (GString) text = g_string_new (NULL);

    for (guint i = 0; i < depth; i++)
      g_string_append (text, "<a>\n");
    for (guint i = 0; i < depth; i++)
      g_string_append (text, "</a>");
    if (depth > V2V_XML_DEPTH) {
      assert_refused (text->str, text->len, V2V_EXIT_DATA,
                      "test.xml:257:*: <a> is nested deeper than 256 levels: *");
    } else {
      g_auto (xmlDocPtr) doc = doc_of (text->str);
      xmlNode *inner;

      g_assert_null (v2v_xml_too_deep (doc));
      /* What a stylesheet may make, but no file may hold. */
      for (inner = xmlDocGetRootElement (doc); inner; inner = xmlFirstElementChild (inner))
        if (!xmlFirstElementChild (inner))
          break;
      xmlNewChild (inner, NULL, (const xmlChar *)"deep", NULL);
      g_assert_cmpstr ((const char *)v2v_xml_too_deep (doc)->name, ==, "deep");
    }
  }
}

static void
add_attributes (GString *text, guint n)
{
  g_string_append (text, "<a ");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "b%u='=>\"' ", i);
  g_string_append (text, "/>");
}

/* libxml2 takes 24 s for 100,000 of them. */
static void
test_attributes (void)
{
  g_autoptr (GString) text = g_string_new ("<?xml version='1.0'?>\n<!-- ' = -->\n<r>\n");
  g_autoptr (GError) error = NULL;
  const gint64 start = g_get_monotonic_time ();
  xmlDoc *doc;

  for (guint i = 0; i < 3; i++)
    add_attributes (text, 1000);
  g_string_append (text, "<![CDATA[ <a ");
  for (guint i = 0; i < 2000; i++)
    g_string_append (text, "b=");
  g_string_append (text, "]]></r>");
  doc = v2v_xml_read_memory ("t.xml", text->str, text->len, &error);
  g_assert_no_error (error);
  xmlFreeDoc (doc);

  g_string_assign (text, "<r>\n");
  add_attributes (text, 100000);
  g_string_append (text, "</r>");
  g_assert_null (v2v_xml_read_memory ("t.xml", text->str, text->len, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  g_assert_nonnull (
      strstr (error->message, "t.xml:2: an element has more than 1000 attributes"));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
}

static void
test_size (void)
{
  gsize length = V2V_XML_MAX + 1;
  g_autofree char *text = g_malloc (length + 1);
  g_autofree char *path = temporary ("big.xml");
  g_autoptr (GError) error = NULL;

  memset (text, ' ', length);
  memcpy (text, "<a>", 3);
  memcpy (text + length - 4, "</a>", 4);
  assert_refused (
      text, length, V2V_EXIT_DATA,
      "test.xml: the document has 4194305 bytes, but at most 4194304 are accepted: *");
  g_assert_true (g_file_set_contents (path, text, (gssize)length, NULL));
  g_assert_null (v2v_xml_read_file (path, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  g_clear_error (&error);

  memcpy (text + length - 5, "</a> ", 5);
  g_assert_true (g_file_set_contents (path, text, (gssize)length - 1, NULL));
  {
    g_auto (xmlDocPtr) doc = v2v_xml_read_file (path, &error);

    g_assert_no_error (error);
    g_assert_nonnull (doc);
  }
  g_unlink (path);
}

static void
test_files (void)
{
  g_autofree char *missing = temporary ("missing.xml");
  g_autofree char *fifo = temporary ("fifo.xml");
  g_autofree char *dir = temporary ("dir.xml");
  g_autoptr (GError) error = NULL;

  g_assert_null (v2v_xml_read_file (missing, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_NOINPUT);
  g_assert_true (strstr (error->message, missing));
  g_clear_error (&error);

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_null (v2v_xml_read_file (fifo, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_NOINPUT);
  g_clear_error (&error);
  g_unlink (fifo);

  g_assert_cmpint (g_mkdir (dir, 0700), ==, 0);
  g_assert_null (v2v_xml_read_file (dir, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_NOINPUT);
  g_assert_true (strstr (error->message, "is a directory"));
  g_rmdir (dir);
}

static void
test_canonical (void)
{
  g_auto (xmlDocPtr) plain = doc_of ("<a y='2' x='1'><b>text</b><c/></a>");
  g_auto (xmlDocPtr) spaced =
      doc_of ("<?xml version='1.0' encoding='ISO-8859-1'?>\n<a x=\"1\"\n  y='2'>\n\n  "
              "<b>text</b>\n\t<c>\n</c>\n</a>\n");
  g_auto (xmlDocPtr) other = doc_of ("<a y='2' x='1'><b>text </b><c/></a>");
  g_auto (xmlDocPtr) mixed = doc_of ("<a>one <b/> two</a>");
  g_autofree char *text = v2v_xml_to_string (spaced);
  g_autofree char *canonical = v2v_xml_to_canonical (plain);
  g_autofree char *mixed_text = v2v_xml_to_canonical (mixed);

  g_assert_true (v2v_xml_equal (plain, spaced));
  g_assert_false (v2v_xml_equal (plain, other));
  g_assert_cmpstr (text, ==,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a x=\"1\" y=\"2\">\n"
                   "  <b>text</b>\n  <c/>\n</a>\n");
  g_assert_cmpstr (canonical, ==, "<a x=\"1\" y=\"2\">\n  <b>text</b>\n  <c/>\n</a>\n");
  g_assert_cmpstr (mixed_text, ==, "<a>one <b/> two</a>\n");
}

static void
test_diff (void)
{
  g_auto (xmlDocPtr) before =
      doc_of ("<a><b>1</b><c/><d/><e/><f/><g/><h/><i/><j/><k>1</k></a>");
  g_auto (xmlDocPtr) after = doc_of ("<a><b>2</b><c/><d/><e/><f/><g/><h/><i/><x/><j/></a>");
  g_autofree char *same = v2v_xml_diff (before, before, "old", "new");
  g_autofree char *diff = v2v_xml_diff (before, after, "old", "new");

  g_assert_cmpstr (same, ==, "");
  g_assert_cmpstr (diff, ==,
                   "--- old\n+++ new\n"
                   "@@ -1,5 +1,5 @@\n"
                   " <a>\n-  <b>1</b>\n+  <b>2</b>\n   <c/>\n   <d/>\n   <e/>\n"
                   "@@ -7,6 +7,6 @@\n"
                   "   <g/>\n   <h/>\n   <i/>\n+  <x/>\n   <j/>\n-  <k>1</k>\n </a>\n");
}

/* A diff, applied to one document by hand, gives the other: for many pairs, and for some that
 * differ in more lines than are compared one by one. */
static void
test_diff_applies (void)
{
  for (guint32 seed = 0; seed < 40; seed++) {
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    guint lines = seed < 38 ? (guint)g_rand_int_range (random, 0, 40) : 3000;
    g_autoptr (GString) left = g_string_new ("<r><first/>");
    g_autoptr (GString) right = g_string_new ("<r><first/>");

    for (guint i = 0; i < lines; i++) {
      int choice = g_rand_int_range (random, 0, 4);
      int name = g_rand_int_range (random, 0, 5);

      if (choice != 0)
        g_string_append_printf (left, "<n%d/>", name);
      if (choice != 1)
        g_string_append_printf (right, "<n%d/>", choice == 2 ? name + 5 : name);
    }
    g_string_append (left, "</r>");
    g_string_append (right, "</r>");
    {
      g_auto (xmlDocPtr) before = doc_of (left->str);
      g_auto (xmlDocPtr) after = doc_of (right->str);
      g_autofree char *old_text = v2v_xml_to_canonical (before);
      g_autofree char *new_text = v2v_xml_to_canonical (after);
      g_autofree char *diff = v2v_xml_diff (before, after, "a", "b");
      g_auto (GStrv) old_lines = g_strsplit (old_text, "\n", -1);
      g_auto (GStrv) diff_lines = g_strsplit (diff, "\n", -1);
      g_autoptr (GString) made = g_string_new (NULL);
      guint at = 0;

      for (char **line = diff_lines; *line && **line; line++) {
        unsigned old_start, old_count, new_start, new_count;

        if (line - diff_lines < 2)
          continue;
        if (sscanf (*line, "@@ -%u,%u +%u,%u @@", &old_start, &old_count, &new_start,
                    &new_count) == 4) {
          while (at + 1 < old_start)
            g_string_append_printf (made, "%s\n", old_lines[at++]);
        } else if (**line == '+') {
          g_string_append_printf (made, "%s\n", *line + 1);
        } else {
          g_assert_cmpstr (*line + 1, ==, old_lines[at]);
          if (**line == ' ')
            g_string_append_printf (made, "%s\n", old_lines[at]);
          at++;
        }
      }
      while (old_lines[at] && *old_lines[at])
        g_string_append_printf (made, "%s\n", old_lines[at++]);
      g_assert_cmpstr (made->str, ==, new_text);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xml/broken", test_broken);
  g_test_add_func ("/xml/prefixes", test_prefixes);
  g_test_add_func ("/xml/doctype", test_doctype);
  g_test_add_func ("/xml/depth", test_depth);
  g_test_add_func ("/xml/attributes", test_attributes);
  g_test_add_func ("/xml/size", test_size);
  g_test_add_func ("/xml/files", test_files);
  g_test_add_func ("/xml/canonical", test_canonical);
  g_test_add_func ("/xml/diff", test_diff);
  g_test_add_func ("/xml/diff-applies", test_diff_applies);
  return g_test_run ();
}
