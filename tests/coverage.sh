#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Which lines of each directory of the engine the tests of a build with --enable-coverage executed, and which branches they
# took; then the ten files with the most lines that were not executed.
# usage: make coverage, or tests/coverage.sh BUILD-DIR
set -euo pipefail

source=$(cd "$(dirname "$0")/.." && pwd)
cd "${1:?usage: tests/coverage.sh BUILD-DIR}"
# notes: the compiler's about each file, but for files that have gone since.
notes() {
	local path
	find engine -name '*.gcno' | while read -r path; do
		[[ ! -e $source/${path%.gcno}.c ]] || printf '%s\0' "$path"
	done
}
# Names of functions and templates are not asked for: only the summary of each file.
notes | xargs -0 "${GCOV:-gcov}" --no-output --branch-probabilities 2>/dev/null |
	"${AWK:-awk}" '
		/^File / { split($0, quoted, "\047"); file = quoted[2] }
		/^File / && !match(file, /engine\/[a-z]+\/[^\/]*\.c$/) { file = "" }
		/^File / && file != "" { file = substr(file, RSTART) }
		file != "" && sub(/^Lines executed:/, "") { count("lines") }
		file != "" && sub(/^Taken at least once:/, "") { count("branches") }
		function count(what) {
			# After the last file there is a sum of all.
			if ((what, file) in total) return
			split($0, part, "% of ")
			total[what, file] = part[2]
			done[what, file] = part[1] * part[2] / 100
			files[file]
		}
		function add(where, file) {
			where_is[where]
			sums["lines", where] += total["lines", file]
			sums["branches", where] += total["branches", file]
			had["lines", where] += done["lines", file]
			had["branches", where] += done["branches", file]
		}
		function percent(what, where) {
			return sums[what, where] ? sprintf("%5.1f %% of %5d", 100 * had[what, where] / sums[what, where], sums[what, where]) : "              -"
		}
		END {
			for (file in files) {
				split(file, part, "/")
				add(part[1] "/" part[2], file)
				add("all", file)
			}
			printf "%-18s %-17s %s\n", "directory", "lines", "branches"
			sort = "sort"
			for (where in where_is)
				if (where != "all") printf "%-18s %-17s %s\n", where, percent("lines", where), percent("branches", where) | sort
			close(sort)
			printf "%-18s %-17s %s\n\nmost lines that were not executed:\n", "all", percent("lines", "all"), percent("branches", "all")
			sort = "sort -rn | head -n 10"
			for (file in files)
				printf "%5d of %5d  %s\n", total["lines", file] - done["lines", file] + 0.5, total["lines", file], file | sort
			close(sort)
		}'
