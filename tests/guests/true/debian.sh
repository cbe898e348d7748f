# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# Debian 9 to 13 and Ubuntu 14.04 to 26.04 as debian-installer, subiquity and the image builders leave them. Facts: partman's recipes and
# the comments of its fstab, netcfg's interfaces, curtin's and cloud-init's own writers, debian-cloud-images' FAI classes, livecd-rootfs's
# hooks, and fstabs, netplan files and listings of /boot in public reports.

# true_debian NAME=VALUE ...: sets the disks of a guest.sh and defines how they are filled.
#   version    12 (of Debian), 24.04 (of Ubuntu)
#   layout     plain (default: as debian-installer's "all files in one partition"), lvm, cloud, direct (subiquity without LVM)
#   firmware   bios (default), efi
#   hypervisor vmware (default), hyperv, xen, virtualbox
#   host       its name
true_debian() {
  true_version=12 true_layout=plain true_firmware=bios true_hypervisor=vmware true_host=deb01
  true_options "$@"
  true_id=debian
  case $true_version in *.*) true_id=ubuntu ;; esac
  true_major=${true_version%%.*}
  true_domain "$true_hypervisor"
  # until they had subiquity, Ubuntu's servers were installed by debian-installer
  true_installer=d-i
  [ "$true_id" != ubuntu ] || [ "$true_major" -lt 18 ] || true_installer=subiquity
  [ "$true_layout" != cloud ] || true_installer=cloud
  true_group=$true_host-vg size_a=260
  case $true_installer-$true_layout-$true_firmware in
    d-i-plain-bios) disk_a=("ext4 220 root" "5:swap rest -") ;;
    d-i-plain-efi) label_a=gpt disk_a=("esp 16 efi" "ext4 220 root" "swap rest -") ;;
    d-i-lvm-bios) disk_a=("$([ "$true_id$true_major" = debian13 ] && echo ext4 || echo ext2) 64 boot" "5:lvm rest $true_group") ;;
    d-i-lvm-efi) label_a=gpt disk_a=("esp 16 efi" "$([ "$true_id$true_major" = debian13 ] && echo ext4 || echo ext2) 64 boot" "lvm rest $true_group") ;;
    subiquity-lvm-bios) label_a=gpt true_group=ubuntu-vg disk_a=("biosboot 1 -" "ext4 64 boot" "lvm rest ubuntu-vg") ;;
    subiquity-lvm-efi) label_a=gpt true_group=ubuntu-vg disk_a=("esp 16 efi" "ext4 64 boot" "lvm rest ubuntu-vg") ;;
    subiquity-direct-bios) label_a=gpt disk_a=("biosboot 1 -" "ext4 rest root") ;;
    subiquity-direct-efi) label_a=gpt disk_a=("esp 16 efi" "ext4 rest root") ;;
    cloud-*)
      label_a=gpt disk_a=("14:biosboot 4 -" "15:esp 16 efi" "1:ext4 rest root")
      [ "$true_id" = debian ] || disk_a=("14:biosboot 4 -" "15:esp 16 efi UEFI" "1:ext4 rest root cloudimg-rootfs")
      # since 24.04 its image has a /boot of its own
      [ "$true_id" = debian ] || [ "$true_major" -lt 24 ] || disk_a=("14:biosboot 4 -" "15:esp 16 efi UEFI" "16:ext4 64 boot BOOT" "1:ext4 rest root cloudimg-rootfs") ;;
    *) die "$spec_dir: no such layout of $true_installer: $true_layout $true_firmware" ;;
  esac
  case $true_installer-$true_layout in
    d-i-lvm) volumes=("$true_group/root ext4 160 root" "$true_group/swap_1 swap 16 -") ;;
    subiquity-lvm) volumes=("ubuntu-vg/ubuntu-lv ext4 160 root") ;;
  esac
  fill_root() { debian_root "$1"; true_split "$1"; }
  fill_boot() { true_part_of boot "$1"; }
  fill_efi() { true_part_of efi "$1"; }
  extra() { true_hypervisor "$1" "$2" "$true_hypervisor" "$true_firmware"; }
}

