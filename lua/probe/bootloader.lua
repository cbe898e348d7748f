-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds out which boot loader starts the kernel, and which files it reads.
local text = require "lib.text"
local bootcode = require "lib.bootcode"
local bls = require "lib.bls"
local M = {}

-- What writes a grub.cfg. Debian's update-grub writes the one in /boot/grub and no other.
local function generator(config)
  local names = { "grub2-mkconfig", "grub-mkconfig" }
  if config == "/boot/grub/grub.cfg" then table.insert(names, 1, "update-grub") end
  for _, directory in ipairs { "/usr/sbin", "/sbin", "/usr/bin" } do
    local present = text.present(directory, names)
    for _, name in ipairs(names) do
      if present[name] then return directory .. "/" .. name end
    end
  end
end

-- A grub.cfg on the EFI system partition is often three lines that read the real one.
local function is_stub(content)
  return content:find("configfile", 1, true) and not content:find("menuentry", 1, true)
end

local function grub2(efi)
  local candidates = { "/boot/grub2/grub.cfg", "/boot/grub/grub.cfg" }
  for _, path in ipairs(efi) do
    if path:match("/grub%.cfg$") then candidates[#candidates + 1] = path end
  end
  for _, path in ipairs(candidates) do
    local content = text.read(path)
    if content and not is_stub(content) then
      local update, defaults = generator(path), nil
      for _, name in ipairs { "/etc/default/grub", "/etc/sysconfig/grub" } do
        if not defaults and text.read(name) then defaults = name end
      end
      return {
        kind = "grub2", config = path, update = update, defaults = defaults,
        bls = ("\n" .. content):find("\n%s*blscfg") ~= nil and #text.glob(bls.directory(path) .. "/*.conf") > 0,
      }
    end
  end
end

local function legacy(efi)
  local candidates = { "/boot/grub/grub.conf", "/boot/grub/menu.lst" }
  for _, path in ipairs(efi) do
    if path:match("/grub%.conf$") then candidates[#candidates + 1] = path end
  end
  for _, path in ipairs(candidates) do
    if text.read(path) then return { kind = "grub-legacy", config = path, bls = false } end
  end
end

-- Kernels in one file with all that belongs to them.
local function unified()
  for _, mount in ipairs { "/boot/efi", "/efi", "/boot" } do
    local path = text.glob(mount .. "/EFI/Linux/*.efi")[1]
    if path then return path end
  end
end

local function loader()
  local efi = text.glob("/boot/efi/EFI/*/grub.c*")
  local found = grub2(efi) or legacy(efi)
  if found then return found end
  for _, path in ipairs { "/boot/extlinux/extlinux.conf", "/boot/syslinux/syslinux.cfg", "/boot/extlinux.conf" } do
    if text.read(path) then return { kind = "extlinux", config = path, bls = false } end
  end
  for _, path in ipairs { "/boot/efi/loader/loader.conf", "/boot/loader/loader.conf", "/efi/loader/loader.conf" } do
    if guest.is_file(path, { followsymlinks = true }) then return { kind = "systemd-boot", config = path, bls = true } end
  end
  return {}
end

-- What puts it where a BIOS starts it: the program, if what it puts there is in the guest too.
local INSTALLERS = {
  grub2 = { programs = { "grub2-install", "grub-install" }, parts = { "/usr/lib/grub/i386-pc/boot.img", "/usr/lib/grub2/i386-pc/boot.img", "/usr/share/grub2/i386-pc/boot.img" } },
  ["grub-legacy"] = { programs = { "grub" }, parts = { "/usr/*/grub/*/stage1", "/boot/grub/stage1" } },
  extlinux = { programs = { "extlinux" }, parts = { "/usr/share/syslinux/mbr.bin", "/usr/lib/syslinux/mbr/mbr.bin", "/usr/lib/syslinux/*/mbr.bin" } },
}

local function installer(kind)
  local known = INSTALLERS[kind]
  local parts = false
  for _, path in ipairs(known and known.parts or {}) do parts = parts or #text.glob(path) > 0 end
  if not parts then return end
  for _, directory in ipairs { "/usr/sbin", "/sbin", "/usr/bin" } do
    local present = text.present(directory, known.programs)
    for _, name in ipairs(known.programs) do
      if present[name] then return directory .. "/" .. name end
    end
  end
end

-- Only a PC (ARCH) has a BIOS.
function M.bootloader(arch)
  local found = loader()
  found.unified = unified()
  local first = bootcode.disk_to_start()
  if (arch == "x86_64" or arch == "i386") and first then
    -- The hypervisor may have been told to start another.
    found.installed = false
    for _, disk in ipairs(facts.appliance_disk) do found.installed = found.installed or bootcode.starts(disk.device) end
    found.partitioned = bootcode.is_partitioned(first.device)
    if not found.installed then found.installer = installer(found.kind) end
  end
  return found
end

return M
