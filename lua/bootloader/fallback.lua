-- SPDX-License-Identifier: GPL-2.0-or-later
-- Makes the fallback boot loader, which EFI starts if its variables name no other: the variables that named the guest's boot
-- loader stay with the old machine. It is made from the files that are found on the guest's EFI system partition.
local text = require "lib.text"
local M = {}

-- How EFI calls processors, in the names of loaders too.
local SUFFIX = { x86_64 = "x64", i386 = "ia32", aarch64 = "aa64", riscv64 = "riscv64" }

-- Directories that hold no loader of Linux, or no loader that would find its configuration from elsewhere.
local OTHERS = { boot = true, microsoft = true, linux = true, tools = true }

-- lower-case name -> name, of what is in a directory: the partition's file system does not tell them apart.
local function names(directory)
  local list = {}
  for _, path in ipairs(text.glob(directory .. "/*")) do list[text.basename(path):lower()] = text.basename(path) end
  return list
end

-- The directory EFI of the partition; nil if none is mounted.
local function efi()
  for _, mount in ipairs { "/boot/efi", "/efi", "/boot" } do
    local name = names(mount).efi
    if name and guest.is_dir(mount .. "/" .. name, { followsymlinks = true }) then return mount .. "/" .. name end
  end
end

-- The best loader of all directories: { directory =, name = as it is called, files = names in its directory }. One that Secure Boot trusts
-- comes first, then the loader itself.
local function found(root, suffix)
  local directories = names(root)
  for _, wanted in ipairs { "^shim" .. suffix .. "%.efi$", "^shim%.efi$", "^grub" .. suffix .. "%.efi$", "^grub%.efi$", "^grub.*%.efi$",
    "^systemd%-boot" .. suffix .. "%.efi$" } do
    for _, lower in ipairs(text.sorted(directories)) do
      local files = not OTHERS[lower] and names(root .. "/" .. directories[lower]) or {}
      for _, file in ipairs(text.sorted(files)) do
        if file:match(wanted) then return { directory = directories[lower], name = files[file], files = files } end
      end
    end
  end
end

local function copy(from, to)
  if not guest.is_file(to, { followsymlinks = true }) then guest.cp(from, to) end
end

function M.install()
  local suffix, root = SUFFIX[facts.os.arch or ""], efi()
  if not suffix then
    log.warn("no fallback boot loader was installed, since its file name for the architecture " .. tostring(facts.os.arch) .. " is not known: if the new machine finds no boot loader, choose one in its firmware")
    return
  end
  if not root then
    log.warn("the guest boots with EFI, but mounts no EFI system partition (/boot/efi, /efi, /boot): if the new machine finds no "
      .. "loader, add one as EFI/BOOT/BOOT" .. suffix:upper() .. ".EFI")
    return
  end
  local boot = names(root).boot or "BOOT"
  local there = names(root .. "/" .. boot)
  if there["boot" .. suffix .. ".efi"] then return end
  local loader = found(root, suffix)
  if not loader then
    log.warn("no boot loader was found in " .. root .. ": the new machine will boot only if EFI/BOOT/BOOT" .. suffix:upper() .. ".EFI is added there")
    return
  end
  local from, to = root .. "/" .. loader.directory .. "/", root .. "/" .. boot .. "/"
  text.directory(root .. "/" .. boot)
  copy(from .. loader.name, to .. "BOOT" .. suffix:upper() .. ".EFI")
  -- A shim starts the GRUB beside it, and both may look for more there.
  if loader.name:lower():match("^shim") then
    for _, file in ipairs { "grub" .. suffix .. ".efi", "mm" .. suffix .. ".efi" } do
      if loader.files[file] then copy(from .. loader.files[file], to .. loader.files[file]) end
    end
  end
  if loader.files["grub.cfg"] and not there["grub.cfg"] then
    text.write(to .. "grub.cfg", "configfile /" .. text.basename(root) .. "/" .. loader.directory .. "/grub.cfg\n")
  end
  -- GRUB legacy looks for a configuration that is called as it is.
  if loader.files["grub.conf"] then copy(from .. loader.files["grub.conf"], to .. "BOOT" .. suffix:upper() .. ".conf") end
end

return M
