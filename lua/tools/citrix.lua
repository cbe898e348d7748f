-- SPDX-License-Identifier: GPL-2.0-or-later
-- Reverses what the scripts of Citrix's guest utilities did to a guest.
local text = require "lib.text"
local leftovers = require "tools.leftovers"
local M = {}

-- Their installation makes comments of the lines that start logins on tty1 to tty6: all of them.
function M.inittab()
  local taken = {}
  for _, line in ipairs(text.lines(text.read("/etc/inittab"))) do
    local id = line:match("^([^#:]+):")
    if id then taken[id] = true end
  end
  text.edit("/etc/inittab", function(line)
    local id, rest = line:match("^#%s*([1-6])(:[2-5]+:respawn:.*getty.*)$")
    if not id or taken[id] then return nil end
    taken[id] = true
    return id .. rest
  end)
end

-- What their archive puts there, and packages keep as settings.
function M.remove()
  leftovers.files {
    "/usr/sbin/xe-daemon", "/usr/sbin/xe-linux-distribution", "/usr/sbin/xe-update-guest-attrs",
    "/etc/init.d/xe-linux-distribution", "/etc/init.d/xe-daemon", "/etc/rc.d/init.d/xe-linux-distribution", "/etc/rc.d/init.d/xe-daemon",
    "/etc/init/xe-linux-distribution.conf", "/etc/systemd/system/xe-linux-distribution.service",
    "/lib/systemd/system/xe-linux-distribution.service", "/usr/lib/systemd/system/xe-linux-distribution.service",
    "/etc/udev/rules.d/z10_xen-vcpu-hotplug.rules", "/etc/udev/rules.d/z10-xen-vcpu-hotplug.rules", "/etc/udev/rules.d/xen-vcpu-hotplug.rules",
    "/lib/udev/rules.d/z10_xen-vcpu-hotplug.rules", "/lib/udev/rules.d/z10-xen-vcpu-hotplug.rules",
    "/var/cache/xe-linux-distribution", "/var/lib/xe-linux-distribution",
  }
end

return M
