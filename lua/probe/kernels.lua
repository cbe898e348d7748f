-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds the kernels of the guest: their files, their modules, and which one is started.
local text = require "lib.text"
local grub = require "lib.grub"
local modules = require "lib.modules"
local cpio = require "lib.cpio"
local bls = require "lib.bls"
local kernels = require "lib.kernels"
local menus = require "lib.menus"
local held = require "initramfs.held"
local M = {}

local NO_KERNEL = { "%.dpkg%-old$", "%.dpkg%-new$", "%.rpmsave$", "%.rpmnew$", "%.old$", "%.hmac$", "%.bak$", "%.sig$" }

local function is_leftover(path)
  for _, pattern in ipairs(NO_KERNEL) do
    if path:match(pattern) then return true end
  end
  return false
end

-- What the image of a PC's kernel says of itself; nil for any other.
local function version_inside(path)
  if not guest.is_file(path, { followsymlinks = true }) or text.bytes(path, 514, 4) ~= "HdrS" then return nil end
  local low, high = (text.bytes(path, 526, 2) or ""):byte(1, 2)
  return high and (text.bytes(path, 512 + low + high * 256, 256) or ""):match("^%d[%w%.%-_+~]*")
end

-- The version of an image: what its name says; where that is a flavour, and no version of which there are modules, what the image or
-- the packages' own files say. DIRECTORIES: version -> directory of modules.
local function version_of(path, directories)
  local label = grub.kernel_version(path)
  if label and (directories[label] or label:match("^%d") and not next(directories)) then return label end
  local inside = version_inside(path)
  if inside and (directories[inside] or not label) then return inside end
  if label and not label:match("^%d") then
    if inside then return inside end
    local versions, found = text.sorted(directories), nil
    for _, version in ipairs(versions) do
      if text.trim(text.read(directories[version] .. "/pkgbase") or "") == label then found = version end
    end
    found = found or (text.read("/usr/share/kernel/" .. label .. "/kernel.release") or ""):match("%S+")
    for _, version in ipairs(versions) do
      if not found and version:sub(-#label - 1) == "-" .. label then found = version end
    end
    if found then return found end
  end
  return label
end

-- version -> image: of /boot, of the EFI system partition, of the module directories. One that is called after its version goes before
-- one that is not.
local function images(boot, directories)
  local by_version, by_flavour = {}, {}
  local paths = table.move(boot, 1, #boot, 1, {})
  for _, pattern in ipairs { "/boot/efi/vmlinuz-*", "/efi/vmlinuz-*", "/boot/*/*/linux", "/boot/efi/*/*/linux", "/efi/*/*/linux",
    "/boot/efi/*/*/linux-*", "/efi/*/*/linux-*" } do
    for _, path in ipairs(guest.glob_expand(pattern)) do
      -- To the file system of EFI the directory EFI/Linux is called linux as well.
      if path:sub(-1) ~= "/" then paths[#paths + 1] = path end
    end
  end
  for _, path in ipairs(paths) do
    local name = text.basename(path)
    local named = not is_leftover(path) and grub.kernel_version(path)
    if named or (name == "vmlinuz" or name == "bzImage" or name == "kernel") and not guest.is_symlink(path) then
      local version = version_of(path, directories)
      if version and version == named then
        by_version[version] = by_version[version] or path
      elseif version then
        by_flavour[version] = by_flavour[version] or path
      end
    end
  end
  for version, path in pairs(by_flavour) do by_version[version] = by_version[version] or path end
  for _, path in ipairs(text.glob("/lib/modules/*/vmlinuz")) do
    local version = path:match("/([^/]+)/vmlinuz$")
    by_version[version] = by_version[version] or path
  end
  return by_version
end

-- The initramfs that an entry of the boot loader gives to a kernel; the last one, since microcode comes before it.
local function initrd_of_entry(image)
  for _, entry in ipairs(bls.entries(bls.DIRECTORIES)) do
    local last = entry.initrds[#entry.initrds]
    if last and entry.kernel and kernels.image(entry.kernel) == image then return kernels.image(last) end
  end
end

-- The initramfs of a version, or of the flavour that its image is called after: not the one of the crash kernel, not a leftover.
local function initrd(boot, version, image)
  local directory = image:match("^(.*)/linux$")
  if directory then return text.glob(directory .. "/initrd*")[1] end
  directory = image:match("^(.*)/linux%-%x+$")
  if directory then return initrd_of_entry(image) or text.glob(directory .. "/initrd*")[1] end
  local names = {}
  local function add(label)
    for _, name in ipairs { "initrd.img-" .. label, "initramfs-" .. label .. ".img", "initrd-" .. label .. ".img", "initrd-" .. label,
      "initramfs-" .. label, "booster-" .. label .. ".img" } do
      names[#names + 1] = name
    end
  end
  add(version)
  local label = grub.kernel_version(image)
  if label and label ~= version then add(label) end
  if not label then
    for _, name in ipairs { "initrd.img", "initramfs.img", "initrd", "initramfs" } do names[#names + 1] = name end
  end
  for _, name in ipairs(names) do
    for _, path in ipairs(boot) do
      if text.basename(path) == name then return path end
    end
  end
end

-- Can a further archive follow in the initramfs? Before Linux 5.10, the unpacker of LZ4 took what follows for a
-- broken part of its own.
local function appendable(path, version)
  if not path then return nil end
  local _, magic = cpio.walk(function(offset, length) return text.bytes(path, offset, length) end, 50)
  if (magic or ""):sub(1, 4) ~= "\x02\x21\x4C\x18" then return true end
  local major, minor = version:match("^(%d+)%.(%d+)")
  return major ~= nil and (tonumber(major) > 5 or tonumber(major) == 5 and tonumber(minor) >= 10)
end

local function flavour(version, package)
  local name = " " .. version .. " " .. (package or "") .. " "
  if name:match("xen[%s%-]") or name:match("xenU?%s") or name:match("%-xen") then return "xen" end
  if name:match("debug[%s%-]") or name:match("%-dbg") then return "debug" end
  if name:match("rescue") then return "rescue" end
  return "plain"
end

-- Words in the names of packages that come with a kernel and are none.
local COMPANIONS = { "devel", "headers", "source", "doc", "debuginfo", "tools", "firmware", "modules", "lib", "abi", "dbg", "base", "syms", "docs" }

local function is_companion(name)
  for _, word in ipairs(COMPANIONS) do
    if name:match("%-" .. word .. "$") or name:match("%-" .. word .. "%-") then return true end
  end
  return false
end

local function plain(version)
  return (version:gsub("^%d+:", ""):gsub("[%-_~]", "."))
end

-- The package that owns a kernel: Debian has the version in the name, RPM in the version and release, after which
-- older kernels have their flavour and newer ones their architecture; ALT has the flavour between the two. An image that
-- is called after a flavour (LABEL) is of the package with that name.
local function owner(packages, version, label)
  local best, best_rank
  for _, package in ipairs(packages) do
    local name, rank = package.name, nil
    if name == "linux-image-" .. version or name == "linux-image-unsigned-" .. version or name == "kernel-image-" .. version then
      rank = 4
    elseif label and (name == label or name == "linux-" .. label) then
      rank = 3
    elseif name:match("^kernel%-image%-") then
      local kind = name:sub(#"kernel-image-" + 1):gsub("%p", "%%%0")
      if version:gsub("%-" .. kind .. "%-", "-", 1) == package.version:gsub("^%d+:", "") then rank = 3 end
    elseif name:match("^kernel") and not is_companion(name) then
      local wanted, found = plain(version), plain(package.version)
      local kind = name:match("^kernel%-(.+)$") or ""
      if wanted == found or wanted == found .. "." .. plain(package.arch or "") or wanted == found .. "." .. kind then
        rank = kind == "core" and 3 or kind == "" and 2 or 1
      elseif kind ~= "" and (wanted == found .. kind or wanted:match("^(.*)%." .. kind:gsub("%p", "%%%0") .. "$") ~= nil
          and found:sub(1, #wanted - #kind) == wanted:sub(1, #wanted - #kind)) then
        rank = 2
      elseif wanted:match("^" .. found:gsub("%p", "%%%0") .. "%.?[%a]+$") and kind == "" and not wanted:match("xen$") then
        rank = 1
      end
    end
    if rank and (not best_rank or rank > best_rank) then best, best_rank = name, rank end
  end
  return best
end

-- Says of each kernel whether the boot loader starts it; of none where its menu is not known, so that another probe can say it.
local function mark_default(known)
  local entries, chosen = menus.read(facts.bootloader)
  if not chosen then return end
  kernels.identify(entries, known)
  for _, kernel in ipairs(known) do kernel.default = kernel.version == chosen.version end
end

-- Those of LOADABLE, out of an index, whose files are in DIRECTORY, with all that they need; and whether there is one of those that it lists.
local function with_files(loadable, directory)
  local files = {}
  for _, path in ipairs(guest.find(directory)) do files[(path:gsub("^/", ""))] = true end
  -- A directory that is a link is not looked through.
  if not next(files) then return loadable, true end
  local there, listed = {}, next(loadable) ~= nil
  for name, module in pairs(loadable) do
    local complete = files[module.path]
    for _, path in ipairs(module.needs) do complete = complete and files[path] end
    if complete then there[name] = module end
  end
  return there, not listed or next(there) ~= nil
end

-- Every module of a kernel, by its indexes or, where they are missing, by its files. Returns whether the index is there, and what it lists.
local function add_modules(list, version, directory)
  local builtin = modules.builtin(directory)
  local loadable, whole = modules.loadable(directory), false
  if loadable then
    loadable, whole = with_files(loadable, directory)
  else
    loadable = {}
    for _, path in ipairs(guest.find(directory)) do
      if path:match("%.ko$") or path:match("%.ko%.[%w]+$") then loadable[modules.name(path)] = true end
    end
  end
  for _, name in ipairs(text.sorted(builtin)) do list[#list + 1] = { kernel = version, name = name, builtin = true } end
  for _, name in ipairs(text.sorted(loadable)) do
    if not builtin[name] then list[#list + 1] = { kernel = version, name = name, builtin = false } end
  end
  return whole
end

-- OPTIONS: words, the options of a kernel's configuration that rules ask about.
function M.kernels(options)
  local boot = text.glob("/boot/*")
  local directories = {}
  for _, path in ipairs(text.glob("/lib/modules/*")) do directories[text.basename(path)] = path end
  local result = { kernel = {}, kernel_module = {}, initramfs_module = {}, kernel_config = {} }
  local by_version = images(boot, directories)
  for _, version in ipairs(text.sorted(by_version)) do
    local label = grub.kernel_version(by_version[version])
    local package = owner(facts.package, version, label ~= version and label)
    local initramfs = initrd(boot, version, by_version[version])
    local kernel = {
      version = version, package = package, flavour = flavour(version, package), image = by_version[version],
      initrd = initramfs, appendable = appendable(initramfs, version), arch = facts.os.arch, modules = directories[version], installed = true,
    }
    -- Looking takes seconds, and matters only where no tool can make another.
    if not facts.initramfs.tool then kernel.udev = initramfs ~= nil and held.has_udev(initramfs) end
    result.kernel[#result.kernel + 1] = kernel
    if kernel.modules then
      kernel.whole = add_modules(result.kernel_module, version, kernel.modules)
    elseif next(directories) then
      kernel.whole = false
    end
    if kernel.whole == false and initramfs then
      for _, name in ipairs(held.own_modules(initramfs)) do
        result.initramfs_module[#result.initramfs_module + 1] = { kernel = version, name = name }
      end
    end
    local config = text.read("/boot/config-" .. version)
    if config then
      config = "\n" .. config
      for name in options:gmatch("%S+") do
        local value = config:match("\nCONFIG_" .. name .. "=([^\n]*)")
        if value then result.kernel_config[#result.kernel_config + 1] = { kernel = version, name = name, value = value } end
      end
    end
  end
  mark_default(result.kernel)
  return result
end

return M
