-- SPDX-License-Identifier: GPL-2.0-or-later
-- Gives new files their SELinux labels. A file that is edited keeps its label; a new file has none, since the appliance's
-- kernel does not support SELinux. The guest's own setfiles does not need a kernel that does.
local text = require "lib.text"
local M = {}

-- Where conversions make files, and package managers when they remove something.
local PLACES = { "/boot", "/etc", "/lib/modules", "/usr/lib/modules", "/usr/lib/sysimage/rpm", "/var/lib/dpkg",
  "/var/lib/initramfs-tools", "/var/lib/rpm", "/var/lib/v2v-engine", "/var/log/dpkg.log" }
local AT_ONCE = 200 -- paths in one command

-- The guest's start scripts look for this file, restore every label, remove it and boot again.
function M.at_boot()
  if not guest.is_file("/.autorelabel") then guest.touch("/.autorelabel") end
end

local function contexts()
  local policy = ("\n" .. (text.read("/etc/selinux/config") or "")):match("\n%s*SELINUXTYPE%s*=%s*(%w+)") or "targeted"
  local path = "/etc/selinux/" .. policy .. "/contexts/files/file_contexts"
  return guest.is_file(path, { followsymlinks = true }) and path or nil
end

-- Is PATH there, by no other name?
local function has(path)
  if guest.is_symlink(path) or guest.is_symlink("/" .. path:match("^/([^/]+)")) then return false end
  return guest.is_dir(path) or guest.is_file(path)
end

-- The files in PLACES that have no label, as setfiles says when it only looks; nil if it says it in words that are not known.
local function unlabelled(program, policy)
  local argv = { program, "-n", "-v", policy }
  for _, path in ipairs(PLACES) do
    if has(path) then argv[#argv + 1] = path end
  end
  local ok, said = pcall(guest.query, argv)
  if not ok then return nil end
  local list = {}
  for _, line in ipairs(text.lines(said)) do
    -- What has none is "(null)", and "<no context>" in newer releases.
    local path, from = line:match("^Would relabel (/.+) from (<no context>) to %S+$")
    if not path then path, from = line:match("^Would relabel (/.+) from (%S+) to %S+$") end
    if not path then path, from = line:match("^%S*setfiles reset (/.+) context (.-)%->%S+$") end
    if not path and line:match("relabel") then return nil end
    if path and (from == "(null)" or from == "<<none>>" or from == "<no context>" or from:find("unlabeled_t", 1, true)) then list[#list + 1] = path end
  end
  return list
end

-- PROGRAM: setfiles. What a package manager was given to do reaches everywhere.
function M.at_once(program)
  local policy = contexts()
  local list = policy and #requests.add_application == 0 and unlabelled(program, policy)
  if not list then return M.at_boot() end
  for first = 1, #list, AT_ONCE do
    guest.command(table.move(list, first, math.min(first + AT_ONCE - 1, #list), 3, { program, policy }))
  end
end

return M
