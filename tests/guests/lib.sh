# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the builders of test guests share: clean-up, disks and mounts, boot
# code, the boot report and the domain XML. To be sourced, never run.

# --- messages, clean-up, time ---------------------------------------------

shopt -s inherit_errexit
prog=${0##*/}

say() { printf '%s: %s\n' "$prog" "$*"; }
die() { printf '%s: error: %s\n' "$prog" "$*" >&2; exit 1; }
bad_usage() { printf '%s: error: %s\nTry "%s --help".\n' "$prog" "$*" "$prog" >&2; exit 2; }

# need_value OPTION [VALUE]: a usage error when the value is missing
need_value() { [ "$#" -ge 2 ] || bad_usage "option $1 needs a value"; }

# need COMMAND=PACKAGE ...: every command must be there; all missing are named
need() {
  local pair missing=() from=()
  for pair; do
    command -v "${pair%%=*}" >/dev/null || { missing+=("${pair%%=*}"); from+=("${pair#*=}"); }
  done
  [ "${#missing[@]}" -eq 0 ] ||
    die "missing: ${missing[*]}; install with: apt-get install ${from[*]}"
}

need_root() { [ "$(id -u)" -eq 0 ] || die "must run as root (it mounts and changes root)"; }

# on_exit COMMAND...: run it when the script ends, the last registered first
exit_commands=()
on_exit() { exit_commands+=("$(printf '%q ' "$@")"); }
run_exit_commands() {
  local status=$? i
  trap '' INT TERM HUP
  for ((i = ${#exit_commands[@]} - 1; i >= 0; i--)); do
    eval "${exit_commands[i]}" || true
  done
  exit_commands=()
  return "$status"
}
trap run_exit_commands EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# lap WHAT: print the seconds since the last lap
lap_start=${EPOCHREALTIME/./}
lap() {
  local now=${EPOCHREALTIME/./} us
  us=$((now - lap_start)); lap_start=$now
  printf '  %-32s %4d.%d s\n' "$1" $((us / 1000000)) $((us / 100000 % 10))
}

# make_work_dir: sets $work, a directory that is gone when the script ends
make_work_dir() {
  work=$(mktemp -d "${TMPDIR:-/var/tmp}/v2v-guest.XXXXXX")
  on_exit rm -rf --one-file-system "$work"
}

cache_dir() {
  local dir=${V2V_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/v2v-engine-tests}
  mkdir -p "$dir"
  (cd "$dir" && pwd)
}

# uuid_of TEXT: a UUID that depends on TEXT alone
uuid_of() {
  local h
  h=$(printf %s "$1" | md5sum)
  printf '%s-%s-4%s-8%s-%s\n' "${h:0:8}" "${h:8:4}" "${h:13:3}" "${h:17:3}" "${h:20:12}"
}

# mac_of TEXT: an address in Xen's range that depends on TEXT alone
mac_of() {
  local h
  h=$(printf %s "$1" | md5sum)
  printf '00:16:3e:%02x:%s:%s\n' $((0x${h:0:2} & 0x7f)) "${h:2:2}" "${h:4:2}"
}

# --- Debian trees ---------------------------------------------------------

# Where this host gets Debian from.
host_mirror() {
  # shellcheck disable=SC2016 # apt expands this
  apt-get indextargets --format '$(REPO_URI)' \
    'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 2>/dev/null | sort -u | head -n 1
}

# The mirror for mmdebstrap: $V2V_TEST_MIRROR, else this host's own one when it
# is not the usual one; nothing lets mmdebstrap choose (with security updates).
mirror() {
  local uri=${V2V_TEST_MIRROR:-$(host_mirror)}
  case ${uri%/} in
    '' | *://deb.debian.org/debian) ;;
    *) printf '%s\n' "$uri" ;;
  esac
}

# bootstrap SUITE PACKAGES [MIRROR]: make $work/tree.tar
bootstrap() {
  # INITRD=No: each guest makes its own initramfs later
  INITRD=No DEBIAN_FRONTEND=noninteractive TMPDIR=$work \
    nice mmdebstrap --mode=root --variant=minbase --format=tar \
    --include="$2" \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    "$1" "$work/tree.tar" "${@:3}" >"$work/mmdebstrap.log" 2>&1
}

# debian_tree SUITE PACKAGES: prints the path of a tar archive with a Debian
# root that holds PACKAGES (comma separated); made once, kept in the cache
debian_tree() {
  local suite=$1 packages=$2 key cache tar uri lock
  cache=$(cache_dir)
  key=$(printf '2 %s %s' "$suite" "$packages" | md5sum | cut -c1-12)
  tar=$cache/debian-$suite-$key.tar
  exec {lock}>"$tar.lock"
  flock "$lock"
  if [ ! -s "$tar" ]; then
    uri=$(mirror)
    bootstrap "$suite" "$packages" ${uri:+"$uri"} || {
      # updates of an old suite may be announced and yet be gone
      [ -z "$uri" ] && grep -q '404 *Not Found' "$work/mmdebstrap.log" &&
        bootstrap "$suite" "$packages" "$(host_mirror)"
    } || {
      tail -n 15 "$work/mmdebstrap.log" >&2
      die "mmdebstrap of $suite failed (a mirror can be named in V2V_TEST_MIRROR)"
    }
    mv "$work/tree.tar" "$tar.new" && mv "$tar.new" "$tar"
  fi
  exec {lock}>&-
  printf '%s\n' "$tar"
}

# debian_guest_tree SUITE [cloud|full] [PACKAGES]: the Debian guest's own tree; its kernel
# is the RPM guest's too. PACKAGES, each after a comma, are there in addition
debian_guest_tree() {
  local kernel=linux-image-cloud-amd64
  [ "${2:-cloud}" = cloud ] || kernel=linux-image-amd64
  debian_tree "$1" "systemd,systemd-sysv,udev,kmod,initramfs-tools,$kernel,grub-pc,\
ifupdown,isc-dhcp-client,iproute2,cron,util-linux${3:-}"
}

# --- disks ----------------------------------------------------------------

first_sector=2048

# new_disk FILE SIZE ID: a sparse MBR disk with one bootable Linux partition
new_disk() {
  rm -f "$1"
  truncate -s "$2" "$1"
  printf 'label: dos\nlabel-id: 0x%s\n%s,,83,*\n' "${3:0:8}" "$first_sector" | sfdisk -q "$1"
}

# mount_at FILE SECTOR DIR: mount the file system that begins at SECTOR (works
# where the kernel reads no partition tables); unmounted at exit at the latest
mount_at() {
  local loop
  loop=$(losetup -f --show -o $(($2 * 512)) "$1")
  on_exit release_loop "$loop"
  mkdir -p "$3"
  mount "$loop" "$3"
  on_exit release_mount "$3"
}

# make_ext FILE SECTOR UUID TYPE [OPTION...]: a file system of TYPE (ext3, ext4)
# to the end of FILE, with nothing left for the guest's kernel to initialise
make_ext() {
  local blocks=$((($(stat -c %s "$1") / 512 - $2) / 8))
  mkfs."$4" -q -F -U "$3" "${@:5}" \
    -E "offset=$(($2 * 512)),lazy_itable_init=0,lazy_journal_init=0" "$1" "$((blocks * 4))k"
}

release_mount() { ! mountpoint -q "$1" || umount -R "$1"; }
release_loop() { ! losetup "$1" >/dev/null 2>&1 || losetup -d "$1"; }

# unmount_all: everything mounted so far, now (errors count)
unmount_all() {
  local i kept=()
  for ((i = ${#exit_commands[@]} - 1; i >= 0; i--)); do
    case ${exit_commands[i]} in
      release_*) eval "${exit_commands[i]}" ;;
      *) kept=("${exit_commands[i]}" "${kept[@]}") ;;
    esac
  done
  exit_commands=("${kept[@]}")
}

# chroot_mounts DIR [UUID]: proc, sys and a small dev in which the root file
# system's UUID is known, and none of the host's devices
chroot_mounts() {
  local n spec
  mount -t proc proc "$1/proc"; on_exit release_mount "$1/proc"
  mount -t sysfs -o ro sysfs "$1/sys"; on_exit release_mount "$1/sys"
  mount -t tmpfs -o mode=755 tmpfs "$1/dev"; on_exit release_mount "$1/dev"
  for n in null:3 zero:5 full:7 random:8 urandom:9; do
    spec=${n#*:}; mknod -m 666 "$1/dev/${n%:*}" c 1 "$spec"
  done
  mknod -m 666 "$1/dev/tty" c 5 0
  ln -s /proc/self/fd "$1/dev/fd"
  mkdir -p "$1/dev/disk/by-uuid" "$1/dev/shm" "$1/dev/pts"
  [ -z "${2:-}" ] || : >"$1/dev/disk/by-uuid/$2"
}

# in_guest DIR COMMAND...: run it in the tree, with a clean environment
in_guest() {
  local dir=$1; shift
  nice env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive chroot "$dir" "$@"
}

# --- boot loader ----------------------------------------------------------

# grub_probe_stand_in DIR DEVICE UUID: while it is mounted, the tree's
# grub-probe answers for a root on DEVICE (which this host does not have), so
# that the guest's own generator writes a genuine grub.cfg
grub_probe_stand_in() {
  local probe
  # shellcheck disable=SC2016 # the guest's shell expands this
  probe=$(in_guest "$1" sh -c 'readlink -f "$(command -v grub-probe)"')
  cat >"$work/grub-probe" <<END
#!/bin/sh
target=fs device=
while [ \$# -gt 0 ]; do
  case \$1 in
    --target=*) target=\${1#--target=} ;;
    -t | --target) target=\$2; shift ;;
  esac
  shift
done
case \$target in
  device) echo $2 ;;
  disk) echo ${2%%[0-9]*} ;;
  fs_uuid) echo $3 ;;
  fs) echo ext2 ;;
  partmap) echo msdos ;;
  drive) echo '(hd0,msdos1)' ;;
  bios_hints) echo hd0,msdos1 ;;
  hints_string) echo "--hint-bios=hd0,msdos1 --hint-efi=hd0,msdos1 --hint-baremetal=ahci0,msdos1 --hint='hd0,msdos1'" ;;
  compatibility_hint) echo hd0,msdos1 ;;
