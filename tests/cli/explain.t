#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# explain, why-not and graph, on small rules and on the shipped ones. What they print is compared
# whole: each *.session in explain/ holds commands ("$ ...") with what they print, lines of standard
# error after "! ", and the exit status if it is not 0. What they print now is added to the file
# V2V_SESSION_OUT, if that is set, to be looked at and taken over.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1
here=$srcdir/tests/cli/explain

# A capture of a guest that was given no probe: all that the shipped rules can ask of it is known.
shipped_capture() {
	local rules=("$srcdir"/rules/*.v2v "$srcdir"/rules/*/*.v2v)

	printf 'v2v-rules 1\ncapture "old" {\n'
	cat "$here/guest.facts"
	sed -nE 's/^probe ([a-z_.-]+) .*/  probed \1/p' "${rules[@]}"
	sed -nE 's/^fact ([a-z_]+) .*/  known \1/p' "${rules[@]}"
	sed 's/#.*//' "${rules[@]}" | grep -oE '"/[^"]*"' | sort -u | sed 's/^/  asked /'
	echo '}'
}

# What a command printed, without what differs from place to place.
shown() {
	{
		printf '%s' "${out:+$out$'\n'}"
		[[ -z $err ]] || sed 's/^/! /' <<<"$err"
		((status == 0)) || echo "status $status"
	} | sed "s,$srcdir/,,g; s,$tmp/,,g"
}

