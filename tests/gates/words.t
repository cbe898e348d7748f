#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The project's texts use one word for one thing: they contain none of the words that doc/glossary.md rules out.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1
cd "$srcdir" || exit 1

# What is searched: a directory counts with all its files. Add to this list what has been cleaned.
places=(README.md NEWS SECURITY.md CONTRIBUTING.md doc/[!g]*.md doc/guests.md doc/make-guests doc/sources doc/outputs lua packaging templates
	rules/prelude.v2v rules/probes.v2v rules/families rules/targets)

# The words ruled out are those in `code`: in the glossary's column "not", and in the table "do not write".
words() { awk -F '|' '/^## / { column = /Sentences/ ? 2 : 4 } /^\|/ { print $column }' "$1" | grep -oE '`[^`]+`' | tr -d '`' | sort -u; }
words doc/glossary.md >"$tmp/words"
ok "the glossary rules out words" test "$(wc -l <"$tmp/words")" -gt 8

found() { grep -rniwFf "$tmp/words" "$@" | grep -v "is no longer"; }
unused() { ! found "${places[@]}"; }
ok "no text contains them" unused
printf 'a Folder, and a rule tree\n' >"$tmp/bad.md"
ok "one would be found" found "$tmp/bad.md"
done_testing
