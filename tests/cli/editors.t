#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The files for editors know every keyword, type, phase and origin of the language and no other; vim's syntax and
# settings are really loaded by vim, the regular expressions of the grammar by Oniguruma, which jq uses.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1
status=0 out='' err=''

vim_files=$srcdir/editors/vim
grammar=$srcdir/editors/vscode/syntaxes/v2v.tmLanguage.json

# The words of the language, from the tables of its parser and checker. In the parser every text of one word is one.
words() { perl -ne 's|/\*.*?\*/||g; print "$1\n" while /"([a-z][a-z0-9-]*)"/g' "$srcdir"/engine/syntax/parse*.c | sort -u; }
types() { perl -ne 'print "$1\n" if /^ *return "([a-z-]+)";/ && $in; $in = 1 if /^v2v_type_name/' "$srcdir/engine/facts/value.c" | grep -v '^unknown$'; }
origins() { sed -n 's/^    {"\([a-z-]*\)", V2V_ORIGIN_.*/\1/p' "$srcdir/engine/check/check-schema.c"; }
phases() { perl -0ne 'print "$1\n" if /phase_names\[.*?\] = \{(.*?)\}/s' "$srcdir/engine/lang/text.c" | grep -oE '[a-z-]+'; }
all_words() { { words; types; origins; phases; } | sort -u; }
ok "the tables are found" test "$(words | wc -l)" -gt 60 -a "$(types | wc -l)" = 8 -a "$(phases | wc -l)" = 6 -a "$(origins | wc -l)" -ge 10

# A file with each of them where it means something: one test file has all words of the grammar.
{
	cat "$srcdir/tests/rules/format/everything.expect"
	origins | sed 's/.*/fact x_& from & { }/'
	echo "fact types {"
	types | sed 's/.*/  x_&: &/'
	echo "}"
	echo 'let y = a.b is unset or c.d == false'
	phases | sed 's/.*/operation x_&() phase &/'
} >"$tmp/all.v2v"
cat >"$tmp/sample.v2v" <<'SAMPLE'
v2v-rules 1
# a comment, with "rule" in it
override rule a.b was c {
  describe "some {os.id} \x41 # text"
  when name == rule and not os.type in [linux, 5]
  each package as p { name ~ "x*" and key is set }
  do enable_driver("virtio", p.version)
}
SAMPLE

# ---- vim ----

# LINE COLUMN WORD GROUP of every word of a file.
cat >"$tmp/dump.vim" <<'DUMP'
let s:all = []
for s:line in range(1, line('$'))
  let s:at = 0
  while 1
    let [s:word, s:begin, s:end] = matchstrpos(getline(s:line), '[A-Za-z0-9_-]\+\|[^A-Za-z0-9_ -]', s:at)
    if s:begin < 0
      break
    endif
    call add(s:all, s:line . ' ' . (s:begin + 1) . ' ' . s:word . ' ' . synIDattr(synID(s:line, s:begin + 1, 1), 'name'))
    let s:at = s:end
  endwhile
