/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The sealed Lua states: what scripts cannot do, what they find, and how their errors read. No
 * appliance is started.
 */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <lauxlib.h>
#include <lualib.h>

#include "guest/binding.h"
#include "guest/guestlib.h"
#include "lua-util.h"

/* ---- sealed ---- */

static void
test_no_libraries (void)
{
  static const char *const absent[] = {
      "io",        "os",          "debug",          "package",
      "coroutine", "load",        "loadfile",       "dofile",
      "print",     "loadstring",  "collectgarbage", "rawset",
      "warn",      "string.dump", "require_loaded", "math.randomseed",
  };
  Lab lab;

  lab_init (&lab, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (absent); i++) {
    g_autofree char *body = g_strdup_printf ("assert (%s == nil)", absent[i]);

    lab_ok (&lab, body);
  }
  lab_ok (&lab,
          "assert (string.format ('%d', 3) == '3' and table.concat ({ 1, 2 }) == '12')\n"
          "assert (select ('#', xpcall (function (...) return ... end, error, 1, 2)) == 3)\n"
          "local ok, text = xpcall (error, function (e) return e .. '!' end, 'x')\n"
          "assert (ok == false and text == 'x!')\n"
          "assert (math.max (1, 2) == 2 and utf8.char (228) == 'ä')");
  lab_clear (&lab);
}

static void
test_no_metamethods (void)
{
  Lab lab;

  lab_init (&lab, NULL, NULL);
  lab_fails (&lab, "setmetatable ({}, { __gc = function () end })", V2V_EXIT_CONFIG,
             "a metatable with __gc cannot be used here");
  lab_fails (&lab, "setmetatable ({}, { __close = function () end })", V2V_EXIT_CONFIG,
             "a metatable with __close cannot be used here");
  lab_fails (&lab, "setmetatable (guest, {})", V2V_EXIT_CONFIG, "protected metatable");
  lab_ok (&lab, "local t = setmetatable ({}, { __index = { a = 1 } }) assert (t.a == 1)\n"
                "assert (getmetatable ('') == false)\n"
                "assert (not pcall (function () getmetatable ('').__index = nil end))\n"
                "assert (getmetatable (guest) == false and getmetatable (facts) == false)");
  lab_clear (&lab);
}

static void
test_no_bytecode (void)
{
  Lab lab;
  g_autoptr (GError) error = NULL;

  lab_init (&lab, NULL, NULL);
  g_assert_false (lab_probe (&lab, "\033LuaT", lab.kernel, NULL, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CONFIG);
  g_assert_nonnull (strstr (error->message, "attempt to load a binary chunk"));
  lab_clear (&lab);
}

static void
test_memory (void)
{
  Lab lab;

  lab_init (&lab, NULL, NULL);
  lab_fails (&lab, "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep (1e6) .. i end",
             V2V_EXIT_CONFIG, "the script used more than 256 MiB of memory");
  lab_fails (&lab, "return ('x'):rep (1e9)", V2V_EXIT_CONFIG,
             "the script used more than 256 MiB of memory");
  lab_fails (&lab, "local function f () return f () + 1 end f ()", V2V_EXIT_CONFIG,
             "stack overflow");
  /* A script may do without what it did not get. */
  lab_ok (&lab, "assert (not pcall (string.rep, 'x', 1e9))");
  lab_clear (&lab);
}

static void
on_alarm (int number)
{
  (void)number;
  v2v_lua_interrupt ();
}

static void
test_time (void)
{
  static const char *const loops[] = {
      "while true do end",
      "while true do pcall (function () while true do end end) end",
      "local function f () while true do pcall (f) end end f ()",
      "local t = setmetatable ({}, { __index = function (t, k) return t[k + 1] end })\n"
      "while true do pcall (function () return t[1] end) end",
      "while true do local ok = pcall (error, {}) end",
      "while true do xpcall (function () while true do end end, function () while true do end "
      "end) "
      "end",
  };
  struct sigaction action = {.sa_handler = on_alarm};
  Lab lab;

  lab_init (&lab, NULL, NULL);
  g_assert_cmpint (sigaction (SIGALRM, &action, NULL), ==, 0);
  v2v_lua_interrupt (); /* nothing runs: nothing happens */
  for (guint i = 0; i < G_N_ELEMENTS (loops); i++) {
    gint64 start = g_get_monotonic_time ();

    alarm (1);
    lab_fails (&lab, loops[i], V2V_EXIT_CONFIG, "time is up");
    g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);
  }
  alarm (1);
  lab_fails (&lab, "\nwhile true do end", V2V_EXIT_CONFIG, "lua/t/a.lua:3: time is up (");
  signal (SIGALRM, SIG_DFL);
  lab_clear (&lab);
}

