#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Build a near-real RPM guest on Xen PV whose only kernel is a kernel-xen, and
# beside it a package with a kernel that boots under KVM. Its programs are
# Debian's; its packages, package database, boot files and network
# configuration are an RPM distribution's.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
# shellcheck source=phony-lib.sh
. "$here/phony-lib.sh"

usage() {
  cat <<END
Usage: $prog --output DIR [--name NAME] [--grub 2|legacy|bls] [--no-uuid] [--no-hwaddr] [--no-boot-code]

Makes DIR/NAME.img (raw, 2 GiB, sparse, one root), DIR/NAME.xml (libvirt Xen PV
domain), DIR/NAME.expect (what boot.sh must see after conversion to KVM) and
DIR/NAME.kernel.rpm (not installed; to be given with --with
centos7.x86_64.kernel=FILE, or centos6 with --grub legacy, centos8 with bls).

  --output DIR   where the files go; made when absent
  --name NAME    name of the guest (default: centos7, centos6, centos8)
  --grub 2       CentOS 7: GRUB 2 in /boot/grub2, ext4 (default)
  --grub legacy  CentOS 6: GRUB legacy with /boot/grub/grub.conf, ext3
  --grub bls     CentOS 8: GRUB 2 with entries of the boot loader specification, which a GRUB of
                 Debian's testing suite reads
  --no-uuid      GRUB_DISABLE_LINUX_UUID=true (GRUB 2)
  --no-hwaddr    no HWADDR in ifcfg-eth0
  --no-boot-code nothing at the beginning of the disk, as pygrub needs nothing there

The trees of Debian's packages are kept in \$V2V_TEST_CACHE (default
~/.cache/v2v-engine-tests). \$V2V_TEST_MIRROR names another mirror.
END
}

output='' name='' grub=2 no_uuid=false hwaddr=true boot_code=true
while [ $# -gt 0 ]; do
  case $1 in
    --output) need_value "$@"; output=$2; shift ;;
    --name) need_value "$@"; name=$2; shift ;;
    --grub) need_value "$@"; grub=$2; shift ;;
    --no-uuid) no_uuid=true ;;
    --no-hwaddr) hwaddr=false ;;
    --no-boot-code) boot_code=false ;;
    --help | -h) usage; exit 0 ;;
    *) bad_usage "unknown argument: $1" ;;
  esac
  shift
done
[ -n "$output" ] || bad_usage "--output is missing"
case $grub in
  2) name=${name:-centos7} major=7 fs=ext4 ;;
  legacy) name=${name:-centos6} major=6 fs=ext3 ;;
  bls) name=${name:-centos8} major=8 fs=ext4 ;;
  *) bad_usage "--grub is 2, legacy or bls, not $grub" ;;
esac

need mmdebstrap=mmdebstrap mkfs.ext4=e2fsprogs sfdisk=fdisk losetup=mount flock=util-linux \
  rpm=rpm rpmbuild=rpm depmod=kmod as=binutils cpio=cpio file=file
need_root
mkdir -p "$output"
output=$(cd "$output" && pwd)
make_work_dir

include=systemd,systemd-sysv,udev,kmod,rpm,dracut-core,iproute2,isc-dhcp-client,cron,util-linux,e2fsprogs,file
if [ "$grub" = legacy ]; then include+=,grub-legacy,libc6-i386; else include+=,grub-pc-bin,grub2-common; fi
tree=$(debian_tree bookworm "$include")
kernel_tree=$(debian_guest_tree bookworm)
lap "trees"

# --- the kernel for KVM: Debian's, less what a guest has no use for
payload=$work/kernel
mkdir -p "$payload"
tar -C "$payload" -xf "$kernel_tree" ./boot ./usr/lib/modules \
  --exclude='*/kernel/drivers/comedi' --exclude='*/kernel/drivers/hid' \
  --exclude='*/kernel/drivers/infiniband' --exclude='*/kernel/drivers/target' \
  --exclude='*/kernel/drivers/net/ethernet/[!i]*' --exclude='*/kernel/drivers/net/wireguard' \
  --exclude='*/kernel/fs/nfs*' --exclude='*/kernel/fs/smb' --exclude='*/kernel/fs/ceph' \
  --exclude='*/kernel/net/[!8c]*' --exclude='*/kernel/net/ceph'
