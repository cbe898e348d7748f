# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../id-like/guest.sh
. "$here/phony/id-like/guest.sh"
about="Mageia 9, which says that it is like Mandriva and Fedora, and has a redhat-release"

fill_root() {
  cp -r "$here/phony/id-like/root/." "$1/"
  my_linux "$1"
  printf 'NAME="Mageia"\nVERSION="9"\nID=mageia\nID_LIKE="mandriva fedora"\nVERSION_ID=9\nPRETTY_NAME="Mageia 9"\n' >"$1/etc/os-release"
  echo 'Mageia release 9 (Official) for x86_64' >"$1/etc/mageia-release"
  ln -s mageia-release "$1/etc/redhat-release"
}