/* ---- modules ---- */

static void
test_require (void)
{
  Lab lab;

  lab_init (&lab, NULL, NULL);
  lab_write (&lab, "lib/text.lua", "return { twice = function (s) return s .. s end }");
  lab_write (&lab, "lib/bad.lua", "local x =\n");
  lab_write (&lab, "lib/self.lua", "return require 'lib.self'");
  lab_write (&lab, "lib/nothing.lua", "x = 1");
  lab_ok (&lab, "assert (require ('lib.text').twice ('ab') == 'abab')\n"
                "assert (require 'lib.text' == require 'lib.text')\n"
                "assert (require 'lib.nothing' == true)");
  lab_fails (&lab, "require 'lib.bad'", V2V_EXIT_CONFIG,
             "lua/lib/bad.lua:2: unexpected symbol");
  lab_fails (&lab, "require 'lib.self'", V2V_EXIT_CONFIG, "module lib.self requires itself");
  lab_fails (&lab, "require 'lib.none'", V2V_EXIT_CONFIG, "module \"lib.none\" was not found");
  static const char *const names[] = {"../x",      "lib/text",    "..lib.text",
                                      "lib..text", "/etc/passwd", "",
                                      "lib.text.", ".",           "lib.te\\0xt"};
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *body = g_strdup_printf ("require \"%s\"", names[i]);

    lab_fails (&lab, body, V2V_EXIT_CONFIG, "is no name of a module");
  }
  lab_clear (&lab);
}

/* Links lead where they want within a tree of rules, and out of it nowhere. */
static void
test_links (void)
{
  static const struct {
    const char *link, *to;
  } links[] = {{"lua/lib/in.lua", "text.lua"},
               {"lua/lib/up.lua", "../../share/text.lua"},
               {"lua/lib/out.lua", "../../../out"},
               {"lua/lib/etc.lua", "/etc/passwd"},
               {"lua/far", ".."},
               {"lua/away", "../.."},
               {"lua/t/out", "../../../out"},
               {"lua/t/etc", "/etc/passwd"},
               {"lua/t/up", "../../share/text.lua"}};
  static const V2vGuestOptions options = {0};
  g_autoptr (V2vGuest) guest = v2v_guest_new (&options, NULL);
  Lab lab;
  g_autofree char *parent = lab_make_dir (), *out = g_build_filename (parent, "out", NULL);
  g_autofree char *share = NULL, *text = NULL, *moved = NULL, *command = NULL;

  lab_init (&lab, guest, NULL);
  /* So that what is outside is known. */
  moved = g_build_filename (parent, "tree", NULL);
  share = g_build_filename (lab.dir, "share", NULL);
  text = g_build_filename (share, "text.lua", NULL);
  g_assert_cmpint (rename (lab.dir, moved), ==, 0);
  g_assert_cmpint (symlink (moved, lab.dir), ==, 0);
  g_assert_cmpint (g_mkdir (share, 0700), ==, 0);
  g_assert_true (g_file_set_contents (text, "return 'shared'", -1, NULL));
  g_assert_true (g_file_set_contents (out, "return 'secret'", -1, NULL));
  lab_write (&lab, "lib/text.lua", "return 'text'");
  for (guint i = 0; i < G_N_ELEMENTS (links); i++) {
    g_autofree char *path = g_build_filename (lab.dir, links[i].link, NULL);

    g_assert_cmpint (symlink (links[i].to, path), ==, 0);
  }
  lab_ok (&lab, "assert (require 'lib.in' == 'text' and require 'lib.up' == 'shared')\n"
                "assert (require 'far.share.text' == 'shared')");
  lab_fails (&lab, "require 'lib.out'", V2V_EXIT_CONFIG,
             "the link .. on this path leads out of the directory");
  lab_fails (&lab, "require 'lib.etc'", V2V_EXIT_CONFIG,
             "the link etc.lua on this path leads out of the directory");
  lab_fails (&lab, "require 'away.out'", V2V_EXIT_CONFIG, "was not found");
  lab_fails (&lab, "guest.put ('out', '/x')", V2V_EXIT_DATA, "leads out of the directory");
  lab_fails (&lab, "guest.put ('etc', '/x')", V2V_EXIT_DATA,
             "lua/t/etc: the link etc on this path leads out of the directory");
  /* This one is found: there is only no guest to put it into. */
  lab_fails (&lab, "guest.put ('up', '/x')", V2V_EXIT_DATA, "call launch");
  command = g_strdup_printf ("rm -rf '%s'", parent);
  lab_clear (&lab);
  g_assert_cmpint (system (command), ==, 0);
}

/* ---- errors ---- */