# debian_versions: sets what it calls itself, its kernels (the oldest first) and versions of packages
debian_versions() {
  local v=$true_version
  compressed=gzip merged=yes maker=initramfs-tools
  case $true_id$v in
    debian9) code=stretch point=9.13 kernels=(4.9.0-12-amd64 4.9.0-18-amd64 4.9.0-19-amd64) package=4.9.320-2 merged=no base=9.9+deb9u13 tools=0.130 grub=2.02~beta3-5+deb9u2 ;;
    debian10) code=buster point=10.13 kernels=(4.19.0-18-amd64 4.19.0-26-amd64 4.19.0-27-amd64) package=4.19.316-1 base=10.3+deb10u13 tools=0.133+deb10u1 grub=2.06-3~deb10u4 ;;
    debian11) code=bullseye point=11.11 kernels=(5.10.0-28-amd64 5.10.0-31-amd64 5.10.0-32-amd64) package=5.10.223-1 base=11.1+deb11u11 tools=0.140 grub=2.06-3~deb11u6 ;;
    debian12) code=bookworm point=12.10 kernels=(6.1.0-28-amd64 6.1.0-31-amd64 6.1.0-32-amd64) package=6.1.129-1 base=12.4+deb12u10 tools=0.142+deb12u1 grub=2.06-13+deb12u1 compressed=zstd ;;
    debian13) code=trixie point=13.1 kernels=(6.12.38+deb13-amd64 6.12.41+deb13-amd64 6.12.43+deb13-amd64) package=6.12.43-1 base=13.8+deb13u1 tools=0.148.3 grub=2.12-9 compressed=zstd ;;
    ubuntu14.04) code=trusty name='Trusty Tahr' point=14.04.6 kernels=(3.13.0-24-generic 3.13.0-169-generic 3.13.0-170-generic) package=3.13.0-170.220 merged=no base=7.2ubuntu5.6 tools=0.103ubuntu4.11 grub=2.02~beta2-9ubuntu1.17 ;;
    ubuntu16.04) code=xenial name='Xenial Xerus' point=16.04.7 kernels=(4.4.0-131-generic 4.4.0-209-generic 4.4.0-210-generic) package=4.4.0-210.242 merged=no base=9.4ubuntu4.13 tools=0.122ubuntu8.17 grub=2.02~beta2-36ubuntu3.32 ;;
    ubuntu18.04) code=bionic name='Bionic Beaver' point=18.04.6 kernels=(4.15.0-156-generic 4.15.0-212-generic 4.15.0-213-generic) package=4.15.0-213.224 merged=no base=10.1ubuntu2.12 tools=0.130ubuntu3.13 grub=2.02-2ubuntu8.26 ;;
    ubuntu20.04) code=focal name='Focal Fossa' point=20.04.6 kernels=(5.4.0-125-generic 5.4.0-190-generic 5.4.0-192-generic) package=5.4.0-192.212 base=11ubuntu5.8 tools=0.136ubuntu6.7 grub=2.04-1ubuntu26.17 compressed=lz4 ;;
    ubuntu22.04) code=jammy name='Jammy Jellyfish' point=22.04.5 kernels=(5.15.0-43-generic 5.15.0-118-generic 5.15.0-119-generic) package=5.15.0-119.129 base=12ubuntu4.7 tools=0.140ubuntu13.4 grub=2.06-2ubuntu7.2 compressed=zstd ;;
    ubuntu24.04) code=noble name='Noble Numbat' point=24.04.2 kernels=(6.8.0-31-generic 6.8.0-57-generic 6.8.0-58-generic) package=6.8.0-58.60 base=13ubuntu10.2 tools=0.142ubuntu25.5 grub=2.12-1ubuntu7.3 compressed=zstd ;;
    ubuntu26.04) code=resolute name='Resolute Raccoon' point=26.04 kernels=(7.0.0-10-generic 7.0.0-14-generic 7.0.0-28-generic) package=7.0.0-28.28 base=14ubuntu6 tools=110-8ubuntu1 grub=2.14-2ubuntu1 compressed=zstd maker=dracut ;;
    *) die "$spec_dir: unknown version: $true_id $v" ;;
  esac
  # clouds have kernels of their own
  [ "$true_installer" != cloud ] || case $true_id in debian) kernels=("${kernels[@]/%-amd64/-cloud-amd64}") ;; esac
  removed=${kernels[0]} installed=("${kernels[@]:1}") newest=${kernels[-1]}
}

# debian_modules_of: sets the arguments of kernel_modules; Ubuntu has virtio built in until 22.04
debian_modules_of() {
  local form=()
  case $true_id$true_version in debian13) form=(-x) ;; ubuntu24.04 | ubuntu26.04) form=(-z) ;; esac
  case $true_id in
    ubuntu)
      if [ "$true_major" -lt 24 ]; then
        debian_modules=("${form[@]}" "${ubuntu_modules[@]}" virtio_scsi virtio_balloon "${source_modules[@]}")
        return
      fi ;;
  esac
  debian_modules=("${form[@]}" -b fs/ext4/ext4 -b drivers/pci/pci "${virtio_modules[@]}" "${hardware_modules[@]}" "${source_modules[@]}" xen-blkfront xen-netfront)
}

# debian_root_device: sets root, as the kernel's command line names it, and root_uuid, of its file system
debian_root_device() {
  root_uuid=$(partition_uuid "$(true_part root)")
  root=UUID=$root_uuid
  case $true_installer-$true_layout in
    d-i-lvm) root=/dev/mapper/$(volume_dm_name "$true_group/root") root_uuid=$(volume_uuid "$true_group/root") ;;
    subiquity-lvm) root=/dev/mapper/ubuntu--vg-ubuntu--lv root_uuid=$(volume_uuid ubuntu-vg/ubuntu-lv) ;;
    cloud-*)
      root=PARTUUID=$(part_uuid a 1)
      [ "$true_id" = debian ] || [ "$true_major" -gt 16 ] || root=LABEL=cloudimg-rootfs ;;
  esac
}

# debian_fstab DIR
debian_fstab() {
  local dir=$1 boot efi swap disk=$target_a type=ext2
  boot=$(true_part boot) efi=$(true_part efi) swap=$(true_part swap)
  [ "$true_id$true_major" != debian13 ] || type=ext4
  case $true_installer in
    d-i)
      {
        printf '# /etc/fstab: static file system information.\n#\n# <file system> <mount point>   <type>  <options>       <dump>  <pass>\n'
        if [ "$true_layout" = lvm ]; then
          printf '%s /               ext4    errors=remount-ro 0       1\n# /boot was on /dev/%s%s during installation\nUUID=%s /boot           %s    defaults        0       2\n' "$root" "$disk" "$boot" "$(partition_uuid "$boot")" "$type"
        else
          printf '# / was on /dev/%s%s during installation\nUUID=%s /               ext4    errors=remount-ro 0       1\n' "$disk" "$(true_part root)" "$root_uuid"
        fi
        [ -z "$efi" ] || printf '# /boot/efi was on /dev/%s%s during installation\nUUID=%s  /boot/efi       vfat    umask=0077      0       1\n' "$disk" "$efi" "$(partition_fat_id "$efi")"
        if [ "$true_layout" = lvm ]; then printf '/dev/mapper/%s none            swap    sw              0       0\n' "$(volume_dm_name "$true_group/swap_1")"
        else printf '# swap was on /dev/%s%s during installation\nUUID=%s none            swap    sw              0       0\n' "$disk" "$swap" "$(partition_uuid "$swap")"; fi
        # the drive that it was installed from
        printf '/dev/sr0        /media/cdrom0   udf,iso9660 user,noauto     0       0\n'
        [ "$true_id" = debian ] || printf '/dev/fd0        /media/floppy0  auto    rw,user,noauto,exec,utf8 0       0\n'
      } >"$dir/etc/fstab" ;;
    subiquity)
      {
        printf '# /etc/fstab: static file system information.\n#\n# <file system> <mount point>   <type>  <options>       <dump>  <pass>\n'
        if [ "$true_layout" = lvm ]; then
          printf '# / was on /dev/ubuntu-vg/ubuntu-lv during curtin installation\n/dev/disk/by-id/dm-uuid-%s / ext4 defaults 0 1\n' "$(volume_dm_uuid ubuntu-vg/ubuntu-lv)"
          printf '# /boot was on /dev/%s%s during curtin installation\n/dev/disk/by-uuid/%s /boot ext4 defaults 0 1\n' "$disk" "$boot" "$(partition_uuid "$boot")"
        else
          printf '# / was on /dev/%s%s during curtin installation\n/dev/disk/by-uuid/%s / ext4 defaults 0 1\n' "$disk" "$(true_part root)" "$root_uuid"
        fi
        [ -z "$efi" ] || printf '# /boot/efi was on /dev/%s%s during curtin installation\n/dev/disk/by-uuid/%s /boot/efi vfat defaults 0 1\n' "$disk" "$efi" "$(partition_fat_id "$efi")"
        printf '/swap.img\tnone\tswap\tsw\t0\t0\n'
      } >"$dir/etc/fstab"
      truncate -s 1M "$dir/swap.img"
      mkswap -q "$dir/swap.img" 2>/dev/null
      chmod 600 "$dir/swap.img" ;;
    cloud)
      case $true_id in
        debian) printf 'PARTUUID=%s / ext4 rw,discard,errors=remount-ro,x-systemd.growfs 0 1\nPARTUUID=%s /boot/efi vfat defaults 0 0\n' "$(part_uuid a 1)" "$(part_uuid a 15)" >"$dir/etc/fstab" ;;
        ubuntu)
          printf 'LABEL=cloudimg-rootfs\t/\t ext4\tdiscard,errors=remount-ro\t0 1\n' >"$dir/etc/fstab"
          [ -z "$boot" ] || printf 'LABEL=BOOT\t/boot\text4\tdefaults\t0 2\n' >>"$dir/etc/fstab"
          [ -z "$efi" ] || printf 'LABEL=UEFI\t/boot/efi\tvfat\tumask=0077\t0 1\n' >>"$dir/etc/fstab"
          # what cloud-init's cc_mounts adds
          printf '/swapfile\tnone\tswap\tsw,comment=cloudconfig\t0\t0\n' >>"$dir/etc/fstab"
          truncate -s 1M "$dir/swapfile"
          mkswap -q "$dir/swapfile" 2>/dev/null
          chmod 600 "$dir/swapfile" ;;
      esac ;;
  esac
}

# debian_card: what the guest calls its card
debian_card() {
  case $true_hypervisor-$true_id$true_major in
    hyperv-* | xen-* | *-ubuntu14 | *-debian8) echo eth0 ;;
    virtualbox-*) echo enp0s3 ;;
    *) case $true_id$true_major in debian9 | debian1?) echo ens192 ;; ubuntu16) echo ens160 ;; *) echo ens160 ;; esac ;;
  esac
}

# debian_network DIR: the card as the installer writes it
debian_network() {
  local dir=$1 card mac file=00-installer-config
  card=$(debian_card) mac=$(mac_of "$guest")
  case $true_installer in
    d-i)
      mkdir -p "$dir"/etc/network/{if-down.d,if-post-down.d,if-pre-up.d,if-up.d,interfaces.d}
      {
        printf '# This file describes the network interfaces available on your system\n# and how to activate them. For more information, see interfaces(5).\n\nsource /etc/network/interfaces.d/*\n\n# The loopback network interface\nauto lo\niface lo inet loopback\n\n# The primary network interface\n'
        if [ "$true_id" = ubuntu ]; then printf 'auto %s\niface %s inet static\n\taddress 192.0.2.31\n\tnetmask 255.255.255.0\n\tnetwork 192.0.2.0\n\tbroadcast 192.0.2.255\n\tgateway 192.0.2.1\n\t# dns-* options are implemented by the resolvconf package, if installed\n\tdns-nameservers 192.0.2.53\n' "$card" "$card"
        else printf 'allow-hotplug %s\niface %s inet static\n\taddress 192.0.2.31/24\n\tgateway 192.0.2.1\n\t# dns-* options are implemented by the resolvconf package, if installed\n\tdns-nameservers 192.0.2.53\n' "$card" "$card"; fi
      } >"$dir/etc/network/interfaces"
      [ "$true_id$true_major" != ubuntu14 ] || write "$dir/etc/udev/rules.d/70-persistent-net.rules" '# This file was automatically generated by the /lib/udev/write_net_rules' '' '# PCI device 0x15ad:0x07b0 (vmxnet3)' \
        "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", ATTR{address}==\"$mac\", ATTR{dev_id}==\"0x0\", ATTR{type}==\"1\", KERNEL==\"eth*\", NAME=\"eth0\""
      stub "$dir" /sbin/ifup ;;
    subiquity)
      [ "$true_major" -lt 24 ] && [ "$true_major" -gt 18 ] || file=50-cloud-init
      if [ $file = 00-installer-config ]; then
        write "$dir/etc/netplan/$file.yaml" "# This is the network config written by 'subiquity'" network: '  ethernets:' "    $card:" '      addresses:' '      - 192.0.2.31/24' '      gateway4: 192.0.2.1' '      nameservers:' '        addresses: [192.0.2.53]' '        search: []' '  version: 2'
        write "$dir/etc/cloud/cloud.cfg.d/subiquity-disable-cloudinit-networking.cfg" 'network: {config: disabled}'
      else
        write_with 600 "$dir/etc/netplan/$file.yaml" network: '    ethernets:' "        $card:" '            addresses:' '            - 192.0.2.31/24' '            nameservers:' '                addresses:' '                - 192.0.2.53' '                search: []' \
          '            routes:' '            -   to: default' '                via: 192.0.2.1' '    version: 2'
        write_with 600 "$dir/etc/cloud/cloud.cfg.d/90-installer-network.cfg" '# This is the network config written by '"'subiquity'" network: '  ethernets:' "    $card:" '      addresses:' '      - "192.0.2.31/24"' '  version: 2'
      fi ;;
    cloud)
      if [ "$true_id" = debian ] && [ "$true_major" -lt 12 ]; then
        mkdir -p "$dir/etc/network/interfaces.d"
        write "$dir/etc/network/interfaces" '# interfaces(5) file used by ifup(8) and ifdown(8)' 'source-directory /etc/network/interfaces.d' '' '# Dynamically generated configuration fragments are stored in /run:' 'source-directory /run/network/interfaces.d'
        write "$dir/etc/network/interfaces.d/50-cloud-init" '# This file is generated from information provided by the datasource.' 'auto lo' 'iface lo inet loopback' '' "auto $card" "iface $card inet dhcp"
        write "$dir/etc/udev/rules.d/75-cloud-ifupdown.rules" 'ACTION=="add", SUBSYSTEM=="net", RUN+="/etc/network/cloud-ifupdown-helper"'
        write_with 755 "$dir/etc/network/cloud-ifupdown-helper" '#!/bin/sh' 'exit 0'
        stub "$dir" /sbin/ifup
      elif [ "$true_id$true_major" = ubuntu14 ]; then
        write "$dir/etc/network/interfaces" 'auto lo' 'iface lo inet loopback' '' 'source /etc/network/interfaces.d/*.cfg'
        write "$dir/etc/network/interfaces.d/eth0.cfg" 'auto eth0' 'iface eth0 inet dhcp'
        stub "$dir" /sbin/ifup
      elif [ "$true_id$true_major" = ubuntu16 ]; then
        write "$dir/etc/network/interfaces" 'source /etc/network/interfaces.d/*.cfg'
        write "$dir/etc/network/interfaces.d/50-cloud-init.cfg" 'auto lo' 'iface lo inet loopback' '' "auto $card" "iface $card inet dhcp"
        stub "$dir" /sbin/ifup
      else
        write_with 600 "$dir/etc/netplan/50-cloud-init.yaml" '# This file is generated from information provided by the datasource.  Changes' '# to it will not persist across an instance reboot.' network: '    ethernets:' "        $card:" '            dhcp4: true' \
          '            match:' "                macaddress: $mac" "            set-name: $card" '    version: 2'
        [ "$true_id" = ubuntu ] || {
          # what it has before cloud-init knows anything
          write "$dir/etc/netplan/90-default.yaml" network: '  version: 2' '  ethernets:' '    all-en:' '      match:' '        name: en*' '      dhcp4: true' '      dhcp6: true' '    all-eth:' '      match:' '        name: eth*' '      dhcp4: true'
          chmod 600 "$dir/etc/netplan/90-default.yaml"
        }
      fi ;;
  esac
  [ ! -d "$dir/etc/netplan" ] || {
    stub "$dir" /usr/sbin/netplan
    true_units "$dir" "$units" multi-user.target systemd-networkd.service networkd-dispatcher.service
    true_units "$dir" "$units" network-online.target systemd-networkd-wait-online.service
    ln -sfn ../run/systemd/resolve/stub-resolv.conf "$dir/etc/resolv.conf"
  }
}

