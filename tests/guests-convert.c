/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Converts many small guests in one appliance, for tests/convert/phony.t.
 *
 * usage: guests-convert DIR [--rules-dir=DIR ...] GUEST.xml[,OPTION=VALUE ...] ...
 *
 * Each guest is read, examined, planned and converted as "convert" does it, but over
 * an appliance that holds the disks of all. DIR gets, for each guest: NAME.before.tar and
 * NAME.after.tar (the file tree), NAME.facts (what was known of it), NAME.report.json, NAME.again.json (the report of converting
 * it a second time), NAME.domain.xml, NAME.again.xml, or NAME.error (exit status and message).
 * A failure of the second conversion goes to NAME.again.error. Where there is no GUEST.xml, the disk GUEST.img is all
 * that is known of the guest.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/outfile.h"
#include "base/tempfile.h"
#include "convert/report.h"
#include "guest/internal.h"
#include "load/load.h"
#include "storage/storages.h"

#define MOST_STARTS 10

typedef struct {
  char *name;
  char *xml;
  V2vOptionValues *options;
  GHashTable *rule_options;
  V2vJob *job;
  guint first_disk; /* number of its first disk in the appliance */
  GError *error;
} Guest;

static const char *out_dir;
static V2vRuleSet *rules;
static V2vGuest *appliance;

static char *
out_path (const Guest *guest, const char *suffix)
{
  return g_strdup_printf ("%s/%s.%s", out_dir, guest->name, suffix);
}

/* GUEST.xml[,OPTION=VALUE ...] */
static Guest *
guest_new (const char *text)
{
  Guest *guest = g_new0 (Guest, 1);
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  g_autofree char *base = NULL;

  guest->xml = g_strdup (parts[0]);
  base = g_path_get_basename (guest->xml);
  guest->name = g_strndup (base, strlen (base) - strlen (".xml"));
  if (!g_file_test (guest->xml, G_FILE_TEST_EXISTS)) {
    g_autofree char *stem = g_strndup (guest->xml, strlen (guest->xml) - strlen (".xml"));

    g_free (guest->xml);
    guest->xml = g_strconcat (stem, ".img", NULL);
  }
  guest->options = v2v_option_values_new ();
  guest->rule_options = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 1; parts[i]; i++) {
    char *equals = strchr (parts[i], '=');

    if (equals)
      *equals = '\0';
    v2v_option_values_add (guest->options, parts[i], equals ? equals + 1 : "");
    for (guint j = 0; j < rules->options->len; j++) {
      V2vOption *option = rules->options->pdata[j];

      if (g_str_equal (option->name, parts[i]))
        g_hash_table_insert (guest->rule_options, (gpointer)option->name, option);
    }
  }
  return guest;
}

static V2vJob *
job_new (const Guest *guest, const char *xml)
{
  V2vJobSettings settings = {
      .rules = rules,
      .options = guest->options,
      .rule_options = guest->rule_options,
      .source = v2v_source_find (g_str_has_suffix (xml, ".img") ? "disk" : "libvirtxml"),
      .storage = v2v_storage_find ("copy"),
      .output = v2v_output_find ("null"),
      .guest = xml,
  };

  return v2v_job_new (&settings);
}

static gboolean
save_tree (const Guest *guest, const char *suffix, GError **error)
{
  g_autofree char *path = out_path (guest, suffix);

  if (guestfs_tar_out_opts (v2v_guest_handle (appliance), "/", path,
                            GUESTFS_TAR_OUT_OPTS_NUMERICOWNER, 1, GUESTFS_TAR_OUT_OPTS_XATTRS,
                            1, GUESTFS_TAR_OUT_OPTS_SELINUX, 1, -1) == 0)
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_SOFTWARE, "tar_out: %s",
               guestfs_last_error (v2v_guest_handle (appliance)));
  return FALSE;
}

static gboolean
save_report (const Guest *guest, V2vJob *job, const char *suffix, GError **error)
{
  g_autofree char *path = out_path (guest, suffix);
  g_autoptr (V2vOutFile) file = v2v_out_file_open (path, error);

  return file && v2v_report_write (job, NULL, file, error);
}

static gboolean
save_facts (const Guest *guest, V2vJob *job, const char *suffix, GError **error)
{
  g_autofree char *path = out_path (guest, suffix);
  g_autofree char *text = v2v_store_to_text (job->asked->facts);

  return g_file_set_contents (path, text, -1, error);
}

static gboolean
save_domain (const Guest *guest, xmlDoc *domain, const char *suffix, GError **error)
{
  g_autofree char *path = out_path (guest, suffix);
  g_autofree char *text = v2v_xml_to_string (domain);

  return g_file_set_contents (path, text, -1, error);
}

/* Leaves the file systems of the guest before, and turns to those of GUEST. */
static void
enter_guest (const Guest *guest)
{
  guestfs_push_error_handler (v2v_guest_handle (appliance), NULL, NULL);
  guestfs_aug_close (v2v_guest_handle (appliance));
  guestfs_pop_error_handler (v2v_guest_handle (appliance));
  guestfs_umount_all (v2v_guest_handle (appliance));
  v2v_guest_choose_disks (appliance, guest->first_disk, guest->job->read->disks->len);
}

