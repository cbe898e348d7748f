-- SPDX-License-Identifier: GPL-2.0-or-later
-- initramfs-tools, as Debian and its kin use it.
local text = require "lib.text"
local drivers = require "lib.drivers"
local held = require "initramfs.held"
local M = {}

local MODULES = "/etc/initramfs-tools/modules"

-- Has every rebuild include the drivers.
function M.enable(list)
  local content = text.read(MODULES) or ""
  local there = {}
  for _, line in ipairs(text.lines(content)) do there[drivers.name(line:match("^%s*([%w_-]*)"))] = true end
  local missing = drivers.missing(list, there)
  if #missing > 0 then text.write(MODULES, text.append(content, missing)) end
end

function M.disable(list)
  local gone = drivers.set(list)
  text.edit(MODULES, function(line)
    if gone[drivers.name(line:match("^%s*([%w_-]*)"))] then return false end
  end)
end

local function initrd_of(version)
  return "/boot/initrd.img-" .. version
end

-- Makes the initramfs anew, unless it holds every driver already and nothing outdated.
function M.rebuild(version)
  local path = initrd_of(version)
  if held.suffices(path, version, held.wanted(version), "lsinitramfs") then return end
  guest.command { "update-initramfs", guest.is_file(path, { followsymlinks = true }) and "-u" or "-c", "-k", version }
end

return M
