#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# v2v-engine doc tells of everything that rules declare and scripts can call, of a vendor's own rules too; the pages
# of the manual are accepted by man and mandoc.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

# lists TOPIC PATTERN: each name that PATTERN finds in the rules stands in what was printed.
lists() {
	local name n=0
	for name in $(sed -nE "s/$1/\\1/p" "$srcdir"/rules/*.v2v "$srcdir"/rules/*/*.v2v | sort -u); do
		n=$((n + 1))
		grep -qE "^ *(Provider )?$name(\$|[ :,])" "$tmp/run.out" || { echo "$name is missing"; return 1; }
	done
	((n > 2)) || { echo "only $n names were looked for"; return 1; }
}

engine doc facts
ok "doc facts" exits 0
ok "lists every fact" lists '^fact ([a-z_]+) .*'
ok "every enum" lists '^enum ([a-z-]+) .*'
ok "every word that a rule file adds" lists '^name [a-z.-]+ ([A-Za-z0-9_-]+).*'
ok "every option" lists '^option ([a-z-]+) .*'
ok "who sets a field" has "$out" "Set by hyperv.source"
ok "which probe finds a fact" has "$out" "Found by the probe kernels."
ok "where it is declared" has "$out" "Declared in rules/prelude.v2v."
engine doc operations
ok "doc operations" exits 0
ok "lists every operation" lists '^operation ([a-z_]+)\(.*'
ok "every provider" lists '^provider ([a-z0-9.-]+) for .*'
ok "its conditions" has "$out" "when initramfs.tool == dracut"
ok "conflicts" has "$out" "Excludes disable_driver with the same driver, kernel."
ok "and what comes first" has "$out" "After update_bootloader, install_bootloader,"
engine doc lua
ok "doc lua" exits 0
listed=$out
calls() {
	local name n=0
	for name in $(sed -nE 's/^V2V_CALL \(([a-z0-9_]+),.*/\1/p' "$srcdir/engine/guest/calls.h"); do
		n=$((n + 1))
		has "$listed" "guest.$name (" >/dev/null || { echo "$name is missing"; return 1; }
	done
	((n > 150)) || { echo "only $n calls were looked for"; return 1; }
}
ok "lists every call" calls
ok "with optional arguments" has "$out" "guest.is_file (path[, { followsymlinks = }])"
ok "what is left of Lua" has "$out" "byte, char, find"
ok "and nothing that was taken away" hasnt "$out" "collectgarbage"
# What the prose says scripts can call, they can.
prose() {
	local name
	for name in $(sed 's/\\-/-/g' "$srcdir/doc/v2v-lua.3.in" | grep -oE 'guest\.[a-z_]+' | sort -u); do
		has "$listed" "$name (" >/dev/null || { echo "there is no $name"; return 1; }
	done
}
ok "the prose of v2v-lua(3) names no other" prose

engine doc facts os
ok "one fact" exits 0
ok "is shown" has "$out" "family: os-family (derived)"
ok "and no other" hasnt "$out" "bootloader"
engine doc facts os-family
ok "one enum" has "$out" "Arch Linux and its derivatives."
engine doc operations relabel enable_driver
ok "two operations" has "$out" "Provider setfiles-merged"
engine doc operations relable
ok "a name that is not there" exits 64 'there is no operation "relable"' "did you mean relabel?"
engine doc lua wirte
ok "a call that is not there" exits 64 'there is no function of guest "wirte"' "did you mean write?"
engine doc lua lib.text
ok "a module" exits 0
ok "is shown with its head" has "$out" "Reads and edits the guest's text files"
ok "its functions" has "$out" "read (path)"
ok "and what stands above them" has "$out" "A whole file, or nil if there is no such file."
module_functions() {
	local name
	for name in $(sed -nE 's/^function M\.([a-z_]+).*/\1/p' "$srcdir/lua/lib/text.lua"); do
		has "$out" "$name (" >/dev/null || { echo "$name is missing"; return 1; }
	done
}
ok "all of them" module_functions
ok "and no function of guest" hasnt "$out" "guest.read_file ("
engine doc lua lib.text read_file
ok "a module and a function" has "$out" "guest.read_file ("
engine doc lua lib.texd
ok "a module that is not there" exits 64 'there is no module "lib.texd"'
engine doc rules
ok "a page that is not there" exits 64 'there is no page "rules"; there are facts, operations and lua'
engine doc facts --format html
ok "a format that is not there" exits 64 "--format html: expected text, man or xml"
engine doc facts os os-family --format xml
ok "as data" exits 0
xml_is() { is "$(xmllint --xpath "string($1)" "$tmp/run.out")" "$2"; }
ok "a field has its type" xml_is "/manual/fact[@name='os']/field[@name='family']/@type" os-family
ok "and an enum its words" xml_is "/manual/enum/word[@name='arch']/doc" "Arch Linux and its derivatives."
engine doc
ok "no page" exits 64 "facts|operations|lua"

