-- SPDX-License-Identifier: GPL-2.0-or-later
-- The kernels that boot menu entries name.
local text = require "lib.text"
local M = {}

-- The file that an entry names: a boot loader begins at the root of the file system that it reads, which may hold /boot alone
-- or be a subvolume's; extlinux begins at the DIRECTORY of its configuration. Nil if there is no such file.
function M.image(path, directory)
  path = path:gsub("^%b()", "")
  if path:sub(1, 1) ~= "/" then path = (directory or "") .. "/" .. path end
  for _, prefix in ipairs { "", "/boot", "/efi", "/boot/efi" } do
    if guest.is_file(prefix .. path, { followsymlinks = true }) then return prefix .. path end
  end
  local below = path:match("^/.+(/boot/.+)$")
  if below and guest.is_file(below, { followsymlinks = true }) then return below end
end

local function ends(long, short)
  return #long >= #short and long:sub(-#short) == short
end

local function is_same(image, named)
  named = named:gsub("^%b()", "")
  local name = text.basename(image)
  if name:find("-", 1, true) and name == text.basename(named) then return true end
  return ends(image, named:sub(1, 1) == "/" and named or "/" .. named) or ends(named, image)
end

-- Gives each entry ({ kernel = image, version = what the image's name says }) the version of the kernel that is known
-- by that image: an image called after a flavour does not say its version.
function M.identify(entries, kernels)
  local known = {}
  for _, kernel in ipairs(kernels) do known[kernel.version] = true end
  for _, entry in ipairs(entries) do
    if entry.kernel and not known[entry.version or ""] then
      for _, kernel in ipairs(kernels) do
        if kernel.image and is_same(kernel.image, entry.kernel) then entry.version = kernel.version end
      end
    end
  end
  return entries
end

-- The initramfs of a version, as one made today would be called: what follows /boot/, or nil.
function M.initrd(version)
  for _, name in ipairs { "initramfs-" .. version .. ".img", "initrd.img-" .. version, "initrd-" .. version .. ".img", "initrd-" .. version,
    "initramfs-" .. version } do
    if guest.is_file("/boot/" .. name, { followsymlinks = true }) then return name end
  end
end

-- Of the ENTRIES of a menu ({ version =, kernel =, first =, last = lines }): the set of versions that have one, the set of lines
-- of those whose kernel is gone, and the one that another can be made after. DIRECTORY as for image.
function M.survey(entries, directory)
  local there, gone, model = {}, {}, nil
  for _, entry in ipairs(entries) do
    if entry.version then
      model = model or entry
      there[entry.version] = true
      if not M.image(entry.kernel, directory) then
        for i = entry.first, entry.last do gone[i] = true end
      end
    end
  end
  return there, gone, model
end

-- The kernels that were given and need an entry: THERE is the set of versions that have one.
function M.without_entry(there)
  local list = {}
  for _, kernel in ipairs(facts.kernel) do
    if kernel.usable and not kernel.installed and not there[kernel.version] then list[#list + 1] = kernel end
  end
  return list
end

return M
