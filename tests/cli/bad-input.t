#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is wrong before an appliance starts: metadata, disks, outputs, rules. Each gets
# one clear error and its exit status, and leaves nothing behind.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

mkdir "$tmp/out"
disk=$tmp/in/disk.img
mkdir "$tmp/in"
truncate -s 1M "$disk"

# domain [DISK-XML]: a Xen PV domain on standard output.
domain() {
	cat <<END
<domain type='xen'>
  <name>${name:-guest}</name>
  <memory unit='KiB'>1048576</memory>
  <os><type arch='x86_64' machine='xenpv'>linux</type></os>
  <devices>
    ${1-<disk type='file' device='disk'><driver name='file' type='${format:-raw}'/><source file='${path:-$disk}'/><target dev='xvda' bus='xen'/></disk>}
  </devices>
</domain>
END
}

# refused NAME STATUS TEXT ...: converts $tmp/in/guest.xml, expects the error, and nothing made.
refused() {
	local what=$1
	shift
	engine --output-dir "$tmp/out" ${arguments[@]+"${arguments[@]}"} "$tmp/in/guest.xml" ${newname:-}
	ok "$what" exits "$@"
	ok "$what: one error" is "$(grep -c '^v2v-engine: error: ' <<<"$err")" 1
	ok "$what: nothing is made" is "$(ls -A "$tmp/out")" "${left:-}"
	ok "$what: no temporary files are left" is "$(find "$tmp" -maxdepth 1 -name 'v2v-engine.*')" ""
}
xml() { cat >"$tmp/in/guest.xml"; }

# ---- metadata ----
xml <<<"<domain type='xen'><name>guest</name><memory>1</memor></domain>"
refused "broken XML" 65 "guest.xml:1"
xml <<<"no XML at all"
refused "a text" 65 "guest.xml"
: >"$tmp/in/guest.xml"
refused "an empty file" 65 "guest.xml"
xml <<<'<!DOCTYPE domain [<!ENTITY x SYSTEM "file:///etc/passwd">]><domain type="xen"><name>&x;</name></domain>'
refused "XML with entities" 65 "DOCTYPE"
{ printf "<domain type='xen'><name>guest</name><description>"; head -c 5000000 /dev/zero | tr '\0' x; printf '</description></domain>'; } >"$tmp/in/guest.xml"
refused "huge XML" 65 "4"
{ printf '<a>%.0s' {1..400}; printf '</a>%.0s' {1..400}; } >"$tmp/in/guest.xml"
refused "deep XML" 65 "guest.xml"
xml <<<"<network><name>guest</name></network>"
refused "XML of something else" 65 "domain"
domain '' >"$tmp/in/guest.xml"
refused "a domain without disks" 65 "disk"
name='../../x' domain >"$tmp/in/guest.xml"
refused "a name that is a path" 65 "../../x" "GUEST NAME"
domain >"$tmp/in/guest.xml"
newname=../y refused "a new name that is a path" 64 "../y"
domain "<disk type='network'><source protocol='rbd' name='p/i'/><target dev='xvda' bus='xen'/></disk>" >"$tmp/in/guest.xml"
refused "a disk that is not local" 65 "xvda"

# ---- disks ----
path=$tmp/in/missing.img domain >"$tmp/in/guest.xml"
refused "a missing disk" 66 "missing.img"
path=$tmp/in domain >"$tmp/in/guest.xml"
refused "a directory for a disk" 65 "$tmp/in"
mkfifo "$tmp/in/fifo"
path=$tmp/in/fifo domain >"$tmp/in/guest.xml"
refused "a pipe for a disk" 65 "fifo"
: >"$tmp/in/empty.img"
path=$tmp/in/empty.img domain >"$tmp/in/guest.xml"
refused "an empty disk" 65 "empty.img"
format=qcow2 domain >"$tmp/in/guest.xml"
refused "a disk that is not of its format" 65 "qcow2" "disk.img"
format=vdx domain >"$tmp/in/guest.xml"
refused "an unknown format" 65 "vdx"

# The four that lie, so that a tool would read a file of the host.
echo secret >"$tmp/secret"
truncate -s 1M "$tmp/secret"
qemu-img create -q -f qcow2 -F raw -b "$tmp/secret" "$tmp/in/lie1.img"
path=$tmp/in/lie1.img domain >"$tmp/in/guest.xml"
refused "a raw disk with a qcow2 header" 65 "lie1.img" "qcow2"
cat >"$tmp/in/lie2.vmdk" <<END
# Disk DescriptorFile
version=1
CID=fffffffe
parentCID=ffffffff
createType="monolithicFlat"

