#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Build a real Debian guest as it runs under VMware, on a storage stack that only a machine of its
# own can set up: a .vmx with its disk, and what a boot must report once the guest has been converted.
# Unlike the other builders it needs libguestfs: everything is done in an appliance.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"

usage() {
  cat <<END
Usage: $prog --layout LAYOUT --output DIR [--name NAME] [--suite SUITE] [--network NETWORK]
                 [--no-slots]

Makes DIR/NAME.vmx, DIR/NAME.vmdk (in pieces of 2 GiB, sparse; NAME-2.vmdk is a second disk) and
DIR/NAME.expect (what boot.sh must see after conversion to KVM).

  --layout LAYOUT    lvm: /boot on a partition, root (over two disks) and swap on logical volumes; LVM's
                     filter names the disks, also in the initramfs; a kernel for rescue has no modules
                     btrfs: everything on one btrfs, root in the subvolume @
                     uefi: GPT, an EFI system partition, a loader that only the firmware's own
                     variables know
                     systemd-boot: the same, with a loader that reads entries of the boot loader
                     specification, beside which the kernel and its initramfs are copied
                     luks: /boot on a partition, root on LUKS; the passphrase is kept-from-all
                     dracut: /boot and root on partitions, an initramfs of dracut
  --suite SUITE      bookworm (default), bullseye or trixie
  --network NETWORK  two interfaces with fixed addresses, named as under VMware, in the files of
                     ifupdown (default), networkd, netplan, or netplan-driver, which knows them by
                     address and by VMware's driver; or counted: five interfaces called eth0 to
                     eth4 by the kernel, whose order on the bus is not that of the .vmx
  --no-slots         a controller PVSCSI, and a .vmx that does not say in which slots its cards
                     are, as the domain that libvirt makes of a guest of ESX
  --output DIR       where the files go; made when absent
  --name NAME        name of the guest (default: LAYOUT)
END
}

layout='' suite=bookworm network=ifupdown output='' name='' with_slots=true
while [ $# -gt 0 ]; do
  case $1 in
    --layout) need_value "$@"; layout=$2; shift ;;
    --suite) need_value "$@"; suite=$2; shift ;;
    --network) need_value "$@"; network=$2; shift ;;
    --no-slots) with_slots=false ;;
    --output) need_value "$@"; output=$2; shift ;;
    --name) need_value "$@"; name=$2; shift ;;
    --help | -h) usage; exit 0 ;;
    *) bad_usage "unknown argument: $1" ;;
  esac
  shift
done
packages=linux-image-cloud-amd64,systemd,systemd-sysv,udev,kmod,initramfs-tools,iproute2,cron,util-linux
case $layout in
  lvm) packages+=,grub-pc,lvm2 ;;
  btrfs) packages+=,grub-pc,btrfs-progs ;;
  uefi) packages+=,grub-efi-amd64,dosfstools ;;
  systemd-boot) packages+=,systemd-boot,dosfstools ;;
  luks) packages+=,grub-pc,cryptsetup-initramfs ;;
  dracut) packages=${packages/initramfs-tools/dracut},grub-pc ;;
  '') bad_usage "--layout is missing" ;;
  *) bad_usage "unknown layout: $layout" ;;
esac
case $network in
  ifupdown | counted) packages+=,ifupdown ;;
  networkd) ;;
  netplan | netplan-driver) packages+=,netplan.io ;;
  *) bad_usage "unknown network: $network" ;;
esac
case $suite in bookworm | bullseye | trixie) ;; *) bad_usage "unknown suite: $suite" ;; esac
[ -n "$output" ] || bad_usage "--output is missing"
name=${name:-$layout}
need mmdebstrap=mmdebstrap guestfish=guestfish qemu-img=qemu-utils
need_root
mkdir -p "$output"
output=$(cd "$output" && pwd)
make_work_dir
tree=$(debian_tree "$suite" "$packages")
lap "Debian tree ($suite)"

