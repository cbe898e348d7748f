/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Opens encrypted devices with keys from files or descriptors. A key is in memory only while
 * devices are opened, and never in a message.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "guest/internal.h"

/* The largest key, in bytes. */
#define KEY_MAX 65536

typedef struct {
  char *id;  /* a device, a UUID, or "all" */
  char *key; /* KEY_MAX + 2 bytes */
} Key;

static void
key_free (gpointer data)
{
  Key *key = data;

  if (key->key)
    explicit_bzero (key->key, KEY_MAX + 2);
  g_free (key->key);
  g_free (key->id);
  g_free (key);
}

gboolean
v2v_guest_check_keys (const char *const *keys, GError **error)
{
  for (guint i = 0; keys && keys[i]; i++) {
    g_auto (GStrv) parts = g_strsplit (keys[i], ":", 3);

    if (g_strv_length (parts) != 3 || *parts[0] == '\0' || *parts[2] == '\0' ||
        (strcmp (parts[1], "file") != 0 && strcmp (parts[1], "fd") != 0)) {
      /* The message does not repeat the argument, which may be the secret itself. */
      g_set_error (
          error, V2V_ERROR, V2V_EXIT_USAGE,
          "a key is not understood: write --key ID:file:FILE or --key ID:fd:NUMBER, "
          "where ID is a device, the UUID of one, or all; the key itself must not stand "
          "on the command line");
      return FALSE;
    }
  }
  return TRUE;
}

/* Reads the key that SPEC ("ID:file:FILE", "ID:fd:N") names, and removes one newline at its
 * end. */
static Key *
read_key (const char *spec, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (spec, ":", 3);
  gboolean file = strcmp (parts[1], "file") == 0;
  g_autofree char *path = file ? g_strdup (parts[2]) : g_strdup_printf ("/dev/fd/%s", parts[2]);
  FILE *stream = fopen (path, "re");
  Key *key;
  gsize length;

  if (stream == NULL) {
    v2v_error_set_errno (error, errno, "the key of %s cannot be read from the %s %s", parts[0],
                         file ? "file" : "descriptor", parts[2]);
    return NULL;
  }
  setvbuf (stream, NULL, _IONBF, 0);
  key = g_new (Key, 1);
  key->id = g_strdup (parts[0]);
  key->key = g_malloc0 (KEY_MAX + 2);
  length = fread (key->key, 1, KEY_MAX + 1, stream);
  fclose (stream);
  if (length > 0 && key->key[length - 1] == '\n')
    key->key[--length] = '\0';
  if (length == 0 || length > KEY_MAX || strlen (key->key) != length) {
    key_free (key);
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "the key of %s is empty, longer than %d bytes, or holds a zero byte", parts[0],
                 KEY_MAX);
    return NULL;
  }
  return key;
}

static gboolean
open_device (V2vGuest *guest, const char *device, GPtrArray *keys, gboolean *opened_r,
             GError **error)
{
  g_autofree char *uuid = guestfs_luks_uuid (guest->g, device);
  g_autofree char *name = g_strdup_printf ("luks-%s", uuid ? uuid : strrchr (device, '/') + 1);
  gboolean tried = FALSE;

  for (guint i = 0; i < keys->len; i++) {
    const Key *key = keys->pdata[i];

    if (strcmp (key->id, "all") != 0 && strcmp (key->id, device) != 0 &&
        !(uuid && g_ascii_strcasecmp (key->id, uuid) == 0))
      continue;
    tried = TRUE;
    if (guestfs_cryptsetup_open (guest->g, device, key->key, name, -1) == 0) {
      *opened_r = TRUE;
      return TRUE;
    }
  }
  if (tried) {
    v2v_guest_set_error (guest, V2V_EXIT_DATA, error,
                         "%s (LUKS, UUID %s) cannot be opened with any of its keys", device,
                         uuid ? uuid : "unknown");
    return FALSE;
  }
  v2v_warn ("%s is encrypted (LUKS, UUID %s) and no key was given: --key %s:file:FILE", device,
            uuid ? uuid : "unknown", uuid ? uuid : device);
  return TRUE;
}

GPtrArray *
v2v_guest_encrypted_devices (V2vGuest *guest)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; guest->filesystems[i]; i += 2) {
    if (strcmp (guest->filesystems[i + 1], "crypto_LUKS") == 0 &&
        v2v_guest_owns (guest, guest->filesystems[i]))
      g_ptr_array_add (found, g_strdup (guest->filesystems[i]));
  }
  return found;
}

gboolean
v2v_guest_open_encrypted (V2vGuest *guest, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (key_free);
  g_autoptr (GPtrArray) devices = NULL;
  gboolean opened = FALSE;

  if (guest->keys == NULL || guest->keys[0] == NULL)
    return TRUE;
  /* All keys are read first, since a descriptor can be read only once, and its key may be for
   * several devices. */
  for (guint i = 0; guest->keys[i]; i++) {
    Key *key = read_key (guest->keys[i], error);

    if (key == NULL)
      return FALSE;
    g_ptr_array_add (keys, key);
  }
  devices = v2v_guest_encrypted_devices (guest);
  for (guint i = 0; i < devices->len; i++) {
    if (!open_device (guest, devices->pdata[i], keys, &opened, error))
      return FALSE;
  }
  if (!opened)
    return TRUE;
  /* Opened devices may contain volume groups. */
  if (guestfs_lvm_scan (guest->g, 1) != 0) {
    v2v_guest_set_error (guest, V2V_EXIT_DATA, error, "the volume groups cannot be looked for");
    return FALSE;
  }
  return v2v_guest_list_filesystems (guest, error);
}
