-- SPDX-License-Identifier: GPL-2.0-or-later
-- Adds drivers to dracut's configuration and makes initramfs images with dracut.
local text = require "lib.text"
local drivers = require "lib.drivers"
local held = require "initramfs.held"
local M = {}

local CONFIG = "/etc/dracut.conf.d/50-v2v-engine.conf"

-- Has every rebuild include the drivers.
function M.enable(list)
  local there = {}
  for driver in (text.read(CONFIG) or ""):gmatch("[%w_-]+") do there[driver] = true end
  local names, changed = {}, false
  for _, request in ipairs(list) do
    names[request.driver] = true
    changed = changed or not there[request.driver]
  end
  if not changed then return end
  -- What was asked for before stays.
  for words in (text.read(CONFIG) or ""):gmatch('add_drivers%+="([^"]*)"') do
    for driver in words:gmatch("%S+") do names[driver] = true end
  end
  text.directory("/etc/dracut.conf.d")
  text.write(CONFIG, "# drivers of the devices that this machine has\nadd_drivers+=\" " .. table.concat(text.sorted(names), " ") .. " \"\n")
end

-- Takes drivers out of the lists of drivers in dracut's configuration.
function M.disable(list)
  local gone = drivers.set(list)
  local files = text.glob("/etc/dracut.conf.d/*.conf")
  files[#files + 1] = "/etc/dracut.conf"
  for _, path in ipairs(files) do
    text.edit(path, function(line)
      local head, quote, words = line:match("^(%s*[%w_]*drivers%+?=)([\"'])([^\"']*)[\"']")
      if not head or line:match("^%s*omit_drivers") then return nil end
      local all = {}
      for word in words:gmatch("%S+") do all[#all + 1] = word end
      local kept = drivers.without(all, gone)
      if not kept then return nil end
      if #kept == 0 and head:find("+=", 1, true) then return false end
      return head .. quote .. " " .. table.concat(kept, " ") .. " " .. quote
    end)
  end
end

-- What its configuration sets NAME to, in the order of reading; nil if it does not.
local function setting(name)
  local files = text.glob("/usr/lib/dracut/dracut.conf.d/*.conf")
  files[#files + 1] = "/etc/dracut.conf"
  for _, path in ipairs(text.glob("/etc/dracut.conf.d/*.conf")) do files[#files + 1] = path end
  local value
  for _, path in ipairs(files) do
    for word in ("\n" .. (text.read(path) or "")):gmatch("\n%s*" .. name .. "=[\"']?([^\"'\n]*)") do value = text.trim(word) end
  end
  return value
end

-- What an initramfs is called, for held.initrd. Debian's has the names of initramfs-tools, since its kernels' packages and boot loaders expect
-- those.
local function template()
  local name = setting("initrdname")
  local head, tail = (name or ""):match("^([^$%%/]+)%${?kernel}?([^$%%/]*)$")
  if head then return "/boot/" .. head .. "%s" .. tail end
  return facts.os.package_format == "deb" and "/boot/initrd.img-%s" or "/boot/initramfs-%s.img"
end

-- Makes the initramfs anew, unless it holds every driver already and nothing outdated.
function M.rebuild(version)
  local wanted, path = held.wanted(version), held.initrd(version, template())
  if held.suffices(path, version, wanted, "lsinitrd") then return end
  local command = { "dracut", "--force" }
  -- One that fits the machine it is made on would fit the appliance.
  if setting("hostonly") == "yes" then command[#command + 1] = "--no-hostonly" end
  if #wanted > 0 then
    command[#command + 1] = "--add-drivers"
    command[#command + 1] = table.concat(wanted, " ")
  end
  command[#command + 1] = path
  command[#command + 1] = version
  guest.command(command)
end

return M
