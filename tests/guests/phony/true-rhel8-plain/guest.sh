# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh; kickstarts of packer templates (bento) for partitions without LVM.
about="Rocky Linux 8 of VMware on plain partitions (BIOS), swap by its UUID, ifcfg files"
true_rhel id=rocky version=8.10 layout=plain firmware=bios host=app03