# A vendor's own declarations, with whatever texts.
mkdir -p "$tmp/vendor/rules/acme" "$tmp/vendor/lua/acme"
echo 'return { do_it = function() end }' >"$tmp/vendor/lua/acme/it.lua"
cat >"$tmp/vendor/rules/acme/acme.v2v" <<'END'
v2v-rules 1

enum acme-mood {
  "how it is"
  fine also good "all is well"
}

fact acme_thing each {
  ".TH of ACME \\fBbold\\x"
  name: string key "'quoted' -- \x1b[31mred"
  mood: acme-mood "\\(ha"
}

probe acme.things provides acme_thing {
  describe "looks for things"
  when os.type == linux
  lua "acme/it.lua" do_it()
}

operation acme_do(thing: string "which `one`") phase boot dispatch all optional {
  "does it"
  unique on (thing)
  after relabel
}

provider acme.doer for acme_do(thing) {
  describe "the doer"
  when os.type == linux and thing != "a~b^c"
  do lua "acme/it.lua" do_it(thing)
}
END
engine doc facts acme_thing acme-mood --rules-dir "$tmp/vendor"
ok "a vendor's facts are shown" has "$out" "acme_thing"
ok "with their probes" has "$out" "Found by the probe acme.things."
ok "their file" has "$out" "Declared in rules/acme/acme.v2v."
ok "their words" has "$out" "fine, also good"
ok "and nothing that a terminal would obey" has "$out" '\x1b[31mred'
engine doc operations acme_do --rules-dir "$tmp/vendor"
ok "a vendor's operations are shown" has "$out" "Which \`one\`."
ok "with who does them" has "$out" 'when os.type == linux and thing != "a~b^c"'

# A vendor's stylesheet goes before the program's own.
mkdir -p "$tmp/printer/rules" "$tmp/printer/xslt/manual"
printf '%s' '<x:stylesheet version="1.0" xmlns:x="http://www.w3.org/1999/XSL/Transform"><x:template match="/page">' \
	'<text>Pages about <x:value-of select="h2"/></text></x:template></x:stylesheet>' >"$tmp/printer/xslt/manual/text.xsl"
engine doc facts os --rules-dir "$tmp/printer"
ok "a vendor's stylesheet prints the page" is "$out" "Pages about os"
mkdir -p "$tmp/bare/rules"
cp "$srcdir/rules/prelude.v2v" "$tmp/bare/rules"
V2V_ENGINE_DATA_DIR=$tmp/bare engine doc facts os
ok "without stylesheets there is no page" exits 69 "no rule directory has the stylesheet xslt/manual/facts.xsl"

# ---- pages that man accepts ----

for topic in facts operations; do
	engine doc $topic --format man --rules-dir "$tmp/vendor"
	ok "doc $topic --format man" exits 0
	cp "$tmp/run.out" "$tmp/vendor-$topic.7"
done
pages=("$srcdir"/doc/*.[15] "$builddir"/doc/*.[37] "$tmp"/vendor-*.7)
accepted() {
	local said
	said=$("$@" 2>&1) && [[ -z $said ]] || { head -n 20 <<<"$said"; return 1; }
}
# What it says, without what it prints.
# shellcheck disable=SC2069
groff_says() { man --warnings -E UTF-8 -l -Tutf8 -Z "$1" 2>&1 >/dev/null; }
mandoc_says() { mandoc -Tlint -Wwarning "$1"; }
ok "there are five pages and two of the vendor" is "${#pages[@]}" 7
for page in "${pages[@]}"; do
	if command -v man >/dev/null && command -v groff >/dev/null; then
		ok "man accepts ${page##*/}" accepted groff_says "$page"
	else
		skip "man accepts ${page##*/}" "there is no man"
	fi
	if command -v mandoc >/dev/null; then
		ok "mandoc accepts ${page##*/}" accepted mandoc_says "$page"
	else
		skip "mandoc accepts ${page##*/}" "there is no mandoc"
	fi
done
shown() { man -l "$1" 2>/dev/null | col -b >"$tmp/shown"; grep -qF -- "$2" "$tmp/shown" || { head -n 40 "$tmp/shown"; return 1; }; }
if command -v man >/dev/null && command -v groff >/dev/null && command -v col >/dev/null; then
	ok "what looks like a request is text" shown "$tmp/vendor-facts.7" '.TH of ACME \fBbold\x'
	ok "so is what looks like a character" shown "$tmp/vendor-facts.7" '\(ha'
	ok "signs stay as they are" shown "$tmp/vendor-operations.7" 'thing != "a~b^c"'
else
	skip "what looks like a request is text" "there is no man"
fi
done_testing
