/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * UEFI firmware of the host: which domains want one, which descriptor fits, and what is taken for
 * the variables of a firmware.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "metadata/element.h"
#include "output/firmware.h"

#include "disk-util.h"

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (xmlDocPtr, xmlFreeDoc, NULL)

/* A domain with this in its <os>. */
static xmlDoc *
domain_of (const char *os)
{
  g_autofree char *text =
      g_strdup_printf ("<domain type='kvm'><name>n</name><os>%s</os></domain>", os);
  xmlDoc *domain = xmlParseDoc (BAD_CAST text);

  g_assert_nonnull (domain);
  return domain;
}

#define TYPE(MACHINE) "<type arch='x86_64' machine='" MACHINE "'>hvm</type>"
#define SECURE "<feature enabled='yes' name='secure-boot'/>"

static void
test_wanted (void)
{
  static const struct {
    const char *os;
    gboolean wanted;
  } cases[] = {
      {TYPE ("q35"), FALSE},
      {TYPE ("q35") "<loader type='rom'>/x</loader>", FALSE},
      {TYPE ("q35") "<loader readonly='yes' type='pflash'>/x</loader>", TRUE},
  };
  g_auto (xmlDocPtr) bios =
      xmlParseDoc (BAD_CAST "<domain type='kvm'><os firmware='bios'/></domain>");
  g_auto (xmlDocPtr) efi =
      xmlParseDoc (BAD_CAST "<domain type='kvm'><os firmware='efi'/></domain>");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (xmlDocPtr) domain = domain_of (cases[i].os);

    g_assert_cmpint (v2v_firmware_wanted (domain), ==, cases[i].wanted);
  }
  g_assert_false (v2v_firmware_wanted (bios));
  g_assert_true (v2v_firmware_wanted (efi));
}

/* ---- descriptors ---- */

typedef struct {
  char *root;
  char *high, *low; /* directories of descriptors */
  const char *directories[3];
} Host;

static void
host_init (Host *host)
{
  host->root = test_dir ();
  host->high = in (host->root, "high");
  host->low = in (host->root, "low");
  host->directories[0] = host->high;
  host->directories[1] = host->low;
  host->directories[2] = NULL;
  g_assert_cmpint (g_mkdir (host->high, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (host->low, 0700), ==, 0);
}

static void
host_clear (Host *host)
{
  g_free (host->root);
  g_free (host->high);
  g_free (host->low);
}

/* Puts the descriptor NAME.json into DIRECTORY, and its images, NAME.code and NAME.vars, beside it. */
static void
describe (const Host *host, const char *directory, const char *name, const char *architecture,
          const char *machine, const char *features)
{
  g_autofree char *code = g_strdup_printf ("%s/%s.code", host->root, name);
  g_autofree char *vars = g_strdup_printf ("%s/%s.vars", host->root, name);
  g_autofree char *path = g_strdup_printf ("%s/%s.json", directory, name);
  g_autofree char *text = g_strdup_printf (
      "{\"description\": \"x\", \"interface-types\": [\"bios\", \"uefi\"],"
      " \"mapping\": {\"device\": \"flash\","
      "  \"executable\": {\"filename\": \"%s\", \"format\": \"raw\"},"
      "  \"nvram-template\": {\"filename\": \"%s\", \"format\": \"raw\"}},"
      " \"targets\": [\"odd\", {\"architecture\": \"other\", \"machines\": [\"*\"]},"
      "  {\"architecture\": \"%s\", \"machines\": [7, \"%s\"]}],"
      " \"features\": [%s], \"tags\": []}",
      code, vars, architecture, machine, features);

  write_file (code, "", 0);
  write_file (vars, "", 0);
  write_file (path, text, -1);
}

/* What is found is NAME's, or with NULL nothing, of which MESSAGE is told. */
static void
assert_finds (const Host *host, const char *os, const char *name, const char *message)
{
  g_auto (xmlDocPtr) domain = domain_of (os);
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vFirmware) found = v2v_firmware_find_in (domain, host->directories, &error);

  if (name) {
    g_autofree char *code = g_strdup_printf ("%s/%s.code", host->root, name);
    g_autofree char *vars = g_strdup_printf ("%s/%s.vars", host->root, name);

    g_assert_no_error (error);
    g_assert_cmpstr (found->code, ==, code);
    g_assert_cmpstr (found->vars, ==, vars);
    return;
  }
  g_assert_null (found);
  g_assert_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE);
  if (!strstr (error->message, message))
    g_error ("no \"%s\" in: %s", message, error->message);
}

