#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Times loading and planning beside CLIPS on the same rules and facts:
#
#   rules.sh SRCDIR BENCH-RULES
#
# Fails if the engine is not 10 times as fast as CLIPS with 10,000 rules, if the two conclude
# differently, or if its cost grows faster than the number of rules. Figures are processor time,
# the best of several runs, since other work on the machine only ever adds to it. CLIPS is timed
# as a whole, less a run that reads the facts alone.
set -eu
srcdir=$1 bench=$2
runs=${BENCH_RUNS:-7} facts=2000
awk=${AWK:-awk}
dir=$(mktemp -d "${TMPDIR:-/tmp}/bench-rules-XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

generate() { # WHAT LANGUAGE RULES
  "$awk" -v what="$1" -v language="$2" -v rules="$3" -v facts="$facts" -f "$srcdir/tests/bench/rules.awk"
}

# Lines of "LOAD PLAN COUNT" to the one of least sum.
best() {
  "$awk" '{ sum = $1 + $2 } NR == 1 || sum < least { least = sum; line = $0 } END { if (NR > 0) print line, least }'
}

prepare() { # RULES
  mkdir -p "$dir/tree/rules" "$dir/tree/lua" "$dir/tree/xslt"
  echo 'return {}' >"$dir/tree/lua/x.lua"
  generate rules v2v "$1" >"$dir/tree/rules/bench.v2v"
  generate facts v2v "$1" >"$dir/facts.v2v"
  generate rules clips "$1" >"$dir/rules.clp"
  generate facts clips "$1" >"$dir/facts.clp"
  cat >"$dir/facts.bat" <<END
(load* "$dir/facts.types.clp")
(load* "$dir/facts.clp")
(exit)
END
  sed -n '/^(deftemplate/p' "$dir/rules.clp" >"$dir/facts.types.clp"
  cat >"$dir/run.bat" <<END
(load* "$dir/rules.clp")
(load* "$dir/facts.clp")
(reset)
(run)
(printout t "RESULT " (length (find-all-facts ((?f remove-application)) TRUE)) crlf)
(exit)
END
}

# "TIME COUNT" of one run of CLIPS.
clips_run() { # BATCH
  "$bench" --cpu clips -f "$dir/$1.bat" </dev/null |
    "$awk" '$1 == "RESULT" { count = $2 } $1 == "CPU" { print $2, count + 0 }'
}

# Both take turns, so that other work on the machine meets both.
measure() {
  : >"$dir/mine"
  : >"$dir/theirs"
  i=0
  while [ $i -lt "$runs" ]; do
    "$bench" "$dir/tree" "$dir/facts.v2v" >>"$dir/mine"
    if [ "$have_clips" = yes ]; then
      echo "$(clips_run facts) $(clips_run run)" | "$awk" '{ print $3 - $1, 0, $4 }' >>"$dir/theirs"
    fi
    i=$((i + 1))
  done
}

have_clips=yes
if ! command -v clips >/dev/null; then
  have_clips=no
  echo "CLIPS is not installed (package clips): only the engine is timed"
fi

echo "rules of three conditions, $facts facts; milliseconds of processor time, best of $runs runs"
printf '%8s %10s %10s %10s %10s %8s\n' rules load plan sum CLIPS ratio
status=0 first=
for count in 1000 2000 5000 10000; do
  prepare "$count"
  measure
  mine=$(best <"$dir/mine")
  theirs=$(best <"$dir/theirs")
  echo "$count $mine $theirs" | "$awk" '{
    printf "%8d %10.2f %10.2f %10.2f", $1, $2, $3, $5
    if (NF > 5) printf " %10.2f %7.1fx", $9, $9 / $5
    print ""
    if (NF > 5 && $4 != $8) { printf "different: %d requests, CLIPS %d\n", $4, $8; exit 1 }
    if (NF > 5 && $1 == 10000 && $9 < 10 * $5) { print "less than 10 times as fast as CLIPS"; exit 1 }
  }' || status=1
  sum=${mine##* }
  first=${first:-$sum}
done
# Ten times the rules take ten times as long, and more for the caches that they no longer fit; if
# the cost grew with the square, it would be a hundred times.
echo "$first $sum" | "$awk" '{
  printf "10 times the rules take %.1f times as long\n", $2 / $1
  exit $2 > 20 * $1
}' || { echo "the cost grows faster than the number of rules"; status=1; }
exit $status
