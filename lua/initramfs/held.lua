-- SPDX-License-Identifier: GPL-2.0-or-later
-- Which drivers an initramfs holds, by a listing of its files.
local text = require "lib.text"
local modules = require "lib.modules"
local M = {}

-- A set of names, those that are part of the kernel included.
function M.names(listing, version)
  local held = modules.builtin(modules.folder(version))
  for _, line in ipairs(text.lines(listing)) do
    local file = line:match("([^/%s]+%.ko[%.%w]*)%s*$")
    if file then held[modules.name(file)] = true end
  end
  return held
end

return M
