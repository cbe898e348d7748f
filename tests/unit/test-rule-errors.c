/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every error message of the rule language.
 *
 * tests/rules/errors/NAME.v2v is loaded over the rules of tests/rules/errors/base, and what is
 * reported has to be NAME.expect, to the letter (V2V_TEST_UPDATE=1 writes it). What
 * cannot be a file of the source tree is made here. At the end every message in engine/lang/
 * has to have been seen.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "lang/limits.h"
#include "load/load.h"
#include "plan/plan.h"
#include "rules-fixture.h"
#include "syntax/format.h"

static char *source_dir; /* tests/rules/errors */
static GString *seen;    /* everything that was reported */

static char *
replace (const char *text, const char *what, const char *with)
{
  g_auto (GStrv) parts = g_strsplit (text, what, -1);

  return g_strjoinv (with, parts);
}

/* A script check that finds fault with what is called "broken". */
static gboolean
check_lua (const char *path G_GNUC_UNUSED, const char *function, GError **error,
           gpointer data G_GNUC_UNUSED)
{
  if (strcmp (function, "broken") != 0)
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG, "there is no function \"broken\"");
  return FALSE;
}

static gboolean
check_xslt (const char *path, GError **error, gpointer data G_GNUC_UNUSED)
{
  g_autofree char *name = g_path_get_basename (path);

  if (strstr (name, "broken") == NULL)
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG, "it is broken");
  return FALSE;
}

static V2vScriptChecks checks = {.lua = check_lua, .xslt = check_xslt};
/* As the command check looks at rules. */
static const V2vScriptChecks all_checks = {
    .lua = check_lua, .xslt = check_xslt, .implies = v2v_provider_implies};

/* ---- cases that are files ---- */

static char *
report (V2vDiags *diags)
{
  g_autofree char *base = g_build_filename (source_dir, "base", NULL);
  g_autofree char *text = v2v_diags_to_string (diags);

  g_string_append (seen, text);
  return replace (text, base, "BASE");
}

static char *
load_case (const char *file)
{
  g_autofree char *base = g_build_filename (source_dir, "base", NULL);
  const char *files[] = {file, NULL};
  g_autoptr (GPtrArray) trees = NULL;
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (V2vRuleSet) rules = NULL;

  g_setenv ("V2V_ENGINE_DATA_DIR", base, TRUE);
  trees = v2v_rule_dirs_default (NULL);
  rules = v2v_ruleset_load (trees, files, TRUE,
                            g_str_has_prefix (file, "sense") ? &all_checks : &checks, diags);
  g_assert_true ((rules == NULL) == (v2v_diags_errors (diags) > 0));
  return report (diags);
}

static void
test_file (gconstpointer data)
{
  const char *name = data;
  g_autofree char *file = g_strconcat (name, ".v2v", NULL);
  g_autofree char *expect = g_strconcat (source_dir, "/", name, ".expect", NULL);
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;

  g_assert_cmpint (g_chdir (source_dir), ==, 0);
  found = load_case (file);
  if (g_getenv ("V2V_TEST_UPDATE") != NULL)
    g_assert_true (g_file_set_contents (expect, found, -1, NULL));
  g_assert_true (g_file_get_contents (expect, &expected, NULL, NULL));
  g_assert_cmpstr (found, ==, expected);
}

/* ---- cases that are made ---- */

/* Loads TREES (directories below DIRECTORY, the highest first) over the base; FILES may be NULL. What
 * is reported has to be EXPECTED, where the directory is called DIR. */
static void
expect_trees (const char *directory, const char *const *names, const char *const *files,
              const char *expected)
{
  g_autoptr (GPtrArray) extra = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *base = g_build_filename (source_dir, "base", NULL);
  g_autoptr (GPtrArray) trees = NULL;
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (V2vRuleSet) rules = NULL;
  g_autofree char *with_dir = NULL;
  g_autofree char *found = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    g_ptr_array_add (extra, g_build_filename (directory, names[i], NULL));
  g_ptr_array_add (extra, NULL);
  g_setenv ("V2V_ENGINE_DATA_DIR", base, TRUE);
  trees = v2v_rule_dirs_default ((const char *const *)extra->pdata);
  rules = v2v_ruleset_load (trees, files, TRUE, &checks, diags);
  with_dir = report (diags);
  found = replace (with_dir, directory, "DIR");
  g_assert_cmpstr (found, ==, expected);
  g_assert_true ((rules == NULL) == (v2v_diags_errors (diags) > 0));
}

static void
expect_text (const char *text, gssize length, const char *expected)
{
  g_autofree char *directory = fixture_directory ();
  static const char *const names[] = {"a", NULL};

  fixture_write (directory, "a/rules/x.v2v", text, length);
  expect_trees (directory, names, NULL, expected);
  fixture_remove (directory);
}

static void
test_bytes (void)
{
  g_autofree char *huge = g_strnfill (V2V_RULE_FILE_MAX + 1, '\n');

  /* Carriage returns are white space. */
  expect_text ("v2v-rules 1\r\nrule a {\r\n  fail \"x\"\r\n}\r\n", -1, "");
  expect_text ("v2v-rules 1\rrule a {\r  fail \"x\"\r}\r", -1, "");
  expect_text (
      "v2v-rules 1\r\nrule a {\r\n  fail \"x\r\n}\r\n", -1,
      "DIR/a/rules/x.v2v:3:8: error[V2V011]: the string that begins here does not end on its "
      "line\n      fail \"x\n           ^\n");
  expect_text (
      "v2v-rules 1\nrule \0a {}", 22,
      "DIR/a/rules/x.v2v:2:6: error[V2V006]: a rule file is text, but here is a NUL byte\n"
      "    rule \\x00a {}\n         ^\n");
  expect_text (
      "v2v-rules 1\n# gr\xc3\xbcn\n\xc3\xbcrule \xff", -1,
      "DIR/a/rules/x.v2v:3:7: error[V2V006]: a rule file is UTF-8, but the byte \\xff here is "
      "not\n    \xc3\xbcrule \\xff\n          ^\n    save the file as UTF-8\n");
  expect_text ("\xef\xbb\xbfv2v-rules 1\nrule a { fail \"x\" }\n", -1,
               "DIR/a/rules/x.v2v:1:1: error[V2V006]: the file begins with a byte order mark\n"
               "    \\ufeffv2v-rules 1\n    ^\n    save the file as UTF-8 without it\n");
  expect_text (
      "", 0,
      "DIR/a/rules/x.v2v:1:1: error[V2V004]: a rule file begins with v2v-rules 1\n    \n    ^\n"
      "    put it before everything but comments\n");
  expect_text (
      huge, -1,
      "DIR/a/rules/x.v2v: error[V2V007]: a rule file may have at most 16777216 bytes, this one "
      "has 16777217\n");
  expect_text (
      "v2v-rules 1\nrule \xc2\xa0 a { fail \"x\" }", -1,
      "DIR/a/rules/x.v2v:2:6: error[V2V010]: the character U+00A0 has no meaning here\n"
      "    rule \xc2\xa0 a { fail \"x\" }\n         ^\n");
}

/* The limit holds for text that comes from no file, too. */
static void
test_memory (void)
{
  g_autofree char *huge = g_strnfill (V2V_RULE_FILE_MAX + 1, ' ');
  g_autoptr (V2vDiags) diags = v2v_diags_new ();

  g_assert_null (v2v_format_rules ("stdin", huge, strlen (huge), diags));
  {
    g_autofree char *text = report (diags);

    g_assert_cmpstr (
        text, ==,
        "stdin: error[V2V007]: a rule file may have at most 16777216 bytes, this one has "
        "16777217\n");
  }
}