esac
END
  chmod 755 "$work/grub-probe"
  mount --bind "$work/grub-probe" "$1$probe"
  on_exit release_mount "$1$probe"
}

# install_grub DIR DIRECTORY: GRUB 2 for BIOS in DIR/DIRECTORY (boot/grub or
# boot/grub2), as grub-install would, which cannot map a loop at an offset;
# leaves boot.img and core.img in $work
install_grub() {
  local to=$1/$2/i386-pc
  mkdir -p "$to"
  cp "$1"/usr/lib/grub/i386-pc/{*.mod,*.lst,boot.img} "$to/"
  in_guest "$1" grub-mkimage -O i386-pc -p "(hd0,msdos1)/$2" \
    -o "/$2/i386-pc/core.img" biosdisk part_msdos ext2
  in_guest "$1" grub-editenv "/$2/grubenv" create
  cp "$to"/{boot,core}.img "$work/"
}

# write_boot_code FILE: boot.img and core.img from $work into the disk's MBR gap
write_boot_code() {
  [ "$(stat -c %s "$work/core.img")" -lt $(((first_sector - 1) * 512)) ] || die "core.img is too big"
  dd if="$work/boot.img" of="$1" bs=440 count=1 conv=notrunc status=none
  dd if="$work/core.img" of="$1" bs=512 seek=1 conv=notrunc status=none
}

