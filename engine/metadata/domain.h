/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The libvirt domain document: read with limits, examined, and asked for facts.
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

/* To be called before anything else of libxml2: from then on, it and what builds on it get at most
 * 1 GiB at a time. Within a guard (base/guard.h), asking for more ends the process. */
void v2v_xml_bound_memory (void);

/* Errors name file, line and column, and what the parser expected. NAME stands for the file. To
 * be freed with xmlFreeDoc. */
xmlDoc *v2v_xml_read_file (const char *path, GError **error);
xmlDoc *v2v_xml_read_memory (const char *name, const char *text, gsize length, GError **error);
/* The same for documents whose readers look at names without their prefixes: these may be
 * undeclared, and then are taken away. */
xmlDoc *v2v_xml_read_loosely (const char *name, const char *text, gsize length, GError **error);

/* Brings a document that was just read into the form that everything else counts on: memory in
 * KiB, <vcpu> present, every disk with its type, files named absolutely. What no domain can
 * have is refused with its place. FILE is for messages and relative paths. */
gboolean v2v_domain_normalize (xmlDoc *doc, const char *file, GError **error);

/* PATH, which the document FILE names, absolute. To be freed with g_free. */
char *v2v_domain_path (const char *path, const char *file);

/* TEXT, a number in UNIT, as KiB rounded up. FALSE: no such number or unit, or more memory than
 * any guest has. */
gboolean v2v_domain_memory (const char *text, const char *unit, guint64 *kib_r);
#define V2V_CPUS_MAX 8192
/* Has TEXT a character that no XML document can hold? */
gboolean v2v_domain_unwritable (const char *text);

/* A fixed disk of the domain. */
typedef struct {
  char *target;   /* "xvda" */
  char *bus;      /* "xen", "ide", ... or NULL */
  char *path;     /* absolute; relative ones are taken as beside the document */
  char *format;   /* the driver's type; "raw" if none is given (Xen's "aio" is raw) */
  V2vSlice slice; /* of the file, that is the disk: one that lies inside of an archive */
  gboolean read_only;
  GPtrArray *backing; /* char *: absolute files that the domain's backingStore elements name */
  xmlNode *node;
} V2vDomainDisk;

/* Checks that DOC is a domain with a name and at least one fixed disk, each a local file or
 * block device, and returns its fixed disks (device 'disk' or none). FILE is for messages and
 * relative paths. */
GPtrArray *v2v_domain_disks (xmlDoc *doc, const char *file, GError **error);
char *v2v_domain_name (xmlDoc *doc);

/* Adds the facts of every kind whose origin is ORIGIN (domain or inspection) and marks them
 * known. */
gboolean v2v_facts_from_document (V2vStore *store, V2vOrigin origin, xmlDoc *doc,
                                  GError **error);
/* Adds a fact for every device that libosinfo says the system OSINFO_ID (a short id or an
 * identifier) supports; marks them known. The database is loaded once, here. */
gboolean v2v_facts_from_osinfo (V2vStore *store, const char *osinfo_id, GError **error);
/* --with LABEL=FILE: the "with" fact, and "kernel" facts for kernels inside the package, read
 * by libarchive, running nothing. */
gboolean v2v_facts_from_with (V2vStore *store, const char *const *with, GError **error);

/* Applies the stylesheet at PATH to DOC with the parameter "facts"; neither files nor network
 * can be reached. Returns the new document. */
xmlDoc *v2v_xslt_apply (const char *path, xmlDoc *doc, V2vStore *store, GError **error);
/* For V2vScriptChecks.xslt. DATA is ignored. */
gboolean v2v_xslt_check (const char *path, GError **error, gpointer data);

/* The difference of two documents in canonical, indented form, as a unified diff; "" if they
 * are equal. */
char *v2v_xml_diff (xmlDoc *before, xmlDoc *after, const char *before_name,
                    const char *after_name);
gboolean v2v_xml_equal (xmlDoc *a, xmlDoc *b);
/* Indented, with an XML declaration. To be freed with g_free. */
char *v2v_xml_to_string (xmlDoc *doc);
/* Indented, with attributes in order and without what means nothing: documents that mean the
 * same give the same text. */
char *v2v_xml_to_canonical (xmlDoc *doc);
/* An element deeper than V2V_XML_DEPTH, or NULL. Documents that were read have none. */
xmlNode *v2v_xml_too_deep (xmlDoc *doc);
