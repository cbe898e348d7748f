# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What a phony guest's guest.sh may call to fill its file tree: a userland of
# busybox and logging stand-ins, kernels, modules, package databases. To be
# sourced by phony.sh and rpm.sh after lib.sh.

# --- userland -------------------------------------------------------------

# userland DIR: the directories of a root, the host's shell and a static busybox
# (not as the shell: it would prefer its own rpm and dpkg to those in PATH)
userland() {
  local dir=$1 applet busybox
  busybox=$(readlink -f "$(command -v busybox)")
  file -b "$busybox" | grep -q 'statically linked' ||
    die "busybox is not statically linked; install with: apt-get install busybox-static"
  mkdir -p "$dir"/{boot,dev,etc,home,mnt,opt,proc,root,run,sys,tmp,usr/bin,usr/lib,usr/sbin}
  mkdir -p "$dir"/var/{lib,lock,log,run,spool,tmp}
  chmod 1777 "$dir/tmp" "$dir/var/tmp"
  chmod 700 "$dir/root"
  for applet in bin sbin lib; do
    [ -e "$dir/$applet" ] || ln -s "usr/$applet" "$dir/$applet"
  done
  [ -e "$dir/lib64" ] || { mkdir -p "$dir/usr/lib64"; ln -s usr/lib64 "$dir/lib64"; }
  cp "$busybox" "$dir/bin/busybox"
  for applet in awk basename blkid cat chmod chown cmp cp cpio cut date dd df diff dirname \
    echo egrep expr false find grep gunzip gzip head hostname id install ln ls md5sum mkdir mknod \
    mktemp mount mv printf pwd readlink realpath rm rmdir sed sha256sum sleep sort start-stop-daemon \
    stat sync tail tee test touch tr true umount uname uniq wc which xargs xzcat zcat; do
    ln -s busybox "$dir/bin/$applet"
  done
  # nor as env, for the same reason
  cp -L "$(command -v env)" "$dir/usr/bin/env"
  cp -L /bin/dash "$dir/bin/dash"
  ln -s dash "$dir/bin/sh"
  copy_libraries "$dir" /bin/dash
}

# systemd DIR: what tells that systemd starts it, and a login on the console hvc0
systemd() {
  stub "$1" /usr/lib/systemd/systemd
  mkdir -p "$1/etc/systemd/system/getty.target.wants"
  ln -s /lib/systemd/system/serial-getty@.service "$1/etc/systemd/system/getty.target.wants/serial-getty@hvc0.service"
}

# copy_libraries DIR PROGRAM: what the host's PROGRAM is linked with
copy_libraries() {
  local lib
  while read -r lib; do
    [ -e "$1$lib" ] || { mkdir -p "$1${lib%/*}"; cp -L "$lib" "$1$lib"; }
  done < <(ldd "$2" | grep -oE '/[^ ]+')
}

# stub DIR PATH [BODY]: a script that writes its name and arguments to
# /var/log/phony.log, then does what BODY says ($@ are its arguments)
stub() {
  mkdir -p "$(dirname "$1$2")"
  rm -f "$1$2"
  printf '#!/bin/sh\necho "%s $*" >>/var/log/phony.log\n%s\n' "${2##*/}" "${3:-exit 0}" >"$1$2"
  chmod 755 "$1$2"
}

# host_program DIR PROGRAM...: the host's real programs with their libraries,
# in /usr/lib/phony; each is reached by a stub in its own place
host_program() {
  local dir=$1 program path
  shift
  mkdir -p "$dir/usr/lib/phony"
  for program; do
    path=$(command -v "$program")
    cp -L "$path" "$dir/usr/lib/phony/"
    copy_libraries "$dir" "$path"
    stub "$dir" "${path/#\/bin\//\/usr\/bin\/}" "exec /usr/lib/phony/$program \"\$@\""
  done
}

# --- kernels --------------------------------------------------------------

