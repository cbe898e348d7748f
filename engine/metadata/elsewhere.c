/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Recognizes names of guests and disks that are not files on this host.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "metadata/elsewhere.h"

/* Whether a URI with this SCHEME refers to a file or the content of a disk. */
static gboolean
names_content (const char *scheme)
{
  static const char *const known[] = {"http",  "https", "ftp",   "ftps", "tftp",    "ssh",
                                      "sftp",  "scp",   "rsync", "nbd",  "nbds",    "nfs",
                                      "iscsi", "rbd",   "s3",    "smb",  "gluster", NULL};

  return g_strv_contains (known, scheme);
}

char *
v2v_source_elsewhere (const char *name)
{
  const char *colon = strstr (name, "://");
  const char *bracket = *name == '[' ? strchr (name, ']') : NULL;
  gsize length = colon ? strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789+.-")
                       : 0;
  g_autofree char *scheme = NULL;
  g_autofree char *protocol = NULL;

  if (access (name, F_OK) == 0)
    return NULL;
  if (bracket && bracket > name + 1 && (strchr (bracket, '/') || strchr (bracket, '.')))
    return g_strdup ("is a file in a datastore of another host: copy all files of the "
                     "guest's directory to this host, and give the path of the copy");
  if (!colon || length == 0 || name + length != colon)
    return NULL;
  scheme = g_ascii_strdown (name, (gssize)length);
  protocol = g_strndup (scheme, strcspn (scheme, "+"));
  if (g_str_equal (protocol, "file"))
    return g_strdup ("is a URI, expected the path alone, without file://");
  if (names_content (protocol))
    return g_strdup_printf ("is a URI, and %s:// cannot be read: copy the file to this host "
                            "first (for a disk, with qemu-img convert), and give its path",
                            scheme);
  return g_strdup_printf (
      "is a URI: if it is that of a libvirt, at %s://, give it with --connect, and give the "
      "name of the guest as GUEST",
      scheme);
}
