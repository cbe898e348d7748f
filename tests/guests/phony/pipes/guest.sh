# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../debian-like/guest.sh
. "$here/phony/debian-like/guest.sh"
about="Debian 12 with named pipes in the place of files, which nobody may wait for"

eval "$(declare -f fill_root | sed '1s/fill_root/fill_debian/')"
fill_root() {
  cp -a "$here/phony/debian-like/root/." "$1"
  fill_debian "$1"
  local file
  for file in etc/default/grub var/lib/dpkg/status etc/initramfs-tools/modules etc/hostname; do
    mkdir -p "$1/${file%/*}"
    rm -f "$1/$file"
    mkfifo "$1/$file"
  done
}
