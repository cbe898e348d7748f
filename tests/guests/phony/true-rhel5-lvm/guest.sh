# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel-old.sh.
about="RHEL 5 of VMware as its installer makes it by default (LVM, ext3): modprobe.conf, mkinitrd, /boot by its label"
true_rhel_old id=rhel version=5.11 layout=lvm host=db05
