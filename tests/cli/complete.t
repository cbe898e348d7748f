#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What shells are told could stand for a word, and the shells' own scripts.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1
status=0 out='' err=''
mkdir -p "$tmp/bin" "$tmp/here/directory" "$tmp/my/rules"
ln -s "$builddir/v2v-engine" "$tmp/bin/v2v-engine"
export PATH=$tmp/bin:$PATH
cd "$tmp/here" || exit 1
touch guest.xml report.json

# words WORD ...: what could stand for the last, on one line.
words() { timeout 60 v2v-engine complete -- "$@" 2>/dev/null | cut -f1 | xargs; }
commands=$(v2v-engine --help | sed -n 's/^  v2v-engine \[*\([a-z-]*\).*/\1/p' | xargs)
ok "commands, and files of guests" is "$(words '')" "$commands :files"
ok "a command" is "$(words con)" "convert :files"
ok "an option, with what it means" is "$(v2v-engine complete -- --storag)" "--storage	how the changed disks are stored"
ok "names of storages" is "$(words --storage '')" "copy snapshot in-place"
ok "those that begin so" is "$(words --storage s)" snapshot
ok "as one word with =" is "$(words --storage=s)" --storage=snapshot
ok "options of the chosen storage" is "$(words --storage snapshot --sn)" --snapshot-dir
ok "of no other" is "$(words --sn)" ""
ok "outputs that go with it" is "$(words --storage snapshot --output '')" "local libvirt qemu"
ok "storages that go with the output" hasnt "$(words --output null --storage '')" snapshot
ok "options of the source that the guest is of" has "$(words a-libvirt-guest --conn)" --connect
ok "of the chosen source" is "$(words --source disk --vcp)" --vcpus
ok "a target" has "$(words --target '')" kvm
ok "a domain type" is "$(words --domain-type q)" qemu
ok "words of a format" is "$(words plan --format '')" "text json"
ok "options of a command" is "$(words fmt --c)" --check
ok "a command that converts nothing has none of a conversion" is "$(words check --st)" ""
ok "an option that was given is not offered again" is "$(words --storage copy --storag)" ""
ok "one that may be repeated is" is "$(words --with a=b --wit)" --with
ok "all that begins with --" has "$(words --)" "--rules-dir"
ok "files" is "$(words plan --facts '')" :files
ok "directories" is "$(words --output-dir '')" :directories
ok "a provider for an operation" is "$(words --provider enable_driver=drac)" enable_driver=dracut
ok "options of rule files" is "$(words --no-virt)" --no-virtio
ok "and their values" is "$(words --initramfs e)" extend
cat >"$tmp/my/rules/my.v2v" <<'RULES'
v2v-rules 1

option my-choice enum(left, right) { describe "which\n:files" }

option my-file path {
  describe "a file"
  metavar "FILE"
}
RULES
ok "of given directories too" is "$(words --rules-dir "$tmp/my" --my-choice '')" "left right"
ok "a description is one line" is "$(words --rules-dir "$tmp/my" --my-choic)" --my-choice
ok "files, by what stands for the value" is "$(words --rules-dir "$tmp/my" --my-file '')" :files
ok "names of rules" is "$(words rules xen.dom)" xen.domain
ok "kinds of new things" is "$(words new '')" "driver guest hypervisor"
ok "nothing for a name" is "$(words new guest '')" ""
ok "files and directories of status" is "$(words status a.img '')" :files
ok "directories of clean" is "$(words clean '')" :directories
ok "nothing after the last word" is "$(words undo a.json '')" ""
echo 'rule {' >>"$tmp/my/rules/my.v2v"
ok "wrong rules do not keep it from answering" is "$(words --rules-dir "$tmp/my" --storag)" --storage
ok "neither does an unknown storage" is "$(words --storage tape --outpu)" "--output --output-format --output-dir"
# Every option that --help shows is offered.
every_option() {
	local command
	for command in $commands; do
		v2v-engine "$command" --help | grep -oE '^ +--[a-z-]+' | tr -d ' ' | sort -u >"$tmp/shown"
		v2v-engine complete -- "$command" -- | cut -f1 | sort -u >"$tmp/offered"
		[[ -s $tmp/shown ]] && is "$(comm -23 "$tmp/shown" "$tmp/offered")" "" || { echo "$command"; return 1; }
	done
}
ok "every option of --help is offered, for every command" every_option

# ---- bash ----

