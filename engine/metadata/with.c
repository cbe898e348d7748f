/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Facts of the packages that --with LABEL=FILE names: one for each package, and facts about
 * the kernels in them.
 *
 * Fields are filled by the word after "from" (or, without one, by the field's name):
 *   kinds from "with":
 *     label distro major minor arch application   the label and its parts
 *     file package version                        the file, and what it is
 *     size                                        bytes of the file and of what is in it
 *   kinds from "with-kernels" that have a field from "kernel", one fact for each module:
 *     kernel name builtin
 *   other kinds from "with-kernels", one fact for each kernel:
 *     version package image modules arch installed
 * A kernel consists of the modules of one version and an image of the same version, in one package or in several.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "metadata/domain.h"
#include "metadata/package.h"

/* The enum whose words are the architectures in labels. */
#define ARCH_ENUM "arch"

/* The parts of LABEL. */
typedef struct {
  char *label;
  char *distro;
  char *major; /* or NULL */
  char *minor; /* or NULL */
  char *arch;
  char *application;
  char *file; /* absolute */
} Label;

static void
label_free (Label *label)
{
  g_free (label->label);
  g_free (label->distro);
  g_free (label->major);
  g_free (label->minor);
  g_free (label->arch);
  g_free (label->application);
  g_free (label->file);
  g_free (label);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Label, label_free)

#define EXPECTED                                                                               \
  "expected DISTRO[MAJOR[.MINOR]].ARCH.NAME=FILE, such as "                                    \
  "DISTRO5.ARCH.kernel=/path/to/package"

static void G_GNUC_PRINTF (3, 4)
    bad_label (GError **error, const char *given, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--with %s: %s: %s", given, what, EXPECTED);
}

static gboolean
is_number (const char *text, gssize length)
{
  gsize count = length < 0 ? strlen (text) : (gsize)length;

  if (count == 0 || count > 9)
    return FALSE;
  for (gsize i = 0; i < count; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
  return TRUE;
}

/* Splits WORD, DISTRO[MAJOR]. A name of a distribution may end in digits, so the longest
 * declared name is preferred; otherwise all digits at the end are the version. */
static void
split_distro (const V2vEnum *systems, const char *word, Label *label)
{
  gsize length = strlen (word), digits = length;

  while (digits > 0 && g_ascii_isdigit (word[digits - 1]))
    digits--;
  for (gsize at = length; systems && at > 0 && at >= digits; at--) {
    g_autofree char *distro = g_strndup (word, at);

    if (v2v_enum_has (systems, distro)) {
      digits = at;
      break;
    }
  }
  label->distro = g_strndup (word, digits);
  label->major = digits < length ? g_strdup (word + digits) : NULL;
}

static char *
known_words (const V2vEnum *words)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < words->values->len; i++)
    g_ptr_array_add (names, words->values->pdata[i]);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (char **)names->pdata);
}

static Label *
parse_label (const V2vSchema *schema, const V2vEnum *systems, const char *given, GError **error)
{
  const V2vEnum *arches = g_hash_table_lookup (schema->enums, v2v_intern (ARCH_ENUM));
  const char *equals = strchr (given, '=');
  g_autoptr (Label) label = g_new0 (Label, 1);
  g_auto (GStrv) words = NULL;
  guint count, arch = 0;

  if (!arches) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                 "--with %s: no rule file declares the enum '%s', by which labels are split",
                 given, ARCH_ENUM);
    return NULL;
  }
  if (!equals || equals == given || !equals[1]) {
    bad_label (error, given, "%s is missing",
               !equals           ? "'=FILE'"
               : equals == given ? "the label before '='"
                                 : "FILE after '='");
    return NULL;
  }
  label->label = g_strndup (given, (gsize)(equals - given));
  words = g_strsplit (label->label, ".", -1);
  count = g_strv_length (words);

  /* The first architecture is taken, since NAME may contain such a word as well. */
  while (arch < count && !v2v_enum_has (arches, words[arch]))
    arch++;
  if (arch == count) {
    g_autofree char *known = known_words (arches);

    bad_label (error, given, "no part of the label is an architecture (one of %s)", known);
    return NULL;
  }
  if (arch == 0 || words[0][0] == '\0') {
    bad_label (error, given, "the label does not begin with the name of a system");
    return NULL;
  }
  label->arch = g_strdup (words[arch]);
  label->application = g_strjoinv (".", words + arch + 1);
  if (label->application[0] == '\0') {
    bad_label (error, given, "no NAME follows the architecture '%s'", label->arch);
    return NULL;
  }

  split_distro (systems, words[0], label);
  if (label->distro[0] == '\0' || (label->major && !is_number (label->major, -1))) {
    bad_label (error, given, "'%s' is not the name of a system with a version", words[0]);
    return NULL;
  }
  if (arch > 2 || (arch == 2 && (!label->major || !is_number (words[1], -1)))) {
    g_autofree char *before =
        g_strndup (label->label, strlen (label->label) - strlen (label->application) -
                                     strlen (label->arch) - 2);

    bad_label (error, given, "'%s' before the architecture is not DISTRO[MAJOR[.MINOR]]",
               before);
    return NULL;
  }
  label->minor = arch == 2 ? g_strdup (words[1]) : NULL;
  label->file = g_canonicalize_filename (equals + 1, NULL);
  return g_steal_pointer (&label);
}

