# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../damaged/guest.sh
. "$here/phony/damaged/guest.sh"
about="Debian 12 whose file system is damaged and does not know it"

# Links to a file that are not there.
extra() {
  debugfs -w -R 'set_inode_field /etc/fstab links_count 5' "$1/$2.img?offset=$((first_sector * 512))" 2>/dev/null
}
