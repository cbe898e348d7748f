# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Debian 13's cloud image of Hyper-V: partitions 1, 14 and 15, names by PARTUUID, netplan"
true_debian version=13 layout=cloud host=deb23 hypervisor=hyperv
