-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds damage that the guest's file systems have recorded: the kernel records it when it finds an error, and only a repair
-- clears the record. Nothing is said of file systems that keep no such record. On request, all file systems are checked.
local devices = require "lib.devices"
local M = {}

local EXT = { ext2 = true, ext3 = true, ext4 = true }
local CHECKED = { ext2 = true, ext3 = true, ext4 = true, xfs = true, btrfs = true }

-- Has the file system on DEVICE (of TYPE) a note of errors? Nil: it keeps none.
function M.is_damaged(device, type)
  if not EXT[type or ""] then return nil end
  local state = guest.tune2fs_l(device)["Filesystem state"]
  return state ~= nil and state:find("with errors", 1, true) ~= nil
end

-- What is wrong with it (nil: nothing), and whether it could be examined.
function M.problems(device, type)
  if not CHECKED[type or ""] then return nil, false end
  return guest.fsck(device, type), true
end

function M.types()
  local types = {}
  for _, filesystem in ipairs(facts.filesystem) do types[filesystem.device] = filesystem.type end
  return types
end

function M.health(examine, as_it_is)
  local list, seen, types, mounts = {}, {}, M.types(), {}
  for i, mount in ipairs(facts.mount) do mounts[i] = mount end
  table.sort(mounts, function(a, b) return a.path < b.path end)
  for _, mount in ipairs(mounts) do
    local device = devices.of_mount(mount)
    if not seen[device] then
      seen[device] = true
      local damaged, problems, examined = M.is_damaged(device, types[device]), nil, false
      if examine and not as_it_is and not damaged then problems, examined = M.problems(device, types[device]) end
      if damaged ~= nil or examined then
        list[#list + 1] = { device = device, path = mount.path, damaged = damaged, problems = problems }
      end
    end
  end
  return list
end

return M
