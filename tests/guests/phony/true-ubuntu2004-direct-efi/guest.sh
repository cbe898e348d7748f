# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh; 20.04's initramfs is LZ4.
about="Ubuntu 20.04 server of VMware by subiquity under UEFI: an initramfs in LZ4, 00-installer-config.yaml, snaps"
true_debian version=20.04 layout=direct firmware=efi host=ubu20
