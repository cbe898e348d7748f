/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Normalizes domain documents: fills in what they leave out, and writes in one way what they
 * may write in several. Values that no domain can have are errors that contain their place.
 *
 * In the result, memory is in KiB, the number of processors is present, every disk has a type,
 * and file names are absolute, so facts, stylesheets and outputs see the same form whichever
 * source the document comes from.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "metadata/domain.h"
#include "metadata/elsewhere.h"
#include "metadata/source.h"
#include "metadata/element.h"

#define KIB ((guint64)1024)
/* No guest has more memory, so a larger number is a mistake. */
#define MEMORY_MAX_KIB ((guint64)1 << 40)
#define MEMORY_DEFAULT_KIB (2048 * KIB)
/* More disks than any bus has places for. */
#define DISKS_MAX 1024
/* The largest number of nested backingStore elements. The backing chain in the images
 * themselves has a limit elsewhere. */
#define BACKING_MAX 64

typedef struct {
  const char *file;
  xmlNode *root;
} Domain;

/* ---- small helpers for the XML document ---- */

static gboolean
is_element (const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE && strcmp ((const char *)node->name, name) == 0;
}

/* The attribute's value, which may be empty; NULL if the attribute does not exist. To be freed
 * with g_free. */
static char *
attribute (xmlNode *node, const char *name)
{
  xmlChar *value = xmlGetNoNsProp (node, (const xmlChar *)name);
  char *copy = value ? g_strstrip (g_strdup ((const char *)value)) : NULL;

  xmlFree (value);
  return copy;
}

/* TEXT, which comes from the document, in a form that is safe to print in a message. */
static char *
shown (const char *text)
{
  return v2v_printable (text, MIN ((gssize)strlen (text), 100), FALSE);
}

/* ---- elements that may occur only once ---- */

static gboolean
check_once (const Domain *domain, const xmlNode *parent, const char *const *names,
            GError **error)
{
  for (; *names; names++) {
    const xmlNode *first = v2v_xml_child (parent, *names);

    for (const xmlNode *other = first ? first->next : NULL; other; other = other->next)
      if (is_element (other, *names)) {
        g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                     "%s:%ld: <%s> occurs twice in <%s>, first in line %ld, and nothing says "
                     "which one is right: remove the other",
                     domain->file, xmlGetLineNo (other), *names, (const char *)parent->name,
                     xmlGetLineNo (first));
        return FALSE;
      }
  }
  return TRUE;
}

static gboolean
check_repeated (const Domain *domain, GError **error)
{
  static const char *const of_domain[] = {"name", "uuid",     "memory", "currentMemory",
                                          "vcpu", "features", "cpu",    "maxMemory",
                                          "os",   "devices",  NULL};
  static const char *const of_os[] = {"type", "loader", "nvram", "firmware", NULL};
  static const char *const of_disk[] = {"source", "target", "driver", "backingStore", NULL};
  const xmlNode *os = v2v_xml_child (domain->root, "os");
  const xmlNode *devices = v2v_xml_child (domain->root, "devices");

  if (!check_once (domain, domain->root, of_domain, error) ||
      (os && !check_once (domain, os, of_os, error)))
    return FALSE;
  for (const xmlNode *disk = devices ? devices->children : NULL; disk; disk = disk->next)
    if (is_element (disk, "disk") && !check_once (domain, disk, of_disk, error))
      return FALSE;
  return TRUE;
}

/* ---- memory and processors ---- */

