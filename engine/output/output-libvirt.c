/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The output "libvirt": defines the new guest in libvirt, with its disks in a storage pool or
 * a directory.
 *
 * The domain names disks by their paths and not as volumes, since paths work with every driver
 * and without the pool. The pool is refreshed, so that it lists them.
 */
#include "config.h"

#include <string.h>

#include <libvirt/virterror.h>
#include <libxml/uri.h>
#include <libxml/xpath.h>

#include "base/log.h"
#include "metadata/domain.h"
#include "metadata/slot.h"
#include "metadata/libvirt.h"
#include "metadata/element.h"
#include "output/files.h"
#include "output/output-private.h"

#define DEFAULT_POOL "default"

typedef virDomain Domain;
typedef virStoragePool Pool;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Domain, virDomainFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pool, virStoragePoolFree)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (xmlDocPtr, xmlFreeDoc, NULL)

typedef struct {
  V2vLibvirt *libvirt;
  V2vFiles *files; /* the files beside the domain; NULL if there are none */
  char *text;      /* the domain document */
  Domain *defined; /* the domain that create defined, until it is permanent */
} Output;

static const V2vOptionDef options[] = {
    {"output-connect", "URI", "libvirt that gets the new guest (default: libvirt's choice)",
     FALSE},
    {"output-pool", "POOL",
     "storage pool for its disks, of type dir (default: " DEFAULT_POOL ")", FALSE},
    {"output-dir", "DIR", "directory for its disks, instead of a pool", FALSE},
    {NULL},
};

static gboolean
in_place (const V2vOptionValues *values)
{
  return g_strcmp0 (v2v_option_get (values, "storage"), "in-place") == 0;
}

static gboolean
uses_pool (const V2vOptionValues *values)
{
  return !in_place (values) && !v2v_option_is_set (values, "output-dir");
}

static const char *
pool_name (const V2vOptionValues *values)
{
  const char *given = v2v_option_get (values, "output-pool");

  return given ? given : DEFAULT_POOL;
}

/* ---- connection and pool ---- */

/* Refuses a libvirt on another host: disks are written on this host, so it would not find
 * them. */
static gboolean
refuse_remote (const V2vLibvirt *libvirt, GError **error)
{
  char *text = virConnectGetURI (libvirt->handle);
  xmlURI *uri = text ? xmlParseURI (text) : NULL;
  gboolean remote = uri && uri->server && !g_str_equal (uri->server, "localhost") &&
                    !g_str_equal (uri->server, "127.0.0.1");

  if (remote)
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_USAGE,
        "--output-connect %s: this libvirt is on the host %s, but the disks are written "
        "here; run the conversion there, or use --output local and define the guest "
        "there afterwards",
        libvirt->uri, uri->server);
  xmlFreeURI (uri);
  free (text);
  return !remote;
}

static V2vLibvirt *
open_libvirt (const V2vOptionValues *values, GError **error)
{
  g_autoptr (V2vLibvirt) libvirt =
      v2v_libvirt_open (v2v_option_get (values, "output-connect"), TRUE, error);

  return libvirt && refuse_remote (libvirt, error) ? g_steal_pointer (&libvirt) : NULL;
}

static Pool *
find_pool (V2vLibvirt *libvirt, const V2vOptionValues *values, GError **error)
{
  Pool *pool = virStoragePoolLookupByName (libvirt->handle, pool_name (values));

  if (!pool)
    v2v_libvirt_set_error (error, V2V_EXIT_NOINPUT,
                           "libvirt at %s has no storage pool %s: name another by "
                           "--output-pool, or a directory by --output-dir",
                           libvirt->uri, pool_name (values));
  return pool;
}

/* The directory of the storage pool. To be freed with g_free. */
static char *
pool_path (V2vLibvirt *libvirt, const V2vOptionValues *values, GError **error)
{
  g_autoptr (Pool) pool = find_pool (libvirt, values, error);
  g_autofree char *type = NULL, *path = NULL;
  g_auto (xmlDocPtr) doc = NULL;
  char *text;

  if (!pool)
    return NULL;
  if (virStoragePoolIsActive (pool) == 0) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
        "the storage pool %s of libvirt at %s is not active: start it (virsh pool-start "
        "%s)",
        pool_name (values), libvirt->uri, pool_name (values));
    return NULL;
  }
  text = virStoragePoolGetXMLDesc (pool, 0);
  if (!text) {
    v2v_libvirt_set_error (error, V2V_EXIT_IOERR, "cannot read about the storage pool %s",
                           pool_name (values));
    return NULL;
  }
  doc = v2v_xml_read_memory ("storage pool", text, strlen (text), error);
  free (text);
  if (!doc)
    return NULL;
  type = v2v_xml_value (doc, "string(/pool/@type)");
  path = v2v_xml_value (doc, "string(/pool/target/path)");
  if (path && (g_strcmp0 (type, "dir") == 0 || g_strcmp0 (type, "fs") == 0 ||
               g_strcmp0 (type, "netfs") == 0))
    return g_steal_pointer (&path);
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_USAGE,
      "the storage pool %s has the type %s: expected one that is a directory (dir, fs, "
      "netfs); name another by --output-pool, or a directory by --output-dir",
      pool_name (values), type ? type : "none");
  return NULL;
}

