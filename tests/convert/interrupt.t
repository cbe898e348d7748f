#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A signal in every step: the program ends with status 75, nothing is left behind, no
# appliance either, and the source is as it was. SIGKILL of the worker ends in the same way.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

guest phony.sh phony-debian-like --spec debian-like || exit 1
source=$made/phony-debian-like
before=$(sha256sum <"$source.img")

# Rules of its own: what is converted does not matter here, but the step has to last.
mkdir -p "$tmp/tree"/{rules,lua}
cp "$srcdir/rules/prelude.v2v" "$tmp/tree/rules/"
cat >"$tmp/tree/rules/wait.v2v" <<'END'
v2v-rules 1

option wait flag { describe "keeps a program running in the guest" }

rule wait.write {
  describe "changes the guest"
  when source.name is set
  do   lua "wait.lua" write(option.wait)
}
END
cat >"$tmp/tree/lua/wait.lua" <<'END'
local M = {}
function M.write(wait)
  guest.write("/etc/changed", "changed\n")
  if wait then guest.command({ "sleep", "600" }) end
end
return M
END
export V2V_ENGINE_DATA_DIR=$tmp/tree
# So has the copying of disks in the step of that name.
mkdir "$tmp/bin"
cat >"$tmp/bin/qemu-img" <<END
#!/bin/sh
[ "\$1 \${SLOW_COPY:-}" != "convert yes" ] || sleep 600
exec $(command -v qemu-img) "\$@"
END
chmod 755 "$tmp/bin/qemu-img"
export PATH=$tmp/bin:$PATH

# interrupt STEP SIGNAL WHOM [OPTION ...]: converts into the directory $tmp/STEP.WHOM and sends SIGNAL to the
# program or to its worker when STEP has begun. What came of it is in files of that directory.
interrupt() {
	local step=$1 signal=$2 whom=$3 dir=$tmp/$1.$3 pid line target
	shift 3
	[[ $step != store ]] || export SLOW_COPY=yes
	mkdir -p "$dir/out" "$dir/tmp"
	mkfifo "$dir/fifo"
	: >"$dir/sockets"
	TMPDIR=$dir/tmp timeout 600 "$builddir/v2v-engine" --progress-fd 9 --output-dir "$dir/out" "$@" \
		"$source.xml" converted 9>"$dir/fifo" >"$dir/run.out" 2>"$dir/run.err" </dev/null &
	pid=$!
	while IFS= read -r line; do
		echo "$line" >>"$dir/progress"
		[[ $line == *'"event":"begin"'* && $line == *'"step":"'"$step"'"'* ]] || continue
		# timeout(1) is the parent of the program, which is the parent of the worker.
		target=$(pgrep -P $pid)
		[[ $whom == program ]] || target=$(pgrep -P "$target" | head -n 1)
		case $step in
		appliance) until appliances "$dir" | grep -q .; do sleep 0.1; done ;;
		convert) sleep 2 ;;
		esac
		appliances "$dir" | grep -o '/tmp/libguestfs[A-Za-z0-9]*' | sort -u >"$dir/sockets"
		[[ -z $target ]] || kill -"$signal" "$target"
	done <"$dir/fifo"
	wait $pid
	echo $? >"$dir/status"
}

# appliances DIR: the command lines of those that have overlays in DIR.
appliances() {
	pgrep -af "^[^ ]*qemu.*$1/tmp/"
}

# Two at a time.
while read -r arguments; do
	while (($(jobs -rp | wc -l) >= 2)); do wait -n; done
	# shellcheck disable=SC2086 # they are several
	interrupt $arguments &
done <<'END'
read INT program
examine TERM program
appliance INT program
inspect HUP program
plan TERM program
convert INT program --wait
close INT program
store TERM program
create INT program
appliance KILL worker
convert KILL worker --wait
END
wait

# load DIR: has ok show what came of it.
load() {
	status=$(<"$1/status") out=$(<"$1/run.out") err=$(<"$1/run.err")
}
unchanged() {
	is "$(sha256sum <"$source.img")" "$before"
}
gone() {
	local dir=$1 directory
	is "$(appliances "$dir")" "" || return 1
	while read -r directory; do
		[[ ! -e $directory ]] || { echo "$directory is left"; return 1; }
	done <"$dir/sockets"
}
clean() {
	is "$(ls -A "$1/out")" "" && is "$(ls -A "$1/tmp")" "" && gone "$1" && unchanged
}
last_event() {
	tail -n 1 "$1/progress" | jq -r '"\(.event) \(.status) \(.message)"'
}

for step in read examine appliance inspect plan convert close store; do
	dir=$tmp/$step.program
	load "$dir"
	ok "interrupted in step $step: the step was there" grep -q '"event":"begin".*"step":"'$step'"' "$dir/progress"
	ok "interrupted in step $step: status and message" exits 75 "error: interrupted by signal" "in step"
	ok "interrupted in step $step: one error" is "$(grep -c error: <<<"$err")" 1
	ok "interrupted in step $step: the last event says so" has "$(last_event "$dir")" "error 75 interrupted"
	ok "interrupted in step $step: nothing is left" clean "$dir"
done
ok "an appliance was seen" test -s "$tmp/convert.program/sockets"

# Publishing is not interrupted: it ends, with everything there or nothing.
dir=$tmp/create.program
load "$dir"
whole() {
	if [[ $status == 0 ]]; then
		is "$(ls -A "$dir/out")" "$(printf 'converted-sda\nconverted.xml')" && is "$(ls -A "$dir/tmp")" ""
	else
		is "$status" 75 && clean "$dir"
	fi
}
ok "interrupted in step create: all or nothing" whole

for step in appliance convert; do
	dir=$tmp/$step.worker
	load "$dir"
	ok "the worker is killed in step $step: status and message" exits 75 "killed by signal 9" "in step"
	ok "the worker is killed in step $step: the last event says so" has "$(last_event "$dir")" "error 75 the worker was killed"
	ok "the worker is killed in step $step: an appliance was there" test -s "$dir/sockets"
	ok "the worker is killed in step $step: nothing is left" clean "$dir"
done

done_testing
