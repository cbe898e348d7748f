-- SPDX-License-Identifier: GPL-2.0-or-later
-- Adds drivers to an initramfs without making it anew. The kernel reads several archives from one file, so an archive with
-- the drivers, the modules that they need and the kernel's own module indexes is appended to the file. The initramfs's udev
-- then loads the drivers of the devices that it finds.
local text = require "lib.text"
local cpio = require "lib.cpio"
local kernels = require "lib.kernels"
local menus = require "lib.menus"
local modules = require "lib.modules"
local held = require "initramfs.held"
local settings = require "initramfs.settings"
local M = {}

local INDEXES = {
  "modules.alias", "modules.alias.bin", "modules.builtin", "modules.builtin.alias.bin", "modules.builtin.bin", "modules.builtin.modinfo",
  "modules.dep", "modules.dep.bin", "modules.devname", "modules.order", "modules.softdep", "modules.symbols", "modules.symbols.bin",
}

-- The last file of our archive, so that it is found by reading the end of the initramfs: where the archive begins.
local MARK = "lib/modules/.v2v-engine"
local MARK_ROOM = 512

-- A call of libguestfs carries less than four MiB.
local CHUNK = 1024 * 1024

-- What we appended already: its files, name -> content, and where it begins; nil if there is nothing of ours.
local function appended(initrd)
  local size = text.size(initrd)
  local tail = text.bytes(initrd, math.max(size - MARK_ROOM, 0), MARK_ROOM)
  local start = tail:match(MARK:gsub("%p", "%%%0") .. "\0+(%d%d%d%d%d%d%d%d%d%d%d%d)\n")
  start = start and math.tointeger(tonumber(start))
  if not start or start >= size then return nil end
  return cpio.files(text.bytes(initrd, start, size - start)), start
end

