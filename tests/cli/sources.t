#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What each source reads: whole domain documents through --print-source, which starts no
# appliance; and what each refuses, with its place.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

mkdir "$tmp/in" "$tmp/out"
cd "$tmp/in" || exit 1

# reads NAME FILE ARGUMENT ...: --print-source gives what FILE holds, with @DIR@ for this directory.
reads() {
	local name=$1 expected=$2
	shift 2
	engine --print-source "$@"
	ok "$name is read" exits 0
	ok "$name: the document" is "$(sed "s,$tmp/in,@DIR@,g" <<<"$out")" "$(<"$expected")"
}

# refuses NAME STATUS TEXT ... -- ARGUMENT ...: one error, and nothing made.
refuses() {
	local name=$1 texts=()
	shift
	while [[ $1 != -- ]]; do
		texts+=("$1")
		shift
	done
	shift
	engine --output-dir "$tmp/out" "$@"
	ok "$name" exits "${texts[@]}"
	ok "$name: one error" is "$(grep -c '^v2v-engine: error: ' <<<"$err")" 1
	ok "$name: nothing is made" is "$(ls -A "$tmp/out"; find "$tmp" -maxdepth 1 -name 'v2v-engine.*')" ""
}

# ---- whole descriptions: NAME.xml, NAME.vmx or NAME.ovf becomes what NAME.expect holds, with the warnings of
# NAME.said ----
for name in d e os 下; do qemu-img create -q -f vmdk $name.vmdk 1M; done
for name in disk1 disk2; do qemu-img create -q -f vmdk -o subformat=streamOptimized $name.vmdk 1M; done
for expected in "$srcdir"/tests/metadata/sources/*.expect; do
	for given in "${expected%.expect}".{xml,vmx,ovf}; do
		[[ -e $given ]] || continue
		name=$(basename "$given")
		cp "$given" .
		reads "$name" "$expected" "$name"
		[[ ! -e ${expected%.expect}.said ]] ||
			ok "$name: what is told" diff -u "${expected%.expect}.said" <(sed -n "s,$tmp/in,@DIR@,g; s/^v2v-engine: warning: //p" <<<"$err")
	done
done
rm ./*.vmdk ./*.vmx ./*.ovf

# ---- libvirtxml ----
engine plan --print-source controllers.xml
ok "--print-source goes with plan" exits 0
ok "and prints no plan" is "$(wc -l <<<"$out")" "$(wc -l <"$srcdir/tests/metadata/sources/controllers.expect")"
ok "a disk that is shared is told of" has "$err" "controllers.xml:28: disk 'vda' is shared"
ok "a LUN is told of" has "$err" "disk 'sdc' passed commands on"
engine --print-source bare.xml
ok "memory that nobody gives is told of" has "$err" "bare.xml:2: the domain does not say how much memory"
engine plan --print-source
ok "--print-source without a guest" exits 64 "--print-source: expected the GUEST"
engine --source libvirtxml --print-source -
ok "no document comes from standard input" exits 64 "GUEST is '-'"

# domain [OUTSIDE] [DISK]: one that is in order but for its arguments; OUTSIDE is in line 3, DISK
# in line 8.
domain() {
	cat <<END
<domain type='xen'>
  <name>guest</name>
  ${1-<memory>1048576</memory>}
  <os>
    <type arch='x86_64'>hvm</type>
  </os>
  <devices>
    ${2-<disk type='file'><source file='disk.img'/><target dev='hda'/></disk>}
  </devices>
</domain>
END
}
# wrong NAME TEXT ...: what stands in wrong.xml is refused.
wrong() {
	local name=$1
	shift
	refuses "$name" 65 "$@" -- wrong.xml
}
truncate -s 1M disk.img
domain | head -c 125 >wrong.xml
wrong "a truncated document" "wrong.xml:7:" "not well-formed XML"
domain "<memory>1</memory><name>other</name>" >wrong.xml
wrong "two names" "wrong.xml:3: <name> occurs twice in <domain>, first in line 2"
domain "<memory>1048576</memory><memory>2097152</memory>" >wrong.xml
wrong "two memories" "wrong.xml:3: <memory> occurs twice in <domain>"
domain "<devices/>" >wrong.xml
wrong "two lists of devices" "wrong.xml:7: <devices> occurs twice in <domain>, first in line 3"
domain "<memory unit='KiB' unit='MiB'>1</memory>" >wrong.xml
wrong "an attribute twice" "wrong.xml:3:" "redefined"
domain "<memory>lots</memory>" >wrong.xml
wrong "memory that is no number" "wrong.xml:3: the memory in <memory> is 'lots', expected a whole number"
domain "<memory>-1048576</memory>" >wrong.xml
wrong "less than no memory" "wrong.xml:3: the memory in <memory> is '-1048576'"
domain "<memory>1e6</memory>" >wrong.xml
wrong "a number of another kind" "wrong.xml:3: the memory in <memory> is '1e6'"
domain "<memory/>" >wrong.xml
wrong "empty memory" "wrong.xml:3: the memory in <memory> is ''"
domain "<memory>0</memory>" >wrong.xml
wrong "no memory" "wrong.xml:3: <memory> is 0"
domain "<memory unit='b'>1180591620717411303424</memory>" >wrong.xml
wrong "memory of 2^70" "wrong.xml:3: the memory in <memory> is '1180591620717411303424' b, but no guest has more"
domain "<memory unit='EiB'>64</memory>" >wrong.xml
wrong "memory that overflows with its unit" "wrong.xml:3: the memory in <memory> is '64' EiB"
domain "<memory unit='parsec'>64</memory>" >wrong.xml
wrong "a unit of something else" "wrong.xml:3: <memory> has the unit 'parsec', expected bytes, KB, KiB"
domain "<memory>1</memory><currentMemory unit='GiB'>x</currentMemory>" >wrong.xml
wrong "current memory that is no number" "wrong.xml:3: the memory in <currentMemory> is 'x'"
domain "<cpu><numa><cell id='0' memory='9999999999999999999'/></numa></cpu>" >wrong.xml
wrong "a cell with absurd memory" "wrong.xml:3: the memory in <cell> is '9999999999999999999'"
domain "<memory>1</memory><vcpu>many</vcpu>" >wrong.xml
wrong "processors that are no number" "wrong.xml:3: <vcpu> is 'many', expected a number of processors from 1"
domain "<memory>1</memory><vcpu>4294967298</vcpu>" >wrong.xml
wrong "too many processors" "wrong.xml:3: <vcpu> is '4294967298'"
domain "<memory>1</memory><vcpu current='5'>4</vcpu>" >wrong.xml
wrong "more processors than there are" "wrong.xml:3: 'current' of <vcpu> is '5'"
two="<disk type='file'><source file='disk.img'/><target dev='hda'/></disk>"
domain "<memory>1</memory>" "$two$two" >wrong.xml
wrong "two disks of one name" "wrong.xml:8: the domain 'guest' has two disks named 'hda'"
ln -s disk.img disk-link.img
for other in disk.img ./disk.img disk-link.img; do
	domain "<memory>1</memory>" "$two<disk type='file'><source file='$other'/><target dev='hdb'/></disk>" >wrong.xml
	wrong "two disks in the file $other" "the disks 'hda' and 'hdb' of the guest are the same file, $tmp/in/${other#./}"
done
domain "<memory>1</memory>" "<disk type='file'><source file='disk.img'/><source file='disk2.img'/><target dev='hda'/></disk>" >wrong.xml
wrong "a disk with two sources" "wrong.xml:8: <source> occurs twice in <disk>"
domain "<memory>1</memory>" "<disk type='dir'><source dir='/srv'/><target dev='hda'/></disk>" >wrong.xml
wrong "a directory" "wrong.xml:8: disk 'hda' has the type 'dir'" "virt-make-fs"
domain "<memory>1</memory>" "<disk type='network'><source protocol='nbd'><host transport='unix' socket='/run/nbd'/></source><target dev='hda'/></disk>" >wrong.xml
wrong "a disk on the network" "wrong.xml:8: disk 'hda' has the type 'network'" "qemu-img convert"
domain "<memory>1</memory>" "<disk type='volume'><source pool='p' volume='v'/><target dev='hda'/></disk>" >wrong.xml
wrong "a volume, and nobody who knows its pool" "wrong.xml:8: disk 'hda' has the type 'volume'" "--connect URI"
domain "<memory>1</memory>" "<disk type='shelf'><source file='disk.img'/><target dev='hda'/></disk>" >wrong.xml
wrong "a type that is none" "wrong.xml:8: disk 'hda' has the type 'shelf'"
domain "<memory>1</memory>" "<disk type='file' device='tape'><source file='disk.img'/><target dev='hda'/></disk>" >wrong.xml
wrong "a device that is none" "wrong.xml:8: disk 'hda' has device='tape'"
domain "<memory>1</memory>" "<disk type='file'><source file='disk.img'/></disk>" >wrong.xml
wrong "a disk without a name" "wrong.xml:8: a disk has no name"
domain "<memory>1</memory>" "$two<console type='pty'><target type='serial' port='first'/></console>" >wrong.xml
wrong "a port that is no number" "wrong.xml:8: " "is 'first', but console.port needs a value of type int"
domain "<memory>1</memory>" "$two<interface type='network'><mac address='00:16:3e:00:00'/></interface>" >wrong.xml
wrong "an address that is too short" "wrong.xml:8: the hardware address of a network card is '00:16:3e:00:00', expected an address such as 52:54:00:01:02:03"
domain "<memory>1</memory>" "$two<interface type='network'><mac address='00:16:3e:00:00:001'/></interface>" >wrong.xml
wrong "an address with a number too long" "wrong.xml:8: the hardware address of a network card is '00:16:3e:00:00:001'"
# card ADDRESS NETWORK [INSIDE]
card() { echo "<interface type='network'><mac address='$1'/><source network='$2'/>${3-}</interface>"; }
domain "<memory>1</memory>" "$two$(card 0:16:3E:0:0:1 a)$(card 00-16-3e-00-00-02 a)$(card 00:16:3e:00:00:03 a)" >forms.xml
engine --print-source forms.xml
ok "addresses in other forms" exits 0
ok "an address is written in full" is "$(grep -c '<mac address="00:16:3[eE]:00:00:0[123]"/>' <<<"$out")" 3
domain "<memory>1</memory>" "$two$(card 00:16:3e:00:00:01 a)$(card 00:16:3E:00:00:01 b)" >same.xml
engine --print-source same.xml
ok "two cards with one address" exits 0
ok "the second gets another" is "$(grep -c '<mac ' <<<"$out") $(grep -c '<interface' <<<"$out")" "1 2"
ok "which is told" has "$err" "same.xml:8: two network cards have the hardware address 00:16:3E:00:00:01"
domain "<memory>1</memory>" "$two$(card 00:16:3e:00:00:01 a "<teaming type='persistent'/>")$(card 00:16:3e:00:00:01 b "<teaming type='transient'/>")" >team.xml
engine --print-source team.xml
ok "a card that stands in for another stays behind" is "$(grep -c '<interface' <<<"$out") $(grep -c persistent <<<"$out")" "1 1"
ok "which is told" has "$err" "team.xml:8: a network card of the host stood in for the one with the hardware address 00:16:3e:00:00:01"
stores=$(printf "<backingStore type='file'><source file='b'/>%.0s" {1..70})
domain "<memory>1</memory>" "<disk type='file'><source file='disk.img'/>$stores$(printf '</backingStore>%.0s' {1..70})<target dev='hda'/></disk>" >wrong.xml
wrong "a chain without end" "wrong.xml:8: a disk has more than 64 backing files"
domain "<memory>1</memory>" "$(printf '<disk/>%.0s' {1..1025})" >wrong.xml
wrong "too many disks" "wrong.xml:8: the domain has more than 1024 disks"
domain "$(printf '<a>%.0s' {1..300})$(printf '</a>%.0s' {1..300})" >wrong.xml
wrong "deep nesting" "wrong.xml:3:" "nested deeper than"
{
	echo '<!DOCTYPE domain [<!ENTITY a "aaaaaaaaaa">'
	for n in b:a c:b d:c e:d f:e g:f; do printf '<!ENTITY %s "%s">\n' "${n%:*}" "$(printf "&${n#*:};%.0s" {1..10})"; done
	echo ']>'
	domain "<description>&g;</description>"
} >wrong.xml
wrong "entities that grow" "wrong.xml:1:" "DOCTYPE"
{ echo '<!DOCTYPE domain SYSTEM "/etc/passwd">'; domain; } >wrong.xml
wrong "a document type elsewhere" "wrong.xml:1:" "DOCTYPE"
domain "<description>$(printf '\x01')</description>" >wrong.xml
wrong "a control character" "wrong.xml:3:" "not well-formed XML"
domain "<description>$(printf '\xff\xfe')</description>" >wrong.xml
wrong "bytes that are no text" "wrong.xml:3:" "not well-formed XML"
head -c 65536 disk.img >wrong.xml
wrong "zeros" "wrong.xml:1:" "not well-formed XML"

# ---- vmx ----
# vmx [LINE]: one that is in order but for its last line.
vmx() {
	printf '%s\n' 'displayName = "web"' 'guestOS = "debian12-64"' 'memSize = "1024"' 'annotation = "Büro"' 'scsi0.present = "TRUE"' \
		'scsi0:0.present = "TRUE"' 'scsi0:0.fileName = "disk.vmdk"' "$@"
}
qemu-img create -q -f vmdk disk.vmdk 1M
vmx >plain.vmx
engine --print-source plain.vmx
ok "a plain file" exits 0
plain=$out
# written NAME: what stands in other.vmx, written in another way, is the same.
written() {
	engine --print-source other.vmx
	ok "$1" exits 0
	ok "$1: the same" is "$out" "$plain"
}
vmx '.encoding = "windows-1252"' >mixed.vmx
for set in LE BE; do
	{ [[ $set == LE ]] && printf '\xff\xfe' || printf '\xfe\xff'; iconv -f UTF-8 -t "UTF-16$set" mixed.vmx; } >other.vmx
	written "a file in UTF-16$set, whatever its lines say"
done
tr '\n' '\r' <plain.vmx >other.vmx
written "lines that end with CR"
printf '\xff\xfe\x00\xd8x' >odd.vmx
refuses "what begins like UTF-16" 65 "odd.vmx: the file begins like UTF-16 but is not" -- odd.vmx
sed 's/"disk.vmdk"/".\\disk.vmdk"/' plain.vmx >other.vmx
written "a path as under Windows"
sed 's/"disk.vmdk"/"C:\\web\\disk.vmdk"/' plain.vmx >other.vmx
refuses "a disk on a drive" 65 'other.vmx:7: the file C:\web\disk.vmdk is not in the directory of the configuration file: put it there, and use its name without a directory' -- other.vmx
printf '%s\n' 'displayName = "web"' 'encryption.keySafe = "vmware:key/x"' 'encryption.data = "x"' >other.vmx
refuses "an encrypted guest" 65 "other.vmx:2: the guest is encrypted" "remove the encryption on the old host" -- other.vmx

# ---- ova ----
sed 's|</VirtualSystem>|&<VirtualSystem ovf:id="db"/>|' "$srcdir/tests/metadata/sources/counted.ovf" >two.ovf
refuses "two guests beside each other" 65 "the envelope contains several guests (web, db)" -- two.ovf
for unit in parsec "byte * 2^x" "byte * 2^99" "byte x 2^20" "byte * $(printf '1*%.0s' {1..5000})1"; do
	sed "s|<rasd:AllocationUnits>.*</rasd:AllocationUnits>|<rasd:AllocationUnits>$unit</rasd:AllocationUnits>|" "$srcdir/tests/metadata/sources/counted.ovf" >unit.ovf
	refuses "memory in ${unit:0:60}" 65 "the unit \"${unit:0:60}\" is not known, expected one such as byte * 2^20" -- unit.ovf
done
sed '/Kibibyte/s|<rasd:VirtualQuantity>512</rasd:VirtualQuantity>||' "$srcdir/tests/metadata/sources/counted.ovf" >unit.ovf
refuses "memory without an amount" 65 'unit.ovf:14: the amount of memory (VirtualQuantity) is "", expected a whole number' -- unit.ovf
qemu-img create -q -f vmdk -o subformat=streamOptimized disk1.vmdk 1M
cp disk1.vmdk disk2.vmdk
for offset in "-7200000 <clock adjustment=\"-7200\" basis=\"utc\" offset=\"variable\"/>" '0 <clock offset="utc"/>'; do
	sed "s/localOrUTC=\"local\"/localOrUTC=\"UTC\"/; s/<TimeOffset.*\/>/<TimeOffset value=\"${offset%% *}\"\/>/" \
		"$srcdir/tests/metadata/sources/vbox-machine.ovf" >clock.ovf
	engine --print-source clock.ovf
	ok "a clock that is ${offset%% *} ms from UTC" has "$out" "${offset#* }"
done
rm ./*.vmx ./*.ovf disk.vmdk disk[12].vmdk

# ---- what is elsewhere ----
for scheme in nbd https ssh nbd+unix; do
	refuses "GUEST at $scheme" 64 "GUEST is a URI, and $scheme:// cannot be read: copy the file to this host first" -- "$scheme://user:geheim@host/web.img"
	ok "GUEST at $scheme: no password is told" hasnt "$err" geheim
done
for scheme in esx vpx xen+ssh; do
	refuses "GUEST at $scheme" 64 "GUEST is a URI: if it is that of a libvirt, at $scheme://, give it with --connect" -- "$scheme://host/"
done
refuses "GUEST at file" 64 "expected the path alone, without file://" -- file:///tmp/web.xml
refuses "GUEST at nbd, with its source" 64 "nbd:// cannot be read" -- --source ova nbd://host/web
refuses "GUEST in a datastore" 64 "GUEST [ssd 1] web/web.vmx is a file in a datastore of another host: copy all files" -- "[ssd 1] web/web.vmx"
refuses "--disk at nbd" 64 "a disk is a URI, and nbd:// cannot be read" -- --source disk --disk nbd://host/x disk.img
domain "<memory>1</memory>" "<disk type='file'><source file='[ssd 1] web/web.vmdk'/><target dev='sda'/></disk>" >wrong.xml
wrong "a disk in a datastore" "wrong.xml:8: the source of disk 'sda', \"[ssd 1] web/web.vmdk\", is a file in a datastore of another host: copy all files"
domain "<memory>1</memory>" "<disk type='file'><source file='https://host/web.img'/><target dev='sda'/></disk>" >wrong.xml
wrong "a disk at https" "wrong.xml:8: the source of disk 'sda'" "https:// cannot be read"
mkdir "[ssd 1] web"
cp disk.img "[ssd 1] web/web.vmdk"
domain "<memory>1</memory>" "<disk type='file'><source file='[ssd 1] web/web.vmdk'/><target dev='sda'/></disk>" >wrong.xml
engine --print-source wrong.xml
ok "a file that is called so is read" has "$out" "<source file=\"$tmp/in/[ssd 1] web/web.vmdk\"/>"
domain "<memory>1</memory>" "<disk type='file'><source file='disk.img'/><target dev='sda'/></disk><disk type='file' device='cdrom'><source file='[ssd 1] iso/x.iso'/><target dev='hda'/></disk>" >wrong.xml
engine --print-source wrong.xml
ok "an image in a drive may be anywhere" exits 0

# ---- libvirt: its driver for tests has what a file says ----
# guest_of NAME DISKS [STATE]: 1 runs, 3 is paused, 5 is shut off
guest_of() {
	cat <<END
  <domain type='xen' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
    <name>$1</name>
    ${uuid:+<uuid>$uuid</uuid>}
    <memory unit='GiB'>1</memory>
    <os><type arch='x86_64'>hvm</type></os>
    <devices>
      $2
    </devices>
    <test:runstate>${3:-5}</test:runstate>
  </domain>
END
}
# volume POOL VOLUME TARGET [FORMAT] [DEVICE]
volume() {
	echo "<disk type='volume' device='${5:-disk}'>${4:+<driver name='qemu' type='$4'/>}<source pool='$1' volume='$2'/><target dev='$3' bus='ide'/></disk>"
}
file="<disk type='file'><driver name='qemu' type='raw'/><source file='$tmp/in/disk.img'/><target dev='hda' bus='ide'/></disk>"
some_uuid=11111111-2222-3333-4444-555555555555
echo secret >"$tmp/secret"
truncate -s 1M "$tmp/secret"
qemu-img create -q -f qcow2 b.qcow2 1M
qemu-img create -q -f qcow2 -F raw -b "$tmp/secret" lie.img
{
	echo "<node>"
	uuid=$some_uuid guest_of still "$(volume files a hda raw; volume files b hdb; volume group c hdc; volume gone iso hdd '' cdrom)
      <graphics type='vnc' port='-1' autoport='yes' passwd='geheim'/>"
	guest_of runs "$file" 1
	guest_of waits "$file" 3
	guest_of nopool "$(volume gone a hda)"
	guest_of novolume "$(volume files zzz hda)"
	guest_of elsewhere "$(volume net n hda)"
	guest_of lies "$(volume files lie hda)"
	guest_of lies-raw "$(volume files lie hda raw)"
	uuid=99999999-2222-3333-4444-555555555555 guest_of $some_uuid "$file"
	cat <<END
  <pool type='dir'>
    <name>files</name>
    <target><path>$tmp/in</path></target>
    <volume type='file'><name>a</name><capacity>1048576</capacity><target><path>$tmp/in/disk.img</path><format type='qcow2'/></target></volume>
    <volume type='file'><name>b</name><capacity>1048576</capacity><target><path>$tmp/in/b.qcow2</path><format type='qcow2'/></target></volume>
    <volume type='file'><name>lie</name><capacity>1048576</capacity><target><path>$tmp/in/lie.img</path><format type='qcow2'/></target>
      <backingStore><path>$tmp/secret</path><format type='raw'/></backingStore></volume>
  </pool>
  <pool type='logical'>
    <name>group</name>
    <source><name>vg</name></source>
    <target><path>/dev/vg</path></target>
    <volume type='block'><name>c</name><capacity>1048576</capacity><target><path>/dev/vg/c</path></target></volume>
  </pool>
  <pool type='dir'>
    <name>net</name>
    <target><path>$tmp/net</path></target>
    <volume type='network'><name>n</name><capacity>1048576</capacity><target><path>pool/n</path></target></volume>
  </pool>
</node>
END
} >"$tmp/node.xml"
uri=test://$tmp/node.xml
reads "a domain of libvirt" "$srcdir/tests/metadata/sources/libvirt.document" --connect "$uri" still
engine --print-source --connect "$uri" --source libvirt 99999999-2222-3333-4444-555555555555
ok "a domain by its UUID" has "$out" "<name>$some_uuid</name>"
engine --print-source --connect "$uri" runs
ok "a domain that runs may be looked at" exits 0
refuses "a guest that runs" 75 "the guest 'runs' at $uri runs: shut it down" "--allow-in-use" -- --connect "$uri" runs
refuses "a guest that is paused" 75 "the guest 'waits' at $uri is paused" "--allow-in-use" -- --connect "$uri" waits
refuses "a domain that there is not" 66 "there is no file nobody, and no domain" "$uri; it knows:" "runs" "still" -- --connect "$uri" nobody
refuses "a name that is another's UUID" 64 "$some_uuid is the name of one domain at $uri and the UUID of another, 'still'" -- --connect "$uri" $some_uuid
refuses "no such libvirt" 69 "nobody: no file has this name" "at test:///nonexistent/node.xml: libvirt says:" -- --connect test:///nonexistent/node.xml nobody
refuses "a pool that there is not" 66 "nopool:" "there is no pool 'gone' at $uri: libvirt says:" -- --connect "$uri" nopool
refuses "a volume that there is not" 66 "there is no volume 'zzz' in the pool 'files'" "pool-refresh" -- --connect "$uri" novolume
refuses "a volume that is not local" 65 "the volume 'n' in the pool 'net' is not a file or block device" -- --connect "$uri" elsewhere
refuses "a volume whose header names another file, as its pool does" 65 "lie.img: its header names the backing file $tmp/secret" "--allow-backing" -- --connect "$uri" lies
refuses "a volume that its domain calls raw, with a header" 65 "lie.img" "raw" "qcow2" -- --connect "$uri" lies-raw
ok "nothing of libvirt's own is printed" hasnt "$err" "libvirt: "
mkfifo fifo
engine --step-timeout 2 --connect "test://$tmp/in/fifo" --print-source still
ok "a libvirt that does not answer is waited for as long as was said" exits 75 "no progress within 2 seconds" "--step-timeout"
domain "<memory>1</memory>" "$(volume files b hda)" >volume.xml
engine --print-source --connect "$uri" volume.xml
ok "a document with a volume" exits 0
ok "libvirt knows where it is" has "$out" "<source file=\"$tmp/in/b.qcow2\"/>"
ok "and what format it has" has "$out" "<driver type=\"qcow2\"/>"
domain "<memory>1</memory>" "<disk type='volume'><source pool='files'/><target dev='hda'/></disk>" >wrong.xml
refuses "a volume without a name" 65 "wrong.xml:8: a disk of type 'volume' does not name a volume" -- --connect "$uri" wrong.xml
domain >plain.xml
engine --print-source --connect test:///nonexistent/node.xml plain.xml
ok "libvirt is only asked if it has to be" exits 0

# ---- disk ----
truncate -s 1M other.img
reads "a disk alone" "$srcdir/tests/metadata/sources/disk-alone.document" b.qcow2
reads "disks with everything said" "$srcdir/tests/metadata/sources/disk-said.document" b.qcow2 --disk disk.img --disk other.img \
	--input-format qcow2 --input-format raw --name said --memory 3GB --vcpus 4 --firmware efi --arch aarch64
engine --print-source --memory 512 b.qcow2
ok "a number alone is MiB" has "$out" '<memory unit="KiB">524288</memory>'
loop=$(losetup -f --show b.qcow2 2>/dev/null) || loop=
if [[ -n $loop ]]; then
	trap 'losetup -d "$loop"' EXIT
	engine --print-source --name block "$loop"
	ok "a block device" has "$out" "<disk device=\"disk\" type=\"block\">"
	ok "and where it is" has "$out" "<source dev=\"$loop\"/>"
	ok "and its format" has "$out" "<driver type=\"qcow2\"/>"
else
	skip "a block device" "there are no loop devices"
fi
refuses "a disk that begins like none" 64 "disk.img begins like no known disk format" "--input-format raw" -- disk.img
refuses "a second disk that begins like none" 64 "disk.img begins like no known disk format" "--input-format raw" -- b.qcow2 --disk disk.img
refuses "a disk of another format" 65 "disk.img" "qcow2" -- --input-format qcow2 disk.img
refuses "a format that is none" 65 "vdx" -- --input-format vdx disk.img
refuses "a disk that there is not" 66 "cannot find the disk $tmp/in/missing.img" -- b.qcow2 --disk missing.img
ln -s b.qcow2 link
refuses "a disk that is given twice" 64 "the disk $tmp/in/link is given twice" -- b.qcow2 --disk link
refuses "a first disk that there is not" 66 "cannot find the disk $tmp/in/missing.img" -- --source disk missing.img
mkfifo pipe
refuses "a pipe" 65 "$tmp/in/pipe is no disk" -- --source disk pipe
refuses "memory that is none" 64 "--memory much: expected a size" -- --memory much b.qcow2
refuses "no memory for a disk" 64 "--memory 0: expected a size" -- --memory 0 b.qcow2
refuses "memory of 2^70 for a disk" 64 "--memory 1180591620717411303424b" -- --memory 1180591620717411303424b b.qcow2
refuses "processors that are none" 64 "--vcpus 0: expected a number" -- --vcpus 0 b.qcow2
refuses "firmware that is none" 64 "--firmware uefi: expected bios or efi" -- --firmware uefi b.qcow2
refuses "an architecture that is none" 64 "--arch x86/64" -- --arch x86/64 b.qcow2
refuses "a hypervisor that is none" 64 "--hypervisor vax: expected one of" -- --hypervisor vax b.qcow2
refuses "a name that is a path" 65 "../x" "GUEST NAME" -- --name ../x b.qcow2
refuses "an option of another source" 64 "--memory belongs to --source disk" -- --memory 1 plain.xml
refuses "a qcow2 over a file elsewhere" 65 "lie.img: its header names the backing file $tmp/secret" -- lie.img
cat >lie.vmdk <<END
# Disk DescriptorFile
version=1
CID=fffffffe
parentCID=ffffffff
createType="monolithicFlat"

# Extent description
RW 2048 FLAT "$tmp/secret" 0
END
refuses "a VMDK with an extent elsewhere" 65 "lie.vmdk" "$tmp/secret" -- lie.vmdk
qemu-img create -q -f qcow2 -o data_file="$tmp/in/data",data_file_raw=on data.img 1M
ln -sf "$tmp/secret" data
refuses "a qcow2 with a data file elsewhere" 65 "data.img" "$tmp/secret" -- data.img
qemu-img create -q -f qcow2 json.img 1M
qemu-img rebase -q -u -f qcow2 -F raw -b "json:{\"driver\":\"raw\",\"file\":{\"driver\":\"file\",\"filename\":\"$tmp/secret\"}}" json.img
refuses "a qcow2 over a json: name" 65 "json.img" "json:" -- json.img
refuses "a raw disk with a header" 65 "lie.img" "raw" "qcow2" -- --input-format raw lie.img

done_testing
