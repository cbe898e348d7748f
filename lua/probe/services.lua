-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds the services that the guest starts when it boots.
local text = require "lib.text"
local M = {}

function M.services()
  local enabled = {}
  for _, path in ipairs(text.glob("/etc/systemd/system/*.wants/*.service")) do
    enabled[text.basename(path):gsub("%.service$", "")] = true
  end
  for _, pattern in ipairs { "/etc/rc3.d/S*", "/etc/rc.d/rc3.d/S*", "/etc/init.d/rc3.d/S*", "/etc/rc2.d/S*" } do
    for _, path in ipairs(text.glob(pattern)) do
      local name = text.basename(path):match("^S%d%d(.+)$")
      if name then enabled[name] = true end
    end
  end
  local records = {}
  for _, name in ipairs(text.sorted(enabled)) do records[#records + 1] = { name = name, enabled = true } end
  return records
end

return M
