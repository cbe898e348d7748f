-- SPDX-License-Identifier: GPL-2.0-or-later
-- What each network interface is called under the source's hypervisor, and who configures it: by the command line,
-- by what the guest's files bind to its hardware address, by what the machine makes udev call it, and last
-- because no other name is left. Nothing is guessed: of two that could be meant, none is taken.
local text = require "lib.text"
local configured = require "network.configured"
local M = {}

-- Who would configure an interface that no file mentions.
local MANAGERS = {
  { "netplan", { "/usr/sbin/netplan", "/sbin/netplan" } },
  { "networkmanager", { "/usr/sbin/NetworkManager" } },
  { "networkd", { "/etc/systemd/system/multi-user.target.wants/systemd-networkd.service" } },
  { "ifupdown", { "/etc/network/interfaces" } },
  { "ifcfg", { "/etc/sysconfig/network-scripts/ifup", "/etc/sysconfig/network-scripts/ifup-eth" } },
  { "wicked", { "/etc/sysconfig/network/config" } },
}

local function manager_of_guest(files)
  local found, count = {}, 0
  for _, file in ipairs(files) do
    if not found[file.manager] then count = count + 1 end
    found[file.manager] = true
  end
  if count == 1 then return next(found) end
  for _, entry in ipairs(MANAGERS) do
    for _, path in ipairs(entry[2]) do
      if guest.is_file(path, { followsymlinks = true }) or guest.is_symlink(path) then return entry[1] end
    end
  end
end

local function integer(value) return math.tointeger(tonumber(value)) end

-- What udev would call the card by its place, and what rules say that the hypervisor's machine makes of the NUMBERth.
local function candidates(nic, number)
  local list = {}
  if nic.slot then
    list[1] = "ens" .. nic.slot
    list[2] = "eno" .. nic.slot
  end
  local bus, device, part = integer(nic.bus), integer(nic.device), integer(nic.part)
  if bus and device then
    list[#list + 1] = "enp" .. bus .. "s" .. device .. (part and part > 0 and "f" .. part or "")
    if bus == 0 then list[#list + 1] = "ens" .. device end
  end
  for _, known in ipairs(facts.nic_name) do
    if known.number == number - 1 then list[#list + 1] = known.name end
  end
  list[#list + 1] = "eth" .. number - 1
  return list
end

function M.interfaces()
  local files, by_mac, by_name = configured.list(), configured.bound(), {}
  for _, file in ipairs(files) do
    if file.mac and file.name and not by_mac[file.mac] then by_mac[file.mac] = file.name end
    if file.name then by_name[file.name] = by_name[file.name] or file end
  end
  for _, mapping in ipairs(facts.mapping) do
    if mapping.kind == "name" then
      if not configured.is_name(mapping.new) then
        fail("--mac " .. mapping.old .. ":name:" .. mapping.new .. ": expected the name of an interface, of at most 15 letters, digits, dots, - and _")
      end
      by_mac[mapping.old] = mapping.new
    end
  end

  local records, taken = {}, {}
  for _, nic in ipairs(facts.nic) do
    if nic.mac and nic.mac ~= "" then
      local name = by_mac[nic.mac]
      if name then taken[name] = true end
      records[#records + 1] = { mac = nic.mac, name = name, nic = nic, number = #records + 1 }
    end
  end
  for _, name in pairs(by_mac) do taken[name] = true end
  local function take(record, name)
    record.name, taken[name] = name, true
  end

  -- By the place of the card, if a file uses that name.
  for _, record in ipairs(records) do
    if not record.name then
      for _, name in ipairs(candidates(record.nic, record.number)) do
        if not record.name and by_name[name] and not taken[name] then take(record, name) end
      end
    end
  end
  -- One card and one name are left: they belong together. A card that files know by its address needs no name.
  local known = {}
  for _, file in ipairs(files) do
    if file.mac then known[file.mac] = true end
  end
  local cards, names = {}, {}
  for _, record in ipairs(records) do
    if not record.name and not known[record.mac] then cards[#cards + 1] = record end
  end
  for _, name in ipairs(text.sorted(by_name)) do
    if not taken[name] then names[#names + 1] = name end
  end
  if #cards == 1 and #names == 1 then
    take(cards[1], names[1])
  elseif #cards > 0 and #names > 0 then
    local addresses, places = {}, {}
    for i, record in ipairs(cards) do addresses[i] = record.mac end
    for i, name in ipairs(names) do places[i] = name .. " (" .. by_name[name].path .. ")" end
    log.warn("the network configuration of the guest has " .. table.concat(places, ", ") .. ", and nothing says which of the interfaces "
      .. table.concat(addresses, ", ") .. " that is: say it with --mac ADDRESS:name:NAME, or they may come up under other names and without their addresses")
  end
  -- What no file mentions has the name that the kernel counted, where udev names none by their place.
  local counted = facts.source.plain_interfaces or facts.init.system ~= "systemd"
  for _, record in ipairs(records) do
    local name = "eth" .. record.number - 1
    if not record.name and counted and not known[record.mac] and not taken[name] and #names == 0 then take(record, name) end
  end

  local usual = manager_of_guest(files)
  for _, record in ipairs(records) do
    for _, file in ipairs(files) do
      if not record.manager and (file.mac == record.mac or record.name and file.name == record.name) then record.manager = file.manager end
    end
    record.manager = record.manager or usual
    record.nic, record.number = nil, nil
  end
  return records
end

return M