# debian_cloud DIR: what cloud-init is, and leaves
debian_cloud() {
  local dir=$1 id=iid-datasource-none unit
  [ "$true_installer" = cloud ] && id=$(uuid_of "$guest instance")
  write "$dir/etc/cloud/cloud.cfg" 'users:' '   - default' 'disable_root: true' 'preserve_hostname: false' 'cloud_init_modules:' ' - migrator' ' - growpart' ' - resizefs' ' - disk_setup' ' - mounts' \
    'system_info:' "   distro: $true_id" '   default_user:' "     name: $true_id"
  write "$dir/etc/cloud/cloud.cfg.d/05_logging.cfg" 'output: {all: "| tee -a /var/log/cloud-init-output.log"}'
  write "$dir/etc/cloud/cloud.cfg.d/90_dpkg.cfg" '# to update this file, run dpkg-reconfigure cloud-init' 'datasource_list: [ NoCloud, ConfigDrive, OpenNebula, DigitalOcean, Azure, AltCloud, OVF, MAAS, GCE, OpenStack, CloudSigma, SmartOS, VMware, None ]'
  write "$dir/etc/cloud/ds-identify.cfg" 'policy: enabled'
  [ "$true_installer" != subiquity ] || {
    write "$dir/etc/cloud/cloud.cfg.d/99-installer.cfg" 'datasource:' '  None:' '    metadata:' "      instance-id: $(uuid_of "$guest instance")" '    userdata_raw: "#cloud-config\n"' 'datasource_list: [None]'
    write "$dir/etc/cloud/cloud.cfg.d/curtin-preserve-sources.cfg" 'apt:' '  preserve_sources_list: true'
    : >"$dir/etc/cloud/cloud-init.disabled"
  }
  mkdir -p "$dir/var/lib/cloud"/{data,handlers,scripts,seed,sem,"instances/$id/sem"}
  ln -s "/var/lib/cloud/instances/$id" "$dir/var/lib/cloud/instance"
  echo "$id" >"$dir/var/lib/cloud/data/instance-id"
  echo NO_PREVIOUS_INSTANCE_ID >"$dir/var/lib/cloud/data/previous-instance-id"
  for unit in config_growpart config_resizefs config_mounts config_grub_dpkg; do : >"$dir/var/lib/cloud/instances/$id/sem/$unit"; done
  write "$dir/var/log/cloud-init.log" 'cloud-init[700]: finish: modules-final: SUCCESS'
  write "$dir/var/log/cloud-init-output.log" 'Cloud-init finished'
  [ "$true_id$true_major" = ubuntu14 ] || true_units "$dir" "$units" cloud-init.target cloud-init-local.service cloud-init.service cloud-config.service cloud-final.service
}

