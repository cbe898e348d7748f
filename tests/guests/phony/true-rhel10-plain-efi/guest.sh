# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh; kickstarts of Rocky's and AlmaLinux's images.
about="AlmaLinux 10 of VMware on plain partitions under UEFI"
true_rhel id=almalinux version=10.0 layout=plain firmware=efi host=web11
