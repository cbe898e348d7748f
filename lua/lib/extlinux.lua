-- SPDX-License-Identifier: GPL-2.0-or-later
-- The configuration of extlinux and syslinux, which U-Boot reads as well.
local text = require "lib.text"
local grub = require "lib.grub"
local M = {}

-- { lines =, default = label, default_line =, entries = { { label =, title =, kernel =, initrds = list, version =, arguments =, first =, last =, menu_default = line } } }
-- Words are of either case.
function M.menu(content)
  local menu = { entries = {}, lines = text.lines(content) }
  for number, line in ipairs(menu.lines) do
    local word, rest = line:match("^%s*(%a+)%s+(.-)%s*$")
    word = word and word:lower()
    local entry = menu.entries[#menu.entries]
    if word == "label" then
      menu.entries[#menu.entries + 1] = { label = rest, title = rest, initrds = {}, first = number, last = number }
    elseif (word == "default" or word == "ontimeout") and not entry then
      if word == "default" or not menu.default then menu.default, menu.default_line = rest, number end
    elseif entry and word then
      entry.last = number
      if word == "kernel" or word == "linux" then
        entry.kernel, entry.version = rest, grub.kernel_version(rest)
      elseif word == "initrd" then
        grub.add_initrds(entry.initrds, rest)
      elseif word == "append" then
        entry.arguments = rest
        grub.add_initrds(entry.initrds, (" " .. rest):match("%sinitrd=(%S+)") or "")
      elseif word == "menu" then
        entry.title = rest:match("^[Ll][Aa][Bb][Ee][Ll]%s+(.*)$") or entry.title
        if rest:lower():match("^default%f[%s\0]") then entry.menu_default = number end
      end
    end
  end
  return menu
end

-- The entry that is started: the one that the menu marks, that DEFAULT names, or the first. DEFAULT may name the menu's
-- program instead of an entry.
function M.chosen(menu)
  for _, entry in ipairs(menu.entries) do
    if entry.menu_default then return entry end
  end
  for _, entry in ipairs(menu.entries) do
    if entry.label == menu.default then return entry end
  end
  return menu.entries[1]
end

return M
