-- SPDX-License-Identifier: GPL-2.0-or-later
-- Entries in the format of the boot loader specification: each entry is a file of its own.
local text = require "lib.text"
local grub = require "lib.grub"
local kernels = require "lib.kernels"
local M = {}

-- Where they can be: beside the kernels, or on the EFI system partition.
M.DIRECTORIES = { "/boot/loader/entries", "/boot/efi/loader/entries", "/efi/loader/entries" }

local function order(id)
  return (id:gsub("%d+", function(digits) return ("%012d"):format(tonumber(digits:sub(1, 12))) end))
end

-- The directory whose entries a GRUB with the configuration CONFIG shows: its own file system's or, where that has none, the one
-- beside the kernels.
function M.directory(config)
  local mount = config:match("^(/boot/efi)/") or config:match("^(/efi)/")
  local own = mount and mount .. "/loader/entries"
  if own and #text.glob(own .. "/*.conf") > 0 then return own end
  return M.DIRECTORIES[1]
end

-- { id =, ids =, title =, kernel =, initrds = list, version =, arguments =, path = }, the newest first, as boot loaders show them.
function M.entries(directories)
  local entries = {}
  for _, directory in ipairs(directories) do
    for _, path in ipairs(text.glob(directory .. "/*.conf")) do
      local content = "\n" .. (text.read(path) or "")
      local image = content:match("\n%s*linux%s+(%S+)")
      local initrds = {}
      for words in content:gmatch("\n%s*initrd%s+([^\n]*)") do
        for word in words:gmatch("/%S+") do initrds[#initrds + 1] = word end
      end
      local id = text.basename(path):gsub("%.conf$", "")
      entries[#entries + 1] = { id = id, ids = id, title = content:match("\n%s*title%s+([^\n]*)"), kernel = image, initrds = initrds,
        version = image and grub.kernel_version(image),
        arguments = content:match("\n%s*options%s+([^\n]*)"), path = path }
    end
  end
  table.sort(entries, function(a, b) return order(a.id) > order(b.id) end)
  return entries
end

-- Adds an argument to what the command lines of entries to come are made from.
function M.add_to_template(argument)
  text.edit("/etc/kernel/cmdline", function(line)
    if line:match("%S") and not line:match("^%s*#") then return M.with(line, argument) end
  end)
end

-- A line with ARGUMENT, or nil if it has that already.
function M.with(line, argument)
  if not (" " .. line .. " "):find(" " .. argument .. " ", 1, true) then return line:gsub("%s+$", "") .. " " .. argument end
end

-- An entry for each kernel that came, made after another, and none for kernels that are gone.
function M.update(entries)
  local model, there = nil, {}
  for _, entry in ipairs(entries) do
    if entry.version then
      if not model or not kernels.image(model.kernel) then model = entry end
      there[entry.version] = true
    end
  end
  for _, kernel in ipairs(kernels.without_entry(there)) do
    if not model then fail("there is no entry in " .. M.DIRECTORIES[1] .. " to copy for kernel " .. kernel.version .. ": add an entry in the guest, and convert it again") end
    local name = kernel.version:gsub("%%", "%%%%")
    local pattern = model.version:gsub("%p", "%%%0")
    local initrd = kernels.initrd(kernel.version)
    local content = text.map_lines(text.read(model.path), function(line)
      local head = line:match("^(%s*initrd%s+%S*/)%S+")
      if head and initrd then return head .. initrd end
      head = line:match("^(%s*linux%s+%S*/)%S+")
      if head and not line:find(model.version, 1, true) then return head .. text.basename(kernel.image or "vmlinuz-" .. kernel.version) end
      return (line:gsub(pattern, name))
    end)
    local path, changed = model.path:gsub(pattern, name)
    if changed == 0 then path = model.path:gsub("[^/]*$", "") .. kernel.version .. ".conf" end
    text.write(path, content)
  end
  for _, entry in ipairs(entries) do
    if entry.version and not kernels.image(entry.kernel) then text.remove(entry.path) end
  end
end

return M
