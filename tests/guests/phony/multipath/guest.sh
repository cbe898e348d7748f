# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Oracle Linux 7 of VMware with UEK on two LUNs under multipath, which names them mpatha and oradata"
disk_a=("ext4 56 root" "swap rest -")
disk_b=("ext4 rest data")
size_b=16
domain_virt=hvm target_a=sda target_b=sdb

fill_root() {
  local version=5.4.17-2136.330.7.1.el7uek.x86_64
  rpm_system "$1" 'NAME="Oracle Linux Server"|VERSION="7.9"|ID="ol"|ID_LIKE="fedora"|VERSION_ID="7.9"|PRETTY_NAME="Oracle Linux Server 7.9"' \
    /etc/oracle-release 'Oracle Linux Server release 7.9'
  echo 'Red Hat Enterprise Linux Server release 7.9 (Maipo)' >"$1/etc/redhat-release"
  mkdir -p "$1"/etc/multipath "$1"/u0{1,2}
  printf '# Multipath bindings, Version : 1.0\n# NOTE: this file is automatically maintained by the multipath program.\n#\n# Format:\n# alias wwid\n#\nmpatha 360060160a6103900aa11bb22cc33dd44\nmpathb 360060160a6103900ee55ff6600112233\nmpathc 360060160a610390099aabbccddeeff00\n' \
    >"$1/etc/multipath/bindings"
  printf '# Multipath wwids, Version : 1.0\n# Valid WWIDs:\n/360060160a6103900aa11bb22cc33dd44/\n/360060160a6103900ee55ff6600112233/\n/360060160a610390099aabbccddeeff00/\n' >"$1/etc/multipath/wwids"
  cat >"$1/etc/multipath.conf" <<'END'
defaults {
	user_friendly_names yes
	find_multipaths yes
}
blacklist {
	devnode "^sd[c-z]"
}
multipaths {
	multipath {
		wwid 360060160a6103900ee55ff6600112233
		alias oradata
	}
}
END
  printf '/dev/mapper/mpatha1 / ext4 defaults 1 1\n/dev/mapper/mpatha2 swap swap defaults 0 0\n/dev/mapper/oradata1 /u01 ext4 defaults,_netdev 0 0\n#/dev/mapper/mpathc1 /u02 ext4 defaults 0 0\n' \
    >"$1/etc/fstab"
  printf 'TYPE=Ethernet\nBOOTPROTO=dhcp\nNAME=ens192\nDEVICE=ens192\nONBOOT=yes\n' >"$1/etc/sysconfig/network-scripts/ifcfg-ens192"
  printf 'GRUB_TIMEOUT=5\nGRUB_DISTRIBUTOR="$(sed '"'s, release .*$,,g'"' /etc/system-release)"\nGRUB_DEFAULT=saved\nGRUB_DISABLE_SUBMENU=true\nGRUB_CMDLINE_LINUX="crashkernel=auto resume=/dev/mapper/mpatha2 rhgb quiet"\nGRUB_DISABLE_LINUX_UUID=true\n' \
    >"$1/etc/default/grub"
  printf 'add_dracutmodules+=" multipath "\nkernel_cmdline="root=/dev/mapper/mpatha1"\n' >"$1/etc/dracut.conf.d/multipath.conf"
  printf '(hd0)      /dev/mapper/mpatha\n(hd1)      /dev/mapper/oradata\n' >"$1/boot/grub2/device.map"
  rpm_package "$1" dracut 033 572.0.11.el7 /usr/bin/dracut
  rpm_package "$1" device-mapper-multipath 0.4.9 136.0.3.el7 /etc/multipath.conf
  rpm_kernel "$1" kernel-uek $version ata_piix
  {
    printf 'load_env\nset default="${saved_entry}"\n'
    grub2_entry "Oracle Linux Server 7.9, with Unbreakable Enterprise Kernel $version" "gnulinux-$version-advanced-$(partition_uuid 1)" \
      "linux16 /boot/vmlinuz-$version root=/dev/mapper/mpatha1 ro crashkernel=auto resume=/dev/mapper/mpatha2 rhgb quiet" "/boot/initramfs-$version.img"
  } >"$1/boot/grub2/grub.cfg"
}
fill_data() { mkdir "$1/oradata"; }

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }
