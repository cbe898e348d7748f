-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds the network cards that files of the guest match by something other than a name or an address: by the driver of a
-- card, or by its place on the bus. Both are different in the new machine.
local text = require "lib.text"
local configured = require "network.configured"
local M = {}

-- What the cards that hypervisors and clouds have are driven by. What goes by another driver is for another kind of interface.
M.OLD = text.set { "vif", "xen_netfront", "vmxnet3", "vmxnet", "pcnet32", "e1000", "e1000e", "8139cp", "8139too", "tulip", "hv_netvsc", "netvsc", "ena", "ixgbevf", "gve" }

M.OWN = "/etc/systemd/network"
local DIRECTORIES = { M.OWN, "/run/systemd/network", "/usr/lib/systemd/network", "/lib/systemd/network" }
M.KEYFILES = "/etc/NetworkManager/system-connections/*"
M.SETTINGS = { "/etc/NetworkManager/NetworkManager.conf", "/etc/NetworkManager/conf.d/*.conf" }
M.NETPLAN = { "/etc/netplan/*.yaml" }
M.CLOUD = { "/etc/cloud/cloud.cfg", "/etc/cloud/cloud.cfg.d/*.cfg" }
M.UDEV = { "/etc/udev/rules.d/*.rules" }

-- Runs LOOK with the path and the content of each file of systemd's directories with this ending: the first of a name hides the others.
function M.each_of_systemd(ending, look)
  local seen = {}
  for _, directory in ipairs(DIRECTORIES) do
    for _, path in ipairs(text.glob(directory .. "/*." .. ending)) do
      local name = text.basename(path)
      if not seen[name] then
        seen[name] = true
        local content = guest.is_file(path, { followsymlinks = directory ~= M.OWN }) and text.read(path)
        if content then look(path, content) end
      end
    end
  end
end

-- A guest with thousands of files would only delay its own conversion.
local MOST_FILES = 500

-- The same for files that patterns name.
function M.each_of(patterns, look)
  local count = 0
  for _, pattern in ipairs(type(patterns) == "table" and patterns or { patterns }) do
    for _, path in ipairs(pattern:find("[*?]") and text.glob(pattern) or { pattern }) do
      count = count + 1
      if count > MOST_FILES then return end
      local content = guest.is_file(path, { followsymlinks = true }) and text.read(path)
      if content then look(path, content) end
    end
  end
end

