-- SPDX-License-Identifier: GPL-2.0-or-later
local fake = require "fake"
local forms = require "lib.disk_forms"
local leftover_names = require "lib.leftover_names"
local places = require "disks.places"
local remaining = require "probe.remaining"
local udev = require "disks.udev"

local LIST = { { old = "/dev/sda", new = "/dev/vda", disk = "sda" }, { old = "/dev/sdb", new = "/dev/vdb", disk = "sdb" } }
local RENAMES = { ["/dev/sda"] = "/dev/vda", ["/dev/sdb"] = "/dev/vdb" }
local STARTS = { ["/dev/sd"] = "/dev/vd" }

-- The file PATH after all that is known was mended, in a guest with FILES, which is asked what would remain before.
local function mended(files, list, facts)
  facts = facts or {}
  facts.disk_name = facts.disk_name or list or LIST
  local guest = fake.setup(files, facts)
  fake.converges(guest, function() places.remap(list or LIST) end)
  return guest.files
end

local function names(files, facts)
  facts = facts or {}
  facts.disk_name = facts.disk_name or LIST
  fake.setup(files, facts)
  return remaining.look().remaining.names
end

-- What a search finds once all is done.
local function after() return places.remaining(leftover_names.search(places.words()), false) end

return {
  { "a unit is called after a device", function()
    fake.equal(forms.escape("/dev/disk/by-id/scsi-3600-part1"), "dev-disk-by\\x2did-scsi\\x2d3600\\x2dpart1")
    for old, new in pairs {
      ["dev-sdb2.device"] = "dev-vdb2.device", ["After=dev-sda.device dev-sdb1.swap"] = "After=dev-vda.device dev-vdb1.swap",
      ["systemd-fsck@dev-sdb1.service"] = "systemd-fsck@dev-vdb1.service", ["/etc/x/dev-sdb2.device.d/a"] = "/etc/x/dev-vdb2.device.d/a",
      ["dev-sdba.device"] = "dev-sdba.device", ["my-dev-sdb.device"] = "my-dev-sdb.device", ["dev-sdb2.devices"] = "dev-sdb2.devices",
      ["dev-sdb\\x2dold.device"] = "dev-sdb\\x2dold.device", ["mnt-sdb1.mount"] = "mnt-sdb1.mount",
      ["echo x >/sys/block/sdb/queue/y"] = "echo x >/sys/block/vdb/queue/y", ["block/sda/queue/scheduler = none"] = "block/vda/queue/scheduler = none",
      ["/sys/class/block/sdb1/size"] = "/sys/class/block/vdb1/size", ["unblock/sda"] = "unblock/sda", ["block/sdaa"] = "block/sdaa",
    } do
      fake.equal(forms.rename(old, RENAMES), new)
      fake.equal(#forms.found(old, RENAMES) > 0, old ~= new, old)
    end
    fake.equal(forms.rename("dev-disk-by\\x2did-ata\\x2dQ.1\\x2dpart2.device", { ["/dev/disk/by-id/ata-Q.1"] = "/dev/vdc" }), "dev-vdc2.device")
  end },

  { "units for mounts and swap, with their names, links and further settings", function()
    local system = "/etc/systemd/system/"
    local files = mended {
      [system .. "srv-data.mount"] = "[Unit]\n# /dev/sdb1\nBindsTo=dev-sdb1.device\n[Mount]\nWhat=/dev/sdb1\nWhere=/srv/data\n",
      [system .. "dev-sda2.swap"] = "[Swap]\nWhat=/dev/sda2\n",
      [system .. "swap.target.wants/dev-sda2.swap"] = { link = "/etc/systemd/system/dev-sda2.swap" },
      [system .. "swap.target.requires/main.swap"] = { link = "../dev-sda2.swap" },
      [system .. "dev-sdb2.device.d/wait.conf"] = "[Unit]\nJobTimeoutSec=5\n",
      [system .. "dev-sda2.swap.d/more.conf"] = "[Unit]\nAfter=dev-sda3.device\n",
      [system .. "mkfs@.service"] = "[Service]\nExecStart=/sbin/mkfs /dev/%I\n",
      [system .. "x.target.wants/mkfs@dev-sdb3.service"] = { link = "../mkfs@.service" },
    }
    fake.equal(files[system .. "srv-data.mount"], "[Unit]\n# /dev/sdb1\nBindsTo=dev-vdb1.device\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv/data\n")
    fake.equal(files[system .. "dev-vda2.swap"], "[Swap]\nWhat=/dev/vda2\n")
    fake.equal(files[system .. "swap.target.wants/dev-vda2.swap"].link, "/etc/systemd/system/dev-vda2.swap")
    fake.equal(files[system .. "swap.target.requires/main.swap"].link, "../dev-vda2.swap")
    fake.equal(files[system .. "dev-vdb2.device.d/wait.conf"], "[Unit]\nJobTimeoutSec=5\n")
    fake.equal(files[system .. "dev-vda2.swap.d/more.conf"], "[Unit]\nAfter=dev-vda3.device\n")
    fake.equal(files[system .. "x.target.wants/mkfs@dev-vdb3.service"].link, "../mkfs@.service")
    for path in pairs(files) do fake.equal(path:match("dev%-sd"), nil, path) end
  end },
  { "units that take each other's names", function()
    local system = "/etc/systemd/system/"
    local guest = fake.setup({
      [system .. "dev-sda2.swap"] = "What=/dev/sda2\n", [system .. "dev-sdb2.swap"] = "What=/dev/sdb2\n",
      [system .. "swap.target.wants/dev-sda2.swap"] = { link = "../dev-sda2.swap" },
      [system .. "swap.target.wants/dev-sdb2.swap"] = { link = "../dev-sdb2.swap" },
    })
    places.remap { { old = "/dev/sda", new = "/dev/sdb" }, { old = "/dev/sdb", new = "/dev/sda" } }
    fake.equal(guest.files[system .. "dev-sdb2.swap"], "What=/dev/sdb2\n")
    fake.equal(guest.files[system .. "dev-sda2.swap"], "What=/dev/sda2\n")
    fake.equal(guest.files[system .. "swap.target.wants/dev-sda2.swap"].link, "../dev-sda2.swap")
    fake.equal(guest.files[system .. "swap.target.wants/dev-sdb2.swap"].link, "../dev-sdb2.swap")
    fake.equal(guest.files[system .. "dev-sda2.swap.v2v"], nil)
  end },
  { "a unit whose new name is taken stays, with a warning", function()
    local system = "/etc/systemd/system/"
    local guest = fake.setup { [system .. "dev-sda2.swap"] = "a\n", [system .. "dev-vda2.swap"] = "b\n" }
    places.remap(LIST)
    fake.equal(guest.files[system .. "dev-vda2.swap"], "b\n")
    fake.equal(guest.files[system .. "dev-sda2.swap"], "a\n")
    fake.equal(#guest.warnings, 1)
  end },

  { "maps of autofs, tables of cron, scripts, sysfs, targets of iSCSI, OSDs of ceph, raw devices of a data base", function()
    for path, content in pairs {
      ["/etc/auto.misc"] = "disk -fstype=ext4,ro :/dev/sdb1\n", ["/etc/autofs/auto.x"] = "* :/dev/sdb1\n", ["/etc/auto.master.d/a.autofs"] = "/x file:/dev/sdb1\n",
      ["/etc/cron.d/trim"] = "0 1 * * * root hdparm -y /dev/sdb\n", ["/etc/rc.local"] = "blockdev --setra 4096 /dev/sdb\n",
      ["/etc/sysfs.conf"] = "block/sdb/queue/scheduler = none\n", ["/etc/tmpfiles.d/io.conf"] = "w /sys/block/sdb/queue/scheduler - - - - none\n",
      ["/etc/target/saveconfig.json"] = '{ "dev": "/dev/sdb1" }\n', ["/etc/tgt/conf.d/a.conf"] = "backing-store /dev/sdb1\n",
      ["/etc/ceph/osd/0-a.json"] = '{"data": {"path": "/dev/sdb1"}}\n', ["/etc/my.cnf"] = "innodb_data_file_path=/dev/sdb1:3Gnewraw;/dev/sdb2:2Gnewraw\n",
      ["/etc/quotatab"] = "/dev/sdb1:Home\n", ["/etc/conf.d/dmcrypt"] = "source='/dev/sdb1'\n", ["/etc/systemd/zram-generator.conf"] = "writeback-device = /dev/sdb1\n",
      ["/etc/grub.d/40_custom"] = "  linux /vmlinuz root=/dev/sdb1\n", ["/etc/sysconfig/sbd"] = 'SBD_DEVICE="/dev/sdb1;/dev/sdb2"\n',
      ["/etc/security/pam_mount.conf.xml"] = '<volume path="/dev/sdb1" />\n', ["/etc/dumpdates"] = "/dev/sdb1 0 Mon Jan  1\n",
      ["/var/spool/cron/root"] = "1 1 * * * smartctl -a /dev/sdb\n", ["/etc/default/hdd"] = "DISK=/dev/sdb\n",
    } do
      fake.equal(mended({ [path] = content })[path], (content:gsub("sdb", "vdb")), path)
      fake.equal(names { [path] = content }, nil, path)
      fake.equal(#after() > 0, path:sub(1, 5) == "/etc/", path .. " is found before it is mended")
    end
  end },
  { "comments, copies, larger words and other machines' files stay", function()
    local files = { ["/etc/default/x"] = "# /dev/sdb1\n ; /dev/sdb1\n", ["/etc/default/x.bak"] = "/dev/sdb1\n", ["/etc/default/y~"] = "/dev/sdb1\n",
      ["/etc/default/z.dpkg-old"] = "/dev/sdb1\n", ["/etc/default/w"] = "/dev/sdbc /srv/dev/sdb1\n", ["/etc/lvm/backup/vg"] = 'device = "/dev/sdb1" # Hint only\n',
      ["/etc/lvm/lvm.conf"] = 'filter = [ "r|/dev/sdb|", "a|.*|" ]\n', ["/etc/mtab"] = "/dev/sdb1 / ext4 rw 0 0\n",
      ["/etc/blkid/blkid.tab"] = "<device>/dev/sdb1</device>\n" }
    local guest = fake.setup(files, { disk_name = LIST })
    places.remap(LIST)
    fake.equal(guest.changes, 0)
    fake.equal(#after(), 0)
  end },
  { "DRBD: this host's disks and no other's", function()
    local content = "resource r0 {\n  disk /dev/sdb1;\n  on alpha { disk /dev/sdb2; }\n  on beta {\n    disk /dev/sdb2;\n  }\n  floating 192.0.2.1:7789 { disk /dev/sdb3; }\n}\n"
    local path = "/etc/drbd.d/r0.res"
    local wanted = "resource r0 {\n  disk /dev/vdb1;\n  on alpha { disk /dev/vdb2; }\n  on beta {\n    disk /dev/sdb2;\n  }\n  floating 192.0.2.1:7789 { disk /dev/sdb3; }\n}\n"
    fake.equal(mended({ [path] = content }, nil, { inspection = { hostname = "alpha.example.org" } })[path], wanted)
    fake.equal(names({ [path] = content }, { inspection = { hostname = "alpha" } }), "/etc/drbd.d/r0.res (/dev/sdb2, /dev/sdb3)")
  end },
  { "ASM's order of disks", function()
    local path = "/etc/sysconfig/oracleasm-_dev_oracleasm"
    fake.equal(mended({ [path] = 'A=1\nORACLEASM_SCANORDER="dm sd /dev/sdb sda1" # x\nORACLEASM_SCANEXCLUDE="sdz"\n' })[path],
      'A=1\nORACLEASM_SCANORDER="dm vd /dev/vdb vda1" # x\nORACLEASM_SCANEXCLUDE="sdz"\n')
  end },
  { "SUSE's raw devices", function()
    fake.equal(mended({ ["/etc/raw"] = "# raw1:sda1\nraw1:sdb1\nraw2:sdc1\n" })["/etc/raw"], "# raw1:sda1\nraw1:vdb1\nraw2:sdc1\n")
  end },
  { "what Debian's packages have asked", function()
    local path = "/var/cache/debconf/config.dat"
    fake.equal(mended({ [path] = "Name: grub-pc/install_devices\nTemplate: grub-pc/install_devices\nValue: /dev/sda, /dev/sdb\nVariables:\n CHOICES = /dev/sda\n" })[path],
      "Name: grub-pc/install_devices\nTemplate: grub-pc/install_devices\nValue: /dev/vda, /dev/vdb\nVariables:\n CHOICES = /dev/sda\n")
  end },

  { "rules of udev by kernel names", function()
    local path = "/etc/udev/rules.d/60-raw.rules"
    fake.equal(mended({ [path] = [[
# KERNEL=="sdb"
KERNEL=="sdb", SUBSYSTEM=="block", OWNER="grid"
KERNEL=="sd?1", SUBSYSTEM=="block", OWNER="grid"
KERNEL!="sd*", GOTO="end"
KERNEL=="sda|sdb[12]|dm-*", RUN+="/bin/raw /dev/raw/raw1 /dev/sdb1"
ENV{DEVNAME}=="/dev/sdb1", MODE="0660"
ENV{DEVNAME}=="/dev/sd[ab]", MODE="0660"
KERNEL=="sdc1|hda", MODE="0660"
]] })[path], [[
# KERNEL=="sdb"
KERNEL=="vdb", SUBSYSTEM=="block", OWNER="grid"
KERNEL=="sd?1|vd?1", SUBSYSTEM=="block", OWNER="grid"
KERNEL!="sd*|vd*", GOTO="end"
KERNEL=="vda|vdb[12]|dm-*", RUN+="/bin/raw /dev/raw/raw1 /dev/vdb1"
ENV{DEVNAME}=="/dev/vdb1", MODE="0660"
ENV{DEVNAME}=="/dev/sd[ab]|/dev/vd[ab]", MODE="0660"
KERNEL=="sdc1|hda", MODE="0660"
]])
  end },
  { "rules of udev by numbers and places are told of", function()
    local function by(rule)
      fake.setup({ ["/etc/udev/rules.d/99-asm.rules"] = rule .. "\n", ["/etc/udev/rules.d/70-persistent-cd.rules"] =
        'SUBSYSTEM=="block", ENV{ID_CDROM}=="?*", ENV{ID_PATH}=="pci-0000:00:07.1", SYMLINK+="cdrom"\n' })
      local records = remaining.look().disk_rule
      return records[1] and records[1].path .. ": " .. records[1].by
    end
    fake.equal(by 'KERNEL=="sd?1", PROGRAM=="/usr/lib/udev/scsi_id -g -u -d /dev/$parent", RESULT=="36000c29", \\\n SYMLINK+="asm/d1"',
      "/etc/udev/rules.d/99-asm.rules: scsi_id")
    fake.equal(by 'SUBSYSTEM=="block", ENV{ID_SERIAL}=="36000", ENV{ID_PATH}=="pci-0000:03:00.0-scsi-0:0:1:0", OWNER="grid"',
      "/etc/udev/rules.d/99-asm.rules: ID_PATH, ID_SERIAL")
    fake.equal(by 'SUBSYSTEM=="block", ENV{DM_UUID}=="mpath-3600*", SYMLINK+="oracle/d1"', "/etc/udev/rules.d/99-asm.rules: DM_UUID")
    fake.equal(by 'SUBSYSTEM=="block", ENV{ID_SERIAL}=="?*", SYMLINK+="disk/by-x/$env{ID_SERIAL}"', nil)
    fake.equal(by '# SUBSYSTEM=="block", ENV{ID_SERIAL}=="3600", OWNER="grid"', nil)
    fake.equal(by 'SUBSYSTEM=="block", ENV{ID_SERIAL}=="3600", ATTR{queue/scheduler}="none"', nil)
    fake.equal(by 'SUBSYSTEM=="tty", ENV{ID_SERIAL}=="3600", SYMLINK+="modem"', nil)
    fake.equal(by 'SUBSYSTEM=="net", ENV{ID_PATH}=="pci-0", NAME="lan"', nil)
  end },

  { "what no rule changes is told of: paths, units, directories of sysfs, links, and kernel names where disks are watched", function()
    fake.equal(names { ["/etc/backup/run.sh"] = "#!/bin/sh\ntar /dev/sdb1 # /dev/sda\n# /dev/sda\n", ["/etc/x/y"] = "dev-sda2.device /sys/block/sdb\n",
      ["/etc/z"] = { link = "/dev/sdb3" }, ["/etc/telegraf/telegraf.conf"] = 'devices = ["sda", "sdb1"]\n', ["/etc/words"] = "sda sdb\n" },
      "/etc/backup/run.sh (/dev/sdb1), /etc/telegraf/telegraf.conf (sda, sdb1), /etc/x/y (block/sdb, dev-sda2.device), /etc/z (/dev/sdb3)")
    fake.equal(names { ["/etc/zfs/zpool.cache"] = "\0\1path\0\0\0/dev/sdb1\0\0" }, "/etc/zfs/zpool.cache (/dev/sdb1)")
  end },
  { "a search that was cut", function()
    fake.setup({ ["/etc/a"] = "/dev/sda\n" }, { disk_name = LIST })
    local search = guest.search
    guest.search = function(...)
      local list = search(...)
      list.cut = true
      return list
    end
    fake.equal(remaining.look().remaining.names, "/etc/a (/dev/sda), and perhaps others: there were too many to look at")
  end },
  { "many files are counted", function()
    local files = {}
    for i = 1, 25 do files[("/etc/my/%02d"):format(i)] = "/dev/sda" end
    fake.equal(names(files):match("/etc/my/20 %(/dev/sda%), (.*)$"), "and 5 more files")
  end },
  { "a name that another disk gets is none of a missing device", function()
    local swapped = { { old = "/dev/sda", new = "/dev/sdb", disk = "sda" }, { old = "/dev/sdb", new = "/dev/sda", disk = "sdb" } }
    fake.equal(names({ ["/etc/my"] = "/dev/sda /dev/sdb\n" }, { disk_name = swapped }), nil)
  end },
  { "a device that only the old host had", function()
    local function facts() return { disk_name = {}, lost_device = { { name = "/dev/ptp_hyperv", what = "clock" } } } end
    fake.equal(names({ ["/etc/sysconfig/phc2sys"] = 'OPTIONS="-s /dev/ptp_hyperv -c CLOCK_REALTIME"\n', ["/etc/a"] = "/dev/ptp_hyperv2\n" }, facts()),
      "/etc/sysconfig/phc2sys (/dev/ptp_hyperv)")
    fake.equal(names({ ["/etc/chrony.conf"] = "refclock PHC /dev/ptp_hyperv\n" }, facts()), nil)
  end },
  { "drivers of the old machine, but not where others see to them", function()
    local function facts() return { disk_name = {}, unneeded_driver = { { name = "vmxnet3" }, { name = "hv_netvsc" } } } end
    fake.equal(names({ ["/etc/rc.local"] = "modprobe vmxnet3\n# hv_netvsc\nvmxnet3x hv_netvsc-old\n", ["/etc/modprobe.d/a.conf"] = "options vmxnet3\n",
      ["/etc/netplan/a.yaml"] = "driver: hv_netvsc\n", ["/etc/vmware-x/a"] = "vmxnet3\n", ["/etc/init.d/vmtools"] = "vmxnet3\n", ["/etc/fstab"] = ".host:/ /a vmxnet3\n",
      ["/etc/systemd/system/a.mount"] = "Type=vmxnet3\n" }, facts()), "/etc/rc.local (vmxnet3)")
  end },
  { "afterwards, only what was not told of before", function()
    local guest = fake.setup({ ["/etc/a"] = "/dev/sda1\n", ["/etc/default/b"] = "/dev/sdb1\n" },
      { disk_name = LIST, remaining_name = { { path = "/etc/a", name = "/dev/sda1" } } })
    places.check()
    fake.equal(#guest.warnings, 1)
    fake.equal(guest.warnings[1]:match("/etc/default/b %(/dev/sdb1%)") ~= nil and guest.warnings[1]:match("/etc/a") == nil, true)
    guest.files["/etc/default/b"] = "/dev/vdb1\n"
    places.check()
    fake.equal(#guest.warnings, 1)
  end },
  { "udev: nothing twice", function()
    local once = udev.mend('KERNEL=="sd*|vd*"\n', RENAMES, STARTS)
    fake.equal(once, 'KERNEL=="sd*|vd*"\n')
  end },
}
