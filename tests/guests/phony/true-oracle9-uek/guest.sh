# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh; kernel-uek-core of Oracle Linux 9.
about="Oracle Linux 9 under Xen PV (BIOS, plain partitions) with Oracle's kernel, which is the default, and the other"
true_rhel id=ol version=9.5 layout=plain firmware=bios host=ora09 uek=yes hypervisor=xen
