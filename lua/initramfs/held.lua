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

-- The names in it. The guest's own TOOL lists them too, but takes up to ten times as long for what it also looks at.
local function listed(initrd, tool)
  local names, magic, offset = cpio.walk(function(at, length) return text.bytes(initrd, at, length) end, 20000)
  if not magic then return names end
  for _, reader in ipairs(READERS) do
    if magic:sub(1, #reader[1]) == reader[1] then
      return text.lines(guest.query { "sh", "-c",
        "tail -c +" .. offset + 1 .. " " .. quote(initrd) .. " | " .. reader[2] .. " 2>/dev/null | cpio -it --quiet" })
    end
  end
  return tool and text.lines(guest.query { tool, initrd }) or {}
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