# --- what is the same in all of them: files over the tree
files=$work/files
mkdir -p "$files"/etc/{default,initramfs-tools/conf.d,network,systemd/network,netplan} "$files/etc/systemd/system/multi-user.target.wants"
echo "$name" >"$files/etc/hostname"
uuid_of "machine $name" | tr -d - >"$files/etc/machine-id"
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$name" >"$files/etc/hosts"
printf 'BUSYBOX=auto\nCOMPRESS=zstd\nMODULES=list\n' >"$files/etc/initramfs-tools/initramfs.conf"
[ "$suite" != bullseye ] || sed -i s/zstd/gzip/ "$files/etc/initramfs-tools/initramfs.conf"
printf '%s\n' mptspi vmw_pvscsi vmxnet3 sd_mod ext4 btrfs dm_mod dm_crypt >"$files/etc/initramfs-tools/modules"
echo RESUME=none >"$files/etc/initramfs-tools/conf.d/resume"
cat >"$files/etc/default/grub" <<'END'
GRUB_DEFAULT=0
GRUB_TIMEOUT=1
GRUB_DISTRIBUTOR=Debian
GRUB_CMDLINE_LINUX_DEFAULT=""
GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0"
GRUB_TERMINAL="serial console"
GRUB_SERIAL_COMMAND="serial --unit=0 --speed=115200"
GRUB_DISABLE_OS_PROBER=true
END
install_boot_report "$files"

macs=(00:50:56:3a:00:01 00:50:56:3a:00:02) slots=(192 224) cards=(ens192 ens224) addresses=(10.0.2.77/24 10.9.8.7/24)
[ $network != counted ] || {
  # 160 is on bus 3, 1184 on 4, 192 on 11, 224 on 19, 256 on 27.
  macs+=(00:50:56:3a:00:03 00:50:56:3a:00:04 00:50:56:3a:00:05) slots=(160 192 224 256 1184) cards=(eth0 eth2 eth3 eth4 eth1)
  addresses+=(10.9.9.7/24 10.9.10.7/24 10.9.11.7/24)
  sed -i 's/console=ttyS0"/console=ttyS0 net.ifnames=0"/' "$files/etc/default/grub"
}
case $network in
  ifupdown | counted)
    {
      printf 'auto lo\niface lo inet loopback\n'
      for i in "${!cards[@]}"; do printf '\nauto %s\niface %s inet static\n\taddress %s\n' "${cards[i]}" "${cards[i]}" "${addresses[i]}"; done
    } >"$files/etc/network/interfaces"
    ;;
  networkd)
    for i in 0 1; do printf '[Match]\nName=%s\n\n[Network]\nAddress=%s\n' "${cards[i]}" "${addresses[i]}" >"$files/etc/systemd/network/20-card$i.network"; done
    ;;
  netplan | netplan-driver)
    {
      printf 'network:\n  version: 2\n  renderer: networkd\n  ethernets:\n'
      for i in 0 1; do
        printf '    %s:\n      addresses: [%s]\n' "${cards[i]}" "${addresses[i]}"
        [ $network = netplan ] || printf '      match:\n        driver: vmxnet3\n        macaddress: "%s"\n      set-name: %s\n' "${macs[i]}" "${cards[i]}"
      done
    } >"$files/etc/netplan/01-cards.yaml"
    chmod 600 "$files/etc/netplan/01-cards.yaml"
    ;;
esac
[[ $network = ifupdown || $network = counted ]] || ln -s /lib/systemd/system/systemd-networkd.service "$files/etc/systemd/system/multi-user.target.wants/"
# The guest has no name server to wait for, nor another host.
ln -s /dev/null "$files/etc/systemd/system/systemd-networkd-wait-online.service"
tar -C "$files" -cf "$work/files.tar" .

# --- the disk
image=$work/disk.img
truncate -s 3G "$image"
disks=("$image")
if [ $layout = lvm ]; then
  truncate -s 1G "$image"
  truncate -s 2G "$work/disk-2.img"
  disks+=("$work/disk-2.img")