static void
test_find (void)
{
  Host host;

  host_init (&host);
  assert_finds (&host, TYPE ("q35"), NULL, "no UEFI firmware for x86_64, machine pc-q35-0, is");
  describe (&host, host.low, "20-q35", "x86_64", "pc-q35-*", "\"acpi-s3\"");
  describe (&host, host.low, "30-pc", "x86_64", "pc-i440fx-*", "\"acpi-s3\"");
  describe (&host, host.low, "40-keys", "x86_64", "pc-q35-*",
            "\"secure-boot\", \"enrolled-keys\"");
  describe (&host, host.low, "50-secure", "x86_64", "pc-q35-*", "\"secure-boot\"");
  describe (&host, host.low, "60-arm", "aarch64", "virt-*", "");

  assert_finds (&host, TYPE ("q35"), "20-q35", NULL);
  assert_finds (&host, TYPE ("pc-q35-7.2"), "20-q35", NULL);
  assert_finds (&host, TYPE ("pc"), "30-pc", NULL);
  assert_finds (&host, "<type>hvm</type>", "30-pc", NULL);
  assert_finds (&host, "<type arch='aarch64' machine='virt'>hvm</type>", "60-arm", NULL);
  assert_finds (&host, "<type arch='riscv64' machine='virt'>hvm</type>", NULL,
                "for riscv64, machine virt-0, is described");
  /* Secure boot is with the usual keys, unless the domain says that it has none. */
  assert_finds (&host, TYPE ("q35") "<firmware>" SECURE "</firmware>", "40-keys", NULL);
  assert_finds (&host, TYPE ("q35") "<loader secure='yes'/>", "40-keys", NULL);
  assert_finds (&host,
                TYPE ("q35") "<firmware>" SECURE
                             "<feature enabled='no' name='enrolled-keys'/></firmware>",
                "50-secure", NULL);
  assert_finds (&host,
                TYPE ("q35") "<firmware><feature enabled='no' name='secure-boot'/></firmware>"
                             "<loader secure='yes'/>",
                "20-q35", NULL);
  assert_finds (&host, TYPE ("pc") "<firmware>" SECURE "</firmware>", NULL,
                "machine pc-i440fx-0, with secure boot and its keys, is");
  assert_finds (&host,
                TYPE ("pc") "<firmware>" SECURE
                            "<feature enabled='no' name='enrolled-keys'/></firmware>",
                NULL, "machine pc-i440fx-0, with secure boot, is");
  host_clear (&host);
}

/* The first in the order of their names counts, one of the higher directory hides its namesake, and
 * whatever is no descriptor, or of what is not there, is passed over. */
