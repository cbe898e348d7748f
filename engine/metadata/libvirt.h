/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Connections to libvirt: opened, their errors, and what they know of volumes.
 *
 * A connection may hang: it is the supervisor that ends a process that gets nowhere.
 */
#pragma once

#include <libvirt/libvirt.h>
#include <libxml/tree.h>

#include "base/error.h"

typedef struct {
  virConnect *handle;
  char *uri;         /* as it is called now, for messages */
  gboolean readonly; /* not everything may be asked: no secrets */
} V2vLibvirt;

/* Opens URI (NULL: libvirt's own choice). Without WRITE, a connection that may only look will
 * do if no other can be had. */
V2vLibvirt *v2v_libvirt_open (const char *uri, gboolean write, GError **error);
/* Does URI name this host's libvirt, of the system or of the user, and nothing else: no way to
 * it, which may be a program, and no parameters, which may name programs and files? */
gboolean v2v_libvirt_uri_is_plain (const char *uri);
void v2v_libvirt_close (V2vLibvirt *libvirt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vLibvirt, v2v_libvirt_close)

/* Sets ERROR: the text, and why the last call into libvirt failed. */
void v2v_libvirt_set_error (GError **error, V2vExit status, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* Why the last call into libvirt failed, on one line. To be freed with g_free. */
char *v2v_libvirt_why (void);

/* Replaces the volumes that the disks of DOC (and their backingStore elements) name by their
 * files or devices. FILE is for messages. */
gboolean v2v_libvirt_resolve_volumes (V2vLibvirt *libvirt, xmlDoc *doc, const char *file,
                                      GError **error);
/* Does any fixed disk of DOC name a volume? */
gboolean v2v_libvirt_has_volumes (xmlDoc *doc);
