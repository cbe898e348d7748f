#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What others wrote, and what it may use: scripts, documents, names.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

# ---- scripts that never end where they are loaded ----

mkdir -p "$tmp/bomb/rules" "$tmp/bomb/lua"
cat >"$tmp/bomb/rules/aaa.v2v" <<'END'
v2v-rules 1

name os.id mylinux

provider my.remove for remove_application(name) {
  when os.id == mylinux
  do lua "own.lua" remove(name)
}
END

# bomb LUA: the script begins with it.
bomb() { printf '%s\nreturn { remove = function() end }\n' "$1" >"$tmp/bomb/lua/own.lua"; }

ENGINE_TIMEOUT=60
bomb 'string.find(string.rep("a", 40), string.rep("a-", 40) .. "b")'
engine check --rules-dir "$tmp/bomb"
ok "check ends a pattern with too many ways to match" exits 78 "lua/own.lua: loading the script" "processor time"
bomb 'table.move({}, 1, math.maxinteger - 1, 2)'
engine rules --rules-dir "$tmp/bomb"
ok "rules ends a move without end" exits 78 "lua/own.lua: loading the script" "processor time"
bomb 'string.rep("", math.maxinteger)'
engine test --rules-dir "$tmp/bomb"
ok "test ends the repetition of nothing" exits 78 "lua/own.lua: loading the script" "processor time"
bomb 'table.insert(setmetatable({}, { __len = function() return math.maxinteger - 1 end }), 1, 0)'
exec {fd}>"$tmp/events"
engine plan --progress-fd "$fd" --rules-dir "$tmp/bomb" "$tmp/none.xml"
exec {fd}>&-
ok "plan ends a list without end" exits 78 "lua/own.lua: loading the script" "processor time"
ok "the events tell it" grep -q '"event":"error".*"status":78.*processor time' "$tmp/events"
bomb 'string.rep("x", math.maxinteger)'
engine check --rules-dir "$tmp/bomb"
ok "a text that is too long is an error of the script" exits 78 "aaa.v2v:7"

# ---- names that a terminal would obey ----

# plain: nothing of the last run's output is a control character other than tab and line feed, turns the direction of writing, or
# is no UTF-8.
plain() {
	python3 - "$tmp/run.out" "$tmp/run.err" <<'END'
import sys, unicodedata
for path in sys.argv[1:]:
    text = open(path, encoding="utf-8", newline="").read()
    for c in text:
        if c not in "\t\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp"):
            sys.exit(f"{path}: U+{ord(c):04X} in {text!r}")
END
}
esc=$'\e[31m' csi=$'\u009b31m' turn=$'\u202e'

cat >"$tmp/domain.xml" <<END
<domain type="xen"><name>n</name><title>t${csi}$turn</title><memory>1048576</memory><vcpu>1</vcpu>
<os><type arch="x86_64">hvm</type></os>
<devices><disk type="file" device="disk"><driver name="qemu" type="raw"/><source file="/none/${csi}$turn"/><target dev="xvda"/></disk></devices></domain>
END
engine --print-source "$tmp/domain.xml"
ok "a domain document is printed" exits 0
ok "with nothing that a terminal obeys" plain
ok "but with the same meaning" is "$(python3 -c 'import sys, xml.etree.ElementTree as e; print(e.parse(sys.argv[1]).getroot().find("title").text)' "$tmp/run.out")" \
	"t${csi}$turn"
engine plan "$tmp/domain.xml"
ok "a disk is named that is not there" exits 66 '\x9b31m\u202e'
ok "plainly" plain

printf 'displayName = "n%s"\nguestOS = "other"\nscsi0:0.fileName = "%s.vmdk"\nscsi0.present = "TRUE"\nscsi0:0.present = "TRUE"\n' \
	"$esc$turn" "$esc" >"$tmp/guest.vmx"
engine --print-source "$tmp/guest.vmx"
ok "VMX: nothing that a terminal obeys" plain
engine plan "$tmp/guest.vmx"
ok "nor in what is wrong with it" plain

mkdir "$tmp/ova"
cat >"$tmp/ova/$esc.ovf" <<END
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
<References><File ovf:id="f" ovf:href="${csi}$turn.vmdk"/></References></Envelope>
END
printf 'SHA256(%s)= 1\n' "$esc$turn" >"$tmp/ova/$esc.mf"
tar -C "$tmp/ova" -cf "$tmp/guest.ova" "$esc.ovf" "$esc.mf"
engine plan "$tmp/guest.ova"
ok "OVA: nothing that a terminal obeys" plain

cat >"$tmp/$esc.v2v" <<END
v2v-rules 1
rule my.one {
  describe "a ${csi}$turn thing"
  when os.id == debain
  fail "\x1b[31m"
}
capture "n" {
  given os { type = linux, id = debian, name = "\x1b]0;x\x07$turn" }
}
END
engine check "$tmp/$esc.v2v"
ok "an error in a file of such a name" exits 78 '\x1b[31m.v2v'
ok "is told plainly" plain
engine check --json "$tmp/$esc.v2v"
ok "as JSON, too" plain
sed -i s/debain/debian/ "$tmp/$esc.v2v"
mkdir -p "$tmp/odd/rules"
sed '/^capture/,$d' "$tmp/$esc.v2v" >"$tmp/odd/rules/odd.v2v"
for command in rules "rules --json" graph test "doc facts"; do
	# shellcheck disable=SC2086 # words
	engine $command --rules-dir "$tmp/odd"
	ok "$command: nothing that a terminal obeys" plain
done
sed -n '/^capture/,$p' "$tmp/$esc.v2v" | sed '1i v2v-rules 1' >"$tmp/odd.capture"
for command in plan "plan --format json" "explain --facts $tmp/odd.capture rule my.one"; do
	# shellcheck disable=SC2086 # words
	engine $command --facts "$tmp/odd.capture" --rules-dir "$tmp/odd"
	ok "$command of a capture: nothing that a terminal obeys" plain
done
engine plan "$tmp/none$esc$turn$csi.xml"
ok "a guest that is not there is named plainly" exits 66 '\x1b[31m\u202e'
ok "with nothing that a terminal obeys" plain
engine "--none$esc"
ok "nor has an option" plain

# ---- work that grows with what was written ----

mkdir "$tmp/often"
truncate -s 64M "$tmp/often/disk.vmdk"
sed 's/disk1.vmdk/disk.vmdk/' "$srcdir/tests/metadata/archives/vbox.ovf" >"$tmp/often/guest.ovf"
sum=$(sha256sum <"$tmp/often/disk.vmdk")
yes "SHA256(disk.vmdk)= ${sum%% *}" | head -n 5000 >"$tmp/often/guest.mf"
engine plan "$tmp/often/guest.ovf"
ok "a manifest that repeats a line does not read the disk again" exits 65 "the file disk2.vmdk is missing"
engine plan --progress-fd 1 "$tmp/none$esc$turn$csi.xml"
ok "nor have events" plain

done_testing
