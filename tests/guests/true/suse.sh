# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# SLES 12 and 15, Leap and Tumbleweed as YaST leaves them. Facts: fstab and subvolumes of control files (control.xml) of the products and of
# fstabs in public reports; /etc/sysconfig and /etc/default/grub of openQA's and supportconfig's logs; snapper's own documentation of
# /.snapshots and of rollback; the packages kernel-default, suse-module-tools, grub2-snapper-plugin and wicked.

# true_suse NAME=VALUE ...: sets the disks of a guest.sh and defines how they are filled.
#   id        sles, opensuse-leap, opensuse-tumbleweed
#   version   15.6
#   layout    btrfs (default: snapper's subvolumes), xfs, lvm (btrfs on a volume of the group "system")
#   firmware  bios (default), efi
#   hypervisor vmware (default), hyperv, xen
#   host      its name
#   default   the snapshot that is the default subvolume: 1 (default), or another after "snapper rollback"
true_suse() {
  true_id=sles true_version=15.6 true_layout=btrfs true_firmware=bios true_hypervisor=vmware true_host=suse01 true_default=1 true_extra=''
  true_options "$@"
  true_major=${true_version%%.*}
  true_domain "$true_hypervisor"
  local first=("biosboot 8 -")
  size_a=420 label_a=gpt
  [ "$true_firmware" != efi ] || first=("esp 16 efi")
  # 12 has the old kind of table on a machine with a BIOS
  [ "$true_major" != 12 ] || [ "$true_firmware" = efi ] || { label_a='' first=(); }
  case $true_layout in
    btrfs) disk_a=("${first[@]}" "btrfs 340 root" "swap rest -") ;;
    xfs) disk_a=("${first[@]}" "xfs 340 root" "swap rest -") ;;
    lvm) disk_a=("${first[@]}" "lvm rest system") volumes=("system/root btrfs 340 root" "system/swap swap 8 -") ;;
    *) die "$spec_dir: unknown layout: $true_layout" ;;
  esac
  fill_root() { suse_root "$1"; true_split "$1"; }
  fill_efi() { true_part_of efi "$1"; }
  extra() { true_hypervisor "$1" "$2" "$true_hypervisor" "$true_firmware"; }
  # fill_root runs in a process of its own
  [ "$true_layout" = xfs ] || layout_root() { (cd "$1" && suse_subvolumes "$2"); }
}

# suse_directories: the directories that are subvolumes of their own
suse_directories() {
  printf '%s\n' boot/grub2/i386-pc boot/grub2/x86_64-efi home opt srv tmp usr/local
  if [ "$true_major" = 12 ]; then
    printf '%s\n' var/cache var/crash var/lib/libvirt/images var/lib/machines var/lib/mailman var/lib/mariadb var/lib/mysql var/lib/named var/lib/pgsql \
      var/log var/opt var/spool var/tmp
  else
    printf '%s\n' root var
  fi
}

