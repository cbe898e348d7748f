/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The domain document: its disks, every way they can be wrong, and the source that reads it.
 */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "metadata/source.h"

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
test_disks (void)
{
  g_auto (xmlDocPtr) doc = doc_of (
      "<domain type='xen'><name>\n guest\n</name><devices>"
      "<disk type='file' device='disk'><driver name='tap' type='aio'/><source file='a.img'/>"
      "<target dev='xvda' bus='xen'/></disk>"
      "<disk type='file' device='cdrom'><target dev='hdc'/></disk>"
      "<disk type='block'><driver name='phy'/><source dev='/dev/vg/b'/><target dev='xvdb'/>"
      "<readonly/></disk>"
      "<disk type='file' device='floppy'><source file='f'/><target dev='fda'/></disk>"
      "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>"
      "<source file='../c.qcow2'/><backingStore type='file'><format type='qcow2'/>"
      "<source file='/base/c1'/><backingStore type='file'><source file='c2'/>"
      "<backingStore type='network'><source name='x'/><backingStore type='block'>"
      "<source dev='/dev/c4'/></backingStore></backingStore></backingStore></backingStore>"
      "<target dev='xvdc'/></disk></devices></domain>");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) disks = v2v_domain_disks (doc, "/srv/guests/guest.xml", &error);
  g_autofree char *name = v2v_domain_name (doc);
  V2vDomainDisk *disk;

  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "guest");
  g_assert_cmpuint (disks->len, ==, 3);

  disk = disks->pdata[0];
  g_assert_cmpstr (disk->target, ==, "xvda");
  g_assert_cmpstr (disk->bus, ==, "xen");
  g_assert_cmpstr (disk->path, ==, "/srv/guests/a.img");
  g_assert_cmpstr (disk->format, ==, "raw");
  g_assert_false (disk->read_only);
  g_assert_cmpuint (disk->backing->len, ==, 0);

  disk = disks->pdata[1];
  g_assert_cmpstr (disk->target, ==, "xvdb");
  g_assert_null (disk->bus);
  g_assert_cmpstr (disk->path, ==, "/dev/vg/b");
  g_assert_cmpstr (disk->format, ==, "raw");
  g_assert_true (disk->read_only);

  disk = disks->pdata[2];
  g_assert_cmpstr (disk->path, ==, "/srv/c.qcow2");
  g_assert_cmpstr (disk->format, ==, "qcow2");
  g_assert_cmpuint (disk->backing->len, ==, 3);
  g_assert_cmpstr (disk->backing->pdata[0], ==, "/base/c1");
  g_assert_cmpstr (disk->backing->pdata[1], ==, "/srv/guests/c2");
  g_assert_cmpstr (disk->backing->pdata[2], ==, "/dev/c4");
}

/* A disk that is a part of a file. */
static void
test_slices (void)
{
  static const struct {
    const char *slices;
    gint64 offset, length; /* a length of 0: refused */
  } cases[] = {
      {"<slices><slice type='storage' offset='1536' size='4096'/></slices>", 1536, 4096},
      {"<slices><slice type='storage' offset='0' size='1'/></slices>", 0, 1},
      {"<slices><slice type='storage' offset='0' size='0'/></slices>", 0, 0},
      {"<slices><slice type='storage' offset='-1' size='512'/></slices>", 0, 0},
      {"<slices><slice type='storage' size='512'/></slices>", 0, 0},
      {"<slices><slice type='x' offset='0' size='512'/></slices>", 0, 0},
      {"<slices><slice type='storage' offset='0' size='99999999999999999999'/></slices>", 0, 0},
      {"<slices><slice type='storage' offset='0' size='512'/><slice/></slices>", 0, 0},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strdup_printf (
        "<domain><name>x</name><devices><disk type='file'><source file='/x.ova'>\n%s</source>"
        "<target dev='sda'/></disk></devices></domain>",
        cases[i].slices);
    g_auto (xmlDocPtr) doc = doc_of (text);
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) disks = v2v_domain_disks (doc, "guest.xml", &error);

    if (!cases[i].length) {
      g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
      g_assert_nonnull (strstr (error->message, "guest.xml:2: the slice of disk 'sda'"));
      continue;
    }
    g_assert_no_error (error);
    g_assert_cmpint (((V2vDomainDisk *)disks->pdata[0])->slice.offset, ==, cases[i].offset);
    g_assert_cmpint (((V2vDomainDisk *)disks->pdata[0])->slice.length, ==, cases[i].length);
  }
}

/* A relative document is beside the current directory; a name that only looks like a protocol
 * stays a file. */
static void
test_paths (void)
{
  g_auto (xmlDocPtr) doc = doc_of (
      "<domain><name>g</name><devices><disk type='file'>"
      "<source file='json:{\"driver\":\"nbd\"}'/><target dev='a'/></disk></devices></domain>");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) disks = v2v_domain_disks (doc, "sub/guest.xml", &error);
  g_autofree char *cwd = g_get_current_dir ();
  g_autofree char *expected = g_build_filename (cwd, "sub", "json:{\"driver\":\"nbd\"}", NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (((V2vDomainDisk *)disks->pdata[0])->path, ==, expected);
}

