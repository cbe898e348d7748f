/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The output "libvirt" over libvirt's test driver, and what files of outputs have in common.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libvirt/libvirt.h>

#include "base/log.h"
#include "base/tempfile.h"
#include "metadata/domain.h"
#include "metadata/libvirt.h"
#include "output/files.h"
#include "output/output.h"

#include "disk-util.h"

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (xmlDocPtr, xmlFreeDoc, NULL)

/* Connections to it share their guests as long as one is open. */
#define URI "test:///default"
#define UUID "1b5cd8b1-90b5-4a3b-9a3f-0c5d4c4b0001"
/* What the driver begins with. */
#define OTHER_UUID "6695eb01-f6a4-8304-79aa-97f2502e193f"

#define DOMAIN(name, uuid)                                                                     \
  "<domain type='test'><name>" name "</name><uuid>" uuid                                       \
  "</uuid><memory>65536</memory><vcpu>1</vcpu><os><type>hvm</type></os></domain>"

static virConnect *connection;
static const V2vOutput *output;

static xmlDoc *
doc_of (const char *text)
{
  return xmlReadMemory (text, (int)strlen (text), "test.xml", NULL, 0);
}

static V2vOptionValues *
values_of (const char *dir)
{
  V2vOptionValues *values = v2v_option_values_new ();

  v2v_option_values_add (values, "output-connect", URI);
  if (dir)
    v2v_option_values_add (values, "output-dir", dir);
  return values;
}

static gboolean
is_defined (const char *name)
{
  virDomain *domain = virDomainLookupByName (connection, name);

  if (domain)
    virDomainFree (domain);
  return domain != NULL;
}

static void
assert_error (GError *error, V2vExit status, const char *part)
{
  if (error->code != (int)status || !strstr (error->message, part))
    g_error ("%d: %s", error->code, error->message);
  g_error_free (error);
}

static void
test_ready (void)
{
  g_autofree char *dir = test_dir (), *disk = in (dir, "guest-sda");
  g_autoptr (V2vOptionValues) values = values_of (dir), pool = values_of (NULL);
  g_autoptr (V2vOptionValues) both = values_of (dir), wrong = v2v_option_values_new ();
  g_auto (xmlDocPtr) same = doc_of (DOMAIN ("guest", OTHER_UUID));
  g_auto (xmlDocPtr) fresh = doc_of (DOMAIN ("guest", UUID));
  GError *error = NULL;

  g_assert_true (output->ready ("guest", values, &error));
  g_assert_false (output->ready ("test", values, &error));
  assert_error (g_steal_pointer (&error), V2V_EXIT_CANTCREAT, "has a guest test already");
  g_assert_true (output->ready_for ("guest", fresh, NULL, values, &error));
  g_assert_false (output->ready_for ("guest", same, NULL, values, &error));
  assert_error (g_steal_pointer (&error), V2V_EXIT_CANTCREAT, "is that of the guest test");

  /* The pool: by default one that this driver has not got. */
  g_assert_false (output->ready ("guest", pool, &error));
  assert_error (g_steal_pointer (&error), V2V_EXIT_NOINPUT, "no storage pool default");
  v2v_option_values_add (pool, "output-pool", "default-pool");
  g_assert_false (output->ready ("guest", pool, &error));
  assert_error (g_steal_pointer (&error), V2V_EXIT_CANTCREAT, "/default-pool");
  v2v_option_values_add (both, "output-pool", "default-pool");
  g_assert_false (output->ready ("guest", both, &error));
  assert_error (g_steal_pointer (&error), V2V_EXIT_USAGE, "give one of them");

  v2v_option_values_add (wrong, "output-connect", "nonsense:///");
  g_assert_false (output->ready ("guest", wrong, &error));
  assert_error (g_steal_pointer (&error), V2V_EXIT_UNAVAILABLE, "nonsense:///");

  write_file (disk, "", 0);
  g_assert_false (output->ready ("guest", values, &error));
  assert_error (g_steal_pointer (&error), V2V_EXIT_CANTCREAT, "guest-sda exists");
}

static V2vStorageJob *
job_of (const V2vOptionValues *values, const char *dir)
{
  return v2v_storage_job_new (values, "guest", dir, dir);
}