# Extent description
RW 2048 FLAT "$tmp/secret" 0
END
path=$tmp/in/lie2.vmdk format=vmdk domain >"$tmp/in/guest.xml"
refused "a VMDK with an extent elsewhere" 65 "lie2.vmdk" "$tmp/secret"
qemu-img create -q -f qcow2 -o data_file="$tmp/in/data",data_file_raw=on "$tmp/in/lie3.img" 1M
ln -sf "$tmp/secret" "$tmp/in/data"
path=$tmp/in/lie3.img format=qcow2 domain >"$tmp/in/guest.xml"
refused "a qcow2 with a data file" 65 "lie3.img" "data"
qemu-img create -q -f qcow2 "$tmp/in/lie4.img" 1M
qemu-img rebase -q -u -f qcow2 -F raw -b "json:{\"driver\":\"raw\",\"file\":{\"driver\":\"file\",\"filename\":\"$tmp/secret\"}}" "$tmp/in/lie4.img"
path=$tmp/in/lie4.img format=qcow2 domain >"$tmp/in/guest.xml"
refused "a qcow2 over a json: name" 65 "lie4.img" "json:"

# In use: this shell has it open for writing, and what it starts has not.
domain >"$tmp/in/guest.xml"
exec 8<>"$disk"
refused "a disk in use" 75 "disk.img" "bash" 8>&-
exec 8>&-

# ---- outputs ----
touch "$tmp/out/guest.xml"
left=guest.xml refused "an output that exists" 73 "guest.xml"
rm "$tmp/out/guest.xml"
touch "$tmp/out/guest-sda"
left=guest-sda refused "a disk of the output that exists" 73 "guest-sda"
rm "$tmp/out/guest-sda"
engine --output-dir "$tmp/nowhere" "$tmp/in/guest.xml"
ok "an output directory that does not exist" exits 73 "$tmp/nowhere"

# ---- rules ----
mkdir -p "$tmp/my/rules" "$tmp/my/lua"
cat >"$tmp/my/rules/bad.v2v" <<'END'
v2v-rules 1
rule my.one {
  when os.tpye == linux
  do   remove_aplication("x")
}
rule my.two {
  whne os.type == linux
  fail "no"
}
END
arguments=(--rules-dir "$tmp/my")
engine "${arguments[@]}" "$tmp/in/guest.xml"
ok "wrong rules" exits 78 "bad.v2v:3:" "did you mean" "bad.v2v:4:" "remove_application" "bad.v2v:7:" "3 errors"
cat >"$tmp/my/rules/bad.v2v" <<'END'
v2v-rules 1
rule my.one {
  when os.type == linux
  do   lua "bad.lua" go()
}
END
echo 'local M = {} function M.go( return M' >"$tmp/my/lua/bad.lua"
engine "${arguments[@]}" "$tmp/in/guest.xml"
ok "a script that does not load" exits 78 "bad.lua:1" "bad.v2v:4"
echo 'return {}' >"$tmp/my/lua/bad.lua"
engine "${arguments[@]}" "$tmp/in/guest.xml"
ok "a script without the function" exits 78 "bad.lua" "go" "bad.v2v:4"

# ---- the schema of the new domain ----
domain | xml
arguments=(--domain-schema "$tmp/in/none.rng")
refused "a schema that is not there" 66 "--domain-schema $tmp/in/none.rng" "No such file"
echo '<domain/>' >"$tmp/in/domain.rng"
arguments=(--domain-schema "$tmp/in/domain.rng")
refused "a schema that is none" 65 "--domain-schema $tmp/in/domain.rng" "not a usable RELAX NG schema"

# ---- what is closed or empty at the start ----
domain "<disk type='file'><driver name='qemu' type='qcow2'/><source file='$disk'/><target dev='xvda' bus='xen'/></disk>" >"$tmp/in/guest.xml"
sum=$(sha256sum <"$disk")
"$builddir/v2v-engine" --output-dir "$tmp/out" "$tmp/in/guest.xml" 2>&- >"$tmp/run.out"
status=$?
ok "without standard error the status is the same" is "$status" 65
"$builddir/v2v-engine" --output-dir "$tmp/out" "$tmp/in/guest.xml" 0<&- >&- 2>&-
status=$?
ok "without anything, too" is "$status $(sha256sum <"$disk")" "65 $sum"
mkdir "$tmp/empty"
cd "$tmp/empty" || exit 1
domain >"$tmp/in/guest.xml"
# The directory for temporary files is made, and in it an overlay, before a tool is missing.
mkdir "$tmp/tools"
# shellcheck disable=SC2016
printf '#!/bin/sh\nshift $(($# - 1))\necho "overlay $1" >&2\nexit 1\n' >"$tmp/tools/qemu-img"
chmod 755 "$tmp/tools/qemu-img"
TMPDIR='' HOME='' XDG_STATE_HOME='' PATH="$tmp/tools:$PATH" engine --output-dir "$tmp/out" "$tmp/in/guest.xml"
ok "an empty TMPDIR is none" exits 74 "overlay /var/tmp/v2v-engine"
ok "and nothing is in the current directory" is "$(ls -A)" ""
cd "$tmp" || exit 1

done_testing
