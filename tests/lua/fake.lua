-- SPDX-License-Identifier: GPL-2.0-or-later
-- A guest that is a table of files, for testing scripts without an appliance: the calls
-- they use behave as those of guestfs(3), and every change is counted.
local M = {}

local function pattern_of(glob)
  local pattern = glob:gsub("[%^%$%(%)%%%.%+%-]", "%%%0"):gsub("%*", "[^/]*"):gsub("%?", "[^/]")
  return "^" .. pattern .. "$"
end

-- FILES: path -> content, or { link = target }. FACTS and REQUESTS as the engine gives them; kinds that are not there
-- are empty lists. ANSWERS: what a program prints, by its command line. What the table that it returns has under "failing"
-- is how commands fail, by how their lines begin; under "running", what they do; under "times", when files were changed; under
-- "given", what the new domain gets. A device is a file.
function M.setup(files, given, asked, answers)
  local self = { files = files, changes = 0, commands = {}, modes = {}, failing = {}, times = {}, warnings = {}, given = {}, originals = {} }
  local empty = { __index = function() return {} end }

  local function resolve(path)
    for _ = 1, 10 do
      local file = files[path]
      if type(file) ~= "table" then return path end
      path = file.link:sub(1, 1) == "/" and file.link or path:gsub("[^/]*$", "") .. file.link
    end
    error("too many links: " .. path)
  end
  local function content(path)
    local text = files[resolve(path)]
    if not text then error("no such file: " .. path) end
    return text
  end
  local function directories()
    local set = { ["/"] = true }
    for path in pairs(files) do
      for at in path:gmatch("()/") do
        if at > 1 then set[path:sub(1, at - 1)] = true end
      end
    end
    return set
  end
  local function change(path, text)
    self.changes = self.changes + 1
    if self.originals[path] == nil then self.originals[path] = type(files[path]) == "string" and files[path] or false end
    files[path] = text
  end

  guest = {
    pread = function(path, count, offset) return content(path):sub(offset + 1, offset + count) end,
    pread_device = function(device, count, offset) return content(device):sub(offset + 1, offset + count) end,
    changed = function()
      local paths = {}
      for path in pairs(self.originals) do paths[#paths + 1] = path end
      table.sort(paths)
      return paths
    end,
    original = function(path) return self.originals[path] or nil end,
    give_file = function(name, path) self.given[name] = path .. "=" .. content(path) end,
    give_text = function(name, text) self.given[name] = text end,
    filesize = function(path) return #content(path) end,
    is_file = function(path, options)
      if type(files[path]) == "table" and not (options and options.followsymlinks) then return false end
      return files[resolve(path)] ~= nil
    end,
    is_symlink = function(path) return type(files[path]) == "table" end,
    is_dir = function(path) return directories()[path] == true end,
    glob_expand = function(glob)
      local found, pattern, dirs = {}, pattern_of(glob), directories()
      for path in pairs(files) do
        if path:match(pattern) then found[#found + 1] = path end
      end
      for path in pairs(dirs) do
        if path:match(pattern) then found[#found + 1] = path .. "/" end
      end
      table.sort(found)
      return found
    end,
    lstatnslist = function(directory, names)
      local stats, dirs = {}, directories()
      for number, name in ipairs(names) do
        local path = directory .. "/" .. name
        stats[number] = { st_ino = (files[path] or dirs[path]) and number or -1, st_mtime_sec = self.times[path] or 0,
          st_mode = type(files[path]) == "table" and 0xA1FF or files[path] and 0x81A4 or 0x41ED }
      end
      return stats
    end,
    stat = function(path)
      content(path)
      return { dev = 1, ino = resolve(path) }
    end,
    find = function(directory)
      local found = {}
      for path in pairs(files) do
        if path:sub(1, #directory + 1) == directory .. "/" then found[#found + 1] = path:sub(#directory + 1) end
      end
      table.sort(found)
      return found
    end,
    ls = function(directory)
      local names, list = {}, {}
      for path in pairs(files) do
        if path:sub(1, #directory + 1) == directory .. "/" then names[path:sub(#directory + 2):match("^[^/]+")] = true end
      end
      for name in pairs(names) do list[#list + 1] = name end
      table.sort(list)
      return list
    end,
    exists = function(path) return files[path] ~= nil or directories()[path] == true end,
    strings = function(path)
      local list = {}
      for run in content(path):gmatch("[%g ]+") do
        if #run >= 4 then list[#list + 1] = run end
      end
      return list
    end,
    search = function(directory, words, without)
      local list = {}
      local function has(where)
        for _, word in ipairs(words) do
          if where:find(word, 1, true) then return true end
        end
        return false
      end
      local function take(path, kind)
        local below = path:sub(#directory + 2)
        for _, left in ipairs(without or {}) do
          if below == left or below:sub(1, #left + 1) == left .. "/" then return end
        end
        local file = files[path]
        local target = type(file) == "table" and file.link or ""
        if has(path:match("[^/]*$")) or has(target) then list[#list + 1] = { path = below, type = kind, text = target } end
        local number = 0
        for line in (type(file) == "string" and not file:find("\0", 1, true) and file or ""):gmatch("([^\n]*)\n?") do
          number = number + 1
          if has(line) then list[#list + 1] = { path = below, line = number, text = line } end
        end
      end
      for path in pairs(directories()) do
        if path:sub(1, #directory + 1) == directory .. "/" then take(path, "d") end
      end
      for path, file in pairs(files) do
        if path:sub(1, #directory + 1) == directory .. "/" then take(path, type(file) == "table" and "l" or "f") end
      end
      return list
    end,
    realpath = function(path) return resolve(path) end,
    readlink = function(path) return files[path].link end,
    readlinklist = function(directory, names)
      local list = {}
      for number, name in ipairs(names) do list[number] = files[directory .. "/" .. name].link end
      return list
    end,
    rmdir = function() self.changes = self.changes + 1 end,
    write = function(path, text) change(resolve(path), text) end,
    write_append = function(path, text) change(resolve(path), content(path) .. text) end,
    truncate_size = function(path, size) change(resolve(path), content(path):sub(1, size)) end,
    chmod = function(mode, path)
      self.changes = self.changes + 1
      self.modes[path] = mode
    end,
    mkdir_p = function() self.changes = self.changes + 1 end,
    equal = function(a, b) return content(a) == content(b) end,
    touch = function(path) change(path, files[path] or "") end,
    cp = function(old, new) change(new, content(old)) end,
    rm_f = function(path) change(path, nil) end,
    rm_rf = function(directory)
      for path in pairs(files) do
        if path:sub(1, #directory + 1) == directory .. "/" then files[path] = nil end
      end
      self.changes = self.changes + 1
    end,
    mv = function(old, new)
      self.changes = self.changes + 1
      local moved = {}
      for path, file in pairs(files) do
        if path == old or path:sub(1, #old + 1) == old .. "/" then moved[path] = file end
      end
      for path, file in pairs(moved) do
        files[path] = nil
        files[new .. path:sub(#old + 1)] = file
      end
    end,
    ln_s = function(target, path)
      if files[path] then error("there is a file: " .. path) end
      change(path, { link = target })
    end,
    ln_sf = function(target, path) change(path, { link = target }) end,
    put = function(_, path) change(path, "from the host") end,
    command = function(argv)
      self.changes = self.changes + 1
      local line = table.concat(argv, " ")
      self.commands[#self.commands + 1] = line
      for start, problem in pairs(self.failing) do
        if line:sub(1, #start) == start then error({ message = problem }, 0) end
      end
      return self.running and self.running(line) or ""
    end,
    sh = function(line) return guest.command { line } end,
    query = function(argv)
      local line = table.concat(argv, " ")
      for start, answer in pairs(answers or {}) do
        if line:sub(1, #start) == start then return answer end
      end
      error("no answer to: " .. line)
    end,
  }
  facts = setmetatable(given or {}, empty)
  requests = setmetatable(asked or {}, empty)
  log = { info = function() end, warn = function(text) self.warnings[#self.warnings + 1] = text end, debug = function() end }
  function fail(text) error(text, 0) end
  return self
end

function M.equal(found, wanted, what)
  if found ~= wanted then
    error(("%sfound:\n%s\nwanted:\n%s"):format(what and what .. "\n" or "", tostring(found), tostring(wanted)), 2)
  end
end

-- RUN changes the guest, and run again changes nothing.
function M.converges(guest_state, run)
  run()
  local before = guest_state.changes
  if before == 0 then error("the first run changed nothing", 2) end
  run()
  if guest_state.changes ~= before then error("the second run changed something", 2) end
end

-- RUN fails with a message that holds WORDS.
function M.fails(words, run)
  local ok, message = pcall(run)
  if ok then error("it did not fail; wanted: " .. words, 2) end
  if not tostring(message):find(words, 1, true) then error("it failed with:\n" .. tostring(message) .. "\nwanted: " .. words, 2) end
end

return M