/* The number of bytes in a UNIT of the domain format; 0 if there is no such unit. */
static guint64
unit_bytes (const char *unit)
{
  static const char letters[] = "kmgtpe";
  const char *letter;
  guint64 base, bytes = 1;

  if (g_ascii_strcasecmp (unit, "b") == 0 || g_ascii_strcasecmp (unit, "byte") == 0 ||
      g_ascii_strcasecmp (unit, "bytes") == 0)
    return 1;
  letter = *unit ? strchr (letters, g_ascii_tolower (*unit)) : NULL;
  if (!letter)
    return 0;
  if (unit[1] == '\0' || g_ascii_strcasecmp (unit + 1, "ib") == 0)
    base = 1024;
  else if (g_ascii_strcasecmp (unit + 1, "b") == 0)
    base = 1000;
  else
    return 0;
  for (; letter >= letters; letter--)
    bytes *= base;
  return bytes;
}

gboolean
v2v_domain_memory (const char *text, const char *unit, guint64 *kib_r)
{
  guint64 number, scale = unit_bytes (unit);

  if (scale == 0 || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &number, NULL) ||
      number > MEMORY_MAX_KIB * KIB / scale)
    return FALSE;
  *kib_r = (number * scale + KIB - 1) / KIB;
  return TRUE;
}

gboolean
v2v_domain_unwritable (const char *text)
{
  for (; *text; text++)
    if ((guchar)*text < ' ' && *text != '\t' && *text != '\n')
      return TRUE;
  return FALSE;
}

/* Converts TEXT in UNIT (NULL: KiB), both from the element NODE, to KiB, rounded up. */
static gboolean
read_kib (const Domain *domain, const xmlNode *node, const char *text, const char *unit,
          guint64 *kib_r, GError **error)
{
  g_autofree char *printable = shown (text);

  if (!unit)
    unit = "KiB";
  if (unit_bytes (unit) == 0) {
    g_autofree char *printable_unit = shown (unit);

    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: <%s> has the unit '%s', expected bytes, KB, KiB, MB, MiB, GB, GiB, "
                 "TB or TiB",
                 domain->file, xmlGetLineNo (node), (const char *)node->name, printable_unit);
    return FALSE;
  }
  if (*text == '\0' || strspn (text, "0123456789") != strlen (text)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: the memory in <%s> is '%s', expected a whole number, with its unit "
                 "in the attribute 'unit'",
                 domain->file, xmlGetLineNo (node), (const char *)node->name, printable);
    return FALSE;
  }
  if (!v2v_domain_memory (text, unit, kib_r)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: the memory in <%s> is '%s' %s, but no guest has more than %d TiB: "
                 "correct the number or its unit",
                 domain->file, xmlGetLineNo (node), (const char *)node->name, printable, unit,
                 (int)(MEMORY_MAX_KIB / KIB / KIB / KIB));
    return FALSE;
  }
  return TRUE;
}

/* Reads the amount of memory in the element NODE; 0 if NODE is NULL. */
static gboolean
read_memory (const Domain *domain, xmlNode *node, guint64 *kib_r, GError **error)
{
  g_autofree char *text = node ? v2v_xml_text (node) : NULL;
  g_autofree char *unit = node ? attribute (node, "unit") : NULL;

  *kib_r = 0;
  return !node || read_kib (domain, node, text, unit, kib_r, error);
}

/* Adds up the memory of the cells of <numa>. */
static gboolean
read_cells (const Domain *domain, guint64 *kib_r, GError **error)
{
  const xmlNode *numa = v2v_xml_child (v2v_xml_child (domain->root, "cpu"), "numa");

  *kib_r = 0;
  for (xmlNode *cell = numa ? numa->children : NULL; cell; cell = cell->next) {
    g_autofree char *text = NULL;
    g_autofree char *unit = NULL;
    guint64 kib;

    if (!is_element (cell, "cell") || !(text = attribute (cell, "memory")))
      continue;
    unit = attribute (cell, "unit");
    if (!read_kib (domain, cell, text, unit, &kib, error))
      return FALSE;
    *kib_r = MIN (*kib_r + kib, MEMORY_MAX_KIB);
  }
  return TRUE;
}

static void
write_memory (xmlNode *node, guint64 kib)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, kib);

  xmlNodeSetContent (node, (const xmlChar *)text);
  v2v_xml_set (node, "unit", "KiB");
}