static void
save_error (const Guest *guest, const char *suffix, const GError *error)
{
  g_autofree char *path = out_path (guest, suffix);
  g_autofree char *text =
      g_strdup_printf ("%d\n%s\n", (int)v2v_error_exit (error), error->message);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static gboolean
convert (Guest *guest, GError **error)
{
  enter_guest (guest);
  return v2v_job_look (guest->job, appliance, error) &&
         save_tree (guest, "before.tar", error) && v2v_job_plan (guest->job, error) &&
         save_facts (guest, guest->job, "facts", error) && v2v_job_act (guest->job, error) &&
         save_tree (guest, "after.tar", error) &&
         save_report (guest, guest->job, "report.json", error) &&
         save_domain (guest, guest->job->converted->domain, "domain.xml", error);
}

/* The result once more: the same file tree, and the domain as it is now. */
static gboolean
convert_again (Guest *guest, GError **error)
{
  g_autofree char *converted = out_path (guest, "domain.xml");
  g_autoptr (V2vJob) again = job_new (guest, converted);

  enter_guest (guest);
  return v2v_job_open (again, error) && v2v_job_look (again, appliance, error) &&
         v2v_job_plan (again, error) && v2v_job_act (again, error) &&
         save_report (guest, again, "again.json", error) &&
         save_domain (guest, again->converted->domain, "again.xml", error);
}

/* libguestfs has udev settle before and after each of the programs by which it looks at a
 * partition, which takes longer than they do; the disks here do not change. */
static void
do_not_wait_for_udev (void)
{
  char *const arguments[] = {(char *)"ln -sf /bin/true $(command -v udevadm)", NULL};
  g_autofree char *output = guestfs_debug (v2v_guest_handle (appliance), "sh", arguments);

  g_assert_nonnull (output);
}

/* Does the appliance's kernel call the disks of GUEST what libguestfs calls them? It looks at disks
 * side by side, and now and then names them in another order. */
static gboolean
in_order (const Guest *guest)
{
  for (guint i = 0; i < guest->job->store->disks->len; i++)
    if (g_strcmp0 (appliance->kernel_names->pdata[guest->first_disk + i],
                   appliance->devices[guest->first_disk + i]) != 0)
      return FALSE;
  return TRUE;
}

/* Starts an appliance with the disks of all. What the first guest is tested for depends on what its
 * disks are called there, so another is started while they have other names. */
static void
start_appliance (const GPtrArray *guests)
{
  const Guest *first = guests->pdata[0];
  V2vGuestOptions settings = {0};
  g_autoptr (GError) error = NULL;

  for (guint tries = 0; tries < MOST_STARTS; tries++) {
    if (appliance)
      v2v_guest_free (appliance);
    appliance = v2v_guest_new (&settings, &error);
    g_assert_no_error (error);
    for (guint i = 0; i < guests->len; i++) {
      const Guest *guest = guests->pdata[i];

      for (guint j = 0; !guest->error && j < guest->job->store->disks->len; j++) {
        const V2vStorageDisk *disk = guest->job->store->disks->pdata[j];

        v2v_guest_add_disk (appliance, disk->overlay, "qcow2", FALSE, &error);
        g_assert_no_error (error);
        v2v_guest_show_disk (appliance, disk->disk->path);
      }
    }
    v2v_guest_launch (appliance, &error);
    g_assert_no_error (error);
    if (first->error || in_order (first))
      return;
    fprintf (stderr, "the disks of %s have other names in this appliance\n", first->name);
  }
}

int
main (int argc, char **argv)
{
  static const V2vScriptChecks checks = {.lua = v2v_lua_check, .xslt = v2v_xslt_check};
  g_autoptr (GPtrArray) guests = g_ptr_array_new ();
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (GPtrArray) trees = NULL;
  g_autoptr (GPtrArray) extra = g_ptr_array_new_null_terminated (1, NULL, TRUE);
  guint disks = 0;
  int i = 2;

  g_assert_cmpint (argc, >, 2);
  out_dir = argv[1];
  for (; i < argc && g_str_has_prefix (argv[i], "--rules-dir="); i++)
    g_ptr_array_add (extra, argv[i] + strlen ("--rules-dir="));
  trees = v2v_rule_dirs_default ((const char *const *)extra->pdata);
  rules = v2v_ruleset_load (trees, NULL, FALSE, &checks, diags);
  v2v_diags_print (diags, stderr);
  if (!rules)
    return 1;
  for (; i < argc; i++) {
    Guest *guest = guest_new (argv[i]);

    g_ptr_array_add (guests, guest);
    guest->first_disk = disks;
    guest->job = job_new (guest, guest->xml);
    if (v2v_job_open (guest->job, &guest->error))
      disks += guest->job->store->disks->len;
  }
  start_appliance (guests);
  do_not_wait_for_udev ();
  for (guint j = 0; j < guests->len; j++) {
    Guest *guest = guests->pdata[j];

    fprintf (stderr, "== %s\n", guest->name);
    if (!guest->error && convert (guest, &guest->error)) {
      if (!convert_again (guest, &guest->error))
        save_error (guest, "again.error", guest->error);
    } else {
      save_error (guest, "error", guest->error);
    }
    v2v_job_free (guest->job);
    g_clear_error (&guest->error);
    g_free (guest->name);
    g_free (guest->xml);
    v2v_option_values_free (guest->options);
    g_hash_table_unref (guest->rule_options);
    g_free (guest);
  }
  v2v_guest_free (appliance);
  v2v_ruleset_free (rules);
  return 0;
}
