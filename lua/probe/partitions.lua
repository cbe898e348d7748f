-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds the partitions of the disks, each with the type that a GPT gives it. An MBR partition table has no types that matter
-- for firmware except that of EFI, which is given as a GPT would name it.
local M = {}

M.EFI = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"

local function type_of(disk, number, table)
  if table == "gpt" then return guest.part_get_gpt_type(disk, number):lower() end
  if table == "msdos" and guest.part_get_mbr_id(disk, number) == 0xef then return M.EFI end
end

function M.partitions()
  local records = {}
  for _, device in ipairs(guest.list_partitions()) do
    local disk, number = guest.part_to_dev(device), guest.part_to_partnum(device)
    records[#records + 1] = { device = device, number = number, type = type_of(disk, number, guest.part_get_parttype(disk)) }
  end
  return records
end

return M
