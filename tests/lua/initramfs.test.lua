-- SPDX-License-Identifier: GPL-2.0-or-later
local fake = require "fake"
local cpio = require "lib.cpio"
local modules = require "lib.modules"
local extend = require "initramfs.extend"
local tools = require "initramfs.initramfs-tools"
local dracut = require "initramfs.dracut"
local mkinitrd = require "initramfs.mkinitrd"
local suse = require "initramfs.suse-mkinitrd"
local mkinitcpio = require "initramfs.mkinitcpio"
local mkinitfs = require "initramfs.mkinitfs"
local make_initrd = require "initramfs.make-initrd"
local booster = require "initramfs.booster"
local none = require "initramfs.none"
local held = require "initramfs.held"
local settings = require "initramfs.settings"
local probe = require "probe.initramfs"

local V = "6.1.0-18-amd64"
local DIRECTORY = "/lib/modules/" .. V
local INITRD = "/boot/initrd.img-" .. V

local DEP = [[
kernel/drivers/virtio/virtio.ko:
kernel/drivers/virtio/virtio_ring.ko:
kernel/drivers/virtio/virtio_pci.ko.xz: kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko
kernel/drivers/block/virtio_blk.ko: kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko
kernel/drivers/net/virtio_net.ko:
]]

local WANTED = { { driver = "virtio_pci", kernel = V }, { driver = "virtio_blk", kernel = V } }

local function with_modules(files)
  files[DIRECTORY .. "/modules.dep"] = DEP
  files[DIRECTORY .. "/modules.builtin"] = "kernel/fs/ext4/ext4.ko\n"
  files[DIRECTORY .. "/modules.alias.bin"] = "aliases"
  for path in DEP:gmatch("\n?([^:\n]+):") do files[DIRECTORY .. "/" .. path] = "module " .. path end
  return files
end

