/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The output "qemu": writes a script beside the disks that starts the new guest.
 *
 * The script comes from templates/start-qemu.sh. When it runs, it finds out whether KVM works
 * on that host, which no document can contain. Every value from the guest is in single quotes.
 */
#include "config.h"

#include <string.h>

#include <libxml/xpath.h>

#include "metadata/domain.h"
#include "metadata/element.h"
#include "output/files.h"
#include "output/firmware.h"
#include "output/output-private.h"
#include "output/qemu-command.h"
#include "output/shell-template.h"

#define TEMPLATE "start-qemu.sh"

static const V2vOptionDef options[] = {
    {"output-dir", "DIR", "directory of the new guest (default: the current one)", FALSE},
    {NULL},
};

static gboolean
qemu_ready (const char *guest_name, const V2vOptionValues *values, GError **error)
{
  const char *const suffixes[] = {".sh", ".xml", v2v_files_get_disks (values) ? "-sda" : NULL,
                                  NULL};
  g_autofree char *template = v2v_output_file (values, "templates", TEMPLATE, error);
  g_autofree char *stylesheet =
      template ? v2v_output_file (values, "xslt", V2V_QEMU_STYLESHEET, error) : NULL;

  return stylesheet && v2v_files_ready (v2v_output_dir (values), guest_name, suffixes, error);
}

static char *
qemu_disk_dir (const V2vOptionValues *values)
{
  return g_canonicalize_filename (v2v_output_dir (values), NULL);
}

/* ---- the script ---- */

static char *
beside (const V2vStorageJob *job, const char *suffix)
{
  g_autofree char *name = g_strconcat (job->name, suffix, NULL);

  return g_build_filename (job->output_dir, name, NULL);
}

/* The bridges to which the command line connects interfaces. Other networks in the document
 * existed only on the source host. */
static GPtrArray *
bridges_of (const V2vOptionValues *values)
{
  static const char *const names[] = {"network", "bridge", "mac"};
  GPtrArray *bridges = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    for (const char *const *value = v2v_option_get_all (values, names[i]); *value; value++) {
      const char *colon = strrchr (*value, ':');

      g_ptr_array_add (bridges, g_strdup (colon ? colon + 1 : *value));
    }
  return bridges;
}

/* A new table of the words for the template, by name. */
static GHashTable *
words_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                (GDestroyNotify)g_ptr_array_unref);
}

/* Sets the word NAME to VALUE, or to nothing if VALUE is NULL. */
static void
add_word (GHashTable *words, const char *name, const char *value)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  if (value)
    g_ptr_array_add (list, g_strdup (value));
  g_hash_table_insert (words, (gpointer)name, list);
}

static void
add_slice (GHashTable *words, const char *name, const GPtrArray *arguments, guint from,
           guint to)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  for (guint i = from; i < to; i++)
    g_ptr_array_add (list, g_strdup (arguments->pdata[i]));
  g_hash_table_insert (words, (gpointer)name, list);
}

/* Splits the command lines for KVM and TCG into the arguments that differ and those that are
 * the same. */
static void
add_arguments (GHashTable *words, const GPtrArray *kvm, const GPtrArray *tcg)
{
  guint same = 0; /* how many arguments at the end are the same */

  while (same < kvm->len - 1 && same < tcg->len - 1 &&
         g_str_equal (kvm->pdata[kvm->len - 1 - same], tcg->pdata[tcg->len - 1 - same]))
    same++;
  add_word (words, "program", kvm->pdata[0]);
  add_slice (words, "kvm", kvm, 1, kvm->len - same);
  add_slice (words, "tcg", tcg, 1, tcg->len - same);
  add_slice (words, "machine", kvm, kvm->len - same, kvm->len);
}

static gboolean
has_device (xmlDoc *domain, const char *name)
{
  return v2v_xml_child (v2v_xml_child (xmlDocGetRootElement (domain), "devices"), name) != NULL;
}

