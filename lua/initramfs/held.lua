-- SPDX-License-Identifier: GPL-2.0-or-later
-- Which drivers an initramfs holds.
local text = require "lib.text"
local cpio = require "lib.cpio"
local modules = require "lib.modules"
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

-- The names in it. The guest's own TOOL lists them too, but takes up to ten times as long for what it also looks at.
local function listed(initrd, tool)
  local names, magic, offset = cpio.walk(function(at, length) return text.bytes(initrd, at, length) end, 20000)
  if not magic then return names end
  for _, reader in ipairs(READERS) do
    if magic:sub(1, #reader[1]) == reader[1] then
      local ok, found = pcall(guest.query, { "sh", "-c",
        "tail -c +" .. offset + 1 .. " " .. quote(initrd) .. " | " .. reader[2] .. " 2>/dev/null | { " .. LISTER .. "; }" })
      if ok and found:find("\n", 1, true) then return text.lines(found) end
    end
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

-- The modules of a list of files: a set of names, those that are part of the kernel included.
function M.modules(files, version)
  local held = modules.builtin(modules.folder(version))
  for _, line in ipairs(files) do
    local file = line:match("([^/%s]+%.ko[%.%w]*)%s*$")
    if file then held[modules.name(file)] = true end
  end
  return held
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

-- Is there an initramfs, and does it hold all of DRIVERS?
function M.suffices(initrd, version, drivers, tool)
  if not guest.is_file(initrd, { followsymlinks = true }) or text.size(initrd) == 0 then return false end
  local names = M.modules(M.listing(initrd, tool), version)
  for _, driver in ipairs(drivers) do
    if not names[(driver:gsub("%-", "_"))] then return false end
  end
  return true
end

return M
