#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Files that the program writes at a path that the user named: what they may be, and what they never overwrite.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

mkdir "$tmp/g" "$tmp/out"
cd "$tmp/g" || exit 1
qemu-img create -q -f qcow2 base.img 1M
qemu-img create -q -f qcow2 -b base.img -F qcow2 disk.img
qemu-img create -q -f raw vars.fd 64k
cat >guest.xml <<END
<domain type="xen"><name>g</name><memory>1048576</memory><os><type>hvm</type><nvram>$tmp/g/vars.fd</nvram></os><devices>
<disk type="file"><driver name="qemu" type="qcow2"/><source file="$tmp/g/disk.img"/><target dev="xvda"/></disk></devices></domain>
END
echo package >kernel.rpm
ln -s disk.img link
before=$(cat ./* | sha256sum)
untouched() { is "$(cat ./* | sha256sum)" "$before"; }

# refused WHAT FILE TEXT ARGUMENT ...: a conversion with such a report.
refused() {
	local what=$1 file=$2 text=$3
	shift 3
	engine --output-dir "$tmp/out" --report "$file" "$@" guest.xml
	ok "$what is no place for a report" exits 64 "--report $file: this is $text, which would be overwritten; name another file"
}
refused "the source's disk" disk.img "a file of the source guest"
refused "a link to it" link "a file of the source guest"
refused "the domain document" "$tmp/g/guest.xml" "the source guest itself"
refused "a store of firmware variables" vars.fd "a file of the source guest"
refused "a package for the guest" kernel.rpm "the file of --with rhel5.i386.kernel=kernel.rpm" --with rhel5.i386.kernel=kernel.rpm
refused "a script for the guest" kernel.rpm "the file of --first-boot ./kernel.rpm" --first-boot ./kernel.rpm
refused "an image that the disk is built on" base.img "an image of the source guest"
refused "the new guest's document" "$tmp/out/g.xml" "the new guest's domain document"
refused "the new guest's disk" "$tmp/out/../out/g-sda" "a disk of the new guest"
mkdir -p "$tmp/my/rules" "$tmp/my/lua/x"
printf 'v2v-rules 1\n' | tee "$tmp/my/rules/my.v2v" >"$tmp/linked.v2v"
ln -s "$tmp/linked.v2v" "$tmp/my/rules/linked.v2v"
echo 'return {}' >"$tmp/my/lua/x/x.lua"
refused "a rule file" "$tmp/my/rules/my.v2v" "a file of the rules" --rules-dir "$tmp/my"
refused "what a link among the rules leads to" "$tmp/linked.v2v" "a file of the rules" --rules-dir "$tmp/my"
refused "a script" "$tmp/my/lua/x/x.lua" "a file of the rules" --rules-dir "$tmp/my"
engine --report disk.img /nonexistent.xml
ok "nor is any file that is no report, where the guest cannot be read" exits 66 "--report disk.img: this file is no report and stays"
engine facts --capture disk.img guest.xml
ok "nor for a capture" exits 64 "--capture disk.img: this is a file of the source guest"
ok "all of that is as it was" untouched
ok "and nothing was made" is "$(ls -A "$tmp/out")" ""

# A conversion that fails for a reason of its own, here: a result that is there already, of something else.
echo something >"$tmp/out/g.xml"
fails() { engine --output-dir "$tmp/out" --report "$1" guest.xml; }
mkfifo "$tmp/pipe"
fails "$tmp/pipe"
ok "a pipe that nobody reads is refused at once" exits 73 "--report $tmp/pipe: nobody reads this pipe"
timeout 60 cat "$tmp/pipe" >"$tmp/from-pipe" &
fails "$tmp/pipe"
wait $!
ok "a pipe gets the report" is "$(jq .status "$tmp/from-pipe")" 73
ok "and stays a pipe" test -p "$tmp/pipe"
ln -s real.json "$tmp/named"
fails "$tmp/named"
ok "a link is written through" is "$(jq .status "$tmp/real.json")" 73
ok "and stays a link" test -L "$tmp/named"
ok "the report is private" is "$(stat -c %a "$tmp/real.json")" 600
ln -s /proc/self/fd/1 "$tmp/stdout"
fails "$tmp/stdout"
ok "standard output gets the report" is "$(jq .status <<<"$out")" 73
ok "by a link that stays" test -L "$tmp/stdout"
ln -s /proc/self/fd/9 "$tmp/closed"
fails "$tmp/closed"
ok "a descriptor that is not open" exits 73 "this process has no such open descriptor"
fails "$tmp/out/"
ok "a directory" exits 73 "this is a directory; name a file"
if mknod "$tmp/disk" b 7 1 2>"$tmp/mknod.err"; then
	fails "$tmp/disk"
	ok "a block device is refused" exits 73 "this is a block device"
else
	skip "a block device is refused" "devices cannot be made"
fi

# A report of a success is needed to take it back.
echo '{"status": 0, "undo": {"version": 1, "output": "local", "files": [], "sources": [], "notes": {}}}' >"$tmp/success.json"
cp "$tmp/success.json" "$tmp/success.was"
fails "$tmp/success.json"
ok "another conversion that fails" exits 73 "$tmp/out/g.xml exists" "$tmp/success.json tells of a conversion that succeeded and stays"
ok "leaves the report of a success" cmp "$tmp/success.json" "$tmp/success.was"
ok "and puts its own beside" is "$(jq .status "$tmp/success.json.failed")" 73
fails "$tmp/real.json"
ok "a report of a failure is replaced" is "$(jq .status "$tmp/real.json") $(find "$tmp" -maxdepth 1 -name '*real*' | wc -l)" "73 1"

# A worker that dies has not written its report: the supervisor does.
mkdir "$tmp/bin" "$tmp/new"
printf '#!/bin/sh\n[ "$1" != create ] || kill -SEGV $PPID\nexec %s "$@"\n' "$(command -v qemu-img)" >"$tmp/bin/qemu-img"
chmod 755 "$tmp/bin/qemu-img"
dies() { PATH=$tmp/bin:$PATH engine --output-dir "$tmp/new" --report "$1" guest.xml; }
dies "$tmp/dead.json"
ok "a worker that dies" exits 70 "was killed by signal 11"
ok "leaves a report that says so" is "$(jq -r '"\(.status) \(.guest) \(.error)"' "$tmp/dead.json")" "70 guest.xml $(sed -n 's/^v2v-engine: error: //p' <<<"$err")"
ok "with all its members" is "$(jq -c '[.storage, .output, .steps, .fired, .disks]' "$tmp/dead.json")" '["copy","local",[],[],[]]'
ok "that is private" is "$(stat -c %a "$tmp/dead.json")" 600
engine undo "$tmp/dead.json"
ok "and nothing to take back" exits 65 "a conversion that failed"
timeout 60 cat "$tmp/pipe" >"$tmp/from-pipe" &
dies "$tmp/pipe"
wait $!
ok "a pipe gets it" is "$(jq .status "$tmp/from-pipe")" 70
rm "$tmp/success.json.failed"
dies "$tmp/success.json"
ok "the report of a success stays" cmp "$tmp/success.json" "$tmp/success.was"
ok "and this one is beside it" is "$(jq .status "$tmp/success.json.failed")" 70
echo mine >"$tmp/mine"
dies "$tmp/mine"
ok "what is no report stays" is "$(cat "$tmp/mine")" mine

# So it does where the bound of memory or time of a stylesheet ends the worker.
mkdir "$tmp/tree"
cp -r "$srcdir"/{rules,lua,xslt} "$tmp/tree/"
cat >"$tmp/tree/xslt/vmx.xsl" <<'END'
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:template match="/"><xsl:call-template name="double"><xsl:with-param name="text" select="'0123456789abcdef'"/></xsl:call-template></xsl:template>
<xsl:template name="double"><xsl:param name="text"/><xsl:call-template name="double"><xsl:with-param name="text" select="concat($text, $text)"/></xsl:call-template></xsl:template>
</xsl:stylesheet>
END
printf 'config.version = "8"\nvirtualHW.version = "7"\ndisplayName = "g"\n' >g.vmx
V2V_ENGINE_DATA_DIR=$tmp/tree engine --output-dir "$tmp/new" --report "$tmp/bound.json" g.vmx
ok "a stylesheet that doubles a text without end" exits 65 "MiB of memory"
ok "leaves a report that says so" is "$(jq -r '"\(.status) \(.error)"' "$tmp/bound.json")" "65 $(sed -n 's/^v2v-engine: error: //p' <<<"$err")"

# fmt reads and writes the same file.
mkfifo "$tmp/rules.v2v"
engine fmt "$tmp/rules.v2v"
ok "fmt formats regular files only" exits 66 "this is no regular file" "- to format the standard input"

done_testing
