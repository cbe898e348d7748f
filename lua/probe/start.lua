-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds out from which of several disks the machine starts: the one that has what the firmware looks for. If several disks
-- have it (one may have been another machine's), the boot loader goes on with the file system that the guest mounts, so the
-- disk with that one is chosen.
local bootcode = require "lib.bootcode"
local partitions = require "probe.partitions"
local M = {}

-- The disks, by their names in the appliance, that have a partition of EFI's own.
local function with_efi()
  local found = {}
  for _, record in ipairs(partitions.partitions()) do
    if record.type == partitions.EFI then found[guest.part_to_dev(record.device)] = true end
  end
  return found
end

-- FIRMWARE: "efi", or any other.
function M.start(firmware)
  local records = {}
  -- One disk is the one.
  if #facts.appliance_disk < 2 then return records end
  local efi = firmware == "efi" and with_efi()
  local holds = bootcode.disk_at(efi and { "/boot/efi", "/efi", "/boot" } or { "/boot", "/" })
  for number, disk in ipairs(facts.appliance_disk) do
    local starts
    if efi then starts = efi[disk.device] == true else starts = bootcode.starts(disk.device) end
    records[number] = { target = disk.target, number = number - 1, starts = starts, files = disk == holds }
  end
  return records
end

return M