# kernel_image FILE VERSION: what file(1) takes for an x86 bzImage of VERSION
kernel_image() {
  mkdir -p "$(dirname "$1")"
  rm -f "$1"
  truncate -s 4096 "$1"
  {
    printf '\x55\xaaxx' | dd of="$1" bs=1 seek=510 conv=notrunc
    printf 'HdrS\x0b\x02' | dd of="$1" bs=1 seek=514 conv=notrunc
    printf '\x00\x04' | dd of="$1" bs=1 seek=526 conv=notrunc # version at 0x200 + 0x400
    printf '\x01' | dd of="$1" bs=1 seek=529 conv=notrunc
    printf '%s (phony@phony) #1 SMP\0' "$2" | dd of="$1" bs=1 seek=1536 conv=notrunc
  } 2>/dev/null
}

# the modules that kernel_modules knows: name, directory below kernel/, the
# modules it needs, aliases
module_table='
virtio drivers/virtio -
virtio_ring drivers/virtio virtio
virtio_pci_legacy_dev drivers/virtio -
virtio_pci_modern_dev drivers/virtio -
virtio_pci drivers/virtio virtio,virtio_ring,virtio_pci_legacy_dev,virtio_pci_modern_dev pci:v00001AF4d*sv*sd*bc*sc*i*
virtio_blk drivers/block virtio,virtio_ring virtio:d00000002v*
virtio_scsi drivers/scsi virtio,virtio_ring virtio:d00000008v*
virtio_balloon drivers/virtio virtio,virtio_ring virtio:d00000005v*
virtio-rng drivers/char/hw_random virtio,virtio_ring virtio:d00000004v*
virtio_console drivers/char virtio,virtio_ring virtio:d00000003v*
failover net/core -
net_failover drivers/net failover
virtio_net drivers/net virtio,virtio_ring,net_failover virtio:d00000001v*
xen-blkfront drivers/block - xen:vbd
xen-netfront drivers/net - xen:vif
xenblk drivers/xen/blkfront - xen:vbd
xennet drivers/xen/netfront - xen:vif
libata drivers/ata -
ata_piix drivers/ata libata pci:v00008086d00007010sv*sd*bc*sc*i*
ahci drivers/ata libata pci:v*d*sv*sd*bc01sc06i01*
e1000 drivers/net/ethernet - pci:v00008086d0000100Esv*sd*bc*sc*i*
8139cp drivers/net/ethernet - pci:v000010ECd00008139sv*sd*bc*sc*i20*
mptspi drivers/message/fusion - pci:v00001000d00000030sv*sd*bc*sc*i*
vmw_pvscsi drivers/scsi - pci:v000015ADd000007C0sv*sd*bc*sc*i*
vmxnet3 drivers/net/vmxnet3 - pci:v000015ADd000007B0sv*sd*bc*sc*i*
hv_vmbus drivers/hv - acpi*:VMBUS:*
hv_storvsc drivers/scsi hv_vmbus vmbus:d96361baa104294db60572e2ffb1dc7f
hv_netvsc drivers/net/hyperv hv_vmbus vmbus:635161f83edfc546913ff2d2f965ed0e
cciss drivers/block - pci:v0000103Cd00003230sv0000103Csd*bc*sc*i*
'

# kernel_modules DIR VERSION [-x|-g|-z] [-b BUILTIN]... MODULE...: DIR/lib/modules/VERSION
# with tiny modules for which depmod has run; -x compresses them by xz, -g by gzip, -z by zstd
kernel_modules() {
  local dir=$1 version=$2 compress=() late=() builtin=() base name directory needs aliases n
  shift 2
  while :; do
    case ${1:-} in
      -x) compress=(xz -q --check=crc32); shift ;;
      -g) late=(gz gzip -n); shift ;;
      -z) late=(zst zstd -q --rm); shift ;;
      -b) builtin+=("$2"); shift 2 ;;
      *) break ;;
    esac
  done
  base=$dir/lib/modules/$version
  mkdir -p "$base/kernel"
  for name; do
    read -r _ directory needs aliases < <(grep "^$name " <<<"$module_table") || die "no such module in the table: $name"
    [ "$needs" != - ] || needs=''
    mkdir -p "$base/kernel/$directory"
    {
      printf '.section .modinfo,"a"\n'
      printf '.asciz "%s"\n' license=GPL "depends=$needs" "name=${name//-/_}" "vermagic=$version SMP mod_unload "
      for n in ${aliases:+"$aliases"}; do printf '.asciz "alias=%s"\n' "$n"; done
      # depmod goes by the symbols
      printf '.section __ksymtab_strings,"a"\n.asciz "phony_%s"\n.data\n' "${name//-/_}"
      for n in ${needs//,/ }; do printf '.quad phony_%s\n' "${n//-/_}"; done
      printf '.section .gnu.linkonce.this_module,"aw"\n.quad 0\n'
    } | as -o "$base/kernel/$directory/$name.ko" -
    [ "${#compress[@]}" -eq 0 ] || "${compress[@]}" "$base/kernel/$directory/$name.ko"
  done
  for n in "${builtin[@]}"; do printf 'kernel/%s.ko\n' "$n"; done >"$base/modules.builtin"
  for n in "${builtin[@]}"; do printf '%s.name=%s\0' "${n##*/}" "${n##*/}"; done >"$base/modules.builtin.modinfo"
  (cd "$base" && find kernel -name '*.ko*' | sort) >"$base/modules.order"
  depmod -b "$dir" "$version"
  # not every host's depmod reads these
  [ "${#late[@]}" -eq 0 ] || {
    find "$base/kernel" -name '*.ko' -exec "${late[@]:1}" {} +
    sed -i "s/\\.ko\\>/.ko.${late[0]}/g" "$base/modules.dep" "$base/modules.order"
  }
}

