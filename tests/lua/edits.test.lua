-- SPDX-License-Identifier: GPL-2.0-or-later
local fake = require "fake"
local text = require "lib.text"
local names = require "network.names"
local rpm = require "packages.rpm"
local dpkg = require "packages.dpkg"
local firstboot = require "firstboot.firstboot"
local at_first_boot = require "firstboot.packages"
local relabel = require "selinux.relabel"

local KEEP = { { mac = "00:16:3e:00:00:01", name = "eth0" } }

local RPM_FACTS = {
  ["with"] = { { file = "/h/k.rpm", package = "kernel", version = "2-1", application = "kernel" }, { file = "/h/t.rpm", package = "tool", version = "1-1", application = "tool" } },
  kernel = { { version = "2-1", package = "kernel", installed = false } },
}

return {
  { "lines keep what is not edited, with or without an end", function()
    fake.equal(text.map_lines("a\n\nb", function(line) if line == "a" then return "c" end end), "c\n\nb")
    fake.equal(text.map_lines("a\nb\n", function(line) if line == "a" then return false end end), "b\n")
    fake.equal(text.map_lines("", function() return "x" end), "")
    fake.equal(text.append("a", { "b" }), "a\nb\n")
    fake.equal(#text.lines("a\n\nb\n"), 3)
    fake.equal(#text.lines("a\n\n"), 2)
  end },
  { "assignments", function()
    local values = text.assignments("A=1\n#B=2\nC=\"x y\"\nD='z'\nE=\"a\\\"b\"\n")
    fake.equal(values.A .. tostring(values.B) .. values.C .. values.D .. values.E, "1nilx yza\"b")
  end },
  { "a file that is not there is none, a directory is made once", function()
    local guest = fake.setup { ["/etc/x"] = "" }
    fake.equal(text.read("/etc/y"), nil)
    text.directory("/etc")
    fake.equal(guest.changes, 0)
    fake.converges(guest, function() text.write("/etc/z", "1") end)
    fake.equal(guest.modes["/etc/z"], 420)
  end },

  { "interfaces: a .link file", function()
    local guest = fake.setup {}
    fake.converges(guest, function() names.link(KEEP) end)
    fake.equal(guest.files["/etc/systemd/network/10-v2v-eth0.link"]:match("%[Match%].*"), "[Match]\nMACAddress=00:16:3e:00:00:01\nPath=?*\n\n[Link]\nName=eth0\n")
  end },
  { "interfaces: one that the guest has already", function()
    local guest = fake.setup { ["/etc/systemd/network/70-own.link"] = "[Match]\nMACAddress=00:16:3E:00:00:01\n[Link]\nName=eth0\n" }
    names.link(KEEP)
    fake.equal(guest.changes, 0)
  end },
  { "interfaces: rules of udev", function()
    local guest = fake.setup { ["/etc/udev/rules.d/70-persistent-net.rules"] = '# xennet\nSUBSYSTEM=="net", ATTR{address}=="00:16:3e:00:00:01", NAME="eth7"\n' }
    fake.converges(guest, function() names.rules(KEEP) end)
    fake.equal(guest.files["/etc/udev/rules.d/70-persistent-net.rules"], '# xennet\nSUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{type}=="1", ATTR{address}=="00:16:3e:00:00:01", NAME="eth0"\n')
  end },
  { "interfaces: HWADDR", function()
    local guest = fake.setup { ["/etc/sysconfig/network-scripts/ifcfg-eth0"] = "DEVICE=eth0\nHWADDR=00:00:00:00:00:00\nONBOOT=yes\n" }
    fake.converges(guest, function() names.ifcfg(KEEP) end)
    fake.equal(guest.files["/etc/sysconfig/network-scripts/ifcfg-eth0"], "DEVICE=eth0\nONBOOT=yes\nHWADDR=00:16:3E:00:00:01\n")
  end },

  { "rpm: kernels are added, others replace, and nothing of it stays behind", function()
    local guest = fake.setup({ ["/var/lib/rpm/__db.001"] = "" }, RPM_FACTS)
    rpm.add { { name = "kernel", file = "/h/k.rpm" }, { name = "tool", file = "/h/t.rpm" } }
    fake.equal(table.concat(guest.commands, "\n"), "rpm -Uvh /var/tmp/v2v-engine-packages/2-t.rpm\nrpm -ivh /var/tmp/v2v-engine-packages/1-k.rpm")
    fake.equal(next(guest.files), nil)
  end },
  { "rpm: what is installed in this version is not installed again", function()
    RPM_FACTS.package = { { name = "kernel", version = "2-1" } }
    local guest = fake.setup({}, RPM_FACTS)
    rpm.add { { name = "kernel", file = "/h/k.rpm" } }
    fake.equal(guest.changes, 0)
  end },
  { "rpm: one transaction for what is there", function()
    local guest = fake.setup({}, {}, {}, { ["rpm -qa"] = "kernel\nkernel-xen\nkernel-xen\nkmod-xenpv\n" })
    rpm.remove { { name = "kmod-xenpv" }, { name = "kernel-xen" }, { name = "gone" } }
    fake.equal(table.concat(guest.commands, "\n"), "rpm -e --allmatches kernel-xen kmod-xenpv")
    guest = fake.setup({}, {}, {}, { ["rpm -qa"] = "kernel\n" })
    rpm.remove { { name = "gone" } }
    fake.equal(guest.changes, 0)
  end },
  { "dpkg", function()
    local guest = fake.setup({ ["/var/lib/dpkg/status"] = "Package: a\nStatus: install ok installed\n\nPackage: b\nStatus: deinstall ok config-files\n" }, {})
    dpkg.remove { { name = "b" } }
    fake.equal(guest.changes, 0)
    dpkg.remove { { name = "a" }, { name = "b" } }
    fake.equal(guest.commands[1], "env DEBIAN_FRONTEND=noninteractive dpkg -r a")
    dpkg.add { { name = "c", file = "/h/c.deb" } }
    fake.equal(guest.commands[2]:match("dpkg %-.*"), "dpkg --force-confdef --force-confold -i /var/tmp/v2v-engine-packages/1-c.deb")
  end },

  { "first boot: systemd", function()
    local guest = fake.setup {}
    fake.converges(guest, function() firstboot.systemd("/h/first.sh") end)
    fake.equal(guest.files["/etc/systemd/system/multi-user.target.wants/v2v-first-boot.service"].link, "/etc/systemd/system/v2v-first-boot.service")
    fake.equal(guest.files["/var/lib/v2v-engine/first-boot"], "from the host")
  end },
  { "first boot: not again once it has run", function()
    local guest = fake.setup { ["/var/log/v2v-first-boot.log"] = "exit status 0\n" }
    firstboot.systemd("/h/first.sh")
    fake.equal(guest.changes, 0)
  end },
  { "first boot: start scripts", function()
    local guest = fake.setup { ["/etc/rc.d/rc3.d/S10network"] = "" }
    fake.converges(guest, function() firstboot.sysv("/h/first.sh") end)
    fake.equal(guest.files["/etc/rc.d/rc3.d/S99v2v-first-boot"].link, "/etc/init.d/v2v-first-boot")
    fake.setup {}
    fake.fails("no directory rc2.d", function() firstboot.sysv("/h/first.sh") end)
  end },
  { "labels are restored at boot", function()
    local guest = fake.setup {}
    fake.converges(guest, relabel.at_boot)
    fake.equal(guest.files["/.autorelabel"], "")
  end },
  { "applications at first boot: a unit of its own, beside a script that was given", function()
    local guest = fake.setup({}, { init = { system = "systemd" } })
    fake.converges(guest, function()
      firstboot.systemd("/h/script")
      at_first_boot.install("qemu-guest-agent", "apt-get -y install")
    end)
    fake.equal(guest.files["/var/lib/v2v-engine/first-boot"], "from the host")
    local script = guest.files["/var/lib/v2v-engine/install-qemu-guest-agent"]
    fake.equal(script:match("until [^\n]*"), "until apt-get -y install qemu-guest-agent; do")
    fake.equal(guest.modes["/var/lib/v2v-engine/install-qemu-guest-agent"], 448)
    fake.equal(guest.files["/etc/systemd/system/multi-user.target.wants/v2v-install-qemu-guest-agent.service"].link,
      "/etc/systemd/system/v2v-install-qemu-guest-agent.service")
  end },
  { "applications at first boot: a start script, or none", function()
    local guest = fake.setup({ ["/etc/rc.d/rc3.d/S10network"] = "" }, { init = { system = "sysv" } })
    local expand = _G.guest.glob_expand
    _G.guest.glob_expand = function(pattern) return pattern == "/etc/rc.d/rc[235].d" and { "/etc/rc.d/rc3.d/" } or expand(pattern) end
    fake.converges(guest, function() at_first_boot.install("qemu-ga", "xbps-install -S -y") end)
    fake.equal(guest.files["/etc/rc.d/rc3.d/S99v2v-install-qemu-ga"].link, "/etc/init.d/v2v-install-qemu-ga")
    guest = fake.setup({}, { init = {} })
    at_first_boot.install("qemu-ga", "x")
    fake.equal(guest.changes .. #guest.warnings, "01")
  end },
  { "labels: only what has none, at once; everything at boot where that is not known or packages came", function()
    local files = { ["/etc/selinux/config"] = "SELINUX=enforcing\n SELINUXTYPE = mls\n", ["/etc/selinux/mls/contexts/files/file_contexts"] = "x" }
    local look = "/sbin/setfiles -n -v /etc/selinux/mls/contexts/files/file_contexts"
    local said = "Would relabel /etc/a b from (null) to system_u:object_r:etc_t:s0\n"
      .. "Would relabel /etc/d from <no context> to system_u:object_r:etc_t:s0\n"
      .. "Would relabel /etc/hosts from system_u:object_r:tmp_t:s0 to system_u:object_r:etc_t:s0\n"
      .. "/sbin/setfiles reset /boot/c context system_u:object_r:unlabeled_t:s0->system_u:object_r:boot_t:s0\n"
    local guest = fake.setup(files, {}, {}, { [look] = said })
    relabel.at_once("/sbin/setfiles")
    fake.equal(table.concat(guest.commands, ";"), "/sbin/setfiles /etc/selinux/mls/contexts/files/file_contexts /etc/a b /etc/d /boot/c")
    fake.equal(guest.files["/.autorelabel"], nil)
    guest = fake.setup(files, {}, {}, { [look] = "" })
    relabel.at_once("/sbin/setfiles")
    fake.equal(guest.changes, 0)
    guest = fake.setup(files, {}, {}, { [look] = "it will relabel something\n" })
    relabel.at_once("/sbin/setfiles")
    fake.equal(#guest.commands .. tostring(guest.files["/.autorelabel"]), "0")
    files["/.autorelabel"] = nil
    guest = fake.setup(files, {}, { add_application = { { name = "x" } } }, { [look] = said })
    relabel.at_once("/sbin/setfiles")
    fake.equal(#guest.commands .. tostring(guest.files["/.autorelabel"]), "0")
    files["/.autorelabel"] = nil
    guest = fake.setup({}, {}, {}, { [look] = said })
    relabel.at_once("/sbin/setfiles")
    fake.equal(#guest.commands .. tostring(guest.files["/.autorelabel"]), "0")
  end },
  { "labels: looked for in each directory once, and where removed packages are noted", function()
    local guest = fake.setup({
      ["/etc/selinux/config"] = "SELINUX=enforcing\nSELINUXTYPE=default\n",
      ["/etc/selinux/default/contexts/files/file_contexts"] = "x",
      ["/lib"] = { link = "usr/lib" },
      ["/lib/modules/6.1/modules.dep"] = "",
      ["/usr/lib/modules/6.1/modules.dep"] = "",
      ["/var/lib/dpkg/status"] = "",
      ["/var/log/dpkg.log"] = "",
    }, {}, {}, {
      ["/sbin/setfiles -n -v /etc/selinux/default/contexts/files/file_contexts /etc /usr/lib/modules /var/lib/dpkg /var/log/dpkg.log"] =
        "Would relabel /var/lib/dpkg/status from (null) to system_u:object_r:dpkg_var_lib_t:s0\n",
    })
    relabel.at_once("/sbin/setfiles")
    fake.equal(guest.files["/.autorelabel"], nil)
    fake.equal(table.concat(guest.commands, ";"), "/sbin/setfiles /etc/selinux/default/contexts/files/file_contexts /var/lib/dpkg/status")
  end },
}
