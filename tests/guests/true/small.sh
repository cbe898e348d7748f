# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# Alpine, Arch and Photon, as setup-alpine, the usual guides and Photon's installer leave them. Facts: alpine-conf's setup-disk,
# update-extlinux and mkinitfs; archinstall, Arch's installation guide and mkinitcpio; Photon's installer and kickstarts.

# true_alpine NAME=VALUE ...: version (3.20), firmware (bios, efi), hypervisor (vmware)
true_alpine() {
  true_version=3.20.3 true_firmware=bios true_hypervisor=vmware true_host=alp01
  true_options "$@"
  true_domain "$true_hypervisor"
  size_a=160
  # setup-disk: /boot, swap and root
  if [ "$true_firmware" = efi ]; then label_a=gpt disk_a=("esp 40 efi" "swap 8 -" "ext4 rest root")
  else disk_a=("ext4 40 boot" "swap 8 -" "ext4 rest root"); fi
  fill_root() { alpine_root "$1"; true_split "$1"; }
  fill_boot() { true_part_of boot "$1"; }
  # the EFI system partition is mounted at /boot/efi, and /boot is in the root
  fill_efi() { true_part_of efi "$1"; }
  extra() { true_hypervisor "$1" "$2" "$true_hypervisor" "$true_firmware"; }
}

