/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Looks at a disk and its whole chain before any tool opens it.
 *
 * A disk image is hostile: a qcow2 header can name a backing or data file, a VMDK descriptor
 * any extent, and a tool that opens the image then reads host files. So each layer's header is
 * read here, by readers of our own that open nothing else, and every file it names has to be
 * allowed.
 */
#pragma once

#include "metadata/domain.h"
#include "storage/stamp.h"

typedef struct {
  const char *const *allow_backing; /* --allow-backing, absolute, NULL-terminated, or NULL:
                                       files, or directories with all that is in them */
  gboolean allow_in_use; /* --allow-in-use: a disk that is open for writing elsewhere is not
                            refused */
} V2vExamineOptions;

/* Checks that the disk exists, can be read, is a file or block device of at least one sector,
 * is what its format says (a "raw" one that begins with the header of another format is
 * refused), that its chain is allowed (each member lies in the disk's directory, and where
 * others can write that, belongs to the disk's owner or may be read by everybody as a file of
 * root's; is named by the domain; or is allowed), and that no other process has it open for
 * writing (V2V_EXIT_TEMPFAIL, naming the process). SIZE_R gets the virtual size. */
gboolean v2v_examine_disk (const V2vDomainDisk *disk, const V2vExamineOptions *options,
                           gint64 *size_r, GError **error);

/* No two of DISKS (V2vDomainDisk, each examined) may be the same bytes: the guest would see one
 * disk twice, the new one two that differ. V2V_EXIT_DATA, naming both. */
gboolean v2v_examine_distinct (const GPtrArray *disks, GError **error);

/* The format (interned) that the image or block device at PATH begins like; never raw: what
 * begins like none is an error. For disks whose format nobody says. */
const char *v2v_examine_format (const char *path, GError **error);

/* One image of a chain. */
typedef struct {
  char *path; /* absolute, links not followed: names in its header are relative to its directory
               */
  const char *format; /* interned */
  gboolean recorded;  /* the layer above (for the first: the domain) says the format; otherwise
                         it was recognised */
  gboolean block;     /* a block device */
  gint64 size;        /* virtual bytes */
  V2vSlice slice;     /* the part of the file that is the image */
  GPtrArray *parts;   /* char *, absolute: its extents, its data file */
  int fd;           /* of the file, for reading, for as long as the layer lives; -1: it is known
                    by its path only */
  GArray *part_fds; /* int: the same of the parts */
  char *alias;      /* a link to FD beside links to all parts, or NULL */
  GArray *stamps;   /* V2vStamp: of the file, and of each of the parts, as they were
                    examined; empty where there is no descriptor */
} V2vLayer;

/* A chain. To be freed with g_ptr_array_unref. */
GPtrArray *v2v_layers_new (void);
void v2v_layers_add (GPtrArray *layers, const char *path, const char *format, gboolean recorded,
                     gboolean block, gint64 size);

/* Is each file of LAYERS, which are of v2v_examine_chain, still the one that was examined, and
 * unless IN_USE as it was then (V2V_EXIT_TEMPFAIL)? Whoever opened one by its path in between
 * may have got another file. */
gboolean v2v_examine_unchanged (const GPtrArray *layers, gboolean in_use, GError **error);
/* Our own appliance was started with LAYERS or has ended, for which their owners and labels may have
 * been changed and changed back: only the date of that is new. */
void v2v_examine_lent (const GPtrArray *layers);
/* A name by which programs that this process starts open what was examined, whatever its path
 * means by now; the path where there is no descriptor. To be freed with g_free. */
char *v2v_layer_name (const V2vLayer *layer);
/* The one part of LAYER if that is a data file, which tools look for in the current directory unless they
 * are told where it is; otherwise NULL. By its descriptor if HELD, or by its path. To be freed with
 * g_free. */
char *v2v_layer_data_name (const V2vLayer *layer, gboolean held);
gboolean v2v_layer_has_data_file (const V2vLayer *layer);
/* The name of the part PATH relative to the directory of the file LAYER_PATH if it lies beneath that
 * without going up; otherwise NULL. Points into PATH. */
const char *v2v_part_beneath (const char *layer_path, const char *path);

/* The chain of DISK from its top down, after the checks of v2v_examine_disk, but not whether it
 * is in use. To be freed with g_ptr_array_unref. */
GPtrArray *v2v_examine_chain (const V2vDomainDisk *disk, const V2vExamineOptions *options,
                              GError **error);
