/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: what scripts read of a guest. Every file that one of the probes' scripts asks
 * for holds the input; the first byte chooses the script. Errors are allowed, but neither loops
 * nor more than a script's memory.
 */
#include "config.h"

#include <string.h>

#include <lauxlib.h>

#include "base/log.h"
#include "guest/sandbox.h"

#include "fuzz.h"

/* Instructions, in thousands: far more than a few KiB of text need. */
#define STEPS_MAX 500000

typedef struct {
  const char *text, *module;
  gsize length;
} Input;

static const char *module_dirs[2];

static const char *const modules[] = {
    "boot_menu", "bootloader", "card_matches", "clocks",  "disk_names", "health",
    "init",      "initramfs",  "interfaces",   "kernels", "os",         "packages",
    "remaining", "secrets",    "services",     "space",   "start",
};

/* Calls each function of the script, over a guest in which everything is a file with this text.
 */
static const char driver[] =
    "local data, name = ...\n"
    "local lines = {}\n"
    "for line in data:gmatch('[^\\n]*') do lines[#lines + 1] = line end\n"
    "local files = { '/etc/a', '/etc/b.conf', '/boot/vmlinuz-1' }\n"
    "local calls = {\n"
    "  read_file = function () return data end, cat = function () return data end,\n"
    "  read_lines = function () return lines end, head = function () return lines end,\n"
    "  grep = function () return lines end,\n"
    "  pread = function (_, count, offset) return data:sub(offset + 1, offset + count) end,\n"
    "  initrd_cat = function () return data end, initrd_list = function () return lines end,\n"
    "  query = function () return data end, strings = function () return lines end,\n"
    "  readlink = function () return lines[1] end, realpath = function (path) return path "
    "end,\n"
    "  filesize = function () return #data end,\n"
    "  glob_expand = function () return files end, ls = function () return { 'a', 'b.conf' } "
    "end,\n"
    "  find = function () return { 'a', 'b.conf' } end,\n"
    "  search = function () return { { path = 'a', line = 1, text = lines[1] } } end,\n"
    "  is_file = function () return true end, is_dir = function () return true end,\n"
    "  exists = function () return true end, is_symlink = function () return false end,\n"
    "  list_filesystems = function () return { ['/dev/sda1'] = 'ext4' } end,\n"
    "  list_devices = function () return { '/dev/sda' } end,\n"
    "}\n"
    "guest = setmetatable({}, { __index = function (_, name)\n"
    "  return calls[name] or function () error('no ' .. name) end end })\n"
    "local inert = setmetatable({}, { __call = function () end })\n"
    "log = { debug = inert, info = inert, warn = inert }\n"
    "local kind = setmetatable({}, { __index = function () return nil end })\n"
    "facts = setmetatable({}, { __index = function () return kind end })\n"
    "fail = error\n"
    "local ok, module = pcall(require, 'probe.' .. name)\n"
    "if not ok then error('LOAD ' .. tostring(module), 0) end\n"
    "for _, call in pairs(module) do pcall(call, '/etc/a', data, lines) end\n";

int
LLVMFuzzerInitialize (int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
  const char *shipped = g_getenv ("V2V_ENGINE_DATA_DIR");

  if (!shipped)
    g_error ("V2V_ENGINE_DATA_DIR has to name the directory of the shipped rules");
  v2v_log_setup (V2V_QUIET, -1);
  module_dirs[0] = g_build_filename (shipped, "lua", NULL);
  return 0;
}

static int
run (lua_State *L)
{
  const Input *input = v2v_sandbox_of (L)->data;

  if (luaL_loadstring (L, driver) != LUA_OK)
    return lua_error (L);
  lua_pushlstring (L, input->text, input->length);
  lua_pushstring (L, input->module);
  lua_call (L, 2, 0);
  return 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Input input;
  V2vSandbox sandbox = {.module_dirs = module_dirs, .steps_max = STEPS_MAX, .data = &input};
  g_autoptr (GError) error = NULL;

  if (size == 0)
    return 0;
  input = (Input){(const char *)data + 1, modules[data[0] % G_N_ELEMENTS (modules)], size - 1};
  if (!v2v_sandbox_run (&sandbox, run, "fuzz", &error))
    g_error ("%s: %s", input.module, error->message);
  return 0;
}
