-- SPDX-License-Identifier: GPL-2.0-or-later
-- Clocks that only the old host has: chrony does not start if it is told to use one that is missing.
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
