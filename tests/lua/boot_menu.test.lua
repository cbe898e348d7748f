-- SPDX-License-Identifier: GPL-2.0-or-later
local fake = require "fake"
local boot_menu = require "lib.boot_menu"
local probe = require "probe.boot_menu"

-- What the probe says of a guest with FILES and a boot loader of KIND with the configuration CONFIG: "TITLE: MISSING" of each broken entry, with
-- * before the one that is started; then what works.
local function broken(kind, config, files, facts)
  facts = facts or {}
  facts.bootloader = { kind = kind, config = config, bls = files["/boot/loader/entries/a.conf"] ~= nil }
  facts.initramfs = facts.initramfs or {}
  local guest = fake.setup(files, facts)
  local result = probe.menu()
  local list = {}
  for _, entry in ipairs(result.broken_entry) do list[#list + 1] = (entry.default and "*" or "") .. entry.title .. ": " .. entry.missing end
  return table.concat(list, "; ") .. " / " .. tostring(result.boot_menu.works) .. (result.boot_menu.repairs and " repairs" or ""), guest
end

local GRUB = [[
set default="0"
menuentry 'A' --id a {
  linux /vmlinuz-1 root=/dev/vda1 quiet
  initrd /ucode.img /initrd.img-1
}
submenu 'More' {
  menuentry 'B' {
    linux /vmlinuz-2 root=/dev/vda1
    initrd /initrd.img-2
  }
  menuentry 'B (recovery mode)' {
    linux /vmlinuz-2 root=/dev/vda1 single
    initrd /initrd.img-2
  }
}
menuentry 'Other (on /dev/sdb1)' $menuentry_id_option 'osprober-gnulinux-1' {
  linux /boot/vmlinuz-9
}
menuentry 'Snapshot' {
  linux "/.snapshots/1/snapshot/boot/vmlinuz-1"
}
menuentry 'Windows' {
  chainloader +1
}
]]

local function files(...)
  local set = { ["/boot/grub/grub.cfg"] = GRUB }
  for _, name in ipairs { ... } do set["/boot/" .. name] = "" end
  return set
end

return {
  { "GRUB 2: a menu that works", function()
    fake.equal(broken("grub2", "/boot/grub/grub.cfg", files("vmlinuz-1", "vmlinuz-2", "initrd.img-1", "initrd.img-2", "ucode.img")), " / 1")
  end },
  { "GRUB 2: kernels and initramfs that are missing", function()
    fake.equal(broken("grub2", "/boot/grub/grub.cfg", files("vmlinuz-2", "initrd.img-2")),
      "*A: the kernel /vmlinuz-1, the initramfs /ucode.img, the initramfs /initrd.img-1 / 2")
    fake.equal(broken("grub2", "/boot/grub/grub.cfg", files("vmlinuz-1", "vmlinuz-2", "initrd.img-1", "ucode.img")),
      "B: the initramfs /initrd.img-2; B (recovery mode): the initramfs /initrd.img-2 / 1")
  end },
  { "an initramfs that the conversion makes is not missing", function()
    fake.equal(broken("grub2", "/boot/grub/grub.cfg", files("vmlinuz-1", "vmlinuz-2", "initrd.img-1", "ucode.img"),
      { initramfs = { tool = "dracut" }, kernel = { { version = "2", installed = true } } }), " / 1")
  end },
  { "GRUB 2: a default for repairs", function()
    local with = files("vmlinuz-1", "vmlinuz-2", "initrd.img-1", "initrd.img-2", "ucode.img")
    with["/boot/grub/grub.cfg"] = GRUB:gsub('default="0"', 'default="1>1"')
    fake.equal(broken("grub2", "/boot/grub/grub.cfg", with), " / 1 repairs")
  end },
  { "entries of their own files: a rescue kernel is the default", function()
    local function entry(version) return "title X (" .. version .. ")\nlinux /vmlinuz-" .. version .. "\ninitrd /initramfs-" .. version .. ".img $tuned_initrd\n" end
    local with = { ["/boot/grub2/grub.cfg"] = "blscfg\nset default=\"${saved_entry}\"\n", ["/boot/grub2/grubenv"] = "saved_entry=b\n",
      ["/boot/loader/entries/a.conf"] = entry "5.14.0-1", ["/boot/loader/entries/b.conf"] = entry "0-rescue-0123",
      ["/boot/vmlinuz-5.14.0-1"] = "", ["/boot/initramfs-5.14.0-1.img"] = "", ["/boot/vmlinuz-0-rescue-0123"] = "" }
    fake.equal(broken("grub2", "/boot/grub2/grub.cfg", with), "*X (0-rescue-0123): the initramfs /initramfs-0-rescue-0123.img / 5.14.0-1 repairs")
  end },
  { "GRUB legacy, extlinux and systemd-boot", function()
    fake.equal(broken("grub-legacy", "/boot/grub/menu.lst", { ["/boot/grub/menu.lst"] = "default 1\ntitle A\nkernel /vmlinuz-1 ro\ninitrd /initrd-1\ntitle B\nkernel (hd0,0)/vmlinuz-2 single\n",
      ["/boot/vmlinuz-2"] = "" }), "A: the kernel /vmlinuz-1, the initramfs /initrd-1 / nil repairs")
    fake.equal(broken("extlinux", "/boot/extlinux/extlinux.conf", { ["/boot/extlinux/extlinux.conf"] =
      "DEFAULT a\nLABEL a\nKERNEL ../vmlinuz-lts\nAPPEND root=/dev/vda1 initrd=/initramfs-lts\nLABEL m\nKERNEL menu.c32\n", ["/boot/extlinux/../vmlinuz-lts"] = "" }),
      "*a: the initramfs /initramfs-lts / nil")
    fake.equal(broken("systemd-boot", "/efi/loader/loader.conf", { ["/efi/loader/loader.conf"] = "default a*\n",
      ["/efi/loader/entries/a.conf"] = "title A\nlinux /0123/6.1/linux\ninitrd /0123/6.1/initrd\n", ["/efi/0123/6.1/linux"] = "" }), "*A: the initramfs /0123/6.1/initrd / nil")
  end },
  { "afterwards, only what was not told of before", function()
    local facts = { broken_entry = { { title = "B", missing = "the initramfs /initrd.img-2" } } }
    local _, guest = broken("grub2", "/boot/grub/grub.cfg", files("vmlinuz-1", "vmlinuz-2", "initrd.img-1", "ucode.img"), facts)
    boot_menu.check()
    fake.equal(#guest.warnings, 1)
    fake.equal(guest.warnings[1]:match('^boot menu entries name missing files, and cannot start: [^"]*"B %(recovery mode%)" %(the initramfs /initrd.img%-2%);') ~= nil, true, guest.warnings[1])
    guest.files["/boot/initrd.img-2"] = ""
    boot_menu.check()
    fake.equal(#guest.warnings, 1)
  end },
}
