/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rule files that are broken at random: loading one neither crashes nor hangs, and whatever can
 * be formatted is formatted the same again. Of every shipped file, four thousand such in all: each
 * error has a place, and a name that is not declared is refused where it stands. The seed is
 * fixed, so a failure comes back.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <unistd.h>

#include <glib/gstdio.h>

#include "lang/limits.h"
#include "lang/ruleset.h"
#include "load/load.h"

#include "rule-references.h"
#include "syntax/format.h"

#define MUTATIONS 2000
/* Of all shipped rule files together, and how many of them change one name. */
#define SHIPPED_MUTATIONS 10000
#define SHIPPED_NAMES 6000
/* What is in no file, and what is said where a name is misspelt. */
#define UNDECLARED "quuxly-undeclared"
#define NEAR_HINT "did you mean"

static const char *const pieces[] = {
    "{",        "}",        "(",         ")",         "[",        "]",          ",",
    ".",        ":",        "=",         "==",        "!=",       "<",          ">=",
    "~",        "\"",       "'",         "\\",        "#",        "\n",         "\r",
    "\t",       ";",        "&&",        "|",         "!",        "\x01",       "\xff",
    "\xc3\xa4", "-1",       "007",       "4KiB",      "9.9",      "true",       "rule ",
    "fact ",    "enum ",    "let ",      "not ",      " and ",    " or ",       " in ",
    " is ",     "when ",    "each ",     "some ",     "no ",      "do ",        "lua ",
    "xslt ",    "default ", "fail ",     "override ", "disable ", "test ",      "given ",
    "expect ",  "capture ", "provider ", "probe ",    "option ",  "operation ", " also ",
    " as ",     " from ",   " key ",     " derived ", "phase ",   "\\x00",      "{{",
    "os.id",    "private ", "public ",   "probed ",   "tree ",    " since ",    " deprecated ",
    "function "};

static char *
read_source (const char *path, gsize *length_r)
{
  g_autofree char *full = g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), path, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (full, &text, length_r, NULL));
  return text;
}

/* Breaks TEXT in one to four places. */
static void
mutate (GString *text, GRand *rand)
{
  const gint32 times = g_rand_int_range (rand, 1, 5);

  for (gint32 i = 0; i < times && text->len > 1; i++) {
    const gsize at = (gsize)g_rand_int_range (rand, 0, (gint32)text->len);
    const gsize rest = text->len - at;
    const gsize length = (gsize)g_rand_int_range (rand, 1, (gint32)MIN (rest, 200) + 1);
    const char *piece = pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))];

    switch (g_rand_int_range (rand, 0, 7)) {
    case 0:
      g_string_erase (text, (gssize)at, (gssize)length);
      break;
    case 1: {
      g_autofree char *copy = g_strndup (text->str + at, length);

      g_string_insert (text, g_rand_int_range (rand, 0, (gint32)text->len), copy);
      break;
    }
    case 2:
      text->str[at] = (char)g_rand_int_range (rand, 1, 256);
      break;
    case 3:
      text->str[at] = (char)g_rand_int_range (rand, 0x20, 0x7f);
      break;
    case 4:
      g_string_truncate (text, at);
      break;
    default:
      g_string_insert (text, (gssize)at, piece);
      break;
    }
  }
}

/* No need for the care that g_file_set_contents takes. */
static void
write_text (const char *path, const char *text, gsize length)
{
  FILE *file = fopen (path, "w");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (text, 1, length, file), ==, length);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
try_format (const GString *text)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autofree char *once = v2v_format_rules ("mutation", text->str, text->len, diags);
  g_autofree char *twice = NULL;

  g_assert_true ((once == NULL) == (v2v_diags_errors (diags) > 0));
  if (once == NULL)
    return;
  twice = v2v_format_rules ("mutation", once, strlen (once), diags);
  g_assert_cmpstr (once, ==, twice);
}

/* Scripts that the rules name have to be there. */
static void
write_script (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir (parent, 0700), ==, 0);
  write_text (path, "", 0);
}

static void
remove_script (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);

  g_remove (path);
  g_rmdir (parent);
}

