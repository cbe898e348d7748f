-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds what does not work in the boot menu.
local boot_menu = require "lib.boot_menu"
local M = {}

function M.menu()
  local list, first = boot_menu.look(facts.bootloader)
  -- Where a tool is known, a kernel gets an initramfs.
  local made, records, result, seen = {}, {}, {}, {}
  for _, kernel in ipairs(facts.initramfs.tool and facts.kernel or {}) do made[kernel.version] = kernel.installed end
  for _, entry in ipairs(list) do
    local missing = boot_menu.missing(entry, made)
    if missing and not seen[entry.title] then
      seen[entry.title] = true
      records[#records + 1] = { title = entry.title, missing = missing, default = entry == first }
    elseif not missing and not entry.repairs and entry.version then
      result.works = result.works or entry.version
    end
  end
  if first then
    result.default = first.title
    result.repairs = first.repairs
  end
  return { boot_menu = result, broken_entry = records }
end

return M
