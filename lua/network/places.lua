-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds the places of network cards in the source's machine, from its domain and from what rules say about its slots.
local M = {}

local function integer(value) return math.tointeger(tonumber(value)) end

-- What rules say of the slot that a card's metadata names, or nil.
function M.slot_of(nic)
  for _, entry in ipairs(facts.nic_slot) do
    if entry.slot == nic.slot then return entry end
  end
end

-- The bus, device and function of a card: what its domain says, or what rules say of its slot.
function M.place_of(nic)
  local bus, device = integer(nic.bus), integer(nic.device)
  if bus and device then return { bus = bus, device = device, part = integer(nic.part) or 0 } end
  local entry = M.slot_of(nic)
  return entry and { bus = entry.bus, device = entry.device, part = 0 }
end

function M.before(a, b)
  if a.bus ~= b.bus then return a.bus < b.bus end
  if a.device ~= b.device then return a.device < b.device end
  return a.part < b.part
end

-- The row of slots from which the machine gives one to a card, or nil: by its model, or the only one there is.
function M.row_of(nic)
  for _, known in ipairs(facts.nic_row) do
    if known.model == nic.model then return known.row end
  end
  local rows = {}
  for _, entry in ipairs(facts.nic_slot) do rows[entry.row] = true end
  local row = next(rows)
  return #facts.nic_row == 0 and row and next(rows, row) == nil and row or nil
end

-- The slots of a row in the order in which the machine gives them out.
function M.slots_of(row)
  local list = {}
  for _, entry in ipairs(facts.nic_slot) do
    if entry.row == row then list[#list + 1] = entry end
  end
  table.sort(list, function(a, b) return a.turn < b.turn end)
  return list
end

function M.users_of(row)
  local count = 0
  for _, user in ipairs(facts.nic_slot_user) do
    if user.row == row then count = count + 1 end
  end
  return count
end

-- What udev calls a card in a place.
function M.names_of_place(place)
  local list = { "enp" .. place.bus .. "s" .. place.device .. (place.part > 0 and "f" .. place.part or "") }
  if place.bus == 0 then list[2] = "ens" .. place.device end
  return list
end

-- VMware's firmware numbers onboard devices: a number that counts the cards, and below it the place. (eno16777736)
function M.is_onboard(name, place)
  local index = integer(name:match("^eno(%d+)$"))
  return index ~= nil and index >> 24 > 0 and index & 0xffff == place.bus << 8 | place.device << 3 | place.part
end

-- Which card is in a place that is written as PCI addresses are (0000:0b:00.0, or pci-0000:0b:00.0 in a path of udev's): its
-- hardware address, or nil. A card with an address that is not known is of no use.
function M.mac_at(text)
  local bus, device, part = text:match("^p?c?i?%-?0000:(%x%x):(%x%x)%.(%x)$")
  if not bus then return nil end
  local found
  for _, nic in ipairs(facts.nic) do
    local place = M.place_of(nic)
    if place and nic.mac and nic.mac ~= "" and place.bus == tonumber(bus, 16) and place.device == tonumber(device, 16) and place.part == tonumber(part, 16) then
      if found then return nil end
      found = nic.mac
    end
  end
  return found
end

return M
