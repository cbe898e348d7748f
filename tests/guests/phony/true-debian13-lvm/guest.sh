# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Debian 13 of VMware by debian-installer (BIOS): LVM, /boot on ext4, modules compressed by xz"
true_debian version=13 layout=lvm firmware=bios host=deb13
