-- SPDX-License-Identifier: GPL-2.0-or-later
-- Removes Parallels' tools. Their installer replaced libraries of the system, and only the tools' own program knows how to
-- restore these. So that program is run, with a time limit and without input; the files that it leaves are then removed by
-- name.
local text = require "lib.text"
local leftovers = require "tools.leftovers"
local bounded = require "tools.bounded"
local M = {}

local HOME = "/usr/lib/parallels-tools"
local STATE = "/var/lib/parallels-tools"
local LIMIT = 180 -- seconds; it takes a few, and what it cannot do under a strange kernel it may wait for

local FILES = {
  "/etc/modprobe.d/blacklist-parallels.conf", "/etc/modprobe.d/blacklist-parallels", "/etc/modprobe.d/prl_eth.conf",
  "/etc/dracut.conf.d/parallels-tools.conf", "/etc/init.d/prltoolsd", "/etc/init.d/prl-x11",
  "/etc/systemd/system/prltoolsd.service", "/etc/systemd/system/prl-x11.service",
  "/lib/systemd/system/prltoolsd.service", "/lib/systemd/system/prl-x11.service",
  "/usr/lib/systemd/system/prltoolsd.service", "/usr/lib/systemd/system/prl-x11.service",
  "/etc/udev/rules.d/69-xorg-prlmouse.rules", "/lib/udev/rules.d/69-xorg-prlmouse.rules", "/usr/lib/udev/rules.d/69-xorg-prlmouse.rules",
  "/etc/udev/rules.d/99-parallels-video.rules", "/etc/udev/rules.d/parallels-video.rules", "/etc/udev/rules.d/99prltoolsd-hibernate.rules",
  "/etc/pm/sleep.d/99prltoolsd-hibernate", "/etc/xdg/autostart/prlcc.desktop", "/etc/xdg/autostart/ptiagent.desktop",
  "/usr/share/autostart/prlcc.desktop", "/etc/X11/Xsession.d/99prltools", "/sbin/mount.prl_fs", "/usr/sbin/mount.prl_fs",
  "/usr/bin/prlcc", "/usr/bin/prlcp", "/usr/bin/prldnd", "/usr/bin/prlhosttime", "/usr/bin/prlsga", "/usr/bin/prlshprint", "/usr/bin/prlshprof",
  "/usr/bin/prltimesync", "/usr/bin/prltools", "/usr/bin/prltoolsd", "/usr/bin/prl_fsd", "/usr/bin/prl_nettool", "/usr/bin/prl_showvmcfg", "/usr/bin/prl_snapshot",
  "/usr/sbin/prl-xorgconf-fixer", "/usr/sbin/prl-opengl-switcher.sh",
}

-- Says whether the installer took its tools away itself. It writes its own log.
local function uninstall()
  local installer = HOME .. "/install"
  if not guest.is_file(installer, { followsymlinks = true }) then return false end
  if bounded.run({ installer, "-r" }, LIMIT) then return true end
  log.warn(installer .. " -r did not remove Parallels Tools: their files are removed anyway, but libraries of the X server that they "
    .. "had replaced are not put back; the guest's /var/log/parallels-tools-install.log says why, and what was replaced lies in " .. STATE)
  return false
end

function M.remove()
  local there = leftovers.there { HOME, STATE }
  if not there[HOME] then return end
  -- The installer removes its lists.
  local modules = text.lines(text.read(STATE .. "/.backup/.kmods.list") or text.read(HOME .. "/.backup/.kmods.list"))
  local done = uninstall()
  leftovers.files(modules)
  leftovers.files(FILES)
  leftovers.files(text.glob("/lib/modules/*/extra/prl_*.ko*"))
  for _, directory in ipairs(text.glob("/usr/src/parallels-tools-*")) do leftovers.directory(directory) end
  leftovers.directory(HOME)
  -- What was replaced lies here, for someone to put it back by hand.
  if done then leftovers.directory(STATE) end
  leftovers.empty_directories { "/media/psf", "/mnt/psf" }
end

return M
