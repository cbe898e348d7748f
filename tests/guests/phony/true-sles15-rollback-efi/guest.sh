# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/suse.sh; "System Rollback by Booting from Snapshots" of SUSE's administration guide.
about="SLES 15 SP6 of VMware under UEFI after a rollback: another snapshot is the default subvolume"
true_suse id=sles version=15.6 layout=btrfs firmware=efi host=suse02 default=12
