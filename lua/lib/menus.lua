-- SPDX-License-Identifier: GPL-2.0-or-later
-- The menu of a boot loader of any kind: the kernels that it can start, and the one that it starts by default.
local text = require "lib.text"
local grub = require "lib.grub"
local bls = require "lib.bls"
local extlinux = require "lib.extlinux"
local M = {}

-- The default of a grub.cfg: an entry's number, title or id; nil if there is none. The second result tells whether it is
-- kept in the environment block.
function M.grub2_default(config, content)
  local default
  for value in content:gmatch("set default=[\"']?([^\"'\n]*)") do
    if not value:find("next_entry", 1, true) then default = value end
  end
  if default and not default:find("saved_entry", 1, true) then return default ~= "" and default or nil, false end
  return grub.environment(text.read(config:gsub("[^/]*$", "") .. "grubenv")).saved_entry, true
end

-- What a pattern of systemd-boot's loader.conf means as one of Lua.
local function pattern_of(glob)
  return "^" .. glob:gsub("[%^%$%(%)%%%.%+%-]", "%%%0"):gsub("%*", ".*"):gsub("%?", ".") .. "$"
end

function M.systemd_default(content)
  return ("\n" .. content):match("\n%s*default%s+(%S+)")
end

function M.systemd_chosen(entries, default)
  for _, entry in ipairs(entries) do
    if default and ((entry.id .. ".conf"):match(pattern_of(default)) or entry.id:match(pattern_of(default))) then return entry end
  end
  return entries[1]
end

-- The entries of LOADER (the fact), and the one it starts; an empty list if it is none whose menu is known.
function M.read(loader)
  local content = loader.config and text.read(loader.config)
  if not content then return {} end
  if loader.kind == "grub-legacy" then
    local menu = grub.legacy(content)
    return menu.entries, menu.entries[menu.default + 1] or menu.entries[1]
  elseif loader.kind == "grub2" then
    local entries = loader.bls and bls.entries { bls.directory(loader.config) } or grub.grub2_entries(content)
    return entries, grub.chosen(entries, (M.grub2_default(loader.config, content)))
  elseif loader.kind == "extlinux" then
    local menu = extlinux.menu(content)
    return menu.entries, extlinux.chosen(menu)
  elseif loader.kind == "systemd-boot" then
    local entries = bls.entries(bls.DIRECTORIES)
    return entries, M.systemd_chosen(entries, M.systemd_default(content))
  end
  return {}
end

return M