static void
test_directories (void)
{
  g_autofree char *directory = fixture_directory ();
  static const char *const none[] = {"nothing", NULL}, *const one[] = {"a", NULL};
  g_autofree char *missing = g_build_filename (directory, "missing.v2v", NULL);
  g_autofree char *odd = g_build_filename (directory, "a/rules/odd.v2v", NULL);
  g_autofree char *dangling = g_build_filename (directory, "a/rules/dangling.v2v", NULL);
  g_autofree char *zero = g_build_filename (directory, "a/rules/zero.v2v", NULL);
  g_autoptr (GString) deep = g_string_new ("a/rules");
  const char *files[] = {missing, NULL}, *devices[] = {"/dev/zero", NULL};

  expect_trees (directory, none, NULL,
                "DIR/nothing: error[V2V003]: there is no directory rules/ in it\n"
                "    --rules-dir names a directory that holds rules/, lua/ and xslt/\n");

  fixture_write (directory, "a/rules/x.v2v", "v2v-rules 1\n", -1);
  expect_trees (directory, one, files,
                "DIR/missing.v2v: error[V2V001]: the file cannot be read: Failed to open file "
                "\xe2\x80\x9c"
                "DIR/missing.v2v\xe2\x80\x9d: No such file or directory\n");
  expect_trees (directory, one, devices,
                "/dev/zero: error[V2V001]: this is not a regular file\n");
  {
    static const char *const directories[] = {"/", NULL};

    expect_trees (directory, one, directories,
                  "/: error[V2V001]: this is not a regular file\n"
                  "    name a rule file; --rules-dir takes a directory that holds rules/\n");
  }

  g_assert_cmpint (mkfifo (odd, 0600), ==, 0);
  g_assert_cmpint (symlink ("nowhere", dangling), ==, 0);
  g_assert_cmpint (symlink ("/dev/zero", zero), ==, 0);
  expect_trees (
      directory, one, NULL,
      "DIR/a/rules/dangling.v2v: error[V2V001]: the file cannot be read: No such file or "
      "directory\n    to turn a file off, link it to /dev/null\n"
      "DIR/a/rules/odd.v2v: error[V2V001]: this is neither a file nor a link to /dev/null\n"
      "DIR/a/rules/zero.v2v: error[V2V001]: this is neither a file nor a link to /dev/null\n");
  g_remove (odd);
  g_remove (dangling);
  g_remove (zero);

  g_assert_cmpint (symlink ("..", odd), ==, 0);
  expect_trees (directory, one, NULL,
                "DIR/a/rules/odd.v2v: warning[V2V002]: a link to a directory is not followed\n"
                "    link the files in it, or put the directory itself here\n");
  g_remove (odd);

  for (guint i = 0; i < 17; i++)
    g_string_append (deep, "/d");
  g_string_append (deep, "/x.v2v");
  fixture_write (directory, deep->str, "v2v-rules 1\n", -1);
  expect_trees (directory, one, NULL,
                "DIR/a/rules/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d: error[V2V007]: directories are "
                "nested more than 16 "
                "levels deep\n");
  fixture_remove (directory);
}

/* A directory that may not be read. Root may read everything. */
static void
test_unreadable (void)
{
  g_autofree char *directory = fixture_directory ();
  g_autofree char *closed = g_build_filename (directory, "a/rules/closed", NULL);
  static const char *const one[] = {"a", NULL};

  fixture_write (directory, "a/rules/closed/x.v2v", "v2v-rules 1\n", -1);
  g_assert_cmpint (g_chmod (closed, 0), ==, 0);
  if (access (closed, R_OK) == 0)
    g_string_append (seen,
                     "\nerror[V2V001]: the directory cannot be read: Permission denied\n");
  else
    expect_trees (
        directory, one, NULL,
        "DIR/a/rules/closed: error[V2V001]: the directory cannot be read: Error opening directory "
        "\xe2\x80\x9c"
        "DIR/a/rules/closed\xe2\x80\x9d: Permission denied\n");
  g_chmod (closed, 0700);
  fixture_remove (directory);
}

static void
test_shipped_missing (void)
{
  g_autofree char *directory = fixture_directory ();
  g_autofree char *found = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) trees = NULL;
  g_autoptr (V2vDiags) diags = v2v_diags_new ();

  g_setenv ("V2V_ENGINE_DATA_DIR", directory, TRUE);
  trees = v2v_rule_dirs_default (NULL);
  g_assert_null (v2v_ruleset_load (trees, NULL, FALSE, NULL, diags));
  text = report (diags);
  found = replace (text, directory, "DIR");
  g_assert_cmpstr (found, ==,
                   "DIR: error[V2V003]: there is no directory rules/ in it\n"
                   "    install the program's rules, or set V2V_ENGINE_DATA_DIR\n");
  fixture_remove (directory);
}

/* Options need a fact to be fields of, and the rules alone say which. */
static void
test_no_options (void)
{
  g_autofree char *directory = fixture_directory ();
  g_autofree char *found = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) trees = NULL;
  g_autoptr (V2vDiags) diags = v2v_diags_new ();

  fixture_write (directory, "rules/x.v2v", "v2v-rules 1\noption quick flag\n", -1);
  g_setenv ("V2V_ENGINE_DATA_DIR", directory, TRUE);
  trees = v2v_rule_dirs_default (NULL);
  g_assert_null (v2v_ruleset_load (trees, NULL, FALSE, NULL, diags));
  text = report (diags);
  found = replace (text, directory, "DIR");
  g_assert_cmpstr (found, ==,
                   "DIR/rules/x.v2v:2:8: error[V2V055]: there is no fact from options that "
                   "could hold option "
                   "quick\n    option quick flag\n           ^~~~~\n"
                   "    declare one: fact option from options { }\n");
  fixture_remove (directory);
}

