#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Boot a throw-away overlay of a guest's disk under emulation and tell whether
# the guest comes up as expected; the disk itself is never written.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"

usage() {
  cat <<END
Usage: $prog IMAGE --format raw|qcow2 [OPTIONS]
       $prog --domain FILE.xml [OPTIONS]

Prints one line, "BOOT OK ..." or "BOOT FAIL ... reason"; the exit status is
0 or 1. With --domain the disks, their buses, the network card, its address
and the machine are what the libvirt domain XML says; UEFI starts with a copy of the variables that
the domain names, or with fresh ones.

  --format FORMAT   of IMAGE; never guessed
  --bus BUS         virtio (default), ide, sata or scsi
  --nic MODEL       network card: virtio (default), e1000, e1000e, rtl8139
  --mac MAC         its address
  --machine M       pc (default) or q35
  --memory MIB      default 1024
  --timeout S       default 300
  --expect FILE     lines FIELD=PATTERN that the guest's report must fit, as
                    the builders write them; PATTERN is a shell pattern
  --set FIELD=PATTERN
                    one expectation more, in place of the file's (repeatable)
  --passphrase P    typed on the serial console when the guest asks for one
  --log FILE        keep the serial console's output in FILE
END
}

image='' format='' domain='' machine=pc memory=1024 limit=300 log='' passphrase='' uefi=false nvram='' direct=()
buses=(virtio) nics=(virtio) macs=('') orders=(1) devices=()
declare -A wanted=()

# expectation FIELD=PATTERN PLACE
expectation() {
  [[ $1 =~ ^([A-Z]+)=(.*)$ ]] || die "$2: not FIELD=PATTERN: $1"
  wanted[${BASH_REMATCH[1]}]=${BASH_REMATCH[2]}
}

expect_files=() sets=()
while [ $# -gt 0 ]; do
  case $1 in
    --format) need_value "$@"; format=$2; shift ;;
    --domain) need_value "$@"; domain=$2; shift ;;
    --bus) need_value "$@"; buses=("$2"); shift ;;
    --nic) need_value "$@"; nics=("$2"); shift ;;
    --mac) need_value "$@"; macs=("$2"); shift ;;
    --machine) need_value "$@"; machine=$2; shift ;;
    --memory) need_value "$@"; memory=$2; shift ;;
    --timeout) need_value "$@"; limit=$2; shift ;;
    --expect) need_value "$@"; expect_files+=("$2"); shift ;;
    --set) need_value "$@"; sets+=("$2"); shift ;;
    --passphrase) need_value "$@"; passphrase=$2; shift ;;
    --log) need_value "$@"; log=$2; shift ;;
    --help | -h) usage; exit 0 ;;
    -*) bad_usage "unknown option: $1" ;;
    *) [ -z "$image" ] || bad_usage "more than one image"; image=$1 ;;
  esac
  shift
done
[[ $limit =~ ^[1-9][0-9]*$ ]] || bad_usage "--timeout is a number of seconds, not $limit"
[[ $memory =~ ^[1-9][0-9]*$ ]] || bad_usage "--memory is a number of MiB, not $memory"
need qemu-system-x86_64=qemu-system-x86

for file in "${expect_files[@]}"; do
  [ -r "$file" ] || die "cannot read $file"
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in '' | '#'*) ;; *) expectation "$line" "$file" ;; esac
  done <"$file"
done
for line in "${sets[@]}"; do expectation "$line" --set; done

# --- the machine

