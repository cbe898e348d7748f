-- SPDX-License-Identifier: GPL-2.0-or-later
-- Reads and edits the guest's text files. An edit changes nothing but what it is meant to change; every other byte stays as
-- it was.
local M = {}

local CHUNK = 1024 * 1024

-- The binding gives 64-bit numbers as strings.
function M.integer(value)
  return math.tointeger(tonumber(value))
end

function M.size(path)
  return M.integer(guest.filesize(path))
end

-- Part of a file as it is, from OFFSET, at most LENGTH bytes; nil if there is no such file.
function M.bytes(path, offset, length)
  local parts, left = {}, length
  while left > 0 do
    local ok, part = pcall(guest.pread, path, math.min(left, CHUNK), offset)
    if not ok then
      if #parts == 0 and not guest.is_file(path, { followsymlinks = true }) then return nil end
      error(part, 0)
    end
    if #part == 0 then break end
    parts[#parts + 1] = part
    offset, left = offset + #part, left - #part
  end
  return table.concat(parts)
end

-- A whole file, or nil if there is no such file.
function M.read(path)
  return M.bytes(path, 0, 64 * CHUNK)
end

-- Writes a file unless it holds just this already. Says whether it wrote.
function M.write(path, content, mode)
  local old = M.read(path)
  if old == content then return false end
  guest.write(path, content)
  if not old then guest.chmod(mode or 420, path) end -- 0644
  return true
end

-- Makes a directory unless it is there.
function M.directory(path)
  if not guest.is_dir(path, { followsymlinks = true }) then guest.mkdir_p(path) end
end

function M.remove(path)
  if guest.is_file(path) or guest.is_symlink(path) then
    guest.rm_f(path)
    return true
  end
  return false
end

-- The lines of a text, without their ends.
function M.lines(text)
  local list = {}
  if not text or text == "" then return list end
  for line in text:gmatch("([^\n]*)\n?") do list[#list + 1] = line end
  return list
end

-- Runs EDIT on each line (without its end); what it returns replaces the line, nil
-- leaves the line as it is, false removes it. Returns the new text.
function M.map_lines(text, edit)
  local out = {}
  for line, ending in text:gmatch("([^\n]*)(\n?)") do
    if line ~= "" or ending ~= "" then
      local new = edit(line)
      if new == nil then new = line end
      if new then out[#out + 1] = new .. ending end
    end
  end
  return table.concat(out)
end

-- Adds lines at the end, and the end of line that a last one may lack.
function M.append(text, lines)
  if text ~= "" and text:sub(-1) ~= "\n" then text = text .. "\n" end
  return text .. table.concat(lines, "\n") .. "\n"
end

-- Edits a file's lines if there is such a file. Says whether that changed it.
function M.edit(path, edit)
  local old = M.read(path)
  if not old then return false end
  local new = M.map_lines(old, edit)
  if new == old then return false end
  guest.write(path, new)
  return true
end

function M.trim(text)
  return (text:gsub("^%s+", ""):gsub("%s+$", ""))
end

-- Shell assignments (NAME=value) of a text: os-release, default/grub, sysconfig files.
function M.assignments(text)
  local values = {}
  for _, line in ipairs(M.lines(text)) do
    local name, value = line:match("^%s*([%w_]+)=(.*)$")
    if name then values[name] = M.unquote(M.trim(value)) end
  end
  return values
end

function M.unquote(value)
  local quoted = value:match('^"(.*)"$')
  if quoted then return (quoted:gsub("\\(.)", "%1")) end
  return value:match("^'(.*)'$") or value
end

-- What stands at the end of a path.
function M.basename(path)
  return path:match("([^/]*)/*$")
end

-- Paths that match a pattern, without the slash that marks a directory.
function M.glob(pattern)
  local list = {}
  for _, path in ipairs(guest.glob_expand(pattern)) do list[#list + 1] = (path:gsub("(.)/$", "%1")) end
  return list
end

-- Which of NAMES are in the directory: a set. One call.
function M.present(directory, names)
  local set = {}
  local ok, stats = pcall(guest.lstatnslist, directory, names)
  if ok then
    for i, name in ipairs(names) do
      if stats[i] and M.integer(stats[i].st_ino) >= 0 then set[name] = true end
    end
  end
  return set
end

-- A set of a list's values.
function M.set(list)
  local set = {}
  for _, value in ipairs(list) do set[value] = true end
  return set
end

-- The keys of a set, sorted.
function M.sorted(set)
  local list = {}
  for value in pairs(set) do list[#list + 1] = value end
  table.sort(list)
  return list
end

return M