/* ---- facts ---- */

/* The value of a word after "from": text, or NULL if there is none. */
typedef struct {
  const char *word;
  const char *text;
} Entry;

static gboolean
add_fact (V2vStore *store, const V2vFactDecl *decl, const Entry *entries, gsize count,
          const char *by, GError **error)
{
  g_autofree V2vValue *values = g_new0 (V2vValue, MAX (decl->fields->len, 1));

  for (guint i = 0; i < decl->fields->len; i++) {
    const V2vField *field = decl->fields->pdata[i];
    const char *word = field->from ? field->from : field->name;

    for (gsize e = 0; !field->derived && e < count; e++)
      if (strcmp (entries[e].word, word) == 0 && entries[e].text &&
          !v2v_field_parse (field, entries[e].text, &values[i])) {
        g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                     "%s: the %s is '%s', but %s.%s needs a value of type %s", by, word,
                     entries[e].text, decl->name, field->name,
                     v2v_type_name (field->type.kind));
        return FALSE;
      }
  }
  return v2v_store_add (store, decl, values, by, NULL, error) != NULL;
}

/* The first declared kind of facts whose origin is ORIGIN, or NULL. */
static const V2vFactDecl *
kind_from (const V2vSchema *schema, V2vOrigin origin)
{
  for (guint i = 0; i < schema->facts->len; i++) {
    const V2vFactDecl *decl = schema->facts->pdata[i];

    if (decl->origin == origin)
      return decl;
  }
  return NULL;
}

static gboolean
has_field_from (const V2vFactDecl *decl, const char *word)
{
  for (guint i = 0; i < decl->fields->len; i++) {
    const V2vField *field = decl->fields->pdata[i];

    if (g_strcmp0 (field->from ? field->from : field->name, word) == 0 && !field->derived)
      return TRUE;
  }
  return FALSE;
}

static gboolean
add_with (V2vStore *store, const Label *label, const V2vPackage *package, const char *by,
          GError **error)
{
  const V2vSchema *schema = v2v_store_schema (store);
  g_autofree char *size = g_strdup_printf ("%" G_GUINT64_FORMAT, package->size);
  const Entry entries[] = {
      {"label", label->label}, {"distro", label->distro},  {"major", label->major},
      {"minor", label->minor}, {"arch", label->arch},      {"application", label->application},
      {"file", label->file},   {"package", package->name}, {"version", package->version},
      {"size", size},
  };

  for (guint i = 0; i < schema->facts->len; i++) {
    const V2vFactDecl *decl = schema->facts->pdata[i];

    if (decl->origin == V2V_ORIGIN_WITH &&
        !add_fact (store, decl, entries, G_N_ELEMENTS (entries), by, error))
      return FALSE;
  }
  return TRUE;
}

/* A kernel, collected from all packages. */
typedef struct {
  V2vPackageKernel *kernel;
  char *package; /* the package that contains the image */
  char *arch;
  const char *by;
} Found;

static void
found_free (Found *found)
{
  v2v_package_kernel_free (found->kernel);
  g_free (found->package);
  g_free (found->arch);
  g_free (found);
}

static void
collect_kernels (GHashTable *all, const V2vPackage *package, const char *by)
{
  GHashTableIter iter, modules;
  gpointer value, name, builtin;

  g_hash_table_iter_init (&iter, package->kernels);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const V2vPackageKernel *part = value;
    Found *found = g_hash_table_lookup (all, part->version);

    if (!found) {
      found = g_new0 (Found, 1);
      found->kernel = v2v_package_kernel_new (part->version);
      g_hash_table_insert (all, found->kernel->version, found);
    }
    if (part->image && !found->kernel->image) {
      found->kernel->image = g_strdup (part->image);
      found->package = g_strdup (package->name);
      found->arch = g_strdup (package->arch);
      found->by = by;
    }
    if (part->directory && !found->kernel->directory)
      found->kernel->directory = g_strdup (part->directory);
    g_hash_table_iter_init (&modules, part->modules);
    while (g_hash_table_iter_next (&modules, &name, &builtin))
      g_hash_table_insert (found->kernel->modules, g_strdup (name), builtin);
  }
}

