# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../debian-like/guest.sh
. "$here/phony/debian-like/guest.sh"
about="Debian 12 of VMware: packages of tools, one of which another needs, tools from the archive, shared directories"
disk_a=("ext4 48 root" "swap rest -")
domain_virt=hvm target_a=sda

fill_root() {
  cp -r "$here/phony/debian-like/root/." "$1/"
  rm "$1/etc/crypttab"
  foreign_names "$1" sda etc/fstab etc/default/grub boot/grub/grub.cfg boot/grub/device.map etc/initramfs-tools/conf.d/resume
  debian_userland "$1"
  stub "$1" /usr/lib/systemd/systemd
  dpkg_package "$1" base-files 12.4+deb12u5 admin </dev/null
  dpkg_package "$1" initramfs-tools 0.142 utils <<</usr/sbin/update-initramfs
  debian_kernel "$1" 6.1.0-18-amd64 6.1.76-1 ata_piix
  packages "$1"
  archive "$1"
  settings "$1"
}

# packages DIR: of the distribution; another package needs one of them
packages() {
  stub "$1" /usr/bin/vmtoolsd
  dpkg_package "$1" open-vm-tools 2:12.2.0-1+deb12u2 admin <<</usr/bin/vmtoolsd
  dpkg_package "$1" open-vm-tools-desktop 2:12.2.0-1+deb12u2 admin </dev/null
  dpkg_package "$1" open-vm-tools-containerinfo 2:12.2.0-1+deb12u2 admin </dev/null
  dpkg_package "$1" site-monitor 1.0 admin </dev/null
  sed -i '/^Package: site-monitor$/aDepends: open-vm-tools-containerinfo' "$1/var/lib/dpkg/status"
  mkdir -p "$1"/etc/systemd/system/{multi-user.target.wants,open-vm-tools.service.requires}
  ln -s /lib/systemd/system/open-vm-tools.service "$1/etc/systemd/system/multi-user.target.wants/open-vm-tools.service"
  ln -s /lib/systemd/system/open-vm-tools.service "$1/etc/systemd/system/vmtoolsd.service"
  ln -s /lib/systemd/system/vgauth.service "$1/etc/systemd/system/open-vm-tools.service.requires/vgauth.service"
  ln -s /lib/systemd/system/ssh.service "$1/etc/systemd/system/multi-user.target.wants/ssh.service"
}

# archive DIR: what VMware's own installer left, with its list
archive() {
  local file time=1500000000 list=$1/etc/vmware-tools/locations
  mkdir -p "$1"/etc/vmware-tools/scripts "$1"/etc/init.d "$1"/etc/rc3.d "$1"/usr/lib/vmware-tools/{sbin64,plugins64} \
    "$1/lib/modules/6.1.0-18-amd64/misc" "$1/etc/X11"
  {
    echo 'answer BINDIR /usr/bin'
    echo 'answer INITSCRIPTSDIR /etc/init.d'
    for file in /usr/lib/vmware-tools{,/sbin64,/plugins64}; do echo "directory $file"; done
    for file in /usr/bin/vmware-toolbox-cmd /usr/bin/vmware-uninstall-tools.pl /usr/bin/vmware-config-tools.pl \
      /usr/lib/vmware-tools/sbin64/vmtoolsd /usr/lib/vmware-tools/plugins64/libvix.so /etc/init.d/vmware-tools \
      /etc/vmware-tools/services.sh /etc/vmware-tools/tools.conf /lib/modules/6.1.0-18-amd64/misc/vmci.ko; do
      printf '#!/bin/false\nof VMware\n' >"$1$file"
      touch -d "@$time" "$1$file"
      echo "file $file $time"
    done
    echo 'answer RESTORE_xorg.conf /etc/X11/xorg.conf'
    echo 'answer RESTORE_xorg.conf_BAK /etc/X11/xorg.conf.BeforeVMwareToolsInstall'
    echo 'answer RESTORE_BACK_LIST xorg.conf'
    echo 'answer RESTORE_RAMDISK_CMD /usr/sbin/update-initramfs -u'
    echo 'answer RESTORE_RAMDISK_ONECALL 1'
    echo 'file /usr/bin/vmware-user'
    echo 'remove_file /usr/bin/vmware-user'
    echo 'file /etc/vmware-tools/not_configured'
  } >"$list"
  echo 'of the administrator' >"$1/etc/vmware-tools/scripts/poweron"
  echo 'changed since' >"$1/etc/vmware-tools/tools.conf"
  printf 'Section "Device"\n\tIdentifier "card"\n\tDriver "vmware"\n\tBusID "PCI:0:15:0"\nEndSection\n' >"$1/etc/X11/xorg.conf"
  printf 'Section "Device"\n\tIdentifier "card"\n\tDriver "vmwlegacy"\n\tBusID "PCI:0:15:0"\nEndSection\n' >"$1/etc/X11/xorg.conf.BeforeVMwareToolsInstall"
  ln -s ../init.d/vmware-tools "$1/etc/rc3.d/S38vmware-tools"
  cat >>"$1/etc/fstab" <<'END'
# Beginning of the block added by the VMware software
.host:/ /mnt/hgfs vmhgfs defaults,ttl=5 0 0
# End of the block added by the VMware software
.host:/projects /srv/projects fuse.vmhgfs-fuse allow_other 0 0
/srv/projects/www /var/www none bind 0 0
# .host:/old /mnt/old vmhgfs defaults 0 0
END
}

# settings DIR: of an administrator
settings() {
  mkdir -p "$1/etc/apt"
  printf 'deb http://mirror.example.org/debian bookworm main\ndeb http://packages.vmware.com/tools/esx/latest/ubuntu precise main\n' >"$1/etc/apt/sources.list"
  printf '# modules\nloop\nvmw_vmci\n' >"$1/etc/modules"
  mkdir -p "$1/etc/modprobe.d"
  printf 'options vmw_balloon x=1\noptions loop max_loop=8\n' >"$1/etc/modprobe.d/local.conf"
  printf '# modules of the initramfs\nvmw_pvscsi\n' >"$1/etc/initramfs-tools/modules"
  echo 'vmhgfs and open-vm-tools are words' >"$1/root/notes"
}

extra() {
  foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga
  sed -i "s,^</domain>,  <vmware:datacenterpath xmlns:vmware='http://libvirt.org/schemas/domain/vmware/1.0'>dc</vmware:datacenterpath>\n</domain>," "$1/$2.xml"
}
