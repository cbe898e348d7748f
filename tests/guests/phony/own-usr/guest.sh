# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# After https://github.com/libguestfs/libguestfs/pull/187 (/usr by a name in /dev/disk) and
# https://github.com/clalancette/oz/pull/142 (devices that are not there).
# shellcheck source=../hardened/guest.sh
. "$here/phony/hardened/guest.sh"
about="Debian 12 whose /usr is on a partition of its own by its name in /dev/disk, with lines in fstab for what is not there"
disk_a=("ext4 40 root" "ext4 rest usr")

fill_root() {
  bookworm "$1" "/dev/disk/by-uuid/$(partition_uuid 1)"
  {
    printf '/dev/disk/by-uuid/%s /usr ext4 defaults 0 2\n' "$(partition_uuid 2)"
    printf '/dev/sdb /mnt auto defaults,nofail,comment=cloudconfig 0 2\n'
    printf 'UUID=11111111-2222-3333-4444-555555555555 /srv xfs defaults,nofail 0 0\n'
    printf 'LABEL="my\\040label" /lab ext4 noauto 0 0\nnas:/export /net nfs defaults 0 0\n'
  } >>"$1/etc/fstab"
  mv "$1/usr" "$work/usr"
  mkdir "$1/usr"
}
fill_usr() {
  tree root >/dev/null
  cp -a "$work/usr/." "$1/"
}

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }
