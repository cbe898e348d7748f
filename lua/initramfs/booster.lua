-- SPDX-License-Identifier: GPL-2.0-or-later
-- booster, which Arch Linux offers beside mkinitcpio.
local text = require "lib.text"
local held = require "initramfs.held"
local M = {}

local CONFIG = "/etc/booster.yaml"

local function name(word)
  return (word:gsub("%-", "_"))
end

-- Calls EDIT with the words of "modules:", which are separated by commas; what it returns stands in their place.
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
  local names = {}
  for _, request in ipairs(list) do names[name(request.driver)] = true end
  local content, done = map_modules(text.read(CONFIG) or "", function(words)
    for _, word in ipairs(words) do names[name(word)] = nil end
    if not next(names) then return nil end
    local missing = text.sorted(names)
    return table.move(missing, 1, #missing, #words + 1, words)
  end)
  if not done then content = text.append(content, { "modules: " .. table.concat(text.sorted(names), ",") }) end
  text.write(CONFIG, content)
end

function M.disable(list)
  local gone, old = {}, text.read(CONFIG)
  for _, request in ipairs(list) do gone[name(request.driver)] = true end
  if not old then return end
  local new = map_modules(old, function(words)
    local kept = {}
    for _, word in ipairs(words) do
      if not gone[name(word)] then kept[#kept + 1] = word end
    end
    return #kept < #words and kept or nil
  end)
  if new ~= old then text.write(CONFIG, new) end
end

-- Makes the initramfs anew, unless it holds every driver already: one for any machine, since the appliance is another.
function M.rebuild(version)
  local path = held.initrd(version, "/boot/booster-%s.img")
  if held.suffices(path, version, held.wanted(version)) then return end
  guest.command { "booster", "build", "--force", "--universal", "--kernel-version", version, path }
end

return M
