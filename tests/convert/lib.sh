# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For tests that convert guests: makes guests, compares, boots.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

guests=$srcdir/tests/guests

# The tests of whole guests share what the builders made within one build directory.
made=$builddir/tests/guests-made
mkdir -p "$made"

# guest BUILDER NAME ARGUMENT ...: has $made/NAME.img, .xml and .expect made once.
guest() {
	local builder=$1 name=$2
	shift 2
	(
		flock 9
		[[ -e $made/$name.made ]] && exit 0
		"$guests/$builder" --output "$made" --name "$name" "$@" >"$made/$name.log" 2>&1 || {
			sed 's/^/# /' "$made/$name.log"
			exit 1
		}
		touch "$made/$name.made"
	) 9>"$made/$name.lock"
}

# boots DOMAIN-XML EXPECT-FILE [ARGUMENT ...]
boots() {
	local domain=$1 expect=$2
	shift 2
	"$guests/boot.sh" --domain "$domain" --expect "$expect" --timeout 400 --log "$tmp/console.log" "$@" || {
		tail -n 30 "$tmp/console.log"
		return 1
	}
}

# boot_ok NAME DOMAIN-XML EXPECT-FILE [ARGUMENT ...]: one result, or a skip where nothing is booted.
boot_ok() {
	local name=$1
	shift
	if [[ -n ${V2V_TEST_NO_BOOT:-} ]]; then
		skip "$name" "V2V_TEST_NO_BOOT is set"
	else
		ok "$name" boots "$@"
	fi
}

# layout_guest NAME: has $made/layout-NAME.vmx; each layout goes with a suite and a way to configure the network. Those after
# the sixth have a layout of these, and cards that are hard to tell apart.
layout_guest() {
	local -A with=([lvm]="lvm bookworm ifupdown" [btrfs]="btrfs bookworm networkd" [uefi]="uefi trixie netplan" [luks]="luks bullseye ifupdown"
		[systemd-boot]="systemd-boot bookworm networkd" [dracut]="dracut bookworm networkd"
		[inferred]="btrfs bookworm networkd --no-slots" [counted]="lvm bullseye counted" [by-driver]="uefi trixie netplan-driver")
	# shellcheck disable=SC2086 # they are several
	set -- "$1" ${with[$1]:?no such layout: $1}
	guest layout.sh "layout-$1" --layout "$2" --suite "$3" --network "$4" "${@:5}"
}

# layout_arguments LAYOUT: sets arguments, of its conversion.
layout_arguments() {
	arguments=()
	[[ $1 == luks ]] || return 0
	printf kept-from-all >"$tmp/key"
	arguments=(--key "all:file:$tmp/key")
}

# same_domain A B: equal in canonical form.
same_domain() {
	diff -u <(xmllint --c14n --noblanks "$1") <(xmllint --c14n --noblanks "$2")
}

# step_results REPORT: one "operation provider result" a line.
step_results() {
	jq -r '.steps[] | "\(.operation) \(.provider // "-") \(.result)"' "$1"
}

# The appliance is built once, not in the temporary directory of each test.
export LIBGUESTFS_CACHEDIR=${LIBGUESTFS_CACHEDIR:-/var/tmp}

appliance_works() {
	[[ -z ${V2V_TEST_NO_APPLIANCE:-} ]]
}
appliance_works || skip_all "V2V_TEST_NO_APPLIANCE is set: no appliance is started"
