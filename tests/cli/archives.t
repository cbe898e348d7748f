#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Guests in archives and beside configuration files: whole domain documents through
# --print-source, which starts no appliance; and each thing that can be wrong with them, which
# gets one error with its place and leaves nothing behind. The archives are made here.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

given=$srcdir/tests/metadata/archives
mkdir "$tmp/in" "$tmp/out"
cd "$tmp/in" || exit 1

# plain: a document without what differs each time.
plain() { sed -E "s,$tmp/in,@DIR@,g; s,$tmp/v2v-engine\.[A-Za-z0-9]{6},@WORK@,g; s,(offset|size)=\"[0-9]+\",\1=\"N\",g"; }
# reads NAME EXPECTED ARGUMENT ...: --print-source gives what EXPECTED holds.
reads() {
	local name=$1 expected=$given/$2.expect
	shift 2
	engine --print-source "$@"
	plain <<<"$out" >"$tmp/got"
	[[ -z ${V2V_TEST_WRITE:-} ]] || cp "$tmp/got" "$expected"
	ok "$name is read" exits 0
	ok "$name: the document" diff -u "$expected" "$tmp/got"
	ok "$name: nothing is left" is "$(find "$tmp" -maxdepth 1 -name 'v2v-engine.*')" ""
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
	ok "$name: nothing is made" is "$(ls -A "$tmp/out"; find "$tmp" -maxdepth 1 -name 'v2v-engine.*'; find "$tmp" -name 'escaped*')" ""
}

# ---- disks ----
mkdir esx vbox bad
truncate -s 4M "$tmp/raw"
printf 'V2V' | dd of="$tmp/raw" bs=1 seek=1048576 conv=notrunc status=none
qemu-img convert -f raw -O vmdk -o subformat=streamOptimized "$tmp/raw" "$tmp/disk.vmdk"
for n in 1 2; do cp "$tmp/disk.vmdk" "esx/disk$n.vmdk"; cp "$tmp/disk.vmdk" "vbox/disk$n.vmdk"; done
gzip -nc "$tmp/disk.vmdk" >esx/disk3.vmdk.gz
truncate -s 4096 "esx/boot cd.iso"
cp "$given/esx.ovf" "$given/vbox.ovf" "$tmp"
cp "$given/esx.ovf" esx/guest.ovf
cp "$given/vbox.ovf" vbox/guest.ovf
# manifest DIRECTORY ALGORITHM [SPACE]
manifest() { (cd "$1" && for f in *.ovf disk*; do echo "${2^^}($f)=$3$("${2}sum" "$f" | cut -d' ' -f1)"; done >guest.mf); }

