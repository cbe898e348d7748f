-- SPDX-License-Identifier: GPL-2.0-or-later
-- Installs the guest's own boot loader where a BIOS starts it. A guest did not need it there if its hypervisor's tools read
-- the kernel from its disk.
local text = require "lib.text"
local bootcode = require "lib.bootcode"
local M = {}

local disk = bootcode.disk_to_start

local function check(said)
  if not bootcode.starts(disk().device) then
    fail(facts.bootloader.installer .. " in the guest did not install a boot loader on the disk " .. disk().target
      .. (said and said ~= "" and ": " .. said or "") .. "; run it in the guest, or convert the guest with --direct-boot")
  end
end

function M.grub2()
  if bootcode.starts(disk().device) then return end
  guest.command { facts.bootloader.installer, disk().name }
  check()
end

-- The number, from 0, of the partition of that disk that holds /boot, and the path of GRUB's directory on it.
local function boot_partition()
  for _, point in ipairs { "/boot", "/" } do
    for _, mount in ipairs(facts.mount) do
      if mount.path == point then
        local number = mount.device:sub(1, #disk().device) == disk().device and mount.device:sub(#disk().device + 1):match("^p?(%d+)$")
        if not number then
          fail("the guest's " .. point .. " is on " .. mount.device .. ", which is not a partition of the disk " .. disk().target .. ": GRUB legacy cannot be installed on that disk; convert the guest with --direct-boot")
        end
        return math.tointeger(tonumber(number)) - 1, point == "/boot" and "/grub" or "/boot/grub"
      end
    end
  end
  fail("the guest mounts no file system at /: name its root file system with --root DEVICE, or add it to /etc/fstab")
end

-- Its stages lie where GRUB's shell looks for them only after its installer put them there.
local function stages()
  for _, path in ipairs(text.glob("/usr/*/grub/*/*stage*")) do
    local name = text.basename(path)
    if name:match("^stage[12]$") or name:match("_stage1_5$") then
      if not guest.is_file("/boot/grub/" .. name, { followsymlinks = true }) then guest.cp(path, "/boot/grub/" .. name) end
    end
  end
end

function M.grub_legacy()
  if bootcode.starts(disk().device) then return end
  local number = boot_partition()
  stages()
  local said = guest.sh("printf '%s\\n' 'device (hd0) " .. disk().name .. "' 'root (hd0," .. number .. ")' 'setup (hd0)' quit | "
    .. facts.bootloader.installer .. " --batch --no-floppy --device-map=/dev/null")
  check(said:match("(Error %d+:[^\n]*)"))
end

function M.extlinux()
  if bootcode.starts(disk().device) then return end
  guest.command { facts.bootloader.installer, "--install", (facts.bootloader.config:gsub("/[^/]*$", "")) }
  local code = text.glob("/usr/share/syslinux/mbr.bin")[1] or text.glob("/usr/lib/syslinux/mbr/mbr.bin")[1] or text.glob("/usr/lib/syslinux/*/mbr.bin")[1]
  if not code then fail("the guest has " .. facts.bootloader.installer .. ", but not the file mbr.bin of syslinux that belongs at the beginning of the disk: install the package of syslinux in the guest that has it, or convert the guest with --direct-boot") end
  guest.command { "dd", "bs=440", "count=1", "conv=notrunc", "if=" .. code, "of=" .. disk().name }
  check("is its partition marked as active?")
end

return M