static void
mutations (gconstpointer data)
{
  const char *source = data;
  gsize length;
  g_autofree char *text = read_source (source, &length);
  g_autofree char *directory = g_dir_make_tmp ("v2v-mutations-XXXXXX", NULL);
  g_autofree char *rules_dir = g_build_filename (directory, "rules", NULL);
  g_autofree char *file = g_build_filename (rules_dir, "x.v2v", NULL);
  g_autofree char *lua = g_build_filename (directory, "lua", "x.lua", NULL);
  g_autofree char *xslt = g_build_filename (directory, "xslt", "configure-x.xsl", NULL);
  g_autoptr (GPtrArray) trees = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (20240229);
  guint good = 0;

  g_assert_cmpint (g_mkdir (rules_dir, 0700), ==, 0);
  write_script (lua);
  write_script (xslt);
  g_setenv ("V2V_ENGINE_DATA_DIR", directory, TRUE);
  trees = v2v_rule_dirs_default (NULL);
  for (guint i = 0; i < MUTATIONS; i++) {
    g_autoptr (GString) broken = g_string_new_len (text, (gssize)length);
    g_autoptr (V2vDiags) diags = v2v_diags_new ();
    g_autoptr (V2vRuleSet) rules = NULL;
    g_autofree char *report = NULL;
    const gint64 begin = g_get_monotonic_time ();

    mutate (broken, rand);
    write_text (file, broken->str, broken->len);
    rules = v2v_ruleset_load (trees, NULL, TRUE, NULL, diags);
    g_assert_true ((rules == NULL) == (v2v_diags_errors (diags) > 0));
    report = v2v_diags_to_string (diags);
    g_assert_true (g_utf8_validate (report, -1, NULL));
    try_format (broken);
    good += rules != NULL;
    /* Each takes about a millisecond; seconds would be a loop that grows with its input. */
    g_assert_cmpint (g_get_monotonic_time () - begin, <, 10 * G_USEC_PER_SEC);
  }
  g_test_message ("%u of %d load", good, MUTATIONS);
  g_assert_cmpuint (good, >, 0);
  g_remove (file);
  g_rmdir (rules_dir);
  remove_script (lua);
  remove_script (xslt);
  g_rmdir (directory);
}

/* Not even text. */
static void
test_garbage (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < MUTATIONS; i++) {
    g_autoptr (GString) text = g_string_new ("v2v-rules 1\n");
    const gint32 length = g_rand_int_range (rand, 0, 400);

    for (gint32 j = 0; j < length; j++)
      if (i % 2 == 0)
        g_string_append_c (text, (char)g_rand_int_range (rand, 0, 256));
      else
        g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
    try_format (text);
  }
}

/* ---- every shipped file ---- */

typedef struct {
  char *path;
  char *text;
  gsize length;
  GArray *references; /* RuleReference */
  GPtrArray *needs;   /* Shipped: whose declarations it names */
} Shipped;

typedef struct {
  GPtrArray *files; /* Shipped, the prelude last */
  Shipped *prelude;
  GHashTable *declared; /* name -> GPtrArray of Shipped */
  GHashTable *words;    /* every word of every file */
  char *directory;      /* a tree with the shipped scripts and no rules */
  char *file;           /* where mutations are written */
  GPtrArray *trees;
} Set;

static void
shipped_free (gpointer data)
{
  Shipped *shipped = data;

  g_free (shipped->path);
  g_free (shipped->text);
  g_array_unref (shipped->references);
  g_ptr_array_unref (shipped->needs);
  g_free (shipped);
}

static Shipped *
shipped_new (const char *path)
{
  Shipped *shipped = g_new0 (Shipped, 1);

  shipped->path = g_strdup (path);
  g_assert_true (g_file_get_contents (path, &shipped->text, &shipped->length, NULL));
  shipped->references = rule_references (shipped->text, shipped->length);
  shipped->needs = g_ptr_array_new ();
  return shipped;
}

static gint
compare_shipped (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(Shipped *const *)a)->path, (*(Shipped *const *)b)->path);
}