/* Never fails, since the next refresh corrects a pool that does not list the new disks yet. */
static void
refresh_pool (V2vLibvirt *libvirt, const V2vOptionValues *values)
{
  g_autoptr (Pool) pool = NULL;

  if (!uses_pool (values))
    return;
  pool = virStoragePoolLookupByName (libvirt->handle, pool_name (values));
  if (!pool || virStoragePoolRefresh (pool, 0) < 0) {
    g_autofree char *why = v2v_libvirt_why ();

    v2v_warn ("the storage pool %s could not be refreshed: %s", pool_name (values), why);
  }
}

/* ---- checks before the conversion starts ---- */

static gboolean
refuse_name (V2vLibvirt *libvirt, const char *name, GError **error)
{
  g_autoptr (Domain) domain = virDomainLookupByName (libvirt->handle, name);

  if (!domain)
    return TRUE;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_CANTCREAT,
      "libvirt at %s has a guest %s already, which is not replaced: undefine it, or give "
      "another NAME",
      libvirt->uri, name);
  return FALSE;
}

static gboolean
refuse_uuid (V2vLibvirt *libvirt, xmlDoc *doc, GError **error)
{
  g_autofree char *uuid = v2v_xml_value (doc, "string(/domain/uuid)");
  g_autoptr (Domain) domain = uuid ? virDomainLookupByUUIDString (libvirt->handle, uuid) : NULL;

  if (!domain)
    return TRUE;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_CANTCREAT,
      "the guest's UUID %s is that of the guest %s in libvirt at %s: undefine that one, "
      "or take <uuid> out of the source's domain document",
      uuid, virDomainGetName (domain), libvirt->uri);
  return FALSE;
}

/* Refuses a domain type that the host cannot run. Otherwise libvirt would refuse it only after
 * the whole conversion. */
static gboolean
refuse_type (V2vLibvirt *libvirt, const char *type, GError **error)
{
  char *text;

  if (!type)
    return TRUE;
  text = virConnectGetDomainCapabilities (libvirt->handle, NULL, NULL, NULL, type, 0);
  if (text || virGetLastErrorCode () == VIR_ERR_NO_SUPPORT) {
    free (text);
    return TRUE;
  }
  v2v_libvirt_set_error (
      error, V2V_EXIT_UNAVAILABLE,
      "libvirt at %s cannot run guests of the type %s; --domain-type can name "
      "another, such as qemu for emulation",
      libvirt->uri, type);
  return FALSE;
}

static gboolean
libvirt_ready (const char *guest_name, const V2vOptionValues *values, GError **error)
{
  const char *const suffixes[] = {v2v_files_get_disks (values) ? "-sda" : NULL, NULL};
  g_autoptr (V2vLibvirt) libvirt = NULL;
  g_autofree char *path = NULL;

  if (v2v_option_is_set (values, "output-pool") && v2v_option_is_set (values, "output-dir")) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_USAGE,
        "--output-pool and --output-dir both say where the disks go: give one of them");
    return FALSE;
  }
  if (!(libvirt = open_libvirt (values, error)) || !refuse_name (libvirt, guest_name, error))
    return FALSE;
  if (in_place (values))
    return TRUE;
  path = uses_pool (values) ? pool_path (libvirt, values, error)
                            : g_strdup (v2v_output_dir (values));
  return path && v2v_files_ready (path, guest_name, suffixes, error);
}

static gboolean
libvirt_ready_for (const char *guest_name G_GNUC_UNUSED, xmlDoc *original, const char *type,
                   const V2vOptionValues *values, GError **error)
{
  g_autoptr (V2vLibvirt) libvirt = open_libvirt (values, error);

  return libvirt && refuse_uuid (libvirt, original, error) &&
         refuse_type (libvirt, type, error);
}

