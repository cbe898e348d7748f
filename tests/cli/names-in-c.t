#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# No knowledge of systems, hypervisors or drivers in C: every word that the rules declare
# (enums) or name as a driver is searched for in the string literals of engine/.
# Exceptions, words of a file format or of a library's interface, stand in
# names-in-c.allowed with their reasons.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

# Every declared word: those of enums in the shipped rules ...
words() {
	sed 's/#.*//; s/"[^"]*"//g' "$srcdir"/rules/*.v2v "$srcdir"/rules/*/*.v2v | tr '\n' ' ' | sed -E 's/\bprivate name\b//g' |
		grep -oE '\b(enum +[a-z-]+ *\{[^}]*\}|enum *\([^)]*\)|name +[a-z.-]+ +[A-Za-z0-9_-]+)' |
		sed -E 's/^enum +[a-z-]+ *//; s/^enum//; s/^name +[a-z.-]+//; s/\balso\b//g' |
		grep -oE '[A-Za-z0-9_][A-Za-z0-9_-]*'
	# ... and every driver.
	sed 's/#.*//' "$srcdir"/rules/*.v2v "$srcdir"/rules/*/*.v2v |
		grep -E '(en|dis)able_driver\(|needed_driver|unneeded_driver|kernel_module' | grep -oE '"[a-z0-9_]+"' | tr -d '"'
}

# String literals of C, one a line, as "FILE TEXT"; #include lines and comments are none.
literals() {
	local file
	for file in "$srcdir"/engine/*/*.[ch]; do
		sed -E 's,^ *#include.*,,' "$file" | perl -0777 -pe 's,/\*.*?\*/,,gs' |
			grep -oE '"([^"\\]|\\.)*"' | sed "s,^,${file#"$srcdir"/} ,"
	done
}

# The allowed: lines "FILE WORD reason"; FILE is a shell pattern.
allowed=$srcdir/tests/cli/names-in-c.allowed

literals >"$tmp/literals"
words | sort -u >"$tmp/words"
status=0 out='' err=''
ok "there are words to search for" test "$(wc -l <"$tmp/words")" -gt 60
ok "there are literals to search" test "$(wc -l <"$tmp/literals")" -gt 500

# is_allowed FILE WORD
is_allowed() {
	local pattern word rest
	while read -r pattern word rest; do
		# shellcheck disable=SC2053 # the file's first column is a pattern
		[[ $word == "$2" && $1 == $pattern ]] && return 0
	done <"$allowed"
	return 1
}

find_names() {
	local word found=0 file text
	# Words of the language that are also plain English or C are looked for all the same.
	grep -nFwif "$tmp/words" "$tmp/literals" >"$tmp/hits" || return 0
	while IFS= read -r line; do
		file=${line#*:}
		file=${file%% *}
		text=${line#* }
		while IFS= read -r word; do
			is_allowed "$file" "$word" && continue
			echo "$file: $text names $word"
			found=1
		done < <(grep -oFwif "$tmp/words" <<<"$text" | tr 'A-Z' 'a-z' | sort -u)
	done <"$tmp/hits"
	return $found
}
ok "no C string names a system, a hypervisor or a driver" find_names

unused() {
	local pattern word rest file bad=0
	while read -r pattern word rest; do
		[[ -z $pattern || $pattern == '#'* ]] && continue
		[[ -n $rest ]] || { echo "$pattern $word has no reason"; bad=1; }
		while read -r file; do
			# shellcheck disable=SC2053
			[[ ${file%% *} == $pattern ]] && continue 2
		done < <(grep -Fwi "$word" "$tmp/literals")
		echo "$pattern does not name $word"
		bad=1
	done <"$allowed"
	return $bad
}
ok "every exception has a reason and is needed" unused
done_testing