static void
find_shipped (Set *set, const char *dir)
{
  g_autoptr (GDir) directory = g_dir_open (dir, 0, NULL);
  const char *name;

  g_assert_nonnull (directory);
  while ((name = g_dir_read_name (directory))) {
    g_autofree char *path = g_build_filename (dir, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      find_shipped (set, path);
    else if (strcmp (name, "prelude.v2v") == 0)
      set->prelude = shipped_new (path);
    else if (g_str_has_suffix (name, ".v2v"))
      g_ptr_array_add (set->files, shipped_new (path));
  }
}

/* What SHIPPED declares for others or provides, and its words. */
static void
index_shipped (Set *set, Shipped *shipped)
{
  static GRegex *declaration, *word;
  g_autoptr (GMatchInfo) found = NULL, words = NULL;

  if (!word) {
    declaration = g_regex_new ("^(?:name [\\w.-]+|let|rule|provider|probe|option|operation) "
                               "([\\w.-]+)(?: (?:also|for) ([\\w-]+))?",
                               G_REGEX_MULTILINE, 0, NULL);
    word = g_regex_new ("[\\w-]+", 0, 0, NULL);
  }
  g_regex_match (declaration, shipped->text, 0, &found);
  for (; g_match_info_matches (found); g_match_info_next (found, NULL))
    for (int group = 1; group <= 2; group++) {
      char *name = g_match_info_fetch (found, group);
      GPtrArray *files;

      if (!name || *name == '\0') {
        g_free (name);
        continue;
      }
      files = g_hash_table_lookup (set->declared, name);
      if (!files) {
        files = g_ptr_array_new ();
        g_hash_table_insert (set->declared, g_strdup (name), files);
      }
      g_ptr_array_add (files, shipped);
      g_free (name);
    }
  g_regex_match (word, shipped->text, 0, &words);
  for (; g_match_info_matches (words); g_match_info_next (words, NULL))
    g_hash_table_add (set->words, g_match_info_fetch (words, 0));
}

/* Adds the files whose declarations OF names to those that SHIPPED needs, and what they need. */
static void
add_needs (const Set *set, Shipped *shipped, const Shipped *of)
{
  for (guint i = 0; i < of->references->len; i++) {
    const RuleReference *reference = &g_array_index (of->references, RuleReference, i);
    const GPtrArray *files = g_hash_table_lookup (set->declared, reference->name);

    for (guint j = 0; files && j < files->len; j++) {
      Shipped *other = files->pdata[j];

      if (other == shipped || other == set->prelude ||
          g_ptr_array_find (shipped->needs, other, NULL))
        continue;
      g_ptr_array_add (shipped->needs, other);
      add_needs (set, shipped, other);
    }
  }
}

static void
link_into (const Set *set, const char *name)
{
  g_autofree char *from = g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), name, NULL);
  g_autofree char *to = g_build_filename (set->directory, name, NULL);
  g_autofree char *whole = g_canonicalize_filename (from, NULL);

  g_assert_cmpint (symlink (whole, to), ==, 0);
}

/* Trees of files that tests name have to be beside them, and no link. */
static void
run (const char *program, const char *option, const char *from, const char *to)
{
  char *argv[] = {(char *)program, (char *)option, (char *)from, (char *)to, NULL};
  int status = -1;

  g_assert_true (g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                               &status, NULL));
  g_assert_cmpint (status, ==, 0);
}

static void
unlink_from (const Set *set, const char *name)
{
  g_autofree char *path = g_build_filename (set->directory, name, NULL);

  g_remove (path);
}