# --- what the guest says when it is up ------------------------------------

# install_boot_report DIR: a unit after multi-user.target that prints one line
# "V2V-BOOT-OK root=... kernel=... net=... addr=... console=... failed=... up=..."
# to the console and to the first serial port, and then powers the guest off
install_boot_report() {
  mkdir -p "$1/usr/local/lib" "$1/etc/systemd/system/multi-user.target.wants"
  cat >"$1/usr/local/lib/v2v-boot-report" <<'END'
#!/bin/sh
list() { tr '\n' ',' | sed 's/,$//'; }
console=$(list </sys/class/tty/console/active | tr ' ' ',')
failed=$(systemctl list-units --failed --plain --no-legend | cut -d' ' -f1 | list)
line="V2V-BOOT-OK root=$(findmnt -no SOURCE /) kernel=$(uname -r)"
line="$line net=$(ls /sys/class/net | list)"
line="$line addr=$(ip -o -4 address show scope global | awk '{ print $2 ":" $4 }' | list)"
line="$line console=$console failed=${failed:-none}"
! command -v rpm >/dev/null || line="$line rpms=$(rpm -qa | wc -l)"
# Where a conversion may have made something: all of / takes minutes under emulation.
! command -v getenforce >/dev/null || {
  wrong=$(restorecon -nvR -e /var/lib/dpkg/info /boot /etc /usr/lib/modules /usr/lib/systemd /usr/local /var/lib 2>/dev/null |
    sed -n 's/^Would relabel \(.*\) from [^ ]* to [^ ]*$/\1/p')
  [ ! -e /.autorelabel ] || wrong="/.autorelabel $wrong"
  line="$line selinux=$(getenforce) mislabelled=$(echo ${wrong:-none} | tr ' ' ',')"
}
line="$line up=$(cut -d' ' -f1 /proc/uptime)"
echo 1 >/proc/sys/kernel/printk # no kernel message in the middle of the line
printf '\r\n%s\r\n' "$line" >/dev/console
case ,$console, in *,ttyS0,*) ;; *) printf '\r\n%s\r\n' "$line" >/dev/ttyS0 ;; esac
systemctl poweroff --no-block
END
  chmod 755 "$1/usr/local/lib/v2v-boot-report"
  cat >"$1/etc/systemd/system/v2v-boot-report.service" <<'END'
