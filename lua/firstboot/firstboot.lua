-- SPDX-License-Identifier: GPL-2.0-or-later
-- A script that runs once when the guest first boots: its output goes to a log, and
-- it and what started it are removed before it runs, so that it never runs twice.
local text = require "lib.text"
local M = {}

local FOLDER = "/var/lib/v2v-engine"
local SCRIPT = FOLDER .. "/first-boot"
local LOG = "/var/log/v2v-first-boot.log"

local UNIT = "/etc/systemd/system/v2v-first-boot.service"
local WANT = "/etc/systemd/system/multi-user.target.wants/v2v-first-boot.service"

-- Once the log or the script is there, it was put there already.
local function is_there()
  return guest.is_file(SCRIPT) or guest.is_file(LOG)
end

local function run(cleanup)
  return "mv -f " .. SCRIPT .. " " .. SCRIPT .. ".running && " .. cleanup .. "\n"
    .. "{ " .. SCRIPT .. ".running; echo \"exit status $?\"; } >>" .. LOG .. " 2>&1 </dev/null\n"
    .. "rm -f " .. SCRIPT .. ".running\n"
end

function M.systemd(script)
  if is_there() then return end
  text.folder(FOLDER)
  guest.put(script, SCRIPT, 448) -- 0700
  text.write(FOLDER .. "/run-first-boot", "#!/bin/sh\n" .. run("rm -f " .. UNIT .. " " .. WANT) .. "rm -f " .. FOLDER .. "/run-first-boot\n", 448)
  text.write(UNIT, "[Unit]\nDescription=First boot after the conversion to a new hypervisor\n"
    .. "Wants=network-online.target\nAfter=network-online.target\nConditionPathExists=" .. SCRIPT .. "\n\n"
    .. "[Service]\nType=oneshot\nTimeoutStartSec=infinity\nExecStart=/bin/sh " .. FOLDER .. "/run-first-boot\n\n[Install]\nWantedBy=multi-user.target\n")
  text.folder("/etc/systemd/system/multi-user.target.wants")
  guest.ln_sf(UNIT, WANT)
end

function M.sysv(script)
  if is_there() then return end
  local folders = text.glob("/etc/rc.d/rc[235].d")
  if #folders == 0 then folders = text.glob("/etc/init.d/rc[235].d") end
  if #folders == 0 then folders = text.glob("/etc/rc[235].d") end
  if #folders == 0 then fail("no folder rc2.d, rc3.d or rc5.d was found in which a script for the first boot could be started") end
  text.folder(FOLDER)
  guest.put(script, SCRIPT, 448)
  local runner, links = "/etc/init.d/v2v-first-boot", {}
  for _, folder in ipairs(folders) do links[#links + 1] = folder .. "/S99v2v-first-boot" end
  text.write(runner, "#!/bin/sh\n# chkconfig: 235 99 01\n# description: first boot after the conversion to a new hypervisor\n"
    .. "[ \"$1\" = start ] && [ -e " .. SCRIPT .. " ] || exit 0\n" .. run("rm -f " .. table.concat(links, " ")) .. "rm -f " .. runner .. "\n", 493)
  for _, link in ipairs(links) do guest.ln_sf(runner, link) end
end

return M
