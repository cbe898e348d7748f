-- SPDX-License-Identifier: GPL-2.0-or-later
-- What makes the guest's initramfs.
local text = require "lib.text"
local M = {}

-- In the order of asking: a system with the first may hold files of the others.
local TOOLS = {
  { "update-initramfs", "initramfs-tools" },
  { "dracut", "dracut" },
  { "make-initrd", "make-initrd" },
  { "mkinitcpio", "mkinitcpio" },
  { "booster", "booster" },
  { "mkinitfs", "mkinitfs" },
  { "mkinitrd", "mkinitrd" },
}

-- Does what the tool makes hold udev, which loads a driver for every device it finds?
local function has_udev(tool)
  if tool == "initramfs-tools" then
    return next(text.present("/usr/share/initramfs-tools/hooks", { "udev" })) ~= nil
  end
  if tool == "mkinitcpio" then
    local hooks
    local files = text.glob("/etc/mkinitcpio.conf.d/*.conf")
    table.insert(files, 1, "/etc/mkinitcpio.conf")
    for _, path in ipairs(files) do
      for words in ("\n" .. (text.read(path) or "")):gmatch("\n%s*HOOKS=[(\"']([^)\"']*)") do hooks = words end
    end
    for word in (hooks or ""):gmatch("%S+") do
      if word == "udev" or word == "systemd" then return true end
    end
    return false
  end
  return tool == "dracut"
end

function M.initramfs()
  local found = {}
  local names = {}
  for i, tool in ipairs(TOOLS) do names[i] = tool[1] end
  for _, folder in ipairs { "/usr/sbin", "/usr/bin", "/sbin", "/bin" } do
    for name in pairs(text.present(folder, names)) do found[name] = true end
  end
  -- dracut brings a command of this name as well, which calls it.
  if found.dracut and not guest.is_dir("/usr/share/initramfs-tools", { followsymlinks = true }) then found["update-initramfs"] = nil end
  for _, tool in ipairs(TOOLS) do
    if found[tool[1]] then return { tool = tool[2], udev = has_udev(tool[2]) } end
  end
  return {}
end

return M