# initramfs DIR FILE VERSION TOOL MODULE...: a real, small initramfs (cpio,
# gzip) as TOOL (initramfs-tools, dracut or mkinitrd) would lay it out
initramfs() {
  local dir=$1 file=$2 version=$3 tool=$4 tree module path
  shift 4
  tree=$(mktemp -d "$work/initramfs.XXXXXX")
  mkdir -p "$tree"/{bin,etc,lib/modules/"$version"}
  printf '#!/bin/sh\n# phony: %s\n' "$tool" >"$tree/init"
  chmod 755 "$tree/init"
  case $tool in
    initramfs-tools)
      mkdir -p "$tree"/{conf,scripts,lib/systemd}
      cp "$tree/init" "$tree/lib/systemd/systemd-udevd"
      echo BOOT=local >"$tree/conf/initramfs.conf" ;;
    dracut)
      mkdir -p "$tree"/{lib/dracut,lib/systemd,etc/cmdline.d}
      cp "$tree/init" "$tree/lib/systemd/systemd-udevd"
      printf '059\n' >"$tree/lib/dracut/dracut-059" ;;
  esac
  for module; do
    path=$(cd "$dir/lib/modules/$version" && find kernel -name "$module.ko*")
    [ -n "$path" ] || die "kernel $version has no module $module"
    mkdir -p "$tree/lib/modules/$version/${path%/*}"
    cp "$dir/lib/modules/$version/$path" "$tree/lib/modules/$version/$path"
  done
  cp "$dir/lib/modules/$version"/modules.{builtin,builtin.modinfo,order} "$tree/lib/modules/$version/"
  depmod -b "$tree" "$version"
  (cd "$tree" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0 | gzip -9n) >"$dir$file"
  rm -r "$tree"
}