# debian_snaps DIR: a mount unit for every snap, as Ubuntu's servers have
debian_snaps() {
  local dir=$1 snap unit
  for snap in core20_2318 lxd_29351 snapd_21759; do
    unit=snap-${snap%_*}-${snap#*_}.mount
    write "$dir/etc/systemd/system/$unit" '[Unit]' "Description=Mount unit for ${snap%_*}, revision ${snap#*_}" After=snapd.mounts-pre.target Before=snapd.mounts.target '' '[Mount]' \
      "What=/var/lib/snapd/snaps/$snap.snap" "Where=/snap/${snap%_*}/${snap#*_}" Type=squashfs Options=nodev,ro,x-gdu.hide,x-gvfs-hide LazyUnmount=yes '' '[Install]' WantedBy=snapd.mounts.target WantedBy=multi-user.target
    mkdir -p "$dir/etc/systemd/system"/{snapd.mounts.target.wants,multi-user.target.wants} "$dir/snap/${snap%_*}/${snap#*_}"
    ln -s "/etc/systemd/system/$unit" "$dir/etc/systemd/system/snapd.mounts.target.wants/$unit"
    ln -s "/etc/systemd/system/$unit" "$dir/etc/systemd/system/multi-user.target.wants/$unit"
    write "$dir/var/lib/snapd/snaps/$snap.snap" 'hsqs phony'
  done
  write "$dir/var/lib/snapd/state.json" '{"data":{}}'
  write "$dir/etc/udev/rules.d/70-snap.lxd.rules" 'TAG=="snap_lxd_daemon", RUN+="/usr/lib/snapd/snap-device-helper"'
}

# debian_grub DIR: grub.cfg, defaults and the loaders
debian_grub() {
  local dir=$1 v id title distributor='`lsb_release -i -s 2> /dev/null || echo Debian`' default='quiet' linux='' prefix=/boot label=${label_a:-msdos} number file indent directory
  title='Debian GNU/Linux'
  [ "$true_id" = debian ] || { title=Ubuntu default=''; }
  [ -z "$(true_part boot)" ] || prefix=''
  id=$root_uuid
  number=$(true_part boot)
  number=${number:-$(true_part root)}
  [ "$true_installer" != cloud ] || linux='console=tty0 console=ttyS0,115200'
  [ "$true_id" = debian ] || [ "$true_installer" != cloud ] || { default='console=tty1 console=ttyS0' linux=''; }
  write "$dir/etc/default/grub" '# If you change this file, run update-grub afterwards to update' '# /boot/grub/grub.cfg.' '' GRUB_DEFAULT=0 "GRUB_TIMEOUT=$([ "$true_installer" = d-i ] && echo 5 || echo 0)" "GRUB_DISTRIBUTOR=$distributor" \
    "GRUB_CMDLINE_LINUX_DEFAULT=\"$default\"" "GRUB_CMDLINE_LINUX=\"$linux\"" '' '#GRUB_BADRAM="0x01234567,0xfefefefe,0x89abcdef,0xefefefef"' '#GRUB_TERMINAL=console' '#GRUB_GFXMODE=640x480' '#GRUB_DISABLE_LINUX_UUID=true' '#GRUB_DISABLE_RECOVERY="true"'
  [ "$true_id" = debian ] || sed -i 's/^GRUB_TIMEOUT=/GRUB_TIMEOUT_STYLE=hidden\n&/' "$dir/etc/default/grub"
  [ "$true_installer" != cloud ] || case $true_id in
    ubuntu) write "$dir/etc/default/grub.d/50-cloudimg-settings.cfg" GRUB_RECORDFAIL_TIMEOUT=0 GRUB_TIMEOUT=0 "GRUB_CMDLINE_LINUX_DEFAULT=\"$default\"" GRUB_TERMINAL=console
      write "$dir/etc/default/grub.d/40-force-partuuid.cfg" "GRUB_FORCE_PARTUUID=$(part_uuid a 1)" ;;
    debian) write "$dir/etc/default/grub.d/10_cloud.cfg" GRUB_DISABLE_LINUX_PARTUUID=false "GRUB_CMDLINE_LINUX_DEFAULT=\"\"" 'GRUB_TERMINAL="console serial"' 'GRUB_SERIAL_COMMAND="serial --speed=115200"' ;;
  esac
  [ "$true_id" = debian ] || write "$dir/etc/default/grub.d/init-select.cfg" '# Work around a bug in upgrades.'
  for file in 00_header 05_debian_theme 10_linux 20_linux_xen 30_os-prober 30_uefi-firmware 40_custom 41_custom; do write_with 755 "$dir/etc/grub.d/$file" '#!/bin/sh' "# $file"; done
  mkdir -p "$dir"/boot/grub/{fonts,i386-pc,locale}
  for file in fonts/unicode.pf2 unicode.pf2 i386-pc/normal.mod i386-pc/core.img locale/en.mo; do echo phony >"$dir/boot/grub/$file"; done
  write "$dir/boot/grub/grubenv" '# GRUB Environment Block' "$(head -c 998 /dev/zero | tr '\0' '#')"
  [ "$true_installer" = cloud ] || write "$dir/boot/grub/device.map" "(hd0)	/dev/$target_a"
  {
    printf '#\n# DO NOT EDIT THIS FILE\n#\n\n### BEGIN /etc/grub.d/00_header ###\nif [ -s $prefix/grubenv ]; then\n  set have_grubenv=true\n  load_env\nfi\nif [ "${next_entry}" ] ; then\n   set default="${next_entry}"\n   set next_entry=\n   save_env next_entry\n   set boot_once=true\nelse\n   set default="0"\nfi\n\nif [ x"${feature_menuentry_id}" = xy ]; then\n  menuentry_id_option="--id"\nelse\n  menuentry_id_option=""\nfi\n### END /etc/grub.d/00_header ###\n\n### BEGIN /etc/grub.d/10_linux ###\n'
    debian_entry '' "$title" "gnulinux-simple-$id" "$newest" "$linux${default:+ $default}"
    printf "submenu 'Advanced options for %s' \$menuentry_id_option 'gnulinux-advanced-%s' {\n" "$title" "$id"
    for v in $(printf '%s\n' "${installed[@]}" | sort -rV); do
      debian_entry '	' "$title, with Linux $v" "gnulinux-$v-advanced-$id" "$v" "$linux${default:+ $default}"
      debian_entry '	' "$title, with Linux $v (recovery mode)" "gnulinux-$v-recovery-$id" "$v" "single $linux"
    done
    printf '}\n### END /etc/grub.d/10_linux ###\n\n### BEGIN /etc/grub.d/30_uefi-firmware ###\nif [ "$grub_platform" = "efi" ]; then\n\tmenuentry '"'UEFI Firmware Settings' \$menuentry_id_option 'uefi-firmware'"' {\n\t\tfwsetup\n\t}\nfi\n### END /etc/grub.d/30_uefi-firmware ###\n'
  } | write_stdin "$dir/boot/grub/grub.cfg"
  directory=$true_id
  [ -z "$(true_part efi)" ] || {
    for file in BOOT/BOOTX64.EFI "$directory/grubx64.efi" "$directory/shimx64.efi" "$directory/mmx64.efi"; do write "$dir/boot/efi/EFI/$file" "MZphony $file"; done
    printf '\377\376s\0h\0i\0m\0' >"$dir/boot/efi/EFI/$directory/BOOTX64.CSV"
    write "$dir/boot/efi/EFI/$directory/grub.cfg" "search.fs_uuid $(partition_uuid "$number") root hd0,$label$number" "set prefix=(\$root)'$prefix/grub'" 'configfile $prefix/grub.cfg'
    mkdir -p "$dir/boot/grub/x86_64-efi"
    echo phony >"$dir/boot/grub/x86_64-efi/normal.mod"
    write_with 600 "$dir/var/cache/debconf/grub.dat" 'Name: grub-efi/install_devices' "Value: /dev/disk/by-id/scsi-36000c29phony-part1" ''
  }
  # where package upgrades put GRUB again
  write "$dir/var/cache/debconf/config.dat" 'Name: grub-pc/install_devices' "Template: grub-pc/install_devices" "Value: /dev/$target_a" 'Owners: grub-pc' '' 'Name: keyboard-configuration/layout' 'Value: English (US)' ''
}

