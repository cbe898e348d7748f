-- SPDX-License-Identifier: GPL-2.0-or-later
-- Disables services.
local text = require "lib.text"
local M = {}

-- What a pattern names, with the characters in NAME that a pattern would understand.
local function escaped(name)
  return (name:gsub("[%[%]*?\\]", "\\%0"))
end

local function links(pattern)
  local list = {}
  for _, path in ipairs(text.glob(pattern)) do
    if guest.is_symlink(path) then list[#list + 1] = path end
  end
  return list
end

-- The links by which a unit of systemd is started.
function M.wanted(unit)
  local list = links("/etc/systemd/system/*.wants/" .. escaped(unit))
  for _, path in ipairs(links("/etc/systemd/system/*.requires/" .. escaped(unit))) do list[#list + 1] = path end
  return list
end

function M.disable(list)
  for _, request in ipairs(list) do
    local name = request.name
    for _, path in ipairs(M.wanted(name .. ".service")) do guest.rm_f(path) end
    -- What is started with it, and other names for it. A link to /dev/null is how a service is forbidden.
    for _, path in ipairs(links("/etc/systemd/system/" .. escaped(name) .. ".service.*/*")) do guest.rm_f(path) end
    for _, path in ipairs(links("/etc/systemd/system/*.service")) do
      local target = guest.readlink(path)
      if target ~= "/dev/null" and (text.basename(target) == name .. ".service" or text.basename(path) == name .. ".service") then guest.rm_f(path) end
    end
    for _, directory in ipairs { "/etc/rc?.d/", "/etc/rc.d/rc?.d/", "/etc/init.d/rc?.d/", "/etc/init.d/boot.d/" } do
      for _, path in ipairs(links(directory .. "[SK]??" .. escaped(name))) do guest.rm_f(path) end
    end
  end
end

return M
