# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh; 70-persistent-net.rules as udev's generator writes it.
about="Ubuntu 14.04 server of VMware by debian-installer: upstart, eth0 by a rule of udev, swap on a logical partition"
true_debian version=14.04 layout=plain firmware=bios host=ubu14
