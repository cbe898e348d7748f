/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes the command line of QEMU from a domain document for KVM. xslt/qemu-command.xsl defines
 * what a domain means to QEMU. This code turns its result into arguments, and quotes each
 * value so that QEMU cannot take it for anything else.
 */
#pragma once

#include <libxml/tree.h>

#include "base/options.h"

/* An image that replaces the image of a disk. Its backing files are those that the image
 * itself records. */
typedef struct {
  const char *target; /* target/@dev of the disk */
  const char *path;
  const char *format;
} V2vQemuDisk;

/* What the document does not say, and what replaces its values. Each field says what NULL,
 * FALSE or 0 means. */
typedef struct {
  const char *accel; /* "kvm" or "tcg" (NULL: tcg) */
  GPtrArray *disks;  /* V2vQemuDisk; NULL: all disks are as in the document */
  /* all CD-ROM and floppy drives are empty; drives whose file is missing always are */
  gboolean no_media;
  const char *network; /* "user" (NULL), "isolated" (sees no host and no network), "none" (not
                          connected) */
  GPtrArray *bridges;  /* char *: interfaces whose source is one of these are connected to the
                          bridge of this name (qemu's helper does it) */
  const char *serial;  /* "stdio", the path of a file, or NULL: nobody listens; the first serial
                          port, made if there is none */
  /* files, where the machine has ports for them: what the firmware says, and what comes through a
   * last serial port; NULL: there are no such ports */
  const char *firmware_log, *mark;
  gboolean no_display; /* the guest has a screen, but no window shows it */
  guint64 memory_kib;  /* 0: as in the document */
  guint cpus;          /* 0: as in the document */
  const char *code; /* image of the firmware; NULL: the one in the document, or of the host */
  const char
      *vars;       /* writable variables of the firmware; NULL: those in the document, if any */
  const char *tpm; /* socket of a TPM emulator; NULL: the guest gets none */
  /* directory, private to one user, for the sockets of channels and of the screen; NULL: there
   * are no such sockets */
  const char *sockets;
} V2vQemuUse;

/* The name in xslt/ of the stylesheet for v2v_qemu_command. */
#define V2V_QEMU_STYLESHEET "qemu-command.xsl"
/* The path of the file NAME in the subdirectory SUBDIR of a rule directory: the first that has
 * it of those that OPTIONS (with --rules-dir; may be NULL) select. NULL with an error
 * (V2V_EXIT_UNAVAILABLE) if there is none. To be freed with g_free. */
char *v2v_output_file (const V2vOptionValues *options, const char *subdir, const char *name,
                       GError **error);

/* Returns the arguments (char *), beginning with the program's name (qemu-system-ARCH),
 * without NULL at the end. STYLESHEET is the path that v2v_output_file returned. */
GPtrArray *v2v_qemu_command (const char *stylesheet, xmlDoc *domain, const V2vQemuUse *use,
                             GError **error);