fi
{
  echo run
  case $layout in
    uefi | systemd-boot) printf '%s\n' 'part-init /dev/sda gpt' 'part-add /dev/sda p 2048 264191' 'part-add /dev/sda p 264192 -2048' \
      'part-set-gpt-type /dev/sda 1 C12A7328-F81F-11D2-BA4B-00A0C93EC93B' 'mkfs vfat /dev/sda1' 'mkfs ext4 /dev/sda2' \
      'mount /dev/sda2 /' 'mkdir-p /boot/efi' 'mount /dev/sda1 /boot/efi' ;;
    btrfs) printf '%s\n' 'part-init /dev/sda mbr' 'part-add /dev/sda p 2048 -1' 'part-set-bootable /dev/sda 1 true' 'mkfs btrfs /dev/sda1' 'mount /dev/sda1 /' \
      'btrfs-subvolume-create /@' 'btrfs-subvolume-create /@home' 'umount-all' 'mount-options subvol=@ /dev/sda1 /' 'mkdir /home' \
      'mount-options subvol=@home /dev/sda1 /home' ;;
    *) printf '%s\n' 'part-init /dev/sda mbr' 'part-add /dev/sda p 2048 526335' 'part-add /dev/sda p 526336 -1' \
      'part-set-bootable /dev/sda 1 true' 'mkfs ext4 /dev/sda1' ;;
  esac
  case $layout in
    lvm) printf '%s\n' 'pvcreate /dev/sda2' 'pvcreate /dev/sdb' 'vgcreate vg0 "/dev/sda2 /dev/sdb"' 'lvcreate root vg0 2400' 'lvcreate swap vg0 100' 'mkfs ext4 /dev/vg0/root' \
      'mkswap /dev/vg0/swap' 'mount /dev/vg0/root /' 'mkdir /boot' 'mount /dev/sda1 /boot' ;;
    luks) printf '%s\n' 'luks-format /dev/sda2 0' kept-from-all 'luks-open /dev/sda2 cryptroot' kept-from-all 'mkfs ext4 /dev/mapper/cryptroot' \
      'mount /dev/mapper/cryptroot /' 'mkdir /boot' 'mount /dev/sda1 /boot' ;;
    dracut) printf '%s\n' 'mkfs ext4 /dev/sda2' 'mount /dev/sda2 /' 'mkdir /boot' 'mount /dev/sda1 /boot' ;;
  esac
  printf '%s\n' "tar-in $tree / xattrs:true" "tar-in $work/files.tar /" 'sh "rm -f /etc/apt/apt.conf.d/99mmdebstrap /etc/dpkg/dpkg.cfg.d/99mmdebstrap"' \
    'sh "chown -R 0:0 /etc/default /etc/network /etc/netplan /etc/systemd /etc/initramfs-tools /usr/local; echo root:v2v | chpasswd"'
  case $layout in
    lvm) printf '%s\n' 'write /etc/fstab "/dev/mapper/vg0-root / ext4 errors=remount-ro 0 1\n/dev/sda1 /boot ext4 defaults 0 2\n/dev/mapper/vg0-swap none swap sw 0 0\n"' \
      'write /etc/lvm/lvmlocal.conf "devices {\n\tglobal_filter = [ \"a|^/dev/sda2$|\", \"a|^/dev/sdb$|\", \"r|.*|\" ]\n}\n"' ;;
    dracut) printf '%s\n' 'write /etc/fstab "/dev/sda2 / ext4 errors=remount-ro 0 1\n/dev/sda1 /boot ext4 defaults 0 2\n"' ;;
    btrfs) printf '%s\n' 'write /etc/fstab "/dev/sda1 / btrfs defaults,subvol=@ 0 0\n/dev/sda1 /home btrfs defaults,subvol=@home 0 0\n"' ;;
    uefi | systemd-boot) printf '%s\n' 'write /etc/fstab "/dev/sda2 / ext4 errors=remount-ro 0 1\n/dev/sda1 /boot/efi vfat umask=0077 0 1\n"' ;;
    luks) printf '%s\n' 'write /etc/fstab "/dev/mapper/cryptroot / ext4 errors=remount-ro 0 1\n/dev/sda1 /boot ext4 defaults 0 2\n"' \
      'write /etc/crypttab "cryptroot /dev/sda2 none luks\n"' ;;
  esac
  case $layout in
    # What the packages made in a chroot has every driver.
    dracut) echo 'sh "for k in /boot/vmlinuz-*; do v=${k#/boot/vmlinuz-}; dracut --force --no-hostonly --omit-drivers \"virtio_blk virtio_scsi virtio_net\" /boot/initrd.img-$v $v; done"' ;;
    *) echo 'sh "update-initramfs -c -k all"' ;;
  esac
  case $layout in
    lvm) printf '%s\n' 'sh "cd /boot; for k in vmlinuz-*; do for f in $k initrd.img-${k#vmlinuz-}; do cp $f ${f%%-*}-0-rescue-0123456789abcdef0123456789abcdef; done; done"' \
      'sh "sed -i s/-[0-9][0-9]-cloud-amd64/-00-cloud-amd64/ /boot/vmlinuz-0-rescue-*"' ;; # of which there are no modules
  esac
  case $layout in
    uefi) printf '%s\n' 'sh "grub-install --target=x86_64-efi --efi-directory=/boot/efi --no-nvram"' 'sh "update-grub"' ;;
    # Its fallback loader is taken away, as one that only the firmware's variables know.
    systemd-boot) printf '%s\n' 'mkdir-p /etc/kernel' 'write /etc/kernel/cmdline "root=/dev/sda2 ro console=tty0 console=ttyS0\n"' \
      'sh "bootctl --esp-path=/boot/efi --no-variables install"' 'sh "rm -rf /boot/efi/EFI/BOOT"' \
      'sh "for k in /boot/vmlinuz-*; do v=${k#/boot/vmlinuz-}; kernel-install add $v $k /boot/initrd.img-$v; done"' ;;
    # The appliance may call the disk otherwise.
    *) printf '%s\n' 'sh "grub-install $(grub-probe --target=disk /boot)"' 'sh "update-grub"' ;;
  esac
  printf '%s\n' 'glob-expand /boot/vmlinuz-*' 'umount-all'
} >"$work/commands"
export LIBGUESTFS_BACKEND=direct
# /dev/kvm may be there and yet hang.
grep -qE '^flags.* (vmx|svm)( |$)' /proc/cpuinfo || export LIBGUESTFS_BACKEND_SETTINGS=force_tcg
timeout 900 guestfish --keys-from-stdin --format=raw "${disks[@]/#/--add=}" <"$work/commands" >"$work/guestfish.log" 2>&1 || {
  tail -n 25 "$work/guestfish.log" >&2
  die "the guest could not be made"
}
kernel=$(grep -o '/boot/vmlinuz-.*' "$work/guestfish.log" | tail -n 1)
lap "disk, tree, initramfs, boot loader"

