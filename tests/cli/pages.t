#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The pages of doc/ do what they say. Each block of a page is run, in order, in a directory that was empty:
#
#   ```sh         commands; they succeed, and nothing warns
#   ```console    lines after "$ " are commands ("> " goes on); what they print, warnings and errors included, is what
#                 stands below. A line ... stands for any lines, and ... in a line for any text
#   ```sh guest   commands that need a guest of the reader's. There is none here, and that is all that is wrong
#                 with them (66): they are parsed, and their options exist
#
# Any other block is an error, as is a rule file that is not formatted.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

mkdir "$tmp/bin"
printf '#!/bin/sh\nexec timeout 120 "%s" "$@"\n' "$builddir/v2v-engine" >"$tmp/bin/v2v-engine"
chmod 755 "$tmp/bin/v2v-engine"
PATH=$tmp/bin:$PATH
# Where packages are put together.
export DESTDIR=$tmp/root

# cut FILE DIR: each block of a page as DIR/NUMBER.LINE.KIND.
cut_page() {
	awk -v dir="$2" '
		!inside && /^```/ {
			inside = 1
			kind = substr($0, 4)
			gsub(/ /, "-", kind)
			file = sprintf("%s/%03d.%d.%s", dir, ++number, NR, kind == "" ? "none" : kind)
			printf "" >file
			next
		}
		inside && /^```$/ { inside = 0; close(file); next }
		inside { print >>file }
		END { if (inside) print "not closed" >(dir "/999.0.none") }' "$1"
}

run_sh() {
	sh -e "$1" >"$tmp/said" 2>&1 </dev/null || { echo "failed:"; cat "$tmp/said"; return 1; }
	! grep -E '(^|: )warning(: |\[)' "$tmp/said"
}

# fits FILE: $tmp/said is what FILE says it is.
fits() {
	perl -0777 -e '
		my ($expected, $said) = map { local @ARGV = ($_); <> // "" } @ARGV;
		my $pattern = quotemeta $expected;
		$pattern =~ s/^\\\.\\\.\\\.(\\\n|\n|\z)/(?:.*\\n)*?/gm;
		$pattern =~ s/\\\.\\\.\\\./.*?/g;
		exit($said =~ /\A$pattern\z/ ? 0 : 1)' "$1" "$tmp/said" && return
	diff -u --label "as the page says" --label "as it is" "$1" "$tmp/said"
	return 1
}

run_console() {
	local line command='' text='' failed=0
	while IFS= read -r line || [[ $line ]]; do
		if [[ $line == '$ '* ]]; then
			[[ ! $command ]] || finish_command || failed=1
			command=${line:2} text=''
		elif [[ $line == '> '* && ! $text ]]; then
			command+=$'\n'${line:2}
		else
			text+=$line$'\n'
		fi
	done <"$1"
	[[ $command ]] || { echo "no line begins with \$"; return 1; }
	finish_command || failed=1
	return $failed
}
finish_command() {
	if [[ $command == xsltproc* ]] && ! command -v xsltproc >/dev/null; then return 0; fi
	sh -c "$command" >"$tmp/said" 2>&1 </dev/null
	printf '%s' "$text" >"$tmp/expected"
	fits "$tmp/expected" || { echo "\$ $command"; return 1; }
}

run_sh_guest() {
	local line command=''
	rm -rf "$tmp/guest"
	cp -R . "$tmp/guest"
	while IFS= read -r line; do
		command+=${line%\\}
		[[ $line != *\\ ]] || continue
		case $command in
		'v2v-engine '*)
			(cd "$tmp/guest" && sh -c "$command" >"$tmp/said" 2>&1 </dev/null)
			[[ $? == 66 ]] || { echo "$command: not status 66:"; cat "$tmp/said"; return 1; }
			;;
		'virsh '* | '#'* | '') ;;
		*) echo "$command: what is this?"; return 1 ;;
		esac
		command=''
	done <"$1"
}

