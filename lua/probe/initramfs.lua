-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds the guest's initramfs generator.
local text = require "lib.text"
local held = require "initramfs.held"
local M = {}

-- In the order of asking. COMMAND makes one. OWN files and PACKAGES come with the tool and with nothing else: its command alone may be
-- another tool's, which brings it for those who call it by habit, and hooks for it come with many packages. SIGN is in what it makes.
local TOOLS = {
  { name = "initramfs-tools", command = "update-initramfs", packages = { "initramfs-tools", "initramfs-tools-core" }, sign = "^scripts/functions$",
    own = { "/usr/share/initramfs-tools/hook-functions", "/usr/sbin/mkinitramfs" } },
  { name = "dracut", command = "dracut", packages = { "dracut" }, sign = "lib/dracut[%-/]",
    own = { "/usr/lib/dracut/modules.d", "/usr/lib/dracut/dracut-functions.sh", "/usr/share/dracut/modules.d" } },
  { name = "make-initrd", command = "make-initrd", packages = { "make-initrd" }, sign = "^etc/initrd/", own = { "/usr/share/make-initrd" } },
  { name = "mkinitcpio", command = "mkinitcpio", packages = { "mkinitcpio" }, sign = "^init_functions$", own = { "/usr/lib/initcpio", "/etc/mkinitcpio.conf" } },
  { name = "booster", command = "booster", packages = { "booster" }, sign = "^etc/booster%.init", own = { "/usr/lib/booster" } },
  { name = "mkinitfs", command = "mkinitfs", packages = { "mkinitfs" }, sign = "^newroot$", own = { "/usr/share/mkinitfs", "/etc/mkinitfs" } },
  { name = "mkinitrd", command = "mkinitrd", packages = { "mkinitrd" }, sign = "^linuxrc$", own = { "/sbin/nash", "/lib/mkinitrd" } },
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

-- command -> its path, of those that are there.
local function commands()
  local names, found = {}, {}
  for i, tool in ipairs(TOOLS) do names[i] = tool.command end
  for _, directory in ipairs { "/usr/sbin", "/usr/bin", "/sbin", "/bin" } do
    for name in pairs(text.present(directory, names)) do found[name] = found[name] or directory .. "/" .. name end
  end
  return found
end

-- Is the command of TOOL at PATH another tool's?
local function is_lent(tool, path)
  if tool.name == "initramfs-tools" then
    local content = text.bytes(path, 0, 65536) or ""
    return content:find("dracut", 1, true) ~= nil and not content:find("mkinitramfs", 1, true)
  end
  -- Slackware's has other arguments than those of the same name that rules know.
  return tool.name == "mkinitrd" and guest.is_dir("/usr/share/mkinitrd", { followsymlinks = true }) and not guest.is_dir("/lib/mkinitrd", { followsymlinks = true })
end

local function is_known_by_its_own(tool, installed)
  for _, name in ipairs(tool.packages) do
    if installed[name] then return true end
  end
  for _, path in ipairs(tool.own) do
    if next(text.present(path:match("^(.*)/"), { text.basename(path) })) then return true end
  end
  return false
end

-- Of several TOOLS, the one that the system calls when a kernel comes, or that made what is there; nil if nothing tells.
local function in_use(tools)
  local generator = ("\n" .. (text.read("/etc/kernel/install.conf") or text.read("/usr/lib/kernel/install.conf") or "")):match("\n%s*initrd_generator=(%S+)")
  for _, tool in ipairs(tools) do
    if tool.name == generator then return tool end
  end
  local images = text.glob("/boot/*init*")
  for i = #images, 1, -1 do
    local name = text.basename(images[i])
    if guest.is_file(images[i]) and not (name:match("rescue") or name:match("kdump") or name:match("fallback") or name:match("%.old$") or name:match("%.bak$")) then
      for _, line in ipairs(held.listing(images[i])) do
        for _, tool in ipairs(tools) do
          if line:match(tool.sign) then return tool end
        end
      end
    end
  end
end

function M.initramfs()
  local found, installed, tools, known = commands(), {}, {}, {}
  for _, package in ipairs(facts.package) do installed[package.name] = true end
  for _, tool in ipairs(TOOLS) do
    if found[tool.command] and not is_lent(tool, found[tool.command]) then tools[#tools + 1] = tool end
  end
  if #tools > 1 then
    for _, tool in ipairs(tools) do
      if is_known_by_its_own(tool, installed) then known[#known + 1] = tool end
    end
    if #known > 0 then tools = known end
  end
  local tool = #tools > 1 and in_use(tools) or tools[1]
  return tool and { tool = tool.name, udev = has_udev(tool.name) } or {}
end

return M
