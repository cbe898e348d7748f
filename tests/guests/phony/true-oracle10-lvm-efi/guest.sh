# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh; UEK 8 of Oracle Linux 10.
about="Oracle Linux 10 of VMware under UEFI (LVM, XFS) with Oracle's kernel, which is the default, and the other"
true_rhel id=ol version=10.0 layout=lvm firmware=efi host=ora10 uek=yes
