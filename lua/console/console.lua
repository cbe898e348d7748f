-- SPDX-License-Identifier: GPL-2.0-or-later
-- Moves logins and kernel messages from one console to another.
local text = require "lib.text"
local bootfiles = require "lib.bootfiles"
local M = {}

local function renames(list)
  local by_old = {}
  for _, request in ipairs(list) do by_old[request.old] = request.new end
  return by_old
end

-- A line with each console=OLD made console=NEW; one that would stand there twice goes, the last stays, since it is the
-- one that /dev/console is.
local function command_line(line, by_old)
  local changed = false
  local new = line:gsub("(%f[%w]console=)([%w]+)([%w,]*)", function(head, name, options)
    if by_old[name] then
      changed = true
      return head .. by_old[name] .. options
    end
  end)
  if not changed then return nil end
  local names = {}
  for name in new:gmatch("%f[%w]console=([%w]+)") do names[name] = (names[name] or 0) + 1 end
  return (new:gsub("(%f[%w]console=([%w]+)[%w,]*)(%s?)", function(_, name)
    if names[name] > 1 then
      names[name] = names[name] - 1
      return ""
    end
  end))
end

function M.boot_defaults(list)
  local by_old = renames(list)
  local paths = { "/etc/default/grub", "/etc/sysconfig/grub", "/etc/kernel/cmdline", "/etc/sysconfig/bootloader",
    "/etc/update-extlinux.conf", "/etc/default/u-boot" }
  for _, path in ipairs(text.glob("/etc/default/grub.d/*.cfg")) do paths[#paths + 1] = path end
  for _, path in ipairs(paths) do
    if not guest.is_symlink(path) then
      text.edit(path, function(line)
        if not line:match("^%s*#") then return command_line(line, by_old) end
      end)
    end
  end
end

function M.boot_files(list)
  local by_old = renames(list)
  for _, path in ipairs(bootfiles.list()) do
    bootfiles.edit(path, function(line) return command_line(line, by_old) end)
  end
end

-- A word that stands alone, or after /dev/.
local function replace_word(line, by_old)
  return (line:gsub("%f[%w]%w+%f[%W]", by_old))
end

function M.inittab(list)
  local by_old = renames(list)
  local content = text.read("/etc/inittab")
  -- A login that is there already is not started twice.
  local taken = {}
  for _, line in ipairs(text.lines(content)) do
    if not line:match("^%s*#") then
      for _, new in pairs(by_old) do
        if line:match("%f[%w]" .. new .. "%f[%W]") then taken[new] = true end
      end
    end
  end
  text.edit("/etc/inittab", function(line)
    if line:match("^%s*#") then return nil end
    local id, rest = line:match("^([^:]*)(:.*)$")
    if not id then return nil end
    for old, new in pairs(by_old) do
      if rest:match("%f[%w]" .. old .. "%f[%W]") then
        if taken[new] then return false end
        taken[new] = true
        -- The id is at most four characters; to busybox, which knows no runlevels, it is the terminal.
        if id == old and rest:match("^::") then
          id = new
        elseif id == old then
          id = new:gsub("^tty", ""):sub(-4)
        end
        return id .. replace_word(rest, by_old)
      end
    end
  end)
end

function M.securetty(list)
  local by_old = renames(list)
  local there = text.set(text.lines(text.read("/etc/securetty")))
  text.edit("/etc/securetty", function(line)
    local new = by_old[line]
    if not new then return nil end
    if there[new] then return false end
    there[new] = true
    return new
  end)
end

function M.systemd(list)
  for _, request in ipairs(list) do
    for _, path in ipairs(text.glob("/etc/systemd/system/*.wants/*getty@" .. request.old .. ".service")) do
      local new = path:gsub("@" .. request.old .. "%.service$", "@" .. request.new .. ".service")
      if guest.is_symlink(new) then guest.rm_f(path) else guest.mv(path, new) end
    end
  end
end

function M.upstart(list)
  local by_old = renames(list)
  for _, pattern in ipairs { "/etc/init/*.conf", "/etc/event.d/*" } do
    for _, path in ipairs(text.glob(pattern)) do
      text.edit(path, function(line)
        if not line:match("^%s*#") and line:match("getty") then return replace_word(line, by_old) end
      end)
    end
  end
end

return M
