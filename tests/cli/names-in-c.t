#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# No knowledge of systems, hypervisors or drivers in C: every word that the rules declare
# (enums) or name as a driver is searched for in the string literals of engine/, and so is what
# looks like a path or a file of a guest. Exceptions, words of a file format or of a library's
# interface, stand in names-in-c.allowed with their reasons.
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
		sed -E 's,^ *#include.*,,' "$file" | perl -0777 -pe 's{("(?:[^"\\]|\\.)*"|\x27(?:[^\x27\\]|\\.)+\x27)|/\*.*?\*/}{$1 // ""}gse' |
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

patterns=() words=()
while read -r pattern word _; do
	[[ -z $pattern || $pattern == '#'* ]] || patterns+=("$pattern") words+=("$word")
done <"$allowed"

# is_allowed FILE WORD
is_allowed() {
	local i
	for i in "${!patterns[@]}"; do
		# shellcheck disable=SC2053 # the file's first column is a pattern
		[[ ${words[i]} == "$2" && $1 == ${patterns[i]} ]] && return 0
	done
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

# Of lines "FILE TEXT", those with a path below a directory of a system, or the name of a file that systems start from or
# are configured by: "FILE PATH".
paths() {
	perl -ne 'my ($file, $text) = split / /, $_, 2;
		while ($text =~ m{((?<![\w.%\])])/(?:etc|boot|usr|var|lib|lib64|sbin|bin|run|opt|home|root|srv)\b[\w./*-]*
			|[\w./*-]+\.(?:conf|cfg|ko|img|service|mod)\b
			|\b(?:vmlinu[xz*]|initrd|initramfs|fstab|inittab|crypttab|modprobe|modules\.[a-z]+|System\.map)(?![a-z])[\w./*-]*)}gx) {
			print "$file $1\n";
		}' | sort -u
}
find_paths() {
	local file path found=0
	while read -r file path; do
		is_allowed "$file" "$path" && continue
		echo "$file names $path"
		found=1
	done < <(paths <"$tmp/literals")
	return $found
}
ok "no C string names a path or a file of a guest" find_paths
printf '%s\n' 'a.c "the file /etc/acme.d/x y"' 'a.c "acme.conf"' 'a.c "%s/vmlinuz-%s"' 'a.c "%s/etc"' 'a.c "and/or"' >"$tmp/samples"
ok "it would find them" is "$(paths <"$tmp/samples" | tr '\n' ' ')" "a.c /etc/acme.d/x a.c acme.conf a.c vmlinuz- "

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
