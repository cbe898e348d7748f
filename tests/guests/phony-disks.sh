# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# A phony guest's disks: partition tables, LVM, file systems and what fills them. Needs neither an
# appliance nor a kernel that reads partition tables or has a device mapper. To be sourced by
# phony.sh after lib.sh.

extent=4096 # KiB, of every volume group

# part_uuid DISK-LETTER NUMBER: the UUID of the partition itself in a GPT
part_uuid() { uuid_of "$guest partition $1 $2"; }

# partition_uuid NUMBER [DISK-LETTER]: the UUID of what is on a partition
partition_uuid() {
  uuid_of "$(uuid_of "$guest ${2:-a}") $1"
}

# partition_fat_id NUMBER [DISK-LETTER]: the same of a FAT file system
partition_fat_id() {
  local id
  id=$(partition_uuid "$@" | tr a-f A-F)
  printf '%s-%s\n' "${id:0:4}" "${id:4:4}"
}

# volume_uuid GROUP/VOLUME: the UUID of what is on a logical volume
volume_uuid() { uuid_of "$guest volume $1"; }

# lvm_id TEXT: an identifier of LVM that depends on TEXT alone
lvm_id() {
  local h
  h=$(printf %s "$1" | md5sum)
  h=${h:0:32}
  printf '%s-%s-%s-%s-%s-%s-%s\n' "${h:0:6}" "${h:6:4}" "${h:10:4}" "${h:14:4}" "${h:18:4}" "${h:22:4}" "${h:26:6}"
}

# volume_dm_name GROUP/VOLUME: what device mapper calls it (a dash in a name is doubled)
volume_dm_name() {
  local group=${1%/*} volume=${1#*/}
  printf '%s-%s\n' "${group//-/--}" "${volume//-/--}"
}

# volume_dm_uuid GROUP/VOLUME: how udev calls it in /dev/disk/by-id, behind dm-uuid-
volume_dm_uuid() {
  local ids
  ids=$(lvm_id "$guest ${1%/*}")$(lvm_id "$guest $1")
  printf 'LVM-%s\n' "${ids//-/}"
}

# gpt_type TYPE: the type of such a partition in a GPT
gpt_type() {
  case $1 in
    esp) echo C12A7328-F81F-11D2-BA4B-00A0C93EC93B ;;
    biosboot) echo 21686148-6449-6E6F-744E-656564454649 ;;
    lvm) echo E6D6D379-F507-44C2-A23C-238F2A3DF928 ;;
    swap | hibernated) echo 0657FD6D-A4AB-43C4-84E5-0933C84B4F4F ;;
    *) echo 0FC63DAF-8483-4772-8E79-3D69D8477DE4 ;;
  esac
}

# dos_type TYPE: the type of such a partition in the old kind of table
dos_type() {
  case $1 in
    esp) echo ef ;;
    lvm) echo 8e ;;
    swap | hibernated) echo 82 ;;
    ntfs) echo 7 ;;
    *) echo 83 ;;
  esac
}

# tree NAME: prints the directory with that tree, filled when first asked for
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

# at_offset FILE SECTOR KIB: sets loop to a device of that part of FILE
at_offset() {
  loop=$(losetup -f --show -o $(($2 * 512)) --sizelimit $(($3 * 1024)) "$1")
  on_exit release_loop "$loop"
}

# filled FILE SECTOR KIB TREE COMMAND...: COMMAND makes a file system (its last argument is a
# device), the host's kernel fills it. "layout_TREE DIR DIRECTORY" does so where guest.sh defines it:
# DIRECTORY is to come into what is mounted at DIR.
filled() {
  local file=$1 offset=$2 kb=$3 name=$4 dir=$4 loop
  shift 4
  [ "$dir" = - ] || dir=$(tree "$dir")
  at_offset "$file" "$offset" "$kb"
  "$@" "$loop" >"$work/mkfs.log" 2>&1 || { cat "$work/mkfs.log" >&2; die "$1 failed"; }
  if [ "$dir" != - ]; then
    mkdir -p "$work/mounted"
    mount "$loop" "$work/mounted"
    on_exit release_mount "$work/mounted"
    if declare -F "layout_$name" >/dev/null; then "layout_$name" "$work/mounted" "$dir" >&2
    else cp -a "$dir/." "$work/mounted/"; fi
  fi
  unmount_all
}

