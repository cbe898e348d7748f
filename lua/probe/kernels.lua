-- SPDX-License-Identifier: GPL-2.0-or-later
-- The kernels of the guest: their files, their modules, and which one is started.
local text = require "lib.text"
local grub = require "lib.grub"
local modules = require "lib.modules"
local cpio = require "lib.cpio"
local M = {}

local NO_KERNEL = { "%.dpkg%-old$", "%.dpkg%-new$", "%.rpmsave$", "%.rpmnew$", "%.old$", "%.hmac$", "%.bak$", "%.sig$" }

local function is_leftover(path)
  for _, pattern in ipairs(NO_KERNEL) do
    if path:match(pattern) then return true end
  end
  return false
end

-- version -> image, of /boot and of the module folders.
local function images(boot)
  local by_version = {}
  for _, path in ipairs(boot) do
    local version = not is_leftover(path) and grub.kernel_version(path)
    if version then by_version[version] = path end
  end
  for _, path in ipairs(text.glob("/lib/modules/*/vmlinuz")) do
    local version = path:match("/([^/]+)/vmlinuz$")
    by_version[version] = by_version[version] or path
  end
  return by_version
end

-- The initramfs of a version among the files of /boot: not the one of the crash kernel, not a leftover.
local function initrd(boot, version)
  for _, name in ipairs { "initrd.img-" .. version, "initramfs-" .. version .. ".img", "initrd-" .. version .. ".img", "initrd-" .. version,
    "initramfs-" .. version } do
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
-- older kernels have their flavour and newer ones their architecture.
local function owner(packages, version)
  local best, best_rank
  for _, package in ipairs(packages) do
    local name, rank = package.name, nil
    if name == "linux-image-" .. version or name == "linux-image-unsigned-" .. version or name == "kernel-image-" .. version then
      rank = 4
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

-- The version of the kernel that the boot loader starts.
local function started()
  local loader = facts.bootloader
  if not loader.config then return nil end
  local content = text.read(loader.config)
  if not content then return nil end
  if loader.kind == "grub-legacy" then
    local menu = grub.legacy(content)
    local entry = menu.entries[menu.default + 1] or menu.entries[1]
    return entry and entry.version
  elseif loader.kind == "grub2" then
    local default
    for value in content:gmatch("set default=[\"']?([^\"'\n]*)") do
      if not value:find("next_entry", 1, true) then default = value end
    end
    local environment = grub.environment(text.read(loader.config:gsub("[^/]*$", "") .. "grubenv"))
    if not default or default:find("saved_entry", 1, true) then default = environment.saved_entry end
    local entries = loader.bls and grub.bls_entries() or grub.grub2_entries(content)
    local chosen = grub.chosen(entries, default)
    return chosen and chosen.version
  end
end

-- Every module of a kernel, by its indexes or, where they are missing, by its files.
local function add_modules(list, version, folder)
  local builtin = modules.builtin(folder)
  local loadable = modules.loadable(folder)
  if not loadable then
    loadable = {}
    for _, path in ipairs(guest.find(folder)) do
      if path:match("%.ko$") or path:match("%.ko%.[%w]+$") then loadable[modules.name(path)] = true end
    end
  end
  for _, name in ipairs(text.sorted(builtin)) do list[#list + 1] = { kernel = version, name = name, builtin = true } end
  for _, name in ipairs(text.sorted(loadable)) do
    if not builtin[name] then list[#list + 1] = { kernel = version, name = name, builtin = false } end
  end
end

-- OPTIONS: words, the options of a kernel's configuration that rules ask about.
function M.kernels(options)
  local boot = text.glob("/boot/*")
  local folders = {}
  for _, path in ipairs(text.glob("/lib/modules/*")) do folders[text.basename(path)] = path end
  local start = started()
  local result = { kernel = {}, kernel_module = {}, kernel_config = {} }
  local by_version = images(boot)
  for _, version in ipairs(text.sorted(by_version)) do
    local package = owner(facts.package, version)
    local initramfs = initrd(boot, version)
    local kernel = {
      version = version, package = package, flavour = flavour(version, package), image = by_version[version],
      initrd = initramfs, appendable = appendable(initramfs, version), arch = facts.os.arch, modules = folders[version], default = version == start, installed = true,
    }
    result.kernel[#result.kernel + 1] = kernel
    if kernel.modules then add_modules(result.kernel_module, version, kernel.modules) end
    local config = text.read("/boot/config-" .. version)
    if config then
      config = "\n" .. config
      for name in options:gmatch("%S+") do
        local value = config:match("\nCONFIG_" .. name .. "=([^\n]*)")
        if value then result.kernel_config[#result.kernel_config + 1] = { kernel = version, name = name, value = value } end
      end
    end
  end
  return result
end

return M
