-- SPDX-License-Identifier: GPL-2.0-or-later
-- Reads where chrony gets the time from. Its configuration may name further files and directories.
local text = require "lib.text"
local M = {}

local MAIN = { "/etc/chrony.conf", "/etc/chrony/chrony.conf" }
local DIRECTORIES = { "/etc/chrony/conf.d/*.conf", "/etc/chrony/sources.d/*.sources", "/etc/chrony.d/*.conf", "/etc/chrony.d/*.sources", "/etc/sysconfig/chrony.d/*.conf" }

local SERVERS = { server = true, pool = true, peer = true }

-- Its files: those of usual names, and those that they include. Nothing outside /etc is settings of the guest's own.
function M.files()
  local paths, seen = {}, {}
  local function add(path)
    if seen[path] or path:sub(1, 5) ~= "/etc/" or path:find("/../", 1, true) or #paths > 100 or not guest.is_file(path) then return end
    seen[path] = true
    paths[#paths + 1] = path
    for _, line in ipairs(text.lines(text.read(path))) do
      local word, where = line:match("^%s*(%a+)%s+(/%S+)")
      word = word and word:lower()
      if word == "include" then
        for _, file in ipairs(text.glob(where)) do add(file) end
      elseif word == "confdir" or word == "sourcedir" then
        for directory in line:match("^%s*%a+%s+(.*)$"):gmatch("/%S+") do
          for _, file in ipairs(text.glob(directory .. (word == "confdir" and "/*.conf" or "/*.sources"))) do add(file) end
        end
      end
    end
  end
  for _, path in ipairs(MAIN) do add(path) end
  if #paths > 0 then
    for _, pattern in ipairs(DIRECTORIES) do
      for _, path in ipairs(text.glob(pattern)) do add(path) end
    end
  end
  return paths
end

-- The source that LINE is about, and whether it is a clock of the machine and no server; nil for any other line.
function M.source(line)
  local word, rest = line:match("^%s*(%a+)%s+(.+)$")
  word = word and word:lower()
  if SERVERS[word or ""] then return rest:match("^(%S+)"), false end
  if word ~= "refclock" then return nil end
  -- Behind the device of a clock may stand what it is used as (extpps, nocrossts), or which of its pins.
  return rest:match("^%a+%s+(/[^%s:]+)"), true
end

return M
