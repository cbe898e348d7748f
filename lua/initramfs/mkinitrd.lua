-- SPDX-License-Identifier: GPL-2.0-or-later
-- mkinitrd of Red Hat systems before dracut: what it includes follows modprobe's aliases.
local text = require "lib.text"
local held = require "initramfs.held"
local M = {}

local FILES = { "/etc/modprobe.conf", "/etc/modules.conf", "/etc/conf.modules" }

local function configuration()
  for _, path in ipairs(FILES) do
    local content = text.read(path)
    if content then return path, content end
  end
  return "/etc/modprobe.conf", ""
end

-- The PCI part comes by dependency on no driver: mkinitrd has to be told of both.
function M.enable(list)
  local path, content = configuration()
  local there, numbers, lines = {}, {}, {}
  for _, line in ipairs(text.lines(content)) do
    local number, driver = line:match("^%s*alias%s+scsi_hostadapter(%d*)%s+(%S+)")
    if driver then there[driver:gsub("%-", "_")], numbers[number] = true, true end
  end
  for _, request in ipairs(list) do
    if not there[request.driver] then
      there[request.driver] = true
      local number = 0
      while numbers[number == 0 and "" or tostring(number)] do number = number + 1 end
      number = number == 0 and "" or tostring(number)
      numbers[number] = true
      lines[#lines + 1] = "alias scsi_hostadapter" .. number .. " " .. request.driver
    end
  end
  if #lines > 0 then text.write(path, text.append(content, lines)) end
end

function M.disable(list)
  local gone = {}
  for _, request in ipairs(list) do gone[request.driver:gsub("%-", "_")] = true end
  for _, path in ipairs(FILES) do
    text.edit(path, function(line)
      local driver = line:match("^%s*alias%s+scsi_hostadapter%d*%s+(%S+)")
      if driver and gone[driver:gsub("%-", "_")] then return false end
      local head, card = line:match("^(%s*alias%s+eth%d+%s+)(%S+)")
      if card and gone[card:gsub("%-", "_")] then
        return facts.target.nic_model == "virtio" and head .. "virtio_net" or false
      end
    end)
  end
end

local function initrd_of(version)
  for _, kernel in ipairs(facts.kernel) do
    if kernel.version == version and kernel.initrd then return kernel.initrd end
  end
  return "/boot/initrd-" .. version .. ".img"
end

-- Makes the initrd anew, unless it holds every driver already and nothing outdated.
function M.rebuild(version)
  local drivers, path = held.wanted(version), initrd_of(version)
  if held.suffices(path, version, drivers) then return end
  local command = { "/sbin/mkinitrd", "-f" }
  for _, driver in ipairs(drivers) do command[#command + 1] = "--with=" .. driver end
  command[#command + 1] = path
  command[#command + 1] = version
  guest.command(command)
end

return M
