# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Debian 10 under Xen PV by debian-installer, all files in one partition"
true_debian version=10 layout=plain firmware=bios host=deb20 hypervisor=xen
