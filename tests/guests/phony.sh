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

usage() {
  cat <<END
Usage: $prog --spec GUEST --output DIR [--name NAME]
       $prog --all --output DIR
       $prog --list

Makes DIR/NAME.img (and NAME-b.img ... for further disks) and DIR/NAME.xml.

  --spec GUEST   the name of a folder in ${here##*/}/phony, or the path of such
                 a folder elsewhere (repeatable)
  --all          every guest in ${here##*/}/phony
  --output DIR   where the files go; made when absent
  --name NAME    name of the guest (default: the folder's)
  --list         list the guests with what they are for

A guest is a folder with guest.sh and, where it has plain files, one folder for
each file system. guest.sh is sourced and may set
  about="..."             what it is for
  disk_a=("TYPE SIZE TREE" ...)
                          the partitions: ext2|ext3|ext4|xfs4|ntfs|swap|hibernated,
                          a size in MiB or "rest", the name of the tree that
                          fills it or "-"; TYPE "whole-ext4" is a disk without a
                          partition table (default: "ext4 rest root")
  disk_b=(...) ...        more disks
  size_a=64 ...           MiB of each disk
  target_a=xvda ...       their names in the domain
  boot_code=false         nothing that a BIOS could start is on the first disk
and define fill_TREE DIR, which adds to the plain files of folder TREE, and
extra DIR NAME, which makes further files beside the image. What they may call
is in phony-lib.sh.
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
  disk_a=("ext4 rest root") disk_b=() disk_c=() disk_d=() about='' boot_code=true
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

# tree NAME: prints the folder with that tree, filled when first asked for
tree() {
  local dir=$work/tree.$1
  if [ ! -d "$dir" ]; then
    mkdir -p "$dir"
    [ ! -d "$spec_dir/$1" ] || cp -r "$spec_dir/$1/." "$dir/"
    ! declare -F "fill_$1" >/dev/null || "fill_$1" "$dir" >&2
    chown -R 0:0 "$dir"
  fi
  printf '%s\n' "$dir"
}

# make_partition FILE SECTOR SECTORS TYPE TREE UUID
make_partition() {
  local file=$1 offset=$(($2 * 512)) kb=$(($3 / 2)) dir='' loop
  [ "$5" = - ] || dir=$(tree "$5")
  case $4 in
    ext?)
      mkfs."$4" -q -F -U "$6" ${dir:+-d "$dir"} \
        -E "offset=$offset,lazy_itable_init=0,lazy_journal_init=0" "$file" "${kb}k" ;;
    swap | hibernated)
      truncate -s "${kb}k" "$work/swap"
      mkswap -q -U "$6" "$work/swap"
      # where a suspended system puts its own signature
      [ "$4" = swap ] || printf 'S1SUSPEND\0' |
        dd of="$work/swap" bs=1 seek=4086 conv=notrunc status=none
      dd if="$work/swap" of="$file" bs=4096 seek=$((offset / 4096)) conv=notrunc,sparse status=none
      rm "$work/swap" ;;
    xfs4)
      # empty, in the format of before 2014: today's mkfs thinks that too old, and the disk too small
      need mkfs.xfs=xfsprogs
      truncate -s "${kb}k" "$work/xfs"
      mkfs.xfs -q -f --unsupported -m "crc=0,uuid=$6" "$work/xfs" >/dev/null 2>&1
      dd if="$work/xfs" of="$file" bs=4096 seek=$((offset / 4096)) conv=notrunc,sparse status=none
      rm "$work/xfs" ;;
    ntfs)
      need mkntfs=ntfs-3g ntfs-3g=ntfs-3g losetup=mount
      [ -e /dev/fuse ] || die "ntfs needs /dev/fuse"
      loop=$(losetup -f --show -o "$offset" --sizelimit $((kb * 1024)) "$file")
      on_exit release_loop "$loop"
      mkntfs -q -Q -F -p "$2" -S 63 -H 255 "$loop" >/dev/null
      [ -z "$dir" ] || {
        mkdir -p "$work/ntfs"
        ntfs-3g "$loop" "$work/ntfs"
        on_exit release_mount "$work/ntfs"
        cp -r "$dir/." "$work/ntfs/"
      }
      unmount_all ;;
    *) die "$spec_dir: unknown type of partition: $4" ;;
  esac
}

# make_disk FILE MIB ID PARTITION...
make_disk() {
  local file=$1 sectors=$(($2 * 2048)) id=$3 start=$first_sector type size source code rest n=0
  shift 3
  rm -f "$file"
  truncate -s $((sectors * 512)) "$file"
  case $1 in
    whole-*)
      read -r type size source <<<"$1"
      make_partition "$file" 0 "$sectors" "${type#whole-}" "$source" "$(uuid_of "$id 1")"
      return ;;
  esac
  {
    printf 'label: dos\nlabel-id: 0x%s\n' "${id:0:8}"
    for part; do
      read -r type size source <<<"$part"
      case $type in swap | hibernated) code=82 ;; ntfs) code=7 ;; *) code=83 ;; esac
      [ "$size" = rest ] && rest='' || rest=$((size * 2048))
      printf ',%s,%s%s\n' "$rest" "$code" "$([ $n -gt 0 ] || printf ',*')"
      n=$((n + 1))
    done
  } | sfdisk -q "$file"
  n=0
  for part; do
    read -r type size source <<<"$part"
    n=$((n + 1))
    if [ "$size" = rest ]; then rest=$((sectors - start)); else rest=$((size * 2048)); fi
    make_partition "$file" "$start" "$rest" "$type" "$source" "$(uuid_of "$id $n")"
    start=$((start + rest))
  done
}

# build SPEC
build() {
  local letter disks=() image parts size target guest=$name
  load "$1"
  guest=${guest:-${spec_dir##*/}}
  for letter in a b c d; do
    declare -n parts=disk_$letter size=size_$letter target=target_$letter
    [ "${#parts[@]}" -gt 0 ] || continue
    image=$guest-$letter.img
    [ "$letter" != a ] || image=$guest.img
    on_exit rm -f "$output/.$image.new"
    make_disk "$output/.$image.new" "${size:-64}" "$(uuid_of "$guest $letter")" "${parts[@]}"
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
