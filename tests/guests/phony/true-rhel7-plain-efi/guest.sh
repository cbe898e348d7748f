# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh; grub.cfg of RHEL 7 beside its loader, with linuxefi.
about="RHEL 7 of VMware on plain partitions under UEFI: grub.cfg and grubenv on the EFI system partition"
true_rhel id=rhel version=7.9 layout=plain firmware=efi host=db07