/* Adds an element NAME to the domain, at the place where it usually is. */
static xmlNode *
add_element (const Domain *domain, const char *name)
{
  static const char *const before[] = {"currentMemory", "memory", "maxMemory", "description",
                                       "title",         "uuid",   "name",      NULL};
  xmlNode *node = xmlNewDocNode (domain->root->doc, NULL, (const xmlChar *)name, NULL);

  for (int i = 0; before[i]; i++) {
    xmlNode *place = v2v_xml_child (domain->root, before[i]);

    if (place) {
      xmlAddNextSibling (place, node);
      return node;
    }
  }
  xmlAddChild (domain->root, node);
  return node;
}

static gboolean
normalize_memory (const Domain *domain, GError **error)
{
  xmlNode *memory = v2v_xml_child (domain->root, "memory");
  xmlNode *current = v2v_xml_child (domain->root, "currentMemory");
  xmlNode *maximum = v2v_xml_child (domain->root, "maxMemory");
  guint64 kib, current_kib, maximum_kib, cells_kib;

  if (!read_memory (domain, memory, &kib, error) ||
      !read_memory (domain, current, &current_kib, error) ||
      !read_memory (domain, maximum, &maximum_kib, error) ||
      !read_cells (domain, &cells_kib, error))
    return FALSE;
  if (memory && kib == 0 && cells_kib == 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: <memory> is 0: expected how much memory the guest has", domain->file,
                 xmlGetLineNo (memory));
    return FALSE;
  }
  if (kib == 0)
    kib = cells_kib ? cells_kib : current_kib;
  if (kib == 0) {
    kib = MEMORY_DEFAULT_KIB;
    v2v_warn ("%s:%ld: the domain does not say how much memory the guest has, so it gets %d "
              "MiB: add <memory> for another size",
              domain->file, xmlGetLineNo (domain->root), (int)(kib / KIB));
  }
  write_memory (memory ? memory : add_element (domain, "memory"), kib);
  /* As in libvirt, a current memory of 0, or of more than the guest has, means all of it. */
  if (current)
    write_memory (current, current_kib == 0 || current_kib > kib ? kib : current_kib);
  if (maximum)
    write_memory (maximum, maximum_kib);
  return TRUE;
}

static gboolean
check_count (const Domain *domain, const xmlNode *node, const char *what, const char *text,
             guint64 max, GError **error)
{
  g_autofree char *printable = shown (text);
  guint64 number;

  if (g_ascii_string_to_unsigned (text, 10, 1, max, &number, NULL))
    return TRUE;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_DATA,
      "%s:%ld: %s is '%s', expected a number of processors from 1 to %" G_GUINT64_FORMAT,
      domain->file, xmlGetLineNo (node), what, printable, max);
  return FALSE;
}

/* Multiplies the numbers in <topology> of <cpu> to the number of processors; 1 if the domain
 * has no <topology>. */
