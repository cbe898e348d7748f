#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Phony guests, all in one appliance: what each conversion changes in the file tree
# and in the domain is compared with phony/NAME.diff, or its error with phony/NAME.error;
# converting the result again has to change nothing. Where there is a file NAME.told, it has what users are told of before. With V2V_TEST_UPDATE=1 the files
# are written instead: read the difference before committing it. V2V_TEST_GUESTS names some
# of the guests: then no other is made. Those behind "in turn" in guests.list are in seventeen parts, of which the commit
# chooses one, unless V2V_TEST_GUESTS is "all", as in check-long. Guests of untried.list have no expected result yet, and
# are made by name only; with V2V_TEST_UPDATE=1 they get one, and move to guests.list.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

expected=$srcdir/tests/convert/phony
phony=$tmp/guests
mkdir "$phony" "$tmp/out"

# What doc/adding-a-guest.md says to write is what one of them is converted with.
page_commands adding-a-guest.md 1 | (cd "$tmp" && sh -e) || exit 1

# See guests.list.
names=() arguments=() in_turn=
parts=17
part=$(($(turn) % parts))
# is_wanted NAME
is_wanted() {
	[[ ${V2V_TEST_GUESTS:-} != all ]] || return 0
	[[ -z ${V2V_TEST_GUESTS:-} ]] || { [[ " $V2V_TEST_GUESTS " == *" $1 "* ]]; return; }
	[[ -z $in_turn ]] || ((in_turn++ % parts == part))
}
while read -r name spec options; do
	[[ "$name $spec $options" != '# in turn' ]] || in_turn=$parts
	[[ -z $name || $name == '#'* ]] && continue
	is_wanted "$name" || continue
	names+=("$name")
	options=${options//%DIR%/$phony}
	arguments+=("$phony/$name.xml${options:+,${options//%HERE%/$expected}}")
	printf '%s\0' --spec "$spec" --name "$name" --output "$phony"
done < <(cat "$expected/guests.list"; case ${V2V_TEST_GUESTS:-} in '' | all) ;; *) cat "$expected/untried.list" ;; esac) >"$tmp/builds"
xargs -0 -n 6 -P 2 "$guests/phony.sh" <"$tmp/builds" >"$tmp/build.log" 2>&1 || {
	sed 's/^/# /' "$tmp/build.log"
	exit 1
}

