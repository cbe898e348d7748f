/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of the outputs, and of files under temporary names.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/tempfile.h"
#include "convert/written.h"
#include "metadata/element.h"
#include "output/files.h"
#include "output/output.h"
#include "output/shell-template.h"

#include "disk-util.h"
#include "storage/storages.h"

/* ---- temporary files ---- */

static GString *heard;

static void
hear (const char *path, gboolean exists, gpointer data)
{
  g_autofree char *name = g_path_get_basename (path);

  g_assert_true (data == &heard);
  /* It is told before it is made, and after it is gone. */
  g_string_append_printf (heard, "%c%s ", exists ? '+' : '-', *name == '.' ? "temp" : name);
}

static void
test_temp (void)
{
  g_autofree char *path = test_dir ();
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vDir) dir = v2v_dir_open (path, &error);
  g_autofree char *first = NULL, *second = NULL, *temp = NULL, *final = in (path, "final");
  g_autofree char *text = NULL;
  struct stat st;
  int fd;

  g_assert_no_error (error);
  heard = g_string_new (NULL);
  v2v_temp_listen (hear, &heard);
  fd = v2v_temp_create (dir, "final", &first, &error);
  g_assert_cmpint (fd, >=, 0);
  g_assert_true (v2v_write_all (fd, "x", "one", 3, &error));
  close (fd);
  g_assert_cmpint (first[0], ==, '.');
  temp = in (path, first);
  g_assert_cmpint (stat (temp, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 07777, ==, 0600);
  g_assert_cmpuint (v2v_temp_list ()->len, ==, 1);
  g_assert_cmpstr (v2v_temp_list ()->pdata[0], ==, temp);
  g_assert_true (v2v_temp_publish (dir, first, "final", &error));
  g_assert_false (v2v_dir_has (dir, first));
  g_assert_cmpstr (heard->str, ==, "+temp +final -temp ");
  v2v_temp_forget (final);
  g_assert_cmpuint (v2v_temp_list ()->len, ==, 0);

  /* What exists is not replaced, and the temporary file stays. */
  fd = v2v_temp_create (dir, "final", &second, &error);
  close (fd);
  g_assert_false (v2v_temp_publish (dir, second, "final", &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT);
  g_assert_true (v2v_dir_has (dir, second));
  g_clear_error (&error);
  {
    g_autofree char *left = in (path, second);

    v2v_temp_remove (left);
  }
  g_assert_false (v2v_dir_has (dir, second));
  g_assert_true (g_file_get_contents (final, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "one");
  g_clear_pointer (&text, g_free);

  /* Replacing is for files of one's own. */
  g_assert_true (v2v_file_replace (dir, "final", "two", -1, &error));
  g_assert_true (g_file_get_contents (final, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "two");
  g_assert_cmpuint (count_names (path), ==, 1);
  g_assert_cmpuint (v2v_temp_list ()->len, ==, 0);
  v2v_temp_listen (NULL, NULL);
  g_string_free (heard, TRUE);
}

/* The directory that was opened is meant, whatever its name means later. */
static void
test_moved_directory (void)
{
  g_autofree char *path = test_dir ();
  g_autofree char *out = in (path, "out"), *moved = in (path, "moved"),
                  *other = in (path, "other");
  g_autofree char *name = NULL, *temp = NULL;
  g_autoptr (V2vDir) dir = NULL;
  int fd;

  g_assert_cmpint (g_mkdir (out, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (other, 0700), ==, 0);
  dir = v2v_dir_open (out, NULL);
  g_assert_cmpint (rename (out, moved), ==, 0);
  g_assert_cmpint (symlink (other, out), ==, 0);
  fd = v2v_temp_create (dir, "x", &name, NULL);
  g_assert_cmpint (fd, >=, 0);
  close (fd);
  g_assert_cmpuint (count_names (other), ==, 0);
  g_assert_true (v2v_temp_publish (dir, name, "x", NULL));
  g_assert_cmpuint (count_names (other), ==, 0);
  g_assert_cmpuint (count_names (moved), ==, 1);
  temp = v2v_dir_path (dir, "x");
  v2v_temp_forget (temp);
}

/* What is going to be published is known before, and no report goes there. */
static void
test_final (void)
{
  g_autofree char *path = test_dir (), *final = in (path, "guest.sh"), *name = NULL;
  g_autofree char *other = in (path, "guest.s"), *found = NULL, *own = NULL;
  g_autofree char *longest = g_strnfill (220, 'x'), *temp = NULL, *third = NULL;
  g_autoptr (V2vDir) dir = v2v_dir_open (path, NULL);
  g_autoptr (V2vOutFile) written = v2v_out_file_open (final, NULL);
  g_autoptr (V2vOutFile) beside = v2v_out_file_open (other, NULL);
  g_autoptr (GError) error = NULL;
  V2vWritten wanted = {.file = written, .as = "--report x"};
  const V2vJobSettings settings = {.written = &wanted};
  int fd;

  fd = v2v_temp_create (dir, "guest.sh", &name, NULL);
  g_assert_cmpint (fd, >=, 0);
  close (fd);
  temp = v2v_dir_path (dir, name);
  found = v2v_temp_final (temp);
  g_assert_cmpstr (found, ==, final);
  g_assert_null (v2v_temp_final (final));
  g_assert_null (v2v_temp_final ("/x/.0123456789abcdef"));
  g_assert_false (v2v_written_check_results (&settings, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_USAGE);
  g_assert_nonnull (strstr (error->message, "--report x: this is a file of the new guest"));
  g_assert_cmpint (wanted.state, ==, V2V_WRITTEN_NEEDED);
  wanted.file = beside;
  g_assert_true (v2v_written_check_results (&settings, NULL));
  v2v_temp_remove (temp);
  /* A name that was cut does not tell. */
  fd = v2v_temp_create (dir, longest, &third, NULL);
  g_assert_cmpint (fd, >=, 0);
  close (fd);
  own = v2v_dir_path (dir, third);
  g_assert_null (v2v_temp_final (own));
  v2v_temp_remove (own);
}

/* ---- names ---- */

static void
test_names (void)
{
  static const char *const good[] = {"a", "rhel53kvm", "A-b_c.d+e", "0"};
  static const char *const bad[] = {"",    ".",    "..",   ".a",    "-a",  "a/b", "../../x",
                                    "a b", "a\nb", "a\"b", "a\xff", "a;b", "a$b", "ä"};
  g_autofree char *longest = g_strnfill (200, 'a');
  g_autofree char *longer = g_strnfill (201, 'a');

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (v2v_output_name_is_safe (good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (v2v_output_name_is_safe (bad[i]));
  g_assert_true (v2v_output_name_is_safe (longest));
  g_assert_false (v2v_output_name_is_safe (longer));
}

static void
test_list (void)
{
  g_assert_cmpstr (v2v_outputs[0]->name, ==, "local");
  g_assert_true (v2v_output_find ("null") != NULL);
  g_assert_null (v2v_output_find ("nowhere"));
  /* Every output goes with some storage, and names only storages that exist. */
  for (int i = 0; v2v_outputs[i]; i++) {
    g_assert_nonnull (v2v_outputs[i]->storages[0]);
    for (int j = 0; v2v_outputs[i]->storages[j]; j++)
      g_assert_nonnull (v2v_storage_find (v2v_outputs[i]->storages[j]));
  }
  g_assert_true (g_strv_contains (v2v_output_find ("local")->storages, v2v_storages[0]->name));
  g_assert_false (g_strv_contains (v2v_output_find ("null")->storages, "snapshot"));
}

/* ---- local ---- */

static void
not_ready (const V2vOptionValues *options, V2vExit status, const char *part)
{
  const V2vOutput *local = v2v_output_find ("local");
  g_autoptr (GError) error = NULL;

  g_assert_false (local->ready ("guest", options, &error));
  if (error->code != (int)status || !strstr (error->message, part))
    g_error ("%d: %s", error->code, error->message);
}

static void
test_local_ready (void)
{
  const V2vOutput *local = v2v_output_find ("local");
  g_autofree char *path = test_dir ();
  g_autofree char *missing = in (path, "missing"), *file = in (path, "file");
  g_autofree char *xml = in (path, "guest.xml"), *disk = in (path, "guest-sda");
  g_autofree char *here = NULL, *current = g_get_current_dir ();
  g_autoptr (V2vOptionValues) options = v2v_option_values_new ();
  g_autoptr (GError) error = NULL;

  here = local->disk_dir (options);
  g_assert_cmpstr (here, ==, current);
  v2v_option_values_add (options, "output-dir", missing);
  not_ready (options, V2V_EXIT_CANTCREAT, "name a directory that exists");
  write_file (file, "", 0);
  v2v_option_values_add (options, "output-dir", file);
  not_ready (options, V2V_EXIT_CANTCREAT, file);
  v2v_option_values_add (options, "output-dir", path);
  g_assert_true (local->ready ("guest", options, &error));
  g_assert_no_error (error);
  g_assert_cmpint (symlink ("nowhere", disk), ==, 0);
  not_ready (options, V2V_EXIT_CANTCREAT, disk);
  /* In place makes no disks here: one may lie here already, and be what is converted. */
  v2v_option_values_add (options, "storage", "in-place");
  g_assert_true (local->ready ("guest", options, &error));
  v2v_option_values_add (options, "storage", "snapshot");
  not_ready (options, V2V_EXIT_CANTCREAT, disk);
  v2v_option_values_add (options, "snapshot-dir", "/elsewhere");
  g_assert_true (local->ready ("guest", options, &error));
  g_assert_cmpint (symlink ("nowhere", xml), ==, 0);
  not_ready (options, V2V_EXIT_CANTCREAT, xml);
}

static void
test_local_create (void)
{
  const V2vOutput *local = v2v_output_find ("local");
  g_autofree char *path = test_dir ();
  g_autofree char *xml = in (path, "guest.xml"), *text = NULL, *expected = NULL, *result = NULL;
  g_autoptr (V2vOptionValues) options = v2v_option_values_new ();
  V2vStorageJob *job = v2v_storage_job_new (options, "guest", path, path);
  g_autoptr (GError) error = NULL;
  xmlDoc *domain = xmlParseDoc (BAD_CAST "<domain><name>guest</name></domain>");

  g_assert_cmpstr (job->domain_path, ==, xml);
  g_assert_true (local->prepare (job, domain, &error));
  g_assert_false (g_file_test (xml, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_names (path), ==, 1);
  local->abandon (job);
  g_assert_cmpuint (count_names (path), ==, 0);
  local->abandon (job);

  g_assert_true (local->prepare (job, domain, &error));
  g_assert_true (local->create (job, &result, &error));
  g_assert_cmpstr (result, ==, xml);
  expected = v2v_xml_to_string (domain);
  g_assert_true (g_file_get_contents (xml, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpuint (v2v_temp_list ()->len, ==, 0);
  local->abandon (job);
  g_assert_true (g_file_test (xml, G_FILE_TEST_EXISTS));

  /* A second one does not replace it. */
  g_clear_pointer (&result, g_free);
  g_assert_true (local->prepare (job, domain, &error));
  g_assert_false (local->create (job, &result, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT);
  local->abandon (job);
  g_assert_cmpuint (count_names (path), ==, 1);
  v2v_storage_job_free (job);
  xmlFreeDoc (domain);
}

/* ---- qemu ---- */

/* Cards without an address get one each, and another in each guest. */
static void
test_qemu_addresses (void)
{
  const V2vOutput *qemu = v2v_output_find ("qemu");
  g_autofree char *path = test_dir ();
  g_autofree char *first = NULL, *second = NULL;
  g_autoptr (V2vOptionValues) options = v2v_option_values_new ();

  g_setenv ("V2V_ENGINE_DATA_DIR", g_getenv ("V2V_TEST_SRCDIR"), TRUE);
  for (int i = 0; i < 2; i++) {
    V2vStorageJob *job = v2v_storage_job_new (options, "guest", path, path);
    xmlDoc *domain = xmlParseDoc (
        BAD_CAST "<domain type='qemu'><name>guest</name><memory unit='KiB'>1048576</memory>"
                 "<vcpu>1</vcpu><os><type arch='x86_64' machine='q35'>hvm</type></os><devices>"
                 "<interface type='network'><mac address='52:54:00:00:00:01'/>"
                 "<source network='a'/></interface>"
                 "<interface type='network'><source network='a'/></interface>"
                 "<interface type='network'><source network='a'/></interface>"
                 "</devices></domain>");
    g_autoptr (GError) error = NULL;
    g_autofree char *given = NULL;

    qemu->prepare (job, domain, &error);
    g_assert_no_error (error);
    given = v2v_xml_value (domain, "string(/domain/devices/interface[1]/mac/@address)");
    g_assert_cmpstr (given, ==, "52:54:00:00:00:01");
    first = v2v_xml_value (domain, "string(/domain/devices/interface[2]/mac/@address)");
    g_assert_true (g_str_has_prefix (first, "52:54:00:"));
    g_assert_cmpuint (strlen (first), ==, strlen ("52:54:00:00:00:01"));
    g_assert_cmpstr (first, !=, second);
    g_free (second);
    second = v2v_xml_value (domain, "string(/domain/devices/interface[3]/mac/@address)");
    g_assert_cmpstr (first, !=, second);
    g_clear_pointer (&first, g_free);
    qemu->abandon (job);
    v2v_storage_job_free (job);
    xmlFreeDoc (domain);
  }
}

static void
write_program (const char *dir, const char *name, const char *text)
{
  g_autofree char *path = in (dir, name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
}

/* The arguments that DIR/guest.sh starts qemu with, each before a "|", by programs in DIR that
 * are called like qemu and the emulator of TPMs. */
static char *
arguments_of (const char *dir)
{
  g_autofree char *path = g_strconcat (dir, ":", g_getenv ("PATH"), NULL);
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "PATH", path, TRUE);
  g_autofree char *script = in (dir, "guest.sh");
  char *const argv[] = {script, (char *)"added one", NULL};
  g_autoptr (GError) error = NULL;
  char *output;
  int status;

  environment = g_environ_setenv (environment, "V2V_ENGINE_ACCEL", "tcg", TRUE);
  write_program (dir, "qemu-system-x86_64", "#!/bin/bash\nprintf '%s|' \"$@\"\n");
  write_program (dir, "swtpm",
                 "#!/usr/bin/perl\n"
                 "use IO::Socket::UNIX;\n"
                 "my ($path) = map { /^type=unixio,path=(.*)/ ? $1 : () } @ARGV;\n"
                 "IO::Socket::UNIX->new(Local => $path, Listen => 1) or die;\n");
  g_spawn_sync (dir, (char **)argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return output;
}

/* Names that the shell could stumble on, or that look like part of the template, are values. */
static void
test_qemu_hostile (void)
{
  static const char name[] =
      "a'b\"; touch touched; $(touch touched) `touch touched` @vars@ \\ c";
  const V2vOutput *qemu = v2v_output_find ("qemu");
  g_autofree char *top = test_dir (), *path = in (top, "it's $HOME \"@tpm@\"");
  g_autofree char *code = in (path, "code.fd"), *vars = in (path, "guest-nvram.fd");
  g_autofree char *text = NULL, *arguments = NULL, *copied = NULL;
  g_autoptr (V2vOptionValues) options = v2v_option_values_new ();
  g_autoptr (GError) error = NULL;
  V2vStorageJob *job;
  xmlDoc *domain;

  g_setenv ("V2V_ENGINE_DATA_DIR", g_getenv ("V2V_TEST_SRCDIR"), TRUE);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_true (g_file_set_contents (code, "code", -1, NULL));
  job = v2v_storage_job_new (options, "guest", path, path);
  text = g_markup_printf_escaped (
      "<domain type='qemu'><name>%s</name><memory unit='KiB'>1048576</memory><vcpu>1</vcpu>"
      "<os><type arch='x86_64' machine='q35'>hvm</type><loader type='pflash'>%s</loader>"
      "<nvram template='%s'/></os><devices><graphics type='vnc'/><tpm model='tpm-crb'>"
      "<backend type='emulator'/></tpm></devices></domain>",
      name, code, code);
  domain = xmlParseDoc (BAD_CAST text);
  qemu->prepare (job, domain, &error);
  g_assert_no_error (error);
  g_assert_true (v2v_files_publish (job->output_priv, job, &error));
  v2v_files_keep (g_steal_pointer (&job->output_priv));
  arguments = arguments_of (path);
  g_test_message ("%s", arguments);
  g_assert_nonnull (strstr (arguments, name));
  g_assert_nonnull (strstr (arguments, "/it's $HOME \\\"@tpm@\\\"/code.fd")); /* in JSON */
  g_assert_nonnull (strstr (arguments, "-accel|tcg|"));
  g_assert_nonnull (strstr (arguments, "unix:/tmp/v2v-qemu."));
  g_assert_nonnull (strstr (arguments, "path=/tmp/v2v-qemu."));
  g_assert_true (g_str_has_suffix (arguments, "|added one|"));
  g_assert_true (g_file_get_contents (vars, &copied, NULL, NULL));
  g_assert_cmpstr (copied, ==, "code");
  g_assert_false (g_file_test ("touched", G_FILE_TEST_EXISTS));
  g_free (g_steal_pointer (&copied));
  copied = in (path, "touched");
  g_assert_false (g_file_test (copied, G_FILE_TEST_EXISTS));
  v2v_storage_job_free (job);
  xmlFreeDoc (domain);
}

/* ---- templates of scripts ---- */

static void
test_shell_fill (void)
{
  g_autoptr (GHashTable) words =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
  GPtrArray *two = g_ptr_array_new (), *none = g_ptr_array_new ();
  g_autofree char *filled = NULL, *unknown = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (two, (gpointer) "it's\n @none@");
  g_ptr_array_add (two, (gpointer)V2V_SHELL_RUN "/a b");
  g_hash_table_insert (words, (gpointer) "two", two);
  g_hash_table_insert (words, (gpointer) "none", none);
  filled =
      v2v_shell_fill ("a=@none@ b=(@two@) \"$@\" me@x.y\nc=(\n  @two@\n)\n", words, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (filled, ==,
                   "a= b=('it'\\''s\n @none@' ''\"$run\"'/a b') \"$@\" me@x.y\n"
                   "c=(\n  'it'\\''s\n @none@'\n  ''\"$run\"'/a b'\n)\n");
  unknown = v2v_shell_fill ("a=@three@\n", words, &error);
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CONFIG);
  g_assert_nonnull (strstr (error->message, "@three@"));
  g_assert_null (unknown);
}

/* ---- null ---- */

static void
test_null (void)
{
  const V2vOutput *null = v2v_output_find ("null");
  const V2vStorage *copy = v2v_storage_find ("copy");
  g_autofree char *path = test_dir ();
  g_autofree char *image = in (path, "a.img"), *result = NULL;
  g_autoptr (V2vOptionValues) options = v2v_option_values_new ();
  g_autoptr (V2vDomainDisk) disk = disk_new (image, "raw");
  g_autoptr (GError) error = NULL;
  V2vStorageJob *job;

  run ("qemu-img create -q -f raw %s 1M", image);
  g_assert_true (null->ready ("guest", options, &error));
  g_assert_null (null->disk_dir (options));
  job = v2v_storage_job_new (options, "guest", path, NULL);
  g_assert_null (job->domain_path);
  v2v_storage_job_add_disk (job, disk);
  g_assert_true (copy->open (job, &error));
  g_assert_no_error (error);
  g_assert_true (copy->prepare (job, NULL, &error));
  g_assert_true (null->prepare (job, NULL, &error));
  g_assert_true (copy->commit (job, &error));
  g_assert_true (null->create (job, &result, &error));
  copy->finish (job);
  g_assert_cmpuint (count_names (path), ==, 1);
  v2v_storage_job_free (job);
}

int
main (int argc, char **argv)
{
  setvbuf (stdout, NULL, _IOLBF, 0);
  g_test_init (&argc, &argv, NULL);
  v2v_log_setup (V2V_QUIET, -1);
  g_test_add_func ("/output/temp", test_temp);
  g_test_add_func ("/output/moved-directory", test_moved_directory);
  g_test_add_func ("/output/final", test_final);
  g_test_add_func ("/output/names", test_names);
  g_test_add_func ("/output/list", test_list);
  g_test_add_func ("/output/local-ready", test_local_ready);
  g_test_add_func ("/output/local-create", test_local_create);
  g_test_add_func ("/output/qemu-addresses", test_qemu_addresses);
  g_test_add_func ("/output/qemu-hostile", test_qemu_hostile);
  g_test_add_func ("/output/shell-fill", test_shell_fill);
  g_test_add_func ("/output/null", test_null);
  return g_test_run ();
}
