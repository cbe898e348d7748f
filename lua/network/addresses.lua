-- SPDX-License-Identifier: GPL-2.0-or-later
-- Gives an interface a fixed address in the guest's own dialect, in place of what the same file says of addresses
-- now: the rest of the file stays. A request is { interface = hardware address, name =, address = "192.0.2.7/24", gateway =, dns = "A B" }.
local text = require "lib.text"
local configured = require "network.configured"
local match = require "network.match"
local M = {}

local function split(request)
  local address, length = request.address:match("^(.-)/(%d+)$")
  local servers = {}
  for server in (request.dns or ""):gmatch("%S+") do servers[#servers + 1] = server end
  local gateway = request.gateway
  if gateway == "" then gateway = nil end
  return { address = address, length = math.tointeger(tonumber(length)), six = address:find(":", 1, true) ~= nil,
    gateway = gateway, servers = servers }
end

local function netmask(length)
  local parts = {}
  for i = 1, 4 do
    local bits = math.max(0, math.min(8, length - (i - 1) * 8))
    parts[i] = 256 - (1 << (8 - bits))
  end
  return table.concat(parts, ".")
end

-- The file in which MANAGER configures the interface, or nil.
local function file_of(request, manager)
  local by_name
  for _, file in ipairs(configured.list()) do
    if file.manager == manager and not file.below then
      if file.mac == request.interface then return file.path, file end
      if file.name == request.name then by_name = by_name or file end
    end
  end
  if by_name then return by_name.path, by_name end
end

-- ---- ifupdown ----

local STARTS = text.set { "iface", "auto", "mapping", "source", "source-directory", "no-auto-down", "no-scripts", "rename", "template" }
local OLD = text.set { "address", "netmask", "broadcast", "network", "gateway", "dns-nameservers", "dns-nameserver", "pointopoint", "scope" }

local function starts(line)
  local word = line:match("^%s*([%w-]+)")
  return word and (STARTS[word] or word:match("^allow%-")) and word
end

function M.ifupdown(list)
  for _, request in ipairs(list) do
    local new = split(request)
    local family = new.six and "inet6" or "inet"
    local path = file_of(request, "ifupdown") or "/etc/network/interfaces"
    local body = { "\taddress " .. new.address, "\tnetmask " .. (new.six and new.length or netmask(new.length)) }
    if new.gateway then body[#body + 1] = "\tgateway " .. new.gateway end
    if #new.servers > 0 then body[#body + 1] = "\tdns-nameservers " .. table.concat(new.servers, " ") end
    local out, inside, done, automatic = {}, false, false, false
    for _, line in ipairs(text.lines(text.read(path) or "")) do
      local word = starts(line)
      if word then
        inside = false
        if word ~= "iface" then
          automatic = automatic or (" " .. line .. " "):find(" " .. request.name .. " ", 1, true) ~= nil
        else
          local name, kind = line:match("^%s*iface%s+(%S+)%s+(%S+)")
          if name == request.name and kind == family then
            inside = true
            if done then line = nil end
            if line then
              line = line:gsub("^(%s*iface%s+%S+%s+%S+).*$", "%1 static")
              out[#out + 1] = line
              table.move(body, 1, #body, #out + 1, out)
              done, line = true, nil
            end
          end
        end
      elseif inside and OLD[line:match("^%s*([%w-]+)") or ""] then
        line = nil
      end
      if line then out[#out + 1] = line end
    end
    if not done then
      if not automatic then out[#out + 1] = "auto " .. request.name end
      out[#out + 1] = "iface " .. request.name .. " " .. family .. " static"
      table.move(body, 1, #body, #out + 1, out)
    end
    text.write(path, table.concat(out, "\n") .. "\n")
  end
end

-- ---- files of variables ----

-- Sets VALUES ({ { NAME, value }, ... }) where the lines stand whose names match one of PATTERNS; those go.
local function set_variables(path, fresh, patterns, values)
  local content = text.read(path) or fresh
  local kept = text.map_lines(content, function(line)
    local name = line:match("^%s*([%w_]+)=")
    for _, pattern in ipairs(name and patterns or {}) do
      if name:match("^" .. pattern .. "$") then return false end
    end
  end)
  local lines = {}
  for _, pair in ipairs(values) do lines[#lines + 1] = pair[1] .. "=" .. pair[2] end
  text.write(path, text.append(kept, lines))
end

function M.ifcfg(list)
  for _, request in ipairs(list) do
    local new = split(request)
    local path = file_of(request, "ifcfg") or "/etc/sysconfig/network-scripts/ifcfg-" .. request.name
    local fresh = "DEVICE=" .. request.name .. "\nHWADDR=" .. request.interface:upper() .. "\nTYPE=Ethernet\nONBOOT=yes\n"
    local values, patterns
    if new.six then
      patterns = { "IPV6INIT", "IPV6ADDR", "IPV6_AUTOCONF", "IPV6_DEFAULTGW", "DHCPV6C", "DNS%d" }
      values = { { "IPV6INIT", "yes" }, { "IPV6_AUTOCONF", "no" }, { "IPV6ADDR", request.address } }
      if new.gateway then values[#values + 1] = { "IPV6_DEFAULTGW", new.gateway } end
    else
      patterns = { "BOOTPROTO", "IPADDR%d*", "PREFIX%d*", "NETMASK%d*", "GATEWAY%d*", "BROADCAST", "NETWORK", "DNS%d" }
      values = { { "BOOTPROTO", "none" }, { "IPADDR", new.address }, { "NETMASK", netmask(new.length) } }
      if new.gateway then values[#values + 1] = { "GATEWAY", new.gateway } end
    end
    for number, server in ipairs(new.servers) do values[#values + 1] = { "DNS" .. number, server } end
    set_variables(path, fresh, patterns, values)
  end
end

local SUSE = "/etc/sysconfig/network/"

function M.wicked(list)
  local servers = {}
  for _, request in ipairs(list) do
    local new = split(request)
    local path = file_of(request, "wicked") or SUSE .. "ifcfg-" .. request.name
    set_variables(path, "STARTMODE='auto'\n", { "BOOTPROTO", "IPADDR%w*", "PREFIXLEN%w*", "NETMASK%w*", "BROADCAST", "NETWORK" },
      { { "BOOTPROTO", "'static'" }, { "IPADDR", "'" .. request.address .. "'" } })
    if new.gateway then
      local routes = SUSE .. "ifroute-" .. text.basename(path):gsub("^ifcfg%-", "")
      local kept = text.map_lines(text.read(routes) or "", function(line)
        if line:match("^%s*default%s") then return false end
      end)
      text.write(routes, text.append(kept, { "default " .. new.gateway .. " - -" }))
    end
    for _, server in ipairs(new.servers) do servers[#servers + 1] = server end
  end
  if #servers > 0 then
    text.edit(SUSE .. "config", function(line)
      if line:match("^NETCONFIG_DNS_STATIC_SERVERS=") then return 'NETCONFIG_DNS_STATIC_SERVERS="' .. table.concat(servers, " ") .. '"' end
    end)
  end
end

-- ---- files of sections ----

-- CONTENT with VALUES set in SECTION: its lines whose keys match one of PATTERNS go.
local function set_section(content, section, patterns, values)
  local out, current, at = {}, nil, nil
  for _, line in ipairs(text.lines(content)) do
    local name = line:match("^%s*%[([^%]]+)%]")
    if name then current = name:lower() end
    local key = current == section and not name and line:match("^%s*([%w._-]+)%s*=")
    for _, pattern in ipairs(key and patterns or {}) do
      if line and key:lower():match("^" .. pattern .. "$") then line = nil end
    end
    if line then out[#out + 1] = line end
    if current == section and line and line:match("%S") then at = #out end
  end
  if not at then
    if #out > 0 and out[#out] ~= "" then out[#out + 1] = "" end
    out[#out + 1] = "[" .. section .. "]"
    at = #out
  end
  for number, line in ipairs(values) do table.insert(out, at + number, line) end
  return table.concat(out, "\n") .. "\n"
end

function M.networkmanager(list)
  for _, request in ipairs(list) do
    local new = split(request)
    local path = file_of(request, "networkmanager")
    local fresh = "[connection]\nid=" .. request.name .. "\ntype=ethernet\n\n[ethernet]\nmac-address=" .. request.interface:upper() .. "\n"
    local content = path and text.read(path) or fresh
    local values = { "method=manual", "address1=" .. request.address .. (new.gateway and "," .. new.gateway or "") }
    if #new.servers > 0 then values[#values + 1] = "dns=" .. table.concat(new.servers, ";") .. ";" end
    content = set_section(content, new.six and "ipv6" or "ipv4", { "method", "address%d*", "addresses%d*", "gateway", "dns" }, values)
    if not path then text.directory("/etc/NetworkManager/system-connections") end
    -- It does not read what others may.
    text.write(path or "/etc/NetworkManager/system-connections/" .. request.name .. ".nmconnection", content, 384)
  end
end

-- Takes out the sections of addresses, and of the default routes.
local function without_addresses(content)
  local out, block, drop = {}, {}, false
  local function finish()
    if not drop then table.move(block, 1, #block, #out + 1, out) end
    block, drop = {}, false
  end
  for _, line in ipairs(text.lines(content)) do
    local name = line:match("^%s*%[([^%]]+)%]")
    if name then
      finish()
      drop = name == "Address" or name == "Route"
    elseif line:match("^%s*Destination%s*=") then
      drop = false
    end
    block[#block + 1] = line
  end
  finish()
  return table.concat(out, "\n") .. "\n"
end

function M.networkd(list)
  for _, request in ipairs(list) do
    local new = split(request)
    local path = file_of(request, "networkd")
    local content = path and without_addresses(text.read(path)) or "[Match]\nMACAddress=" .. request.interface .. "\n" .. match.CARD .. "\n\n[Network]\n"
    local values = { "Address=" .. request.address }
    if new.gateway then values[#values + 1] = "Gateway=" .. new.gateway end
    for _, server in ipairs(new.servers) do values[#values + 1] = "DNS=" .. server end
    content = set_section(content:gsub("%[Network%]", "[network]"), "network", { "dhcp", "address", "gateway", "dns" }, values)
    if not path then text.directory("/etc/systemd/network") end
    text.write(path or "/etc/systemd/network/10-v2v-" .. request.name .. ".network", (content:gsub("%[network%]", "[Network]")))
  end
end

-- ---- netplan ----

local KEYS = text.set { "dhcp4", "dhcp6", "addresses", "gateway4", "gateway6", "nameservers", "routes" }

local function netplan_lines(new, address, indent)
  local lines = { indent .. (new.six and "dhcp6" or "dhcp4") .. ": false", indent .. 'addresses: ["' .. address .. '"]' }
  -- "default" is not known to the first releases.
  if new.gateway then lines[#lines + 1] = indent .. 'routes: [{to: "' .. (new.six and "::/0" or "0.0.0.0/0") .. '", via: "' .. new.gateway .. '"}]' end
  if #new.servers > 0 then
    lines[#lines + 1] = indent .. "nameservers:"
    lines[#lines + 1] = indent .. '  addresses: ["' .. table.concat(new.servers, '", "') .. '"]'
  end
  return lines
end

-- The lines of CONTENT, each { line =, indent =, rest =, id =, head = } if it is in "ethernets": ID is the block that it is in
-- (HEAD: it is the block's first line).
local function ethernets(content)
  local all, outer, depth, id = {}, nil, nil, nil
  for number, line in ipairs(text.lines(content)) do
    local indent, rest = line:match("^(%s*)(%S.*)$")
    local entry = { line = line, indent = indent, rest = rest }
    all[number] = entry
    if rest and rest:sub(1, 1) == "#" then
      entry.comment, entry.id = true, id
    elseif rest then
      local at = #indent
      if outer and at <= outer then outer, depth, id = nil, nil, nil end
      if rest:match("^ethernets%s*:") then
        outer, depth, id = at, nil, nil
      elseif outer and (not depth or at <= depth) then
        depth, entry.head = at, true
        id = text.unquote(rest:match("^(.-)%s*:") or "")
      end
      entry.id = id
    end
  end
  return all
end

-- How the block is indented whose first line is NUMBER of ALL.
local function indent_below(all, number)
  for i = number + 1, #all do
    local entry = all[i]
    if entry.head or (entry.rest and not entry.id) then break end
    if entry.rest and not entry.comment then return entry.indent end
  end
  return all[number].indent .. "  "
end

-- The blocks IDS in "ethernets", without their addresses and with lines that MAKE makes in their place; nil if there are none
-- or one is written in braces.
local function netplan_block(content, ids, make)
  local out, dropping, done = {}, nil, false
  local all = ethernets(content)
  for number, entry in ipairs(all) do
    local at = entry.indent and #entry.indent
    if dropping and at and at <= dropping and not (at == dropping and entry.rest:sub(1, 1) == "-") then dropping = nil end
    if ids[entry.id] and not entry.head and not entry.comment and not dropping and KEYS[entry.rest:match("^(%w+)%s*:") or ""] then
      dropping = at
    end
    if not dropping then out[#out + 1] = entry.line end
    if entry.head and ids[entry.id] then
      local tail = entry.rest:match(":%s*(.*)$")
      if tail and tail ~= "" and tail:sub(1, 1) ~= "#" then return nil end
      local lines = make(indent_below(all, number))
      table.move(lines, 1, #lines, #out + 1, out)
      done = true
    end
  end
  return done and table.concat(out, "\n") .. "\n" or nil
end

-- What the blocks of this interface are called: by its name, and those that recognise it by its address.
local function netplan_ids(content, request)
  local ids = { [request.name] = true }
  for _, entry in ipairs(ethernets(content)) do
    if entry.id and not entry.comment and entry.rest:lower():find(request.interface, 1, true) then ids[entry.id] = true end
  end
  return ids
end

function M.netplan(list)
  for _, request in ipairs(list) do
    local new = split(request)
    local path = file_of(request, "netplan")
    local function make(indent) return netplan_lines(new, request.address, indent) end
    if path then
      local content = text.read(path)
      local changed = netplan_block(content, netplan_ids(content, request), make)
      if not changed then
        fail(path .. " in the guest has interface " .. request.name .. " in braces, a form that is not edited: write it as a block with one key in each line, or set the address in the guest")
      end
      text.write(path, changed)
    else
      text.write("/etc/netplan/90-v2v-" .. request.name .. ".yaml", "network:\n  version: 2\n  ethernets:\n    " .. request.name .. ":\n" .. table.concat(make("      "), "\n")
        .. "\n      match:\n        macaddress: \"" .. request.interface .. "\"\n      set-name: " .. request.name .. "\n", 384)
    end
  end
end

return M