# python OUTPUT SCRIPT: an archive as no tool would write it.
python() { /usr/bin/python3 - "$1" <<<"import io, sys, tarfile, zipfile
t = tarfile.open(sys.argv[1], 'w') if not sys.argv[1].endswith('.zip') else None
def add(name, data=b'x', **k):
    i = tarfile.TarInfo(name)
    i.size = len(data)
    for a in k: setattr(i, a, k[a])
    t.addfile(i, io.BytesIO(data) if i.type == tarfile.REGTYPE else None)
add('guest.ovf', open('$given/vbox.ovf', 'rb').read()) if t else None
$2
t.close() if t else None"; }
# ---- every kind of archive ----
manifest esx sha256 " "
reads "a directory" esx-directory esx
reads "its OVF" esx-directory esx/guest.ovf
tar -C esx --format=ustar -cf esx.ova guest.ovf guest.mf disk1.vmdk disk2.vmdk disk3.vmdk.gz "boot cd.iso"
reads "a tar archive" esx-tar esx.ova
ok "a tar archive: an image in a drive is told of" has "$err" "esx.ova: guest.ovf:7: the image in a drive, boot%20cd.iso, remains in the archive"
tar -C esx --format=pax -cf pax.ova ./guest.ovf ./guest.mf ./disk1.vmdk ./disk2.vmdk ./disk3.vmdk.gz "./boot cd.iso"
reads "a tar archive of POSIX, with ./" esx-pax pax.ova
for end in gz xz zst bz2; do
	tar -C esx -caf "esx.tar.$end" guest.ovf guest.mf disk1.vmdk disk2.vmdk disk3.vmdk.gz "boot cd.iso"
	reads "a tar archive with $end" esx-unpacked "esx.tar.$end"
done
(cd esx && zip -q ../esx.zip guest.ovf guest.mf disk* "boot cd.iso")
reads "a zip archive" esx-unpacked esx.zip
mv esx.zip zipped.ova
reads "a zip archive called .ova" esx-unpacked zipped.ova
# A service has no locale, and names of files beyond ASCII all the same.
python names.zip "z = zipfile.ZipFile(sys.argv[1], 'w'); z.writestr('g\u00e4st.ovf', '<Envelope/>'); z.close()"
LC_ALL=C engine --output-dir "$tmp/out" names.zip
ok "a zip archive with names beyond ASCII, without a locale" exits 65 "gäst.ovf"
manifest esx sha1 ""
reads "a manifest with SHA1" esx-directory esx
manifest esx sha512 "  "
sed -i 's/$/\r/' esx/guest.mf
reads "a manifest with SHA512 and the line ends of another system" esx-directory esx
tar -C vbox -cf vbox.ova guest.ovf disk1.vmdk disk2.vmdk
reads "an archive of another exporter" vbox vbox.ova

# The bytes in the archive are those of the disk.
engine --print-source esx.ova
offset=$(xmllint --xpath 'string(//slice/@offset)' - <<<"$out")
size=$(xmllint --xpath 'string(//slice/@size)' - <<<"$out")
ok "the slice is the disk" cmp <(dd if=esx.ova iflag=skip_bytes,count_bytes skip="$offset" count="$size" status=none) "$tmp/disk.vmdk"

# ---- memory ----
# memory UNITS NUMBER KIB
memory() {
	sed "s|<rasd:AllocationUnits>byte \* 2^20</rasd:AllocationUnits>|$1|; s|<rasd:VirtualQuantity>2048|<rasd:VirtualQuantity>$2|" "$given/esx.ovf" >esx/guest.ovf
	engine --print-source esx
	ok "memory: $2 of $1" has "$out" "<memory unit=\"KiB\">$3</memory>"
}
rm esx/guest.mf
memory "<rasd:AllocationUnits>byte * 2^30</rasd:AllocationUnits>" 3 3145728
memory "<rasd:AllocationUnits>byte*2^10</rasd:AllocationUnits>" 524288 524288
memory "<rasd:AllocationUnits>MegaBytes</rasd:AllocationUnits>" 512 524288
memory "<rasd:AllocationUnits>GB</rasd:AllocationUnits>" 1 1048576
memory "<rasd:AllocationUnits>byte</rasd:AllocationUnits>" 1073741824 1048576
memory "" 700 716800

# ---- manifests ----
cp "$given/esx.ovf" esx/guest.ovf
manifest esx sha256 " "
sum=$(sha256sum <esx/disk2.vmdk | cut -d' ' -f1)
sed -i "s/(disk2.vmdk)= .*/(disk2.vmdk)= ${sum//[0-9]/0}/" esx/guest.mf
refuses "a wrong checksum" 65 "esx/disk2.vmdk" "$sum" "${sum//[0-9]/0}" "guest.mf:3" -- esx
tar -C esx -cf wrong.ova guest.ovf guest.mf disk1.vmdk disk2.vmdk disk3.vmdk.gz "boot cd.iso"
refuses "a wrong checksum inside of an archive" 65 "wrong.ova: disk2.vmdk" "$sum" "${sum//[0-9]/0}" -- wrong.ova
sed -i "s/(disk2.vmdk)= .*/(disk2.vmdk)= nothing/" esx/guest.mf
refuses "a checksum that is none" 65 "esx/disk2.vmdk" "$sum" "says nothing" -- esx
# What checks nothing is told of; what is there is checked all the same.
manifest esx sha256 " "
{
	echo "SHA256(gone.vmdk)= $sum"
	echo "MD5(disk1.vmdk)= 0"
	seq -f 'remark %.0f' 20
	echo "SHA256(disk1.vmdk)= $sum"
} >>esx/guest.mf
reads "a manifest with other lines" esx-directory esx
ok "a file that only the manifest has" has "$err" "guest.mf:5: the manifest names the file gone.vmdk, which does not exist"
ok "an unknown checksum" has "$err" 'guest.mf:6: the line "MD5(disk1.vmdk)= 0" is not understood, so it checks nothing'
ok "a remark" has "$err" 'guest.mf:7: the line "remark 1" is not understood'
ok "not each of many is told of" has "$err" "guest.mf: 12 more of its lines check nothing"
ok "not all are" hasnt "$err" "remark 20"
echo "SHA1(../secret)= 00" >esx/guest.mf
refuses "a manifest that leads out" 65 "guest.mf:1" "../secret" -- esx
rm esx/guest.mf

# ---- envelopes that are wrong ----
# ovf NAME STATUS SED-SCRIPT TEXT ...
ovf() {
	local name=$1 wanted=$2 script=$3
	shift 3
	sed "$script" "$given/esx.ovf" >esx/guest.ovf
	cmp -s "$given/esx.ovf" esx/guest.ovf && ok "$name: the fixture is another" false
	refuses "$name" "$wanted" "$@" -- esx
}
ovf "no XML" 65 '60,$d' "esx/guest.ovf:"
ovf "another document" 65 's/<Envelope /<Enevlope /; s/<.Envelope>/<\/Enevlope>/' "guest.ovf:2" "<Enevlope>, expected an OVF"
ovf "entities" 65 '1a <!DOCTYPE Envelope [<!ENTITY x SYSTEM "file:///etc/passwd">]>' "guest.ovf:2" "DOCTYPE"
ovf "the format of another manager" 65 's,envelope/1",envelope/1/",g; s,VirtualHardwareSection,Section,' "guest.ovf:2" "export the guest as an OVA"
ovf "no hardware" 65 's/VirtualHardwareSection/HardwareSection/' "guest.ovf:" "<VirtualHardwareSection>"
ovf "memory that is no number" 65 's/<rasd:VirtualQuantity>2048/<rasd:VirtualQuantity>much/' "guest.ovf:" "memory (VirtualQuantity) is \"much\""
ovf "memory without end" 65 's/<rasd:VirtualQuantity>2048/<rasd:VirtualQuantity>999999999999999/' "guest.ovf:" "1 PiB"
ovf "an unknown unit" 65 's/<rasd:AllocationUnits>byte \* 2^20/<rasd:AllocationUnits>pages/' "guest.ovf:" "pages"
ovf "too many processors" 65 's/<rasd:VirtualQuantity>4/<rasd:VirtualQuantity>400000/' "guest.ovf:" "processors (VirtualQuantity) is \"400000\""
ovf "an unknown firmware" 65 's/"firmware" vmw:value="efi"/"firmware" vmw:value="coreboot"/' "guest.ovf:" "coreboot"
ovf "an address that is none" 65 's/00:50:56:AB:CD:EF/00:50:56:AB:CD/' "guest.ovf:" "00:50:56:ab:cd"
ovf "two items with one identifier" 65 's/<rasd:InstanceID>9</<rasd:InstanceID>10</' "guest.ovf:" "InstanceID 10"
ovf "two files with one identifier" 65 's/ovf:id="file2"/ovf:id="file1"/' "guest.ovf:" "<File>"
ovf "a disk that is not described" 65 's,ovf:/disk/vmdisk1,ovf:/disk/vmdisk9,' "guest.ovf:" "Hard Disk 1" "ovf:/disk/vmdisk9"
ovf "a disk whose file is not named" 65 's/ovf:fileRef="file1"/ovf:fileRef="file9"/' "guest.ovf:" "Hard Disk 1" "file9"
ovf "a disk on no controller" 65 's,<rasd:Parent>7<,<rasd:Parent>77<,' "guest.ovf:" "Hard Disk 3" "controller 77"
ovf "a CD-ROM beyond its controller" 65 '/CD-ROM 1</s/<rasd:AddressOnParent>0</<rasd:AddressOnParent>99999999999</' "guest.ovf:" "CD-ROM 1" "99999999999" "IDE controller"
ovf "a disk in a snapshot" 65 's/ovf:diskId="vmdisk1"/& ovf:parentRef="vmdisk2"/' "guest.ovf:" "merge the snapshots"
ovf "OVF of before the standard" 65 's,xmlns="http://schemas.dmtf.org/ovf/envelope/1",xmlns="http://www.vmware.com/schema/ovf/1/envelope",' "guest.ovf:2" "OVF 0.9"
ovf "its other elements" 65 's,<VirtualSystem ,<Content ,; s,</VirtualSystem>,</Content>,' "guest.ovf:2" "OVF 0.9"
ovf "a disk twice" 65 's/ovf:fileRef="file2"/ovf:fileRef="file1"/' "guest.ovf:4" "two disks are in the same file, disk1.vmdk"
ovf "an unknown format" 65 's/ovf:fileRef="file1" ovf:format="[^"]*"/ovf:fileRef="file1" ovf:format="x"/; s/disk1.vmdk/disk1.bin/' "guest.ovf:" "format that is not supported"
ovf "a file that is not there" 65 's/disk1.vmdk/gone.vmdk/' "guest.ovf:4" "gone.vmdk"
ovf "a file that leads out" 65 's,disk1.vmdk,../esx2/disk1.vmdk,' "guest.ovf:4" "../esx2/disk1.vmdk"
ovf "a file with a path" 65 's,disk1.vmdk,/etc/hostname,' "guest.ovf:4" "/etc/hostname"
ovf "a file elsewhere" 65 's,disk1.vmdk,http://example.org/disk1.vmdk,' "guest.ovf:4" "http://example.org"
ovf "an unknown compression" 65 's/ovf:compression="gzip"/ovf:compression="rar"/' "guest.ovf:6" "rar"
ovf "what is not compressed" 65 's/ovf:id="file1"/& ovf:compression="gzip"/' "guest.ovf:4" "is compressed, but it is not"
ovf "an empty disk without end" 65 's/ovf:capacity="1" /ovf:capacity="99999999999" /' "guest.ovf:" "1 PiB"
ovf "several guests" 65 's/<VirtualSystem ovf:id="vm">/<VirtualSystemCollection ovf:id="c"><VirtualSystem ovf:id="one"\/>&/; s/<.VirtualSystem>/&<\/VirtualSystemCollection>/' "guest.ovf:" "one, vm" "export each"
ovf "a disk that another has" 65 's/<rasd:Parent>8</<rasd:Parent>5</; s/<rasd:InstanceID>17<.rasd:InstanceID>.*/&/; s/vmdisk3<.rasd:HostResource><rasd:InstanceID>11<.rasd:InstanceID><rasd:Parent>7</vmdisk3<\/rasd:HostResource><rasd:InstanceID>11<\/rasd:InstanceID><rasd:Parent>5</' "esx/guest.ovf:14: " "two disks named 'hda'"
sed 's/<VirtualSystem ovf:id="vm">/<VirtualSystemCollection ovf:id="c">&/; s/<.VirtualSystem>/&<\/VirtualSystemCollection>/' "$given/esx.ovf" >esx/guest.ovf
reads "a collection of one" esx-directory esx
{ printf '<a>%.0s' {1..400}; printf '</a>%.0s' {1..400}; } >esx/guest.ovf
refuses "deep nesting" 65 "guest.ovf:1" "256 levels" -- esx
{ echo '<Envelope><VirtualSystem><VirtualHardwareSection>'; seq -f '<Item><InstanceID>%.0f</InstanceID><ResourceType>17</ResourceType></Item>' 20000; echo '</VirtualHardwareSection></VirtualSystem></Envelope>'; } >esx/guest.ovf
refuses "more items than can be compared" 65 "guest.ovf" "5000000 steps" -- esx
sed 's/CoresPerSocket ovf:required="false">2</CoresPerSocket ovf:required="false">0.5</' "$given/esx.ovf" >esx/guest.ovf
engine --print-source esx
ok "half a core is no topology" exits 0
ok "half a core is left out" hasnt "$out" "<topology"
cp "$given/esx.ovf" esx/guest.ovf
sed 's/ovf:id="file1"/& ovf:size="17"/' "$given/esx.ovf" >esx/guest.ovf
reads "a file of another size" esx-directory esx
ok "a file of another size is told of" has "$err" "guest.ovf:4: the file disk1.vmdk has $(stat -c %s esx/disk1.vmdk) bytes, but the envelope says 17"
cp "$given/esx.ovf" esx/guest.ovf

# kind TYPE DOMAIN-TYPE KIND
kind() {
	sed "s/>vmx-19</>$1</; s/vmw=\"[^\"]*\"/vmw=\"other\"/" "$given/esx.ovf" >esx/guest.ovf
	engine --print-source esx
	ok "the type $1" has "$out" "<domain type=\"$2\">"
	ok "the type $1: its kind" has "$out" ">$3</type>"
}
kind DMTF:xen:pv xen linux
kind DMTF:xen:hvm xen hvm
kind xen-3.0-x64 xen linux
kind hvm-3.0-unknown xen hvm
kind 301 hyperv hvm
kind Oakvisor-3 oakvisor hvm
kind DMTF:unknown unknown hvm
cp "$given/esx.ovf" esx/guest.ovf

# ---- files in pieces ----
mkdir pieces
cp vbox/disk2.vmdk pieces
# pieces [ATTRIBUTE]: the envelope.
pieces() { sed "s/ovf:id=\"file1\"/& ${1:-}/" "$given/vbox.ovf" >pieces/guest.ovf; }
# A disk of which each piece but the last has 20000 bytes.
split -b 20000 -d -a 9 "$tmp/disk.vmdk" pieces/disk1.vmdk.
pieces 'ovf:chunkSize="20000"'
engine --print-source pieces
ok "pieces are joined" exits 0
ok "pieces are joined into one file" has "$out" 'unpacked/image-0"/>'
pieces
engine --print-source pieces
ok "pieces that nobody says are pieces" exits 0
tar -C pieces -cf pieces.ova guest.ovf disk1.vmdk.000000000 disk1.vmdk.000000001 disk1.vmdk.000000002 disk1.vmdk.000000003 disk2.vmdk
ENGINE_TIMEOUT=60 engine --print-source pieces.ova
ok "pieces in an archive" exits 0
rm pieces/disk1.vmdk.000000001
refuses "a piece that is missing" 65 "guest.ovf:4" "disk1.vmdk.000000001 is missing" -- pieces
rm pieces/disk1.vmdk.*
for n in 0 1 10; do cp "$tmp/disk.vmdk" "pieces/disk1.vmdk.00000000$n"; done
engine --print-source pieces
ok "of several whole disks, the last" has "$out" "pieces/disk1.vmdk.0000000010\"/>"
ok "which is told of" has "$err" "guest.ovf:4: the file disk1.vmdk is missing; using disk1.vmdk.0000000010 instead, the last of several"
rm pieces/disk1.vmdk.*
cp "$tmp/disk.vmdk" pieces/disk1.vmdk.000000002
engine --print-source pieces
ok "the one file that has a number" has "$out" "pieces/disk1.vmdk.000000002\"/>"
echo nothing >pieces/disk1.vmdk.000000003
echo nothing >pieces/disk1.vmdk.000000001
refuses "files of which nobody knows what they are" 65 "guest.ovf:4" "disk1.vmdk.NUMBER" "pieces or snapshots" -- pieces

# The manifest of another guest whose name begins alike is that guest's business.
echo "SHA1(gone.vmdk)= 0000000000000000000000000000000000000000" >esx/guest2.mf
reads "a directory with the manifest of a guest whose name begins alike" esx-directory esx
rm esx/guest2.mf
cp "$given/esx.ovf" esx/other.ovf
refuses "two OVF" 65 "guest.ovf" "other.ovf" -- esx
rm esx/other.ovf
ln -s "$tmp/disk.vmdk" bad/link.vmdk
cp bad/link.vmdk esx/kept.vmdk
mv esx/disk1.vmdk esx/disk1.kept
ln -s "$tmp/disk.vmdk" esx/disk1.vmdk
refuses "a link out of the directory" 65 "disk1.vmdk is a link out of the directory" -- esx
mv esx/disk1.kept esx/disk1.vmdk

# ---- archives that are wrong ----
head -c 40000 esx.ova >cut.ova
refuses "an archive that is truncated" 65 "cut.ova" -- cut.ova
head -c 3000 esx.tar.gz >cut.tar.gz
refuses "a compressed archive that is truncated" 65 "cut.tar.gz" "damaged" -- cut.tar.gz
head -c 9000 zipped.ova >cut.zip
refuses "a zip archive that is truncated" 65 "cut.zip" -- cut.zip
echo "no archive at all" >none.ova
refuses "no archive" 65 "none.ova is not an archive in a known format" -- none.ova
: >empty.ova
refuses "an empty file" 65 "empty.ova" -- empty.ova
refuses "an archive that does not exist" 66 "gone.ova" -- --source ova gone.ova
tar -C vbox -cf noovf.ova disk1.vmdk
refuses "an archive without OVF" 65 "noovf.ova" "no OVF" -- noovf.ova
python up.ova "add('../escaped')"
refuses "a name that leads up" 65 "up.ova" "../escaped" -- up.ova
gzip -nc up.ova >up.tar.gz
refuses "a name that leads up, compressed" 65 "up.tar.gz" "../escaped" -- up.tar.gz
python deep.ova "add('a/b/../../../escaped')"
refuses "a name that leads up in its middle" 65 "a/b/../../../escaped" -- deep.ova
python root.ova "add('$tmp/escaped')"
refuses "an absolute name" 65 "$tmp/escaped" -- root.ova
python link.ova "add('disk1.vmdk', type=tarfile.SYMTYPE, linkname='/etc/passwd')"
refuses "a link" 65 "disk1.vmdk" "is a link" -- link.ova
python hard.ova "add('disk1.vmdk', type=tarfile.LNKTYPE, linkname='guest.ovf')"
refuses "a hard link" 65 "disk1.vmdk" "is a link" -- hard.ova
python fifo.ova "add('disk1.vmdk', type=tarfile.FIFOTYPE)"
refuses "a pipe" 65 "disk1.vmdk" "neither a file nor a directory" -- fifo.ova
python device.ova "add('disk1.vmdk', type=tarfile.CHRTYPE, devmajor=1, devminor=3)"
refuses "a device" 65 "disk1.vmdk" "neither a file nor a directory" -- device.ova
python twice.ova "add('disk1.vmdk'); add('./disk1.vmdk')"
refuses "a name twice" 65 "disk1.vmdk" "occurs twice" -- twice.ova
python control.ova "add('disk\x1b[31m.vmdk')"
refuses "a name with control characters" 65 "control.ova" "not plain text" -- control.ova
python long.ova "add('d' * 2000)"
refuses "a long name" 65 "long.ova" "1024" -- long.ova
python many.ova "[add('f%d' % n, b'') for n in range(10001)]"
refuses "many files" 65 "many.ova" "10000 files" -- many.ova
python lying.ova "
t.fileobj.write(tarfile.TarInfo('disk1.vmdk').tobuf()[:124] + b'77777777777 ' + b' ' * 0)"
refuses "a header that ends too early" 65 "lying.ova" -- lying.ova
python bomb.zip "
z = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)
z.writestr('guest.ovf', 'x')
i = zipfile.ZipInfo('disk1.vmdk')
i.compress_type = zipfile.ZIP_DEFLATED
z.writestr(i, b'\0' * 1000000)
z.close()
data = bytearray(open(sys.argv[1], 'rb').read())
at = data.rfind(b'PK\x01\x02')
data[at + 24:at + 28] = b'\xf0\xff\xff\xff'
at = data.rfind(b'PK\x03\x04')
data[at + 22:at + 26] = b'\xf0\xff\xff\xff'
open(sys.argv[1], 'wb').write(data)"
refuses "a bomb" 65 "bomb.zip" "it unpacks to 42949672" -- bomb.zip

