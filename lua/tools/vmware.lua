-- SPDX-License-Identifier: GPL-2.0-or-later
-- Removes VMware's tools that were installed from their archive. Their installer kept a list of all that it did. This script
-- does what the uninstaller would do with that list, but does not run the programs that it would run: they ask questions,
-- look for the running system, and make each initramfs anew.
local text = require "lib.text"
local leftovers = require "tools.leftovers"
local M = {}

local LIST = "/etc/vmware-tools/locations"
local BLOCK_BEGIN = "# Beginning of the block added by the VMware software"
local BLOCK_END = "# End of the block added by the VMware software"
local AFTER = ".AfterVMwareToolsInstall"

-- A later line cancels an earlier one.
local function read()
  local list = { answers = {}, files = {}, directories = {} }
  for _, line in ipairs(text.lines(text.read(LIST))) do
    local word, rest = line:match("^([%w_]+) (.*)$")
    if word == "answer" then
      local name, value = rest:match("^(%S+) ?(.*)$")
      if name then list.answers[name] = value end
    elseif word == "remove_answer" then
      list.answers[rest] = nil
    elseif word == "file" then
      local path, time = rest:match("^(.+) (%d+)$")
      list.files[path or rest] = math.tointeger(tonumber(time)) or 0
    elseif word == "remove_file" then
      list.files[rest] = nil
    elseif word == "directory" then
      list.directories[rest] = true
    elseif word == "remove_directory" then
      list.directories[rest] = nil
    end
  end
  return list
end

local function free_name(path)
  for number = 0, 99 do
    local name = path .. ".old." .. number
    if not next(leftovers.there { name }) then return name end
  end
end

-- A file that was changed since it was installed is kept beside its place.
local function remove_files(files)
  local paths = text.sorted(files)
  for path, found in pairs(leftovers.there(paths)) do
    local kept = files[path] ~= 0 and found.mtime ~= files[path] and guest.is_file(path) and path:sub(1, 5) == "/etc/" and free_name(path)
    if kept then
      guest.mv(path, kept)
      log.info(path .. " was changed since VMware's tools were installed, and is kept as " .. kept)
    end
  end
  leftovers.files(paths)
end

-- Files that the installer put aside come back. What has taken their place is kept, if it is something else.
local function restore(answers)
  local names = {}
  for name in pairs(answers) do names[name:match("^(RESTORE_.+)_BAK$") or ""] = true end
  for _, name in ipairs(text.sorted(names)) do
    local path, backup = answers[name], answers[name .. "_BAK"]
    if path and backup and next(leftovers.there { backup }) then
      if next(leftovers.there { path }) then
        local now, before = text.read(path), text.read(backup)
        if now and now ~= before then
          guest.mv(path, path .. AFTER)
          log.info(path .. " is again as it was before VMware's tools were installed; what it was since is " .. path .. AFTER)
        end
      end
      guest.mv(backup, path)
    end
  end
end

local function remove_blocks(answers)
  local paths = text.set { "/etc/fstab", "/etc/modules", "/etc/modprobe.conf", "/etc/modprobe.conf.local", "/etc/modules.conf", "/etc/updatedb.conf" }
  for _, path in ipairs(text.glob("/etc/modprobe.d/*")) do paths[path] = true end
  for path in (answers.APPENDED_FILES or ""):gmatch("[^:]+") do paths[path] = true end
  for _, path in ipairs(text.sorted(paths)) do
    if guest.is_file(path) then leftovers.blocks(path, BLOCK_BEGIN, BLOCK_END) end
  end
end

function M.remove()
  if not guest.is_file(LIST) then return end
  local list = read()
  remove_files(list.files)
  restore(list.answers)
  remove_blocks(list.answers)
  -- Beside its list, the installer keeps these in its own directory.
  leftovers.files { LIST, "/etc/vmware-tools/not_configured", "/etc/vmware-tools/installer.sh" }
  local directories = text.sorted(list.directories)
  directories[#directories + 1] = "/etc/vmware-tools"
  leftovers.empty_directories(directories)
  for _, directory in ipairs { "/etc/rc?.d/", "/etc/rc.d/rc?.d/", "/etc/init.d/rc?.d/" } do
    for _, pattern in ipairs { "[SK]??vmware-tools", "[SK]??vmware-tools-thinprint" } do
      for _, path in ipairs(text.glob(directory .. pattern)) do leftovers.files { path } end
    end
  end
end

return M
