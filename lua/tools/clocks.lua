-- SPDX-License-Identifier: GPL-2.0-or-later
-- Removes clocks that only the old host has: chrony does not start if its configuration names a clock that does not exist.
local text = require "lib.text"
local chrony = require "lib.chrony"
local M = {}

function M.chrony(list)
  local gone = {}
  for _, request in ipairs(list) do gone[request.device] = true end
  for _, path in ipairs(chrony.files()) do
    text.edit(path, function(line)
      local name, is_device = chrony.source(line)
      if is_device and gone[name] then return "#" .. line end
    end)
  end
end

return M
