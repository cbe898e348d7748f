#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# facts --capture: nothing private remains in it, and it is planned and tested as what it was made from.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

# A vendor's own fact, whose declaration says what is private in it.
mkdir -p "$tmp/my/rules"
cat >"$tmp/my/rules/my.v2v" <<'EOF'
v2v-rules 1

fact my_asset each {
  tag: string key private serial "the sticker"
  owner: string private name
  bmc: string private address
  image: path private path
  note: string
  form: string public
}
EOF

# A capture of everything, with the paths that rules ask for, the probes that there are, and the kinds that they know.
asked=$(grep -rhE 'path (==|in) ' "$srcdir/rules" --include='*.v2v' | grep -oE '"/[^"]+"' | sort -u | paste -sd,)
probed=$(sed -nE 's/^probe ([a-z_]+) .*/\1/p' "$srcdir/rules/probes.v2v" | paste -sd,)
known=$(sed -nE 's/^fact ([a-z_]+) .*/\1/p' "$srcdir/rules/prelude.v2v" | paste -sd,)
cat >"$tmp/raw.v2v" <<EOF
v2v-rules 1

capture "web01.planted-corp.com" {
  given source { domain-type = "xen", os-type = "linux", name = "web01.planted-corp.com", kernel = "/var/lib/xen/images/plantedcorp/vmlinuz", cmdline = "root=/dev/xvda1 ip=10.20.30.40::10.20.30.1:255.255.255.0:web01:eth0:off luks.key=s3cr3tPW url=https://alice:pw@planted-corp.com/x.ks wwn=0x5000c500a1b2c3d4", nvram = "/srv/plantedcorp/web01_VARS.fd" }
  given disk { target = "xvda", bus = "xen", format = "raw", serial = "WD-PLANTED4567890ABCDEFGH" }
  given nic { mac = "00:16:3e:12:34:56", type = "bridge", source = "br-planted-dmz", model = "netfront" }
  given nic { mac = "00:16:3e:12:34:57", type = "bridge", source = "br-planted-dmz", model = "netfront" }
  given inspection { type = "linux", distro = "debian", product = "Debian GNU/Linux 12", hostname = "web01.planted-corp.com", root = "/dev/vg_web01/root" }
  given mount { path = "/", device = "/dev/vg_web01/root" }
  given mount { path = "/home/alice", device = "/dev/xvda2" }
  given filesystem { device = "/dev/vg_web01/root", type = "ext4", label = "plantedroot", uuid = "12345678-1234-1234-1234-123456789abc" }
  given filesystem { device = "/dev/xvda2", type = "vfat", uuid = "ABCD-1234" }
  given appliance_disk { target = "xvda", device = "/dev/sda" }
  given os { type = linux, id = debian, version = "12", major = 12, arch = x86_64, product = "Debian GNU/Linux 12", package-format = deb }
  given package { name = "web01-tools", version = "1.2.3.4", arch = "all" }
  given package { name = "open-vm-tools", version = "2:12", arch = "amd64" }
  given kernel { version = "4.18.0.193", flavour = plain, image = "/boot/0123456789abcdef0123456789abcdef/4.18.0.193/linux", initrd = "/boot/initrd", modules = "/lib/modules/4.18.0.193", installed = true }
  given kernel_module { kernel = "4.18.0.193", name = "virtio_blk", builtin = true }
  given kernel_module { kernel = "4.18.0.193", name = "virtio_pci", builtin = true }
  given kernel_module { kernel = "4.18.0.193", name = "virtio_net", builtin = true }
  given initramfs { tool = initramfs-tools }
  given bootloader { kind = grub2, config = "/boot/grub/grub.cfg", installed = true, partitioned = true }
  given disk_name { old = "/dev/xvda", new = "/dev/vda", disk = "xvda" }
  given disk_name { old = "/dev/disk/by-id/virtio-WD-PLANTED4567890ABC", new = "/dev/vda", disk = "xvda" }
  given interface { mac = "00:16:3e:12:34:56", name = "enx00163e123456", manager = ifupdown }
  given interface { mac = "00:16:3e:12:34:57", name = "eth1", manager = ifupdown }
  given init { system = systemd }
  given service { name = "backup-web01.service", enabled = true }
  given mapping { option = "mac", old = "00:16:3e:12:34:57", kind = "ip", address = "10.20.30.41/24", gateway = "10.20.30.1", dns = "10.20.30.2 fd12:3456::53" }
  given mapping { option = "bridge", old = "br-planted-dmz", kind = "bridge", new = "br-other" }
  given target { name = kvm, source = "libvirtxml", guest-name = "web01.planted-corp.com" }
  given option { first-boot = "/home/alice/setup.sh" }
  given my_asset { tag = "AS-99177", owner = "Alice Planter", bmc = "10.20.30.99", image = "/srv/plantedcorp/golden.img", note = "see as-99177 at http://wiki.planted/x and 10.20.30.99", form = "10.20.30.98" }
  asked $asked
  probed $probed
  known $known
}
EOF

