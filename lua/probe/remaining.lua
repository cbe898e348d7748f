-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds what a conversion leaves in the guest although it does not fit the new machine, before anything is changed.
local text = require "lib.text"
local leftover_names = require "lib.leftover_names"
local places = require "disks.places"
local udev = require "disks.udev"
local secrets = require "probe.secrets"
local M = {}

-- Rules of udev that ask disks for what they will not answer.
local function disk_rules(found)
  local records = {}
  for _, path in ipairs(found.paths) do
    local asks = path:match("^udev/rules%.d/.*%.rules$") and udev.asks(text.read("/etc/" .. path) or "") or {}
    if #asks > 0 then records[#records + 1] = { path = "/etc/" .. path, by = table.concat(asks, ", ") } end
  end
  return records
end

-- A search takes a third of a second: there is one for all of this.
function M.look()
  local words = places.words()
  for _, more in ipairs { udev.WORDS, secrets.WORDS } do table.move(more, 1, #more, #words + 1, words) end
  local found = leftover_names.search(words)
  local names = places.remaining(found, true)
  local said = #names > 0 and places.say(names) .. (found.cut and ", and perhaps others: there were too many to look at" or "") or nil
  return { remaining_name = names, remaining = { names = said }, disk_rule = disk_rules(found),
    machine_secret = secrets.secrets(found) }
end

return M
