/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The source "libvirt": GUEST is the name or UUID of a domain that libvirt knows.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libvirt/virterror.h>

#include "base/log.h"
#include "metadata/libvirt.h"
#include "metadata/source.h"

extern const V2vSource v2v_source_libvirt;

typedef virDomain Domain;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Domain, virDomainFree)

/* The largest number of domain names that a message lists. */
#define NAMES_MAX 20

/* Accepts a GUEST that neither exists as a file nor looks like the name of one. */
static gboolean
libvirt_fits (const char *guest)
{
  const char *dot = strrchr (guest, '.');

  return *guest && !strchr (guest, '/') && strcmp (guest, "-") != 0 &&
         access (guest, F_OK) != 0 &&
         !(dot && (g_str_equal (dot, ".xml") || g_str_equal (dot, ".vmx") ||
                   g_str_equal (dot, ".ova") || g_str_equal (dot, ".ovf")));
}

static gboolean
libvirt_ready (const V2vOptionValues *options G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

static V2vLibvirt *
open_for (const char *guest, const V2vOptionValues *options, GError **error)
{
  V2vLibvirt *libvirt = v2v_libvirt_open (v2v_option_get (options, "connect"), FALSE, error);

  if (!libvirt)
    g_prefix_error (error,
                    "%s: no file has this name, and libvirt cannot be asked for a domain of "
                    "this name (--connect URI selects another libvirt):  ",
                    guest);
  return libvirt;
}

/* A list of the domains that libvirt knows, for a message: "; it knows: a, b". */
static char *
known_domains (V2vLibvirt *libvirt)
{
  GString *text = g_string_new (NULL);
  virDomain **domains = NULL;
  int count = virConnectListAllDomains (libvirt->handle, &domains, 0);

  for (int i = 0; i < count; i++) {
    const char *name = virDomainGetName (domains[i]);

    if (i < NAMES_MAX) {
      g_autofree char *shown = v2v_printable (name, MIN ((gssize)strlen (name), 100), FALSE);

      g_string_append_printf (text, "%s%s", i ? ", " : "; it knows: ", shown);
    } else if (i == NAMES_MAX) {
      g_string_append (text, " ...");
    }
    virDomainFree (domains[i]);
  }
  free (domains);
  if (count == 0)
    g_string_append (text, "; it knows no domains");
  return g_string_free (text, FALSE);
}

/* The domain whose name or UUID is GUEST. If GUEST is the name of one domain and the UUID of
 * another, it is ambiguous, and an error. */
static virDomain *
find_domain (V2vLibvirt *libvirt, const char *guest, GError **error)
{
  g_autoptr (Domain) named = virDomainLookupByName (libvirt->handle, guest);
  g_autoptr (Domain) by_uuid = NULL;
  g_autofree char *known = NULL;

  if (g_uuid_string_is_valid (guest))
    by_uuid = virDomainLookupByUUIDString (libvirt->handle, guest);
  if (named && by_uuid && strcmp (virDomainGetName (by_uuid), guest) != 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "%s is the name of one domain at %s and the UUID of another, '%s': to "
                 "convert the first, give its UUID; to convert the other, give its name",
                 guest, libvirt->uri, virDomainGetName (by_uuid));
    return NULL;
  }
  if (by_uuid)
    return g_steal_pointer (&by_uuid);
  if (named)
    return g_steal_pointer (&named);
  known = known_domains (libvirt);
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_NOINPUT,
      "there is no file %s, and no domain with this name or UUID at %s%s; --connect URI "
      "asks another libvirt",
      guest, libvirt->uri, known);
  return NULL;
}

/* The document of DOMAIN. For a domain that libvirt has stored, this is the stored document,
 * rather than the current state of a running guest. */
static char *
domain_xml (V2vLibvirt *libvirt, virDomain *domain, GError **error)
{
  unsigned flags = virDomainIsPersistent (domain) == 0 ? 0 : VIR_DOMAIN_XML_INACTIVE;
  char *text = NULL;

  if (!libvirt->readonly) {
    text = virDomainGetXMLDesc (domain, flags | VIR_DOMAIN_XML_SECURE);
    if (!text) {
      g_autofree char *why = v2v_libvirt_why ();

      v2v_debug ("passwords in the domain are left out: %s", why);
    }
  }
  if (!text)
    text = virDomainGetXMLDesc (domain, flags);
  if (!text)
    v2v_libvirt_set_error (error, V2V_EXIT_IOERR,
                           "cannot get the document of the domain '%s' at %s",
                           virDomainGetName (domain), libvirt->uri);
  return text;
}

static xmlDoc *
libvirt_read (const char *guest, const V2vOptionValues *options,
              const char *work_dir G_GNUC_UNUSED, GError **error)
{
  g_autoptr (V2vLibvirt) libvirt = open_for (guest, options, error);
  g_autoptr (Domain) domain = libvirt ? find_domain (libvirt, guest, error) : NULL;
  char *text = domain ? domain_xml (libvirt, domain, error) : NULL;
  xmlDoc *doc = text ? v2v_xml_read_memory (guest, text, strlen (text), error) : NULL;

  free (text);
  if (doc && !v2v_libvirt_resolve_volumes (libvirt, doc, guest, error))
    g_clear_pointer (&doc, xmlFreeDoc);
  return doc;
}

/* Checks that the guest neither runs, when it writes to its disks, nor has a saved memory
 * image, with which it would continue to write where it stopped. */
static gboolean
libvirt_idle (const char *guest, const V2vOptionValues *options, GError **error)
{
  g_autoptr (V2vLibvirt) libvirt = open_for (guest, options, error);
  g_autoptr (Domain) domain = libvirt ? find_domain (libvirt, guest, error) : NULL;
  int active, state = VIR_DOMAIN_NOSTATE;

  if (!domain)
    return FALSE;
  active = virDomainIsActive (domain);
  if (active < 0) {
    v2v_libvirt_set_error (error, V2V_EXIT_IOERR, "cannot find out whether '%s' is running",
                           virDomainGetName (domain));
    return FALSE;
  }
  if (active) {
    virDomainGetState (domain, &state, NULL, 0);
    g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
                 "the guest '%s' at %s %s: shut it down (virsh shutdown) and try again, or "
                 "give --allow-in-use to convert the current content of its disks",
                 virDomainGetName (domain), libvirt->uri,
                 state == VIR_DOMAIN_PAUSED ? "is paused" : "runs");
    return FALSE;
  }
  if (virDomainHasManagedSaveImage (domain, 0) == 1) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
        "the memory of the guest '%s' at %s was saved while it ran, so its disks are not "
        "consistent: start it and shut it down, or discard the saved memory (virsh "
        "managedsave-remove)",
        virDomainGetName (domain), libvirt->uri);
    return FALSE;
  }
  return TRUE;
}

static const V2vOptionDef libvirt_options[] = {
    {"connect", "URI",
     "URI of the libvirt that has the domain (default: libvirt's default "
     "URI)",
     FALSE},
    {NULL},
};

const V2vSource v2v_source_libvirt = {
    .name = "libvirt",
    .help = "a domain that libvirt knows, by name or UUID",
    .options = libvirt_options,
    .fits = libvirt_fits,
    .ready = libvirt_ready,
    .read = libvirt_read,
    .idle = libvirt_idle,
};
