# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh; Fedora Server's default: LVM and XFS.
about="Fedora Server 42 of VirtualBox as its installer makes it by default (GPT, BIOS, LVM, XFS)"
true_rhel id=fedora version=42 layout=lvm firmware=bios host=fed02 hypervisor=virtualbox
