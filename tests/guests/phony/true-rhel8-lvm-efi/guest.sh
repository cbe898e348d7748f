# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh; the tree of /boot of a RHEL 8.10 under UEFI in public notes, where grubenv is a link to the
# EFI system partition; entries with "options $kernelopts" of grubby's and grub2's own tests.
about="RHEL 8 of VMware under UEFI (LVM, XFS): grub.cfg and grubenv beside the loader, kernelopts, rescue kernel"
true_rhel id=rhel version=8.10 layout=lvm firmware=efi host=db02
