# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Ubuntu 16.04 server of VMware by debian-installer (BIOS): LVM in the group ubu16-vg, interfaces with ens160"
true_debian version=16.04 layout=lvm firmware=bios host=ubu16
