-- SPDX-License-Identifier: GPL-2.0-or-later
local fake = require "fake"
local os_probe = require "probe.os"
local packages = require "probe.packages"
local kernels = require "probe.kernels"
local bootloader = require "probe.bootloader"
local init = require "probe.init"
local services = require "probe.services"
local start = require "probe.start"

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

return {
  { "kernels on the EFI system partition, in GRUB's entries there", function()
    local directory = "/boot/efi/opensuse-tumbleweed/6.18.9-1-default/"
    local linux, initrd = "linux-" .. ("a1"):rep(20), "initrd-" .. ("b2"):rep(20)
    local function entry(name)
      return "title T\nlinux " .. directory:sub(10) .. linux .. "\ninitrd /microcode.img " .. directory:sub(10) .. name .. "\noptions quiet\n"
    end
    local files = { ["/boot/efi/EFI/opensuse/grub.cfg"] = "blscfg\n", [directory .. linux] = "", [directory .. initrd] = "x", [directory .. "initrd-0old"] = "x",
      ["/boot/efi/loader/entries/t-6.18.9-1-default-9.conf"] = entry "initrd-0old", ["/boot/efi/loader/entries/t-6.18.9-1-default-12.conf"] = entry(initrd),
      ["/lib/modules/6.18.9-1-default/vmlinuz"] = "", ["/lib/modules/6.18.9-1-default/modules.dep"] = "" }
    fake.setup(files, { os = {}, initramfs = { tool = "dracut" } })
    local loader = bootloader.bootloader("aarch64")
    fake.equal(tostring(loader.kind) .. " " .. tostring(loader.bls), "grub2 true")
    fake.setup(files, { os = {}, initramfs = { tool = "dracut" }, bootloader = loader })
    local kernel = kernels.kernels("").kernel[1]
    fake.equal(kernel.image .. " " .. kernel.initrd .. " " .. tostring(kernel.default), directory .. linux .. " " .. directory .. initrd .. " true")
  end },
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
  { "release files of every kind of system, behind a redhat-release that is there for others", function()
    local function release(name, line) return (system { ["/etc/" .. name] = line, ["/etc/redhat-release"] = line }) end
    fake.equal(release("altlinux-release", "ALT Linux 7.0.5 KDesktop (Centaurea Ruthenica)\n"), "linux altlinux 7.0.5 nil:")
    fake.equal(release("altlinux-release", "ALT Linux Sisyphus (unstable)\n"), "linux altlinux nil nil:")
    fake.equal(release("mageia-release", "Mageia release 2 (Official) for x86_64\n"), "linux mageia 2 nil:mandriva")
    fake.equal(release("mandriva-release", "Mandriva Linux release 2010.1 (Official) for i586\n"), "linux mandriva 2010.1 nil:")
    fake.equal(release("neokylin-release", "NeoKylin Linux Advanced Server release V7Update6 (Chromium)\n"), "linux neokylin 7 nil:fedora,rhel")
    fake.equal(release("x", "Circle Linux release 8.4\n"), "linux circle 8.4 nil:fedora,rhel")
    fake.equal((system { ["/etc/system-release"] = "Amazon Linux AMI release 2012.03\n" }), "linux amzn 2012.03 nil:fedora,rhel")
    fake.equal((system { ["/etc/gentoo-release"] = "Gentoo Base System release 2.0.3\n" }), "linux gentoo 2.0.3 nil:")
    fake.equal((system { ["/etc/arch-release"] = "", ["/var/lib/pacman/local/x-1-1/desc"] = "" }), "linux arch nil pacman:")
    fake.equal((system { ["/etc/alpine-release"] = "3.9.4\n", ["/lib/apk/db/installed"] = "" }), "linux alpine 3.9.4 apk:")
    fake.equal((system { ["/etc/slackware-version"] = "Slackware 13.37.0\n" }), "linux slackware 13.37.0 nil:")
    fake.equal((system { ["/etc/SuSE-release"] = "SUSE Linux Enterprise Desktop 10 (x86_64)\nVERSION = 10\nPATCHLEVEL = 4\n" }), "linux sled 10.4 nil:suse")
    fake.equal((system { ["/etc/debian_version"] = "6.0.10\n" }), "linux debian 6.0.10 nil:")
    local _, os = system { ["/etc/os-release"] = 'ID="kylin"\nVERSION_ID="V10"\n' }
    fake.equal(os.major, 10)
  end },
  { "release files that say nothing, or nothing sensible", function()
    fake.equal((system({ ["/etc/redhat-release"] = "\n" }, { type = "linux", distro = "unknown" })), "linux nil nil nil:")
    fake.equal((system({ ["/etc/redhat-release"] = "-- ?\n" }, { type = "linux" })), "linux nil nil nil:")
    fake.equal((system({ ["/etc/system-release"] = "Something else release 3\n" }, { type = "linux" })), "linux nil nil nil:")
    fake.equal((system { ["/etc/debian_version"] = "6\n", ["/etc/lsb-release"] = 'DISTRIB_ID="elementary OS"\nDISTRIB_RELEASE=0.2\n' }), "linux elementary 0.2 nil:debian")
  end },
  { "which packages, of a system that has tools of another", function()
    fake.equal((system { ["/etc/os-release"] = "ID=arch\n", ["/var/lib/dpkg/status"] = "", ["/var/lib/pacman/local/a-1-1/desc"] = "" }), "linux arch nil pacman:")
    fake.equal((system { ["/etc/os-release"] = "ID=gentoo\n", ["/var/lib/rpm/Packages"] = "", ["/var/db/pkg/a/b-1/CONTENTS"] = "" }), "linux gentoo nil portage:")
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

  { "packages of apk, pacman, Portage and XBPS", function()
    local function listed(format, files)
      fake.setup(files, { os = { package_format = format, arch = "x86_64" } })
      local out = {}
      for _, package in ipairs(packages.packages()) do out[#out + 1] = package.name .. "=" .. package.version .. (package.arch == "x86_64" and "" or "/" .. tostring(package.arch)) end
      return table.concat(out, " ")
    end
    fake.equal(listed("apk", { ["/lib/apk/db/installed"] = "C:Q1x\nP:musl\nV:1.2.4-r2\nA:noarch\nF:lib\n\nP:open-vm-tools\nV:12.3.0-r0\n\nP:broken\n" }),
      "musl=1.2.4-r2/noarch open-vm-tools=12.3.0-r0")
    fake.equal(listed("apk", { ["/usr/lib/apk/db/installed"] = "P:a\nV:1" }), "a=1")
    fake.equal(listed("pacman", { ["/var/lib/pacman/local/linux-lts-6.6.8-1/desc"] = "", ["/var/lib/pacman/local/gtk-2:1.0-3/desc"] = "",
      ["/var/lib/pacman/local/ALPM_DB_VERSION"] = "9" }), "gtk=2:1.0-3 linux-lts=6.6.8-1")
    fake.equal(listed("portage", { ["/var/db/pkg/sys-kernel/gentoo-sources-6.1.12-r1/CONTENTS"] = "", ["/var/db/pkg/app-emulation/open-vm-tools-12.3.0/CONTENTS"] = "",
      ["/var/db/pkg/x/y/CONTENTS"] = "" }), "open-vm-tools=12.3.0 gentoo-sources=6.1.12-r1")
    fake.equal(listed("xbps", { ["/var/db/xbps/pkgdb-0.38.plist"] = "<dict>\n<key>open-vm-tools</key>\n<dict>\n<key>pkgver</key>\n<string>open-vm-tools-12.3.0_1</string>\n"
      .. "<key>run_depends</key>\n<array>\n<string>glib&gt;=2.80.0_1</string></array></dict><key>pkgver</key><string>x</string>" }), "open-vm-tools=12.3.0_1")
    fake.equal(listed("xbps", {}), "")
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
    fake.equal(owner_of("5.10.82-std-def-alt1", { { name = "kernel-image-std-def", version = "5.10.82-alt1" }, { name = "kernel-image-un-def", version = "5.10.82-alt1" } }), "kernel-image-std-def")
    fake.equal(owner_of("3.10.0-1160.el7.x86_64", { { name = "kernel", version = "3.10.0-1127.el7", arch = "x86_64" } }), nil)
  end },
  { "kernels: images, initramfs, modules, configuration, the default", function()
    local V = "5.4.0-42-generic"
    fake.setup({ ["/boot/vmlinuz-" .. V] = "", ["/boot/vmlinuz-" .. V .. ".dpkg-old"] = "", ["/boot/initrd.img-" .. V] = "\x02\x21\x4C\x18block",
      ["/boot/initrd.img-" .. V .. "kdump"] = "", ["/boot/config-" .. V] = "CONFIG_XEN=y\nCONFIG_X=m\n# CONFIG_X86_XEN is not set\n",
      ["/lib/modules/" .. V .. "/modules.dep"] = "kernel/a-b.ko:\n", ["/lib/modules/" .. V .. "/kernel/a-b.ko"] = "", ["/lib/modules/" .. V .. "/modules.builtin"] = "kernel/c.ko\n",
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
  { "kernels: images that are called after a flavour", function()
    local function image(version) return ("\0"):rep(514) .. "HdrS" .. ("\0"):rep(8) .. "\0\4" .. ("\0"):rep(512 + 1024 - 528) .. version .. " (builder) #1 SMP\0" end
    fake.setup({ ["/boot/vmlinuz-linux"] = "arm", ["/boot/initramfs-linux.img"] = "\x1F\x8B", ["/boot/initramfs-linux-fallback.img"] = "",
      ["/lib/modules/6.6.7-arch1-1/pkgbase"] = "linux\n", ["/lib/modules/6.6.7-arch1-1/vmlinuz"] = "",
      ["/boot/vmlinuz-virt"] = image("6.1.2-0-virt"), ["/boot/initramfs-virt"] = "\x1F\x8B", ["/lib/modules/6.1.2-0-virt/kernel/virtio.ko.gz"] = "",
      ["/boot/vmlinuz-lts"] = "arm", ["/lib/modules/6.1.3-0-lts/a.ko"] = "", ["/boot/vmlinuz"] = image("5.0.0-own"), ["/boot/0123/5.9.1/linux"] = "", ["/boot/0123/5.9.1/initrd"] = "",
      ["/boot/grub/grub.cfg"] = "menuentry 'x' {\n linux /boot/vmlinuz-linux\n}\n" },
      { package = { { name = "linux", version = "6.6.7.arch1-1" }, { name = "linux-virt", version = "6.1.2-r0" } }, initramfs = { tool = "mkinitcpio" },
        bootloader = { kind = "grub2", config = "/boot/grub/grub.cfg" }, os = {} })
    local lines = {}
    for _, kernel in ipairs(kernels.kernels("").kernel) do
      lines[#lines + 1] = table.concat({ kernel.version, kernel.image, tostring(kernel.initrd), tostring(kernel.package), tostring(kernel.default) }, " ")
    end
    fake.equal(table.concat(lines, "\n"), "5.0.0-own /boot/vmlinuz nil nil false\n5.9.1 /boot/0123/5.9.1/linux /boot/0123/5.9.1/initrd nil false\n"
      .. "6.1.2-0-virt /boot/vmlinuz-virt /boot/initramfs-virt linux-virt false\n6.1.3-0-lts /boot/vmlinuz-lts nil nil false\n"
      .. "6.6.7-arch1-1 /boot/vmlinuz-linux /boot/initramfs-linux.img linux true")
  end },
  { "kernels: without a tool, whether the initramfs would load what is put into it", function()
    local cpio = require "lib.cpio"
    fake.setup({ ["/boot/vmlinuz-1"] = "", ["/boot/initrd-1"] = cpio.archive { { path = "sbin/udevd", content = "" } }, ["/boot/vmlinuz-2"] = "" }, { package = {}, bootloader = {}, os = {} })
    local list = kernels.kernels("").kernel
    fake.equal(tostring(list[1].udev) .. " " .. tostring(list[2].udev), "true false")
  end },
  { "kernels: which is started is not said where the menu is not known", function()
    fake.setup({ ["/boot/vmlinuz-1"] = "", ["/etc/lilo.conf"] = "image = /boot/vmlinuz-1\n" },
      { package = {}, bootloader = { kind = "lilo", config = "/etc/lilo.conf" }, os = {} })
    fake.equal(kernels.kernels("").kernel[1].default, nil)
  end },
  { "kernels: modules without an index", function()
    fake.setup({ ["/boot/vmlinuz-1"] = "", ["/lib/modules/1/kernel/x-y.ko.gz"] = "" }, { package = {}, bootloader = {}, os = {} })
    local found = kernels.kernels("")
    fake.equal(found.kernel_module[1].name, "x_y")
    fake.equal(found.kernel[1].whole, false)
  end },
  { "kernels: the one for rescue, one that is half removed, and one that is whole", function()
    local cpio = require "lib.cpio"
    local rescue = "0-rescue-0123456789abcdef0123456789abcdef"
    fake.setup({ ["/boot/vmlinuz-" .. rescue] = "", ["/boot/initramfs-" .. rescue .. ".img"] = cpio.archive {
        { path = "usr/lib/modules/5.14.0-70.el9.x86_64/kernel/drivers/block/virtio-blk.ko.xz", content = "x" },
        { path = "usr/lib/modules/5.14.0-70.el9.x86_64/modules.builtin", content = "kernel/drivers/virtio/virtio_pci.ko\n" } },
      ["/boot/vmlinuz-5.14.0-427.el9.x86_64"] = "", ["/boot/initramfs-5.14.0-427.el9.x86_64.img"] = cpio.archive { { path = "init", content = "x" } },
      ["/lib/modules/5.14.0-427.el9.x86_64/modules.dep"] = "kernel/virtio_blk.ko:\nkernel/ext4.ko:\n", ["/lib/modules/5.14.0-427.el9.x86_64/modules.order"] = "",
      ["/boot/vmlinuz-5.14.0-570.el9.x86_64"] = "", ["/lib/modules/5.14.0-570.el9.x86_64/modules.dep"] = "kernel/a.ko: kernel/b.ko\nkernel/b.ko:\nextra/c.ko: kernel/gone.ko\n",
      ["/lib/modules/5.14.0-570.el9.x86_64/kernel/a.ko"] = "", ["/lib/modules/5.14.0-570.el9.x86_64/kernel/b.ko"] = "", ["/lib/modules/5.14.0-570.el9.x86_64/extra/c.ko"] = "" },
      { package = {}, bootloader = {}, os = {}, initramfs = { tool = "dracut" } })
    local found, lines = kernels.kernels(""), {}
    for _, kernel in ipairs(found.kernel) do lines[#lines + 1] = kernel.version .. " " .. tostring(kernel.whole) .. " " .. kernel.flavour end
    fake.equal(table.concat(lines, "\n"), rescue .. " false rescue\n5.14.0-427.el9.x86_64 false plain\n5.14.0-570.el9.x86_64 true plain")
    lines = {}
    for _, module in ipairs(found.initramfs_module) do lines[#lines + 1] = module.kernel .. " " .. module.name end
    fake.equal(table.concat(lines, "\n"), rescue .. " virtio_blk\n" .. rescue .. " virtio_pci")
    lines = {}
    for _, module in ipairs(found.kernel_module) do lines[#lines + 1] = module.kernel .. " " .. module.name end
    fake.equal(table.concat(lines, "\n"), "5.14.0-570.el9.x86_64 a\n5.14.0-570.el9.x86_64 b")
  end },
  { "kernels: of a system without any modules it is not said that they are gone", function()
    fake.setup({ ["/boot/vmlinuz-6.6.13"] = "" }, { package = {}, bootloader = {}, os = {} })
    fake.equal(kernels.kernels("").kernel[1].whole, nil)
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
  { "which of several disks the machine starts from", function()
    local code, data = "GRUB" .. ("\0"):rep(506) .. "\x55\xaa", ("\0"):rep(512)
    -- DISKS: what each begins with; MOUNT: path and device, or nothing. "target starts files", one after the other.
    local function found(firmware, disks, mounts, partitions)
      local files, known = {}, { appliance_disk = {}, mount = {}, filesystem = {} }
      for number, content in ipairs(disks) do
        local device = "/dev/sd" .. ("abc"):sub(number, number)
        files[device] = content
        known.appliance_disk[number] = { target = "t" .. number, device = device, name = device }
      end
      for path, device in pairs(mounts) do known.mount[#known.mount + 1] = { path = path, device = device } end
      fake.setup(files, known)
      guest.list_partitions = function()
        local list = {}
        for name in pairs(partitions or {}) do list[#list + 1] = name end
        table.sort(list)
        return list
      end
      guest.part_to_dev = function(device) return (device:gsub("%d+$", "")) end
      guest.part_to_partnum = function(device) return math.tointeger(tonumber(device:match("%d+$"))) end
      guest.part_get_parttype = function() return "gpt" end
      guest.part_get_gpt_type = function(disk, number) return partitions[disk .. number] end
      local list = {}
      for _, record in ipairs(start.start(firmware)) do list[#list + 1] = ("%s%d %s %s"):format(record.target, record.number, record.starts, record.files) end
      return table.concat(list, ", ")
    end
    local esp, other = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", "0FC63DAF-8483-4772-8E79-3D69D8477DE4"
    fake.equal(found("bios", { code }, { ["/"] = "/dev/sda1" }), "")
    fake.equal(found("bios", { data, code }, { ["/"] = "/dev/sdb1" }), "t10 false false, t21 true true")
    fake.equal(found(nil, { data, code }, { ["/"] = "/dev/sdb1", ["/boot"] = "/dev/sda2" }), "t10 false true, t21 true false")
    fake.equal(found("bios", { code, code }, { ["/"] = "/dev/vg/root" }), "t10 true false, t21 true false")
    fake.equal(found("bios", { data, data }, { ["/"] = "/dev/sdb" }), "t10 false false, t21 false true")
    fake.equal(found("efi", { code, data }, { ["/"] = "/dev/vg/root", ["/boot/efi"] = "/dev/sdb1" }, { ["/dev/sda1"] = other, ["/dev/sdb1"] = esp, ["/dev/sdb2"] = other }),
      "t10 false false, t21 true true")
    fake.equal(found("efi", { data, data }, { ["/"] = "/dev/sda2" }, { ["/dev/sda1"] = esp, ["/dev/sdb1"] = esp }), "t10 true false, t21 true false")
  end },
}
