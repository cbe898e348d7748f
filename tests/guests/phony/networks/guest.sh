# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../unknown-id/guest.sh
. "$here/phony/unknown-id/guest.sh"
about="Ubuntu 22.04 of VMware with three network cards in netplan: by address and driver, by slot, and the one that is left"
domain_virt=hvm target_a=sda
cards=(00:50:56:00:00:0a 00:50:56:00:00:0b 00:50:56:00:00:0c)

fill_root() {
  cp -r "$here/phony/unknown-id/root/." "$1/"
  printf 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\nPRETTY_NAME="Ubuntu 22.04.4 LTS"\n' >"$1/etc/os-release"
  foreign_names "$1" sda etc/fstab etc/default/grub boot/grub/grub.cfg boot/grub/device.map
  debian_userland "$1"
  stub "$1" /usr/lib/systemd/systemd
  dpkg_package "$1" base-files 12ubuntu4 admin </dev/null
  dpkg_package "$1" initramfs-tools 0.140ubuntu13 utils <<</usr/sbin/update-initramfs
  debian_kernel "$1" 5.15.0-100-generic 5.15.0-100.110 ata_piix
  networks "$1"
}

networks() {
  rm "$1/etc/network/interfaces"
  mkdir -p "$1/etc/netplan"
  cat >"$1/etc/netplan/50-cloud-init.yaml" <<'YAML'
# the addresses of old: 192.0.2.99/24
network:
    version: 2
    ethernets:
        first:
            match:
                driver: vmxnet3
                macaddress: 00:50:56:00:00:0a
            set-name: lan0
            dhcp4: true
        ens192:
            addresses:
            - 192.0.2.7/24
            routes:
            - to: default
              via: 192.0.2.1
            mtu: 9000
        ens224: {dhcp4: true}
    vlans:
        lan0.5: {id: 5, link: lan0}
YAML
}

extra() {
  foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga
  interfaces_of "$1/$2.xml" "${cards[@]}"
  sed -i "0,/0b'/s,0b'/>,&<v2v:slot xmlns:v2v='urn:v2v-engine:source'>192</v2v:slot>," "$1/$2.xml"
}

# interfaces_of DOMAIN MAC...: these in place of the one that it has
interfaces_of() {
  local file=$1 mac all=''
  shift
  for mac; do
    all+="<interface type='bridge'><mac address='$mac'/><source bridge='lan'/><model type='vmxnet3'/></interface>"
  done
  perl -0pi -e "s,\\s*<interface .*</interface>,$all,s" "$file"
}
