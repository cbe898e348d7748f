# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Debian 9 of VMware: disks by UUID, an initramfs with most drivers, a card named by its slot in interfaces.d"
disk_a=("ext4 48 root" "swap rest -")
domain_virt=hvm target_a=sda

fill_root() {
  local version=4.9.0-19-amd64 root swap
  root=$(partition_uuid 1) swap=$(partition_uuid 2)
  debian_system "$1" 'PRETTY_NAME="Debian GNU/Linux 9 (stretch)"|NAME="Debian GNU/Linux"|VERSION_ID="9"|VERSION="9 (stretch)"|VERSION_CODENAME=stretch|ID=debian' \
    9.9+deb9u13 0.130 2.02~beta3-5+deb9u2
  echo 9.13 >"$1/etc/debian_version"
  stub "$1" /usr/lib/systemd/systemd
  printf '# / was on /dev/sda1 during installation\nUUID=%s / ext4 errors=remount-ro 0 1\n# swap was on /dev/sda2 during installation\nUUID=%s none swap sw 0 0\n/dev/sr0 /media/cdrom0 udf,iso9660 user,noauto 0 0\n' \
    "$root" "$swap" >"$1/etc/fstab"
  echo "RESUME=UUID=$swap" >"$1/etc/initramfs-tools/conf.d/resume"
  mkdir -p "$1/etc/network/interfaces.d"
  printf 'source /etc/network/interfaces.d/*\n\nauto lo\niface lo inet loopback\n' >"$1/etc/network/interfaces"
  printf 'auto ens192\niface ens192 inet static\n\taddress 192.0.2.7/24\n\tgateway 192.0.2.1\n\tdns-nameservers 192.0.2.53\n' >"$1/etc/network/interfaces.d/ens192"
  printf 'GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n' >"$1/etc/default/grub"
  debian_kernel "$1" $version 4.9.320-2 libata ata_piix virtio virtio_ring virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk
  grub2_menu "$1" 'Debian GNU/Linux' "UUID=$root" quiet $version
  printf '(hd0)\t/dev/disk/by-id/ata-VMware_Virtual_SATA_Hard_Drive_00000000000000000001\n' >"$1/boot/grub/device.map"
  stub "$1" /usr/bin/vmtoolsd
  dpkg_package "$1" open-vm-tools 2:10.1.5-5055683-4+deb9u2 admin <<</usr/bin/vmtoolsd
}

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }
