-- SPDX-License-Identifier: GPL-2.0-or-later
-- Names of disks and of their partitions. All renames of a list apply at once:
-- sda to sdb and sdb to sdc do not chain. A name is a whole word: /dev/sda is
-- no part of /dev/sdaa, and /dev/sda1 is a partition of it.
local M = {}

-- A name that ends in a digit has its partitions after a "p".
local function partition(disk, number)
  if number == "" then return disk end
  return disk .. (disk:match("%d$") and "p" or "") .. number
end

-- Xen's disks by path are numbered: 51712 (202 * 256) is xvda, and each has room for 15 partitions.
local function plain(name)
  local number, part = name:match("^/dev/disk/by%-path/xen%-vbd%-(%d+)%-?p?a?r?t?(%d*)$")
  number = math.tointeger(tonumber(number)) or 0
  if number < 51712 or number >= 51712 + 16 * 16 then return name end
  return "/dev/xvd" .. string.char(97 + (number - 51712) // 16) .. part
end

-- What NAME is called by the renames, or nil if they do not concern it.
function M.renamed(name, by_old)
  name = plain(name)
  if by_old[name] then return by_old[name] end
  local disk, number = name:match("^(/dev/disk/.+)%-part(%d+)$")
  if not disk then disk, number = name:match("^(/dev/mapper/.+)[%-_]part(%d+)$") end
  if disk then
    disk = disk:gsub("^(/dev/disk/by%-id/dm%-uuid%-)part%d+%-", "%1")
    return by_old[disk] and partition(by_old[disk], number)
  end
  number, disk = name:match("^/dev/disk/by%-id/dm%-uuid%-part(%d+)%-(mpath%-.+)$")
  disk = disk and by_old["/dev/disk/by-id/dm-uuid-" .. disk]
  if disk then return partition(disk, number) end
  if name:match("^/dev/disk/") then return nil end
  disk, number = name:match("^(.-%d)p(%d+)$")
  if disk and by_old[disk] then return partition(by_old[disk], number) end
  disk, number = name:match("^(/dev/mapper/.+%a)p(%d+)$")
  if disk and by_old[disk] then return partition(by_old[disk], number) end
  disk, number = name:match("^(.-%D)(%d+)$")
  if disk and by_old[disk] then return partition(by_old[disk], number) end
  return nil
end

-- The table that the functions below take, of a list of { old =, new = }.
function M.renames(list)
  local by_old = {}
  for _, request in ipairs(list) do by_old[request.old] = request.new end
  return by_old
end

-- What the names of the disks in the appliance become, { [name there] = new name }. The second result tells whether such a
-- name is also the old name of another disk: then a text with both kinds of names cannot be read.
function M.here(by_old)
  local by_name, clash = {}, false
  for _, here in ipairs(facts.appliance_disk) do
    for _, name in ipairs(facts.disk_name) do
      if name.disk == here.target then by_name[here.name] = name.new end
    end
    local old = by_old[here.name]
    clash = clash or (old ~= nil and old ~= by_name[here.name])
  end
  return by_name, clash
end

-- What NAME becomes, or nil. Several may stand in one word with colons between, and a colon may go before what is on a disk.
local function replaced(name, by_old, better)
  local new = M.renamed(name, by_old)
  if new then return better and better(name, new) or new end
  local head, rest = name:match("^(/dev/[^:]+):(.+)$")
  if not head then return nil end
  new = M.renamed(head, by_old)
  if new and better then new = better(head, new) or new end
  local more = rest:sub(1, 5) == "/dev/" and replaced(rest, by_old, better)
  return (new or more) and (new or head) .. ":" .. (more or rest) or nil
end

-- TEXT with every name in it renamed. BETTER, a function of a name and its new one, may know a better one.
function M.rename(text, by_old, better)
  return (text:gsub("()(/dev/[%w/_%-%.:]+)", function(at, name)
    if at > 1 and text:sub(at - 1, at - 1):match("[%w_%.%-/]") then return nil end
    local tail = name:match("[%.:]+$") or ""
    name = name:sub(1, #name - #tail)
    local new = replaced(name, by_old, better)
    return new and new .. tail
  end))
end

-- The names in TEXT that the renames would change.
function M.found(text, by_old)
  local list = {}
  for before, name in (" " .. text):gmatch("(.)(/dev/[%w/_%-%.:]+)") do
    name = name:gsub("[%.:]+$", "")
    local new = not before:match("[%w_%.%-/]") and replaced(name, by_old)
    if new and new ~= name then list[#list + 1] = name end
  end
  return list
end

-- The device of what is mounted, and the subvolume of it, or nil. (A logical volume has a name of two parts.)
function M.of_mount(mount)
  local whole = mount.device:match("^btrfsvol:(.+)$")
  if not whole then return mount.device end
  for _, filesystem in ipairs(facts.filesystem) do
    local device = filesystem.device
    if whole:sub(1, #device + 1) == device .. "/" then return device, whole:sub(#device + 2) end
  end
  return whole:match("^(/dev/[^/]+)/(.+)$")
end

return M