alpine_root() {
  local dir=$1 version=6.6.49-0-lts flavour=lts root service level name
  root=UUID=$(partition_uuid 3)
  # BusyBox is all its userland, and nothing is merged
  unmerged "$dir"
  userland "$dir"
  true_identity "$dir" "$true_host"
  rm "$dir"/etc/{machine-id,locale.conf,vconsole.conf}
  rm -rf "$dir/etc/X11"
  mkinitfs_stub "$dir"
  write "$dir/etc/os-release" 'NAME="Alpine Linux"' ID=alpine "VERSION_ID=$true_version" "PRETTY_NAME=\"Alpine Linux v${true_version%.*}\"" 'HOME_URL="https://alpinelinux.org/"'
  echo "$true_version" >"$dir/etc/alpine-release"
  printf 'UUID=%s\t/\text4\trw,relatime 0 1\n%sUUID=%s\tswap\tswap\tdefaults\t0 0\n/dev/cdrom\t/media/cdrom\tiso9660\tnoauto,ro 0 0\n/dev/usbdisk\t/media/usb\tvfat\tnoauto\t0 0\ntmpfs\t/tmp\ttmpfs\tnosuid,nodev\t0\t0\n' "${root#UUID=}" \
    "$(if [ "$true_firmware" = efi ]; then printf 'UUID=%s\t/boot/efi\tvfat\trw,relatime,fmask=0022,dmask=0022,codepage=437,iocharset=utf8,shortname=mixed,errors=remount-ro 0 2\n.' "$(partition_fat_id 1)"; else printf 'UUID=%s\t/boot\text4\trw,relatime 0 2\n.' "$(partition_uuid 1)"; fi | tr -d .)
" "$(partition_uuid 2)" | sed '/^$/d' >"$dir/etc/fstab"
  write "$dir/etc/network/interfaces" 'auto lo' 'iface lo inet loopback' '' 'auto eth0' 'iface eth0 inet static' '	address 192.0.2.51/24' '	gateway 192.0.2.1' "	hostname $true_host"
  write "$dir/etc/inittab" ::sysinit:/sbin/openrc\ sysinit ::sysinit:/sbin/openrc\ boot ::wait:/sbin/openrc\ default tty1::respawn:/sbin/getty\ 38400\ tty1 '#ttyS0::respawn:/sbin/getty -L 115200 ttyS0 vt100' ::ctrlaltdel:/sbin/reboot ::shutdown:/sbin/openrc\ shutdown
  write "$dir/etc/modules" af_packet ipv6
  write "$dir/etc/mkinitfs/mkinitfs.conf" 'features="ata base ide scsi usb virtio ext4"'
  [ "$true_hypervisor" != vmware ] || write "$dir/etc/mkinitfs/mkinitfs.conf" 'features="ata base ide scsi usb ext4"'
  for name in ata ext4 scsi usb virtio base; do write "$dir/etc/mkinitfs/features.d/$name.modules" "kernel/drivers/$name/*.ko*"; done
  write "$dir/usr/share/mkinitfs/initramfs-init" '#!/bin/sh'
  write "$dir/etc/update-extlinux.conf" overwrite=1 vesa_menu=0 'default_kernel_opts="quiet rootfstype=ext4"' "modules=sd-mod,usb-storage,ext4" "root=$root" verbose=0 hidden=1 timeout=1 "default=$flavour" serial_port= xen_opts=dom0_mem=256M
  write "$dir/etc/conf.d/hwclock" clock="UTC"
  write "$dir/etc/apk/repositories" "http://dl-cdn.example.org/alpine/v${true_version%.*}/main"
  write "$dir/etc/apk/world" acct alpine-base e2fsprogs linux-$flavour openssh chrony "$([ "$true_firmware" = efi ] && echo grub-efi || echo syslinux)"
  write "$dir/etc/apk/arch" x86_64
  for service in acpid chronyd crond sshd networking hostname bootmisc modules swap sysctl syslog urandom devfs dmesg mdev hwdrivers mount-ro killprocs savecache; do
    write_with 755 "$dir/etc/init.d/$service" '#!/sbin/openrc-run' 'exit 0'
    case $service in acpid | chronyd | crond | sshd) level=default ;; devfs | dmesg | mdev | hwdrivers) level=sysinit ;; mount-ro | killprocs | savecache) level=shutdown ;; *) level=boot ;; esac
    mkdir -p "$dir/etc/runlevels/$level"
    ln -s "/etc/init.d/$service" "$dir/etc/runlevels/$level/$service"
  done
  stub "$dir" /sbin/openrc-run
  stub "$dir" /sbin/openrc
  stub "$dir" /sbin/update-extlinux 'exit 1'
  mkdir -p "$dir/lib/apk/db" "$dir/usr/share/kernel/$flavour"
  for name in alpine-base alpine-baselayout alpine-baselayout-data alpine-conf alpine-keys alpine-release apk-tools busybox busybox-binsh busybox-mdev-openrc busybox-openrc busybox-suid ca-certificates-bundle chrony \
    e2fsprogs e2fsprogs-libs ifupdown-ng kmod libblkid libcap2 libcom_err libcrypto3 libeconf libedit libssl3 libuuid linux-firmware-none mdev-conf mkinitfs musl musl-utils ncurses-terminfo-base openrc openssh openssh-client-common \
    openssh-client-default openssh-keygen openssh-server openssh-server-common openssh-sftp-server scanelf ssl_client syslinux mtools blkid lddtree xz-libs zlib zstd-libs; do
    printf 'P:%s\nV:1.0-r0\nA:x86_64\n\n' "$name"
  done >"$dir/lib/apk/db/installed"
  printf 'P:linux-%s\nV:6.6.49-r0\nA:x86_64\n\n' $flavour >>"$dir/lib/apk/db/installed"
  echo $version >"$dir/usr/share/kernel/$flavour/kernel.release"
  kernel_image "$dir/boot/vmlinuz-$flavour" $version
  kernel_modules "$dir" $version -g -b fs/ext4/ext4 "${virtio_modules[@]}" "${hardware_modules[@]}" "${source_modules[@]}" xen-blkfront xen-netfront
  # shellcheck disable=SC2046 # they are several
  initramfs "$dir" "/boot/initramfs-$flavour" $version mkinitfs $(true_drivers "$true_hypervisor")
  write "$dir/boot/config-$version" CONFIG_VIRTIO_BLK=m CONFIG_VIRTIO_PCI=m
  write "$dir/boot/System.map-$version" '0000000000000000 A phony'
  if [ "$true_firmware" = efi ]; then
    write "$dir/etc/default/grub" GRUB_TIMEOUT=2 GRUB_DISABLE_SUBMENU=y GRUB_DISABLE_RECOVERY=true 'GRUB_CMDLINE_LINUX_DEFAULT="modules=sd-mod,usb-storage,ext4 quiet rootfstype=ext4"'
    {
      printf '### BEGIN /etc/grub.d/00_header ###\nset default="0"\n### END /etc/grub.d/00_header ###\n### BEGIN /etc/grub.d/10_linux ###\nmenuentry '"'Alpine, with Linux lts' --class alpine --class gnu-linux --class gnu --class os \$menuentry_id_option 'gnulinux-lts-advanced-%s'"' {\n\tinsmod part_gpt\n\tinsmod ext2\n\tsearch --no-floppy --fs-uuid --set=root %s\n\tlinux\t/boot/vmlinuz-lts root=%s ro modules=sd-mod,usb-storage,ext4 quiet rootfstype=ext4 \n\tinitrd\t/boot/initramfs-lts\n}\n' "${root#UUID=}" "${root#UUID=}" "$root"
    } | write_stdin "$dir/boot/grub/grub.cfg"
    write "$dir/boot/efi/EFI/alpine/grubx64.efi" MZphony
    write "$dir/boot/efi/EFI/boot/bootx64.efi" MZphony
    stub "$dir" /usr/sbin/grub-mkconfig 'exit 1'
  else
    write "$dir/boot/extlinux.conf" '# Generated by update-extlinux 6.04_pre1-r15' 'DEFAULT menu.c32' 'PROMPT 0' 'MENU TITLE Alpine/Linux Boot Menu' 'MENU HIDDEN' 'MENU AUTOBOOT Alpine will be booted automatically in # seconds.' 'TIMEOUT 10' "LABEL $flavour" '  MENU DEFAULT' "  MENU LABEL Linux $flavour" \
      "  LINUX vmlinuz-$flavour" "  INITRD initramfs-$flavour" "  APPEND root=$root modules=sd-mod,usb-storage,ext4 quiet rootfstype=ext4"
    for name in ldlinux.sys ldlinux.c32 menu.c32 libcom32.c32 libutil.c32 mboot.c32; do echo phony >"$dir/boot/$name"; done
    ln -s boot "$dir/boot/boot"
    mkdir -p "$dir/usr/share/syslinux"
    echo phony >"$dir/usr/share/syslinux/mbr.bin"
  fi
}