/* The words that the template may use; NULL on error. */
static GHashTable *
make_words (V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  g_autofree char *stylesheet =
      v2v_output_file (job->options, "xslt", V2V_QEMU_STYLESHEET, error);
  g_autofree char *vars = beside (job, "-nvram.fd"), *state = beside (job, "-tpm");
  const gboolean has_tpm = has_device (domain, "tpm");
  g_autoptr (GPtrArray) bridges = bridges_of (job->options);
  g_autoptr (GPtrArray) kvm = NULL, tcg = NULL;
  g_autoptr (V2vFirmware) firmware = NULL;
  g_autoptr (GHashTable) words = words_new ();
  V2vQemuUse use = {.accel = "kvm",
                    .bridges = bridges,
                    .serial = "stdio",
                    .sockets = V2V_SHELL_RUN,
                    .tpm = has_tpm ? V2V_SHELL_RUN "/tpm" : NULL};

  if (!stylesheet)
    return NULL;
  if (v2v_firmware_wanted (domain)) {
    firmware = v2v_firmware_find (domain, error);
    if (!firmware)
      return NULL;
    use.code = firmware->code;
    use.vars = vars;
  }
  kvm = v2v_qemu_command (stylesheet, domain, &use, error);
  use.accel = "tcg";
  if (!kvm || !(tcg = v2v_qemu_command (stylesheet, domain, &use, error)))
    return NULL;
  add_arguments (words, kvm, tcg);
  add_word (words, "code", use.code);
  add_word (words, "vars", use.vars);
  add_word (words, "template", firmware ? firmware->vars : NULL);
  add_word (words, "tpm", has_tpm ? state : NULL);
  add_word (words, "screen", has_device (domain, "graphics") ? "yes" : NULL);
  return g_steal_pointer (&words);
}

static char *
make_script (V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  g_autofree char *template = v2v_output_file (job->options, "templates", TEMPLATE, error);
  g_autofree char *text = NULL;
  g_autoptr (GHashTable) words = NULL;
  char *script;

  if (!template || !g_file_get_contents (template, &text, NULL, error) ||
      !(words = make_words (job, domain, error)))
    return NULL;
  script = v2v_shell_fill (text, words, error);
  if (!script)
    g_prefix_error (error, "%s: ", template);
  return script;
}

/* Gives each network card without a hardware address one of its own, in the range that libvirt
 * uses, too: QEMU would give the cards of every guest the same addresses. */
static void
give_addresses (xmlDoc *domain)
{
  xmlNode *devices = v2v_xml_child (xmlDocGetRootElement (domain), "devices");

  for (xmlNode *node = devices ? devices->children : NULL; node; node = node->next) {
    guint32 random = g_random_int ();
    g_autofree char *address = g_strdup_printf ("52:54:00:%02x:%02x:%02x", random & 0xff,
                                                random >> 8 & 0xff, random >> 16 & 0xff);
    xmlNode *mac;

    if (node->type != XML_ELEMENT_NODE || strcmp ((const char *)node->name, "interface") != 0 ||
        v2v_xml_child (node, "mac"))
      continue;
    mac = xmlNewChild (node, NULL, BAD_CAST "mac", NULL);
    v2v_xml_set (mac, "address", address);
  }
}

static gboolean
qemu_prepare (V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  g_autofree char *script_name = g_strconcat (job->name, ".sh", NULL);
  g_autofree char *domain_name = g_path_get_basename (job->domain_path);
  g_autofree char *script = NULL, *text = NULL;
  V2vFiles *files = job->output_priv = v2v_files_new (job->output_dir, error);

  give_addresses (domain);
  if (!files || !v2v_files_carry (files, job, domain, error) ||
      !(script = make_script (job, domain, error)))
    return FALSE;
  text = v2v_xml_to_string (domain);
  return v2v_files_add (files, domain_name, text, 0600, error) &&
         v2v_files_add (files, script_name, script, 0755, error);
}

static gboolean
qemu_create (V2vStorageJob *job, char **result_r, GError **error)
{
  if (!v2v_files_publish (job->output_priv, job, error))
    return FALSE;
  v2v_files_keep (g_steal_pointer (&job->output_priv));
  *result_r = beside (job, ".sh");
  return TRUE;
}

static void
qemu_abandon (V2vStorageJob *job)
{
  v2v_files_abandon (g_steal_pointer (&job->output_priv));
}

static const char *const storages[] = {"copy", "snapshot", NULL};

const V2vOutput v2v_output_qemu = {
    .name = "qemu",
    .help = "put the disks, and a script that starts the new guest, into a directory",
    .storages = storages,
    .options = options,
    .ready = qemu_ready,
    .disk_dir = qemu_disk_dir,
    .prepare = qemu_prepare,
    .create = qemu_create,
    .abandon = qemu_abandon,
};
