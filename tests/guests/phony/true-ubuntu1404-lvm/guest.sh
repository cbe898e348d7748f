# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Ubuntu 14.04 server of VMware by debian-installer with LVM: the group ubu34-vg"
true_debian version=14.04 layout=lvm firmware=bios host=ubu34