mv "$payload/usr/lib" "$payload/lib"
rm -r "${payload:?}/usr" "$payload/boot/grub"
version=$(ls "$payload/lib/modules")
rm "$payload/lib/modules/$version"/modules.*.bin
find "$payload/lib/modules" -type d -empty -delete
depmod -b "$payload" "$version"
: >"$payload/boot/initramfs-$version.img"
release=${version#*-}
rpm_payload=w1.zstdio
kernel_rpm=$(rpm_build "$work" kernel "${version%%-*}" "${release//-/.}" "$payload")
rm -r "$payload"
lap "kernel package"

# --- the disk
uuid=$(uuid_of "root of $name")
mac=$(mac_of "$name")
image=$output/.$name.img.new
on_exit rm -f "$image"
new_disk "$image" 2G "$(uuid_of "disk of $name")"
if [ "$fs" = ext3 ]; then
  make_ext "$image" "$first_sector" "$uuid" ext3 -I 128 # all that GRUB legacy reads
else
  make_ext "$image" "$first_sector" "$uuid" ext4
fi
root=$work/root
mount_at "$image" "$first_sector" "$root"
tar -C "$root" --numeric-owner --xattrs --xattrs-include='*' -xf "$tree"
# nothing may speak of dpkg
rm -rf "${root:?}"/{etc,var/lib,usr/lib,usr/share,var/cache}/{apt,dpkg,debconf} "$root"/var/log/apt \
  "$root"/usr/bin/{apt*,dpkg*,debconf*} "$root"/etc/{debian_version,grub.d/05_debian_theme,os-release} \
  "$root"/usr/lib/os-release "$root"/usr/lib/systemd/system/{apt-daily,dpkg-db-backup}* \
  "$root"/etc/systemd/system/timers.target.wants/{apt-daily,dpkg-db-backup}* "$root"/etc/cron.daily/{apt*,dpkg}
cp -r --no-preserve=ownership "$here/rpm/root/." "$root/"
printf '\\S\nKernel \\r on an \\m\n\n' | tee "$root/etc/issue" >"$root/etc/issue.net"
ln -s centos-release "$root/etc/redhat-release"
ln -s centos-release "$root/etc/system-release"
case $major in
  6)
    echo 'CentOS release 6.10 (Final)' >"$root/etc/centos-release"
    rm "$root/etc/os-release" ;;
  8)
    echo 'CentOS Linux release 8.5.2111' >"$root/etc/centos-release"
    sed -i 's/^\(VERSION=\|VERSION_ID=\).*/\1"8"/; s/CentOS Linux 7 (Core)/CentOS Linux 8/; s,centos:7,centos:8,' "$root/etc/os-release" ;;
esac
lap "disk, file system, tree"

# --- the system under Xen
echo "$name" >"$root/etc/hostname"
uuid_of "machine $name" | tr -d - >"$root/etc/machine-id" # it has booted before
in_guest "$root" sh -c 'echo root:v2v | chpasswd'
printf '/dev/xvda1\t/\t%s\tdefaults\t1 1\n' "$fs" >"$root/etc/fstab"
ifcfg=$root/etc/sysconfig/network-scripts/ifcfg-eth0
printf 'DEVICE=eth0\nBOOTPROTO=dhcp\nONBOOT=yes\nTYPE=Ethernet\n' >"$ifcfg"
! $hwaddr || printf 'HWADDR=%s\n' "${mac^^}" >>"$ifcfg"
mkdir -p "$root"/etc/{modprobe.d,sysconfig}
cat >"$root/etc/sysconfig/kernel" <<END
# UPDATEDEFAULT specifies if new-kernel-pkg should make
# new kernels the default
UPDATEDEFAULT=yes

# DEFAULTKERNEL specifies the default kernel package type
DEFAULTKERNEL=kernel-xen
END
in_guest "$root" systemctl --quiet enable network.service 2>/dev/null
install_boot_report "$root"

# --- its packages
sed -i 's,^\(%_dbpath[[:space:]][[:space:]]*\).*,\1/var/lib/rpm,' "$root/usr/lib/rpm/macros"
mkdir -p "$root/etc/rpm" "$root/var/lib/rpm"
echo '%_dbpath /var/lib/rpm' >"$root/etc/rpm/macros"
rpm --root "$root" --dbpath /var/lib/rpm --initdb
rpm_package "$root" centos-release "$major" 9.2009.1.el$major.centos /etc/centos-release
rpm_package "$root" initscripts 9.49.53 1.el$major /usr/lib/udev/rename_device \
  /usr/lib/udev/rules.d/60-net.rules /etc/rc.d/init.d/network