# ---- disks that lie ----
echo secret >"$tmp/secret"
truncate -s 1M "$tmp/secret"
# lie NAME FORMAT FILE TEXT ...: as the only disk of a guest, in a directory and in an archive.
lie() {
	local name=$1 format=$2 file=$3
	shift 3
	rm -rf lies && mkdir lies
	mv "$file" lies/disk1.vmdk
	cp vbox/disk2.vmdk lies/
	sed "s,ovf:fileRef=\"file1\" ovf:format=\"[^\"]*\",ovf:fileRef=\"file1\" ovf:format=\"$format\"," "$given/vbox.ovf" >lies/guest.ovf
	refuses "$name" 65 "disk1.vmdk" "$@" -- lies new
	tar -C lies -cf lies.ova guest.ovf disk1.vmdk disk2.vmdk
	refuses "$name, in an archive" 65 "lies.ova" -- lies.ova new
}
qemu-img create -q -f qcow2 -F raw -b "$tmp/secret" lie
lie "a raw disk with a qcow2 header" raw lie qcow2
descriptor() { printf '# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType="monolithicFlat"\n\nRW 2048 FLAT "%s" 0\n' "$1"; }
descriptor "$tmp/secret" >lie
lie "a VMDK with an extent elsewhere" vmdk lie "$tmp/secret"
ln -s "$tmp/secret" "$tmp/data"
qemu-img create -q -f qcow2 -o data_file="$tmp/in/data",data_file_raw=on lie 1M
rm -f data
ln -s "$tmp/secret" data
lie "a qcow2 with a data file" qcow2 lie data
qemu-img create -q -f qcow2 lie 1M
qemu-img rebase -q -u -f qcow2 -F raw -b "json:{\"driver\":\"raw\",\"file\":{\"driver\":\"file\",\"filename\":\"$tmp/secret\"}}" lie
lie "a qcow2 over a json: name" qcow2 lie "json:"