# Appliances share the guests, two at a time, and with them the processors of a small host. The more guests one has, the longer
# each takes to be found in it: a file system that is named by its UUID is looked for on all disks.
most=12
appliances=$(((${#arguments[@]} + most - 1) / most))
# appliance NUMBER
appliance() {
	local i share=()
	for ((i = $1; i < ${#arguments[@]}; i += appliances)); do share+=("${arguments[i]}"); done
	timeout 1700 "$builddir/tests/guests-convert" "$tmp/out" "--rules-dir=$tmp/my" "${share[@]}" >"$tmp/appliance.$1" 2>&1
	echo $? >"$tmp/status.$1"
}
for lane in 0 1; do
	for ((i = lane; i < appliances; i += 2)); do appliance $i; done &
done
wait
for ((i = 0; i < appliances; i++)); do
	status=$(<"$tmp/status.$i")
	out='' err=$(tail -n 30 "$tmp/appliance.$i")
	ok "guests of appliance $i were tried" exits 0
done

# names_in INITRAMFS: what is in its (gzip) archive and in the one that we put behind it, but for
# the indexes of modules, of which each version of depmod has others.
names_in() {
	local start
	[[ -e $1 ]] || return
	zcat -q "$1" 2>/dev/null | cpio -it --quiet 2>/dev/null | LC_ALL=C sort | grep -vE '/modules\.[b-z]'
	start=$(tail -c 512 "$1" | tr -d '\0' | grep -aoE '^[0-9]{12}$|\.v2v-engine[0-9]{12}$' | grep -oE '[0-9]{12}$')
	[[ -n $start ]] || return
	echo "-- appended:"
	tail -c "+$((10#$start + 1))" "$1" | cpio -it --quiet | grep -vE '/modules\.[b-z]'
}

# tree_diff ARGUMENT ... BEFORE AFTER: without times.
tree_diff() {
	LC_ALL=C diff -ru --no-dereference "$@" 2>/dev/null |
		sed -E 's/^(---|\+\+\+) ([^\t]*)\t.*/\1 \2/; s/^diff .* ([^ ]+ [^ ]+)$/diff \1/'
}

# untouched NAME: what has changed of files whose content has not: times (but of directories) and extended attributes;
# and what a conversion must not leave behind.
untouched() {
	python3 - "$tmp/out/$1.before.tar" "$tmp/out/$1.after.tar" <<'END' || echo "the trees could not be compared"
import hashlib, re, sys, tarfile

def read(path):
    members = {}
    with tarfile.open(path) as archive:
        for member in archive:
            content = hashlib.sha256(archive.extractfile(member).read()).hexdigest() if member.isreg() else member.linkname
            attributes = {key: value for key, value in member.pax_headers.items() if "xattr" in key or "selinux" in key or "acl" in key}
            members[member.name] = (content, None if member.isdir() else member.mtime, attributes)
    return members

before, after = read(sys.argv[1]), read(sys.argv[2])
labelled = any("selinux" in key for member in before.values() for key in member[2])
for name in sorted(after):
    if name in before:
        if before[name][0] == after[name][0] and before[name][1] != after[name][1]:
            print("time", name)
        if before[name][2] != after[name][2]:
            print("attributes", name, before[name][2], after[name][2])
    elif re.search(r"\.augsave$|\.augnew$|\.bak$|\.orig$|~$|\.rpm(save|new)$|\.dpkg-(old|new|dist)$|pre-v2v|/v2v-engine\.\w{6}$", name):
        print("left behind", name)
    # Where the programs of these guests tell what they were asked to do.
    if labelled and name not in before and name != "./var/log/phony.log" and not any("selinux" in key for key in after[name][2]):
        print("without a label", name)
END
}

# system NAME: which system it is, and what it is managed by.
system() {
	awk '
		/^(os|bootloader|initramfs|init)\./ { value[$1] = $3; gsub(/"/, "", value[$1]) }
		/^interface / && match($0, /manager = [a-z-]+/) { manager[substr($0, RSTART + 10, RLENGTH - 10)] }
		function say(name) { if (name in value) printf " %s", value[name] }
		END {
			printf "=="; say("os.id"); say("os.version"); printf ", family"; say("os.family")
			printf ";"; say("bootloader.kind"); say("initramfs.tool"); say("init.system"); printf ";"
			for (name in manager) printf " %s", name
			print ""
		}' "$tmp/out/$1.facts"
}

# changes NAME: the system, the steps that did something, and the difference of tree and domain, without what differs from run to run.
changes() {
	local name=$1 file same side
	system "$name"
	echo "== steps"
	# A step that finds nothing to do is no part of the result: a new one would change every file.
	step_results "$tmp/out/$name.report.json" | grep -v ' already$'
	for side in before after; do
		mkdir -p "$tmp/tree/$side"
		tar -C "$tmp/tree/$side" -xf "$tmp/out/$name.$side.tar"
		# What package tools keep for themselves.
		rm -f "$tmp/tree/$side"/var/lib/dpkg/{status-old,info/linux-*.{list,md5sums}}
		find "$tmp/tree/$side" -name 'rpmdb.sqlite-*' -delete
	done
	# The snapshot that is the root itself, as snapper has it, is the same files twice.
	for same in "$tmp"/tree/after/.snapshots/*/snapshot; do
		diff -rq --no-dereference "$same/etc" "$tmp/tree/after/etc" >/dev/null 2>&1 &&
			diff -rq --no-dereference "${same/after/before}/etc" "$tmp/tree/before/etc" >/dev/null 2>&1 &&
			rm -rf "$same" "${same/after/before}"
	done
	for side in before after; do
		(cd "$tmp/tree/$side" && find . -printf '%P %M %U:%G %l\n') | LC_ALL=C sort >"$tmp/$side.modes"
		# Kernels that come and go would fill the file.
		mv "$tmp/tree/$side/usr/lib/modules" "$tmp/tree/$side.modules" 2>/dev/null
	done
	(
		cd "$tmp/tree" || exit 1
		echo "== files"
		tree_diff -N before after
		[[ ! -d before.modules ]] || tree_diff before.modules after.modules
		for file in after/boot/init*; do
			cmp -s "$file" "before/${file#after/}" ||
				diff -u --label "before/${file#after/}" --label "$file" \
					<(names_in "before/${file#after/}") <(names_in "$file")
		done
		echo "== modes and owners"
		diff "$tmp/before.modes" "$tmp/after.modes" | grep '^[<>]' | grep -v ' usr/lib/modules/'
		untouched "$name" | grep -vE ' \./((usr/)?lib/modules/|.*/rpmdb\.sqlite-(shm|wal)$)'
		echo "== domain"
		# Of some there is a disk alone.
		diff -u --label source --label target <(xmllint --format "$phony/$name.xml" 2>/dev/null) <(xmllint --format "$tmp/out/$name.domain.xml")
	) | sed -E "s,$tmp(/v2v-engine\.\w+)?,TMP,g"
	chmod -R u+w "$tmp/tree"
	rm -rf "$tmp/tree"
}

# told NAME: what users are told of before the conversion.
told() {
	grep -E '^(remaining\.names|broken_entry|disk_rule|machine_secret) ' "$tmp/out/$1.facts"
}

compare() {
	diff -u "$1" "$2"
}

for name in "${names[@]}"; do
	if [[ -e $tmp/out/$name.error ]]; then
		# Which letters its disks have in the appliance depends on the guests before it; rules move in their files.
		sed -E "s,$tmp,TMP,g; s,$srcdir,SRC,g; s,/dev/sd[a-z]+,/dev/sdX,g; s,\.v2v:[0-9]+,.v2v,g" "$tmp/out/$name.error" >"$tmp/got"
		kind="error"
	elif [[ -e $tmp/out/$name.domain.xml ]]; then
		changes "$name" >"$tmp/got"
		kind="diff"
	else
		ok "$name: tried" false
		continue
	fi
	if [[ -n ${V2V_TEST_UPDATE:-} ]]; then
		rm -f "$expected/$name".{error,diff}
		cp "$tmp/got" "$expected/$name.$kind"
		grep "^$name " "$expected/untried.list" >>"$expected/guests.list" && sed -i "/^$name /d" "$expected/untried.list"
	fi
	ok "$name: as in phony/$name.$kind" compare "$expected/$name.$kind" "$tmp/got"
	[[ $kind == diff ]] || continue
	if [[ -e $expected/$name.told ]]; then
		told "$name" >"$tmp/got"
		[[ -z ${V2V_TEST_UPDATE:-} ]] || cp "$tmp/got" "$expected/$name.told"
		ok "$name: users are told as in phony/$name.told" compare "$expected/$name.told" "$tmp/got"
	fi
	if [[ -e $tmp/out/$name.again.error ]]; then
		ok "$name: converted again" cat "$tmp/out/$name.again.error" -
		continue
	fi
	ok "$name: converting again has steps" test "$(jq '.steps | length' "$tmp/out/$name.again.json")" -ge 3
	# A kernel from outside is copied each time.
	sed -i -E 's,/v2v-engine\.\w+/,/,; s,(<(kernel|initrd) )[^>]*>,\1>,' "$tmp/out/$name.again.xml" "$tmp/out/$name.domain.xml"
	ok "$name: and changes no file" is "$(step_results "$tmp/out/$name.again.json" | grep -v ' already$' |
		if grep -q '<kernel ' "$tmp/out/$name.domain.xml"; then grep -v '^xslt'; else cat; fi)" ""
	ok "$name: nor the domain" same_domain "$tmp/out/$name.again.xml" "$tmp/out/$name.domain.xml"
done

done_testing
