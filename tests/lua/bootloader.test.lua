-- SPDX-License-Identifier: GPL-2.0-or-later
local fake = require "fake"
local grub = require "lib.grub"
local grub2 = require "bootloader.grub2"
local legacy = require "bootloader.grub-legacy"
local extlinux = require "bootloader.extlinux"
local systemd_boot = require "bootloader.systemd-boot"
local fallback = require "bootloader.fallback"
local install = require "bootloader.install"
local direct = require "bootloader.direct"
local bootcode = require "lib.bootcode"
local menus = require "lib.menus"
local probe = require "probe.bootloader"

local CFG = [[
set default="0"
function savedefault {
  true
}
menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple-1' {
	linux	/boot/vmlinuz-6.1.0-18-amd64 root=/dev/vda1 ro
	initrd	/boot/initrd.img-6.1.0-18-amd64
}
submenu 'Advanced options' $menuentry_id_option 'gnulinux-advanced-1' {
	menuentry 'Debian, with Linux 6.1.0-18-amd64' $menuentry_id_option 'gnulinux-6.1.0-18-amd64-advanced-1' {
		if [ x = y ]; then
		  true
		fi
		linux	/boot/vmlinuz-6.1.0-18-amd64 root=/dev/vda1 ro
		initrd	/boot/initrd.img-6.1.0-18-amd64
	}
	menuentry 'Debian, with Linux 6.1.0-13-amd64 (recovery mode)' $menuentry_id_option 'gnulinux-6.1.0-13-amd64-recovery-1' {
		linux	/boot/vmlinuz-6.1.0-13-amd64 root=/dev/vda1 ro single
	}
	menuentry 'Debian, with Linux 6.1.0-13-amd64' $menuentry_id_option 'gnulinux-6.1.0-13-amd64-advanced-1' {
		linux	/boot/vmlinuz-6.1.0-13-amd64 root=/dev/vda1 ro
	}
}
]]

local LEGACY = [[
# comment
default=1
timeout=5
title CentOS (2.6.18-398.el5)
	root (hd0,0)
	kernel /boot/vmlinuz-2.6.18-398.el5 ro root=/dev/vda1
	initrd /boot/initrd-2.6.18-398.el5.img
title CentOS (2.6.18-398.el5xen)
	root (hd0,0)
	kernel /boot/xen.gz-2.6.18-398.el5
	module /boot/vmlinuz-2.6.18-398.el5xen ro root=/dev/vda1
	module /boot/initrd-2.6.18-398.el5xen.img
]]

local function legacy_guest(files, kernels)
  files["/boot/grub/grub.conf"] = files["/boot/grub/grub.conf"] or LEGACY
  return fake.setup(files, { bootloader = { kind = "grub-legacy", config = "/boot/grub/grub.conf" }, kernel = kernels })
end

local function grub2_guest(files, kernels, bls)
  files["/boot/grub/grub.cfg"] = files["/boot/grub/grub.cfg"] or CFG
  return fake.setup(files, { bootloader = { kind = "grub2", config = "/boot/grub/grub.cfg", defaults = "/etc/default/grub", bls = bls,
    update = "/usr/sbin/update-grub" }, kernel = kernels })
end

local ALPINE = [[
DEFAULT menu.c32
PROMPT 0
LABEL lts
  MENU DEFAULT
  LINUX vmlinuz-lts
  INITRD initramfs-lts
  APPEND root=/dev/vda3 console=ttyS0
LABEL virt
  LINUX vmlinuz-virt
  INITRD initramfs-virt
  APPEND root=/dev/vda3
]]

local function extlinux_guest(menu, files)
  files["/boot/extlinux.conf"] = menu
  return fake.setup(files, { bootloader = { kind = "extlinux", config = "/boot/extlinux.conf" }, kernel = {
    { version = "6.6.7-0-virt", image = "/boot/vmlinuz-virt", usable = true, installed = true }, { version = "6.6.7-0-lts", image = "/boot/vmlinuz-lts", installed = true },
    { version = "6.6.9-own", image = "/boot/vmlinuz-6.6.9-own", usable = true, installed = false } } })
end

local COMING = { { version = "6.1.0-20-amd64", usable = true, installed = false, image = "/boot/vmlinuz-6.1.0-20-amd64" } }

