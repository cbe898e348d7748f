#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# plan and facts change nothing and say what they know in every form; a plan from a capture
# is the plan from the guest; the README's example of a new rule works as it is pasted.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

guest phony.sh phony-debian-like --spec debian-like || exit 1
guest phony.sh phony-unknown-id --spec unknown-id || exit 1
source=$made/phony-debian-like
before=$(sha256sum <"$source.img")
mkdir "$tmp/here" "$tmp/temporary" "$tmp/example"
cd "$tmp/here" || exit 1

# The README's example, as it is pasted into a shell: what stands between its fences.
awk '/^```/ { inside = !inside; text = ""; next } inside { text = text $0 "\n" } text ~ /my\/rules/ { last = text } END { printf "%s", last }' \
	"$srcdir/README.md" >"$tmp/example.sh"

# see NAME COMMAND ...: runs it, keeping what it says in $tmp/NAME.*
see() {
	local name=$1
	shift
	TMPDIR=$tmp/temporary timeout 600 "$@" >"$tmp/$name.out" 2>"$tmp/$name.err" </dev/null
	echo $? >"$tmp/$name.status"
}
example() {
	cd "$tmp/example" || return
	cp "$made/phony-unknown-id.xml" guest.xml
	v2v-engine() { "$builddir/v2v-engine" "$@"; }
	set -e
	. "$tmp/example.sh"
}
export -f example
export srcdir builddir tmp made

# Two at a time.
while read -r name command; do
	while (($(jobs -rp | wc -l) >= 2)); do wait -n; done
	# shellcheck disable=SC2086 # they are several
	see $name $command &
done <<END
plan $builddir/v2v-engine plan $source.xml
diff $builddir/v2v-engine plan --diff $source.xml
whole $builddir/v2v-engine plan --diff --verbose $source.xml
planjson $builddir/v2v-engine plan --format json $source.xml
text $builddir/v2v-engine facts $source.xml
json $builddir/v2v-engine facts --format json $source.xml
rules $builddir/v2v-engine facts --format rules $source.xml
xml $builddir/v2v-engine facts --format xml $source.xml
sent $builddir/v2v-engine facts --capture - $source.xml
example bash -c example
END
wait

# use NAME: what came of it, for the tests that follow.
use() {
	status=$(<"$tmp/$1.status") out=$(<"$tmp/$1.out") err=$(<"$tmp/$1.err")
}
matches() { grep -qE "$2" <<<"$1" || { printf 'nothing like "%s" in:\n%s\n' "$2" "$1"; return 1; }; }

refused_diff() {
	engine plan --diff "$@"
	exits 64 "--diff needs a guest"
}

# ---- plan ----
use plan
ok "plan succeeds" exits 0
ok "an operation stands with its phase and provider" matches "$out" '^configure: remap_device by provider fstab \(.*disks\.v2v:[0-9]+\)$'
ok "a request stands with its arguments" matches "$out" '^  remap_device\("/dev/xvda", "/dev/vda"\)$'
ok "and with the rule behind it" matches "$out" '^    rule disks\.rename \(.*disks\.v2v:[0-9]+\) for disk_name'
ok "the domain's change is shown" matches "$out" '^-<domain type="xen">$'
ok "as a diff" matches "$out" '^\+<domain type="kvm">$'
phases() { cut -d: -f1 | grep -E '^[a-z]+(-metadata)?$' | uniq | tr '\n' ' '; }
ok "the phases are in their order" is "$(phases <<<"$out")" "remove configure boot unconfigure-metadata configure-metadata "

use planjson
ok "plan --format json is JSON" jq -e . "$tmp/planjson.out"
ok "with the same operations in the same order" is \
	"$(jq -r '.steps[] | .phase + ": " + (.operation // ("xslt \"" + .xslt + "\""))' "$tmp/planjson.out")" \
	"$(grep -E '^[a-z-]+: ' "$tmp/plan.out" | sed -E 's/ by provider.*//')"

# ---- plan --diff ----
use diff
ok "plan --diff succeeds" exits 0
ok "what is tried is told" has "$err" "Trying the plan on a copy that is thrown away"
changed=$(sed '/^--- source/,$d' "$tmp/diff.out")
ok "what changes comes first" matches "$changed" '^configure: remap_device by provider fstab \(.*disks\.v2v:[0-9]+\)$'
ok "with the files" is "$(sed -n '/^configure: remap_device by provider fstab/{n;p}' <<<"$changed" | sort -u)" "  /etc/fstab"
ok "requests are left out" is "$(grep -cE '^    rule ' "$tmp/diff.out")" 0
unchanged_steps() { grep -E '^[a-z]+: ' "$tmp/plan.out" | grep -vxFf <(grep -E '^[a-z-]+: ' "$tmp/diff.out"); }
ok "and so are steps that change nothing" test "$(unchanged_steps | wc -l)" -gt 0
ok "files that programs write are named" is "$(sed -n '/^Files that programs of the guest write:/,$p' <<<"$out" | grep -c '^  /var/log/phony.log$')" 1
ok "an edited file is shown" matches "$out" '^\+\+\+ b/etc/fstab$'
ok "with what goes" matches "$out" '^-/dev/xvda1	/	ext4'
ok "and what comes" matches "$out" '^\+/dev/vda1	/	ext4'
ok "a file that is made is shown" is "$(grep -A1 '^--- /dev/null$' <<<"$out" | grep -c '10-v2v-eth0.link$')" 1
ok "what is no text is named" matches "$out" '^  /boot/initrd\.img-6\.1\.0-18-amd64$'
use whole
ok "--verbose has the whole plan first" is "$(head -n "$(wc -l <"$tmp/plan.out")" "$tmp/whole.out" | diff - "$tmp/plan.out" | grep -vc '^[0-9]')" 0
use diff
ok "plan --diff of a capture is refused" refused_diff --facts "$tmp/rules.out"
ok "and as JSON" refused_diff --format json "$source.xml"

