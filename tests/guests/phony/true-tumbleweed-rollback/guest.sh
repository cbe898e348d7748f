# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/suse.sh.
about="openSUSE Tumbleweed of VMware (GPT, BIOS) after a rollback: another snapshot is the default subvolume"
true_suse id=opensuse-tumbleweed version=20250115 layout=btrfs firmware=bios host=tw02 default=9
