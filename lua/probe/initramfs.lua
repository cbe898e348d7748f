-- SPDX-License-Identifier: GPL-2.0-or-later
-- What makes the guest's initramfs.
local text = require "lib.text"
local M = {}

-- In the order of asking: a system with the first may hold files of the others.
local TOOLS = {
  { "update-initramfs", "initramfs-tools" },
  { "dracut", "dracut" },
  { "mkinitrd", "mkinitrd" },
  { "make-initrd", "make-initrd" },
  { "mkinitcpio", "mkinitcpio" },
  { "mkinitfs", "mkinitfs" },
}

-- Does what the tool makes hold udev, which loads a driver for every device it finds?
local function has_udev(tool)
  if tool == "initramfs-tools" then
    return next(text.present("/usr/share/initramfs-tools/hooks", { "udev" })) ~= nil
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
  for _, tool in ipairs(TOOLS) do
    if found[tool[1]] then return { tool = tool[2], udev = has_udev(tool[2]) } end
  end
  return {}
end

return M
