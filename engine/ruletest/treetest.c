/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs the tests of rule files that give a file tree.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/tempfile.h"
#include "ruletest/filetree.h"
#include "convert/workdir.h"
#include "guest/lua.h"
#include "ruletest/treetest.h"

/* Size of the disk. It is sparse, so it uses only the space that is written. */
#define DISK_BYTES (256 * 1024 * 1024)

struct V2vTreeTests {
  const V2vRuleSet *rules;
  char *work_dir; /* NULL until the first such test */
  char *archive;
  V2vGuest *guest;
  V2vLuaHost *lua; /* for the current test */
  V2vFileTree *before, *after;
};

V2vTreeTests *
v2v_tree_tests_new (const V2vRuleSet *rules)
{
  V2vTreeTests *tests = g_new0 (V2vTreeTests, 1);

  tests->rules = rules;
  return tests;
}

static void
end_test (V2vTreeTests *tests)
{
  g_clear_pointer (&tests->lua, v2v_lua_host_free);
  g_clear_pointer (&tests->before, v2v_file_tree_free);
  g_clear_pointer (&tests->after, v2v_file_tree_free);
}

void
v2v_tree_tests_free (V2vTreeTests *tests)
{
  if (!tests)
    return;
  end_test (tests);
  v2v_guest_free (tests->guest);
  if (tests->work_dir)
    v2v_temp_remove_below (tests->work_dir);
  g_free (tests->work_dir);
  g_free (tests->archive);
  g_free (tests);
}

/* ---- the guest ---- */

static char *
make_disk (V2vTreeTests *tests, GError **error)
{
  g_autofree char *path = g_build_filename (tests->work_dir, "tree.img", NULL);
  int fd;

  v2v_temp_add (path);
  fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 || ftruncate (fd, DISK_BYTES) != 0) {
    v2v_error_set_errno (error, errno, "%s cannot be made", path);
    if (fd >= 0)
      close (fd);
    return NULL;
  }
  close (fd);
  return g_steal_pointer (&path);
}

static gboolean
start (V2vTreeTests *tests, GError **error)
{
  const V2vGuestOptions options = {0};
  g_autoptr (V2vGuest) guest = NULL;
  g_autofree char *disk = NULL;

  if (tests->guest)
    return TRUE;
  if (!v2v_accel_check (error) || !(tests->work_dir = v2v_work_dir_new (error)) ||
      !(disk = make_disk (tests, error)) || !(guest = v2v_guest_new (&options, error)) ||
      !v2v_guest_add_disk (guest, disk, "raw", FALSE, error) ||
      !v2v_launch_below (guest, tests->work_dir, error))
    return FALSE;
  tests->archive = g_build_filename (tests->work_dir, "tree.tar", NULL);
  v2v_temp_add (tests->archive);
  v2v_step ("test", "Running the tests", 0);
  tests->guest = g_steal_pointer (&guest);
  return TRUE;
}

static gboolean
begin (const V2vTest *test, V2vStore *store, gpointer data, GError **error)
{
  V2vTreeTests *tests = data;
  const V2vFactDecl *paths = v2v_schema_find_origin (tests->rules->schema, V2V_ORIGIN_PATHS);
  g_autoptr (GPtrArray) files = g_ptr_array_copy (test->files, NULL, NULL);

  /* Facts that a test does not give are absent, not unknown; scripts see the same. */
  for (guint i = 0; i < tests->rules->schema->facts->len; i++)
    v2v_store_set_known (store, tests->rules->schema->facts->pdata[i]);
  v2v_step_detail (test->name);
  end_test (tests);
  g_ptr_array_set_free_func (files, NULL);
  g_ptr_array_add (files, NULL);
  tests->before = v2v_file_tree_from_directory (test->tree, error);
  if (!tests->before || !start (tests, error) ||
      !v2v_file_tree_to_archive (tests->before, tests->archive, error) ||
      !v2v_guest_take_tree (tests->guest, tests->archive, error))
    return FALSE;
  tests->lua =
      v2v_lua_host_new (tests->guest, tests->rules, (const char *const *)files->pdata, error);
  return tests->lua && (!paths || v2v_guest_read_paths (tests->guest, tests->rules->paths,
                                                        paths, store, error));
}

static gboolean
probe (const V2vProbe *probe, const V2vValue *args, V2vStore *store, gpointer data,
       GError **error)
{
  V2vTreeTests *tests = data;

  return v2v_lua_run_probe (tests->lua, probe, args, store, error);
}

/* ---- carrying out the plan ---- */

/* Is TEST about STEP? It is about all steps, or only about those that it requests itself. */
static gboolean
is_wanted (const V2vTest *test, const V2vStep *step)
{
  for (guint i = 0; test->does && i < test->does->heads->len; i++)
    if (((const V2vHead *)test->does->heads->pdata[i])->operation == step->operation)
      return TRUE;
  return !test->does;
}

static gboolean
run_steps (V2vTreeTests *tests, const V2vTest *test, const V2vPlan *plan, V2vStore *store,
           GError **error)
{
  for (guint i = 0; i < plan->steps->len; i++) {
    const V2vStep *step = plan->steps->pdata[i];
    g_autoptr (GPtrArray) changes =
        g_ptr_array_new_with_free_func ((GDestroyNotify)v2v_change_free);

    if (!step->is_xslt && is_wanted (test, step) &&
        !v2v_lua_run_step (tests->lua, step, plan, store, changes, error))
      return FALSE;
  }
  return TRUE;
}

static V2vFileTree *
read_tree (V2vTreeTests *tests, GError **error)
{
  return v2v_guest_give_tree (tests->guest, tests->archive, error)
             ? v2v_file_tree_from_archive (tests->archive, error)
             : NULL;
}

/* Carries out PLAN twice. The second time must not change anything, because scripts have to
 * find out first whether there is something to do. */
static gboolean
act (const V2vTest *test, const V2vPlan *plan, V2vStore *store, gpointer data, GError **error)
{
  V2vTreeTests *tests = data;
  g_autoptr (V2vFileTree) again = NULL;
  g_autofree char *diff = NULL;
  g_autoptr (GError) failed = NULL;
  const gboolean done = run_steps (tests, test, plan, store, &failed);

  tests->after = read_tree (tests, error);
  if (!tests->after)
    return FALSE;
  if (!done) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  if (!run_steps (tests, test, plan, store, error)) {
    g_prefix_error (error, "carried out a second time: ");
    return FALSE;
  }
  again = read_tree (tests, error);
  if (!again)
    return FALSE;
  diff = v2v_file_tree_diff (tests->after, again);
  if (*diff)
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_CONFIG,
        "a second run changes again what the first has done; scripts must check first:\n%s",
        diff);
  return !*diff;
}

static char *
differs (const V2vTest *test, const V2vExpect *expect, gpointer data)
{
  V2vTreeTests *tests = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vFileTree) other = NULL;
  g_autofree char *diff = NULL;

  (void)test;
  if (expect->kind == V2V_EXPECT_TREE &&
      !(other = v2v_file_tree_from_directory (expect->pattern, &error)))
    return g_strdup (error->message);
  diff = v2v_file_tree_diff (other ? other : tests->before, tests->after);
  if (!*diff)
    return NULL;
  return other ? g_strdup_printf ("the file tree differs from %s:\n%s", expect->pattern, diff)
               : g_strdup_printf ("the file tree should not have changed:\n%s", diff);
}

const V2vTreeGuest v2v_tree_guest = {begin, probe, act, differs};
