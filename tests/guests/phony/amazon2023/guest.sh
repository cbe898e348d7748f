# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Amazon Linux 2023 under Xen HVM: boot loader entries with arguments, networkd that goes by the drivers of a cloud, cloud-init"
disk_a=("ext4 rest root")
domain_virt=hvm

fill_root() {
  local version=6.1.79-99.164.amzn2023.x86_64 id=ec2a7f2f3c4d5e6f708192a3b4c5d6e7 root arguments
  root=$(partition_uuid 1)
  arguments='console=tty0 console=ttyS0,115200n8 nvme_core.io_timeout=4294967295 rd.emergency=poweroff rd.shell=0 selinux=1 security=selinux quiet'
  rpm_system "$1" 'NAME="Amazon Linux"|VERSION="2023"|ID="amzn"|ID_LIKE="fedora"|VERSION_ID="2023"|PLATFORM_ID="platform:al2023"|PRETTY_NAME="Amazon Linux 2023"' \
    /etc/system-release 'Amazon Linux release 2023 (Amazon Linux)'
  ln -s system-release "$1/etc/amazon-linux-release"
  rmdir "$1/etc/sysconfig/network-scripts"
  echo $id >"$1/etc/machine-id"
  mkdir -p "$1"/usr/lib/systemd/network "$1"/etc/cloud/cloud.cfg.d "$1"/etc/systemd/system/multi-user.target.wants "$1/boot/loader/entries"
  ln -s /usr/lib/systemd/system/systemd-networkd.service "$1/etc/systemd/system/multi-user.target.wants/systemd-networkd.service"
  printf '[Match]\nDriver=ena ixgbevf vif\n\n[Link]\nMTUBytes=9001\n\n[Network]\nDHCP=yes\nIPv6DuplicateAddressDetection=0\nLLMNR=no\nDNSDefaultRoute=yes\n' \
    >"$1/usr/lib/systemd/network/80-ec2.network"
  rpm_package "$1" amazon-ec2-net-utils 2.4.1 1.amzn2023.0.1 /usr/lib/systemd/network/80-ec2.network
  printf 'UUID=%s     /           ext4    defaults,noatime  1   1\n' "$root" >"$1/etc/fstab"
  printf 'GRUB_CMDLINE_LINUX_DEFAULT="%s"\nGRUB_TIMEOUT=0\nGRUB_DISABLE_RECOVERY="true"\nGRUB_TERMINAL="ec2-console"\nGRUB_ENABLE_BLSCFG="true"\nGRUB_DEFAULT=saved\n' \
    "$arguments" >"$1/etc/default/grub"
  printf 'root=UUID=%s ro %s\n' "$root" "$arguments" >"$1/etc/kernel-cmdline"
  mkdir -p "$1/etc/kernel"
  mv "$1/etc/kernel-cmdline" "$1/etc/kernel/cmdline"
  printf 'if [ -s $prefix/grubenv ]; then\n  load_env\nfi\nset default="${saved_entry}"\ninsmod blscfg\nblscfg\n' >"$1/boot/grub2/grub.cfg"
  rpm_kernel "$1" kernel $version xen-blkfront
  printf 'title Amazon Linux (%s) 2023\nversion %s\nlinux /boot/vmlinuz-%s\ninitrd /boot/initramfs-%s.img\noptions root=UUID=%s ro %s\ngrub_users $grub_users\ngrub_arg --unrestricted\ngrub_class amzn\n' \
    $version $version $version $version "$root" "$arguments" >"$1/boot/loader/entries/$id-$version.conf"
}
