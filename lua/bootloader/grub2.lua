-- SPDX-License-Identifier: GPL-2.0-or-later
-- GRUB 2: its menu, its default and the arguments of kernels.
local text = require "lib.text"
local grub = require "lib.grub"
local bootfiles = require "lib.bootfiles"
local devices = require "lib.devices"
local bls = require "lib.bls"
local kernels = require "lib.kernels"
local menus = require "lib.menus"
local M = {}

local function directory() return (facts.bootloader.config:gsub("/[^/]*$", "")) end

-- Is an entry missing, or is one there whose kernel is gone?
local function is_current(entries)
  local there = {}
  for _, entry in ipairs(entries) do
    if entry.version then
      there[entry.version] = true
      if not kernels.image(entry.kernel) then return false end
    end
  end
  return #kernels.without_entry(there) == 0
end

-- The entries of the menu, of the configuration or of the files of the boot loader specification.
local function entries_now()
  return kernels.identify(menus.read(facts.bootloader), facts.kernel)
end

function M.generate()
  -- Scripts of packages may have run the generator before the settings had the new names of disks.
  local _, clash = devices.here(devices.renames(requests.remap_device))
  if is_current(entries_now()) and not clash then return end
  local name = text.basename(facts.bootloader.update)
  if name == "update-grub" then
    guest.command { facts.bootloader.update }
  else
    guest.command { facts.bootloader.update, "-o", facts.bootloader.config }
  end
  -- os-prober leaves its maps behind when it is interrupted in the appliance.
  if not is_current(entries_now()) then
    fail(facts.bootloader.update .. " in the guest did not create an entry for every kernel: see " .. facts.bootloader.config
      .. ", run it in the guest until it does, and convert it again")
  end
end

-- The blocks "menuentry ... {" to "}" of a configuration: { first =, last =, version =, kernel = }.
local function blocks(lines, entries)
  local list, number, depth, start = {}, 0, 0, nil
  for i, line in ipairs(lines) do
    if not start and line:match("^%s*menuentry%s") and line:match("{%s*$") then
      number, start, depth = number + 1, i, 0
    end
    if start then
      if line:match("{%s*$") then depth = depth + 1 end
      if line:match("^%s*}%s*$") then
        depth = depth - 1
        if depth == 0 then
          list[#list + 1] = { first = start, last = i, version = entries[number].version, kernel = entries[number].kernel }
          start = nil
        end
      end
    end
  end
  return list
end

-- Takes out the entries of kernels that are gone, and copies one for each kernel that came.
function M.edit()
  if facts.bootloader.bls then return bls.update(entries_now()) end
  local path = facts.bootloader.config
  local content = text.read(path)
  local entries = kernels.identify(grub.grub2_entries(content), facts.kernel)
  if is_current(entries) then return end
  local lines = text.lines(content)
  local values = grub.variables(content)
  local there, gone, model = kernels.survey(blocks(lines, entries))
  local added = {}
  for _, kernel in ipairs(kernels.without_entry(there)) do
    if not model then fail(path .. " has no entry to copy for kernel " .. kernel.version .. ": add an entry in the guest, and convert it again") end
    local old, initrd = model.version, kernels.initrd(kernel.version)
    for i = model.first, model.last do
      -- What a variable names is the kernel of now.
      local line = grub.expand(lines[i], values)
      local head, old_initrd = line:match("^(%s*initrd%w*%s+%S*/)(%S+)")
      if old_initrd and initrd then
        line = head .. initrd
      else
        line = line:gsub(old:gsub("%p", "%%%0"), (kernel.version:gsub("%%", "%%%%")))
      end
      added[#added + 1] = line
    end
  end
  local out = {}
  for i, line in ipairs(lines) do
    if model and i == model.first then table.move(added, 1, #added, #out + 1, out) end
    if not gone[i] then out[#out + 1] = line end
  end
  text.write(path, table.concat(out, "\n") .. "\n")
end

-- The entry of a kernel that is not one for recovery.
local function entry_of(entries, version)
  local found
  for _, entry in ipairs(entries) do
    if entry.version == version then
      local rescue = (entry.title or ""):lower():find("recovery", 1, true) or (entry.title or ""):lower():find("rescue", 1, true)
      -- One at the top of the menu names the newest of any kernel; one of a submenu names this one.
      if not rescue and (not found or #entry.path > #found.path) then found = entry end
    end
  end
  return found
end

function M.set_default(version)
  grub.set_default_package(version)
  local path = facts.bootloader.config
  local content = text.read(path)
  local entries = entries_now()
  local entry = entry_of(entries, version)
  if not entry then fail("the boot menu (" .. path .. ") has no entry for kernel " .. version .. ": add one in the guest, and convert it again") end
  local environment = text.read(directory() .. "/grubenv")
  local current, saved = menus.grub2_default(path, content)
  local chosen = grub.chosen(entries, current)
  if chosen and chosen.version == version then return end
  local name = entry.ids ~= "" and entry.ids or entry.titles
  if saved then
    text.write(directory() .. "/grubenv", grub.set_environment(environment, "saved_entry", name))
    return
  end
  text.write(path, (text.map_lines(content, function(line)
    local head, value = line:match("^(%s*set default=)[\"']?([^\"']*)[\"']?%s*$")
    if head and not value:find("next_entry", 1, true) and not value:find("saved_entry", 1, true) then return head .. '"' .. name .. '"' end
  end)))
  if facts.bootloader.defaults then
    text.edit(facts.bootloader.defaults, function(line)
      if line:match("^%s*GRUB_DEFAULT=") then return 'GRUB_DEFAULT="' .. name .. '"' end
    end)
  end
end

local function has_argument(line, argument)
  return (" " .. line:gsub("[\"']", " ") .. " "):find(" " .. argument .. " ", 1, true) ~= nil
end

function M.add_arguments(list)
  for _, request in ipairs(list) do
    local argument = request.argument
    if facts.bootloader.bls then bls.add_to_template(argument) end
    if facts.bootloader.defaults then
      text.edit(facts.bootloader.defaults, function(line)
        local head, quote, value = line:match("^(%s*GRUB_CMDLINE_LINUX=)([\"'])(.*)[\"']%s*$")
        if head and not has_argument(value, argument) then
          return head .. quote .. text.trim(value .. " " .. argument) .. quote
        end
      end)
    end
    for _, path in ipairs(bootfiles.list()) do
      bootfiles.edit(path, function(line)
        local linux = line:match("^%s*linux%l*%s+%S") or (path:match("%.conf$") and line:match("^%s*options%s"))
        if linux and not has_argument(line, argument) then return line .. " " .. argument end
      end)
    end
  end
end

return M
