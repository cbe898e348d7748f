# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../id-like/guest.sh
. "$here/phony/id-like/guest.sh"
about="Amazon Linux 2, which says that it is like its kin; an AMI that was exported"

fill_root() {
  cp -r "$here/phony/id-like/root/." "$1/"
  my_linux "$1"
  printf 'NAME="Amazon Linux"\nVERSION="2"\nID="amzn"\nID_LIKE="centos rhel fedora"\nVERSION_ID="2"\nPRETTY_NAME="Amazon Linux 2"\n' >"$1/etc/os-release"
  echo 'Amazon Linux release 2 (Karoo)' >"$1/etc/system-release"
  printf 'LABEL=/ / ext4 defaults,noatime 1 1\n' >"$1/etc/fstab"
}
