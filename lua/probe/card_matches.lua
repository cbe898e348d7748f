-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds files in the guest that match network cards by their drivers, or by their place.
local matches = require "network.matches"
local places = require "network.places"
local M = {}

function M.card_matches()
  local list = matches.list()
  for _, item in ipairs(list) do
    item.name = nil
    item.mac = item.kind == "by-place" and places.mac_at(item.value) or nil
  end
  return list
end

return M