static void
test_effect (void)
{
  g_autofree char *directory = fixture_directory ();
  static const char *const both[] = {"a", "b", NULL};

  fixture_write (
      directory, "b/rules/b.v2v",
      "v2v-rules 1\n"
      "rule new was old { fail \"x\" }\n"
      "rule other was old { fail \"x\" }\n"
      "rule third was base.family { fail \"x\" }\n"
      "rule base.family { fail \"x\" }\n"
      "override rule base.famly { fail \"x\" }\n"
      "override rule new { fail \"b\" }\n"
      "override rule new { fail \"b again\" }\n"
      "disable rule new\n"
      "disable provider enabler\n"
      "disable provider nosuch\n"
      "override provider installer for enable(driver, kernel) { do lua \"install.lua\" "
      "f(driver) }\n"
      "disable probe kernel\n",
      -1);
  fixture_write (directory, "a/rules/a.v2v",
                 "v2v-rules 1\n"
                 "override rule old { fail \"a\" }\n"
                 "disable rule old-again\n"
                 "rule renamed was old-again { fail \"x\" }\n",
                 -1);
  expect_trees (
      directory, both, NULL,
      "DIR/a/rules/a.v2v:2:15: warning[V2V065]: rule old is called new now\n"
      "    override rule old { fail \"a\" }\n                  ^~~\n    write new\n"
      "DIR/a/rules/a.v2v:3:14: warning[V2V065]: rule old-again is called renamed now\n"
      "    disable rule old-again\n                 ^~~~~~~~~\n    write renamed\n"
      "DIR/b/rules/b.v2v:3:16: error[V2V064]: rule new declares the old name old too, at "
      "DIR/b/rules/b.v2v:2\n"
      "    rule other was old { fail \"x\" }\n                   ^~~\n"
      "DIR/b/rules/b.v2v:4:16: error[V2V064]: a rule base.family still exists, at "
      "DIR/b/rules/b.v2v:5\n"
      "    rule third was base.family { fail \"x\" }\n                   ^~~~~~~~~~~\n"
      "DIR/b/rules/b.v2v:5:6: error[V2V060]: rule base.family is already defined at "
      "BASE/rules/base.v2v:68\n"
      "    rule base.family { fail \"x\" }\n         ^~~~~~~~~~~\n"
      "    to replace it, write override rule base.family\n"
      "DIR/b/rules/b.v2v:6:15: error[V2V050]: there is no rule base.famly to override\n"
      "    override rule base.famly { fail \"x\" }\n                  ^~~~~~~~~~\n"
      "    did you mean base.family?\n"
      "DIR/b/rules/b.v2v:8:15: error[V2V063]: rule new is overridden in the same directory at "
      "DIR/b/rules/b.v2v:7\n"
      "    override rule new { fail \"b again\" }\n                  ^~~\n"
      "DIR/b/rules/b.v2v:9:14: error[V2V063]: rule new is overridden in the same directory at "
      "DIR/b/rules/b.v2v:7, so it cannot be disabled here\n"
      "    disable rule new\n                 ^~~\n"
      "DIR/b/rules/b.v2v:11:18: error[V2V050]: there is no provider nosuch to disable\n"
      "    disable provider nosuch\n                     ^~~~~~\n"
      "    there are enabler, installer, other-enabler\n"
      "DIR/b/rules/b.v2v:12:19: error[V2V050]: there is no provider installer for enable to "
      "override\n"
      "    override provider installer for enable(driver, kernel) { do lua \"install.lua\" "
      "f(driver) }\n                      ^~~~~~~~~\n"
      "    did you mean installer?\n"
      "DIR/b/rules/b.v2v:13:15: error[V2V050]: there is no probe kernel to disable\n"
      "    disable probe kernel\n                  ^~~~~~\n    did you mean kernels?\n");
  fixture_remove (directory);
}

