/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Examines a disk and its whole backing chain before any program opens it.
 *
 * A disk image is hostile: a qcow2 header can name a backing file or data file, a VMDK
 * descriptor any extent, and a program that opens the image would then read files of the host.
 * So the header of each layer is read by readers of this program, which open no other file, and
 * every file that a header names has to be allowed.
 */
#pragma once

#include "metadata/domain.h"
#include "storage/stamp.h"

typedef struct {
  const char *const *allow_backing; /* --allow-backing, absolute, NULL-terminated, or NULL:
                                     * files, or directories with everything in them */
  gboolean allow_in_use; /* --allow-in-use: a disk that is open for writing elsewhere is not
                            refused */
} V2vExamineOptions;

/* Checks that the disk exists and can be read; that it is a file or block device of at least
 * one sector, in the format that the domain names (a "raw" disk that begins with the header
 * of another format is refused); that its backing chain is allowed; and that no other
 * process has it open for writing (V2V_EXIT_TEMPFAIL, naming the process). A member of the
 * chain is allowed if --allow-backing or the domain names it, or if it is in the disk's
 * directory; if other users can write to that directory, the member has to belong to the
 * disk's owner, or to root and be readable by everybody. SIZE_R gets the virtual size. */
gboolean v2v_examine_disk (const V2vDomainDisk *disk, const V2vExamineOptions *options,
                           gint64 *size_r, GError **error);

/* Fails (V2V_EXIT_DATA, naming both) if two of DISKS (V2vDomainDisk, each examined) are the
 * same file or device: the guest sees one disk twice, but the new guest would have two that
 * differ. */
gboolean v2v_examine_distinct (const GPtrArray *disks, GError **error);

/* Detects the format (interned) of the image or block device at PATH, for disks whose format
 * is not recorded. Never "raw": an unknown beginning is an error. */
const char *v2v_examine_format (const char *path, GError **error);

/* One image of a chain. */
typedef struct {
  char *path; /* absolute, links not followed: names in its header are relative to its directory
               */
  const char *format; /* interned */
  gboolean recorded;  /* the layer above (for the first: the domain) records the format;
                       * otherwise it was detected */
  gboolean block;     /* a block device */
  gint64 size;        /* virtual bytes */
  V2vSlice slice;     /* the part of the file that contains the image */
  GPtrArray *parts;   /* char *, absolute: its extents, its data file */
  int fd;           /* of the file, for reading, for as long as the layer lives; -1: it is known
                    by its path only */
  GArray *part_fds; /* int: the same of the parts */
  char *alias;      /* a link to FD, in a directory that also has links to all parts, or NULL */
  GArray *stamps;   /* V2vStamp: of the file, and of each of the parts, as they were
                    examined; empty where there is no descriptor */
} V2vLayer;

/* A chain. To be freed with g_ptr_array_unref. */
GPtrArray *v2v_layers_new (void);
void v2v_layers_add (GPtrArray *layers, const char *path, const char *format, gboolean recorded,
                     gboolean block, gint64 size);

/* Is each file of LAYERS (from v2v_examine_chain) still the one that was examined and,
 * unless IN_USE, unchanged since (V2V_EXIT_TEMPFAIL)? A program that opened one by its path
 * in between may have got another file. */
gboolean v2v_examine_unchanged (const GPtrArray *layers, gboolean in_use, GError **error);
/* Accepts the present times of status change of LAYERS: to start or end the appliance,
 * libvirt may have changed the owners and labels of the files and changed them back. */
void v2v_examine_lent (const GPtrArray *layers);
/* A name by which programs that this process starts open the file that was examined, even if
 * its path now leads to another file; the path if there is no descriptor. To be freed with
 * g_free. */
char *v2v_layer_name (const V2vLayer *layer);
/* The single part of LAYER if it is a data file; otherwise NULL. Programs have to be given
 * this name, since they search for the data file in the current directory. By its descriptor
 * if HELD, or by its path. To be freed with g_free. */
char *v2v_layer_data_name (const V2vLayer *layer, gboolean held);
gboolean v2v_layer_has_data_file (const V2vLayer *layer);
/* The name of the part PATH relative to the directory of the file LAYER_PATH if it lies beneath that
 * without going up; otherwise NULL. Points into PATH. */
const char *v2v_part_beneath (const char *layer_path, const char *path);

/* The backing chain of DISK from the top down, after all checks of v2v_examine_disk except
 * whether it is in use. To be freed with g_ptr_array_unref. */
GPtrArray *v2v_examine_chain (const V2vDomainDisk *disk, const V2vExamineOptions *options,
                              GError **error);
