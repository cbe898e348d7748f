# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Ubuntu 18.04 server of VMware by subiquity (GPT, BIOS): netplan of the installer, swap.img"
true_debian version=18.04 layout=direct firmware=bios host=ubu18