[Unit]
Description=Report that the guest has come up
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/usr/local/lib/v2v-boot-report
[Install]
WantedBy=multi-user.target
END
  ln -sf ../v2v-boot-report.service "$1/etc/systemd/system/multi-user.target.wants/"
}

# --- domain XML -----------------------------------------------------------

# write_domain FILE NAME MAC DISK...: a libvirt Xen domain. Each DISK is
# "path" or "path:target" (targets default to xvda, xvdb ...). The variables
# domain_virt (pv|hvm), domain_format, domain_memory (KiB), domain_vcpus,
# domain_clock and domain_emulator change it.
write_domain() {
  local file=$1 name=$2 mac=$3 virt=${domain_virt:-pv} letters=abcdefgh n=0 disk target bus
  shift 3
  {
    printf "<domain type='xen'>\n  <name>%s</name>\n  <uuid>%s</uuid>\n" "$name" "$(uuid_of "$name")"
    printf "  <memory unit='KiB'>%d</memory>\n" "${domain_memory:-1048576}"
    printf "  <currentMemory unit='KiB'>%d</currentMemory>\n" "${domain_memory:-1048576}"
    printf "  <vcpu placement='static'>%d</vcpu>\n" "${domain_vcpus:-2}"
    if [ "$virt" = pv ]; then
      printf "  <bootloader>/usr/bin/pygrub</bootloader>\n"
      printf "  <os>\n    <type arch='x86_64' machine='xenpv'>linux</type>\n  </os>\n"
    else
      printf "  <os>\n    <type arch='x86_64' machine='xenfv'>hvm</type>\n"
      printf "    <loader type='rom'>/usr/lib/xen/boot/hvmloader</loader>\n    <boot dev='hd'/>\n  </os>\n"
      printf "  <features>\n    <acpi/>\n    <apic/>\n    <pae/>\n  </features>\n"
    fi
    printf "  <clock offset='%s' adjustment='reset'/>\n" "${domain_clock:-utc}"
    printf "  <on_poweroff>destroy</on_poweroff>\n  <on_reboot>restart</on_reboot>\n  <on_crash>restart</on_crash>\n"
    printf "  <devices>\n"
    [ -z "${domain_emulator:-}" ] || printf "    <emulator>%s</emulator>\n" "$domain_emulator"
    for disk; do
      target=xvd${letters:n:1}; n=$((n + 1))
      case $disk in *:*) target=${disk##*:}; disk=${disk%:*} ;; esac
      case $target in hd*) bus=ide ;; sd*) bus=scsi ;; *) bus=xen ;; esac
      printf "    <disk type='file' device='disk'>\n      <driver name='file' type='%s'/>\n" "${domain_format:-raw}"
      printf "      <source file='%s'/>\n      <target dev='%s' bus='%s'/>\n    </disk>\n" "$disk" "$target" "$bus"
    done
    printf "    <interface type='bridge'>\n      <mac address='%s'/>\n      <source bridge='xenbr0'/>\n" "$mac"
    printf "      <script path='vif-bridge'/>\n      <target dev='vif1.0'/>\n"
    [ "$virt" = pv ] || printf "      <model type='rtl8139'/>\n"
    printf "    </interface>\n"
    if [ "$virt" = pv ]; then
      printf "    <console type='pty'>\n      <target type='xen' port='0'/>\n    </console>\n"
      printf "    <input type='mouse' bus='xen'/>\n    <input type='keyboard' bus='xen'/>\n"
    else
      printf "    <serial type='pty'>\n      <target port='0'/>\n    </serial>\n"
      printf "    <console type='pty'>\n      <target type='serial' port='0'/>\n    </console>\n"
      printf "    <input type='tablet' bus='usb'/>\n    <input type='mouse' bus='ps2'/>\n    <input type='keyboard' bus='ps2'/>\n"
    fi
    printf "    <graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'>\n"
    printf "      <listen type='address' address='127.0.0.1'/>\n    </graphics>\n"
    if [ "$virt" = pv ]; then
      printf "    <video>\n      <model type='xen' vram='4096' heads='1' primary='yes'/>\n    </video>\n"
    else
      printf "    <video>\n      <model type='cirrus' vram='8192' heads='1' primary='yes'/>\n    </video>\n"
    fi
    printf "    <memballoon model='xen'/>\n  </devices>\n</domain>\n"
  } >"$file"
}
