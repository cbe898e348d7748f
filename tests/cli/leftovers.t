#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What runs that were killed leave: status tells it, the next run or clean removes it, and nobody removes
# what a living run makes, what somebody uses, or what is needed to complete a conversion.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

state=$V2V_ENGINE_STATE_DIR
mkdir "$tmp/bin" "$tmp/out" "$tmp/t" "$tmp/src" "$tmp/work"
export TMPDIR=$tmp/t
qemu-img create -q -f qcow2 "$tmp/src/disk.img" 4M
cat >"$tmp/src/guest.xml" <<XML
<domain type="xen"><name>g</name><memory>65536</memory><os><type>hvm</type></os><devices><disk type="file"><driver name="qemu" type="qcow2"/>
<source file="$tmp/src/disk.img"/><target dev="xvda"/></disk></devices></domain>
XML
# Comes to where the first overlay is made, and no further.
cat >"$tmp/bin/qemu-img" <<END
#!/bin/sh
[ "\$1" != create ] || { echo \$\$ >"$tmp/tool"; : >"$tmp/waits"; exec sleep 600; }
exec $(command -v qemu-img) "\$@"
END
chmod 755 "$tmp/bin/qemu-img"

# start OPTION ...: leaves a run waiting; $pid is that of the program.
start() {
	rm -f "$tmp/waits"
	PATH=$tmp/bin:$PATH "$builddir/v2v-engine" "$@" "$tmp/src/guest.xml" new >"$tmp/start.out" 2>"$tmp/start.err" </dev/null &
	pid=$!
	for ((i = 0; i < 600; i++)); do
		[[ ! -e $tmp/waits ]] || return 0
		sleep 0.1
	done
	cat "$tmp/start.err" >&2
	return 1
}
# gone PID: the process ends, or is about to.
gone() {
	for ((i = 0; i < 100; i++)); do
		[[ -d /proc/$1 ]] || return 0
		sleep 0.1
	done
	return 1
}
# slain OPTION ...: a run of which nothing lives any more.
slain() {
	local worker
	start "$@" || return 1
	worker=$(pgrep -P "$pid")
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	gone "$worker"
}
snapshot=(--storage snapshot --output-dir "$tmp/out")
in_place=(--storage in-place --work-dir "$tmp/work" --output null)
names() {
	(cd "$1" && ls -A)
}
# The states that status tells of, as JSON.
states() {
	run "$builddir/v2v-engine" status --json "$@"
	jq -r '.[].state' <<<"$out" | sort -u | tr '\n' ' '
}

engine status
ok "nothing was left yet" exits 0
ok "it says so" has "$out" "no interrupted one left anything"
ok "nor is any of a disk known" is "$(states "$tmp/src/disk.img")" "nothing "
engine status "$tmp/none"
ok "a disk that does not exist" exits 66 "does not exist"
engine clean
ok "a directory has to be named" exits 64 "DIR"
engine clean "$tmp/src/disk.img"
ok "a disk is none" exits 66 "is no directory"

# ---- a snapshot that was being made ----

ok "a run is killed" slain "${snapshot[@]}"
ok "its snapshot is left" has "$(names "$tmp/out")" .new-sda.
ok "its work directory is left" has "$(names "$tmp/t")" v2v-engine.
ok "its tools ended with it" gone "$(<"$tmp/tool")"
ok "status tells of both" is "$(states)" "temporary "
engine status --json
ok "in JSON, each with the guest" is "$(jq -r '[.[].guest] | unique | .[]' <<<"$out")" new
ok "of the directory, only what is there" is "$(states "$tmp/out")" "temporary "
engine clean "$tmp/out"
ok "clean lists it" exits 0
ok "as something to remove" has "$out" "remove $tmp/out/.new-sda."
ok "and asks for --yes" has "$out" "add --yes"
ok "but removes nothing" has "$(names "$tmp/out")" .new-sda.
engine clean --yes "$tmp/out"
ok "with --yes it does" is "$status $(names "$tmp/out")" "0 "
ok "and nothing elsewhere" has "$(names "$tmp/t")" v2v-engine.
engine --print-source "$tmp/src/guest.xml"
ok "the next run removes the rest" is "$status $(names "$tmp/t")$(names "$state/runs")" "0 "

# ---- a living run ----

ok "a run is under way" start "${snapshot[@]}"
ok "status says so" is "$(states)" "running "
engine clean --yes "$tmp"
ok "clean keeps what it makes" has "$out" "keep $tmp/out/.new-sda."
engine --print-source "$tmp/src/guest.xml"
ok "so does the next run" has "$(names "$tmp/out")" .new-sda.
kill -QUIT "$pid"
wait "$pid"
status=$? err=$(<"$tmp/start.err") out=
ok "SIGQUIT ends it as other signals do" exits 75 "interrupted by signal 3"
ok "nothing is left" is "$(names "$tmp/out")$(names "$tmp/t")$(names "$state/runs")" ""

