# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Debian 10 of VMware by debian-installer (BIOS): LVM on a logical partition, /boot on ext2"
true_debian version=10 layout=lvm firmware=bios host=deb10
