-- SPDX-License-Identifier: GPL-2.0-or-later
-- Storage stacks: names of disks by path and by number, LVM, software RAID, kdump, multipath.
local fake = require "fake"
local devices = require "lib.devices"
local links = require "lib.links"
local names = require "probe.disk_names"
local remap = require "disks.remap"
local storage = require "disks.storage"

local BY_PATH, BY_ID = "/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:0:0", "/dev/disk/by-id/scsi-36000c29a1b2c3d4e"

local RENAMES = { { old = "/dev/sda", new = "/dev/vda" }, { old = "/dev/sdb", new = "/dev/vdb" }, { old = BY_PATH, new = "/dev/vda" }, { old = BY_ID, new = "/dev/vdb" } }

-- A guest of two disks, on which partitions have UUIDs.
local function with_uuids(files, kinds)
  local given = { disk_name = { { old = "/dev/sda", new = "/dev/vda", disk = "sda" }, { old = "/dev/sdb", new = "/dev/vdb", disk = "sdb" } },
    appliance_disk = { { target = "sda", name = "/dev/sda", device = "/dev/sda" }, { target = "sdb", name = "/dev/sdb", device = "/dev/sdb" } } }
  local state = fake.setup(files, given)
  guest.vfs_type = function(device) return (kinds[device] or ""):match("^%S*") end
  guest.vfs_uuid = function(device) return kinds[device] and kinds[device]:match("%S+$") or error("no UUID") end
  guest.list_partitions = function()
    local list = {}
    for device in pairs(kinds) do list[#list + 1] = device end
    return list
  end
  guest.list_devices = function() return { "/dev/sda", "/dev/sdb" } end
  return state
end

local function edited(path, before, run)
  local guest = fake.setup { [path] = before }
  fake.converges(guest, function() run(RENAMES) end)
  return guest.files[path]
end

-- KINDS: device in the appliance -> type of what is on it; ROOT: the guest's root there.
local function probed(files, disks, kinds, root)
  local given = { disk = disks, appliance_disk = {}, inspection = { root = root } }
  for i, disk in ipairs(disks) do given.appliance_disk[i] = { target = disk.target, device = "/dev/sd" .. string.char(109 + i) } end
  local guest = fake.setup(files, given)
  _G.guest.vfs_type = function(device) return kinds and kinds[device] or "" end
  local list = {}
  for _, record in ipairs(names.disk_names("virtio", "sd", "vmware")) do
    if record.old:match("^/dev/disk") or record.old:match("^/dev/mapper") then list[#list + 1] = record.old .. ">" .. record.new end
  end
  return table.concat(list, " "), guest
end

-- Two disks, the first for data, and a third that the guest reaches by itself.
local TWO = { { target = "sda", bus = "scsi" }, { target = "sdb", bus = "scsi" } }
local MULTIPATH = { ["/etc/multipath/bindings"] = "# alias wwid\nmpatha 36001a\nmpathb 36002b\nmpathc 36003c\n",
  ["/etc/multipath/wwids"] = "# Valid WWIDs:\n/36001a/\n/36002b/\n/36003c/\n",
  ["/etc/multipath.conf"] = "blacklist {\n wwid 36009f\n}\nmultipaths {\n multipath {\n  wwid \"36002b\"\n  alias data # mine\n }\n}\n" }

local function multipath_guest(fstab, more)
  local files = more or {}
  for path, content in pairs(MULTIPATH) do files[path] = content end
  files["/etc/fstab"] = fstab
  return files
end

return {
  { "partitions of links", function()
    local by_old = devices.renames(RENAMES)
    fake.equal(devices.rename(BY_PATH .. "-part2 " .. BY_ID .. " " .. BY_ID .. "-part10 " .. BY_ID .. "f", by_old), "/dev/vda2 /dev/vdb /dev/vdb10 " .. BY_ID .. "f")
    fake.equal(devices.rename("/dev/mapper/mpatha-part1 /dev/mapper/mpathap3 /dev/mapper/mpatha2 /dev/mapper/mpathb",
      devices.renames { { old = "/dev/mapper/mpatha", new = "/dev/vda" } }), "/dev/vda1 /dev/vda3 /dev/vda2 /dev/mapper/mpathb")
    fake.equal(devices.rename("/dev/mapper/data1_part2 /dev/mapper/data1p3 /dev/mapper/data1-home", devices.renames { { old = "/dev/mapper/data1", new = "/dev/vdb" } }),
      "/dev/vdb2 /dev/vdb3 /dev/mapper/data1-home")
    fake.equal(devices.rename("/dev/disk/by-id/dm-uuid-part2-mpath-36000c29a", devices.renames { { old = "/dev/disk/by-id/dm-uuid-mpath-36000c29a", new = "/dev/vda" } }),
      "/dev/vda2")
  end },
  { "which names are of disks, and which of what is on them", function()
    for _, name in ipairs { BY_PATH, BY_ID, "/dev/disk/by-id/ata-VMware_Virtual_1", "/dev/disk/by-id/wwn-0x6000c29", "/dev/disk/by-id/nvme-VMware_1",
      "/dev/disk/by-id/dm-uuid-mpath-3600", "/dev/mapper/mpatha" } do
      fake.equal(links.is_link(name), true, name)
    end
    for _, name in ipairs { "/dev/disk/by-uuid/0000-1111", "/dev/disk/by-label/root", "/dev/disk/by-id/dm-uuid-LVM-abc", "/dev/disk/by-id/dm-name-vg-root",
      "/dev/disk/by-id/md-uuid-0:1", "/dev/disk/by-id/lvm-pv-uuid-x", "/dev/disk/by-id/usb-Stick", "/dev/mapper/vg-root", "/dev/disk/by-path/xen-vbd-51712", "/dev/disk" } do
      fake.equal(links.is_link(name), false, name)
    end
  end },
  { "a disk alone is the one, wherever its name stands but in comments", function()
    fake.equal((probed({ ["/etc/fstab"] = "#" .. BY_ID .. "-part9 /x\n" .. BY_PATH .. "-part1 / ext4\n", ["/etc/kdump.conf"] = "raw /dev/disk/by-id/wwn-0x50-part3\n" },
      { { target = "sda", bus = "scsi" } })), "/dev/disk/by-id/wwn-0x50>/dev/vda " .. BY_PATH .. ">/dev/vda")
  end },
  { "one of several, by its number or its place", function()
    local disks = { { target = "sda", bus = "scsi", serial = "6000c29-a1b2c3d4e" }, { target = "sdb", bus = "scsi", serial = "6000c29-ffff" }, { target = "sdc", bus = "sata" } }
    fake.equal((probed({ ["/etc/fstab"] = BY_ID .. "-part1 / ext4\n/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:1:0-part1 /b xfs\n" }, disks)),
      BY_ID .. ">/dev/vda /dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:1:0>/dev/vdb")
  end },
  { "one of several that nobody knows is told, and left", function()
    local text, guest = probed({ ["/etc/fstab"] = "/dev/disk/by-id/wwn-0x5000-part1 /srv ext4\n" }, { { target = "sda", bus = "scsi" }, { target = "sdb", bus = "scsi" } })
    fake.equal(text, "")
    fake.equal(guest.warnings[1]:match("/dev/disk/by%-id/wwn%-0x5000,"), "/dev/disk/by-id/wwn-0x5000,")
  end },
  { "one of several, by what is mounted as root", function()
    fake.equal((probed({ ["/etc/fstab"] = "/dev/disk/by-id/wwn-0x5000-part1 / ext4\n" }, TWO, nil, "/dev/sdo1")), "/dev/disk/by-id/wwn-0x5000>/dev/vdb")
  end },
  { "one of several, by what a menu starts, if that is one", function()
    local id = "/dev/disk/by-id/wwn-0x5000"
    fake.equal((probed({ ["/boot/grub/menu.lst"] = "kernel /vmlinuz root=" .. id .. "-part1\nkernel /old root=" .. id .. "-part2\n" }, TWO, nil, "/dev/sdo1")), id .. ">/dev/vdb")
    fake.equal((probed({ ["/boot/grub/menu.lst"] = "kernel /vmlinuz root=/dev/sdb1\nkernel /other root=" .. id .. "-part1\n" }, TWO, nil, "/dev/sdo1")), "")
  end },
  { "a serial number that two have says nothing", function()
    fake.equal((probed({ ["/etc/fstab"] = "/dev/disk/by-id/ata-QM00001 / ext4\n" }, { { target = "sda", serial = "QM00001" }, { target = "sdb", serial = "QM00001" } })), "")
  end },

  { "multipath: root is where root is, and the rest by what is on it", function()
    fake.equal((probed(multipath_guest "/dev/mapper/mpatha2 / ext4 defaults 1 1\n/dev/mapper/data_part1 /srv xfs defaults 0 0\n#/dev/mapper/mpathc1 /x xfs\n",
      TWO, { ["/dev/sdo2"] = "ext4", ["/dev/sdn1"] = "xfs" }, "/dev/sdo2")), "/dev/mapper/data>/dev/vda /dev/mapper/mpatha>/dev/vdb")
    -- what the boot loader says counts as well, and one disk has several names
    fake.equal((probed(multipath_guest("/dev/mapper/data1 /srv xfs defaults 0 0\n/dev/mapper/mpathb1 /old xfs noauto 0 0\n",
      { ["/boot/grub/grub.cfg"] = " linux /vmlinuz root=/dev/disk/by-id/dm-uuid-part2-mpath-36001a ro\n" }), TWO, { ["/dev/sdn1"] = "xfs" }, "/dev/sdo2")),
      "/dev/disk/by-id/dm-uuid-mpath-36001a>/dev/vdb /dev/mapper/data>/dev/vda /dev/mapper/mpathb>/dev/vda")
  end },
  { "multipath: by a disk's number, whatever is on it", function()
    local disks = { { target = "sda", bus = "scsi", serial = "36002b" }, { target = "sdb", bus = "scsi", serial = "36001a" } }
    fake.equal((probed(multipath_guest "/dev/mapper/mpatha1 /a auto\n/dev/mapper/data1 /b auto\n", disks)), "/dev/mapper/data>/dev/vda /dev/mapper/mpatha>/dev/vdb")
  end },
  { "multipath: two that could be either are told, and left", function()
    local text, guest = probed(multipath_guest "/dev/mapper/mpatha1 /a xfs\n/dev/mapper/data1 /b xfs\n", TWO, { ["/dev/sdn1"] = "xfs", ["/dev/sdo1"] = "xfs" }, "/dev/vg/root")
    fake.equal(text, "")
    fake.equal(#guest.warnings, 2)
  end },
  { "multipath: a disk that the guest reaches by itself is not the one that it has", function()
    local text, guest = probed(multipath_guest "/dev/mapper/mpatha1 / ext4\n/dev/mapper/mpathc1 /san ext4 _netdev\n", { { target = "sda", bus = "scsi" } },
      { ["/dev/sdn1"] = "ext4" }, "/dev/sdn1")
    fake.equal(text, "/dev/mapper/mpatha>/dev/vda")
    fake.equal(guest.warnings[1]:match("/dev/mapper/%a+"), "/dev/mapper/mpathc")
    fake.equal((probed(multipath_guest "/dev/sda1 / ext4\n/dev/mapper/mpathc1 /san xfs _netdev\n", { { target = "sda", bus = "scsi" } }, { ["/dev/sdn1"] = "ext4" }, "/dev/sdn1")), "")
  end },
  { "multipath forgets the disks that have other names now, and no others", function()
    local guest = fake.setup(multipath_guest "")
    fake.converges(guest, function() storage.remap { { old = "/dev/mapper/mpatha", new = "/dev/vda" }, { old = "/dev/mapper/data", new = "/dev/vdb" }, { old = "/dev/sda", new = "/dev/vda" } } end)
    fake.equal(guest.files["/etc/multipath/bindings"], "# alias wwid\nmpathc 36003c\n")
    fake.equal(guest.files["/etc/multipath/wwids"], "# Valid WWIDs:\n/36003c/\n")
    fake.equal(guest.files["/etc/multipath.conf"], MULTIPATH["/etc/multipath.conf"])
  end },
  { "multipath's files hold anything", function()
    fake.equal((probed({ ["/etc/multipath/bindings"] = "mpatha\n\0 \xff\n/ /\n//\n", ["/etc/multipath/wwids"] = "//\n/\n", ["/etc/multipath.conf"] = "alias x\nwwid\nmultipath {\nalias y\n",
      ["/etc/fstab"] = "/dev/mapper/mpatha1 / ext4\n" }, { { target = "sda" } }, { ["/dev/sdn1"] = "ext4" }, "/dev/sdn1")), "/dev/mapper/mpatha>/dev/vda")
  end },

  { "fstab: a link becomes the UUID of what it led to", function()
    local guest = with_uuids({ ["/etc/fstab"] = "# " .. BY_PATH .. "-part1\n" .. BY_PATH .. "-part1 / ext4 defaults,subvol=@ 0 1\n" .. BY_ID .. "-part1\tswap swap sw\n/dev/sda3 /x xfs\n"
      .. BY_ID .. "-part4 /raid xfs\n" }, { ["/dev/sda1"] = "ext4 aa-01", ["/dev/sdb1"] = "swap bb-02", ["/dev/sda3"] = "xfs cc-03", ["/dev/sdb4"] = "linux_raid_member dd" })
    fake.converges(guest, function() remap.fstab(RENAMES) end)
    fake.equal(guest.files["/etc/fstab"], "# " .. BY_PATH .. "-part1\nUUID=aa-01 / ext4 defaults,subvol=@ 0 1\nUUID=bb-02\tswap swap sw\n/dev/vda3 /x xfs\n/dev/vdb4 /raid xfs\n")
  end },
  { "fstab: a UUID that two disks have is of no use", function()
    local guest = with_uuids({ ["/etc/fstab"] = BY_PATH .. "-part1 / ext4\n" }, { ["/dev/sda1"] = "ext4 aa-01", ["/dev/sdb1"] = "ext4 aa-01" })
    remap.fstab(RENAMES)
    fake.equal(guest.files["/etc/fstab"], "/dev/vda1 / ext4\n")
  end },
  { "fstab: a UUID that is none, of a hostile disk", function()
    local guest = with_uuids({ ["/etc/fstab"] = BY_PATH .. "-part1 / ext4\n" }, { ["/dev/sda1"] = "ext4 a\" x\n" })
    remap.fstab(RENAMES)
    fake.equal(guest.files["/etc/fstab"], "/dev/vda1 / ext4\n")
  end },
  { "fstab: btrfs keeps its subvolumes", function()
    local guest = with_uuids({ ["/etc/fstab"] = "/dev/sda2 / btrfs defaults 0 0\n/dev/sda2 /home btrfs subvol=@/home 0 0\n" }, {})
    fake.converges(guest, function() remap.fstab(RENAMES) end)
    fake.equal(guest.files["/etc/fstab"], "/dev/vda2 / btrfs defaults 0 0\n/dev/vda2 /home btrfs subvol=@/home 0 0\n")
  end },
  { "crypttab: LUKS by UUID, swap with a random key by name, and what options name", function()
    local guest = with_uuids({ ["/etc/crypttab"] = "root " .. BY_PATH .. "-part2 none luks,header=/dev/sdb1\nswap " .. BY_ID .. "-part3 /dev/urandom swap\n" },
      { ["/dev/sda2"] = "crypto_LUKS ab-12", ["/dev/sdb3"] = "swap cd-34" })
    fake.converges(guest, function() remap.crypttab(RENAMES) end)
    fake.equal(guest.files["/etc/crypttab"], "root UUID=ab-12 none luks,header=/dev/vdb1\nswap /dev/vdb3 /dev/urandom swap\n")
  end },
  { "boot files and resume: a path by UUID", function()
    local guest = with_uuids({ ["/boot/grub/grub.cfg"] = " linux /vmlinuz root=" .. BY_PATH .. "-part1 resume=/dev/sda2\n", ["/boot/grub/device.map"] = "(hd0)\t" .. BY_PATH .. "\n",
      ["/etc/initramfs-tools/conf.d/resume"] = "RESUME=" .. BY_ID .. "-part1\n", ["/etc/dracut.conf.d/resume.conf"] = "kernel_cmdline=\"resume=/dev/sda2\"\n" },
      { ["/dev/sda1"] = "ext4 aa-01", ["/dev/sdb1"] = "swap bb-02" })
    fake.converges(guest, function() remap.boot_files(RENAMES) remap.resume(RENAMES) remap.boot_defaults(RENAMES) end)
    fake.equal(guest.files["/boot/grub/grub.cfg"], " linux /vmlinuz root=/dev/disk/by-uuid/aa-01 resume=/dev/vda2\n")
    fake.equal(guest.files["/boot/grub/device.map"], "(hd0)\t/dev/vda\n")
    fake.equal(guest.files["/etc/initramfs-tools/conf.d/resume"], "RESUME=/dev/disk/by-uuid/bb-02\n")
    fake.equal(guest.files["/etc/dracut.conf.d/resume.conf"], "kernel_cmdline=\"resume=/dev/vda2\"\n")
  end },

  { "LVM's devices file: by name, and what it finds by what is on it", function()
    fake.equal(edited("/etc/lvm/devices/system.devices", "# made by /dev/sda\nVERSION=1.1.2\nIDTYPE=devname IDNAME=/dev/sda2 DEVNAME=/dev/sda2 PVID=p1\n"
      .. "IDTYPE=sys_wwid IDNAME=naa.6000c29 DEVNAME=/dev/sdb1 PVID=p2 PART=1\nIDTYPE=sys_serial IDNAME=X DEVNAME=/dev/nowhere PVID=p3\n"
      .. "IDTYPE=md_uuid IDNAME=1:2 DEVNAME=/dev/md0 PVID=p4\nIDTYPE=sys_wwid IDNAME=x DEVNAME=/dev/sda\n", storage.lvm_devices),
      "# made by /dev/sda\nVERSION=1.1.2\nIDTYPE=devname IDNAME=/dev/vda2 DEVNAME=/dev/vda2 PVID=p1\n"
      .. "IDTYPE=devname IDNAME=/dev/vdb1 DEVNAME=/dev/vdb1 PVID=p2\nIDTYPE=devname IDNAME=. DEVNAME=. PVID=p3\n"
      .. "IDTYPE=md_uuid IDNAME=1:2 DEVNAME=/dev/md0 PVID=p4\nIDTYPE=sys_wwid IDNAME=x DEVNAME=/dev/sda\n")
  end },
  { "LVM's filters: names, patterns and links, and no comment", function()
    fake.equal(edited("/etc/lvm/lvm.conf", "# filter = [ \"a|/dev/sda|\" ]\ndevices {\n\tdir = \"/dev\"\n\tfilter = [ \"a|^/dev/sda2$|\", \"a|/dev/sd.*|\",\n\t\t\"r|.*|\" ]\n"
      .. "\tglobal_filter = [ \"r|/dev/sdb|\", \"a|/dev/disk/by-id/.*|\" ] # \"a|/dev/sda|\"\n}\n", storage.lvm),
      "# filter = [ \"a|/dev/sda|\" ]\ndevices {\n\tdir = \"/dev\"\n\tfilter = [ \"a|^/dev/vda2$|\", \"a|/dev/vd.*|\", \"a|/dev/sd.*|\",\n\t\t\"r|.*|\" ]\n"
      .. "\tglobal_filter = [ \"r|/dev/sdb|\", \"a|^/dev/vd|\", \"a|/dev/disk/by-id/.*|\" ] # \"a|/dev/sda|\"\n}\n")
  end },
  { "LVM's filters: disks with numbers for names", function()
    local function filter(elements, old)
      local guest = fake.setup { ["/etc/lvm/lvm.conf"] = "filter = [ " .. elements .. ", \"r|.*|\" ]\n" }
      fake.converges(guest, function() storage.lvm { { old = old, new = "/dev/vda" } } end)
      return guest.files["/etc/lvm/lvm.conf"]:match("%[ (.*), \"r")
    end
    fake.equal(filter('"a|/dev/cciss/.*|"', "/dev/cciss/c0d0"), '"a|/dev/vd.*|", "a|/dev/cciss/.*|"')
    fake.equal(filter('"a|/dev/cciss/c0d.p2|"', "/dev/cciss/c0d0"), '"a|^/dev/vd|", "a|/dev/cciss/c0d.p2|"')
    fake.equal(filter('"a|^/dev/cciss/c0d0p2$|"', "/dev/cciss/c0d0"), '"a|^/dev/vda2$|"')
    fake.equal(filter('"a|^/dev/nvme|"', "/dev/nvme0n1"), '"a|^/dev/vd|", "a|^/dev/nvme|"')
    fake.equal(filter('"a|/dev/mapper/mpath.*|"', "/dev/sda"), '"a|^/dev/vd|", "a|/dev/mapper/mpath.*|"')
    fake.equal(filter('"a|/dev/nvme[0-9]n1p3|"', "/dev/nvme0n1"), '"a|^/dev/vd|", "a|/dev/nvme[0-9]n1p3|"')
  end },
  { "mdadm: names and patterns of DEVICE lines", function()
    fake.equal(edited("/etc/mdadm.conf", "# DEVICE /dev/sda1\nDEVICE /dev/sd*1 /dev/sda5\nARRAY /dev/md0 devices=/dev/sda1,/dev/sdb1 UUID=x\n", storage.others),
      "# DEVICE /dev/sda1\nDEVICE /dev/vd*1 /dev/sd*1 /dev/vda5\nARRAY /dev/md0 devices=/dev/vda1,/dev/vdb1 UUID=x\n")
    local numbered = fake.setup { ["/etc/mdadm.conf"] = "DEVICE /dev/cciss/* /dev/cciss/c0d*p3\n" }
    fake.converges(numbered, function() storage.others { { old = "/dev/cciss/c0d0", new = "/dev/vda" } } end)
    fake.equal(numbered.files["/etc/mdadm.conf"], "DEVICE /dev/vd* /dev/cciss/* /dev/cciss/c0d*p3\n")
    local guest = fake.setup { ["/etc/mdadm.conf"] = "DEVICE partitions\n" }
    storage.others(RENAMES)
    fake.equal(guest.changes, 0)
  end },
  { "kdump", function()
    local guest = with_uuids({ ["/etc/kdump.conf"] = "#raw /dev/sda5\nraw /dev/sda5\next4 " .. BY_PATH .. "-part3\npath /var/crash\n" }, { ["/dev/sda3"] = "ext4 cc-03" })
    fake.converges(guest, function() storage.others(RENAMES) end)
    fake.equal(guest.files["/etc/kdump.conf"], "#raw /dev/sda5\nraw /dev/vda5\next4 /dev/disk/by-uuid/cc-03\npath /var/crash\n")
  end },
  { "caches go", function()
    local guest = fake.setup { ["/etc/blkid.tab"] = "x", ["/etc/blkid/blkid.tab"] = "x", ["/etc/lvm/cache/.cache"] = "x" }
    fake.converges(guest, function() storage.remap(RENAMES) end)
    fake.equal(next(guest.files), nil)
  end },
  { "files that are links, or hold anything, are no danger", function()
    local guest = fake.setup { ["/etc/mdadm.conf"] = { link = "/etc/other" }, ["/etc/other"] = "DEVICE /dev/sda1\n", ["/etc/lvm/lvm.conf"] = "filter = [ \"a|" .. ("("):rep(1000) .. "\n\"a\0\xff\n",
      ["/etc/lvm/devices/system.devices"] = "IDTYPE=\nIDTYPE=devname PVID=\nPVID=x IDTYPE=devname\n" }
    storage.remap(RENAMES)
    fake.equal(guest.changes, 0)
  end },
}
