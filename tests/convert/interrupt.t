#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SIGINT in every step: the program ends at once with status 75, nothing is left behind
# and the source is as it was. SIGKILL of the worker ends in the same way.
. "$V2V_TEST_SRCDIR/tests/convert/lib.sh"

name=phony-debian-like
guest phony.sh $name --spec debian-like || exit 1
before=$(sha256sum <"$made/$name.img")
mkdir "$tmp/out"

# interrupted STEP SIGNAL WHOM: converts, and sends SIGNAL to the program or to its worker when STEP begins.
interrupted() {
	local step=$1 signal=$2 whom=$3 pid line
	rm -rf "$tmp/fifo" "$tmp/out"
	mkdir "$tmp/out"
	mkfifo "$tmp/fifo"
	timeout 300 "$builddir/v2v-engine" --progress-fd 9 --output-dir "$tmp/out" "$made/$name.xml" converted \
		9>"$tmp/fifo" >"$tmp/run.out" 2>"$tmp/run.err" </dev/null &
	pid=$!
	seen=no
	while IFS= read -r line; do
		[[ $line == *'"event":"begin","step":"'"$step"'"'* ]] || continue
		seen=yes
		# timeout(1) is the parent of the program, which is the parent of the worker.
		local program worker
		program=$(pgrep -P $pid)
		worker=$(pgrep -P "$program" | head -n 1)
		case $whom in
		program) kill -"$signal" "$program" ;;
		worker) kill -"$signal" "$worker" ;;
		esac
	done <"$tmp/fifo"
	wait $pid
	status=$?
	out=$(<"$tmp/run.out")
	err=$(<"$tmp/run.err")
}

clean() {
	is "$(ls -A "$tmp/out")" "" && is "$(find "$tmp" -maxdepth 1 -name 'v2v-engine.*')" "" &&
		is "$(sha256sum <"$made/$name.img")" "$before"
}

for step in read examine appliance inspect plan convert close store; do
	interrupted $step INT program
	ok "SIGINT in step $step: the step was there" is "$seen" yes
	ok "SIGINT in step $step: status and message" exits 75 "interrupted"
	ok "SIGINT in step $step: nothing is left" clean
done

# Publishing is not interrupted: it ends, with everything there or nothing.
interrupted create INT program
whole() {
	if [[ $status == 0 ]]; then
		is "$(ls -A "$tmp/out")" "$(printf 'converted-sda\nconverted.xml')"
	else
		is "$status" 75 && clean
	fi
}
ok "SIGINT in step create: all or nothing" whole

interrupted convert KILL worker
ok "SIGKILL of the worker: status and message" exits 75 "killed by signal 9"
ok "SIGKILL of the worker: nothing is left" clean
sleep 1
ok "no appliance is left" is "$(pgrep -f "$tmp.*qemu|qemu.*$tmp")" ""

done_testing
