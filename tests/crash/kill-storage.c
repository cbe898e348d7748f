/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Kills conversions and undos at every point at which they change something, and looks at what
 * the next run makes of it.
 *
 * What the storages do to files is done through functions that this program wraps (the linker's
 * --wrap): each call is a point before and a point after it, and a write is one in its middle
 * as well. A first run counts the points; then a process of its own is killed at one that is
 * chosen at random, or, one time in five, after a random time, with its tools. One time in
 * three, somebody uses the disk before the next run, as a guest that was started would.
 *
 * usage: kill-storage [--tap] [SEED [COUNT]]; the same numbers do the same again. The
 * environment variables V2V_CRASH_SEED and V2V_CRASH_COUNT are their defaults, and without these the
 * first hundred seeds: a result that comes and goes would be nobody's fault. "make check-long" has more.
 *
 * usage: kill-storage --leave SCENARIO: kills this one while it writes to a disk, and leaves
 * everything in the directory that it prints: "source" holds the disks, "keep" is the work
 * directory.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/jsontext.h"
#include "base/log.h"
#include "base/process.h"
#include "base/register.h"
#include "convert/undo.h"
#include "storage/in-place-dir.h"
#include "storage/leftovers.h"

#include "../unit/storage-case.h"

#define SIZE (1024 * 1024)
#define COUNT 100

/* ---- points ---- */

/* Shared with the processes that are killed. */
static struct {
  guint points, kill_at;
  char name[32];       /* of the last point */
  const char *kill_in; /* the name of the point, instead of its number, or NULL */
} * shared;
static gboolean armed;

static void
point (const char *name)
{
  if (!armed)
    return;
  g_strlcpy (shared->name, name, sizeof shared->name);
  if (++shared->points == shared->kill_at || g_strcmp0 (name, shared->kill_in) == 0)
    raise (SIGKILL);
}