# session FILE [FILTER ...]: runs the commands of FILE, whose output goes through FILTER.
session() {
	local file=$1 line command='' expected=''
	shift
	local filter=("${@:-cat}")

	one() {
		local words
		[[ $command ]] || return 0
		eval "words=($command)"
		engine "${words[@]}"
		got=$(shown | "${filter[@]}")
		ok "${file##*/}: $command" is "$got" "${expected%$'\n'}"
		! [[ ${V2V_SESSION_OUT:-} ]] || printf '$ %s\n%s\n' "$command" "$got" >>"$V2V_SESSION_OUT"
	}
	while IFS= read -r line; do
		if [[ $line == '$ '* ]]; then
			one
			command=${line#'$ '} expected=''
		else
			expected+=$line$'\n'
		fi
	done <"$file"
	one
}

shipped_capture >"$tmp/old.facts"
cp "$here/small.facts" "$tmp/small.facts"
mkdir -p "$tmp/hide/rules" "$tmp/off/rules"
printf 'v2v-rules 1\n' >"$tmp/hide/rules/rules.v2v"
ln -s /dev/null "$tmp/off/rules/rules.v2v"
cd "$tmp" || exit 1

V2V_ENGINE_DATA_DIR=$here/small session "$here/small.session"
# Other tests are about the shipped rules; where in their files they stand may change.
session "$here/shipped.session" sed -E 's/\.v2v:[0-9]+/.v2v/g'

# The whole plan of a real guest is explained: every request of the plan, by name.
engine plan --facts old.facts
planned=$(grep -E '^  [a-z_]+\(' <<<"$out" | sort -u)
engine explain --facts old.facts
ok "each request of the plan is explained" is "$(grep -oE '^[a-z_]+\(.*\)' <<<"$out" | sort -u | sed 's/^/  /')" "$planned"
ok "and there are many" test "$(wc -l <<<"$planned")" -gt 10

# What the command line says beside a capture counts as it does for plan.
engine explain --facts old.facts target.disk-bus --no-virtio
ok "explain takes the options of rules" has "$out" "target.disk-bus is ide"
engine why-not kvm.virtio --facts old.facts --no-virtio
ok "so does why-not" grep -qE '^rule kvm\.virtio \(.*\) did not fire' <<<"$out"
engine graph --facts old.facts --no-virtio --rule kvm.no-virtio
with=$out
engine graph --facts old.facts --rule kvm.no-virtio
ok "and graph" test "$out" != "$with"

# JSON says the same, as a tree.
export V2V_ENGINE_DATA_DIR=$here/small
texts() { jq -r '.. | objects | .text // empty'; }
for command in "explain --facts small.facts" "why-not family.grade --facts small.facts"; do
	# shellcheck disable=SC2086
	engine $command
	plain=$(sed 's/^ *//; /^$/d' <<<"$out")
	# shellcheck disable=SC2086
	engine $command --json
	ok "$command --json has the same text" is "$(texts <<<"$out")" "$plain"
done
ok "a condition says whether it holds" is "$(jq -c '[.. | objects | select(.kind == "condition") | .holds] | unique' <<<"$out")" '[false,true]'
ok "the rule says whether it fired, and where it stands" is "$(jq -c '.because[0] | [.name, .fired, .times, (.line > 1)]' <<<"$out")" '["family.grade",false,0,true]'

# Lines fit on a terminal, and stay whole for other programs.
on_terminal() { script -qec "stty cols $1; '$builddir/v2v-engine' explain --facts small.facts" /dev/null | tr -d '\r'; }
longest() { awk '{ if (length > most) most = length } END { print most }'; }
long=$("$builddir/v2v-engine" explain --facts small.facts | longest)
ok "lines for other programs are whole" test "$long" -gt 120
for columns in 80 120; do
	text=$(on_terminal $columns)
	# A path cannot be broken.
	wide=$(grep -E ".{$((columns + 1))}" <<<"$text" | grep -vE '^ *[^ ]+$' | grep -vcE '^ *(provider|rule) [^ ]+$')
	ok "lines fit on $columns columns" test "$wide" = 0
	ok "and say the same on $columns columns" is "$(tr -s ' \n' '  ' <<<"$text")" \
		"$("$builddir/v2v-engine" explain --facts small.facts | tr -s ' \n' '  ')"
done

# Names from rule files are text to Graphviz.
mkdir -p "$tmp/odd/rules" "$tmp/odd/lua"
cp "$here/small/rules/prelude.v2v" "$tmp/odd/rules/"
printf 'return { run = function() end }\n' | tee "$tmp/odd/lua/a\"];b&lt;c>.lua" >"$tmp/odd/lua/x.lua"
cat >"$tmp/odd/rules/odd.v2v" <<'END'
v2v-rules 1
rule odd {
  describe "a \"b\" \\N <i>&amp;</i> \x1b[31m"
  when os.type == linux
  do lua "a\"];b&lt;c>.lua" run() in boot
}
END
export V2V_ENGINE_DATA_DIR=$tmp/odd
engine graph
ok "odd names are quoted" has "$out" 'label="lua a\"];b&amp;lt;c>.lua"'
ok "so are descriptions" has "$out" 'tooltip="a \"b\" \\N <i>&amp;amp;</i> \\x1b[31m"'
engine graph --format svg
ok "and drawn" exits 0
printf '%s' "$out" >"$tmp/odd.svg"
ok "the picture is XML" xmllint --nonet --noout "$tmp/odd.svg"
# shellcheck disable=SC2016
ok "with the name as it is" is "$(xmllint --nonet --xpath 'string(//*[local-name()="text"][contains(., "lua")])' "$tmp/odd.svg" | tr '\302\240' '  ' | tr -s ' ')" 'lua a"];b&lt;c>.lua'
mkdir "$tmp/empty"
run env PATH="$tmp/empty" "$builddir/v2v-engine" graph --format svg
ok "without dot, the package that has it is named" exits 69 "the program dot is missing" "install the package graphviz"

# A misspelt name is told before anything of a guest is read, missing though it is.
export V2V_ENGINE_DATA_DIR=$here/small
engine why-not helt "$tmp/none.xml"
ok "why-not looks at the name first" exits 64 "did you mean held?"
engine explain "$tmp/none.xml" os.familly
ok "so does explain" exits 64 "did you mean os.family?"
engine graph --rule helt "$tmp/none.xml"
ok "and graph" exits 64 "did you mean held?"
engine why-not held "$tmp/none.xml"
ok "then comes the guest, the second word" exits 66 "none.xml"

# The graph of all shipped rules, and what is near one of them.
export V2V_ENGINE_DATA_DIR=$srcdir
engine graph --facts "$tmp/old.facts"
boxes() { grep -c 'shape=box' <<<"$out"; }
count=$(engine check; grep -oE '[0-9]+ rules' <<<"$err")
ok "every rule is in the graph" is "$(boxes) rules" "$count"
engine plan --facts "$tmp/old.facts" --format json
fired=$(jq -r '.fired[].name' <<<"$out" | sort)
engine graph --facts "$tmp/old.facts"
ok "those that fired are coloured" is "$(grep 'shape=box, style=filled' <<<"$out" | grep -oE 'label="[^"]*"' | cut -d'"' -f2 | sort)" "$fired"
engine graph
ok "without a guest none is" hasnt "$out" filled
all=$(boxes)
engine graph --rule kernel.usable --depth 2
ok "a neighbourhood is smaller" test "$(boxes)" -lt "$all"
two=$(boxes)
engine graph --rule kernel.usable
ok "and smaller nearer" test "$(boxes)" -lt "$two"

# The page shows what is printed now; lines are broken and places shortened there.
page() {
	awk '/^```console$/ { inside = 1; next } /^```$/ { if (inside) print "$ end"; inside = 0 } inside' "$srcdir/doc/explain.md"
}
same_text() { sed -E 's/\.v2v:[0-9]+/.v2v/g' <<<"$1" | tr -s ' \n' ' ' | sed 's/ $//'; }
cd "$tmp" || exit 1
shown_commands=0
command='' expected=''
while IFS= read -r line; do
	if [[ $line == '$ '* ]]; then
		if [[ $command == v2v-engine* ]]; then
			eval "words=(${command#v2v-engine })"
			engine "${words[@]}"
			got=$(shown | sed 's,rules/,/usr/share/v2v-engine/rules/,g')
			ok "doc/explain.md: $command" is "$(same_text "$got")" "$(same_text "$expected")"
			shown_commands=$((shown_commands + 1))
		fi
		command=${line#'$ '} expected=''
	else
		expected+=$line$'\n'
	fi
done < <(page)
ok "the page shows commands" test "$shown_commands" -ge 3
done_testing
