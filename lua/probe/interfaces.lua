-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds the name of each network interface under the source's hypervisor, and what configures it. The name comes from, in
-- this order: the command line; what the guest's files bind to the hardware address; the name that udev makes from the
-- card's place; the order in which the machine assigns slots; and last, that only one name and one card are left. If more
-- than one name is possible, none is chosen.
local text = require "lib.text"
local configured = require "network.configured"
local matches = require "network.matches"
local places = require "network.places"
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

-- What drives a model of card, where it is called otherwise.
local DRIVERS = { vlance = "pcnet32", pcnet = "pcnet32", flexible = "pcnet32", vmxnet2 = "vmxnet", rtl8139 = "8139cp" }

-- The cards of LIST in the order in which module loading finds them: eth0 has a driver, and so on. Nil if that does not say it of all.
local function by_alias(list)
  local aliases, out, used = configured.aliases(), {}, {}
  for i = 1, #list do
    local driver = aliases["eth" .. i - 1]
    for _, record in ipairs(driver and list or {}) do
      local model = record.nic.model
      if not out[i] and not used[record] and (model == driver or DRIVERS[model or ""] == driver) then out[i], used[record] = record, true end
    end
    if not out[i] then return nil end
  end
  return out
end

-- How a kernel counts the cards if it counts them at all: the cards in the order of their places. Nil: nothing says in which,
-- since their places are not known, or since drivers of several kinds find them, whose order is not known. The second value
-- says that the places were inferred.
local function in_bus_order(records)
  local list, models, placed, rows = {}, {}, 0, {}
  for i, record in ipairs(records) do
    list[i] = record
    record.place = places.place_of(record.nic)
    if record.place then placed = placed + 1 end
    models[record.nic.model or ""] = true
    rows[places.row_of(record.nic) or ""] = true
  end
  if #records < 2 or placed == 0 and rows[""] then return list end
  if placed > 0 and placed < #records then return nil end
  if placed == #records then table.sort(list, function(a, b) return places.before(a.place, b.place) end) end
  if next(models, next(models)) ~= nil then return by_alias(list) end
  if placed == #records then return list end
  -- Controllers of disks are older than cards, as a rule, and had their turn before them.
  local row = next(rows)
  local slots = places.slots_of(row)
  local users = math.min(places.users_of(row), #slots - #records)
  if users < 0 then return nil end
  local likely = {}
  for i, record in ipairs(records) do
    local entry = slots[users + i]
    likely[record] = { bus = entry.bus, device = entry.device, part = 0 }
  end
  table.sort(list, function(a, b) return places.before(likely[a], likely[b]) end)
  for i, record in ipairs(records) do
    if list[i] ~= record then return list, true end
  end
  return list
end

-- What the card is called for its place, and what rules say that the hypervisor's machine makes of the NUMBERth;
-- last, COUNTED, what a kernel calls it that counts.
local function candidates(nic, number, by_name, counted)
  local list, entry, place = {}, places.slot_of(nic), places.place_of(nic)
  if entry then
    list[1] = entry.name
  elseif nic.slot then
    list[1] = "ens" .. nic.slot
    list[2] = "eno" .. nic.slot
  end
  if place then
    for _, name in ipairs(places.names_of_place(place)) do list[#list + 1] = name end
    for _, name in ipairs(text.sorted(by_name)) do
      if places.is_onboard(name, place) then list[#list + 1] = name end
    end
  end
  for _, known in ipairs(facts.nic_name) do
    if known.number == number - 1 then list[#list + 1] = known.name end
  end
  -- By the address, where a card has no place.
  list[#list + 1] = "enx" .. nic.mac:gsub(":", "")
  list[#list + 1] = counted
  return list
end

-- Newer versions of udev put the name of a card's port behind it, and a function that is the first of several: ens192np0, enp3s0f0.
local function bare(name) return (name:gsub("np%d+$", ""):gsub("^(enp%d+s%d+)f0$", "%1")) end

-- ---- what files say ----

-- The turn of the slot whose card is called NAME, or nil.
local function turn_of(name, slots)
  for _, entry in ipairs(slots) do
    local place = { bus = entry.bus, device = entry.device, part = 0 }
    if entry.name == name or places.is_onboard(name, place) then return entry.turn end
    for _, known in ipairs(places.names_of_place(place)) do
      if known == name then return entry.turn end
    end
  end
end

-- What udev would call cards of the new machine of itself, by its two kinds of PCI.
local NEW = { "enp1s0", "ens3" }

-- Does one of PATTERNS need the card to keep its NAME, since what it would be called on the new machine does not fit?
local function needs_name(name, patterns)
  for _, item in ipairs(patterns) do
    for _, pattern in ipairs(item.patterns) do
      if configured.fits(name, pattern) and not (configured.fits(NEW[1], pattern) and configured.fits(NEW[2], pattern)) then return true end
    end
  end
  return false
end

-- Pairs of a card and a name that belong together because the machine gives its slots out in turn. As many names of a row of slots are
-- left as CARDS that get theirs from it, and the row has no more gaps than other devices account for; or no other device gets
-- slots of this row, so that the turn says which of all RECORDS it is.
local function in_turn(cards, names, taken, records)
  local function by_row(list)
    local rows = {}
    for _, record in ipairs(list) do
      local row = not places.place_of(record.nic) and not record.nic.slot and places.row_of(record.nic)
      if row then
        rows[row] = rows[row] or {}
        table.insert(rows[row], record)
      end
    end
    return rows
  end
  local pairs_of, all = {}, by_row(records)
  for row, of_row in pairs(by_row(cards)) do
    local slots, found, used = places.slots_of(row), {}, 0
    for _, name in ipairs(names) do
      local turn = turn_of(name, slots)
      if turn then found[#found + 1] = { name = name, turn = turn } end
    end
    for name in pairs(taken) do
      if turn_of(name, slots) then used = used + 1 end
    end
    table.sort(found, function(a, b) return a.turn < b.turn end)
    -- Metadata may leave out the controller that had the first turn of all.
    local users = places.users_of(row)
    if users == 0 and #found > 0 and found[1].turn > 0 then users = 1 end
    if #found == #of_row and found[#found].turn + 1 - #found - used <= users then
      for i, record in ipairs(of_row) do pairs_of[record] = found[i].name end
    elseif #found < #of_row and #found == #names and places.users_of(row) == 0 then
      for _, item in ipairs(found) do
        local record = all[row][item.turn + 1]
        if record and not record.name then pairs_of[record] = item.name end
      end
    end
  end
  return pairs_of
end

-- What files configure for cards that the new machine will not have. UNCLEAR: names of which it was said already that they may be lost.
function M.lost(records, files, patterns, mentions, unclear)
  local lost = { interfaces = {}, cards = {} }
  local names, macs, unnamed, seen = {}, {}, false, {}
  for _, record in ipairs(records) do
    macs[record.mac] = true
    if record.name then names[record.name] = true else unnamed = true end
  end
  local function fits(item)
    for _, pattern in ipairs(item.patterns) do
      for name in pairs(names) do
        if configured.fits(name, pattern) then return true end
      end
      if unnamed and configured.fits(NEW[1], pattern) and configured.fits(NEW[2], pattern) then return true end
    end
    for _, name in ipairs(item.names) do
      if names[name] then return true end
    end
    return false
  end
  local fitting = {}
  for _, item in ipairs(patterns) do
    if fits(item) then
      fitting[item.path] = true
    elseif #records > 0 then
      table.insert(lost.interfaces, { path = item.path, name = item.patterns[1], how = "by-pattern", manager = item.manager })
    end
  end
  for _, file in ipairs(files) do
    local known = file.mac and file.matches
    if known and not macs[file.mac] then
      if not seen[file.path .. file.mac] then table.insert(lost.cards, { path = file.path, mac = file.mac, manager = file.manager }) end
      seen[file.path .. file.mac] = true
    elseif not known and file.name and not names[file.name] and not unclear[file.name] and not fitting[file.path] and not seen[file.name] then
      seen[file.name] = true
      table.insert(lost.interfaces, { path = file.path, name = file.name, how = "by-name", manager = file.manager })
    end
  end
  for _, name in ipairs(text.sorted(mentions)) do
    for _, path in ipairs(not names[name] and not seen[name] and not unclear[name] and mentions[name] or {}) do
      table.insert(lost.interfaces, { path = path, name = name, how = "mentioned" })
    end
  end
  return lost
end

function M.interfaces()
  local files, by_mac, by_name = configured.list(), configured.bound(), {}
  local of_cards = {}
  for _, nic in ipairs(facts.nic) do of_cards[nic.mac or ""] = true end
  for _, file in ipairs(files) do
    -- An address that a file gives a card says nothing of which card it is, unless it is the one that the card has anyway.
    if not file.matches and not of_cards[file.mac] then file.mac = nil end
    if file.mac and file.name and not by_mac[file.mac] then by_mac[file.mac] = file.name end
    if file.name then by_name[file.name] = by_name[file.name] or file end
  end
  for _, item in ipairs(matches.list()) do
    local mac = item.kind == "by-place" and configured.is_name(item.name) and places.mac_at(item.value)
    if mac and not by_mac[mac] then by_mac[mac] = item.name end
  end
  for _, mapping in ipairs(facts.mapping) do
    if mapping.kind == "name" then
      if not configured.is_name(mapping.new) then
        fail("--mac " .. mapping.old .. ":name:" .. mapping.new .. ": expected an interface name of at most 15 letters, digits, dots, - and _")
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

  local order, inferred = in_bus_order(records)
  for i, record in ipairs(order or {}) do record.counted = "eth" .. i - 1 end

  -- By the place of the card, if a file uses that name, or names that it is one of.
  local patterns, mentions = configured.patterns(), configured.mentions()
  local function in_use(name, record)
    if by_name[name] then return true end
    return name ~= record.counted and (mentions[name] ~= nil or needs_name(name, patterns))
  end
  local guessed, longer = {}, {}
  for _, name in ipairs(text.sorted(by_name)) do
    if bare(name) ~= name then longer[bare(name)] = name end
  end
  for _, record in ipairs(records) do
    if not record.name then
      for _, name in ipairs(candidates(record.nic, record.number, by_name, record.counted)) do
        if not by_name[name] and longer[name] then name = longer[name] end
        if not record.name and not taken[name] and in_use(name, record) then
          take(record, name)
          if inferred and name == record.counted then guessed[#guessed + 1] = record end
        end
      end
    end
  end
  -- One card and one name are left: they belong together. A card that files know by its address needs no name.
  local known = {}
  for _, file in ipairs(files) do
    if file.mac then known[file.mac] = true end
  end
  local function left()
    local cards, names = {}, {}
    for _, record in ipairs(records) do
      if not record.name and not known[record.mac] then cards[#cards + 1] = record end
    end
    for _, name in ipairs(text.sorted(by_name)) do
      if not taken[name] then names[#names + 1] = name end
    end
    return cards, names
  end
  local cards, names = left()
  if #cards > 1 then
    local turns = in_turn(cards, names, taken, records)
    for _, record in ipairs(cards) do
      if turns[record] then
        take(record, turns[record])
        guessed[#guessed + 1] = record
      end
    end
    cards, names = left()
  end
  if #guessed > 0 then
    local said = {}
    for i, record in ipairs(guessed) do said[i] = record.name .. " is " .. record.mac end
    log.warn("the metadata does not say in which slots of the machine the network cards are; inferred from the order in which the hypervisor assigns slots: " .. table.concat(said, ", ")
      .. "; compare with the addresses that the guest shows, and where that is wrong say it with --mac ADDRESS:name:NAME")
  end
  local mentioned = {}
  for _, name in ipairs(text.sorted(mentions)) do
    if not taken[name] then mentioned[#mentioned + 1] = name end
  end
  local unclear = {}
  if #cards == 1 and #names == 1 then
    take(cards[1], names[1])
  elseif #cards == 1 and #names == 0 and #mentioned == 1 then
    take(cards[1], mentioned[1])
  elseif #cards > 0 and #names > 0 then
    local addresses, spots = {}, {}
    for i, record in ipairs(cards) do addresses[i] = record.mac end
    unclear = text.set(names)
    for i, name in ipairs(names) do spots[i] = name .. " (" .. by_name[name].path .. ")" end
    log.warn("the network configuration of the guest has " .. table.concat(spots, ", ") .. ", and nothing says which of the interfaces "
      .. table.concat(addresses, ", ") .. " that is: say it with --mac ADDRESS:name:NAME, or they may come up under other names and without their addresses")
  end
  -- What no file mentions has the name that the kernel counted, where udev names none by their place.
  local counted = facts.source.plain_interfaces or facts.init.system ~= "systemd"
  for _, record in ipairs(records) do
    local name = record.counted
    if not record.name and counted and name and not known[record.mac] and not taken[name] and #names == 0 then take(record, name) end
  end

  local lost = M.lost(records, files, patterns, mentions, unclear)
  local usual = manager_of_guest(files)
  for _, record in ipairs(records) do
    for _, file in ipairs(files) do
      if not record.manager and (file.mac == record.mac or record.name and file.name == record.name) then record.manager = file.manager end
    end
    record.manager = record.manager or usual
    record.nic, record.number, record.counted, record.place = nil, nil, nil, nil
  end
  return { interface = records, lost_interface = lost.interfaces, lost_card = lost.cards }
end

return M
