# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/suse.sh; the subvolumes of SLES 12 in public mount lists (var/lib/pgsql and others of their own).
about="SLES 12 SP5 of VMware as YaST installs it (BIOS, old partition table): btrfs with many subvolumes, snapshots"
true_suse id=sles version=12.5 layout=btrfs firmware=bios host=suse12
