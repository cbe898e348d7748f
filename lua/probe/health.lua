-- SPDX-License-Identifier: GPL-2.0-or-later
-- What the guest's file systems have noted of their own damage: the kernel writes it down when it stumbles over it, and only a
-- repair takes it away. Of those that keep no such note, nothing is said.
local M = {}

local EXT = { ext2 = true, ext3 = true, ext4 = true }

-- Has the file system on DEVICE (of TYPE) a note of errors? Nil: it keeps none.
function M.is_damaged(device, type)
  if not EXT[type or ""] then return nil end
  local state = guest.tune2fs_l(device)["Filesystem state"]
  return state ~= nil and state:find("with errors", 1, true) ~= nil
end

function M.types()
  local types = {}
  for _, filesystem in ipairs(facts.filesystem) do types[filesystem.device] = filesystem.type end
  return types
end

function M.health()
  local list, seen, types = {}, {}, M.types()
  for _, mount in ipairs(facts.mount) do
    if not seen[mount.device] then
      seen[mount.device] = true
      local damaged = M.is_damaged(mount.device, types[mount.device])
      if damaged ~= nil then list[#list + 1] = { device = mount.device, path = mount.path, damaged = damaged } end
    end
  end
  return list
end

return M
