-- SPDX-License-Identifier: GPL-2.0-or-later
local fake = require "fake"
local os_probe = require "probe.os"
local packages = require "probe.packages"
local kernels = require "probe.kernels"
local interfaces = require "probe.interfaces"
local init = require "probe.init"
local services = require "probe.services"

-- "id version arch format : like ..."
local function system(files, inspection)
  fake.setup(files, { inspection = inspection or {} })
  local found = os_probe.os()
  local like = {}
  for _, record in ipairs(found.os_like) do like[#like + 1] = record.id end
  return ("%s %s %s %s:%s"):format(found.os.type, found.os.id, found.os.version, found.os.package_format, table.concat(like, ",")), found.os
end

local ELF = "\127ELF\2\1\1" .. ("\0"):rep(9) .. "\2\0\x3E\0"

local function owner_of(version, list)
  fake.setup({ ["/boot/vmlinuz-" .. version] = "" }, { package = list, bootloader = {}, os = {} })
  return kernels.kernels("").kernel[1].package
end

local NICS = { { mac = "00:16:3e:00:00:01" }, { mac = "00:16:3e:00:00:02" } }

local function names(files)
  fake.setup(files, { nic = NICS })
  local list = {}
  for _, record in ipairs(interfaces.interfaces()) do list[#list + 1] = tostring(record.name) .. "/" .. tostring(record.manager) end
  return table.concat(list, " ")
end

return {
  { "os-release, and the release file that knows more", function()
    local text, os = system { ["/etc/os-release"] = 'ID="centos"\nVERSION_ID="7"\nID_LIKE="rhel fedora"\nPRETTY_NAME="CentOS Linux 7 (Core)"\n',
      ["/etc/centos-release"] = "CentOS Linux release 7.9.2009 (Core)\n", ["/var/lib/rpm/Packages"] = "", ["/bin/sh"] = ELF }
    fake.equal(text, "linux centos 7.9.2009 rpm:fedora,rhel")
    fake.equal(os.major .. "." .. os.minor .. " " .. os.arch .. " " .. os.product, "7.9 x86_64 CentOS Linux 7 (Core)")
  end },
  { "a system that libguestfs does not know", function()
    fake.equal((system({ ["/usr/lib/os-release"] = 'ID=mylinux\nVERSION_ID=3\nID_LIKE="debian"\n', ["/var/lib/dpkg/status"] = "", ["/var/lib/rpm/Packages"] = "" },
      { type = "linux", distro = "unknown" })), "linux mylinux 3 deb:debian")
  end },
  { "release files before os-release", function()
    fake.equal((system { ["/etc/redhat-release"] = "CentOS release 5.11 (Final)\n" }), "linux centos 5.11 nil:fedora,rhel")
    fake.equal((system { ["/etc/redhat-release"] = "Red Hat Enterprise Linux Server release 5.3 (Tikanga)\n" }), "linux rhel 5.3 nil:fedora")
    fake.equal((system { ["/etc/redhat-release"] = "Fedora release 14 (Laughlin)\n" }), "linux fedora 14 nil:")
    fake.equal((system { ["/etc/redhat-release"] = "Springdale Linux release 6.5\n" }), "linux springdale 6.5 nil:fedora,rhel")
    fake.equal((system { ["/etc/SuSE-release"] = "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n" }), "linux sles 11.4 nil:suse")
    fake.equal((system { ["/etc/SuSE-release"] = "openSUSE 11.1 (x86_64)\nVERSION = 11.1\n" }), "linux opensuse 11.1 nil:suse")
    fake.equal((system { ["/etc/debian_version"] = "5.0.3\n" }), "linux debian 5.0.3 nil:")
    fake.equal((system { ["/etc/debian_version"] = "squeeze/sid\n", ["/etc/lsb-release"] = "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\n" }), "linux ubuntu 10.04 nil:debian")
  end },
  { "systems that are not Linux, and no system", function()
    fake.equal((system({}, { type = "windows" })), "windows nil nil nil:")
    fake.equal((system { ["/Windows/System32/config/SAM"] = "" }), "windows nil nil nil:")
    fake.equal((system({}, { type = "freebsd" })), "bsd nil nil nil:")
    fake.equal((system {}), "other nil nil nil:")
  end },
  { "SELinux", function()
    local _, os = system { ["/etc/os-release"] = "ID=rhel\n", ["/etc/selinux/config"] = "SELINUX=enforcing\n", ["/usr/sbin/load_policy"] = "" }
    fake.equal(os.selinux, true)
    _, os = system { ["/etc/os-release"] = "ID=rhel\n", ["/etc/selinux/config"] = "SELINUX=disabled\n", ["/usr/sbin/load_policy"] = "" }
    fake.equal(os.selinux, false)
    _, os = system { ["/etc/os-release"] = "ID=rhel\n" }
    fake.equal(os.selinux, false)
  end },

  { "packages of the inspection, each once", function()
    local app = { name = "bash", epoch = 1, version = "5.2", release = "3", arch = "x86_64" }
    fake.setup({}, { application = { app, app, { name = "x", version = "1" } }, os = {} })
    local list = packages.packages()
    fake.equal(#list .. " " .. list[1].version .. " " .. list[2].version, "2 1:5.2-3 1")
  end },
  { "packages of dpkg, those that are installed", function()
    fake.setup({ ["/var/lib/dpkg/status"] = "Package: a\nStatus: install ok installed\nVersion: 1:2-3\nArchitecture: amd64\nDescription: x\n y\n\n"
      .. "Package: b\nStatus: deinstall ok config-files\nVersion: 1\n\n" }, { os = { package_format = "deb" } })
    local list = packages.packages()
    fake.equal(#list .. " " .. list[1].name .. " " .. list[1].version .. " " .. list[1].arch, "1 a 1:2-3 amd64")
  end },
  { "packages of rpm", function()
    fake.setup({}, { os = { package_format = "rpm" } }, {}, { ["rpm -qa"] = "kernel (none) 2.6.18 398.el5 i686\nbind 30 9.3 1 i386\n" })
    local list = packages.packages()
    fake.equal(#list .. " " .. list[1].version .. " " .. list[2].version, "2 2.6.18-398.el5 30:9.3-1")
  end },

  { "which package owns a kernel", function()
    fake.equal(owner_of("6.1.0-18-amd64", { { name = "linux-image-amd64", version = "6.1.76-1" }, { name = "linux-image-6.1.0-18-amd64", version = "6.1.76-1" } }), "linux-image-6.1.0-18-amd64")
    fake.equal(owner_of("2.6.18-398.el5xen", { { name = "kernel", version = "2.6.18-398.el5" }, { name = "kernel-xen-devel", version = "2.6.18-398.el5" },
      { name = "kernel-xen", version = "2.6.18-398.el5" } }), "kernel-xen")
    fake.equal(owner_of("2.6.18-398.el5", { { name = "kernel-xen", version = "2.6.18-398.el5" }, { name = "kernel", version = "2.6.18-398.el5" } }), "kernel")
    fake.equal(owner_of("2.6.18-398.el5PAE", { { name = "kernel-PAE", version = "2.6.18-398.el5" }, { name = "kernel", version = "2.6.18-398.el5" } }), "kernel-PAE")
    fake.equal(owner_of("4.18.0-513.el8.x86_64", { { name = "kernel", version = "4.18.0-513.el8", arch = "x86_64" }, { name = "kernel-core", version = "4.18.0-513.el8", arch = "x86_64" },
      { name = "kernel-modules", version = "4.18.0-513.el8", arch = "x86_64" } }), "kernel-core")
    fake.equal(owner_of("4.12.14-120-default", { { name = "kernel-default", version = "4.12.14-120.1" }, { name = "kernel-default-base", version = "4.12.14-120.1" } }), "kernel-default")
    fake.equal(owner_of("3.10.0-1160.el7.x86_64", { { name = "kernel", version = "3.10.0-1127.el7", arch = "x86_64" } }), nil)
  end },
  { "kernels: images, initramfs, modules, configuration, the default", function()
    local V = "5.4.0-42-generic"
    fake.setup({ ["/boot/vmlinuz-" .. V] = "", ["/boot/vmlinuz-" .. V .. ".dpkg-old"] = "", ["/boot/initrd.img-" .. V] = "\x02\x21\x4C\x18block",
      ["/boot/initrd.img-" .. V .. "kdump"] = "", ["/boot/config-" .. V] = "CONFIG_XEN=y\nCONFIG_X=m\n# CONFIG_X86_XEN is not set\n",
      ["/lib/modules/" .. V .. "/modules.dep"] = "kernel/a-b.ko:\n", ["/lib/modules/" .. V .. "/modules.builtin"] = "kernel/c.ko\n",
      ["/boot/grub/grub.cfg"] = "set default=\"0\"\nmenuentry 'x' {\n linux /boot/vmlinuz-" .. V .. "\n}\n" },
      { package = {}, bootloader = { kind = "grub2", config = "/boot/grub/grub.cfg" }, os = { arch = "x86_64" } })
    local found = kernels.kernels("XEN X86_XEN")
    fake.equal(#found.kernel, 1)
    local kernel = found.kernel[1]
    fake.equal(kernel.initrd, "/boot/initrd.img-" .. V)
    fake.equal(kernel.appendable, false, "LZ4 before 5.10")
    fake.equal(kernel.default, true)
    fake.equal(kernel.flavour, "plain")
    fake.equal(#found.kernel_config .. found.kernel_config[1].name .. found.kernel_config[1].value, "1XENy")
    fake.equal(#found.kernel_module .. " " .. found.kernel_module[1].name .. " " .. found.kernel_module[2].name, "2 c a_b")
  end },
  { "kernels: modules without an index", function()
    fake.setup({ ["/boot/vmlinuz-1"] = "", ["/lib/modules/1/kernel/x-y.ko.gz"] = "" }, { package = {}, bootloader = {}, os = {} })
    fake.equal(kernels.kernels("").kernel_module[1].name, "x_y")
  end },

  { "interfaces: in the order of the domain", function()
    fake.equal(names { ["/etc/network/interfaces"] = "# eth1\nauto eth0\niface eth0 inet dhcp\n" }, "eth0/ifupdown eth1/nil")
  end },
  { "interfaces: names of newer systems under Xen", function()
    fake.equal(names { ["/etc/netplan/50.yaml"] = "network:\n ethernets:\n  enX0: {dhcp4: true}\n" }, "enX0/netplan eth1/nil")
  end },
  { "interfaces: bound by a rule of udev, by a .link file, by HWADDR", function()
    fake.equal(names { ["/etc/udev/rules.d/70-persistent-net.rules"] = 'SUBSYSTEM=="net", ATTR{address}=="00:16:3e:00:00:01", NAME="lan"\n' }, "lan/nil eth1/nil")
    fake.equal(names { ["/etc/systemd/network/10-a.link"] = "[Match]\nMACAddress=00:16:3E:00:00:02\n[Link]\nName=eth0\n" }, "nil/nil eth0/nil")
    fake.equal(names { ["/etc/sysconfig/network-scripts/ifcfg-eth1"] = "DEVICE=eth1\nHWADDR=00:16:3E:00:00:01\n",
      ["/etc/sysconfig/network-scripts/ifcfg-eth0"] = "DEVICE=eth0\nHWADDR=00:16:3E:00:00:02\n" }, "eth1/ifcfg eth0/ifcfg")
  end },

  { "what is started first", function()
    fake.setup { ["/lib/systemd/systemd"] = "", ["/etc/inittab"] = "" }
    fake.equal(init.init().system, "systemd")
    fake.setup { ["/sbin/initctl"] = "", ["/etc/inittab"] = "" }
    fake.equal(init.init().system, "upstart")
    fake.setup { ["/etc/inittab"] = "" }
    fake.equal(init.init().system, "sysv")
  end },
  { "services", function()
    fake.setup { ["/etc/systemd/system/multi-user.target.wants/cron.service"] = { link = "x" }, ["/etc/rc3.d/S20ssh"] = "", ["/etc/rc3.d/K20off"] = "" }
    local list = services.services()
    fake.equal(#list .. " " .. list[1].name .. " " .. list[2].name, "2 cron ssh")
  end },
}
