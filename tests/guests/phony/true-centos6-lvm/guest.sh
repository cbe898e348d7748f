# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel-old.sh.
about="CentOS 6 of VMware as its installer makes it by default (LVM, ext4): GRUB legacy, upstart, persistent rules of udev, SELinux"
true_rhel_old id=centos version=6.10 layout=lvm host=web06