# debian_entry INDENT TITLE ID VERSION ARGUMENTS (of debian_grub)
debian_entry() {
  local line device=$root
  # a hint that initramfs-less booting is tried first
  printf "%smenuentry '%s' --class %s --class gnu-linux --class gnu --class os \$menuentry_id_option '%s' {\n" "$1" "$2" "$true_id" "$3"
  for line in load_video 'insmod gzio' 'if [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi' "insmod part_$([ "$label" = gpt ] && echo gpt || echo msdos)" 'insmod ext2' "set root='hd0,$label$number'" \
    'if [ x$feature_platform_search_hint = xy ]; then' "  search --no-floppy --fs-uuid --set=root --hint-bios=hd0,$label$number  $(partition_uuid "$number")" 'else' "  search --no-floppy --fs-uuid --set=root $(partition_uuid "$number")" 'fi' \
    "echo	'Loading Linux $4 ...'" "linux	$prefix/vmlinuz-$4 root=$device ro  $5" "echo	'Loading initial ramdisk ...'" "initrd	$prefix/initrd.img-$4"; do
    printf '%s\t%s\n' "$1" "$line"
  done
  printf '%s}\n' "$1"
}

# debian_settings DIR
debian_settings() {
  local dir=$1 file
  case $true_id in
    debian) write "$dir/usr/lib/os-release" "PRETTY_NAME=\"Debian GNU/Linux $true_version ($code)\"" 'NAME="Debian GNU/Linux"' "VERSION_ID=\"$true_version\"" "VERSION=\"$true_version ($code)\"" "VERSION_CODENAME=$code" ID=debian
      echo "$point" >"$dir/etc/debian_version" ;;
    ubuntu) write "$dir/usr/lib/os-release" "PRETTY_NAME=\"Ubuntu $point LTS\"" 'NAME="Ubuntu"' "VERSION_ID=\"$true_version\"" "VERSION=\"$point LTS ($name)\"" "VERSION_CODENAME=$code" ID=ubuntu ID_LIKE=debian "UBUNTU_CODENAME=$code"
      echo "$code/sid" >"$dir/etc/debian_version"
      write "$dir/etc/lsb-release" DISTRIB_ID=Ubuntu "DISTRIB_RELEASE=$true_version" "DISTRIB_CODENAME=$code" "DISTRIB_DESCRIPTION=\"Ubuntu $point LTS\"" ;;
  esac
  ln -s ../usr/lib/os-release "$dir/etc/os-release"
  write "$dir/etc/hosts" '127.0.0.1	localhost' "127.0.1.1	$true_host.example.org	$true_host" '' '::1     localhost ip6-localhost ip6-loopback' 'ff02::1 ip6-allnodes' 'ff02::2 ip6-allrouters'
  write "$dir/etc/timezone" Europe/Berlin
  write "$dir/etc/default/locale" LANG=en_US.UTF-8
  write "$dir/etc/default/keyboard" 'XKBMODEL="pc105"' 'XKBLAYOUT="us"' 'BACKSPACE="guess"'
  write "$dir/etc/default/console-setup" 'ACTIVE_CONSOLES="/dev/tty[1-6]"' 'CHARMAP="UTF-8"' 'CODESET="Lat15"'
  for file in cron dbus networking ssh rsyslog useradd nss hwclock; do write "$dir/etc/default/$file" "# options of $file"; done
  write "$dir/etc/apt/sources.list" "deb http://deb.example.org/$true_id $code main" "deb http://security.example.org/$true_id $code-security main"
  [ "$true_id$true_major" != ubuntu24 ] || { rm "$dir/etc/apt/sources.list"; write "$dir/etc/apt/sources.list.d/ubuntu.sources" 'Types: deb' 'URIs: http://archive.example.org/ubuntu/' "Suites: $code $code-updates" 'Components: main universe'; }
  write "$dir/etc/apt/apt.conf.d/00CDMountPoint" 'Acquire::cdrom { mount "/media/cdrom"; };'
  write "$dir/etc/apt/apt.conf.d/01autoremove-kernels" 'APT::NeverAutoRemove { };'
  write "$dir/etc/kernel-img.conf" '# Kernel image management overrides' 'do_symlinks = yes' 'do_bootloader = no' 'do_initrd = yes' 'link_in_boot = no'
  [ "$true_id" != ubuntu ] || sed -i 's/^link_in_boot = no/link_in_boot = yes/' "$dir/etc/kernel-img.conf"
  for file in postinst.d/apt-auto-removal postinst.d/initramfs-tools postinst.d/zz-update-grub postrm.d/initramfs-tools postrm.d/zz-update-grub; do write_with 755 "$dir/etc/kernel/$file" '#!/bin/sh' 'exit 0'; done
  # initramfs-tools
  [ $maker = initramfs-tools ] || debian_dracut "$dir"
  [ $maker = dracut ] || write "$dir/etc/initramfs-tools/initramfs.conf" MODULES=most BUSYBOX=auto KEYMAP=n COMPRESS=$compressed '# COMPRESSLEVEL=1' DEVICE= NFSROOT=auto RUNSIZE=10% FSTYPE=auto
  [ $maker = dracut ] || {
    write "$dir/etc/initramfs-tools/update-initramfs.conf" update_initramfs=yes backup_initramfs=no
    write "$dir/etc/initramfs-tools/modules" '# List of modules that you want to include in your initramfs.'
    stub "$dir" /usr/sbin/mkinitramfs
    write "$dir/usr/share/initramfs-tools/hook-functions" '# functions of hooks'
    write "$dir/etc/initramfs-tools/conf.d/driver-policy" MODULES=dep
  }
  [ $maker = dracut ] || case $true_installer-$true_layout in
    d-i-lvm) write "$dir/etc/initramfs-tools/conf.d/resume" "RESUME=/dev/mapper/$(volume_dm_name "$true_group/swap_1")" ;;
    d-i-*) write "$dir/etc/initramfs-tools/conf.d/resume" "RESUME=UUID=$(partition_uuid "$(true_part swap)")" ;;
    *) rm -f "$dir/etc/initramfs-tools/conf.d/driver-policy" ;;
  esac
  for file in thermal udev resume fsck busybox dmsetup klibc kmod lvm2; do stub "$dir" "/usr/share/initramfs-tools/hooks/$file"; done
  case $true_layout in
    lvm)
      write "$dir/etc/lvm/lvm.conf" 'config {' '	checks = 1' '}' 'devices {' '	# filter = [ "a|.*|" ]' '	global_filter = [ "a|.*|" ]' '}'
      sed -i '/global_filter/d' "$dir/etc/lvm/lvm.conf"
      write_with 600 "$dir/etc/lvm/backup/$true_group" "$true_group {" '	physical_volumes {' '		pv0 {' "			device = \"/dev/$target_a$(true_part "$true_group")\"" '		}' '	}' '}' ;;
  esac
  write "$dir/etc/modprobe.d/blacklist.conf" '# drivers that are not to be loaded by themselves' 'blacklist evbug' 'blacklist pcspkr'
  write "$dir/etc/modules" '# /etc/modules: kernel modules to load at boot time.'
  write "$dir/etc/crypttab" '# <target name>	<source device>		<key file>	<options>'
  write "$dir/etc/sysctl.conf" '#net.ipv4.ip_forward=1'
  write "$dir/etc/dpkg/origins/$true_id" "Vendor: $true_id"
  ln -sfn "$true_id" "$dir/etc/dpkg/origins/default"
  mkdir -p "$dir"/media/{cdrom0,floppy0} "$dir"/var/{backups,cache/apt/archives,lib/ucf,log/installer,mail} "$dir/var/log/apt"
  ln -s cdrom0 "$dir/media/cdrom"
  case $true_installer in
    d-i)
      write "$dir/var/log/installer/hardware-summary" "lspci -knn: 03:00.0" "/proc/cmdline: BOOT_IMAGE=/install.amd/vmlinuz"
      write "$dir/var/log/installer/partman" "/lib/partman/init.d/30parted: DISK /dev/$target_a"
      write "$dir/var/log/installer/syslog" 'kernel: phony'
      write "$dir/var/log/installer/lsb-release" "DISTRIB_ID=$true_id" ;;
    subiquity)
      write_with 600 "$dir/var/log/installer/autoinstall-user-data" '#cloud-config' 'autoinstall:' '  storage:' '    config:' "    - {ptable: gpt, path: /dev/$target_a, wipe: superblock-recursive, preserve: false, type: disk, id: disk-$target_a}" '  version: 1'
      write "$dir/var/log/installer/curtin-install.log" "curtin: Installation started. /dev/$target_a"
      write "$dir/var/log/installer/subiquity-server-info.log" phony ;;
  esac
  # services
  if [ "$true_id$true_major" = ubuntu14 ]; then
    write "$dir/etc/init/rc-sysinit.conf" 'start on (filesystem and static-network-up) or failsafe-boot'
    for file in ssh cron rsyslog tty1 udev networking mountall; do write "$dir/etc/init/$file.conf" "description \"$file\"" 'start on runlevel [2345]'; done
    write "$dir/etc/init/ttyS0.conf" 'exec /sbin/getty -L 115200 ttyS0 vt102'
    stub "$dir" /sbin/init
    stub "$dir" /sbin/initctl
  else
    stub "$dir" /usr/lib/systemd/systemd
    [ $merged = yes ] || stub "$dir" /lib/systemd/systemd
    mkdir -p "$dir/etc/systemd/system"
    true_units "$dir" "$units" multi-user.target cron.service ssh.service rsyslog.service remote-fs.target e2scrub_reap.service
    true_units "$dir" "$units" sysinit.target apparmor.service blk-availability.service keyboard-setup.service systemd-timesyncd.service
    true_units "$dir" "$units" timers.target apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer logrotate.timer man-db.timer
    true_units "$dir" "$units" getty.target getty@tty1.service
    links "$dir" /etc/systemd/system "$units/ssh.service=sshd.service" "$units/rsyslog.service=syslog.service" "$units/systemd-timesyncd.service=dbus-org.freedesktop.timesync1.service"
  fi
  case $true_hypervisor in
    vmware)
      stub "$dir" /usr/bin/vmtoolsd
      dpkg_package "$dir" open-vm-tools 2:12.2.0-1+deb12u2 admin <<</usr/bin/vmtoolsd
      write "$dir/etc/vmware-tools/tools.conf" '# options'
      for file in poweroff poweron resume suspend; do write_with 755 "$dir/etc/vmware-tools/$file-vm-default" '#!/bin/sh' 'exit 0'; done
      [ "$true_id$true_major" = ubuntu14 ] || {
        true_units "$dir" "$units" multi-user.target open-vm-tools.service vgauth.service
        links "$dir" /etc/systemd/system/open-vm-tools.service.requires "$units/vgauth.service=vgauth.service"
        links "$dir" /etc/systemd/system "$units/open-vm-tools.service=vmtoolsd.service"
      } ;;
    hyperv)
      dpkg_package "$dir" hyperv-daemons "$package" admin <<</usr/sbin/hv_kvp_daemon
      stub "$dir" /usr/sbin/hv_kvp_daemon
      true_units "$dir" "$units" multi-user.target hyperv-daemons.hv-kvp-daemon.service hyperv-daemons.hv-vss-daemon.service ;;
  esac
}

