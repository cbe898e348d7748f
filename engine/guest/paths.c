/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Collects facts about the paths that rules name, with few calls for many paths.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "guest/internal.h"

/* What is known about one path. */
typedef struct {
  const char *path; /* as written in the rule */
  gboolean exists;
  const char *type;
  gint64 size;
} PathFact;

static const char *
type_of (gint64 mode)
{
  switch (mode & S_IFMT) {
  case S_IFREG:
    return "file";
  case S_IFDIR:
    return "directory";
  default:
    return "other";
  }
}

/* Follows a link, as opening the path would; a link whose target does not exist counts as
 * absent. */
static void
follow_link (V2vGuest *guest, PathFact *fact)
{
  struct guestfs_statns *target = guestfs_statns (guest->g, fact->path);

  if (target) {
    fact->exists = TRUE;
    fact->type = type_of (target->st_mode);
    fact->size = target->st_size;
    guestfs_free_statns (target);
  }
}

/* Looks up all of FACTS, which are in the same DIRECTORY, with one call. Links may lead to
 * DIRECTORY. */
static gboolean
ask_directory (V2vGuest *guest, const char *directory, GPtrArray *facts, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  struct guestfs_statns_list *list;
  g_autofree char *real = NULL;

  /* The call does not follow links to the directory itself, so these are resolved first. */
  real = guestfs_realpath (guest->g, directory);
  if (real == NULL) {
    int errnum = guestfs_last_errno (guest->g);

    if (errnum == ENOENT || errnum == ENOTDIR || errnum == ELOOP || errnum == EACCES)
      return TRUE;
    v2v_guest_set_error (guest, V2V_EXIT_DATA, error, "%s cannot be looked at", directory);
    return FALSE;
  }
  for (guint i = 0; i < facts->len; i++) {
    PathFact *fact = facts->pdata[i];

    g_ptr_array_add (names, strrchr (fact->path, '/') + 1);
  }
  g_ptr_array_add (names, NULL);
  list = guestfs_lstatnslist (guest->g, real, (char **)names->pdata);
  if (list == NULL) {
    /* Only a directory can contain anything. */
    if (guestfs_is_dir (guest->g, real) == 0)
      return TRUE;
    v2v_guest_set_error (guest, V2V_EXIT_DATA, error, "%s cannot be looked at", directory);
    return FALSE;
  }
  for (guint i = 0; i < facts->len && i < list->len; i++) {
    PathFact *fact = facts->pdata[i];
    const struct guestfs_statns *status = &list->val[i];

    if (status->st_ino == -1)
      continue;
    if (S_ISLNK (status->st_mode)) {
      follow_link (guest, fact);
      continue;
    }
    fact->exists = TRUE;
    fact->type = type_of (status->st_mode);
    fact->size = status->st_size;
  }
  guestfs_free_statns_list (list);
  return TRUE;
}

/* Sets FIELD of VALUES if DECL has it. */
static void
set_field (const V2vFactDecl *decl, V2vValue *values, const char *name, V2vValue value)
{
  const V2vField *field = v2v_fact_decl_field (decl, name);

  if (field)
    values[field->index] = value;
}

static gboolean
add_facts (GPtrArray *facts, const V2vFactDecl *decl, V2vStore *store, GError **error)
{
  g_autofree V2vValue *values = g_new0 (V2vValue, decl->fields->len);

  for (guint i = 0; i < facts->len; i++) {
    const PathFact *fact = facts->pdata[i];

    v2v_store_set_asked (store, fact->path);
    if (!fact->exists)
      continue;
    memset (values, 0, sizeof *values * decl->fields->len);
    set_field (decl, values, "path", v2v_value_text (fact->path));
    set_field (decl, values, "type", v2v_value_text (fact->type));
    set_field (decl, values, "size", v2v_value_number (fact->size));
    if (!v2v_store_add (store, decl, values, g_intern_static_string ("paths"), NULL, error))
      return FALSE;
  }
  v2v_store_set_known (store, decl);
  return TRUE;
}

gboolean
v2v_guest_read_paths (V2vGuest *guest, const GPtrArray *paths, const V2vFactDecl *decl,
                      V2vStore *store, GError **error)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) directories = g_hash_table_new_full (
      g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  GHashTableIter iter;
  gpointer key, value;

  for (guint i = 0; i < paths->len; i++) {
    const char *path = paths->pdata[i];
    const char *slash = strrchr (path, '/');
    PathFact *fact = g_new0 (PathFact, 1);
    g_autofree char *directory = NULL;
    GPtrArray *inside;

    fact->path = path;
    g_ptr_array_add (facts, fact);
    if (*path != '/')
      continue; /* not a valid path, so it does not exist */
    if (slash[1] == '\0') {
      follow_link (guest, fact);
      fact->exists = g_strcmp0 (fact->type, "directory") == 0;
      continue;
    }
    directory = slash == path ? g_strdup ("/") : g_strndup (path, (gsize)(slash - path));
    inside = g_hash_table_lookup (directories, directory);
    if (inside == NULL) {
      inside = g_ptr_array_new ();
      g_hash_table_insert (directories, g_steal_pointer (&directory), inside);
    }
    g_ptr_array_add (inside, fact);
  }
  g_hash_table_iter_init (&iter, directories);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    if (!ask_directory (guest, key, value, error))
      return FALSE;
  }
  return add_facts (facts, decl, store, error);
}