# rebuild_stub DIR PATH BODY: a stub for a tool that makes an initramfs; BODY
# sets version, image and modules (names), the rest makes a real archive
rebuild_stub() {
  stub "$1" "$2" "$3"'
[ -d /lib/modules/$version ] || { echo "no modules for $version" >&2; exit 1; }
tree=$(mktemp -d) && cd $tree || exit 1
mkdir -p lib/modules/$version lib/systemd scripts
printf "#!/bin/sh\n" >init; cp init lib/systemd/systemd-udevd
add() {
  find /lib/modules/$version/ -name "$1.ko*" | while read -r m; do
    mkdir -p ./${m%/*}; cp $m ./$m
  done
  grep -E "(^|/)$1\.ko[^:/]*:" /lib/modules/$version/modules.dep | sed "s/^[^:]*://" | tr " " "\n" |
    while read -r m; do
      case $m in ?*) mkdir -p ./lib/modules/$version/${m%/*}; cp /lib/modules/$version/$m ./lib/modules/$version/$m ;; esac
    done
}
for m in $modules; do add $m; done
cp /lib/modules/$version/modules.* lib/modules/$version/
find . | cpio -o -H newc 2>/dev/null | gzip >$image || exit 1
cd /; rm -rf $tree'
}

# --- dpkg guests ----------------------------------------------------------

# debian_userland DIR: dpkg (the real one), initramfs-tools, GRUB 2 (stubs)
debian_userland() {
  local dir=$1
  userland "$dir"
  mkdir -p "$dir"/var/lib/dpkg/{info,updates,triggers,alternatives,parts} "$dir"/var/lib/apt/lists
  : >"$dir/var/lib/dpkg/status"
  : >"$dir/var/lib/dpkg/available"
  echo 1 >"$dir/var/lib/dpkg/info/format"
  mkdir -p "$dir/etc/dpkg/dpkg.cfg.d"
  host_program "$dir" dpkg dpkg-deb dpkg-query dpkg-split tar
  stub "$dir" /usr/sbin/ldconfig
  stub "$dir" /usr/bin/systemctl
  stub "$dir" /usr/bin/apt-get 'case $1 in update|install) echo "E: no network" >&2; exit 100 ;; esac'
  mkdir -p "$dir/etc/initramfs-tools/conf.d" "$dir/usr/share/initramfs-tools/hooks"
  stub "$dir" /usr/share/initramfs-tools/hooks/udev
  rebuild_stub "$dir" /usr/sbin/update-initramfs '
version=
while [ $# -gt 0 ]; do case $1 in -k) version=$2; shift ;; -k*) version=${1#-k} ;; esac; shift; done
case $version in
  ""|all)
    for k in /boot/vmlinuz-*; do update-initramfs -u -k ${k#/boot/vmlinuz-} || exit 1; done
    exit 0 ;;
esac
image=/boot/initrd.img-$version
modules="$(grep -v "^#" /etc/initramfs-tools/modules)"'
  grub2_mkconfig_stub "$dir" /usr/sbin/grub-mkconfig /boot/grub/grub.cfg initrd.img
  stub "$dir" /usr/sbin/update-grub 'exec grub-mkconfig -o /boot/grub/grub.cfg'
}

# debian_system DIR OS-RELEASE BASE-FILES INITRAMFS-TOOLS GRUB: a userland with these versions of its packages;
# lines of os-release have a | between them
debian_system() {
  debian_userland "$1"
  printf '%s\n' "${2//|/$'\n'}" >"$1/etc/os-release"
  dpkg_package "$1" base-files "$3" admin </dev/null
  dpkg_package "$1" initramfs-tools "$4" utils <<</usr/sbin/update-initramfs
  dpkg_package "$1" grub-pc "$5" admin <<</usr/sbin/update-grub
  printf '# List of modules that you want to include in your initramfs.\n' >"$1/etc/initramfs-tools/modules"
  printf 'MODULES=most\n' >"$1/etc/initramfs-tools/initramfs.conf"
  mkdir -p "$1"/etc/{default,network} "$1/boot/grub"
}

# grub2_entry TITLE ID LINUX INITRD [INDENT]: an entry of grub.cfg. LINUX is the command with its arguments; without an
# ID it is in the form of GRUB 1.99 and older.
grub2_entry() {
  local line root='(hd0,msdos1)'
  [ -z "$2" ] || root=hd0,msdos1
  printf "%smenuentry '%s' --class gnu-linux --class gnu --class os %s{\n" "${5:-}" "$1" "${2:+\$menuentry_id_option '$2' }"
  for line in 'insmod gzio' 'insmod part_msdos' 'insmod ext2' "set root='$root'" \
    "search --no-floppy --fs-uuid --set=root $(partition_uuid 1)" "$3" "initrd	$4"; do
    printf '%s\t%s\n' "${5:-}" "$line"
  done
  printf '%s}\n' "${5:-}"
}

# grub2_menu DIR NAME ROOT ARGUMENTS VERSION...: grub.cfg as GRUB 2.00 and newer write it, the newest kernel first: at the
# top, and each once more in a submenu, with an entry for recovery. guest.sh may set menu_config, menu_initrd (what the names
# of initramfs begin with) and menu_default.
grub2_menu() {
  local config=$1/${menu_config:-boot/grub/grub.cfg} name=$2 root=$3 arguments=$4 id version initrd=/boot/${menu_initrd:-initrd.img-}
  id=$(partition_uuid 1)
  shift 4
  mkdir -p "${config%/*}"
  {
    printf '#\n# DO NOT EDIT THIS FILE\n#\nif [ -s $prefix/grubenv ]; then\n  set have_grubenv=true\n  load_env\nfi\n'
    printf 'if [ "${next_entry}" ] ; then\n   set default="${next_entry}"\n   set next_entry=\n   save_env next_entry\n'
    printf '   set boot_once=true\nelse\n   set default="%s"\nfi\n' "${menu_default:-0}"
    printf 'if [ x"${feature_menuentry_id}" = xy ]; then\n  menuentry_id_option="--id"\nelse\n  menuentry_id_option=""\nfi\n'
    grub2_entry "$name" "gnulinux-simple-$id" "linux	/boot/vmlinuz-$1 root=$root ro $arguments" "$initrd$1"
    printf "submenu 'Advanced options for %s' \$menuentry_id_option 'gnulinux-advanced-%s' {\n" "$name" "$id"
    for version; do
      grub2_entry "$name, with Linux $version" "gnulinux-$version-advanced-$id" \
        "linux	/boot/vmlinuz-$version root=$root ro $arguments" "$initrd$version" $'\t'
      grub2_entry "$name, with Linux $version (recovery mode)" "gnulinux-$version-recovery-$id" \
        "linux	/boot/vmlinuz-$version root=$root ro single" "$initrd$version" $'\t'
    done
    echo '}'
  } >"$config"
}

# grub2_mkconfig_stub DIR PATH CONFIG INITRD: writes an entry for every kernel
# and, like the real one, the name that the root device has where it runs
grub2_mkconfig_stub() {
  stub "$1" "$2" '
out=/dev/stdout
while [ $# -gt 0 ]; do case $1 in -o) out=$2; shift ;; --output=*) out=${1#--output=} ;; esac; shift; done
. /etc/default/grub
root=$(while read -r dev dir rest; do [ "$dir" != / ] || r=$dev; done </proc/mounts; echo $r)
[ "$GRUB_DISABLE_LINUX_UUID" = true ] || root=UUID=$(blkid $root | sed "s/.* UUID=\"\([^\"]*\)\".*/\1/")
{
echo "# DO NOT EDIT THIS FILE"
case ${GRUB_DEFAULT:-0} in
  saved) echo "load_env"; echo "set default=\"\${saved_entry}\"" ;;
  *) echo "set default=\"${GRUB_DEFAULT:-0}\"" ;;
esac
for k in $(ls /boot/vmlinuz-* | sort -r); do
  v=${k#/boot/vmlinuz-}
  [ -s /boot/'"$4"'-$v ] && i=/boot/'"$4"'-$v || i=/boot/'"$4"'-$v.img
  q=$(printf "\\047")
  echo "menuentry $q$GRUB_DISTRIBUTOR, with Linux $v$q --class gnu-linux \$menuentry_id_option ${q}gnulinux-$v$q {"
  echo "	insmod part_msdos"
  echo "	insmod ext2"
  echo "	set root=\"hd0,msdos1\""
  echo "	linux	$k root=$root ro $GRUB_CMDLINE_LINUX $GRUB_CMDLINE_LINUX_DEFAULT"
  echo "	initrd	$i"
  echo "}"
done
} >$out.new && mv $out.new $out'
}

# dpkg_package DIR NAME VERSION [SECTION]: recorded as installed; its files are
# read from standard input, one path a line
dpkg_package() {
  cat >>"$1/var/lib/dpkg/status" <<END
Package: $2
Status: install ok installed
Priority: optional
Section: ${4:-kernel}
Installed-Size: 100
Maintainer: Nobody <nobody@example.org>
Architecture: amd64
Version: $3
Description: phony package

END
  { echo /.; sed '/^$/d'; } >"$1/var/lib/dpkg/info/$2.list"
}

# what debian_kernel makes: modules, and -b for each that is built in (guest.sh may set it)
debian_modules=(-b fs/ext4/ext4 -b drivers/pci/pci virtio virtio_ring virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci
  virtio_blk virtio_scsi virtio_balloon virtio-rng virtio_console failover net_failover virtio_net xen-blkfront xen-netfront
  libata ata_piix ahci e1000)
# as Ubuntu has it until 22.04: virtio is built in
ubuntu_modules=(-b fs/ext4/ext4 -b drivers/pci/pci -b drivers/virtio/virtio -b drivers/virtio/virtio_ring
  -b drivers/virtio/virtio_pci -b drivers/block/virtio_blk -b drivers/block/xen-blkfront -b drivers/net/virtio_net
  xen-netfront libata ata_piix ahci e1000)

# debian_kernel DIR VERSION PACKAGE-VERSION [INITRAMFS-MODULE]...: an installed
# kernel with Xen, virtio and emulated hardware's drivers
debian_kernel() {
  local dir=$1 version=$2 package=$3
  shift 3
  kernel_image "$dir/boot/vmlinuz-$version" "$version"
  printf 'CONFIG_XEN=y\nCONFIG_XEN_PV=y\nCONFIG_EXT4_FS=y\nCONFIG_VIRTIO_BLK=m\n' >"$dir/boot/config-$version"
  printf '0000000000000000 A phony\n' >"$dir/boot/System.map-$version"
  kernel_modules "$dir" "$version" "${debian_modules[@]}"
  (cd "$dir" && find "boot/vmlinuz-$version" "boot/config-$version" "boot/System.map-$version" \
    "lib/modules/$version/kernel" | sed 's,^,/,') |
    dpkg_package "$dir" "linux-image-$version" "$package"
  initramfs "$dir" "/boot/initrd.img-$version" "$version" initramfs-tools "$@"
}

# --- RPM guests -----------------------------------------------------------

# rpm_userland DIR: rpm (the real one) and an empty database
rpm_userland() {
  local dir=$1
  userland "$dir"
  mkdir -p "$dir"/{etc/rpm,usr/lib/rpm,var/lib/rpm,etc/sysconfig/network-scripts}
  cp -a /usr/lib/rpm/{macros,rpmrc} "$dir/usr/lib/rpm/"
  sed -i 's,^\(%_dbpath[[:space:]][[:space:]]*\).*,\1/var/lib/rpm,' "$dir/usr/lib/rpm/macros"
  printf '%%_dbpath /var/lib/rpm\n' >"$dir/etc/rpm/macros"
  host_program "$dir" rpm rpmdb
  stub "$dir" /usr/bin/systemctl
  stub "$dir" /sbin/chkconfig
  rpm --root "$dir" --dbpath /var/lib/rpm --initdb
}

# rpm_build OUTDIR NAME VERSION RELEASE PAYLOAD [SPEC-LINE]...: prints the path
# of a package of every file below PAYLOAD. It owns the directories of modules, as
# kernel packages do (they are for $rpm_target); an empty initrd or initramfs is a %ghost.
rpm_build() {
  local out=$1 name=$2 version=$3 release=$4 payload=$5 top line
  shift 5
  top=$(mktemp -d "$work/rpmbuild.XXXXXX")
  {
    printf '%s\n' "Name: $name" "Version: $version" "Release: $release" "Summary: $name" \
      'License: GPL-2.0-only' 'AutoReqProv: no' '%define debug_package %{nil}' \
      '%define __os_install_post %{nil}' '%define _build_id_links none' \
      "%define _binary_payload ${rpm_payload:-w1.gzdio}"
    for line; do case $line in %*) ;; *) printf '%s\n' "$line" ;; esac; done
    printf '%s\n' '%description' "$name, made for tests." '%install' \
      'mkdir -p %{buildroot}' "cp -a $payload/. %{buildroot}/"
    for line; do case $line in %*) printf '%b\n' "$line" ;; esac; done
    printf '%s\n' '%files'
    (cd "$payload" && find . \( -path './boot/init*.img' -empty -printf '%%ghost "/%P"\n' \) -o \
      \( -path './lib/modules/*' -type d -printf '%%dir "/%P"\n' \) -o ! -type d -printf '"/%P"\n')
  } >"$top/$name.spec"
  rpmbuild -bb --quiet --target "${rpm_target:-x86_64}" --define "_topdir $top" --define "_rpmdir $out" \
    --define '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' \
    "$top/$name.spec" >"$top/log" 2>&1 || { tail -n 5 "$top/log" >&2; die "rpmbuild of $name failed"; }
  rm -r "$top"
  printf '%s\n' "$out/$name-$version-$release.${rpm_target:-x86_64}.rpm"
}

