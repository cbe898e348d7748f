# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/suse.sh.
about="SLES 12 SP5 of VMware under UEFI on XFS without snapshots"
true_suse id=sles version=12.5 layout=xfs firmware=efi host=suse13
