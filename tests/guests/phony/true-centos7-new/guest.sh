# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh.
about="CentOS 7 of Hyper-V, first generation, just installed (LVM, XFS): one kernel and the one for rescue"
true_rhel id=centos version=7.9 layout=lvm firmware=bios host=new07 history=new hypervisor=hyperv
