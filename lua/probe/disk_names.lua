-- SPDX-License-Identifier: GPL-2.0-or-later
-- What each disk is called by the guest now, and what it will be called under
-- the target. Computed from the domain's disks in their order, never guessed.
local M = {}

-- sda ... sdz, sdaa ...: the kernel counts in letters.
local function letters(number)
  local name = ""
  repeat
    name = string.char(97 + number % 26) .. name
    number = number // 26 - 1
  until number < 0
  return name
end

local PREFIXES = { virtio = "vd", scsi = "sd", sata = "sd", usb = "sd" }

-- The names that a guest may know a disk by: the domain's own, and what the kernel makes of it. A Xen guest with
-- drivers of its own sees hda and sda as xvda; a newer kernel sees hda as sda, and where nothing but the kernel
-- names the disks, by that name only.
local function old_names(target, hypervisor, ide)
  local names = { "/dev/" .. target }
  local prefix, rest = target:match("^(%l%l?%l?d)(%l+%d*)$")
  local xen = hypervisor == "xen"
  if prefix == "hd" and ide == "sd" and (hypervisor == "kvm" or hypervisor == "qemu") then return { "/dev/sd" .. rest } end
  if prefix == "hd" then names[#names + 1] = "/dev/sd" .. rest end
  if xen and (prefix == "hd" or prefix == "sd") then names[#names + 1] = "/dev/xvd" .. rest end
  return names
end

-- BUS: that of the target's disks; IDE: what the guest's kernel calls an IDE disk.
function M.disk_names(bus, ide, hypervisor)
  local records, taken = {}, {}
  for number, disk in ipairs(facts.disk) do
    if disk.target then taken["/dev/" .. disk.target] = number end
  end
  local prefix = bus == "ide" and ide or PREFIXES[bus or ""]
  if not prefix then fail("it is not known what disks on the bus " .. tostring(bus) .. " are called: no rule sets target.disk-bus to a known one") end
  for number, disk in ipairs(facts.disk) do
    if disk.target then
      local new = "/dev/" .. prefix .. letters(number - 1)
      for _, old in ipairs(old_names(disk.target, hypervisor, ide)) do
        if not taken[old] or taken[old] == number then
          taken[old] = number
          records[#records + 1] = { old = old, new = new, disk = disk.target }
        end
      end
    end
  end
  return records
end

return M
