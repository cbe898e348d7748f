# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/suse.sh.
about="openSUSE Leap 15.6 of VMware on XFS without snapshots (GPT, BIOS)"
true_suse id=opensuse-leap version=15.6 layout=xfs firmware=bios host=leap02