endfor
call writefile(s:all, $DUMP)
call writefile([&filetype, &commentstring, &formatprg, &makeprg, v:errmsg], $DUMP . '.settings')
DUMP
in_vim() {
	DUMP=$1 timeout 60 vim -es -N -u NONE -i NONE --cmd "set rtp^=$vim_files" -c 'filetype plugin on' -c 'syntax on' \
		-c 'edit' -c "${3:-source $tmp/dump.vim}" -c 'qa!' "$2" </dev/null >"$tmp/vim.out" 2>&1
}
has_word() { # FILE: every word of the language has a group, and none that it would have anyway
	local word missing=0
	while read -r word; do
		awk -v w="$word" '$3 == w && $4 != "" && $4 !~ /Name|String|Comment/ { found = 1 } END { exit !found }' "$1" ||
			{ echo "not highlighted anywhere: $word"; missing=1; }
	done < <(all_words)
	return $missing
}
group() { awk -v l="$1" -v c="$2" '$1 == l && $2 == c { print $3, $4 }' "$tmp/sample.dump"; }
# Every word in an alternative of the syntax file is one of the language.
vim_words() { grep -vE '^ *"|iskeyword|syn case|syn sync|v2vTodo|hi def|exists|finish|endif|b:cur' "$vim_files/syntax/v2v.vim" | perl -ne 's/^syn (match|region|keyword) \w+//; s/(nextgroup=|contains=|contained|skipwhite|oneline|start=|skip=|end=)\S*//g; s/\\x[0-9A-Fa-f]*|\\[a-zA-Z%]//g; print "$1\n" while /(?<![\w-])([a-z][a-z0-9-]+)(?![\w-])/g' | sort -u; }
if vim --version 2>/dev/null | grep -q '+syntax'; then
	in_vim "$tmp/all.dump" "$tmp/all.v2v"
	ok "vim loads the syntax" test -s "$tmp/all.dump"
	ok "every word of the language is highlighted" has_word "$tmp/all.dump"
	ok "every keyword in vim's file is one of the language" is "$(comm -23 <(vim_words) <(all_words))" ""
	in_vim "$tmp/sample.dump" "$tmp/sample.v2v"
	for place in "1 1 v2v-rules v2vHeader" "2 3 a v2vComment" "2 20 rule v2vComment" "3 1 override v2vDeclaration" "3 15 a v2vName" \
		"3 19 was v2vModifier" "4 3 describe v2vStatement" "4 18 { v2vPlace" "4 26 \\ v2vEscape" "4 31 # v2vString" "5 8 name" \
		"5 16 rule" "5 21 and v2vOperator" "5 25 not v2vOperator" "5 37 in v2vOperator" "5 48 5 v2vNumber" "6 3 each v2vStatement" \
		"6 16 as v2vModifier" "6 23 name" "6 43 is v2vOperator" "7 3 do v2vStatement"; do
		read -r line column word name <<<"$place"
		ok "line $line, column $column: $word is ${name:-nothing}" is "$(group "$line" "$column")" "$word $name"
	done
	mapfile -t settings <"$tmp/sample.dump.settings"
	ok "the file is known by its name" is "${settings[0]}" v2v
	ok "comments begin with #" is "${settings[1]}" '# %s'
	ok "no error in the scripts" is "${settings[4]:-}" ""

	# gq and :make, by the program itself.
	mkdir -p "$tmp/bin" "$tmp/my/rules"
	ln -s "$builddir/v2v-engine" "$tmp/bin/v2v-engine"
	export PATH=$tmp/bin:$PATH
	printf 'v2v-rules 1\nrule a.b{fail "x"}\n\nrule a.c {\n  when os.typ == linux\n  fail "x"\n}\n' >"$tmp/my/rules/a.v2v"
	cat >"$tmp/make.vim" <<'MAKE'
silent normal gggqG
call writefile(getline(1, '$'), $DUMP)
silent make
call writefile(map(filter(getqflist(), 'v:val.valid'), 'bufname(v:val.bufnr) . " " . v:val.lnum . " " . v:val.col . " " . v:val.text'), $DUMP . '.list')
MAKE
	in_vim "$tmp/formatted" "$tmp/my/rules/a.v2v" "source $tmp/make.vim"
	ok "gq formats the file" is "$(sed -n 2p "$tmp/formatted")" 'rule a.b { fail "x" }'
	ok ":make lists errors with their places" grep -q 'a.v2v 5 8 .*typ' "$tmp/formatted.list"
else
	skip "vim's syntax" "no vim with +syntax"
fi

# ---- TextMate ----

ok "the grammar and what belongs to it are JSON" jq -e . "$grammar" "$srcdir"/editors/vscode/*.json
expressions() { jq -r '.. | objects | (.match, .begin, .end) | strings' "$grammar"; }
compiles() {
	local expression
	while IFS= read -r expression; do
		jq -n --arg e "$expression" '"x" | test($e)' || { echo "$expression"; return 1; }
	done < <(expressions)
}
ok "there are regular expressions" test "$(expressions | wc -l)" -gt 15
ok "Oniguruma takes all of them" compiles
# What the patterns other than names, strings and comments find in each line.
found_words() {
	jq -Rr --slurpfile g "$grammar" '. as $line | $g[0].repository | to_entries[] | select(.key | IN("comment", "string", "wrong") | not) |
		.value.match as $m | $line | match($m; "g") | .string' "$tmp/all.v2v" | grep -oE '[a-z][a-z0-9-]*' | sort -u
}
ok "they find every word of the language" is "$(comm -13 <(found_words) <(all_words))" ""
grammar_words() { jq -r '.repository | del(.comment, .string, .wrong) | .[].match' "$grammar" | sed 's/\\[a-zA-Z]//g; s/\[[^]]*\]//g' | grep -oE '[a-z][a-z0-9-]+' | sort -u; }
ok "every keyword of theirs is one of the language" is "$(comm -23 <(grammar_words) <(all_words))" ""
ok "VS Code is told where the grammar is" test -f "$srcdir/editors/vscode/$(jq -r '.contributes.grammars[0].path' "$srcdir/editors/vscode/package.json")"
done_testing
