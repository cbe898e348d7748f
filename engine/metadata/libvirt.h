/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Connections to libvirt: opening them, their error messages, and looking up storage volumes.
 *
 * A call to libvirt may hang. No call here has a time limit; the supervisor ends a process
 * that makes no progress.
 */
#pragma once

#include <libvirt/libvirt.h>
#include <libxml/tree.h>

#include "base/error.h"

typedef struct {
  virConnect *handle;
  char *uri;         /* the URI of the open connection, for messages */
  gboolean readonly; /* the connection is read-only, and does not reveal passwords */
} V2vLibvirt;

/* Opens URI (NULL: libvirt's default). Without WRITE, falls back to a read-only connection if
 * a full one is refused. */
V2vLibvirt *v2v_libvirt_open (const char *uri, gboolean write, GError **error);
/* Whether URI is a plain name of a libvirt on this host (of the system or of the user). A URI
 * with a transport, which may be a program, or with parameters, which may name programs and
 * files, is not plain. */
gboolean v2v_libvirt_uri_is_plain (const char *uri);
void v2v_libvirt_close (V2vLibvirt *libvirt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vLibvirt, v2v_libvirt_close)

/* Sets ERROR to the formatted text and the reason why the last call to libvirt failed. */
void v2v_libvirt_set_error (GError **error, V2vExit status, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* The reason why the last call to libvirt failed, on one line. To be freed with g_free. */
char *v2v_libvirt_why (void);

/* Replaces each volume that a disk of DOC or a backingStore element names by its file or
 * device. FILE is the document's path, for messages. */
gboolean v2v_libvirt_resolve_volumes (V2vLibvirt *libvirt, xmlDoc *doc, const char *file,
                                      GError **error);
/* Whether any fixed disk of DOC is a volume of a storage pool. */
gboolean v2v_libvirt_has_volumes (xmlDoc *doc);