static gboolean
count_in_sockets (const Domain *domain, guint64 *count_r, GError **error)
{
  static const char *const levels[] = {"sockets", "dies", "clusters", "cores", "threads"};
  xmlNode *topology = v2v_xml_child (v2v_xml_child (domain->root, "cpu"), "topology");

  *count_r = 1;
  for (gsize i = 0; topology && i < G_N_ELEMENTS (levels); i++) {
    g_autofree char *text = attribute (topology, levels[i]);
    g_autofree char *what = g_strdup_printf ("'%s' of <topology>", levels[i]);

    if (!text)
      continue;
    if (!check_count (domain, topology, what, text, V2V_CPUS_MAX, error))
      return FALSE;
    *count_r *= g_ascii_strtoull (text, NULL, 10);
    if (*count_r > V2V_CPUS_MAX) {
      g_set_error (
          error, V2V_ERROR, V2V_EXIT_DATA,
          "%s:%ld: <topology> has more than %d processors, and no <vcpu> says how many the "
          "guest has: add one, or correct <topology>",
          domain->file, xmlGetLineNo (topology), V2V_CPUS_MAX);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
normalize_vcpu (const Domain *domain, GError **error)
{
  xmlNode *vcpu = v2v_xml_child (domain->root, "vcpu");
  g_autofree char *text = vcpu ? v2v_xml_text (vcpu) : NULL;
  g_autofree char *current = vcpu ? attribute (vcpu, "current") : NULL;
  guint64 count;

  if (!vcpu || *text == '\0') {
    g_autofree char *number = NULL;

    if (!count_in_sockets (domain, &count, error))
      return FALSE;
    if (current && !check_count (domain, vcpu, "'current' of <vcpu>", current, count, error))
      return FALSE;
    number = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
    xmlNodeSetContent (vcpu ? vcpu : add_element (domain, "vcpu"), (const xmlChar *)number);
    return TRUE;
  }
  xmlNodeSetContent (vcpu, (const xmlChar *)text);
  return check_count (domain, vcpu, "<vcpu>", text, V2V_CPUS_MAX, error) &&
         (!current || check_count (domain, vcpu, "'current' of <vcpu>", current,
                                   g_ascii_strtoull (text, NULL, 10), error));
}

/* ---- disks ---- */

/* Makes the file name in SOURCE absolute. */
static void
make_absolute (const Domain *domain, xmlNode *source)
{
  static const char *const names[] = {"file", "dev", "dir"};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    xmlChar *path = xmlGetNoNsProp (source, (const xmlChar *)names[i]);

    if (path && *path && *path != '/') {
      g_autofree char *absolute = v2v_domain_path ((const char *)path, domain->file);

      v2v_xml_set (source, names[i], absolute);
    }
    xmlFree (path);
  }
}

/* Sets the type of a disk that has none. libvirt assumes a file then; here the attributes of
 * SOURCE decide. */
static void
set_type (xmlNode *node, xmlNode *source)
{
  if (source && !xmlHasProp (node, (const xmlChar *)"type"))
    v2v_xml_set (node, "type", xmlHasProp (source, (const xmlChar *)"dev") ? "block" : "file");
}

static gboolean
normalize_backing (const Domain *domain, xmlNode *disk, GError **error)
{
  guint depth = 0;

  for (xmlNode *store = v2v_xml_child (disk, "backingStore"); store;
       store = v2v_xml_child (store, "backingStore")) {
    xmlNode *source = v2v_xml_child (store, "source");

    if (++depth > BACKING_MAX) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                   "%s:%ld: a disk has more than %d backing files: flatten it first",
                   domain->file, xmlGetLineNo (store), BACKING_MAX);
      return FALSE;
    }
    if (!source)
      continue;
    set_type (store, source);
    make_absolute (domain, source);
  }
  return TRUE;
}

/* Whether SOURCE names a file, device or other place. */
static gboolean
is_named (xmlNode *source)
{
  static const char *const names[] = {"file", "dev", "dir", "name", "volume", "protocol"};

  for (gsize i = 0; source && i < G_N_ELEMENTS (names); i++) {
    g_autofree char *value = attribute (source, names[i]);

    if (value && *value)
      return TRUE;
  }
  return FALSE;
}

/* Checks that a fixed disk is not elsewhere: the name that a hypervisor gives to a file in its
 * own storage looks like a relative path. */
static gboolean
check_here (const Domain *domain, xmlNode *source, const char *dev, GError **error)
{
  g_autofree char *file = source ? attribute (source, "file") : NULL;
  g_autofree char *path = file ? v2v_domain_path (file, domain->file) : NULL;
  g_autofree char *elsewhere = NULL;
  g_autofree char *printable = NULL;

  if (!file || *file == '/' || g_file_test (path, G_FILE_TEST_EXISTS) ||
      !(elsewhere = v2v_source_elsewhere (file)))
    return TRUE;
  printable = shown (file);
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s:%ld: the source of disk '%s', \"%s\", %s",
               domain->file, xmlGetLineNo (source), dev ? dev : "", printable, elsewhere);
  return FALSE;
}

