# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/suse.sh.
about="openSUSE Leap 15.6 of VMware under UEFI: btrfs with subvolumes and snapshots"
true_suse id=opensuse-leap version=15.6 layout=btrfs firmware=efi host=leap01
