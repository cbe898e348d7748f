-- SPDX-License-Identifier: GPL-2.0-or-later
-- dpkg.
local text = require "lib.text"
local files = require "packages.files"
local M = {}

function M.add(list)
  local missing = files.missing(list)
  if #missing == 0 then return end
  files.with(missing, function(paths)
    guest.command { "env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--force-confdef", "--force-confold", "-i", table.unpack(paths) }
  end)
end

-- name -> state of what dpkg knows: "installed", "config-files", "half-configured" ...
local function states()
  local found = {}
  for paragraph in ((text.read("/var/lib/dpkg/status") or "") .. "\n\n"):gmatch("(.-)\n\n+") do
    local name, state = ("\n" .. paragraph):match("\nPackage:%s*(%S+)"), ("\n" .. paragraph):match("\nStatus:[^\n]*%s(%S+)%s*%f[\n\0]")
    if name and found[name] ~= "installed" then found[name] = state end
  end
  return found
end

-- Everything in one call, and only what is there. dpkg leaves out what others depend on.
function M.remove(list)
  local before, names = states(), {}
  for _, name in ipairs(files.names(list)) do
    if before[name] == "installed" then names[#names + 1] = name end
  end
  if #names == 0 then return end
  local ok, problem = pcall(guest.command, { "env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "-r", table.unpack(names) })
  if ok then return end
  local after, left = states(), {}
  for _, name in ipairs(names) do
    if after[name] and after[name] ~= "config-files" and after[name] ~= "not-installed" then left[#left + 1] = name end
  end
  -- It remembers that they were to go.
  if #left > 0 then guest.command { "sh", "-c", 'printf "%s install\\n" "$@" | dpkg --set-selections', "sh", table.unpack(left) } end
  files.left(left, files.message(problem), "^%s+(%S+) p?r?e?%-?[Dd]epends on")
end

return M
