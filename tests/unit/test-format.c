/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The formatter: its one layout, that it changes no meaning, and that it does so once.
 */
#include "config.h"

#include "lang/limits.h"
#include "syntax/lexer.h"
#include "rules-fixture.h"
#include "syntax/format.h"

static char *
format (const char *name, const char *text)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  char *out = v2v_format_rules (name, text, strlen (text), diags);
  g_autofree char *report = v2v_diags_to_string (diags);

  g_assert_cmpstr (report, ==, "");
  g_assert_nonnull (out);
  return out;
}

/* All tokens, one a line. */
static char *
tokens_of (const char *text)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  GString *out = g_string_new (NULL);
  V2vLexer lexer;
  V2vToken token;

  g_assert_true (v2v_lexer_init (&lexer, "tokens", text, strlen (text), diags));
  do {
    v2v_lexer_next (&lexer, &token);
    g_string_append_printf (out, "%s %s\n", v2v_token_kind_name (token.kind),
                            token.text != NULL ? token.text : "");
  } while (token.kind != V2V_TOKEN_END);
  return g_string_free (out, FALSE);
}

/* All comments, in their order. Between tokens there is nothing but white space and comments.
 */
static char *
comments_of (const char *text)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  GString *out = g_string_new (NULL);
  V2vLexer lexer;
  V2vToken token;
  gsize end = 0;

  g_assert_true (v2v_lexer_init (&lexer, "comments", text, strlen (text), diags));
  do {
    v2v_lexer_next (&lexer, &token);
    for (gsize i = end; i < token.start; i++)
      if (text[i] == '#') {
        g_autofree char *comment = g_strndup (text + i, strcspn (text + i, "\n"));

        i += strlen (comment);
        g_string_append_printf (out, "%s\n", g_strchomp (comment));
      }
    end = token.end;
  } while (token.kind != V2V_TOKEN_END);
  return g_string_free (out, FALSE);
}

static void
check_text (const char *name, const char *text)
{
  g_autofree char *once = format (name, text);
  g_autofree char *twice = format (name, once);
  g_autofree char *tokens_before = tokens_of (text);
  g_autofree char *tokens_after = tokens_of (once);
  g_autofree char *comments_before = comments_of (text);
  g_autofree char *comments_after = comments_of (once);

  g_assert_cmpstr (once, ==, twice);
  g_assert_cmpstr (tokens_before, ==, tokens_after);
  g_assert_cmpstr (comments_before, ==, comments_after);
}

/* TEXT with a comment after every STEPth token from FIRST on, each with GAP around it. */
static char *
with_comments (const char *text, guint first, guint step, const char *gap)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  GString *out = g_string_new (NULL);
  V2vLexer lexer;
  V2vToken token;
  gsize end = 0;

  g_assert_true (v2v_lexer_init (&lexer, "tokens", text, strlen (text), diags));
  for (guint i = 0;; i++) {
    v2v_lexer_next (&lexer, &token);
    if (i >= first && (i - first) % step == 0)
      g_string_append_printf (out, "%s# comment %u {\"%s ", gap, i,
                              gap[0] == '\n' ? gap : "\n");
    g_string_append_len (out, text + end, (gssize)(token.end - end));
    end = token.end;
    if (token.kind == V2V_TOKEN_END)
      break;
  }
  return g_string_free (out, FALSE);
}

static guint
count_tokens (const char *text)
{
  g_autofree char *tokens = tokens_of (text);
  guint count = 0;

  for (const char *c = tokens; *c != '\0'; c++)
    count += *c == '\n';
  return count;
}

/* Comments between any two tokens: at many places at once and, if EACH, at each by itself. */
static void
check_comments (const char *name, const char *text, gboolean each)
{
  static const char *const gaps[] = {" ", "\n", "\n\n\n", "\r\n\t"};
  static const guint steps[] = {1, 2, 3, 7};
  const guint tokens = count_tokens (text);

  for (guint gap = 0; gap < G_N_ELEMENTS (gaps); gap++) {
    for (guint i = 0; i < tokens && each; i++) {
      g_autofree char *variant = with_comments (text, i, G_MAXUINT, gaps[gap]);

      check_text (name, variant);
    }
    for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
      for (guint first = 0; first < steps[i]; first++) {
        g_autofree char *variant = with_comments (text, first, steps[i], gaps[gap]);

        check_text (name, variant);
      }
  }
}

