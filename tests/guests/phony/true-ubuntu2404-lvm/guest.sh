# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh; curtin names the volume by its dm-uuid in fstab, subiquity leaves 50-cloud-init.yaml.
about="Ubuntu 24.04 server of VMware by subiquity (BIOS): LVM by dm-uuid, swap.img, netplan, snaps"
true_debian version=24.04 layout=lvm firmware=bios host=ubu01
