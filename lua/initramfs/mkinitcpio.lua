-- SPDX-License-Identifier: GPL-2.0-or-later
-- mkinitcpio, as Arch Linux and its kin use it.
local text = require "lib.text"
local drivers = require "lib.drivers"
local held = require "initramfs.held"
local M = {}

local CONFIG, DIRECTORY = "/etc/mkinitcpio.conf", "/etc/mkinitcpio.conf.d"
local OURS = DIRECTORY .. "/99-v2v-engine.conf"

-- Calls EDIT with the words of each MODULES of a configuration, which is a list of the shell or, in older ones, a
-- string; it may go over several lines. What EDIT returns replaces them.
local function map_modules(content, edit)
  local done = false
  local function change(head, words, tail)
    local list = {}
    for word in words:gsub("#[^\n]*", ""):gmatch("%S+") do list[#list + 1] = word end
    local new = edit(list)
    done = true
    if new then return head .. table.concat(new, " ") .. tail end
  end
  content = ("\n" .. content):gsub("(\n[ \t]*MODULES%+?=%()([^)]*)(%))", change):gsub("(\n[ \t]*MODULES%+?=\")([^\"]*)(\")", change)
  return content:sub(2), done
end

local function files()
  local list = text.glob(DIRECTORY .. "/*.conf")
  table.insert(list, 1, CONFIG)
  return list
end

-- Has every rebuild include the drivers: in a file of its own where such are read, else in the list that is there.
function M.enable(list)
  local there = {}
  for _, path in ipairs(files()) do
    map_modules(text.read(path) or "", function(words)
      for _, word in ipairs(words) do there[drivers.name(word)] = true end
    end)
  end
  local missing = drivers.missing(list, there)
  if #missing == 0 then return end
  if guest.is_dir(DIRECTORY, { followsymlinks = true }) then
    local content = text.read(OURS) or "# drivers of the devices that this machine has\n"
    text.write(OURS, text.append(content, { "MODULES+=(" .. table.concat(missing, " ") .. ")" }))
    return
  end
  local content, done = map_modules(text.read(CONFIG) or "", function(words)
    table.move(missing, 1, #missing, #words + 1, words)
    return words
  end)
  if not done then content = text.append(content, { "MODULES=(" .. table.concat(missing, " ") .. ")" }) end
  text.write(CONFIG, content)
end

function M.disable(list)
  local gone = drivers.set(list)
  for _, path in ipairs(files()) do
    local old = text.read(path)
    local new = old and map_modules(old, function(words) return drivers.without(words, gone) end)
    if new ~= old then text.write(path, new) end
  end
end

-- Makes the initramfs anew, unless it holds every driver already and nothing outdated. What autodetect leaves out would follow from the
-- hardware of the appliance.
function M.rebuild(version)
  local path = held.initrd(version, "/boot/initramfs-%s.img")
  if held.suffices(path, version, held.wanted(version), "lsinitcpio") then return end
  guest.command { "mkinitcpio", "-S", "autodetect", "-k", version, "-g", path }
end

return M
