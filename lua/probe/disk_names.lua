-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds the guest's present name of each disk, and its name under the target. Both are computed from the order of the
-- domain's disks, never guessed.
local text = require "lib.text"
local bootfiles = require "lib.bootfiles"
local disk_files = require "lib.disk_files"
local forms = require "lib.disk_forms"
local leftover_names = require "lib.leftover_names"
local links = require "lib.links"
local multipath = require "lib.multipath"
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

-- The names that the guest's files have for disks by where they are or by their numbers, and for what it uses some of them:
-- { link =, part =, root = true, type = }. NAMED: what multipath calls disks.
local function links_in_files(named)
  local set, uses, roots = {}, {}, {}
  local function use(name, record)
    record.link, record.part = links.whole(name, named)
    uses[#uses + 1] = record
  end
  local function look(line)
    if line:match("^%s*#") then return end
    links.collect(line, set, named)
    for name in line:gmatch("%f[%w]root=(/dev/[%w/_%-%.:]+)") do roots[links.whole(name, named)] = true end
  end
  local lists = { disk_files.MOUNTS, disk_files.ENCRYPTED, disk_files.RESUME, disk_files.BOOT_DEFAULTS, disk_files.STORAGE, disk_files.LVM, disk_files.LVM_DEVICES }
  for _, list in ipairs(lists) do
    for _, path in ipairs(disk_files.there(list)) do
      for _, line in ipairs(text.lines(text.read(path))) do look(line) end
    end
  end
  -- Anything else below /etc, where systemd's units write such names in a way of their own; and what packages have asked.
  local others = leftover_names.search { "/dev/disk/by-", "/dev/mapper/", "dev-disk-by\\x2d" }
  for _, path in ipairs(others.paths) do
    for _, hit in ipairs(others.files[path]) do
      look(hit.text)
      for _, name in ipairs(forms.of_units(hit.text)) do look(name) end
    end
  end
  for _, item in ipairs(others.named) do
    for _, name in ipairs(forms.of_units(text.basename(item.path))) do look(name) end
  end
  for _, line in ipairs(text.lines(text.read(disk_files.DEBCONF) or "")) do
    if line:match("^Value:") then look(line) end
  end
  for _, line in ipairs(text.lines(text.read("/etc/fstab") or "")) do
    local name, place, kind = line:match("^%s*(/dev/%S+)%s+(%S+)%s+(%S+)")
    if name then use(name, { root = place == "/", type = kind ~= "auto" and kind or nil }) end
  end
  for _, path in ipairs(bootfiles.list()) do bootfiles.each(path, look) end
  -- Another system may have entries of its own in the menu.
  local root = next(roots)
  if root and not next(roots, root) then use(root, { root = true }) end
  return text.sorted(set), uses
end

-- What libguestfs calls a disk.
local function device_of(disk)
  for _, known in ipairs(facts.appliance_disk) do
    if known.target == disk.target then return known.device end
  end
end

-- The disk that the guest's root is on, if that is a partition of one or all of it.
local function root_disk(disks)
  local root = facts.inspection and facts.inspection.root
  for _, disk in ipairs(root and disks or {}) do
    local device = device_of(disk)
    if device and root:sub(1, #device) == device and root:sub(#device + 1):match("^%d*$") then return disk end
  end
end

-- Is on DISK what the guest uses a disk of multipath's for?
local function fits(disk, uses)
  local device = device_of(disk)
  for _, use in ipairs(uses) do
    if use.type then
      local ok, kind = pcall(guest.vfs_type, (device or "") .. (use.part or ""))
      if not ok or kind ~= use.type then return false end
    end
  end
  return true
end

-- Gives each of the disks of multipath's for which it is not known yet the one of the domain's that it alone can be:
-- two of them are never the same. MAPS: list of { disk =, uses = }.
local function eliminate(maps, disks)
  local taken, again = {}, true
  for _, map in ipairs(maps) do taken[map.disk or 0] = true end
  while again do
    again = false
    local only, claims = {}, {}
    for _, map in ipairs(maps) do
      local found, count = nil, 0
      for _, disk in ipairs(map.disk and {} or disks) do
        if not taken[disk] and fits(disk, map.uses) then found, count = disk, count + 1 end
      end
      if count == 1 then
        only[map] = found
        claims[found] = (claims[found] or 0) + 1
      end
    end
    for map, disk in pairs(only) do
      if claims[disk] == 1 then
        map.disk, taken[disk], again = disk, true, true
      end
    end
  end
end

-- The disk, of the domain's, that each of LIST is: link -> disk.
local function disks_of(list, uses, named, disks)
  local found, maps, by_identity, root = {}, {}, {}, root_disk(disks)
  for _, link in ipairs(list) do
    local identity, is_root, own = multipath.identity(link, named), false, {}
    for _, use in ipairs(uses) do
      if use.link == link then
        own[#own + 1] = use
        is_root = is_root or use.root
      end
    end
    if identity then
      local map = by_identity[identity]
      if not map then
        map = { links = {}, uses = {}, disk = links.disk(identity, disks) }
        by_identity[identity], maps[#maps + 1] = map, map
      end
      map.links[#map.links + 1] = link
      map.disk = map.disk or (is_root and root or nil)
      table.move(own, 1, #own, #map.uses + 1, map.uses)
    else
      found[link] = links.disk(link, disks) or (is_root and root or nil)
    end
  end
  eliminate(maps, disks)
  for _, map in ipairs(maps) do
    for _, link in ipairs(map.links) do found[link] = map.disk end
  end
  return found
end

-- BUS: that of the target's disks; IDE: what the guest's kernel calls an IDE disk.
function M.disk_names(bus, ide, hypervisor)
  local records, taken, kernel = {}, {}, row(ide)
  for number, disk in ipairs(facts.disk) do
    if disk.target then taken[kernel[number] or "/dev/" .. disk.target] = number end
  end
  local prefix = bus == "ide" and ide or PREFIXES[bus or ""]
  if not prefix then fail("the names of disks on the bus " .. tostring(bus) .. " under the target are not known: choose another bus in the rule that sets target.disk-bus") end
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
  local named = multipath.names()
  local list, uses = links_in_files(named)
  local found = disks_of(list, uses, named, fixed)
  for _, link in ipairs(list) do
    local disk = found[link]
    if disk then
      records[#records + 1] = { old = link, new = by_disk[disk.target], disk = disk.target }
    else
      log.warn("the guest names a disk as " .. link .. ", a name that will not exist under the target, and it is not known which disk this is: "
        .. "have it named by UUID before the conversion, or change the guest's configuration afterwards")
    end
  end
  return records
end

return M
