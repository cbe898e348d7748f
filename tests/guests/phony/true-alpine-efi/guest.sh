# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/small.sh.
about="Alpine 3.20 of VMware by setup-alpine under UEFI: GRUB, the EFI system partition at /boot/efi"
true_alpine firmware=efi host=alp02
