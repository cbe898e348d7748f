-- SPDX-License-Identifier: GPL-2.0-or-later
-- make-initrd, as ALT uses it: its configuration is a makefile.
local text = require "lib.text"
local drivers = require "lib.drivers"
local held = require "initramfs.held"
local M = {}

local CONFIG = "/etc/initrd.mk"

-- HEAD and WORDS of a line that lists modules to put into the image or to load.
local function list_of(line)
  return line:match("^(%s*MODULES_[%u_]*ADD%s*[+:?]?=)(.*)$")
end

local function lists(line)
  local head, words = list_of(line)
  if not head then head, words = line:match("^(%s*MODULES_PRELOAD%s*[+:?]?=)(.*)$") end
  return head, words
end

function M.enable(list)
  local content = text.read(CONFIG) or ""
  local there = {}
  for _, line in ipairs(text.lines(content)) do
    local _, words = list_of(line)
    for word in (words or ""):gmatch("[%w_-]+") do there[drivers.name(word)] = true end
  end
  local missing = drivers.missing(list, there)
  if #missing == 0 then return end
  text.write(CONFIG, text.append(content, { "MODULES_ADD += " .. table.concat(missing, " ") }))
end

function M.disable(list)
  local gone = drivers.set(list)
  text.edit(CONFIG, function(line)
    local head, words = lists(line)
    if not head then return nil end
    local all = {}
    for word in words:gmatch("%S+") do all[#all + 1] = word end
    local kept = drivers.without(all, gone)
    if not kept then return nil end
    if #kept == 0 and head:find("+=", 1, true) then return false end
    return head .. " " .. table.concat(kept, " ")
  end)
end

-- Makes the initramfs anew, unless it holds every driver already and nothing outdated.
function M.rebuild(version)
  if held.suffices(held.initrd(version, "/boot/initrd-%s.img"), version, held.wanted(version)) then return end
  guest.command { "make-initrd", "-k", version }
end

return M
