# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# Amazon Linux 2 and 2023, as their images for other hypervisors are. Facts: Amazon's documentation of the images, release notes with their
# packages, and fstab, grub.cfg and lsblk of public reports.

# true_amazon NAME=VALUE ...: sets the disk of a guest.sh and defines how it is filled.
#   version    2023 (default), 2
#   hypervisor vmware (default), hyperv, xen
true_amazon() {
  true_version=2023 true_hypervisor=vmware true_host=amzn01
  true_options "$@"
  true_major=$true_version true_firmware=bios
  true_domain "$true_hypervisor"
  size_a=340 label_a=gpt
  # the number of the partition for a BIOS is 128, that of EFI 127 or 128
  case $true_version in
    2023) disk_a=("127:biosboot 1 -" "128:esp 10 efi" "1:xfs rest root /") ;;
    2) disk_a=("128:biosboot 1 -" "1:xfs rest root /") ;;
    *) die "$spec_dir: unknown version: $true_version" ;;
  esac
  fill_root() { amazon_root "$1"; true_split "$1"; }
  fill_efi() { true_part_of efi "$1"; }
  extra() { true_hypervisor "$1" "$2" "$true_hypervisor"; }
}

amazon_root() {
  local dir=$1 v root id removed installed newest arguments units=/usr/lib/systemd/system mac file
  root=UUID=$(partition_uuid 1) id=$(machine_id) mac=$(mac_of "$guest")
  case $true_version in
    2023) removed=6.1.19-30.43.amzn2023.x86_64 installed=(6.1.79-99.164.amzn2023.x86_64 6.1.102-111.182.amzn2023.x86_64)
      arguments='console=tty0 console=ttyS0,115200n8 nvme_core.io_timeout=4294967295 rd.emergency=poweroff rd.shell=0 selinux=1 security=selinux quiet' ;;
    2) removed=4.14.26-54.32.amzn2.x86_64 installed=(4.14.336-257.562.amzn2.x86_64 4.14.350-266.564.amzn2.x86_64)
      arguments='console=tty0 console=ttyS0,115200n8 net.ifnames=0 biosdevname=0 nvme_core.io_timeout=4294967295 rd.emergency=poweroff rd.shell=0' ;;
  esac
  newest=${installed[-1]}
  rpm_userland "$dir"
  systemd "$dir"
  rm -r "$dir/etc/systemd/system/getty.target.wants"
  true_identity "$dir" localhost.localdomain
  case $true_version in
    2023) write "$dir/usr/lib/os-release" 'NAME="Amazon Linux"' 'VERSION="2023"' 'ID="amzn"' 'ID_LIKE="fedora"' 'VERSION_ID="2023"' 'PLATFORM_ID="platform:al2023"' 'PRETTY_NAME="Amazon Linux 2023"' 'VARIANT_ID=""'
      echo 'Amazon Linux release 2023.5.20240805 (Amazon Linux)' >"$dir/etc/amazon-linux-release" ;;
    2) write "$dir/usr/lib/os-release" 'NAME="Amazon Linux"' 'VERSION="2"' 'ID="amzn"' 'ID_LIKE="centos rhel fedora"' 'VERSION_ID="2"' 'PRETTY_NAME="Amazon Linux 2"' 'CPE_NAME="cpe:2.3:o:amazon:amazon_linux:2"'
      echo 'Amazon Linux release 2 (Karoo)' >"$dir/etc/amazon-linux-release" ;;
  esac
  ln -s ../usr/lib/os-release "$dir/etc/os-release"
  ln -s amazon-linux-release "$dir/etc/system-release"
  rpm_package "$dir" system-release "$true_version" 1.amzn /etc/amazon-linux-release
  printf '#\nUUID=%s     /           xfs    defaults,noatime  1   1\n' "$(partition_uuid 1)" >"$dir/etc/fstab"
  [ "$true_version" = 2 ] || printf 'UUID=%s        /boot/efi       vfat    defaults,noatime,uid=0,gid=0,umask=0077,shortname=winnt,x-systemd.automount 0 2\n' "$(partition_fat_id 128)" >>"$dir/etc/fstab"
  printf 'GRUB_CMDLINE_LINUX_DEFAULT="%s"\nGRUB_TIMEOUT=0\nGRUB_DISABLE_RECOVERY="true"\nGRUB_TERMINAL="ec2-console"\nGRUB_X86_USE_32BIT="true"\n' "$arguments" >"$dir/etc/default.grub"
  mkdir -p "$dir/etc/default"
  mv "$dir/etc/default.grub" "$dir/etc/default/grub"
  [ "$true_version" = 2 ] || printf 'GRUB_DEFAULT=saved\nGRUB_UPDATE_DEFAULT_KERNEL="true"\nGRUB_ENABLE_BLSCFG="true"\n' >>"$dir/etc/default/grub"
  ln -s ../default/grub "$dir/etc/sysconfig/grub"
  write "$dir/etc/sysconfig/kernel" UPDATEDEFAULT=yes DEFAULTKERNEL=kernel
  write "$dir/etc/kernel/cmdline" "root=$root ro $arguments"
  write "$dir/usr/lib/dracut/dracut.conf.d/02-generic-image.conf" 'hostonly="no"'
  write "$dir/usr/lib/dracut/dracut-functions.sh" '# functions of dracut'
  write "$dir/usr/lib/dracut/modules.d/99base/module-setup.sh" '# module of dracut'
  write "$dir/etc/dracut.conf" '# PUT YOUR CONFIG IN separate files'
  mkdir -p "$dir/etc/dracut.conf.d"
  [ "$true_version" = 2023 ] || write "$dir/etc/dracut.conf.d/xen.conf" 'add_drivers+=" xen-netfront xen-blkfront "'
  dracut_stub "$dir" /usr/bin/dracut
  stub "$dir" /usr/sbin/grub2-mkconfig 'exit 1'
  for file in /usr/sbin/grubby /usr/bin/kernel-install; do stub "$dir" "$file"; done
  for v in "${installed[@]}"; do
    rpm_kernel_payload "$work/k.$v" "$v" initramfs $'CONFIG_XEN=y\nCONFIG_VIRTIO_BLK=m\nCONFIG_VIRTIO_PCI=m' -x -b fs/ext4/ext4 "${virtio_modules[@]}" "${hardware_modules[@]}" "${source_modules[@]}" xen-blkfront xen-netfront
    rpm_install "$dir" "$(rpm_build "$work" kernel "${v%%-*}" "$(sed -E 's/^[^-]*-//; s/\.x86_64$//' <<<"$v")" "$work/k.$v")"
    # shellcheck disable=SC2046 # they are several
    initramfs "$dir" "/boot/initramfs-$v.img" "$v" dracut $(true_drivers "$true_hypervisor") xen-blkfront
  done
  cp "$dir/boot/initramfs-$newest.img" "$dir/boot/initramfs-$removed.img"
  mkdir -p "$dir/lib/modules/$removed/weak-updates" "$dir"/boot/{efi,grub2/fonts}
  case $true_version in
    2023)
      for v in "${installed[@]}" "$removed"; do
        write "$dir/boot/loader/entries/$id-$v.conf" "title Amazon Linux ($v) 2023" "version $v" "linux /boot/vmlinuz-$v" "initrd /boot/initramfs-$v.img" "options root=$root ro $arguments" 'grub_users $grub_users' 'grub_arg --unrestricted' 'grub_class amzn'
      done
      write "$dir/boot/grub2/grub.cfg" '### BEGIN /etc/grub.d/00_header ###' 'if [ -f ${config_directory}/grubenv ]; then' '  load_env -f ${config_directory}/grubenv' 'elif [ -s $prefix/grubenv ]; then' '  load_env' 'fi' 'set default="${saved_entry}"' '### BEGIN /etc/grub.d/10_linux ###' 'insmod blscfg' blscfg
      write "$dir/boot/grub2/grubenv" '# GRUB Environment Block' "saved_entry=$id-$newest"
      write "$dir/boot/efi/EFI/amzn/grub.cfg" "search --no-floppy --set prefix --file /boot/grub2/grub.cfg" 'set prefix=($prefix)/boot/grub2' 'configfile $prefix/grub.cfg'
      for file in BOOT/BOOTX64.EFI amzn/grubx64.efi; do write "$dir/boot/efi/EFI/$file" "MZphony $file"; done
      rmdir "$dir/etc/sysconfig/network-scripts"
      write "$dir/usr/lib/systemd/network/80-ec2.network" '[Match]' 'Driver=ena ixgbevf vif' '' '[Network]' DHCP=yes
      write "$dir/etc/systemd/network/10-cloud-init-ens192.network" '[Match]' "MACAddress=$mac" Name=ens192 '' '[Network]' DHCP=ipv4
      rpm_package "$dir" amazon-ec2-net-utils 2.4.1 1.amzn2023.0.1 /usr/lib/systemd/network/80-ec2.network
      true_units "$dir" $units multi-user.target systemd-networkd.service
      ln -sf ../run/systemd/resolve/stub-resolv.conf "$dir/etc/resolv.conf" ;;
    2)
      {
        printf '### BEGIN /etc/grub.d/00_header ###\nset pager=1\nif [ -s $prefix/grubenv ]; then\n  load_env\nfi\nset default="${saved_entry}"\n### END /etc/grub.d/00_header ###\n\n### BEGIN /etc/grub.d/10_linux ###\n'
        for v in $(printf '%s\n' "${installed[@]}" | sort -rV); do
          printf "menuentry 'Amazon Linux (%s) 2' --class amzn --class gnu-linux --class gnu --class os --unrestricted \$menuentry_id_option 'gnulinux-%s-advanced-%s' {\n\tload_video\n\tinsmod gzio\n\tinsmod part_gpt\n\tinsmod xfs\n\tset root='hd0,gpt1'\n\tsearch --no-floppy --fs-uuid --set=root %s\n\tlinux16 /boot/vmlinuz-%s root=%s ro %s\n\tinitrd16 /boot/initramfs-%s.img\n}\n" \
            "$v" "$v" "$(partition_uuid 1)" "$(partition_uuid 1)" "$v" "$root" "$arguments" "$v"
        done
      } | write_stdin "$dir/boot/grub2/grub.cfg"
      write "$dir/boot/grub2/grubenv" '# GRUB Environment Block' "saved_entry=Amazon Linux ($newest) 2"
      write "$dir/boot/grub2/device.map" "(hd0)	/dev/xvda"
      write "$dir/etc/sysconfig/network-scripts/ifcfg-eth0" '# Created by cloud-init on instance boot automatically, do not edit.' '#' BOOTPROTO=dhcp DEVICE=eth0 DHCPV6C=yes "HWADDR=$mac" IPV6INIT=yes ONBOOT=yes STARTMODE=auto TYPE=Ethernet USERCTL=no
      write "$dir/etc/udev/rules.d/70-ec2-nvme-devices.rules" 'KERNEL=="nvme[0-9]*n[0-9]*", ENV{DEVTYPE}=="disk", ATTRS{model}=="Amazon Elastic Block Store", PROGRAM="/sbin/ebsnvme-id -u /dev/%k", SYMLINK+="%c"'
      write "$dir/etc/udev/rules.d/53-ec2-network-interfaces.rules" 'ACTION=="add", SUBSYSTEM=="net", KERNEL=="eth*", IMPORT{program}="/bin/sleep 1"'
      write "$dir/etc/modprobe.d/ena.conf" '# options of ena' ;;
  esac
  write "$dir/etc/cloud/cloud.cfg" 'users:' ' - default' 'system_info:' '  distro: amazon' '  default_user:' '    name: ec2-user'
  write "$dir/etc/cloud/cloud.cfg.d/05_logging.cfg" 'output: {all: "| tee -a /var/log/cloud-init-output.log"}'
  mkdir -p "$dir"/var/lib/cloud/{data,instances/i-phony/sem,sem,seed}
  ln -s /var/lib/cloud/instances/i-phony "$dir/var/lib/cloud/instance"
  [ "$true_hypervisor" != vmware ] || {
    rpm_package "$dir" open-vm-tools 12.4.0 1.amzn /usr/bin/vmtoolsd
    true_units "$dir" $units multi-user.target vmtoolsd.service
  }
  true_units "$dir" $units multi-user.target amazon-ssm-agent.service auditd.service chronyd.service crond.service rsyslog.service sshd.service update-motd.service
  true_units "$dir" $units cloud-init.target cloud-init-local.service cloud-init.service cloud-config.service cloud-final.service
  true_units "$dir" $units getty.target getty@tty1.service serial-getty@ttyS0.service
  rpm_package "$dir" dracut "$([ "$true_version" = 2 ] && echo 033 || echo 055)" 1.amzn /usr/bin/dracut
  { package_names "$([ "$true_version" = 2 ] && echo el7 || echo el)"; printf '%s\n' amazon-ssm-agent amazon-linux-repo-cdn cloud-init cloud-utils-growpart ec2-utils; } | grep -vx 'grub2\|dracut-config-rescue' | true_rpms "$dir" .amzn$true_version
  true_selinux "$dir" "$([ "$true_version" = 2 ] && echo disabled || echo permissive)"
}