static void
test_errors (void)
{
  Lab lab;

  lab_init (&lab, NULL, NULL);
  lab_fails (&lab, "\n\nerror 'broken'", V2V_EXIT_CONFIG, "lua/t/a.lua:4: broken (provider");
  lab_fails (&lab, "error ({})", V2V_EXIT_CONFIG, "an error that is table and no text");
  lab_fails (&lab, "local x = nil; x.y = 1", V2V_EXIT_CONFIG, "attempt to index a nil value");
  lab_fails (&lab, "error ('a\\27[31mb\\n')", V2V_EXIT_CONFIG, "a\\x1b[31mb");
  lab_fails (&lab, "fail 'this guest has no kernel'", V2V_EXIT_DATA,
             "this guest has no kernel (provider");
  /* fail cannot be caught. */
  lab_fails (&lab, "pcall (fail, 'really') return 1", V2V_EXIT_DATA, "really");
  lab_fails (&lab, "pcall (pcall, fail, 'really')", V2V_EXIT_DATA, "really");
  lab_fails (&lab, "fail ()", V2V_EXIT_CONFIG, "bad argument #1 to 'fail'");
  lab_clear (&lab);
}

/* A script that catches an error of ours can write into it, and raise it again. */
static void
test_error_status (void)
{
  static const struct {
    const char *code;
    int status;
  } cases[] = {
      {"0", V2V_EXIT_CONFIG},         {"1", V2V_EXIT_CONFIG},
      {"256", V2V_EXIT_CONFIG},       {"-1", V2V_EXIT_CONFIG},
      {"65.5", V2V_EXIT_CONFIG},      {"1 << 32", V2V_EXIT_CONFIG},
      {"nil", V2V_EXIT_CONFIG},       {"(1 << 32) + 65", V2V_EXIT_CONFIG},
      {"{}", V2V_EXIT_CONFIG},        {"'65'", V2V_EXIT_CONFIG},
      {"math.huge", V2V_EXIT_CONFIG}, {"74", V2V_EXIT_IOERR},
      {"e.code", V2V_EXIT_DATA},
  };
  static const V2vGuestOptions options = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vGuest) guest = v2v_guest_new (&options, &error);
  Lab lab;

  g_assert_no_error (error);
  lab_init (&lab, guest, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *body = g_strdup_printf (
        "local ok, e = pcall (guest.is_file, '/x') e.code = %s error (e)", cases[i].code);

    lab_fails (&lab, body, cases[i].status, "guest.is_file");
  }
  lab_fails (&lab,
             "local ok, e = pcall (guest.is_file, '/x')\n"
             "e.message = setmetatable ({}, { __concat = function () while true do end end })\n"
             "e.where = e.message error (e)",
             V2V_EXIT_DATA, "(provider tool");
  lab_clear (&lab);
}

static void
test_load_errors (void)
{
  static const struct {
    const char *text, *piece;
  } cases[] = {
      {"return {", "lua/t/a.lua:1: unexpected symbol near <eof>"},
      {"return 1", "lua/t/a.lua has to return a table of functions, and returns number"},
      {"", "lua/t/a.lua has to return a table of functions, and returns nil"},
      {"return { g = function () end }", "lua/t/a.lua has no function f"},
      {"return { f = 3 }", "lua/t/a.lua has no function f"},
      {"while true do end", "time is up"},
      {"x = nil + 1", "attempt to perform arithmetic on a nil value"},
  };
  Lab lab;
  const char *path;
  g_autoptr (GError) error = NULL;

  lab_init (&lab, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    path = lab_write (&lab, "t/a.lua", cases[i].text);
    g_assert_false (v2v_lua_check (path, "f", &error, NULL));
    if (!strstr (error->message, cases[i].piece))
      g_error ("%s: %s", cases[i].text, error->message);
    g_clear_error (&error);
  }
  g_assert_false (v2v_lua_check ("/nonexistent/lua/a.lua", "f", &error, NULL));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_CONFIG);
  g_clear_error (&error);
  path = lab_write (&lab, "t/a.lua", "return { enable = function () end }");
  g_assert_false (v2v_lua_check (path, "enabel", &error, NULL));
  g_assert_nonnull (strstr (error->message, "(did you mean enable?)"));
  g_clear_error (&error);
  /* While it is checked a script may look at its globals. */
  path = lab_write (&lab, "t/a.lua",
                    "#!/usr/bin/lua\n"
                    "local read, t = guest.read_file, require 'not.here'\n"
                    "t.x (facts.os.id, guest.is_file ('/x'))\n"
                    "for _, k in ipairs (facts.kernel) do error (k) end\n"
                    "log.debug 'loaded'\n"
                    "return { f = function () error 'called' end }");
  g_assert_true (v2v_lua_check (path, "f", &error, NULL));
  g_assert_no_error (error);
  lab_clear (&lab);
}