if [ -n "$domain" ]; then
  [ -z "$image$format" ] || bad_usage "--domain says what the disk is: leave IMAGE and --format out"
  need xmllint=libxml2-utils
  [ -r "$domain" ] || die "cannot read $domain"
  name=${domain##*/}
  xpath() { xmllint --nonet --xpath "$1" "$domain"; }
  type=$(xpath 'string(/domain/@type)') || die "$domain is not a domain XML"
  case $type in kvm | qemu) ;; *) die "$domain: type '$type' is not a domain for KVM" ;; esac
  [ -z "$(xpath 'string(/domain/os/loader | /domain/os/@firmware)')" ] || uefi=true
  nvram=$(xpath 'string(/domain/os/nvram)')
  for part in kernel initrd cmdline; do
    value=$(xpath "string(/domain/os/$part)")
    [ -z "$value" ] || direct+=("-${part/cmdline/append}" "$value")
  done
  case $(xpath 'string(/domain/os/type/@machine)') in *q35*) machine=q35 ;; *) machine=pc ;; esac
  all="/domain/devices/disk[not(@device) or @device='disk']"
  count=$(xpath "count($all)")
  [ "$count" -gt 0 ] || die "$domain: no disk"
  images=() formats=() buses=() orders=()
  for ((i = 1; i <= count; i++)); do
    images+=("$(xpath "string(($all)[$i]/source/@file | ($all)[$i]/source/@dev)")")
    format=$(xpath "string(($all)[$i]/driver/@type)")
    formats+=("${format:-raw}")
    buses+=("$(xpath "string(($all)[$i]/target/@bus)")")
    orders+=("$(xpath "string(($all)[$i]/boot/@order)")")
  done
  # As libvirt does: without an order, the first disk alone can be started from.
  [ -n "${orders[*]// /}" ] || orders[0]=1
  devices+=(-boot strict=on)
  count=$(xpath 'count(/domain/devices/interface)')
  nics=() macs=()
  for ((i = 1; i <= count; i++)); do
    nics+=("$(xpath "string(/domain/devices/interface[$i]/model/@type)")")
    macs+=("$(xpath "string(/domain/devices/interface[$i]/mac/@address)")")
  done
else
  [ -n "$image" ] || bad_usage "IMAGE or --domain is missing"
  [ -n "$format" ] || bad_usage "--format is missing"
  images=("$image") formats=("$format") name=${image##*/}
fi
case $machine in pc | q35) ;; *) bad_usage "--machine is pc or q35, not $machine" ;; esac

ports=0
# pci DEVICE: behind a port of its own on q35, as libvirt places it
pci() {
  if [ "$machine" = q35 ]; then
    ports=$((ports + 1))
    devices+=(-device "pcie-root-port,id=port$ports,chassis=$ports,slot=$ports")
    devices+=(-device "$1,bus=port$ports")
  else
    devices+=(-device "$1")
  fi
}
for i in "${!nics[@]}"; do
  mac=${macs[i]}
  devices+=(-netdev "user,id=net$i")
  case ${nics[i]} in
    virtio | virtio-non-transitional | virtio-transitional) pci "virtio-net-pci,netdev=net$i${mac:+,mac=$mac}" ;;
    e1000e) pci "e1000e,netdev=net$i${mac:+,mac=$mac}" ;;
    e1000 | rtl8139) devices+=(-device "${nics[i]},netdev=net$i${mac:+,mac=$mac}") ;;
    *) die "network card '${nics[i]}' is not supported" ;;
  esac
done
scsi=false ahci=false
for i in "${!images[@]}"; do
  [ -r "${images[i]}" ] || die "cannot read the disk ${images[i]}"
  case ${formats[i]} in raw | qcow2) ;; *) die "disk format '${formats[i]}' is not supported" ;; esac
  index=${orders[i]:+,bootindex=${orders[i]}}
  devices+=(-drive "if=none,id=disk$i,file=${images[i]//,/,,},format=${formats[i]},snapshot=on")
  case ${buses[i]}-$machine in
    virtio-*) pci "virtio-blk-pci,drive=disk$i$index" ;;
    scsi-*)
      $scsi || pci virtio-scsi-pci,id=scsi; scsi=true
      devices+=(-device "scsi-hd,bus=scsi.0,drive=disk$i$index") ;;
    ide-pc) devices+=(-device "ide-hd,bus=ide.$((i / 2)),unit=$((i % 2)),drive=disk$i$index") ;;
    sata-pc)
      $ahci || devices+=(-device "ahci,id=ahci"); ahci=true
      devices+=(-device "ide-hd,bus=ahci.$i,drive=disk$i$index") ;;
    sata-q35 | ide-q35) devices+=(-device "ide-hd,bus=ide.$i,drive=disk$i$index") ;;
    *) die "disk bus '${buses[i]}' is not supported" ;;
  esac
done

# --- the boot