# true_arch NAME=VALUE ...: loader (grub, systemd-boot), hypervisor (vmware); on btrfs with grub, on ext4 with systemd-boot
true_arch() {
  true_loader=grub true_hypervisor=vmware true_host=arch01 true_firmware=bios
  true_options "$@"
  true_domain "$true_hypervisor"
  size_a=260
  case $true_loader in
    grub) label_a=gpt disk_a=("biosboot 1 -" "swap 8 -" "btrfs rest root") ;;
    # the kernels are on the EFI system partition, which is /boot
    systemd-boot) label_a=gpt true_firmware=efi disk_a=("esp 64 boot" "ext4 rest root") ;;
  esac
  fill_root() { arch_root "$1"; true_split "$1"; }
  fill_boot() { true_part_of boot "$1"; }
  extra() { true_hypervisor "$1" "$2" "$true_hypervisor" "$true_firmware"; }
  [ "$true_loader" != grub ] || layout_root() {
    local name
    for name in @ @home @log @pkg @.snapshots; do btrfs -q subvolume create "$1/$name"; done
    cp -a "$2/." "$1/@/"
  }
}

arch_root() {
  local dir=$1 version=6.11.6-arch1-1 lts=6.6.59-1-lts root uuid name v
  uuid=$(partition_uuid "$(true_part root)") root=UUID=$uuid
  userland "$dir"
  systemd "$dir"
  rm -r "$dir/etc/systemd/system/getty.target.wants"
  true_identity "$dir" "$true_host"
  mkinitcpio_stub "$dir"
  write "$dir/usr/lib/os-release" 'NAME="Arch Linux"' 'PRETTY_NAME="Arch Linux"' ID=arch BUILD_ID=rolling 'HOME_URL="https://archlinux.org/"' LOGO=archlinux-logo
  ln -s ../usr/lib/os-release "$dir/etc/os-release"
  : >"$dir/etc/arch-release"
  write "$dir/etc/mkinitcpio.conf" 'MODULES=()' 'BINARIES=()' 'FILES=()' 'HOOKS=(base udev autodetect microcode modconf kms keyboard keymap consolefont block filesystems fsck)'
  mkdir -p "$dir/etc/mkinitcpio.conf.d" "$dir/usr/lib/initcpio/hooks" "$dir/var/cache/pacman/pkg"
  for name in linux linux-lts; do
    v=$version
    [ $name = linux ] || v=$lts
    kernel_image "$dir/boot/vmlinuz-$name" "$v"
    kernel_modules "$dir" "$v" -z -b fs/ext4/ext4 "${virtio_modules[@]}" "${hardware_modules[@]}" "${source_modules[@]}" xen-blkfront xen-netfront
    cp "$dir/boot/vmlinuz-$name" "$dir/lib/modules/$v/vmlinuz"
    echo $name >"$dir/lib/modules/$v/pkgbase"
    # shellcheck disable=SC2046 # they are several
    initramfs "$dir" "/boot/initramfs-$name.img" "$v" mkinitcpio $(true_drivers "$true_hypervisor")
    initramfs "$dir" "/boot/initramfs-$name-fallback.img" "$v" mkinitcpio "${virtio_modules[@]}" "${hardware_modules[@]}" "${source_modules[@]}"
    true_compressed "$dir/boot/initramfs-$name.img" zstd early
    true_compressed "$dir/boot/initramfs-$name-fallback.img" zstd early
    write "$dir/etc/mkinitcpio.d/$name.preset" "ALL_kver=\"/boot/vmlinuz-$name\"" "PRESETS=('default' 'fallback')" "default_image=\"/boot/initramfs-$name.img\"" "fallback_image=\"/boot/initramfs-$name-fallback.img\"" 'fallback_options="-S autodetect"'
    # the package's version has a dot where the kernel's has a dash, and not the flavour
    v=${v/-arch/.arch}
    v=${v%-lts}
    write "$dir/var/lib/pacman/local/$name-$v/desc" '%NAME%' $name '' '%VERSION%' "$v"
  done
  echo phony >"$dir/boot/intel-ucode.img"
  for name in acl archlinux-keyring argon2 attr audit base bash binutils brotli btrfs-progs bzip2 ca-certificates coreutils cryptsetup curl dbus device-mapper diffutils e2fsprogs expat file filesystem findutils gawk gcc-libs gettext glib2 glibc gmp gnupg \
    gnutls gpgme grep grub gzip hwdata iana-etc icu intel-ucode iproute2 iputils kbd kmod krb5 libarchive libcap libelf libidn2 libnl libpcap libseccomp libsecret libtirpc libxml2 licenses linux-firmware lz4 mkinitcpio mkinitcpio-busybox mpfr ncurses nettle \
    open-vm-tools openssh openssl pacman pacman-mirrorlist pam pciutils pcre2 perl pinentry procps-ng psmisc readline sed shadow snapper sqlite sudo systemd systemd-libs systemd-sysvcompat tar tzdata util-linux util-linux-libs vim xz zlib zstd; do
    write "$dir/var/lib/pacman/local/$name-1.0-1/desc" '%NAME%' "$name" '' '%VERSION%' 1.0-1
  done
  write "$dir/etc/pacman.conf" '[options]' 'HoldPkg = pacman glibc' '[core]' 'Include = /etc/pacman.d/mirrorlist'
  write "$dir/etc/systemd/network/20-wired.network" '[Match]' 'Name=ens*' '' '[Network]' Address=192.0.2.61/24 Gateway=192.0.2.1 DNS=192.0.2.53
  true_units "$dir" /usr/lib/systemd/system multi-user.target systemd-networkd.service sshd.service vmtoolsd.service vmware-vmblock-fuse.service remote-fs.target
  true_units "$dir" /usr/lib/systemd/system sysinit.target systemd-timesyncd.service
  true_units "$dir" /usr/lib/systemd/system getty.target getty@tty1.service
  stub "$dir" /usr/bin/vmtoolsd
  write "$dir/etc/vconsole.conf" KEYMAP=us
  case $true_loader in
    grub)
      printf '# /dev/%s3\nUUID=%s\t/         \tbtrfs     \trw,relatime,compress=zstd:3,space_cache=v2,subvol=/@\t0 0\n\n# /dev/%s3\nUUID=%s\t/home     \tbtrfs     \trw,relatime,compress=zstd:3,space_cache=v2,subvol=/@home\t0 0\n\n# /dev/%s3\nUUID=%s\t/var/log  \tbtrfs     \trw,relatime,compress=zstd:3,space_cache=v2,subvol=/@log\t0 0\n\n# /dev/%s3\nUUID=%s\t/var/cache/pacman/pkg\tbtrfs     \trw,relatime,compress=zstd:3,space_cache=v2,subvol=/@pkg\t0 0\n\n# /dev/%s2\nUUID=%s\tnone      \tswap      \tdefaults  \t0 0\n' \
        "$target_a" "$uuid" "$target_a" "$uuid" "$target_a" "$uuid" "$target_a" "$uuid" "$target_a" "$(partition_uuid 2)" >"$dir/etc/fstab"
      write "$dir/etc/default/grub" GRUB_DEFAULT=0 GRUB_TIMEOUT=5 'GRUB_DISTRIBUTOR="Arch"' 'GRUB_CMDLINE_LINUX_DEFAULT="loglevel=3 quiet"' 'GRUB_CMDLINE_LINUX="rootfstype=btrfs"' 'GRUB_PRELOAD_MODULES="part_gpt part_msdos"' GRUB_TERMINAL_INPUT=console GRUB_GFXMODE=auto GRUB_DISABLE_RECOVERY=true
      {
        printf '### BEGIN /etc/grub.d/00_header ###\nif [ -s $prefix/grubenv ]; then\n  load_env\nfi\nset default="0"\n### END /etc/grub.d/00_header ###\n\n### BEGIN /etc/grub.d/10_linux ###\n'
        for name in linux linux-lts; do
          printf "menuentry 'Arch Linux, with Linux %s' --class arch --class gnu-linux --class gnu --class os \$menuentry_id_option 'gnulinux-%s-advanced-%s' {\n\tload_video\n\tset gfxpayload=keep\n\tinsmod gzio\n\tinsmod part_gpt\n\tinsmod btrfs\n\tsearch --no-floppy --fs-uuid --set=root %s\n\techo\t'Loading Linux %s ...'\n\tlinux\t/@/boot/vmlinuz-%s root=%s rw rootflags=subvol=@  rootfstype=btrfs loglevel=3 quiet\n\techo\t'Loading initial ramdisk ...'\n\tinitrd\t/@/boot/intel-ucode.img /@/boot/initramfs-%s.img\n}\n" \
            $name $name "$uuid" "$uuid" $name $name "$root" $name
        done
        printf '### END /etc/grub.d/10_linux ###\n'
      } | write_stdin "$dir/boot/grub/grub.cfg"
      mkdir -p "$dir"/boot/grub/{i386-pc,fonts,themes}
      stub "$dir" /usr/bin/grub-mkconfig 'exit 1' ;;
    systemd-boot)
      printf '# /dev/%s2\nUUID=%s\t/         \text4      \trw,relatime\t0 1\n\n# /dev/%s1\nUUID=%s      \t/boot     \tvfat      \trw,relatime,fmask=0022,dmask=0022,codepage=437,iocharset=ascii,shortname=mixed,utf8,errors=remount-ro\t0 2\n' "$target_a" "$uuid" "$target_a" "$(partition_fat_id 1)" >"$dir/etc/fstab"
      write "$dir/boot/loader/loader.conf" '#timeout 3' '#console-mode keep' default\ arch.conf
      write "$dir/boot/loader/entries.srel" type1
      head -c 32 /dev/zero >"$dir/boot/loader/random-seed"
      for name in linux linux-lts; do
        write "$dir/boot/loader/entries/arch${name#linux}.conf" "# Created by: archinstall" "title   Arch Linux ($name)" "linux   /vmlinuz-$name" 'initrd  /intel-ucode.img' "initrd  /initramfs-$name.img" "options root=PARTUUID=$(part_uuid a 2) zswap.enabled=0 rw rootfstype=ext4"
      done
      write "$dir/boot/loader/entries/arch-fallback.conf" "title   Arch Linux (linux-fallback)" 'linux   /vmlinuz-linux' 'initrd  /intel-ucode.img' 'initrd  /initramfs-linux-fallback.img' "options root=PARTUUID=$(part_uuid a 2) zswap.enabled=0 rw rootfstype=ext4"
      for name in EFI/systemd/systemd-bootx64.efi EFI/BOOT/BOOTX64.EFI; do write "$dir/boot/$name" 'MZphony #### LoaderInfo: systemd-boot 256 ####'; done
      write "$dir/etc/systemd/zram-generator.conf" '[zram0]' 'zram-size = ram / 2' ;;
  esac
}

