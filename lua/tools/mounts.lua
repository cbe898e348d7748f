-- SPDX-License-Identifier: GPL-2.0-or-later
-- Comments out lines in fstab for mounts that would fail, and would keep the system from starting.
local text = require "lib.text"
local services = require "tools.services"
local M = {}

-- Is it mounted by one of WHAT (a type, or the beginning of a device's name)? A type of FUSE may stand as "fuse.TYPE", or
-- before or instead of the device.
local function is_of(what, device, kind)
  local fuse = kind == "fuse" and device:match("^([^#]+)")
  for _, word in ipairs(what) do
    if kind == word or kind == "fuse." .. word or fuse == word then return true end
    if word:sub(-1) == ":" and device:sub(1, #word) == word then return true end
  end
  return false
end

-- The device, place and type that a line of fstab names; nil for a comment.
local function fields(line)
  return line:match("^%s*([^#%s]%S*)%s+(%S+)%s+(%S+)")
end

local function fstab(what)
  local gone = {}
  for _, line in ipairs(text.lines(text.read("/etc/fstab"))) do
    local device, place, kind = fields(line)
    if device and is_of(what, device, kind) then gone[#gone + 1] = (place:gsub("(.)/+$", "%1")) end
  end
  if #gone == 0 then return end
  text.edit("/etc/fstab", function(line)
    local device, _, kind = fields(line)
    if not device then return nil end
    local out = is_of(what, device, kind)
    -- A part of it that is mounted elsewhere.
    for _, place in ipairs(gone) do out = out or device == place or device:sub(1, #place + 1) == place .. "/" end
    if not out then return nil end
    log.info("/etc/fstab: not mounted any more: " .. line)
    return "#" .. line
  end)
end

-- Units that an administrator wrote.
local function units(what)
  for _, path in ipairs(text.glob("/etc/systemd/system/*.mount")) do
    local values = text.assignments(guest.is_file(path) and text.read(path) or "")
    if values.What and is_of(what, values.What, values.Type or "") then
      local name = text.basename(path)
      for _, link in ipairs(services.wanted(name)) do guest.rm_f(link) end
      for _, link in ipairs(services.wanted((name:gsub("mount$", "automount")))) do guest.rm_f(link) end
    end
  end
end

function M.disable(list)
  local what = {}
  for _, request in ipairs(list) do what[#what + 1] = request.what end
  fstab(what)
  units(what)
end

return M