/* ---- arguments, facts, requests ---- */

static void
test_step_arguments (void)
{
  g_autoptr (GError) error = NULL;
  Lab lab;

  lab_init (&lab, NULL, NULL);
  lab_ok (&lab, "assert (#requests_list == 2 and requests_list[2].the_driver == 'b')\n"
                "assert (#requests.enable == 2 and requests.enable[1].the_driver == 'a')");
  g_assert_cmpuint (lab.changes->len, ==, 0);
  g_assert_true (lab_step (&lab,
                           "return { f = function (driver, ...)\n"
                           "assert (driver == 'a' and select ('#', ...) == 0) end }",
                           FALSE, &error));
  g_assert_no_error (error);
  lab_fails (&lab, "return requests.enabel", V2V_EXIT_CONFIG,
             "there is no operation called \"enabel\"");
  lab_fails (&lab, "requests.enable[1].x = 1", V2V_EXIT_CONFIG, "a request cannot be changed");
  lab_fails (&lab, "requests.x = 1", V2V_EXIT_CONFIG, "requests cannot be changed");
  lab_clear (&lab);
}

static void
test_facts (void)
{
  g_autoptr (GError) error = NULL;
  Lab lab;

  lab_init (&lab, NULL, NULL);
  lab_fails (&lab, "return facts.kernel", V2V_EXIT_CONFIG,
             "facts of the kind kernel are not known");
  g_assert_true (lab_probe (&lab,
                            "return { f = function (a) assert (a == 'arg') return {\n"
                            "{ version = '6.1.0', size = 2^20, default = true },\n"
                            "{ version = '5.10' } } end }",
                            lab.kernel, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (v2v_store_is_known (lab.store, lab.kernel));
  g_assert_true (v2v_store_is_probed (lab.store, "look"));
  g_assert_true (
      lab_probe (&lab, "return { f = function () return { id = 'deb', disk_bus = 'ide' } end }",
                 lab.os, NULL, &error));
  g_assert_no_error (error);
  lab_ok (&lab,
          "assert (facts.os.id == 'debian' and facts.os.disk_bus == 'ide')\n"
          "assert (facts.os['disk-bus'] == 'ide')\n"
          "assert (#facts.kernel == 2 and facts.kernel == facts.kernel)\n"
          "local n = 0 for i, k in ipairs (facts.kernel) do n = n + i end assert (n == 3)\n"
          "n = 0 for k, v in pairs (facts.kernel[1]) do n = n + 1 end assert (n == 3)\n"
          "assert (facts.kernel[1].size == 1048576 and facts.kernel[1].default == true)\n"
          "assert (math.type (facts.kernel[1].size) == 'integer')\n"
          "assert (facts.kernel[2].size == nil and facts.kernel[3] == nil)");
  lab_fails (&lab, "return facts.os.idd", V2V_EXIT_CONFIG,
             "facts of the kind os have no field \"idd\"");
  lab_fails (&lab, "return facts.kernels", V2V_EXIT_CONFIG,
             "there is no kind of facts called \"kernels\"");
  lab_fails (&lab, "facts.os.id = 'x'", V2V_EXIT_CONFIG, "a fact cannot be changed");
  lab_fails (&lab, "facts.kernel[3] = {}", V2V_EXIT_CONFIG,
             "a list of facts cannot be changed");
  lab_fails (&lab, "facts.os = {}", V2V_EXIT_CONFIG, "facts cannot be changed");

  /* A probe sees what it reads and nothing else. */
  g_assert_true (
      lab_probe (&lab, "return { f = function () return { { version = facts.os.id } } end }",
                 lab.kernel, lab.os, &error));
  g_assert_no_error (error);
  g_assert_false (lab_probe (&lab, "return { f = function () return facts.kernel end }", lab.os,
                             lab.os, &error));
  g_assert_nonnull (strstr (
      error->message, "lua/t/a.lua:1: this probe does not read kernel: add \"reads kernel\""));
  g_assert_nonnull (strstr (error->message, "(probe look, rules/t.v2v:3)"));
  lab_clear (&lab);
}

static void
test_records (void)
{
  static const struct {
    const char *returned, *piece;
  } cases[] = {
      {"nil", "it returned nothing in place of a table"},
      {"'x'", "it returned a string in place of a table"},
      {"{ version = '1' }", "kernel: there has to be a list of records"},
      {"{ [1] = { version = '1' }, [3] = {} }", "without gaps"},
      {"{ 'x' }", "kernel, record 1: a record has to be a table of fields, and is a string"},
      {"{ { version = '1' }, { size = 1 } }", "kernel, record 2: the field version is missing"},
      {"{ { version = '1', x = 1 } }", "kernel, record 1: there is no field \"x\""},
      {"{ { version = '1', usable = true } }", "the field usable is derived"},
      {"{ { version = 1 } }", "kernel, record 1: version (plain-version) has to be a string"},
      {"{ { version = '1', size = 'many' } }", "size has to be an integer, and is \"many\""},
      {"{ { version = '1', size = 1.5 } }", "size has to be an integer, and is 1.5"},
      {"{ { version = '1', default = 'yes' } }", "default has to be true or false"},
      {"{ { version = '1', default = {} } }",
       "default has to be true or false, and is a table"},
      {"{ { version = ('x'):rep (70000) } }", "version is longer than 65536 bytes"},
      {"{ { version = '1', size = function () end } }", "cannot be used"},
      {"{ { version = { { { { { { { { {} } } } } } } } } } }", "nested too deeply"},
  };
  Lab lab;

  lab_init (&lab, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *text =
        g_strdup_printf ("return { f = function () return %s end }", cases[i].returned);

    g_assert_false (lab_probe (&lab, text, lab.kernel, NULL, &error));
    g_assert_error (error, V2V_ERROR, V2V_EXIT_CONFIG);
    if (!strstr (error->message, cases[i].piece) || !strstr (error->message, "lua/t/a.lua") ||
        !strstr (error->message, "(probe look, rules/t.v2v:3)"))
      g_error ("%s: %s", cases[i].returned, error->message);
  }
  g_assert_false (v2v_store_is_known (lab.store, lab.kernel));
  {
    g_autoptr (GError) error = NULL;
    const GPtrArray *facts;
    V2vFact *fact;

    /* Text of a guest that a terminal would obey comes out harmless; an empty list is an
     * answer. */
    g_assert_true (
        lab_probe (&lab, "return { f = function () return {} end }", lab.kernel, NULL, &error));
    g_assert_true (v2v_store_is_known (lab.store, lab.kernel));
    g_assert_true (
        lab_probe (&lab,
                   "return { f = function () return { { version = '1\\27[0m\\255' } } "
                   "end }",
                   lab.kernel, NULL, &error));
    g_assert_no_error (error);
    facts = v2v_store_facts (lab.store, lab.kernel);
    fact = facts->pdata[facts->len - 1];
    g_assert_cmpstr (fact->values[0].text, ==, "1\\x1b[0m\\xff");
    g_assert_cmpstr (fact->by[0], ==, "probe look");
  }
  lab_clear (&lab);
}

/* ---- the calls ---- */

/* Calls of libguestfs that name a file of the host, change the session, or write to devices: by
 * the manual guestfs(3). None may be allowed, whatever else changes in the table. */
static const char *const forbidden[] = {
    "add_cdrom",
    "add_domain",
    "add_drive",
    "add_drive_ro",
    "add_drive_scratch",
    "add_libvirt_dom",
    "aug_close",
    "aug_init",
    "aug_load",
    "aug_save",
    "aug_transform",
    "base64_in",
    "base64_out",
    "btrfs_image",
    "c_pointer",
    "checksums_out",
    "close",
    "compress_device_out",
    "compress_out",
    "config",
    "copy_device_to_device",
    "copy_device_to_file",
    "copy_file_to_device",
    "copy_in",
    "copy_out",
    "cpio_out",
    "cryptsetup_open",
    "cryptsetup_close",
    "dd",
    "debug",
    "debug_upload",
    "disk_create",
    "disk_format",
    "disk_has_backing_file",
    "disk_virtual_size",
    "download",
    "download_blocks",
    "download_inode",
    "download_offset",
    "find0",
    "grub_install",
    "inspect_get_icon",
    "inspect_os",
    "kill_subprocess",
    "launch",
    "ls0",
    "luks_open",
    "luks_add_key",
    "luks_format",
    "lvremove",
    "lvm_remove_all",
    "mkfs",
    "mke2fs",
    "mknod_b",
    "mknod_c",
    "mksquashfs",
    "modprobe",
    "mount",
    "mount_9p",
    "mount_local",
    "mount_ro",
    "mount_vfs",
    "ntfscat_i",
    "ntfsclone_in",
    "ntfsclone_out",
    "part_add",
    "part_del",
    "part_init",
    "part_set_name",
    "pwrite_device",
    "remount",
    "remove_drive",
    "rsync",
    "rsync_in",
    "rsync_out",
    "scrub_device",
    "set_append",
    "set_backend",
    "set_event_callback",
    "set_label",
    "set_memsize",
    "set_network",
    "set_verbose",
    "shutdown",
    "sync",
    "tar_in",
    "tar_out",
    "tgz_in",
    "tgz_out",
    "txz_in",
    "txz_out",
    "umask",
    "umount",
    "umount_all",
    "upload",
    "upload_offset",
    "user_cancel",
    "wipefs",
    "yara_load",
    "zero",
    "zero_device",
    "zerofree",
};

static const V2vCallInfo *
find_call (const char *name)
{
  for (const V2vCallInfo *info = v2v_calls; info->name; info++) {
    if (strcmp (info->name, name) == 0)
      return info;
  }
  return NULL;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* What a script finds among its globals is what the manual lists, and no more. */
static void
test_globals (void)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_auto (GStrv) standard = v2v_lua_standard_names ();
  g_autofree char *all = NULL;
  V2vScriptGlobal global;
  Lab lab;

  for (guint i = 0; standard[i]; i++)
    g_ptr_array_add (names, standard[i]);
  for (guint i = 0; v2v_lua_describe_global (i, &global); i++) {
    g_assert_cmpstr (global.what, !=, "");
    g_ptr_array_add (names, (char *)global.name);
  }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  all = g_strjoinv (" ", (char **)names->pdata);
  lab_init (&lab, NULL, NULL);
  lab_fails (
      &lab,
      "local names, opaque = {}, { _G = true, guest = true, facts = true, requests = true }\n"
      "for name, value in pairs(_G) do\n"
      "  if type(value) == 'table' and not opaque[name] then\n"
      "    for part in pairs(value) do names[#names + 1] = name .. '.' .. part end\n"
      "  elseif name ~= '_G' then names[#names + 1] = name end\n"
      "end\n"
      "table.sort(names) fail(table.concat(names, ' '))",
      V2V_EXIT_DATA, all);
  lab_clear (&lab);
}

static void
test_table (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) methods = NULL;
  guestfs_h *g;
  lua_State *binding = v2v_binding_new (&g, &error);

  g_assert_no_error (error);
  methods = v2v_binding_methods (binding);
  lua_close (binding);
  g_assert_cmpuint (methods->len, >, 500);
  for (const V2vCallInfo *info = v2v_calls; info->name; info++) {
    guint n = (guint)strcspn (info->parameters, "?");

    if (!g_ptr_array_find_with_equal_func (methods, info->name, g_str_equal, NULL))
      g_error ("the binding has no %s", info->name);
    if (find_call (info->name) != info)
      g_error ("%s is there twice", info->name);
    g_assert_cmpuint (n, <, V2V_CALL_ARGS_MAX);
    g_assert_cmpuint (strspn (info->parameters, "snlBibIpfrw"), ==, n);
    g_assert_cmpuint (info->path, <=, n);
    g_assert_cmpuint (info->detail, <=, n);
    g_assert_cmpuint (info->content, <=, n);
    /* The manual names each parameter, and says what the call is for. */
    {
      g_auto (GStrv) arguments = g_strsplit (info->arguments, ", ", -1);

      if (g_strv_length (arguments) != n)
        g_error ("%s takes %u arguments, and the manual says (%s)", info->name, n,
                 info->arguments);
      g_assert_cmpstr (info->what, !=, "");
    }
    if (info->class == V2V_CALL_WRITE && strcmp (info->name, "hivex_node_delete_child") != 0)
      g_assert_cmpuint (info->path, >, 0);
    if (info->class == V2V_CALL_READ)
      g_assert_cmpuint (info->path + info->detail + info->content, ==, 0);
  }
  for (guint i = 0; i < G_N_ELEMENTS (forbidden); i++) {
    if (find_call (forbidden[i]))
      g_error ("%s may not be allowed", forbidden[i]);
    if (!g_ptr_array_find_with_equal_func (methods, forbidden[i], g_str_equal, NULL))
      g_error ("the binding has no %s to forbid", forbidden[i]);
  }
  /* Whole families. */
  for (guint i = 0; i < methods->len; i++) {
    const char *name = methods->pdata[i];
    static const char *const prefixes[] = {
        "internal_", "add_",  "luks_", "set_libvirt", "get_libvirt", "mk2fs", "vg_",
        "lvcreate",  "swap",  "debug", "mount_",      "umount",      "ldm",   "yara",
        "copy_dev",  "rsync", "tar_",  "sfdisk",      "xfs_repair",  "e2fsck"};

    for (guint k = 0; k < G_N_ELEMENTS (prefixes); k++) {
      if (g_str_has_prefix (name, prefixes[k]) && find_call (name))
        g_error ("%s may not be allowed", name);
    }
  }
}

static void
test_guest_table (void)
{
  static const V2vGuestOptions options = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vGuest) guest = v2v_guest_new (&options, &error);
  Lab lab;

  g_assert_no_error (error);
  lab_init (&lab, guest, NULL);
  lab_fails (&lab, "guest.upload ('/etc/passwd', '/x')", V2V_EXIT_CONFIG,
             "scripts have no guest.upload");
  lab_fails (&lab, "guest.read_fiel ('/x')", V2V_EXIT_CONFIG, "(did you mean read_file?)");
  lab_fails (&lab, "guest.x = 1", V2V_EXIT_CONFIG, "guest cannot be changed");
  /* The binding would crash on some of these. */
  lab_fails (&lab, "guest.command ('ls -l')", V2V_EXIT_CONFIG,
             "guest.command: argument 1 has to be a list of strings, and is string");
  lab_fails (&lab, "guest.command ({ 'ls', 1 })", V2V_EXIT_CONFIG, "a list of strings");
  lab_fails (&lab, "guest.command ({ 'ls', nil, 'x' })", V2V_EXIT_CONFIG, "a list of strings");
  lab_fails (&lab, "guest.command ({ ls = 'x' })", V2V_EXIT_CONFIG, "a list of strings");
  lab_fails (&lab, "guest.command ({ 'a\\0b' })", V2V_EXIT_CONFIG, "zero bytes");
  lab_fails (&lab, "guest.command (guest.command)", V2V_EXIT_CONFIG, "cannot be used");
  lab_fails (&lab, "guest.write ('/a\\0b', 'x')", V2V_EXIT_CONFIG, "zero bytes");
  lab_fails (&lab, "guest.write ('/a')", V2V_EXIT_CONFIG,
             "guest.write takes 2 arguments and got 1");
  lab_fails (&lab, "guest.write ('/a', 'b', 'c')", V2V_EXIT_CONFIG,
             "guest.write takes 2 arguments and got 3");
  lab_fails (&lab, "guest.chmod ('0644', '/x')", V2V_EXIT_CONFIG,
             "argument 1 has to be an integer");
  lab_fails (&lab, "guest.is_file ('/x', true)", V2V_EXIT_CONFIG, "optional arguments by name");
  lab_fails (&lab, "guest.is_file ('/x', { { 'y' } })", V2V_EXIT_CONFIG,
             "guest.is_file: argument 2 holds optional arguments by name: followsymlinks");
  lab_fails (&lab, "guest.is_file ('/x', { followlinks = true })", V2V_EXIT_CONFIG,
             "optional arguments by name: followsymlinks");
  lab_fails (&lab, "guest.grep ('x', '/x', { fix = true })", V2V_EXIT_CONFIG,
             "optional arguments by name: extended,fixed,insensitive,compressed");
  lab_fails (&lab, "guest.aug_insert ('/x', 'y', 0)", V2V_EXIT_CONFIG, "true or false");
  lab_fails (&lab, "guest.is_file ('/x')", V2V_EXIT_DATA, "guest.is_file: call launch before");
  lab_fails (&lab, "guest.aug_get ('/files/x')", V2V_EXIT_DATA,
             "call guest.augeas (lens, path)");
  lab_fails (&lab, "guest.augeas ('Fstab.lns')", V2V_EXIT_CONFIG,
             "takes a lens and 1 to 64 paths");
  lab_fails (&lab, "guest.augeas ('Fstab.lns', 'etc')", V2V_EXIT_CONFIG, "is no absolute path");
  lab_fails (&lab, "guest.give_file ('kernel', 'x')", V2V_EXIT_CONFIG,
             "guest.give_file: \"x\" is no absolute path");
  lab_fails (&lab, "guest.give_file ('../kernel', '/x')", V2V_EXIT_CONFIG,
             "a name is lower-case letters, not \"../kernel\"");
  lab_fails (&lab, "guest.give_text ('', 'x')", V2V_EXIT_CONFIG,
             "a name is lower-case letters");
  lab_fails (&lab, "guest.give_text ('cmdline')", V2V_EXIT_CONFIG, "string expected");
  lab_ok (&lab, "guest.give_file ('kernel', '/x') guest.give_text ('kernel', 'y z')");
  {
    const V2vHanded *handed = g_hash_table_lookup (v2v_guest_handed (guest), "kernel");

    /* What was given last counts. */
    g_assert_cmpstr (handed->text, ==, "y z");
    g_assert_null (handed->path);
  }
  lab_fails (&lab, "guest.put ('/etc/passwd', '/x')", V2V_EXIT_DATA,
             "/etc/passwd is no file that the command line named");
  lab_fails (&lab, "guest.put ('../a.lua', '/x')", V2V_EXIT_DATA,
             "is no file below the directory of the script");
  lab_fails (&lab, "guest.put ('none', '/x')", V2V_EXIT_DATA, "there is no file");
  lab_fails (&lab, "guest.put ('a.lua', '/x', '0999')", V2V_EXIT_CONFIG, "the mode has to be");
  g_assert_cmpuint (lab.changes->len, ==, 0);

  /* Errors of calls can be caught, and say what they are. */
  lab_ok (&lab, "local ok, err = pcall (guest.is_file, '/x')\n"
                "assert (not ok and err.message:find 'call launch')\n"
                "assert (tostring (err):find 'guest.is_file' and ('x' .. err):find '^x')\n"
                "assert (getmetatable (err) == false)");

  g_assert_false (lab_probe (&lab, "return { f = function () guest.write ('/x', '') end }",
                             lab.kernel, NULL, &error));
  g_assert_nonnull (strstr (error->message, "a probe can only read: it has no guest.write"));
  g_clear_error (&error);
  g_assert_false (lab_probe (&lab, "return { f = function () guest.command ({ 'ls' }) end }",
                             lab.kernel, NULL, &error));
  g_assert_nonnull (strstr (error->message, "a probe can only read: it has no guest.command"));
  g_clear_error (&error);
  g_assert_false (lab_probe (&lab, "return { f = function () return guest.aug_set end }",
                             lab.kernel, NULL, &error));
  g_assert_nonnull (strstr (error->message, "a probe can only read"));
  lab_clear (&lab);
}

