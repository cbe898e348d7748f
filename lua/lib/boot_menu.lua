-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds what does not work in a boot menu: entries whose kernel or initramfs is missing, and a default entry that only
-- starts a repair.
local text = require "lib.text"
local kernels = require "lib.kernels"
local menus = require "lib.menus"
local M = {}

-- Words of a kernel's command line with which the system stops at a prompt.
local REPAIR = text.set { "single", "s", "1", "rescue", "emergency", "recovery", "systemd.unit=rescue.target", "systemd.unit=emergency.target", "rd.break",
  "init=/bin/sh", "init=/bin/bash" }

-- Is ENTRY one to repair the system with?
local function repairs(entry)
  for word in (entry.arguments or ""):lower():gmatch("%S+") do
    if REPAIR[word] then return true end
  end
  local title = (entry.title or ""):lower()
  return title:find("rescue", 1, true) ~= nil or title:find("recovery mode", 1, true) ~= nil or title:find("failsafe", 1, true) ~= nil
end

-- A file elsewhere, or one whose name the boot loader works out, cannot be looked for: another system's, a snapshot's.
local function can_be_seen(entry, path)
  return not path:find("[$\"']") and not path:match("%.c32$") and not path:find("/%.snapshots/") and not (entry.id or ""):match("^osprober")
    and not path:match("^%(loop") and not path:match("^http") and not path:match("^tftp")
end

-- { title =, version =, kernel = the path of a missing kernel, initramfs = list of missing ones, repairs = } of each entry, and the one that
-- is started.
function M.look(loader)
  local entries, chosen = menus.read(loader)
  local directory, known, list, first = (loader.config or ""):match("^(.*)/"), {}, {}, nil
  local function is_missing(entry, path)
    if not can_be_seen(entry, path) then return false end
    if known[path] == nil then known[path] = kernels.image(path, directory) == nil end
    return known[path]
  end
  for _, entry in ipairs(entries) do
    if entry.kernel then
      local record = { title = entry.title or entry.id or entry.label or entry.version or entry.kernel, version = entry.version, initramfs = {},
        repairs = repairs(entry) }
      if is_missing(entry, entry.kernel) then record.kernel = entry.kernel end
      for _, path in ipairs(entry.initrds or {}) do
        if is_missing(entry, path) then record.initramfs[#record.initramfs + 1] = path end
      end
      if entry == chosen then first = record end
      list[#list + 1] = record
    end
  end
  return list, first
end

-- What of ENTRY is missing, as text; nil if nothing is. What the conversion makes is not: MADE, a set of versions of kernels.
function M.missing(entry, made)
  local parts = {}
  if entry.kernel then parts[1] = "the kernel " .. entry.kernel end
  if not made[entry.version or ""] then
    for _, path in ipairs(entry.initramfs) do parts[#parts + 1] = "the initramfs " .. path end
  end
  return #parts > 0 and table.concat(parts, ", ") or nil
end

-- Once all is done: what was not told of before.
function M.check()
  local told = {}
  for _, entry in ipairs(facts.broken_entry) do told[entry.title .. "\n" .. entry.missing] = true end
  local list, first = M.look(facts.bootloader)
  local parts = {}
  for _, entry in ipairs(list) do
    local missing = M.missing(entry, {})
    if missing and not told[entry.title .. "\n" .. missing] then parts[#parts + 1] = "\"" .. entry.title .. "\" (" .. missing .. ")" end
  end
  if #parts > 0 then
    log.warn("boot menu entries name missing files, and cannot start: " .. table.concat(parts, ", ") .. "; remove these entries, or regenerate the boot menu in the guest")
  end
  if first and first.repairs and not (facts.boot_menu and facts.boot_menu.repairs) then
    log.warn("the default entry of the boot menu, \"" .. first.title .. "\", is a rescue entry: make another entry the default, or the guest starts its rescue system at each boot")
  end
end

return M