# ---- configuration files ----
mkdir vmx
for n in a n s i; do cp "$tmp/disk.vmdk" "vmx/$n.vmdk"; done
touch vmx/x.iso
cp "$given/esx.vmx" vmx/guest.vmx
reads "a configuration file" vmx vmx/guest.vmx
ok "a configuration file: a drive's image that is not there is told of" hasnt "$err" "x.iso"
cat >vmx/small.vmx <<'END'
# the least there is
DisplayName = "small"
scsi0:0.FileName = "a.vmdk"
scsi0.present = "TRUE"
scsi0:0.present = "TRUE"
END
reads "a small one" vmx-small vmx/small.vmx
ok "a small one: what is taken is told of" has "$err" "small.vmx:1: memSize is missing: the new guest gets 1 GiB of memory"
# a chain of snapshots, each naming the one below by its file alone
(cd vmx && cp "$tmp/raw" base.raw && qemu-img convert -f raw -O vmdk base.raw base.vmdk && qemu-img create -q -f vmdk -F vmdk -b base.vmdk s-000001.vmdk && rm base.raw)
sed 's/a.vmdk/s-000001.vmdk/' vmx/small.vmx >vmx/snapshot.vmx
V2V_ENGINE_ACCEL=tcg engine --print-source vmx/snapshot.vmx
ok "a snapshot" exits 0

