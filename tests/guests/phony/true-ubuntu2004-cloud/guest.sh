# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Ubuntu 20.04's cloud image under VMware: labels, PARTUUID forced, an initramfs in LZ4"
true_debian version=20.04 layout=cloud host=ubu21
