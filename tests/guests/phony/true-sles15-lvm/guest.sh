# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/suse.sh; YaST's guided setup with LVM makes the group "system".
about="SLES 15 SP6 of VMware by YaST's guided setup with LVM: btrfs and swap on volumes of the group system"
true_suse id=sles version=15.6 layout=lvm firmware=bios host=suse03
