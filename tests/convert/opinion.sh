# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# A second opinion on a converted guest: programs that have no part in conversions check its file systems, and say which files
# and which blocks differ from the source's without a record. To be sourced after lib.sh.

# opinion_open DISK ...: starts an appliance that sees the disks, and has their system mounted without writing to them.
opinion_open() {
	local disk arguments=()
	for disk; do arguments+=(--format="$(qemu-img info --output=json "$disk" | jq -r .format)" -a "$disk"); done
	[[ ! -e $tmp/key ]] || arguments+=(--key "all:file:$tmp/key")
	# Other programs take a /dev/kvm that opens for one that works.
	[[ -n ${opinion_accel:-} ]] || opinion_accel=$("$builddir/v2v-engine" doctor --json 2>/dev/null | jq -r '.[] | select(.what == "KVM").verdict')
	[[ $opinion_accel == ok ]] || export LIBGUESTFS_BACKEND_SETTINGS=force_tcg
	eval "$(LIBGUESTFS_BACKEND=direct timeout 600 guestfish --listen --ro "${arguments[@]}" -i </dev/null)"
	[[ -n ${GUESTFISH_PID:-} ]]
}

opinion_ask() {
	timeout 1200 guestfish --remote -- "$@"
}

opinion_close() {
	opinion_ask exit
	unset GUESTFISH_PID
}

# opinion_list: one line for each file of what is mounted: everything but its times
opinion_list() {
	opinion_ask tar-out / - numericowner:true xattrs:true selinux:true acls:true excludes:'./dev/* ./proc/* ./sys/*' | python3 -c '
import hashlib, sys, tarfile

archive = tarfile.open(fileobj=sys.stdin.buffer, mode="r|")
for member in archive:
    content = hashlib.sha256()
    if member.isreg():
        stream = archive.extractfile(member)
        for chunk in iter(lambda: stream.read(1 << 20), b""):
            content.update(chunk)
    attributes = sorted((key, value) for key, value in member.pax_headers.items() if key.startswith(("SCHILY", "RHT")))
    print(member.name[1:] or "/", member.type.decode(), oct(member.mode), member.uid, member.gid, member.linkname if not member.islnk() else "",
          content.hexdigest() if member.isreg() else "", attributes, sep="\t")
' | LC_ALL=C sort
}

# opinion_check: has every file system checked by its own program, without mending; prints what that says of those with faults
opinion_check() {
	local line device type command inside said failed=0
	opinion_ask umount-all
	while read -r line; do
		device=${line%%: *} type=${line#*: }
		case $type in
		ext[234]) command="e2fsck -fn" ;;
		xfs) command="xfs_repair -n" ;;
		btrfs) command="btrfs check --readonly" ;;
		vfat) command="fsck.vfat -n" ;;
		*) continue ;;
		esac
		# What the library calls a disk, its kernel may call another name. A command that fails would end the appliance.
		inside=$(opinion_ask debug sh "blkid -U '$(opinion_ask vfs-uuid "$device")'")
		said=$(opinion_ask debug sh "$command $inside 2>&1; echo status \$?")
		[[ $said == *"status 0" ]] || { printf '%s (%s): %s\n' "$device" "$type" "$said"; failed=1; }
	done < <(opinion_ask list-filesystems | sed '/^btrfsvol:/d')
	return $failed
}

# opinion_unexplained BEFORE AFTER REPORT: the lines of two lists that differ though the report records no change of that path. A
# directory differs by what is made in it.
opinion_unexplained() {
	jq -r '.steps[].changes[]? | .path // empty' "$3" | LC_ALL=C sort -u >"$tmp/recorded"
	diff "$1" "$2" | sed -n 's/^[<>] //p' | awk -F '\t' 'NR == FNR { known[$0] = 1; next } !($1 in known)' "$tmp/recorded" - | LC_ALL=C sort -u
}

# opinion_blocks REPORT SOURCE-DISK ... -- RESULT-DISK ...: every block that differs has to be explained; prints those that are not. What
# was counted is in $tmp/blocks.
opinion_blocks() {
	local report=$1 sources=() image failed=0 i
	shift
	while [[ $1 != -- ]]; do sources+=("$1"); shift; done
	shift
	: >"$tmp/blocks"
	[[ ${#sources[@]} == "$#" ]] || { echo "there were ${#sources[@]} disks, and are $#"; return 1; }
	for ((i = 0; i < ${#sources[@]}; i++)); do
		qemu-img convert -O raw "${sources[i]}" "$tmp/blocks.before" && qemu-img convert -O raw "$1" "$tmp/blocks.after" &&
			python3 "$srcdir/tests/convert/blocks.py" "$report" "$tmp/blocks.before" "$tmp/blocks.after" >"$tmp/blocks.one" || failed=1
		cat "$tmp/blocks.one" >>"$tmp/blocks"
		shift
	done
	rm -f "$tmp/blocks.before" "$tmp/blocks.after" "$tmp/blocks.one"
	grep '^unexplained' "$tmp/blocks"
	return $failed
}

# opinion_told: what opinion_blocks counted, in a line
opinion_told() {
	awk -F ': ' '{ count[$1] += $NF } END { for (kind in count) print count[kind] " " kind }' "$tmp/blocks" | sort -k 2 | paste -s -d , | sed 's/,/, /g'
}

# opinion REPORT SOURCE-DISK ... -- RESULT-DISK ...: prints what speaks against the result, and fails if anything does
opinion() {
	local report=$1 sources=() faults=0
	opinion_blocks "$@" || faults=1
	shift
	while [[ $1 != -- ]]; do sources+=("$1"); shift; done
	shift
	opinion_open "${sources[@]}" || { echo "the source cannot be opened"; return 1; }
	opinion_list >"$tmp/before.list"
	opinion_close
	opinion_open "$@" || { echo "the result cannot be opened"; return 1; }
	opinion_list >"$tmp/after.list"
	opinion_check || faults=1
	opinion_close
	[[ -s $tmp/before.list && -s $tmp/after.list ]] || { echo "the files could not be listed"; return 1; }
	# What programs of the guest wrote is not on record, only that they ran.
	if jq -e '[.steps[].changes[]? | select(.path == null)] | length == 0' "$report" >/dev/null; then
		opinion_unexplained "$tmp/before.list" "$tmp/after.list" "$report" >"$tmp/unexplained"
		[[ ! -s $tmp/unexplained ]] || { echo "changed without a record:"; cut -c1-200 "$tmp/unexplained"; faults=1; }
	fi
	return $faults
}
