/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of what users are told of scripts that fail: a sentence, and no place in a script.
 */
#include "config.h"

#include <string.h>

#include <lauxlib.h>

#include "base/log.h"
#include "guest/sandbox.h"

#define LABEL "provider grub, rules/guest/boot.v2v:30"

static int
body_mistake (lua_State *L)
{
  return luaL_error (L, "lua/boot.lua:12: attempt to index a nil value (local 'kernel')");
}

static int
body_failed_call (lua_State *L)
{
  lua_pushliteral (L, "guest.read_file: /etc/fstab: Input/output error");
  return v2v_sandbox_raise (L, V2V_EXIT_DATA, 5);
}

static int
body_late (lua_State *L)
{
  lua_pushliteral (L, "guest.command: time is up");
  return v2v_sandbox_raise (L, V2V_EXIT_TEMPFAIL, 0);
}

static int
body_refusal (lua_State *L)
{
  return v2v_sandbox_end (L, V2V_ENDED_FAIL, "/boot is full: make room, and convert again");
}

static void
expect (int (*body) (lua_State *L), V2vExit status, const char *message, const char *kept)
{
  V2vSandbox sandbox = {0};
  g_autoptr (GError) error = NULL;
  const guint before = v2v_log_kept ()->len;

  g_assert_false (v2v_sandbox_run (&sandbox, body, LABEL, &error));
  g_assert_error (error, V2V_ERROR, (gint)status);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_cmpuint (v2v_log_kept ()->len, ==, before + 1);
  g_assert_nonnull (strstr (v2v_log_kept ()->pdata[before], kept));
  g_assert_nonnull (strstr (v2v_log_kept ()->pdata[before], LABEL));
}

static void
test_hidden (void)
{
  v2v_log_setup (V2V_NORMAL, -1);
  v2v_log_hide_places ();
  expect (body_mistake, V2V_EXIT_CONFIG,
          "a fault in a script ended this: please report it with the output of --verbose",
          "lua/boot.lua:12: attempt to index");
  expect (
      body_failed_call, V2V_EXIT_DATA,
      "the guest is not as expected: /etc/fstab: Input/output error; if it is sound, this is "
      "a fault in the rules: please report it with the output of --verbose",
      "guest.read_file: /etc/fstab: Input/output error");
  expect (body_late, V2V_EXIT_TEMPFAIL, "time is up", "guest.command: time is up");
  expect (body_refusal, V2V_EXIT_DATA, "/boot is full: make room, and convert again",
          "/boot is full");
}

/* Whoever asks gets the places. */
static void
test_verbose (void)
{
  v2v_log_setup (V2V_VERBOSE, -1);
  expect (body_mistake, V2V_EXIT_CONFIG,
          "lua/boot.lua:12: attempt to index a nil value (local 'kernel') (" LABEL ")",
          "lua/boot.lua:12: attempt to index");
  expect (body_refusal, V2V_EXIT_DATA,
          "/boot is full: make room, and convert again (" LABEL ")", "/boot is full");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/messages/hidden", test_hidden);
  g_test_add_func ("/messages/verbose", test_verbose);
  return g_test_run ();
}
