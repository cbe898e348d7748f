-- SPDX-License-Identifier: GPL-2.0-or-later
-- Makes names of disks that do not change with the machine: by the UUID of the disk's content.
local M = {}

local FILE_SYSTEMS = { ext2 = true, ext3 = true, ext4 = true, xfs = true, btrfs = true, reiserfs = true, jfs = true, f2fs = true, vfat = true, swap = true }

local ENCRYPTED = { crypto_LUKS = true }

-- What libguestfs calls the disk or partition that is NAME under the target.
local function here(name)
  for _, disk in ipairs(facts.disk_name) do
    local part = name:sub(1, #disk.new) == disk.new and name:sub(#disk.new + 1)
    if part and part:match("^%d*$") then
      for _, known in ipairs(facts.appliance_disk) do
        if known.target == disk.disk and known.device then return known.device .. part end
      end
    end
  end
end

local function uuid_of(device)
  local ok, uuid = pcall(guest.vfs_uuid, device)
  return ok and uuid:match("^[%w-]+$") or nil
end

-- Do two have the same, as where one disk is a copy of another?
local function is_alone(uuid)
  local count = 0
  for _, list in ipairs { guest.list_partitions, guest.list_devices } do
    for _, device in ipairs(list()) do
      if uuid_of(device) == uuid then count = count + 1 end
    end
  end
  return count == 1
end

local function uuid(name, types)
  local device = here(name)
  if not device then return nil end
  local ok, kind = pcall(guest.vfs_type, device)
  if not ok or not types[kind] then return nil end
  local found = uuid_of(device)
  return found and is_alone(found) and found or nil
end

-- For devices.rename: OLD, if it said where a disk is, becomes what FORMAT makes of a UUID.
local function better(types, format)
  return function(old, new)
    if not (old:match("^/dev/disk/by%-path/") or old:match("^/dev/disk/by%-id/") or old:match("^/dev/mapper/")) then return nil end
    local found = uuid(new, types)
    return found and format:format(found)
  end
end

-- In fstab, in crypttab, and where a path has to stand.
M.mounted = better(FILE_SYSTEMS, "UUID=%s")
M.encrypted = better(ENCRYPTED, "UUID=%s")
M.path = better(FILE_SYSTEMS, "/dev/disk/by-uuid/%s")

return M