static int
compare_texts (const void *a, const void *b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The keys of TABLE, sorted so that results are reproducible. */
static GPtrArray *
sorted_keys (GHashTable *table)
{
  GPtrArray *keys = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (keys, key);
  g_ptr_array_sort (keys, compare_texts);
  return keys;
}

static gboolean
add_modules (V2vStore *store, const V2vFactDecl *decl, const Found *found, GError **error)
{
  g_autoptr (GPtrArray) names = sorted_keys (found->kernel->modules);

  for (guint i = 0; i < names->len; i++) {
    gpointer builtin = g_hash_table_lookup (found->kernel->modules, names->pdata[i]);
    const Entry entries[] = {
        {"kernel", found->kernel->version},
        {"name", names->pdata[i]},
        {"builtin", builtin ? "true" : "false"},
    };

    if (!add_fact (store, decl, entries, G_N_ELEMENTS (entries), found->by, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_kernels (V2vStore *store, GHashTable *all, GError **error)
{
  const V2vSchema *schema = v2v_store_schema (store);
  g_autoptr (GPtrArray) versions = sorted_keys (all);

  for (guint v = 0; v < versions->len; v++) {
    const Found *found = g_hash_table_lookup (all, versions->pdata[v]);
    const V2vPackageKernel *kernel = found->kernel;
    const Entry entries[] = {
        {"version", kernel->version},   {"package", found->package}, {"image", kernel->image},
        {"modules", kernel->directory}, {"arch", found->arch},       {"installed", "false"},
    };

    if (!kernel->image || !kernel->directory)
      continue;
    for (guint i = 0; i < schema->facts->len; i++) {
      const V2vFactDecl *decl = schema->facts->pdata[i];

      if (decl->origin != V2V_ORIGIN_WITH_KERNELS)
        continue;
      if (has_field_from (decl, "kernel")
              ? !add_modules (store, decl, found, error)
              : !add_fact (store, decl, entries, G_N_ELEMENTS (entries), found->by, error))
        return FALSE;
    }
  }
  return TRUE;
}

/* Checks that a package is for the architecture in its label; otherwise it is the wrong file.
 * Words that are not architectures ("noarch", "all") fit every label. */
static gboolean
check_arch (const V2vSchema *schema, const Label *label, const V2vPackage *package,
            GError **error)
{
  const V2vEnum *arches = g_hash_table_lookup (schema->enums, v2v_intern (ARCH_ENUM));

  if (!v2v_enum_has (arches, package->arch) ||
      v2v_enum_canonical (arches, package->arch) == v2v_enum_canonical (arches, label->arch))
    return TRUE;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_USAGE,
      "--with %s: the label is for %s, but the package in %s (%s %s) is for %s: correct "
      "the label or give the package for %s",
      label->label, label->arch, label->file, package->name, package->version, package->arch,
      label->arch);
  return FALSE;
}

gboolean
v2v_facts_from_with (V2vStore *store, const char *const *with, GError **error)
{
  const V2vSchema *schema = v2v_store_schema (store);
  const V2vFactDecl *decl = kind_from (schema, V2V_ORIGIN_WITH);
  const V2vField *distro = decl ? v2v_fact_decl_field (decl, "distro") : NULL;
  g_autoptr (GHashTable) kernels =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)found_free);

  for (; with && *with; with++) {
    g_autoptr (Label) label =
        parse_label (schema, distro ? distro->type.words : NULL, *with, error);
    g_autoptr (V2vPackage) package = NULL;
    g_autofree char *text = NULL;
    const char *by;

    if (!label)
      return FALSE;
    text = g_strdup_printf ("--with %s", label->label);
    by = v2v_intern (text);
    package = v2v_package_read (label->file, error);
    if (!package) {
      g_prefix_error (error, "%s: ", by);
      return FALSE;
    }
    if (!check_arch (schema, label, package, error) ||
        !add_with (store, label, package, by, error))
      return FALSE;
    collect_kernels (kernels, package, by);
  }
  if (!add_kernels (store, kernels, error))
    return FALSE;

  /* The kinds "with-kernels" are not marked as known here: a probe adds the kernels in the
   * guest first. */
  for (guint i = 0; i < schema->facts->len; i++) {
    const V2vFactDecl *kind = schema->facts->pdata[i];

    if (kind->origin == V2V_ORIGIN_WITH)
      v2v_store_set_known (store, kind);
  }
  return TRUE;
}