# make_fat FILE SECTOR KIB TREE ID [LABEL]: the host's kernel may not know FAT
make_fat() {
  local dir=$4 entries=()
  need mkfs.vfat=dosfstools mcopy=mtools
  truncate -s "${3}k" "$work/fat"
  mkfs.vfat -i "$5" ${6:+-n "$6"} "$work/fat" >/dev/null
  if [ "$dir" != - ]; then
    dir=$(tree "$dir")
    mapfile -t entries < <(find "$dir" -mindepth 1 -maxdepth 1)
    [ "${#entries[@]}" -eq 0 ] || MTOOLS_SKIP_CHECK=1 mcopy -s -Q -i "$work/fat" "${entries[@]}" ::/
  fi
  dd if="$work/fat" of="$1" bs=4096 seek=$(($2 / 8)) conv=notrunc,sparse status=none
  rm "$work/fat"
}

# lvm_do LOOP COMMAND ARGUMENT...: one of LVM's commands on that device alone
lvm_do() {
  local device=$1 command=$2
  shift 2
  LVM_SUPPRESS_FD_WARNINGS=1 lvm "$command" --driverloaded n --devices "$device" \
    --config 'backup { backup = 0 archive = 0 }' "$@" 2>"$work/lvm.log" ||
    { cat "$work/lvm.log" >&2; die "lvm $command failed"; }
}

# make_group FILE SECTOR KIB GROUP: a volume group on that partition, and its volumes of the array "volumes"
make_group() {
  local file=$1 offset=$2 group=$4 loop volume name type size source start_kb ranges first starts=() free
  need lvm=lvm2
  at_offset "$file" "$offset" "$3"
  free=$(($3 / extent - 1))
  lvm_do "$loop" pvcreate -q -ff -y --dataalignment 1m --norestorefile --uuid "$(lvm_id "$guest $group pv0")" "$loop" >/dev/null
  lvm_do "$loop" vgcreate -q -s "${extent}k" "$group" "$loop" >/dev/null
  for volume in "${volumes[@]}"; do
    read -r name type size source <<<"$volume"
    [ "${name%/*}" = "$group" ] || continue
    [ "$size" != rest ] || size=$((free * extent / 1024))
    free=$((free - (size * 1024 + extent - 1) / extent))
    lvm_do "$loop" lvcreate -q -an -Zn -Wn -L "${size}m" -n "${name#*/}" "$group" >/dev/null
  done
  # identifiers that do not change from build to build
  lvm_do "$loop" vgcfgbackup -q -f "$work/group" "$group" >/dev/null
  awk -v ids="$(
    printf '%s %s\n' "$group" "$(lvm_id "$guest $group")"
    for volume in "${volumes[@]}"; do name=${volume%% *}; printf '%s %s\n' "${name#*/}" "$(lvm_id "$guest $name")"; done
  )" '
    BEGIN { n = split(ids, words); for (i = 1; i < n; i += 2) id[words[i]] = words[i + 1] }
    $2 == "{" { block = $1 }
    /^\t*id = / && block in id { sub(/".*"/, "\"" id[block] "\""); delete id[block] }
    { print }' "$work/group" >"$work/group.new"
  lvm_do "$loop" vgcfgrestore -q -f "$work/group.new" "$group" >/dev/null
  start_kb=$(lvm_do "$loop" pvs --noheadings --nosuffix --units k -o pe_start | tr -d ' ')
  ranges=$(lvm_do "$loop" lvs --noheadings -o lv_name,seg_pe_ranges,seg_size --units k --nosuffix)
  unmount_all
  for volume in "${volumes[@]}"; do
    read -r name type size source <<<"$volume"
    [ "${name%/*}" = "$group" ] || continue
    read -r _ starts size < <(awk -v name="${name#*/}" '$1 == name' <<<"$ranges")
    first=${starts##*:}
    make_filesystem "$file" $((offset + (${start_kb%.*} + ${first%-*} * extent) * 2)) "${size%.*}" "$type" "$source" "$(volume_uuid "$name")"
  done
}

