-- SPDX-License-Identifier: GPL-2.0-or-later
-- Configuration that is for network cards of certain drivers: with another card, the guest would have no network at all.
local text = require "lib.text"
local configured = require "network.configured"
local M = {}

local OWN = "/etc/systemd/network"
local FOLDERS = { OWN, "/usr/lib/systemd/network", "/lib/systemd/network" }

-- What the cards that hypervisors and clouds have are driven by.
local OLD = text.set { "vif", "xen_netfront", "vmxnet3", "vmxnet", "pcnet32", "e1000", "e1000e", "8139cp", "8139too", "hv_netvsc", "ena", "ixgbevf" }

-- Is a file for cards of one of OLD, and not for all of WANTED? A pattern may be for any.
local function lacking(content, wanted)
  local match = configured.sections(content).match or {}
  local known, old = {}, false
  for word in (match.driver or ""):gmatch("%S+") do
    if word:find("[*?!%[]") then return nil end
    known[word], old = true, old or OLD[word]
  end
  local list = {}
  for _, driver in ipairs(wanted) do
    if not known[driver] then list[#list + 1] = driver end
  end
  return old and #list > 0 and table.concat(list, " ") or nil
end

-- The administrator's own file gets the drivers; one of a package a file beside it. There a size of frames goes that is more
-- than any network carries: it was that of the cloud.
local function fit(path, content, wanted)
  local list = lacking(content, wanted)
  if not list then return end
  if path:sub(1, #OWN) == OWN then
    text.edit(path, function(line)
      if line:match("^%s*Driver%s*=") then return line:gsub("%s*$", "") .. " " .. list end
    end)
    return
  end
  local size = tonumber((configured.sections(content).link or {}).mtubytes)
  text.folder(OWN .. "/" .. text.basename(path) .. ".d")
  text.write(OWN .. "/" .. text.basename(path) .. ".d/50-v2v-engine.conf", "# the drivers of the cards that this machine has\n[Match]\nDriver=" .. list .. "\n"
    .. (size and size > 1500 and "\n[Link]\nMTUBytes=\n" or ""))
end

function M.networkd(list)
  local wanted, seen = {}, {}
  for _, request in ipairs(list) do wanted[#wanted + 1] = request.driver end
  for _, folder in ipairs(FOLDERS) do
    for _, path in ipairs(text.glob(folder .. "/*.network")) do
      local name = text.basename(path)
      -- The first of a name hides the others.
      if not seen[name] then
        seen[name] = true
        local content = guest.is_file(path, { followsymlinks = folder ~= OWN }) and text.read(path)
        if content then fit(path, content, wanted) end
      end
    end
  end
end

return M
