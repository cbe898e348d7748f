# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/debian.sh; public guides to dracut on Ubuntu 26.04, and versions of its kernels in public reports.
about="Ubuntu 26.04 server of VMware by subiquity under UEFI, without LVM: dracut makes its initramfs"
true_debian version=26.04 layout=direct firmware=efi host=ubu26