# debian_dracut DIR: dracut in the place of initramfs-tools, with an update-initramfs of its own
debian_dracut() {
  local dir=$1
  rm -r "$dir/etc/initramfs-tools"
  dracut_stub "$dir" /usr/bin/dracut
  # shellcheck disable=SC2016 # the guest's shell expands this
  stub "$dir" /usr/sbin/update-initramfs 'k=
while [ $# -gt 0 ]; do case $1 in -k) k=$2; shift ;; esac; shift; done
exec dracut --force /boot/initrd.img-$k $k'
  mkdir -p "$dir/etc/dracut.conf.d" "$dir/usr/lib/dracut/modules.d/99base"
  write "$dir/usr/lib/dracut/dracut-functions.sh" '# functions of dracut'
  write "$dir/etc/dracut.conf" '# PUT YOUR CONFIG IN separate files' '# in /etc/dracut.conf.d named "<name>.conf"'
  # shellcheck disable=SC2016 # dracut expands this
  write "$dir/usr/lib/dracut/dracut.conf.d/01-debian.conf" 'initrdname="initrd.img-${kernel}"' 'hostonly="yes"' 'compress="zstd"'
  write_with 755 "$dir/etc/kernel/postinst.d/dracut" '#!/bin/sh' 'exit 0'
}

# debian_root DIR: the whole system
debian_root() {
  local dir=$1 v code name point kernels package merged base tools grub compressed maker removed installed newest root root_uuid units=/lib/systemd/system debian_modules
  debian_versions
  debian_modules_of
  debian_root_device
  case $true_id$true_major in debian12 | debian13 | ubuntu24 | ubuntu26) units=/usr/lib/systemd/system ;; esac
  [ "$merged" = yes ] || unmerged "$dir"
  debian_userland "$dir"
  rm "$dir/usr/share/initramfs-tools/hooks/udev"
  true_identity "$dir" "$true_host"
  debian_settings "$dir"
  debian_network "$dir"
  debian_fstab "$dir"
  [ "$true_installer" = d-i ] || debian_cloud "$dir"
  [ "$true_id" = debian ] || [ "$true_major" -lt 20 ] || debian_snaps "$dir"
  dpkg_package "$dir" base-files "$base" admin </dev/null
  if [ $maker = dracut ]; then
    dpkg_package "$dir" dracut "$tools" utils <<</usr/sbin/update-initramfs
    dpkg_package "$dir" dracut-core "$tools" utils <<</usr/bin/dracut
  else
    dpkg_package "$dir" initramfs-tools "$tools" utils <<</usr/sbin/update-initramfs
    dpkg_package "$dir" initramfs-tools-core "$tools" utils <<</usr/sbin/mkinitramfs
  fi
  dpkg_package "$dir" "$([ "$true_firmware" = efi ] && echo grub-efi-amd64 || echo grub-pc)" "$grub" admin <<</usr/sbin/update-grub
  dpkg_package "$dir" grub-common "$grub" admin <<</usr/sbin/grub-mkconfig
  for v in "${installed[@]}"; do
    # shellcheck disable=SC2046 # they are several
    debian_kernel "$dir" "$v" "$package" $(debian_drivers)
    # shellcheck disable=SC2046 # they are several
    [ $maker = initramfs-tools ] || initramfs "$dir" "/boot/initrd.img-$v" "$v" dracut $(debian_drivers)
    printf 'CONFIG_VIRTIO_PCI=m\nCONFIG_MODULE_SIG=y\n' >>"$dir/boot/config-$v"
    true_compressed "$dir/boot/initrd.img-$v" $compressed early
    [ $maker = dracut ] || write "$dir/var/lib/initramfs-tools/$v" "0000 /boot/initrd.img-$v"
  done
  # packages that were removed and not purged leave their paragraph, and this one a file that its hook forgot
  cp "$dir/boot/initrd.img-$newest" "$dir/boot/initrd.img-$removed"
  mkdir -p "$dir/lib/modules/$removed"
  : >"$dir/lib/modules/$removed/modules.symbols.bin"
  printf 'Package: linux-image-%s\nStatus: deinstall ok config-files\nPriority: optional\nSection: kernel\nInstalled-Size: 100\nMaintainer: Nobody <nobody@example.org>\nArchitecture: amd64\nVersion: 1.0-1\nConfig-Version: 1.0-1\nDescription: phony package\n\n' "$removed" >>"$dir/var/lib/dpkg/status"
  debian_links "$dir"
  debian_grub "$dir"
  if [ "$true_id" = ubuntu ]; then package_names debian ubuntu | grep -vxE 'linux-image-amd64|base-files|ifupdown'; else package_names debian; fi |
    true_debs "$dir" 'libc6 2.36-9+deb12u10' "systemd $([ "$true_id" = debian ] && echo 252.36-1~deb12u1 || echo 255.4-1ubuntu8.6)"
}