rpm_package "$root" dracut 033 572.el$major /usr/bin/dracut
rpm_package "$root" kmod-xenpv 0.1 10.el$major /etc/depmod.d/xenpv.conf
xen=2.6.18-398.el5xen
rpm_kernel_payload "$work/xen" "$xen" initrd $'CONFIG_XEN=y\nCONFIG_X86_64_XEN=y' xenblk xennet
rpm_install "$root" "$(rpm_build "$work" kernel-xen 2.6.18 398.el5 "$work/xen")"
initramfs "$root" "/boot/initrd-$xen.img" "$xen" mkinitrd xenblk
lap "packages"

# --- its boot loader
if [ "$grub" = bls ]; then
  newer=$work/newer id=$(<"$root/etc/machine-id")
  mkdir "$newer"
  tar -C "$newer" -xf "$(debian_tree forky grub-pc-bin,grub-common)"
  rpm_package "$root" grub2-tools 2.02 150.el8 /usr/sbin/grub2-editenv
  ln -sf "$(cd "$root" && ls usr/bin/grub-editenv | sed 's,^,/,')" "$root/usr/bin/grub2-editenv"
  printf 'GRUB_TIMEOUT=1\nGRUB_DISTRIBUTOR="CentOS Linux"\nGRUB_DEFAULT=saved\nGRUB_CMDLINE_LINUX="console=hvc0 console=ttyS0"\nGRUB_ENABLE_BLSCFG=true\n' \
    >"$root/etc/default/grub"
  mkdir -p "$root/boot/grub2/i386-pc" "$root/boot/loader/entries"
  cp "$newer"/usr/lib/grub/i386-pc/{*.mod,*.lst,boot.img} "$root/boot/grub2/i386-pc/"
  in_guest "$newer" grub-mkimage -O i386-pc -p '(hd0,msdos1)/boot/grub2' -o /core.img biosdisk part_msdos ext2
  cp "$newer/core.img" "$root/boot/grub2/i386-pc/"
  cp "$newer/usr/lib/grub/i386-pc/boot.img" "$newer/core.img" "$work/"
  in_guest "$root" grub-editenv /boot/grub2/grubenv create
  in_guest "$root" grub-editenv /boot/grub2/grubenv set "saved_entry=$id-$xen"
  cat >"$root/boot/grub2/grub.cfg" <<'END'
#
# DO NOT EDIT THIS FILE
#
set pager=1
if [ -s $prefix/grubenv ]; then
  load_env
fi
if [ "${next_entry}" ] ; then
   set default="${next_entry}"
   set next_entry=
   save_env next_entry
else
   set default="${saved_entry}"
fi
serial --unit=0 --speed=115200
terminal_input serial console
terminal_output serial console
set timeout=1
# The blscfg command parses the BootLoaderSpec files stored in /boot/loader/entries
insmod blsuki
blscfg --path /boot/loader/entries
END
  cat >"$root/boot/loader/entries/$id-$xen.conf" <<END
title CentOS Linux ($xen) 8
version $xen
linux /boot/vmlinuz-$xen
initrd /boot/initrd-$xen.img
options root=/dev/xvda1 ro console=hvc0 console=ttyS0
id centos-20211114000000-$xen
grub_users \$grub_users
grub_arg --unrestricted
grub_class kernel
END
  rm -rf "$root/boot/grub" "$root"/usr/sbin/grub-{mkconfig,install,set-default,reboot}
elif [ "$grub" = 2 ]; then
  for tool in mkconfig install editenv probe mkimage set-default reboot; do
    for directory in usr/sbin usr/bin; do
      [ ! -e "$root/$directory/grub-$tool" ] || ln -s "grub-$tool" "$root/$directory/grub2-$tool"
    done
  done
  rpm_package "$root" grub2-tools 2.02 0.87.el7.centos /usr/sbin/grub2-mkconfig /usr/sbin/grub2-set-default
  cat >"$root/etc/default/grub" <<'END'
