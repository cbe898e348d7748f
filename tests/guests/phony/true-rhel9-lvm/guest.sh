# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh; the listing of /boot/loader/entries of a RHEL 9.6 after updates in public notes.
about="RHEL 9 of VMware as its installer makes it by default (BIOS, LVM, XFS), after updates"
true_rhel id=rhel version=9.6 layout=lvm firmware=bios host=web01
