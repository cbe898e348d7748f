-- SPDX-License-Identifier: GPL-2.0-or-later
-- Changes files that match network cards by driver or by place, so that they match the cards of the new machine. Without
-- this, the guest might have no network at all.
local text = require "lib.text"
local configured = require "network.configured"
local matches = require "network.matches"
local match = require "network.match"
local M = {}

local function drivers_of(list)
  local wanted = {}
  for _, request in ipairs(list) do wanted[#wanted + 1] = request.driver end
  return wanted
end

local function is_own(path) return path:sub(1, #matches.OWN) == matches.OWN end

local function with_drivers(content, list)
  return text.map_lines(content, function(line)
    if line:match("^%s*Driver%s*=") then return line:gsub("%s*$", "") .. " " .. list end
  end)
end

-- What a file of systemd's lacks, for its Driver=; nil if nothing.
local function lacking(content, wanted)
  local list = matches.lacking(matches.words((configured.sections(content).match or {}).driver, "%s"), wanted)
  return #list > 0 and table.concat(list, " ") or nil
end

-- The administrator's own file gets the drivers; one of a package a file beside it. There a size of frames goes that is more
-- than any network carries: it was that of the cloud.
function M.networkd(list)
  matches.each_of_systemd("network", function(path, content)
    local more = lacking(content, drivers_of(list))
    if not more then return end
    if is_own(path) then
      text.write(path, with_drivers(content, more))
      return
    end
    local size = tonumber((configured.sections(content).link or {}).mtubytes)
    local beside = matches.OWN .. "/" .. text.basename(path) .. ".d"
    text.directory(beside)
    text.write(beside .. "/50-v2v-engine.conf", "# the drivers of the cards that this machine has\n[Match]\nDriver=" .. more .. "\n"
      .. (size and size > 1500 and "\n[Link]\nMTUBytes=\n" or ""))
  end)
end

-- Files beside a .link file are newer than many a udev: a copy hides the one of a package.
function M.link(list)
  matches.each_of_systemd("link", function(path, content)
    local more = lacking(content, drivers_of(list))
    if not more then return end
    text.directory(matches.OWN)
    text.write(matches.OWN .. "/" .. text.basename(path), with_drivers(content, more))
  end)
end

-- In lists of devices ("driver:vmxnet3", also after "except:") and in keyfiles.
function M.networkmanager(list)
  local wanted = drivers_of(list)
  matches.each_of(matches.KEYFILES, function(path, content)
    local section
    text.write(path, text.map_lines(content, function(line)
      section = line:match("^%s*%[([^%]]+)%]") or section
      local value = section == "match" and line:match("^%s*driver%s*=%s*(.-)%s*$")
      local more = value and matches.lacking(matches.words(value, ";,"), wanted)
      if more and #more > 0 then return (line:gsub("[;,]?%s*$", "")) .. ";" .. table.concat(more, ";") .. ";" end
    end))
  end)
  matches.each_of(matches.SETTINGS, function(path, content)
    text.write(path, text.map_lines(content, function(line)
      if line:match("^%s*[#;]") then return nil end
      for _, driver in ipairs(wanted) do
        if not line:find("driver:" .. driver .. "%f[^%w_-]") then
          local done
          line = line:gsub("([%w:=%-]*)driver:([%w_-]+)", function(before, word)
            local except = before:match("except:$") or ""
            if done or not matches.OLD[word] then return nil end
            done = true
            return before .. "driver:" .. word .. ";" .. except .. "driver:" .. driver
          end)
        end
      end
      return line
    end))
  end)
end

-- ---- netplan, and cloud-init in its words ----

-- A list of drivers is known to netplan from 0.104 on.
local function takes_lists()
  for _, package in ipairs(facts.package) do
    if package.name == "netplan.io" or package.name == "netplan" then
      local major, minor = package.version:gsub("^%d+:", ""):match("^(%d+)%.(%d+)")
      if major then return text.integer(major) > 0 or text.integer(minor) >= 104 end
    end
  end
  return false
end

-- Where an address is beside it, the driver goes: the card is known by the address. Where there may be one driver only, it
-- becomes that of the new card.
local function fit_netplan(path, content, wanted, several)
  local found, lines = matches.netplan(content)
  local gone, changes = {}, false
  for _, block in ipairs(found) do
    local more = matches.lacking(block.drivers, wanted)
    if #more > 0 then
      changes = true
      local value = more[1]
      if several then value = "[" .. table.concat(block.drivers, ", ") .. ", " .. table.concat(more, ", ") .. "]" end
      if block.flow then
        local changed = block.flow
        for _, shape in ipairs { "driver%s*:%s*%b[]", "driver%s*:%s*[^,}%s]+" } do
          if changed == block.flow then
            if block.mac then
              changed = changed:gsub("%f[%w]" .. shape .. "%s*,%s*", ""):gsub(",?%s*%f[%w]" .. shape, "")
            else
              changed = changed:gsub("%f[%w]" .. shape, (("driver: " .. value):gsub("%%", "%%%%")))
            end
          end
        end
        local first, last = lines[block.first]:find(block.flow, 1, true)
        lines[block.first] = lines[block.first]:sub(1, first - 1) .. changed .. lines[block.first]:sub(last + 1)
      else
        for _, key in ipairs(block.keys) do
          for number = key.first, key.last do gone[number] = true end
        end
        if not block.mac then
          local first = block.keys[1].first
          gone[first] = nil
          lines[first] = lines[first]:match("^%s*") .. "driver: " .. value
        end
      end
    end
  end
  if not changes then return end
  local out = {}
  for number, line in ipairs(lines) do
    if not gone[number] then out[#out + 1] = line end
  end
  text.write(path, table.concat(out, "\n") .. (content:sub(-1) == "\n" and "\n" or ""))
end

function M.netplan(list)
  local several = takes_lists()
  matches.each_of(matches.NETPLAN, function(path, content) fit_netplan(path, content, drivers_of(list), several) end)
end

-- cloud-init compares one driver itself.
function M.cloud_init(list)
  matches.each_of(matches.CLOUD, function(path, content) fit_netplan(path, content, drivers_of(list), false) end)
end

-- ---- udev ----

function M.udev(list)
  local wanted = drivers_of(list)
  matches.each_of(matches.UDEV, function(path, content)
    text.write(path, text.map_lines(content, function(line)
      if not matches.is_net_rule(line) then return nil end
      for _, key in ipairs { "DRIVERS", "ENV{ID_NET_DRIVER}" } do
        line = line:gsub(key .. '=="([^"]*)"', function(value)
          local more = matches.lacking(matches.words(value, "|"), wanted)
          return #more > 0 and key .. '=="' .. value .. "|" .. table.concat(more, "|") .. '"' or nil
        end)
      end
      return line
    end))
  end)
end

-- ---- places ----

local function each_request(list, value)
  for _, request in ipairs(list) do
    if request.place == value then return request.mac end
  end
end

local function place_of_systemd(ending, list)
  matches.each_of_systemd(ending, function(path, content)
    if not is_own(path) then return end
    text.write(path, text.map_lines(content, function(line)
      local mac = each_request(list, line:match("^%s*Path%s*=%s*(%S+)%s*$"))
      if mac then return "MACAddress=" .. mac .. "\n" .. match.CARD end
    end))
  end)
end

function M.place_networkd(list) place_of_systemd("network", list) end
function M.place_link(list) place_of_systemd("link", list) end

function M.place_networkmanager(list)
  matches.each_of(matches.KEYFILES, function(path, content)
    local section, mac
    local new = text.map_lines(content, function(line)
      section = line:match("^%s*%[([^%]]+)%]") or section
      local value = section == "match" and line:match("^%s*path%s*=%s*([^;,%s]+)[;,]?%s*$")
      local found = value and each_request(list, value)
      if found then
        mac = found
        return false
      end
    end)
    if not mac then return end
    if not (configured.sections(content).ethernet or {})["mac-address"] then
      local line, done = "mac-address=" .. mac:upper(), false
      new = text.map_lines(new, function(head)
        if not done and head:match("^%s*%[ethernet%]") then
          done = true
          return head .. "\n" .. line
        end
      end)
      if not done then new = text.append(new, { "", "[ethernet]", line }) end
    end
    text.write(path, new)
  end)
end

function M.place_udev(list)
  matches.each_of(matches.UDEV, function(path, content)
    text.write(path, text.map_lines(content, function(line)
      if not matches.is_net_rule(line) then return nil end
      for _, key in ipairs { "KERNELS", "ENV{ID_PATH}" } do
        line = line:gsub(key .. '=="([^"]*)"', function(value)
          local mac = each_request(list, value)
          return mac and (line:find("DRIVERS==", 1, true) and "" or 'DRIVERS=="?*", ') .. 'ATTR{address}=="' .. mac .. '"' or nil
        end)
      end
      return line
    end))
  end)
end

return M
