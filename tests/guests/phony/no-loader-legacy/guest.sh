# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../rpm-grub-legacy/guest.sh
. "$here/phony/rpm-grub-legacy/guest.sh"
about="CentOS 5 whose kernel pygrub read: GRUB legacy is in it, and not at the beginning of its disk"
boot_code=false

fill_root() {
  cp -r "$here/phony/rpm-grub-legacy/root/." "$1/"
  el5_root "$1"
  mkinitrd_stub "$1" /sbin/mkinitrd
  rpm_package "$1" mkinitrd 5.1.19.6 82.el5 /sbin/mkinitrd
  el5_plain_kernel "$1" mkinitrd
  mkdir -p "$1/usr/share/grub/x86_64-redhat"
  for stage in stage1 stage2 e2fs_stage1_5; do echo "$stage" >"$1/usr/share/grub/x86_64-redhat/$stage"; done
  # GRUB's shell: which disk is hd0 differs from one appliance to the next.
  stub "$1" /sbin/grub '
while read -r word a b; do
  case $word in
    device) disk=$b; [ -b "$b" ] || echo "Error 21: Selected disk does not exist" ;;
    root) echo "root $a" >>/var/log/phony.log ;;
    setup) printf "\353\110GRUB" | dd of=$disk conv=notrunc 2>/dev/null ;;
  esac
done'
}
