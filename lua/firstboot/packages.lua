-- SPDX-License-Identifier: GPL-2.0-or-later
-- Makes the guest's own package manager install applications when the guest first boots.
local firstboot = require "firstboot.firstboot"
local M = {}

-- The network may need its time, and so may a mirror. A service that the package brings is started.
local SCRIPT = [[
#!/bin/sh
tries=0
until %s %s; do
  tries=$((tries + 1))
  [ $tries -lt 10 ] || exit 1
  sleep 30
done
for service in %s; do
  if command -v systemctl >/dev/null 2>&1; then
    systemctl enable "$service" && systemctl start "$service" && break
  elif [ -x /etc/init.d/"$service" ]; then
    ! command -v chkconfig >/dev/null 2>&1 || chkconfig "$service" on
    ! command -v rc-update >/dev/null 2>&1 || rc-update add "$service" default
    /etc/init.d/"$service" start && break
  fi
done 2>/dev/null
exit 0
]]

-- COMMAND: what installs, without NAME.
function M.install(name, command)
  local systems = { systemd = firstboot.systemd, sysv = firstboot.sysv, upstart = firstboot.sysv, openrc = firstboot.openrc }
  local run = systems[facts.init.system or ""]
  if not run then
    log.warn("no known init system of this guest can run a script at first boot: install " .. name .. " by hand")
    return
  end
  run(nil, "install-" .. name, SCRIPT:format(command, name, name))
end

return M