/* A file that cannot be read at all may have declared what seems to be missing. */
static void
test_nothing_follows (void)
{
  g_autofree char *directory = fixture_directory ();
  static const char *const one[] = {"a", NULL};

  fixture_write (directory, "a/rules/a.v2v", "v2v-rules 2\nfact new { a: int }\n", -1);
  fixture_write (
      directory, "a/rules/b.v2v",
      "v2v-rules 1\n"
      "rule a { when new.a == 5 and some-let do new-operation(5) do start(\"1\") }\n"
      "provider b for new-operation(x) { over c after d do lua \"install.lua\" f(x) }\n"
      "rule c { when os.id == unknown-word fail \"x\" }\n"
      "disable rule d\n"
      "name e f\n"
      "test \"t\" { given os { id = unknown } expect unknown expect no unknown }\n",
      -1);
  expect_trees (
      directory, one, NULL,
      "DIR/a/rules/a.v2v:1:11: error[V2V005]: this file is made for interface 2.0, but this v2v-engine "
      "has 1.2\n    v2v-rules 2\n              ^\n"
      "    install a v2v-engine that has 2.0, or the edition of this file for 1.2\n");
  fixture_remove (directory);
}

/* What came after the interface of a file is an error in it, what is deprecated a warning where
 * that is asked for. Who provides something does not use it. */
static void
test_interface (void)
{
  g_autofree char *directory = fixture_directory ();
  static const char *const both[] = {"a", "b", NULL};
  static const char script[] =
      "local M = {}\n"
      "-- guest.new\n"
      "--[[ guest.new\n]]\n"
      "local text = 'guest.new' .. [==[guest.new]]]==] .. \"\\\"guest.new\"\n"
      "local other = require 'v.other'\n"
      "local far = require 'lib.far'\n"
      "M.guest.new = text:guest.new\n"
      "return M\n";
  static const char uses[] =
      "rule a {\n"
      "  when new.a == 1 and os.arch == ppc and more.colour == red\n"
      "  when more.later is set and option.slow == true\n"
      "  some many { a == 5 }\n"
      "  each kernel as k { arch == power }\n"
      "  do act()\n"
      "  do lua \"v/x.lua\" f()\n"
      "}\n"
      "fact mine { a: colours }\n"
      "name colours pink\n"
      "provider act2 for act() { when new.a == 2 do lua \"v/x.lua\" f() }\n"
      "rule b { when os.major == 1 assert new.b = 1 }\n"
      "rule c { when os.major == 1 assert many { a = 1 } }\n"
      "test \"t\" { given new { a = 1 } given os.arch = ppc expect act }\n";
  static const char declared[] =
      "v2v-rules 1.2\n"
      "enum colours @ { red green }\n"
      "fact new @ { a: int b: int derived }\n"
      "fact many each derived @ { a: int key }\n"
      "name arch ppc @ \"a word\"\n"
      "name arch x86_64 also power @\n"
      "fact more { colour: enum(red) later: int @ \"a field\" }\n"
      "option slow flag @ { describe \"x\" }\n"
      "operation act() phase boot @\n"
      "provider act for act() { when os.major == 3 do lua \"install.lua\" f() }\n"
      "function guest.new @\n";
  static const struct {
    const char *said, *header, *expect;
  } cases[] = {
      {"since 2", "v2v-rules 1.1\n", "interface-newer.expect"},
      {"deprecated \"use os\"", "v2v-rules 1\n", "interface-deprecated.expect"},
      {"since 2 deprecated \"use os\"", "v2v-rules 1.2\n", "interface-deprecated.expect"}};

  fixture_write (directory, "a/lua/v/x.lua", script, -1);
  fixture_write (directory, "a/lua/v/other.lua", "return { f = guest . new, g = a..guest.new }",
                 -1);
  fixture_write (directory, "b/lua/lib/far.lua", "return { f = guest.new }", -1);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *declarations = replace (declared, "@", cases[i].said);
    g_autofree char *user = g_strconcat (cases[i].header, uses, NULL);
    g_autofree char *expect = g_build_filename (source_dir, cases[i].expect, NULL);
    g_autofree char *expected = NULL;

    fixture_write (directory, "b/rules/b.v2v", declarations, -1);
    fixture_write (directory, "a/rules/a.v2v", user, -1);
    g_assert_true (g_file_get_contents (expect, &expected, NULL, NULL));
    checks.deprecated = TRUE;
    expect_trees (directory, both, NULL, expected);
    checks.deprecated = FALSE;
    /* Where nobody asks for them, there are no warnings. */
    expect_trees (directory, both, NULL, i == 0 ? expected : "");
  }
  fixture_remove (directory);
}

