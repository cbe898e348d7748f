# SPDX-License-Identifier: GPL-2.0-or-later
nobase_dist_pkgdata_DATA += \
	lua/bootloader/grub-legacy.lua \
	lua/bootloader/grub2.lua \
	lua/console/console.lua \
	lua/disks/remap.lua \
	lua/firstboot/firstboot.lua \
	lua/initramfs/dracut.lua \
	lua/initramfs/extend.lua \
	lua/initramfs/held.lua \
	lua/initramfs/initramfs-tools.lua \
	lua/initramfs/mkinitrd.lua \
	lua/initramfs/suse-mkinitrd.lua \
	lua/lib/bootfiles.lua \
	lua/lib/cpio.lua \
	lua/lib/devices.lua \
	lua/lib/grub.lua \
	lua/lib/modules.lua \
	lua/lib/text.lua \
	lua/network/names.lua \
	lua/packages/dpkg.lua \
	lua/packages/files.lua \
	lua/packages/rpm.lua \
	lua/probe/bootloader.lua \
	lua/probe/disk_names.lua \
	lua/probe/init.lua \
	lua/probe/initramfs.lua \
	lua/probe/interfaces.lua \
	lua/probe/kernels.lua \
	lua/probe/os.lua \
	lua/probe/packages.lua \
	lua/probe/partitions.lua \
	lua/probe/services.lua \
	lua/selinux/relabel.lua
