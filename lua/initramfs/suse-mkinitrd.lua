-- SPDX-License-Identifier: GPL-2.0-or-later
-- mkinitrd of SUSE systems before dracut.
local text = require "lib.text"
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

function M.rebuild(version)
  local drivers, kernel = {}, nil
  for _, request in ipairs(requests.enable_driver) do
    if request.kernel == version then drivers[#drivers + 1] = request.driver end
  end
  for _, known in ipairs(facts.kernel) do
    if known.version == version then kernel = known end
  end
  table.sort(drivers)
  local path = kernel.initrd or "/boot/initrd-" .. version
  if facts.option.initramfs ~= "rebuild" and guest.is_file(path, { followsymlinks = true }) then
    local listing = guest.query { "sh", "-c", "gzip -dc '" .. path:gsub("'", "'\\''") .. "' | cpio -it --quiet" }
    local held, lacking = require("initramfs.held").names(listing, version), false
    for _, driver in ipairs(drivers) do lacking = lacking or not held[driver] end
    if not lacking then return end
  end
  guest.command { "/sbin/mkinitrd", "-m", table.concat(drivers, " "), "-i", path, "-k", kernel.image }
end

return M
