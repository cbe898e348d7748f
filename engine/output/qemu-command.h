/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a domain document for KVM to the command line of qemu. What a domain means to qemu
 * stands in xslt/qemu-command.xsl; here its result becomes arguments, so that no value of the
 * document can be taken for anything but a value.
 */
#pragma once

#include <libxml/tree.h>

#include "base/options.h"

/* Another image in the place of a disk's. Its backing files are those that the image records.
 */
typedef struct {
  const char *target; /* the disk: its target/@dev */
  const char *path;
  const char *format;
} V2vQemuDisk;

/* What the document leaves open, and what is to be otherwise. NULL and FALSE: see each. */
typedef struct {
  const char *accel;   /* "kvm" or "tcg" (NULL: tcg) */
  GPtrArray *disks;    /* V2vQemuDisk; NULL: all are the document's */
  gboolean no_media;   /* CD-ROMs and floppies are empty; so are those whose file is missing */
  const char *network; /* "user" (NULL), "isolated" (sees no host and no network), "none" (not
                          connected) */
  GPtrArray *bridges;  /* char *: interfaces whose source is one of these are connected to the
                          bridge of this name (qemu's helper does it) */
  const char *serial;  /* "stdio", the path of a file, or NULL: nobody listens; the first serial
                          port, made if there is none */
  /* files, where the machine has ports for them: what the firmware says, and what comes through a
   * last serial port; NULL: there are no such ports */
  const char *firmware_log, *mark;
  gboolean no_display; /* a screen, but nowhere shown */
  guint64 memory_kib;  /* 0: the document's */
  guint cpus;          /* 0: the document's */
  const char *code;    /* image of the firmware; NULL: the document's, or the host's */
  const char *vars;    /* its variables, writable; NULL: the document's, which may be none */
  const char *tpm;     /* socket of a TPM emulator; NULL: the guest gets none */
  /* directory for sockets of channels and of the screen, which only one user can open; NULL:
   * nobody listens or looks */
  const char *sockets;
} V2vQemuUse;

/* The stylesheet of v2v_qemu_command, in xslt/. */
#define V2V_QEMU_STYLESHEET "qemu-command.xsl"
/* The file NAME in SUBDIR of the first of the rule directories that OPTIONS (with --rules-dir; may be NULL)
 * choose. NULL: none has it (69). To be freed with g_free. */
char *v2v_output_file (const V2vOptionValues *options, const char *subdir, const char *name,
                       GError **error);

/* The arguments (char *), the program's name (qemu-system-ARCH) first, without NULL at the end.
 * STYLESHEET is the file of v2v_output_file. */
GPtrArray *v2v_qemu_command (const char *stylesheet, xmlDoc *domain, const V2vQemuUse *use,
                             GError **error);
