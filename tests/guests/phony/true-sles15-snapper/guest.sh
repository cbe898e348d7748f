# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/suse.sh; fstab and mountinfo of SLES 15 in public reports (/@/.snapshots/1/snapshot is root).
about="SLES 15 SP6 of VMware as YaST installs it (GPT, BIOS): btrfs with subvolumes, snapshots of zypper, wicked"
true_suse id=sles version=15.6 layout=btrfs firmware=bios host=suse01
