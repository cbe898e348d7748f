-- SPDX-License-Identifier: GPL-2.0-or-later
-- Looks once more at what the file systems have noted, when everything has been written.
local health = require "probe.health"
local text = require "lib.text"
local M = {}

function M.check()
  local types, damaged = health.types(), {}
  for _, before in ipairs(facts.health) do
    if not before.damaged and health.is_damaged(before.device, types[before.device]) then damaged[before.path .. " (" .. before.device .. ")"] = true end
  end
  local list = text.sorted(damaged)
  if #list > 0 then
    fail("the kernel came upon errors in the guest's file system at " .. table.concat(list, ", ") .. " while the guest was converted: repair it (fsck) and convert it again, or leave that to the guest with --no-fs-check")
  end
end

return M
