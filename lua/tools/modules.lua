-- SPDX-License-Identifier: GPL-2.0-or-later
-- Stops the guest from loading kernel modules by name, and removes settings for them.
local text = require "lib.text"
local M = {}

local LISTS = { "/etc/modules", "/etc/modules-load.d/*.conf" }
local SETTINGS = { "/etc/modprobe.d/*", "/etc/modprobe.conf", "/etc/modprobe.conf.local", "/etc/modules.conf", "/etc/conf.modules" }

local function underscores(name)
  return (name:gsub("%-", "_"))
end

local function edit(patterns, change)
  for _, pattern in ipairs(patterns) do
    for _, path in ipairs(text.glob(pattern)) do
      if guest.is_file(path) then text.edit(path, change) end
    end
  end
end

-- Does a setting of modprobe speak of one of GONE, and only of it?
local function is_setting(line, gone)
  local word, first, second = line:match("^%s*(%a+)%s+(%S+)%s*(%S*)")
  if word == "alias" then
    -- Where these decide what the initramfs holds, it is up to what makes that.
    local decides = facts.initramfs.tool == "mkinitrd" and (first:match("^eth%d+$") or first:match("^scsi_hostadapter%d*$"))
    return gone[underscores(second)] and not decides
  end
  return (word == "options" or word == "install" or word == "remove" or word == "softdep") and gone[underscores(first)]
end

function M.forget(list)
  local gone = {}
  for _, request in ipairs(list) do gone[underscores(request.driver)] = true end
  edit(LISTS, function(line)
    if gone[underscores(line:match("^%s*([%w_-]*)"))] then return false end
  end)
  edit(SETTINGS, function(line)
    if is_setting(line, gone) then return false end
  end)
  -- The daemon does not start if the module of a watchdog that it was told of cannot be loaded.
  text.edit("/etc/default/watchdog", function(line)
    local head, name = line:match('^(watchdog_module=)"?([%w_-]+)"?')
    if name and gone[underscores(name)] then return head .. '"none"' end
  end)
  text.edit("/etc/sysconfig/kernel", function(line)
    local value = line:match('^MODULES_LOADED_ON_BOOT="([^"]*)"')
    if not value then return nil end
    local kept, changed = {}, false
    for word in value:gmatch("%S+") do
      if gone[underscores(word)] then changed = true else kept[#kept + 1] = word end
    end
    if changed then return 'MODULES_LOADED_ON_BOOT="' .. table.concat(kept, " ") .. '"' end
  end)
end

return M
