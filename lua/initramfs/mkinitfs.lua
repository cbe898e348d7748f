-- SPDX-License-Identifier: GPL-2.0-or-later
-- mkinitfs, as Alpine Linux uses it: a feature is a file with the paths of modules, and the configuration lists the
-- features that go into an image.
local text = require "lib.text"
local modules = require "lib.modules"
local held = require "initramfs.held"
local M = {}

local CONFIG, DIRECTORY = "/etc/mkinitfs/mkinitfs.conf", "/etc/mkinitfs/features.d"
local FEATURE = "v2v-engine"

-- Where a driver is below the directory of a kernel's modules, however it is compressed; nil if it is part of the image.
local function pattern(driver, version)
  local module = (modules.loadable(modules.directory(version)) or {})[(driver:gsub("%-", "_"))]
  return module and module.path:gsub("%.ko.*$", ".ko*")
end

-- Has every rebuild include the drivers and what they need, by a feature of our own.
function M.enable(list)
  local path = DIRECTORY .. "/" .. FEATURE .. ".modules"
  local old = text.read(path)
  local there, missing = text.set(text.lines(old or "")), {}
  for _, request in ipairs(list) do
    local line = pattern(request.driver, request.kernel)
    if line and not there[line] then
      there[line] = true
      missing[#missing + 1] = line
    end
  end
  if #missing > 0 then
    table.sort(missing)
    text.directory(DIRECTORY)
    text.write(path, text.append(old or "", missing))
  end
  if not text.read(path) then return end
  local listed = false
  local content = text.map_lines(text.read(CONFIG) or "", function(line)
    local head, words, tail = line:match('^(%s*features=")([^"]*)(".*)$')
    if not head then return nil end
    listed = true
    if not (" " .. words .. " "):find(" " .. FEATURE .. " ", 1, true) then return head .. text.trim(words .. " " .. FEATURE) .. tail end
  end)
  if not listed then content = text.append(content, { 'features="ata base ext4 scsi virtio ' .. FEATURE .. '"' }) end
  text.write(CONFIG, content)
end

-- What lists a driver by itself does not list it any more; features with more than that stay as they are.
function M.disable(list)
  local gone = {}
  for _, request in ipairs(list) do gone[request.driver:gsub("%-", "_")] = true end
  text.edit(DIRECTORY .. "/" .. FEATURE .. ".modules", function(line)
    if gone[modules.name((line:gsub("%*$", "")))] then return false end
  end)
end

-- Makes the initramfs anew, unless it holds every driver already and nothing outdated.
function M.rebuild(version)
  local path = held.initrd(version, "/boot/initramfs-%s")
  if held.suffices(path, version, held.wanted(version)) then return end
  guest.command { "mkinitfs", "-o", path, version }
end

return M
