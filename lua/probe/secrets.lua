-- SPDX-License-Identifier: GPL-2.0-or-later
-- Finds keys of encrypted disks that are in the old machine and are not copied with its disks: in its TPM, or in a token
-- that is plugged in.
local text = require "lib.text"
local bootfiles = require "lib.bootfiles"
local M = {}

-- What options of crypttab and of rd.luks.options say.
local OPTIONS = { { "tpm2-device=", "tpm" }, { "fido2-device=", "token" }, { "pkcs11-uri=", "token" } }

local ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

-- Base64 for URLs, without padding.
local function decode(coded)
  local bits, value, out = 0, 0, {}
  for char in coded:gmatch(".") do
    local digit = ALPHABET:find(char, 1, true)
    if not digit then break end
    value, bits = (value << 6 | digit - 1) & 0xffffff, bits + 6
    if bits >= 8 then
      bits = bits - 8
      out[#out + 1] = string.char(value >> bits & 0xff)
    end
  end
  return table.concat(out)
end

-- Does what clevis noted name the TPM, be it one of several shares?
local function names_tpm(note, depth)
  if note:find('"pin":%s*"tpm2"') then return true end
  if depth == 0 then return false end
  for coded in note:gmatch("%f[%w_-]eyJ[%w_-]+") do
    if names_tpm(decode(coded), depth - 1) then return true end
  end
  return false
end

-- What tokens in the header of LUKS 2 on DEVICE say of keys: they are in JSON, behind 4 KiB of binary data.
local function has_tpm_token(device)
  local ok, head = pcall(guest.pread_device, device, 4096, 0)
  if not ok or head:sub(1, 6) ~= "LUKS\xba\xbe" or head:byte(8) ~= 2 then return false end
  local size = math.min(string.unpack(">I8", head, 9), 1024 * 1024)
  if size <= 4096 then return false end
  local read, json = pcall(guest.pread_device, device, size - 4096, 4096)
  if not read then return false end
  json = json:match("^[^\0]*")
  return json:find('"type":%s*"systemd%-tpm2"') ~= nil or (json:find('"type":%s*"clevis"') ~= nil and names_tpm(json, 3))
end

-- What FOUND, a search below /etc for WORDS, and the boot loader's files tell.
M.WORDS = { "tpm2-device=", "fido2-device=", "pkcs11-uri=", "CredentialEncrypted=" }

function M.secrets(found)
  local where = {}
  local function add(kind, place)
    where[kind] = where[kind] or {}
    where[kind][place] = true
  end
  local function look(line, place)
    for _, option in ipairs(OPTIONS) do
      if line:find("%f[%w]" .. option[1]:gsub("%-", "%%-")) then add(option[2], place) end
    end
  end
  for _, path in ipairs(found.paths) do
    for _, hit in ipairs(found.files[path]) do
      look(hit.text, "/etc/" .. path)
      if path:match("^systemd/") and hit.text:find("CredentialEncrypted=", 1, true) then add("credentials", "/etc/" .. path) end
    end
  end
  for _, path in ipairs(bootfiles.list()) do bootfiles.each(path, function(line) look(line, path) end) end
  -- Clevis and systemd find their own tokens without being told.
  local listed = false
  for _, line in ipairs(text.lines(text.read("/etc/crypttab"))) do listed = listed or line:match("^%s*[^#%s]") ~= nil end
  -- Listing takes seconds.
  if listed then
    local ok, filesystems = pcall(guest.list_filesystems)
    for device, kind in pairs(ok and filesystems or {}) do
      if kind == "crypto_LUKS" and has_tpm_token(device) then add("tpm", "the header of an encrypted disk") end
    end
  end
  local records = {}
  for _, kind in ipairs(text.sorted(where)) do
    records[#records + 1] = { kind = kind, where = table.concat(text.sorted(where[kind]), ", ") }
  end
  return records
end

return M
