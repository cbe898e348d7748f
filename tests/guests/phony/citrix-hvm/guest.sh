# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../rpm-grub-legacy/guest.sh
. "$here/phony/rpm-grub-legacy/guest.sh"
about="CentOS 5 of Citrix's hypervisor as HVM, whose guest utilities turned off all logins in inittab"
disk_a=("ext3 60 root" "swap rest -")
domain_virt=hvm target_a=hda

fill_root() {
  cp -r "$here/phony/rpm-grub-legacy/root/." "$1/"
  foreign_names "$1" hda etc/sysconfig/grub etc/fstab boot/grub/device.map boot/grub/grub.conf
  sed -i -e '/^title CentOS (2.6.18-398.el5xen)$/,/^title/{/^title CentOS (2.6.18-398.el5)$/!d}' -e 's/^default=.*/default=0/' "$1/boot/grub/grub.conf"
  printf 'alias eth0 8139cp\nalias scsi_hostadapter ata_piix\n' >"$1/etc/modprobe.conf"
  cat >"$1/etc/inittab" <<'END'
id:3:initdefault:
si::sysinit:/etc/rc.d/rc.sysinit
# Run gettys in standard runlevels
#1:2345:respawn:/sbin/mingetty tty1
#2:2345:respawn:/sbin/mingetty tty2
#3:2345:respawn:/sbin/mingetty tty3
#4:2345:respawn:/sbin/mingetty tty4
5:2345:respawn:/sbin/mingetty tty5
#6:2345:respawn:/sbin/mingetty tty6
#x:5:respawn:/etc/X11/prefdm -nodaemon
c0:2345:respawn:/sbin/agetty hvc0 9600 vt100-nav
END
  el5_root "$1"
  mkinitrd_stub "$1" /sbin/mkinitrd
  rpm_package "$1" mkinitrd 5.1.19.6 82.el5 /sbin/mkinitrd
  el5_plain_kernel "$1" mkinitrd
  # what its archive installs beside the package
  rpm_package "$1" xe-guest-utilities 6.2.0 1120 /usr/sbin/xe-daemon /etc/rc.d/init.d/xe-linux-distribution
  rpm_package "$1" xe-guest-utilities-xenstore 6.2.0 1120 /usr/bin/xenstore-ls
  echo '#!/bin/sh' >"$1/usr/sbin/xe-linux-distribution"
  ln -s ../init.d/xe-linux-distribution "$1/etc/rc.d/rc3.d/S14xe-linux-distribution"
  mkdir -p "$1"/etc/yum.repos.d "$1"/etc/udev/rules.d
  printf '[citrix]\nname=XenServer\nbaseurl=http://updates.xensource.com/XenServer/5.0/rhel5x\nenabled=1\n' >"$1/etc/yum.repos.d/XenSource.repo"
  echo 'SUBSYSTEM=="cpu"' >"$1/etc/udev/rules.d/z10_xen-vcpu-hotplug.rules"
}
