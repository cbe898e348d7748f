# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Ubuntu 16.04's cloud image under VMware: labels, interfaces.d of cloud-init"
true_debian version=16.04 layout=cloud host=ubu17