return {
  { "a grub.cfg whose variables name the kernel, from a file of their own", function()
    local cfg = 'load_env -f /boot/own.cfg\nif [ -f /boot/more.cfg ]; then\n  set mode=a\nelse\n  set mode=b\nfi\nset rootpartition=PARTUUID=1-2\n'
      .. 'menuentry "Own" {\n    linux /boot/$own_linux root=${rootpartition} $own_cmdline $mode\n'
      .. '    if [ -f /boot/$own_initrd ]; then\n        initrd /boot/$own_initrd\n    fi\n}\n'
    local guest = grub2_guest({ ["/boot/grub/grub.cfg"] = cfg, ["/boot/own.cfg"] = "own_linux=vmlinuz-6.1.1\nown_initrd=initrd.img-6.1.1\nown_cmdline=ro quiet\n",
      ["/boot/vmlinuz-6.1.1"] = "", ["/boot/vmlinuz-6.1.0-20-amd64"] = "", ["/boot/initrd.img-6.1.0-20-amd64"] = "" }, COMING)
    local entry = grub.grub2_entries(cfg)[1]
    fake.equal(entry.version, "6.1.1")
    fake.equal(entry.initrds[1], "/boot/initrd.img-6.1.1")
    fake.equal(entry.arguments, "root=PARTUUID=1-2 ro quiet $mode")
    -- An entry made after it names its own kernel, since the variables keep the other's.
    grub2.edit()
    local entries = grub.grub2_entries(guest.files["/boot/grub/grub.cfg"])
    fake.equal(#entries, 2)
    fake.equal(entries[1].kernel, "/boot/vmlinuz-6.1.0-20-amd64")
    fake.equal(entries[1].initrds[1], "/boot/initrd.img-6.1.0-20-amd64")
    fake.equal(entries[2].version, "6.1.1")
  end },
  { "entries of grub.cfg, with submenus", function()
    local entries = grub.grub2_entries(CFG)
    fake.equal(#entries, 4)
    fake.equal(entries[1].path, "0")
    fake.equal(entries[4].path, "1>2")
    fake.equal(entries[4].version, "6.1.0-13-amd64")
    fake.equal(entries[4].ids, "gnulinux-advanced-1>gnulinux-6.1.0-13-amd64-advanced-1")
    fake.equal(grub.chosen(entries, "1>2").version, "6.1.0-13-amd64")
    fake.equal(grub.chosen(entries, "Advanced options>Debian, with Linux 6.1.0-13-amd64").version, "6.1.0-13-amd64")
    fake.equal(grub.chosen(entries, "no such entry"), entries[1])
  end },
  { "entries of grub.cfg with the commands of 16 bits, as Red Hat's have them", function()
    local entries = grub.grub2_entries((CFG:gsub("linux\t", "linux16 ")))
    fake.equal(entries[1].version, "6.1.0-18-amd64")
    fake.equal(entries[1].arguments, "root=/dev/vda1 ro")
  end },
  { "entries of GRUB legacy: a kernel below Xen is a module", function()
    local menu = grub.legacy(LEGACY)
    fake.equal(menu.default, 1)
    fake.equal(menu.entries[1].version, "2.6.18-398.el5")
    fake.equal(menu.entries[2].version, "2.6.18-398.el5xen")
    fake.equal(menu.entries[2].last, 12)
  end },
  { "the probe prefers the real grub.cfg to a stub on the EFI partition", function()
    fake.setup { ["/boot/efi/EFI/fedora/grub.cfg"] = "configfile $prefix/grub.cfg\n", ["/boot/grub2/grub.cfg"] = CFG,
      ["/usr/sbin/grub2-mkconfig"] = "x", ["/usr/sbin/update-grub"] = "x", ["/etc/default/grub"] = "" }
    local found = probe.bootloader()
    fake.equal(found.config, "/boot/grub2/grub.cfg")
    fake.equal(found.update, "/usr/sbin/grub2-mkconfig")
    fake.equal(found.kind, "grub2")
    fake.equal(found.bls, false)
  end },
  { "the probe finds entries of their own, GRUB legacy, and nothing", function()
    fake.setup { ["/boot/grub2/grub.cfg"] = "insmod blscfg\nblscfg\n", ["/boot/loader/entries/x.conf"] = "" }
    fake.equal(probe.bootloader().bls, true)
    fake.setup { ["/boot/grub/menu.lst"] = LEGACY }
    fake.equal(probe.bootloader().kind, "grub-legacy")
    fake.setup { ["/boot/extlinux/extlinux.conf"] = "" }
    fake.equal(probe.bootloader().kind, "extlinux")
    fake.setup { ["/efi/loader/loader.conf"] = "", ["/efi/EFI/Linux/arch-linux.efi"] = "" }
    fake.equal(probe.bootloader().kind .. " " .. probe.bootloader().unified, "systemd-boot /efi/EFI/Linux/arch-linux.efi")
    fake.setup {}
    fake.equal(probe.bootloader().kind, nil)
  end },

  { "GRUB 2: a default deep in the menu", function()
    local guest = grub2_guest({ ["/etc/default/grub"] = "GRUB_DEFAULT=0\nGRUB_TIMEOUT=1\n" }, {})
    fake.converges(guest, function() grub2.set_default("6.1.0-13-amd64") end)
    fake.equal(guest.files["/boot/grub/grub.cfg"]:match("set default=[^\n]*"), 'set default="gnulinux-advanced-1>gnulinux-6.1.0-13-amd64-advanced-1"')
    fake.equal(guest.files["/etc/default/grub"], 'GRUB_DEFAULT="gnulinux-advanced-1>gnulinux-6.1.0-13-amd64-advanced-1"\nGRUB_TIMEOUT=1\n')
  end },
  { "GRUB 2: a default that is the right one already", function()
    local guest = grub2_guest({}, {})
    grub2.set_default("6.1.0-18-amd64")
    fake.equal(guest.changes, 0)
  end },
  { "GRUB 2: a saved default", function()
    local guest = grub2_guest({ ["/boot/grub/grub.cfg"] = CFG:gsub('"0"', '"${saved_entry}"', 1), ["/boot/grub/grubenv"] = "# GRUB Environment Block\nsaved_entry=0\n" },
      { { version = "6.1.0-13-amd64", package = "kernel" } })
    guest.files["/etc/sysconfig/kernel"] = "UPDATEDEFAULT=yes\nDEFAULTKERNEL=kernel-xen\n"
    fake.converges(guest, function() grub2.set_default("6.1.0-13-amd64") end)
    fake.equal(#guest.files["/boot/grub/grubenv"], 1024)
    fake.equal(grub.environment(guest.files["/boot/grub/grubenv"]).saved_entry, "gnulinux-advanced-1>gnulinux-6.1.0-13-amd64-advanced-1")
    fake.equal(guest.files["/etc/sysconfig/kernel"], "UPDATEDEFAULT=yes\nDEFAULTKERNEL=kernel\n")
  end },
  { "GRUB 2: a kernel without an entry", function()
    grub2_guest({}, {})
    fake.fails("no entry for kernel 5.10", function() grub2.set_default("5.10") end)
  end },
  { "GRUB 2: the generator runs only when the menu is not as it should be", function()
    local guest = grub2_guest({ ["/boot/vmlinuz-6.1.0-18-amd64"] = "", ["/boot/vmlinuz-6.1.0-13-amd64"] = "" }, {})
    grub2.generate()
    fake.equal(guest.changes, 0)
    guest.files["/boot/vmlinuz-6.1.0-13-amd64"] = nil
    fake.fails("did not create an entry for every kernel", grub2.generate)
    fake.equal(guest.commands[1], "/usr/sbin/update-grub")
  end },
  { "GRUB 2: entries are copied and taken out", function()
    local guest = grub2_guest({ ["/boot/vmlinuz-6.1.0-18-amd64"] = "", ["/boot/vmlinuz-6.1.0-20-amd64"] = "", ["/boot/initrd.img-6.1.0-20-amd64"] = "" }, COMING)
    fake.converges(guest, grub2.edit)
    local entries = grub.grub2_entries(guest.files["/boot/grub/grub.cfg"])
    fake.equal(#entries, 3)
    fake.equal(entries[1].version, "6.1.0-20-amd64")
    fake.equal(guest.files["/boot/grub/grub.cfg"]:match("initrd%s+(%S+)"), "/boot/initrd.img-6.1.0-20-amd64")
    fake.equal(guest.files["/boot/grub/grub.cfg"]:find("6.1.0-13", 1, true), nil)
  end },
  { "GRUB 2: an entry with the commands of 16 bits is copied with its initramfs", function()
    local guest = grub2_guest({ ["/boot/grub/grub.cfg"] = CFG:gsub("linux\t", "linux16 "):gsub("initrd\t", "initrd16 "), ["/boot/vmlinuz-6.1.0-18-amd64"] = "",
      ["/boot/vmlinuz-6.1.0-20-amd64"] = "", ["/boot/initramfs-6.1.0-20-amd64.img"] = "" }, COMING)
    fake.converges(guest, grub2.edit)
    fake.equal(guest.files["/boot/grub/grub.cfg"]:match("initrd16 (%S+)"), "/boot/initramfs-6.1.0-20-amd64.img")
  end },
  { "GRUB 2: entries that are files of their own", function()
    local guest = grub2_guest({ ["/boot/loader/entries/id-6.1.0-18-amd64.conf"] = "title X (6.1.0-18-amd64)\nlinux /vmlinuz-6.1.0-18-amd64\ninitrd /initrd-6.1.0-18-amd64\n",
      ["/boot/loader/entries/id-6.1.0-13-amd64.conf"] = "title X\nlinux /vmlinuz-6.1.0-13-amd64\n", ["/boot/vmlinuz-6.1.0-18-amd64"] = "",
      ["/boot/vmlinuz-6.1.0-20-amd64"] = "", ["/boot/initramfs-6.1.0-20-amd64.img"] = "" }, COMING, true)
    fake.converges(guest, grub2.edit)
    fake.equal(guest.files["/boot/loader/entries/id-6.1.0-20-amd64.conf"], "title X (6.1.0-20-amd64)\nlinux /vmlinuz-6.1.0-20-amd64\ninitrd /initramfs-6.1.0-20-amd64.img\n")
    fake.equal(guest.files["/boot/loader/entries/id-6.1.0-13-amd64.conf"], nil)
  end },
  { "GRUB 2: arguments", function()
    local guest = grub2_guest({ ["/etc/default/grub"] = 'GRUB_CMDLINE_LINUX=""\n' }, {})
    fake.converges(guest, function() grub2.add_arguments { { argument = "net.ifnames=0" } } end)
    fake.equal(guest.files["/etc/default/grub"], 'GRUB_CMDLINE_LINUX="net.ifnames=0"\n')
    fake.equal(select(2, guest.files["/boot/grub/grub.cfg"]:gsub("net%.ifnames=0\n", "")), 4)
  end },

  { "GRUB legacy: the entry of a kernel that is gone goes, the default stays with its own", function()
    local guest = legacy_guest({ ["/boot/vmlinuz-2.6.18-398.el5xen"] = "" }, {})
    fake.converges(guest, legacy.update)
    local menu = grub.legacy(guest.files["/boot/grub/grub.conf"])
    fake.equal(#menu.entries, 1)
    fake.equal(menu.default, 0)
    fake.equal(menu.entries[1].version, "2.6.18-398.el5xen")
  end },
  { "GRUB legacy: a kernel that came, after an entry of Xen", function()
    local guest = legacy_guest({ ["/boot/vmlinuz-2.6.18-419.el5"] = "", ["/boot/initrd-2.6.18-419.el5.img"] = "",
      ["/boot/grub/grub.conf"] = LEGACY:gsub("title CentOS %(2%.6%.18%-398%.el5%).-title", "title"):gsub("default=1", "default=0") },
      { { version = "2.6.18-419.el5", usable = true, installed = false, image = "/boot/vmlinuz-2.6.18-419.el5" } })
    fake.converges(guest, function()
      legacy.update()
      legacy.set_default("2.6.18-419.el5")
    end)
    fake.equal(guest.files["/boot/grub/grub.conf"], "# comment\ndefault=0\ntimeout=5\ntitle CentOS (2.6.18-419.el5)\n\troot (hd0,0)\n"
      .. "\tkernel /boot/vmlinuz-2.6.18-419.el5 ro root=/dev/vda1\n\tinitrd /boot/initrd-2.6.18-419.el5.img\n")
  end },
  { "GRUB legacy: a menu on a partition of its own", function()
    local guest = legacy_guest({ ["/boot/vmlinuz-2.6.18-398.el5"] = "", ["/boot/vmlinuz-2.6.18-419.el5"] = "",
      ["/boot/grub/grub.conf"] = "default=0\ntitle A (2.6.18-398.el5)\n\tkernel (hd0,0)/vmlinuz-2.6.18-398.el5 ro\n\tinitrd (hd0,0)/initrd-2.6.18-398.el5.img\n" },
      { { version = "2.6.18-419.el5", usable = true, installed = false, image = "/boot/vmlinuz-2.6.18-419.el5" } })
    guest.files["/boot/initrd-2.6.18-419.el5.img"] = ""
    fake.converges(guest, legacy.update)
    fake.equal(guest.files["/boot/grub/grub.conf"], "default=1\ntitle A (2.6.18-419.el5)\n\tkernel (hd0,0)/vmlinuz-2.6.18-419.el5 ro\n\tinitrd (hd0,0)/initrd-2.6.18-419.el5.img\n"
      .. "title A (2.6.18-398.el5)\n\tkernel (hd0,0)/vmlinuz-2.6.18-398.el5 ro\n\tinitrd (hd0,0)/initrd-2.6.18-398.el5.img\n")
  end },
  { "GRUB legacy: default", function()
    local guest = legacy_guest({ ["/etc/sysconfig/kernel"] = "DEFAULTKERNEL=kernel-xen\n" }, { { version = "2.6.18-398.el5", package = "kernel" } })
    fake.converges(guest, function() legacy.set_default("2.6.18-398.el5") end)
    fake.equal(guest.files["/boot/grub/grub.conf"]:match("default=%d"), "default=0")
    fake.equal(guest.files["/etc/sysconfig/kernel"], "DEFAULTKERNEL=kernel\n")
    fake.fails("no entry for kernel 2.4", function() legacy.set_default("2.4") end)
  end },
  { "GRUB legacy: arguments", function()
    local guest = legacy_guest({}, {})
    fake.converges(guest, function() legacy.add_arguments { { argument = "noapic" } } end)
    fake.equal(select(2, guest.files["/boot/grub/grub.conf"]:gsub("noapic", "")), 1)
  end },

  { "extlinux: an entry is copied, one goes, and the menu's mark moves", function()
    local guest = extlinux_guest(ALPINE, { ["/boot/vmlinuz-virt"] = "", ["/boot/vmlinuz-6.6.9-own"] = "", ["/boot/initramfs-6.6.9-own"] = "" })
    local function run()
      extlinux.update()
      extlinux.set_default("6.6.7-0-virt")
    end
    fake.converges(guest, run)
    fake.equal(guest.files["/boot/extlinux.conf"], [[
DEFAULT menu.c32
PROMPT 0
LABEL 6.6.9-own
  LINUX vmlinuz-6.6.9-own
  INITRD initramfs-6.6.9-own
  APPEND root=/dev/vda3 console=ttyS0
LABEL virt
  MENU DEFAULT
  LINUX vmlinuz-virt
  INITRD initramfs-virt
  APPEND root=/dev/vda3
]])
  end },
  { "extlinux: DEFAULT names an entry, as for U-Boot", function()
    local guest = extlinux_guest("default l0\nlabel l0\n\tlinux /boot/vmlinuz-lts\n\tappend root=/dev/vda1\nlabel l1\n\tlinux /boot/vmlinuz-virt\n\tappend root=/dev/vda1\n", {})
    fake.equal(select(2, menus.read(facts.bootloader)).label, "l0")
    fake.converges(guest, function() extlinux.set_default("6.6.7-0-virt") end)
    fake.equal(guest.files["/boot/extlinux.conf"]:match("[^\n]*"), "default l1")
    fake.fails("no entry for kernel 5.10", function() extlinux.set_default("5.10") end)
  end },
  { "extlinux: arguments", function()
    local guest = extlinux_guest(ALPINE, { ["/etc/update-extlinux.conf"] = 'default_kernel_opts="quiet"\n', ["/etc/default/u-boot"] = 'U_BOOT_PARAMETERS=""\n' })
    fake.converges(guest, function() extlinux.add_arguments { { argument = "net.ifnames=0" } } end)
    fake.equal(guest.files["/etc/update-extlinux.conf"], 'default_kernel_opts="quiet net.ifnames=0"\n')
    fake.equal(guest.files["/etc/default/u-boot"], 'U_BOOT_PARAMETERS="net.ifnames=0"\n')
    fake.equal(select(2, guest.files["/boot/extlinux.conf"]:gsub("net%.ifnames=0\n", "")), 2)
  end },
  { "systemd-boot: a default by pattern, entries of flavours, arguments", function()
    local guest = fake.setup({ ["/boot/loader/loader.conf"] = "timeout 3\ndefault arch-lts*\n",
      ["/boot/loader/entries/arch.conf"] = "title Arch\nlinux /vmlinuz-linux\ninitrd /initramfs-linux.img\noptions root=/dev/vda2 rw\n",
      ["/boot/loader/entries/arch-lts.conf"] = "title Arch\nlinux /vmlinuz-linux-lts\noptions root=/dev/vda2 rw\n", ["/boot/vmlinuz-linux"] = "",
      ["/boot/vmlinuz-6.9-own"] = "" }, { bootloader = { kind = "systemd-boot", config = "/boot/loader/loader.conf" }, kernel = {
      { version = "6.6.7-arch1-1", image = "/boot/vmlinuz-linux", usable = true, installed = true }, { version = "6.1.68-1-lts", image = "/boot/vmlinuz-linux-lts", installed = true },
      { version = "6.9-own", image = "/boot/vmlinuz-6.9-own", usable = true, installed = false } } })
    fake.equal(select(2, menus.read(facts.bootloader)).id, "arch-lts")
    systemd_boot.set_default("6.1.68-1-lts")
    fake.equal(guest.changes, 0)
    fake.converges(guest, function()
      systemd_boot.update()
      systemd_boot.set_default("6.9-own")
      systemd_boot.add_arguments { { argument = "net.ifnames=0" } }
    end)
    fake.equal(guest.files["/boot/loader/loader.conf"], "timeout 3\ndefault 6.9-own.conf\n")
    fake.equal(guest.files["/boot/loader/entries/arch-lts.conf"], nil)
    fake.equal(guest.files["/boot/loader/entries/6.9-own.conf"]:match("linux [^\n]*"), "linux /vmlinuz-6.9-own")
    fake.equal(guest.files["/boot/loader/entries/arch.conf"]:match("options [^\n]*"), "options root=/dev/vda2 rw net.ifnames=0")
  end },

  { "EFI's fallback: a shim, and what it needs beside it", function()
    local guest = fake.setup({ ["/boot/efi/EFI/debian/shimx64.efi"] = "shim", ["/boot/efi/EFI/debian/grubx64.efi"] = "grub", ["/boot/efi/EFI/debian/mmx64.efi"] = "mm",
      ["/boot/efi/EFI/debian/grub.cfg"] = "configfile x\n", ["/boot/efi/EFI/Microsoft/shimx64.efi"] = "other" }, { os = { arch = "x86_64" } })
    fake.converges(guest, fallback.install)
    fake.equal(guest.files["/boot/efi/EFI/BOOT/BOOTX64.EFI"], "shim")
    fake.equal(guest.files["/boot/efi/EFI/BOOT/grubx64.efi"], "grub")
    fake.equal(guest.files["/boot/efi/EFI/BOOT/mmx64.efi"], "mm")
    fake.equal(guest.files["/boot/efi/EFI/BOOT/grub.cfg"], "configfile /EFI/debian/grub.cfg\n")
  end },
  { "EFI's fallback: GRUB alone, systemd-boot, GRUB legacy, another processor", function()
    local guest = fake.setup({ ["/efi/EFI/arch/grubaa64.efi"] = "grub", ["/efi/EFI/arch/grubx64.efi"] = "other" }, { os = { arch = "aarch64" } })
    fake.converges(guest, fallback.install)
    fake.equal(guest.files["/efi/EFI/BOOT/BOOTAA64.EFI"], "grub")
    guest = fake.setup({ ["/boot/EFI/systemd/systemd-bootx64.efi"] = "systemd" }, { os = { arch = "x86_64" } })
    fake.converges(guest, fallback.install)
    fake.equal(guest.files["/boot/EFI/BOOT/BOOTX64.EFI"], "systemd")
    guest = fake.setup({ ["/boot/efi/EFI/redhat/grub.efi"] = "grub", ["/boot/efi/EFI/redhat/grub.conf"] = "default=0\n" }, { os = { arch = "x86_64" } })
    fake.converges(guest, fallback.install)
    fake.equal(guest.files["/boot/efi/EFI/BOOT/BOOTX64.conf"], "default=0\n")
  end },
  { "EFI's fallback: one that is there stays, in any spelling; none can be made of nothing", function()
    local guest = fake.setup({ ["/boot/efi/EFI/Boot/bootx64.efi"] = "own", ["/boot/efi/EFI/debian/shimx64.efi"] = "shim" }, { os = { arch = "x86_64" } })
    fallback.install()
    fake.equal(guest.changes, 0)
    guest = fake.setup({ ["/boot/efi/EFI/x/readme"] = "" }, { os = { arch = "x86_64" } })
    fallback.install()
    fake.equal(guest.changes .. " " .. #guest.warnings, "0 1")
  end },
  { "the beginning of a disk: what starts a system and what does not", function()
    local function disk(code, entries, second)
      local table = ""
      for i = 1, 4 do table = table .. (entries[i] or ("\0"):rep(16)) end
      return code .. ("\0"):rep(446 - #code) .. table .. "\x55\xaa" .. (second or ("\0"):rep(512))
    end
    local linux = "\x80\0\0\0\x83\0\0\0\1\0\0\0\9\0\0\0"
    local idle = "\0\0\0\0\x83\0\0\0\1\0\0\0\9\0\0\0"
    local gpt = "\0\0\0\0\xee\0\0\0\1\0\0\0\9\0\0\0"
    local code = disk("x", {})
    local cases = {
      { "GRUB", disk("\xeb\x63GRUB ", { idle }), "true true" },
      { "LILO", disk("\xfaLILO", { idle }), "true true" },
      { "a table alone", disk("", { linux }), "false true" },
      { "a program that starts the active partition, and one there", disk("x", { linux }, code), "true true" },
      { "such a program, and nothing there", disk("x", { linux }), "false true" },
      { "such a program, and no active partition", disk("x", { idle }, code), "false true" },
      { "GPT with syslinux", disk("Missing OS", { gpt }), "true true" },
      { "GPT", disk("x", { gpt }), "false true" },
      { "a file system", ("\0"):rep(2048), "false false" },
      { "XFS", "XFSB" .. ("\0"):rep(2048), "false false" },
    }
    for _, case in ipairs(cases) do
      fake.setup { ["/dev/sda"] = case[2] }
      fake.equal(tostring(bootcode.starts("/dev/sda")) .. " " .. tostring(bootcode.is_partitioned("/dev/sda")), case[3], case[1])
    end
  end },
  { "a boot loader is put on the disk, by the appliance's name, and once", function()
    local code = "GRUB" .. ("\0"):rep(506) .. "\x55\xaa"
    local guest = fake.setup({ ["/dev/sdb"] = ("\0"):rep(512) }, { appliance_disk = { { target = "xvda", device = "/dev/sdb", name = "/dev/sdc" } },
      bootloader = { installer = "/usr/sbin/grub-install" } })
    guest.running = function() guest.files["/dev/sdb"] = code end
    install.grub2()
    install.grub2()
    fake.equal(table.concat(guest.commands, ";"), "/usr/sbin/grub-install /dev/sdc")
    guest.files["/dev/sdb"], guest.running = ("\0"):rep(512), nil
    fake.fails("did not install a boot loader on the disk xvda", install.grub2)
  end },
  { "it is put on the disk of /boot, wherever that is among the disks", function()
    local zeros = ("\0"):rep(512)
    local guest = fake.setup({ ["/dev/sda"] = zeros, ["/dev/sdb"] = zeros }, { appliance_disk = { { target = "xvda", device = "/dev/sda", name = "/dev/sda" },
      { target = "xvdb", device = "/dev/sdb", name = "/dev/sdc" } }, bootloader = { installer = "/usr/sbin/grub-install" }, mount = { { path = "/", device = "/dev/sdb1" } } })
    guest.running = function() guest.files["/dev/sdb"] = "GRUB" .. ("\0"):rep(506) .. "\x55\xaa" end
    install.grub2()
    fake.equal(table.concat(guest.commands, ";"), "/usr/sbin/grub-install /dev/sdc")
  end },
  { "GRUB legacy is put on the disk from the partition of /boot, with its stages", function()
    local code = "GRUB" .. ("\0"):rep(506) .. "\x55\xaa"
    local known = { appliance_disk = { { target = "xvda", device = "/dev/sdb", name = "/dev/sdc" } }, bootloader = { installer = "/sbin/grub" },
      mount = { { path = "/", device = "/dev/vg/root" }, { path = "/boot", device = "/dev/sdb2" } } }
    local guest = fake.setup({ ["/dev/sdb"] = ("\0"):rep(512), ["/usr/share/grub/x86_64-redhat/stage1"] = "1", ["/usr/share/grub/x86_64-redhat/e2fs_stage1_5"] = "e",
      ["/usr/share/grub/x86_64-redhat/README"] = "" }, known)
    guest.running = function() guest.files["/dev/sdb"] = code end
    install.grub_legacy()
    install.grub_legacy()
    fake.equal(table.concat(guest.commands, ";"),
      "printf '%s\\n' 'device (hd0) /dev/sdc' 'root (hd0,1)' 'setup (hd0)' quit | /sbin/grub --batch --no-floppy --device-map=/dev/null")
    fake.equal((guest.files["/boot/grub/stage1"] or "") .. (guest.files["/boot/grub/e2fs_stage1_5"] or "") .. tostring(guest.files["/boot/grub/README"]), "1enil")
    guest.files["/dev/sdb"], guest.running = ("\0"):rep(512), function() return "\nError 15: File not found\n" end
    fake.fails("Error 15: File not found", install.grub_legacy)
    known.mount[2].device = "/dev/vg/boot"
    fake.fails("not a partition of the disk xvda", install.grub_legacy)
  end },
  { "direct boot: the arguments of the menu, of the domain, or of nobody", function()
    local known = { kernel = { { version = "6.1", image = "/boot/vmlinuz-6.1", usable = true, installed = true } },
      bootloader = { kind = "grub2", config = "/boot/grub/grub.cfg", bls = false }, source = {}, target = { console = "ttyS0" },
      appliance_disk = { { target = "xvda1", device = "/dev/sdb", name = "/dev/sdc" } }, disk_name = { { old = "/dev/xvda1", new = "/dev/vda", disk = "xvda1" } },
      mount = { { path = "/", device = "btrfsvol:/dev/sdb/@" } } }
    local files = { ["/boot/vmlinuz-6.1"] = "kernel", ["/boot/initrd.img-6.1"] = "initramfs", ["/boot/grub/grubenv"] = "kernelopts=root=/dev/vda quiet\n",
      ["/boot/grub/grub.cfg"] = "menuentry 'a' {\n linux /boot/vmlinuz-6.1 ro $kernelopts ${unknown}\n}\n" }
    local guest = fake.setup(files, known)
    direct.give("6.1")
    fake.equal(guest.given.kernel .. " " .. guest.given.initrd, "/boot/vmlinuz-6.1=kernel /boot/initrd.img-6.1=initramfs")
    fake.equal(guest.given.cmdline, "ro root=/dev/vda quiet")
    known.bootloader = {}
    known.source.cmdline = "root=/dev/xvda1 ro console=hvc0 quiet"
    guest = fake.setup(files, known, { set_console = { { old = "hvc0", new = "ttyS0" } } })
    direct.give("6.1")
    fake.equal(guest.given.cmdline, "root=/dev/vda ro console=ttyS0 quiet")
    known.source.cmdline, files["/boot/initrd.img-6.1"] = nil, nil
    guest = fake.setup(files, known)
    direct.give("6.1")
    fake.equal(guest.given.cmdline .. " " .. tostring(guest.given.initrd), "root=/dev/vda rootflags=subvol=@ ro console=ttyS0 nil")
    known.mount = {}
    fake.fails("no file system at /", function() direct.give("6.1") end)
  end },
  { "systemd-boot: the copy of an initramfs that an entry names is made anew, and nothing else it reads", function()
    local files = { ["/boot/vmlinuz-6.1"] = "kernel", ["/boot/initrd.img-6.1"] = "new", ["/boot/efi/0123/6.1/linux"] = "kernel", ["/boot/efi/0123/6.1/initrd.img-6.1"] = "old",
      ["/boot/efi/0123/6.1/microcode.img"] = "code", ["/boot/efi/loader/entries/0123-6.1.conf"] =
        "title Debian\nlinux /0123/6.1/linux\ninitrd /0123/6.1/microcode.img\ninitrd /0123/6.1/initrd.img-6.1\noptions root=/dev/sda2\n" }
    local guest = fake.setup(files, { kernel = { { version = "6.1", image = "/boot/vmlinuz-6.1", usable = true, installed = true } } })
    fake.converges(guest, systemd_boot.copy)
    fake.equal(files["/boot/efi/0123/6.1/initrd.img-6.1"] .. files["/boot/efi/0123/6.1/microcode.img"], "newcode")
  end },
}
