-- SPDX-License-Identifier: GPL-2.0-or-later
-- Package managers other than rpm and dpkg: what they are asked, and what they leave.
local fake = require "fake"
local apk = require "packages.apk"
local pacman = require "packages.pacman"
local portage = require "packages.portage"
local xbps = require "packages.xbps"

local TOOLS = { { name = "open-vm-tools" }, { name = "gone" } }

-- A guest whose packages go when a command that begins with LINE is run; FILES are theirs.
local function going(files, line, path, content)
  local guest_state = fake.setup(files)
  local command = guest.command
  guest.command = function(argv)
    local result = command(argv)
    if table.concat(argv, " "):sub(1, #line) == line then files[path] = content end
    return result
  end
  return guest_state
end

return {
  { "pacman removes what is there", function()
    local guest = going({ ["/var/lib/pacman/local/open-vm-tools-6:12.3.0-1/desc"] = "", ["/var/lib/pacman/local/open-vm-tools-extra-1-1/desc"] = "" },
      "pacman -R --noconfirm open-vm-tools", "/var/lib/pacman/local/open-vm-tools-6:12.3.0-1/desc", nil)
    fake.converges(guest, function() pacman.remove(TOOLS) end)
    fake.equal(table.concat(guest.commands, ";"), "pacman -R --noconfirm open-vm-tools")
  end },
  { "pacman: one that others need stays, the other goes", function()
    local guest = fake.setup { ["/var/lib/pacman/local/a-1-1/desc"] = "", ["/var/lib/pacman/local/b-1-1/desc"] = "" }
    guest.failing["pacman -R --noconfirm a"] = ":: removing a breaks dependency 'a' required by other\n"
    pacman.remove { { name = "a" }, { name = "b" } }
    fake.equal(table.concat(guest.commands, ";"), "pacman -R --noconfirm a b;pacman -R --noconfirm a;pacman -R --noconfirm b")
    fake.equal(#guest.warnings .. guest.warnings[1]:match("not removed: .-;"), "1not removed: a, which is needed by other;")
  end },
  { "pacman installs a file, and takes it away again", function()
    local guest = fake.setup({}, { ["with"] = { { file = "/h/x.pkg.tar.zst", package = "x", version = "1-1" } } })
    pacman.add { { name = "x", file = "/h/x.pkg.tar.zst" } }
    fake.equal(table.concat(guest.commands, ";"), "pacman -U --noconfirm /var/tmp/v2v-engine-packages/1-x.pkg.tar.zst")
  end },
  { "XBPS removes what is there", function()
    local PATH, HEAD = "/var/db/xbps/pkgdb-0.38.plist", "<key>pkgver</key>\n<string>"
    local guest = going({ [PATH] = HEAD .. "open-vm-tools-12.3.0_1</string>" }, "xbps-remove -y open-vm-tools", PATH, "")
    fake.converges(guest, function() xbps.remove(TOOLS) end)
    fake.equal(table.concat(guest.commands, ";"), "xbps-remove -y open-vm-tools")
  end },
  { "XBPS: one that others need", function()
    local guest = fake.setup { ["/var/db/xbps/pkgdb-0.38.plist"] = "<key>pkgver</key><string>open-vm-tools-12.3.0_1</string>" }
    guest.failing["xbps-remove"] = "open-vm-tools-12.3.0_1 in transaction breaks installed pkg `other-2_1'\n"
    xbps.remove(TOOLS)
    fake.equal(guest.warnings[1]:match("not removed: .-;"), "not removed: open-vm-tools, which is needed by other-2_1;")
  end },
  { "Portage removes what is there", function()
    local PATH = "/var/db/pkg/app-emulation/open-vm-tools-12.3.0-r1/CONTENTS"
    local guest = going({ [PATH] = "" }, "emerge --unmerge --quiet open-vm-tools", PATH, nil)
    fake.converges(guest, function() portage.remove(TOOLS) end)
    fake.equal(table.concat(guest.commands, ";"), "emerge --unmerge --quiet open-vm-tools")
  end },
  { "apk removes what is there and was asked for", function()
    local PATH = "/lib/apk/db/installed"
    local guest = going({ [PATH] = "P:open-vm-tools\nV:1\n\nP:musl\n", ["/etc/apk/world"] = "alpine-base\nopen-vm-tools@edge\n" },
      "apk del --no-network open-vm-tools", PATH, "P:musl\n")
    fake.converges(guest, function() apk.remove(TOOLS) end)
    fake.equal(#guest.warnings, 0)
  end },
  { "apk: what others need is not asked for, and told", function()
    local guest = fake.setup { ["/lib/apk/db/installed"] = "P:open-vm-tools\nV:1\n", ["/etc/apk/world"] = "other\n" }
    apk.remove(TOOLS)
    fake.equal(guest.changes, 0)
    fake.equal(guest.warnings[1]:match("not removed: .-;"), "not removed: open-vm-tools, which others need;")
  end },
  { "apk installs a file without a network", function()
    local guest = fake.setup({}, { ["with"] = { { file = "/h/x.apk", package = "x", version = "1-r0" } } })
    apk.add { { name = "x", file = "/h/x.apk" } }
    fake.equal(table.concat(guest.commands, ";"), "apk add --no-network --allow-untrusted /var/tmp/v2v-engine-packages/1-x.apk")
  end },
}
