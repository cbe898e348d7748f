# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh; ifupdown's helper of debian-cloud-images.
about="Debian 11's cloud image under VMware: ifupdown with cloud-init's interfaces, names by PARTUUID"
true_debian version=11 layout=cloud host=deb12