static void
set_init (Set *set)
{
  g_autofree char *rules = g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "rules", NULL);
  g_autofree char *guest_trees = g_build_filename (rules, "guest", "trees", NULL);
  g_autofree char *own = NULL;

  set->files = g_ptr_array_new_with_free_func (shipped_free);
  set->declared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify)g_ptr_array_unref);
  set->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  find_shipped (set, rules);
  g_ptr_array_sort (set->files, compare_shipped);
  index_shipped (set, set->prelude);
  for (guint i = 0; i < set->files->len; i++)
    index_shipped (set, set->files->pdata[i]);
  for (guint i = 0; i < set->files->len; i++)
    add_needs (set, set->files->pdata[i], set->files->pdata[i]);
  g_ptr_array_add (set->files, set->prelude);

  set->directory = g_dir_make_tmp ("v2v-mutations-XXXXXX", NULL);
  own = g_build_filename (set->directory, "rules", NULL);
  set->file = g_build_filename (set->directory, "mutation.v2v", NULL);
  g_assert_cmpint (g_mkdir (own, 0700), ==, 0);
  link_into (set, "lua");
  link_into (set, "xslt");
  run ("cp", "-r", guest_trees, set->directory);
  g_setenv ("V2V_ENGINE_DATA_DIR", set->directory, TRUE);
  set->trees = v2v_rule_dirs_default (NULL);
}

static void
set_clear (Set *set)
{
  g_autofree char *trees = g_build_filename (set->directory, "trees", NULL);

  run ("rm", "-r", trees, NULL);
  g_remove (set->file);
  unlink_from (set, "lua");
  unlink_from (set, "xslt");
  unlink_from (set, "rules");
  g_remove (set->directory);
  g_free (set->file);
  g_free (set->directory);
  g_ptr_array_unref (set->trees);
  g_ptr_array_unref (set->files);
  g_hash_table_unref (set->declared);
  g_hash_table_unref (set->words);
}

/* TEXT in place of SHIPPED, with whatever that needs. */
static V2vRuleSet *
load_mutation (const Set *set, const Shipped *shipped, const GString *text, V2vDiags *diags)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();

  write_text (set->file, text->str, text->len);
  g_ptr_array_add (files, set->file);
  if (shipped != set->prelude)
    g_ptr_array_add (files, set->prelude->path);
  for (guint i = 0; i < shipped->needs->len; i++)
    g_ptr_array_add (files, ((const Shipped *)shipped->needs->pdata[i])->path);
  g_ptr_array_add (files, NULL);
  return v2v_ruleset_load (set->trees, (const char *const *)files->pdata, TRUE, NULL, diags);
}

static void
check_places (V2vDiags *diags)
{
  const GPtrArray *list = v2v_diags_list (diags);

  for (guint i = 0; i < list->len; i++) {
    const V2vDiag *diag = list->pdata[i];

    if (!diag->place.file || diag->place.line == 0)
      g_error ("an error without a place: %s: %s", diag->place.file, diag->message);
  }
}

/* NAME with one letter left out, doubled, or two exchanged. */
static char *
misspell (const char *name, GRand *rand)
{
  g_autoptr (GString) wrong = g_string_new (name);
  const gint32 at = g_rand_int_range (rand, 0, (gint32)wrong->len - 1);
  const char letter = wrong->str[at];

  switch (g_rand_int_range (rand, 0, 3)) {
  case 0:
    g_string_erase (wrong, at, 1);
    break;
  case 1:
    g_string_insert_c (wrong, at, letter);
    break;
  default:
    wrong->str[at] = wrong->str[at + 1];
    wrong->str[at + 1] = letter;
    break;
  }
  return g_strdup (wrong->str);
}

/* A word that is in no file; NEAR: a misspelling of NAME. */
static char *
wrong_name (const Set *set, const char *name, gboolean near, GRand *rand)
{
  for (guint i = 0; near && i < 20; i++) {
    g_autofree char *wrong = misspell (name, rand);

    if (g_ascii_isalpha (wrong[0]) && !strstr (wrong, "..") && !strchr (wrong, '.') &&
        !strstr (wrong, "--") && !g_str_has_suffix (wrong, "-") &&
        !g_hash_table_contains (set->words, wrong))
      return g_steal_pointer (&wrong);
  }
  return g_strdup (UNDECLARED);
}

