# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="two operating systems on one disk: a converter must ask which"
disk_a=("ext4 32 first" "ext4 rest second")

fill_first() { small_system "$1" debian 12 /dev/xvda1; }
fill_second() { small_system "$1" debian 11 /dev/xvda2; }

small_system() {
  userland "$1"
  mkdir -p "$1/var/lib/dpkg"
  : >"$1/var/lib/dpkg/status"
  printf 'ID=%s\nVERSION_ID="%s"\nPRETTY_NAME="%s %s"\n' "$2" "$3" "$2" "$3" >"$1/etc/os-release"
  printf '%s / ext4 defaults 0 1\n' "$4" >"$1/etc/fstab"
  echo "$2-$3" >"$1/etc/hostname"
}
