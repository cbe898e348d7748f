# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh; entries of Oracle Linux 8 with el8uek.
about="Oracle Linux 8 of VMware under UEFI (LVM, XFS) with Oracle's kernel, which is the default, and the other"
true_rhel id=ol version=8.10 layout=lvm firmware=efi host=ora08 uek=yes
