# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Ubuntu 24.04 server of Hyper-V by subiquity under UEFI without LVM"
true_debian version=24.04 layout=direct firmware=efi host=ubu02 hypervisor=hyperv
