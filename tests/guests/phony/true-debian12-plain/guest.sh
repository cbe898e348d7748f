# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh; partman-auto's recipe "atomic" puts swap on a logical partition.
about="Debian 12 of VMware by debian-installer (BIOS), all files in one partition, swap on a logical one, after updates"
true_debian version=12 layout=plain firmware=bios host=deb01
