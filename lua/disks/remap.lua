-- SPDX-License-Identifier: GPL-2.0-or-later
-- Replaces the names of disks in the files by which the guest mounts and boots from them. Comments are not changed.
local text = require "lib.text"
local devices = require "lib.devices"
local forms = require "lib.disk_forms"
local bootfiles = require "lib.bootfiles"
local disk_files = require "lib.disk_files"
local grub = require "lib.grub"
local stable = require "disks.stable"
local M = {}

local function edit(path, renames, field, better)
  text.edit(path, function(line)
    if line:match("^%s*#") or line == "" then return nil end
    if not field then return forms.rename(line, renames, better) end
    local before, value, after = line:match(field)
    if value then return before .. forms.rename(value, renames, better) .. (after or "") end
  end)
end

-- What is mounted: the first field of each line. Options may name more: further devices of the file system, its journal, units that
-- it waits for.
function M.fstab(list)
  local renames = devices.renames(list)
  edit("/etc/fstab", renames, "^(%s*)(%S+)(.*)$", stable.mounted)
  text.edit("/etc/fstab", function(line)
    local before, options, after = line:match("^(%s*[^#%s]%S*%s+%S+%s+%S+%s+)(%S+)(.*)$")
    return before and before .. options:gsub("[^,]+", function(option)
      if not option:match("^comment=") then return forms.rename(option, renames) end
    end) .. after
  end)
end

-- The second field of each line; options may name a device too (header=, keyscript's key).
function M.crypttab(list)
  local renames = devices.renames(list)
  edit("/etc/crypttab", renames, "^(%s*%S+%s+)(%S+)(.*)$", stable.encrypted)
  edit("/etc/crypttab", renames, "^(%s*%S+%s+%S+%s+)(.*)$")
end

-- Where the memory is kept during hibernation.
function M.resume(list)
  for _, path in ipairs(disk_files.there(disk_files.RESUME)) do edit(path, devices.renames(list), nil, stable.path) end
end

-- What the boot loader's configuration is generated from.
function M.boot_defaults(list)
  for _, path in ipairs(disk_files.there(disk_files.BOOT_DEFAULTS)) do edit(path, devices.renames(list), nil, stable.path) end
end

-- Programs of the guest that were run in the appliance may have written the names that its disks have there.
local function add_names_here(renames)
  if #requests.update_bootloader + #requests.install_bootloader + #requests.add_application + #requests.remove_application == 0 then return end
  for name, new in pairs(devices.here(renames)) do renames[name] = renames[name] or new end
end

-- The files that are read at boot, after the last program that generates one of them.
function M.boot_files(list)
  local renames = devices.renames(list)
  local here, clash = devices.here(renames)
  add_names_here(renames)
  for _, path in ipairs(bootfiles.list()) do
    -- Where old names could be mistaken for those of the appliance, the generator has run, on settings that have new names.
    local generated = clash and path == facts.bootloader.config and grub.generates()
    bootfiles.edit(path, function(line) return forms.rename(line, generated and here or renames, stable.path) end)
  end
end

-- Fails if a name remains that no disk has under the target.
function M.check()
  local renames, stays, remains = {}, {}, {}
  for _, name in ipairs(facts.disk_name) do stays[name.new] = true end
  for _, name in ipairs(facts.disk_name) do renames[name.old] = name.new end
  add_names_here(renames)
  for name in pairs(stays) do renames[name] = nil end
  for _, path in ipairs(bootfiles.list()) do
    bootfiles.each(path, function(line)
      for _, name in ipairs(forms.found(line, renames)) do remains[path .. " names " .. name] = true end
    end)
  end
  local list = text.sorted(remains)
  if #list > 0 then
    fail("the guest would not boot: " .. table.concat(list, "; ") .. ", which the new machine does not have: name the disk in these files by UUID or label, and convert the guest again")
  end
end

return M