-- The drivers in WORDS, and those of WANTED that have to be added so that it fits their cards too: nothing if none is of OLD or
-- one is no driver's name: a pattern may be for any.
function M.lacking(words, wanted)
  local known, old = {}, false
  for _, word in ipairs(words) do
    if not word:match("^|?[%w_-]+$") then return {}, false end
    word = word:gsub("^|", "")
    known[word], old = true, old or M.OLD[word]
  end
  local list = {}
  for _, driver in ipairs(wanted) do
    if old and not known[driver] then list[#list + 1] = driver end
  end
  return list, old or false
end

function M.words(value, separator)
  local list = {}
  for word in (value or ""):gmatch("[^" .. separator .. "]+") do
    word = text.unquote(text.trim(word))
    if word ~= "" then list[#list + 1] = word end
  end
  return list
end

-- ---- netplan, and cloud-init in its words ----

-- Where "match:" stands below "ethernets:" in CONTENT: a list of { first =, last = lines, flow = it is written in braces on one line,
-- drivers =, keys = the lines of the key and its value, each { first =, last = }, mac = it goes by an address as well }.
function M.netplan(content)
  local lines, found = text.lines(content), {}
  local outer, block
  for number, line in ipairs(lines) do
    local indent, rest = line:match("^(%s*)(%S.*)$")
    if rest and rest:sub(1, 1) ~= "#" then
      local at = #indent
      if outer and at <= outer then outer = nil end
      if block and at <= block.at then block = nil end
      if rest:match("^ethernets%s*:") or rest:match("[{,]%s*ethernets%s*:") then outer = at end
      local in_braces = false
      for braces in (outer and line or ""):gmatch("%f[%w]match%s*:%s*(%b{})") do
        in_braces = true
        local value = braces:match("%f[%w]driver%s*:%s*(%b[])") or braces:match("%f[%w]driver%s*:%s*([^,}%s]+)") or ""
        found[#found + 1] = { first = number, last = number, flow = braces, drivers = M.words(value:gsub("[%[%]]", ""), ","), mac = braces:find("macaddress", 1, true) ~= nil }
      end
      if not in_braces and outer and rest:match("^match%s*:%s*$") then
        block = { first = number, last = number, at = at, drivers = {}, keys = {} }
        found[#found + 1] = block
      elseif not in_braces and block then
        block.last = number
        if rest:match("^macaddress%s*:") then block.mac = true end
        local value = rest:match("^driver%s*:%s*(.-)%s*$")
        if value then
          value = value:gsub("%s+#.*$", "")
          block.keys[#block.keys + 1] = { first = number, last = number, at = at }
          local words = M.words(value:gsub("[%[%]]", ""), ",")
          table.move(words, 1, #words, #block.drivers + 1, block.drivers)
        else
          local key, word = block.keys[#block.keys], rest:match("^%-%s+(%S+)")
          if word and key and key.last == number - 1 and at >= key.at then
            key.last = number
            table.insert(block.drivers, text.unquote(word))
          end
        end
      end
    end
  end
  return found, lines
end

-- ---- all of them ----

-- Conditions of a line of a udev rule: { key, value }.
local function conditions(line)
  local list = {}
  for key, value in line:gmatch('([%u]+[%w_{}]*)=="([^"]*)"') do list[#list + 1] = { key, value } end
  return list
end

-- Is a line of udev's rules about network cards?
function M.is_net_rule(line)
  return not line:match("^%s*#") and (line:find('SUBSYSTEMS?=="net"') ~= nil or line:find('KERNEL=="eth', 1, true) ~= nil or line:find('KERNEL=="en', 1, true) ~= nil)
end

-- { path =, dialect =, kind = "by-driver" or "by-place", value =, name = what it calls the card } for each that a file has.
function M.list()
  local list, seen = {}, {}
  local function add(dialect, path, kind, value, name)
    local key = dialect .. " " .. path .. " " .. kind .. " " .. value
    if seen[key] then return end
    seen[key] = true
    list[#list + 1] = { dialect = dialect, path = path, kind = kind, value = value, name = name }
  end
  local function add_drivers(dialect, path, words)
    local _, old = M.lacking(words, {})
    for _, word in ipairs(old and words or {}) do add(dialect, path, "by-driver", (word:gsub("^|", ""))) end
  end
  local function add_places(dialect, path, words, name)
    for _, word in ipairs(words) do
      if word:match("^pci%-%x+:%x%x:%x%x%.%x$") or word:match("^%x+:%x%x:%x%x%.%x$") then add(dialect, path, "by-place", word, name) end
    end
  end

  for ending, dialect in pairs { network = "networkd", link = "link" } do
    M.each_of_systemd(ending, function(path, content)
      local sections = configured.sections(content)
      local match = sections.match or {}
      add_drivers(dialect, path, M.words(match.driver, "%s"))
      add_places(dialect, path, M.words(match.path, "%s"), dialect == "link" and (sections.link or {}).name or nil)
    end)
  end
  M.each_of(M.KEYFILES, function(path, content)
    local match = configured.sections(content).match or {}
    add_drivers("networkmanager", path, M.words(match.driver, ";,"))
    add_places("networkmanager", path, M.words(match.path, ";,"))
  end)
  M.each_of(M.SETTINGS, function(path, content)
    for driver in content:gmatch("%f[%w]driver:([%w_-]+)") do
      if M.OLD[driver] then add("networkmanager", path, "by-driver", driver) end
    end
  end)
  for dialect, patterns in pairs { netplan = M.NETPLAN, ["cloud-init"] = M.CLOUD } do
    M.each_of(patterns, function(path, content)
      for _, block in ipairs((M.netplan(content))) do add_drivers(dialect, path, block.drivers) end
    end)
  end
  M.each_of(M.UDEV, function(path, content)
    for _, line in ipairs(text.lines(content)) do
      local name = line:match('%f[%w]NAME:?="([%w._-]+)"')
      for _, pair in ipairs(M.is_net_rule(line) and conditions(line) or {}) do
        if pair[1] == "DRIVERS" or pair[1] == "ENV{ID_NET_DRIVER}" then add_drivers("udev", path, M.words(pair[2], "|")) end
        if pair[1] == "KERNELS" or pair[1] == "ENV{ID_PATH}" then add_places("udev", path, { pair[2] }, name) end
      end
    end
  end)
  table.sort(list, function(a, b)
    if a.path ~= b.path then return a.path < b.path end
    return a.kind .. a.value < b.kind .. b.value
  end)
  return list
end

return M
