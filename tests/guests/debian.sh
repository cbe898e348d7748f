#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Build a real Debian guest as it runs under Xen PV, or under VMware: a raw disk, its domain XML
# and what a boot must report once the guest has been converted.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"

usage() {
  cat <<END
Usage: $prog --suite SUITE --output DIR [--name NAME] [--no-uuid]
                 [--kernel cloud|full] [--console LIST] [--getty] [--virt pv|hvm] [--target NAME]
                 [--mixed] [--data-first] [--hypervisor xen|vmware] [--classic] [--no-boot-code]
                 [--selinux] [--stacked]

Makes DIR/NAME.img (raw, 2 GiB, sparse, one ext4 root), DIR/NAME.xml (libvirt
domain) and DIR/NAME.expect (what boot.sh must see after conversion to KVM).

  --suite SUITE   bookworm or bullseye
  --output DIR    where the files go; made when absent
  --name NAME     name of the guest (default: debian-SUITE, with --no-uuid
                  debian-SUITE-nouuid)
  --no-uuid       GRUB_DISABLE_LINUX_UUID=true: grub.cfg names /dev/xvda1
  --kernel KIND   cloud (default), or full, which has drivers for e1000 and AHCI
  --console LIST  kernel consoles, the last is /dev/console (default hvc0,ttyS0)
  --getty         a login on hvc0 that is enabled by name
  --virt VIRT     what the domain XML says: pv (default) or hvm
  --target NAME   what it calls the disk (default xvda; the guest says xvda)
  --hypervisor H  xen (default) or vmware: then the guest calls its disk sda, and its initramfs
                  has drivers of VMware; the domain XML is one of Xen all the same
  --mixed         a second disk on another controller, DIR/NAME-data.img: the domain has the
                  root on SCSI (sda) and data on IDE (hda), the guest calls them sdb and sda
  --data-first    with --mixed: the domain names the disk with the data first
  --no-boot-code  nothing at the beginning of the disk, as pygrub needs nothing there
  --classic       as hosters made them: the disk xvda1 is a file system, the host gives the
                  kernel, and neither kernel nor boot loader are inside; DIR/NAME.kernel.deb is
                  a kernel to convert it with, by --direct-boot
  --selinux       SELinux, enforcing, with the policy "default"; every file has its label
  --stacked       eth0 has a fixed address, and a VLAN (int5) and a macvlan (mv0) on it have others;
                  systemd-networkd makes both

The Debian tree is kept in \$V2V_TEST_CACHE (default ~/.cache/v2v-engine-tests).
\$V2V_TEST_MIRROR names another mirror.
END
}

suite='' output='' name='' no_uuid=false kernel_kind=cloud consoles=hvc0,ttyS0 getty=false virt=pv target=xvda mixed=false hypervisor=xen classic=false boot_code=true selinux=false stacked=false data_first=false
while [ $# -gt 0 ]; do
  case $1 in
    --suite) need_value "$@"; suite=$2; shift ;;
    --output) need_value "$@"; output=$2; shift ;;
    --name) need_value "$@"; name=$2; shift ;;
    --kernel) need_value "$@"; kernel_kind=$2; shift ;;
    --console) need_value "$@"; consoles=$2; shift ;;
    --virt) need_value "$@"; virt=$2; shift ;;
    --target) need_value "$@"; target=$2; shift ;;
    --no-uuid) no_uuid=true ;;
    --getty) getty=true ;;
    --hypervisor) need_value "$@"; hypervisor=$2; shift ;;
    --no-boot-code) boot_code=false ;;
    --selinux) selinux=true ;;
    --stacked) stacked=true ;;
    --classic) classic=true target=xvda1 ;;
    --data-first) data_first=true ;;
    --mixed) mixed=true virt=hvm target=sda ;;
    --help | -h) usage; exit 0 ;;
    *) bad_usage "unknown argument: $1" ;;
  esac
  shift
done
case $suite in
  bookworm | bullseye) ;;
  '') bad_usage "--suite is missing" ;;
  *) bad_usage "unknown suite: $suite (bookworm and bullseye are known)" ;;
esac
case $kernel_kind in cloud | full) ;; *) bad_usage "--kernel is cloud or full, not $kernel_kind" ;; esac
case $hypervisor in xen | vmware) ;; *) bad_usage "--hypervisor is xen or vmware, not $hypervisor" ;; esac
case $virt in pv | hvm) ;; *) bad_usage "--virt is pv or hvm, not $virt" ;; esac
[ -n "$output" ] || bad_usage "--output is missing"
if [ -z "$name" ]; then
  name=debian-$suite
  ! $no_uuid || name=$name-nouuid
fi

need mmdebstrap=mmdebstrap mkfs.ext4=e2fsprogs sfdisk=fdisk losetup=mount flock=util-linux
need_root
mkdir -p "$output"
output=$(cd "$output" && pwd)
make_work_dir

own=xvda # what the guest calls its disk
[ $hypervisor = xen ] || own=sda
! $mixed || own=sdb
more=''
! $selinux || more=,selinux-basics,selinux-policy-default,policycoreutils,dbus
tree=$(debian_guest_tree "$suite" "$kernel_kind" "$more")
lap "Debian tree ($suite)"

