#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What goes wrong once the appliance runs, or while results are written: each gets one
# error with its place and its exit status, in a bounded time, and leaves nothing behind.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

for spec in debian-like two-roots two-disks unknown-id; do
	guest phony.sh phony-$spec --spec $spec || exit 1
done
guest phony.sh rhel53xen --spec rhel53xen || exit 1

# ---- rules of its own, of which each option picks one ----
mkdir -p "$tmp/tree"/{rules,lua,xslt}
cp "$srcdir/rules/prelude.v2v" "$tmp/tree/rules/"
cat >"$tmp/tree/rules/hostile.v2v" <<'END'
v2v-rules 1

option hostile enum(error, loop, memory, records, writes, hang, stylesheet, big, both, directory, relative) {
  describe "what goes wrong"
  metavar  "HOW"
}

fact found each { name: string key  size: int }

rule hostile.asks {
  describe "asks for an operation"
  when option.hostile in [error, loop, memory, hang]
  do   update_bootloader()
}

provider hostile.error for update_bootloader() {
  when option.hostile == error
  do   lua "hostile.lua" wrong()
}

provider hostile.loop for update_bootloader() {
  when option.hostile == loop
  do   lua "hostile.lua" loop()
}

provider hostile.memory for update_bootloader() {
  when option.hostile == memory
  do   lua "hostile.lua" memory()
}

provider hostile.hang for update_bootloader() {
  when option.hostile == hang
  do   lua "hostile.lua" hang()
}

probe hostile.records provides found {
  when option.hostile == records
  lua  "hostile.lua" records()
}

probe hostile.writes provides found {
  when option.hostile == writes
  lua  "hostile.lua" writes()
}

rule hostile.stylesheet {
  describe "has a stylesheet that gives up"
  when option.hostile == stylesheet
  do   xslt "configure-hostile.xsl"
}

rule hostile.big {
  describe "changes more than there is space for"
  when option.hostile == big
  do   lua "hostile.lua" big()
}

rule hostile.both {
  describe "changes both disks"
  when option.hostile == both
  do   lua "hostile.lua" both()
}

