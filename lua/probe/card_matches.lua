-- SPDX-License-Identifier: GPL-2.0-or-later
-- Which files of the guest are for network cards of certain drivers, or for the card in a certain place.
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
