-- SPDX-License-Identifier: GPL-2.0-or-later
-- The files that a boot loader reads, and editing them in place.
local text = require "lib.text"
local grub = require "lib.grub"
local M = {}

local NAMES = { ["grub.cfg"] = true, ["custom.cfg"] = true, ["user.cfg"] = true, ["grubenv"] = true, ["device.map"] = true,
  ["grub.conf"] = true, ["menu.lst"] = true, ["extlinux.conf"] = true, ["syslinux.cfg"] = true }

-- Their paths; a file that is reached by two names (grub.conf and a link menu.lst) stands there once.
function M.list()
  local paths, seen = {}, {}
  local function add(path)
    local stat = guest.stat(path)
    local key = stat.dev .. ":" .. stat.ino
    if not seen[key] then
      seen[key] = true
      paths[#paths + 1] = path
    end
  end
  for _, pattern in ipairs { "/boot/grub*/*", "/boot/extlinux*", "/boot/extlinux/*", "/boot/syslinux/*", "/boot/efi/EFI/*/*" } do
    for _, path in ipairs(text.glob(pattern)) do
      if NAMES[text.basename(path)] and guest.is_file(path, { followsymlinks = true }) then add(path) end
    end
  end
  for _, directory in ipairs { "/boot/loader", "/boot/efi/loader", "/efi/loader" } do
    for _, path in ipairs(text.glob(directory .. "/entries/*.conf")) do add(path) end
  end
  return paths
end

-- Of the comments in GRUB legacy's menu, Debian's update-grub reads these as settings.
local function is_comment(line)
  return line:match("^%s*#") and not line:match("^# %l+opt[%w_]*=") and not line:match("^# groot=") and not line:match("^# %l*options=")
end

-- Calls EDIT on every line that is not a comment; what it returns replaces the line.
function M.edit(path, edit)
  local old = text.read(path)
  local environment = text.basename(path) == "grubenv"
  local body = environment and old:gsub("#*$", "") or old
  local new = text.map_lines(body, function(line)
    if line == "" or is_comment(line) then return nil end
    return edit(line)
  end)
  if new == body then return false end
  guest.write(path, environment and grub.pad_environment(new) or new)
  return true
end

-- Calls LOOK on every line that is not a comment.
function M.each(path, look)
  for _, line in ipairs(text.lines(text.read(path))) do
    if line ~= "" and not is_comment(line) then look(line) end
  end
end

return M
