# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel-old.sh.
about="CentOS 5 of VMware on plain partitions: everything in fstab by labels, blkid.tab and hwconf"
true_rhel_old id=centos version=5.11 layout=plain host=web05