/* Is there an error at the name that is LENGTH long at REFERENCE, or around it? */
static const V2vDiag *
error_at (V2vDiags *diags, const char *file, const RuleReference *reference, gsize length)
{
  const GPtrArray *list = v2v_diags_list (diags);

  for (guint i = 0; i < list->len; i++) {
    const V2vDiag *diag = list->pdata[i];

    if (diag->severity == V2V_DIAG_ERROR && strcmp (diag->place.file, file) == 0 &&
        diag->place.line == reference->line &&
        diag->place.column < reference->column + length &&
        diag->place.column + diag->length > reference->column)
      return diag;
  }
  return NULL;
}

/* Changes one name, which must be refused. */
static void
try_name (const Set *set, const Shipped *shipped, GRand *rand)
{
  const gboolean near = g_rand_boolean (rand);
  const RuleReference *reference =
      &g_array_index (shipped->references, RuleReference,
                      (guint)g_rand_int_range (rand, 0, (gint32)shipped->references->len));
  const gsize length = strlen (reference->name);
  g_autofree char *wrong = wrong_name (set, reference->name, near && length >= 4, rand);
  const gboolean misspelt = strcmp (wrong, UNDECLARED) != 0;
  g_autoptr (GString) text = g_string_new_len (shipped->text, (gssize)shipped->length);
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (V2vRuleSet) rules = NULL;
  const V2vDiag *diag;

  g_string_erase (text, (gssize)reference->offset, (gssize)length);
  g_string_insert (text, (gssize)reference->offset, wrong);
  rules = load_mutation (set, shipped, text, diags);
  check_places (diags);
  if (rules)
    g_error ("%s:%u:%u: %s is accepted as %s", shipped->path, reference->line,
             reference->column, wrong, reference->what);
  diag = error_at (diags, set->file, reference, strlen (wrong));
  if (!diag || (misspelt && (!diag->hint || !strstr (diag->hint, NEAR_HINT)) &&
                !strstr (diag->message, reference->name))) {
    g_autofree char *report = v2v_diags_to_string (diags);

    g_error ("%s:%u:%u: %s for %s, %s, is not reported %s:\n%s", shipped->path, reference->line,
             reference->column, wrong, reference->name, reference->what,
             diag ? "with the name that was meant" : "there", report);
  }
}

static void
try_damage (const Set *set, const Shipped *shipped, GRand *rand)
{
  g_autoptr (GString) text = g_string_new_len (shipped->text, (gssize)shipped->length);
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (V2vRuleSet) rules = NULL;
  const gint64 begin = g_get_monotonic_time ();

  mutate (text, rand);
  rules = load_mutation (set, shipped, text, diags);
  g_assert_true (!rules == (v2v_diags_errors (diags) > 0));
  check_places (diags);
  try_format (text);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 10 * G_USEC_PER_SEC);
}

static void
test_shipped (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20240301);
  Set set = {NULL};

  set_init (&set);
  for (guint i = 0; i < set.files->len; i++) {
    const Shipped *shipped = set.files->pdata[i];
    g_autoptr (GString) text = g_string_new_len (shipped->text, (gssize)shipped->length);
    g_autoptr (V2vDiags) diags = v2v_diags_new ();
    g_autoptr (V2vRuleSet) rules = load_mutation (&set, shipped, text, diags);

    if (!rules) {
      g_autofree char *report = v2v_diags_to_string (diags);

      g_error ("%s does not load with what it needs:\n%s", shipped->path, report);
    }
    g_test_message ("%s: %u references, %u files needed", shipped->path,
                    shipped->references->len, shipped->needs->len);
  }
  for (guint i = 0; i < SHIPPED_MUTATIONS; i++) {
    const Shipped *shipped = set.files->pdata[i % set.files->len];

    if (i < SHIPPED_NAMES && shipped->references->len > 0)
      try_name (&set, shipped, rand);
    else
      try_damage (&set, shipped, rand);
  }
  set_clear (&set);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  v2v_interface = 2; /* one of the files is made for it */
  g_test_add_data_func ("/mutations/prelude", "rules/prelude.v2v", mutations);
  g_test_add_data_func ("/mutations/everything", "tests/rules/format/everything.v2v",
                        mutations);
  g_test_add_func ("/mutations/garbage", test_garbage);
  g_test_add_func ("/mutations/shipped", test_shipped);
  return g_test_run ();
}
