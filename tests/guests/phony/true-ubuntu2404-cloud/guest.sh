# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh; the labels and partitions 1, 14, 15 and 16 of livecd-rootfs's disk images.
about="Ubuntu 24.04's cloud image under VMware: labels, /boot on partition 16, PARTUUID forced, swap file of cloud-init"
true_debian version=24.04 layout=cloud host=ubu03