static void
test_refused (void)
{
#define DOMAIN(devices) "<domain><name>g</name>\n<devices>\n" devices "</devices></domain>"
  static const struct {
    const char *text, *pattern;
  } cases[] = {
      {"<network/>", "g.xml:1: the document is <network>, expected libvirt's <domain>: *"},
      {"<domain><devices/></domain>", "g.xml:1: the domain has no name: *"},
      {"<domain><name> </name></domain>", "g.xml:1: the domain has no name: *"},
      {"<domain><name>g</name></domain>", "g.xml:1: the domain 'g' has no disks, *"},
      {DOMAIN ("<disk type='file' device='cdrom'><target dev='hda'/></disk>"),
       "g.xml:2: the domain 'g' has no disks, *"},
      {DOMAIN ("<disk type='network'><source protocol='rbd' name='p/i'/><target "
               "dev='vda'/></disk>"),
       "g.xml:3: disk 'vda' has the type 'network', expected a local disk *"},
      {DOMAIN ("<disk type='volume'><source pool='p' volume='v'/><target dev='vda'/></disk>"),
       "g.xml:3: disk 'vda' has the type 'volume', *"},
      {DOMAIN ("<disk><source file='x'/><target dev='vda'/></disk>"),
       "g.xml:3: disk 'vda' has no type, *"},
      {DOMAIN ("<disk type='file'><target dev='vda'/></disk>"),
       "g.xml:3: disk 'vda' has no <source>, *"},
      {DOMAIN ("<disk type='file'><source file=''/><target dev='vda'/></disk>"),
       "g.xml:3: disk 'vda' has no source: <source file='PATH'/> *"},
      {DOMAIN ("<disk type='block'><source file='/x'/><target dev='vda'/></disk>"),
       "g.xml:3: disk 'vda' has no source: <source dev='PATH'/> *"},
      {DOMAIN ("<disk type='file'><source file='x'/></disk>"),
       "g.xml:3: a disk has no name: *"},
      {DOMAIN (
           "<disk type='block' device='lun'><source dev='/dev/x'/><target dev='sda'/></disk>"),
       "g.xml:3: disk 'sda' has device='lun', *"},
      {DOMAIN ("<disk type='file'><source file='x'/><encryption/><target dev='sda'/></disk>"),
       "g.xml:3: disk 'sda' is encrypted *"},
      {DOMAIN ("<disk type='file'><source file='x'/><target dev='a'/></disk>\n"
               "<disk type='file'><source file='y'/><target dev='a'/></disk>"),
       "g.xml:4: the domain 'g' has two disks named 'a': *"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (xmlDocPtr) doc = doc_of (cases[i].text);
    g_autoptr (GError) error = NULL;

    g_assert_null (v2v_domain_disks (doc, "g.xml", &error));
    g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
    if (!g_pattern_match_simple (cases[i].pattern, error->message))
      g_error ("'%s' is not like '%s'", error->message, cases[i].pattern);
  }
}

static char *
write_file (const char *name, const char *text)
{
  const char *dir = g_getenv ("V2V_TEST_TMPDIR");
  char *path = g_build_filename (dir ? dir : g_get_tmp_dir (), name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static void
test_source (void)
{
  const V2vSource *source = v2v_source_find ("libvirtxml");
  g_autofree char *named = write_file ("guest.xml", "no document");
  g_autofree char *plain = write_file ("guest", "\n <domain/>");
  g_autofree char *image = write_file ("guest.img", "QFI\xfb");
  g_autofree char *network = write_file ("network.xml", "<network/>");
  g_autoptr (V2vOptionValues) options = v2v_option_values_new ();
  g_autoptr (GError) error = NULL;
  xmlDoc *doc;

  g_assert_nonnull (source);
  g_assert_null (v2v_source_find ("libvirtxm"));
  g_assert_true (source->ready (options, &error));
  g_assert_true (source->fits (named));
  g_assert_true (source->fits (plain));
  g_assert_false (source->fits (image));
  g_assert_false (source->fits ("/nonexistent.xml"));
  g_assert_false (source->fits ("/"));

  doc = source->read (plain, options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr ((const char *)xmlDocGetRootElement (doc)->name, ==, "domain");
  xmlFreeDoc (doc);

  doc = source->read (network, options, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (v2v_domain_normalize (doc, network, &error));
  xmlFreeDoc (doc);
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  g_clear_error (&error);
  g_assert_null (source->read ("-", options, NULL, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_USAGE);
  g_clear_error (&error);
  g_assert_null (source->read ("/nonexistent.xml", options, NULL, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_NOINPUT);

  g_unlink (named);
  g_unlink (plain);
  g_unlink (image);
  g_unlink (network);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/domain/slices", test_slices);
  g_test_add_func ("/domain/disks", test_disks);
  g_test_add_func ("/domain/paths", test_paths);
  g_test_add_func ("/domain/refused", test_refused);
  g_test_add_func ("/domain/source", test_source);
  return g_test_run ();
}
