-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds out where the guest gets the time from, according to its configuration.
local text = require "lib.text"
local chrony = require "lib.chrony"
local M = {}

function M.clocks()
  local set, records = {}, {}
  for _, path in ipairs(chrony.files()) do
    for _, line in ipairs(text.lines(text.read(path))) do
      local name, is_device = chrony.source(line)
      if name and not set[name] then
        set[name] = true
        records[#records + 1] = { name = name, machine = is_device }
      end
    end
  end
  return records
end

return M
