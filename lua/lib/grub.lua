-- SPDX-License-Identifier: GPL-2.0-or-later
-- Reads the configuration of GRUB 2 and GRUB legacy: what they are set to boot.
local text = require "lib.text"
local kernels = require "lib.kernels"
local M = {}

-- The version of the kernel whose image a boot loader entry names; nil if it does not look like one.
function M.kernel_version(image)
  local name = text.basename(image)
  return name:match("^vmlinu[xz]%-(.+)$") or name:match("^kernel%-(.+)$") or name:match("^bzImage%-(.+)$")
    or image:match("/modules/([^/]+)/vmlinuz$") or image:match("/([^/]+)/linux$")
    -- Where several images of a version can be there, each is called after its own checksum.
    or image:match("/([^/]+)/linux%-" .. ("%x"):rep(40) .. "$")
end

-- The variables that a grub.cfg has whichever way it takes: those it sets, and those it loads from files of their own, as a system does that
-- keeps the names of its kernel and initramfs in one. Of a variable that is set to several values nothing is known.
function M.variables(content)
  local values, several = {}, {}
  local function set(name, value)
    if values[name] ~= nil and values[name] ~= value then several[name] = true end
    values[name] = value
  end
  for _, line in ipairs(text.lines(content)) do
    local name, value = line:match("^%s*set%s+([%w_]+)=(.-)%s*$")
    if name then set(name, value:match("^'(.*)'$") or value:match('^"(.*)"$') or value) end
    local path = line:match("^%s*load_env%s+%-%-?f[ile]*[ =](%S+)")
    path = path and not path:find("$", 1, true) and kernels.image(path)
    for key, loaded in pairs(path and M.environment(text.read(path)) or {}) do set(key, loaded) end
  end
  for name in pairs(several) do values[name] = nil end
  return values
end

-- LINE with the VALUES of the variables that are known in the place of their names.
function M.expand(line, values)
  return (line:gsub("%$({?)([%a_][%w_]*)(}?)", function(open, name, close)
    if (open == "") == (close == "") then return values[name] end
    return open == "" and values[name] and values[name] .. close or nil
  end))
end

