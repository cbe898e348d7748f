# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Debian 11 of Hyper-V by debian-installer under UEFI"
true_debian version=11 layout=plain firmware=efi host=deb11 hypervisor=hyperv
