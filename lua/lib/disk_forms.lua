-- SPDX-License-Identifier: GPL-2.0-or-later
-- The forms in which text names a disk or a partition: its path (/dev/sdb1), a unit of systemd (dev-sdb1.device), and its
-- directory in sysfs (/sys/block/sdb). Functions take the table that devices.renames makes.
local text = require "lib.text"
local devices = require "lib.devices"
local M = {}

-- PATH as systemd writes it in the names of units.
function M.escape(path)
  return (path:sub(2):gsub("[^%w:_.]", function(char)
    return char == "/" and "-" or ("\\x%02x"):format(char:byte())
  end))
end

local function unescape(name)
  return "/" .. name:gsub("%-", "/"):gsub("\\x(%x%x)", function(code) return string.char(tonumber(code, 16)) end)
end

local UNITS = text.set { "device", "swap", "mount", "automount", "service", "timer", "socket", "path", "target", "scope", "slice" }

-- Calls CHANGE on the path of each device that a unit in LINE is called after; what it returns is what the unit is called after then.
local function each_unit(line, change)
  return (line:gsub("()([%w:_.\\@%-]+)", function(at, word)
    local before, rest = word:match("^(.*@)(dev%-.+)$")
    if not before then before, rest = "", word end
    if rest:sub(1, 4) ~= "dev-" or (before == "" and line:sub(at - 1, at - 1):match("[%w~]")) then return nil end
    local name, kind, more = rest:match("^(.+)%.(%l+)(%.%l+)$")
    if not name or not UNITS[kind] then name, kind, more = rest:match("^(.+)%.(%l+)$") end
    if not name or not UNITS[kind] then return nil end
    local new = change(unescape(name), rest)
    return new and before .. M.escape(new) .. "." .. kind .. (more or "")
  end))
end

-- The same for the directories of disks in sysfs, which may stand without what is before "block/".
local function each_directory(line, change)
  return (line:gsub("()block/([%w!]+)", function(at, name)
    if line:sub(at - 1, at - 1):match("[%w_%-]") then return nil end
    local new = change("/dev/" .. name:gsub("!", "/"), "block/" .. name)
    return new and "block/" .. new:gsub("^/dev/", ""):gsub("/", "!")
  end))
end

-- What the kernel calls the disk or partition NAME (sdb1, cciss!c0d0p1), or nil.
function M.kernel_name(name, by_old)
  local new = devices.renamed("/dev/" .. name:gsub("!", "/"), by_old)
  return new and new:match("^/dev/([^/]+)$")
end

-- TEXT with every name in it renamed; BETTER as of devices.rename.
function M.rename(line, by_old, better)
  local function change(path) return devices.renamed(path, by_old) end
  return each_directory(each_unit(devices.rename(line, by_old, better), change), change)
end

-- The paths of the devices that units in LINE are called after.
function M.of_units(line)
  local list = {}
  each_unit(line, function(path) list[#list + 1] = path end)
  return list
end

-- The name of a unit, or of a file or directory that belongs to one, as it is after the renames; nil if they do not concern it.
function M.unit(name, by_old)
  local new = each_unit(name, function(path) return devices.renamed(path, by_old) end)
  return new ~= name and new or nil
end

-- The names in LINE, as they stand there, that the renames would change.
function M.found(line, by_old)
  local list = devices.found(line, by_old)
  local function look(path, name)
    local new = devices.renamed(path, by_old)
    if new and new ~= path then list[#list + 1] = name end
  end
  each_unit(line, look)
  each_directory(line, look)
  return list
end

return M
