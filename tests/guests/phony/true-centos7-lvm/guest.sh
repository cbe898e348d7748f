# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh; grub.cfg with linux16 of public reports, and the rescue entry of dracut-config-rescue.
about="CentOS 7 of VMware as its installer makes it by default (BIOS, LVM, XFS): linux16, ifcfg files, rescue kernel"
true_rhel id=centos version=7.9 layout=lvm firmware=bios host=web07