uuid=$(uuid_of "root of $name")
mac=$(mac_of "$name")
image=$output/.$name.img.new
on_exit rm -f "$image"
if $classic; then
  rm -f "$image"
  truncate -s 2G "$image"
  first_sector=0
else
  new_disk "$image" 2G "$(uuid_of "disk of $name")"
fi
make_ext "$image" "$first_sector" "$uuid" ext4
root=$work/root
mount_at "$image" "$first_sector" "$root"
tar -C "$root" --numeric-owner --xattrs --xattrs-include='*' -xf "$tree"
lap "disk, file system, tree"

# --- the system under Xen
rm -f "$root"/etc/{apt/apt.conf,dpkg/dpkg.cfg}.d/99mmdebstrap
echo "$name" >"$root/etc/hostname"
uuid_of "machine $name" | tr -d - >"$root/etc/machine-id" # it has booted before
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$name" >"$root/etc/hosts"
in_guest "$root" sh -c 'echo root:v2v | chpasswd'
cat >"$root/etc/network/interfaces" <<'END'
# The loopback network interface
auto lo
iface lo inet loopback

# The primary network interface
auto eth0
iface eth0 inet dhcp
END
! $stacked || {
  printf 'auto lo\niface lo inet loopback\n' >"$root/etc/network/interfaces"
  directory=$root/etc/systemd/network
  printf '[Match]\nName=eth0\n\n[Network]\nAddress=10.0.2.77/24\nVLAN=int5\nMACVLAN=mv0\nLinkLocalAddressing=no\n' >"$directory/10-eth0.network"
  printf '[NetDev]\nName=int5\nKind=vlan\n\n[VLAN]\nId=5\n' >"$directory/int5.netdev"
  printf '[Match]\nName=int5\n\n[Network]\nAddress=10.9.5.7/24\nLinkLocalAddressing=no\n' >"$directory/20-int5.network"
  # With the address of the card, as some routers want it.
  printf '[NetDev]\nName=mv0\nKind=macvlan\nMACAddress=%s\n\n[MACVLAN]\nMode=passthru\n' "$mac" >"$directory/mv0.netdev"
  printf '[Match]\nName=mv0\n\n[Network]\nAddress=10.9.6.7/24\nLinkLocalAddressing=no\n' >"$directory/20-mv0.network"
  mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
  ln -sf /lib/systemd/system/systemd-networkd.service "$root/etc/systemd/system/multi-user.target.wants/"
  # The guest has nobody to wait for.
  ln -sf /dev/null "$root/etc/systemd/system/systemd-networkd-wait-online.service"
}
cat >"$root/etc/fstab" <<'END'
# <file system> <mount point>   <type>  <options>       <dump>  <pass>
/dev/xvda1      /               ext4    errors=remount-ro 0     1
END
sed -i "s,^/dev/xvda1,/dev/${own}1," "$root/etc/fstab"
! $mixed || {
  printf '/dev/sda1       /srv            ext4    defaults        0       2\n' >>"$root/etc/fstab"
}
# As a small Xen guest is set up: only the drivers of this hypervisor.
sed -i 's/^MODULES=.*/MODULES=list/' "$root/etc/initramfs-tools/initramfs.conf"
case $hypervisor in xen) drivers=(xen-blkfront xen-netfront) ;; vmware) drivers=(mptspi vmw_pvscsi vmxnet3 sd_mod) ;; esac
printf '%s\n' "${drivers[@]}" ext4 >>"$root/etc/initramfs-tools/modules"
mkdir -p "$root/etc/initramfs-tools/conf.d"
echo RESUME=none >"$root/etc/initramfs-tools/conf.d/resume"
! $getty || {
  mkdir -p "$root/etc/systemd/system/getty.target.wants"
  ln -s /lib/systemd/system/serial-getty@.service \
    "$root/etc/systemd/system/getty.target.wants/serial-getty@hvc0.service"
}
install_boot_report "$root"
arguments="console=${consoles//,/ console=}"
! $selinux || {
  sed -i 's/^SELINUX=.*/SELINUX=enforcing/' "$root/etc/selinux/config"
  arguments+=" security=selinux selinux=1"
}

chroot_mounts "$root" "$uuid"

