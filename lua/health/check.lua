-- SPDX-License-Identifier: GPL-2.0-or-later
-- Checks the file systems again when everything has been written: only for the damage that they have recorded, or
-- completely.
local health = require "probe.health"
local text = require "lib.text"
local M = {}

local function refuse(damaged, what)
  local list = text.sorted(damaged)
  if #list > 0 then
    fail(what .. " in the guest's file system at " .. table.concat(list, ", ")
      .. ": repair it (fsck) and convert it again, or leave that to the guest with --no-fs-check")
  end
end

function M.look()
  local types, damaged = health.types(), {}
  for _, before in ipairs(facts.health) do
    if not before.damaged and health.is_damaged(before.device, types[before.device]) then damaged[before.path .. " (" .. before.device .. ")"] = true end
  end
  refuse(damaged, "the kernel came upon errors, while the guest was converted,")
end

function M.examine()
  local types, damaged = health.types(), {}
  for _, before in ipairs(facts.health) do
    local problems = not before.problems and health.problems(before.device, types[before.device])
    if problems then damaged[before.path .. " (" .. before.device .. "; " .. problems .. ")"] = true end
  end
  refuse(damaged, "the conversion left errors, or came upon some,")
end

return M