rule hostile.gives {
  describe "gives the new domain something of the guest"
  when option.hostile in [directory, relative]
  do   lua "hostile.lua" gives(option.hostile)
  do   xslt "configure-gives.xsl"
}
END
cat >"$tmp/tree/lua/hostile.lua" <<'END'
local M = {}
function M.wrong() return nil + 1 end
function M.loop() while true do end end
function M.memory() local t = {} while true do t[#t + 1] = ("x"):rep(1000) .. #t end end
function M.hang() guest.command { "sleep", "3600" } end
function M.records() return { { name = "a", size = "large" } } end
function M.writes() guest.write("/etc/written", "written") return {} end
function M.big() guest.write("/big", ("0123456789abcdef"):rep(131072)) end
function M.both()
  guest.write("/changed", "the first disk\n")
  guest.write("/srv/changed", "the second disk\n")
end
function M.gives(what) guest.give_file("kernel", ({ directory = "/boot", relative = "boot/vmlinuz" })[what]) end
return M
END
cat >"$tmp/tree/xslt/configure-gives.xsl" <<'END'
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:slot="urn:v2v-engine:slot">
<xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>
<xsl:template match="os"><os><kernel slot:name="kernel"/></os></xsl:template>
</xsl:stylesheet>
END
cat >"$tmp/tree/xslt/configure-hostile.xsl" <<'END'
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:template match="/">
<xsl:message terminate="yes">this domain is not to be</xsl:message>
</xsl:template>
</xsl:stylesheet>
END
export V2V_ENGINE_DATA_DIR=$tmp/tree

# attempt NAME SOURCE [ARGUMENT ...]: converts, in a directory of its own: $tmp/NAME/out for the output.
attempt() {
	local dir=$tmp/$1 source=$2
	shift 2
	mkdir -p "$dir/out" "$dir/tmp"
	TMPDIR=$dir/tmp timeout 600 "$builddir/v2v-engine" --progress-fd 9 --output-dir "$dir/out" --report "$dir/report.json" "$@" "$source" converted \
		9>"$dir/progress" >"$dir/run.out" 2>"$dir/run.err" </dev/null
	echo $? >"$dir/status"
}
# together: two attempts at a time, as they stand on standard input.
together() {
	local arguments
	while read -r arguments; do
		[[ -n $arguments ]] || continue
		while (($(jobs -rp | wc -l) >= 2)); do wait -n; done
		# shellcheck disable=SC2086 # they are several
		attempt $arguments &
	done
	wait
}
# use NAME: for the tests that follow.
use() {
	dir=$tmp/$1
	status=$(<"$dir/status") out=$(<"$dir/run.out") err=$(<"$dir/run.err")
}
# refused NAME STATUS TEXT ...
refused() {
	local what=$1
	shift
	use "$what"
	ok "$what: status and message" exits "$@"
	ok "$what: one error" is "$(grep -c '^v2v-engine: error: ' <<<"$err")" 1
	ok "$what: the last event says so" is "$(tail -n 1 "$dir/progress" | jq -r '"\(.event) \(.status)"')" "error $1"
	ok "$what: nothing is left" clean
}
clean() {
	is "$(find "$dir/out" "$dir/tmp" -mindepth 1)" "" && is "$(pgrep -af "^[^ ]*qemu.*$dir/tmp/")" ""
}
declare -A sums
remember() { sums[$1]=$(sha256sum <"$1"); }
unchanged() { is "$(sha256sum <"$1")" "${sums[$1]}"; }
sources=("$made"/{phony-{debian-like,two-roots,unknown-id},rhel53xen}.img)
for source in "${sources[@]}"; do remember "$source"; done

# ---- one that works, which tells how long steps take here ----
attempt root "$made/phony-two-roots.xml" --root /dev/sda2
use root
ok "--root chooses one of two systems" exits 0
ok "and all steps are seen to be done" is "$(jq -r 'select(.event == "end").step' "$dir/progress" | tail -n 1)" create
slowest=$(jq 'select(.event == "end").elapsed' "$dir/progress" | sort -n | tail -n 1)
limit=$((${slowest%.*} * 3 / 2 + 5))

# ---- a guest of two disks, in place; tests/crash kills such conversions ----
mkdir -p "$tmp/both"
for letter in "" -b; do cp --sparse=always "$made/phony-two-disks$letter.img" "$tmp/both/disk$letter.img"; done
sed "s,$made/phony-two-disks,$tmp/both/disk," "$made/phony-two-disks.xml" >"$tmp/both/guest.xml"

together <<END
roots $made/phony-two-roots.xml
noroot $made/phony-two-roots.xml --root /dev/sda3
error $made/phony-debian-like.xml --hostile error
memory $made/phony-debian-like.xml --hostile memory
records $made/phony-debian-like.xml --hostile records
writes $made/phony-debian-like.xml --hostile writes
stylesheet $made/phony-debian-like.xml --hostile stylesheet
directory $made/phony-debian-like.xml --hostile directory
relative $made/phony-debian-like.xml --hostile relative
loop $made/phony-debian-like.xml --hostile loop --step-timeout $limit
hang $made/phony-debian-like.xml --hostile hang --step-timeout $limit
END
refused roots 65 "/dev/sda1" "/dev/sda2" "--root" "phony-two-roots.img"
refused noroot 64 "on /dev/sda3" "/dev/sda1" "/dev/sda2" "--root" "phony-two-roots.img"
# details TEXT ...: the report says where it was, and the message does not.
details() {
	local kept text
	kept=$(jq -r '.details[]' "$dir/report.json")
	for text; do has "$kept" "$text" || return 1; done
	! grep -E 'hostile\.(v2v|lua|xsl)|rule hostile' <<<"$err"
}
fault="a fault in a script ended this: please report it with the output of --verbose"
refused error 78 "$fault"
ok "error: where" details "lua/hostile.lua:2:" "arithmetic" "provider hostile.error" "hostile.v2v:16" "rule hostile.asks" "hostile.v2v:10"
refused memory 78 "a script that changes the guest used more than 256 MiB of memory: please report it"
ok "memory: where" details "provider hostile.memory" "hostile.v2v:26"
refused records 78 "a fault in the probe hostile.records ended this"
ok "records: where" details "size" "large" "probe hostile.records" "hostile.v2v:36"
refused writes 78 "$fault"
ok "writes: where" details "write" "probe hostile.writes" "hostile.v2v:41"
refused stylesheet 78 "the guest's domain cannot be converted:" "this domain is not to be"
ok "stylesheet: where" details "configure-hostile.xsl:3"
refused directory 65 "/boot of the guest, which is no file"
refused relative 78 "$fault"
ok "relative: where" details "guest.give_file" "boot/vmlinuz" "no absolute path" "rule hostile.gives"
refused loop 78 "no progress within $limit seconds" "--step-timeout" "error: time is up"
ok "loop: where" details "lua/hostile.lua:3: time is up" "provider hostile.loop"
refused hang 75 "no progress within $limit seconds" "sleep 3600" "error: time is up"
ok "hang: where" details "lua/hostile.lua:5: guest.command: time is up" "provider hostile.hang"

# ---- guests that the shipped rules do not convert; phony.t has more of them, in one appliance ----
V2V_ENGINE_DATA_DIR=$srcdir together <<END
unknown $made/phony-unknown-id.xml --strict
xen-only $made/rhel53xen.xml
END
refused unknown 65 "this guest is not converted: no rule knows the system mylinux" "os.family is not set" "when os.id == mylinux"
refused xen-only 65 "none of the guest's kernels can boot" "--with DISTRO.ARCH.kernel=FILE"
for source in "${sources[@]}"; do ok "${source##*/} is as it was" unchanged "$source"; done

attempt both "$tmp/both/guest.xml" --storage in-place --work-dir "$tmp/both/work" --hostile both
use both
ok "both disks are converted in place" exits 0
content() { debugfs -R "cat /changed" "$1?offset=1048576" 2>/dev/null; }
ok "the first disk is changed" is "$(content "$dir/disk.img")" "the first disk"
ok "the second disk is changed" is "$(content "$dir/disk-b.img")" "the second disk"
ok "the domain is there" is "$(ls -A "$dir/out")" converted.xml
ok "no journal is left" is "$(ls -A "$dir/work")" ""
ok "no temporary files are left" is "$(ls -A "$dir/tmp")" ""

# ---- in place, without a domain ----
mkdir "$tmp/null"
cp --sparse=always "$made/phony-debian-like.img" "$tmp/null/disk.img"
sed "s,$made/phony-debian-like,$tmp/null/disk," "$made/phony-debian-like.xml" >"$tmp/null/guest.xml"
cd "$tmp/null" || exit 1
engine --storage in-place --output null --work-dir "$tmp/null/work" --hostile big guest.xml
ok "in place with output null: success" exits 0
ok "in place with output null: nothing is named" is "$out" ""
ok "in place with output null: nothing is made" is "$(ls)" "$(printf '%s\n' disk.img guest.xml work)"
ok "in place with output null: the disk is changed" has "$(debugfs -R 'stat /big' 'disk.img?offset=1048576' 2>/dev/null)" "Size: 2097152"
cd "$tmp" || exit 1

# ---- no space ----
mkdir "$tmp/small" "$tmp/space"
if mount -t tmpfs -o size=24m none "$tmp/small" 2>/dev/null; then
	trap 'cd /; umount -l "$tmp/small"' EXIT
	dd if=/dev/zero of="$tmp/small/filler" bs=1M count=22 status=none
	engine --output-dir "$tmp/small" "$made/phony-debian-like.xml" converted
	ok "no space for copies: refused before the appliance starts" exits 73 "no space for the new disks" "MiB are needed" "$tmp/small"
	ok "no space for copies: nothing is left" is "$(ls -A "$tmp/small")" filler
	ok "no space for copies: no appliance" hasnt "$err" "Starting the appliance"
	rm "$tmp/small/filler"

	# All but a MiB is taken, and two are to be written to what is a hole now.
	cp --sparse=always "$made/phony-debian-like.img" "$tmp/small/disk.img"
	dd if=/dev/zero of="$tmp/small/filler" bs=64k status=none 2>/dev/null
	truncate -s -1M "$tmp/small/filler"
	sed "s,$made/phony-debian-like,$tmp/small/disk," "$made/phony-debian-like.xml" >"$tmp/space/guest.xml"
	remember "$tmp/small/disk.img"
	attempt space "$tmp/space/guest.xml" --storage in-place --work-dir "$tmp/space/work" --hostile big
	refused space 73 "no space for the changed blocks" "$tmp/small/disk.img"
	ok "no space in place: the disk is as it was" unchanged "$tmp/small/disk.img"
	ok "no space in place: no journal is left" is "$(ls -A "$tmp/space/work")" ""

	mount -o remount,ro "$tmp/small"
	engine --output-dir "$tmp/small" "$made/phony-debian-like.xml" converted
	ok "a directory on a read-only file system" exits 73 "$tmp/small" "Read-only"
	engine --storage in-place --work-dir "$tmp/space/work" --output-dir "$tmp/space/out" "$tmp/space/guest.xml" converted
	ok "a disk on a read-only file system, in place" exits 73 "$tmp/small/disk.img" "Read-only"
	ok "refused before the appliance starts" hasnt "$err" "Starting the appliance"
else
	skip "no space" "no tmpfs can be mounted"
fi

done_testing