static void
test_precedence (void)
{
  static const char *const odd[] = {
      "",
      "{",
      "[]",
      "{}",
      "{\"mapping\": []}",
      "{\"interface-types\": {}, \"mapping\": {}}",
      "{\"interface-types\": [\"uefi\"], \"mapping\": {\"device\": \"memory\"}}",
      "{\"interface-types\": [[]], \"mapping\": {\"device\": {}, \"executable\": 1}}"};
  g_autofree char *off = NULL, *gone = NULL, *other = NULL;
  Host host;

  host_init (&host);
  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++) {
    g_autofree char *path = g_strdup_printf ("%s/0%zu.json", host.high, i);

    write_file (path, odd[i], -1);
  }
  other = in (host.high, "00.json.bak");
  describe (&host, host.low, "30-third", "x86_64", "pc-q35-*", "");
  describe (&host, host.high, "20-second", "x86_64", "pc-q35-*", "");
  describe (&host, host.low, "10-first", "x86_64", "pc-q35-*", "");
  write_file (other, "{", -1);
  assert_finds (&host, TYPE ("q35"), "10-first", NULL);
  off = in (host.high, "10-first.json");
  write_file (off, "", 0);
  assert_finds (&host, TYPE ("q35"), "20-second", NULL);
  gone = in (host.root, "20-second.vars");
  g_assert_cmpint (unlink (gone), ==, 0);
  assert_finds (&host, TYPE ("q35"), "30-third", NULL);
  host.directories[1] = "/nonexistent";
  assert_finds (&host, TYPE ("q35"), NULL, "install the package with the UEFI firmware");
  host_clear (&host);
}

/* What the domain names itself is taken, and nothing else. */
static void
test_named (void)
{
  g_autofree char *loader = NULL, *os = NULL, *bare = NULL, *missing = NULL;
  Host host;

  host_init (&host);
  describe (&host, host.low, "own", "x86_64", "pc-q35-*", "");
  loader = in (host.root, "own.code");
  os = g_strdup_printf (TYPE ("q35") "<loader type='pflash'>%s</loader>"
                                     "<nvram template='/t/VARS.fd'/>",
                        loader);
  bare = g_strdup_printf (TYPE ("q35") "<loader type='pflash'>%s</loader>", loader);
  {
    g_auto (xmlDocPtr) domain = domain_of (os), without = domain_of (bare);
    g_autoptr (V2vFirmware) found = v2v_firmware_find (domain, NULL);
    g_autoptr (V2vFirmware) second = v2v_firmware_find (without, NULL);

    g_assert_cmpstr (found->code, ==, loader);
    g_assert_cmpstr (found->vars, ==, "/t/VARS.fd");
    g_assert_cmpstr (second->code, ==, loader);
    g_assert_null (second->vars);
  }
  missing = g_strdup_printf (TYPE ("q35") "<loader type='pflash'>%s</loader>", host.root);
  assert_finds (&host, missing, NULL, "is not on this host: install it, or take <loader> out");
  host_clear (&host);
}

/* ---- variables ---- */

static void
assert_read (const char *path, gssize length)
{
  gsize got = 0;
  g_autofree char *bytes = v2v_firmware_read_variables (path, &got);

  if (length < 0)
    g_assert_null (bytes);
  else {
    g_assert_nonnull (bytes);
    g_assert_cmpuint (got, ==, (gsize)length);
    g_assert_cmpmem (bytes + 40, 4, "_FVH", 4);
  }
}

static void
test_variables (void)
{
  g_autofree char *dir = test_dir (), *path = in (dir, "vars"), *fifo = in (dir, "fifo");
  char bytes[44] = {0};

  memcpy (bytes + 40, "_FVH", 4);
  write_file (path, bytes, 44);
  assert_read (path, 44);
  write_file (path, bytes, 43);
  assert_read (path, -1);
  write_file (path, bytes, 44);
  g_assert_cmpint (truncate (path, 64 * 1024 * 1024), ==, 0);
  assert_read (path, 64 * 1024 * 1024);
  g_assert_cmpint (truncate (path, 64 * 1024 * 1024 + 1), ==, 0);
  assert_read (path, -1);
  bytes[40] = 'x';
  write_file (path, bytes, 44);
  assert_read (path, -1);
  /* What is no file, and what would be waited for. */
  assert_read (dir, -1);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_read (fifo, -1);
  assert_read ("/nonexistent", -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/wanted", test_wanted);
  g_test_add_func ("/firmware/find", test_find);
  g_test_add_func ("/firmware/precedence", test_precedence);
  g_test_add_func ("/firmware/named", test_named);
  g_test_add_func ("/firmware/variables", test_variables);
  return g_test_run ();
}
