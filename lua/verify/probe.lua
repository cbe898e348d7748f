-- SPDX-License-Identifier: GPL-2.0-or-later
-- Installs the boot check, which tells verify that a guest came up. It is installed in a copy that is thrown away, so it may
-- do what no conversion does.
local text = require "lib.text"
local bootfiles = require "lib.bootfiles"
local M = {}

local SCRIPT = "/etc/v2v-verify"
-- On every port there may be: which of them is heard depends on the machine.
local TELL = "#!/bin/sh\nfor port in /dev/ttyS0 /dev/ttyS1 /dev/ttyS2 /dev/ttyS3 /dev/console; do\n"
  .. "  { echo; echo %s; } 2>/dev/null >$port\ndone\nexit 0\n"

-- Kernel messages on the first serial port, beside where they go already, and no enforcing of labels that the
-- probe's files do not have.
local function listen()
  for _, path in ipairs(bootfiles.list()) do
    bootfiles.edit(path, function(line)
      local head = line:match("^%s*linux%w*%s") or line:match("^%s*kernel%s") or line:match("^%s*options%s") or line:match("^%s*[Aa][Pp][Pp][Ee][Nn][Dd]%s")
        or line:match("^kernelopts=")
      if not head or line:match("v2v%-verify") then return nil end
      local new = line:gsub("%s*$", ""):gsub("%f[%w]quiet%f[%W]", ""):gsub("%f[%w]rhgb%f[%W]", "")
      if not new:match("console=ttyS0") then new = new .. " console=tty0 console=ttyS0,115200" end
      return new .. " enforcing=0 v2v-verify"
    end)
  end
end

local function script()
  text.write(SCRIPT, TELL:format(facts.target.boot_mark), 493)
end

function M.systemd()
  script()
  local unit = "/etc/systemd/system/v2v-verify.service"
  -- An idle service waits some seconds for the others. A guest that ends before them of itself came up, too.
  text.write(unit, "[Unit]\nDescription=Tells that the guest came up\n\n[Service]\nType=idle\nExecStart=/bin/sh " .. SCRIPT
    .. "\nExecStopPost=/bin/sh " .. SCRIPT .. "\n")
  for _, target in ipairs { "multi-user.target", "graphical.target" } do
    local directory = "/etc/systemd/system/" .. target .. ".wants"
    text.directory(directory)
    guest.ln_sf(unit, directory .. "/v2v-verify.service")
  end
  listen()
end

function M.sysv()
  script()
  if guest.is_file("/etc/inittab") and text.read("/etc/inittab"):match(":initdefault:") then
    text.write("/etc/inittab", text.append(text.read("/etc/inittab"), { "v2v:2345:once:" .. SCRIPT }))
  else
    local directories = text.glob("/etc/rc.d/rc[2345].d")
    if #directories == 0 then directories = text.glob("/etc/rc[2345].d") end
    if #directories == 0 then fail("neither an inittab nor a directory rc2.d was found from which the boot check could be started") end
    for _, directory in ipairs(directories) do guest.ln_sf(SCRIPT, directory .. "/S99v2v-verify") end
  end
  listen()
end

function M.openrc()
  script()
  text.write("/etc/init.d/v2v-verify", "#!/sbin/openrc-run\ndepend() {\n  after *\n}\nstart() {\n  " .. SCRIPT .. "\n}\n", 493)
  text.directory("/etc/runlevels/default")
  guest.ln_sf("/etc/init.d/v2v-verify", "/etc/runlevels/default/v2v-verify")
  listen()
end

return M
