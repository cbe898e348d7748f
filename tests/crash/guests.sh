# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Conversions and undos of a small guest that are killed: everything at once, the program, its worker, or the
# appliance alone, in a step that is chosen at random; one time in three somebody uses the disk then, as a guest
# that was started would. What the next run makes of it is looked at.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

guest phony.sh phony-debian-like --spec debian-like || exit 1

# Rules of its own: what is converted does not matter here, but it has to be some megabytes.
crash_rules() {
	mkdir -p "$tmp/tree"/{rules,lua}
	cp "$srcdir/rules/prelude.v2v" "$tmp/tree/rules/"
	cat >"$tmp/tree/rules/write.v2v" <<'END'
v2v-rules 1

rule crash.write {
  describe "changes the guest"
  when source.name is set
  do   lua "write.lua" write()
}
END
	cat >"$tmp/tree/lua/write.lua" <<'END'
local M = {}
function M.write()
  guest.write("/etc/changed", string.rep("changed\n", 512 * 1024))
end
return M
END
	export V2V_ENGINE_DATA_DIR=$tmp/tree
}

# start: has $command run in the background; $pid is the program, and its progress is in $dir/progress.
start() {
	: >"$dir/progress"
	"$builddir/v2v-engine" "${command[@]}" 9>"$dir/progress" >"$dir/run.out" 2>"$dir/run.err" </dev/null &
	pid=$!
}

running() { [[ -d /proc/$pid && $(<"/proc/$pid/stat") != *") Z "* ]]; }

# comes_to MOMENT: waits for a step, or for the journal to say that disks are being written.
comes_to() {
	while running; do
		case $1 in
		commit) ! grep -qs '"committing"' "$dir"/work/*/journal.json || return 0 ;;
		undo) ! grep -qs '"undoing"' "$dir"/work/*/journal.json || return 0 ;;
		*) ! grep -q '"event":"begin".*"step":"'"$1"'"' "$dir/progress" || return 0 ;;
		esac
		sleep 0.01
	done
}

strike() {
	local worker
	worker=$(pgrep -P "$pid" | head -n 1)
	case $1 in
	all) kill -KILL -- "$pid" "-$worker" ;;
	program) kill -KILL "$pid" ;;
	worker) kill -KILL "$worker" ;;
	appliance) pgrep -f "^[^ ]*qemu-system.*$dir/" | xargs -r kill -KILL ;;
	esac 2>/dev/null
}

# ended: waits for the program, and for all that it has started.
ended() {
	wait "$pid" 2>/dev/null
	status=$? out=$(<"$dir/run.out") err=$(<"$dir/run.err")
	for ((i = 0; i < 300; i++)); do
		pgrep -f "$dir/" >/dev/null || return 0
		sleep 0.1
	done
	echo "still there: $(pgrep -af "$dir/")"
	return 1
}

sum() { sha256sum <"$dir/disk.img"; }
used_bytes() { dd if="$dir/disk.img" bs=4096 skip=128 count=1 status=none | tr -d U | wc -c; }
noted() { sed -n 's/^[+]//p' "$V2V_ENGINE_STATE_DIR"/runs/* 2>/dev/null; }

# look: what the next run has to have come to. Prints what is wrong.
look() {
	local path results=2
	case $status in
	0) ;;
	65)
		[[ $used == yes && ($err == *"written to"* || $err == *"no longer what"*) ]] || { echo "it refused: $err"; return; }
		[[ $(sum) == "$after" ]] || echo "it wrote although it refused"
		[[ $kind == undo && $half == no ]] && return
		force=--force-resume
		[[ $kind != undo ]] || force=--force
		command+=("$force")
		start
		ended
		((status == 0)) || { echo "$force did not help: $err"; return; }
		used=forced
		;;
	73) [[ $finished == yes && $err == *"exists and is not replaced"* ]] || { echo "it did not replace: $err"; return; } ;;
	*) echo "status $status: $err"; return ;;
	esac
	[[ $used != late || $half != yes || $(sum) == "$after" ]] || echo "it went on although the disk was used"
	[[ $used != yes || $(used_bytes) == 0 ]] || echo "what was used is lost"
	case $kind in
	copy | snapshot) [[ $(sum) == "$after" ]] || echo "the source was changed" ;;
	in-place) results=1 ;;
	undo)
		results=0
		[[ $used != no || $(sum) == "$original" ]] || echo "the disk is not as it was before the conversion"
		;;
	esac
	[[ $(find "$dir/out" -mindepth 1 | wc -l) == "$results" ]] || echo "results: $(ls -A "$dir/out")"
	[[ $(find "$dir/work" "$dir/t" "$V2V_ENGINE_STATE_DIR" -mindepth 1 ! -name runs) == "" ]] ||
		echo "left: $(find "$dir/work" "$dir/t" "$V2V_ENGINE_STATE_DIR" -mindepth 1 ! -name runs)"
	while IFS= read -r path; do
		[[ ! -e $path ]] || echo "left: $path"
	done <"$dir/noted"
}

# crash SEED: one kill, and what comes of it; prints what happened, and is false if something was wrong.
crash() {
	local kind victim moment used=no half=no finished=no after original command pid trouble
	local kinds=(copy snapshot in-place in-place undo) victims=(all program worker appliance)
	local moments=(read examine appliance inspect plan convert close store create)
	RANDOM=$1
	dir=$tmp/crash
	rm -rf "$dir"
	mkdir -p "$dir"/{out,work,t}
	export TMPDIR=$dir/t V2V_ENGINE_STATE_DIR=$dir/state
	cp --sparse=always "$made/phony-debian-like.img" "$dir/disk.img"
	sed "s,$made/phony-debian-like.img,$dir/disk.img," "$made/phony-debian-like.xml" >"$dir/guest.xml"
	original=$(sum)
	kind=${kinds[RANDOM % 5]} victim=${victims[RANDOM % 4]} moment=${moments[RANDOM % 9]}
	command=(--progress-fd 9 --storage "$kind" --output-dir "$dir/out" "$dir/guest.xml" converted)
	[[ $kind != in-place ]] || command+=(--work-dir "$dir/work")
	[[ $kind != in-place || $((RANDOM % 2)) == 0 ]] || moment=commit
	if [[ $kind == undo ]]; then
		command=(--progress-fd 9 --storage in-place --keep-undo --work-dir "$dir/work" --output-dir "$dir/out"
			--report "$dir/report.json" "$dir/guest.xml" converted)
		start
		ended
		((status == 0)) || { echo "the conversion before the undo fails: $err"; return 1; }
		command=(undo "$dir/report.json")
		moment=undo
	fi
	[[ $victim != appliance || $moment == @(appliance|inspect|plan|convert) ]] || victim=worker
	echo "$kind, $victim killed at $moment"
	start
	comes_to "$moment"
	sleep "0.$((RANDOM % 3))$((RANDOM % 10))"
	noted >"$dir/noted"
	strike "$victim"
	ended || return 1
	((status != 0)) || finished=yes
	noted >>"$dir/noted"
	if [[ $moment == commit && $victim == worker && $finished == no ]] && grep -qs '"committing"' "$dir"/work/*/journal.json; then
		[[ $status == 75 && $err == *"do not start the guest"*"$dir/work"/in-place-* ]] || { echo "it said: $status $err"; return 1; }
	fi
	if [[ $victim == appliance || $victim == worker ]] && [[ $finished == no && ! $(ls -A "$dir/work") ]]; then
		[[ $kind == undo || $(find "$dir/out" "$dir/t" "$V2V_ENGINE_STATE_DIR" -mindepth 1 ! -name runs 2>/dev/null) == "" ]] ||
			{ echo "the program left: $(find "$dir/out" "$dir/t" -mindepth 1 -printf "%y %p\n")"; return 1; }
	fi
	grep -qsE '"(committing|undoing)"' "$dir"/work/*/journal.json && half=yes
	if ((RANDOM % 3 == 0)); then
		used=yes
		((RANDOM % 2)) || { used=late; sleep 1.1; }
		printf 'U%.0s' {1..4096} | dd of="$dir/disk.img" bs=4096 seek=128 conv=notrunc status=none
		echo "used: $used"
	fi
	after=$(sum)
	start
	ended || return 1
	echo "the next run: $status"
	[[ $status != 65 || $used != late ]] || used=yes
	trouble=$(look)
	[[ -z $trouble ]] || { echo "$trouble"; return 1; }
}
