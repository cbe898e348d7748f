# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../rpm-grub-legacy-dracut/guest.sh
. "$here/phony/rpm-grub-legacy-dracut/guest.sh"
about="Scientific Linux 6 of a server whose RAID controller calls its disks cciss; the image of its disk is all there is"

eval "centos6() $(declare -f fill_root | tail -n +2)"
fill_root() {
  centos6 "$1"
  sed -i 's,xvda\([0-9]\),cciss/c0d0p\1,g; s,xvda,cciss/c0d0,g; s/console=hvc0 *//' "$1"/etc/{fstab,sysconfig/grub} "$1"/boot/grub/{grub.conf,device.map}
  sed -i 's/^title CentOS/title Scientific Linux/' "$1/boot/grub/grub.conf"
  sed -i 's,^LABEL=SWAP-cciss/c0d0p2,/dev/cciss/c0d0p2,' "$1/etc/fstab"
  sed -i '/hvc0/d' "$1/etc/securetty"
  rm "$1/etc/init/hvc0.conf"
  rm "$1/etc/redhat-release"
  rpm --root "$1" --dbpath /var/lib/rpm -e --nodeps --noscripts --force-debian centos-release
  echo 'Scientific Linux release 6.10 (Carbon)' >"$1/etc/redhat-release"
  rpm_package "$1" sl-release 6.10 1.el6 /etc/redhat-release
  printf '/dev/cciss/c0d0 -d cciss,0 -H -m root\nDEVICESCAN\n' >"$1/etc/smartd.conf"
  printf 'DEVICE /dev/cciss/c0d0p3\n' >"$1/etc/mdadm.conf"
  printf 'devices {\n\tfilter = [ "a|/dev/cciss/c0d0p3|", "a|/dev/cciss/.*|", "r|.*|" ]\n}\n' >"$work/lvm.conf"
  mkdir -p "$1/etc/lvm"
  mv "$work/lvm.conf" "$1/etc/lvm/lvm.conf"
}

# nobody says what ran it
extra() { rm "$1/$2.xml"; }
