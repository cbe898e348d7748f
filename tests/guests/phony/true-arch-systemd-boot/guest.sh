# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/small.sh.
about="Arch Linux of VMware by archinstall with systemd-boot: kernels on the EFI system partition, root by PARTUUID"
true_arch loader=systemd-boot host=arch02