# ---- facts ----
use text
ok "facts as text" matches "$out" 'debian'
use json
ok "facts as JSON" is "$(jq -r '.os.id, .disk_name[0].new, (.kernel | length)' "$tmp/json.out")" "$(printf 'debian\n/dev/vda\n2')"
use xml
ok "facts as XML" is "$(xmllint --xpath 'string(/facts/os/@id)' "$tmp/xml.out" 2>/dev/null)$(xmllint --xpath 'string(/facts/os/id)' "$tmp/xml.out" 2>/dev/null)" debian
use rules
ok "facts as rules" matches "$out" '^  given os \{ type = linux, id = debian'

use sent
ok "facts to be sent" exits 0
hasnt_private() {
	local private
	while read -r private; do
		[[ -z $private ]] || ! grep -iF -- "$private" <<<"$out" || return 1
	done < <(xmllint --xpath '//mac/@address | //name/text() | //uuid/text() | //interface/source/@*' "$source.xml" |
		sed -E 's/^ *[a-z]+="(.*)"$/\1/')
}
ok "hold nothing of the domain that is private" hasnt_private
sent=$out
engine facts --facts "$tmp/rules.out" --capture -
# What the kernel of an appliance calls a disk is another each time.
steady() { sed -E '/ given appliance_disk /s/, name = "[^"]*"//' <<<"$1"; }
ok "and are those that a capture gives" is "$(steady "$out")" "$(steady "$sent")"

# ---- from a capture ----
engine plan --facts "$tmp/rules.out"
ok "a capture is planned from without a guest" exits 0
ok "and gives the same plan" is "$out" "$(sed '/^--- source/,$d' "$tmp/plan.out" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}')"
engine plan --format json --facts "$tmp/rules.out"
ok "in JSON, too" is "$out" "$(<"$tmp/planjson.out")"
sed '/^  probed/,/^  [a-z]* /s/\bkernels, //' "$tmp/rules.out" >"$tmp/lacking.v2v"
engine plan --facts "$tmp/lacking.v2v"
ok "a capture that lacks a probe is an error that names it" exits 65 "probe kernels" "capture the facts of the guest again"
mkdir -p "$tmp/asks/rules"
cat >"$tmp/asks/rules/asks.v2v" <<'END'
v2v-rules 1

rule asks.path {
  describe "looks at a file that no other rule looks at"
  some file { path == "/etc/never-asked" }
  warn "it is there"
}
END
engine plan --rules-dir "$tmp/asks" --facts "$tmp/rules.out"
ok "a path that the capture does not know is an error that names it" exits 65 "/etc/never-asked" "asks.v2v:5"
sed '/^capture/a \  given with { label = "rhel5.i386.kernel", distro = rhel, major = 5, arch = i386, application = "kernel", file = "/tmp/k.rpm" }' \
	"$tmp/rules.out" >"$tmp/unused.v2v"
engine plan --facts "$tmp/unused.v2v"
ok "a package that no rule uses is an error with what it is for, and what the guest is" exits 65 "--with rhel5.i386.kernel=/tmp/k.rpm" \
	"labelled distro rhel, major 5, minor (unset), arch i386, application kernel" "the guest is distro debian, major 12"
echo 'capture "x" { given oss { id = debian } }' >"$tmp/wrong.v2v"
engine plan --facts "$tmp/wrong.v2v"
ok "what is no capture is an error with its place" exits 78 "wrong.v2v:1"
engine plan --facts "$tmp/nowhere.v2v"
ok "a capture that does not exist" exits 66 "$tmp/nowhere.v2v"

# ---- nothing is changed ----
ok "the source is as it was" is "$(sha256sum <"$source.img")" "$before"
ok "no file is made" is "$(find "$tmp/here" "$tmp/temporary" -mindepth 1)" ""

# ---- the README's example ----
use example
ok "the example works as it is pasted" exits 0
ok "its rules are examined" has "$err" "no errors"
ok "its test passes" matches "$out" '^ok .*My Linux is of the Debian family'
ok "a guest with that system is converted" test -s "$tmp/example/phony-unknown-id-sda"
ok "and named" is "$(tail -n 1 <<<"$out")" "$tmp/example/phony-unknown-id.xml"

done_testing
