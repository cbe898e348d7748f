# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh.
about="Ubuntu 18.04's cloud image under VMware: labels, netplan of cloud-init by address"
true_debian version=18.04 layout=cloud host=ubu38
