-- SPDX-License-Identifier: GPL-2.0-or-later
-- Portage.
local text = require "lib.text"
local files = require "packages.files"
local M = {}

function M.remove(list)
  local installed = {}
  for _, path in ipairs(text.glob("/var/db/pkg/*/*")) do
    local name = text.basename(path):match("^(.+)%-%d[%w._]*%-r%d+$") or text.basename(path):match("^(.+)%-%d[%w._]*$")
    if name then installed[name] = true end
  end
  files.erase(list, installed, function(names) guest.command { "emerge", "--unmerge", "--quiet", table.unpack(names) } end, "needed by (%S+)")
end

return M