# true_photon NAME=VALUE ...: version (5.0, 4.0), firmware (bios, efi)
true_photon() {
  true_version=5.0 true_firmware=efi true_hypervisor=vmware true_host=photon01
  true_options "$@"
  true_major=${true_version%%.*}
  true_domain "$true_hypervisor"
  size_a=240 label_a=gpt
  # its images have both: a partition for a BIOS, one of EFI, and root
  disk_a=("biosboot 4 -" "esp 10 efi" "ext4 rest root")
  fill_root() { photon_root "$1"; true_split "$1"; }
  fill_efi() { true_part_of efi "$1"; }
  extra() { true_hypervisor "$1" "$2" "$true_hypervisor" "$true_firmware"; }
}

photon_root() {
  local dir=$1 version=6.1.79-7.ph5 root name units=/usr/lib/systemd/system
  [ "$true_major" -gt 4 ] || version=5.10.210-1.ph4
  root=PARTUUID=$(part_uuid a 3)
  rpm_userland "$dir"
  rmdir "$dir/etc/sysconfig/network-scripts"
  systemd "$dir"
  rm -r "$dir/etc/systemd/system/getty.target.wants"
  # since 5.0 the database is where systemd's rpm has it
  [ "$true_major" -lt 5 ] || {
    mkdir -p "$dir/usr/lib/sysimage"
    mv "$dir/var/lib/rpm" "$dir/usr/lib/sysimage/rpm"
    ln -s ../../usr/lib/sysimage/rpm "$dir/var/lib/rpm"
  }
  true_identity "$dir" "$true_host"
  write "$dir/usr/lib/os-release" 'NAME="VMware Photon OS"' "VERSION=\"$true_version\"" ID=photon "VERSION_ID=$true_version" 'PRETTY_NAME="VMware Photon OS/Linux"' 'ANSI_COLOR="1;34"'
  ln -s ../usr/lib/os-release "$dir/etc/os-release"
  write "$dir/etc/photon-release" "VMware Photon OS $true_version" PHOTON_BUILD_NUMBER=dde71ec57
  write "$dir/etc/lsb-release" 'DISTRIB_ID="VMware Photon OS"' "DISTRIB_RELEASE=\"$true_version\"" 'DISTRIB_CODENAME=Photon'
  rpm_package "$dir" photon-release "$true_version" 1.ph$true_major /etc/photon-release
  printf '#system\tmnt-pt\ttype\toptions\tdump\tfsck\n%s\t/\text4\tdefaults\t1\t1\nPARTUUID=%s\t/boot/efi\tvfat\tdefaults\t1\t2\n' "$root" "$(part_uuid a 2)" >"$dir/etc/fstab"
  write "$dir/etc/systemd/network/99-dhcp-en.network" '[Match]' 'Name=e*' '' '[Network]' DHCP=yes IPv6AcceptRA=no
  rpm_kernel_payload "$work/k" "$version" initrd $'CONFIG_VIRTIO_BLK=m\nCONFIG_VIRTIO_PCI=m' -x -b fs/ext4/ext4 "${virtio_modules[@]}" "${hardware_modules[@]}" "${source_modules[@]}"
  # its image and initrd have names of their own, and photon.cfg names them
  mv "$work/k/boot/initrd-$version.img" "$work/k/boot/initrd.img-$version"
  rm "$work/k/boot/initrd.img-$version"
  write "$work/k/boot/linux-$version.cfg" "photon_cmdline=init=/lib/systemd/systemd ro loglevel=3 quiet no-vmw-sta" "photon_linux=vmlinuz-$version" "photon_initrd=initrd.img-$version"
  rpm_install "$dir" "$(rpm_build "$work" linux "${version%%-*}" "${version#*-}" "$work/k")"
  initramfs "$dir" "/boot/initrd.img-$version" "$version" dracut mptspi vmw_pvscsi
  ln -s "linux-$version.cfg" "$dir/boot/photon.cfg"
  write "$dir/boot/grub2/grub.cfg" 'set default=0' 'set timeout=5' 'loadfont ascii' 'set gfxmode="1024x768"' 'gfxpayload=keep' 'terminal_output gfxterm' 'set theme=/boot/grub2/themes/photon/theme.txt' 'load_env -f /boot/photon.cfg' 'if [ -f  /boot/systemd.cfg ]; then' '    load_env -f /boot/systemd.cfg' \
    'else' '    set systemd_cmdline=net.ifnames=0' 'fi' "set rootpartition=$root" 'menuentry "Photon" {' '    linux /boot/$photon_linux root=$rootpartition $photon_cmdline $systemd_cmdline' '    if [ -f /boot/$photon_initrd ]; then' '        initrd /boot/$photon_initrd' '    fi' '}'
  write "$dir/boot/systemd.cfg" '# GRUB Environment Block' 'systemd_cmdline=systemd.legacy_systemd_cgroup_controller=yes'
  write "$dir/boot/efi/EFI/BOOT/bootx64.efi" MZphony
  write "$dir/boot/efi/EFI/BOOT/grubx64.efi" MZphony
  write "$dir/boot/efi/boot/grub2/grub.cfg" "search -n -u $(partition_uuid 3) -s" 'configfile /boot/grub2/grub.cfg'
  mkdir -p "$dir/etc/default"
  write "$dir/etc/default/grub" 'GRUB_TIMEOUT=5' 'GRUB_CMDLINE_LINUX=""'
  write "$dir/etc/dracut.conf.d/local.conf" '# add_drivers'
  write "$dir/usr/lib/dracut/dracut-functions.sh" '# functions of dracut'
  write "$dir/usr/lib/dracut/modules.d/99base/module-setup.sh" '# module of dracut'
  dracut_stub "$dir" /usr/bin/dracut
  rpm_package "$dir" dracut 059 1.ph$true_major /usr/bin/dracut
  rpm_package "$dir" open-vm-tools 12.3.0 1.ph$true_major /usr/bin/vmtoolsd
  true_units "$dir" $units multi-user.target systemd-networkd.service sshd.service vmtoolsd.service vgauthd.service docker.service iptables.service cloud-init.service
  true_units "$dir" $units getty.target getty@tty1.service
  write "$dir/etc/cloud/cloud.cfg" 'users:' '  - default' 'disable_vmware_customization: false'
  printf '%s\n' Linux-PAM bash bc bridge-utils bzip2 ca-certificates cloud-init cloud-utils coreutils cpio cracklib cryptsetup-libs curl dbus device-mapper docker e2fsprogs efibootmgr elfutils-libelf expat file filesystem findutils gawk gdbm glib glibc gmp \
    grep grub2 grub2-efi gzip iana-etc iproute2 iptables kmod krb5 less libcap libdb libgcc libmspack libselinux libsolv libssh2 libtirpc lua motd ncurses nettle openssh openssl pcre photon-repos pinentry pkg-config popt procps-ng python3 readline rpm-libs sed shadow sqlite-libs \
    sudo systemd systemd-udev tar tdnf tdnf-cli-libs tzdata util-linux vim which xz zlib zstd-libs | true_rpms "$dir" .ph$true_major
}