static void
expect_capture (const char *text, const char *expected)
{
  g_autofree char *directory = fixture_directory ();
  g_autofree char *base = g_build_filename (source_dir, "base", NULL);
  g_autofree char *path = g_build_filename (directory, "c.v2v", NULL);
  g_autofree char *with_dir = NULL;
  g_autofree char *found = NULL;
  g_autoptr (GPtrArray) trees = NULL;
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (V2vRuleSet) rules = NULL;
  V2vCapture *capture;

  g_setenv ("V2V_ENGINE_DATA_DIR", base, TRUE);
  trees = v2v_rule_dirs_default (NULL);
  rules = v2v_ruleset_load (trees, NULL, FALSE, NULL, diags);
  g_assert_nonnull (rules);
  if (text != NULL)
    fixture_write (directory, "c.v2v", text, -1);
  capture = v2v_ruleset_read_capture (rules, path, diags);
  with_dir = report (diags);
  found = replace (with_dir, directory, "DIR");
  g_assert_cmpstr (found, ==, expected);
  g_assert_true ((capture != NULL) == (*expected == '\0'));
  fixture_remove (directory);
}

static void
test_captures (void)
{
  expect_capture ("v2v-rules 1\ncapture \"x\" {\n  given os { id = unheard-of }\n"
                  "  given kernel { version = \"1\" }\n  probed kernels\n  known os\n"
                  "  asked \"/etc/fstab\"\n}\n",
                  "");
  expect_capture ("v2v-rules 1\n",
                  "DIR/c.v2v: error[V2V008]: there is no capture in this file\n");
  expect_capture (
      "v2v-rules 1\nrule a { fail \"x\" }\ncapture \"x\" { }\n",
      "DIR/c.v2v:2:6: error[V2V008]: a file of facts contains exactly one capture and nothing else\n"
      "    rule a { fail \"x\" }\n         ^\n"
      "DIR/c.v2v:3:9: error[V2V008]: a file of facts contains exactly one capture and nothing else\n"
      "    capture \"x\" { }\n            ^\n");
  expect_capture ("v2v-rules 1\ncapture \"x\" { given os { idd = rhel } }\n",
                  "DIR/c.v2v:2:26: error[V2V041]: fact os has no field \"idd\"\n"
                  "    capture \"x\" { given os { idd = rhel } }\n"
                  "                             ^~~\n    did you mean id?\n");
  expect_capture (NULL,
                  "DIR/c.v2v: error[V2V001]: the file cannot be read: Failed to open file "
                  "\xe2\x80\x9c"
                  "DIR/c.v2v\xe2\x80\x9d: No such file or directory\n");
}

/* ---- is every message seen? ---- */

/* One string literal of C, with what a format means in it, as a regular expression. */
static void
append_pattern (GString *pattern, const char *literal, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if (literal[i] == '\\' && i + 1 < length) {
      g_autofree char *escaped = NULL;
      char c[2] = {literal[++i], '\0'};

      escaped = g_regex_escape_string (c, 1);
      g_string_append (pattern, c[0] == 'n' ? "\\\\x0a" : escaped);
    } else if (literal[i] == '%' && i + 1 < length && literal[i + 1] == '%') {
      g_string_append_c (pattern, '%');
      i++;
    } else if (literal[i] == '%') {
      g_string_append (pattern, ".*");
      while (i + 1 < length && strchr ("0123456789.*lXx", literal[i + 1]) != NULL)
        i++;
      if (i + 1 < length && strchr ("sducg", literal[i + 1]) != NULL)
        i++;
    } else {
      g_autofree char *escaped = g_regex_escape_string (literal + i, 1);

      g_string_append (pattern, escaped);
    }
  }
}

/* Looks at the string literals in the call whose arguments begin at TEXT, but not in calls
 * inside it. Returns how many were not seen. */
