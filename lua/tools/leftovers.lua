-- SPDX-License-Identifier: GPL-2.0-or-later
-- Removes files that an installer of guest tools put into a guest: by lists, and never a directory that contains other
-- files.
local text = require "lib.text"
local M = {}

local FILE_TYPE, DIRECTORY, LINK = 0xF000, 0x4000, 0xA000

-- A list that a guest holds may say anything: of it, only plain absolute paths count.
local function directory_and_name(path)
  if path:find("/../", 1, true) or path:find("//", 1, true) then return nil end
  return path:match("^(/.*)/([^/]+)$")
end

-- What there is of PATHS: path -> { type =, mtime = }. One call for each directory.
function M.there(paths)
  local directories, found = {}, {}
  for _, path in ipairs(paths) do
    local directory, name = directory_and_name(path)
    if name and name ~= "." and name ~= ".." then
      directories[directory] = directories[directory] or {}
      directories[directory][#directories[directory] + 1] = name
    end
  end
  for directory, names in pairs(directories) do
    local ok, stats = pcall(guest.lstatnslist, directory, names)
    for number, name in ipairs(ok and names or {}) do
      local stat = stats[number]
      if stat and text.integer(stat.st_ino) >= 0 then
        found[directory .. "/" .. name] = { type = text.integer(stat.st_mode) & FILE_TYPE, mtime = text.integer(stat.st_mtime_sec) }
      end
    end
  end
  return found
end

-- Removes those of PATHS that are there and are no directories.
function M.files(paths)
  local there = M.there(paths)
  for _, path in ipairs(text.sorted(there)) do
    if there[path].type ~= DIRECTORY then guest.rm_f(path) end
  end
end

-- Removes those of PATHS that are directories and empty, the innermost first.
function M.empty_directories(paths)
  local there, list = M.there(paths), {}
  for path, found in pairs(there) do
    if found.type == DIRECTORY then list[#list + 1] = path end
  end
  table.sort(list, function(a, b) return #a > #b or #a == #b and a < b end)
  for _, path in ipairs(list) do
    if #guest.ls(path) == 0 then guest.rmdir(path) end
  end
end

-- Removes a directory with all that is in it.
function M.directory(path)
  local found = M.there({ path })[path]
  if found and found.type == DIRECTORY then guest.rm_rf(path) end
end

-- Removes the links in DIRECTORIES that lead to PREFIX.
function M.links_to(prefix, directories)
  for _, directory in ipairs(directories) do
    if guest.is_dir(directory, { followsymlinks = true }) then
      local names, links = guest.ls(directory), {}
      local there = M.there((function()
        local paths = {}
        for number, name in ipairs(names) do paths[number] = directory .. "/" .. name end
        return paths
      end)())
      for _, name in ipairs(names) do
        local found = there[directory .. "/" .. name]
        if found and found.type == LINK then links[#links + 1] = name end
      end
      for number, target in ipairs(#links > 0 and guest.readlinklist(directory, links) or {}) do
        if target:sub(1, #prefix) == prefix then guest.rm_f(directory .. "/" .. links[number]) end
      end
    end
  end
end

-- Takes out the blocks between two lines that begin with these words. One that has no end stays.
function M.blocks(path, first, last)
  local content = text.read(path)
  if not content or not content:find(first, 1, true) then return end
  local open = 0
  for _, line in ipairs(text.lines(content)) do
    if line:sub(1, #first) == first then
      open = open + 1
    elseif line:sub(1, #last) == last then
      open = open - 1
    end
    if open < 0 or open > 1 then return end
  end
  if open ~= 0 then return end
  local inside = false
  text.edit(path, function(line)
    if line:sub(1, #first) == first then inside = true end
    if not inside then return nil end
    if line:sub(1, #last) == last then inside = false end
    return false
  end)
end

return M
