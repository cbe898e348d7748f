# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Ubuntu 12.04 as a cloud's image under Xen: a menu of GRUB legacy for pygrub beside GRUB 2, a kernel with virtio built in"
debian_modules=("${ubuntu_modules[@]}")

fill_root() {
  local version=3.2.0-126-virtual
  debian_system "$1" 'NAME="Ubuntu"|VERSION="12.04.5 LTS, Precise Pangolin"|ID=ubuntu|ID_LIKE=debian|PRETTY_NAME="Ubuntu precise (12.04.5 LTS)"|VERSION_ID="12.04"' \
    6.5ubuntu6.8 0.99ubuntu13.5 1.99-21ubuntu3.19
  echo wheezy/sid >"$1/etc/debian_version"
  printf 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=12.04\nDISTRIB_CODENAME=precise\nDISTRIB_DESCRIPTION="Ubuntu 12.04.5 LTS"\n' >"$1/etc/lsb-release"
  stub "$1" /sbin/initctl
  dpkg_package "$1" upstart 1.5-0ubuntu7.3 admin <<</sbin/initctl
  # the second is a disk that a cloud adds
  printf 'LABEL=cloudimg-rootfs\t/\t ext4\tdefaults\t0 0\n/dev/xvdb\t/mnt\tauto\tdefaults,nobootwait,comment=cloudconfig\t0\t2\n' >"$1/etc/fstab"
  printf 'auto lo\niface lo inet loopback\n\nauto eth0\niface eth0 inet dhcp\n' >"$1/etc/network/interfaces"
  printf 'GRUB_DEFAULT=0\nGRUB_HIDDEN_TIMEOUT=0\nGRUB_CMDLINE_LINUX_DEFAULT=""\nGRUB_CMDLINE_LINUX="console=tty1 console=ttyS0"\n' >"$1/etc/default/grub"
  debian_kernel "$1" $version 3.2.0-126.169
  {
    printf 'if [ -s $prefix/grubenv ]; then\n  set have_grubenv=true\n  load_env\nfi\nset default="0"\n'
    grub2_entry "Ubuntu, with Linux $version" '' "linux	/boot/vmlinuz-$version root=LABEL=cloudimg-rootfs ro console=tty1 console=ttyS0" "/boot/initrd.img-$version"
    printf 'submenu "Previous Linux versions" {\n'
    grub2_entry "Ubuntu, with Linux 3.2.0-23-virtual" '' "linux	/boot/vmlinuz-3.2.0-23-virtual root=LABEL=cloudimg-rootfs ro console=tty1 console=ttyS0" "/boot/initrd.img-3.2.0-23-virtual"
    echo '}'
  } >"$1/boot/grub/grub.cfg"
  debian_kernel "$1" 3.2.0-23-virtual 3.2.0-23.36
  cat >"$1/boot/grub/menu.lst" <<END
default		0
timeout		0
hiddenmenu
### BEGIN AUTOMAGIC KERNELS LIST
# kopt=root=LABEL=cloudimg-rootfs ro
# groot=(hd0)
# defoptions=console=hvc0
title		Ubuntu 12.04.5 LTS, kernel $version
root		(hd0)
kernel		/boot/vmlinuz-$version root=LABEL=cloudimg-rootfs ro console=hvc0
initrd		/boot/initrd.img-$version

### END DEBIAN AUTOMAGIC KERNELS LIST
END
  dpkg_package "$1" grub-legacy-ec2 0.7.5-0ubuntu1 admin <<</boot/grub/menu.lst
}