static void
test_create_and_undo (void)
{
  g_autofree char *dir = test_dir (), *result = NULL;
  g_autoptr (V2vOptionValues) values = values_of (dir), plain = v2v_option_values_new ();
  g_autoptr (V2vOptionValues) force = v2v_option_values_new ();
  g_autoptr (V2vStorageJob) job = job_of (values, dir);
  g_auto (xmlDocPtr) doc = doc_of (DOMAIN ("guest", UUID));
  g_autoptr (GError) error = NULL;
  GError *refused = NULL;
  virDomain *domain;

  v2v_option_values_add (force, "force", "");

  g_assert_true (output->prepare (job, doc, &error));
  g_assert_no_error (error);
  g_assert_null (job->domain_path);
  g_assert_false (is_defined ("guest"));
  g_assert_true (output->create (job, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (result, ==, "guest in libvirt at " URI);
  g_assert_true (is_defined ("guest"));
  g_assert_cmpstr (g_hash_table_lookup (job->made_notes, "uuid"), ==, UUID);
  output->abandon (job);
  g_assert_true (is_defined ("guest"));

  /* Later: looked at, refused while it runs, taken back. */
  g_assert_true (output->undo (job->made_notes, plain, TRUE, &error));
  g_assert_true (is_defined ("guest"));
  domain = virDomainLookupByName (connection, "guest");
  g_assert_cmpint (virDomainCreate (domain), ==, 0);
  g_assert_false (output->undo (job->made_notes, force, TRUE, &refused));
  assert_error (g_steal_pointer (&refused), V2V_EXIT_TEMPFAIL, "runs in libvirt");
  g_assert_cmpint (virDomainDestroy (domain), ==, 0);
  virDomainFree (domain);
  g_hash_table_insert (job->made_notes, g_strdup ("sha256"), g_strdup ("other"));
  g_assert_false (output->undo (job->made_notes, plain, TRUE, &refused));
  assert_error (g_steal_pointer (&refused), V2V_EXIT_DATA, "was changed since");
  g_assert_true (output->undo (job->made_notes, force, FALSE, &error));
  g_assert_no_error (error);
  g_assert_false (is_defined ("guest"));
  /* Once more is no error. */
  g_assert_true (output->undo (job->made_notes, plain, TRUE, &error));
  g_hash_table_insert (job->made_notes, g_strdup ("uuid"), g_strdup ("../none"));
  g_assert_false (output->undo (job->made_notes, plain, TRUE, &refused));
  assert_error (g_steal_pointer (&refused), V2V_EXIT_DATA, "a UUID, and not \"../none\"");
  g_hash_table_remove (job->made_notes, "uuid");
  g_assert_false (output->undo (job->made_notes, plain, TRUE, &refused));
  assert_error (g_steal_pointer (&refused), V2V_EXIT_DATA, "the report does not say");
}

/* Nothing that a report names becomes a program, a socket or a file. */
static void
test_hostile_uri (void)
{
  static const char *const plain[] = {"test:///default",
                                      "qemu:///system",
                                      "qemu:///session",
                                      "qemu+unix:///system",
                                      "xen:///",
                                      "lxc:///system",
                                      NULL};
  g_autofree char *dir = test_dir (), *mark = in (dir, "mark"), *program = in (dir, "program");
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\n: >%s\n", mark);
  g_autofree char *ext = g_strdup_printf ("qemu+ext:///system?command=%s", program);
  g_autofree char *remote = g_strdup_printf ("qemu+ext://host/system?command=%s", program);
  g_autofree char *netcat = g_strdup_printf ("qemu+ssh://host/system?netcat=%s", program);
  g_autofree char *file = g_strdup_printf ("test://%s", program);
  const char *const hostile[] = {ext,
                                 remote,
                                 netcat,
                                 file,
                                 "qemu+ssh://host/system",
                                 "qemu+tcp://host/system",
                                 "qemu://host/system",
                                 "qemu:///system?socket=/tmp/s",
                                 "qemu+unix:///system?socket=/tmp/s",
                                 "qemu:///embed?root=/etc",
                                 "qemu:///system#x",
                                 "qemu:///system\n",
                                 "test:///etc/passwd",
                                 "alias",
                                 "",
                                 NULL};
  g_autoptr (GHashTable) notes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (V2vOptionValues) none = v2v_option_values_new (), given = values_of (NULL);
  g_autoptr (V2vOptionValues) force = v2v_option_values_new ();
  GError *refused = NULL;

  write_file (program, script, -1);
  g_assert_cmpint (chmod (program, 0755), ==, 0);
  v2v_option_values_add (force, "force", "");
  g_hash_table_insert (notes, (gpointer) "uuid", (gpointer)UUID);
  for (guint i = 0; plain[i]; i++)
    g_assert_true (v2v_libvirt_uri_is_plain (plain[i]));
  for (guint i = 0; hostile[i]; i++) {
    g_hash_table_insert (notes, (gpointer) "uri", (gpointer)hostile[i]);
    g_assert_false (output->undo (notes, none, TRUE, &refused));
    assert_error (g_steal_pointer (&refused), V2V_EXIT_NOPERM, "by --output-connect");
    g_assert_false (output->undo (notes, force, FALSE, &refused));
    assert_error (g_steal_pointer (&refused), V2V_EXIT_NOPERM, "by --output-connect");
    /* The user's own connection is the one that is made. */
    g_assert_false (output->undo (notes, given, TRUE, &refused));
    assert_error (g_steal_pointer (&refused), V2V_EXIT_DATA, "but the report says");
    g_assert_false (g_file_test (mark, G_FILE_TEST_EXISTS));
  }
  g_hash_table_insert (notes, (gpointer) "uri", (gpointer)URI);
  g_assert_true (output->undo (notes, given, TRUE, &refused));
}

/* The beginning of a firmware volume. */
static const char volume[] = "................................"
                             "........_FVH........";

/* Whatever was made is taken back, NVRAM too, and libvirt's own words are told. */
static void
test_failure (void)
{
  g_autofree char *dir = test_dir (), *nvram = in (dir, "source.fd");
  g_autofree char *text =
      g_strdup_printf ("<domain type='test'><name>guest</name><memory>65536</memory>"
                       "<vcpu>1</vcpu><os><type>hvm</type><nvram>%s</nvram></os></domain>",
                       nvram);
  g_autoptr (V2vOptionValues) values = values_of (dir);
  g_autoptr (V2vStorageJob) job = job_of (values, dir);
  g_auto (xmlDocPtr) doc = doc_of (text);
  g_auto (xmlDocPtr) bad = doc_of ("<domain type='test'><name>guest</name></domain>");
  g_autofree char *result = NULL;
  g_autoptr (GError) error = NULL;
  GError *refused = NULL;

  write_file (nvram, volume, sizeof volume - 1);
  g_assert_true (output->prepare (job, doc, &error));
  g_assert_cmpuint (count_names (dir), ==, 2);
  output->abandon (job);
  g_assert_cmpuint (count_names (dir), ==, 1);

  g_assert_true (output->prepare (job, bad, &error));
  g_assert_false (output->create (job, &result, &refused));
  assert_error (g_steal_pointer (&refused), V2V_EXIT_CANTCREAT, "libvirt says: ");
  output->abandon (job);
  g_assert_false (is_defined ("guest"));
  g_assert_cmpuint (v2v_temp_list ()->len, ==, 0);
}

/* ---- a kernel from outside ---- */

static void
test_given (void)
{
  const V2vOutput *local = v2v_output_find ("local");
  g_autofree char *dir = test_dir (), *kernel = in (dir, "source-kernel");
  g_autofree char *copy = in (dir, "guest-kernel"), *xml = in (dir, "guest.xml");
  g_autofree char *text = g_strdup_printf (
      "<domain><os><type>hvm</type><kernel xmlns:g='urn:v2v-engine:slot' g:name='kernel'>%s"
      "</kernel><cmdline>ro</cmdline></os></domain>",
      kernel);
  g_autofree char *result = NULL, *content = NULL, *written = NULL;
  g_autoptr (V2vOptionValues) values = values_of (dir);
  g_autoptr (V2vStorageJob) job = job_of (values, dir);
  g_auto (xmlDocPtr) doc = doc_of (text);
  g_autoptr (GError) error = NULL;

  write_file (kernel, "a kernel", 8);
  g_assert_true (local->prepare (job, doc, &error));
  g_assert_true (local->create (job, &result, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (copy, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "a kernel");
  g_assert_true (g_file_get_contents (xml, &written, NULL, NULL));
  g_assert_nonnull (strstr (written, copy));
  g_assert_null (strstr (written, "urn:v2v-engine"));
  g_assert_cmpuint (job->made->len, ==, 1);
  g_assert_cmpstr (job->made->pdata[0], ==, copy);
}

/* ---- NVRAM ---- */

static void
test_nvram (void)
{
  const V2vOutput *local = v2v_output_find ("local");
  g_autofree char *dir = test_dir (), *nvram = in (dir, "source.fd");
  g_autofree char *copy = in (dir, "guest-nvram.fd"), *xml = in (dir, "guest.xml");
  g_autofree char *text =
      g_strdup_printf ("<domain><os><nvram template='/t'> %s </nvram></os></domain>", nvram);
  g_autofree char *result = NULL, *content = NULL, *written = NULL;
  g_autoptr (V2vOptionValues) values = values_of (dir);
  g_autoptr (V2vStorageJob) job = job_of (values, dir);
  g_auto (xmlDocPtr) doc = doc_of (text);
  g_auto (xmlDocPtr) missing = NULL;
  g_autoptr (GError) error = NULL;
  GError *refused = NULL;

  /* A document may name any file of the host. */
  write_file (nvram, "root:secret", 11);
  g_assert_false (local->prepare (job, doc, &refused));
  assert_error (g_steal_pointer (&refused), V2V_EXIT_DATA, "holds no variables of UEFI");
  local->abandon (job);
  g_assert_cmpuint (count_names (dir), ==, 1);

  /* Nor where the disks, and so the file, stay in their place. */
  g_assert_false (v2v_files_check_nvram (doc, &refused));
  assert_error (g_steal_pointer (&refused), V2V_EXIT_DATA, "holds no variables of UEFI");

  write_file (nvram, volume, sizeof volume - 1);
  g_assert_true (v2v_files_check_nvram (doc, &error));
  g_assert_true (local->prepare (job, doc, &error));
  g_assert_true (local->create (job, &result, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (copy, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, volume);
  g_assert_true (g_file_get_contents (xml, &written, NULL, NULL));
  g_assert_nonnull (strstr (written, copy));
  g_assert_null (strstr (written, nvram));
  g_assert_cmpuint (job->made->len, ==, 1);
  g_assert_cmpstr (job->made->pdata[0], ==, copy);

  /* One that is not there: the guest begins anew. */
  remove (copy);
  remove (xml);
  remove (nvram);
  missing = doc_of (text);
  g_clear_pointer (&result, g_free);
  g_assert_true (local->prepare (job, missing, &error));
  g_assert_true (local->create (job, &result, &error));
  g_clear_pointer (&written, g_free);
  g_assert_true (g_file_get_contents (xml, &written, NULL, NULL));
  g_assert_null (strstr (written, "nvram"));
  g_assert_cmpuint (v2v_log_warnings ()->len, ==, 1);
}

int
main (int argc, char **argv)
{
  int status;

  setvbuf (stdout, NULL, _IOLBF, 0);
  g_test_init (&argc, &argv, NULL);
  v2v_log_setup (V2V_QUIET, -1);
  output = v2v_output_find ("libvirt");
  connection = virConnectOpen (URI);
  g_assert_nonnull (connection);
  g_test_add_func ("/output-libvirt/ready", test_ready);
  g_test_add_func ("/output-libvirt/create-and-undo", test_create_and_undo);
  g_test_add_func ("/output-libvirt/hostile-uri", test_hostile_uri);
  g_test_add_func ("/output-libvirt/failure", test_failure);
  g_test_add_func ("/output-libvirt/given", test_given);
  g_test_add_func ("/output-libvirt/nvram", test_nvram);
  status = g_test_run ();
  virConnectClose (connection);
  return status;
}
