-- SPDX-License-Identifier: GPL-2.0-or-later
local fake = require "fake"
local interfaces = require "probe.interfaces"
local addresses = require "network.addresses"
local configured = require "network.configured"
local card_matches = require "probe.card_matches"
local fit = require "network.fit"

local A, B = "00:50:56:00:00:01", "00:50:56:00:00:02"

-- What the interfaces are called, as "NAME/MANAGER ...". GIVEN: other facts.
local function names(files, given)
  given = given or {}
  given.nic = given.nic or { { mac = A }, { mac = B } }
  given.source = given.source or {}
  given.init = given.init or { system = "systemd" }
  local guest = fake.setup(files, given)
  local list = {}
  local found = interfaces.interfaces()
  for _, record in ipairs(found.interface) do list[#list + 1] = tostring(record.name) .. "/" .. tostring(record.manager) end
  return table.concat(list, " "), guest, found
end

-- What is lost, as "HOW NAME PATH; ...".
local function lost(files, given)
  local list = {}
  local _, _, found = names(files, given)
  for _, item in ipairs(found.lost_interface) do list[#list + 1] = item.how .. " " .. item.name .. " " .. item.path end
  for _, item in ipairs(found.lost_card) do list[#list + 1] = "card " .. item.mac .. " " .. item.path end
  return table.concat(list, "; ")
end

local C = "00:50:56:00:00:03"
-- A machine with a bus of old and four ports with two functions each, as VMware's.
local SLOTS, ROWS = {}, { { model = "e1000", row = "bus" }, { model = "vmxnet3", row = "express" } }
for device = 0, 3 do
  SLOTS[#SLOTS + 1] = { slot = 32 + device, name = "ens" .. 32 + device, row = "bus", turn = device, bus = 2, device = device }
  for part = 0, 1 do
    SLOTS[#SLOTS + 1] = { slot = 1024 * part + 160 + 32 * device, name = "ens" .. 160 + 32 * device + part, row = "express", turn = 4 * part + device,
      bus = 3 + 8 * device + part, device = 0 }
  end
end

local ONE = { { mac = A } }
local STATIC = { { interface = A, name = "lan0", address = "192.0.2.7/22", gateway = "192.0.2.1", dns = "192.0.2.53 2001:db8::53" } }
local SIX = { { interface = A, name = "lan0", address = "2001:db8::7/64", gateway = "2001:db8::1" } }

-- RUN once and twice; returns the file.
local function written(files, path, run)
  local guest = fake.setup(files)
  fake.converges(guest, run)
  return guest.files[path], guest
end

return {
  { "names: bound to an address in every dialect", function()
    fake.equal(names { ["/etc/systemd/network/10-a.link"] = "[Match]\nMACAddress=00-50-56-00-00-02\n[Link]\nName=lan0\n" }, "nil/nil lan0/nil")
    fake.equal(names { ["/etc/udev/rules.d/70-persistent-net.rules"] = '#ATTR{address}=="' .. B .. '", NAME="eth9"\nATTR{address}=="' .. A .. '", NAME="eth5"\n' }, "eth5/nil nil/nil")
    fake.equal(names { ["/etc/udev/rules.d/10-cards.rules"] = 'SUBSYSTEM=="net", \\\n  ATTR{address}=="' .. A .. '", \\\n  NAME="lan5"\n' }, "lan5/nil nil/nil")
    fake.equal(names { ["/usr/lib/systemd/network/10-a.link"] = "[Match]\nPermanentMACAddress=" .. A .. "\n[Link]\nName=lan0\n" }, "lan0/nil nil/nil")
    fake.equal(names { ["/etc/iftab"] = "# a\neth3 mac " .. B .. "\neth4 mac " .. A:upper() .. " arp 1\n" }, "eth4/nil eth3/nil")
    fake.equal(names { ["/etc/mactab"] = "eth3 " .. B .. "\n" }, "nil/nil eth3/nil")
    fake.equal(names { ["/etc/default/grub"] = 'GRUB_CMDLINE_LINUX="quiet ifname=wan:' .. A:gsub(":", "-") .. '"\n' }, "wan/nil nil/nil")
    fake.equal(names { ["/etc/cloud/cloud.cfg.d/50-network.cfg"] = "network:\n  version: 1\n  config:\n  - type: physical\n    name: eth1\n    subnets:\n    - type: dhcp\n"
      .. "  - type: physical\n    mac_address: '" .. A .. "'\n    name: eth0\n" }, "eth0/nil nil/nil")
    fake.equal(names { ["/etc/sysconfig/network-scripts/ifcfg-one"] = "DEVICE=eth1\nHWADDR=" .. A .. "\n",
      ["/etc/sysconfig/network-scripts/ifcfg-two"] = "DEVICE=eth0\nHWADDR=" .. B .. "\n" }, "eth1/ifcfg eth0/ifcfg")
    fake.equal(names { ["/etc/netplan/a.yaml"] = "network:\n  ethernets:\n    first:\n      match:\n        macaddress: " .. B
      .. "\n      set-name: lan0\n    second:\n      match: {macaddress: '" .. A .. "'}\n      set-name: \"lan1\"\n  version: 2\n" }, "lan1/netplan lan0/netplan")
    fake.equal(names { ["/etc/NetworkManager/system-connections/x"] = "[connection]\ntype=ethernet\ninterface-name=lan0\n[ethernet]\nmac-address=" .. B:upper() .. "\n" },
      "nil/networkmanager lan0/networkmanager")
    fake.equal(names { ["/etc/systemd/network/a.network"] = "[Match]\nName=lan0\nMACAddress=" .. A .. "\n" }, "lan0/networkd nil/networkd")
    fake.equal(names { ["/etc/sysconfig/network/ifcfg-eth-id-" .. A] = "BOOTPROTO='dhcp'\n" }, "nil/wicked nil/wicked")
  end },
  { "names: by the slot that the machine tells", function()
    local nics = { { mac = A, slot = 224 }, { mac = B, slot = 192 } }
    fake.equal(names({ ["/etc/network/interfaces"] = "auto lo ens192\nallow-hotplug ens224\niface lo inet loopback\niface ens192 inet dhcp\niface ens224 inet dhcp\n" }, { nic = nics }),
      "ens224/ifupdown ens192/ifupdown")
    nics = { { mac = A, bus = "0x02", device = "0x01" }, { mac = B, bus = "0x00", device = "0x0a", part = "0x1" } }
    fake.equal(names({ ["/etc/netplan/a.yaml"] = "network:\n  ethernets:\n    enp0s10f1:\n      dhcp4: true\n    enp2s1: {dhcp4: true}\n" }, { nic = nics }),
      "enp2s1/netplan enp0s10f1/netplan")
  end },
  { "names: by where a hypervisor's machine puts its cards", function()
    local known = { { number = 0, name = "enp0s3" }, { number = 1, name = "enp0s8" } }
    fake.equal(names({ ["/etc/sysconfig/network-scripts/ifcfg-enp0s8"] = "BOOTPROTO=none\n", ["/etc/sysconfig/network-scripts/ifcfg-enp0s3"] = "ONBOOT=yes\n" }, { nic_name = known }),
      "enp0s3/ifcfg enp0s8/ifcfg")
  end },
  { "names: by a slot whose number rules explain, and by its bus", function()
    local nics = { { mac = A, slot = 1184 }, { mac = B, slot = 192 } }
    fake.equal(names({ ["/etc/network/interfaces"] = "iface ens161 inet dhcp\niface ens192 inet dhcp\n" }, { nic = nics, nic_slot = SLOTS }), "ens161/ifupdown ens192/ifupdown")
    fake.equal(names({ ["/etc/network/interfaces"] = "iface enp4s0 inet dhcp\niface enp11s0 inet dhcp\n" }, { nic = nics, nic_slot = SLOTS }), "enp4s0/ifupdown enp11s0/ifupdown")
    -- CentOS 7 of VMware, by what the firmware says of onboard devices.
    fake.equal(names({ ["/etc/sysconfig/network-scripts/ifcfg-eno16780032"] = "ONBOOT=yes\n", ["/etc/sysconfig/network-scripts/ifcfg-eno33555456"] = "ONBOOT=yes\n" },
      { nic = nics, nic_slot = SLOTS }), "eno33555456/ifcfg eno16780032/ifcfg")
  end },
  { "names: what udev makes of an address, and puts behind a name", function()
    local nics = { { mac = A, slot = 1184 }, { mac = B, slot = 192 } }
    fake.equal(names({ ["/etc/network/interfaces"] = "iface enx005056000002 inet dhcp\niface enp4s0f0 inet dhcp\n" }, { nic = nics, nic_slot = SLOTS }), "enp4s0f0/ifupdown enx005056000002/ifupdown")
    fake.equal(names({ ["/etc/network/interfaces"] = "iface ens161np0 inet dhcp\niface ens192 inet dhcp\n" }, { nic = nics, nic_slot = SLOTS }), "ens161np0/ifupdown ens192/ifupdown")
  end },
  { "patterns: as fnmatch(3) has them", function()
    for _, case in ipairs { { "ens192", "ens*", true }, { "ens192", "ens[0-9]*", true }, { "ens192", "ens[!1]*", false }, { "eth0", "eth?", true }, { "eth10", "eth?", false },
      { "e.0", "e?0", true }, { "ens192", "e.s*", false }, { "ens192", "en%a192", false }, { "enaaaaaaaaaaaaa", ("e*a"):rep(12) .. "b", false }, { "ens1", "en[s", false } } do
      fake.equal(configured.fits(case[1], case[2]), case[3], case[1] .. " " .. case[2])
    end
  end },
  { "names: adapters of a machine with one row, by its rules of today", function()
    local adapters = { { slot = 0, name = "enp0s3", row = "adapters", turn = 0, bus = 0, device = 3 }, { slot = 1, name = "enp0s8", row = "adapters", turn = 1, bus = 0, device = 8 } }
    fake.equal(names({ ["/etc/network/interfaces"] = "iface enp0s8 inet dhcp\niface enp0s3 inet dhcp\n" }, { nic_slot = adapters }), "enp0s3/ifupdown enp0s8/ifupdown")
    fake.equal(names({ ["/etc/network/interfaces"] = "iface enp0s3 inet dhcp\n" }, { nic_slot = adapters }), "enp0s3/ifupdown nil/ifupdown")
    fake.equal(names({ ["/etc/network/interfaces"] = "iface eth1 inet dhcp\niface eth0 inet dhcp\n" }, { nic_slot = adapters }), "eth0/ifupdown eth1/ifupdown")
  end },
  { "names: bound to the place that the card has", function()
    local nics = { { mac = A, slot = 1184 }, { mac = B, slot = 192 } }
    fake.equal(names({ ["/etc/systemd/network/1.link"] = "[Match]\nPath=pci-0000:0b:00.0\n[Link]\nName=lan0\n",
      ["/etc/udev/rules.d/1.rules"] = 'SUBSYSTEM=="net", KERNELS=="0000:04:00.0", NAME="eth0"\n' }, { nic = nics, nic_slot = SLOTS }), "eth0/nil lan0/nil")
  end },
  { "names: what a kernel counts, it counts in the order of the bus", function()
    local files = { ["/etc/network/interfaces"] = "iface eth0 inet dhcp\niface eth1 inet dhcp\niface eth2 inet dhcp\n" }
    local nics = { { mac = A, slot = 160 }, { mac = B, slot = 192 }, { mac = C, slot = 1184 } }
    fake.equal(names(files, { nic = nics, nic_slot = SLOTS }), "eth0/ifupdown eth2/ifupdown eth1/ifupdown")
    fake.equal(names({}, { nic = nics, nic_slot = SLOTS, init = { system = "sysv" } }), "eth0/nil eth2/nil eth1/nil")
    nics = { { mac = A, bus = "0x00", device = "0x0a" }, { mac = B, bus = "0x00", device = "0x03" } }
    fake.equal(names({ ["/etc/network/interfaces"] = "iface eth0 inet dhcp\niface eth1 inet dhcp\n" }, { nic = nics }), "eth1/ifupdown eth0/ifupdown")
    -- Which of two drivers comes first is not known; nor where a card is of which nothing is said.
    for _, second in ipairs { { mac = B, slot = 33, model = "e1000" }, { mac = B, model = "vmxnet3" } } do
      local found, guest = names({ ["/etc/network/interfaces"] = "iface eth0 inet dhcp\niface eth1 inet dhcp\n" },
        { nic = { { mac = A, slot = 192, model = "vmxnet3" }, second }, nic_slot = SLOTS, nic_row = ROWS })
      fake.equal(found .. #guest.warnings, "nil/ifupdown nil/ifupdown1")
    end
    -- Unless module loading says it.
    fake.equal(names({ ["/etc/network/interfaces"] = "iface eth0 inet dhcp\niface eth1 inet dhcp\niface eth2 inet dhcp\n", ["/etc/modprobe.conf"] = "alias eth0 vmxnet3\nalias eth1 pcnet32\nalias eth2 vmxnet3\n" },
      { nic = { { mac = A, slot = 33, model = "vlance" }, { mac = B, slot = 224, model = "vmxnet3" }, { mac = C, slot = 192, model = "vmxnet3" } }, nic_slot = SLOTS, nic_row = ROWS }),
      "eth1/ifupdown eth2/ifupdown eth0/ifupdown")
    -- A file that says otherwise is right.
    fake.equal(names({ ["/etc/udev/rules.d/10-names.rules"] = 'ATTR{address}=="' .. A .. '", NAME="eth1"\n', ["/etc/network/interfaces"] = "iface eth0 inet dhcp\niface eth1 inet dhcp\n" },
      { nic = { { mac = A, slot = 160 }, { mac = B, slot = 192 } }, nic_slot = SLOTS }), "eth1/ifupdown eth0/ifupdown")
  end },
  { "names: slots that are not told were given out in turn", function()
    local given = { nic_slot = SLOTS, nic_row = ROWS, nic = { { mac = A, model = "vmxnet3" }, { mac = B, model = "vmxnet3" } } }
    local function try(list, users, nics)
      local content = ""
      for name in list:gmatch("%S+") do content = content .. "iface " .. name .. " inet dhcp\n" end
      given.nic_slot_user = users
      local found, guest = names({ ["/etc/network/interfaces"] = content }, { nic_slot = SLOTS, nic_row = ROWS, nic_slot_user = users, nic = nics or given.nic })
      return found:gsub("/ifupdown", ""), guest
    end
    local one = { { device = "scsi", index = 0, row = "express" } }
    local found, guest = try("ens192 ens224", one)
    fake.equal(found, "ens192 ens224")
    fake.equal(#guest.warnings, 1)
    for _, words in ipairs { "inferred", "ens192 is " .. A, "ens224 is " .. B, "--mac ADDRESS:name:NAME" } do
      if not guest.warnings[1]:find(words, 1, true) then error(guest.warnings[1]) end
    end
    fake.equal((try("ens160 ens192", {})), "ens160 ens192")
    -- The first function of each port comes before the second of the first one.
    fake.equal((try("ens161 ens256", { { row = "express" }, { row = "express" }, { row = "express" } })), "ens256 ens161")
    -- The first slot may be that of a controller which the metadata leaves out.
    fake.equal((try("ens192 ens224", {})), "ens192 ens224")
    -- A gap that nothing explains, more names than cards, and slots that other models get.
    for _, list in ipairs { "ens224 ens256", "ens160 ens224", "ens192 ens256", "ens160 ens192 ens224", "ens33 ens34", "ens160 ens33" } do
      found, guest = try(list, {})
      fake.equal(found .. #guest.warnings, "nil nil1", list)
    end
    -- One name for two cards: its turn says which, unless another device may have had a turn before.
    fake.equal((try("ens192", {})), "nil ens192")
    fake.equal((try("ens160", {})), "ens160 nil")
    found, guest = try("ens192", one)
    fake.equal(found .. #guest.warnings, "nil nil1")
    -- Each model in a row of its own.
    fake.equal((try("ens33 ens160", { { row = "bus" } }, { { mac = A, model = "vmxnet3" }, { mac = B, model = "e1000" } })), "ens160 ens33")
    -- What a kernel counts: five cards of which the fifth comes between.
    local nics = {}
    for i = 1, 5 do nics[i] = { mac = "00:50:56:00:00:0" .. i, model = "vmxnet3" } end
    found, guest = try("eth0 eth1 eth2 eth3 eth4", {}, nics)
    fake.equal(found, "eth0 eth2 eth3 eth4 eth1")
    fake.equal(#guest.warnings, 1)
    found, guest = try("eth0 eth1", {})
    fake.equal(found .. #guest.warnings, "eth0 eth10")
  end },
  { "names: one card and one name are left", function()
    fake.equal(names({ ["/etc/network/interfaces"] = "auto ens33\niface ens33 inet static\n address 192.0.2.1/24\nauto ens33:0\niface ens33:0 inet static\n" }, { nic = ONE }), "ens33/ifupdown")
    fake.equal(names { ["/etc/sysconfig/network-scripts/ifcfg-ens192"] = "HWADDR=" .. A .. "\n", ["/etc/sysconfig/network-scripts/ifcfg-ens224"] = "ONBOOT=yes\n" },
      "ens192/ifcfg ens224/ifcfg")
  end },
  { "names: of two that could be meant none is taken, and a warning says how to say it", function()
    local found, guest = names { ["/etc/network/interfaces"] = "iface ens192 inet dhcp\niface ens224 inet dhcp\n" }
    fake.equal(found, "nil/ifupdown nil/ifupdown")
    fake.equal(#guest.warnings, 1)
    if not guest.warnings[1]:find("--mac ADDRESS:name:NAME", 1, true) then error(guest.warnings[1]) end
    found, guest = names({ ["/etc/network/interfaces"] = "iface ens192 inet dhcp\niface ens224 inet dhcp\n" },
      { mapping = { { option = "mac", old = B, kind = "name", new = "ens192" }, { option = "mac", old = A, kind = "bridge", new = "br0" } } })
    fake.equal(found .. #guest.warnings, "ens224/ifupdown ens192/ifupdown0")
    fake.fails("expected an interface name", function()
      names({}, { mapping = { { option = "mac", old = A, kind = "name", new = "a name/too long" } } })
    end)
  end },
  { "names: the kernel counts where udev names none by its place", function()
    fake.equal(names({}, { source = { plain_interfaces = true } }), "eth0/nil eth1/nil")
    fake.equal(names({}, { init = { system = "sysv" } }), "eth0/nil eth1/nil")
    fake.equal(names({}), "nil/nil nil/nil")
    fake.equal(names({ ["/etc/network/interfaces"] = "iface enX0 inet dhcp\n" }, { nic_name = { { number = 0, name = "enX0" } }, source = { plain_interfaces = true } }),
      "enX0/ifupdown eth1/ifupdown")
  end },
  { "names: bonds, bridges and VLANs are no cards, what is below them is", function()
    local list = {}
    fake.setup { ["/etc/network/interfaces"] = "source interfaces.d/*\nauto bond0\niface bond0 inet static\n bond-slaves eth0 eth1\n#iface eth7 inet dhcp\niface bond0.5 inet dhcp\n",
      ["/etc/network/interfaces.d/more"] = "iface intern inet manual\n bridge_ports eth2\n",
      ["/etc/sysconfig/network-scripts/ifcfg-team"] = "TYPE=Bond\nDEVICE=team\n", ["/etc/sysconfig/network-scripts/ifcfg-eth3.bak"] = "DEVICE=eth4\n",
      ["/etc/NetworkManager/system-connections/w"] = "[connection]\ntype=wifi\ninterface-name=wlan0\n" }
    for _, item in ipairs(configured.list()) do list[#list + 1] = item.name end
    fake.equal(table.concat(list, " "), "eth0 eth1 eth2")
  end },
  { "names: what systemd-networkd makes is no card" , function()
    fake.equal(names({ ["/etc/systemd/network/10-a.network"] = "[Match]\nName=ens192\n[Network]\nVLAN=int5\n", ["/etc/systemd/network/20-b.network"] = "[Match]\nName=int5\n",
      ["/etc/systemd/network/20-b.netdev"] = "[NetDev]\nName=int5\nKind=vlan\n" }, { nic = ONE }), "ens192/networkd")
  end },
  { "names: what a VLAN, a bond or a bridge is on is a card, in every dialect", function()
    for _, file in ipairs { { "/etc/sysconfig/network-scripts/ifcfg-vlan7", "DEVICE=vlan7\nVLAN=yes\nPHYSDEV=ens192\n" }, { "/etc/sysconfig/network/ifcfg-lan7", "ETHERDEVICE='ens192'\n" },
      { "/etc/sysconfig/network/ifcfg-b0", "BRIDGE='yes'\nBRIDGE_PORTS='ens192'\n" }, { "/etc/sysconfig/network/ifcfg-agg", "BONDING_MASTER='yes'\nBONDING_SLAVE_0='ens192'\n" },
      { "/etc/network/interfaces", "iface ens192.5 inet dhcp\n" }, { "/etc/sysconfig/network-scripts/ifcfg-ens192.5", "VLAN=yes\n" },
      { "/etc/NetworkManager/system-connections/v", "[connection]\ntype=vlan\ninterface-name=v7\n[vlan]\nparent=ens192\n" } } do
      fake.equal(names({ [file[1]] = file[2] }, { nic = ONE }):match("^[^/]*"), "ens192", file[1])
    end
  end },
  { "names: one that a firewall or a server needs, or a pattern that the new name would not fit", function()
    local nics = { nic = { { mac = A, slot = 192 }, { mac = B, slot = 160 } }, nic_slot = SLOTS }
    fake.equal(names({ ["/etc/keepalived/keepalived.conf"] = "# ens160\nvrrp_instance a {\n  interface ens192\n}\n" }, nics), "ens192/nil nil/nil")
    fake.equal(names({ ["/etc/sysctl.d/1.conf"] = "net.ipv4.conf.ens160.rp_filter = 2\n" }, nics), "nil/nil ens160/nil")
    fake.equal(names({ ["/etc/systemd/system/a.service"] = "[Unit]\nBindsTo=sys-subsystem-net-devices-ens192.device\n", ["/etc/default/grub"] = 'X="ip=192.0.2.7::192.0.2.1:24:a:ens160:none"\n' }, nics),
      "ens192/nil ens160/nil")
    fake.equal(names({ ["/etc/systemd/network/1.network"] = "[Match]\nName=ens*\n" }, nics), "ens192/nil ens160/nil")
    fake.equal(names({ ["/etc/systemd/network/1.network"] = "[Match]\nName=en*\n" }, nics), "nil/nil nil/nil")
    fake.equal(names({ ["/etc/firewalld/zones/public.xml"] = '<zone><interface name="ens33"/></zone>' }, { nic = ONE }), "ens33/nil")
  end },
  { "lost: what files have for cards that the new machine will not have", function()
    local nics = { nic = { { mac = A, slot = 192 } }, nic_slot = SLOTS }
    fake.equal(lost({ ["/etc/network/interfaces"] = "iface ens192 inet dhcp\niface ens224 inet static\n address 192.0.2.1/24\n", ["/etc/dnsmasq.conf"] = "interface=ens224\ninterface=ens256\n" }, nics),
      "by-name ens224 /etc/network/interfaces; mentioned ens256 /etc/dnsmasq.conf")
    fake.equal(lost({ ["/etc/sysconfig/network-scripts/ifcfg-eth0"] = "DEVICE=eth0\nHWADDR=" .. B .. "\n" }, nics), "card " .. B .. " /etc/sysconfig/network-scripts/ifcfg-eth0")
    fake.equal(lost({ ["/etc/netplan/1.yaml"] = "network:\n  ethernets:\n    a:\n      match: {macaddress: " .. B .. "}\n" }, nics), "card " .. B .. " /etc/netplan/1.yaml")
    -- An address that a file gives a card is not one by which it knows it.
    fake.equal(lost({ ["/etc/network/interfaces"] = "iface ens192 inet dhcp\n  hwaddress ether " .. B .. "\n" }, nics), "")
    fake.equal(lost({ ["/etc/systemd/network/1.network"] = "[Match]\nName=eth* em*\n" }, nics), "by-pattern eth* /etc/systemd/network/1.network")
    for _, match in ipairs { "Name=en* eth*", "Name=e*", "Name=br* veth*", "Name=*", "Name=!lo", "Name=ens192 eth*", "Type=ether" } do
      fake.equal(lost({ ["/etc/systemd/network/1.network"] = "[Match]\n" .. match .. "\n" }, nics), "", match)
    end
    fake.equal(lost({ ["/etc/netplan/1.yaml"] = "network:\n  ethernets:\n    a:\n      match:\n        name: eth*\n" }, nics), "by-pattern eth* /etc/netplan/1.yaml")
    fake.equal(lost({ ["/etc/NetworkManager/system-connections/a"] = "[connection]\ntype=ethernet\n[match]\ninterface-name=eth*;\n" }, nics),
      "by-pattern eth* /etc/NetworkManager/system-connections/a")
    -- What was said of two that could be meant is not said again.
    fake.equal(lost { ["/etc/network/interfaces"] = "iface ens192 inet dhcp\niface ens224 inet dhcp\n" }, "")
  end },
  { "names: what no kernel would take is not taken", function()
    fake.equal(names({ ["/etc/sysconfig/network-scripts/ifcfg-x"] = 'DEVICE="a\\"; rm"\nHWADDR=' .. A .. "\n",
      ["/etc/systemd/network/1.link"] = "[Match]\nMACAddress=" .. B .. "\n[Link]\nName=sixteen-letters.\n" }), "nil/ifcfg nil/ifcfg")
  end },

  { "address: ifupdown", function()
    fake.equal(written({ ["/etc/network/interfaces"] = "# lan0\nauto lo lan0\niface lo inet loopback\niface lan0 inet dhcp\n  mtu 9000\n  dns-nameservers 192.0.2.9\n\niface lan0 inet6 auto\n" },
      "/etc/network/interfaces", function() addresses.ifupdown(STATIC) end),
      "# lan0\nauto lo lan0\niface lo inet loopback\niface lan0 inet static\n\taddress 192.0.2.7\n\tnetmask 255.255.252.0\n\tgateway 192.0.2.1\n"
      .. "\tdns-nameservers 192.0.2.53 2001:db8::53\n  mtu 9000\n\niface lan0 inet6 auto\n")
    fake.equal(written({ ["/etc/network/interfaces"] = "auto lo\n" }, "/etc/network/interfaces", function() addresses.ifupdown(SIX) end),
      "auto lo\nauto lan0\niface lan0 inet6 static\n\taddress 2001:db8::7\n\tnetmask 64\n\tgateway 2001:db8::1\n")
  end },
  { "address: Red Hat's start scripts", function()
    local path = "/etc/sysconfig/network-scripts/ifcfg-lan0"
    fake.equal(written({ [path] = "DEVICE=lan0\nBOOTPROTO=dhcp\n#IPADDR=x\nIPADDR0=192.0.2.99\nPREFIX0=24\nONBOOT=yes\n" }, path, function() addresses.ifcfg(STATIC) end),
      "DEVICE=lan0\n#IPADDR=x\nONBOOT=yes\nBOOTPROTO=none\nIPADDR=192.0.2.7\nNETMASK=255.255.252.0\nGATEWAY=192.0.2.1\nDNS1=192.0.2.53\nDNS2=2001:db8::53\n")
    fake.equal(written({}, path, function() addresses.ifcfg(SIX) end),
      "DEVICE=lan0\nHWADDR=00:50:56:00:00:01\nTYPE=Ethernet\nONBOOT=yes\nIPV6INIT=yes\nIPV6_AUTOCONF=no\nIPV6ADDR=2001:db8::7/64\nIPV6_DEFAULTGW=2001:db8::1\n")
  end },
  { "address: not in the file of what is on the card", function()
    local guest = fake.setup { ["/etc/sysconfig/network/ifcfg-br0"] = "BRIDGE='yes'\nBRIDGE_PORTS='lan0'\n" }
    addresses.wicked(STATIC)
    fake.equal(guest.files["/etc/sysconfig/network/ifcfg-br0"], "BRIDGE='yes'\nBRIDGE_PORTS='lan0'\n")
    fake.equal(guest.files["/etc/sysconfig/network/ifcfg-lan0"]:match("IPADDR=[^\n]*"), "IPADDR='192.0.2.7/22'")
  end },
  { "address: SUSE's", function()
    local path = "/etc/sysconfig/network/ifcfg-lan0"
    local content, guest = written({ [path] = "BOOTPROTO='dhcp'\nMTU='1400'\n", ["/etc/sysconfig/network/config"] = 'A=1\nNETCONFIG_DNS_STATIC_SERVERS=""\n' }, path,
      function() addresses.wicked(STATIC) end)
    fake.equal(content, "MTU='1400'\nBOOTPROTO='static'\nIPADDR='192.0.2.7/22'\n")
    fake.equal(guest.files["/etc/sysconfig/network/ifroute-lan0"], "default 192.0.2.1 - -\n")
    fake.equal(guest.files["/etc/sysconfig/network/config"], 'A=1\nNETCONFIG_DNS_STATIC_SERVERS="192.0.2.53 2001:db8::53"\n')
  end },
  { "address: NetworkManager, by the card's address", function()
    local path = "/etc/NetworkManager/system-connections/any name"
    fake.equal(written({ [path] = "[connection]\ntype=ethernet\n[ethernet]\nmac-address=" .. A .. "\n\n[ipv4]\nmethod=auto\nroute1=198.51.100.0/24\n\n[ipv6]\nmethod=auto\n" }, path,
      function() addresses.networkmanager(STATIC) end),
      "[connection]\ntype=ethernet\n[ethernet]\nmac-address=" .. A .. "\n\n[ipv4]\nroute1=198.51.100.0/24\nmethod=manual\naddress1=192.0.2.7/22,192.0.2.1\ndns=192.0.2.53;2001:db8::53;\n\n[ipv6]\nmethod=auto\n")
    local content, guest = written({}, "/etc/NetworkManager/system-connections/lan0.nmconnection", function() addresses.networkmanager(SIX) end)
    fake.equal(content:match("%[ipv6%].*"), "[ipv6]\nmethod=manual\naddress1=2001:db8::7/64,2001:db8::1\n")
    fake.equal(guest.modes["/etc/NetworkManager/system-connections/lan0.nmconnection"], 384)
  end },
  { "address: systemd-networkd", function()
    local path = "/etc/systemd/network/20-lan.network"
    fake.equal(written({ [path] = "[Match]\nName=lan0\n\n[Network]\nDHCP=yes\nLLDP=yes\n\n[Address]\nAddress=192.0.2.99/24\n\n[Route]\nGateway=192.0.2.9\n\n[Route]\nGateway=192.0.2.8\nDestination=198.51.100.0/24\n" },
      path, function() addresses.networkd(STATIC) end),
      "[Match]\nName=lan0\n\n[Network]\nLLDP=yes\nAddress=192.0.2.7/22\nGateway=192.0.2.1\nDNS=192.0.2.53\nDNS=2001:db8::53\n\n[Route]\nGateway=192.0.2.8\nDestination=198.51.100.0/24\n")
    fake.equal(written({}, "/etc/systemd/network/10-v2v-lan0.network", function() addresses.networkd(SIX) end),
      "[Match]\nMACAddress=" .. A .. "\nPath=?*\n\n[Network]\nAddress=2001:db8::7/64\nGateway=2001:db8::1\n")
  end },
  { "address: netplan", function()
    local path = "/etc/netplan/01.yaml"
    fake.equal(written({ [path] = "network:\n  version: 2\n  ethernets:\n    other:\n      dhcp4: true\n    card:\n      match:\n        macaddress: \"" .. A:upper()
      .. "\"\n      # kept\n      dhcp4: true\n      addresses:\n      - 192.0.2.99/24\n      mtu: 9000\n      nameservers:\n        addresses: [192.0.2.9]\n      set-name: lan0\n  vlans: {}\n" },
      path, function() addresses.netplan(STATIC) end),
      "network:\n  version: 2\n  ethernets:\n    other:\n      dhcp4: true\n    card:\n      dhcp4: false\n      addresses: [\"192.0.2.7/22\"]\n      routes: [{to: \"0.0.0.0/0\", via: \"192.0.2.1\"}]\n      nameservers:\n"
      .. "        addresses: [\"192.0.2.53\", \"2001:db8::53\"]\n      match:\n        macaddress: \"" .. A:upper() .. "\"\n      # kept\n      mtu: 9000\n      set-name: lan0\n  vlans: {}\n")
    -- Indented as the block is; the comment stays.
    local once = "network:\n    ethernets:\n        lan0:\n            dhcp6: false\n            addresses: [\"2001:db8::7/64\"]\n"
      .. "            routes: [{to: \"::/0\", via: \"2001:db8::1\"}]\n            mtu: 9000\n    version: 2\n"
    fake.equal(written({ [path] = "network:\n    ethernets:\n        lan0:\n            # old\n            dhcp4: true\n            mtu: 9000\n    version: 2\n" },
      path, function() addresses.netplan(SIX) end), (once:gsub("            mtu", "            # old\n%0")))
    fake.setup { [path] = "network:\n  ethernets:\n    lan0: {dhcp4: true}\n" }
    fake.fails("in braces", function() addresses.netplan(STATIC) end)
    local content = written({}, "/etc/netplan/90-v2v-lan0.yaml", function() addresses.netplan(SIX) end)
    fake.equal(content, "network:\n  version: 2\n  ethernets:\n    lan0:\n      dhcp6: false\n      addresses: [\"2001:db8::7/64\"]\n      routes: [{to: \"::/0\", via: \"2001:db8::1\"}]\n"
      .. "      match:\n        macaddress: \"" .. A .. "\"\n      set-name: lan0\n")
  end },

  { "drivers: what goes by them is for the new cards too", function()
    local cloud = "[Match]\nDriver=ena ixgbevf vif\n\n[Link]\nMTUBytes=9001\n\n[Network]\nDHCP=yes\n"
    local files = { ["/usr/lib/systemd/network/80-ec2.network"] = cloud, ["/lib/systemd/network/80-ec2.network"] = cloud,
      ["/etc/systemd/network/10-lan.network"] = "[Match]\nDriver=vmxnet3 \nName=en*\n", ["/usr/lib/systemd/network/10-lan.network"] = cloud,
      ["/usr/lib/systemd/network/20-plain.network"] = "[Match]\nDriver=hv_netvsc\n",
      ["/usr/lib/systemd/network/80-container.network"] = "[Match]\nDriver=veth\n", ["/usr/lib/systemd/network/81-any.network"] = "[Match]\nDriver=vif *\n" }
    local guest = fake.setup(files)
    fake.converges(guest, function() fit.networkd { { driver = "virtio_net" } } end)
    local beside = "/50-v2v-engine.conf"
    fake.equal(guest.files["/etc/systemd/network/80-ec2.network.d" .. beside],
      "# the drivers of the cards that this machine has\n[Match]\nDriver=virtio_net\n\n[Link]\nMTUBytes=\n")
    fake.equal(guest.files["/etc/systemd/network/20-plain.network.d" .. beside], "# the drivers of the cards that this machine has\n[Match]\nDriver=virtio_net\n")
    fake.equal(guest.files["/etc/systemd/network/10-lan.network"], "[Match]\nDriver=vmxnet3 virtio_net\nName=en*\n")
    fake.equal(guest.files["/usr/lib/systemd/network/80-ec2.network"], cloud)
    for _, name in ipairs { "10-lan", "80-container", "81-any" } do fake.equal(guest.files["/etc/systemd/network/" .. name .. ".network.d" .. beside], nil) end
  end },
  { "drivers: .link files, of the administrator and of packages", function()
    local guest = fake.setup { ["/etc/systemd/network/10-lan.link"] = "[Match]\nDriver=vmxnet3\n\n[Link]\nName=lan0\n", ["/usr/lib/systemd/network/20-b.link"] = "[Match]\nDriver=hv_netvsc\n[Link]\nMTUBytes=1400\n",
      ["/usr/lib/systemd/network/30-c.link"] = "[Match]\nDriver=mlx5_core\n" }
    fake.converges(guest, function() fit.link { { driver = "virtio_net" } } end)
    fake.equal(guest.files["/etc/systemd/network/10-lan.link"], "[Match]\nDriver=vmxnet3 virtio_net\n\n[Link]\nName=lan0\n")
    fake.equal(guest.files["/etc/systemd/network/20-b.link"], "[Match]\nDriver=hv_netvsc virtio_net\n[Link]\nMTUBytes=1400\n")
    fake.equal(guest.files["/etc/systemd/network/30-c.link"], nil)
  end },
  { "drivers: NetworkManager's keyfiles and settings", function()
    local path = "/etc/NetworkManager/system-connections/lan.nmconnection"
    local guest = fake.setup { [path] = "[connection]\ntype=ethernet\n\n[match]\ndriver=vmxnet3;\n\n[ipv4]\nmethod=auto\n",
      ["/etc/NetworkManager/system-connections/any"] = "[match]\ndriver=*;\n", ["/etc/NetworkManager/system-connections/not"] = "[match]\ndriver=!vmxnet3;\n",
      ["/etc/NetworkManager/conf.d/10-a.conf"] = "# driver:vmxnet3\n[device-a]\nmatch-device=interface-name:x;driver:vmxnet3\nmanaged=1\n[keyfile]\nunmanaged-devices=*,except:driver:e1000,except:mac:" .. A .. "\n" }
    fake.converges(guest, function() fit.networkmanager { { driver = "virtio_net" } } end)
    fake.equal(guest.files[path], "[connection]\ntype=ethernet\n\n[match]\ndriver=vmxnet3;virtio_net;\n\n[ipv4]\nmethod=auto\n")
    fake.equal(guest.files["/etc/NetworkManager/system-connections/any"], "[match]\ndriver=*;\n")
    fake.equal(guest.files["/etc/NetworkManager/system-connections/not"], "[match]\ndriver=!vmxnet3;\n")
    fake.equal(guest.files["/etc/NetworkManager/conf.d/10-a.conf"], "# driver:vmxnet3\n[device-a]\nmatch-device=interface-name:x;driver:vmxnet3;driver:virtio_net\nmanaged=1\n"
      .. "[keyfile]\nunmanaged-devices=*,except:driver:e1000;except:driver:virtio_net,except:mac:" .. A .. "\n")
  end },
  { "drivers: netplan, by a list where its release knows one, and by the address alone where that is there", function()
    local function fitted(match, version)
      local path = "/etc/netplan/01.yaml"
      local guest = fake.setup({ [path] = "network:\n  ethernets:\n    lan:\n" .. match .. "      dhcp4: true\n" }, { package = version and { { name = "netplan.io", version = version } } })
      fake.converges(guest, function() fit.netplan { { driver = "virtio_net" } } end)
      return guest.files[path]:match("    lan:\n(.*)      dhcp4: true\n$")
    end
    local block = "      match:\n        driver: vmxnet3\n        name: en*\n"
    fake.equal(fitted(block, "0.106.1-7"), "      match:\n        driver: [vmxnet3, virtio_net]\n        name: en*\n")
    fake.equal(fitted(block, "1.1.2-7"), "      match:\n        driver: [vmxnet3, virtio_net]\n        name: en*\n")
    fake.equal(fitted(block, "0.99-0ubuntu3~18.04.5"), "      match:\n        driver: virtio_net\n        name: en*\n")
    fake.equal(fitted(block), "      match:\n        driver: virtio_net\n        name: en*\n")
    local azure = '      match:\n        driver: hv_netvsc\n        macaddress: "' .. A .. '"\n      set-name: eth0\n'
    fake.equal(fitted(azure, "1.0"), '      match:\n        macaddress: "' .. A .. '"\n      set-name: eth0\n')
    fake.equal(fitted('      match: {driver: "hv_netvsc", macaddress: x}\n'), "      match: {macaddress: x}\n")
    fake.equal(fitted("      match: {macaddress: x, driver: hv_netvsc}\n"), "      match: {macaddress: x}\n")
    fake.equal(fitted("      match: {driver: [e1000, vmxnet3]}\n", "1.0"), "      match: {driver: [e1000, vmxnet3, virtio_net]}\n")
    fake.equal(fitted("      match:\n        driver:\n        - vmxnet3\n        - e1000 # old\n", "1.0"), "      match:\n        driver: [vmxnet3, e1000, virtio_net]\n")
    fake.equal(fitted("      match:\n        driver:\n          - vmxnet3\n        macaddress: x\n", "1.0"), "      match:\n        macaddress: x\n")
    fake.equal(fitted("      match:\n        driver: [e1000\n        - \n", "1.0"), "      match:\n        driver: [e1000, virtio_net]\n        - \n")
    local one = fake.setup({ ["/etc/netplan/1.yaml"] = "network: {ethernets: {a: {match: {driver: vmxnet3}}, b: {match: {driver: e1000, macaddress: x}}}}\n" }, { package = {} })
    fake.converges(one, function() fit.netplan { { driver = "virtio_net" } } end)
    fake.equal(one.files["/etc/netplan/1.yaml"], "network: {ethernets: {a: {match: {driver: virtio_net}}, b: {match: {macaddress: x}}}}\n")
    -- Another driver, any driver, and what is no match.
    for _, other in ipairs { "      match:\n        driver: mlx5_core\n", "      match:\n        driver: vmx*\n", "      driver: vmxnet3\n", "      #match: {driver: vmxnet3}\n" } do
      local guest = fake.setup { ["/etc/netplan/01.yaml"] = "network:\n  ethernets:\n    lan:\n" .. other }
      fit.netplan { { driver = "virtio_net" } }
      fake.equal(guest.changes, 0, other)
    end
  end },
  { "drivers: cloud-init's own configuration, which knows one driver", function()
    local path = "/etc/cloud/cloud.cfg.d/90-network.cfg"
    local guest = fake.setup({ [path] = "network:\n  version: 2\n  ethernets:\n    a:\n      match: {driver: hv_netvsc}\n      dhcp4: true\n" }, { package = { { name = "netplan.io", version = "1.0" } } })
    fake.converges(guest, function() fit.cloud_init { { driver = "virtio_net" } } end)
    fake.equal(guest.files[path], "network:\n  version: 2\n  ethernets:\n    a:\n      match: {driver: virtio_net}\n      dhcp4: true\n")
  end },
  { "drivers: rules of udev", function()
    local path = "/etc/udev/rules.d/60-lan.rules"
    local guest = fake.setup { [path] = 'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="vmxnet3|e1000", NAME="lan0"\nSUBSYSTEM=="net", ENV{ID_NET_DRIVER}=="vif", TAG+="x"\n'
      .. 'SUBSYSTEM=="net", DRIVERS=="?*", NAME="a"\nSUBSYSTEM=="block", DRIVERS=="vmxnet3"\n#SUBSYSTEM=="net", DRIVERS=="vmxnet3"\n' }
    fake.converges(guest, function() fit.udev { { driver = "virtio_net" } } end)
    fake.equal(guest.files[path], 'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="vmxnet3|e1000|virtio_net", NAME="lan0"\nSUBSYSTEM=="net", ENV{ID_NET_DRIVER}=="vif|virtio_net", TAG+="x"\n'
      .. 'SUBSYSTEM=="net", DRIVERS=="?*", NAME="a"\nSUBSYSTEM=="block", DRIVERS=="vmxnet3"\n#SUBSYSTEM=="net", DRIVERS=="vmxnet3"\n')
  end },
  { "matches: which files go by a driver or a place", function()
    fake.setup({ ["/etc/netplan/01.yaml"] = "network:\n  ethernets:\n    lan:\n      match:\n        driver: vmxnet3\n",
      ["/etc/NetworkManager/system-connections/lan"] = "[match]\npath=pci-0000:0b:00.0;\n", ["/etc/systemd/network/1.link"] = "[Match]\nDriver=vmxnet3\n[Link]\nName=lan0\n",
      ["/etc/systemd/network/2.network"] = "[Match]\nPath=pci-0000:04:00.0\n[Network]\n", ["/etc/systemd/network/3.network"] = "[Match]\nPath=?*\nMACAddress=" .. A .. "\n",
      ["/etc/udev/rules.d/1.rules"] = 'SUBSYSTEM=="net", KERNELS=="0000:13:00.0", NAME="x"\n', ["/etc/systemd/network/4.network"] = "[Match]\nDriver=veth\n" },
      { nic = { { mac = A, slot = 1184 }, { mac = B, slot = 192 } }, nic_slot = SLOTS })
    local list = {}
    for _, item in ipairs(card_matches.card_matches()) do list[#list + 1] = item.dialect .. " " .. item.kind .. " " .. item.value .. " " .. tostring(item.mac) end
    fake.equal(table.concat(list, "\n"), "networkmanager by-place pci-0000:0b:00.0 " .. B .. "\nnetplan by-driver vmxnet3 nil\nlink by-driver vmxnet3 nil\n"
      .. "networkd by-place pci-0000:04:00.0 " .. A .. "\nudev by-place 0000:13:00.0 nil")
  end },
  { "places: a file goes by the address of the card that was there", function()
    local P = { { place = "pci-0000:0b:00.0", mac = B }, { place = "0000:0b:00.0", mac = B } }
    local files = { ["/etc/systemd/network/2.network"] = "[Match]\nPath=pci-0000:0b:00.0\n\n[Network]\nDHCP=yes\n", ["/etc/systemd/network/2.link"] = "[Match]\nPath=pci-0000:0b:00.0\n[Link]\nName=lan0\n",
      ["/etc/NetworkManager/system-connections/a"] = "[connection]\nid=a\n\n[ethernet]\nmtu=1400\n\n[match]\npath=pci-0000:0b:00.0;\n",
      ["/etc/NetworkManager/system-connections/b"] = "[connection]\nid=b\n[match]\npath=pci-0000:0b:00.0\n",
      ["/etc/udev/rules.d/1.rules"] = 'SUBSYSTEM=="net", ACTION=="add", KERNELS=="0000:0b:00.0", NAME="lan0"\n' }
    local guest = fake.setup(files)
    fake.converges(guest, function()
      fit.place_networkd(P)
      fit.place_link(P)
      fit.place_networkmanager(P)
      fit.place_udev(P)
    end)
    fake.equal(files["/etc/systemd/network/2.network"], "[Match]\nMACAddress=" .. B .. "\nPath=?*\n\n[Network]\nDHCP=yes\n")
    fake.equal(files["/etc/systemd/network/2.link"], "[Match]\nMACAddress=" .. B .. "\nPath=?*\n[Link]\nName=lan0\n")
    fake.equal(files["/etc/NetworkManager/system-connections/a"], "[connection]\nid=a\n\n[ethernet]\nmac-address=" .. B .. "\nmtu=1400\n\n[match]\n")
    fake.equal(files["/etc/NetworkManager/system-connections/b"], "[connection]\nid=b\n[match]\n\n[ethernet]\nmac-address=" .. B .. "\n")
    fake.equal(files["/etc/udev/rules.d/1.rules"], 'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="' .. B .. '", NAME="lan0"\n')
  end },
}
