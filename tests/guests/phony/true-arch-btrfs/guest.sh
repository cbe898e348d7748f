# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/small.sh.
about="Arch Linux of VMware with GRUB (GPT, BIOS) on btrfs with subvolumes, two kernels and their fallbacks"
true_arch loader=grub