make_work_dir
serial=${log:-$work/serial.log} firmware=$work/firmware.log
: >"$serial"
if $uefi; then
  code=/usr/share/OVMF/OVMF_CODE_4M.fd vars=/usr/share/OVMF/OVMF_VARS_4M.fd
  [ -r "$code" ] || die "missing: $code; install with: apt-get install ovmf"
  [ ! -r "${nvram:-/}" ] || [ ! -f "$nvram" ] || vars=$nvram
  cp "$vars" "$work/vars.fd"
  devices+=(-drive "if=pflash,unit=0,format=raw,readonly=on,file=$code" -drive "if=pflash,unit=1,format=raw,file=$work/vars.fd")
fi
start=${EPOCHREALTIME/./}
# without erms: clearing pages by "rep stosb" can take this emulation 20 s
timeout "$((limit + 30))" qemu-system-x86_64 -machine "$machine" -accel tcg -cpu max,-erms -smp 1 -m "$memory" \
  -nodefaults -vga std -display none -no-reboot \
  -chardev "socket,id=serial,path=$work/serial,server=on,wait=off,logfile=$serial" -serial chardev:serial \
  -chardev "file,id=firmware,path=$firmware" -device isa-debugcon,iobase=0x402,chardev=firmware \
  "${direct[@]}" "${devices[@]}" </dev/null >"$work/qemu.log" 2>&1 &
emulator=$!
# shellcheck disable=SC2317 # called at exit
end_emulator() { ! kill "$emulator" 2>/dev/null || wait "$emulator" || true; }
on_exit end_emulator

hopeless='ALERT! .*does not exist|Kernel panic - not syncing.*|Unable to mount root.*'
hopeless+='|dracut-initqueue.*timeout - starting timeout scripts|Warning: /dev/[^ ]* does not exist'
hopeless+='|Entering emergency mode|You are in emergency mode|Entering rescue mode'
hopeless+='|^Error [0-9]+: [A-Z].*'
hopeless+='|grub rescue>|Failed to boot both default and fallback entries|error: you need to load the kernel first'
# answer_passphrase: types it, once, when it is asked for
answer_passphrase() {
  grep -aq 'unlock disk' "$serial" || return 0
  python3 -c 'import socket, sys
console = socket.socket(socket.AF_UNIX)
console.connect(sys.argv[1])
console.sendall(sys.argv[2].encode() + b"\n")' "$work/serial" "$passphrase"
  passphrase=''
}

reason='' report='' running=true
while [ -z "$reason$report" ]; do
  sleep 0.2
  now=$(((${EPOCHREALTIME/./} - start) / 100000))
  # order matters: look whether it runs before what it said
  kill -0 "$emulator" 2>/dev/null || running=false
  report=$(grep -aoE 'V2V-BOOT-OK [^[:cntrl:]]* up=[0-9.]+' "$serial" | head -n 1) || true
  [ -z "$report" ] || break
  reason=$(grep -aoE "$hopeless" "$serial" | head -n 1) || true
  [ -n "$reason" ] || reason=$(grep -aoE 'No bootable device.' "$firmware" 2>/dev/null | head -n 1) || true
  [ -z "$reason" ] || break
  [ -z "$passphrase" ] || answer_passphrase
  if ! $running; then
    reason="the guest ended without a report $(tail -n 1 "$work/qemu.log")"
  elif [ "$now" -ge $((limit * 10)) ]; then
    reason="no report within $limit s; last: $(tr -d '\r' <"$serial" | grep -a . | tail -n 1 | cut -c1-120)"
  fi
done

field() { [[ " $report " =~ " ${1,,}="([^ ]*)" " ]] && printf '%s\n' "${BASH_REMATCH[1]}"; }
for key in "${!wanted[@]}"; do
  [ -n "$report" ] || break
  value=$(field "$key") || value=nothing
  # shellcheck disable=SC2053 # a pattern is meant
  [[ $value == ${wanted[$key]} ]] || reason+="${reason:+; }${key,,} is $value, not ${wanted[$key]}"
done
printf 'BOOT %s %s bus=%s %d.%d s: %s\n' "$([ -z "$reason" ] && echo OK || echo FAIL)" "$name" \
  "$(IFS=,; echo "${buses[*]}")" $((now / 10)) $((now % 10)) \
  "$reason${report:+${reason:+ (}${report#V2V-BOOT-OK }${reason:+)}}"
[ -z "$reason" ]
