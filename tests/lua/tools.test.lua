-- SPDX-License-Identifier: GPL-2.0-or-later
local fake = require "fake"
local leftovers = require "tools.leftovers"
local mounts = require "tools.mounts"
local services = require "tools.services"
local modules = require "tools.modules"
local repositories = require "tools.repositories"
local xorg = require "tools.xorg"
local vmware = require "tools.vmware"
local virtualbox = require "tools.virtualbox"
local parallels = require "tools.parallels"
local citrix = require "tools.citrix"
local rpm = require "packages.rpm"
local dpkg = require "packages.dpkg"

local function drivers(names)
  local list = {}
  for name in names:gmatch("%S+") do list[#list + 1] = { driver = name, kernel = "1" } end
  return list
end

local VMWARE = { { what = "vmhgfs" }, { what = "vmhgfs-fuse" }, { what = ".host:" } }
local REPOSITORIES = { { host = "packages.vmware.com" } }

return {
  { "mounts: in each way that they can be written, and what is mounted from them", function()
    local guest = fake.setup { ["/etc/fstab"] = "/dev/sda1 / ext4 defaults 0 1\n.host:/ /mnt/hgfs/ vmhgfs defaults 0 0\n"
      .. "vmhgfs-fuse\t/mnt/a fuse allow_other 0 0\n.host:/b /mnt/b fuse.vmhgfs-fuse nofail 0 0\nvmhgfs-fuse#.host:/c /mnt/c fuse defaults 0 0\n"
      .. "/mnt/hgfs/projects /srv none bind 0 0\n/mnt/hgfsx /x none bind 0 0\n# .host:/ /mnt/old vmhgfs defaults 0 0\nhost:/vmhgfs /nfs nfs ro 0 0\n"
      .. "sshfs#me@there: /mnt/d fuse defaults 0 0\n" }
    fake.converges(guest, function() mounts.disable(VMWARE) end)
    fake.equal(guest.files["/etc/fstab"], "/dev/sda1 / ext4 defaults 0 1\n#.host:/ /mnt/hgfs/ vmhgfs defaults 0 0\n"
      .. "#vmhgfs-fuse\t/mnt/a fuse allow_other 0 0\n#.host:/b /mnt/b fuse.vmhgfs-fuse nofail 0 0\n#vmhgfs-fuse#.host:/c /mnt/c fuse defaults 0 0\n"
      .. "#/mnt/hgfs/projects /srv none bind 0 0\n/mnt/hgfsx /x none bind 0 0\n# .host:/ /mnt/old vmhgfs defaults 0 0\nhost:/vmhgfs /nfs nfs ro 0 0\n"
      .. "sshfs#me@there: /mnt/d fuse defaults 0 0\n")
  end },
  { "mounts: units", function()
    local system = "/etc/systemd/system/"
    local guest = fake.setup {
      [system .. "mnt-hgfs.mount"] = "[Mount]\nWhat=.host:/\nWhere=/mnt/hgfs\nType=fuse.vmhgfs-fuse\n",
      [system .. "srv.mount"] = "[Mount]\nWhat=/dev/sdb1\nWhere=/srv\nType=ext4\n",
      [system .. "multi-user.target.wants/mnt-hgfs.mount"] = { link = system .. "mnt-hgfs.mount" },
      [system .. "remote-fs.target.requires/mnt-hgfs.automount"] = { link = system .. "mnt-hgfs.automount" },
      [system .. "multi-user.target.wants/srv.mount"] = { link = system .. "srv.mount" },
    }
    fake.converges(guest, function() mounts.disable(VMWARE) end)
    fake.equal(guest.files[system .. "multi-user.target.wants/mnt-hgfs.mount"], nil)
    fake.equal(guest.files[system .. "remote-fs.target.requires/mnt-hgfs.automount"], nil)
    fake.equal(guest.files[system .. "multi-user.target.wants/srv.mount"].link, system .. "srv.mount")
    fake.equal(guest.files[system .. "mnt-hgfs.mount"] ~= nil, true)
  end },

  { "services: of systemd and of start scripts", function()
    local system = "/etc/systemd/system/"
    local guest = fake.setup {
      [system .. "multi-user.target.wants/open-vm-tools.service"] = { link = "/lib/systemd/system/open-vm-tools.service" },
      [system .. "multi-user.target.wants/ssh.service"] = { link = "/lib/systemd/system/ssh.service" },
      [system .. "vmtoolsd.service"] = { link = "/lib/systemd/system/open-vm-tools.service" },
      [system .. "open-vm-tools.service.requires/vgauth.service"] = { link = "/lib/systemd/system/vgauth.service" },
      [system .. "sshd.service"] = { link = "/lib/systemd/system/ssh.service" },
      [system .. "vgauthd.service"] = { link = "/dev/null" },
      ["/etc/rc.d/rc3.d/S03vmware-tools"] = { link = "../init.d/vmware-tools" },
      ["/etc/rc.d/rc0.d/K08vmware-tools"] = { link = "../init.d/vmware-tools" },
      ["/etc/rc.d/rc3.d/S04vmware-tools-of-mine"] = { link = "../init.d/vmware-tools-of-mine" },
    }
    fake.converges(guest, function() services.disable { { name = "open-vm-tools" }, { name = "vgauthd" }, { name = "vmware-tools" } } end)
    fake.equal(guest.files[system .. "multi-user.target.wants/open-vm-tools.service"], nil)
    fake.equal(guest.files[system .. "vmtoolsd.service"], nil)
    fake.equal(guest.files[system .. "open-vm-tools.service.requires/vgauth.service"], nil)
    fake.equal(guest.files[system .. "sshd.service"] ~= nil, true)
    fake.equal(guest.files[system .. "vgauthd.service"].link, "/dev/null")
    fake.equal(guest.files[system .. "multi-user.target.wants/ssh.service"] ~= nil, true)
    fake.equal(guest.files["/etc/rc.d/rc3.d/S03vmware-tools"], nil)
    fake.equal(guest.files["/etc/rc.d/rc0.d/K08vmware-tools"], nil)
    fake.equal(guest.files["/etc/rc.d/rc3.d/S04vmware-tools-of-mine"] ~= nil, true)
  end },

  { "modules: lists and settings", function()
    local guest = fake.setup({
      ["/etc/modules"] = "# vmxnet\nloop\nvmxnet\nvmw-balloon\n",
      ["/etc/modules-load.d/open-vm-tools.conf"] = "fuse\nvmw_vmci\n",
      ["/etc/modprobe.d/vm.conf"] = "options vmxnet disable_lro=1\nalias eth0 vmxnet3\nblacklist vmxnet\nalias net-pf-10 off\noptions loop max_loop=8\ninstall vmci /bin/true\n",
      ["/etc/sysconfig/kernel"] = 'MODULES_LOADED_ON_BOOT="fuse vmxnet"\nINITRD_MODULES="vmxnet"\n',
    }, { initramfs = { tool = "dracut" } })
    fake.converges(guest, function() modules.forget(drivers "vmxnet vmxnet3 vmw_balloon vmw_vmci vmci") end)
    fake.equal(guest.files["/etc/modules"], "# vmxnet\nloop\n")
    fake.equal(guest.files["/etc/modules-load.d/open-vm-tools.conf"], "fuse\n")
    fake.equal(guest.files["/etc/modprobe.d/vm.conf"], "blacklist vmxnet\nalias net-pf-10 off\noptions loop max_loop=8\n")
    fake.equal(guest.files["/etc/sysconfig/kernel"], 'MODULES_LOADED_ON_BOOT="fuse"\nINITRD_MODULES="vmxnet"\n')
  end },
  { "modules: the watchdog that a daemon loads", function()
    local guest = fake.setup { ["/etc/default/watchdog"] = 'run_watchdog=1\nwatchdog_module="xen-wdt"\n' }
    fake.converges(guest, function() modules.forget(drivers "xen_wdt") end)
    fake.equal(guest.files["/etc/default/watchdog"], 'run_watchdog=1\nwatchdog_module="none"\n')
  end },
  { "modules: aliases that decide what mkinitrd includes are its own business", function()
    local guest = fake.setup({ ["/etc/modprobe.conf"] = "alias eth0 vmxnet\nalias scsi_hostadapter pvscsi\noptions vmxnet x=1\n" },
      { initramfs = { tool = "mkinitrd" } })
    modules.forget(drivers "vmxnet pvscsi")
    fake.equal(guest.files["/etc/modprobe.conf"], "alias eth0 vmxnet\nalias scsi_hostadapter pvscsi\n")
  end },

  { "repositories: of yum and zypper", function()
    local guest = fake.setup {
      ["/etc/yum.repos.d/vmware.repo"] = "[vmware-tools]\nname=VMware Tools\nbaseurl=http://packages.vmware.com/tools/esx/5.1/rhel6/x86_64\nenabled=1\ngpgcheck=1\n\n"
        .. "[second]\nbaseurl = http://mirror.example.com/a\n  https://me:secret@packages.vmware.com:443/b\n\n[base]\nbaseurl=http://mirror.centos.org/packages.vmware.com/\nenabled=1\n\n"
        .. "[off]\nbaseurl=http://packages.vmware.com/c\nenabled=0\n\n[comment]\n#baseurl=http://packages.vmware.com/d\nbaseurl=http://notpackages.vmware.com/\n",
      ["/etc/zypp/repos.d/vmware.repo"] = "[vmware]\nenabled=1\nbaseurl=http://packages.vmware.com/tools/esx/5.1/sles11.2/x86_64/\n",
    }
    fake.converges(guest, function() repositories.repo_files(REPOSITORIES) end)
    fake.equal(guest.files["/etc/yum.repos.d/vmware.repo"],
      "[vmware-tools]\nname=VMware Tools\nbaseurl=http://packages.vmware.com/tools/esx/5.1/rhel6/x86_64\nenabled=0\ngpgcheck=1\n\n"
      .. "[second]\nenabled=0\nbaseurl = http://mirror.example.com/a\n  https://me:secret@packages.vmware.com:443/b\n\n[base]\nbaseurl=http://mirror.centos.org/packages.vmware.com/\nenabled=1\n\n"
      .. "[off]\nbaseurl=http://packages.vmware.com/c\nenabled=0\n\n[comment]\n#baseurl=http://packages.vmware.com/d\nbaseurl=http://notpackages.vmware.com/\n")
    fake.equal(guest.files["/etc/zypp/repos.d/vmware.repo"], "[vmware]\nenabled=0\nbaseurl=http://packages.vmware.com/tools/esx/5.1/sles11.2/x86_64/\n")
  end },
  { "repositories: of apt", function()
    local guest = fake.setup {
      ["/etc/apt/sources.list"] = "deb http://mirror.example.org/debian bookworm main\n#deb http://packages.vmware.com/tools/esx/latest/ubuntu precise main\n",
      ["/etc/apt/sources.list.d/vmware-tools.list"] = "deb [arch=amd64] http://packages.vmware.com/tools/esx/latest/ubuntu precise main\n",
      ["/etc/apt/sources.list.d/v.sources"] = "# packages.vmware.com\nTypes: deb\nURIs: http://mirror.example.org/debian\n https://packages.vmware.com/x\nSuites: a\n\n"
        .. "Types: deb\nURIs: http://packages.vmware.com/y\nEnabled: yes\n\nEnabled: no\nURIs: http://packages.vmware.com/z\n\nTypes: deb\nURIs: http://mirror.example.org/debian\n",
    }
    fake.converges(guest, function() repositories.apt(REPOSITORIES) end)
    fake.equal(guest.files["/etc/apt/sources.list"], "deb http://mirror.example.org/debian bookworm main\n#deb http://packages.vmware.com/tools/esx/latest/ubuntu precise main\n")
    fake.equal(guest.files["/etc/apt/sources.list.d/vmware-tools.list"], "# deb [arch=amd64] http://packages.vmware.com/tools/esx/latest/ubuntu precise main\n")
    fake.equal(guest.files["/etc/apt/sources.list.d/v.sources"],
      "# packages.vmware.com\nEnabled: no\nTypes: deb\nURIs: http://mirror.example.org/debian\n https://packages.vmware.com/x\nSuites: a\n\n"
      .. "Types: deb\nURIs: http://packages.vmware.com/y\nEnabled: no\n\nEnabled: no\nURIs: http://packages.vmware.com/z\n\nTypes: deb\nURIs: http://mirror.example.org/debian\n")
  end },

  { "X: a screen and a mouse of VMware", function()
    local xorg_conf = 'Section "InputDevice"\n  Identifier "m"\n  Driver "vmmouse"\n  Option "Device" "/dev/input/mice"\nEndSection\n'
      .. 'Section "Device"\n  BusID "PCI:0:15:0"\n  Identifier "card"\n  Driver      "VMware" # ours\nEndSection\n'
      .. 'Section "Device"\n  Driver "nvidia"\n  BusID "PCI:1:0:0"\nEndSection\n# Driver "vmware"\n'
    local guest = fake.setup { ["/etc/X11/xorg.conf"] = xorg_conf }
    fake.converges(guest, function() xorg.replace(drivers "vmware vmmouse") end)
    fake.equal(guest.files["/etc/X11/xorg.conf"],
      'Section "InputDevice"\n  Identifier "m"\n  Driver "mouse"\n  Option "Device" "/dev/input/mice"\nEndSection\n'
      .. 'Section "Device"\n  Identifier "card"\n  Driver      "vesa" # ours\nEndSection\n'
      .. 'Section "Device"\n  Driver "nvidia"\n  BusID "PCI:1:0:0"\nEndSection\n# Driver "vmware"\n')
  end },
  { "X: a newer server knows the kernel's own driver", function()
    local guest = fake.setup { ["/etc/X11/xorg.conf.d/20-vmware.conf"] = 'Section "Device"\nDriver "vmware"\nEndSection\n',
      ["/usr/lib64/xorg/modules/drivers/modesetting_drv.so"] = "" }
    fake.converges(guest, function() xorg.replace(drivers "vmware") end)
    fake.equal(guest.files["/etc/X11/xorg.conf.d/20-vmware.conf"], 'Section "Device"\nDriver "modesetting"\nEndSection\n')
  end },

  { "blocks: whole ones go, one without an end stays", function()
    local guest = fake.setup { ["/a"] = "1\n# begin\n2\n# end\n3\n# begin\n4\n# end\n", ["/b"] = "1\n# begin\n2\n" }
    fake.converges(guest, function() leftovers.blocks("/a", "# begin", "# end") end)
    leftovers.blocks("/b", "# begin", "# end")
    fake.equal(guest.files["/a"], "1\n3\n")
    fake.equal(guest.files["/b"], "1\n# begin\n2\n")
  end },
  { "a list of files names no place but a plain one", function()
    local guest = fake.setup { ["/etc/passwd"] = "", ["/usr/lib/x"] = "", ["/opt/y/z"] = "" }
    leftovers.files { "/usr/lib/../../etc/passwd", "etc/passwd", "//etc/passwd", "/usr/lib", "/", "" }
    fake.equal(guest.changes, 0)
    leftovers.files { "/usr/lib/x", "/gone" }
    leftovers.empty_directories { "/opt/y", "/opt" }
    fake.equal(guest.files["/usr/lib/x"], nil)
    fake.equal(guest.changes, 1)
  end },

  { "VMware's archive: by its list, what it replaced comes back, what was changed is kept", function()
    local guest = fake.setup {
      ["/etc/vmware-tools/locations"] = "answer BINDIR /usr/bin\nfile /usr/bin/vmware-toolbox-cmd\nfile /etc/vmware-tools/tools.conf 100\nfile /etc/vmware-tools/services.sh 100\n"
        .. "file /usr/bin/mine\nremove_file /usr/bin/mine\ndirectory /usr/lib/vmware-tools\nfile /usr/lib/vmware-tools/a b.so 100\n"
        .. "file /etc/init.d/vmware-tools 100\nanswer RESTORE_XORG /etc/X11/xorg.conf\nanswer RESTORE_XORG_BAK /etc/X11/xorg.conf.BeforeVMwareToolsInstall\n"
        .. "answer RESTORE_RAMDISK_CMD update-initramfs\nanswer RESTORE_MODULES /etc/modules\nanswer RESTORE_MODULES_BAK /etc/modules.BeforeVMwareToolsInstall\n"
        .. "answer RESTORE_OLD /etc/old\nanswer RESTORE_OLD_BAK /etc/old.BeforeVMwareToolsInstall\nremove_answer RESTORE_OLD_BAK\nanswer APPENDED_FILES /etc/added\n",
      ["/etc/vmware-tools/not_configured"] = "", ["/etc/vmware-tools/scripts/mine"] = "mine",
      ["/usr/bin/vmware-toolbox-cmd"] = "", ["/usr/bin/mine"] = "", ["/usr/lib/vmware-tools/a b.so"] = "",
      ["/etc/vmware-tools/tools.conf"] = "changed", ["/etc/vmware-tools/services.sh"] = "", ["/etc/init.d/vmware-tools"] = "",
      ["/etc/rc3.d/S03vmware-tools"] = { link = "../init.d/vmware-tools" },
      ["/etc/X11/xorg.conf"] = "vmware", ["/etc/X11/xorg.conf.BeforeVMwareToolsInstall"] = "before",
      ["/etc/modules"] = "loop\n", ["/etc/modules.BeforeVMwareToolsInstall"] = "loop\n",
      ["/etc/old"] = "1", ["/etc/old.BeforeVMwareToolsInstall"] = "2",
      ["/etc/added"] = "1\n# Beginning of the block added by the VMware software - DO NOT EDIT\n2\n# End of the block added by the VMware software\n",
      ["/etc/fstab"] = "/dev/sda1 / ext4 defaults 0 1\n# Beginning of the block added by the VMware software\n.host:/ /mnt/hgfs vmhgfs defaults,ttl=5 0 0\n# End of the block added by the VMware software\n",
    }
    for _, path in ipairs { "/etc/vmware-tools/services.sh", "/usr/lib/vmware-tools/a b.so", "/etc/init.d/vmware-tools" } do guest.times[path] = 100 end
    guest.times["/etc/vmware-tools/tools.conf"] = 200
    fake.converges(guest, vmware.remove)
    local paths = {}
    for path, content in pairs(guest.files) do paths[#paths + 1] = path .. "=" .. content end
    table.sort(paths)
    fake.equal(table.concat(paths, "\n"), "/etc/X11/xorg.conf.AfterVMwareToolsInstall=vmware\n/etc/X11/xorg.conf=before\n/etc/added=1\n\n"
      .. "/etc/fstab=/dev/sda1 / ext4 defaults 0 1\n\n/etc/modules=loop\n\n/etc/old.BeforeVMwareToolsInstall=2\n/etc/old=1\n"
      .. "/etc/vmware-tools/scripts/mine=mine\n/etc/vmware-tools/tools.conf.old.0=changed\n/usr/bin/mine=")
    fake.equal(#guest.commands, 0)
  end },

  { "VirtualBox's installer: its list, what leads to its directory, its modules, and nobody else's", function()
    local opt = "/opt/VBoxGuestAdditions-6.1.0/"
    local guest = fake.setup {
      ["/var/lib/VBoxGuestAdditions/config"] = "# installation record\nINSTALL_DIR='/opt/VBoxGuestAdditions-6.1.0'\nUNINSTALLER='uninstall.sh'\n",
      ["/var/lib/VBoxGuestAdditions/filelist"] = opt .. "bin/VBoxControl\n" .. opt .. "bin/\n" .. opt .. "\n/usr/lib/VBoxOGL.so\n/etc/\nrelative\n",
      [opt .. "bin/VBoxControl"] = "", [opt .. "uninstall.sh"] = "", [opt .. "init/vboxadd"] = "",
      ["/usr/bin/VBoxControl"] = { link = opt .. "bin/VBoxControl" }, ["/usr/bin/vim"] = { link = "/etc/alternatives/vim" },
      ["/usr/lib/VBoxGuestAdditions"] = { link = opt .. "lib/VBoxGuestAdditions" }, ["/usr/lib/VBoxOGL.so"] = "",
      ["/etc/init.d/vboxadd"] = { link = opt .. "init/vboxadd" }, ["/etc/init.d/ssh"] = "",
      ["/lib/systemd/system/vboxadd.service"] = "", ["/lib/systemd/system/ssh.service"] = "",
      ["/lib/modules/5.10.0-9-amd64/misc/vboxguest.ko"] = "", ["/lib/modules/5.10.0-9-amd64/misc/mine.ko"] = "",
      ["/usr/src/vboxguest-6.1.0/Makefile"] = "", ["/usr/src/vboxguest-notes/a"] = "mine", ["/opt/VBoxGuestAdditions.mine/a"] = "mine",
    }
    fake.converges(guest, virtualbox.remove)
    local paths = {}
    for path in pairs(guest.files) do paths[#paths + 1] = path end
    table.sort(paths)
    fake.equal(table.concat(paths, "\n"), "/etc/init.d/ssh\n/lib/modules/5.10.0-9-amd64/misc/mine.ko\n/lib/systemd/system/ssh.service\n"
      .. "/opt/VBoxGuestAdditions.mine/a\n/usr/bin/vim\n/usr/src/vboxguest-notes/a")
    fake.equal(#guest.commands, 0)
  end },
  { "VirtualBox's installer: a record that names another directory is not believed", function()
    local guest = fake.setup { ["/var/lib/VBoxGuestAdditions/config"] = "INSTALL_DIR='/usr'\n", ["/usr/a"] = "", ["/usr/bin/b"] = { link = "/usr/a" } }
    virtualbox.remove()
    fake.equal(guest.files["/usr/a"], "")
    fake.equal(guest.files["/usr/bin/b"].link, "/usr/a")
  end },

  { "Parallels' installer is run with a limit, and what it leaves goes", function()
    local guest = fake.setup { ["/usr/lib/parallels-tools/install"] = "", ["/var/lib/parallels-tools/.backup/.kmods.list"] = "/lib/modules/1/extra/prl_tg.ko\n",
      ["/lib/modules/1/extra/prl_tg.ko"] = "", ["/lib/modules/1/extra/mine.ko"] = "", ["/etc/modprobe.d/blacklist-parallels.conf"] = "", ["/usr/bin/prlmine"] = "" }
    fake.converges(guest, parallels.remove)
    fake.equal(guest.commands[1]:match("sh [^\n]*$"), "sh 180 /usr/lib/parallels-tools/install -r")
    fake.equal(#guest.commands, 1)
    fake.equal(#guest.warnings, 0)
    local paths = {}
    for path in pairs(guest.files) do paths[#paths + 1] = path end
    table.sort(paths)
    fake.equal(table.concat(paths, "\n"), "/lib/modules/1/extra/mine.ko\n/usr/bin/prlmine")
  end },
  { "Parallels' installer may fail: what it had put aside is kept", function()
    local guest = fake.setup { ["/usr/lib/parallels-tools/install"] = "", ["/var/lib/parallels-tools/.backup/libglx.so"] = "before" }
    guest.failing["sh -c"] = "it was killed"
    fake.converges(guest, parallels.remove)
    fake.equal(guest.warnings[1]:match("^[^:]*"), "/usr/lib/parallels-tools/install -r did not remove Parallels Tools")
    fake.equal(guest.files["/usr/lib/parallels-tools/install"], nil)
    fake.equal(guest.files["/var/lib/parallels-tools/.backup/libglx.so"], "before")
  end },
  { "Parallels' tools without an installer go by name", function()
    local guest = fake.setup { ["/usr/lib/parallels-tools/version"] = "", ["/usr/bin/prlcc"] = "" }
    fake.converges(guest, parallels.remove)
    fake.equal(#guest.commands, 0)
    fake.equal(next(guest.files), nil)
  end },

  { "Citrix: all logins come back, but for those that are there", function()
    local guest = fake.setup { ["/etc/inittab"] = "id:3:initdefault:\n#1:2345:respawn:/sbin/mingetty tty1\n#2:2345:respawn:/sbin/mingetty tty2\n"
      .. "# a word on logins\n# 3:2345:respawn:/sbin/mingetty tty3\n#4:2345:respawn:/usr/bin/mine\n#5:2345:respawn:/sbin/getty 38400 tty5\n"
      .. "6:2345:respawn:/sbin/mingetty tty6\n#6:2345:respawn:/sbin/mingetty tty6\n#7:2345:respawn:/sbin/mingetty tty7\n" }
    fake.converges(guest, citrix.inittab)
    fake.equal(guest.files["/etc/inittab"], "id:3:initdefault:\n1:2345:respawn:/sbin/mingetty tty1\n2:2345:respawn:/sbin/mingetty tty2\n"
      .. "# a word on logins\n3:2345:respawn:/sbin/mingetty tty3\n#4:2345:respawn:/usr/bin/mine\n5:2345:respawn:/sbin/getty 38400 tty5\n"
      .. "6:2345:respawn:/sbin/mingetty tty6\n#6:2345:respawn:/sbin/mingetty tty6\n#7:2345:respawn:/sbin/mingetty tty7\n")
  end },
  { "Citrix: files of the archive", function()
    local guest = fake.setup { ["/usr/sbin/xe-daemon"] = "", ["/etc/init.d/xe-linux-distribution"] = "", ["/usr/sbin/xe-mine"] = "",
      ["/etc/udev/rules.d/z10_xen-vcpu-hotplug.rules"] = "" }
    fake.converges(guest, citrix.remove)
    fake.equal(guest.files["/usr/sbin/xe-daemon"], nil)
    fake.equal(guest.files["/etc/init.d/xe-linux-distribution"], nil)
    fake.equal(guest.files["/etc/udev/rules.d/z10_xen-vcpu-hotplug.rules"], nil)
    fake.equal(guest.files["/usr/sbin/xe-mine"], "")
  end },

  { "dpkg: what others need stays, with a warning", function()
    local guest = fake.setup({ ["/var/lib/dpkg/status"] = "Package: open-vm-tools\nStatus: install ok installed\nVersion: 1\n\nPackage: a\nStatus: install ok installed\n" }, {})
    guest.failing["env DEBIAN_FRONTEND=noninteractive dpkg -r"] = "dpkg: dependency problems prevent removal of open-vm-tools:\n ubuntu-server depends on open-vm-tools.\n\ndpkg: error processing"
    dpkg.remove { { name = "open-vm-tools" } }
    fake.equal(guest.warnings[1]:match("^[^;]*"), "not removed: open-vm-tools, which is needed by ubuntu-server")
    fake.equal(guest.commands[2], 'sh -c printf "%s install\\n" "$@" | dpkg --set-selections sh open-vm-tools')
  end },
  { "rpm: what others need stays, with a warning, and the rest goes", function()
    local guest = fake.setup({}, {}, {}, { ["rpm -qa"] = "open-vm-tools\nopen-vm-tools-desktop\nlibvmtools0\n" })
    guest.failing["rpm -e --allmatches libvmtools0"] = "error: Failed dependencies:\n\tlibvmtools.so.0()(64bit) is needed by (installed) mine-1-1.x86_64"
    rpm.remove { { name = "open-vm-tools" }, { name = "open-vm-tools-desktop" }, { name = "libvmtools0" } }
    fake.equal(table.concat(guest.commands, "\n"), "rpm -e --allmatches libvmtools0 open-vm-tools open-vm-tools-desktop\nrpm -e --allmatches libvmtools0\n"
      .. "rpm -e --allmatches open-vm-tools\nrpm -e --allmatches open-vm-tools-desktop")
    fake.equal(guest.warnings[1]:match("^[^;]*"), "not removed: libvmtools0, which is needed by mine-1-1.x86_64")
  end },
}
