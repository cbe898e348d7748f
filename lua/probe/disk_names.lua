-- SPDX-License-Identifier: GPL-2.0-or-later
-- What each disk is called by the guest now, and what it will be called under
-- the target. Computed from the domain's disks in their order, never guessed.
local text = require "lib.text"
local bootfiles = require "lib.bootfiles"
local disk_files = require "lib.disk_files"
local links = require "lib.links"
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

-- Buses whose disks share the names sda, sdb ..., in the order in which a PC has their controllers.
local SHARED = { "ide", "sata", "scsi", "usb" }

local function bus_of(disk)
  if disk.bus then return disk.bus end
  return ({ hd = "ide", sd = "scsi" })[disk.target:match("^(%ld)%l+$")]
end

-- Where disks on several of these buses share one row of names, the letters of the domain are not those of the
-- guest. Returns by the disk's number what the kernel calls it; nothing where the domain's letters count.
local function row(ide)
  local by_bus, buses, names, count = {}, 0, {}, 0
  if ide ~= "sd" then return names end
  for number, disk in ipairs(facts.disk) do
    local bus = disk.target and bus_of(disk)
    if bus then
      if not by_bus[bus] then by_bus[bus] = {} end
      table.insert(by_bus[bus], { number = number, target = disk.target })
    end
  end
  for _, bus in ipairs(SHARED) do buses = buses + (by_bus[bus] and 1 or 0) end
  if buses < 2 then return names end
  for _, bus in ipairs(SHARED) do
    local disks = by_bus[bus] or {}
    table.sort(disks, function(a, b) return #a.target < #b.target or #a.target == #b.target and a.target < b.target end)
    for _, disk in ipairs(disks) do
      names[disk.number] = "/dev/sd" .. letters(count)
      count = count + 1
    end
  end
  return names
end

-- The names that a guest may know a disk by: the domain's own, and what the kernel makes of it. A Xen guest with
-- drivers of its own sees hda and sda as xvda; a newer kernel sees hda as sda, and where nothing but the kernel
-- names the disks, by that name only. Of a disk of which nobody knows who ran it, every name is possible. KERNEL
-- is what the kernel surely calls it, or nil.
local function old_names(target, hypervisor, ide, kernel)
  local names = { "/dev/" .. target }
  local prefix, rest = target:match("^(%l%l?%l?d)(%l+%d*)$")
  local xen = hypervisor == "xen"
  if kernel then
    names = { kernel }
    if prefix == "hd" and not (hypervisor == "kvm" or hypervisor == "qemu") then names[2] = "/dev/" .. target end
    if prefix == "hd" and xen then names[3] = "/dev/xvd" .. rest end
    return names
  end
  if prefix == "sd" and not hypervisor then
    names = { "/dev/sd" .. rest, "/dev/hd" .. rest, "/dev/xvd" .. rest, "/dev/vd" .. rest }
    if #rest == 1 then
      names[5] = "/dev/nvme" .. rest:byte() - 97 .. "n1"
      names[6] = "/dev/cciss/c0d" .. rest:byte() - 97
    end
    return names
  end
  if prefix == "hd" and ide == "sd" and (hypervisor == "kvm" or hypervisor == "qemu") then return { "/dev/sd" .. rest } end
  if prefix == "hd" then names[#names + 1] = "/dev/sd" .. rest end
  if xen and (prefix == "hd" or prefix == "sd") then names[#names + 1] = "/dev/xvd" .. rest end
  return names
end

-- The names that the guest's files have for disks by where they are or by their numbers.
local function links_in_files()
  local set = {}
  local function look(line)
    if not line:match("^%s*#") then links.collect(line, set) end
  end
  local lists = { disk_files.MOUNTS, disk_files.ENCRYPTED, disk_files.RESUME, disk_files.BOOT_DEFAULTS, disk_files.STORAGE, disk_files.LVM, disk_files.LVM_DEVICES }
  for _, list in ipairs(lists) do
    for _, path in ipairs(disk_files.there(list)) do
      for _, line in ipairs(text.lines(text.read(path))) do look(line) end
    end
  end
  for _, path in ipairs(bootfiles.list()) do bootfiles.each(path, look) end
  return text.sorted(set)
end

-- BUS: that of the target's disks; IDE: what the guest's kernel calls an IDE disk.
function M.disk_names(bus, ide, hypervisor)
  local records, taken, kernel = {}, {}, row(ide)
  for number, disk in ipairs(facts.disk) do
    if disk.target then taken[kernel[number] or "/dev/" .. disk.target] = number end
  end
  local prefix = bus == "ide" and ide or PREFIXES[bus or ""]
  if not prefix then fail("it is not known what disks on the bus " .. tostring(bus) .. " are called: no rule sets target.disk-bus to a known one") end
  for number, disk in ipairs(facts.disk) do
    if disk.target then
      local new = "/dev/" .. prefix .. letters(number - 1)
      for _, old in ipairs(old_names(disk.target, hypervisor, ide, kernel[number])) do
        if not taken[old] or taken[old] == number then
          taken[old] = number
          records[#records + 1] = { old = old, new = new, disk = disk.target }
        end
      end
    end
  end
  local fixed, by_disk = {}, {}
  for _, disk in ipairs(facts.disk) do
    if disk.target then fixed[#fixed + 1] = disk end
  end
  for _, record in ipairs(records) do by_disk[record.disk] = record.new end
  for _, link in ipairs(links_in_files()) do
    local disk = links.disk(link, fixed)
    if disk then
      records[#records + 1] = { old = link, new = by_disk[disk.target], disk = disk.target }
    else
      log.warn("the guest names a disk as " .. link .. ", which it will not be under the target, and of its disks nobody knows which that is: "
        .. "have it named by UUID before the conversion, or change the guest's configuration afterwards")
    end
  end
  return records
end

return M