static char *
libvirt_disk_dir (const V2vOptionValues *values)
{
  g_autoptr (V2vLibvirt) libvirt = NULL;

  if (in_place (values))
    return NULL;
  if (!uses_pool (values))
    return g_canonicalize_filename (v2v_output_dir (values), NULL);
  /* V2vOutput.ready has already checked the connection, so errors are ignored. */
  libvirt = open_libvirt (values, NULL);
  return libvirt ? pool_path (libvirt, values, NULL) : NULL;
}

/* ---- creating the guest ---- */

static gboolean
libvirt_prepare (V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  Output *output = g_new0 (Output, 1);

  job->output_priv = output;
  /* libvirt stores the document, so it needs no file. */
  g_clear_pointer (&job->domain_path, g_free);
  if (!(output->libvirt = open_libvirt (job->options, error)) ||
      !refuse_name (output->libvirt, job->name, error) ||
      !refuse_uuid (output->libvirt, domain, error))
    return FALSE;
  if (job->output_dir && (!(output->files = v2v_files_new (job->output_dir, error)) ||
                          !v2v_files_carry (output->files, job, domain, error)))
    return FALSE;
  if (!job->output_dir && v2v_slot_next (domain, NULL)) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_USAGE,
        "the new machine is to start with a kernel from outside, and where the disks stay "
        "in their place there is no directory for it: use --output local");
    return FALSE;
  }
  if (!job->output_dir && !v2v_files_check_nvram (domain, error))
    return FALSE;
  output->text = v2v_xml_to_string (domain);
  return TRUE;
}

static void
output_free (V2vStorageJob *job)
{
  Output *output = g_steal_pointer (&job->output_priv);

  g_clear_pointer (&output->defined, virDomainFree);
  v2v_libvirt_close (output->libvirt);
  g_free (output->text);
  g_free (output);
}

/* A digest by which a later undo recognizes that the definition has changed. */
static char *
digest_of (Domain *domain)
{
  char *text = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);
  char *digest = text ? g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1) : NULL;

  free (text);
  return digest;
}

static void
note (V2vStorageJob *job, const char *name, const char *value)
{
  g_hash_table_insert (job->made_notes, g_strdup (name), g_strdup (value));
}

static gboolean
libvirt_create (V2vStorageJob *job, char **result_r, GError **error)
{
  Output *output = job->output_priv;
  char uuid[VIR_UUID_STRING_BUFLEN];
  g_autofree char *digest = NULL;

  if (output->files && !v2v_files_publish (output->files, job, error))
    return FALSE;
  output->defined = virDomainDefineXML (output->libvirt->handle, output->text);
  if (!output->defined) {
    v2v_libvirt_set_error (
        error, V2V_EXIT_CANTCREAT,
        "libvirt at %s does not take the new guest %s, and all is taken back",
        output->libvirt->uri, job->name);
    return FALSE;
  }
  if (virDomainGetUUIDString (output->defined, uuid) < 0) {
    v2v_libvirt_set_error (error, V2V_EXIT_IOERR, "cannot read the UUID of the new guest %s",
                           job->name);
    return FALSE;
  }
  digest = digest_of (output->defined);
  note (job, "uri", output->libvirt->uri);
  note (job, "uuid", uuid);
  note (job, "name", job->name);
  if (digest)
    note (job, "sha256", digest);
  refresh_pool (output->libvirt, job->options);
  if (output->files)
    v2v_files_keep (g_steal_pointer (&output->files));
  *result_r = g_strdup_printf ("%s in libvirt at %s", job->name, output->libvirt->uri);
  output_free (job);
  return TRUE;
}

static gboolean
undefine (Domain *domain)
{
  /* Not every driver supports the flag for NVRAM, whose file is removed with the other files. */
  return virDomainUndefineFlags (domain, VIR_DOMAIN_UNDEFINE_KEEP_NVRAM) == 0 ||
         virDomainUndefine (domain) == 0;
}

static void
libvirt_abandon (V2vStorageJob *job)
{
  Output *output = job->output_priv;

  if (!output)
    return;
  if (output->defined && !undefine (output->defined)) {
    g_autofree char *why = v2v_libvirt_why ();

    v2v_warn (
        "the guest %s could not be undefined again in libvirt at %s: %s; undefine it: its "
        "disks are gone",
        job->name, output->libvirt->uri, why);
  }
  v2v_files_abandon (g_steal_pointer (&output->files));
  output_free (job);
}

/* ---- undoing a conversion later ---- */

