# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Ubuntu 22.04's cloud image of Hyper-V: labels, PARTUUID forced, virtio built in"
true_debian version=22.04 layout=cloud host=ubu23 hypervisor=hyperv
