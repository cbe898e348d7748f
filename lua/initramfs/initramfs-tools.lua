-- SPDX-License-Identifier: GPL-2.0-or-later
-- initramfs-tools, as Debian and its kin use it.
local text = require "lib.text"
local held = require "initramfs.held"
local M = {}

local MODULES = "/etc/initramfs-tools/modules"

local function name(word)
  return (word:gsub("%-", "_"))
end

-- Has every rebuild include the drivers.
function M.enable(list)
  local content = text.read(MODULES) or ""
  local there, lines = {}, {}
  for _, line in ipairs(text.lines(content)) do there[name(line:match("^%s*([%w_-]*)"))] = true end
  for _, request in ipairs(list) do
    if not there[name(request.driver)] then
      there[name(request.driver)] = true
      lines[#lines + 1] = request.driver
    end
  end
  if #lines > 0 then text.write(MODULES, text.append(content, lines)) end
end

function M.disable(list)
  local gone = {}
  for _, request in ipairs(list) do gone[name(request.driver)] = true end
  text.edit(MODULES, function(line)
    if gone[name(line:match("^%s*([%w_-]*)"))] then return false end
  end)
end

local function initrd_of(version)
  return "/boot/initrd.img-" .. version
end

-- Makes the initramfs anew, unless it holds every driver already.
function M.rebuild(version)
  local path = initrd_of(version)
  if held.suffices(path, version, held.wanted(version), "lsinitramfs") then return end
  guest.command { "update-initramfs", guest.is_file(path, { followsymlinks = true }) and "-u" or "-c", "-k", version }
end

return M