# ---- in place ----

ok "a conversion in place is killed" slain "${in_place[@]}"
directory=$tmp/work/$(names "$tmp/work")
ok "status knows its directory" is "$(states "$tmp/work")" "interrupted-before-commit "
engine status --json "$tmp/work"
ok "and the disk of it" is "$(jq -r '.[].disks[]' <<<"$out")" "$tmp/src/disk.img"
ok "by the directory itself too" is "$(states "$directory")" "interrupted-before-commit "
touch "$directory/undo-0" "$directory/redo-0.qcow2" "$directory/.journal.json.0123456789abcdef"
engine clean --yes "$tmp/work"
ok "clean removes all of it" is "$status $(names "$tmp/work")" "0 "

ok "another is killed" slain "${in_place[@]}"
directory=$tmp/work/$(names "$tmp/work")
sed -i 's/"editing"/"committing"/' "$directory/journal.json"
ok "one that wrote is another thing" is "$(states "$tmp/work")" "interrupted-in-commit "
engine status "$tmp/work"
ok "and says what to do" has "$out" "do not start the guest until you have run the same in-place conversion again"
engine clean --yes "$tmp/work"
ok "clean keeps its journal" test -e "$directory/journal.json"
ok "and says why" has "$out" "keep $directory (interrupted-in-commit)"
sed -i 's/"committing"/"kept"/' "$directory/journal.json"
ok "one that can be taken back" is "$(states "$tmp/work")" "converted "
engine clean --yes "$tmp/work"
ok "clean keeps what undo needs" test -e "$directory/journal.json"
echo '{' >"$directory/journal.json"
ok "one that cannot be read" is "$(states "$tmp/work")" "unreadable "
engine clean --yes "$tmp/work"
ok "clean keeps it too" test -e "$directory/journal.json"
rm -r "$directory"
ok "a conversion in place is under way" start "${in_place[@]}"
ok "status says so of its directory" is "$(states "$tmp/work")" "converting "
engine clean --yes "$tmp/work"
ok "clean keeps the directory" is "$status $(names "$tmp/work" | wc -l)" "0 1"
kill -TERM "$pid"
wait "$pid"
ok "it is gone with the run" is "$(names "$tmp/work")" ""

# ---- what was published and not finished ----

engine --print-source "$tmp/src/guest.xml"
published() {
	printf 'Nnew\n=%s %s\n' "$(stat -c '%i %s ' "$1")$(date -r "$1" +%s.%N)" "$1" >"$state/runs/0123456789abcdef"
	chmod 600 "$state/runs/0123456789abcdef"
}
echo disk >"$tmp/out/new-sda"
published "$tmp/out/new-sda"
ok "a result that nobody has used" is "$(states "$tmp/out")" "unfinished-result "
engine --print-source "$tmp/src/guest.xml"
ok "another run keeps it" test -e "$tmp/out/new-sda"
echo more >>"$tmp/out/new-sda"
ok "a result that was written to" is "$(states "$tmp/out")" "changed-result "
engine clean --yes "$tmp/out"
ok "clean keeps that" test -e "$tmp/out/new-sda"
published "$tmp/out/new-sda"
engine clean --yes "$tmp/out"
ok "and removes one that nobody has used" is "$status $(names "$tmp/out")" "0 "
echo disk >"$tmp/out/new-sda"
published "$tmp/out/new-sda"
ok "the same conversion comes past it" start "${snapshot[@]}"
ok "and has removed it" is "$(names "$tmp/out" | grep -c '^new-sda')" 0
ok "saying so" grep -q "removed $tmp/out/new-sda, which an interrupted run had published" "$tmp/start.err"
kill -TERM "$pid"
wait "$pid"

# ---- registers that tell too much ----

echo mine >"$tmp/out/mine"
mkdir "$tmp/out/directory"
echo mine >"$tmp/out/directory/.mine"
printf '+%s\n' "$tmp/out/mine" "$tmp/out/directory" relative >"$state/runs/0123456789abcdef"
chmod 600 "$state/runs/0123456789abcdef"
engine --print-source "$tmp/src/guest.xml"
ok "what no run makes is not removed" is "$(names "$tmp/out" | tr '\n' ' ')" "directory mine "
printf '+%s\n' "$tmp/out/directory/.mine" >"$state/runs/0123456789abcdef"
chmod 666 "$state/runs/0123456789abcdef"
engine --print-source "$tmp/src/guest.xml"
ok "a register that others can write counts for nothing" test -e "$tmp/out/directory/.mine"

done_testing