GRUB_TIMEOUT=1
GRUB_DISTRIBUTOR="CentOS Linux"
GRUB_DEFAULT=saved
GRUB_DISABLE_SUBMENU=true
GRUB_TERMINAL="serial console"
GRUB_SERIAL_COMMAND="serial --unit=0 --speed=115200"
GRUB_CMDLINE_LINUX="console=hvc0 console=ttyS0"
GRUB_DISABLE_RECOVERY="true"
GRUB_DISABLE_OS_PROBER=true
END
  ! $no_uuid || echo GRUB_DISABLE_LINUX_UUID=true >>"$root/etc/default/grub"
  ln -s ../default/grub "$root/etc/sysconfig/grub"
  ln -s ../boot/grub2/grub.cfg "$root/etc/grub2.cfg"
  mkdir -p "$root/boot/grub2"
  printf '# this device map was generated by anaconda\n(hd0)      /dev/xvda\n' >"$root/boot/grub2/device.map"
  chroot_mounts "$root" "$uuid"
  install_grub "$root" boot/grub2
  in_guest "$root" grub2-editenv /boot/grub2/grubenv set saved_entry=0
  grub_probe_stand_in "$root" /dev/xvda1 "$uuid"
  in_guest "$root" grub2-mkconfig -o /boot/grub2/grub.cfg >"$work/grub.log" 2>&1 || {
    tail -n 15 "$work/grub.log" >&2
    die "grub2-mkconfig failed"
  }
  grep -q "linux.*/boot/vmlinuz-$xen " "$root/boot/grub2/grub.cfg" || die "grub.cfg has no entry for $xen"
  rm -rf "$root/boot/grub" # Debian's packages make it
else
  rpm_package "$root" grub 0.97 99.el6 /usr/sbin/grub
  mkdir -p "$root/boot/grub"
  cp "$root"/usr/lib/grub/x86_64-pc/{stage1,stage2,e2fs_stage1_5} "$root/boot/grub/"
  cat >"$root/boot/grub/grub.conf" <<END
# grub.conf generated by anaconda
#
# Note that you do not have to rerun grub after making changes to this file
#boot=/dev/xvda
default=0
timeout=1
serial --unit=0 --speed=115200
terminal --timeout=1 serial console
title CentOS ($xen)
	root (hd0,0)
	kernel /boot/vmlinuz-$xen ro root=/dev/xvda1 console=hvc0 console=ttyS0
	initrd /boot/initrd-$xen.img
END
  ln -s grub.conf "$root/boot/grub/menu.lst"
  ln -s ../boot/grub/grub.conf "$root/etc/grub.conf"
  printf '# this device map was generated by anaconda\n(hd0)     /dev/xvda\n' >"$root/boot/grub/device.map"
  printf 'boot=/dev/xvda\nforcelba=0\n' >"$root/etc/sysconfig/grub"
  cp "$root/usr/sbin/grub" "$work/"
  mkdir -p "$work/lib32"
  cp -L "$root"/lib32/{ld-linux.so.2,libc.so.6} "$work/lib32/"
fi
rm -rf "$root"/var/log/*.log
unmount_all
if ! $boot_code; then :; elif [ "$grub" != legacy ]; then write_boot_code "$image"; else
  # a program of 32 bits, which not every host runs
  run32=()
  "$work/lib32/ld-linux.so.2" --version >/dev/null 2>&1 || { need qemu-i386=qemu-user; run32=(qemu-i386); }
  "${run32[@]}" "$work/lib32/ld-linux.so.2" --library-path "$work/lib32" "$work/grub" --batch --device-map=/dev/null \
    >"$work/grub.log" 2>&1 <<END || true
device (hd0) $image
root (hd0,0)
setup (hd0)
quit
END
  grep -q '^Done\.' "$work/grub.log" || { tail -n 15 "$work/grub.log" >&2; die "setup of GRUB legacy failed"; }
fi
mv "$image" "$output/$name.img"
mv "$kernel_rpm" "$output/$name.kernel.rpm"
lap "boot loader"

write_domain "$output/$name.xml" "$name" "$mac" "$output/$name.img"
cat >"$output/$name.expect" <<END
ROOT=/dev/vda1
KERNEL=$version
NET=eth0,lo
ADDR=eth0:10.0.2.*
FAILED=none
END
say "made $output/$name.img ($(du -m "$output/$name.img" | cut -f1) MB on disk), $name.xml, $name.expect, $name.kernel.rpm ($(du -m "$output/$name.kernel.rpm" | cut -f1) MB)"