static void
test_no_guest (void)
{
  Lab lab;

  lab_init (&lab, NULL, NULL);
  lab_fails (&lab, "guest.read_file ('/x')", V2V_EXIT_CONFIG, "there is no guest here");
  lab_clear (&lab);
}

/* ---- values between states ---- */

static void
test_values (void)
{
  lua_State *L = luaL_newstate ();
  V2vLuaValue value = {0};
  const char *why = NULL;

  luaL_openlibs (L);
  g_assert_cmpint (luaL_dostring (L, "return { 1, 2.5, 'x\\0y', true, { a = { 'b' } }, '12' }"),
                   ==, LUA_OK);
  g_assert_true (v2v_lua_value_read (L, -1, &value, &why));
  g_assert_cmpint (v2v_lua_value_list_length (&value), ==, 6);
  g_assert_cmpuint (v2v_lua_value_get (&value, NULL, 3)->length, ==, 3);
  v2v_lua_value_push (L, &value);
  lua_setglobal (L, "copy");
  g_assert_cmpint (
      luaL_dostring (L, "assert (math.type (copy[1]) == 'integer' and copy[2] == 2.5)\n"
                        "assert (copy[3] == 'x\\0y' and copy[4] == true)\n"
                        "assert (copy[5].a[1] == 'b' and copy[6] == '12')"),
      ==, LUA_OK);
  v2v_lua_value_to_integers (&value);
  g_assert_cmpint (v2v_lua_value_get (&value, NULL, 6)->integer, ==, 12);
  v2v_lua_value_clear (&value);

  g_assert_cmpint (luaL_dostring (L, "local t = {} t.t = t return t"), ==, LUA_OK);
  g_assert_false (v2v_lua_value_read (L, -1, &value, &why));
  g_assert_cmpstr (why, ==, "its tables are nested too deeply");
  g_assert_cmpint (luaL_dostring (L, "return ('x'):rep (65 * 1024 * 1024)"), ==, LUA_OK);
  g_assert_false (v2v_lua_value_read (L, -1, &value, &why));
  g_assert_cmpstr (why, ==, "it is too long");
  g_assert_cmpint (luaL_dostring (L, "return { [{}] = 1 }"), ==, LUA_OK);
  g_assert_false (v2v_lua_value_read (L, -1, &value, &why));
  g_assert_cmpint (value.kind, ==, V2V_LUA_NIL);
  lua_close (L);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lua/sealed/libraries", test_no_libraries);
  g_test_add_func ("/lua/sealed/metamethods", test_no_metamethods);
  g_test_add_func ("/lua/sealed/bytecode", test_no_bytecode);
  g_test_add_func ("/lua/sealed/memory", test_memory);
  g_test_add_func ("/lua/sealed/time", test_time);
  g_test_add_func ("/lua/require", test_require);
  g_test_add_func ("/lua/links", test_links);
  g_test_add_func ("/lua/errors", test_errors);
  g_test_add_func ("/lua/error-status", test_error_status);
  g_test_add_func ("/lua/load-errors", test_load_errors);
  g_test_add_func ("/lua/step-arguments", test_step_arguments);
  g_test_add_func ("/lua/facts", test_facts);
  g_test_add_func ("/lua/records", test_records);
  g_test_add_func ("/lua/calls/table", test_table);
  g_test_add_func ("/lua/globals", test_globals);
  g_test_add_func ("/lua/calls/guest", test_guest_table);
  g_test_add_func ("/lua/calls/no-guest", test_no_guest);
  g_test_add_func ("/lua/values", test_values);
  return g_test_run ();
}
