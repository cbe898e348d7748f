-- SPDX-License-Identifier: GPL-2.0-or-later
-- mkinitrd of SUSE systems before dracut.
local text = require "lib.text"
local held = require "initramfs.held"
local M = {}

local CONFIG = "/etc/sysconfig/kernel"

local function edit(change)
  text.edit(CONFIG, function(line)
    local name, value = line:match('^(%u*_?INITRD_MODULES)="([^"]*)"')
    if not name then return nil end
    local words = {}
    for word in value:gmatch("%S+") do words[#words + 1] = word end
    if change(words, name) then return name .. '="' .. table.concat(words, " ") .. '"' end
  end)
end

function M.enable(list)
  edit(function(words, name)
    local there, changed = text.set(words), false
    if name ~= "INITRD_MODULES" then return false end
    for _, request in ipairs(list) do
      if not there[request.driver] then
        there[request.driver], changed = true, true
        words[#words + 1] = request.driver
      end
    end
    return changed
  end)
end

function M.disable(list)
  local gone = {}
  for _, request in ipairs(list) do gone[request.driver:gsub("%-", "_")] = true end
  edit(function(words)
    local changed = false
    for i = #words, 1, -1 do
      if gone[words[i]:gsub("%-", "_")] then
        table.remove(words, i)
        changed = true
      end
    end
    return changed
  end)
end

-- Makes the initrd anew, unless it holds every driver already and nothing outdated.
function M.rebuild(version)
  local drivers, kernel = held.wanted(version), nil
  for _, known in ipairs(facts.kernel) do
    if known.version == version then kernel = known end
  end
  local path = kernel.initrd or "/boot/initrd-" .. version
  if held.suffices(path, version, drivers) then return end
  -- Its option -m would stand for INITRD_MODULES, which has them by now, and lose the rest.
  guest.command { "/sbin/mkinitrd", "-i", path, "-k", kernel.image }
end

return M
