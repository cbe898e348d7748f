-- SPDX-License-Identifier: GPL-2.0-or-later
local fake = require "fake"
local console = require "console.console"

local LIST = { { old = "hvc0", new = "ttyS0" }, { old = "xvc0", new = "ttyS0" } }

return {
  { "command lines: once, and the last of them stays", function()
    local guest = fake.setup { ["/etc/default/grub"] = 'A="console=hvc0 console=ttyS0"\nB="console=ttyS0 quiet console=hvc0"\n'
      .. 'C="console=tty0 console=xvc0,9600 ro"\n#console=hvc0\nD="xconsole=hvc0 console=hvc01"\n' }
    fake.converges(guest, function() console.boot_defaults(LIST) end)
    fake.equal(guest.files["/etc/default/grub"], 'A="console=ttyS0"\nB="quiet console=ttyS0"\nC="console=tty0 console=ttyS0,9600 ro"\n#console=hvc0\n'
      .. 'D="xconsole=hvc0 console=hvc01"\n')
  end },
  { "boot files", function()
    local guest = fake.setup { ["/boot/grub/grub.conf"] = "kernel /vmlinuz ro console=hvc0 quiet\n#console=hvc0\n" }
    fake.converges(guest, function() console.boot_files(LIST) end)
    fake.equal(guest.files["/boot/grub/grub.conf"], "kernel /vmlinuz ro console=ttyS0 quiet\n#console=hvc0\n")
  end },
  { "inittab: one login, with an id that fits", function()
    local guest = fake.setup { ["/etc/inittab"] = "id:3:initdefault:\nxvc0:2345:respawn:/sbin/agetty xvc0 9600\nco:2345:respawn:/sbin/agetty hvc0 9600\n#x:2:respawn:/sbin/agetty hvc0\n" }
    fake.converges(guest, function() console.inittab(LIST) end)
    fake.equal(guest.files["/etc/inittab"], "id:3:initdefault:\nS0:2345:respawn:/sbin/agetty ttyS0 9600\n#x:2:respawn:/sbin/agetty hvc0\n")
  end },
  { "inittab: busybox knows a login by its terminal", function()
    local guest = fake.setup { ["/etc/inittab"] = "::sysinit:/sbin/openrc sysinit\nhvc0::respawn:/sbin/getty -L hvc0 115200 vt100\n" }
    fake.converges(guest, function() console.inittab(LIST) end)
    fake.equal(guest.files["/etc/inittab"], "::sysinit:/sbin/openrc sysinit\nttyS0::respawn:/sbin/getty -L ttyS0 115200 vt100\n")
  end },
  { "inittab: a login that is there already", function()
    local guest = fake.setup { ["/etc/inittab"] = "S0:2345:respawn:/sbin/agetty ttyS0 9600\nco:2345:respawn:/sbin/agetty hvc0 9600\n" }
    fake.converges(guest, function() console.inittab(LIST) end)
    fake.equal(guest.files["/etc/inittab"], "S0:2345:respawn:/sbin/agetty ttyS0 9600\n")
  end },
  { "securetty", function()
    local guest = fake.setup { ["/etc/securetty"] = "tty1\nxvc0\nhvc0\n" }
    fake.converges(guest, function() console.securetty(LIST) end)
    fake.equal(guest.files["/etc/securetty"], "tty1\nttyS0\n")
  end },
  { "units of systemd", function()
    local wants = "/etc/systemd/system/getty.target.wants/"
    local guest = fake.setup { [wants .. "serial-getty@hvc0.service"] = { link = "/lib/systemd/system/serial-getty@.service" } }
    fake.converges(guest, function() console.systemd(LIST) end)
    fake.equal(guest.files[wants .. "serial-getty@hvc0.service"], nil)
    fake.equal(guest.files[wants .. "serial-getty@ttyS0.service"].link, "/lib/systemd/system/serial-getty@.service")
  end },
  { "jobs of upstart", function()
    local guest = fake.setup { ["/etc/init/hvc0.conf"] = "# hvc0\nrespawn\nexec /sbin/agetty hvc0 115200\n" }
    fake.converges(guest, function() console.upstart(LIST) end)
    fake.equal(guest.files["/etc/init/hvc0.conf"], "# hvc0\nrespawn\nexec /sbin/agetty ttyS0 115200\n")
  end },
}
