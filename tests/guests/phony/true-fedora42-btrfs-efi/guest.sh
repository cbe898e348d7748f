# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh; Fedora's kickstarts and default layout (subvolumes root and home), zram instead of swap.
about="Fedora 42 of VMware under UEFI: btrfs with the subvolumes root and home, package database below /usr/lib/sysimage"
true_rhel id=fedora version=42 layout=btrfs firmware=efi host=fed01
