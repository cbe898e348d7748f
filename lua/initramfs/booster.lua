-- SPDX-License-Identifier: GPL-2.0-or-later
-- booster, which Arch Linux offers beside mkinitcpio.
local text = require "lib.text"
local drivers = require "lib.drivers"
local held = require "initramfs.held"
local M = {}

local CONFIG = "/etc/booster.yaml"

-- Calls EDIT with the words of "modules:", which are separated by commas, and replaces them with what it returns.
local function map_modules(content, edit)
  local done = false
  content = text.map_lines(content, function(line)
    local words = line:match("^modules:%s*(.-)%s*$")
    if not words then return nil end
    local list = {}
    for word in words:gmatch("[^,%s]+") do list[#list + 1] = word end
    done = true
    local new = edit(list)
    return new and "modules: " .. table.concat(new, ",")
  end)
  return content, done
end

function M.enable(list)
  local content, done = map_modules(text.read(CONFIG) or "", function(words)
    local there = {}
    for _, word in ipairs(words) do there[drivers.name(word)] = true end
    local missing = drivers.missing(list, there)
    return #missing > 0 and table.move(missing, 1, #missing, #words + 1, words) or nil
  end)
  if not done then content = text.append(content, { "modules: " .. table.concat(drivers.missing(list, {}), ",") }) end
  text.write(CONFIG, content)
end

function M.disable(list)
  local gone, old = drivers.set(list), text.read(CONFIG)
  if not old then return end
  local new = map_modules(old, function(words) return drivers.without(words, gone) end)
  if new ~= old then text.write(CONFIG, new) end
end

-- Makes the initramfs anew, unless it holds every driver already and nothing outdated: one for any machine, since the appliance is another.
function M.rebuild(version)
  local path = held.initrd(version, "/boot/booster-%s.img")
  if held.suffices(path, version, held.wanted(version)) then return end
  guest.command { "booster", "build", "--force", "--universal", "--kernel-version", version, path }
end

return M
