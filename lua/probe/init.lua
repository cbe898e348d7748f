-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds the program that the kernel starts first.
local text = require "lib.text"
local M = {}

function M.init()
  for _, directory in ipairs { "/usr/lib/systemd", "/lib/systemd" } do
    if text.present(directory, { "systemd" }).systemd then return { system = "systemd" } end
  end
  if next(text.present("/etc", { "event.d" })) or text.present("/sbin", { "initctl" }).initctl then return { system = "upstart" } end
  -- It is started by an init that reads inittab, and starts the rest.
  if text.present("/sbin", { "openrc-run" })["openrc-run"] then return { system = "openrc" } end
  if next(text.present("/etc", { "inittab", "init.d", "rc.d" })) then return { system = "sysv" } end
  return {}
end

return M
