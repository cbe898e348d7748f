-- SPDX-License-Identifier: GPL-2.0-or-later
-- What each network interface is called under the source's hypervisor, and who configures it.
local text = require "lib.text"
local M = {}

-- Names that the guest binds to a hardware address itself: address -> name.
local function bound()
  local names = {}
  local function add(mac, name)
    if mac and name then names[mac:lower()] = names[mac:lower()] or name end
  end
  for _, path in ipairs(text.glob("/etc/systemd/network/*.link")) do
    local content = text.read(path) or ""
    add(content:match("\n%s*MACAddress%s*=%s*(%x%x:[%x:]+)") or content:match("\n%s*PermanentMACAddress%s*=%s*(%x%x:[%x:]+)"),
      content:match("\n%s*Name%s*=%s*([%w._-]+)"))
  end
  for _, path in ipairs(text.glob("/etc/udev/rules.d/*net*.rules")) do
    for _, line in ipairs(text.lines(text.read(path))) do
      if not line:match("^%s*#") then
        add(line:match('ATTRS?{address}=="([%x:]+)"') or line:match('SYSFS{address}=="([%x:]+)"'), line:match('NAME:?="([%w._-]+)"'))
      end
    end
  end
  for _, pattern in ipairs { "/etc/sysconfig/network-scripts/ifcfg-*", "/etc/sysconfig/network/ifcfg-*" } do
    for _, path in ipairs(text.glob(pattern)) do
      local values = text.assignments(text.read(path) or "")
      if values.HWADDR and values.HWADDR ~= "" then add(values.HWADDR, values.DEVICE or path:match("ifcfg%-([^/]+)$")) end
    end
  end
  return names
end

-- The text of every network configuration, by who reads it.
local CONFIGURATIONS = {
  { "ifupdown", { "/etc/network/interfaces", "/etc/network/interfaces.d/*" } },
  { "netplan", { "/etc/netplan/*.yaml" } },
  { "networkd", { "/etc/systemd/network/*.network" } },
  { "networkmanager", { "/etc/NetworkManager/system-connections/*" } },
  { "ifcfg", { "/etc/sysconfig/network-scripts/ifcfg-*", "/etc/sysconfig/network/ifcfg-*" } },
}

local function configurations()
  local found = {}
  for _, entry in ipairs(CONFIGURATIONS) do
    local parts = {}
    for _, pattern in ipairs(entry[2]) do
      for _, path in ipairs(pattern:find("*", 1, true) and text.glob(pattern) or { pattern }) do
        local content = text.read(path)
        if content then parts[#parts + 1] = "\n" .. text.basename(path):gsub("^ifcfg%-", "ifcfg ") .. "\n" .. text.map_lines(content, function(line)
          if line:match("^%s*#") then return false end
        end) end
      end
    end
    if #parts > 0 then found[#found + 1] = { manager = entry[1], content = table.concat(parts) } end
  end
  return found
end

local function mentions(content, name)
  return (" " .. content .. " "):find("[^%w._-]" .. name:gsub("%p", "%%%0") .. "[^%w._-]") ~= nil
end

function M.interfaces()
  local names, files = bound(), configurations()
  local taken = {}
  for _, name in pairs(names) do taken[name] = true end
  local records = {}
  for number, nic in ipairs(facts.nic) do
    if nic.mac and nic.mac ~= "" then
      local name = names[nic.mac]
      if not name then
        -- The kernel counts them; newer systems call those of Xen enX0.
        for _, candidate in ipairs { "enX" .. number - 1, "eth" .. number - 1 } do
          for _, file in ipairs(files) do
            if not name and not taken[candidate] and mentions(file.content, candidate) then name = candidate end
          end
        end
        if not name and not taken["eth" .. number - 1] then name = "eth" .. number - 1 end
      end
      local manager
      for _, file in ipairs(files) do
        if not manager and name and mentions(file.content, name) then manager = file.manager end
      end
      if name then taken[name] = true end
      records[#records + 1] = { mac = nic.mac, name = name, manager = manager }
    end
  end
  return records
end

return M
