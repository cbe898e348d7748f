-- SPDX-License-Identifier: GPL-2.0-or-later
local fake = require "fake"
local remaining = require "probe.remaining"

-- The header of LUKS 2 with TOKEN in its JSON.
local function header(token)
  local json = '{"keyslots":{},"tokens":{"0":' .. token .. "}}"
  return "LUKS\xba\xbe\0\2" .. (">I8"):pack(16384) .. ("\0"):rep(4096 - 16) .. json .. ("\0"):rep(12288 - #json)
end

-- "kind: where" of each secret of a guest with these files; DEVICE is what begins an encrypted disk, TYPE what that is.
local function found(files, device, type)
  files["/dev/sda2"] = device
  fake.setup(files)
  guest.list_filesystems = function() return { ["/dev/sda2"] = type or "crypto_LUKS", ["/dev/sda1"] = "ext4" } end
  local list = {}
  for _, record in ipairs(remaining.look().machine_secret) do list[#list + 1] = record.kind .. ": " .. record.where end
  return table.concat(list, "; ")
end

local function clevis(note) return '{"type":"clevis","keyslots":["1"],"jwe":{"ciphertext":"x","protected":"' .. note .. '"}}' end
local TPM = "eyJhbGciOiJkaXIiLCJjbGV2aXMiOnsicGluIjoidHBtMiIsInRwbTIiOnsiaGFzaCI6InNoYTI1NiJ9fX0"
local TANG = "eyJhbGciOiJkaXIiLCJjbGV2aXMiOnsicGluIjoidGFuZyIsInRhbmciOnt9fX0"
local SHARES = "eyJhbGciOiJkaXIiLCJjbGV2aXMiOnsicGluIjoic3NzIiwic3NzIjp7Imp3ZSI6WyJleUpoYkdjaU9pSmthWElpTENKamJHVjJhWE1pT25zaWNHbHVJam9pZEhCdE1pSXNJblJ3YlRJaU9uc2lhR0Z6YUNJNkluTm9ZVEkxTmlKOWZYMC5hLmIuYyJdLCJ0IjoxfX19" -- of which one is in the TPM

local HEADER = "tpm: the header of an encrypted disk"

return {
  { "options of crypttab and of the kernel's command line", function()
    fake.equal(found({ ["/etc/crypttab"] = "# tpm2-device=auto\na UUID=1 none luks,tpm2-device=auto\nb UUID=2 - fido2-device=auto\n",
      ["/etc/default/grub"] = 'GRUB_CMDLINE_LINUX="rd.luks.options=tpm2-device=auto"\n', ["/boot/grub/grub.cfg"] = "linux /v rd.luks.options=1=tpm2-device=auto\n" }, ""),
      "token: /etc/crypttab; tpm: /boot/grub/grub.cfg, /etc/crypttab, /etc/default/grub")
  end },
  { "tokens in the header of a disk", function()
    local crypttab = { ["/etc/crypttab"] = "a UUID=1 none luks\n" }
    fake.equal(found(crypttab, header '{"type":"systemd-tpm2","keyslots":["1"]}'), HEADER)
    fake.equal(found(crypttab, header(clevis(TPM))), HEADER)
    fake.equal(found(crypttab, header(clevis(SHARES))), HEADER)
    fake.equal(found(crypttab, header(clevis(TANG))), "")
    fake.equal(found(crypttab, header '{"type":"systemd-recovery"}'), "")
    fake.equal(found(crypttab, header '{"type":"systemd-tpm2"}', "ext4"), "")
    fake.equal(found({}, header '{"type":"systemd-tpm2"}'), "")
    fake.equal(found({ ["/etc/crypttab"] = "# <target name> <source device>\n" }, header '{"type":"systemd-tpm2"}'), "")
  end },
  { "a header that is none", function()
    for _, device in ipairs { "", "LUKS\xba\xbe\0\1" .. ("x"):rep(5000), "LUKS\xba\xbe\0\2" .. ("\xff"):rep(4088) .. '"type":"clevis"', "LUKS\xba\xbe\0\2" .. ("\0"):rep(4088) } do
      fake.equal(found({ ["/etc/crypttab"] = "a UUID=1\n" }, device), "")
    end
  end },
  { "encrypted credentials of services", function()
    fake.equal(found({ ["/etc/systemd/system/a.service"] = "[Service]\nLoadCredentialEncrypted=key:/etc/key\n" }, ""), "credentials: /etc/systemd/system/a.service")
  end },
}