/* Connects to the libvirt that has the guest, which a report says is at URI. A URI with more
 * than a driver and "system" or "session" can run programs and open files, so it is used only
 * if the user gives it, too. */
static V2vLibvirt *
open_again (const char *uri, const V2vOptionValues *options, GError **error)
{
  const char *given = v2v_option_get (options, "output-connect");
  g_autoptr (V2vLibvirt) libvirt = NULL;

  if (!given && !v2v_libvirt_uri_is_plain (uri)) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_NOPERM,
        "the report says that the guest was created by libvirt at %s, and a connection like that "
        "can run programs, so that it is not made for a report: if this is the one that was "
        "given to the conversion, give it to undo too, by --output-connect",
        uri);
    return NULL;
  }
  if (!given)
    return v2v_libvirt_open (uri, TRUE, error);
  if (!(libvirt = open_libvirt (options, error)))
    return NULL;
  if (g_str_equal (libvirt->uri, uri))
    return g_steal_pointer (&libvirt);
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
               "--output-connect %s: this is libvirt at %s, but the report says that the guest "
               "was created by libvirt at %s; nothing was removed",
               given, libvirt->uri, uri);
  return NULL;
}

static gboolean
libvirt_undo (GHashTable *notes, const V2vOptionValues *options, gboolean check, GError **error)
{
  const gboolean force = v2v_option_is_set (options, "force");
  const char *uri = g_hash_table_lookup (notes, "uri");
  const char *uuid = g_hash_table_lookup (notes, "uuid");
  const char *digest = g_hash_table_lookup (notes, "sha256");
  g_autoptr (V2vLibvirt) libvirt = NULL;
  g_autoptr (Domain) domain = NULL;
  g_autofree char *now = NULL;

  if (!uri || !uuid || !g_uuid_string_is_valid (uuid)) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "the report does not say which guest of which libvirt was made: expected \"uri\" "
        "and \"uuid\", a UUID, and not \"%s\"",
        uuid ? uuid : "");
    return FALSE;
  }
  if (!(libvirt = open_again (uri, options, error)))
    return FALSE;
  domain = virDomainLookupByUUIDString (libvirt->handle, uuid);
  if (!domain) {
    if (virGetLastErrorCode () == VIR_ERR_NO_DOMAIN)
      return TRUE;
    v2v_libvirt_set_error (error, V2V_EXIT_IOERR,
                           "cannot look for the guest %s in libvirt at %s", uuid, uri);
    return FALSE;
  }
  if (virDomainIsActive (domain) != 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
                 "the guest %s runs in libvirt at %s: shut it down first",
                 virDomainGetName (domain), uri);
    return FALSE;
  }
  now = digest_of (domain);
  if (!force && digest && g_strcmp0 (now, digest) != 0) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "the guest %s in libvirt at %s was changed since it was made: --force undefines "
        "it all the same",
        virDomainGetName (domain), uri);
    return FALSE;
  }
  if (check || undefine (domain))
    return TRUE;
  v2v_libvirt_set_error (error, V2V_EXIT_IOERR, "cannot undefine the guest %s in libvirt at %s",
                         virDomainGetName (domain), uri);
  return FALSE;
}

static gboolean
libvirt_still (GHashTable *notes, const V2vOptionValues *options)
{
  const char *uuid = g_hash_table_lookup (notes, "uuid");
  const char *digest = g_hash_table_lookup (notes, "sha256");
  g_autoptr (V2vLibvirt) libvirt = open_libvirt (options, NULL);
  g_autoptr (Domain) domain = NULL;
  g_autofree char *now = NULL;

  if (!libvirt || !uuid || !digest || !g_uuid_string_is_valid (uuid) ||
      g_strcmp0 (g_hash_table_lookup (notes, "uri"), libvirt->uri) != 0)
    return FALSE;
  domain = virDomainLookupByUUIDString (libvirt->handle, uuid);
  now = domain ? digest_of (domain) : NULL;
  return g_strcmp0 (now, digest) == 0;
}

static const char *const storages[] = {"copy", "snapshot", "in-place", NULL};

const V2vOutput v2v_output_libvirt = {
    .name = "libvirt",
    .help = "define the new guest in libvirt, its disks in a pool or a directory",
    .storages = storages,
    .options = options,
    .ready = libvirt_ready,
    .ready_for = libvirt_ready_for,
    .disk_dir = libvirt_disk_dir,
    .prepare = libvirt_prepare,
    .create = libvirt_create,
    .abandon = libvirt_abandon,
    .undo = libvirt_undo,
    .still = libvirt_still,
};
