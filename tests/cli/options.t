#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The command line: choices, owners of options, usage errors, help.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

engine --version
from_configure() { sed -n "s/^$1, \[\(.*\)\])/\1/p" "$srcdir/configure.ac"; }
ok "--version" is "$out" "v2v-engine $(from_configure 'AC_INIT(\[v2v-engine\]')
interface of rules: $(from_configure 'm4_define(\[v2v_rules_language\]').$(from_configure 'm4_define(\[v2v_rules_interface\]')"

engine --help
ok "--help succeeds" exits 0
ok "--help shows options of the storage" has "$out" "Options of storage copy:"
ok "--help shows options of the output" has "$out" "--output-dir"
ok "--help shows options of rule files" has "$out" "--no-virtio"
engine --help --storage snapshot
ok "--help follows the chosen storage" has "$out" "--snapshot-dir"

engine
ok "no guest is a usage error" exits 64 "expected: v2v-engine convert OPTIONS GUEST [NAME]"
engine guest.xml --storag copy
ok "a misspelt option gets a suggestion" exits 64 "there is no option --storag" "did you mean --storage?"
engine guest.xml --storage tape
ok "an unknown storage lists those known" exits 64 "--storage tape" "copy"
engine guest.xml --snapshot-dir /tmp
ok "an option of something not chosen says so" exits 64 "--snapshot-dir belongs to --storage snapshot" "which was not chosen"
engine check --storage copy
ok "an option of a conversion is none of check's" exits 64 "--storage"
engine guest.xml --storage in-place --output local --output-dir /tmp --output-format raw
ok "an option of another storage" exits 64 "--output-format belongs to --storage copy"
engine guest.xml --storage snapshot --output null
ok "storage and output that do not go together" exits 64 "--storage snapshot does not go with --output null" "local"
engine guest.xml --target vax
ok "an unknown target" exits 64 "--target vax" "kvm"
engine plan guest.xml --report a
ok "an option of another command" exits 64 "--report belongs to the command convert" "plan"
engine --rules-dir "$tmp" check extra --report a
ok "options before the command" exits 64 "but the command is check"
engine --rules-dir="$tmp" --quiet check --report a
ok "with = and without a value, too" exits 64 "but the command is check"
engine --storage plan guest.xml
ok "a value is no command" exits 64 "--storage plan: there is no such storage"
engine --no-virtio plan /nonexistent/guest.xml
ok "a command that is overlooked converts nothing" exits 64 "plan stands behind an option of rule files" "the first word"
engine --no-virtio convert /nonexistent/guest.xml
ok "convert is meant anyway" exits 66 "/nonexistent/guest.xml"
engine convert --source libvirtxml plan
ok "a guest that is called like a command is looked for" exits 66 "error: plan: "
engine guest.xml --report /nonexistent/report.json
ok "a report that cannot be written is refused first" exits 73 "--report /nonexistent/report.json"
engine guest.xml --verify --verify-timeout soon
ok "how long verify waits is looked at first" exits 64 "--verify-timeout soon: expected a number"
engine guest.xml --verify --verify-memory 1
ok "so is the memory that it gives" exits 64 "--verify-memory 1: expected a number of at least 64"
engine guest.xml --verify --verify-dir /nonexistent
ok "and where it keeps what it sees" exits 73 "/nonexistent: No such file or directory"
engine guest.xml --report a --report b
ok "an option given twice" exits 64 "--report was given twice"
engine guest.xml --initramfs sideways
ok "a rule's option with a wrong word" exits 64 "--initramfs sideways: expected one of"
engine guest.xml --quiet --verbose
ok "contradicting options" exits 64 "--quiet and --verbose"
engine guest.xml --progress-fd 77
ok "a descriptor that is not open" exits 64 "--progress-fd 77"
engine guest.xml --provider nothing
ok "--provider without =" exits 64 "--provider nothing" "OPERATION=NAME"
engine /nonexistent/guest.xml
ok "a guest that does not exist" exits 66 "/nonexistent/guest.xml"
engine convert a b c
ok "too many words" exits 64 "GUEST [NAME]"
engine guest.xml --with
ok "an option without its value" exits 64 "--with"

# Every option that --help shows, whatever is chosen, stands in the manual page.
choices() { "$builddir/v2v-engine" --help 2>/dev/null | grep -oE -- "--$1 [a-z|-]+" | tail -n 1 | cut -d' ' -f2 | tr '|' '\n'; }
shown() {
	local kind name command
	for kind in source storage output; do
		for name in $(choices $kind); do
			# A storage that does not go with the default output is shown with another.
			"$builddir/v2v-engine" --help --$kind "$name" || "$builddir/v2v-engine" --help --$kind "$name" --storage copy ||
				"$builddir/v2v-engine" --help --$kind "$name" --storage in-place
		done
	done 2>/dev/null
	for command in $("$builddir/v2v-engine" --help 2>/dev/null | sed -n 's/^  v2v-engine \[*\([a-z-]*\).*/\1/p'); do
		"$builddir/v2v-engine" "$command" --help
	done 2>/dev/null
}
documented() {
	local option missing=0
	sed 's/\\-/-/g' "$srcdir/doc/v2v-engine.1" >"$tmp/manual"
	shown | grep -oE '^ +--[a-z-]+' | tr -d ' ' | sort -u >"$tmp/shown"
	(($(wc -l <"$tmp/shown") > 30)) || { echo "few options are shown"; return 1; }
	while read -r option; do
		grep -qE -- "(^|[^a-z-])$option([^a-z-]|\$)" "$tmp/manual" || { echo "$option"; missing=1; }
	done <"$tmp/shown"
	return $missing
}
status=0 out='' err=''
ok "every source can be chosen" is "$(choices source | head -n 1)" libvirtxml
ok "every option stands in the manual page" documented

done_testing