local function names_of(bytes)
  local list = {}
  for name in pairs(cpio.files(bytes)) do list[#list + 1] = name end
  table.sort(list)
  return table.concat(list, "\n")
end

-- An initramfs that is all uncompressed, with the files named.
local function plain(...)
  local files = {}
  for _, path in ipairs { ... } do files[#files + 1] = { path = path, content = "x" } end
  return cpio.archive(files)
end

-- An initramfs that is all uncompressed, with the drivers and with FILES, name -> content.
local function holding(files)
  local list = {}
  for _, name in ipairs { "virtio.ko", "virtio_ring.ko", "virtio_pci.ko.xz", "virtio_blk.ko", "virtio_net.ko" } do list[#list + 1] = { path = "lib/" .. name, content = "x" } end
  for path, content in pairs(files) do list[#list + 1] = { path = path, content = content } end
  table.sort(list, function(a, b) return a.path < b.path end)
  return cpio.archive(list)
end

-- What was appended to INITRAMFS, which began with OLD: name -> content.
local function appended_to(initramfs, old)
  return cpio.files(initramfs:sub(#old + -#old % 512 + 1))
end

local function guest_with(initrd, asked, more)
  local files = with_modules { [INITRD] = initrd }
  for path, content in pairs(more or {}) do files[path] = content end
  asked.enable_driver = asked.enable_driver or WANTED
  return fake.setup(files, { kernel = { { version = V, initrd = INITRD, installed = true } }, initramfs = { tool = "initramfs-tools" }, option = {} }, asked,
    { ["sh -c"] = "usr/lib/modules/x/ext4.ko\n" })
end

return {
  { "an archive holds its files, their directories but the first, and ends at a multiple of four", function()
    local bytes = cpio.archive { { path = "lib/modules/a/b.ko", content = "12345" }, { path = "lib/modules/c", content = "" }, { path = "lib/l", target = "modules" } }
    fake.equal(#bytes % 4, 0)
    fake.equal(names_of(bytes), "lib/l\nlib/modules\nlib/modules/a\nlib/modules/a/b.ko\nlib/modules/c")
    fake.equal(bytes:match("b%.ko\0+(12345)"), "12345")
    fake.equal(cpio.files("no archive"), nil)
    fake.equal(cpio.files(bytes:sub(1, 200)), nil)
  end },
  { "what is compressed behind microcode is found", function()
    local micro = plain("kernel/x86/microcode/GenuineIntel.bin")
    local bytes = micro .. ("\0"):rep(512 - #micro % 512) .. "\x1F\x8Bcompressed"
    local names, magic, offset = cpio.walk(function(at, length) return bytes:sub(at + 1, at + length) end, 50)
    fake.equal(magic:sub(1, 2), "\x1F\x8B")
    fake.equal(bytes:sub(offset + 1, offset + 2), "\x1F\x8B")
    fake.equal(names[#names], "TRAILER!!!")
  end },
  { "a driver comes with all it needs, once; what is built in needs nothing", function()
    fake.setup(with_modules {})
    local paths, missing = modules.closure(modules.loadable(DIRECTORY), modules.builtin(DIRECTORY), { "virtio_pci", "virtio_blk", "ext4", "nosuch" })
    fake.equal(table.concat(paths, "\n"), "kernel/drivers/block/virtio_blk.ko\nkernel/drivers/virtio/virtio.ko\nkernel/drivers/virtio/virtio_pci.ko.xz\n"
      .. "kernel/drivers/virtio/virtio_ring.ko")
    fake.equal(table.concat(missing), "nosuch")
    fake.equal(modules.name("kernel/a/xen-blkfront.ko.zst"), "xen_blkfront")
  end },

  { "extending: at a multiple of 512, drivers and indexes, found again by the end", function()
    local old = "\x1F\x8B" .. ("z"):rep(700)
    local guest = guest_with(old, {})
    fake.converges(guest, function() extend.initramfs_tools(V) end)
    local new = guest.files[INITRD]
    fake.equal(new:sub(1, #old), old)
    fake.equal(new:sub(#old + 1, 1024), ("\0"):rep(1024 - #old))
    local names = names_of(new:sub(1025))
    for _, name in ipairs { "kernel/drivers/block/virtio_blk.ko", "kernel/drivers/virtio/virtio_ring.ko", "kernel/drivers/virtio/virtio_pci.ko.xz", "modules.dep", "modules.alias.bin" } do
      if not names:find("lib/modules/" .. V .. "/" .. name, 1, true) then error("it lacks " .. name .. ":\n" .. names) end
    end
    fake.equal(names:find("virtio_net", 1, true), nil)
  end },
  { "extending again for one more driver replaces what was appended", function()
    local guest = guest_with("\x1F\x8Bz", {})
    extend.initramfs_tools(V)
    guest = guest_with(guest.files[INITRD], { enable_driver = { WANTED[1], WANTED[2], { driver = "virtio_net", kernel = V } } })
    fake.converges(guest, function() extend.initramfs_tools(V) end)
    fake.equal(select(2, guest.files[INITRD]:gsub("TRAILER!!!", "")), 1)
  end },
  { "the copies that entries of snapshots start the kernel with are extended as well", function()
    local copy, other = "/boot/efi/own/" .. V .. "/initrd-1", "/boot/efi/own/" .. V .. "/more.cpio"
    local function entry(initrds) return "title a\nlinux /own/" .. V .. "/linux\ninitrd " .. initrds .. "\n" end
    local guest = guest_with("\x1F\x8Bz", {}, { ["/boot/efi/own/" .. V .. "/linux"] = "", [copy] = "\x1F\x8Bz", [other] = "\x1F\x8Bz",
      ["/boot/link"] = { link = INITRD }, ["/boot/efi/loader/entries/1.conf"] = entry("/own/" .. V .. "/initrd-1"),
      ["/boot/efi/loader/entries/2.conf"] = entry("/link /own/" .. V .. "/more.cpio"), ["/boot/efi/loader/loader.conf"] = "" })
    facts.bootloader = { kind = "systemd-boot", config = "/boot/efi/loader/loader.conf" }
    fake.converges(guest, function() extend.dracut(V) end)
    fake.equal(guest.files[copy], guest.files[INITRD])
    fake.equal(guest.files[other], "\x1F\x8Bz")
  end },
  { "nothing to do: the drivers are in it", function()
    local guest = guest_with(plain("lib/modules/" .. V .. "/virtio.ko", "lib/virtio_ring.ko", "lib/virtio_pci.ko.xz", "lib/virtio_blk.ko"), {})
    extend.initramfs_tools(V)
    fake.equal(guest.changes, 0)
  end },
  { "the drivers are in it, and the one of the card too: the names of interfaces go in", function()
    local link = "/etc/systemd/network/10-v2v-eth0.link"
    local guest = guest_with(plain("lib/virtio.ko", "lib/virtio_ring.ko", "lib/virtio_pci.ko.xz", "lib/virtio_blk.ko", "lib/virtio_net.ko"),
      { keep_interface = { { mac = "m", name = "eth0" } } }, { [link] = "[Match]" })
    fake.converges(guest, function() extend.initramfs_tools(V) end)
    fake.equal(guest.files[INITRD]:find("etc/systemd/network/10-v2v-eth0.link", 1, true) ~= nil, true)
  end },
  { "where the memory was kept is renamed in it too", function()
    local guest = guest_with(holding { ["conf/conf.d/resume"] = "RESUME=/dev/xvda2\n" }, { remap_device = { { old = "/dev/xvda", new = "/dev/vda" } } })
    fake.converges(guest, function() extend.initramfs_tools(V) end)
    fake.equal(guest.files[INITRD]:find("RESUME=/dev/vda2", 1, true) ~= nil, true)
  end },
  { "a driver that the kernel has not got", function()
    guest_with("\x1F\x8B", { enable_driver = { { driver = "nosuch", kernel = V } } })
    fake.fails("has no module nosuch", function() extend.initramfs_tools(V) end)
  end },
  { "a kernel without an index of its modules", function()
    local guest = guest_with("\x1F\x8B", {})
    guest.files[DIRECTORY .. "/modules.dep"] = nil
    fake.fails("run depmod", function() extend.dracut(V) end)
  end },

  { "initramfs-tools: lines for drivers, in either spelling", function()
    local guest = fake.setup { ["/etc/initramfs-tools/modules"] = "# list\nxen-blkfront\nvirtio-pci" }
    fake.converges(guest, function()
      tools.disable { { driver = "xen_blkfront", kernel = V } }
      tools.enable(WANTED)
    end)
    fake.equal(guest.files["/etc/initramfs-tools/modules"], "# list\nvirtio-pci\nvirtio_blk\n")
  end },
  { "initramfs-tools: made anew only when a driver is missing", function()
    local guest = guest_with(plain("lib/virtio.ko", "lib/virtio_pci.ko", "lib/virtio_blk.ko"), {})
    tools.rebuild(V)
    fake.equal(guest.changes, 0)
    guest = guest_with("\x1F\x8B", {})
    tools.rebuild(V)
    fake.equal(guest.commands[1], "update-initramfs -u -k " .. V)
    guest.files[INITRD] = nil
    tools.rebuild(V)
    fake.equal(guest.commands[2], "update-initramfs -c -k " .. V)
  end },
  { "dracut: a file of its own, which keeps what it has", function()
    local guest = fake.setup {}
    fake.converges(guest, function() dracut.enable(WANTED) end)
    dracut.enable { { driver = "ahci", kernel = V } }
    fake.equal(guest.files["/etc/dracut.conf.d/50-v2v-engine.conf"]:match("add_drivers.*"), 'add_drivers+=" ahci virtio_blk virtio_pci "\n')
  end },
  { "dracut: drivers leave the lists of others", function()
    local guest = fake.setup { ["/etc/dracut.conf"] = 'add_drivers+=" xen-blkfront ext4 "\nomit_drivers+=" xen-blkfront "\n', ["/etc/dracut.conf.d/x.conf"] = 'add_drivers+="xen-blkfront"\na=b\n' }
    fake.converges(guest, function() dracut.disable { { driver = "xen_blkfront", kernel = V } } end)
    fake.equal(guest.files["/etc/dracut.conf"], 'add_drivers+=" ext4 "\nomit_drivers+=" xen-blkfront "\n')
    fake.equal(guest.files["/etc/dracut.conf.d/x.conf"], "a=b\n")
  end },
  { "dracut: made anew", function()
    local guest = guest_with("\x1F\x8B", {})
    dracut.rebuild(V)
    fake.equal(guest.commands[1], "dracut --force --add-drivers virtio_blk virtio_pci " .. INITRD .. " " .. V)
  end },
  { "mkinitrd: aliases", function()
    local guest = fake.setup({ ["/etc/modprobe.conf"] = "alias eth0 xennet\nalias scsi_hostadapter xenblk\n" }, { target = { nic_model = "virtio" } })
    fake.converges(guest, function()
      mkinitrd.disable { { driver = "xenblk", kernel = V }, { driver = "xennet", kernel = V } }
      mkinitrd.enable(WANTED)
    end)
    fake.equal(guest.files["/etc/modprobe.conf"], "alias eth0 virtio_net\nalias scsi_hostadapter virtio_pci\nalias scsi_hostadapter1 virtio_blk\n")
  end },
  { "mkinitrd: made anew", function()
    local guest = guest_with("\x1F\x8B", {})
    mkinitrd.rebuild(V)
    fake.equal(guest.commands[1], "/sbin/mkinitrd -f --with=virtio_blk --with=virtio_pci " .. INITRD .. " " .. V)
  end },
  { "mkinitrd of SUSE", function()
    local guest = guest_with("\x1F\x8B", {}, { ["/etc/sysconfig/kernel"] = 'INITRD_MODULES="xenblk ext3"\nDOMU_INITRD_MODULES="xennet xenblk"\n' })
    fake.converges(guest, function()
      suse.disable { { driver = "xenblk", kernel = V }, { driver = "xennet", kernel = V } }
      suse.enable(WANTED)
    end)
    fake.equal(guest.files["/etc/sysconfig/kernel"], 'INITRD_MODULES="ext3 virtio_pci virtio_blk"\nDOMU_INITRD_MODULES=""\n')
    facts.kernel[1].image = "/boot/vmlinuz-" .. V
    suse.rebuild(V)
    fake.equal(guest.commands[1], "/sbin/mkinitrd -i " .. INITRD .. " -k /boot/vmlinuz-" .. V)
  end },
  { "dracut: made for any machine, where it is configured to fit the one it is made on", function()
    local guest = guest_with("\x1F\x8B", {}, { ["/usr/lib/dracut/dracut.conf.d/01-dist.conf"] = 'hostonly="yes"\n' })
    dracut.rebuild(V)
    fake.equal(guest.commands[1], "dracut --force --no-hostonly --add-drivers virtio_blk virtio_pci " .. INITRD .. " " .. V)
    guest = guest_with("\x1F\x8B", {}, { ["/usr/lib/dracut/dracut.conf.d/01-dist.conf"] = 'hostonly="yes"\n', ["/etc/dracut.conf.d/x.conf"] = "#hostonly=yes\nhostonly=no\n" })
    dracut.rebuild(V)
    fake.equal(guest.commands[1], "dracut --force --add-drivers virtio_blk virtio_pci " .. INITRD .. " " .. V)
  end },
  { "mkinitcpio: a list of the shell over several lines, and one in a string", function()
    local guest = fake.setup { ["/etc/mkinitcpio.conf"] = "# MODULES=(x)\nMODULES=(ext4 # old\n  xen-blkfront)\nHOOKS=(base udev)\n" }
    local function run()
      mkinitcpio.disable { { driver = "xen_blkfront", kernel = V } }
      mkinitcpio.enable(WANTED)
    end
    fake.converges(guest, run)
    fake.equal(guest.files["/etc/mkinitcpio.conf"], "# MODULES=(x)\nMODULES=(ext4 virtio_blk virtio_pci)\nHOOKS=(base udev)\n")
    guest = fake.setup { ["/etc/mkinitcpio.conf"] = 'MODULES="virtio_pci"\n' }
    fake.converges(guest, run)
    fake.equal(guest.files["/etc/mkinitcpio.conf"], 'MODULES="virtio_pci virtio_blk"\n')
    guest = fake.setup { ["/etc/mkinitcpio.conf"] = "HOOKS=(base)" }
    fake.converges(guest, run)
    fake.equal(guest.files["/etc/mkinitcpio.conf"], "HOOKS=(base)\nMODULES=(virtio_blk virtio_pci)\n")
  end },
  { "mkinitcpio: a file of its own, where such are read", function()
    local guest = fake.setup { ["/etc/mkinitcpio.conf"] = "MODULES=()\n", ["/etc/mkinitcpio.conf.d/a.conf"] = "MODULES+=(virtio-pci)\n" }
    fake.converges(guest, function() mkinitcpio.enable(WANTED) end)
    fake.equal(guest.files["/etc/mkinitcpio.conf.d/99-v2v-engine.conf"]:match("MODULES.*"), "MODULES+=(virtio_blk)\n")
    fake.equal(guest.files["/etc/mkinitcpio.conf"], "MODULES=()\n")
  end },
  { "mkinitcpio: made anew under the name of the flavour, and not to fit the appliance", function()
    local guest = guest_with("\x1F\x8B", {})
    facts.kernel[1].initrd, facts.kernel[1].image = nil, "/boot/vmlinuz-linux-lts"
    mkinitcpio.rebuild(V)
    fake.equal(guest.commands[1], "mkinitcpio -S autodetect -k " .. V .. " -g /boot/initramfs-linux-lts.img")
  end },
  { "mkinitfs: a feature with the paths of the modules, however they are compressed", function()
    local guest = guest_with("\x1F\x8B", {}, { ["/etc/mkinitfs/mkinitfs.conf"] = '# x\nfeatures="base ext4"\n' })
    fake.converges(guest, function() mkinitfs.enable(WANTED) end)
    fake.equal(guest.files["/etc/mkinitfs/mkinitfs.conf"], '# x\nfeatures="base ext4 v2v-engine"\n')
    fake.equal(guest.files["/etc/mkinitfs/features.d/v2v-engine.modules"], "kernel/drivers/block/virtio_blk.ko*\nkernel/drivers/virtio/virtio_pci.ko*\n")
    mkinitfs.disable { { driver = "virtio-blk", kernel = V } }
    fake.equal(guest.files["/etc/mkinitfs/features.d/v2v-engine.modules"], "kernel/drivers/virtio/virtio_pci.ko*\n")
    mkinitfs.rebuild(V)
    fake.equal(guest.commands[1], "mkinitfs -o " .. INITRD .. " " .. V)
  end },
  { "mkinitfs: nothing to list for drivers that are built in", function()
    local guest = guest_with("\x1F\x8B", {}, { ["/etc/mkinitfs/mkinitfs.conf"] = 'features="base"\n' })
    mkinitfs.enable { { driver = "ext4", kernel = V } }
    fake.equal(guest.changes, 0)
  end },
  { "make-initrd: lists in a makefile", function()
    local guest = guest_with("\x1F\x8B", {}, { ["/etc/initrd.mk"] = "AUTODETECT = all\nMODULES_ADD += xen-blkfront\nMODULES_PRELOAD += xen-blkfront ext4\n# MODULES_ADD = virtio_pci\n" })
    fake.converges(guest, function()
      make_initrd.disable { { driver = "xen_blkfront", kernel = V } }
      make_initrd.enable(WANTED)
    end)
    fake.equal(guest.files["/etc/initrd.mk"], "AUTODETECT = all\nMODULES_PRELOAD += ext4\n# MODULES_ADD = virtio_pci\nMODULES_ADD += virtio_blk virtio_pci\n")
    make_initrd.rebuild(V)
    fake.equal(guest.commands[1], "make-initrd -k " .. V)
  end },
  { "booster: modules, separated by commas, and an image for any machine", function()
    local guest = guest_with("\x1F\x8B", {}, { ["/etc/booster.yaml"] = "network:\n  dhcp: on\nmodules: xen_blkfront, ext4\n" })
    fake.converges(guest, function()
      booster.disable { { driver = "xen_blkfront", kernel = V } }
      booster.enable(WANTED)
    end)
    fake.equal(guest.files["/etc/booster.yaml"], "network:\n  dhcp: on\nmodules: ext4,virtio_blk,virtio_pci\n")
    booster.rebuild(V)
    fake.equal(guest.commands[1], "booster build --force --universal --kernel-version " .. V .. " " .. INITRD)
  end },
  { "no tool: nothing is changed, and drivers are appended", function()
    local guest = guest_with("\x1F\x8Bz", {})
    none.enable(WANTED)
    none.prepare(V)
    fake.equal(guest.changes, 0)
    fake.converges(guest, function() extend.any(V) end)
  end },
  { "udev in an initramfs", function()
    guest_with(plain("usr/lib/systemd/systemd-udevd"), {})
    fake.equal(held.has_udev(INITRD), true)
    guest_with(plain("bin/mdev"), {})
    fake.equal(held.has_udev(INITRD), false)
  end },
  { "what makes an initramfs", function()
    fake.setup { ["/usr/sbin/update-initramfs"] = "", ["/usr/bin/dracut"] = "", ["/usr/share/initramfs-tools/hooks/udev"] = "", ["/usr/sbin/mkinitramfs"] = "" }
    fake.equal(probe.initramfs().tool, "initramfs-tools")
    fake.equal(probe.initramfs().udev, true)
    fake.setup { ["/usr/sbin/update-initramfs"] = "", ["/usr/share/initramfs-tools/hooks/udev"] = "" }
    fake.equal(probe.initramfs().tool, "initramfs-tools")
    fake.setup { ["/sbin/mkinitrd"] = "" }
    fake.equal(probe.initramfs().tool, "mkinitrd")
    fake.equal(probe.initramfs().udev, false)
    fake.setup { ["/sbin/mkinitrd"] = "", ["/usr/share/mkinitrd/initrd-tree.tar.gz"] = "" }
    fake.equal(probe.initramfs().tool, nil, "Slackware's")
    fake.setup { ["/usr/bin/mkinitcpio"] = "", ["/etc/mkinitcpio.conf"] = "#HOOKS=(systemd)\nHOOKS=(base udev\n block)\n" }
    fake.equal(probe.initramfs().tool, "mkinitcpio")
    fake.equal(probe.initramfs().udev, true)
    fake.setup { ["/usr/bin/mkinitcpio"] = "", ["/etc/mkinitcpio.conf"] = "HOOKS=(base udev)\n", ["/etc/mkinitcpio.conf.d/x.conf"] = "HOOKS=(base)\n" }
    fake.equal(probe.initramfs().udev, false)
    fake.setup { ["/sbin/mkinitfs"] = "" }
    fake.equal(probe.initramfs().tool, "mkinitfs")
    fake.setup { ["/usr/sbin/make-initrd"] = "", ["/sbin/mkinitrd"] = "" }
    fake.equal(probe.initramfs().tool, "make-initrd")
    fake.setup {}
    fake.equal(probe.initramfs().tool, nil)
  end },
  { "what makes an initramfs: dracut where initramfs-tools was before it, and others bring hooks for that", function()
    local hooks = { ["/usr/bin/dracut"] = "", ["/usr/sbin/update-initramfs"] = "#!/bin/sh\nexec dracut --force\n", ["/usr/share/initramfs-tools/hooks/udev"] = "",
      ["/etc/initramfs-tools/initramfs.conf"] = "", ["/etc/kernel/postinst.d/initramfs-tools"] = "" }
    fake.setup(hooks)
    fake.equal(probe.initramfs().tool, "dracut")
    hooks["/usr/sbin/update-initramfs"] = "\127ELF"
    fake.setup(hooks, { package = { { name = "dracut" }, { name = "udev" } } })
    fake.equal(probe.initramfs().tool, "dracut", "by its package")
    hooks["/usr/lib/dracut/modules.d/90lvm/module-setup.sh"] = ""
    fake.setup(hooks)
    fake.equal(probe.initramfs().tool, "dracut", "by its files")
    fake.equal(probe.initramfs().udev, true)
  end },
  { "what makes an initramfs: tiny-initramfs is none that is known, whatever hooks there are", function()
    fake.setup { ["/usr/sbin/update-tirfs"] = "", ["/usr/sbin/mktirfs"] = "", ["/usr/share/initramfs-tools/hooks/udev"] = "", ["/usr/share/initramfs-tools/hooks/dmsetup"] = "" }
    fake.equal(probe.initramfs().tool, nil)
  end },
  { "what makes an initramfs: the one of two that made what is there", function()
    local files = { ["/usr/sbin/update-initramfs"] = "mkinitramfs", ["/usr/share/initramfs-tools/hook-functions"] = "", ["/usr/bin/dracut"] = "", ["/usr/lib/dracut/modules.d/x"] = "",
      ["/boot/initrd.img-1"] = plain("usr/lib/dracut/hooks/cmdline/x.sh"), ["/boot/initramfs-0-rescue-1.img"] = plain("scripts/functions") }
    fake.setup(files)
    fake.equal(probe.initramfs().tool, "dracut")
    files["/boot/initrd.img-2"] = plain("conf/initramfs.conf", "scripts/functions")
    fake.setup(files)
    fake.equal(probe.initramfs().tool, "initramfs-tools")
    fake.setup { ["/usr/bin/mkinitcpio"] = "", ["/etc/mkinitcpio.conf"] = "", ["/usr/bin/dracut"] = "", ["/usr/lib/dracut/modules.d/x"] = "", ["/etc/kernel/install.conf"] = "layout=bls\ninitrd_generator=mkinitcpio\n" }
    fake.equal(probe.initramfs().tool, "mkinitcpio")
  end },

  -- ---- settings in an initramfs ----

  { "settings: a file that was changed is changed in it too, and what is not in it does not come into it", function()
    local old = holding { ["etc/lvm/lvmlocal.conf"] = "filter = [ \"a|^/dev/sda2$|\" ]\n", ["etc/modprobe.d/a.conf"] = "blacklist floppy\n" }
    local guest = guest_with(old, { remap_device = { { old = "/dev/sda", new = "/dev/vda" } } },
      { ["/etc/lvm/lvmlocal.conf"] = "filter = [ \"a|^/dev/sda2$|\" ]\n", ["/etc/modprobe.d/a.conf"] = "blacklist floppy\n", ["/etc/mdadm.conf"] = "DEVICE /dev/sda1\n" })
    _G.guest.write("/etc/lvm/lvmlocal.conf", "filter = [ \"a|^/dev/vda2$|\" ] # more\n")
    _G.guest.write("/etc/mdadm.conf", "DEVICE /dev/vda1\n")
    fake.converges(guest, function() extend.dracut(V) end)
    local files = appended_to(guest.files[INITRD], old)
    fake.equal(files["etc/lvm/lvmlocal.conf"], "filter = [ \"a|^/dev/vda2$|\" ] # more\n")
    fake.equal(files["etc/mdadm.conf"], nil)
    fake.equal(files["etc/modprobe.d/a.conf"], nil)
  end },
  { "settings: a copy that its tool has changed gets the same change, and stays as it was otherwise", function()
    fake.equal(settings.changed("a\nfilter=sda\nlocking_type=4\n", "a\nfilter=sda\nlocking_type=1\n", "a\nfilter=vda\nlocking_type=1\n"), "a\nfilter=vda\nlocking_type=4\n")
    fake.equal(settings.changed("b\nx\n", "a\nx\nc\n", "a\ny\nz\nc\n"), "b\ny\nz\n")
    fake.equal(settings.changed("b\nx\n", "a\nx\nc\n", "a\nc\n"), "b\n")
    fake.equal(settings.changed("b\n", "a\nc\n", "a\nb\nc\n"), "b\n")
    fake.equal(settings.changed("a\n", "a\n", ""), "")
  end },
  { "settings: what tools made of others gets the new names of disks", function()
    local old = holding { ["etc/cmdline.d/95root.conf"] = " root=/dev/sda1\n", ["cryptroot/crypttab"] = "c /dev/sdb1 none\n", ["etc/fstab"] = "# /dev/sda1\n",
      ["usr/lib/dracut/hooks/initqueue/finished/devexists-\\x2fdev\\x2fsda1.sh"] = '[ -e "/dev/sda1" ]\n' }
    local guest = guest_with(old, { remap_device = { { old = "/dev/sda", new = "/dev/vdb" }, { old = "/dev/sdb", new = "/dev/vda" } } })
    fake.converges(guest, function() extend.dracut(V) end)
    local files = appended_to(guest.files[INITRD], old)
    fake.equal(files["etc/cmdline.d/95root.conf"], " root=/dev/vdb1\n")
    fake.equal(files["cryptroot/crypttab"], "c /dev/vda1 none\n")
    fake.equal(files["usr/lib/dracut/hooks/initqueue/finished/devexists-\\x2fdev\\x2fsda1.sh"], '[ -e "/dev/vdb1" ]\n')
    fake.equal(files["etc/fstab"], nil)
  end },
  { "settings: nothing is written where they are right, and what went in before stays when drivers are added", function()
    local old = holding { ["etc/lvm/lvm.conf"] = "x\n" }
    local guest = guest_with(old, { remap_device = { { old = "/dev/sda", new = "/dev/vda" } } }, { ["/etc/lvm/lvm.conf"] = "x\n" })
    extend.dracut(V)
    fake.equal(guest.changes, 0)
    _G.guest.write("/etc/lvm/lvm.conf", "y\n")
    extend.dracut(V)
    guest = guest_with(guest.files[INITRD], { enable_driver = { { driver = "ext4", kernel = V } } },
      { ["/etc/systemd/network/10-v2v-eth0.link"] = "[Match]", ["/etc/a"] = "", [DIRECTORY .. "/modules.dep"] = DEP .. "kernel/fs/ext4/ext4.ko:\n", [DIRECTORY .. "/kernel/fs/ext4/ext4.ko"] = "module" })
    _G.guest.write("/etc/a", "changed")
    fake.converges(guest, function() extend.dracut(V) end)
    local files = appended_to(guest.files[INITRD], old)
    fake.equal(files["etc/lvm/lvm.conf"], "y\n")
    fake.equal(files["lib/modules/" .. V .. "/kernel/fs/ext4/ext4.ko"], "module")
  end },
  { "settings: what a compressed initramfs holds is read by the guest's own programs, as much at once as one command line takes", function()
    local names = { "etc/lvm/lvm.conf", "etc/[odd]" }
    for i = 1, 1500 do names[#names + 1] = ("etc/%050d"):format(i) end
    local guest = guest_with("\x1F\x8Bcompressed", {})
    local lines = {}
    _G.guest.query = function(argv)
      lines[#lines + 1] = argv[3]
      return #lines == 1 and "3 etc/lvm/lvm.conf\na\nb8 etc/[odd]\n\n3 x\nabc" or ""
    end
    local found = held.contents(INITRD, names)
    fake.equal(found["etc/lvm/lvm.conf"], "a\nb")
    fake.equal(found["etc/[odd]"], "\n3 x\nabc")
    fake.equal(#lines > 1, true)
    for _, line in ipairs(lines) do fake.equal(#line < 131072, true) end
    fake.equal(lines[1]:find("'etc/\\[odd\\]' './etc/\\[odd\\]'", 1, true) ~= nil, true)
    fake.equal(lines[1]:find("tail -c +1 '" .. INITRD .. "' | gzip -dc", 1, true) ~= nil, true)
    _G.guest.query = function() return "no list" end
    fake.equal(held.contents(INITRD, names), nil)
    fake.equal(next(held.contents(INITRD, { "etc/with\nline" })), nil, "no pattern is left")
    fake.equal(guest.changes, 0)
  end },
  { "settings: a link by which systemd waits for an old name cannot be taken away: made anew", function()
    local guest = guest_with(holding { ["etc/systemd/system/initrd.target.wants/dev-sda2.device"] = "" }, { remap_device = { { old = "/dev/sda", new = "/dev/vda" } } })
    extend.dracut(V)
    fake.equal(guest.commands[1], "dracut --force --add-drivers virtio_blk virtio_pci " .. INITRD .. " " .. V)
    guest = guest_with(holding { ["etc/systemd/system/initrd.target.wants/dev-disk-by\\x2duuid-1.device"] = "" }, { remap_device = { { old = "/dev/sda", new = "/dev/vda" } } })
    extend.dracut(V)
    fake.equal(guest.changes, 0)
  end },
  { "settings: an initramfs with all drivers is made anew for them, and always where that is asked for", function()
    local files = { ["/etc/lvm/lvm.conf"] = "x\n" }
    local guest = guest_with(holding { ["etc/lvm/lvm.conf"] = "x\n" }, {}, files)
    tools.rebuild(V)
    fake.equal(guest.changes, 0)
    _G.guest.write("/etc/lvm/lvm.conf", "y\n")
    tools.rebuild(V)
    fake.equal(guest.commands[1], "update-initramfs -u -k " .. V)
    guest = guest_with(holding {}, {})
    facts.option = { initramfs = "rebuild" }
    tools.rebuild(V)
    fake.equal(#guest.commands, 0, "nothing was changed before")
    _G.guest.write("/etc/dracut.conf.d/new.conf", "")
    tools.rebuild(V)
    dracut.rebuild(V)
    fake.equal(#guest.commands, 2)
  end },
  { "dracut: the name of an initramfs follows its configuration, or Debian", function()
    local guest = guest_with("\x1F\x8B", {}, { ["/usr/lib/dracut/dracut.conf.d/01-debian.conf"] = 'initrdname="initrd.img-${kernel}"\n' })
    facts.kernel[1].initrd = nil
    dracut.rebuild(V)
    fake.equal(guest.commands[1], "dracut --force --add-drivers virtio_blk virtio_pci /boot/initrd.img-" .. V .. " " .. V)
    guest = guest_with("\x1F\x8B", {})
    facts.kernel[1].initrd, facts.os = nil, { package_format = "deb" }
    dracut.rebuild(V)
    fake.equal(guest.commands[1], "dracut --force --add-drivers virtio_blk virtio_pci /boot/initrd.img-" .. V .. " " .. V)
  end },
}
