# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Debian 13 of VMware whose files name disks in all places but the usual ones; its boot menu has an entry without files"
disk_a=("ext4 56 root" "swap rest -")
disk_b=("ext4 16 -" "ext4 rest -")
domain_virt=hvm target_a=sda target_b=sdb

fill_root() {
  local version=6.12.43+deb13-amd64 units=$1/etc/systemd/system root
  root=$(partition_uuid 1)
  debian_system "$1" 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"|NAME="Debian GNU/Linux"|VERSION_ID="13"|VERSION="13 (trixie)"|VERSION_CODENAME=trixie|ID=debian' \
    13.8+deb13u1 0.148.3 2.12-9
  systemd "$1"
  echo store >"$1/etc/hostname"
  cat >"$1/etc/fstab" <<END
UUID=$root / ext4 errors=remount-ro 0 1
/dev/sdb1 /data ext4 nofail,x-systemd.requires=dev-sdb2.device 0 2
LABEL=pool /pool btrfs noauto,device=/dev/sdb1,device=/dev/sdb2 0 0
LABEL=db /db ext4 noauto,journal_path=/dev/sdb2 0 0
END
  printf 'secret UUID=0b8a5a1e-30f6-4a47-8d5f-1f0b1f6a2c11 /dev/sdb2:/key luks,noauto,tpm2-device=auto\n' >"$1/etc/crypttab"
  printf 'auto lo\niface lo inet loopback\n' >"$1/etc/network/interfaces"
  printf 'GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\nGRUB_DISTRIBUTOR=Debian\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n' >"$1/etc/default/grub"
  debian_kernel "$1" $version 6.12.43-1 ata_piix
  grub2_menu "$1" 'Debian GNU/Linux' "UUID=$root" quiet $version
  grub2_entry 'Debian GNU/Linux, with Linux 6.12.41+deb13-amd64' gone \
    'linux	/boot/vmlinuz-6.12.41+deb13-amd64 root=/dev/sda1 ro' /boot/initrd.img-6.12.41+deb13-amd64 >>"$1/boot/grub/grub.cfg"

  mkdir -p "$units"/{swap.target.wants,multi-user.target.wants,dev-sdb2.device.d} "$1"/srv/{data,more}
  printf '[Unit]\nAfter=dev-sdb2.device\n\n[Mount]\nWhat=/dev/sdb2\nWhere=/srv/data\n\n[Install]\nWantedBy=multi-user.target\n' >"$units/srv-data.mount"
  ln -s /etc/systemd/system/srv-data.mount "$units/multi-user.target.wants/srv-data.mount"
  printf '[Swap]\nWhat=/dev/sda2\n\n[Install]\nWantedBy=swap.target\n' >"$units/dev-sda2.swap"
  ln -s /etc/systemd/system/dev-sda2.swap "$units/swap.target.wants/dev-sda2.swap"
  printf '[Unit]\nJobRunningTimeoutSec=20\n' >"$units/dev-sdb2.device.d/timeout.conf"

  mkdir -p "$1"/etc/{drbd.d,udev/rules.d,sysconfig,cron.d,chrony,backup} "$1/var/cache/debconf"
  printf '/misc /etc/auto.misc\n' >"$1/etc/auto.master"
  printf 'disk -fstype=ext4,ro :/dev/sdb1\n' >"$1/etc/auto.misc"
  printf 'resource r0 {\n  device /dev/drbd0;\n  on store { disk /dev/sdb1; }\n  on other { disk /dev/sdb1; }\n}\n' >"$1/etc/drbd.d/r0.res"
  printf '%s\n' 'KERNEL=="sdb", SUBSYSTEM=="block", OWNER="grid", GROUP="asmadmin", MODE="0660"' \
    'KERNEL=="sd?1", SUBSYSTEM=="block", PROGRAM=="/usr/lib/udev/scsi_id -g -u -d /dev/$parent", RESULT=="36000c2905f0c5b4a1d6e7f8091a2b3c4", SYMLINK+="oracleasm/one"' \
    >"$1/etc/udev/rules.d/99-asm.rules"
  printf 'ORACLEASM_ENABLED=true\nORACLEASM_SCANORDER="sd"\nORACLEASM_SCANEXCLUDE=""\n' >"$1/etc/sysconfig/oracleasm"
  printf '5 4 * * * root hdparm -q -S 120 /dev/sdb\n' >"$1/etc/cron.d/disks"
  printf 'Name: grub-pc/install_devices\nTemplate: grub-pc/install_devices\nValue: /dev/sda\nOwners: grub-pc\nFlags: seen\n\n' >"$1/var/cache/debconf/config.dat"
  printf 'pool 2.debian.pool.ntp.org iburst\nrefclock PHC /dev/ptp0 poll 2\n' >"$1/etc/chrony/chrony.conf"
  printf '# never /dev/sda\nVOLUMES=(/dev/sdb1 /dev/sdb2)\n' >"$1/etc/backup/volumes"
}

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }
