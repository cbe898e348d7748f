/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The output "qemu": a script beside the disks that starts the new guest.
 *
 * The script decides where it runs what no document can know: whether KVM works there. Every
 * value of the guest stands in it between single quotes.
 */
#include "config.h"

#include <string.h>

#include <libxml/xpath.h>

#include "metadata/domain.h"
#include "metadata/tree.h"
#include "output/files.h"
#include "output/firmware.h"
#include "output/output-private.h"
#include "output/qemu-command.h"

/* Stands in an argument for the directory that the script makes for its sockets: a character for
 * private use, which no name needs. */
#define RUN "\xee\x80\x80"

static const V2vOptionDef options[] = {
    {"output-dir", "DIR", "directory of the new guest (default: the current one)", FALSE},
    {NULL},
};

static gboolean
qemu_ready (const char *guest_name, const V2vOptionValues *values, GError **error)
{
  const char *const suffixes[] = {".sh", ".xml", v2v_files_get_disks (values) ? "-sda" : NULL,
                                  NULL};
  g_autofree char *stylesheet = v2v_output_stylesheet (values, V2V_QEMU_STYLESHEET, error);

  return stylesheet && v2v_files_ready (v2v_output_dir (values), guest_name, suffixes, error);
}

static char *
qemu_disk_dir (const V2vOptionValues *values)
{
  return g_canonicalize_filename (v2v_output_dir (values), NULL);
}

/* ---- the script ---- */

static const char head[] =
    "#!/bin/bash\n"
    "# Starts a virtual machine. Its first serial port is this terminal: Ctrl-A X ends qemu,\n"
    "# Ctrl-A C changes to its monitor. Arguments are added to those of qemu.\n"
    "# V2V_ENGINE_ACCEL=kvm or tcg says how it is to run; otherwise that is found out.\n"
    "set -u\n"
    "die() {\n"
    "  printf '%s: %s\\n' \"$0\" \"$1\" >&2\n"
    "  exit 69\n"
    "}\n";

/* A host may have a /dev/kvm that opens, and then hangs: its processor is asked as well. */
static const char accelerator[] =
    "has_kvm() {\n"
    "  [ -r /dev/kvm ] && [ -w /dev/kvm ] || return 1\n"
    "  case $(uname -m) in\n"
    "    x86_64 | i?86)\n"
    "      [ \"$arch\" = x86_64 ] || [ \"$arch\" = i386 ] || return 1\n"
    "      grep -qE '^flags[[:space:]]*:.* (vmx|svm)( |$)' /proc/cpuinfo ;;\n"
    "    \"$arch\") : ;;\n"
    "    *) return 1 ;;\n"
    "  esac\n"
    "}\n"
    "accel=${V2V_ENGINE_ACCEL:-}\n"
    "case $accel in\n"
    "  kvm | tcg) ;;\n"
    "  '') if has_kvm; then accel=kvm; else accel=tcg; fi ;;\n"
    "  *) die \"V2V_ENGINE_ACCEL is '$accel': expected kvm or tcg\" ;;\n"
    "esac\n"
    "command -v \"$program\" >/dev/null ||\n"
    "  die \"$program is not installed: install the package with qemu for this machine\"\n";

static const char variables[] =
    "[ -r \"$code\" ] || die \"the UEFI firmware $code is not on this host: install it\"\n"
    "if [ ! -e \"$vars\" ]; then\n"
    "  (umask 077 && cp --no-preserve=mode -- \"$template\" \"$vars\") ||\n"
    "    die \"cannot make $vars, the firmware's variables\"\n"
    "fi\n";

static const char tpm[] =
    "command -v swtpm >/dev/null ||\n"
    "  die 'the guest needs a TPM, which swtpm emulates: install the package swtpm'\n"
    "(umask 077 && mkdir -p -- \"$tpm\") || die \"cannot make $tpm, the state of the TPM\"\n"
    "(cd -- \"$tpm\" && exec swtpm socket --tpm2 --tpmstate dir=. \\\n"
    "  --ctrl type=unixio,path=\"$run/tpm\" --terminate) </dev/null &\n"
    "for _ in {1..100}; do\n"
    "  [ -S \"$run/tpm\" ] && break\n"
    "  sleep 0.1\n"
    "done\n"
    "[ -S \"$run/tpm\" ] || die 'swtpm did not start'\n";

static const char run_directory[] = "run=$(mktemp -d /tmp/v2v-qemu.XXXXXX) || exit 73\n"
                                    "trap 'rm -rf -- \"$run\"' EXIT\n";

static const char screen[] =
    "printf 'The screen is at %s/vnc, a socket for VNC that only you can open.\\n' \"$run\" >&2\n";

/* Whoever ends the script ends the machine. */
static const char tail[] = "\"$program\" \"${processor[@]}\" \"${machine[@]}\" \"$@\" <&0 &\n"
                           "child=$!\n"
                           "trap 'kill -TERM \"$child\" 2>/dev/null' HUP INT TERM\n"
                           "while :; do\n"
                           "  wait \"$child\"\n"
                           "  status=$?\n"
                           "  kill -0 \"$child\" 2>/dev/null || break\n"
                           "done\n"
                           "exit \"$status\"\n";

