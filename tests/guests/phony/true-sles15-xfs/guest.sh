# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/suse.sh.
about="SLES 15 SP6 of Hyper-V on XFS without snapshots (UEFI)"
true_suse id=sles version=15.6 layout=xfs firmware=efi host=suse04 hypervisor=hyperv
