# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../sles15/guest.sh
. "$here/phony/sles15/guest.sh"
about="openSUSE Leap 15 of VMware with subvolumes in fstab, and logs of snapshots"

fill_root() {
  cp -r "$here/phony/id-like/root/." "$1/"
  my_linux "$1"
  suse "$1"
  printf 'NAME="openSUSE Leap"\nVERSION="15.6"\nID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"\nPRETTY_NAME="openSUSE Leap 15.6"\n' >"$1/etc/os-release"
  printf '/dev/sda1 /home btrfs subvol=/@/home,noauto 0 0\n/dev/sda1 /.snapshots btrfs subvol=/@/.snapshots,noauto 0 0\n' >>"$1/etc/fstab"
}
