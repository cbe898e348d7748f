# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/suse.sh; /boot of Tumbleweed in public reports, whose kernels are links into /usr/lib/modules.
about="openSUSE Tumbleweed of VMware under UEFI: kernels that are links, NetworkManager, btrfs with snapshots"
true_suse id=opensuse-tumbleweed version=20250115 layout=btrfs firmware=efi host=tw01
