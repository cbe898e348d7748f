-- SPDX-License-Identifier: GPL-2.0-or-later
-- Patterns that match several disks by the beginning of their names, such as /dev/sd[a-d].
local text = require "lib.text"
local M = {}

-- Disks whose names are not letters after how they begin.
local NUMBERED = { "/dev/cciss/", "/dev/nvme" }

-- How the names of disks begin that change, by what they begin with afterwards: "/dev/sd" -> "/dev/vd".
function M.of(list)
  local by_old = {}
  for _, request in ipairs(list) do
    local old, new = request.old:match("^(/dev/%l%l?%l?d)%l+$"), request.new:match("^(/dev/%l+d)%l+$")
    for _, start in ipairs(NUMBERED) do
      if request.old:sub(1, #start) == start then old = start end
    end
    if old and new and old ~= new then by_old[old] = new end
  end
  return by_old
end

-- A pattern that means several disks by how their names begin, with the new beginning; nil if it is none. Of names with numbers,
-- only one for all of them can be said with letters.
function M.renamed(pattern, by_start)
  for _, old in ipairs(text.sorted(by_start)) do
    local before, after = pattern:match("^(.-)" .. old .. "(.*)$")
    local fits = before and not after:match("^%l")
    if fits and not old:match("d$") then fits = not after:match("^%.?%*?[^|%*]*%w") end
    if fits then return before .. by_start[old] .. after end
  end
end

return M
