-- SPDX-License-Identifier: GPL-2.0-or-later
-- The condition that a [Match] section of systemd needs beside a hardware address to match only the card: a VLAN, bridge, bond or macvlan on the card has the same address, and has to keep its own name.
local M = {}

-- Only a device on a bus has a path. Type=ether is no good for this: before systemd 245 it fits no card, since it compared
-- DEVTYPE, which an Ethernet card does not have; and it fits a macvlan and a team. PermanentMACAddress= came with 245, Kind= later.
M.CARD = "Path=?*"

return M
