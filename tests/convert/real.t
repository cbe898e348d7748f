#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two real guests, each through one storage, converted and booted. The commit chooses them; V2V_TEST_ITEMS
# ("NAME/STORAGE ...") does so too, and check-long has them all. Those of layout.sh come in layouts.t.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/real.sh" || exit 1

# In steps of a prime that does not divide their number, so that guests which take long are seldom taken together.
mapfile -t all < <(real_items | grep -v ^layout-)
step=59
read -ra items <<<"${V2V_TEST_ITEMS:-}"
if ((${#items[@]} == 0)); then
	for ((i = 0; i < 2; i++)); do items+=("${all[$((($(turn) * 2 + i) * step % ${#all[@]}))]}"); done
fi

for item in "${items[@]}"; do
	name=${item%/*}
	storage=${item#*/}
	[[ -n ${build[$name]:-} ]] || { ok "$item is known" false; continue; }
	real_guest "$name" || exit 1
	before=$(sha256sum <"$made/$name.img")
	ok "$item: it is converted" real_convert "$name" "$storage"
	ok "$item: the source is as it was" is "$(sha256sum <"$made/$name.img")" "$before"
	disk=$(xmllint --xpath 'string(/domain/devices/disk/source/@file)' "$tmp/out/converted.xml" 2>/dev/null)
	told=$(qemu-img info --output=json "$disk" | jq -r '"\(.format) \(."backing-filename")"')
	case $storage in
	user) ok "$item: the disk is the user's" is "$(stat -c '%u %a' "$disk")" "12345 600" ;;
	copy-*) ok "$item: the disk stands alone" is "$told" "${storage#copy-} null" ;;
	snapshot) ok "$item: its backing file is the source" is "$told" "qcow2 $made/$name.img" ;;
	in-place) ok "$item: the domain names the disk itself" is "$disk" "$tmp/disk.img" ;;
	esac
	boot_ok "$item: it boots on virtio" "$tmp/out/converted.xml" "$made/$name.expect"
done

done_testing
