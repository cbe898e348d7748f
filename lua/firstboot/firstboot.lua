-- SPDX-License-Identifier: GPL-2.0-or-later
-- Installs a script that runs once, when the guest first boots. Its output goes to a log. The script and what started it are
-- removed before it runs, so that it never runs twice.
local text = require "lib.text"
local M = {}

local DIRECTORY = "/var/lib/v2v-engine"

-- The files of a script; NAME tells several apart.
local function files_of(name)
  local unit = "v2v-" .. name .. ".service"
  return {
    script = DIRECTORY .. "/" .. name,
    runner = DIRECTORY .. "/run-" .. name,
    log = "/var/log/v2v-" .. name .. ".log",
    unit = "/etc/systemd/system/" .. unit,
    want = "/etc/systemd/system/multi-user.target.wants/" .. unit,
    start = "v2v-" .. name,
  }
end

-- Once the log or the script is there, it was put there already.
local function is_there(files)
  return guest.is_file(files.script) or guest.is_file(files.log)
end

local function run(files, cleanup)
  return "mv -f " .. files.script .. " " .. files.script .. ".running && " .. cleanup .. "\n"
    .. "{ " .. files.script .. ".running; echo \"exit status $?\"; } >>" .. files.log .. " 2>&1 </dev/null\n"
    .. "rm -f " .. files.script .. ".running\n"
end

-- A file of the host's, or what another script of ours wrote.
local function put(files, script, content)
  text.directory(DIRECTORY)
  if content then text.write(files.script, content, 448) else guest.put(script, files.script, 448) end -- 0700
end

-- SCRIPT: a file of the host's. Other scripts give a name and CONTENT instead.
function M.systemd(script, name, content)
  local files = files_of(name or "first-boot")
  if is_there(files) then return end
  put(files, script, content)
  text.write(files.runner, "#!/bin/sh\n" .. run(files, "rm -f " .. files.unit .. " " .. files.want) .. "rm -f " .. files.runner .. "\n", 448)
  text.write(files.unit, "[Unit]\nDescription=First boot after the conversion to a new hypervisor\n"
    .. "Wants=network-online.target\nAfter=network-online.target\nConditionPathExists=" .. files.script .. "\n\n"
    .. "[Service]\nType=oneshot\nTimeoutStartSec=infinity\nExecStart=/bin/sh " .. files.runner .. "\n\n[Install]\nWantedBy=multi-user.target\n")
  text.directory("/etc/systemd/system/multi-user.target.wants")
  guest.ln_sf(files.unit, files.want)
end

function M.sysv(script, name, content)
  local files = files_of(name or "first-boot")
  if is_there(files) then return end
  local directories = text.glob("/etc/rc.d/rc[235].d")
  if #directories == 0 then directories = text.glob("/etc/init.d/rc[235].d") end
  if #directories == 0 then directories = text.glob("/etc/rc[235].d") end
  if #directories == 0 then fail("no directory rc2.d, rc3.d or rc5.d was found from which a script could be started at first boot: leave out the options that need such a script (--first-boot, --guest-agent), and make these changes by hand") end
  put(files, script, content)
  local runner, links = "/etc/init.d/" .. files.start, {}
  for _, directory in ipairs(directories) do links[#links + 1] = directory .. "/S99" .. files.start end
  text.write(runner, "#!/bin/sh\n# chkconfig: 235 99 01\n# description: first boot after the conversion to a new hypervisor\n"
    .. "[ \"$1\" = start ] && [ -e " .. files.script .. " ] || exit 0\n" .. run(files, "rm -f " .. table.concat(links, " ")) .. "rm -f " .. runner .. "\n", 493)
  for _, link in ipairs(links) do guest.ln_sf(runner, link) end
end

function M.openrc(script, name, content)
  local files = files_of(name or "first-boot")
  if is_there(files) then return end
  put(files, script, content)
  local service, link = "/etc/init.d/" .. files.start, "/etc/runlevels/default/" .. files.start
  text.write(service, "#!/sbin/openrc-run\ndescription=\"first boot after the conversion to a new hypervisor\"\n"
    .. "depend() {\n  use net\n  after *\n}\nstart() {\n" .. run(files, "rm -f " .. link) .. "rm -f " .. service .. "\n}\n", 493)
  text.directory("/etc/runlevels/default")
  guest.ln_sf(service, link)
end

return M
