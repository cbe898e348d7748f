-- SPDX-License-Identifier: GPL-2.0-or-later
-- Gives an initramfs drivers without making it anew: the kernel reads several
-- archives from one file, so one with the drivers, what they need and the kernel's
-- own indexes goes behind what is there. Its udev then loads them by what it finds.
local text = require "lib.text"
local cpio = require "lib.cpio"
local modules = require "lib.modules"
local held = require "initramfs.held"
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

-- What we appended already: the set of its names, and where it begins; nil if there is nothing of ours.
local function appended(initrd)
  local size = text.size(initrd)
  local tail = text.bytes(initrd, math.max(size - MARK_ROOM, 0), MARK_ROOM)
  local start = tail:match(MARK:gsub("%p", "%%%0") .. "\0+(%d%d%d%d%d%d%d%d%d%d%d%d)\n")
  start = start and math.tointeger(tonumber(start))
  if not start or start >= size then return nil end
  return cpio.names(text.bytes(initrd, start, size - start)), start
end

-- The settings that the initramfs needs as well, beside its drivers: { path =, content =, changed = }. CHANGED: what it holds under
-- this name is of before.
local function settings()
  local files = {}
  for _, path in ipairs(text.glob("/etc/systemd/network/*-v2v-*.link")) do
    files[#files + 1] = { path = path:sub(2), content = text.read(path) }
  end
  local resume = facts.initramfs.tool == "initramfs-tools" and text.read("/etc/initramfs-tools/conf.d/resume")
  for _, request in ipairs(requests.remap_device) do
    if resume and resume:find(request.new, 1, true) then
      files[#files + 1] = { path = "conf/conf.d/resume", content = resume, changed = true }
      break
    end
  end
  return files
end

local function kernel_of(version)
  for _, kernel in ipairs(facts.kernel) do
    if kernel.version == version and kernel.installed then return kernel end
  end
end

-- TOOL: the guest's command that lists an initramfs, if it has one.
local function extend(version, tool)
  local kernel = kernel_of(version)
  local folder = modules.folder(version)
  local loadable = modules.loadable(folder)
  if not loadable then fail("kernel " .. version .. " has no index of its modules (" .. folder .. "/modules.dep); run depmod in the guest first") end
  local paths, missing = modules.closure(loadable, modules.builtin(folder), held.wanted(version))
  if #missing > 0 then fail("kernel " .. version .. " has no module " .. table.concat(missing, ", ")) end

  local ours, start = appended(kernel.initrd)
  local there, held_modules = ours or {}, {}
  if not ours then
    if #paths == 0 and #requests.keep_interface + #requests.remap_device == 0 then return end
    local listing = held.listing(kernel.initrd, tool)
    there, held_modules = text.set(listing), held.modules(listing, version)
  end
  local base, lacking = "lib/modules/" .. version .. "/", false
  for _, path in ipairs(paths) do
    lacking = lacking or not (there[base .. path] or held_modules[modules.name(path)])
  end
  -- Where the card has its driver already, it is given its name already as well.
  local files = settings()
  for _, file in ipairs(files) do
    if file.changed then
      lacking = lacking or not (ours and ours[file.path])
    elseif held_modules.virtio_net then
      local name = "lib/systemd/network/" .. text.basename(file.path)
      lacking = lacking or not (there[file.path] or there[name] or there["usr/" .. name])
    end
  end
  if not lacking then
    log.info(kernel.initrd .. " holds the drivers already")
    return
  end

  local size = start or text.size(kernel.initrd)
  local padded = size + -size % 512
  for _, path in ipairs(paths) do files[#files + 1] = { path = base .. path, content = text.read(folder .. "/" .. path) } end
  for _, name in ipairs(INDEXES) do
    local content = text.read(folder .. "/" .. name)
    if content then files[#files + 1] = { path = base .. name, content = content } end
  end
  files[#files + 1] = { path = MARK, content = ("%012d\n"):format(padded) }
  if start then guest.truncate_size(kernel.initrd, start) end
  local bytes = ("\0"):rep(padded - size) .. cpio.archive(files)
  for at = 1, #bytes, CHUNK do guest.write_append(kernel.initrd, bytes:sub(at, at + CHUNK - 1)) end
end

function M.initramfs_tools(version)
  extend(version, "lsinitramfs")
end

function M.dracut(version)
  extend(version, "lsinitrd")
end

function M.mkinitcpio(version)
  extend(version, "lsinitcpio")
end

-- In a guest in which no tool is known.
function M.any(version)
  extend(version)
end

return M