static void
test_layout (void)
{
  g_autofree char *dir =
      g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "tests", "rules", "format", NULL);
  g_autofree char *source = g_build_filename (dir, "everything.v2v", NULL);
  g_autofree char *expect = g_build_filename (dir, "everything.expect", NULL);
  g_autofree char *text = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *formatted = NULL;

  g_assert_true (g_file_get_contents (source, &text, NULL, NULL));
  formatted = format ("everything", text);
  if (g_getenv ("V2V_TEST_UPDATE") != NULL)
    g_assert_true (g_file_set_contents (expect, formatted, -1, NULL));
  g_assert_true (g_file_get_contents (expect, &expected, NULL, NULL));
  g_assert_cmpstr (formatted, ==, expected);
  check_text ("everything", text);
  check_comments ("everything", text, TRUE);
}

static void
check_directory (const char *path, guint *files)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    g_autofree char *text = NULL;

    check_directory (child, files);
    if (!g_str_has_suffix (name, ".v2v"))
      continue;
    g_test_message ("%s", child);
    g_assert_true (g_file_get_contents (child, &text, NULL, NULL));
    check_text (child, text);
    check_comments (child, text, FALSE);
    ++*files;
  }
}

static void
test_shipped (void)
{
  g_autofree char *rules = g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "rules", NULL);
  guint files = 0;

  check_directory (rules, &files);
  g_assert_cmpuint (files, >, 0);
}

static void
test_small (void)
{
  static const struct {
    const char *text, *formatted;
  } cases[] = {
      {"v2v-rules 1", "v2v-rules 1\n"},
      {"v2v-rules   1.2", "v2v-rules 1.2\n"},
      {"\n\n# a\n\n\n# b\nv2v-rules 1\n\n\n", "# a\n\n# b\nv2v-rules 1\n"},
      {"v2v-rules 1\r\nrule a {\r\n fail \"x\" # c\r\n\r\n\r\n}\r\n",
       "v2v-rules 1\nrule a {\n  fail \"x\" # c\n}\n"},
      {"v2v-rules 1 rule a # why\n{ # here\n\n fail # this\n \"x\" }",
       "v2v-rules 1\nrule a # why\n{ # here\n  fail # this\n      \"x\"\n}\n"},
      {"v2v-rules 1 let a=not(b or(c))and d", "v2v-rules 1\nlet a = not (b or (c)) and d\n"},
      {"v2v-rules 1 option a enum(x,y){}", "v2v-rules 1\noption a enum(x, y) { }\n"},
      {"v2v-rules 1 option a flag{ # c\n}", "v2v-rules 1\noption a flag { # c\n}\n"},
      {"v2v-rules 1 let a = b . c==  5 # x\n# y", "v2v-rules 1\nlet a = b.c == 5 # x\n# y\n"},
      {"v2v-rules 1 rule a { fail \"0123456789 0123456789 0123456789 0123456789 0123456789 "
       "012345678\" }",
       "v2v-rules 1\nrule a { fail \"0123456789 0123456789 0123456789 0123456789 0123456789 "
       "012345678\" }\n"},
      {"v2v-rules 1 rule a { fail \"0123456789 0123456789 0123456789 0123456789 0123456789 "
       "0123456789 "
       "0123456789 0123456789\" }",
       "v2v-rules 1\nrule a {\n  fail \"0123456789 0123456789 0123456789 0123456789 0123456789 "
       "0123456789 "
       "0123456789 0123456789\"\n}\n"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *formatted = format ("small", cases[i].text);
    g_autofree char *again = format ("small", formatted);

    g_assert_cmpstr (formatted, ==, cases[i].formatted);
    g_assert_cmpstr (again, ==, cases[i].formatted);
  }
}

static void
test_broken (void)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();

  g_assert_null (v2v_format_rules ("broken", "v2v-rules 1\nrule {", 18, diags));
  g_assert_cmpuint (v2v_diags_errors (diags), >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  v2v_interface = 2;
  g_test_add_func ("/format/layout", test_layout);
  g_test_add_func ("/format/shipped", test_shipped);
  g_test_add_func ("/format/small", test_small);
  g_test_add_func ("/format/broken", test_broken);
  return g_test_run ();
}
