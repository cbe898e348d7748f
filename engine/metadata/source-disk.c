/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The source "disk": GUEST is a disk image or block device, and options describe the machine.
 *
 * The document contains only what the options say. Rules find out the rest from the guest
 * itself.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "metadata/elsewhere.h"
#include "metadata/source.h"

extern const V2vSource v2v_source_disk;

#define MEMORY_DEFAULT_KIB (2048 * 1024)
#define DISKS_MAX 256

/* Accepts any regular file or block device. Other sources recognize documents and archives,
 * and are asked before this one. */
static gboolean
disk_fits (const char *guest)
{
  struct stat st;

  return stat (guest, &st) == 0 && (S_ISREG (st.st_mode) || S_ISBLK (st.st_mode));
}

/* ---- the options ---- */

typedef struct {
  guint64 memory_kib;
  guint64 vcpus;
  const char *firmware;
  const char *arch;
} Machine;

/* "2048" (MiB), "2GiB" */
static gboolean
read_memory (const char *text, guint64 *kib_r, GError **error)
{
  gsize digits = text ? strspn (text, "0123456789") : 0;
  g_autofree char *number_text = text ? g_strndup (text, digits) : NULL;
  const char *unit = text && text[digits] ? text + digits : "MiB";

  *kib_r = MEMORY_DEFAULT_KIB;
  if (!text || (v2v_domain_memory (number_text, unit, kib_r) && *kib_r > 0))
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "--memory %s: expected a size such as 2GiB or 512MiB; a number alone is MiB",
               text);
  return FALSE;
}

static gboolean
is_word (const char *text)
{
  gsize length = strlen (text);

  return length > 0 && length < 32 &&
         strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
             length;
}

static gboolean
read_machine (const V2vOptionValues *options, Machine *machine, GError **error)
{
  const char *vcpus = v2v_option_get (options, "vcpus");

  *machine = (Machine){.vcpus = 1,
                       .firmware = v2v_option_get (options, "firmware"),
                       .arch = v2v_option_get (options, "arch")};
  if (vcpus &&
      !g_ascii_string_to_unsigned (vcpus, 10, 1, V2V_CPUS_MAX, &machine->vcpus, NULL)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--vcpus %s: expected a number of processors from 1 to %d", vcpus,
                 V2V_CPUS_MAX);
    return FALSE;
  }
  if (machine->firmware && strcmp (machine->firmware, "bios") != 0 &&
      strcmp (machine->firmware, "efi") != 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--firmware %s: expected bios or efi",
                 machine->firmware);
    return FALSE;
  }
  if (machine->arch && !is_word (machine->arch)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--arch %s: expected a word of letters, digits, _ and -", machine->arch);
    return FALSE;
  }
  return read_memory (v2v_option_get (options, "memory"), &machine->memory_kib, error);
}

static gboolean
disk_ready (const V2vOptionValues *options, GError **error)
{
  Machine machine;

  return read_machine (options, &machine, error);
}

/* ---- the document ---- */

static xmlNode *
add (xmlNode *parent, const char *name, const char *text)
{
  return xmlNewTextChild (parent, NULL, (const xmlChar *)name, (const xmlChar *)text);
}

static void
set (xmlNode *node, const char *name, const char *value)
{
  xmlSetProp (node, (const xmlChar *)name, (const xmlChar *)value);
}

static void
add_number (xmlNode *parent, const char *name, guint64 number, const char *unit)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, number);
  xmlNode *node = add (parent, name, text);

  if (unit)
    set (node, "unit", unit);
}

/* 0: "sda" ... 25: "sdz", 26: "sdaa" */
static char *
disk_name (guint number)
{
  GString *letters = g_string_new (NULL);

  for (guint rest = number + 1; rest; rest = (rest - 1) / 26)
    g_string_prepend_c (letters, (char)('a' + (rest - 1) % 26));
  g_string_prepend (letters, "sd");
  return g_string_free (letters, FALSE);
}

/* Checks that PATH is not one of the disks given before. SEEN has their struct stat. */
static gboolean
check_new (const char *path, const struct stat *st, GArray *seen, GError **error)
{
  for (guint i = 0; i < seen->len; i++) {
    const struct stat *other = &g_array_index (seen, struct stat, i);

    if (other->st_dev == st->st_dev && other->st_ino == st->st_ino) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                   "the disk %s is given twice: name each disk of the guest once", path);
      return FALSE;
    }
  }
  g_array_append_vals (seen, st, 1);
  return TRUE;
}

