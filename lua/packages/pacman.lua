-- SPDX-License-Identifier: GPL-2.0-or-later
-- pacman.
local files = require "packages.files"
local M = {}

local DATABASE = "/var/lib/pacman/local"

function M.add(list)
  local missing = files.missing(list)
  if #missing == 0 then return end
  files.with(missing, function(paths) guest.command { "pacman", "-U", "--noconfirm", table.unpack(paths) } end)
end

function M.remove(list)
  local installed = {}
  for _, directory in ipairs(guest.ls(DATABASE)) do
    local name = directory:match("^(.+)%-[^-]+%-[^-]+$")
    if name then installed[name] = true end
  end
  files.erase(list, installed, function(names) guest.command { "pacman", "-R", "--noconfirm", table.unpack(names) } end,
    "required by (%S+)")
end

return M
