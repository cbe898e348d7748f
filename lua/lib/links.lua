-- SPDX-License-Identifier: GPL-2.0-or-later
-- Names of disks by the disk's place or its own data: /dev/disk/by-path and by-id, and multipath's. Both are different under
-- another hypervisor. Names by the content of the disk (by-uuid, by-label, LVM's, software RAID's) stay as they are.
local multipath = require "lib.multipath"
local M = {}

-- How the names in by-id begin that are made from a disk itself. Others are made from what is on it, or are of disks that
-- come and go.
local OF_DISKS = { "ata-", "scsi-", "wwn-", "nvme-", "virtio-", "ieee1394-", "cciss-", "dm-uuid-mpath-", "dm-uuid-part", "dm-name-mpath" }

-- Is NAME (without what stands for a partition) one that will be of no use? NAMED: the names that multipath was told to give.
function M.is_link(name, named)
  if name:match("^/dev/disk/by%-path/.") then return not name:match("^/dev/disk/by%-path/xen%-vbd%-%d") end
  local id = name:match("^/dev/disk/by%-id/(.+)$")
  for _, start in ipairs(id and OF_DISKS or {}) do
    if id:sub(1, #start) == start then return true end
  end
  return multipath.disk(name, named or {}) == name
end

-- NAME without what stands for a partition, and the number of that partition.
function M.whole(name, named)
  local whole, number = name:match("^(/dev/disk/.+)%-part(%d+)$")
  if whole then return (whole:gsub("^(/dev/disk/by%-id/dm%-uuid%-)part%d+%-", "%1")), number end
  number, whole = name:match("^/dev/disk/by%-id/dm%-uuid%-part(%d+)%-(mpath%-.+)$")
  if whole then return "/dev/disk/by-id/dm-uuid-" .. whole, number end
  whole, number = multipath.disk(name, named or {})
  return whole or name, number
end

-- Adds to SET the links, whole disks, that stand in a line of text.
function M.collect(line, set, named)
  for before, name in (" " .. line):gmatch("(.)(/dev/[dm][%w/_%-%.:]+)") do
    name = M.whole((name:gsub("[%.:]+$", "")), named)
    if not before:match("[%w_%.%-/]") and M.is_link(name, named) then set[name] = true end
  end
end

-- A disk's serial number in the form that such names contain.
local function written(serial)
  return (serial:gsub("[^%w]", ""):lower())
end

-- The letter of a disk's name as a number from 0.
local function place(disk)
  local letter = disk.target and disk.target:match("^%l+d(%l)$")
  return letter and letter:byte() - 97
end

-- A path ends in where a disk is on its controller. As many disks may be on several, it tells only if these are one of a kind.
local function by_path(name, disks)
  local kind, unit = "scsi", name:match("%-scsi%-%d+:%d+:(%d+):%d+$")
  if not unit then kind, unit = "sata", name:match("%-ata%-(%d+)%.?%d*$") end
  if not unit then return nil end
  unit = math.tointeger(tonumber(unit))
  if kind == "sata" then unit = unit - 1 end
  -- The controller has a place of its own.
  if kind == "scsi" and unit > 7 then unit = unit - 1 end
  local found, several = nil, false
  for _, disk in ipairs(disks) do
    local bus = disk.bus or (disk.target or ""):match("^sd") and "scsi"
    if bus == kind and place(disk) == unit then
      several = found ~= nil
      found = disk
    end
  end
  return not several and found or nil
end

-- The disk, of the domain's, that NAME (a link, whole, or the number that it stands for) is; nil if that is not known. Where there
-- is but one, it is that one, unless NAME is one of multipath's: those of disks that the guest reaches by itself are no others.
function M.disk(name, disks)
  if #disks == 1 and name:sub(1, 1) == "/" then return disks[1] end
  local plain, found, several = written(name), nil, false
  for _, disk in ipairs(disks) do
    local serial = written(disk.serial or "")
    if #serial >= 4 and plain:find(serial, 1, true) then
      several = several or found ~= nil
      found = disk
    end
  end
  if found then return not several and found or nil end
  return by_path(name, disks)
end

return M
