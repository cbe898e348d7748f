# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel-old.sh.
about="RHEL 6 of VMware on plain partitions under UEFI: GRUB legacy on the EFI system partition"
true_rhel_old id=rhel version=6.10 layout=plain firmware=efi host=db06
