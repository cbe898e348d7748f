-- SPDX-License-Identifier: GPL-2.0-or-later
-- Reads an initramfs: the names of its files, its drivers, and the content of files.
local text = require "lib.text"
local cpio = require "lib.cpio"
local modules = require "lib.modules"
local settings = require "initramfs.settings"
local M = {}

-- How a compressed archive begins, and what in the guest reads it.
local READERS = {
  { "\x1F\x8B", "gzip -dc" },
  { "\x28\xB5\x2F\xFD", "zstd -dc" },
  { "\xFD7zXZ", "xz -dc" },
  { "\x5D\x00\x00", "xz -dc --format=lzma" },
  { "\x02\x21\x4C\x18", "lz4 -dc" },
  { "BZh", "bzip2 -dc" },
  { "\x89LZO", "lzop -dc" },
}

local function quote(word)
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

-- What lists an archive: not every system has cpio, but those without have libarchive's tar.
local LISTER = "if command -v cpio >/dev/null; then cpio -it --quiet; else bsdtar -tf -; fi"

-- What reads an archive whose first bytes are MAGIC, as a command of the shell; nil if none is known.
local function reader_of(magic)
  for _, reader in ipairs(READERS) do
    if magic:sub(1, #reader[1]) == reader[1] then return reader[2] .. " 2>/dev/null" end
  end
end

local function walk(initrd)
  return cpio.walk(function(at, length) return text.bytes(initrd, at, length) end, 20000)
end

-- The names in it. The guest's own TOOL lists them too, but takes up to ten times as long for what it also looks at.
local function listed(initrd, tool)
  local names, magic, offset = walk(initrd)
  if not magic then return names end
  local reader = reader_of(magic)
  if reader then
    local ok, found = pcall(guest.query, { "sh", "-c",
      "tail -c +" .. offset + 1 .. " " .. quote(initrd) .. " | " .. reader .. " | { " .. LISTER .. "; }" })
    -- What is in front of what is compressed belongs to it.
    if ok and found:find("\n", 1, true) then return table.move(text.lines(found), 1, #text.lines(found), #names + 1, names) end
  end
  if not tool then return {} end
  local ok, found = pcall(guest.query, { tool, initrd })
  return ok and text.lines(found) or {}
end

function M.listing(initrd, tool)
  local names = listed(initrd, tool)
  for number, name in ipairs(names) do names[number] = name:gsub("^%./", "") end
  return names
end

-- No file of configuration is longer.
local FILE_MAX = 128 * 1024

-- Patterns of one command line: the kernel takes no argument of more than 128 KiB.
local PATTERNS_MAX = 64 * 1024

-- Unpacks what patterns name into a directory of the memory that /dev is, and prints the files of text: the length, the
-- name, the content.
local UNPACK = [[
d=$(mktemp -d /dev/v2v.XXXXXX 2>/dev/null || mktemp -d) || exit 1
trap 'rm -rf "$d"' EXIT
cd "$d" || exit 1
set -- %s
tail -c +%d %s | %s | { if command -v cpio >/dev/null; then cpio -id --quiet "$@"; else bsdtar -xf - "$@"; fi; } >/dev/null 2>&1
find . -type f | while IFS= read -r f; do
  n=$(wc -c <"$f")
  [ "$n" -le %d ] && [ "$(tr -d '\000' <"$f" | wc -c)" -eq "$n" ] || continue
  printf '%%d %%s\n' "$n" "${f#./}"
  cat "$f"
done]]

-- Adds to FOUND, name -> content, what UNPACK printed; false if that is something else.
local function add_files(found, output)
  local at = 1
  while at <= #output do
    local size, name, start = output:match("^(%d+) ([^\n]*)\n()", at)
    if not size then return false end
    found[name] = output:sub(start, start + tonumber(size) - 1)
    at = start + tonumber(size)
  end
  return true
end

-- The content of those of NAMES (as in the listing) that are files of text, name -> content; nil if it cannot be read.
function M.contents(initrd, names)
  local found = {}
  if #names == 0 then return found end
  local all, magic, offset, places = walk(initrd)
  for _, name in ipairs(names) do
    local place = places[name] or places["./" .. name]
    if place and place.size <= FILE_MAX then found[name] = text.bytes(initrd, place.offset, place.size) end
  end
  if not magic then return #all > 0 and found or nil end
  local reader = reader_of(magic)
  if not reader then return nil end
  local lists = { "" }
  for _, name in ipairs(names) do
    if not found[name] and not name:find("%c") then
      local pattern = name:gsub("[%[%]*?\\]", "\\%0")
      if #lists[#lists] > PATTERNS_MAX then lists[#lists + 1] = "" end
      lists[#lists] = lists[#lists] .. " " .. quote(pattern) .. " " .. quote("./" .. pattern)
    end
  end
  for _, list in ipairs(lists) do
    -- Without a pattern, all would be unpacked.
    if list == "" then return found end
    local ok, output = pcall(guest.query, { "sh", "-c", UNPACK:format(list, offset + 1, quote(initrd), reader, FILE_MAX) })
    if not ok or not add_files(found, output) then return nil end
  end
  return found
end

-- The modules of a list of files: a set of names, those that are part of the kernel included.
function M.modules(files, version)
  local held = modules.builtin(modules.directory(version))
  for _, line in ipairs(files) do
    local file = line:match("([^/%s]+%.ko[%.%w]*)%s*$")
    if file then held[modules.name(file)] = true end
  end
  return held
end

-- The modules that INITRD holds or that are part of its kernel, by its own word: sorted names.
function M.own_modules(initrd)
  local listing, lists, names = M.listing(initrd), {}, {}
  for _, name in ipairs(listing) do
    if name:match("modules%.builtin$") then lists[#lists + 1] = name end
    local file = name:match("([^/%s]+%.ko[%.%w]*)%s*$")
    if file then names[modules.name(file)] = true end
  end
  for _, content in pairs(M.contents(initrd, lists) or {}) do
    for _, line in ipairs(text.lines(content)) do names[modules.name(line)] = true end
  end
  return text.sorted(names)
end

-- The drivers that the plan wants in a kernel's initramfs, sorted.
function M.wanted(version)
  local drivers = {}
  for _, request in ipairs(requests.enable_driver) do
    if request.kernel == version then drivers[#drivers + 1] = request.driver end
  end
  table.sort(drivers)
  return drivers
end

-- The initramfs of a kernel: the one that it has, or the one to be made, by TEMPLATE with what its image is called by. That is
-- the version or, where images keep their names, a flavour.
function M.initrd(version, template)
  for _, kernel in ipairs(facts.kernel) do
    if kernel.version == version and kernel.initrd then return kernel.initrd end
  end
  for _, kernel in ipairs(facts.kernel) do
    local label = kernel.version == version and kernel.image and kernel.image:match("^/boot/%a+%-([^/]+)$")
    if label then return (template:format(label)) end
  end
  return (template:format(version))
end

-- Does it hold the program that loads a driver for every device it finds?
function M.has_udev(initrd)
  for _, line in ipairs(M.listing(initrd)) do
    if line:match("udevd$") then return true end
  end
  return false
end

-- Is there an initramfs, does it hold all of DRIVERS, and none of the settings that were changed? Where it is to be made anew always, none
-- does, unless the guest is as it was, having been converted before.
function M.suffices(initrd, version, drivers, tool)
  if facts.option.initramfs == "rebuild" and #guest.changed() > 0 then return false end
  if not guest.is_file(initrd, { followsymlinks = true }) or text.size(initrd) == 0 then return false end
  local listing = M.listing(initrd, tool)
  local names = M.modules(listing, version)
  for _, driver in ipairs(drivers) do
    if not names[(driver:gsub("%-", "_"))] then return false end
  end
  local outdated, anew = settings.outdated(listing, function(wanted) return M.contents(initrd, wanted) end)
  return not anew and #outdated == 0
end

return M
