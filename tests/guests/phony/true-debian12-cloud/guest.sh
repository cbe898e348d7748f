# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh; debian-cloud-images (config_space, class GRUB_CLOUD_AMD64 and its disk_config).
about="Debian 12's cloud image under VMware: partitions 1, 14 and 15, names by PARTUUID, netplan, the cloud kernel"
true_debian version=12 layout=cloud host=deb03
