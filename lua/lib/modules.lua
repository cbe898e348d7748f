-- SPDX-License-Identifier: GPL-2.0-or-later
-- The modules of a kernel, according to the kernel's own indexes.
local text = require "lib.text"
local M = {}

-- The name that the kernel knows a module by.
function M.name(path)
  return (text.basename(path):gsub("%.ko$", ""):gsub("%.ko%.[%w]+$", ""):gsub("%-", "_"))
end

-- The directory of a version's modules.
function M.directory(version)
  return "/lib/modules/" .. version
end

-- name -> { path =, needs = { path, ... } } of what can be loaded; paths are relative to the directory. Nil without an index.
function M.loadable(directory)
  local content = text.read(directory .. "/modules.dep")
  if not content then return nil end
  local modules = {}
  for _, line in ipairs(text.lines(content)) do
    local path, rest = line:match("^([^:]+):%s*(.*)$")
    if path then
      if path:sub(1, #directory + 1) == directory .. "/" then path = path:sub(#directory + 2) end
      local needs = {}
      for need in rest:gmatch("%S+") do
        if need:sub(1, #directory + 1) == directory .. "/" then need = need:sub(#directory + 2) end
        needs[#needs + 1] = need
      end
      modules[M.name(path)] = { path = path, needs = needs }
    end
  end
  return modules
end

-- The set of names that are part of the image.
function M.builtin(directory)
  local names = {}
  for _, line in ipairs(text.lines(text.read(directory .. "/modules.builtin") or "")) do names[M.name(line)] = true end
  return names
end

-- The paths of WANTED (names) and of all they need, each once; and the names that are neither loadable nor built in.
function M.closure(loadable, builtin, wanted)
  local paths, seen, missing = {}, {}, {}
  for _, name in ipairs(wanted) do
    local module = loadable[name]
    if module then
      for _, path in ipairs { module.path, table.unpack(module.needs) } do
        if not seen[path] then
          seen[path] = true
          paths[#paths + 1] = path
        end
      end
    elseif not builtin[name] then
      missing[#missing + 1] = name
    end
  end
  table.sort(paths)
  return paths, missing
end

return M
