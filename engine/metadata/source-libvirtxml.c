/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The source "libvirtxml": GUEST is a file with a libvirt domain document.
 */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "metadata/libvirt.h"
#include "metadata/source.h"

extern const V2vSource v2v_source_libvirtxml;

/* Accepts a file whose name ends in .xml or whose first character other than white space is
 * '<'. */
static gboolean
libvirtxml_fits (const char *guest)
{
  char start[64];
  struct stat st;
  gboolean fits = FALSE;
  ssize_t got;
  int fd = open (guest, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

  if (fd == -1)
    return FALSE;
  if (fstat (fd, &st) == 0 && S_ISREG (st.st_mode)) {
    if (g_str_has_suffix (guest, ".xml")) {
      fits = TRUE;
    } else if (!g_str_has_suffix (guest, ".ovf")) {
      got = read (fd, start, sizeof start);
      for (ssize_t i = 0; i < got; i++)
        if (!g_ascii_isspace (start[i])) {
          fits = start[i] == '<';
          break;
        }
    }
  }
  close (fd);
  return fits;
}

static gboolean
libvirtxml_ready (const V2vOptionValues *options G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

static xmlDoc *
libvirtxml_read (const char *guest, const V2vOptionValues *options,
                 const char *work_dir G_GNUC_UNUSED, GError **error)
{
  const char *uri = v2v_option_get (options, "connect");
  xmlDoc *doc;

  if (strcmp (guest, "-") == 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "GUEST is '-', but the source libvirtxml reads a file, since disks are named "
                 "relative to it: write the document to a file and name that");
    return NULL;
  }
  doc = v2v_xml_read_file (guest, error);
  if (doc && uri && v2v_libvirt_has_volumes (doc)) {
    g_autoptr (V2vLibvirt) libvirt = v2v_libvirt_open (uri, FALSE, error);

    if (!libvirt || !v2v_libvirt_resolve_volumes (libvirt, doc, guest, error))
      g_clear_pointer (&doc, xmlFreeDoc);
  }
  return doc;
}

static const V2vOptionDef libvirtxml_options[] = {
    {"connect", "URI", "URI of the libvirt that has the storage pools of the domain's volumes",
     FALSE},
    {NULL},
};

const V2vSource v2v_source_libvirtxml = {
    .name = "libvirtxml",
    .help = "a file with a libvirt domain document",
    .options = libvirtxml_options,
    .fits = libvirtxml_fits,
    .ready = libvirtxml_ready,
    .read = libvirtxml_read,
};
