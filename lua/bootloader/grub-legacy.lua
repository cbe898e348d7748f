-- SPDX-License-Identifier: GPL-2.0-or-later
-- GRUB legacy: its menu, its default and the arguments of kernels.
local text = require "lib.text"
local grub = require "lib.grub"
local bootfiles = require "lib.bootfiles"
local kernels = require "lib.kernels"
local M = {}

-- An entry for a kernel, made after another. One of Xen had three lines: hypervisor, kernel and initrd.
local function copy(lines, model, version, image)
  local out, under_xen = {}, false
  for i = model.first, model.last do
    if lines[i]:match("^%s*kernel%s.*/xen[%w.%-]*%.gz") or lines[i]:match("^%s*kernel%s.*/xen%s") then under_xen = true end
  end
  local prefix = model.kernel:match("^/boot/") and "/boot/" or "/"
  local initrd = kernels.initrd(version)
  for i = model.first, model.last do
    local line = lines[i]
    local indent, word, rest = line:match("^(%s*)(%a+)%s+(.*)$")
    if word == "title" then
      line = "title " .. (rest:gsub("%b()", "(" .. version:gsub("%%", "%%%%") .. ")", 1))
      if not rest:find("%b()") then line = "title " .. rest .. " (" .. version .. ")" end
    elseif word == "kernel" and under_xen then
      line = false
    elseif word == "kernel" or (word == "module" and rest:find("vmlinu", 1, true)) then
      local device, arguments = rest:match("^(%(hd[%d,]+%))%S*%s*(.*)$")
      if not device then device, arguments = "", rest:match("^%S+%s*(.*)$") end
      line = indent .. "kernel " .. device .. prefix .. text.basename(image) .. (arguments ~= "" and " " .. arguments or "")
    elseif word == "initrd" or word == "module" then
      line = initrd and indent .. "initrd " .. (rest:match("^%(hd[%d,]+%)") or "") .. prefix .. initrd or false
    end
    if line then out[#out + 1] = line end
  end
  return out
end

-- Takes out the entries of kernels that are gone, and adds one for each kernel that came. The default stays with its entry.
function M.update()
  local path = facts.bootloader.config
  local menu = grub.legacy(text.read(path))
  local lines, there, gone, model = menu.lines, {}, {}, nil
  local kept, changed = {}, false
  for _, entry in ipairs(menu.entries) do
    local stays = not entry.version or kernels.image(entry.kernel)
    if entry.version then
      model = model or entry
      if stays then
        there[entry.version] = true
        if not kernels.image(model.kernel) then model = entry end
      end
    end
    if stays then
      kept[#kept + 1] = entry
    else
      changed = true
      for i = entry.first, entry.last do gone[i] = true end
    end
  end
  local added, count = {}, 0
  for _, kernel in ipairs(kernels.without_entry(there)) do
    if not model then fail(path .. " has no entry to copy for kernel " .. kernel.version .. ": add an entry in the guest, and convert it again") end
    changed, count = true, count + 1
    local block = copy(lines, model, kernel.version, kernel.image or "/boot/vmlinuz-" .. kernel.version)
    table.move(block, 1, #block, #added + 1, added)
  end
  if not changed then return end

  local default = 0
  for i, entry in ipairs(kept) do
    if entry == menu.entries[menu.default + 1] then default = count + i - 1 end
  end
  local out, first = {}, menu.entries[1] and menu.entries[1].first or #lines + 1
  for i = 1, #lines + 1 do
    if i == first then table.move(added, 1, #added, #out + 1, out) end
    if i == menu.default_line then
      out[#out + 1] = (lines[i]:gsub("%d+", tostring(default), 1))
    elseif i <= #lines and not gone[i] then
      out[#out + 1] = lines[i]
    end
  end
  text.write(path, table.concat(out, "\n") .. "\n")
end

function M.set_default(version)
  grub.set_default_package(version)
  local path = facts.bootloader.config
  local menu = grub.legacy(text.read(path))
  for i, entry in ipairs(menu.entries) do
    if entry.version == version then
      if menu.default == i - 1 and menu.default_line or (i == 1 and not menu.default_line) then return end
      local lines = menu.lines
      if menu.default_line then
        lines[menu.default_line] = lines[menu.default_line]:gsub("%d+", tostring(i - 1), 1)
      else
        table.insert(lines, 1, "default=" .. i - 1)
      end
      text.write(path, table.concat(lines, "\n") .. "\n")
      return
    end
  end
  fail("the boot menu (" .. path .. ") has no entry for kernel " .. version .. ": add one in the guest, and convert it again")
end

function M.add_arguments(list)
  for _, request in ipairs(list) do
    bootfiles.edit(facts.bootloader.config, function(line)
      if line:match("^%s*kernel%s+%S*/?vmlinu") and not (" " .. line .. " "):find(" " .. request.argument .. " ", 1, true) then
        return line .. " " .. request.argument
      end
    end)
  end
end

return M
