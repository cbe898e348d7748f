-- SPDX-License-Identifier: GPL-2.0-or-later
-- Removes VirtualBox's guest additions that their installer (VBoxLinuxAdditions.run) installed: the files on its list, links
-- to its directory, and what its start scripts make. Its uninstaller is not run: it would look for the modules of the
-- running kernel, which is the appliance's.
local text = require "lib.text"
local leftovers = require "tools.leftovers"
local M = {}

local STATE = "/var/lib/VBoxGuestAdditions"

-- Where it may have put links to its own files.
local DIRECTORIES = {
  "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64", "/usr/share", "/etc/init.d", "/etc/rc.d/init.d", "/etc/X11/Xsession.d",
  "/etc/X11/xinit/xinitrc.d", "/etc/xdg/autostart", "/usr/share/autostart", "/usr/share/xserver-xorg/pci", "/lib/systemd/system",
  "/usr/lib/systemd/system", "/etc/kernel/postinst.d", "/etc/kernel/prerm.d", "/etc/udev/rules.d",
  "/usr/lib/xorg/modules/drivers", "/usr/lib/xorg/modules/input", "/usr/lib64/xorg/modules/drivers", "/usr/lib64/xorg/modules/input",
  "/usr/lib/dri", "/usr/lib64/dri", "/usr/lib/x86_64-linux-gnu/dri", "/usr/lib/x86_64-linux-gnu/VBoxGuestAdditions",
}

-- Files that its scripts write; the names are its own.
local FILES = {
  "/etc/udev/rules.d/60-vboxadd.rules", "/etc/udev/rules.d/60-vboxguest.rules", "/etc/depmod.d/vboxvideo-upstream.conf",
  "/etc/kernel/postinst.d/vboxadd", "/etc/kernel/prerm.d/vboxadd", "/etc/init.d/vboxadd", "/etc/init.d/vboxadd-service", "/etc/init.d/vboxadd-x11",
  "/etc/rc.d/init.d/vboxadd", "/etc/rc.d/init.d/vboxadd-service", "/etc/rc.d/init.d/vboxadd-x11",
  "/etc/systemd/system/vboxadd.service", "/etc/systemd/system/vboxadd-service.service", "/etc/systemd/system/vboxadd-x11.service",
  "/lib/systemd/system/vboxadd.service", "/lib/systemd/system/vboxadd-service.service", "/lib/systemd/system/vboxadd-x11.service",
  "/etc/X11/Xsession.d/98vboxadd-xclient", "/etc/X11/xinit/xinitrc.d/98vboxadd-xclient", "/etc/X11/xinit/xinitrc.d/98vboxadd-xclient.sh",
  "/etc/xdg/autostart/vboxclient.desktop", "/usr/share/autostart/vboxclient.desktop", "/etc/ld.so.conf.d/vboxvideo.conf",
  "/usr/bin/VBoxClient", "/usr/bin/VBoxClient-all", "/usr/bin/VBoxControl", "/usr/bin/VBoxDRMClient", "/usr/bin/VBoxAudioTest",
  "/usr/sbin/VBoxService", "/usr/sbin/vbox-uninstall-guest-additions", "/sbin/mount.vboxsf", "/usr/sbin/mount.vboxsf",
  STATE .. "/config", STATE .. "/filelist",
}

-- Where the additions are: a directory of their own name, nothing else. More than one, if an update went wrong.
local function installed()
  local directories = text.glob("/opt/VBoxGuestAdditions-*")
  local config = text.read(STATE .. "/config")
  local directory = config and text.assignments(config).INSTALL_DIR
  if directory and text.basename(directory):match("^VBoxGuestAdditions") and not directory:find("/..", 1, true) then
    directories[#directories + 1] = (directory:gsub("/+$", ""))
  end
  return text.sorted(text.set(directories))
end

function M.remove()
  local directories = installed()
  local files, inner = {}, {}
  for _, line in ipairs(text.lines(text.read(STATE .. "/filelist"))) do
    if line:sub(-1) == "/" then inner[#inner + 1] = line:gsub("/+$", "") else files[#files + 1] = line end
  end
  for _, directory in ipairs(directories) do
    leftovers.links_to(directory, DIRECTORIES)
    leftovers.directory(directory)
  end
  leftovers.files(files)
  leftovers.empty_directories(inner)
  leftovers.files(FILES)
  leftovers.directory("/usr/share/VBoxGuestAdditions")
  leftovers.empty_directories { STATE, "/usr/lib/VBoxGuestAdditions", "/usr/lib64/VBoxGuestAdditions" }
  -- Modules that it built, and what they were built from.
  for _, pattern in ipairs { "/lib/modules/*/misc/vbox*.ko*", "/lib/modules/*/updates/vbox*.ko*" } do leftovers.files(text.glob(pattern)) end
  for _, name in ipairs { "vboxguest", "vboxsf", "vboxvideo" } do
    for _, directory in ipairs(text.glob("/usr/src/" .. name .. "-*")) do
      if text.basename(directory):match("^%a+%-%d[%w._]*$") then leftovers.directory(directory) end
    end
  end
end

return M
