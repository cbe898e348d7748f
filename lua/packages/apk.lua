-- SPDX-License-Identifier: GPL-2.0-or-later
-- Installs and removes packages with apk, which lists the packages that an administrator asked for in /etc/apk/world; all
-- other packages were installed because others need them.
local text = require "lib.text"
local files = require "packages.files"
local M = {}

local WORLD = "/etc/apk/world"

function M.add(list)
  local missing = files.missing(list)
  if #missing == 0 then return end
  files.with(missing, function(paths) guest.command { "apk", "add", "--no-network", "--allow-untrusted", table.unpack(paths) } end)
end

local function installed()
  local names = {}
  local content = text.read("/lib/apk/db/installed") or text.read("/usr/lib/apk/db/installed") or ""
  for name in ("\n" .. content):gmatch("\nP:([^\n]+)") do names[name] = true end
  return names
end

-- Names alone, without the version or the repository that may follow.
local function wanted()
  local names = {}
  for word in (text.read(WORLD) or ""):gmatch("%S+") do names[word:match("^[%w._+-]+") or ""] = true end
  return names
end

function M.remove(list)
  local there, world, asked, needed = installed(), wanted(), {}, {}
  for _, name in ipairs(files.names(list)) do
    if there[name] and world[name] then
      asked[#asked + 1] = name
    elseif there[name] then
      needed[#needed + 1] = name
    end
  end
  if #asked > 0 then
    guest.command { "apk", "del", "--no-network", table.unpack(asked) }
    there = installed()
  end
  -- It takes them off the list even if others need them, and says so, but does not fail. What was installed for them
  -- has gone with them.
  local left = {}
  for _, names in ipairs { asked, needed } do
    for _, name in ipairs(names) do
      if there[name] then left[#left + 1] = name end
    end
  end
  table.sort(left)
  if #left > 0 then files.left(left, "others need", "^$") end
end

return M