static guint
examine_call (const char *file, const char *text, guint *looked)
{
  g_autoptr (GString) pattern = g_string_new (NULL);
  guint depth = 0, missing = 0;
  gboolean open = FALSE;

  for (const char *p = text; *p != '\0'; p++) {
    if (*p == '"') {
      const char *end = p + 1;

      while (*end != '"')
        end += *end == '\\' ? 2 : 1;
      if (depth == 1) {
        append_pattern (pattern, p + 1, (gsize)(end - p - 1));
        open = TRUE;
      }
      p = end;
      continue;
    }
    if (*p == '(')
      depth++;
    if (*p == ')')
      depth--;
    if (open && (*p == ',' || *p == ':' || (*p == ')' && depth == 0))) {
      g_autofree char *whole = g_strdup_printf (
          "(?m)(?:error\\[V2V\\d+\\]: |warning\\[V2V\\d+\\]: |^    )%s$", pattern->str);

      if (strchr (pattern->str, ' ') == NULL) { /* an argument, not a message */
        g_string_truncate (pattern, 0);
        open = FALSE;
        continue;
      }
      ++*looked;
      if (!g_regex_match_simple (whole, seen->str, 0, 0)) {
        g_test_message ("%s: no test sees %s", file, pattern->str);
        missing++;
      }
      g_string_truncate (pattern, 0);
      open = FALSE;
    } else if (open && g_ascii_isupper (*p)) { /* G_GINT64_FORMAT between two literals */
      g_string_append (pattern, ".*");
      while (g_ascii_isalnum (p[1]) || p[1] == '_')
        p++;
    }
    if (depth == 0)
      break;
  }
  return missing;
}

/* What is not seen of the messages in the files of ROOM. */
static guint
examine_room (const char *room, guint *looked)
{
  g_autofree char *directory =
      g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "engine", room, NULL);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  g_autoptr (GRegex) calls = g_regex_new (
      "(?<!define "
      ")\\b(?:lex_error|parse_error|parse_error_at|check_error|check_warning|name_error|"
      "tree_error|tree_warning|wrong_type) \\(",
      0, 0, NULL);
  guint missing = 0;
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (directory, name, NULL);
    g_autofree char *text = NULL;
    g_autoptr (GMatchInfo) match = NULL;

    if (!g_str_has_suffix (name, ".c"))
      continue;
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    for (g_regex_match (calls, text, 0, &match); g_match_info_matches (match);
         g_match_info_next (match, NULL)) {
      gint end;

      g_match_info_fetch_pos (match, 0, NULL, &end);
      missing += examine_call (name, text + end - 1, looked);
    }
  }
  return missing;
}

static void
test_all_seen (void)
{
  static const char *const rooms[] = {"syntax", "check", "load"};
  guint missing = 0, looked = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++)
    missing += examine_room (rooms[i], &looked);
  g_test_message ("%u messages and hints", looked);
  g_assert_cmpuint (looked, >, 150);
  g_assert_cmpuint (missing, ==, 0);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = NULL;
  const char *name;
  int status;

  g_test_init (&argc, &argv, NULL);
  seen = g_string_new (NULL);
  v2v_interface = 2; /* an engine with something to be since */
  /* Messages name canonical paths; the environment may go through "..". */
  source_dir = g_canonicalize_filename ("tests/rules/errors", g_getenv ("V2V_TEST_SRCDIR"));
  dir = g_dir_open (source_dir, 0, NULL);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".v2v"))
      g_ptr_array_add (names, g_strndup (name, strlen (name) - 4));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path =
        g_strdup_printf ("/rule-errors/%s", (const char *)g_ptr_array_index (names, i));

    g_test_add_data_func (path, g_ptr_array_index (names, i), test_file);
  }
  g_test_add_func ("/rule-errors/made/bytes", test_bytes);
  g_test_add_func ("/rule-errors/made/memory", test_memory);
  g_test_add_func ("/rule-errors/made/directories", test_directories);
  g_test_add_func ("/rule-errors/made/unreadable", test_unreadable);
  g_test_add_func ("/rule-errors/made/shipped-missing", test_shipped_missing);
  g_test_add_func ("/rule-errors/made/no-options", test_no_options);
  g_test_add_func ("/rule-errors/made/effect", test_effect);
  g_test_add_func ("/rule-errors/made/nothing-follows", test_nothing_follows);
  g_test_add_func ("/rule-errors/made/interface", test_interface);
  g_test_add_func ("/rule-errors/made/captures", test_captures);
  g_test_add_func ("/rule-errors/zz/all-seen", test_all_seen);
  status = g_test_run ();
  g_string_free (seen, TRUE);
  g_free (source_dir);
  return status;
}