#define WRAP(TYPE, NAME, PARAMETERS, ...)                                                      \
  TYPE __real_##NAME PARAMETERS;                                                               \
  TYPE __wrap_##NAME PARAMETERS;                                                               \
  TYPE __wrap_##NAME PARAMETERS                                                                \
  {                                                                                            \
    TYPE result;                                                                               \
                                                                                               \
    point (#NAME);                                                                             \
    result = __real_##NAME (__VA_ARGS__);                                                      \
    {                                                                                          \
      int errnum = errno;                                                                      \
                                                                                               \
      point (#NAME " done");                                                                   \
      errno = errnum;                                                                          \
    }                                                                                          \
    return result;                                                                             \
  }

WRAP (int, fsync, (int fd), fd)
WRAP (int, fdatasync, (int fd), fd)
WRAP (int, renameat, (int a, const char *b, int c, const char *d), a, b, c, d)
WRAP (int, renameat2, (int a, const char *b, int c, const char *d, unsigned e), a, b, c, d, e)
WRAP (int, unlink, (const char *path), path)
WRAP (int, unlinkat, (int fd, const char *path, int flags), fd, path, flags)
WRAP (int, remove, (const char *path), path)
WRAP (int, mkdir, (const char *path, mode_t mode), path, mode)
WRAP (int, mkdirat, (int fd, const char *path, mode_t mode), fd, path, mode)
WRAP (int, ftruncate, (int fd, off_t length), fd, length)
WRAP (int, fallocate, (int fd, int mode, off_t at, off_t length), fd, mode, at, length)
WRAP (int, flock, (int fd, int operation), fd, operation)
WRAP (gboolean, v2v_process_run,
      (const char *const *argv, const V2vLimits *limits, char **output, GError **error), argv,
      limits, output, error)
WRAP (gboolean, v2v_process_run_lines,
      (const char *const *argv, const V2vLimits *limits, V2vLineFunc line, gpointer data,
       GError **error),
      argv, limits, line, data, error)

ssize_t __real_write (int fd, const void *bytes, size_t length);
ssize_t __wrap_write (int fd, const void *bytes, size_t length);
ssize_t
__wrap_write (int fd, const void *bytes, size_t length)
{
  ssize_t half = armed ? __real_write (fd, bytes, length / 2) : 0, rest;

  point ("half a write");
  rest = half < 0 ? 0 : __real_write (fd, (const char *)bytes + half, length - (size_t)half);
  point ("write");
  return half < 0 || rest < 0 ? -1 : half + rest;
}

ssize_t __real_pwrite (int fd, const void *bytes, size_t length, off_t offset);
ssize_t __wrap_pwrite (int fd, const void *bytes, size_t length, off_t offset);
ssize_t
__wrap_pwrite (int fd, const void *bytes, size_t length, off_t offset)
{
  /* A page of the kernel's cache is written in one. */
  ssize_t half = length > 8192 && armed ? (ssize_t)(length / 8192 * 4096) : 0, rest;

  point ("pwrite");
  if (half)
    half = __real_pwrite (fd, bytes, (size_t)half, offset);
  if (half)
    point ("half a pwrite");
  rest = half < 0 ? 0
                  : __real_pwrite (fd, (const char *)bytes + half, length - (size_t)half,
                                   offset + half);
  point ("pwrite done");
  return half < 0 || rest < 0 ? -1 : half + rest;
}

/* ---- cases ---- */

typedef struct {
  const char *name, *storage;
  gboolean qcow2; /* a second disk, in this format */
  gboolean keep_undo, undo;
  guint points; /* 0: not counted yet */
  gint64 duration;
} Scenario;

static Scenario scenarios[] = {
    {"copy", "copy", FALSE, FALSE, FALSE, 0, 0},
    {"snapshot", "snapshot", FALSE, FALSE, FALSE, 0, 0},
    {"in-place", "in-place", FALSE, FALSE, FALSE, 0, 0},
    {"in-place --keep-undo", "in-place", FALSE, TRUE, FALSE, 0, 0},
    {"in-place --keep-undo with qcow2", "in-place", TRUE, TRUE, FALSE, 0, 0},
    {"undo of copy", "copy", FALSE, FALSE, TRUE, 0, 0},
    {"undo of in-place", "in-place", FALSE, TRUE, TRUE, 0, 0},
    {"undo of in-place with qcow2", "in-place", TRUE, TRUE, TRUE, 0, 0},
};

/* What the guest's changes are: stretches of the disk and a byte. The last crosses two bursts.
 */
static const struct {
  gsize offset, length;
  guchar byte;
} changes[] = {{65536, 131072, 0xa2}, {524288, 327680, 0xa3}};

static const char *qcow2_template;

typedef enum { CONVERTED, COMPLETED, DONE_BEFORE, REFUSED, FAILED } Result;

typedef struct {
  Case c;
  Scenario *scenario;
  char *raw, *qcow2, *report, *state;
  guchar before[SIZE]; /* of the raw disk */
  guchar used[SIZE];   /* the same after somebody has used it */
  char *qcow2_before;
} Trial;

static void
trial_init (Trial *t, Scenario *scenario)
{
  Case *c = &t->c;
  int fd;

  t->scenario = scenario;
  case_init (c, scenario->storage, "local");
  /* As runs call theirs, so that what is left in it is known as such. */
  g_free (c->work);
  c->work = in (c->dir, V2V_WORK_DIR_PREFIX "work");
  g_assert_cmpint (g_mkdir (c->work, 0700), ==, 0);
  if (scenario->keep_undo)
    v2v_option_values_add (c->options, "keep-undo", "");
  t->state = in (c->dir, "state");
  t->report = in (c->dir, "report.json");
  g_setenv ("V2V_ENGINE_STATE_DIR", t->state, TRUE);
  t->raw = in (c->source, "a.img");
  memset (t->before, 0xa1, SIZE / 2);
  memset (t->before + SIZE / 2, 0, SIZE / 2);
  fd = open (t->raw, O_WRONLY | O_CREAT, 0600);
  g_assert_cmpint (__real_write (fd, t->before, SIZE / 2), ==, SIZE / 2);
  g_assert_cmpint (__real_ftruncate (fd, SIZE), ==, 0);
  close (fd);
  g_ptr_array_add (c->disks, disk_new (t->raw, "raw"));
  g_string_append_printf (
      c->devices,
      "<disk type='file' device='disk'><source file='%s'/><target dev='vda'/>"
      "</disk>",
      t->raw);
  if (scenario->qcow2) {
    t->qcow2 = in (c->source, "b.img");
    run ("cp %s %s", qcow2_template, t->qcow2);
    g_ptr_array_add (c->disks, disk_new (t->qcow2, "qcow2"));
    g_string_append_printf (c->devices,
                            "<disk type='file' device='disk'><source file='%s'/>"
                            "<target dev='vdb'/></disk>",
                            t->qcow2);
    t->qcow2_before = checksum (t->qcow2);
  }
}

static void
trial_clear (Trial *t)
{
  case_clear (&t->c);
  g_free (t->raw);
  g_free (t->qcow2);
  g_free (t->report);
  g_free (t->state);
  g_free (t->qcow2_before);
  g_free (t);
}

static void
read_raw (const char *path, guchar *bytes)
{
  int fd = open (path, O_RDONLY);

  g_assert_cmpint (pread (fd, bytes, SIZE, 0), ==, SIZE);
  close (fd);
}

static void
committing (gboolean begin G_GNUC_UNUSED)
{
}

static void
write_report (Case *c, const char *path)
{
  const V2vJobSettings settings = {.storage = c->storage, .output = c->output};
  g_autoptr (JsonNode) note = v2v_undo_note (&settings, NULL, c->job);
  g_autofree char *member = json_to_string (note, TRUE);
  g_autofree char *text =
      g_strdup_printf ("{\"name\": \"guest\", \"status\": 0, \"undo\": %s}", member);

  write_file (path, text, -1);
  g_assert_cmpint (chmod (path, 0600), ==, 0);
}

/* ---- in processes of their own ---- */

static Result
fail (const GError *error)
{
  if (error->code == V2V_EXIT_DATA &&
      (strstr (error->message, "written to") ||
       strstr (error->message, "no longer what the conversion")))
    return REFUSED;
  if (error->code == V2V_EXIT_CANTCREAT &&
      strstr (error->message, "exists and is not replaced"))
    return DONE_BEFORE;
  fprintf (stderr, "# error %d: %s\n", error->code, error->message);
  return FAILED;
}

static Result
convert (Trial *t)
{
  Case *c = &t->c;
  g_autoptr (GError) error = NULL;
  g_autofree char *result = NULL;
  gboolean was_armed = armed;

  v2v_register_name ("guest");
  if (!case_begin (c, &error)) {
    /* As its caller would. */
    if (c->job)
      c->storage->abandon (c->job);
    return fail (error);
  }
  armed = FALSE;
  for (guint i = 0; i < c->disks->len; i++)
    run ("qemu-io -f qcow2 -c 'write -P 0xa2 64k 128k' -c 'write -P 0xa3 512k 320k' %s",
         overlay (c, i));
  armed = was_armed;
  if (!case_end (c, &result, &error)) {
    case_abandon (c);
    return fail (error);
  }
  c->storage->finish (c->job);
  return CONVERTED;
}

/* What the program does for the next run of the same conversion. */
static Result
convert_again (Trial *t, gboolean force)
{
  Case *c = &t->c;
  g_autoptr (GError) error = NULL;
  g_autofree char *what = NULL;

  v2v_leftovers_remove_dead ();
  if (force)
    v2v_option_values_add (c->options, "force-resume", "");
  if (c->storage->recover && !c->storage->recover (c->options, c->disks, &what, &error))
    return fail (error);
  if (what)
    return COMPLETED;
  v2v_leftovers_remove_results ("guest", c->out, NULL);
  return convert (t);
}

static Result
take_back (Trial *t, gboolean force)
{
  g_autoptr (V2vOptionValues) options = v2v_option_values_new ();
  g_autoptr (GError) error = NULL;

  v2v_leftovers_remove_dead ();
  if (force)
    v2v_option_values_add (options, "force", "");
  return v2v_undo (t->report, options, committing, &error) ? COMPLETED : fail (error);
}

typedef enum { FIRST, NEXT, FORCED } Turn;

/* Runs a turn in a process that is killed at a point, after a time, or not at all (0). */
static int
in_process (Trial *t, Turn turn, guint kill_at, gint64 kill_after)
{
  pid_t pid;
  int status, other;

  fflush (NULL);
  shared->points = 0;
  shared->kill_at = kill_at;
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0) {
    Result result;

    v2v_register_start ();
    armed = TRUE;
    if (t->scenario->undo)
      result = take_back (t, turn == FORCED);
    else if (turn == FIRST)
      result = convert (t);
    else
      result = convert_again (t, turn == FORCED);
    armed = FALSE;
    v2v_register_end ();
    _exit ((int)result);
  }
  if (kill_after) {
    g_usleep ((gulong)kill_after);
    kill (pid, SIGKILL);
  }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  /* Its tools are ours now, and end with it. */
  for (guint i = 0; waitpid (-1, &other, WNOHANG) >= 0 || errno != ECHILD; i++) {
    if (i > 500)
      g_error ("a tool goes on although the run is dead");
    g_usleep (10000);
  }
  return status;
}

/* ---- what must be so ---- */

static GString *trouble;

static void G_GNUC_PRINTF (2, 3) expect (gboolean ok, const char *format, ...)
{
  va_list args;

  if (ok)
    return;
  va_start (args, format);
  g_string_append (trouble, trouble->len ? "; " : "");
  g_string_append_vprintf (trouble, format, args);
  va_end (args);
}

/* The bytes of a disk that the guest's changes have reached. */
static void
change (guchar *bytes)
{
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    memset (bytes + changes[i].offset, changes[i].byte, changes[i].length);
}

static void
expect_bytes (const char *path, const guchar *expected, const char *what)
{
  g_autofree guchar *now = g_malloc (SIZE);
  gsize i = 0;

  read_raw (path, now);
  while (i < SIZE && now[i] == expected[i])
    i++;
  expect (i == SIZE, "%s: at byte %" G_GSIZE_FORMAT " there is 0x%02x, expected 0x%02x", what,
          i, i < SIZE ? now[i] : 0, i < SIZE ? expected[i] : 0);
}

/* Nothing but these names is in the directories of the trial. */
static void
expect_names (const Trial *t, guint results, guint kept)
{
  const Case *c = &t->c;
  g_autofree char *runs = in (t->state, "runs");

  expect (count_names (c->out) == results, "%u results instead of %u", count_names (c->out),
          results);
  expect (count_names (c->work) == 0, "%u files in the work directory", count_names (c->work));
  expect (count_names (c->keep) == kept, "%u directories of conversions in place instead of %u",
          count_names (c->keep), kept);
  expect (count_names (runs) == 0, "%u registers", count_names (runs));
}

/* Is the journal at one of the states in which disks are half written? */
static gboolean
is_half_written (const Trial *t)
{
  g_autoptr (GDir) names = g_dir_open (t->c.keep, 0, NULL);
  const char *name = names ? g_dir_read_name (names) : NULL;
  g_autofree char *directory = name ? in (t->c.keep, name) : NULL;
  g_autofree char *file = directory ? in (directory, V2V_JOURNAL_FILE) : NULL;
  g_autofree char *text = NULL;

  return file && g_file_get_contents (file, &text, NULL, NULL) &&
         (strstr (text, "\"committing\"") || strstr (text, "\"undoing\""));
}

static void
expect_converted (const Trial *t, const guchar *from)
{
  const Scenario *s = t->scenario;
  g_autofree guchar *expected = g_memdup2 (from, SIZE);
  g_autofree char *copy = in (t->c.out, "guest-sda");
  gboolean in_place = g_str_equal (s->storage, "in-place");

  change (expected);
  if (in_place)
    expect_bytes (t->raw, expected, "the converted disk");
  else
    expect_bytes (t->raw, from, "the source");
  if (g_str_equal (s->storage, "copy"))
    expect_bytes (copy, expected, "the copy");
  if (t->qcow2)
    expect (guest_reads (t->qcow2, "qcow2", 0xb1, "0", "64k") &&
                guest_reads (t->qcow2, "qcow2", 0xa2, "64k", "128k") &&
                guest_reads (t->qcow2, "qcow2", 0xa3, "512k", "320k"),
            "the converted qcow2 reads otherwise");
}

/* ---- one kill ---- */

static void
use (Trial *t, GRand *rand, gboolean late, GString *story)
{
  gsize offset = (gsize)g_rand_int_range (rand, 0, SIZE / 4096) * 4096;
  int fd;

  if (late)
    g_usleep (1100 * 1000);
  g_string_append_printf (story, ", used %s at %" G_GSIZE_FORMAT, late ? "later" : "at once",
                          offset);
  fd = open (t->raw, O_WRONLY);
  memset (t->used, 0xee, 4096);
  g_assert_cmpint (__real_pwrite (fd, t->used, 4096, (off_t)offset), ==, 4096);
  close (fd);
}

static void
prepare (Trial *t)
{
  Case *c = &t->c;

  if (!t->scenario->undo)
    return;
  g_assert_cmpint (convert (t), ==, CONVERTED);
  write_report (c, t->report);
  g_clear_pointer (&c->job, v2v_storage_job_free);
  g_clear_pointer (&c->domain, xmlFreeDoc);
}

/* The first run of a scenario counts. */
static void
count_points (Scenario *scenario)
{
  Trial *t = g_new0 (Trial, 1);
  gint64 began;
  int status;

  trial_init (t, scenario);
  prepare (t);
  began = g_get_monotonic_time ();
  status = in_process (t, FIRST, 0, 0);
  scenario->duration = g_get_monotonic_time () - began;
  scenario->points = shared->points;
  if (!WIFEXITED (status) || WEXITSTATUS (status) != (scenario->undo ? COMPLETED : CONVERTED))
    g_error ("%s does not work even if nobody kills it: status %d", scenario->name, status);
  printf ("# %s: %u points, %.2f s\n", scenario->name, scenario->points,
          (double)scenario->duration / 1000000);
  run ("rm -rf %s", t->c.dir);
  trial_clear (t);
}

static void
look (Trial *t, Result result, gboolean used, gboolean late, gboolean half)
{
  const Scenario *s = t->scenario;
  const gboolean in_place = g_str_equal (s->storage, "in-place");
  const guint results = in_place ? 1 : 2;
  g_autofree guchar *now = g_malloc (SIZE);

  read_raw (t->raw, now);
  if (used && late && half)
    expect (result == REFUSED || memcmp (now, t->used, SIZE) == 0,
            "it went on although the disk was used");
  if (result == REFUSED) {
    expect (used, "it refused although nobody has used the disk");
    expect (memcmp (now, t->used, SIZE) == 0, "it wrote although it refused");
    if (s->undo && !half)
      return; /* of a conversion that was finished and is used */
    result = (Result)WEXITSTATUS (in_process (t, FORCED, 0, 0));
    expect (result == COMPLETED, "force did not complete it");
    used = FALSE;
    read_raw (t->raw, now);
    /* What was used beside the converted blocks stays. */
    memcpy (t->before, now, SIZE);
  }
  if (s->undo) {
    expect (result == COMPLETED, "undo came to %d", (int)result);
    if (!used)
      expect_bytes (t->raw, t->before, "the disk that was taken back");
    if (t->qcow2) {
      g_autofree char *sum = checksum (t->qcow2);

      expect (g_str_equal (sum, t->qcow2_before), "the qcow2 is not what it was");
    }
    expect_names (t, 0, 0);
    return;
  }
  expect (result == CONVERTED || result == COMPLETED || result == DONE_BEFORE, "it came to %d",
          (int)result);
  if (!used)
    expect_converted (t, t->before);
  else if (result == CONVERTED)
    expect_converted (t, t->used);
  else if (result == COMPLETED || in_place) /* It was complete, or the dates could not yet tell:
                                               what was used is still there. */
    for (gsize i = 0; i < SIZE; i++)
      if (t->used[i] == 0xee && now[i] != 0xee) {
        expect (FALSE, "what was used at byte %" G_GSIZE_FORMAT " is lost", i);
        break;
      }
  expect_names (t, results, s->keep_undo ? 1 : 0);
}

static gboolean
kill_once (guint number, guint32 seed)
{
  GRand *rand = g_rand_new_with_seed (seed);
  Scenario *scenario = &scenarios[g_rand_int_range (rand, 0, G_N_ELEMENTS (scenarios))];
  g_autoptr (GString) story = g_string_new (NULL);
  Trial *t = g_new0 (Trial, 1);
  const gboolean timed = g_rand_int_range (rand, 0, 5) == 0;
  const gboolean twice = g_rand_int_range (rand, 0, 4) == 0;
  const gboolean used = g_rand_int_range (rand, 0, 3) == 0;
  const gboolean late = used && g_rand_boolean (rand);
  gboolean half, ok;
  int status;

  if (!scenario->points)
    count_points (scenario);
  trial_init (t, scenario);
  prepare (t);
  if (timed)
    status = in_process (t, FIRST, 0,
                         1 + (gint64)(g_rand_double (rand) * (double)scenario->duration));
  else
    status = in_process (t, FIRST,
                         (guint)g_rand_int_range (rand, 1, (gint32)scenario->points + 1), 0);
  g_string_append_printf (story, "%s, %s at point %u (%s)", scenario->name,
                          WIFSIGNALED (status) ? "killed" : "ended", shared->points,
                          shared->name);
  if (twice && WIFSIGNALED (status)) {
    status = in_process (t, NEXT, (guint)g_rand_int_range (rand, 1, 60), 0);
    g_string_append_printf (story, ", the next %s at point %u (%s)",
                            WIFSIGNALED (status) ? "killed" : "ended", shared->points,
                            shared->name);
  }
  half = is_half_written (t);
  read_raw (t->raw, t->used);
  if (used) {
    use (t, rand, late, story);
    read_raw (t->raw, t->used);
  }
  /* Where the first run had ended, there may be nothing to be done. */
  status = in_process (t, NEXT, 0, 0);
  if (!WIFEXITED (status))
    expect (FALSE, "the next run was killed by signal %d", WTERMSIG (status));
  else
    look (t, (Result)WEXITSTATUS (status), used, late, half);
  ok = !trouble->len;
  printf ("%sok %u - seed %u: %s\n", ok ? "" : "not ", number, seed, story->str);
  if (!ok)
    printf ("# %s\n# again: kill-storage %u 1\n# %s\n", trouble->str, seed, t->c.dir);
  g_string_truncate (trouble, 0);
  g_rand_free (rand);
  run ("rm -rf %s", t->c.dir);
  trial_clear (t);
  return ok;
}

/* Only what is written to disks is so long that it has a half. */
static int
leave_half_written (const char *name)
{
  Trial *t = g_new0 (Trial, 1);
  guint i = 0;
  int status;

  while (i < G_N_ELEMENTS (scenarios) && !g_str_equal (scenarios[i].name, name))
    i++;
  g_assert_cmpuint (i, <, G_N_ELEMENTS (scenarios));
  trial_init (t, &scenarios[i]);
  prepare (t);
  shared->kill_in = "half a pwrite";
  status = in_process (t, FIRST, 0, 0);
  g_assert_true (WIFSIGNALED (status) && is_half_written (t));
  puts (t->c.dir);
  trial_clear (t);
  return 0;
}

int
main (int argc, char **argv)
{
  const char *given = g_getenv ("V2V_CRASH_COUNT");
  guint count = given ? (guint)atoi (given) : COUNT;
  const char *given_seed = g_getenv ("V2V_CRASH_SEED");
  guint32 seed = given_seed ? (guint32)strtoul (given_seed, NULL, 10) : 1;
  g_autofree char *dir = NULL, *template = NULL;
  gboolean ok = TRUE;
  int first = argc > 1 && g_str_equal (argv[1], "--tap") ? 2 : 1;

  setvbuf (stdout, NULL, _IOLBF, 0);
  v2v_log_setup (V2V_QUIET, -1);
  if (argc > first)
    seed = (guint32)strtoul (argv[first], NULL, 10);
  if (argc > first + 1)
    count = (guint)atoi (argv[first + 1]);
  shared =
      mmap (NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert_true (shared != MAP_FAILED);
  prctl (PR_SET_CHILD_SUBREAPER, 1);
  trouble = g_string_new (NULL);
  dir = test_dir ();
  qcow2_template = template = in (dir, "template.qcow2");
  run ("qemu-img create -q -f qcow2 %s 1M", template);
  guest_write (template, "qcow2", 0xb1, "0", "64k");
  if (argc == 3 && g_str_equal (argv[1], "--leave")) {
    g_string_free (trouble, TRUE);
    return leave_half_written (argv[2]);
  }
  printf ("# seeds from %u on\n1..%u\n", seed, count);
  for (guint i = 1; i <= count; i++)
    ok = kill_once (i, seed + i - 1) && ok;
  g_string_free (trouble, TRUE);
  run ("rm -rf %s", dir);
  return ok ? 0 : 1;
}
