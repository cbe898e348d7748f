-- SPDX-License-Identifier: GPL-2.0-or-later
-- Starts the new machine without a boot loader: copies a kernel and an initramfs of the guest to the host, and sets the
-- kernel's command line.
local kernels = require "lib.kernels"
local devices = require "lib.devices"
local menus = require "lib.menus"
local grub = require "lib.grub"
local text = require "lib.text"
local M = {}

-- What a boot loader would put in place of its variables; those that only it knows go.
local function without_variables(arguments)
  local config = text.read(facts.bootloader.config) or ""
  local known = grub.environment(text.read((facts.bootloader.config:gsub("[^/]*$", "grubenv"))))
  return (arguments:gsub("%${?([%w_]+)}?", function(name)
    return known[name] or config:match("\n%s*set " .. name .. "=\"([^\"\n]*)\"") or ""
  end))
end

-- The arguments of the kernel's own entry in the menu, or of the one that is started; they have their new names already.
local function in_menu(version)
  if not facts.bootloader.kind then return end
  local entries, chosen = menus.read(facts.bootloader)
  kernels.identify(entries, facts.kernel)
  for _, entry in ipairs(entries) do
    if entry.version == version and entry.arguments then return without_variables(entry.arguments) end
  end
  return chosen and chosen.arguments and without_variables(chosen.arguments)
end

-- What the hypervisor gave the kernel that it had.
local function in_domain()
  if not facts.source.cmdline then return end
  local arguments = devices.rename(facts.source.cmdline, devices.renames(facts.disk_name))
  for _, console in ipairs(requests.set_console) do
    arguments = arguments:gsub("%f[%w]console=" .. console.old .. "%f[^%w]", "console=" .. console.new)
  end
  return arguments
end

-- The file system at / as the new machine calls it: "root=..." and what else it takes to mount it.
local function root()
  for _, mount in ipairs(facts.mount) do
    if mount.path == "/" then
      local device, subvolume = devices.of_mount(mount)
      local by_device = {}
      for _, disk in ipairs(facts.appliance_disk) do
        for _, name in ipairs(facts.disk_name) do
          if name.disk == disk.target then by_device[disk.device] = name.new end
        end
      end
      return "root=" .. devices.rename(device, by_device) .. (subvolume and " rootflags=subvol=" .. subvolume or "")
    end
  end
  fail("the guest mounts no file system at /, so the root device for its kernel is not known: name it with --root DEVICE, or add it to /etc/fstab")
end

function M.give(version)
  local image, initrd
  for _, kernel in ipairs(facts.kernel) do
    if kernel.version == version and kernel.usable then image, initrd = kernel.image, kernel.initrd or initrd end
  end
  local made = kernels.initrd(version)
  local arguments = in_menu(version) or in_domain() or "ro console=" .. facts.target.console
  if not (" " .. arguments):find("%sroot=") then arguments = root() .. " " .. arguments end
  guest.give_file("kernel", image)
  if made or initrd then guest.give_file("initrd", made and "/boot/" .. made or initrd) end
  guest.give_text("cmdline", (text.trim(arguments):gsub("%s+", " ")))
end

return M
