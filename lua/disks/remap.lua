-- SPDX-License-Identifier: GPL-2.0-or-later
-- Gives disks their new names in the guest's configuration. Comments stay as they are.
local text = require "lib.text"
local devices = require "lib.devices"
local bootfiles = require "lib.bootfiles"
local grub = require "lib.grub"
local M = {}

local function edit(path, renames, field)
  text.edit(path, function(line)
    if line:match("^%s*#") or line == "" then return nil end
    if not field then return devices.rename(line, renames) end
    local before, value, after = line:match(field)
    if value then return before .. devices.rename(value, renames) .. (after or "") end
  end)
end

-- What is mounted: the first field of each line.
function M.fstab(list)
  edit("/etc/fstab", devices.renames(list), "^(%s*)(%S+)(.*)$")
end

-- The second field of each line; options may name a device too (header=, keyscript's key).
function M.crypttab(list)
  edit("/etc/crypttab", devices.renames(list), "^(%s*%S+%s+)(.*)$")
end

-- Where the memory is kept during hibernation.
function M.resume(list)
  for _, path in ipairs { "/etc/initramfs-tools/conf.d/resume", "/etc/uswsusp.conf", "/etc/suspend.conf" } do
    edit(path, devices.renames(list))
  end
end

-- What the boot loader's configuration is generated from.
function M.boot_defaults(list)
  local seen = {}
  for _, path in ipairs { "/etc/default/grub", "/etc/sysconfig/grub", "/etc/kernel/cmdline", "/etc/sysconfig/bootloader" } do
    if not guest.is_symlink(path) and not seen[path] then edit(path, devices.renames(list)) end
    seen[path] = true
  end
  for _, path in ipairs(text.glob("/etc/default/grub.d/*.cfg")) do edit(path, devices.renames(list)) end
end

-- Which disks LVM, software RAID and multipath look at, and what they remember of them.
function M.storage(list)
  local renames = devices.renames(list)
  for _, path in ipairs { "/etc/lvm/devices/system.devices", "/etc/lvm/lvm.conf", "/etc/mdadm/mdadm.conf", "/etc/mdadm.conf", "/etc/multipath.conf",
    "/etc/smartd.conf", "/etc/hdparm.conf" } do
    edit(path, renames)
  end
  for _, path in ipairs { "/etc/lvm/cache/.cache", "/etc/blkid.tab", "/etc/blkid/blkid.tab" } do text.remove(path) end
end

-- Programs of the guest that were run in the appliance may have written the names that its disks have there.
local function add_names_here(renames)
  if #requests.update_bootloader + #requests.add_application + #requests.remove_application == 0 then return end
  for name, new in pairs(devices.here(renames)) do renames[name] = renames[name] or new end
end

-- The files that are read at boot, after the last program that generates one of them.
function M.boot_files(list)
  local renames = devices.renames(list)
  local here, clash = devices.here(renames)
  add_names_here(renames)
  for _, path in ipairs(bootfiles.list()) do
    -- Where old names could be mistaken for those of the appliance, the generator has run, on settings that have new names.
    local generated = clash and path == facts.bootloader.config and grub.generates()
    bootfiles.edit(path, function(line) return devices.rename(line, generated and here or renames) end)
  end
end

-- Fails if a name remains that no disk has under the target.
function M.check()
  local renames, stays, remains = {}, {}, {}
  for _, name in ipairs(facts.disk_name) do stays[name.new] = true end
  for _, name in ipairs(facts.disk_name) do renames[name.old] = name.new end
  add_names_here(renames)
  for name in pairs(stays) do renames[name] = nil end
  for _, path in ipairs(bootfiles.list()) do
    bootfiles.each(path, function(line)
      for _, name in ipairs(devices.found(line, renames)) do remains[path .. " names " .. name] = true end
    end)
  end
  local list = text.sorted(remains)
  if #list > 0 then
    fail("the guest would not boot: " .. table.concat(list, "; ") .. ", which the new machine does not have")
  end
end

return M
