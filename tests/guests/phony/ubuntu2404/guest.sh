# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Ubuntu 24.04 of VMware with cloud-init: netplan by address, modules compressed by zstd, merged directories"
disk_a=("ext4 rest root")
domain_virt=hvm target_a=sda
debian_modules=(-z "${debian_modules[@]}")

fill_root() {
  local version=6.8.0-41-generic root mac
  root=$(partition_uuid 1) mac=$(mac_of "$guest")
  debian_system "$1" 'PRETTY_NAME="Ubuntu 24.04.1 LTS"|NAME="Ubuntu"|VERSION_ID="24.04"|VERSION="24.04.1 LTS (Noble Numbat)"|VERSION_CODENAME=noble|ID=ubuntu|ID_LIKE=debian' \
    13ubuntu10.1 0.142ubuntu25.2 2.12-1ubuntu7
  echo trixie/sid >"$1/etc/debian_version"
  stub "$1" /usr/lib/systemd/systemd
  stub "$1" /usr/sbin/netplan
  printf '/dev/disk/by-uuid/%s / ext4 defaults 0 1\n/swap.img\tnone\tswap\tsw\t0\t0\n' "$root" >"$1/etc/fstab"
  mkdir -p "$1"/etc/netplan "$1"/etc/cloud/cloud.cfg.d "$1"/var/lib/cloud/instances/iid-vmware-1
  cat >"$1/etc/netplan/50-cloud-init.yaml" <<END
# This file is generated from information provided by the datasource.  Changes
# to it will not persist across an instance reboot.
network:
    ethernets:
        ens160:
            dhcp4: true
            match:
                macaddress: $mac
            set-name: ens160
    version: 2
END
  chmod 600 "$1/etc/netplan/50-cloud-init.yaml"
  printf 'datasource_list: [ VMware, OVF, None ]\n' >"$1/etc/cloud/cloud.cfg.d/90_dpkg.cfg"
  printf 'disable_vmware_customization: false\n' >"$1/etc/cloud/cloud.cfg.d/99-vmware-guest-customization.cfg"
  ln -s instances/iid-vmware-1 "$1/var/lib/cloud/instance"
  printf 'GRUB_DEFAULT=0\nGRUB_TIMEOUT_STYLE=hidden\nGRUB_TIMEOUT=0\nGRUB_DISTRIBUTOR=`( . /etc/os-release; echo ${NAME:-Ubuntu} ) 2>/dev/null || echo Ubuntu`\nGRUB_CMDLINE_LINUX_DEFAULT=""\nGRUB_CMDLINE_LINUX=""\n' \
    >"$1/etc/default/grub"
  debian_kernel "$1" $version 6.8.0-41.41 libata ata_piix
  grub2_menu "$1" Ubuntu "UUID=$root" '' $version
  stub "$1" /usr/bin/vmtoolsd
  dpkg_package "$1" open-vm-tools 2:12.4.5-1~ubuntu0.24.04.2 admin <<</usr/bin/vmtoolsd
  dpkg_package "$1" cloud-init 24.2-0ubuntu1~24.04.2 admin </dev/null
}

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }
