# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Debian 10 as a cloud's image under Xen HVM: a kernel for clouds alone, PARTUUID, cloud-init, no names by place"
domain_virt=hvm
# no driver of hardware at all
debian_modules=(-b fs/ext4/ext4 -b drivers/pci/pci virtio virtio_ring virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci
  virtio_blk virtio_scsi virtio_balloon virtio-rng virtio_console failover net_failover virtio_net xen-blkfront xen-netfront)

fill_root() {
  local version=4.19.0-21-cloud-amd64 arguments='console=tty0 console=ttyS0,115200 earlyprintk=ttyS0,115200 consoleblank=0' root
  root=PARTUUID=$(uuid_of "$guest a" | cut -c 1-8)-01
  debian_system "$1" 'PRETTY_NAME="Debian GNU/Linux 10 (buster)"|NAME="Debian GNU/Linux"|VERSION_ID="10"|VERSION="10 (buster)"|VERSION_CODENAME=buster|ID=debian' \
    10.3+deb10u13 0.133+deb10u1 2.06-3~deb10u1
  echo 10.13 >"$1/etc/debian_version"
  stub "$1" /usr/lib/systemd/systemd
  printf '%s / ext4 rw,discard,errors=remount-ro 0 1\n' "$root" >"$1/etc/fstab"
  mkdir -p "$1"/etc/network/interfaces.d "$1"/etc/cloud/cloud.cfg.d "$1"/etc/default/grub.d
  printf 'source-directory /etc/network/interfaces.d\nauto lo\niface lo inet loopback\n' >"$1/etc/network/interfaces"
  printf '# This file is generated from information provided by the datasource.\nauto lo\niface lo inet loopback\n\nauto eth0\niface eth0 inet dhcp\n' \
    >"$1/etc/network/interfaces.d/50-cloud-init"
  printf 'datasource_list: [ Ec2, None ]\n' >"$1/etc/cloud/cloud.cfg.d/90_dpkg.cfg"
  printf 'GRUB_DEFAULT=0\nGRUB_TIMEOUT=0\nGRUB_CMDLINE_LINUX="%s"\n' "$arguments" >"$1/etc/default/grub"
  printf 'GRUB_CMDLINE_LINUX="net.ifnames=0 biosdevname=0 $GRUB_CMDLINE_LINUX"\n' >"$1/etc/default/grub.d/10_cloud.cfg"
  printf 'GRUB_DEVICE="%s"\nGRUB_DISABLE_LINUX_UUID=true\n' "$root" >"$1/etc/default/grub.d/15_partuuid.cfg"
  debian_kernel "$1" $version 4.19.249-2 xen-blkfront
  grub2_menu "$1" 'Debian GNU/Linux' "$root" "net.ifnames=0 biosdevname=0 $arguments" $version
}
