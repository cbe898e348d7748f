# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../id-like/guest.sh
. "$here/phony/id-like/guest.sh"
about="Rocky Linux 9 of VMware on an NVMe disk: LVM's devices file and filters, software RAID, multipath, kdump"
domain_virt=hvm target_a=nvme0n1

fill_root() {
  cp -r "$here/phony/id-like/root/." "$1/"
  sed -i 's/xvda\([0-9]\)/nvme0n1p\1/g; s/xvda/nvme0n1/g; s/console=hvc0 *//' "$1"/etc/{fstab,default/grub} "$1"/boot/grub2/{grub.cfg,device.map}
  my_linux "$1"
  printf 'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\nPRETTY_NAME="Rocky Linux 9.4 (Blue Onyx)"\n' >"$1/etc/os-release"
  storage "$1"
  labels "$1"
}

# labels DIR: SELinux is on, and a stand-in for setfiles finds what the conversion makes
labels() {
  mkdir -p "$1/etc/selinux/targeted/contexts/files"
  printf '# enforcing - SELinux security policy is enforced.\nSELINUX=enforcing\nSELINUXTYPE=targeted\n' >"$1/etc/selinux/config"
  echo '/.* system_u:object_r:default_t:s0' >"$1/etc/selinux/targeted/contexts/files/file_contexts"
  touch "$1/etc/labelled"
  stub "$1" /usr/sbin/load_policy
  stub "$1" /usr/sbin/setfiles '
case $1 in
  -n) find /etc -name "*v2v*" | sort | while read -r f; do
      grep -qx "$f" /etc/labelled || echo "Would relabel $f from (null) to system_u:object_r:etc_t:s0"; done
    echo "Would relabel /etc/hosts from system_u:object_r:tmp_t:s0 to system_u:object_r:etc_t:s0"
    sed -i "/^setfiles -n/d" /var/log/phony.log ;;
  *) shift; for f; do echo "$f"; done >>/etc/labelled ;;
esac'
}

# storage DIR: as installers and tools write it, and a line that an administrator commented out
storage() {
  mkdir -p "$1"/etc/lvm/devices "$1"/etc/multipath "$1"/etc/blkid
  printf '#/dev/nvme0n1p9 /old ext4 defaults 0 0\n/dev/nvme0n1p1 /mnt btrfs subvol=@data,noauto 0 0\n' >>"$1/etc/fstab"
  printf '# LVM uses devices listed in this file.\nVERSION=1.1.2\nIDTYPE=sys_wwid IDNAME=eui.00000001 DEVNAME=/dev/nvme0n1p3 PVID=phonyphonyphonyphonyphonyphonyph PART=3\n' \
    >"$1/etc/lvm/devices/system.devices"
  printf 'devices {\n\t# filter = [ "a|/dev/nvme0n1|" ]\n\tglobal_filter = [ "a|^/dev/nvme0n1p3$|", "r|.*|" ]\n}\n' >"$1/etc/lvm/lvm.conf"
  printf 'DEVICE /dev/nvme0n1p4 partitions\nARRAY /dev/md/0 metadata=1.2 UUID=00000000:00000000:00000000:00000001\n' >"$1/etc/mdadm.conf"
  printf '# raw /dev/nvme0n1p2\next4 /dev/nvme0n1p1\npath /var/crash\n' >"$1/etc/kdump.conf"
  printf 'blacklist {\n\tdevnode "^nvme0n1"\n}\n' >"$1/etc/multipath.conf"
  echo '<device DEVNO="0x10301">/dev/nvme0n1p1</device>' >"$1/etc/blkid/blkid.tab"
  printf 'kernel_cmdline="resume=/dev/nvme0n1p2"\n' >"$1/etc/dracut.conf.d/resume.conf"
}

extra() {
  foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga
  sed -i "s/\(dev='nvme0n1' bus='\)[^']*/\1nvme/" "$1/$2.xml"
  rm -f "$1/$2.kernel.rpm"
}
