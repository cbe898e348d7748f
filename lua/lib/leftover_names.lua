-- SPDX-License-Identifier: GPL-2.0-or-later
-- Searches all text files below /etc for names of disks and other words. One call searches all of them, since there may be
-- thousands.
local text = require "lib.text"
local forms = require "lib.disk_forms"
local M = {}

-- Directories that hold nothing that a system is configured with: policies, certificates, what editors and package tools keep.
local WITHOUT = { "selinux", "ssl/certs", "ssl/private", "pki", "ca-certificates", "alternatives", "lvm/backup", "lvm/archive", "lvm/cache", ".git",
  ".etckeeper", "apparmor.d", "fonts", "vmware-tools", "xen/scripts" }

-- What is read by nobody, or written anew at each start.
local COPIES = { "~$", "%.bak$", "%.orig$", "%.old$", "%.save$", "%.sav$", "%.swp$", "%.dpkg%-%w+$", "%.ucf%-%w+$", "%.rpm%l+$", "%.pac%l+$", "%.apk%-new$",
  "%.augsave$", "%.augnew$", "%-$", "^mtab$", "blkid%.tab", "^adjtime$", "%._cfg%d+_" }

function M.is_copy(path)
  for _, pattern in ipairs(COPIES) do
    if path:match(pattern) then return true end
  end
  return false
end

function M.is_comment(line)
  return line:match("^%s*[#;]") ~= nil or line:match("^%s*//") ~= nil or line:match("^%s*<!%-%-") ~= nil or line == ""
end

-- The words by which a name of a disk is found, in whichever form it stands: the last part of its path.
function M.words(by_old)
  local set = {}
  for old in pairs(by_old) do
    set[old:match("([^/]+)$")] = true
    -- Systemd writes some characters as numbers.
    local unit = forms.escape(old)
    if unit:find("\\", 1, true) then set[unit] = true end
  end
  return text.sorted(set)
end

-- What is below /etc with one of WORDS in it: { files = { [path] = { { number, line } ... } }, paths = sorted list of these,
-- named = list of { path =, type =, text = } whose names hold one, cut = true if there was more }. Paths are relative to /etc.
-- Comments are left out, and files that are copies of others.
function M.search(words)
  local found = { files = {}, paths = {}, named = {} }
  local hits = #words > 0 and guest.search("/etc", words, WITHOUT) or {}
  found.cut = hits.cut == true
  for _, hit in ipairs(hits) do
    if hit.type and not M.is_copy(hit.path) then
      found.named[#found.named + 1] = hit
    elseif not hit.type and not M.is_copy(hit.path) and not M.is_comment(hit.text) then
      if not found.files[hit.path] then
        found.files[hit.path] = {}
        found.paths[#found.paths + 1] = hit.path
      end
      table.insert(found.files[hit.path], hit)
    end
  end
  table.sort(found.paths)
  table.sort(found.named, function(a, b) return a.path < b.path end)
  return found
end

-- Of the names of disks in facts, { [old] = new } of those that change and that no other disk will have.
function M.gone()
  local stays, by_old = {}, {}
  for _, name in ipairs(facts.disk_name) do stays[name.new] = true end
  for _, name in ipairs(facts.disk_name) do
    if name.old ~= name.new and not stays[name.old] then by_old[name.old] = name.new end
  end
  return by_old
end

return M
