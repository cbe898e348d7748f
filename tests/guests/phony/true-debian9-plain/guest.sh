# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Debian 9 of VMware by debian-installer (BIOS): /usr not merged, swap on a logical partition"
true_debian version=9 layout=plain firmware=bios host=deb09
