-- SPDX-License-Identifier: GPL-2.0-or-later
-- Changes udev rules that recognise disks by their kernel names, or by numbers and places that change with the machine.
local text = require "lib.text"
local forms = require "lib.disk_forms"
local starts = require "lib.starts"
local M = {}

-- VALUE, alternatives with | between, each of which CHANGE may give a new name; its second result tells that the old one stays
-- beside it.
local function alternatives(value, change)
  local seen, list = {}, {}
  local function add(word)
    if not seen[word] then
      seen[word] = true
      list[#list + 1] = word
    end
  end
  for word in (value .. "|"):gmatch("([^|]*)|") do
    local new, keep = change(word)
    if not new or keep then add(word) end
    if new then add(new) end
  end
  return table.concat(list, "|")
end

-- A file of rules with new names. A pattern for several disks fits the new names beside the old. BY_START as starts.of makes it.
function M.mend(content, by_old, by_start)
  local function several(path)
    local disk, rest = path:match("^(.-)([*?%[].*)$")
    -- The partitions of one disk, or several disks.
    local new = disk and by_old[disk]
    if new then return new .. rest, false end
    if disk then return starts.renamed(path, by_start), true end
  end
  local function kernel_name(word)
    local new, keep = several("/dev/" .. word)
    if not new then return forms.kernel_name(word, by_old), false end
    return new:gsub("^/dev/", ""), keep
  end
  return text.map_lines(content, function(line)
    if line:match("^%s*#") then return nil end
    line = line:gsub('(%f[%w]KERNELS?%s*[!=]=%s*")([^"]*)"', function(head, value) return head .. alternatives(value, kernel_name) .. '"' end)
    line = line:gsub('(%f[%w]ENV{DEVNAME}%s*[!=]=%s*")([^"]*)"', function(head, value) return head .. alternatives(value, several) .. '"' end)
    return forms.rename(line, by_old)
  end)
end

-- What a machine makes up for its disks: a rule that asks for it fits none under another.
local ASKS = {
  { "scsi_id", "scsi_id" }, { "ata_id", "ata_id" }, { "ID_SERIAL", "ENV{ID_SERIAL[%w_]*}%s*==%s*\"([^\"]*)\"" },
  { "ID_SCSI_SERIAL", "ENV{ID_SCSI_SERIAL}%s*==%s*\"([^\"]*)\"" }, { "ID_WWN", "ENV{ID_WWN[%w_]*}%s*==%s*\"([^\"]*)\"" },
  { "ID_PATH", "ENV{ID_PATH[%w_]*}%s*==%s*\"([^\"]*)\"" }, { "DM_UUID", "ENV{DM_UUID}%s*==%s*\"(m[^\"]*)\"" },
  { "wwid", "ATTRS?{[%w/]*wwid}%s*==%s*\"([^\"]*)\"" }, { "serial", "ATTRS?{[%w/]*serial}%s*==%s*\"([^\"]*)\"" },
  { "vpd", "ATTRS?{[%w/]*vpd_pg[%w]+}%s*==%s*\"([^\"]*)\"" },
}

-- Words by which files with such rules are found.
M.WORDS = { "scsi_id", "ata_id", "ID_SERIAL", "ID_SCSI_SERIAL", "ID_WWN", "ID_PATH", "DM_UUID", "wwid", "{serial}", "vpd_pg" }

-- Does a rule give something that others then use, and is it about disks?
local function matters(line)
  if line:find("ID_CDROM", 1, true) then return false end
  if not line:match("%f[%w]SYMLINK%s*%+?:?=%s*\"") and not line:match("%f[%w]NAME%s*:?=%s*\"") and not line:match("%f[%w]OWNER%s*:?=")
    and not line:match("%f[%w]GROUP%s*:?=") and not line:match("%f[%w]MODE%s*:?=") then return false end
  if line:match('SUBSYSTEMS?%s*==%s*"block') or line:match('KERNELS?%s*==%s*"[shxvd][dv]') or line:match('KERNELS?%s*==%s*"dm%-') then return true end
  return not line:match('SUBSYSTEMS?%s*==') and line:match("scsi_id") ~= nil
end

-- What rules in CONTENT ask of disks that will be otherwise: words, sorted.
function M.asks(content)
  local set = {}
  for _, line in ipairs(text.lines((content:gsub("\\\r?\n", " ")))) do
    if not line:match("^%s*#") and matters(line) then
      for _, ask in ipairs(ASKS) do
        local value = line:match(ask[2])
        -- Whether there is such a number at all is no question for a certain disk.
        if value and (value:find("[%w]") or value == ask[2]) then set[ask[1]] = true end
      end
    end
  end
  return text.sorted(set)
end

return M
