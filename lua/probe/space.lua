-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds the free space on the guest's file systems, and the space that the conversion may need there.
local text = require "lib.text"
local M = {}

local MIB = 1024 * 1024

local function shown(bytes)
  return ("%.1f MiB"):format(bytes / MIB)
end

-- The mount points, longest first, so that the first one that a path is below holds it.
local function mount_points()
  local list = {}
  for _, mount in ipairs(facts.mount) do list[#list + 1] = mount end
  table.sort(list, function(a, b) return #a.path ~= #b.path and #a.path > #b.path or #a.path == #b.path and a.path < b.path end)
  return list
end

local function holder(mounts, path)
  for _, mount in ipairs(mounts) do
    if mount.path == "/" or path == mount.path or path:sub(1, #mount.path + 1) == mount.path .. "/" then return mount.path end
  end
end

local function size_of(path)
  local ok, size = pcall(text.size, path)
  return ok and size or 0
end

-- FILES: room for a few files that are edited or made, and INODES how many; GROWTH: what an initramfs grows by;
-- HOW: extend or rebuild, or nil for the default.
function M.space(files, inodes, growth, how)
  local mounts, needs, list = mount_points(), {}, {}
  local function need(path, bytes, made, what)
    local at = holder(mounts, path)
    if not at or bytes <= 0 then return end
    local entry = needs[at] or { bytes = 0, inodes = 0, what = {} }
    entry.bytes, entry.inodes = entry.bytes + bytes, entry.inodes + made
    entry.what[#entry.what + 1] = ("%s for %s"):format(shown(bytes), what)
    needs[at] = entry
  end

  need("/", files, inodes, "files that are edited")

  -- Kernels are looked at one after the other: while one's initramfs is made anew, the old one is still there, and what goes
  -- into it is collected in a directory for temporary files.
  local largest, image, given, kept, directory, anew, grown = 0, 0, 0, 0, "/boot", 0, {}
  for _, kernel in ipairs(facts.kernel) do
    if kernel.installed and kernel.image then image = math.max(image, size_of(kernel.image)) end
    if not kernel.installed then given = given + 1 end
    if kernel.usable and not kernel.orphaned then
      local size = kernel.initrd and size_of(kernel.initrd) or 0
      if size > largest then largest = size end
      if kernel.initrd then directory = kernel.initrd:match("^(.*)/[^/]*$") end
      if not kernel.installed or not kernel.initrd then
        kept = kept + 1
        anew = anew + 1
      elseif how == "rebuild" or kernel.appendable ~= true or facts.initramfs.udev ~= true then
        anew = anew + 1
        grown[directory] = (grown[directory] or 0) + 1
      else
        grown[directory] = (grown[directory] or 0) + 1
      end
    end
  end
  need(directory, given * image, 0, "the image of a kernel that is given")
  if facts.initramfs.tool then
    for _, where in ipairs(text.sorted(grown)) do
      need(where, grown[where] * growth, 0, grown[where] == 1 and "an initramfs that grows" or grown[where] .. " initramfs that grow")
    end
    if anew > 0 then
      need(directory, largest, 2, "an initramfs that is made beside the old one")
      need("/var/tmp", 3 * largest, 0, "what goes into an initramfs")
    end
    need(directory, kept * (largest + growth), 2 * kept, "the initramfs of a kernel that has none")
  end

  for _, with in ipairs(facts.with) do
    if with.used then need("/usr", with.size or 0, inodes, "the package " .. with.label) end
  end

  for _, mount in ipairs(mounts) do
    local entry = needs[mount.path]
    if entry then
      local status = guest.statvfs(mount.path)
      local counted = text.integer(status.files) > 0
      -- What is kept for root is there for the guest's tools, which run as root; where files are not counted, blocks that
      -- seem free may be kept for other uses, and those that are available count.
      local blocks = text.integer(counted and status.bfree or status.bavail)
      local unit = text.integer(status.frsize) > 0 and text.integer(status.frsize) or text.integer(status.bsize)
      list[#list + 1] = {
        path = mount.path, device = mount.device, free = blocks * unit, needed = entry.bytes,
        free_inodes = counted and text.integer(status.ffree) or nil, needed_inodes = entry.inodes, shown_free = shown(blocks * unit),
        shown_needed = ("%s (%s)"):format(shown(entry.bytes), table.concat(entry.what, ", ")),
      }
    end
  end
  return list
end

return M
