/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The libvirt domain document: reads it within limits, examines it, and takes facts from it.
 */
#pragma once

#include <libxml/tree.h>

#include "base/error.h"
#include "base/slice.h"
#include "facts/store.h"

/* Limits against hostile XML: no network, no entities (a DOCTYPE is refused), V2V_XML_MAX
 * bytes, V2V_XML_DEPTH levels, 1000 attributes of an element, 20 seconds of processor time. */
#define V2V_XML_MAX (4 * 1024 * 1024)
#define V2V_XML_DEPTH 256

/* Limits libxml2, and the libraries that use it, to 1 GiB of memory. Must be called before any
 * other function of libxml2. Within a guard (base/guard.h), a request for more ends the
 * process. */
void v2v_xml_bound_memory (void);

/* Read a document from a file or from memory. Errors contain file, line and column, and what
 * the parser expected. NAME is the name of the file for messages. To be freed with xmlFreeDoc. */
xmlDoc *v2v_xml_read_file (const char *path, GError **error);
xmlDoc *v2v_xml_read_memory (const char *name, const char *text, gsize length, GError **error);
/* Reads a document as v2v_xml_read_memory does, but accepts undeclared name space prefixes and
 * removes them. For documents whose readers compare names without prefixes. */
xmlDoc *v2v_xml_read_loosely (const char *name, const char *text, gsize length, GError **error);

/* Brings a document that was just read into the form that all other code relies on: memory is
 * in KiB, <vcpu> is present, every disk has a type, all file names are absolute. Values that
 * no domain can have are errors that contain their place. FILE is the document's path, for
 * messages and for resolving relative paths. */
gboolean v2v_domain_normalize (xmlDoc *doc, const char *file, GError **error);

/* The absolute form of PATH, which is relative to the directory of the document FILE. To be
 * freed with g_free. */
char *v2v_domain_path (const char *path, const char *file);

/* Converts TEXT, a number in UNIT, to KiB, rounded up. FALSE if TEXT is not a number, the unit
 * does not exist, or it is more memory than any guest has. */
gboolean v2v_domain_memory (const char *text, const char *unit, guint64 *kib_r);
#define V2V_CPUS_MAX 8192
/* Whether TEXT contains a character that an XML document cannot contain. */
gboolean v2v_domain_unwritable (const char *text);

/* A fixed disk of the domain. */
typedef struct {
  char *target; /* "xvda" */
  char *bus;    /* "xen", "ide", ... or NULL */
  /* absolute; a relative path in the document is relative to the document's directory */
  char *path;
  /* the driver's type; "raw" if the document has none (the older type "aio" also means raw) */
  char *format;
  V2vSlice slice; /* the part of the file that is the disk, where the file is an archive */
  gboolean read_only;
  /* char *: absolute paths of the files that the domain's backingStore elements name */
  GPtrArray *backing;
  xmlNode *node;
} V2vDomainDisk;

/* Checks that DOC is a domain with a name and at least one fixed disk, and that each fixed
 * disk is a local file or block device. Returns the fixed disks (device 'disk' or none). FILE
 * is the document's path, for messages and for resolving relative paths. */
GPtrArray *v2v_domain_disks (xmlDoc *doc, const char *file, GError **error);
char *v2v_domain_name (xmlDoc *doc);

/* Adds the facts of every kind whose origin is ORIGIN (domain or inspection) and marks these
 * kinds as known. */
gboolean v2v_facts_from_document (V2vStore *store, V2vOrigin origin, xmlDoc *doc,
                                  GError **error);
/* Adds a fact for every device that libosinfo lists as supported by the operating system
 * OSINFO_ID (a short id or an identifier), and marks these kinds as known. Loads the database
 * once in a process. */
gboolean v2v_facts_from_osinfo (V2vStore *store, const char *osinfo_id, GError **error);
/* Adds the facts of the packages that --with LABEL=FILE names: a "with" fact for each, and
 * "kernel" facts for the kernels in them. Packages are read by libarchive; no program runs. */
gboolean v2v_facts_from_with (V2vStore *store, const char *const *with, GError **error);

/* Applies the stylesheet at PATH to DOC, with the facts of STORE as the parameter "facts", and
 * returns the new document. The stylesheet can access neither other files nor the network. */
xmlDoc *v2v_xslt_apply (const char *path, xmlDoc *doc, V2vStore *store, GError **error);
/* Checks that the stylesheet at PATH can be used: the callback V2vScriptChecks.xslt. DATA is
 * ignored. */
gboolean v2v_xslt_check (const char *path, GError **error, gpointer data);

/* A unified diff of two documents in canonical, indented form; "" if they are equal. To be
 * freed with g_free. */
char *v2v_xml_diff (xmlDoc *before, xmlDoc *after, const char *before_name,
                    const char *after_name);
gboolean v2v_xml_equal (xmlDoc *a, xmlDoc *b);
/* The text of DOC, indented, with an XML declaration. To be freed with g_free. */
char *v2v_xml_to_string (xmlDoc *doc);
/* The text of DOC in a canonical form: indented, with sorted attributes, without insignificant
 * white space. Documents with the same meaning have the same text. To be freed with g_free. */
char *v2v_xml_to_canonical (xmlDoc *doc);
/* An element that is nested deeper than V2V_XML_DEPTH, or NULL. Documents that were read have
 * none, but a stylesheet can create one. */
xmlNode *v2v_xml_too_deep (xmlDoc *doc);
