-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds out whether a BIOS can start from a disk, from the code at the beginning of the disk. A disk starts nothing if it
-- has only a partition table, or a small program that only looks for a partition whose own beginning is empty.
local devices = require "lib.devices"
local M = {}

local SIGNATURE = "\x55\xaa"
local PROTECTIVE = 0xee -- the type of the one partition that stands for a GPT

-- Is there a program in the sector, and the mark without which it is not started?
local function has_code(sector)
  return sector:sub(511, 512) == SIGNATURE and sector:sub(1, 440):find("[^%z]") ~= nil
end

local function sector_at(device, number)
  return guest.pread_device(device, 512, number * 512)
end

-- The four entries of the table in a first sector: { active =, type =, start = in sectors }.
local function entries(sector)
  local list = {}
  for number = 0, 3 do
    local status, kind, start = string.unpack("<B xxx B xxx I4", sector, 447 + 16 * number)
    if kind ~= 0 then list[#list + 1] = { active = status == 0x80, type = kind, start = start } end
  end
  return list
end

-- Does the disk DEVICE (as libguestfs calls it) begin with something that starts a system?
function M.starts(device)
  local first = sector_at(device, 0)
  if not has_code(first) then return false end
  if first:find("GRUB", 1, true) or first:find("LILO", 1, true) then return true end
  for _, entry in ipairs(entries(first)) do
    -- syslinux's program for such disks finds the partition by an attribute of its own.
    if entry.type == PROTECTIVE then return first:find("Missing OS", 1, true) ~= nil end
    if entry.active and entry.start > 0 then return has_code(sector_at(device, entry.start)) end
  end
  return false
end

-- Has the disk a partition table? One that is a file system from its beginning has none.
function M.is_partitioned(device)
  local first = sector_at(device, 0)
  return first:sub(511, 512) == SIGNATURE and #entries(first) > 0
end

-- The disk, of those that there are in the appliance, on which the guest's file system at one of POINTS lies, the first that is
-- mounted; nil if that is on no disk or partition of its own.
function M.disk_at(points)
  for _, point in ipairs(points) do
    for _, mount in ipairs(facts.mount) do
      if mount.path == point then
        local device = devices.of_mount(mount) or mount.device
        for _, disk in ipairs(facts.appliance_disk) do
          local rest = device:sub(1, #disk.device) == disk.device and device:sub(#disk.device + 1)
          if rest and (rest == "" or rest:match("^p?%d+$")) then return disk end
        end
        return nil
      end
    end
  end
end

-- The disk that a boot loader is put on where no disk begins with one: that of /boot, else the first.
function M.disk_to_start()
  return M.disk_at { "/boot", "/" } or facts.appliance_disk[1]
end

return M
