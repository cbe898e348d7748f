-- SPDX-License-Identifier: GPL-2.0-or-later
-- What a [Match] section of systemd has beside a hardware address, so that it fits the card alone: a VLAN, bridge, bond or
-- macvlan on the card has the card's address, and is to keep its own name.
local M = {}

-- Only a device on a bus has a path. Type=ether is no good for this: before systemd 245 it fits no card, since it compared
-- DEVTYPE, which an Ethernet card does not have; and it fits a macvlan and a team. PermanentMACAddress= came with 245, Kind= later.
M.CARD = "Path=?*"

return M
