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

-- Everything in one call, and only what is there.
function M.remove(list)
  local installed = {}
  for paragraph in ((text.read("/var/lib/dpkg/status") or "") .. "\n\n"):gmatch("(.-)\n\n+") do
    local name, status = ("\n" .. paragraph):match("\nPackage:%s*(%S+)"), ("\n" .. paragraph):match("\nStatus:%s*([^\n]*)")
    if name and (status or ""):match(" installed$") then installed[name] = true end
  end
  local names = {}
  for _, name in ipairs(files.names(list)) do
    if installed[name] then names[#names + 1] = name end
  end
  if #names == 0 then return end
  guest.command { "env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "-r", table.unpack(names) }
end

return M