# suse_subvolumes DIR: in the current directory, root is in the snapshot 1, of which more were made since
suse_subvolumes() {
  local dir=$1 directory last=3 number type id date
  btrfs -q subvolume create @
  mkdir -p @/{boot/grub2,usr}
  [ "$true_major" != 12 ] || mkdir -p @/var/lib/libvirt
  for directory in $(suse_directories); do
    btrfs -q subvolume create "@/$directory"
    case $directory in var | var/lib/*) chattr +C "@/$directory" ;; esac
  done
  btrfs -q subvolume create @/.snapshots
  mkdir @/.snapshots/1
  btrfs -q subvolume create @/.snapshots/1/snapshot
  cp -a "$dir/." @/.snapshots/1/snapshot/
  for directory in $(suse_directories); do
    mkdir -p "@/.snapshots/1/snapshot/$directory"
    cp -a "@/.snapshots/1/snapshot/$directory/." "@/$directory/"
    find "@/.snapshots/1/snapshot/$directory" -mindepth 1 -delete
  done
  mkdir -p @/.snapshots/1/snapshot/.snapshots
  for ((number = 1; number <= last; number++)); do
    mkdir -p "@/.snapshots/$number"
    [ $number = 1 ] || btrfs -q subvolume snapshot -r @/.snapshots/1/snapshot "@/.snapshots/$number/snapshot"
    case $number in 1) type=single date='first root filesystem' ;; 2) type=single date='after installation' ;; 3) type=pre date='zypp(zypper)' ;; 4) type=post date='' ;; *) type=single date='boot' ;; esac
    write "@/.snapshots/$number/info.xml" '<?xml version="1.0"?>' '<snapshot>' "  <type>$type</type>" "  <num>$number</num>" "  <date>2024-03-0$number 10:12:44</date>" \
      "  <description>$date</description>" '  <userdata>' '    <key>important</key>' '    <value>yes</value>' '  </userdata>' '</snapshot>'
    [ $number = 1 ] || write "@/.snapshots/$number/grub-snapshot.cfg" "if [ -f \"/@/.snapshots/$number/snapshot/boot/grub2/grub.cfg\" ]; then" \
      "  menuentry \`cat /.snapshots/$number/snapshot/etc/os-release\` \"/boot/grub2/grub.cfg\" {" "    set snapshot_found=true" "    configfile \"/@/.snapshots/$number/snapshot/boot/grub2/grub.cfg\"" '  }' 'fi'
  done
  write @/.snapshots/grub-snapshot.cfg 'if [ -z "$snapshot_found" ]; then' "  submenu \"Start bootloader from a read-only snapshot\" {" \
    '    source "${btrfs_subvol}/.snapshots/2/grub-snapshot.cfg"' '    source "${btrfs_subvol}/.snapshots/3/grub-snapshot.cfg"' '  }' 'fi'
  if [ "$true_default" != 1 ]; then
    # what "snapper rollback" does: a writable copy of a snapshot is what is mounted from then on
    mkdir -p "@/.snapshots/$true_default"
    btrfs -q subvolume snapshot @/.snapshots/2/snapshot "@/.snapshots/$true_default/snapshot"
    write "@/.snapshots/$true_default/info.xml" '<?xml version="1.0"?>' '<snapshot>' '  <type>single</type>' "  <num>$true_default</num>" '  <date>2024-06-01 08:00:00</date>' '  <description>writable copy of #2</description>' '</snapshot>'
  fi
  id=$(btrfs inspect-internal rootid "@/.snapshots/$true_default/snapshot")
  btrfs subvolume set-default "$id" .
}

# suse_versions: sets the kernels, the oldest first, and what it calls itself
suse_versions() {
  case $true_id$true_version in
    sles12*) kernels=(4.12.14-120-default 4.12.14-122.91-default 4.12.14-122.222-default) name=SLES full=12-SP5 pretty='SUSE Linux Enterprise Server 12 SP5' cpe=cpe:/o:suse:sles:12:sp5 like='' ;;
    sles*) kernels=(6.4.0-150600.21-default 6.4.0-150600.23.22-default 6.4.0-150600.23.38-default) name=SLES full="15-SP${true_version#*.}" pretty="SUSE Linux Enterprise Server 15 SP${true_version#*.}" cpe="cpe:/o:suse:sles:15:sp${true_version#*.}" like=suse ;;
    opensuse-leap*) kernels=(6.4.0-150600.21-default 6.4.0-150600.23.22-default 6.4.0-150600.23.38-default) name='openSUSE Leap' full=$true_version pretty="openSUSE Leap $true_version" cpe="cpe:/o:opensuse:leap:$true_version" like='suse opensuse' ;;
    *) kernels=(6.11.8-1-default 6.12.6-1-default 6.13.1-1-default) name='openSUSE Tumbleweed' full='' pretty='openSUSE Tumbleweed' cpe="cpe:/o:opensuse:tumbleweed:$true_version" like='opensuse suse' ;;
  esac
  removed=${kernels[0]} installed=("${kernels[@]:1}") newest=${kernels[-1]}
}

# suse_kernel DIR VERSION
suse_kernel() {
  local dir=$1 v=$2 payload=$work/kernel.$2 release file
  release=${v#*-}
  release=${release%-default}
  rpm_kernel_payload "$payload" "$v" initrd "CONFIG_XEN=y
CONFIG_VIRTIO_BLK=m
CONFIG_VIRTIO_PCI=m
CONFIG_BTRFS_FS=m" "$([ "$true_major" = 12 ] && echo -g || echo -z)" -b fs/ext4/ext4 "${virtio_modules[@]}" "${hardware_modules[@]}" "${source_modules[@]}" xen-blkfront xen-netfront
  [ "$true_major" != 12 ] || find "$payload/lib/modules/$v/kernel" -name '*.gz' -exec gzip -d {} +
  [ "$true_major" != 12 ] || depmod -b "$payload" "$v"
  echo "0000 vmlinuz-$v" >"$payload/boot/.vmlinuz-$v.hmac"
  gzip -9n >"$payload/boot/symvers-$v.gz" <<<'0x0 phony vmlinux EXPORT_SYMBOL'
  echo phony >"$payload/boot/sysctl.conf-$v"
  [ "$true_id" != opensuse-tumbleweed ] || for file in vmlinuz System.map config sysctl.conf; do
    # /boot has links only
    mv "$payload/boot/$file-$v" "$payload/lib/modules/$v/$file"
    ln -s "../usr/lib/modules/$v/$file" "$payload/boot/$file-$v"
  done
  rpm_install "$dir" "$(rpm_build "$work" kernel-default "${v%%-*}" "$release" "$payload")"
  # shellcheck disable=SC2046 # they are several
  initramfs "$dir" "/boot/initrd-$v" "$v" dracut $(true_drivers "$true_hypervisor")
  true_compressed "$dir/boot/initrd-$v" "$([ "$true_major" = 12 ] && echo xz || echo zstd)" early
  rm -r "$payload"
}

# suse_fstab DIR
suse_fstab() {
  local device directory
  device=UUID=$(partition_uuid "$(true_part root)")
  [ "$true_layout" != lvm ] || device=/dev/system/root
  {
    printf '%s  /                       %s  defaults                      0  %s\n' "$device" "$([ "$true_layout" = xfs ] && echo xfs || echo btrfs)" "$([ "$true_layout" = xfs ] && echo 1 || echo 0)"
    [ "$true_layout" = xfs ] || for directory in $(suse_directories | sort -r) .snapshots; do
      printf '%s  /%-22s  btrfs  subvol=/@/%s  0  0\n' "$device" "$directory" "$directory"
    done
    [ -z "$(true_part efi)" ] || printf 'UUID=%s  /boot/efi               vfat   utf8                          0  2\n' "$(partition_fat_id "$(true_part efi)")"
    if [ "$true_layout" = lvm ]; then printf '/dev/system/swap  swap                    swap   defaults                      0  0\n'
    else printf 'UUID=%s  swap                    swap   defaults                      0  0\n' "$(partition_uuid "$(true_part swap)")"; fi
  } >"$1/etc/fstab"
}

# suse_menu DIR: grub.cfg, as its generator writes it on btrfs
suse_menu() {
  local dir=$1 v uuid root='' arguments insmod=btrfs
  uuid=$(partition_uuid "$(true_part root)")
  root=UUID=$uuid
  arguments="splash=silent resume=/dev/disk/by-uuid/$(partition_uuid "$(true_part swap)") mitigations=auto quiet security=apparmor crashkernel=321M,high crashkernel=72M,low"
  case $true_layout in
    lvm) uuid=$(volume_uuid system/root) root=/dev/mapper/system-root arguments="${arguments/resume=*mitig/resume=\/dev\/system\/swap mitig}" ;;
    xfs) insmod=xfs ;;
  esac
  mkdir -p "$dir"/boot/grub2/{fonts,themes/SLE,locale,i386-pc,x86_64-efi}
  write "$dir/boot/grub2/i386-pc/normal.mod" phony
  write "$dir/boot/grub2/device.map" "(hd0)	/dev/$target_a"
  write "$dir/boot/grub2/grubenv" '# GRUB Environment Block' "saved_entry=$pretty"
  write "$dir/boot/grub2/custom.cfg" '# own entries'
  {
    printf '#\n# DO NOT EDIT THIS FILE\n#\n\n### BEGIN /etc/grub.d/00_header ###\n'
    [ "$true_layout" = xfs ] || printf 'set btrfs_relative_path="y"\nexport btrfs_relative_path\n'
    printf 'if [ -s $prefix/grubenv ]; then\n  load_env\nfi\nif [ "${next_entry}" ] ; then\n   set default="${next_entry}"\n   set next_entry=\n   save_env next_entry\n   set boot_once=true\nelse\n   set default="${saved_entry}"\nfi\n### END /etc/grub.d/00_header ###\n\n### BEGIN /etc/grub.d/10_linux ###\n'
    [ "$true_layout" = xfs ] || printf 'set extra_cmdline=""\nif [ -n "$extra_cmdline" ]; then\n  submenu "Bootable snapshot #$snapshot_num" {\n    menuentry "If OK, run snapper rollback and reboot." { true; }\n  }\nfi\n'
    suse_entry '' "$pretty" "gnulinux-simple-$uuid" "$newest" ''
    printf "submenu 'Advanced options for %s' --hotkey=1 \$menuentry_id_option 'gnulinux-advanced-%s' {\n" "$pretty" "$uuid"
    for v in $(printf '%s\n' "${installed[@]}" | sort -rV); do
      suse_entry "$(printf '\t')" "$pretty, with Linux $v" "gnulinux-$v-advanced-$uuid" "$v" ''
      suse_entry "$(printf '\t')" "$pretty, with Linux $v (recovery mode)" "gnulinux-$v-recovery-$uuid" "$v" 'single '
    done
    printf '}\n### END /etc/grub.d/10_linux ###\n\n'
    [ "$true_layout" = xfs ] || printf '### BEGIN /etc/grub.d/80_suse_btrfs_snapshot ###\nif [ -f "/.snapshots/grub-snapshot.cfg" ]; then\n  source "/.snapshots/grub-snapshot.cfg"\nfi\n### END /etc/grub.d/80_suse_btrfs_snapshot ###\n\n'
    printf '### BEGIN /etc/grub.d/90_persistent ###\n### END /etc/grub.d/90_persistent ###\n\n### BEGIN /etc/grub.d/95_textmode ###\n### END /etc/grub.d/95_textmode ###\n'
  } | write_stdin "$dir/boot/grub2/grub.cfg"
  write "$dir/etc/default/grub" '## Path: System/Bootloader' 'GRUB_DISTRIBUTOR=""' 'GRUB_DEFAULT=saved' GRUB_HIDDEN_TIMEOUT=0 GRUB_HIDDEN_TIMEOUT_QUIET=true GRUB_TIMEOUT=8 \
    "GRUB_CMDLINE_LINUX_DEFAULT=\"$arguments\"" 'GRUB_CMDLINE_LINUX=""' 'GRUB_TERMINAL="gfxterm"' GRUB_GFXMODE=auto 'GRUB_BACKGROUND=' GRUB_THEME=/boot/grub2/themes/SLE/theme.txt \
    'SUSE_BTRFS_SNAPSHOT_BOOTING="true"' 'GRUB_USE_LINUXEFI="false"' 'GRUB_DISABLE_OS_PROBER="true"' 'GRUB_ENABLE_CRYPTODISK="n"' 'GRUB_CMDLINE_XEN_DEFAULT="vga=gfx-1024x768x16"'
  [ "$true_firmware" = efi ] || write "$dir/etc/default/grub_installdevice" "/dev/$target_a" activate generic_mbr
  write "$dir/etc/sysconfig/bootloader" "LOADER_TYPE=\"$([ "$true_firmware" = efi ] && echo grub2-efi || echo grub2)\"" 'DEFAULT_APPEND=""' 'SECURE_BOOT="'"$([ "$true_firmware" = efi ] && echo yes || echo no)"'"' 'TRUSTED_BOOT="no"' 'UPDATE_NVRAM="yes"'
  if [ "$true_firmware" = efi ]; then
    for v in sles/grub.efi sles/grubx64.efi sles/shim.efi sles/MokManager.efi boot/bootx64.efi boot/fallback.efi boot/MokManager.efi; do write "$dir/boot/efi/EFI/$v" "MZphony $v"; done
    write "$dir/boot/efi/EFI/sles/grub.cfg" 'set btrfs_relative_path="yes"' "search --fs-uuid --set=root $uuid" 'set prefix=(${root})/boot/grub2' 'source "${prefix}/grub.cfg"'
    printf '\377\376s\0h\0i\0m\0' >"$dir/boot/efi/EFI/sles/boot.csv"
  fi
}

# suse_entry INDENT TITLE ID VERSION ARGUMENTS (of suse_menu)
suse_entry() {
  local line
  printf "%smenuentry '%s' %s--class gnu-linux --class gnu --class os \$menuentry_id_option '%s' {\n" "$1" "$2" "$([ -n "$1" ] || printf -- "--class opensuse ")" "$3"
  for line in load_video 'set gfxpayload=keep' 'insmod gzio' "insmod part_${label_a:-msdos}" "insmod $insmod" "search --no-floppy --fs-uuid --set=root $uuid" "echo	'Loading Linux $4 ...'" \
    "linux	/boot/vmlinuz-$4 root=$root  $([ "$true_layout" = xfs ] || echo '${extra_cmdline} ')$5$arguments" "echo	'Loading initial ramdisk ...'" "initrd	/boot/initrd-$4"; do
    printf '%s\t%s\n' "$1" "$line"
  done
  printf '%s}\n' "$1"
}

# suse_settings DIR: /etc and /var as packages and YaST leave them
suse_settings() {
  local dir=$1 file units=/usr/lib/systemd/system mac
  mac=$(mac_of "$guest")
  write "$dir/usr/lib/os-release" "NAME=\"$name\"" ${full:+"VERSION=\"$full\""} "ID=\"$true_id\"" ${like:+"ID_LIKE=\"$like\""} "VERSION_ID=\"$true_version\"" "PRETTY_NAME=\"$pretty\"" 'ANSI_COLOR="0;32"' "CPE_NAME=\"$cpe\""
  ln -s ../usr/lib/os-release "$dir/etc/os-release"
  [ "$true_major" != 12 ] || write "$dir/etc/SuSE-release" 'SUSE Linux Enterprise Server 12 (x86_64)' 'VERSION = 12' 'PATCHLEVEL = 5'
  mkdir -p "$dir/etc/products.d"
  write "$dir/etc/products.d/SLES.prod" '<?xml version="1.0" encoding="UTF-8"?>' "<product schemeversion=\"0\"><name>${name// /}</name><version>$true_version</version></product>"
  ln -s SLES.prod "$dir/etc/products.d/baseproduct"
  write "$dir/etc/issue" '' 'Welcome to \S - Kernel \r (\l).'
  # the network: wicked, but for Tumbleweed
  write "$dir/etc/sysconfig/network/config" 'NETCONFIG_DNS_POLICY="auto"' 'NETCONFIG_DNS_STATIC_SERVERS="192.0.2.53"' 'NETCONFIG_DNS_STATIC_SEARCHLIST="example.org"' 'FIREWALL="yes"'
  write "$dir/etc/sysconfig/network/dhcp" 'DHCLIENT_SET_HOSTNAME="no"' 'WRITE_HOSTNAME_TO_HOSTS="no"'
  write "$dir/etc/sysconfig/network/ifcfg-lo" 'IPADDR=127.0.0.1/8' 'NETMASK=255.0.0.0' 'NETWORK=127.0.0.0' "STARTMODE=nfsroot" "BOOTPROTO=static" 'USERCONTROL=no' 'FIREWALL=no'
  write "$dir/etc/sysconfig/network/ifcfg.template" '# options of ifcfg-*'
  rmdir "$dir/etc/sysconfig/network-scripts"
  if [ "$true_id" = opensuse-tumbleweed ]; then
    stub "$dir" /usr/sbin/NetworkManager
    write_with 600 "$dir/etc/NetworkManager/system-connections/Wired connection 1.nmconnection" '[connection]' 'id=Wired connection 1' "uuid=$(uuid_of "$guest card")" type=ethernet autoconnect-priority=-999 interface-name=ens192 '' '[ethernet]' '' '[ipv4]' method=auto
    true_units "$dir" $units multi-user.target NetworkManager.service
    links "$dir" /etc/systemd/system $units/NetworkManager.service=network.service
  else
    stub "$dir" /usr/sbin/wicked
    write "$dir/etc/sysconfig/network/ifcfg-eth0" "BOOTPROTO='static'" "STARTMODE='auto'" "IPADDR='192.0.2.21/24'" "ZONE=public" "NAME='VMXNET3 Ethernet Controller'" "MTU=''" "REMOTE_IPADDR=''" "ETHTOOL_OPTIONS=''"
    write "$dir/etc/sysconfig/network/routes" 'default 192.0.2.1 - -'
    mkdir -p "$dir/etc/wicked/scripts" "$dir/var/lib/wicked"
    write "$dir/etc/wicked/common.xml" '<config></config>'
    write "$dir/var/lib/wicked/duid.xml" '<config></config>'
    # YaST writes the rule that udev's generator wrote once
    write "$dir/etc/udev/rules.d/70-persistent-net.rules" "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", ATTR{address}==\"$mac\", ATTR{dev_id}==\"0x0\", ATTR{type}==\"1\", KERNEL==\"eth*\", NAME=\"eth0\""
    true_units "$dir" $units multi-user.target wicked.service
    links "$dir" /etc/systemd/system $units/wicked.service=network.service $units/wickedd-dhcp4.service=dbus-org.opensuse.Network.DHCP4.service
  fi
  # snapper
  [ "$true_layout" = xfs ] || {
    write "$dir/etc/sysconfig/snapper" 'SNAPPER_CONFIGS="root"'
    write_with 640 "$dir/etc/snapper/configs/root" 'SUBVOLUME="/"' 'FSTYPE="btrfs"' 'QGROUP="1/0"' 'SPACE_LIMIT="0.5"' 'FREE_LIMIT="0.2"' 'ALLOW_USERS=""' 'ALLOW_GROUPS=""' 'SYNC_ACL="no"' 'BACKGROUND_COMPARISON="yes"' \
      'NUMBER_CLEANUP="yes"' 'NUMBER_MIN_AGE="1800"' 'NUMBER_LIMIT="2-10"' 'NUMBER_LIMIT_IMPORTANT="4-10"' 'TIMELINE_CREATE="no"' 'EMPTY_PRE_POST_CLEANUP="yes"'
    write "$dir/etc/snapper/zypp-plugin.conf" '<snapper-zypp-plugin-conf></snapper-zypp-plugin-conf>'
    write "$dir/var/log/snapper.log" '2024-03-05 10:12:44 MIL libsnapper: phony'
    true_units "$dir" $units timers.target snapper-cleanup.timer btrfs-balance.timer btrfs-scrub.timer
    write "$dir/etc/sysconfig/btrfsmaintenance" 'BTRFS_BALANCE_MOUNTPOINTS="/"' 'BTRFS_SCRUB_MOUNTPOINTS="/"' 'BTRFS_BALANCE_PERIOD="weekly"'
  }
  write "$dir/etc/sysconfig/kernel" 'INITRD_MODULES=""' 'DOMU_INITRD_MODULES=""' 'MODULES_LOADED_ON_BOOT=""' 'NO_KMS_IN_INITRD="no"' 'LIVEPATCH_KERNEL="auto"'
  write "$dir/etc/sysconfig/storage" 'DEVICE_NAMES="uuid"' 'DEFAULT_FS="btrfs"' 'HARDENED_DASD=""'
  write "$dir/etc/sysconfig/language" 'RC_LANG="en_US.UTF-8"' 'ROOT_USES_LANG="ctype"'
  write "$dir/etc/sysconfig/clock" 'DEFAULT_TIMEZONE="Europe/Berlin"'
  write "$dir/etc/sysconfig/windowmanager" 'DEFAULT_WM=""'
  for file in auditd cron firewalld mail nfs proxy rsyslog security sshd suseconfig sysctl yast2 console keyboard displaymanager; do write "$dir/etc/sysconfig/$file" "## Path: System/$file"; done
  write "$dir/etc/dracut.conf" '# PUT YOUR CONFIG IN separate files' '# in /etc/dracut.conf.d named "<name>.conf"'
  write "$dir/usr/lib/dracut/dracut-functions.sh" '# functions of dracut'
  write "$dir/usr/lib/dracut/modules.d/90lvm/module-setup.sh" '# module of dracut'
  write "$dir/usr/lib/dracut/dracut.conf.d/01-dist.conf" 'hostonly="yes"' 'hostonly_cmdline="no"' 'persistent_policy="by-uuid"' 'compress="zstd -0 -T0"'
  write "$dir/etc/modprobe.d/10-unsupported-modules.conf" 'allow_unsupported_modules 1'
  write "$dir/etc/modprobe.d/99-local.conf" '# own options of modules'
  write "$dir/etc/modules-load.d/README" '# modules to load'
  write "$dir/etc/zypp/zypp.conf" '[main]' 'multiversion = provides:multiversion(kernel)' 'multiversion.kernels = latest,latest-1,running'
  write "$dir/etc/zypp/repos.d/repo.repo" '[SLE]' "name=$name" enabled=1 autorefresh=1 'baseurl=https://updates.example.org/' type=rpm-md
  [ "$true_id" != sles ] || {
    write "$dir/etc/zypp/services.d/Basesystem_Module.service" '[Basesystem_Module]' 'url = https://scc.example.org/' 'enabled = 1'
    write_with 600 "$dir/etc/zypp/credentials.d/SCCcredentials" username=phony password=phony
    write "$dir/etc/SUSEConnect" 'url: https://scc.example.org'
  }
  mkdir -p "$dir"/var/{adm/autoinstall/logs,adm/update-messages,cache/zypp,lib/YaST2,lib/zypp,lib/misc,log/YaST2,log/zypp,crash,opt,spool/cron} "$dir"/{srv/www,opt}
  write "$dir/var/log/YaST2/y2log" '2024-03-05 10:12:44 <1> install: phony'
  write "$dir/var/log/YaST2/storage-inst/03-committed.yml" "- disk:" "    name: /dev/$target_a"
  write "$dir/var/lib/YaST2/install.inf" "Device: $target_a"
  write "$dir/var/lib/zypp/LastDistributionFlavor" appliance
  write "$dir/root/autoinst.xml" '<?xml version="1.0"?>' '<profile xmlns="http://www.suse.com/1.0/yast2ns"><partitioning config:type="list"><drive>' "<device>/dev/$target_a</device>" '</drive></partitioning></profile>'
  write "$dir/etc/apparmor.d/tunables/global" '#include <tunables/home>'
  write "$dir/etc/apparmor.d/usr.sbin.nscd" 'profile nscd /usr/sbin/nscd { }'
  case $true_hypervisor in
    vmware)
      rpm_package "$dir" open-vm-tools 12.4.0 150600.1.1 /usr/bin/vmtoolsd /usr/bin/vmware-toolbox-cmd
      write "$dir/etc/vmware-tools/tools.conf" '# options'
      true_units "$dir" $units multi-user.target vmtoolsd.service vgauthd.service
      write "$dir/usr/lib/udev/rules.d/99-vmware-scsi-udev.rules" 'ACTION=="add", SUBSYSTEMS=="scsi", ATTRS{vendor}=="VMware*", RUN+="/bin/true"' ;;
    hyperv)
      rpm_package "$dir" hyper-v 8 150600.1.1 /usr/sbin/hv_kvp_daemon
      true_units "$dir" $units multi-user.target hv_kvp_daemon.service hv_vss_daemon.service ;;
  esac
  true_units "$dir" $units multi-user.target auditd.service chronyd.service cron.service firewalld.service irqbalance.service kdump.service kdump-early.service nscd.service postfix.service \
    purge-kernels.service rsyslog.service sshd.service remote-fs.target
  true_units "$dir" $units sysinit.target apparmor.service lvm2-lvmpolld.socket lvm2-monitor.service haveged.service
  true_units "$dir" $units getty.target getty@tty1.service
  true_units "$dir" $units timers.target logrotate.timer fstrim.timer backup-sysconfig.timer backup-rpmdb.timer
  ln -sfn $units/multi-user.target "$dir/etc/systemd/system/default.target"
  write "$dir/etc/sysconfig/kdump" 'KDUMP_KERNELVER=""' 'KDUMP_SAVEDIR="/var/crash"' 'KDUMP_DUMPLEVEL="31"' 'KDUMP_IMMEDIATE_REBOOT="yes"' 'KDUMP_NETCONFIG="auto"'
  write "$dir/var/lib/kdump/initrd" phony
}

# suse_root DIR: the whole system
suse_root() {
  local dir=$1 v name full pretty cpe like kernels removed installed newest
  suse_versions
  [ "$true_major" != 12 ] || unmerged "$dir"
  rpm_userland "$dir"
  [ "$true_major" = 12 ] || {
    mkdir -p "$dir/usr/lib/sysimage"
    mv "$dir/var/lib/rpm" "$dir/usr/lib/sysimage/rpm"
    ln -s ../../usr/lib/sysimage/rpm "$dir/var/lib/rpm"
    printf '%%_dbpath /usr/lib/sysimage/rpm\n' >"$dir/etc/rpm/macros"
  }
  systemd "$dir"
  rm -r "$dir/etc/systemd/system/getty.target.wants"
  true_identity "$dir" "$true_host"
  suse_settings "$dir"
  suse_fstab "$dir"
  suse_menu "$dir"
  dracut_stub "$dir" /usr/bin/dracut
  rpm_package "$dir" dracut "$([ "$true_major" = 12 ] && echo 044.2 || echo 059+suse.538.gd8dc2c6f)" 150600.1.1 /usr/bin/dracut
  grub2_mkconfig_stub "$dir" /usr/sbin/grub2-mkconfig /boot/grub2/grub.cfg initrd
  rpm_package "$dir" grub2 2.12 150600.6.3 /usr/sbin/grub2-mkconfig
  for v in /usr/sbin/mkinitrd /usr/sbin/snapper /usr/bin/zypper /usr/sbin/update-bootloader /usr/sbin/grub2-install; do stub "$dir" "$v"; done
  for v in "${installed[@]}"; do suse_kernel "$dir" "$v"; done
  # the links that the kernel's scripts keep
  ln -s "vmlinuz-$newest" "$dir/boot/vmlinuz"
  ln -s "initrd-$newest" "$dir/boot/initrd"
  # purge-kernels was interrupted
  cp "$dir/boot/initrd-$newest" "$dir/boot/initrd-$removed"
  mkdir -p "$dir/lib/modules/$removed/weak-updates"
  cp "$dir/boot/initrd-$newest" "$dir/boot/initrd-$newest-kdump"
  write "$dir/boot/boot.readme" 'In SUSE Linux kernels are here.'
  package_names suse | true_rpms "$dir" ".suse$true_major" 'glibc 2.38-150600.14.20.3' 'systemd 254.24-150600.4.23.1' 'snapper 0.8.16-150300.3.12.1' 'wicked 0.6.77-150600.11.18.1' 'btrfsprogs 6.5.1-150600.1.3'
}
