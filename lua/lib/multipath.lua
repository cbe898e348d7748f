-- SPDX-License-Identifier: GPL-2.0-or-later
-- Multipath's names of disks in /dev/mapper, and the identifiers by which multipath recognises disks.
local text = require "lib.text"
local M = {}

-- It keeps account in the first of what each number is called, in the second of the numbers that are its business.
M.BINDINGS = { "/etc/multipath/bindings", "/var/lib/multipath/bindings" }
M.WWIDS = { "/etc/multipath/wwids" }
local CONFIGURATION = { "/etc/multipath.conf", "/etc/multipath/conf.d/*.conf" }

-- How a partition's name goes on after its disk's.
local PARTS = { "[%-_]part(%d+)$", "p(%d+)$", "(%d+)$" }

-- The number that a line of BINDINGS or WWIDS is about, and the name; nil for a comment.
function M.entry(line)
  local name, number = line:match("^%s*([^#%s/]%S*)%s+(%S+)")
  if name then return number, name end
  return line:match("^%s*/([^/%s]+)/")
end

-- { [name] = number }
function M.names()
  local names = {}
  for _, path in ipairs(M.BINDINGS) do
    for _, line in ipairs(text.lines(text.read(path) or "")) do
      local number, name = M.entry(line)
      if name then names[name] = number end
    end
  end
  for _, pattern in ipairs(CONFIGURATION) do
    for _, path in ipairs(text.glob(pattern)) do
      local number, name
      for _, line in ipairs(text.lines(text.read(path) or "")) do
        local word, value = line:match('^%s*(%l+)%s+"?([^%s"#!{]+)')
        if line:match("^%s*multipath%s*{") then number, name = nil, nil end
        if word == "wwid" then number = value elseif word == "alias" then name = value end
        if number and name then names[name] = number end
      end
    end
  end
  return names
end

-- If PATH is in /dev/mapper and a disk of NAMES, or one that multipath named by itself, or a partition of one: that disk's path,
-- and the number of the partition.
function M.disk(path, names)
  local base = path:match("^/dev/mapper/(.+)$")
  local function known(name) return names[name] ~= nil or name:match("^mpath%l+$") ~= nil end
  if not base or known(base) then return base and path end
  for _, part in ipairs(PARTS) do
    local name, number = base:match("^(.+)" .. part)
    if name and known(name) then return "/dev/mapper/" .. name, number end
  end
end

-- What tells one disk of multipath's from another, whichever of its names PATH (of a whole disk) is: its number, or what it is
-- called where that is not known; nil if it is none of multipath's.
function M.identity(path, names)
  local name = path:match("^/dev/mapper/(.+)$") or path:match("^/dev/disk/by%-id/dm%-name%-(.+)$")
  if name and (names[name] or name:match("^mpath%l+$")) then return names[name] or name end
  return path:match("^/dev/disk/by%-id/dm%-uuid%-mpath%-(.+)$")
end

return M