# take_kernel FILE: the guest's kernel becomes a package in FILE, and is gone
take_kernel() {
  local package deb=$work/kernel
  package=$(in_guest "$root" dpkg-query -S "/boot/vmlinuz-$kernel")
  package=${package%%:*}
  mkdir -p "$deb/DEBIAN"
  in_guest "$root" dpkg-query -s "$package" | sed '/^Status:/d; /^Conffiles:/,/^[^ ]/{/^Conffiles:/d; /^ /d}' >"$deb/DEBIAN/control"
  in_guest "$root" dpkg-query -L "$package" | while read -r path; do
    [ -d "$root$path" ] || [ ! -e "$root$path" ] || printf '%s\n' ".$path"
  done | tar -C "$root" -cf - -T - | tar -C "$deb" -xf -
  dpkg-deb --root-owner-group -Zgzip -b "$deb" "$1" >/dev/null
  in_guest "$root" dpkg --purge --force-depends "$package" linux-image-cloud-amd64 >"$work/purge.log" 2>&1
  rm -rf "${root:?}"/boot/* "$root"/lib/modules/* "$root"/vmlinuz* "$root"/initrd.img*
}
if $classic; then
  kernel=$(basename "$root"/boot/vmlinuz-*)
  kernel=${kernel#vmlinuz-}
  take_kernel "$output/$name.kernel.deb"
  unmount_all
  mv "$image" "$output/$name.img"
  write_domain "$output/$name.xml" "$name" "$mac" "$output/$name.img:$target"
  sed -i -e '/<bootloader>/d' \
    -e "s,^  <os>,&\n    <kernel>/boot/vmlinuz-xenU</kernel>\n    <cmdline>root=/dev/xvda1 ro console=hvc0</cmdline>," "$output/$name.xml"
  printf '%s\n' ROOT=/dev/vda "KERNEL=$kernel" NET=eth0,lo 'ADDR=eth0:10.0.2.*' FAILED=none >"$output/$name.expect"
  say "made $output/$name.img, $name.xml, $name.expect, $name.kernel.deb"
  exit 0
fi
in_guest "$root" update-initramfs -c -k all >"$work/initramfs.log" 2>&1 || {
  tail -n 15 "$work/initramfs.log" >&2
  die "update-initramfs failed"
}
lap "initramfs"

# --- its boot loader
cat >"$root/etc/default/grub" <<END
GRUB_DEFAULT=0
GRUB_TIMEOUT=1
GRUB_DISTRIBUTOR=Debian
GRUB_CMDLINE_LINUX_DEFAULT=""
GRUB_CMDLINE_LINUX="$arguments"
GRUB_TERMINAL="serial console"
GRUB_SERIAL_COMMAND="serial --unit=0 --speed=115200"
GRUB_DISABLE_OS_PROBER=true
END
! $no_uuid || cat >>"$root/etc/default/grub" <<'END'
# Uncomment if you don't want GRUB to pass "root=UUID=xxx" parameter to Linux
GRUB_DISABLE_LINUX_UUID=true
END
install_grub "$root" boot/grub
printf '(hd0)\t/dev/%s\n' $own >"$root/boot/grub/device.map"
! $mixed || printf '(hd1)\t/dev/sda\n' >>"$root/boot/grub/device.map"
grub_probe_stand_in "$root" /dev/${own}1 "$uuid"
in_guest "$root" update-grub >"$work/grub.log" 2>&1 || {
  tail -n 15 "$work/grub.log" >&2
  die "update-grub failed"
}
if $no_uuid; then wanted=/dev/${own}1; else wanted=UUID=$uuid; fi
grep -q "^[[:space:]]*linux.* root=$wanted " "$root/boot/grub/grub.cfg" ||
  die "grub.cfg does not name root=$wanted"
! grep -q /dev/loop "$root/boot/grub/grub.cfg" || die "grub.cfg names a device of this host"
kernel=$(basename "$root"/boot/vmlinuz-*)
kernel=${kernel#vmlinuz-}
unmount_all
! $selinux || {
  # Of what was mounted before, setfiles needs /proc alone.
  mount_at "$image" "$first_sector" "$root"
  mount -t proc proc "$root/proc"
  on_exit release_mount "$root/proc"
  in_guest "$root" setfiles -F -e /proc /etc/selinux/default/contexts/files/file_contexts / >"$work/setfiles.log" 2>&1 || {
    tail -n 15 "$work/setfiles.log" >&2
    die "setfiles failed"
  }
  unmount_all
}
! $boot_code || write_boot_code "$image"
mv "$image" "$output/$name.img"
lap "boot loader"

disks=("$output/$name.img:$target")
! $mixed || {
  data=$output/$name-data.img
  new_disk "$data" 64M "$(uuid_of "data of $name")"
  make_ext "$data" "$first_sector" "$(uuid_of "data file system of $name")" ext4
  disks+=("$data:hda")
  ! $data_first || disks=("${disks[1]}" "${disks[0]}")
}
domain_virt=$virt write_domain "$output/$name.xml" "$name" "$mac" "${disks[@]}"
cat >"$output/$name.expect" <<END
ROOT=/dev/vda1
KERNEL=$kernel
NET=eth0,lo
ADDR=eth0:10.0.2.*
FAILED=none
END
! $data_first || sed -i 's,^ROOT=.*,ROOT=/dev/vdb1,' "$output/$name.expect"
! $stacked || sed -i -e 's,^NET=.*,NET=eth0\,int5\,lo\,mv0,' -e 's,^ADDR=.*,ADDR=eth0:10.0.2.77/24\,[im]*:10.9.[56].7/24\,[im]*:10.9.[56].7/24,' "$output/$name.expect"
! $selinux || printf '%s\n' SELINUX=Enforcing MISLABELLED=none >>"$output/$name.expect"
say "made $output/$name.img ($(du -m "$output/$name.img" | cut -f1) MB on disk), $name.xml, $name.expect"