# rpm_install DIR FILE...: into the tree and its database, from outside
rpm_install() {
  local dir=$1
  shift
  rpm --root "$dir" --dbpath /var/lib/rpm -i --nosignature --ignorearch --ignoreos --noscripts \
    --nodeps --excludedocs --force-debian "$@" 2>&1 | sed '/^$/d' >&2
}

# rpm_package DIR NAME VERSION RELEASE [PATH]...: a small package that is
# installed in the tree; each PATH is a file with a line of text, made unless
# it is there
rpm_package() {
  local dir=$1 name=$2 version=$3 release=$4 payload path
  shift 4
  payload=$(mktemp -d "$work/payload.XXXXXX")
  for path; do
    mkdir -p "$payload/${path%/*}"
    if [ -e "$dir$path" ]; then cp -a "$dir$path" "$payload$path"
    else echo "part of $name" >"$payload$path"; fi
  done
  rpm_install "$dir" "$(rpm_build "$work" "$name" "$version" "$release" "$payload")"
  rm -r "$payload"
}

# rpm_kernel_payload PAYLOAD VERSION INITRD CONFIG MODULE...: the files of a
# kernel; INITRD (initrd or initramfs) is how the name of its image begins
rpm_kernel_payload() {
  local payload=$1 version=$2 initrd=$3 config=$4
  shift 4
  mkdir -p "$payload/boot"
  : >"$payload/boot/$initrd-$version.img"
  kernel_image "$payload/boot/vmlinuz-$version" "$version"
  printf '%s\n' "$config" >"$payload/boot/config-$version"
  printf '0000000000000000 A phony\n' >"$payload/boot/System.map-$version"
  kernel_modules "$payload" "$version" -b drivers/pci/pci "$@"
}

