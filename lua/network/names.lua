-- SPDX-License-Identifier: GPL-2.0-or-later
-- Binds the names of network interfaces to their hardware addresses.
local text = require "lib.text"
local match = require "network.match"
local M = {}

local DIRECTORY = "/etc/systemd/network"
local RULES = "/etc/udev/rules.d/70-persistent-net.rules"

local function has_rule(content, mac, name)
  for _, line in ipairs(text.lines(content)) do
    if not line:match("^%s*#") and line:lower():find('"' .. mac .. '"', 1, true) and line:match('NAME:?="' .. name:gsub("%p", "%%%0") .. '"') then
      return true
    end
  end
  return false
end

-- Does a file of the guest's own bind the name already?
local function has_link(links, mac, name)
  for _, content in ipairs(links) do
    local found = content:match("MACAddress%s*=%s*([%x:]+)")
    if found and found:lower() == mac and content:match("\n%s*Name%s*=%s*([^%s]+)") == name then return true end
  end
  return false
end

-- For systemd's udev. A file of its own for each interface; the first that fits an interface decides.
function M.link(list)
  local links = {}
  for _, path in ipairs(text.glob(DIRECTORY .. "/*.link")) do
    if not text.basename(path):match("^10%-v2v%-") then links[#links + 1] = text.read(path) end
  end
  for _, request in ipairs(list) do
    if not has_link(links, request.mac, request.name) then
      text.directory(DIRECTORY)
      text.write(DIRECTORY .. "/10-v2v-" .. request.name .. ".link", "# the name that this interface had before\n[Match]\nMACAddress=" .. request.mac .. "\n" .. match.CARD
        .. "\n\n[Link]\nName=" .. request.name .. "\n")
    end
  end
end

-- For udev before it was systemd's.
function M.rules(list)
  local content = text.read(RULES) or ""
  local new = content
  -- The rules of before name the same cards with other drivers' properties: a line for one of these addresses goes.
  for _, request in ipairs(list) do
    if not has_rule(content, request.mac, request.name) then
      new = text.map_lines(new, function(line)
        if not line:match("^%s*#") and line:lower():find('"' .. request.mac .. '"', 1, true) then return false end
      end)
      -- A VLAN, bridge or bond on the card has its address too, but no device below it that a driver has.
      new = text.append(new, { 'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{type}=="1", ATTR{address}=="' .. request.mac .. '", NAME="' .. request.name .. '"' })
    end
  end
  if new ~= content then
    text.directory("/etc/udev/rules.d")
    text.write(RULES, new)
  end
end

-- For the start scripts of old Red Hat systems, which rename by what the interface's own file says.
function M.ifcfg(list)
  for _, request in ipairs(list) do
    local path = "/etc/sysconfig/network-scripts/ifcfg-" .. request.name
    local content = text.read(path)
    if content and (text.assignments(content).HWADDR or ""):lower() ~= request.mac then
      content = text.map_lines(content, function(line)
        if line:match("^%s*HWADDR=") then return false end
      end)
      text.write(path, text.append(content, { "HWADDR=" .. request.mac:upper() }))
    end
  end
end

return M