# debian_drivers: what MODULES=most and udev put into an initramfs of a machine of that hypervisor
debian_drivers() {
  case $true_installer-$true_hypervisor in
    d-i-*) true_drivers "$true_hypervisor" ;;
    *) echo "$(true_drivers "$true_hypervisor") libata ata_piix ahci" | tr ' ' '\n' | sort -u | tr '\n' ' ' ;;
  esac
}

# debian_links DIR: vmlinuz, initrd.img and their .old
debian_links() {
  local dir=$1 older=${installed[0]}
  if [ "$true_id" = debian ] || [ "$true_major" -lt 18 ]; then
    ln -s "boot/vmlinuz-$newest" "$dir/vmlinuz"
    ln -s "boot/initrd.img-$newest" "$dir/initrd.img"
    ln -s "boot/vmlinuz-$older" "$dir/vmlinuz.old"
    ln -s "boot/initrd.img-$older" "$dir/initrd.img.old"
  else
    ln -s "vmlinuz-$newest" "$dir/boot/vmlinuz"
    ln -s "initrd.img-$newest" "$dir/boot/initrd.img"
    ln -s "vmlinuz-$older" "$dir/boot/vmlinuz.old"
    ln -s "initrd.img-$older" "$dir/boot/initrd.img.old"
  fi
}
