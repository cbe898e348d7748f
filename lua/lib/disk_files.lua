-- SPDX-License-Identifier: GPL-2.0-or-later
-- The files of a guest that name disks, except those that are read at boot.
local text = require "lib.text"
local M = {}

-- Each list is of paths; those with a * are patterns.
M.MOUNTS = { "/etc/fstab" }
M.ENCRYPTED = { "/etc/crypttab" }
-- Where the memory is kept during hibernation.
M.RESUME = { "/etc/initramfs-tools/conf.d/*", "/etc/uswsusp.conf", "/etc/suspend.conf" }
-- What the boot loader's configuration, or the command line in an initramfs, is generated from.
M.BOOT_DEFAULTS = { "/etc/default/grub", "/etc/sysconfig/grub", "/etc/kernel/cmdline", "/etc/sysconfig/bootloader", "/etc/default/grub_installdevice",
  "/etc/update-extlinux.conf", "/etc/default/u-boot", "/etc/sysconfig/grub2",
  "/etc/default/grub.d/*.cfg", "/etc/dracut.conf", "/etc/dracut.conf.d/*.conf", "/etc/cmdline", "/etc/cmdline.d/*.conf" }
-- Which disks are looked at, and for what.
M.STORAGE = { "/etc/mdadm/mdadm.conf", "/etc/mdadm.conf", "/etc/multipath.conf", "/etc/multipath/conf.d/*.conf", "/etc/smartd.conf",
  "/etc/smartmontools/smartd.conf", "/etc/default/smartmontools", "/etc/hdparm.conf", "/etc/sysconfig/rawdevices", "/etc/kdump.conf",
  "/etc/sysconfig/kdump", "/etc/default/kdump-tools" }
M.LVM = { "/etc/lvm/lvm.conf", "/etc/lvm/lvmlocal.conf" }
M.LVM_DEVICES = { "/etc/lvm/devices/system.devices" }

-- The answers to what packages of Debian have asked.
M.DEBCONF = "/var/cache/debconf/config.dat"

-- The files of a list that are there, in its order; links are left out, since they lead to others or out of the guest's
-- own configuration.
function M.there(list)
  local paths = {}
  for _, pattern in ipairs(list) do
    for _, path in ipairs(pattern:find("*", 1, true) and text.glob(pattern) or { pattern }) do
      if guest.is_file(path) then paths[#paths + 1] = path end
    end
  end
  return paths
end

return M