static gboolean
normalize_disk (const Domain *domain, xmlNode *disk, GError **error)
{
  g_autofree char *device = attribute (disk, "device");
  xmlNode *source = v2v_xml_child (disk, "source");
  xmlNode *target = v2v_xml_child (disk, "target");
  g_autofree char *dev = target ? attribute (target, "dev") : NULL;

  /* This is a CD-ROM drive of the host that the hypervisor chooses when the guest starts. */
  if (g_strcmp0 (device, "lun") == 0 && !is_named (source)) {
    v2v_xml_set (disk, "device", "cdrom");
    v2v_xml_set (disk, "type", "file");
    v2v_warn ("%s:%ld: '%s' passes commands on to a device (device='lun') without naming it, "
              "as CD-ROM drives of the host do: the new guest gets an empty drive",
              domain->file, xmlGetLineNo (disk), dev ? dev : "");
    return TRUE;
  }
  set_type (disk, source);
  /* A LUN is a block device that also passes on SCSI commands. The converted disk is no longer
   * that device, and the guest needs only a disk to start. */
  if (g_strcmp0 (device, "lun") == 0) {
    xmlNode *reservations = v2v_xml_child (source, "reservations");

    if (reservations) {
      xmlUnlinkNode (reservations);
      xmlFreeNode (reservations);
    }
    v2v_xml_set (disk, "device", "disk");
    xmlUnsetProp (disk, (const xmlChar *)"sgio");
    xmlUnsetProp (disk, (const xmlChar *)"rawio");
    v2v_info ("disk '%s' passed commands on to its device (device='lun'); the new guest "
              "gets it as a plain disk",
              dev ? dev : "");
  }
  if (v2v_xml_child (disk, "shareable"))
    v2v_warn ("%s:%ld: disk '%s' is shared with other guests: shut those down too, and "
              "decide which disk they will use after the conversion",
              domain->file, xmlGetLineNo (disk), dev ? dev : "");
  if (g_strcmp0 (device, "cdrom") != 0 && g_strcmp0 (device, "floppy") != 0 &&
      !check_here (domain, source, dev, error))
    return FALSE;
  if (source)
    make_absolute (domain, source);
  return normalize_backing (domain, disk, error);
}

