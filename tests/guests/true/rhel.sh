# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# RHEL 7 to 10 and their like, and Fedora, as anaconda or an image builder leaves them. Facts for all: image-info of installed images in
# osbuild-composer (test/data/manifests/*.json: packages, enabled services, fstab, partitions, sysconfig, dracut), the files of the packages
# grub2-tools, grubby, systemd-udev, dracut-config-rescue, initscripts, lvm2 and kexec-tools, and listings of /boot in public reports.

# true_rhel NAME=VALUE ...: sets the disks of a guest.sh and defines how they are filled.
#   id        rhel, centos, rocky, almalinux, ol, fedora
#   version   9.6
#   layout    lvm (default), plain, cloud, btrfs
#   firmware  bios (default), efi
#   hypervisor vmware (default), hyperv, virtualbox, xen
#   host      its name, and that of the volume group
#   history   new, updated (default: a kernel of the installation that is left for rescue only, one half removed, two installed)
#   uek       yes: of ol, Oracle's own kernel beside the other, which is then the default
#   extra     names of more packages
true_rhel() {
  true_id=rhel true_version=9.6 true_layout=lvm true_firmware=bios true_hypervisor=vmware true_host=web01 true_history=updated true_uek='' true_extra=''
  true_options "$@"
  true_major=${true_version%%.*}
  true_domain "$true_hypervisor"
  local short=$true_id efi=()
  case $true_id in centos) short=centos; [ "$true_major" -lt 8 ] || short=cs ;; rocky) short=rl ;; esac
  # the installer calls the group after the system and the machine
  true_group=${short}_$true_host
  size_a=480
  [ "$true_firmware" != efi ] || { label_a=gpt efi=("esp 16 efi"); }
  # since Fedora 37 and RHEL 10 every new disk has a GPT
  [ "$true_firmware" = efi ] || [ "$true_major" -lt 10 ] || { label_a=gpt efi=("biosboot 1 -"); }
  case $true_layout in
    lvm)
      disk_a=("${efi[@]}" "xfs 96 boot" "lvm rest $true_group")
      volumes=("$true_group/root xfs 300 root")
      [ "$true_id" = fedora ] || volumes+=("$true_group/swap swap 8 -") ;;
    plain) disk_a=("${efi[@]}" "xfs 96 boot" "swap 8 -" "xfs rest root") ;;
    btrfs) disk_a=("${efi[@]}" "ext4 64 boot" "btrfs rest root fedora") ;;
    cloud) label_a=gpt disk_a=("biosboot 1 -" "esp 16 efi" "xfs 96 boot boot" "xfs rest root root") ;;
    *) die "$spec_dir: unknown layout: $true_layout" ;;
  esac
  fill_root() { rhel_root "$1"; true_split "$1"; }
  fill_boot() { true_part_of boot "$1"; }
  fill_efi() { true_part_of efi "$1"; }
  extra() { true_hypervisor "$1" "$2" "$true_hypervisor" "$true_firmware"; }
  [ "$true_layout" != btrfs ] || layout_root() {
    btrfs -q subvolume create "$1/root"
    btrfs -q subvolume create "$1/home"
    cp -a "$2/home/." "$1/home/"
    cp -a "$2/." "$1/root/"
    rm -rf "$1"/root/home/*
  }
}

# rhel_release: sets what the system calls itself
rhel_release() {
  local v=$true_version code
  case $true_major in 7) code=Maipo ;; 8) code=Ootpa ;; 9) code=Plow ;; *) code=Coughlan ;; esac
  like='rhel fedora' dist=.el$true_major vendor=$true_id
  case $true_id in
    rhel) name='Red Hat Enterprise Linux' full="$v ($code)" release="Red Hat Enterprise Linux release $v ($code)" like=fedora vendor=redhat
      [ "$true_major" -gt 7 ] || release="Red Hat Enterprise Linux Server release $v ($code)" ;;
    centos)
      if [ "$true_major" -lt 8 ]; then name='CentOS Linux' full="7 (Core)" release='CentOS Linux release 7.9.2009 (Core)' v=7
      else name='CentOS Stream' full=$true_major release="CentOS Stream release $true_major" v=$true_major; fi ;;
    rocky) name='Rocky Linux' full="$v (Blue Onyx)" release="Rocky Linux release $v (Blue Onyx)" like='rhel centos fedora' ;;
    almalinux) name=AlmaLinux full="$v (Sage Margay)" release="AlmaLinux release $v (Sage Margay)" like='rhel centos fedora' ;;
    ol) name='Oracle Linux Server' full=$v release="Oracle Linux Server release $v" like=fedora vendor=redhat ;;
    fedora) name='Fedora Linux' full="$v (Server Edition)" release="Fedora release $v" like='' dist=.fc$true_major ;;
  esac
  version_id=$v
}

# rhel_versions: sets the kernels, the one of the installation first
rhel_versions() {
  case $true_id$true_major in
    fedora*) kernels=(6.14.0-63.fc42.x86_64 6.15.4-200.fc42.x86_64 6.15.7-200.fc42.x86_64 6.15.9-201.fc42.x86_64) ;;
    *7) kernels=(3.10.0-957.el7.x86_64 3.10.0-1127.19.1.el7.x86_64 3.10.0-1160.66.1.el7.x86_64 3.10.0-1160.119.1.el7.x86_64) ;;
    *8) kernels=(4.18.0-305.el8.x86_64 4.18.0-513.5.1.el8_9.x86_64 4.18.0-553.el8_10.x86_64 4.18.0-553.16.1.el8_10.x86_64) ;;
    *9) kernels=(5.14.0-284.11.1.el9_2.x86_64 5.14.0-503.11.1.el9_5.x86_64 5.14.0-570.12.1.el9_6.x86_64 5.14.0-570.25.1.el9_6.x86_64) ;;
    *) kernels=(6.12.0-55.9.1.el10_0.x86_64 6.12.0-55.14.1.el10_0.x86_64 6.12.0-55.18.1.el10_0.x86_64 6.12.0-55.24.1.el10_0.x86_64) ;;
  esac
  removed=''
  case $true_history in
    updated) removed=${kernels[1]} installed=("${kernels[@]:2}") ;;
    *) installed=("${kernels[0]}") ;;
  esac
  newest=${installed[-1]}
  [ -z "$true_uek" ] || {
    case $true_major in
      7) installed[0]=5.4.17-2136.330.7.5.el7uek.x86_64 ;;
      8) installed[0]=5.15.0-300.163.18.el8uek.x86_64 ;;
      9) installed[0]=5.15.0-306.177.4.el9uek.x86_64 ;;
      *) installed[0]=6.12.0-100.28.2.el10uek.x86_64 ;;
    esac
    newest=${installed[0]}
  }
}

# rhel_tools: "NAME VERSION-RELEASE" of what a conversion may ask about
rhel_tools() {
  case $true_major in
    7) printf '%s\n' 'glibc 2.17-326.el7' 'systemd 219-78.el7' 'grub2-common 1:2.02-0.87.el7' 'lvm2 7:2.02.187-6.el7' 'selinux-policy 3.13.1-268.el7' ;;
    8) printf '%s\n' 'glibc 2.28-251.el8' 'systemd 239-82.el8' 'grub2-common 1:2.02-156.el8' 'lvm2 8:2.03.14-13.el8' 'selinux-policy 3.14.3-139.el8' ;;
    9) printf '%s\n' 'glibc 2.34-168.el9' 'systemd 252-51.el9' 'grub2-common 1:2.06-104.el9' 'lvm2 9:2.03.28-6.el9' 'selinux-policy 38.1.53-5.el9' ;;
    10) printf '%s\n' 'glibc 2.39-37.el10' 'systemd 257-9.el10' 'grub2-common 1:2.12-15.el10' 'lvm2 10:2.03.28-6.el10' 'selinux-policy 40.13.26-1.el10' ;;
    *) printf '%s\n' 'glibc 2.41-5.fc42' 'systemd 257.7-1.fc42' 'grub2-common 1:2.12-28.fc42' 'lvm2 2.03.30-2.fc42' 'selinux-policy 41.41-1.fc42' ;;
  esac
}

# rhel_kernel DIR VERSION: a kernel that is installed, its module directory, and what is beside its image in /boot
rhel_kernel() {
  local dir=$1 v=$2 package=kernel-core payload=$work/kernel.$2 release=${2#*-} compress=-x modules=() file
  [ "$true_major" -gt 7 ] || package=kernel
  case $v in *uek*) package=kernel-uek; [ "$true_major" -lt 9 ] || package=kernel-uek-core ;; esac
  [ "$true_id" != fedora ] || compress=-x
  # device mapper and file systems are modules that every initramfs there has; virtio_blk is one since 8
  modules=("${virtio_modules[@]}" "${hardware_modules[@]}" "${source_modules[@]}" xen-blkfront xen-netfront)
  rpm_kernel_payload "$payload" "$v" initramfs "CONFIG_XEN=y
CONFIG_VIRTIO_BLK=m
CONFIG_VIRTIO_PCI=m
CONFIG_XFS_FS=m
CONFIG_MODULE_SIG=y" "$compress" -b fs/ext4/ext4 "${modules[@]}"
  [ "$true_major" -lt 8 ] || for file in vmlinuz config System.map; do cp "$payload/boot/$file-$v" "$payload/lib/modules/$v/$file"; done
  gzip -9n >"$payload/boot/symvers-$v.gz" <<<'0x00000000 phony vmlinux EXPORT_SYMBOL'
  echo "0000 /boot/vmlinuz-$v" >"$payload/boot/.vmlinuz-$v.hmac"
  [ "$true_major" -lt 9 ] || {
    mv "$payload/boot/symvers-$v.gz" "$payload/lib/modules/$v/symvers.gz"
    ln -s "/lib/modules/$v/symvers.gz" "$payload/boot/symvers-$v.gz"
  }
  mkdir -p "$payload/lib/modules/$v"/{extra,updates,weak-updates}
  rpm_install "$dir" "$(rpm_build "$work" "$package" "${v%%-*}" "${release%.x86_64}" "$payload")"
  ln -sfn "/usr/src/kernels/$v" "$dir/lib/modules/$v/build"
  ln -sfn build "$dir/lib/modules/$v/source"
  # shellcheck disable=SC2046 # they are several
  initramfs "$dir" "/boot/initramfs-$v.img" "$v" dracut $(true_drivers "$true_hypervisor")
  case $true_id$true_major in
    fedora*) true_compressed "$dir/boot/initramfs-$v.img" zstd early ;;
    *) true_compressed "$dir/boot/initramfs-$v.img" gzip early ;;
  esac
  rm -r "$payload"
}

# rhel_rescue DIR VERSION: what dracut-config-rescue made of the installation's kernel, with every driver; its modules have gone with it
rhel_rescue() {
  local id base=$work/rescue
  id=$(machine_id)
  kernel_modules "$base" "$2" -x -b fs/ext4/ext4 -b drivers/pci/pci "${virtio_modules[@]}" "${hardware_modules[@]}" "${source_modules[@]}" xen-blkfront
  initramfs "$base" /rescue.img "$2" dracut "${virtio_modules[@]}" "${hardware_modules[@]}" "${source_modules[@]}" xen-blkfront
  true_compressed "$base/rescue.img" gzip early
  cp "$base/rescue.img" "$1/boot/initramfs-0-rescue-$id.img"
  kernel_image "$1/boot/vmlinuz-0-rescue-$id" "$2"
  rm -r "$base"
}

# rhel_arguments: sets root and arguments, of the kernel
rhel_arguments() {
  local crash='crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M'
  [ "$true_major" -gt 8 ] || crash=crashkernel=auto
  [ "$true_id" != fedora ] || crash=''
  [ "$true_major" -lt 10 ] || crash=${crash:+crashkernel=2G-64G:256M,64G-:512M}
  case $true_layout in
    lvm) root=/dev/mapper/$(volume_dm_name "$true_group/root")
      arguments="$crash resume=/dev/mapper/$(volume_dm_name "$true_group/swap") rd.lvm.lv=$true_group/root rd.lvm.lv=$true_group/swap rhgb quiet" ;;
    plain) root=UUID=$(partition_uuid "$(true_part root)") arguments="$crash resume=UUID=$(partition_uuid "$(true_part swap)") rhgb quiet" ;;
    btrfs) root=UUID=$(partition_uuid "$(true_part root)") arguments="rootflags=subvol=root rhgb quiet" ;;
    cloud) root=UUID=$(partition_uuid "$(true_part root)") arguments="console=tty0 console=ttyS0,115200n8 no_timer_check net.ifnames=0 $crash" ;;
  esac
  [ "$true_id" != fedora ] || arguments="rd.lvm.lv=$true_group/root rhgb quiet"
  [ "$true_id-$true_layout" != fedora-btrfs ] || arguments='rootflags=subvol=root rhgb quiet'
  [ "$true_major" -gt 7 ] || arguments=$(sed -E 's/resume=[^ ]* ?//' <<<"$arguments")
  arguments=$(sed -E 's/^ +| +$//g' <<<"$arguments")
}

# rhel_fstab DIR
rhel_fstab() {
  local boot efi swap type=xfs
  boot=$(true_part boot) efi=$(true_part efi) swap=$(true_part swap)
  [ "$true_layout" != btrfs ] || type=ext4
  {
    printf '\n#\n# /etc/fstab\n# Created by anaconda on Tue Mar  5 10:12:44 2024\n#\n'
    case $true_layout in
      lvm) printf '%-23s /                       xfs     defaults        0 0\n' "/dev/mapper/$(volume_dm_name "$true_group/root")" ;;
      btrfs) printf 'UUID=%s /                       btrfs   subvol=root,compress=zstd:1 0 0\n' "$(partition_uuid "$(true_part root)")" ;;
      *) printf 'UUID=%s /                       xfs     defaults        0 0\n' "$(partition_uuid "$(true_part root)")" ;;
    esac
    printf 'UUID=%s /boot                   %s    defaults        %s\n' "$(partition_uuid "$boot")" "$type" "$([ $type = xfs ] && echo '0 0' || echo '1 2')"
    [ -z "$efi" ] || printf 'UUID=%s          /boot/efi               vfat    umask=0077,shortname=winnt 0 %s\n' "$(partition_fat_id "$efi")" "$([ "$true_major" -gt 7 ] && echo 2 || echo 0)"
    [ "$true_layout" != btrfs ] || printf 'UUID=%s /home                   btrfs   subvol=home,compress=zstd:1 0 0\n' "$(partition_uuid "$(true_part root)")"
    case $true_id$true_layout in
      fedora*) ;;
      *lvm) printf '%-23s %s                    swap    defaults        0 0\n' "/dev/mapper/$(volume_dm_name "$true_group/swap")" "$([ "$true_major" -gt 7 ] && echo none || echo swap)" ;;
      *plain) printf 'UUID=%s none                    swap    defaults        0 0\n' "$(partition_uuid "$swap")" ;;
    esac
  } >"$1/etc/fstab"
}

# rhel_bls DIR: entries for every kernel, for rescue, for the one whose removal did not end, and of the machine that this one was cloned from
rhel_bls() {
  local dir=$1/boot/loader/entries id v extra options tuned=' $tuned_initrd' old
  id=$(machine_id) old=$(uuid_of "$guest template" | tr -d -)
  mkdir -p "$dir"
  options="root=$root ro $arguments"
  [ "$true_major" -ne 8 ] || options='$kernelopts'
  [ "$true_id" != fedora ] || tuned=''
  for v in "${installed[@]}" ${removed:+"$removed"}; do
    extra=''
    [ "$true_major" -ne 8 ] || extra="id $true_id-20210429130346-$v"
    write "$dir/$id-$v.conf" "title $name ($v) $full" "version $v" "linux /vmlinuz-$v" "initrd /initramfs-$v.img$tuned" \
      "options $options${tuned:+ \$tuned_params}" ${extra:+"$extra"} 'grub_users $grub_users' 'grub_arg --unrestricted' \
      "grub_class $([ "$true_major" -eq 8 ] && echo kernel || echo "$true_id")"
  done
  [ "$true_layout" = cloud ] || write "$dir/$id-0-rescue.conf" "title $name (0-rescue-$id) $full" "version 0-rescue-$id" "linux /vmlinuz-0-rescue-$id" \
    "initrd /initramfs-0-rescue-$id.img" "options $options" 'grub_users $grub_users' 'grub_arg --unrestricted' \
    "grub_class $([ "$true_major" -eq 8 ] && echo kernel || echo "$true_id")"
  [ "$true_history" != updated ] || {
    v=${kernels[0]}
    write "$dir/$old-$v.conf" "title $name ($v) $full" "version $v" "linux /vmlinuz-$v" "initrd /initramfs-$v.img$tuned" "options $options" \
      'grub_users $grub_users' 'grub_arg --unrestricted' "grub_class $true_id"
  }
}

# rhel_grub2_bls DIR: grub.cfg, grubenv and where they are
rhel_grub2_bls() {
  local dir=$1 config=$1/boot/grub2/grub.cfg environment=$1/boot/grub2/grubenv id
  id=$(machine_id)
  mkdir -p "$dir"/boot/grub2/{fonts,themes/system}
  [ "$true_firmware" = efi ] && [ "$true_layout" != cloud ] || {
    mkdir -p "$dir/boot/grub2/i386-pc"
    for file in boot.img core.img normal.mod blscfg.mod xfs.mod lvm.mod; do echo phony >"$dir/boot/grub2/i386-pc/$file"; done
    printf '# this device map was generated by anaconda\n(hd0)      /dev/%s\n(hd1)      /dev/%s\n' "$target_a" "$target_a" >"$dir/boot/grub2/device.map"
  }
  echo phony >"$dir/boot/grub2/fonts/unicode.pf2"
  # until 8, under EFI both are beside the loader
  [ "$true_firmware" != efi ] || [ "$true_major" -gt 8 ] || {
    config=$dir/boot/efi/EFI/$vendor/grub.cfg environment=$dir/boot/efi/EFI/$vendor/grubenv
    ln -sfn "../efi/EFI/$vendor/grubenv" "$dir/boot/grub2/grubenv"
  }
  write "$environment" '# GRUB Environment Block' "saved_entry=$id-$newest" 'menu_auto_hide=1' 'boot_success=1' 'boot_indeterminate=0'
  [ "$true_major" -ne 8 ] || echo "kernelopts=root=$root ro $arguments " >>"$environment"
  head -c $((1024 - $(stat -c %s "$environment"))) /dev/zero | tr '\0' '#' >>"$environment"
  {
    printf '#\n# DO NOT EDIT THIS FILE\n#\n# It is automatically generated by grub2-mkconfig using templates\n# from /etc/grub.d and settings from /etc/default/grub\n#\n\n'
    printf '### BEGIN /etc/grub.d/00_header ###\nset pager=1\n\nif [ -f ${config_directory}/grubenv ]; then\n  load_env -f ${config_directory}/grubenv\nelif [ -s $prefix/grubenv ]; then\n  load_env\nfi\n'
    printf 'if [ "${next_entry}" ] ; then\n   set default="${next_entry}"\n   set next_entry=\n   save_env next_entry\n   set boot_once=true\nelse\n   set default="${saved_entry}"\nfi\n'
    printf 'terminal_output console\nif [ x$feature_timeout_style = xy ] ; then\n  set timeout_style=menu\n  set timeout=5\nelse\n  set timeout=5\nfi\n### END /etc/grub.d/00_header ###\n\n'
    printf '### BEGIN /etc/grub.d/10_linux ###\ninsmod part_%s\ninsmod xfs\nset root='"'hd0,%s'"'\nsearch --no-floppy --fs-uuid --set=root %s\ninsmod part_%s\nsearch --no-floppy --fs-uuid --set=boot %s\n' \
      "${label_a:-msdos}" "${label_a:-msdos}$(true_part boot)" "$(partition_uuid "$(true_part boot)")" "${label_a:-msdos}" "$(partition_uuid "$(true_part boot)")"
    [ "$true_major" -ne 8 ] || printf '\nif [ -z "${kernelopts}" ]; then\n  set kernelopts="root=%s ro %s "\nfi\n' "$root" "$arguments"
    printf '\ninsmod blscfg\nblscfg\n### END /etc/grub.d/10_linux ###\n\n### BEGIN /etc/grub.d/12_menu_auto_hide ###\nif [ "${boot_success}" = "1" ]; then\n  set menu_hide_ok=1\nfi\n### END /etc/grub.d/12_menu_auto_hide ###\n\n'
    printf '### BEGIN /etc/grub.d/41_custom ###\nif [ -f  ${config_directory}/custom.cfg ]; then\n  source ${config_directory}/custom.cfg\nfi\n### END /etc/grub.d/41_custom ###\n'
  } | write_stdin "$config"
  chmod 600 "$config"
  [ "$true_layout" != cloud ] && [ "$true_firmware" != efi ] || [ "$true_major" -lt 9 ] ||
    write "$dir/boot/efi/EFI/$vendor/grub.cfg" "search --no-floppy --root-dev-only --fs-uuid --set=dev $(partition_uuid "$(true_part boot)")" 'set prefix=($dev)/grub2' 'export $prefix' 'configfile $prefix/grub.cfg'
}

# rhel_efi DIR: the loaders on the EFI system partition
rhel_efi() {
  local file
  mkdir -p "$1/boot/efi/EFI"/{BOOT,"$vendor"}
  for file in BOOT/BOOTX64.EFI BOOT/fbx64.efi "$vendor/shimx64.efi" "$vendor/shim.efi" "$vendor/grubx64.efi" "$vendor/mmx64.efi"; do
    printf 'MZphony %s' "$file" >"$1/boot/efi/EFI/$file"
  done
  printf '\377\376s\0h\0i\0m\0' >"$1/boot/efi/EFI/$vendor/BOOTX64.CSV"
}

# rhel_network DIR: the card as the installer writes it
rhel_network() {
  local dir=$1 card=ens192 mac
  mac=$(mac_of "$guest" | tr a-f A-F)
  case $true_hypervisor in hyperv | xen) card=eth0 ;; virtualbox) card=enp0s3 ;; esac
  [ "$true_layout" != cloud ] || card=eth0
  mkdir -p "$dir"/etc/NetworkManager/{conf.d,dispatcher.d,system-connections}
  write "$dir/etc/NetworkManager/NetworkManager.conf" '[main]' '#plugins=keyfile,ifcfg-rh' '[logging]'
  if [ "$true_major" -lt 9 ]; then
    write "$dir/etc/sysconfig/network-scripts/ifcfg-$card" TYPE=Ethernet PROXY_METHOD=none BROWSER_ONLY=no BOOTPROTO=none DEFROUTE=yes \
      IPV4_FAILURE_FATAL=no IPV6INIT=yes IPV6_AUTOCONF=yes NAME=$card "UUID=$(uuid_of "$guest card")" DEVICE=$card ONBOOT=yes \
      IPADDR=192.0.2.10 PREFIX=24 GATEWAY=192.0.2.1 DNS1=192.0.2.53
    [ "$true_layout" != cloud ] || write "$dir/etc/sysconfig/network-scripts/ifcfg-$card" '# Created by cloud-init on instance boot automatically, do not edit.' '#' \
      BOOTPROTO=dhcp DEVICE=$card "HWADDR=$(mac_of "$guest")" ONBOOT=yes TYPE=Ethernet USERCTL=no
  else
    rmdir "$dir/etc/sysconfig/network-scripts"
    [ "$true_major" -gt 9 ] || write "$dir/etc/sysconfig/network-scripts/readme-ifcfg-rh.txt" 'NetworkManager keeps its profiles as keyfiles now.'
    write_with 600 "$dir/etc/NetworkManager/system-connections/$card.nmconnection" '[connection]' id=$card "uuid=$(uuid_of "$guest card")" type=ethernet \
      autoconnect-priority=-999 interface-name=$card timestamp=1709630000 '' '[ethernet]' '' '[ipv4]' 'address1=192.0.2.10/24,192.0.2.1' 'dns=192.0.2.53;' method=manual '' '[ipv6]' addr-gen-mode=eui64 method=auto '' '[proxy]'
    [ "$true_layout" != cloud ] || write_with 600 "$dir/etc/NetworkManager/system-connections/cloud-init-$card.nmconnection" '# Generated by cloud-init. Changes will be lost.' '' '[connection]' \
      "id=cloud-init $card" "uuid=$(uuid_of "$guest card")" autoconnect-priority=120 type=ethernet '' '[user]' org.freedesktop.NetworkManager.origin=cloud-init '' '[ethernet]' "mac-address=$mac" '' '[ipv4]' method=auto may-fail=false
    [ "$true_layout" != cloud ] || rm "$dir/etc/NetworkManager/system-connections/$card.nmconnection"
  fi
  [ "$true_major" -gt 8 ] || write "$dir/etc/sysconfig/network-scripts/ifcfg-lo" DEVICE=lo IPADDR=127.0.0.1 NETMASK=255.0.0.0 NETWORK=127.0.0.0 BROADCAST=127.255.255.255 ONBOOT=yes NAME=loopback
  [ "$true_major" -gt 7 ] || for card in ifup ifdown ifup-eth ifdown-eth network-functions; do write_with 755 "$dir/etc/sysconfig/network-scripts/$card" '#!/bin/bash' 'exit 0'; done
  write "$dir/var/lib/NetworkManager/timestamps" '[timestamps]' "$(uuid_of "$guest card")=1709630000"
  write "$dir/var/lib/NetworkManager/secret_key" phony
  write "$dir/etc/sysconfig/network" '# Created by anaconda'
}

# rhel_settings DIR: /etc and /var as the packages of a minimal system and the installer leave them
rhel_settings() {
  local dir=$1 file units=/usr/lib/systemd/system
  write "$dir/usr/lib/os-release" "NAME=\"$name\"" "VERSION=\"$full\"" "ID=\"$true_id\"" ${like:+"ID_LIKE=\"$like\""} "VERSION_ID=\"$version_id\"" \
    "PLATFORM_ID=\"platform:${dist#.}\"" "PRETTY_NAME=\"$name $full\"" 'ANSI_COLOR="0;31"' "CPE_NAME=\"cpe:/o:$vendor:${true_id}:$version_id\"" 'HOME_URL="https://www.example.org/"'
  ln -s ../usr/lib/os-release "$dir/etc/os-release"
  # one file with the name, the others are links to it
  case $true_id in
    rhel) file=redhat-release ;; centos) file=centos-release ;; ol) file=oracle-release ;; *) file=$true_id-release ;;
  esac
  echo "$release" >"$dir/etc/$file"
  [ "$true_id" != ol ] || echo "Red Hat Enterprise Linux release $true_version" >"$dir/etc/redhat-release"
  [ -e "$dir/etc/redhat-release" ] || ln -s "$file" "$dir/etc/redhat-release"
  ln -s "$file" "$dir/etc/system-release"
  rpm_package "$dir" "$file" "$version_id" "1$dist" "/etc/$file"
  write "$dir/etc/default/grub" GRUB_TIMEOUT=5 "GRUB_DISTRIBUTOR=\"\$(sed 's, release .*\$,,g' /etc/system-release)\"" GRUB_DEFAULT=saved GRUB_DISABLE_SUBMENU=true \
    'GRUB_TERMINAL_OUTPUT="console"' "GRUB_CMDLINE_LINUX=\"$arguments\"" 'GRUB_DISABLE_RECOVERY="true"'
  [ "$true_major" -lt 8 ] || echo GRUB_ENABLE_BLSCFG=true >>"$dir/etc/default/grub"
  ln -s ../default/grub "$dir/etc/sysconfig/grub"
  write "$dir/etc/default/useradd" GROUP=100 HOME=/home INACTIVE=-1 EXPIRE= SHELL=/bin/bash
  ln -s ../boot/grub2/grub.cfg "$dir/etc/grub2.cfg"
  ln -s "../boot/efi/EFI/$vendor/grub.cfg" "$dir/etc/grub2-efi.cfg"
  for file in 00_header 01_users 08_fallback_counting 10_linux 12_menu_auto_hide 20_linux_xen 30_os-prober 30_uefi-firmware 40_custom 41_custom; do
    write_with 755 "$dir/etc/grub.d/$file" '#!/bin/sh' "# $file of grub2-tools"
  done
  # dracut, kernel-install, kdump
  write "$dir/etc/dracut.conf" '# PUT YOUR CONFIG IN separate files' '# in /etc/dracut.conf.d named "<name>.conf"'
  mkdir -p "$dir/etc/dracut.conf.d" "$dir"/etc/kernel/{install.d,postinst.d,prerm.d}
  write "$dir/usr/lib/dracut/dracut-functions.sh" '# functions of dracut'
  write "$dir/usr/lib/dracut/modules.d/90lvm/module-setup.sh" '# module of dracut'
  write "$dir/usr/lib/dracut/dracut.conf.d/01-dist.conf" 'hostonly="yes"' 'hostonly_cmdline="no"' 'early_microcode="yes"' 'reproducible="yes"'
  [ "$true_layout" != cloud ] || write "$dir/usr/lib/dracut/dracut.conf.d/02-generic-image.conf" 'hostonly="no"'
  [ "$true_layout" = cloud ] || write "$dir/usr/lib/dracut/dracut.conf.d/02-rescue.conf" 'dracut_rescue_image="yes"'
  for file in 20-grub 50-depmod 50-dracut 51-dracut-rescue 90-loaderentry 92-tuned 95-kernel-hooks 99-grub-mkconfig; do
    write_with 755 "$dir/usr/lib/kernel/install.d/$file.install" '#!/bin/bash' 'exit 0'
  done
  [ "$true_major" -lt 9 ] || write "$dir/etc/kernel/cmdline" "root=$root ro $arguments"
  [ "$true_id" != fedora ] || write "$dir/etc/machine-info" "KERNEL_INSTALL_MACHINE_ID=$(machine_id)"
  # Fedora has no swap on disks
  [ "$true_id" != fedora ] || write "$dir/usr/lib/systemd/zram-generator.conf" '[zram0]' 'zram-size = min(ram, 8192)'
  write "$dir/etc/sysconfig/kernel" UPDATEDEFAULT=yes "DEFAULTKERNEL=kernel${true_uek:+-uek}$([ "$true_major" -lt 8 ] || [ -n "$true_uek" ] || echo -core)"
  write "$dir/etc/kdump.conf" 'auto_reset_crashkernel yes' 'path /var/crash' 'core_collector makedumpfile -l --message-level 7 -d 31'
  write "$dir/etc/sysconfig/kdump" 'KDUMP_KERNELVER=""' 'KDUMP_COMMANDLINE_REMOVE="hugepages hugepagesz slub_debug quiet log_buf_len swiotlb"' 'KDUMP_IMG="vmlinuz"'
  for file in anaconda atd crond firewalld irqbalance man-db run-parts rsyslog sshd cpupower chronyd; do write "$dir/etc/sysconfig/$file" "# options of $file"; done
  write "$dir/etc/tuned/active_profile" virtual-guest
  write "$dir/etc/tuned/profile_mode" auto
  write "$dir/etc/tuned/bootcmdline" '# This file specifies additional parameters to kernel boot command line.' TUNED_BOOT_CMDLINE= TUNED_BOOT_INITRD_ADD=
  write "$dir/etc/chrony.conf" 'pool 2.rhel.pool.ntp.org iburst' 'driftfile /var/lib/chrony/drift' 'makestep 1.0 3' rtcsync 'keyfile /etc/chrony.keys' 'logdir /var/log/chrony'
  write "$dir/etc/yum.repos.d/$true_id.repo" "[baseos]" "name=$name \$releasever - BaseOS" 'baseurl=https://mirror.example.org/$releasever/BaseOS/$basearch/os/' enabled=1 gpgcheck=1
  write "$dir/etc/dnf/dnf.conf" '[main]' gpgcheck=1 installonly_limit=3 clean_requirements_on_remove=True best=True
  write "$dir/etc/firewalld/firewalld.conf" DefaultZone=public FirewallBackend=nftables
  write "$dir/etc/sysctl.conf" '# sysctl settings are defined through files in /usr/lib/sysctl.d/'
  ln -s ../sysctl.conf "$dir/etc/sysctl.d/99-sysctl.conf"
  write "$dir/etc/modprobe.d/tuned.conf" '# options of the profile of tuned'
  write "$dir/etc/modprobe.d/lockd.conf" '#options lockd nlm_timeout=10'
  write "$dir/etc/crypto-policies/config" DEFAULT
  ln -s "$units/multi-user.target" "$dir/etc/systemd/system/default.target"
  write_with 600 "$dir/root/anaconda-ks.cfg" '# Generated by Anaconda' '#version=RHEL' text "ignoredisk --only-use=$target_a" "bootloader --append=\"crashkernel=auto\" --location=mbr --boot-drive=$target_a" \
    autopart 'clearpart --none --initlabel' "network  --bootproto=static --hostname=$true_host" '%packages' '@^minimal-environment' '%end'
  for file in anaconda packaging program storage syslog journal dbus; do write_with 600 "$dir/var/log/anaconda/$file.log" "10:12:44,000 INF $file: phony"; done
  write "$dir/var/log/anaconda/lvm.log" "vgcreate $true_group /dev/${target_a}2"
  mkdir -p "$dir"/var/{crash,cache/dnf,lib/dnf,lib/rhsm,lib/tuned,lib/selinux,lib/logrotate,spool/cron,spool/mail}
  write "$dir/var/lib/logrotate/logrotate.status" 'logrotate state -- version 2'
  case $true_layout in
    lvm)
      write "$dir/etc/lvm/lvm.conf" 'config {' '	checks = 1' '}' 'devices {' '	# use_devicesfile = 1' '	# filter = [ "a|.*|" ]' '}' 'backup {' '	backup = 1' '	archive = 1' '}'
      write "$dir/etc/lvm/lvmlocal.conf" 'local {' '	# system_id = ""' '}'
      write_with 600 "$dir/etc/lvm/backup/$true_group" "$true_group {" "	id = \"$(lvm_id "$guest $true_group")\"" '	physical_volumes {' '		pv0 {' "			device = \"/dev/$target_a$(true_part "$true_group")\"" '		}' '	}' '}'
      cp "$dir/etc/lvm/backup/$true_group" "$dir/etc/lvm/archive.new"
      mkdir -p "$dir/etc/lvm/archive" "$dir/etc/lvm/profile" "$dir/etc/lvm/cache"
      mv "$dir/etc/lvm/archive.new" "$dir/etc/lvm/archive/${true_group}_00000-1234.vg"
      # a disk that tells no name of its own is listed by the kernel's
      [ "$true_major" -lt 9 ] || write_with 600 "$dir/etc/lvm/devices/system.devices" '# LVM uses devices listed in this file.' '# Created by LVM command vgcreate pid 2240 at Tue Mar  5 10:14:02 2024' 'VERSION=1.1.1' \
        "IDTYPE=devname IDNAME=/dev/$target_a$(true_part "$true_group") DEVNAME=/dev/$target_a$(true_part "$true_group") PVID=$(lvm_id "$guest $true_group pv0" | tr -d -) PART=$(true_part "$true_group")" ;;
    cloud)
      write "$dir/etc/cloud/cloud.cfg" 'users:' '  - default' 'disable_root: 1' 'ssh_pwauth: 0' 'system_info:' '  distro: rhel' '  default_user:' '    name: cloud-user'
      write "$dir/etc/cloud/cloud.cfg.d/05_logging.cfg" 'output: {all: "| tee -a /var/log/cloud-init-output.log"}'
      mkdir -p "$dir/var/lib/cloud"/{data,handlers,scripts,seed,sem,instances/iid-phony-1/sem}
      ln -s /var/lib/cloud/instances/iid-phony-1 "$dir/var/lib/cloud/instance"
      echo iid-phony-1 >"$dir/var/lib/cloud/data/instance-id"
      write "$dir/var/log/cloud-init.log" 'Cloud-init finished'
      true_units "$dir" $units cloud-init.target cloud-init-local.service cloud-init.service cloud-config.service cloud-final.service ;;
  esac
  case $true_hypervisor in
    vmware)
      write "$dir/etc/vmware-tools/tools.conf" '# options of open-vm-tools'
      write "$dir/etc/vmware-tools/vgauth.conf" '[service]' 'samlSchemaDir=/etc/vmware-tools/vgauth/schemas'
      for file in poweroff poweron resume suspend; do write_with 755 "$dir/etc/vmware-tools/$file-vm-default" '#!/bin/sh' 'exit 0'; done
      write "$dir/usr/lib/udev/rules.d/99-vmware-scsi-udev.rules" 'ACTION=="add", SUBSYSTEMS=="scsi", ATTRS{vendor}=="VMware*", ATTRS{model}=="Virtual disk*", ENV{DEVTYPE}=="disk", RUN+="/bin/sh -c '"'echo 180 >/sys\$env{DEVPATH}/device/timeout'"'"'
      rpm_package "$dir" open-vm-tools "12.5.0" "1$dist" /usr/bin/vmtoolsd /usr/bin/vmware-toolbox-cmd /usr/lib/systemd/system/vmtoolsd.service /usr/lib/systemd/system/vgauthd.service
      true_units "$dir" $units multi-user.target vmtoolsd.service
      links "$dir" /etc/systemd/system/vmtoolsd.service.requires $units/vgauthd.service=vgauthd.service ;;
    hyperv)
      rpm_package "$dir" hypervkvpd 0 "0.42.20190303git$dist" /usr/sbin/hypervkvpd /usr/lib/systemd/system/hypervkvpd.service
      rpm_package "$dir" hyperv-daemons 0 "0.42.20190303git$dist"
      true_units "$dir" $units multi-user.target hypervkvpd.service hypervvssd.service ;;
  esac
  true_units "$dir" $units multi-user.target NetworkManager.service auditd.service chronyd.service crond.service firewalld.service irqbalance.service kdump.service \
    rsyslog.service sshd.service sssd.service tuned.service remote-fs.target
  true_units "$dir" $units sysinit.target lvm2-lvmpolld.socket lvm2-monitor.service nis-domainname.service selinux-autorelabel-mark.service
  true_units "$dir" $units timers.target dnf-makecache.timer unbound-anchor.timer
  true_units "$dir" $units getty.target getty@tty1.service
  true_units "$dir" $units network-online.target NetworkManager-wait-online.service
  links "$dir" /etc/systemd/system $units/NetworkManager-dispatcher.service=dbus-org.freedesktop.nm-dispatcher.service $units/dbus-broker.service=dbus.service
  write "$dir/usr/lib/systemd/system-preset/90-default.preset" 'enable sshd.service' 'enable chronyd.service' 'enable kdump.service' 'enable tuned.service' 'disable *'
}

# rhel_root DIR: the whole system; /boot is moved to a partition of its own at the end
rhel_root() {
  local dir=$1 v name full release like dist vendor version_id kernels removed installed newest root arguments file
  rhel_release
  rhel_versions
  rhel_arguments
  rpm_userland "$dir"
  # Fedora moved the database, and left a link
  [ "$true_id" != fedora ] || {
    mkdir -p "$dir/usr/lib/sysimage"
    mv "$dir/var/lib/rpm" "$dir/usr/lib/sysimage/rpm"
    ln -s ../../usr/lib/sysimage/rpm "$dir/var/lib/rpm"
  }
  systemd "$dir"
  rm -r "$dir/etc/systemd/system/getty.target.wants"
  true_identity "$dir" "$true_host.example.org"
  rhel_settings "$dir"
  rhel_network "$dir"
  rhel_fstab "$dir"
  dracut_stub "$dir" /usr/bin/dracut
  ln -s ../bin/dracut "$dir/usr/sbin/dracut" 2>/dev/null || true
  rpm_package "$dir" dracut "$(case $true_major in 7) echo 033 ;; 8) echo 049 ;; 9) echo 057 ;; *) echo 107 ;; esac)" "1$dist" /usr/bin/dracut
  for file in /usr/bin/kernel-install /usr/sbin/grubby /usr/sbin/grub2-install /usr/bin/grub2-editenv /usr/sbin/NetworkManager /usr/sbin/sshd; do stub "$dir" "$file"; done
  # under EFI it would write commands for the firmware it runs under
  if [ "$true_firmware" = efi ] || [ "$true_major" -gt 7 ]; then stub "$dir" /usr/sbin/grub2-mkconfig 'exit 1'
  else grub2_mkconfig_stub "$dir" /usr/sbin/grub2-mkconfig /boot/grub2/grub.cfg initramfs; fi
  rpm_package "$dir" grub2-tools "2.06" "104$dist" /usr/sbin/grub2-mkconfig
  for v in "${installed[@]}"; do rhel_kernel "$dir" "$v"; done
  [ "$true_layout" = cloud ] || rhel_rescue "$dir" "${kernels[0]}"
  [ -z "$removed" ] || {
    # its removal was interrupted: the package is gone from the database, the image and most modules too
    cp "$dir/boot/initramfs-$newest.img" "$dir/boot/initramfs-$removed.img"
    write "$dir/boot/System.map-$removed" '0000000000000000 A phony'
    mkdir -p "$dir/lib/modules/$removed/weak-updates"
    : >"$dir/lib/modules/$removed/modules.softdep"
  }
  # what kdump starts
  [ "$true_layout" = cloud ] || cp "$dir/boot/initramfs-$newest.img" "$dir/boot/initramfs-${newest}kdump.img"
  mkdir -p "$dir/boot/efi"
  if [ "$true_major" -gt 7 ]; then
    rhel_grub2_bls "$dir"
    rhel_bls "$dir"
  else
    rhel_grub2_menu "$dir"
  fi
  if [ "$true_firmware" = efi ] || [ "$true_layout" = cloud ]; then rhel_efi "$dir"; fi
  {
    if [ "$true_major" -gt 7 ]; then package_names el; else package_names el7; fi
    printf '%s\n' $true_extra
  } | true_rpms "$dir" "$dist" "$(rhel_tools)" "shim-x64 15.8-4$dist" "grub2-efi-x64 1:2.06-104$dist"
  [ "$true_major" -lt 8 ] || for v in "${installed[@]}"; do
    case $v in *uek*) continue ;; esac
    for file in kernel kernel-modules kernel-modules-core; do rpm_package "$dir" $file "${v%%-*}" "$(sed -E 's/^[^-]*-//; s/\.x86_64$//' <<<"$v")"; done
  done
  true_selinux "$dir"
}

# rhel_grub2_menu DIR: grub.cfg of 7, with an entry for each kernel
rhel_grub2_menu() {
  local dir=$1 config=$1/boot/grub2/grub.cfg linux=linux16 initrd=initrd16 id v title image
  id=$(machine_id)
  [ "$true_firmware" != efi ] || config=$dir/boot/efi/EFI/$vendor/grub.cfg linux=linuxefi initrd=initrdefi
  mkdir -p "$dir"/boot/grub2/{fonts,themes/system,locale}
  echo phony >"$dir/boot/grub2/fonts/unicode.pf2"
  [ "$true_firmware" = efi ] || {
    write "$dir/boot/grub2/device.map" '# this device map was generated by anaconda' "(hd0)      /dev/$target_a" "(hd1)      /dev/$target_a"
    write "$dir/boot/grub2/i386-pc/normal.mod" phony
  }
  {
    printf '### BEGIN /etc/grub.d/00_header ###\nset pager=1\n\nif [ -s $prefix/grubenv ]; then\n  load_env\nfi\nif [ "${next_entry}" ] ; then\n   set default="${next_entry}"\n   set next_entry=\n   save_env next_entry\n   set boot_once=true\nelse\n   set default="${saved_entry}"\nfi\n### END /etc/grub.d/00_header ###\n\n### BEGIN /etc/grub.d/10_linux ###\n'
    for v in $(printf '%s\n' "${installed[@]}" | sort -rV) "0-rescue-$id"; do
      title="$name ($v) $full" image=vmlinuz-$v
      printf "menuentry '%s' --class %s --class gnu-linux --class gnu --class os --unrestricted \$menuentry_id_option 'gnulinux-%s-advanced-%s' {\n" "$title" "$true_id" "${installed[0]}" "$(uuid_of "$guest")"
      printf '\tload_video\n\tset gfxpayload=keep\n\tinsmod gzio\n\tinsmod part_msdos\n\tinsmod xfs\n\tset root='"'hd0,msdos1'"'\n\tsearch --no-floppy --fs-uuid --set=root %s\n' "$(partition_uuid "$(true_part boot)")"
      printf '\t%s /%s root=%s ro %s%s\n\t%s /initramfs-%s.img\n}\n' $linux "$image" "$root" "$arguments" "$(case $v in 0-*) ;; *) echo ' LANG=en_US.UTF-8' ;; esac)" $initrd "$v"
    done
    printf '### END /etc/grub.d/10_linux ###\n'
  } | write_stdin "$config"
  write "$dir/boot/grub2/grubenv.new" '# GRUB Environment Block' "saved_entry=$name ($newest) $full"
  if [ "$true_firmware" = efi ]; then
    mv "$dir/boot/grub2/grubenv.new" "$dir/boot/efi/EFI/$vendor/grubenv"
    ln -s "../efi/EFI/$vendor/grubenv" "$dir/boot/grub2/grubenv"
  else
    mv "$dir/boot/grub2/grubenv.new" "$dir/boot/grub2/grubenv"
  fi
}