run_block() {
	case ${1##*.} in
	sh) run_sh "$1" ;;
	console) run_console "$1" ;;
	sh-guest) run_sh_guest "$1" ;;
	*) echo "a block that is not run: \`\`\`$(sed 's/^none$//; s/-/ /g' <<<"${1##*.}")"; return 1 ;;
	esac
}

formatted() {
	local files
	mapfile -t files < <(find . -type f -name '*.v2v')
	((${#files[@]} == 0)) || v2v-engine fmt --check "${files[@]}"
}

# page FILE: a result a block.
page() {
	local name=${1#"$srcdir"/} block
	rm -rf "$tmp/blocks" "$tmp/here" "$DESTDIR"
	mkdir "$tmp/blocks" "$tmp/here" "$DESTDIR"
	cut_page "$1" "$tmp/blocks"
	cd "$tmp/here" || exit 1
	for block in "$tmp/blocks"/*; do
		[[ -e $block ]] || break
		line=$(basename "$block" | cut -d. -f2)
		ok "$name:$line" run_block "$block"
	done
	ok "$name: its rule files are formatted" formatted
	case $name in
	doc/tutorial.md) ok "$name: its script works, and twice is once" script my acme.agent <<'END' ;;
run("set_platform", "kvm")
same("/etc/acme/agent.conf", "a=1\nplatform=kvm\nb=2\n")
END
	doc/cookbook.md)
		ok "$name: its script works, and twice is once" script first site.first <<'END'
run("register")
assert(guest.read_file("/var/lib/v2v-engine/site-register"):find("inventory.example", 1, true))
END
		ok "$name: the one for modules, too" script load site.modules <<'END' ;;
run("load", "vmw_vsock_virtio_transport")
same("/etc/modules-load.d/vmw_vsock_virtio_transport.conf", "vmw_vsock_virtio_transport\n")
END
	doc/adding-a-guest.md) ok "$name: its script works, and twice is once" script my phony.phonyramfs <<'END' ;;
run("enable", { { driver = "virtio_blk", kernel = "6.1" }, { driver = "ext4", kernel = "6.1" } })
same("/etc/phonyramfs.conf", "module ext4\nmodule virtio_blk\n")
END
	esac
}

# script TREE MODULE: runs the script with a guest that is a table of files, as standard input says: run(FUNCTION, ...) calls
# it twice.
script() {
	lua5.4 - "$srcdir" "$1" "$2" 4<&0 <<'END'
local srcdir, tree, name = arg[1], arg[2], arg[3]
package.path = table.concat({ tree .. "/lua/?.lua", srcdir .. "/lua/?.lua", srcdir .. "/tests/lua/?.lua" }, ";")
local files = { ["/etc/acme/agent.conf"] = "a=1\nplatform=xen\nb=2\nplatform=xen\n", ["/etc/phonyramfs.conf"] = "module ext4\n" }
local fake = require("fake").setup(files, {}, {}, {})
guest.read_file = guest.read_file or function(path) return files[path] end
local module = require(name)
function run(what, ...)
  module[what](...)
  local changes = fake.changes
  assert(changes > 0, "nothing was changed")
  module[what](...)
  assert(fake.changes == changes, "the second time something was changed")
end
function same(path, text) assert(files[path] == text, files[path]) end
assert(loadfile("/dev/fd/4"))()
END
}

status=0 out='' err=''

# Each way in which a page can be wrong is noticed.
wrong() {
	local title=$1
	printf '%s\n' "${@:2}" >"$tmp/wrong.md"
	(tests_run=0; page "$tmp/wrong.md") >"$tmp/wrong.out"
	cd "$tmp" || exit 1
	ok "noticed: $title" grep -q '^not ok' "$tmp/wrong.out"
}
wrong "a command that fails" '```sh' 'false' '```'
wrong "a warning" '```sh' 'echo warning: of this' '```'
wrong "other output" '```console' '$ echo one' 'two' '```'
wrong "more output" '```console' '$ printf "one\ntwo\n"' 'one' '```'
wrong "less output" '```console' '$ echo one' 'one' 'two' '```'
wrong "the first of two commands" '```console' '$ echo one' 'two' '$ echo one' 'one' '```'
wrong "a block without a kind" '```' 'true' '```'
wrong "a block of another kind" '```lua' 'return {}' '```'
wrong "a block that is not closed" '```sh' 'true'
wrong "an option that is not there" '```sh guest' 'v2v-engine --no-such-option guest.xml' '```'
wrong "a rule file that is not formatted" '```sh' 'printf "v2v-rules 1\nname   os-id x\n" >x.v2v' '```'

for file in "$srcdir"/doc/*.md "$srcdir"/doc/*/*.md; do
	# Other tests see to these: hypervisors.t, explain.t, packaging.t, capture.t, and for what a later interface could
	# declare, tests/unit/test-manual.c.
	case ${file##*/} in hypervisors.md | explain.md | packaging.md | reporting.md | interface.md) continue ;; esac
	! grep -q '^```' "$file" || page "$file"
done

# ---- the examples of README.md ----

# Its commands are programs of the tests, or need a guest; the new rule is pasted by tests/convert/plan.t.
cd "$tmp" || exit 1
rm -rf "$tmp/blocks" "$tmp/here"
mkdir "$tmp/blocks" "$tmp/here"
cut_page "$srcdir/README.md" "$tmp/blocks"
cd "$tmp/here" || exit 1
readme() {
	local program
	case ${1##*.} in
	sh)
		if grep -q 'my/rules' "$1"; then return; fi
		program=$(cut -d' ' -f1 "$1")
		[[ $program == tests/* && -x $srcdir/$program ]] || { echo "a block that is not run"; return 1; }
		;;
	*) run_block "$1" ;;
	esac
}
for block in "$tmp/blocks"/*; do
	ok "README.md:$(basename "$block" | cut -d. -f2)" readme "$block"
done

# ---- the examples of manuals ----

# examples PAGE: its blocks between .EX and .EE as $tmp/examples/NUMBER, as man shows them.
examples() {
	rm -rf "$tmp/examples"
	mkdir "$tmp/examples"
	awk -v dir="$tmp/examples" '
		/^\.EE/ { inside = 0 }
		inside { print >file }
		/^\.EX/ { inside = 1; file = dir "/" ++number }' "$srcdir/doc/$1"
	sed -i 's/\\-/-/g; s/\\e/\\/g; s/\\(dq/"/g; s/\\&//g' "$tmp"/examples/*
}

examples v2v-engine.1
rm -rf "$tmp/here"
mkdir "$tmp/here"
cd "$tmp/here" || exit 1
qemu-img create -q -f qcow2 root.qcow2 1M
for block in "$tmp"/examples/*; do
	sed -i 's|xen:///system guest|test:///default no-such-guest|' "$block"
	ok "v2v-engine.1: example ${block##*/}" run_sh_guest "$block"
done

# A script and the rules that call it: what v2v-rules(5) shows, tests/unit/test-manual loads.
examples v2v-lua.3.in
mkdir -p my/rules my/lua/example
grep -l 'M.greet' "$tmp"/examples/* | head -n 1 | xargs -I{} cp {} my/lua/example/motd.lua
grep -l '^v2v-rules' "$tmp"/examples/* | xargs -I{} cp {} my/rules/example.v2v
engine check --rules-dir my
ok "v2v-lua(3): its example is accepted" exits 0
hasnt_warning() { hasnt "$err" "warning["; }
ok "without a warning" hasnt_warning
ok "and formatted" formatted
pieces() {
	local block
	for block in "$tmp"/examples/*; do
		grep -q '^v2v-rules' "$block" && continue
		# Dots stand for what is left out; a table alone is a value.
		sed 's/, \.\.\. }/ }/; s/ \.\.\. / /; s/^{/return {/' "$block" >"$tmp/piece.lua"
		luac -p "$tmp/piece.lua" || return 1
	done
}
if command -v luac >/dev/null; then ok "all its pieces are Lua" pieces; else skip "all its pieces are Lua" "there is no luac"; fi
done_testing
