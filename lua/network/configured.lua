-- SPDX-License-Identifier: GPL-2.0-or-later
-- Reads what the guest's files say about its physical network cards, whichever program uses the files: a list of
-- { manager =, path =, name =, mac =, matches =, below = }. NAME is what the file calls a card, MAC the hardware address by which
-- it recognises it (MATCHES) or that it gives the card; either may be missing. BELOW: the file configures what is on the card.
-- Bonds, bridges, VLANs and aliases are not cards; the cards below them are.
local text = require "lib.text"
local M = {}

-- A guest with thousands of files would only delay its own conversion.
local MOST_FILES = 500

-- Is it what the kernel takes for the name of an interface? (IFNAMSIZ, and no character that another file's syntax would read.)
function M.is_name(name)
  return name ~= nil and #name <= 15 and name:match("^%w[%w._-]*$") ~= nil
end

-- A hardware address as the facts have it, or nil.
function M.mac(value)
  local found = value and value:lower():gsub("-", ":"):match("^%x%x:%x%x:%x%x:%x%x:%x%x:%x%x$")
  return found
end

-- The name of a card: no loopback, no alias (eth0:1), no VLAN (eth0.5), no interface that a program makes.
local function is_card(name)
  return M.is_name(name) and name ~= "lo" and not name:find(".", 1, true)
    and not name:match("^bond%d") and not name:match("^br%-?%d") and not name:match("^virbr") and not name:match("^docker")
    and not name:match("^vlan%d") and not name:match("^tun%d") and not name:match("^tap%d") and not name:match("^dummy%d")
    and not name:match("^vmbr%d") and not name:match("^ovs") and not name:match("^lxc") and not name:match("^veth") and not name:match("^cni%d")
    and not name:match("^wl") and not name:match("^ww") and not name:match("^ib%d")
    and not name:match("^team%d") and not name:match("^sit%d") and not name:match("^wg%d") and not name:match("^ppp%d")
end

-- Does it look like a name that udev makes of a card's place or address?
local function is_made_of_place(word)
  return word:match("^ens%d+$") or word:match("^ens%d+[fdn]%w+$") or word:match("^eno%d+$") or word:match("^enp%d+s%d+%w*$") or word:match("^enx%x%x%x%x%x%x%x%x%x%x%x%x$")
end

-- What a VLAN is on, where its name says it (ens192.5): nothing that a program makes is called so. Else NAME itself.
local function below_vlan(name)
  local base = name:match("^(%w+)%.%d+$")
  return base and (base:match("^eth%d+$") or is_made_of_place(base)) and base or name
end

local function each_file(patterns, look)
  local count = 0
  for _, pattern in ipairs(patterns) do
    for _, path in ipairs(pattern:find("[*?%[]") and text.glob(pattern) or { pattern }) do
      count = count + 1
      if count > MOST_FILES then return end
      local content = guest.is_file(path, { followsymlinks = true }) and text.read(path)
      if content then look(path, content) end
    end
  end
end

-- "key = value" below "[Section]": section -> key -> the last value. Sections and keys in lower case.
function M.sections(content)
  local sections, current = {}, nil
  for _, line in ipairs(text.lines(content)) do
    local name = line:match("^%s*%[([^%]]+)%]")
    if name then
      name = name:lower()
      sections[name] = sections[name] or {}
      current = sections[name]
    elseif not line:match("^%s*[#;]") then
      local key, value = line:match("^%s*([%w._-]+)%s*=%s*(.-)%s*$")
      if key and current then current[key:lower()] = value end
    end
  end
  return sections
end

-- ---- ifupdown ----

-- The files that /etc/network/interfaces takes in.
local function interfaces_files()
  local files, count = { "/etc/network/interfaces" }, 0
  for _, line in ipairs(text.lines(text.read(files[1]) or "")) do
    local word, pattern = line:match("^%s*(source[%w-]*)%s+(%S+)")
    if word and count < 20 then
      count = count + 1
      if pattern:sub(1, 1) ~= "/" then pattern = "/etc/network/" .. pattern end
      files[#files + 1] = word == "source-directory" and pattern .. "/*" or pattern
    end
  end
  return files
end

local function ifupdown(add)
  local seen = {}
  each_file(interfaces_files(), function(path, content)
    if seen[path] then return end
    seen[path] = true
    local stanzas, stanza = {}, nil
    for _, line in ipairs(text.lines(content)) do
      local word, rest = line:match("^%s*([%w_-]+)%s*(.-)%s*$")
      -- A line of a comment has no word.
      word = word or ""
      if word == "iface" then
        stanza = { name = rest:match("^%S+"), cards = {} }
        stanzas[#stanzas + 1] = stanza
      elseif word == "auto" or word:match("^allow%-") or word == "mapping" or word:match("^source") then
        stanza = nil
        if word == "auto" or word:match("^allow%-") then
          for name in rest:gmatch("%S+") do stanzas[#stanzas + 1] = { name = name, cards = {}, brief = true } end
        end
      elseif stanza and (word == "bond-slaves" or word == "slaves" or word == "bridge_ports" or word == "bridge-ports") then
        stanza.made = true
        for name in rest:gmatch("%S+") do stanza.cards[#stanza.cards + 1] = name end
      elseif stanza and (word == "vlan-raw-device" or word == "vlan_raw_device") then
        stanza.made = true
        stanza.cards[#stanza.cards + 1] = rest:match("^%S+")
      elseif stanza and (word:match("^bond%-") or word:match("^bridge[_-]")) then
        stanza.made = true
      elseif stanza and word == "hwaddress" then
        stanza.mac = M.mac(rest:match("(%S+)$"))
      end
    end
    local made = {}
    for _, item in ipairs(stanzas) do made[item.name or ""] = made[item.name or ""] or item.made end
    for _, item in ipairs(stanzas) do
      if item.name and not made[item.name] and not item.name:find(":", 1, true) then add("ifupdown", path, item.name, item.mac, "sets") end
      for _, name in ipairs(item.cards) do add("ifupdown", path, name) end
    end
  end)
end

-- ---- netplan: the few keys that matter, of its blocks and of its braces ----

-- The text in braces after a key, or nil: { match: {macaddress: x}, set-name: y }.
local function value_of(line, key)
  local value = line:match("%f[%w-]" .. key:gsub("-", "%%-") .. "%f[^%w-]%s*:%s*([^,}%s]+)")
  return value and text.unquote(value)
end

local function netplan(add)
  each_file({ "/etc/netplan/*.yaml", "/run/netplan/*.yaml", "/usr/lib/netplan/*.yaml" }, function(path, content)
    local outer, inner, item
    local function finish()
      if item then add("netplan", path, item.set_name or (not item.match and item.id) or item.name, item.mac) end
      item = nil
    end
    for _, line in ipairs(text.lines(content)) do
      local indent, rest = line:match("^(%s*)(%S.*)$")
      if indent and rest:sub(1, 1) ~= "#" then
        local depth = #indent
        if item and depth <= inner then finish() end
        if outer and depth <= outer then outer, inner = nil, nil end
        if rest:match("^ethernets%s*:") then
          finish()
          outer, inner = depth, nil
        elseif outer and (not inner or depth == inner) then
          local id = text.unquote(rest:match("^(.-)%s*:") or "")
          if id ~= "" then
            inner = depth
            item = { id = id }
          end
        end
        if item then
          if rest:match("^match%s*:") or rest:find("match:", 1, true) then item.match = true end
          item.mac = item.mac or (item.match and M.mac(value_of(rest, "macaddress")))
          item.set_name = item.set_name or value_of(rest, "set-name")
          if item.match and rest:match("^name%s*:") then item.name = value_of(rest, "name") end
        end
      end
    end
    finish()
  end)
end

-- ---- NetworkManager, systemd-networkd ----

local function networkmanager(add)
  each_file({ "/etc/NetworkManager/system-connections/*" }, function(path, content)
    local sections = M.sections(content)
    local connection, card = sections.connection or {}, sections.ethernet or sections["802-3-ethernet"] or {}
    local kind = connection.type or "ethernet"
    if kind == "ethernet" or kind == "802-3-ethernet" then add("networkmanager", path, connection["interface-name"], M.mac(card["mac-address"])) end
    for _, section in ipairs { "vlan", "macvlan", "ipvlan", "vxlan" } do add("networkmanager", path, (sections[section] or {}).parent, nil, "below") end
  end)
end

-- The interfaces that systemd-networkd makes itself: VLANs, bridges, bonds and so on.
local function made_by_networkd()
  local made = {}
  each_file({ "/etc/systemd/network/*.netdev", "/usr/lib/systemd/network/*.netdev" }, function(_, content)
    local name = (M.sections(content).netdev or {}).name
    if name then made[name] = true end
  end)
  return made
end

local function networkd(add)
  local made = made_by_networkd()
  each_file({ "/etc/systemd/network/*.network" }, function(path, content)
    local match = M.sections(content).match or {}
    local mac = M.mac((match.macaddress or match.permanentmacaddress or ""):match("^%S+"))
    if not match.name and mac then add("networkd", path, nil, mac) end
    -- Patterns (en*) are no names.
    for name in (match.name or ""):gmatch("%S+") do
      if not made[name] then add("networkd", path, name, mac) end
    end
  end)
end

-- ---- files of variables for each interface: Red Hat's start scripts and SUSE's ----

local MADE = text.set { "bond", "bridge", "vlan", "team", "ovsbridge", "tunnel", "infiniband", "ipip", "gre", "dummy", "loopback", "wireless" }

local function ifcfg(add, manager, pattern)
  each_file({ pattern }, function(path, content)
    local file = text.basename(path):match("^ifcfg%-(.+)$")
    if not file or file:match("%.bak$") or file:match("%.orig$") or file:match("%.rpm%l+$") or file:match("~$") or file:match("%.template$") then return end
    local values = text.assignments(content)
    -- What a VLAN, a bridge or a bond is on.
    local below = { (values.DEVICE or file):match("^%w+%.%d+$") or "", values.PHYSDEV or "", values.ETHERDEVICE or "", values.BRIDGE_PORTS or "" }
    for i = 0, 9 do below[#below + 1] = values["BONDING_SLAVE" .. i] or values["BONDING_SLAVE_" .. i] or "" end
    for name in table.concat(below, " "):gmatch("%S+") do add(manager, path, name, nil, "below") end
    if MADE[(values.TYPE or ""):lower()] or values.BONDING_MODULE_OPTS or values.VLAN == "yes" or values.BONDING_MASTER == "yes" or values.BRIDGE == "yes" or values.ETHERDEVICE then
      return
    end
    -- SLES 10 has the hardware address in the name: ifcfg-eth-id-00:16:3e:01:02:03.
    local by_id = M.mac(file:match("^eth%-id%-(.+)$"))
    add(manager, path, not by_id and (values.DEVICE or file) or nil, M.mac(values.HWADDR or values.LLADDR) or by_id, not values.HWADDR and values.LLADDR and "sets" or nil)
  end)
end

local READERS = {
  ifupdown, netplan, networkd, networkmanager,
  function(add) ifcfg(add, "ifcfg", "/etc/sysconfig/network-scripts/ifcfg-*") end,
  function(add) ifcfg(add, "wicked", "/etc/sysconfig/network/ifcfg-*") end,
}

function M.list()
  local list, seen = {}, {}
  -- HOW is "sets" where the file gives the card the address, "below" where what it configures is on the card.
  local function add(manager, path, name, mac, how)
    if name then name = below_vlan(name) end
    if name and not is_card(name) then name = nil end
    if not name and not mac then return end
    local key = manager .. " " .. path .. " " .. (name or "") .. " " .. (mac or "")
    if seen[key] then return end
    seen[key] = true
    list[#list + 1] = { manager = manager, path = path, name = name, mac = mac, matches = mac and how ~= "sets" or nil, below = how == "below" or nil }
  end
  for _, read in ipairs(READERS) do read(add) end
  return list
end

-- What files call cards by a pattern of names: a list of { manager =, path =, patterns = { ... }, names = { ... } }, where a file fits
-- an interface if one of its patterns or names does. Only patterns that are for cards: en*, eth0?, and no br* or *.
function M.patterns()
  local list = {}
  local function add(manager, path, words)
    local item = { manager = manager, path = path, patterns = {}, names = {} }
    for _, word in ipairs(words) do
      local start = word:match("^([%w]*)[*?%[]")
      if start == "" or word:match("^[!&]") then return end
      if not start then
        item.names[#item.names + 1] = word
      elseif start == "e" or start:match("^en") or start:match("^et") or start:match("^em") then
        item.patterns[#item.patterns + 1] = word
      end
    end
    if #item.patterns > 0 then list[#list + 1] = item end
  end
  local function words_of(value)
    local words = {}
    for word in value:gmatch("[^%s;,%[%]\"']+") do words[#words + 1] = (word:gsub("^|", "")) end
    return words
  end
  each_file({ "/etc/systemd/network/*.network" }, function(path, content)
    local match = M.sections(content).match or {}
    if match.name then
      local words = {}
      for word in match.name:gmatch("%S+") do words[#words + 1] = word end
      add("networkd", path, words)
    end
  end)
  each_file({ "/etc/NetworkManager/system-connections/*" }, function(path, content)
    local match = M.sections(content).match or {}
    if match["interface-name"] then add("networkmanager", path, words_of(match["interface-name"])) end
  end)
  each_file({ "/etc/netplan/*.yaml" }, function(path, content)
    for _, line in ipairs(text.lines(content)) do
      local value = not line:match("^%s*#") and (line:match("^%s*name%s*:%s*(.-)%s*$") or line:match("match%s*:%s*{.-%f[%w]name%s*:%s*([^,}]+)"))
      if value then add("netplan", path, words_of(value)) end
    end
  end)
  each_file(interfaces_files(), function(path, content)
    for _, line in ipairs(text.lines(content)) do
      for word in (line:match("^%s*auto%s+(.*)$") or line:match("^%s*allow%-%w+%s+(.*)$") or ""):gmatch("/([^%s=/]+)") do add("ifupdown", path, { word }) end
    end
  end)
  return list
end

-- A pattern with more of them would only cost time: names have 15 characters.
local MOST_STARS = 4

-- Does NAME fit a pattern as of fnmatch(3)?
function M.fits(name, pattern)
  pattern = pattern:gsub("%*+", "*")
  local _, stars = pattern:gsub("%*", "")
  if stars > MOST_STARS or #pattern > 64 then return false end
  local at, lua = 1, {}
  while at <= #pattern do
    local set = pattern:match("^%[[^%]]+%]", at)
    local char = pattern:sub(at, at)
    if set then
      lua[#lua + 1] = set:gsub("%%", "%%%%"):gsub("^%[!", "[^")
      at = at + #set - 1
    elseif char == "*" then
      lua[#lua + 1] = ".*"
    elseif char == "?" then
      lua[#lua + 1] = "."
    else
      lua[#lua + 1] = char:gsub("%W", "%%%0")
    end
    at = at + 1
  end
  local ok, found = pcall(string.match, name, "^" .. table.concat(lua) .. "$")
  return ok and found ~= nil
end

-- Other files that may name an interface: of firewalls, servers and routers, of what starts the system, and units that wait for one.
local MENTIONS = { "/etc/sysctl.conf", "/etc/sysctl.d/*.conf", "/etc/firewalld/zones/*.xml", "/etc/firewalld/direct.xml", "/etc/nftables.conf", "/etc/nftables/*",
  "/etc/sysconfig/nftables.conf", "/etc/sysconfig/iptables", "/etc/sysconfig/ip6tables", "/etc/iptables/rules.v[46]", "/etc/iptables.rules", "/etc/ufw/*.rules",
  "/etc/shorewall/interfaces", "/etc/default/isc-dhcp-server", "/etc/sysconfig/dhcpd", "/etc/dhcp/dhcpd.conf", "/etc/dhcp/dhclient.conf", "/etc/kea/*.conf",
  "/etc/radvd.conf", "/etc/dnsmasq.conf", "/etc/dnsmasq.d/*", "/etc/keepalived/*.conf", "/etc/hostapd/hostapd.conf", "/etc/frr/frr.conf", "/etc/quagga/*.conf",
  "/etc/bird.conf", "/etc/bird/*.conf", "/etc/ha.d/ha.cf", "/etc/ha.d/haresources", "/etc/ucarp/*", "/etc/vrrpd/*", "/etc/snort/*.conf", "/etc/suricata/suricata.yaml",
  "/etc/default/suricata", "/etc/samba/smb.conf", "/etc/snmp/snmpd.conf", "/etc/vnstat.conf", "/etc/default/lldpd", "/etc/default/relay", "/etc/default/isc-dhcp-relay",
  "/etc/igmpproxy.conf", "/etc/smcroute.conf", "/etc/rc.local", "/etc/rc.d/rc.local", "/etc/networkd-dispatcher/*/*", "/etc/NetworkManager/dispatcher.d/*",
  "/etc/sysconfig/network-scripts/route-*", "/etc/sysconfig/network/ifroute-*", "/etc/sysconfig/network/routes", "/etc/cloud/cloud.cfg.d/*.cfg",
  "/etc/default/grub", "/etc/kernel/cmdline", "/etc/cmdline.d/*.conf", "/etc/dracut.conf.d/*.conf", "/etc/initramfs-tools/initramfs.conf", "/etc/initramfs-tools/conf.d/*",
  "/etc/ntp.conf", "/etc/chrony.conf", "/etc/chrony/*.conf", "/etc/avahi/avahi-daemon.conf", "/etc/conntrackd/conntrackd.conf", "/etc/rancher/*/config.yaml",
  "/etc/systemd/system/*.service", "/etc/systemd/system/*.service.d/*.conf" }

-- Names of cards that other files have: name -> { paths }. Of eth0 nothing can be said: many files have it that were never edited.
function M.mentions()
  local found, names, here = {}, {}, {}
  -- Most guests have few of them: one look says which.
  for _, pattern in ipairs(MENTIONS) do names[#names + 1] = pattern:match("^/etc/([^/]+)") end
  local present = text.present("/etc", names)
  for i, pattern in ipairs(MENTIONS) do
    if present[names[i]] then here[#here + 1] = pattern end
  end
  each_file(here, function(path, content)
    for _, line in ipairs(text.lines(content)) do
      for word in (line:match("^%s*[#;]") and "" or line):gmatch("%w+") do
        if #word <= 15 and is_made_of_place(word) then
          found[word] = found[word] or {}
          if found[word][#found[word]] ~= path then table.insert(found[word], path) end
        end
      end
    end
  end)
  return found
end

-- Where a command line of the kernel is written down: dracut renames by "ifname=NAME:ADDRESS".
local COMMAND_LINES = { "/etc/default/grub", "/etc/kernel/cmdline", "/etc/cmdline.d/*.conf", "/boot/grub*/grub.cfg", "/boot/grub/grub.conf", "/boot/loader/entries/*.conf" }

-- Which driver finds the card that a kernel calls eth0 and so on, where module loading is configured by that: name -> driver.
function M.aliases()
  local drivers = {}
  each_file({ "/etc/modules.conf", "/etc/conf.modules", "/etc/modprobe.conf", "/etc/modprobe.d/*" }, function(_, content)
    for _, line in ipairs(text.lines(content)) do
      local name, driver = line:match("^%s*alias%s+(eth%d+)%s+(%S+)")
      if name then drivers[name] = driver end
    end
  end)
  return drivers
end

-- What cloud-init is told of the network in files: "- type: physical", "name: eth0", "mac_address: ..." in any order.
local function cloud_config(add)
  each_file({ "/etc/cloud/cloud.cfg.d/*.cfg" }, function(_, content)
    local name, mac
    for _, line in ipairs(text.lines(content)) do
      if line:match("^%s*%-%s") then name, mac = nil, nil end
      if not line:match("^%s*#") then
        name = value_of(line, "name") or name
        mac = value_of(line, "mac_address") or mac
        if name and mac then
          add(mac, name)
          name, mac = nil, nil
        end
      end
    end
  end)
end

-- Names that hardware addresses are given by what is not of a manager: udev's files, old tools, the kernel's command line,
-- cloud-init's: address -> name.
function M.bound()
  local names = {}
  local function add(mac, name)
    mac = M.mac(mac)
    if mac and M.is_name(name) then names[mac] = names[mac] or name end
  end
  each_file({ "/etc/systemd/network/*.link", "/run/systemd/network/*.link", "/usr/lib/systemd/network/*.link", "/lib/systemd/network/*.link" }, function(_, content)
    local sections = M.sections(content)
    local match, link = sections.match or {}, sections.link or {}
    add((match.macaddress or match.permanentmacaddress or ""):match("^%S+"), link.name)
  end)
  each_file({ "/etc/udev/rules.d/*.rules" }, function(_, content)
    for _, line in ipairs(text.lines((content:gsub("\\\n%s*", " ")))) do
      if not line:match("^%s*#") then
        add(line:match('ATTRS?{address}==?"([%x:]+)"') or line:match('SYSFS{address}=="([%x:]+)"'), line:match('%f[%w]NAME:?="([%w._-]+)"'))
      end
    end
  end)
  each_file({ "/etc/iftab", "/etc/mactab" }, function(_, content)
    for _, line in ipairs(text.lines(content)) do
      local name, rest = line:match("^%s*([%w._-]+)%s+(.-)%s*$")
      if name then add(rest:match("^mac%s+([%x:]+)") or rest:match("^mac=([%x:]+)") or rest:match("^([%x:]+)$"), name) end
    end
  end)
  each_file(COMMAND_LINES, function(_, content)
    for _, line in ipairs(text.lines(content)) do
      if not line:match("^%s*#") then
        for name, mac in line:gmatch("%f[%w]ifname=([%w._-]+):([%x:-]+)") do add(mac, name) end
      end
    end
  end)
  cloud_config(add)
  return names
end

return M
