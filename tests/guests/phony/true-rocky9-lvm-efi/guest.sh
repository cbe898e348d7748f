# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh.
about="Rocky Linux 9 of VMware under UEFI as its installer makes it by default (LVM, XFS)"
true_rhel id=rocky version=9.6 layout=lvm firmware=efi host=app09
