-- SPDX-License-Identifier: GPL-2.0-or-later
-- Providers for guests whose initramfs generator is not known.
local M = {}

-- There is no configuration to write to; what the images of today need is appended to them.
function M.enable(list)
  local names = {}
  for _, request in ipairs(list) do names[request.driver] = true end
  for name in pairs(names) do log.info("no tool is known that would keep " .. name .. " in the initramfs of kernels to come") end
end

-- A kernel that has its drivers within needs nothing.
function M.prepare(version)
  log.info("kernel " .. version .. " has the drivers of the target's disks built in")
end

return M
