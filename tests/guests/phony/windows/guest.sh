# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="what inspection takes for Windows Server 2012: NTFS with two registry hives (needs /dev/fuse)"
disk_a=("ntfs rest root")
size_a=48
domain_virt=hvm
target_a=hda

fill_root() {
  local hive
  need hivexregedit=libwin-hivex-perl python3=python3
  mkdir -p "$1"/{Windows/{System32/{config,drivers},inf,Temp},"Program Files","Program Files (x86)"}
  for hive in software system; do
    python3 "$spec_dir/minimal.py" hive "$1/Windows/System32/config/${hive^^}"
    hivexregedit --merge --prefix "HKEY_LOCAL_MACHINE\\${hive^^}" \
      "$1/Windows/System32/config/${hive^^}" "$spec_dir/$hive.reg"
  done
  python3 "$spec_dir/minimal.py" exe "$1/Windows/System32/cmd.exe"
  : >"$1/autoexec.bat"
}