engine facts --rules-dir "$tmp/my" --facts "$tmp/raw.v2v" --capture "$tmp/sent.v2v"
ok "a capture is written" exits 0
ok "and nothing printed" is "$out" ""
engine facts --rules-dir "$tmp/my" --facts "$tmp/raw.v2v" --capture -
ok "or printed" is "$out" "$(<"$tmp/sent.v2v")"
text=$out

hasnt_secret() {
	local secret
	for secret in planted planter web01 alice 10.20.30.{1,2,40,41,99} 255.255.255.0:web fd12: 3456 00:16:3e 00163e s3cr3t \
		12345678-1234 123456789abc abcd-1234 wd-pl 0123456789abcdef a1b2c3d4 99177 wiki dmz; do
		! grep -iF -- "$secret" <<<"$text" || return 1
	done
}
ok "none of what is private is in it" hasnt_secret
ok "a comment says what was replaced, in counts" has "$text" "# 10 names, 7 network addresses, 2 hardware addresses, 3 UUIDs, 3 serial numbers, 9 parts of paths, 2 URIs, 1 secret."
ok "hardware addresses are valid ones of nobody" has "$text" 'given nic { mac = "02:00:00:00:00:01"'
ok "and are found in the names of interfaces" has "$text" 'interface { mac = "02:00:00:00:00:01", name = "enx020000000001"'
ok "addresses are those for documentation" has "$text" 'gateway = "192.0.2.3", dns = "192.0.2.4 2001:db8::5"'
ok "netmasks stay" has "$text" ":255.255.255.0:name-1:eth0:off"
ok "versions stay, and so do they in paths" has "$text" 'modules = "/lib/modules/4.18.0.193"'
ok "what rules name stays" has "$text" 'package { name = "open-vm-tools"'
ok "a UUID without dashes stays one" has "$text" 'image = "/boot/00000000000040008000000000000003/4.18.0.193/linux"'
ok "the words of enums stay" has "$text" 'given os { type = linux, id = debian, version = "12", major = 12, arch = x86_64'
ok "a vendor's fact says what is private, and public" has "$text" 'given my_asset { tag = "serial-1", owner = "name-5", bmc = "192.0.2.1", image = "/path-1/path-2/path-3", note = "see serial-1 at http://uri-1 and 192.0.2.1", form = "10.20.30.98" }'

# The same plan, but for the names.
cat >"$tmp/names.sed" <<'EOF'
s/00:16:3e:12:34:56/02:00:00:00:00:01/g
s/00:16:3e:12:34:57/02:00:00:00:00:02/g
s/enx00163e123456/enx020000000001/g
s/WD-PLANTED4567890ABC/serial-2/g
s,10\.20\.30\.41/24,192.0.2.2/24,g
s,"10\.20\.30\.1","192.0.2.3",g
s/10\.20\.30\.2 fd12:3456::53/192.0.2.4 2001:db8::5/g
s,/home/alice/setup.sh,/path-8/name-6/path-9,g
EOF
engine plan --rules-dir "$tmp/my" --facts "$tmp/raw.v2v"
ok "the facts are planned from" exits 0
sed -f "$tmp/names.sed" <<<"$out" >"$tmp/expected"
ok "with requests that have private arguments" grep -q 'set_address("02:00' "$tmp/expected"
engine plan --rules-dir "$tmp/my" --facts "$tmp/sent.v2v"
ok "the capture gives the same plan" diff "$tmp/expected" - <<<"$out"
engine facts --rules-dir "$tmp/my" --facts "$tmp/sent.v2v" --capture "$tmp/again.v2v"
ok "a capture can be captured again" exits 0

# An author makes a test of it.
cat >"$tmp/my/rules/my.test.v2v" <<'EOF'
v2v-rules 1

test "the guest of the report" {
  given file "../../sent.v2v"
  expect remap_device("/dev/disk/by-id/virtio-serial-2", "/dev/vda")
  expect keep_interface("02:00:00:00:00:01", "enx020000000001")
}
EOF
engine test --rules-dir "$tmp/my"
ok "it loads in a test" exits 0
ok "which runs" has "$out" "my.test.v2v: the guest of the report"

# The facts of a capture, derived ones too.
engine facts --rules-dir "$tmp/my" --facts "$tmp/sent.v2v"
ok "facts of a capture as text" grep -qE '^os\.family +=' "$tmp/run.out"
engine facts --rules-dir "$tmp/my" --facts "$tmp/sent.v2v" --first-boot "$tmp/names.sed"
ok "an option of a rule counts beside it, as in plan" grep -qF "$tmp/names.sed" "$tmp/run.out"

engine facts --facts "$tmp/raw.v2v" --capture - --format json
ok "a capture has one format" exits 64 "--format json: a capture has the format rules"
engine facts
ok "a guest or a capture has to be named" exits 64 "expected either GUEST or --facts FILE"
engine facts --rules-dir "$tmp/my" --facts "$tmp/raw.v2v" --capture "$tmp/no/such/directory"
ok "a file that cannot be written" exits 73 "--capture $tmp/no/such/directory"

done_testing