static gboolean
add_disk (xmlNode *devices, const char *file, const char *format, GArray *seen, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (file, NULL);
  g_autofree char *name = disk_name (seen->len);
  g_autofree char *elsewhere = v2v_source_elsewhere (file);
  xmlNode *disk, *driver;
  struct stat st;

  if (elsewhere) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "a disk %s", elsewhere);
    return FALSE;
  }
  if (!g_utf8_validate (path, -1, NULL) || v2v_domain_unwritable (path)) {
    g_autofree char *printable = g_strescape (path, NULL);

    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "the disk \"%s\" has a name that an XML document cannot hold: make a link to it "
        "and name that",
        printable);
    return FALSE;
  }
  if (stat (path, &st) < 0) {
    v2v_error_set_errno (error, errno, "cannot find the disk %s", path);
    return FALSE;
  }
  if (!check_new (path, &st, seen, error))
    return FALSE;
  disk = add (devices, "disk", NULL);
  set (disk, "type", S_ISBLK (st.st_mode) ? "block" : "file");
  set (disk, "device", "disk");
  driver = add (disk, "driver", NULL);
  if (format)
    set (driver, "type", format);
  set (add (disk, "source", NULL), S_ISBLK (st.st_mode) ? "dev" : "file", path);
  set (add (disk, "target", NULL), "dev", name);
  return TRUE;
}

/* The base name of FILE without its last extension. */
static char *
name_of (const char *file)
{
  g_autofree char *base = g_path_get_basename (file);
  char *dot = strrchr (base, '.');

  if (dot && dot != base)
    *dot = '\0';
  return g_steal_pointer (&base);
}

static gboolean
add_disks (xmlNode *devices, const char *guest, const V2vOptionValues *options, GError **error)
{
  const char *const *formats = v2v_option_get_all (options, "input-format");
  const char *const *more = v2v_option_get_all (options, "disk");
  g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (struct stat));

  if (!add_disk (devices, guest, *formats, seen, error))
    return FALSE;
  for (; *more; more++) {
    if (*formats && formats[1])
      formats++;
    if (seen->len == DISKS_MAX) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--disk: more than %d disks are given",
                   DISKS_MAX);
      return FALSE;
    }
    if (!add_disk (devices, *more, *formats, seen, error))
      return FALSE;
  }
  return TRUE;
}

static xmlDoc *
disk_read (const char *guest, const V2vOptionValues *options,
           const char *work_dir G_GNUC_UNUSED, GError **error)
{
  const char *name = v2v_option_get (options, "name");
  g_autofree char *own_name = name ? g_strdup (name) : name_of (guest);
  Machine machine;
  xmlDoc *doc;
  xmlNode *domain, *os, *type, *features, *devices, *interface;

  if (!read_machine (options, &machine, error))
    return NULL;
  if (!g_utf8_validate (own_name, -1, NULL) || v2v_domain_unwritable (own_name)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "the name of the disk %s cannot be the name of the guest: give the guest a "
                 "name with --name",
                 guest);
    return NULL;
  }
  doc = xmlNewDoc ((const xmlChar *)"1.0");
  domain = xmlNewDocNode (doc, NULL, (const xmlChar *)"domain", NULL);
  xmlDocSetRootElement (doc, domain);
  add (domain, "name", own_name);
  add_number (domain, "memory", machine.memory_kib, "KiB");
  add_number (domain, "vcpu", machine.vcpus, NULL);
  os = add (domain, "os", NULL);
  if (machine.firmware)
    set (os, "firmware", machine.firmware);
  type = add (os, "type", "hvm");
  if (machine.arch)
    set (type, "arch", machine.arch);
  features = add (domain, "features", NULL);
  add (features, "acpi", NULL);
  devices = add (domain, "devices", NULL);
  if (!add_disks (devices, guest, options, error)) {
    xmlFreeDoc (doc);
    return NULL;
  }
  interface = add (devices, "interface", NULL);
  set (interface, "type", "network");
  set (add (interface, "source", NULL), "network", "default");
  return doc;
}

static const V2vOptionDef disk_options[] = {
    {"disk", "FILE", "a further disk of the guest (repeatable)", TRUE},
    {"input-format", "FORMAT",
     "the format of the disks, or of each in turn (repeatable; default: detected, and then "
     "never raw)",
     TRUE},
    {"name", "NAME", "name of the guest (default: the name of its first disk)", FALSE},
    {"memory", "SIZE", "memory of the guest (default: 2048MiB)", FALSE},
    {"vcpus", "N", "processors of the guest (default: 1)", FALSE},
    {"firmware", "bios|efi",
     "firmware of the guest (default: the one for which its disks "
     "are made)",
     FALSE},
    {"arch", "ARCH", "architecture of the guest (default: that of its operating system)",
     FALSE},
    {NULL},
};

const V2vSource v2v_source_disk = {
    .name = "disk",
    .help = "a disk image or block device; options describe the rest of the machine",
    .options = disk_options,
    .fits = disk_fits,
    .ready = disk_ready,
    .read = disk_read,
    .detect_formats = TRUE,
};
