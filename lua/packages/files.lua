-- SPDX-License-Identifier: GPL-2.0-or-later
-- Copies package files into the guest while they are installed, and removes packages.
local text = require "lib.text"
local M = {}

local DIRECTORY = "/var/tmp/v2v-engine-packages"

-- Calls INSTALL with the files' paths in the guest, and takes them away again.
function M.with(list, install)
  guest.mkdir_p(DIRECTORY)
  local paths = {}
  for number, request in ipairs(list) do
    paths[number] = DIRECTORY .. "/" .. number .. "-" .. text.basename(request.file)
    guest.put(request.file, paths[number], 420) -- 0644
  end
  local ok, problem = pcall(install, paths)
  guest.rm_rf(DIRECTORY)
  if not ok then error(problem, 0) end
end

-- What --with says of a request's file.
function M.described(request)
  for _, with in ipairs(facts["with"]) do
    if with.file == request.file then return with end
  end
end

-- The requests whose package is not installed in this very version.
function M.missing(list)
  local missing = {}
  for _, request in ipairs(list) do
    local with, there = M.described(request), false
    for _, package in ipairs(facts.package) do
      if with and package.name == with.package and package.version == with.version then there = true end
    end
    if not there then missing[#missing + 1] = request end
  end
  return missing
end

-- The requests to remove whose package is installed: facts are of before, so the database is asked.
function M.names(list)
  local names = {}
  for _, request in ipairs(list) do names[#names + 1] = request.name end
  table.sort(names)
  return names
end

-- Removes those of the requests' packages that INSTALLED, a set, has, by ERASE, which is called with a list of names. If
-- one is needed by others, nothing of it is done: then what can go, goes by itself. PATTERN finds in a message who needs it.
function M.erase(list, installed, erase, pattern)
  local left = {}
  for _, name in ipairs(M.names(list)) do
    if installed[name] then left[#left + 1] = name end
  end
  if #left == 0 then return end
  local ok, problem = pcall(erase, left)
  if ok then return end
  local problems, before = { M.message(problem) }, nil
  while #left ~= before and #left > 1 do
    before = #left
    local still = {}
    problems = {}
    for _, name in ipairs(left) do
      ok, problem = pcall(erase, { name })
      if not ok then
        still[#still + 1] = name
        problems[#problems + 1] = M.message(problem)
      end
    end
    left = still
  end
  if #left > 0 then M.left(left, table.concat(problems, "\n"), pattern) end
end

-- The text of an error that pcall caught.
function M.message(problem)
  return type(problem) == "table" and problem.message or tostring(problem)
end

-- Warns about packages that could not be removed. MESSAGE says why; PATTERN finds in it the packages that need them.
function M.left(names, message, pattern)
  local needing = {}
  for _, line in ipairs(text.lines(message)) do
    local name = line:match(pattern)
    if name then needing[name] = true end
  end
  local why = next(needing) and "is needed by " .. table.concat(text.sorted(needing), ", ") or text.trim(message)
  if #names == 0 then
    log.warn("removing packages ended with an error: " .. why .. "; check with the guest's package manager that its packages are complete")
  else
    log.warn("not removed: " .. table.concat(names, ", ") .. ", which " .. why .. "; remove those that are not needed with the guest's package manager")
  end
end

return M