virtio_modules=(virtio virtio_ring virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk
  virtio_scsi virtio_balloon virtio-rng virtio_console failover net_failover virtio_net)
hardware_modules=(libata ata_piix ahci e1000 8139cp)

# rpm_kernel DIR NAME VERSION [-x] [INITRAMFS-MODULE]...: a kernel of a package of this name, with debian_kernel's drivers
rpm_kernel() {
  local dir=$1 name=$2 version=$3 payload=$work/kernel.$3 release=${3#*-} compress=()
  shift 3
  [ "${1:-}" != -x ] || { compress=(-x); shift; }
  rpm_kernel_payload "$payload" "$version" initramfs CONFIG_XEN=y "${compress[@]}" -b fs/ext4/ext4 "${virtio_modules[@]}" \
    "${hardware_modules[@]}" xen-blkfront xen-netfront
  rpm_install "$dir" "$(rpm_build "$work" "$name" "${version%%-*}" "${release%.x86_64}" "$payload")"
  initramfs "$dir" "/boot/initramfs-$version.img" "$version" dracut "$@"
}

# rpm_system DIR OS-RELEASE RELEASE-FILE LINE: a userland with GRUB 2, dracut and systemd; lines of os-release have a |
# between them
rpm_system() {
  rpm_userland "$1"
  stub "$1" /usr/lib/systemd/systemd
  printf '%s\n' "${2//|/$'\n'}" >"$1/etc/os-release"
  [ -z "$3" ] || { echo "$4" >"$1$3"; rpm_package "$1" system-release 1 1 "$3"; }
  mkdir -p "$1"/etc/{default,dracut.conf.d} "$1/boot/grub2"
  dracut_stub "$1" /usr/bin/dracut
  grub2_mkconfig_stub "$1" /usr/sbin/grub2-mkconfig /boot/grub2/grub.cfg initramfs
}

# mkinitrd_stub DIR PATH: mkinitrd [-f] [--with=M] [--preload=M] [--builtin=M] IMAGE VERSION
mkinitrd_stub() {
  rebuild_stub "$1" "$2" '
modules=$(awk "/^alias (scsi_hostadapter|eth)/ { print \$3 }" /etc/modprobe.conf 2>/dev/null)
while [ $# -gt 0 ]; do
  case $1 in
    --with=*|--preload=*) modules="$modules ${1#*=}" ;;
    --with|--preload) modules="$modules $2"; shift ;;
    -*) ;;
    /*) image=$1 ;;
    *) version=$1 ;;
  esac; shift
done'
}

# dracut_stub DIR PATH: dracut [--add-drivers "M ..."] [IMAGE] VERSION
dracut_stub() {
  rebuild_stub "$1" "$2" '
image=
modules=$(cat /etc/dracut.conf /etc/dracut.conf.d/*.conf 2>/dev/null | sed -n "s/^ *\(add\|force\)_drivers+*= *\"\(.*\)\"/\2/p")
while [ $# -gt 0 ]; do
  case $1 in
    --add-drivers|--force-drivers) modules="$modules $2"; shift ;;
    --add-drivers=*|--force-drivers=*) modules="$modules ${1#*=}" ;;
    --kver|-k) version=$2; shift ;;
    --kver=*) version=${1#*=} ;;
    --*|-*) ;;
    /*) image=$1 ;;
    *) version=$1 ;;
  esac; shift
done
: ${version:=$(uname -r)} ${image:=/boot/initramfs-$version.img}'
}

# --- other guests ---------------------------------------------------------

# loose_kernel DIR VERSION IMAGE [-x|-g|-z] [-b BUILTIN]...: a kernel that no package owns, with an image of
# any name, and drivers as debian_kernel's
loose_kernel() {
  local dir=$1 version=$2 image=$3
  shift 3
  kernel_image "$dir$image" "$version"
  kernel_modules "$dir" "$version" "$@" -b fs/ext4/ext4 "${virtio_modules[@]}" "${hardware_modules[@]}" \
    xen-blkfront xen-netfront
}

# mkinitcpio_stub DIR: mkinitcpio [-S HOOK] -k VERSION -g IMAGE
mkinitcpio_stub() {
  rebuild_stub "$1" /usr/bin/mkinitcpio '
modules=$(cat /etc/mkinitcpio.conf /etc/mkinitcpio.conf.d/*.conf 2>/dev/null | sed -n "s/^MODULES+*=(\(.*\))/\1/p")
while [ $# -gt 0 ]; do
  case $1 in -k) version=$2; shift ;; -g) image=$2; shift ;; -S) shift ;; esac; shift
done'
}

# make_initrd_stub DIR: make-initrd -k VERSION
make_initrd_stub() {
  rebuild_stub "$1" /usr/sbin/make-initrd '
modules=$(sed -n "s/^MODULES_ADD *+*= *//p" /etc/initrd.mk)
version=$2
image=/boot/initrd-$version.img'
}

