-- SPDX-License-Identifier: GPL-2.0-or-later
local fake = require "fake"
local devices = require "lib.devices"
local remap = require "disks.remap"
local names = require "probe.disk_names"
local partitions = require "probe.partitions"

local XVDA = { { old = "/dev/xvda", new = "/dev/vda" } }

local function disk_names(disks, ...)
  local list = {}
  for _, name in ipairs(disks) do
    local target, bus = name:match("^(.*):(.*)$")
    list[#list + 1] = { target = target or name, bus = bus }
  end
  fake.setup({}, { disk = list })
  local out = {}
  for _, record in ipairs(names.disk_names(...)) do out[#out + 1] = record.old .. ">" .. record.new end
  return table.concat(out, " ")
end

return {
  { "renames apply at once", function()
    local renames = devices.renames { { old = "/dev/sda", new = "/dev/sdb" }, { old = "/dev/sdb", new = "/dev/sdc" } }
    fake.equal(devices.rename("/dev/sda1 /dev/sdb2 root=/dev/sda,/dev/sdb", renames), "/dev/sdb1 /dev/sdc2 root=/dev/sdb,/dev/sdc")
  end },
  { "a name is a whole word", function()
    local renames = devices.renames { { old = "/dev/sda", new = "/dev/vda" } }
    for _, text in ipairs { "/dev/sdaa", "/dev/sdab1", "//server/dev/sda1", "/dev/mapper/sda", "x/dev/sda", "/dev/sda-old" } do
      fake.equal(devices.rename(text, renames), text)
    end
    fake.equal(devices.rename("'/dev/sda' \"/dev/sda5\" (/dev/sda) /dev/sda.", renames), "'/dev/vda' \"/dev/vda5\" (/dev/vda) /dev/vda.")
  end },
  { "partitions of names that end in a digit", function()
    local renames = devices.renames { { old = "/dev/cciss/c0d0", new = "/dev/vda" }, { old = "/dev/hda", new = "/dev/nvme0n1" },
      { old = "/dev/nvme1n1", new = "/dev/sda" } }
    fake.equal(devices.rename("/dev/cciss/c0d0p2 /dev/hda7 /dev/nvme1n1p3 /dev/nvme1n1", renames), "/dev/vda2 /dev/nvme0n1p7 /dev/sda3 /dev/sda")
  end },
  { "a file system that is a disk", function()
    local renames = devices.renames { { old = "/dev/xvda1", new = "/dev/vda" }, { old = "/dev/xvda2", new = "/dev/vdb" } }
    fake.equal(devices.rename("/dev/xvda1 /dev/xvda2 /dev/xvda3", renames), "/dev/vda /dev/vdb /dev/xvda3")
  end },
  { "Xen's disks by path", function()
    fake.equal(devices.rename("/dev/disk/by-path/xen-vbd-51712-part1 /dev/disk/by-path/xen-vbd-51728",
      devices.renames { XVDA[1], { old = "/dev/xvdb", new = "/dev/vdb" } }), "/dev/vda1 /dev/vdb")
  end },
  { "found lists what would change", function()
    fake.equal(table.concat(devices.found("linux /vmlinuz root=/dev/xvda1 resume=/dev/xvdb2 x=/dev/vda1", devices.renames(XVDA)), " "), "/dev/xvda1")
  end },

  { "names under virtio, in the domain's order", function()
    fake.equal(disk_names({ "xvdb", "xvda" }, "virtio", "sd", "xen"), "/dev/xvdb>/dev/vda /dev/xvda>/dev/vdb")
  end },
  { "a guest of Xen with hda may know it by three names", function()
    fake.equal(disk_names({ "hda" }, "virtio", "sd", "xen"), "/dev/hda>/dev/vda /dev/sda>/dev/vda /dev/xvda>/dev/vda")
  end },
  { "but not by that of another disk", function()
    fake.equal(disk_names({ "hda" }, "ide", "sd", "kvm"), "/dev/sda>/dev/sda")
    fake.equal(disk_names({ "hda" }, "ide", "hd", "kvm"), "/dev/hda>/dev/hda /dev/sda>/dev/hda")
    fake.equal(disk_names({ "hda", "xvda" }, "virtio", "sd", "xen"), "/dev/hda>/dev/vda /dev/sda>/dev/vda /dev/xvda>/dev/vdb")
  end },
  { "old kernels call IDE disks hda", function()
    fake.equal(disk_names({ "xvda" }, "ide", "hd", "xen"), "/dev/xvda>/dev/hda")
    fake.equal(disk_names({ "xvda" }, "ide", "sd", "xen"), "/dev/xvda>/dev/sda")
  end },
  { "disks on several controllers share one row of names", function()
    fake.equal(disk_names({ "sda:scsi", "hda:ide" }, "virtio", "sd", "xen"), "/dev/sdb>/dev/vda /dev/sda>/dev/vdb /dev/hda>/dev/vdb /dev/xvda>/dev/vdb")
    fake.equal(disk_names({ "sda", "hda" }, "virtio", "sd", "vmware"), "/dev/sdb>/dev/vda /dev/sda>/dev/vdb /dev/hda>/dev/vdb")
    fake.equal(disk_names({ "hda:ide", "hdb:ide", "sdc:sata", "sda:scsi", "sdb:usb", "vda:virtio" }, "virtio", "sd", "kvm"),
      "/dev/sda>/dev/vda /dev/sdb>/dev/vdb /dev/sdc>/dev/vdc /dev/sdd>/dev/vdd /dev/sde>/dev/vde /dev/vda>/dev/vdf")
  end },
  { "but not where IDE has names of its own", function()
    fake.equal(disk_names({ "sda:scsi", "hda:ide" }, "virtio", "hd", "vmware"), "/dev/sda>/dev/vda /dev/hda>/dev/vdb")
  end },
  { "nor on one controller", function()
    fake.equal(disk_names({ "sdb:scsi", "sda:scsi" }, "virtio", "sd", "vmware"), "/dev/sdb>/dev/vda /dev/sda>/dev/vdb")
  end },
  { "a disk alone may have any name", function()
    fake.equal(disk_names({ "sda" }, "virtio", "sd", nil),
      "/dev/sda>/dev/vda /dev/hda>/dev/vda /dev/xvda>/dev/vda /dev/vda>/dev/vda /dev/nvme0n1>/dev/vda /dev/cciss/c0d0>/dev/vda")
    fake.equal(disk_names({ "sda" }, "virtio", "sd", "xen"), "/dev/sda>/dev/vda /dev/xvda>/dev/vda")
  end },
  { "names of NVMe disks", function()
    fake.equal(disk_names({ "nvme0n1:nvme", "nvme1n1:nvme", "sda:sata" }, "virtio", "sd", "vmware"), "/dev/nvme0n1>/dev/vda /dev/nvme1n1>/dev/vdb /dev/sda>/dev/vdc")
  end },
  { "the 27th disk", function()
    local many = {}
    for i = 1, 28 do many[i] = "d" .. i end
    fake.equal(disk_names(many, "virtio", "sd", "kvm"):match("/dev/d28>%S+"), "/dev/d28>/dev/vdab")
  end },
  { "an unknown bus", function()
    fake.fails("the names of disks on the bus floppy under the target are not known", function() disk_names({ "xvda" }, "floppy", "sd", "xen") end)
  end },

  { "partitions, with the types of a GPT", function()
    fake.setup({}, {})
    local tables = { ["/dev/sda"] = "gpt", ["/dev/sdb"] = "msdos", ["/dev/sdc"] = "mac" }
    guest.list_partitions = function() return { "/dev/sda1", "/dev/sda2", "/dev/sdb1", "/dev/sdb2", "/dev/sdc1" } end
    guest.part_to_dev = function(device) return device:sub(1, 8) end
    guest.part_to_partnum = function(device) return tonumber(device:sub(9)) end
    guest.part_get_parttype = function(disk) return tables[disk] end
    guest.part_get_gpt_type = function(_, number) return number == 1 and "C12A7328-F81F-11D2-BA4B-00A0C93EC93B" or "0FC63DAF-8483-4772-8E79-3D69D8477DE4" end
    guest.part_get_mbr_id = function(_, number) return number == 1 and 0xef or 0x83 end
    local list = {}
    for _, record in ipairs(partitions.partitions()) do list[#list + 1] = ("%s %d %s"):format(record.device, record.number, record.type) end
    fake.equal(table.concat(list, "\n"), [[
/dev/sda1 1 c12a7328-f81f-11d2-ba4b-00a0c93ec93b
/dev/sda2 2 0fc63daf-8483-4772-8e79-3d69d8477de4
/dev/sdb1 1 c12a7328-f81f-11d2-ba4b-00a0c93ec93b
/dev/sdb2 2 nil
/dev/sdc1 1 nil]])
  end },

  { "fstab: the first field and the options, and no comment", function()
    local guest = fake.setup { ["/etc/fstab"] = "# / was /dev/xvda1\n/dev/xvda1\t/ ext4 x=/dev/xvda1 0 1\n#/dev/xvda3 /old ext4\n  /dev/xvda2 none swap\n\n" }
    fake.converges(guest, function() remap.fstab(XVDA) end)
    fake.equal(guest.files["/etc/fstab"],
      "# / was /dev/xvda1\n/dev/vda1\t/ ext4 x=/dev/vda1 0 1\n#/dev/xvda3 /old ext4\n  /dev/vda2 none swap\n\n")
  end },
  { "fstab: options with devices, journals and units; not places and not files", function()
    local guest = fake.setup { ["/etc/fstab"] = [[
/dev/sdb1 /data ext4 defaults,x-systemd.requires=dev-sdb2.device,x-systemd.after=dev-sdc.device 0 2
LABEL=pool /pool btrfs noauto,device=/dev/sdb1,device=/dev/sdb2 0 0
LABEL=db /srv/sdb1 ext4 noauto,journal_path=/dev/sdb2,x-systemd.requires-mounts-for=/srv/dev-sdb1 0 0
LABEL=x /x xfs logdev=/dev/sdb3,rtdev=/dev/sdb4 0 0
/srv/dev/sdb1.img /loop ext4 loop=/dev/loop0 0 0
/dev/sdb1:/dev/sdb2 /many bcachefs defaults 0 0
tmpfs /tmp tmpfs size=10%,comment=/dev/sdb1 0 0
/dev/sdb2 none swap sw,x-systemd.before=dev-disk-by\x2did-ata\x2dQ_1.device
]] }
    local list = { { old = "/dev/sdb", new = "/dev/vdb" }, { old = "/dev/disk/by-id/ata-Q_1", new = "/dev/vdb" } }
    fake.converges(guest, function() remap.fstab(list) end)
    fake.equal(guest.files["/etc/fstab"], [[
/dev/vdb1 /data ext4 defaults,x-systemd.requires=dev-vdb2.device,x-systemd.after=dev-sdc.device 0 2
LABEL=pool /pool btrfs noauto,device=/dev/vdb1,device=/dev/vdb2 0 0
LABEL=db /srv/sdb1 ext4 noauto,journal_path=/dev/vdb2,x-systemd.requires-mounts-for=/srv/dev-sdb1 0 0
LABEL=x /x xfs logdev=/dev/vdb3,rtdev=/dev/vdb4 0 0
/srv/dev/sdb1.img /loop ext4 loop=/dev/loop0 0 0
/dev/vdb1:/dev/vdb2 /many bcachefs defaults 0 0
tmpfs /tmp tmpfs size=10%,comment=/dev/sdb1 0 0
/dev/vdb2 none swap sw,x-systemd.before=dev-vdb.device
]])
  end },
  { "crypttab: a key on a disk", function()
    local guest = fake.setup { ["/etc/crypttab"] = "a UUID=1 /dev/sdb1:/keys/a:5 luks,keyscript=passdev\nb UUID=2 /key:/dev/sdb1 luks\nc /dev/sdb2 - tmp,header=/dev/sdb3\n" }
    fake.converges(guest, function() remap.crypttab { { old = "/dev/sdb", new = "/dev/vdb" } } end)
    fake.equal(guest.files["/etc/crypttab"],
      "a UUID=1 /dev/vdb1:/keys/a:5 luks,keyscript=passdev\nb UUID=2 /key:/dev/vdb1 luks\nc /dev/vdb2 - tmp,header=/dev/vdb3\n")
  end },
  { "crypttab: the second field", function()
    local guest = fake.setup { ["/etc/crypttab"] = "# xvda\nswap /dev/xvda2 /dev/urandom swap" }
    fake.converges(guest, function() remap.crypttab(XVDA) end)
    fake.equal(guest.files["/etc/crypttab"], "# xvda\nswap /dev/vda2 /dev/urandom swap")
  end },
  { "resume settings", function()
    local guest = fake.setup { ["/etc/initramfs-tools/conf.d/resume"] = "RESUME=/dev/xvda2\n" }
    fake.converges(guest, function() remap.resume(XVDA) end)
    fake.equal(guest.files["/etc/initramfs-tools/conf.d/resume"], "RESUME=/dev/vda2\n")
  end },
  { "defaults of the boot loader, once when one is a link to another", function()
    local guest = fake.setup { ["/etc/default/grub"] = "#X=/dev/xvda1\nGRUB_CMDLINE_LINUX=\"root=/dev/xvda1 resume=/dev/xvda2\"\n",
      ["/etc/sysconfig/grub"] = { link = "../default/grub" } }
    fake.converges(guest, function() remap.boot_defaults(XVDA) end)
    fake.equal(guest.files["/etc/default/grub"], "#X=/dev/xvda1\nGRUB_CMDLINE_LINUX=\"root=/dev/vda1 resume=/dev/vda2\"\n")
    fake.equal(guest.files["/etc/sysconfig/grub"].link, "../default/grub")
  end },
  { "boot files: grub.cfg, device.map, entries, and the environment block in its size", function()
    local environment = "# GRUB Environment Block\nkernelopts=root=/dev/xvda1 ro\n"
    environment = environment .. ("#"):rep(1024 - #environment)
    local guest = fake.setup({
      ["/boot/grub2/grub.cfg"] = "# /dev/xvda1\n\tlinux /vmlinuz root=/dev/xvda1\n", ["/boot/grub2/device.map"] = "(hd0)\t/dev/xvda\n",
      ["/boot/grub2/grubenv"] = environment, ["/boot/grub2/fonts.cfg"] = "/dev/xvda1\n",
      ["/boot/loader/entries/a.conf"] = "options root=/dev/xvda1\n",
    }, { disk_name = { { old = "/dev/xvda", new = "/dev/vda", disk = "xvda" } } })
    fake.fails("/boot/grub2/grub.cfg names /dev/xvda1", remap.check)
    fake.converges(guest, function() remap.boot_files(XVDA) end)
    remap.check()
    fake.equal(guest.files["/boot/grub2/grub.cfg"], "# /dev/xvda1\n\tlinux /vmlinuz root=/dev/vda1\n")
    fake.equal(guest.files["/boot/grub2/device.map"], "(hd0)\t/dev/vda\n")
    fake.equal(#guest.files["/boot/grub2/grubenv"], 1024)
    fake.equal(guest.files["/boot/grub2/grubenv"]:match("kernelopts=[^\n]*"), "kernelopts=root=/dev/vda1 ro")
    fake.equal(guest.files["/boot/loader/entries/a.conf"], "options root=/dev/vda1\n")
    fake.equal(guest.files["/boot/grub2/fonts.cfg"], "/dev/xvda1\n")
  end },
  { "boot files: GRUB legacy, where Debian's settings look like comments", function()
    local guest = fake.setup { ["/boot/grub/menu.lst"] = "# kopt=root=/dev/xvda1 ro\n# root=/dev/xvda1\nkernel /vmlinuz root=/dev/xvda1\n" }
    fake.converges(guest, function() remap.boot_files(XVDA) end)
    fake.equal(guest.files["/boot/grub/menu.lst"], "# kopt=root=/dev/vda1 ro\n# root=/dev/xvda1\nkernel /vmlinuz root=/dev/vda1\n")
  end },
  { "boot files: names of the appliance's disks, after a generator ran there", function()
    local given = { disk = { { target = "xvdb" }, { target = "xvda" } },
      disk_name = { { old = "/dev/xvdb", new = "/dev/vda", disk = "xvdb" }, { old = "/dev/xvda", new = "/dev/vdb", disk = "xvda" } },
      appliance_disk = { { target = "xvdb", name = "/dev/sda" }, { target = "xvda", name = "/dev/sdb" } } }
    local guest = fake.setup({ ["/boot/grub/grub.cfg"] = "linux /vmlinuz root=/dev/sda1 data=/dev/sdb1\n" }, given, { update_bootloader = { {} } })
    fake.fails("names /dev/sda1", remap.check)
    fake.converges(guest, function() remap.boot_files(given.disk_name) end)
    fake.equal(guest.files["/boot/grub/grub.cfg"], "linux /vmlinuz root=/dev/vda1 data=/dev/vdb1\n")
    remap.check()
  end },
  { "boot files: generated anew where names of the appliance's disks could be mistaken for old ones", function()
    local given = { bootloader = { kind = "grub2", config = "/boot/grub/grub.cfg", update = "/usr/sbin/update-grub" }, source = { firmware = "bios" },
      disk_name = { { old = "/dev/sdb", new = "/dev/sda", disk = "sdb" }, { old = "/dev/sda", new = "/dev/sdb", disk = "sda" } },
      appliance_disk = { { target = "sdb", name = "/dev/sda" }, { target = "sda", name = "/dev/sdb" } } }
    local guest = fake.setup({ ["/boot/grub/grub.cfg"] = "linux /vmlinuz root=/dev/sda1 resume=/dev/sdb2\n", ["/boot/grub/device.map"] = "(hd0)\t/dev/sdb\n" },
      given, { update_bootloader = { {} } })
    remap.boot_files(given.disk_name)
    fake.equal(guest.files["/boot/grub/grub.cfg"], "linux /vmlinuz root=/dev/sda1 resume=/dev/sdb2\n")
    fake.equal(guest.files["/boot/grub/device.map"], "(hd0)\t/dev/sda\n")
  end },
  { "boot files: a name that a disk has under the target stays", function()
    fake.setup({ ["/boot/grub/grub.cfg"] = "linux /vmlinuz root=/dev/sdb1\n" },
      { disk_name = { { old = "/dev/sda", new = "/dev/sdb", disk = "sda" }, { old = "/dev/sdb", new = "/dev/sda", disk = "sdb" } } })
    remap.check()
  end },
}