# encoded NAME BYTES TEXT: a name of BYTES (for printf) in the character set NAME.
encoded() {
	{ printf '.encoding = "%s"\nannotation = "%b"\n' "$1" "$2" && cat vmx/small.vmx; } >vmx/encoded.vmx
	engine --print-source vmx/encoded.vmx
	ok "the character set $1" has "$out" "<description>$3</description>"
}
encoded windows-1252 'K\xf6ln' Köln
encoded windows-1251 '\xcf\xf0' Пр
encoded windows-874 '\xa1\xa2' กข
encoded Shift_JIS '\x83\x7c\x81\x5b\x83|7C' ポーポ
encoded windows-932 '\x93\xfa' 日
encoded GBK '\xcf\xc2' 下
encoded windows-936 '\xcf\xc2' 下
encoded EUC-CN '\xcf\xc2' 下
encoded GB18030 '\xcf\xc2' 下
encoded windows-949-2000 '\xc7\xd1' 한
encoded KS_C_5601-1987 '\xc7\xd1' 한
encoded EUC-KR '\xc7\xd1' 한
encoded Big5 '\xa4\xa4' 中
encoded windows-950 '\xa4\xa4' 中
encoded EUC-JP '\xc6\xfc' 日
encoded ISO-8859-15 '\xa4' €
encoded windows-28592 '\xb1' ą
encoded windows-65001 下 下
encoded windows-57002 plain plain
encoded "" plain plain
{ printf '\xef\xbb\xbfannotation = "下"\n' && cat vmx/small.vmx; } >vmx/encoded.vmx
engine --print-source vmx/encoded.vmx
ok "a mark of UTF-8 at its start" has "$out" "<description>下</description>"
{ printf 'annotation = "K\xf6ln"\nextendedConfigFile = "K\xf6ln.vmxf"\n' && cat vmx/small.vmx; } >vmx/encoded.vmx
engine --print-source vmx/encoded.vmx
ok "what nobody needs may be unreadable" exits 0
ok "a note that is unreadable is told of" has "$err" 'encoded.vmx:1: the note is left out: "annotation = '
ok "what else is unreadable is not" hasnt "$err" extendedConfigFile
rm vmx/encoded.vmx

