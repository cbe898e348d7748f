-- SPDX-License-Identifier: GPL-2.0-or-later
local fake = require "fake"
local probe = require "probe.clocks"
local clocks = require "tools.clocks"

local function sources(files)
  fake.setup(files)
  local list = {}
  for _, record in ipairs(probe.clocks()) do list[#list + 1] = (record.machine and "device " or "server ") .. record.name end
  return table.concat(list, ", ")
end

return {
  { "the sources of chrony, in all files that it reads", function()
    fake.equal(sources {
      ["/etc/chrony/chrony.conf"] = "# pool no\npool 2.debian.pool.ntp.org iburst\nRefClock PHC /dev/ptp_hyperv poll 3\nconfdir /etc/my /etc/chrony/conf.d\nsourcedir /run/chrony-dhcp\n",
      ["/etc/chrony/conf.d/a.conf"] = "refclock PPS /dev/pps0 lock NMEA\nrefclock SHM 0\nserver 2.debian.pool.ntp.org\n",
      ["/etc/chrony/sources.d/b.sources"] = "server ntp.example.org\n", ["/etc/my/c.conf"] = "include /etc/d\n", ["/etc/d"] = "peer 192.0.2.1\n",
      ["/run/chrony-dhcp/x.sources"] = "server 192.0.2.2\n",
    }, "server 2.debian.pool.ntp.org, device /dev/ptp_hyperv, server 192.0.2.1, device /dev/pps0, server ntp.example.org")
  end },
  { "files without chrony are none of its own", function()
    fake.equal(sources { ["/etc/chrony.d/a.conf"] = "server a\n" }, "")
  end },
  { "the line of a clock becomes a comment, in any file", function()
    local guest = fake.setup { ["/etc/chrony.conf"] = "server a\nrefclock PHC /dev/ptp_hyperv poll 3 dpoll -2\nrefclock PHC /dev/ptp_kvm\nserver /dev/ptp_hyperv\n",
      ["/etc/chrony.d/x.conf"] = "  refclock PHC /dev/ptp0:extpps:pin=1\n" }
    fake.converges(guest, function() clocks.chrony { { device = "/dev/ptp_hyperv" }, { device = "/dev/ptp0" } } end)
    fake.equal(guest.files["/etc/chrony.conf"], "server a\n#refclock PHC /dev/ptp_hyperv poll 3 dpoll -2\nrefclock PHC /dev/ptp_kvm\nserver /dev/ptp_hyperv\n")
    fake.equal(guest.files["/etc/chrony.d/x.conf"], "#  refclock PHC /dev/ptp0:extpps:pin=1\n")
  end },
}
