-- SPDX-License-Identifier: GPL-2.0-or-later
-- Turns off package repositories in their files.
local text = require "lib.text"
local M = {}

-- Does a text name a host of HOSTS, or one below it?
local function names_host(line, hosts)
  for place in line:gmatch("%f[%w]%a[%w+.-]*://([^/%s,\"']+)") do
    local host = place:lower():gsub("^.*@", ""):gsub(":%d*$", "")
    for _, wanted in ipairs(hosts) do
      if host == wanted or host:sub(-#wanted - 1) == "." .. wanted then return true end
    end
  end
  return false
end

-- The .repo files of yum, dnf and zypper: sections, in which a value may go on in lines that begin with a blank.
local function repo_file(path, hosts)
  local lines, sections = text.lines(text.read(path)), {}
  local section, is_url
  for number, line in ipairs(lines) do
    if line:match("^%s*%[.-%]") then
      section = { header = number }
      sections[#sections + 1] = section
      is_url = false
    elseif section and not line:match("^%s*[#;]") then
      local name, value = line:match("^(%a+)%s*[=:]%s*(.*)$")
      if name then is_url = name == "baseurl" or name == "mirrorlist" or name == "metalink" end
      if is_url and names_host(value or line, hosts) then section.ours = true end
      if name == "enabled" then section.enabled, section.off = number, value:match("^0") or value:lower():match("^no") or value:lower():match("^false") end
    end
  end
  local off, headers = {}, {}
  for _, found in ipairs(sections) do
    if found.ours and not found.off then
      if found.enabled then off[found.enabled] = true else headers[found.header] = true end
    end
  end
  local number = 0
  text.edit(path, function(line)
    number = number + 1
    if off[number] then return "enabled=0" end
    if headers[number] then return line .. "\nenabled=0" end
  end)
end

function M.repo_files(list)
  local hosts = {}
  for number, request in ipairs(list) do hosts[number] = request.host end
  for _, pattern in ipairs { "/etc/yum.repos.d/*.repo", "/etc/zypp/repos.d/*.repo" } do
    for _, path in ipairs(text.glob(pattern)) do repo_file(path, hosts) end
  end
end

-- Paragraphs of fields, of which a value may go on in lines that begin with a blank.
local function deb822(path, hosts)
  local lines, number, first, off, ours = text.lines(text.read(path)), 0, nil, nil, false
  local set, add = {}, {}
  local is_url = false
  local function finish()
    if first and ours and not off then add[first] = true end
    if first and ours and off and off.yes then set[off.line] = true end
    first, off, ours, is_url = nil, nil, false, false
  end
  for at, line in ipairs(lines) do
    if line:match("^%s*$") then
      finish()
    elseif not line:match("^#") then
      first = first or at
      local name, value = line:match("^([%w-]+):%s*(.*)$")
      if name then is_url = name:lower() == "uris" end
      if is_url and names_host(value or line, hosts) then ours = true end
      if name and name:lower() == "enabled" then off = { line = at, yes = not value:lower():match("^no") } end
    end
  end
  finish()
  text.edit(path, function(line)
    number = number + 1
    if set[number] then return "Enabled: no" end
    if add[number] then return "Enabled: no\n" .. line end
  end)
end

function M.apt(list)
  local hosts = {}
  for number, request in ipairs(list) do hosts[number] = request.host end
  local paths = text.glob("/etc/apt/sources.list.d/*.list")
  paths[#paths + 1] = "/etc/apt/sources.list"
  for _, path in ipairs(paths) do
    text.edit(path, function(line)
      if line:match("^%s*deb") and names_host(line, hosts) then return "# " .. line end
    end)
  end
  for _, path in ipairs(text.glob("/etc/apt/sources.list.d/*.sources")) do deb822(path, hosts) end
end

return M