# vmx NAME STATUS SED-SCRIPT TEXT ...
vmx() {
	local name=$1 wanted=$2 script=$3
	shift 3
	sed "$script" vmx/small.vmx >vmx/bad.vmx
	refuses "vmx: $name" "$wanted" "$@" -- vmx/bad.vmx
}
vmx "a line that is none" 65 '2s/.*/what is this/' "bad.vmx:2" "what is this" 'expected KEY = "VALUE"'
vmx "a value without end" 65 '2s/"$//' "bad.vmx:2"
vmx "a key twice" 65 '3a displayname = "x"' "bad.vmx:4" "first in line 2"
vmx "a character after a value" 65 '2s/$/ x/' "bad.vmx:2" 'expected KEY = "VALUE"'
vmx "a quote in a value" 65 '2s/"small"/sm"all/' "bad.vmx:2" 'expected KEY = "VALUE"'
vmx "a blank in a key" 65 '2s/Name/ Name/' "bad.vmx:2" 'expected KEY = "VALUE"'
vmx "a value with a control character" 65 '2s/small/sm|1ball/' "bad.vmx:2" "control character"
vmx "a disk's value with a control character" 65 '3s/a.vmdk/|1b/' "bad.vmx:3" "control character"
vmx "a NUL" 65 '2s/small/|00/' "bad.vmx:2" "|00"
vmx "an unknown encoding" 65 '1a .encoding = "EBCDIC"' "bad.vmx:2" "EBCDIC"
vmx "a value in another encoding" 65 '2s/small/K\xf6ln/' "bad.vmx:2" ".encoding"
vmx "a value that is none in its encoding" 65 '1a .encoding = "Shift_JIS"'$'\n''2s/small/K\xf6/' "bad.vmx:3" "not valid in Shift_JIS"
vmx "an encoding that is not built on ASCII" 65 '1a .encoding = "UTF-16"' "bad.vmx:2" "UTF-16"
vmx "an encoding with a suffix" 65 '1a .encoding = "UTF-8//IGNORE"' "bad.vmx:2" "IGNORE"
vmx "memory that is no number" 65 '1a memsize = "lots"' "bad.vmx:2" 'memSize is "lots"'
vmx "memory without end" 65 '1a memsize = "99999999999999999999"' "bad.vmx:2" "memSize"
vmx "a value like an error of the stylesheet" 65 '1a memsize = "runtime error"' "bad.vmx:2" 'memSize is "runtime error"'
vmx "no processor" 65 '1a numvcpus = "0"' "bad.vmx:2" "numvcpus"
vmx "an unknown firmware" 65 '1a firmware = "open"' "bad.vmx:2" "open"
vmx "a UUID that is none" 65 '1a uuid.bios = "56 4d"' "bad.vmx:2" "uuid.bios"
vmx "a hardware address that is none" 65 '1a ethernet0.present = "TRUE"\nethernet0.address = "here"' "bad.vmx:3" "here"
vmx "no disk" 65 '3d' "bad.vmx:1: the domain 'small' has no disks"
vmx "a disk that is not said to be present" 65 '5d' "bad.vmx:3" 'scsi0:0.present = "TRUE"'
vmx "a disk whose controller is not" 65 '4d' "bad.vmx:3" 'scsi0.present = "TRUE"'
vmx "a disk that is not there" 65 's/a.vmdk/gone.vmdk/' "bad.vmx:3" "gone.vmdk does not exist"
vmx "a disk elsewhere" 65 's,a.vmdk,/vmfs/volumes/1/a.vmdk,' "bad.vmx:3" "/vmfs/volumes/1/a.vmdk" "--allow-backing"
vmx "a disk above" 65 's,a.vmdk,../esx/disk1.vmdk,' "bad.vmx:3" "esx/disk1.vmdk" "--allow-backing"
vmx "a file of the host" 65 's,a.vmdk,/etc/hostname,' "bad.vmx:3" "expected a VMDK"
vmx "a device of the host" 65 's,a.vmdk,x|0A.vmdk,' "bad.vmx:3"
refuses "vmx: a disk in its place" 65 "is a disk (VMDK)" "vmx/guest.vmx" -- --source vmx vmx/a.vmdk
: >vmx/empty.vmx
refuses "vmx: an empty file" 65 "empty.vmx:1" -- vmx/empty.vmx
head -c 2000000 /dev/zero | tr '\0' '#' >vmx/huge.vmx
refuses "vmx: a huge file" 65 "1048576 bytes" -- vmx/huge.vmx
refuses "vmx: a file that does not exist" 66 "gone.vmx" -- --source vmx vmx/gone.vmx
sed 's,a.vmdk,../esx/disk1.vmdk,' vmx/small.vmx >vmx/above.vmx
for allowed in esx esx/disk1.vmdk /; do
	engine --print-source --allow-backing "$allowed" vmx/above.vmx
	ok "vmx: --allow-backing $allowed lets a disk be elsewhere" exits 0
