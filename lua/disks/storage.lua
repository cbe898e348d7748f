-- SPDX-License-Identifier: GPL-2.0-or-later
-- Changes names of disks in the settings of LVM, software RAID, multipath, kdump and others, and in what they have recorded
-- about disks.
local text = require "lib.text"
local devices = require "lib.devices"
local disk_files = require "lib.disk_files"
local multipath = require "lib.multipath"
local starts = require "lib.starts"
local stable = require "disks.stable"
local M = {}

-- ---- LVM ----

-- An element of a filter that accepts an old name, or several of them, accepts the new names, too.
local function accepts(element, renames, by_start, whole)
  local renamed = devices.rename(element, renames)
  if renamed ~= element then return renamed end
  local more = starts.renamed(element, by_start)
  -- What else it accepts by patterns tells nothing of how the new names would be written.
  for _, start in ipairs { "/dev/disk/by-", "/dev/cciss/", "/dev/nvme", "/dev/mapper/mpath" } do
    local _, new = next(by_start)
    if not more and element:find(start, 1, true) then more = new and '"a|^' .. new .. '|"' end
  end
  if more and not whole:find(more, 1, true) then return more .. ", " .. element end
end

function M.lvm(list)
  local renames, by_start = devices.renames(list), starts.of(list)
  for _, path in ipairs(disk_files.there(disk_files.LVM)) do
    local content, inside = text.read(path), false
    text.edit(path, function(line)
      if line:match("^%s*#") then return nil end
      inside = inside or line:match("^%s*filter%s*=") or line:match("^%s*global_filter%s*=") or line:match("^%s*devices/[%l_]*filter%s*=")
      if not inside then return devices.rename(line, renames) end
      inside = not line:find("]", 1, true)
      local commented = line:find("#", 1, true) -- no pattern has it in practice; what follows may be a comment
      local body = commented and line:sub(1, commented - 1) or line
      return body:gsub('"a[^"]*"', function(element) return accepts(element, renames, by_start, content) end)
        .. (commented and line:sub(commented) or "")
    end)
  end
end

-- The devices file lists the disks that are looked at by numbers that only the old ones had. LVM finds a disk that is
-- listed by its name by what is on it (PVID), should it have another name.
local OF_DISKS = text.set { "sys_wwid", "sys_serial", "mpath_uuid", "devname" }

function M.lvm_devices(list)
  local renames = devices.renames(list)
  for _, path in ipairs(disk_files.there(disk_files.LVM_DEVICES)) do
    text.edit(path, function(line)
      local kind = line:match("^IDTYPE=(%S+)")
      local id = line:match("%f[%w]PVID=(%S+)")
      if not kind or not id or not OF_DISKS[kind] then return nil end
      local old = line:match("%f[%w]DEVNAME=(%S+)") or "."
      local new = devices.rename(old, renames)
      if kind == "devname" and new == old then return nil end
      -- A name that no disk will have tells nothing.
      if new == old then new = "." end
      return "IDTYPE=devname IDNAME=" .. new .. " DEVNAME=" .. new .. " PVID=" .. id
    end)
  end
end

-- ---- the others ----

-- In mdadm.conf, DEVICE lines may have patterns.
local function with_patterns(line, by_start)
  local head, rest = line:match("^(%s*[Dd][Ee][Vv][%l%u]*%s)(.*)$")
  if not head then return nil end
  local words = text.set { rest }
  for word in rest:gmatch("%S+") do words[word] = true end
  return head .. rest:gsub("%S+", function(word)
    local more = word:find("[*?%[]") and starts.renamed(word, by_start)
    if more and not words[more] then return more .. " " .. word end
  end)
end

function M.others(list)
  local renames, by_start = devices.renames(list), starts.of(list)
  for _, path in ipairs(disk_files.there(disk_files.STORAGE)) do
    local arrays = path:find("mdadm", 1, true)
    text.edit(path, function(line)
      if line:match("^%s*#") then return nil end
      local new = devices.rename(line, renames, not arrays and stable.path or nil)
      return arrays and with_patterns(new, by_start) or new
    end)
  end
end

-- Multipath forgets the disks that have other names now. It keeps those that the guest reaches by itself, as over iSCSI.
function M.multipath(list)
  local names, gone = multipath.names(), {}
  for _, request in ipairs(list) do gone[multipath.identity(request.old, names) or ""] = true end
  for _, paths in ipairs { multipath.BINDINGS, multipath.WWIDS } do
    for _, path in ipairs(disk_files.there(paths)) do
      text.edit(path, function(line)
        if gone[multipath.entry(line) or "-"] then return false end
      end)
    end
  end
end

-- What was remembered of the old disks is found out anew.
function M.caches()
  for _, path in ipairs { "/etc/lvm/cache/.cache", "/etc/blkid.tab", "/etc/blkid.tab.old", "/etc/blkid/blkid.tab", "/etc/blkid/blkid.tab.old" } do
    text.remove(path)
  end
end

function M.remap(list)
  M.lvm(list)
  M.lvm_devices(list)
  M.others(list)
  M.multipath(list)
  M.caches()
end

return M