/* TEXT as one word of the shell. */
static void
append_quoted (GString *script, const char *text)
{
  g_string_append_c (script, '\'');
  while (*text) {
    if (g_str_has_prefix (text, RUN)) {
      g_string_append (script, "'\"$run\"'");
      text += strlen (RUN);
    } else if (*text == '\'') {
      g_string_append (script, "'\\''");
      text++;
    } else
      g_string_append_c (script, *text++);
  }
  g_string_append_c (script, '\'');
}

static void
append_variable (GString *script, const char *name, const char *value)
{
  g_string_append_printf (script, "%s=", name);
  append_quoted (script, value);
  g_string_append_c (script, '\n');
}

static void
append_array (GString *script, const char *indent, const char *name, const GPtrArray *words,
              guint from, guint to)
{
  g_string_append_printf (script, "%s%s=(\n", indent, name);
  for (guint i = from; i < to; i++) {
    g_string_append_printf (script, "%s  ", indent);
    append_quoted (script, words->pdata[i]);
    g_string_append_c (script, '\n');
  }
  g_string_append_printf (script, "%s)\n", indent);
}

/* What depends on the accelerator is where KVM and TCG differ; the rest is the same. */
static void
append_arguments (GString *script, const GPtrArray *kvm, const GPtrArray *tcg)
{
  guint same = 0; /* at the end */

  while (same < kvm->len - 1 && same < tcg->len - 1 &&
         g_str_equal (kvm->pdata[kvm->len - 1 - same], tcg->pdata[tcg->len - 1 - same]))
    same++;
  g_string_append (script, "if [ \"$accel\" = kvm ]; then\n");
  append_array (script, "  ", "processor", kvm, 1, kvm->len - same);
  g_string_append (script, "else\n");
  append_array (script, "  ", "processor", tcg, 1, tcg->len - same);
  g_string_append (script, "fi\n");
  append_array (script, "", "machine", kvm, kvm->len - same, kvm->len);
}

/* ---- what it is made from ---- */

static char *
beside (const V2vStorageJob *job, const char *suffix)
{
  g_autofree char *name = g_strconcat (job->name, suffix, NULL);

  return g_build_filename (job->output_dir, name, NULL);
}

/* Where the command line connects interfaces to. What is connected elsewhere in the document is
 * only what the source's host had. */
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

static char *
make_script (V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  g_autofree char *stylesheet =
      v2v_output_stylesheet (job->options, V2V_QEMU_STYLESHEET, error);
  g_autofree char *vars = beside (job, "-nvram.fd"), *state = beside (job, "-tpm");
  g_autoptr (GPtrArray) bridges = bridges_of (job->options);
  g_autoptr (GPtrArray) kvm = NULL, tcg = NULL;
  g_autoptr (V2vFirmware) firmware = NULL;
  g_autoptr (GString) script = g_string_new (head);
  gboolean has_tpm =
      v2v_xml_child (v2v_xml_child (xmlDocGetRootElement (domain), "devices"), "tpm") != NULL;
  V2vQemuUse use = {.accel = "kvm", .bridges = bridges, .serial = "stdio", .sockets = RUN};

  if (!stylesheet)
    return NULL;
  if (v2v_firmware_wanted (domain)) {
    firmware = v2v_firmware_find (domain, error);
    if (!firmware)
      return NULL;
    use.code = firmware->code;
    use.vars = vars;
  }
  use.tpm = has_tpm ? RUN "/tpm" : NULL;
  kvm = v2v_qemu_command (stylesheet, domain, &use, error);
  use.accel = "tcg";
  if (!kvm || !(tcg = v2v_qemu_command (stylesheet, domain, &use, error)))
    return NULL;
  append_variable (script, "program", kvm->pdata[0]);
  g_string_append (script, "arch=${program##*-}\n");
  g_string_append (script, accelerator);
  if (firmware) {
    append_variable (script, "code", firmware->code);
    append_variable (script, "vars", vars);
    append_variable (script, "template", firmware->vars ? firmware->vars : "");
    g_string_append (script, variables);
  }
  g_string_append (script, run_directory);
  if (has_tpm) {
    append_variable (script, "tpm", state);
    g_string_append (script, tpm);
  }
  append_arguments (script, kvm, tcg);
  if (v2v_xml_child (v2v_xml_child (xmlDocGetRootElement (domain), "devices"), "graphics"))
    g_string_append (script, screen);
  g_string_append (script, tail);
  return g_string_free (g_steal_pointer (&script), FALSE);
}

/* QEMU gives the cards of every guest the same addresses: each card that has none gets one of
 * its own, from those that libvirt takes too. */
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

const V2vOutput v2v_output_qemu = {
    .name = "qemu",
    .help = "put the disks, and a script that starts the new guest, into a directory",
    .options = options,
    .ready = qemu_ready,
    .disk_dir = qemu_disk_dir,
    .prepare = qemu_prepare,
    .create = qemu_create,
    .abandon = qemu_abandon,
};