# mkinitfs_stub DIR: mkinitfs -o IMAGE VERSION
mkinitfs_stub() {
  rebuild_stub "$1" /sbin/mkinitfs '
image=$2 version=$3 modules=
for f in $(sed -n "s/^features=\"\(.*\)\"/\1/p" /etc/mkinitfs/mkinitfs.conf); do
  for p in $(cat /etc/mkinitfs/features.d/$f.modules 2>/dev/null); do p=${p##*/}; modules="$modules ${p%.ko*}"; done
done'
}

# --- guests of other hypervisors ------------------------------------------

# foreign_domain FILE TYPE NIC VIDEO DISK-DRIVER: makes a written domain of Xen HVM one of
# TYPE, with its own models of devices
foreign_domain() {
  sed -i -e "s/<domain type='xen'>/<domain type='$2'>/" -e '/<loader /d' -e "s/ machine='xenfv'//" \
    -e '/<script /d' -e "/<target dev='vif/d" -e "s/<model type='rtl8139'/<model type='$3'/" \
    -e "s/<model type='cirrus'/<model type='$4'/" -e "s/<driver name='file' /<driver /" \
    -e "/<memballoon /d" "$1"
}

# foreign_names DIR DISK FILE...: files that were written for Xen speak of DISK (sda), and of no
# console
foreign_names() {
  local dir=$1 disk=$2 file
  shift 2
  for file; do
    sed -i -e "s/xvda/$disk/g" -e 's/console=[hx]vc0 *//' "$dir/$file"
  done
}
