# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh; Oracle's kernel-uek, which DEFAULTKERNEL names.
about="Oracle Linux 7 of VMware (BIOS, LVM, XFS) with Oracle's kernel, which is the default, and the other"
true_rhel id=ol version=7.9 layout=lvm firmware=bios host=ora07 uek=yes