. "$srcdir/completions/v2v-engine.bash"
COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
# in_bash LINE WORD ...: the answers where LINE is typed, which bash has split into WORDs.
in_bash() {
	COMP_LINE=$1 COMP_POINT=${#1}
	shift
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
	_v2v_engine
	echo "${COMPREPLY[*]}"
}
ok "bash: an option" is "$(in_bash 'v2v-engine --storag' v2v-engine --storag)" --storage
ok "bash: a value" is "$(in_bash 'v2v-engine --storage ' v2v-engine --storage '')" "copy snapshot in-place"
ok "bash: after =, without what stands before it" is "$(in_bash 'v2v-engine --storage=sn' v2v-engine --storage = sn)" snapshot
ok "bash: right after =" is "$(in_bash 'v2v-engine --storage=' v2v-engine --storage =)" "copy snapshot in-place"
ok "bash: two = in one word" is "$(in_bash 'v2v-engine --provider=enable_driver=drac' v2v-engine --provider = enable_driver = drac)" dracut
ok "bash: files" is "$(in_bash 'v2v-engine plan gu' v2v-engine plan gu)" guest.xml
ok "bash: files after =" is "$(in_bash 'v2v-engine --report=re' v2v-engine --report = re)" report.json
ok "bash: directories" is "$(in_bash 'v2v-engine --output-dir ' v2v-engine --output-dir '')" directory
ok "bash: the script is complete's function" has "$(complete -p v2v-engine)" "-F _v2v_engine"

# ---- zsh and fish ----

if command -v zsh >/dev/null; then
	ok "zsh: the script is right" zsh -n "$srcdir/completions/v2v-engine.zsh"
	# The function, with what it is given and hands on by zsh put in its place.
	in_zsh() {
		zsh -fc '_describe() { print -rl -- "${(@P)3}"; }; _files() { print -r -- "files $*"; }; compset() { PREFIX=${PREFIX#*=} }
			words=("$@"); CURRENT=$#; PREFIX=$words[-1]; . '"$srcdir"'/completions/v2v-engine.zsh' zsh "$@" | xargs
	}
	ok "zsh: an option and what it means" is "$(in_zsh v2v-engine --storag)" "--storage:how the changed disks are stored"
	ok "zsh: values" is "$(in_zsh v2v-engine --storage '' | grep -oE '\b(copy|snapshot|in-place):' | xargs)" "copy: snapshot: in-place:"
	ok "zsh: files" is "$(in_zsh v2v-engine plan g)" files
	ok "zsh: directories" is "$(in_zsh v2v-engine --output-dir '')" "files -/"
else
	skip "zsh" "no zsh"
fi
if command -v fish >/dev/null; then
	export HOME=$tmp XDG_CONFIG_HOME=$tmp XDG_DATA_HOME=$tmp
	ok "fish: the script is right" fish -n "$srcdir/completions/v2v-engine.fish"
	in_fish() { fish -N -c "source $srcdir/completions/v2v-engine.fish; complete -C '$1'" 2>&1; }
	ok "fish: an option and what it means" is "$(in_fish 'v2v-engine --storag')" "--storage	how the changed disks are stored"
	ok "fish: options" is "$(in_fish 'v2v-engine --st' | cut -f1 | sort | xargs)" "--step-timeout --storage --strict"
	ok "fish: values" is "$(in_fish 'v2v-engine --storage ' | cut -f1 | xargs)" "copy snapshot in-place"
	ok "fish: after =" is "$(in_fish 'v2v-engine --storage=s' | cut -f1 | xargs)" "--storage=snapshot"
	ok "fish: files" is "$(in_fish 'v2v-engine plan gu' | cut -f1 | xargs)" guest.xml
	ok "fish: files after =" is "$(in_fish 'v2v-engine --report=re' | cut -f1 | xargs)" "--report=report.json"
	ok "fish: directories" is "$(in_fish 'v2v-engine --output-dir di' | cut -f1 | xargs)" directory/
else
	skip "fish" "no fish"
fi

# Installed under the names that shells look for.
run make -C "$builddir" DESTDIR="$tmp/root" install-completions
ok "the scripts are installed" is "$(find "$tmp/root" -type f | sed 's|.*/share/||' | sort | xargs)" \
	"bash-completion/completions/v2v-engine fish/vendor_completions.d/v2v-engine.fish zsh/site-functions/_v2v-engine"
done_testing
