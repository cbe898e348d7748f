# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For test scripts: TAP output, and the built program run on the rules of the source tree.
# Source it first; end with done_testing.
set -uo pipefail

srcdir=$(realpath "${V2V_TEST_SRCDIR:?run by make check}")
builddir=$(realpath "${V2V_TEST_BUILDDIR:?run by make check}")
tmp=${V2V_TEST_TMPDIR:?run by make check}
export V2V_ENGINE_DATA_DIR=${V2V_ENGINE_DATA_DIR:-$srcdir}
export TMPDIR=$tmp
export V2V_ENGINE_STATE_DIR=$tmp/state
tests_run=0

# run COMMAND ...: runs it; $status, $out and $err hold what it came to.
run() {
	"$@" >"$tmp/run.out" 2>"$tmp/run.err" </dev/null
	status=$?
	out=$(<"$tmp/run.out")
	err=$(<"$tmp/run.err")
}

# engine ARGUMENT ...: runs the program.
engine() {
	# shellcheck disable=SC2086 # they are several
	run timeout "${ENGINE_TIMEOUT:-600}" ${engine_as:-} "$builddir/v2v-engine" "$@"
}

# ok NAME COMMAND ...: one result.
ok() {
	local name=$1
	shift
	tests_run=$((tests_run + 1))
	if "$@" >"$tmp/ok.out" 2>&1; then
		echo "ok $tests_run - $name"
	else
		echo "not ok $tests_run - $name"
		sed 's/^/# /' <<<"failed: $*"
		sed 's/^/# /' "$tmp/ok.out"
		echo "# status ${status:-: nothing was run}"
		tail -n 20 <<<"${out:-}" | sed 's/^/# out: /'
		tail -n 20 <<<"${err:-}" | sed 's/^/# err: /'
	fi
}

skip() {
	tests_run=$((tests_run + 1))
	echo "ok $tests_run - $1 # SKIP $2"
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# turn: a number that changes with every commit, so that what is too much for one run of the tests comes in turn: how many commits
# there are, or in an archive without git, the digits of the version.
turn() {
	local number
	number=$(git -C "$srcdir" rev-list --count HEAD 2>/dev/null) ||
		number=$(sed -n 's/^AC_INIT(\[[^]]*\], *\[\([^]]*\)\].*/\1/p' "$srcdir/configure.ac" | tr -dc 0-9)
	echo $((10#${number:-0}))
}

is() { [[ $1 == "$2" ]] || { printf 'got:      %s\nexpected: %s\n' "$1" "$2"; return 1; }; }
has() { [[ $1 == *"$2"* ]] || { printf 'no "%s" in:\n%s\n' "$2" "$1"; return 1; }; }
hasnt() { [[ $1 != *"$2"* ]] || { printf '"%s" in:\n%s\n' "$2" "$1"; return 1; }; }
# exits STATUS [TEXT ...]: the last run ended so, and said each TEXT on standard error.
exits() {
	local expected=$1 text
	shift
	[[ $status == "$expected" ]] || { echo "status $status, expected $expected"; return 1; }
	for text; do
		has "$err" "$text" || return 1
	done
}

# page_commands PAGE [NUMBER]: the blocks of commands (```sh) of a page in doc/, or the one of this number. tests/cli/pages.t runs all.
page_commands() {
	awk -v wanted="${2:-0}" '
		/^```sh$/ { number++; inside = 1; next }
		/^```$/ { inside = 0 }
		inside && (!wanted || wanted == number)' "$srcdir/doc/$1"
}

done_testing() { echo "1..$tests_run"; }