done
sed '1a numvcpus = "2"\ncpuid.coresPerSocket = "0.5"' vmx/small.vmx >vmx/cores.vmx
engine --print-source vmx/cores.vmx
ok "vmx: half a core is no topology" exits 0
ok "vmx: half a core is left out" hasnt "$out" "<topology"
# The same four disks behind a configuration file: VMDK is the only format there.
qemu-img create -q -f qcow2 -F raw -b "$tmp/secret" vmx/a.vmdk
refuses "vmx: a qcow2 that is called VMDK" 65 "a.vmdk" "qcow2" -- vmx/small.vmx
descriptor "$tmp/secret" >vmx/a.vmdk
refuses "vmx: an extent elsewhere" 65 "a.vmdk" "$tmp/secret" -- vmx/small.vmx
ln -s "$tmp/secret" vmx/flat.vmdk
descriptor flat.vmdk >vmx/a.vmdk
refuses "vmx: an extent that is a link" 65 "a.vmdk" "$tmp/secret" -- vmx/small.vmx
{ descriptor n.vmdk | sed 's/FLAT/SPARSE/; s/ 0$//'; echo 'parentFileNameHint="json:{}"'; } >vmx/a.vmdk
refuses "vmx: a parent by a json: name" 65 "a.vmdk" "json:" -- vmx/small.vmx
printf '# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\ncreateType="fullDevice"\nRW 2048 FLAT "n.vmdk" 0\n' >vmx/a.vmdk
refuses "vmx: a device of the old host" 65 "a.vmdk" "fullDevice" -- vmx/small.vmx

# ---- what cannot be built on ----
for storage in snapshot in-place; do
	refuses "--storage $storage over an archive" 64 "vbox.ova" "use --storage copy" -- --storage $storage vbox.ova new
done

done_testing
