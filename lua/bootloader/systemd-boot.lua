-- SPDX-License-Identifier: GPL-2.0-or-later
-- systemd-boot: its entries, its default and the arguments of kernels.
local text = require "lib.text"
local bls = require "lib.bls"
local kernels = require "lib.kernels"
local menus = require "lib.menus"
local M = {}

local function entries_now()
  return kernels.identify(bls.entries(bls.DIRECTORIES), facts.kernel)
end

function M.update()
  bls.update(entries_now())
end

-- Entries made by kernel-install name a copy of the initramfs on the EFI system partition: it becomes as the one in /boot is
-- now. What else an entry has the loader read (microcode) is no copy of it.
function M.copy()
  for _, entry in ipairs(entries_now()) do
    local name = entry.version and kernels.initrd(entry.version)
    for path in ("\n" .. (text.read(entry.path) or "")):gmatch("\n%s*initrd%s+(%S+)") do
      local there = kernels.image(path)
      local base = there and text.basename(there) or ""
      if name and (base == name or base == "initrd") and there ~= "/boot/" .. name and not guest.equal("/boot/" .. name, there) then
        guest.cp("/boot/" .. name, there)
      end
    end
  end
end

-- The default of loader.conf is a pattern; it becomes the name of one entry unless it chooses the right one already.
function M.set_default(version)
  local path, entries = facts.bootloader.config, entries_now()
  local content = text.read(path) or ""
  local wanted
  for _, entry in ipairs(entries) do
    if entry.version == version then wanted = wanted or entry end
  end
  if not wanted then fail("the boot menu (" .. bls.DIRECTORIES[1] .. ") has no entry for kernel " .. version .. ": add one in the guest, and convert it again") end
  local chosen = menus.systemd_chosen(entries, menus.systemd_default(content))
  if chosen and chosen.version == version then return end
  local done = false
  content = text.map_lines(content, function(line)
    if line:match("^%s*default%s") then
      done = true
      return "default " .. wanted.id .. ".conf"
    end
  end)
  if not done then content = text.append(content, { "default " .. wanted.id .. ".conf" }) end
  text.write(path, content)
end

function M.add_arguments(list)
  for _, request in ipairs(list) do
    bls.add_to_template(request.argument)
    for _, entry in ipairs(entries_now()) do
      text.edit(entry.path, function(line)
        if line:match("^%s*options%s") then return bls.with(line, request.argument) end
      end)
    end
  end
end

return M
