# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Ubuntu 26.04's cloud image under VMware: /boot on partition 16, dracut makes its initramfs"
true_debian version=26.04 layout=cloud host=ubu46
