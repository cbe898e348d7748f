# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh; partman-auto-lvm calls the group HOST-vg, whose dash device mapper doubles.
about="Debian 12 of VMware by debian-installer under UEFI with LVM: the group deb02-vg, /boot on ext2"
true_debian version=12 layout=lvm firmware=efi host=deb02