-- The entries of a grub.cfg in the order of the menu: { title =, id =, kernel = image, initrds = list, version =, arguments =, path = "1>0" }.
function M.grub2_entries(content)
  local entries, depth, stack, counts = {}, 0, {}, { [0] = 0 }
  local values = M.variables(content)
  for _, line in ipairs(text.lines(content)) do
    local word, rest = line:match("^%s*(%a+%d*)%s+(.*)$")
    if word == "menuentry" or word == "submenu" then
      local title = rest:match("^'([^']*)'") or rest:match('^"([^"]*)"') or rest:match("^(%S+)")
      local id = rest:match("%-%-id[= ]'?([^%s'{]+)") or rest:match("%$menuentry_id_option '([^']*)'")
      local level = #stack
      local index = counts[level] or 0
      counts[level] = index + 1
      local prefix = level > 0 and stack[level].path .. ">" or ""
      local item = { title = title, id = id, initrds = {}, path = prefix .. index, depth = depth, submenu = word == "submenu" }
      item.titles = (level > 0 and stack[level].titles .. ">" or "") .. (title or "")
      item.ids = (level > 0 and (stack[level].ids or stack[level].titles) .. ">" or "") .. (id or title or "")
      if line:match("{%s*$") then
        stack[#stack + 1] = item
        counts[#stack] = 0
        depth = depth + 1
        if word == "menuentry" then entries[#entries + 1] = item end
      end
    elseif line:match("^%s*}%s*$") then
      if #stack > 0 and stack[#stack].depth == depth - 1 then stack[#stack] = nil end
      depth = math.max(depth - 1, 0)
    elseif line:match("{%s*$") and not line:match("^%s*#") then
      depth = depth + 1
    elseif #stack > 0 and (word == "linux" or word == "linux16" or word == "linuxefi" or word == "kernel" or word == "multiboot") then
      local entry = stack[#stack]
      if not entry.kernel then
        rest = M.expand(rest, values)
        entry.kernel, entry.version = rest:match("^%S+"), M.kernel_version(rest:match("^%S+"))
        entry.arguments = rest:match("^%S+%s+(.-)%s*$")
      end
    elseif #stack > 0 and (word == "initrd" or word == "initrdefi") then
      M.add_initrds(stack[#stack].initrds, M.expand(rest, values))
    end
  end
  return entries
end

-- Adds the paths that stand in LINE to LIST.
function M.add_initrds(list, line)
  for path in line:gmatch("[^%s,]+") do list[#list + 1] = path end
end

-- The variables of a grubenv file.
function M.environment(content)
  local values = {}
  for _, line in ipairs(text.lines(content or "")) do
    local name, value = line:match("^([%w_]+)=(.*)$")
    if name then values[name] = value end
  end
  return values
end

-- The text of a grubenv file with NAME set: always 1024 bytes, which the boot loader writes in place.
function M.set_environment(content, name, value)
  local lines, done = {}, false
  for _, line in ipairs(text.lines(content or "# GRUB Environment Block\n")) do
    if line:match("^" .. name .. "=") then
      line, done = name .. "=" .. value, true
    end
    if not line:match("^#+$") then lines[#lines + 1] = line end
  end
  if not done then lines[#lines + 1] = name .. "=" .. value end
  return M.pad_environment(table.concat(lines, "\n") .. "\n")
end

function M.pad_environment(content)
  content = content:gsub("#*$", "")
  if #content > 1024 then fail("GRUB's environment block would exceed its 1024 bytes: remove variables from it in the guest (grub-editenv unset), and convert it again") end
  return content .. ("#"):rep(1024 - #content)
end

-- The entry that a default chooses: a number, a title, an id, or the first one.
function M.chosen(entries, default)
  for _, entry in ipairs(entries) do
    if default and (entry.path == default or entry.titles == default or entry.ids == default or entry.id == default
        or entry.title == default) then
      return entry
    end
  end
  return entries[1]
end

-- GRUB legacy: { default =, entries = { { title =, kernel =, initrds = list, version =, arguments =, first =, last = } } }, lines by number.
function M.legacy(content)
  local menu = { default = 0, entries = {}, lines = text.lines(content) }
  for number, line in ipairs(menu.lines) do
    local word, rest = line:match("^%s*(%a+)[%s=]+(.*)$")
    local entry = menu.entries[#menu.entries]
    if word == "default" and not entry then
      menu.default = math.tointeger(tonumber(rest:match("%d+"))) or 0
      menu.default_line = number
    elseif word == "title" then
      menu.entries[#menu.entries + 1] = { title = text.trim(rest), initrds = {}, first = number, last = number }
    elseif entry and not line:match("^%s*#") and line:match("%S") then
      entry.last = number
      if word == "initrd" then M.add_initrds(entry.initrds, rest) end
      if word == "kernel" or (word == "module" and not entry.linux) then
        local image, arguments = rest:gsub("^%-%-%S+%s+", ""):match("^(%S+)%s*(.-)%s*$")
        image = image and image:gsub("^%(hd[%d,]+%)", "")
        if image and (word == "module" or M.kernel_version(image)) then
          entry.linux, entry.kernel, entry.version, entry.arguments = true, image, M.kernel_version(image), arguments
        end
      end
    end
  end
  return menu
end

-- Does the plan have the guest's own generator write the menu? Under EFI it would write commands for the appliance's firmware.
function M.generates()
  return #requests.update_bootloader > 0 and facts.bootloader.kind == "grub2" and facts.bootloader.update ~= nil
    and facts.source.firmware ~= "efi"
end

-- On Red Hat systems, the package whose kernels become the default when they are installed: that of the kernel of VERSION.
function M.set_default_package(version)
  local package
  for _, kernel in ipairs(facts.kernel) do
    if kernel.version == version then package = package or kernel.package end
  end
  if not package then return end
  text.edit("/etc/sysconfig/kernel", function(line)
    if line:match("^DEFAULTKERNEL=") then return "DEFAULTKERNEL=" .. package end
  end)
end

return M
