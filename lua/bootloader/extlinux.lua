-- SPDX-License-Identifier: GPL-2.0-or-later
-- extlinux, syslinux, and U-Boot, which reads the same configuration: its menu, its default and the arguments of kernels.
local text = require "lib.text"
local kernels = require "lib.kernels"
local extlinux = require "lib.extlinux"
local M = {}

-- What Alpine and Debian generate the menu from.
local ALPINE, DEBIAN = "/etc/update-extlinux.conf", "/etc/default/u-boot"

local function directory() return (facts.bootloader.config:gsub("/[^/]*$", "")) end

local function read()
  local menu = extlinux.menu(text.read(facts.bootloader.config))
  kernels.identify(menu.entries, facts.kernel)
  return menu
end

local function write(path, lines)
  text.write(path, (table.concat(lines, "\n"):gsub("\n*$", "\n")))
end

-- An entry for KERNEL, made after MODEL.
local function copy(lines, model, kernel)
  local out, old, initrd = {}, model.version:gsub("%p", "%%%0"), kernels.initrd(kernel.version)
  for i = model.first, model.last do
    local line = lines[i]
    local head, word, path = line:match("^(%s*(%a+)%s+)(%S+)")
    word = word and word:lower()
    local beside = path and (path:match("^.*/") or "")
    if word == "kernel" or word == "linux" then
      line = head .. beside .. text.basename(kernel.image or "vmlinuz-" .. kernel.version)
    elseif word == "initrd" then
      line = initrd and head .. beside .. initrd or false
    elseif word == "label" then
      line = head .. kernel.version
    elseif line:match("^%s*[Mm][Ee][Nn][Uu]%s+[Dd][Ee][Ff][Aa][Uu][Ll][Tt]") then
      line = false
    else
      line = line:gsub(old, (kernel.version:gsub("%%", "%%%%")))
    end
    if line then out[#out + 1] = line end
  end
  return out
end

-- Takes out the entries of kernels that are gone, and adds one for each kernel that came. The generators are not run: they
-- write their boot loader to the disk as well.
function M.update()
  local path, menu = facts.bootloader.config, read()
  local there, gone, model = kernels.survey(menu.entries, directory())
  local changed = next(gone) ~= nil
  local added = {}
  for _, kernel in ipairs(kernels.without_entry(there)) do
    if not model then fail(path .. " has no entry to copy for kernel " .. kernel.version .. ": add an entry in the guest, and convert it again") end
    changed = true
    local block = copy(menu.lines, model, kernel)
    table.move(block, 1, #block, #added + 1, added)
  end
  if not changed then return end
  local out, first = {}, menu.entries[1] and menu.entries[1].first
  for i, line in ipairs(menu.lines) do
    if i == first then table.move(added, 1, #added, #out + 1, out) end
    if not gone[i] then out[#out + 1] = line end
  end
  write(path, out)
end

function M.set_default(version)
  local path, menu = facts.bootloader.config, read()
  local wanted
  for _, entry in ipairs(menu.entries) do
    if entry.version == version then wanted = wanted or entry end
  end
  if not wanted then fail("the boot menu (" .. path .. ") has no entry for kernel " .. version .. ": add one in the guest, and convert it again") end
  local chosen = extlinux.chosen(menu)
  if chosen and chosen.version == version then return end
  local marked, named, out = false, false, {}
  for _, entry in ipairs(menu.entries) do
    marked = marked or entry.menu_default ~= nil
    named = named or entry.label == menu.default
  end
  -- DEFAULT names an entry, or is added; where it names a program that shows the menu, the entry is marked.
  local mark = marked or menu.default ~= nil and not named
  if not mark and not menu.default_line then out[1] = "DEFAULT " .. wanted.label end
  for i, line in ipairs(menu.lines) do
    local keep = true
    for _, entry in ipairs(menu.entries) do keep = keep and entry.menu_default ~= i end
    if i == menu.default_line and not mark then line = line:match("^%s*%a+%s+") .. wanted.label end
    if keep then out[#out + 1] = line end
    if mark and i == wanted.first then out[#out + 1] = "  MENU DEFAULT" end
  end
  write(path, out)
  -- The generator of Alpine knows kernels by their flavour.
  text.edit(ALPINE, function(line)
    if line:match("^%s*default=") then return "default=" .. wanted.label end
  end)
end

local function with(line, argument)
  if (" " .. line:gsub("[\"']", " ") .. " "):find(" " .. argument .. " ", 1, true) then return nil end
  local head, quote = line:match("^(.-)%s*([\"']?)%s*$")
  return head .. (head:match("[=\"']$") and "" or " ") .. argument .. quote
end

function M.add_arguments(list)
  for _, request in ipairs(list) do
    text.edit(ALPINE, function(line)
      if line:match("^%s*default_kernel_opts=[\"']") then return with(line, request.argument) end
    end)
    text.edit(DEBIAN, function(line)
      if line:match("^%s*U_BOOT_PARAMETERS=[\"']") then return with(line, request.argument) end
    end)
    text.edit(facts.bootloader.config, function(line)
      if line:match("^%s*[Aa][Pp][Pp][Ee][Nn][Dd]%s") then return with(line, request.argument) end
    end)
  end
end

return M