static gboolean
normalize_disks (const Domain *domain, GError **error)
{
  xmlNode *devices = v2v_xml_child (domain->root, "devices");
  guint count = 0;

  for (xmlNode *node = devices ? devices->children : NULL; node; node = node->next) {
    if (!is_element (node, "disk"))
      continue;
    if (++count > DISKS_MAX) {
      g_set_error (
          error, V2V_ERROR, V2V_EXIT_DATA,
          "%s:%ld: the domain has more than %d disks, but no guest has so many: check that "
          "this is the right file",
          domain->file, xmlGetLineNo (node), DISKS_MAX);
      return FALSE;
    }
    if (!normalize_disk (domain, node, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- interfaces ---- */

/* Whether a network card can have the address MAC. 00:00:00:00:00:00 is not an address: QEMU
 * replaces it by the same one in every guest. A multicast address cannot belong to one card,
 * and libvirt refuses it. */
static gboolean
is_address (const char *mac)
{
  return strspn (mac, "0:") != strlen (mac) && !(g_ascii_xdigit_value (mac[1]) & 1);
}

/* TEXT, a hardware address, in the form "xx:xx:xx:xx:xx:xx". In TEXT, numbers may have one
 * digit and be separated by dashes. NULL if it is not an address. */
static char *
plain_address (const char *text)
{
  GString *plain = g_string_new (NULL);

  for (guint i = 0; i < 6; i++) {
    gsize digits = strspn (text, "0123456789abcdefABCDEF");

    if (digits < 1 || digits > 2 || (i < 5 && text[digits] != ':' && text[digits] != '-') ||
        (i == 5 && text[digits] != '\0')) {
      g_string_free (plain, TRUE);
      return NULL;
    }
    g_string_append_printf (plain, "%s%s%.*s", i ? ":" : "", digits == 1 ? "0" : "",
                            (int)digits, text);
    text += digits + 1;
  }
  return g_string_free (plain, FALSE);
}

static void
remove_node (xmlNode *node)
{
  xmlUnlinkNode (node);
  xmlFreeNode (node);
}

/* Resolves a conflict: the interface NODE has the same ADDRESS as an earlier card. If NODE is
 * a device of the host that stood in for that card, it is removed; otherwise it gets a new
 * address. */
static void
part_interface (const Domain *domain, xmlNode *node, const char *address)
{
  xmlNode *mac = v2v_xml_child (node, "mac");

  if (v2v_xml_child (node, "teaming")) {
    v2v_warn (
        "%s:%ld: a network card of the host stood in for the one with the hardware address "
        "%s, and is left out: add one of the new host with virsh edit",
        domain->file, xmlGetLineNo (node), address);
    remove_node (node);
    return;
  }
  v2v_warn ("%s:%ld: two network cards have the hardware address %s: the second gets a new one",
            domain->file, xmlGetLineNo (mac), address);
  remove_node (mac);
}

static gboolean
normalize_interface (const Domain *domain, xmlNode *node, GHashTable *seen, GError **error)
{
  xmlNode *mac = v2v_xml_child (node, "mac");
  g_autofree char *text = mac ? attribute (mac, "address") : NULL;
  g_autofree char *printable = text ? shown (text) : NULL;
  g_autofree char *address = text ? plain_address (text) : NULL;
  char *lower;

  if (!text)
    return TRUE;
  if (!address) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: the hardware address of a network card is '%s', expected an "
                 "address such as 52:54:00:01:02:03: correct it, or remove <mac> for a new "
                 "one",
                 domain->file, xmlGetLineNo (mac), printable);
    return FALSE;
  }
  if (!is_address (address)) {
    v2v_warn ("%s:%ld: no network card can have the hardware address %s: the card gets a new "
              "one",
              domain->file, xmlGetLineNo (mac), printable);
    remove_node (mac);
    return TRUE;
  }
  if (strcmp (address, text) != 0)
    v2v_xml_set (mac, "address", address);
  lower = g_ascii_strdown (address, -1);
  if (!g_hash_table_add (seen, lower))
    part_interface (domain, node, address);
  return TRUE;
}

static gboolean
normalize_interfaces (const Domain *domain, GError **error)
{
  xmlNode *devices = v2v_xml_child (domain->root, "devices");
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  xmlNode *next;

  for (xmlNode *node = devices ? devices->children : NULL; node; node = next) {
    next = node->next;
    if (is_element (node, "interface") && !normalize_interface (domain, node, seen, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- the document ---- */

gboolean
v2v_domain_normalize (xmlDoc *doc, const char *file, GError **error)
{
  Domain domain = {.file = file, .root = xmlDocGetRootElement (doc)};

  if (!domain.root || strcmp ((const char *)domain.root->name, "domain") != 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: the document is <%s>, expected libvirt's <domain>: virsh dumpxml "
                 "GUEST writes one",
                 file, domain.root ? xmlGetLineNo (domain.root) : 1L,
                 domain.root ? (const char *)domain.root->name : "");
    return FALSE;
  }
  if (!check_repeated (&domain, error) || !normalize_memory (&domain, error) ||
      !normalize_vcpu (&domain, error) || !normalize_disks (&domain, error) ||
      !normalize_interfaces (&domain, error))
    return FALSE;
  return TRUE;
}
