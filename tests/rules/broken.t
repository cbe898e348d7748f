#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# All shipped rules are broken at once, each time in another way that check names: it says so of every one of them.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

# broken SCRIPT: the shipped rules with their files changed by this Perl, which gets a file in $_ and its name in $ARGV.
broken() {
	rm -rf "$tmp/broken"
	mkdir "$tmp/broken"
	cp -R "$srcdir/rules" "$tmp/broken/rules"
	cp -r "$srcdir/lua" "$srcdir/xslt" "$tmp/broken/"
	find "$tmp/broken/rules" -name '*.v2v' -print0 | xargs -0 perl -0777 -i -pe "$1" || exit 1
	V2V_ENGINE_DATA_DIR=$tmp/broken engine check --json
}
# declared KIND: "FILE NAME" of each that is declared, the tests' files left out.
declared() {
	(cd "$srcdir/rules" && find . -name '*.v2v' ! -name '*.test.v2v' -print0 | xargs -0 perl -ne 'print "$ARGV $1\n" if /^'"$1"' ([^{(]+?) *[{(]/') | sort
}
# found CODE KIND: the same of those for which CODE was reported at their names or anywhere in them.
found() {
	jq -r --arg code "$1" '.[] | select(.code == $code) | "\(.file) \(.line)"' <<<"$out" | sort -u |
		perl -e '
			my ($root, $kind) = @ARGV;
			my %lines;
			while (<STDIN>) { push @{$lines{$1}}, $2 if /^(.*) (\d+)$/ }
			for my $file (keys %lines) {
				open(my $text, "<", $file) or die;
				my ($name, %at);
				while (<$text>) { $name = /^$kind ([^{(]+?) *[{(]/ ? $1 : undef if /^\S/ && !/^\}/; $at{$.} = $name }
				(my $short = $file) =~ s/^\Q$root\E/./;
				defined $at{$_} && print "$short $at{$_}\n" for @{$lines{$file}};
			}' "$tmp/broken/rules" "$2" | sort -u
}
# told WHAT CODE KIND
told() {
	local missing
	missing=$(comm -23 <(declared "$3") <(found "$2" "$3"))
	ok "$1" is "$missing" ""
}

ok "there are rules" test "$(declared rule | wc -l)" -gt 150
broken ''
ok "as they are, nothing is said of them" is "$(jq length <<<"$out")" 0

# shellcheck disable=SC2016 # what follows is Perl
{
	broken 's/^(rule [^{]*\{\n)/$1  when os.type == linux and os.type == windows\n/mg unless $ARGV =~ /\.test\./'
	told "rules that can never fire" V2V120 rule
	broken 's/^(provider [^{]*\{\n)/$1  when os.type == linux and os.type == windows\n/mg'
	told "providers that can never fit" V2V120 provider
	broken 's/^(rule [^{]*\{\n)/$1  each disk as thing_unused\n/mg'
	told "variables that nothing uses" V2V125 rule
	broken 's/^test .*?^\}\n//msg'
	told "rules that no test fires" V2V126 rule
	broken 's/^  (assert|default|do|fail|warn) .*\n(    .*\n)*//mg if $ARGV !~ /\.test\./; s/^test .*?^\}\n//msg'
	told "rules that conclude nothing" V2V090 rule
	told "providers that do nothing" V2V090 provider
	broken 's/^((rule|provider|probe) \S.*?^\}\n)/$1$1/msg unless $ARGV =~ /\.test\./'
	told "rules that are there twice" V2V060 rule
	told "probes that are there twice" V2V060 probe
	# A function is looked for once, however many call it.
	broken 's/^(  (?:do )?lua "[^"]+") \w+\(/"$1 no_such_" . $n++ . "("/mge'
	told "providers whose function is not in the script" V2V113 provider
	told "probes whose function is not in the script" V2V113 probe
	broken 's/^(rule [^{]*\{\n)/$1  when sourze.hypervisor is set\n/mg'
	told "facts that are not there" V2V040 rule
	broken 's/^(rule [^{]*\{\n)/$1  when os.idd is set\n/mg'
	told "fields that are not there" V2V041 rule
	broken 's/^(rule [^{]*\{\n)/$1  when os.type == linnux\n/mg'
	told "words that are not there" V2V045 rule
	broken 's/^(rule [^{]*\{\n)/$1  when os.major == "12"\n/mg'
	told "values of another type" V2V070 rule
	broken 's/^(rule [^{]*\{\n)/$1  when kernel.usable == true\n/mg'
	told "a fact of many that is not named" V2V075 rule
	broken 's/^(rule [^{]*\{\n)/$1  do remove_application()\n/mg'
	told "requests without their arguments" V2V080 rule
}
done_testing