# make_filesystem FILE SECTOR KIB TYPE TREE UUID [LABEL]
make_filesystem() {
  local file=$1 offset=$(($2 * 512)) kb=$3 dir='' name=${7:+-L$7} loop
  case $4 in
    ext?)
      [ "$5" = - ] || dir=$(tree "$5")
      mkfs."$4" -q -F -U "$6" ${name:+"$name"} ${dir:+-d "$dir"} \
        -E "offset=$offset,lazy_itable_init=0,lazy_journal_init=0" "$file" "${kb}k" ;;
    swap | hibernated)
      truncate -s "${kb}k" "$work/swap"
      mkswap -q -U "$6" ${name:+"$name"} "$work/swap"
      # where a suspended system puts its own signature
      [ "$4" = swap ] || printf 'S1SUSPEND\0' |
        dd of="$work/swap" bs=1 seek=4086 conv=notrunc status=none
      dd if="$work/swap" of="$file" bs=4096 seek=$((offset / 4096)) conv=notrunc,sparse status=none
      rm "$work/swap" ;;
    xfs)
      # today's mkfs thinks these disks too small
      need mkfs.xfs=xfsprogs
      filled "$file" "$2" "$kb" "$5" mkfs.xfs -q -f --unsupported -l size=8m -m "uuid=$6" ${name:+"$name"} ;;
    xfs4)
      # empty, in the format of before 2014: today's mkfs thinks that too old, and the disk too small
      need mkfs.xfs=xfsprogs
      truncate -s "${kb}k" "$work/xfs"
      mkfs.xfs -q -f --unsupported -m "crc=0,uuid=$6" "$work/xfs" >/dev/null 2>&1
      dd if="$work/xfs" of="$file" bs=4096 seek=$((offset / 4096)) conv=notrunc,sparse status=none
      rm "$work/xfs" ;;
    btrfs)
      need mkfs.btrfs=btrfs-progs
      filled "$file" "$2" "$kb" "$5" mkfs.btrfs -q -f -m single -U "$6" ${name:+"$name"} ;;
    esp | vfat)
      make_fat "$file" "$2" "$kb" "$5" "${6:0:8}" "${7:-}" ;;
    lvm)
      make_group "$file" "$2" "$kb" "$5" ;;
    biosboot | empty) ;;
    ntfs)
      need mkntfs=ntfs-3g ntfs-3g=ntfs-3g losetup=mount
      [ "$5" = - ] || dir=$(tree "$5")
      [ -e /dev/fuse ] || die "ntfs needs /dev/fuse"
      at_offset "$file" "$2" "$kb"
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

# make_disk FILE MIB ID LABEL LETTER PARTITION...
make_disk() {
  local file=$1 sectors=$(($2 * 2048)) id=$3 label=$4 letter=$5 start=$first_sector type size source name rest n=0 parts=()
  shift 5
  rm -f "$file"
  truncate -s $((sectors * 512)) "$file"
  case $1 in
    whole-*)
      read -r type size source <<<"$1"
      make_filesystem "$file" 0 $((sectors / 2)) "${type#whole-}" "$source" "$(uuid_of "$id 1")"
      return ;;
  esac
  # the second copy of a GPT, rounded up
  [ "$label" != gpt ] || sectors=$((sectors - 2048))
  {
    if [ "$label" = gpt ]; then printf 'label: gpt\nlabel-id: %s\n' "$id"
    else printf 'label: dos\nlabel-id: 0x%s\n' "${id:0:8}"; fi
    for part; do
      read -r type size source name <<<"$part"
      n=$((n + 1))
      case $type in
        *:*)
          # the first logical partition comes with the extended one that holds them all
          [ "$label" != dos ] || [ "${type%%:*}" -lt 5 ] || {
            [ $n -ge 5 ] || printf 'x%s : start=%s, size=%s, type=5\n' $n "$start" $((sectors - start))
            start=$((start + 2048))
          }
          n=${type%%:*} type=${type#*:} ;;
      esac
      if [ "$size" = rest ]; then rest=$((sectors - start)); else rest=$((size * 2048)); fi
      if [ "$label" = gpt ]; then
        printf 'x%s : start=%s, size=%s, type=%s, uuid=%s\n' $n "$start" "$rest" "$(gpt_type "$type")" "$(part_uuid "$letter" $n)"
      else
        printf 'x%s : start=%s, size=%s, type=%s%s\n' $n "$start" "$rest" "$(dos_type "$type")" "$([ $n -gt 1 ] || printf ', bootable')"
      fi
      parts+=("$n $start $rest $type $source $name")
      start=$((start + rest))
    done
  } >"$work/table"
  sfdisk -q "$file" <"$work/table"
  for part in "${parts[@]}"; do
    read -r n start rest type source name <<<"$part"
    make_filesystem "$file" "$start" $((rest / 2)) "$type" "$source" "$(uuid_of "$id $n")" "$name"
  done
  # what a kernel wrote is not sparse
  fallocate -d "$file"
}
