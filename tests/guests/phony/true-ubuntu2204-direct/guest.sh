# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Ubuntu 22.04 server of VMware by subiquity (GPT, BIOS), without LVM"
true_debian version=22.04 layout=direct firmware=bios host=ubu22