qemu-img convert -f raw -O vmdk -o subformat=twoGbMaxExtentSparse "$image" "$output/$name.vmdk"
[ ${#disks[@]} -eq 1 ] || qemu-img convert -f raw -O vmdk "${disks[1]}" "$output/$name-2.vmdk"
{
  printf '%s\n' '.encoding = "UTF-8"' 'config.version = "8"' 'virtualHW.version = "19"' "displayName = \"$name\"" 'guestOS = "debian11-64"' \
    'memSize = "1024"' 'numvcpus = "1"' 'pciBridge0.present = "TRUE"' 'scsi0.present = "TRUE"' "scsi0.virtualDev = \"$(if $with_slots; then echo lsilogic; else echo pvscsi; fi)\"" \
    'scsi0:0.present = "TRUE"' 'scsi0:0.deviceType = "scsi-hardDisk"' "scsi0:0.fileName = \"$name.vmdk\""
  [ ${#disks[@]} -eq 1 ] || printf '%s\n' 'scsi0:1.present = "TRUE"' 'scsi0:1.deviceType = "scsi-hardDisk"' "scsi0:1.fileName = \"$name-2.vmdk\""
  case $layout in uefi | systemd-boot) echo 'firmware = "efi"' ;; esac
  for i in "${!macs[@]}"; do
    printf '%s\n' "ethernet$i.present = \"TRUE\"" "ethernet$i.virtualDev = \"vmxnet3\"" "ethernet$i.addressType = \"static\"" \
      "ethernet$i.address = \"${macs[i]}\"" "ethernet$i.networkName = \"VM Network\""
    ! $with_slots || echo "ethernet$i.pciSlotNumber = \"${slots[i]}\""
  done
} >"$output/$name.vmx"
case $layout in
  lvm) root=/dev/mapper/vg0-root ;;
  btrfs) root='/dev/vda1[[]/@[]]' ;;
  uefi | systemd-boot | dracut) root=/dev/vda2 ;;
  luks) root=/dev/mapper/cryptroot ;;
esac
in_order=$(for i in "${!cards[@]}"; do echo "${cards[i]}:${addresses[i]}"; done | sort | paste -sd,)
cat >"$output/$name.expect" <<END
ROOT=$root
KERNEL=${kernel#/boot/vmlinuz-}
NET=$(printf '%s\n' "${cards[@]}" lo | sort | paste -sd,)
ADDR=$in_order
FAILED=none
END
say "made $output/$name.vmx, $name.vmdk, $name.expect"
