-- SPDX-License-Identifier: GPL-2.0-or-later
-- XBPS.
local text = require "lib.text"
local files = require "packages.files"
local M = {}

function M.remove(list)
  local installed = {}
  for _, path in ipairs(text.glob("/var/db/xbps/pkgdb-*.plist")) do
    for name in (text.read(path) or ""):gmatch("<key>pkgver</key>%s*<string>([^<]+)%-[^-<]+</string>") do installed[name] = true end
  end
  files.erase(list, installed, function(names) guest.command { "xbps-remove", "-y", table.unpack(names) } end,
    "breaks installed pkg [`'\"]?([^`'\"%s]+)")
end

return M