-- What names interfaces, which the initramfs needs as soon as it has their driver: { path =, content = }.
local function names_of_interfaces()
  local files = {}
  for _, path in ipairs(text.glob("/etc/systemd/network/*-v2v-*.link")) do
    files[#files + 1] = { path = path:sub(2), content = text.read(path) }
  end
  return files
end

local function kernel_of(version)
  for _, kernel in ipairs(facts.kernel) do
    if kernel.version == version and kernel.installed then return kernel end
  end
end

-- Puts into the list FILES what of OURS, which it replaces, is no part of the kernel's modules and not in it already.
local function keep(files, ours)
  local new = {}
  for _, file in ipairs(files) do new[file.path] = true end
  for _, name in ipairs(text.sorted(ours)) do
    if not new[name] and ours[name] ~= "" and not name:match("^lib/modules/") then files[#files + 1] = { path = name, content = ours[name] } end
  end
end

-- Which archives in the boot menu start KERNEL, its own first: where each snapshot has entries of its own on the EFI system
-- partition, each entry has a copy. What an entry loads beside the kernel's own archive is none of them.
local function archives_of(kernel)
  local list, seen = { kernel.initrd }, { [guest.realpath(kernel.initrd)] = true }
  local directory = (facts.bootloader.config or ""):match("^(.*)/")
  for _, entry in ipairs(kernels.identify(menus.read(facts.bootloader), facts.kernel)) do
    local path, known
    for _, named in ipairs(entry.version == kernel.version and entry.initrds or {}) do
      path = kernels.image(named, directory)
      known = known or path and seen[guest.realpath(path)]
    end
    if path and not known then
      seen[guest.realpath(path)] = true
      list[#list + 1] = path
    end
  end
  return list
end

-- What stands behind INITRD when this is done: the modules PATHS of kernel VERSION below DIRECTORY, its indexes and the list FILES. OURS is what
-- stood there, from START on.
local function append(initrd, version, directory, paths, files, ours, start)
  local base = "lib/modules/" .. version .. "/"
  local size = start or text.size(initrd)
  local padded = size + -size % 512
  keep(files, ours)
  for _, path in ipairs(paths) do
    local content = text.read(directory .. "/" .. path)
    if not content then fail("the module " .. directory .. "/" .. path .. " of kernel " .. version .. " is missing: reinstall the kernel's package in the guest") end
    files[#files + 1] = { path = base .. path, content = content }
  end
  for _, name in ipairs(INDEXES) do
    local content = text.read(directory .. "/" .. name)
    if content then files[#files + 1] = { path = base .. name, content = content } end
  end
  files[#files + 1] = { path = MARK, content = ("%012d\n"):format(padded) }
  if start then guest.truncate_size(initrd, start) end
  local bytes = ("\0"):rep(padded - size) .. cpio.archive(files)
  for at = 1, #bytes, CHUNK do guest.write_append(initrd, bytes:sub(at, at + CHUNK - 1)) end
end

-- Extends INITRD by the modules PATHS of kernel VERSION below DIRECTORY. TOOL: the guest's command that lists an initramfs, if it has one. REBUILD, a
-- function of a version, makes it anew, for what no archive behind it can change; nil where nothing can.
local function extend_one(initrd, version, directory, paths, tool, rebuild)
  local files = names_of_interfaces()
  local ours, start = appended(initrd)
  ours = ours or {}
  local listing = held.listing(initrd, tool)
  local there, held_modules = text.set(listing), held.modules(listing, version)
  for name in pairs(ours) do there[name] = true end
  local lacking = false
  for _, path in ipairs(paths) do
    lacking = lacking or not (there["lib/modules/" .. version .. "/" .. path] or held_modules[modules.name(path)])
  end
  -- Where the card has its driver already, it is given its name already as well.
  for _, file in ipairs(files) do
    if held_modules.virtio_net then
      local name = "lib/systemd/network/" .. text.basename(file.path)
      lacking = lacking or not (there[file.path] or there[name] or there["usr/" .. name])
    end
  end
  local outdated, anew = settings.outdated(listing, function(names) return held.contents(initrd, names) end)
  if anew and rebuild then return rebuild(version) end
  if anew then log.warn("the settings in " .. initrd .. " are those of the old machine, and no known initramfs generator is installed that could regenerate it") end
  for _, file in ipairs(outdated) do
    lacking = lacking or ours[file.path] ~= file.content
    files[#files + 1] = file
  end
  if lacking then
    append(initrd, version, directory, paths, files, ours, start)
  else
    log.info(initrd .. " holds the drivers already")
  end
end

-- Extends every archive that starts kernel VERSION. TOOL lists an initramfs; REBUILD makes the kernel's own anew, and no other.
local function extend(version, tool, rebuild)
  local kernel = kernel_of(version)
  local directory, wanted = modules.directory(version), held.wanted(version)
  local loadable = modules.loadable(directory)
  if not loadable and #wanted > 0 then
    fail("kernel " .. version .. " has no index of its modules (" .. directory .. "/modules.dep): run depmod in the guest, and convert it again")
  end
  local paths, missing = modules.closure(loadable or {}, modules.builtin(directory), wanted)
  if #missing > 0 then fail("kernel " .. version .. " has no module " .. table.concat(missing, ", ")
      .. ": install the package with all modules of this kernel in the guest, or another kernel with --with") end
  if #paths == 0 and #requests.keep_interface + #requests.remap_device + #guest.changed() == 0 then return end
  for _, initrd in ipairs(archives_of(kernel)) do
    extend_one(initrd, version, directory, paths, tool, initrd == kernel.initrd and rebuild or nil)
  end
end

function M.initramfs_tools(version)
  extend(version, "lsinitramfs", require("initramfs.initramfs-tools").rebuild)
end

function M.dracut(version)
  extend(version, "lsinitrd", require("initramfs.dracut").rebuild)
end

function M.mkinitcpio(version)
  extend(version, "lsinitcpio", require("initramfs.mkinitcpio").rebuild)
end

-- In a guest in which no tool is known.
function M.any(version)
  extend(version)
end

return M
