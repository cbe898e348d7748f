#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Build phony guests: small disks with file trees that look like an installed
# system to inspection and whose tools log what they are asked to do. They
# cannot boot. No appliance is needed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
# shellcheck source=phony-lib.sh
. "$here/phony-lib.sh"
# shellcheck source=phony-disks.sh
. "$here/phony-disks.sh"
# shellcheck source=true/lib.sh
. "$here/true/lib.sh"

usage() {
  cat <<END
Usage: $prog --spec GUEST --output DIR [--name NAME]
       $prog --all --output DIR
       $prog --list

Makes DIR/NAME.img (and NAME-b.img ... for further disks) and DIR/NAME.xml.

  --spec GUEST   the name of a directory in ${here##*/}/phony, or the path of such
                 a directory elsewhere (repeatable)
  --all          every guest in ${here##*/}/phony
  --output DIR   where the files go; made when absent
  --name NAME    name of the guest (default: the directory's)
  --list         list the guests with what they are for

A guest is a directory with guest.sh and, where it has plain files, one directory for
each file system. guest.sh is sourced and may set
  about="..."             what it is for
  disk_a=("TYPE SIZE TREE" ...)
                          the partitions: ext2|ext3|ext4|xfs|xfs4|btrfs|vfat|esp|
                          ntfs|swap|hibernated|lvm|biosboot|empty, a size in MiB
                          or "rest", the name of the tree that fills it (of lvm:
                          of the volume group) or "-"; TYPE "whole-ext4" is a
                          disk without a partition table (default: "ext4 rest
                          root")
  disk_b=(...) ...        more disks
  label_a=gpt             the kind of partition table (default: dos)
  volumes=("GROUP/VOLUME TYPE SIZE TREE" ...)
                          the logical volumes, in MiB or "rest"
  size_a=64 ...           MiB of each disk
  target_a=xvda ...       their names in the domain
  boot_code=false         nothing that a BIOS could start is on the first disk
and define fill_TREE DIR, which adds to the plain files of directory TREE, and
extra DIR NAME, which makes further files beside the image. layout_TREE MOUNTED
DIR copies DIR into the file system MOUNTED (xfs, btrfs) otherwise than as it is,
for example into subvolumes. What they may call is in phony-lib.sh,
phony-disks.sh and true/.
END
}

specs=() output='' name='' all=false list=false
while [ $# -gt 0 ]; do
  case $1 in
    --spec) need_value "$@"; specs+=("$2"); shift ;;
    --output) need_value "$@"; output=$2; shift ;;
    --name) need_value "$@"; name=$2; shift ;;
    --all) all=true ;;
    --list) list=true ;;
    --help | -h) usage; exit 0 ;;
    *) bad_usage "unknown argument: $1" ;;
  esac
  shift
done
! $all && ! $list || for spec in "$here"/phony/*/guest.sh; do specs+=("${spec%/guest.sh}"); done

# load SPEC: read its guest.sh; sets spec_dir and what guest.sh sets
load() {
  spec_dir=$1
  [ -r "$spec_dir/guest.sh" ] || spec_dir=$here/phony/$1
  [ -r "$spec_dir/guest.sh" ] || die "no such guest: $1 (see --list)"
  spec_dir=$(cd "$spec_dir" && pwd)
  disk_a=("ext4 rest root") disk_b=() disk_c=() disk_d=() volumes=() about='' boot_code=true
  # shellcheck disable=SC1091 # it differs
  . "$spec_dir/guest.sh"
}

if $list; then
  for spec in "${specs[@]}"; do
    (load "$spec"; printf '%-24s %s\n' "${spec##*/}" "$about")
  done
  exit 0
fi
[ "${#specs[@]}" -gt 0 ] || bad_usage "--spec or --all is missing"
[ -n "$output" ] || bad_usage "--output is missing"
[ -z "$name" ] || [ "${#specs[@]}" -eq 1 ] || bad_usage "--name goes with one --spec only"
need mkfs.ext4=e2fsprogs sfdisk=fdisk mkswap=util-linux depmod=kmod as=binutils cpio=cpio xz=xz-utils \
  busybox=busybox-static file=file rpm=rpm rpmbuild=rpm
need_root
mkdir -p "$output"
output=$(cd "$output" && pwd)
make_work_dir

# build SPEC
build() {
  local letter disks=() image parts size target label guest=$name
  load "$1"
  guest=${guest:-${spec_dir##*/}}
  for letter in a b c d; do
    declare -n parts=disk_$letter size=size_$letter target=target_$letter label=label_$letter
    [ "${#parts[@]}" -gt 0 ] || continue
    image=$guest-$letter.img
    [ "$letter" != a ] || image=$guest.img
    on_exit rm -f "$output/.$image.new"
    make_disk "$output/.$image.new" "${size:-64}" "$(uuid_of "$guest $letter")" "${label:-dos}" "$letter" "${parts[@]}"
    # What tells GRUB's first sector from another's.
    [ "$letter" != a ] || ! $boot_code || [[ ${parts[0]} == whole-* ]] ||
      printf '\xeb\x63GRUB' | dd of="$output/.$image.new" conv=notrunc status=none
    mv "$output/.$image.new" "$output/$image"
    disks+=("$output/$image:${target:-xvd$letter}")
  done
  write_domain "$output/$guest.xml" "$guest" "$(mac_of "$guest")" "${disks[@]}"
  ! declare -F extra >/dev/null || extra "$output" "$guest"
  lap "$guest"
}

for spec in "${specs[@]}"; do
  # in a process of its own: guests must not see each other's settings
  (
    trap run_exit_commands EXIT
    exit_commands=()
    work=$(mktemp -d "$work/guest.XXXXXX")
    lap_start=${EPOCHREALTIME/./}
    build "$spec"
  )
done
