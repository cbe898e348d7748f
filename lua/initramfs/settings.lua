-- SPDX-License-Identifier: GPL-2.0-or-later
-- Changes the copies of the guest's settings that an initramfs contains. The copies were made before the guest was changed,
-- so each is compared with its original, and changed in the same way; copies that only name disks, as tools write them, get
-- the new names.
local text = require "lib.text"
local devices = require "lib.devices"
local stable = require "disks.stable"
local M = {}

-- Where the names of disks can be in an initramfs, and what is below and has none.
local PLACES = { "^etc/", "^conf/", "^cryptroot/", "^cmdline", "^initqueue", "^usr/lib/dracut/hooks/", "^lib/dracut/hooks/", "^var/lib/dracut/hooks/" }
local OTHERS = { "^etc/udev/hwdb", "^etc/ld%.so", "^etc/ssl/", "^etc/pki/", "^etc/ca%-", "^etc/console", "^etc/fonts/", "^etc/selinux/" }

local function fits(name, patterns)
  for _, pattern in ipairs(patterns) do
    if name:match(pattern) then return true end
  end
  return false
end

-- What copies of the file PATH are called.
local function copies(path)
  local names = { path:sub(2), "usr" .. path }
  local file = path:match("^/etc/initramfs%-tools/(conf%.d/[^/]+)$") or path:match("^/etc/initramfs%-tools/(initramfs%.conf)$")
  if file then names[#names + 1] = "conf/" .. file end
  if path == "/etc/crypttab" then
    names[#names + 1] = "cryptroot/crypttab"
    names[#names + 1] = "conf/conf.d/cryptroot"
  end
  if path == "/etc/fstab" then names[#names + 1] = "etc/fstab.sys" end
  return names
end

-- The disk that systemd waits for by a link of this NAME, such as initrd.target.wants/dev-sda2.device; empty if it is none.
local function awaited(name)
  local unit = name:match("%.wants/(dev%-[^/]*)%.device$") or name:match("%.requires/(dev%-[^/]*)%.device$")
  if not unit then return "" end
  return (("/" .. unit:gsub("%-", "/")):gsub("\\x(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

-- COPY, of a file that was BASE and is NOW, with the same change. Lines that the copy has not got stay as they are in it.
function M.changed(copy, base, now)
  if copy == base then return now end
  local old, new = text.lines(base), text.lines(now)
  local becomes = {}
  if #old == #new then
    for i, line in ipairs(old) do
      if line ~= new[i] then becomes[line] = new[i] end
    end
  else
    local first, last = 1, 0
    while first <= #old and old[first] == new[first] do first = first + 1 end
    while last < #old - first + 1 and last < #new - first + 1 and old[#old - last] == new[#new - last] do last = last + 1 end
    -- The new lines take the place of the first of the old ones.
    local more = table.concat(new, "\n", first, #new - last)
    for i = #old - last, first, -1 do becomes[old[i]] = false end
    if first <= #old - last then becomes[old[first]] = more ~= "" and more or false end
  end
  return text.map_lines(copy, function(line)
    if line ~= "" then return becomes[line] end
  end)
end

local function renamed(content, renames)
  if not content:find("/dev/", 1, true) then return content end
  return text.map_lines(content, function(line)
    if not line:match("^%s*#") then return devices.rename(line, renames, stable.path) end
  end)
end

-- What the copies in an initramfs with the names LISTING have to be: a list of { path =, content = } of those that are not so. READ is a
-- function of a list of names that returns what they hold, or nil. The second result tells that only an initramfs made anew would do.
function M.outdated(listing, read)
  local there, origins, wanted, outdated, anew = text.set(listing), {}, {}, {}, false
  local renames = devices.renames(requests.remap_device)
  for _, path in ipairs(guest.changed()) do
    -- What is under the name of a file that was made just now is no copy of it.
    for _, name in ipairs(guest.original(path) and copies(path) or {}) do
      if there[name] then origins[name] = path end
    end
  end
  for name in pairs(there) do
    local named = next(renames) and fits(name, PLACES) and not fits(name, OTHERS)
    if origins[name] or named then wanted[#wanted + 1] = name end
    -- No archive behind the others can take a link away.
    if named then anew = anew or #devices.found(awaited(name), renames) > 0 end
  end
  table.sort(wanted)
  local contents = read(wanted)
  if not contents then return {}, anew or next(origins) ~= nil end
  for _, name in ipairs(wanted) do
    local copy, path = contents[name], origins[name]
    if copy then
      local content = copy
      if path then content = M.changed(copy, guest.original(path), text.read(path) or "") end
      content = renamed(content, renames)
      if content ~= copy then outdated[#outdated + 1] = { path = name, content = content } end
    end
  end
  return outdated, anew
end

return M
