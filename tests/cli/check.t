#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# check for editors (--json), what only check looks for, and help.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

# jq_is FILTER: it holds for what was printed, which is one JSON text.
jq_is() { jq -s -e "length == 1 and (.[0] | $1)" <<<"$out"; }

cat >"$tmp/wrong.v2v" <<'END'
v2v-rules 1
rule my.one {
  when os.id == debain
  fail "a \"quoted\" word"
}
rule my.two {
  when os.tpye == linux
  fail "no"
}
END
engine check "$tmp/wrong.v2v"
ok "errors have codes" exits 78 "wrong.v2v:3:17: error[V2V045]:" "wrong.v2v:7:8: error[V2V041]:"
ok "and it is said how to look them up" has "$err" "v2v-engine help CODE"

engine check --json "$tmp/wrong.v2v"
ok "JSON: errors give the same status" exits 78 "the rules have 2 errors"
ok "one array on standard output, with all errors and every member" jq_is '
  [.[] | [(.file | endswith("wrong.v2v")), .line, .column, .end_column, .severity, .code, .hint]] ==
  [[true, 3, 17, 23, "error", "V2V045", "did you mean debian?"],
   [true, 7, 8, 15, "error", "V2V041", "did you mean type?"]]'
ok "messages are text" jq_is 'all(.[]; .message | type == "string" and length > 10)'
ok "nothing of it on standard error" hasnt "$err" "V2V045"

cat >"$tmp/odd.v2v" <<'END'
v2v-rules 1
rule my.one {
  when os.major >= 8 and os.major < 6
  fail "never"
}
END
engine check --json "$tmp/odd.v2v"
ok "JSON: warnings are no failure" exits 0
ok "they say so" jq_is 'map([.severity, .code, .line]) == [["warning", "V2V126", 2], ["warning", "V2V120", 3]]'
mkdir -p "$tmp/odd/rules"
cp "$tmp/odd.v2v" "$tmp/odd/rules"
engine test --quiet --rules-dir "$tmp/odd"
ok "only check looks for them" hasnt "$err" "V2V120"

mkdir -p "$tmp/pkg/rules" "$tmp/pkg/lua"
echo 'return { remove = function() end }' >"$tmp/pkg/lua/own.lua"
cat >"$tmp/pkg/rules/aaa.v2v" <<'END'
v2v-rules 1

name os.id mylinux

provider my.remove for remove_application(name) {
  when os.id == mylinux
  do lua "own.lua" remove(name)
}
END
engine check --json --rules-dir "$tmp/pkg"
ok "a provider that fits beside shipped ones: it is said where it can be changed" jq_is '
  map(select(.code == "V2V121")) | length > 1 and all(.[]; (.file | endswith("pkg/rules/aaa.v2v")) and .line == 5)'
ok "and which one is meant" jq_is '
  [.[] | select(.message | startswith("provider rpm at ")) | .hint | startswith("write over rpm here")] == [true]'
sed -i 's/os.id == mylinux/& and os.package-format is unset/' "$tmp/pkg/rules/aaa.v2v"
engine check --json --rules-dir "$tmp/pkg"
ok "conditions that exclude each other are enough" jq_is 'map(select(.code == "V2V121")) == []'

engine check --json
ok "JSON: the shipped rules have neither" jq_is '. == []'
engine check --json "$tmp/no-such.v2v"
ok "JSON: a file as a whole has no place in it" jq_is '
  map([.line, .column, .end_column, .code]) == [[null, null, null, "V2V001"]]'
name=$(printf '%s/\xff"x.v2v' "$tmp")
echo "v2v-rules 1" >"$name"
echo "rul a {}" >>"$name"
engine check --json "$name"
ok "JSON: names of files may be anything" jq_is 'map(.line) == [2]'

engine help
ok "help is no guest" exits 0
ok "it lists the commands" has "$out" "check [FILE ...]"
engine help check
ok "help COMMAND" exits 0
ok "it tells the options" has "$out" "--json"
ok "of this command only" hasnt "$out" "--storage"
# Two vendors who do not know of each other.
mkdir -p "$tmp/two/rules/acme" "$tmp/two/rules/bolt" "$tmp/two/xslt"
for vendor in acme bolt; do
	printf 'v2v-rules 1\nname os-id shared "Shared Linux"\nrule %s.x { when os.id == shared warn "%s" }\ntest "%s.x: fires" { given os { id = shared } expect warn "%s" }\n' \
		$vendor $vendor $vendor $vendor >"$tmp/two/rules/$vendor/x.v2v"
done
engine test --rules-dir "$tmp/two" "$tmp/two/rules/acme/x.v2v" "$tmp/two/rules/bolt/x.v2v"
ok "two files make the same word known" exits 0
printf 'name os-id shared\n' >>"$tmp/two/rules/acme/x.v2v"
engine check --rules-dir "$tmp/two"
ok "one file does so once" exits 78 "acme/x.v2v:5:12: error[V2V060]: enum os-id has the word shared already"

# Advice fits what it is about.
printf 'v2v-rules 1\nrule acme.x {\n  when os.type == linux\n  do xslt "broken.xsl" in configure-metadata\n  assert os.id = rhel\n}\n' >"$tmp/two/rules/acme/x.v2v"
printf '<x' >"$tmp/two/xslt/broken.xsl"
engine check --rules-dir "$tmp/two"
ok "a stylesheet is to be corrected" exits 78 "error[V2V112]" "broken.xsl:1:3: this is not well-formed XML" ": correct it"
hasnt_exported() { hasnt "$err" "export it again"; }
ok "and cannot be exported again" hasnt_exported
ok "a fact of the prelude is not to be declared anew" has "$err" "rules read it; set a field that is declared derived (v2v-engine doc facts os "

engine help convert
ok "options of a conversion" has "$out" "--storage"
engine help codes
ok "help codes" exits 0
ok "it lists all" test "$(grep -c '^V2V[0-9][0-9][0-9]  ' <<<"$out")" -gt 80
engine help v2v041
ok "help CODE, in any case" exits 0
ok "it explains" has "$out" "V2V041: the fact has no such field"
ok "and shows an example" has "$out" "Right:"
engine help V2V999
ok "a code that is none" exits 64 "there is no code V2V999 in $srcdir/rules/codes.md"
mkdir -p "$tmp/none/rules"
V2V_ENGINE_DATA_DIR=$tmp/none engine help V2V041 --rules-dir "$tmp/two"
ok "where the texts are missing, it is said where they were looked for" exits 69 "the file codes.md" "$tmp/two/rules, $tmp/none/rules"
V2V_ENGINE_DATA_DIR=$tmp/none engine help check
ok "and nothing else needs them" exits 0
engine help chekc
ok "a command that is none" exits 64 "did you mean check?"

done_testing
