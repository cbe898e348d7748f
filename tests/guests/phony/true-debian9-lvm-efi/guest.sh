# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Debian 9 of VMware by debian-installer under UEFI with LVM: the group deb19-vg"
true_debian version=9 layout=lvm firmware=efi host=deb19
