#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Starts a virtual machine. Its first serial port is this terminal: Ctrl-A X ends qemu,
# Ctrl-A C changes to its monitor. The script passes its own arguments on to qemu.
# V2V_ENGINE_ACCEL=kvm or tcg selects KVM or emulation; without it, the script uses KVM if it can.
set -u

program=@program@
# The UEFI firmware: its code, the file of EFI variables, and the template for that file. Empty without UEFI.
code=@code@
vars=@vars@
template=@template@
# The state of the TPM. Empty without a TPM.
tpm=@tpm@
# Whether the guest has a screen: empty if it has none.
screen=@screen@

die() {
  printf '%s: %s\n' "$0" "$1" >&2
  exit 69
}

# On some hosts, /dev/kvm can be opened but then hangs, so look at the flags of the processor as well.
has_kvm() {
  local arch=${program##*-}
  [ -r /dev/kvm ] && [ -w /dev/kvm ] || return 1
  case $(uname -m) in
    x86_64 | i?86)
      [ "$arch" = x86_64 ] || [ "$arch" = i386 ] || return 1
      grep -qE '^flags[[:space:]]*:.* (vmx|svm)( |$)' /proc/cpuinfo ;;
    "$arch") : ;;
    *) return 1 ;;
  esac
}
accel=${V2V_ENGINE_ACCEL:-}
case $accel in
  kvm | tcg) ;;
  '') if has_kvm; then accel=kvm; else accel=tcg; fi ;;
  *) die "V2V_ENGINE_ACCEL is '$accel': expected kvm or tcg" ;;
esac
command -v "$program" >/dev/null ||
  die "$program is not installed: install the package with qemu for this machine"

if [ "$code" ]; then
  [ -r "$code" ] || die "the UEFI firmware $code is not on this host: install it"
  if [ ! -e "$vars" ]; then
    (umask 077 && cp --no-preserve=mode -- "$template" "$vars") ||
      die "cannot make $vars, the firmware's variables"
  fi
fi

# The sockets are in a directory that only this user can enter.
run=$(mktemp -d /tmp/v2v-qemu.XXXXXX) || exit 73
trap 'rm -rf -- "$run"' EXIT

if [ "$tpm" ]; then
  command -v swtpm >/dev/null ||
    die 'the guest needs a TPM, which swtpm emulates: install the package swtpm'
  (umask 077 && mkdir -p -- "$tpm") || die "cannot make $tpm, the state of the TPM"
  (cd -- "$tpm" && exec swtpm socket --tpm2 --tpmstate dir=. \
    --ctrl type=unixio,path="$run/tpm" --terminate) </dev/null &
  for _ in {1..100}; do
    [ -S "$run/tpm" ] && break
    sleep 0.1
  done
  [ -S "$run/tpm" ] || die 'swtpm did not start'
fi

if [ "$accel" = kvm ]; then
  processor=(
    @kvm@
  )
else
  processor=(
    @tcg@
  )
fi
machine=(
  @machine@
)

[ -z "$screen" ] ||
  printf 'The screen is at %s/vnc, a socket for VNC that only you can open.\n' "$run" >&2

# A signal that ends this script ends the machine, too.
"$program" "${processor[@]}" "${machine[@]}" "$@" <&0 &
child=$!
trap 'kill -TERM "$child" 2>/dev/null' HUP INT TERM
while :; do
  wait "$child"
  status=$?
  kill -0 "$child" 2>/dev/null || break
done
exit "$status"
