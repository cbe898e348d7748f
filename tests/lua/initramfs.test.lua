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
local probe = require "probe.initramfs"

local V = "6.1.0-18-amd64"
local FOLDER = "/lib/modules/" .. V
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
  files[FOLDER .. "/modules.dep"] = DEP
  files[FOLDER .. "/modules.builtin"] = "kernel/fs/ext4/ext4.ko\n"
  files[FOLDER .. "/modules.alias.bin"] = "aliases"
  for path in DEP:gmatch("\n?([^:\n]+):") do files[FOLDER .. "/" .. path] = "module " .. path end
  return files
end

local function names_of(bytes)
  local list = {}
  for name in pairs(cpio.names(bytes)) do list[#list + 1] = name end
  table.sort(list)
  return table.concat(list, "\n")
end

-- An initramfs that is all uncompressed, with the files named.
local function plain(...)
  local files = {}
  for _, path in ipairs { ... } do files[#files + 1] = { path = path, content = "x" } end
  return cpio.archive(files)
end

local function guest_with(initrd, asked, more)
  local files = with_modules { [INITRD] = initrd }
  for path, content in pairs(more or {}) do files[path] = content end
  asked.enable_driver = asked.enable_driver or WANTED
  return fake.setup(files, { kernel = { { version = V, initrd = INITRD, installed = true } }, initramfs = { tool = "initramfs-tools" }, option = {} }, asked,
    { ["sh -c"] = "usr/lib/modules/x/ext4.ko\n" })
end

return {
  { "an archive holds its files, their folders but the first, and ends at a multiple of four", function()
    local bytes = cpio.archive { { path = "lib/modules/a/b.ko", content = "12345" }, { path = "lib/modules/c", content = "" }, { path = "lib/l", target = "modules" } }
    fake.equal(#bytes % 4, 0)
    fake.equal(names_of(bytes), "lib/l\nlib/modules\nlib/modules/a\nlib/modules/a/b.ko\nlib/modules/c")
    fake.equal(bytes:match("b%.ko\0+(12345)"), "12345")
    fake.equal(cpio.names("no archive"), nil)
    fake.equal(cpio.names(bytes:sub(1, 200)), nil)
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
    local paths, missing = modules.closure(modules.loadable(FOLDER), modules.builtin(FOLDER), { "virtio_pci", "virtio_blk", "ext4", "nosuch" })
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
    local guest = guest_with(plain("lib/virtio.ko", "lib/virtio_ring.ko", "lib/virtio_pci.ko.xz", "lib/virtio_blk.ko", "conf/conf.d/resume"),
      { remap_device = { { old = "/dev/xvda", new = "/dev/vda" } } }, { ["/etc/initramfs-tools/conf.d/resume"] = "RESUME=/dev/vda2\n" })
    fake.converges(guest, function() extend.initramfs_tools(V) end)
    fake.equal(guest.files[INITRD]:find("RESUME=/dev/vda2", 1, true) ~= nil, true)
  end },
  { "a driver that the kernel has not got", function()
    guest_with("\x1F\x8B", { enable_driver = { { driver = "nosuch", kernel = V } } })
    fake.fails("has no module nosuch", function() extend.initramfs_tools(V) end)
  end },
  { "a kernel without an index of its modules", function()
    local guest = guest_with("\x1F\x8B", {})
    guest.files[FOLDER .. "/modules.dep"] = nil
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
    fake.setup { ["/usr/sbin/update-initramfs"] = "", ["/usr/bin/dracut"] = "", ["/usr/share/initramfs-tools/hooks/udev"] = "" }
    fake.equal(probe.initramfs().tool, "initramfs-tools")
    fake.equal(probe.initramfs().udev, true)
    fake.setup { ["/sbin/mkinitrd"] = "" }
    fake.equal(probe.initramfs().tool, "mkinitrd")
    fake.equal(probe.initramfs().udev, false)
    fake.setup { ["/usr/sbin/update-initramfs"] = "", ["/usr/bin/dracut"] = "" }
    fake.equal(probe.initramfs().tool, "dracut")
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
}
