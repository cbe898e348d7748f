-- SPDX-License-Identifier: GPL-2.0-or-later
-- Installs and removes packages with rpm. A kernel is installed beside the existing ones; any other package replaces its
-- older version.
local text = require "lib.text"
local files = require "packages.files"
local M = {}

local function is_kernel(request)
  local with = files.described(request)
  for _, kernel in ipairs(facts.kernel) do
    if with and not kernel.installed and kernel.package == with.package then return true end
  end
  return false
end

function M.add(list)
  local missing = files.missing(list)
  if #missing == 0 then return end
  -- Files of the database that an interrupted rpm left, which a newer one cannot read.
  for _, path in ipairs(text.glob("/var/lib/rpm/__db.0*")) do guest.rm_f(path) end
  files.with(missing, function(paths)
    local groups = { { "-ivh" }, { "-Uvh" } }
    for number, request in ipairs(missing) do
      local group = groups[is_kernel(request) and 1 or 2]
      group[#group + 1] = paths[number]
    end
    for _, group in ipairs { groups[2], groups[1] } do
      if #group > 1 then guest.command { "rpm", table.unpack(group) } end
    end
  end)
end

-- Everything in one transaction if that works, and only what is there.
function M.remove(list)
  local installed = text.set(text.lines(guest.query { "rpm", "-qa", "--qf", "%{NAME}\\n" }))
  files.erase(list, installed, function(names)
    guest.command { "rpm", "-e", "--allmatches", table.unpack(names) }
  end, "is needed by %(installed%) (%S+)")
end

return M
