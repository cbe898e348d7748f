# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../suse-mkinitrd/guest.sh
. "$here/phony/suse-mkinitrd/guest.sh"
about="SUSE Linux Enterprise 10 as Xen HVM, whose kernel calls its disk hda"
domain_virt=hvm target_a=hda

eval "sles11() $(declare -f fill_root | tail -n +2)"
fill_root() {
  sles11 "$1"
  printf 'SUSE Linux Enterprise Server 10 (x86_64)\nVERSION = 10\nPATCHLEVEL = 4\n' >"$1/etc/SuSE-release"
  sed -i 's/xvda/hda/g; s/console=xvc0 *//' "$1/etc/fstab" "$1/boot/grub/menu.lst" "$1/boot/grub/device.map" "$1/etc/sysconfig/bootloader"
  sed -i '/xvc0/d' "$1/etc/inittab" "$1/etc/securetty"
}
