#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The program and a vendor's rules as packages, for dpkg and for rpm: they are built from a copy of the source,
# installed, run, broken, mended and removed. Everything happens in a copy of the host that is thrown away: an
# overlay in a mount namespace of its own, in which this script runs itself again with the name of a format.
format=${1:-}
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1
name=v2v-engine vendor=v2v-rules-acme

# ---- in the copy ----

# What dpkg and rpm are told differently.
dpkg_build() { (cd "$tmp/$vendor" && DEB_BUILD_OPTIONS=$1 dpkg-buildpackage -b -us -uc); }
dpkg_change() { sed -i "1s/(.*)/($1)/" "$tmp/$vendor/debian/changelog"; }
dpkg_install() { dpkg -i "$tmp/$1"_*.deb; }
dpkg_state() { dpkg-query -W -f '${Status} ${Version}' "$1"; }
dpkg_installed() { is "$(dpkg_state "$1")" "install ok installed $2"; }
dpkg_remove() { dpkg -P "$@"; }
rpm_build() {
	local version options=()
	version=$(sed -n 's/^Version: *//p' "$tmp/$vendor/$vendor.spec")
	[[ $1 ]] && options=("--$1")
	rm -f "$tmp/$vendor"-*.rpm
	mkdir -p "$tmp/rpmbuild/SOURCES" &&
		tar -C "$tmp" -cJf "$tmp/rpmbuild/SOURCES/$vendor-$version.tar.xz" --transform "s|^$vendor|$vendor-$version|" "$vendor" &&
		rpmbuild -bb --nodeps "${options[@]}" --define "_topdir $tmp/rpmbuild" "$tmp/$vendor/$vendor.spec" &&
		mv "$tmp/rpmbuild/RPMS/noarch/$vendor-$version"*.rpm "$tmp"
}
rpm_change() { sed -i "s/^\(Version: *\).*/\1$1/" "$tmp/$vendor/$vendor.spec"; }
# The database of rpm knows nothing of what dpkg installed here.
rpm_install() { rpm -U --nodeps --replacepkgs "$tmp/$1"-[0-9]*.rpm; }
rpm_installed() { is "$(rpm -q --qf '%{VERSION}' "$1")" "${2%-1}"; }
rpm_remove() { rpm -e "$@"; }
for action in build change install installed remove; do
	eval "$action() { ${format}_$action \"\$@\"; }"
done

variable() { pkg-config --variable="$1" v2v-engine; }
# The banner, of package $1, which says $2.
says_loudly() {
	exits 0 "will convert nothing until this is mended: after $1 was" "$2" "ln -s /dev/null /etc/v2v-engine/rules/" || return 1
}
gone() {
	local left
	left=$(find /usr/share/v2v-engine /usr/libexec/v2v-engine /usr/bin/v2v-engine /usr/share/pkgconfig/v2v-engine.pc \
		/usr/share/doc/v2v-engine /usr/share/man/man?/v2v-* /etc/v2v-engine 2>/dev/null)
	[[ -z $left ]] || { echo "$left"; return 1; }
}

in_copy() {
	local version=$1 rules engine=/usr/bin/v2v-engine

	unset V2V_ENGINE_DATA_DIR
	cd / || exit 1
	ok "$format: nothing is there yet" gone
	run install "$name"
	ok "$format: $name is installed" exits 0
	ok "$format: and says nothing of rules" hasnt "$err" mended
	ok "$format: it is known as installed" installed "$name" "$version"
	run "$engine" check
	ok "$format: its own rules are right" exits 0 "no errors"
	ok "$format: the .pc file names the version" is "$(pkg-config --modversion v2v-engine)" "${version%-*}"
	ok "$format: and the interface that the program has" \
		is "$("$engine" --version | sed -n 's/^interface of rules: //p')" "$(variable interface)"
	for directory in rules lua xslt; do
		ok "$format: and a directory that is there for $directory" test -d "$(variable ${directory}dir)"
		ok "$format: and that of the administrator" is "$(variable sysconf${directory}dir)" "/etc/v2v-engine/$directory"
	done
	ok "$format: the directory of the administrator is there" test -d /etc/v2v-engine/rules
	for page in "$tmp"/pages/*; do
		ok "$format: the page ${page##*/} is found" man -w -M /usr/share/man "$(basename "${page%.*}")"
	done
	for page in "$tmp"/docs/*.md; do
		ok "$format: ${page##*/} is there" test -e "/usr/share/doc/v2v-engine/${page##*/}"
	done

	rules=$(variable rulesdir)
	run "$engine" plan --facts "$tmp/guest.facts"
	ok "$format: the guest is one of a system that no rule knows" has "$out$err" "no rule knows the system acmelinux"

	# The vendor's package asks the program that is installed where files go, and whether its rules are right.
	run build ""
	ok "$format: the vendor's package is built, and its rules are tested" exits 0
	ok "$format: its tests were run" has "$out" "acme.family: Acme Linux is of the Debian family"
	if [[ $format == rpm ]]; then
		# It lacks much of what the database of rpm does not know of, but not the program.
		run rpm -U --test "$tmp/$vendor"-[0-9]*.rpm
		ok "$format: it lacks nothing that the program provides" hasnt "$err" "v2v-engine(rules"
		ok "$format: while the file asks for it" has "$(rpm -qp --requires "$tmp/$vendor"-[0-9]*.rpm)" "v2v-engine(rules-1) >= 1.0"
	fi
	run install "$vendor"
	ok "$format: it is installed" exits 0
	ok "$format: and says nothing of rules" hasnt "$err" mended
	for file in rules/acme/acmelinux.v2v rules/acme/acmelinux.test.v2v lua/acme/agent.lua xslt/acme/configure-acme.xsl; do
		ok "$format: $file is beside those of the program" test -f "${rules%/rules}/$file"
	done
	run "$engine" plan --facts "$tmp/guest.facts"
	ok "$format: the guest is planned by the vendor's rules" exits 0
	ok "$format: its script is called" has "$out" 'acme/agent.lua'
	ok "$format: its stylesheet too" has "$out" 'acme/configure-acme.xsl'
	ok "$format: and the program's rules do what its family needs" has "$out" 'enable_driver("virtio_blk"'
	ok "$format: and know the system" hasnt "$out$err" "no rule knows"

	# An edition that is made for another program.
	sed -i 's/^v2v-rules .*/v2v-rules 1.99/' "$tmp/$vendor/rules/acme/acmelinux.v2v"
	change 1.1
	run build nocheck
	ok "$format: an edition for a later program is built without its tests" exits 0
	run install "$vendor"
	ok "$format: its installation succeeds, and says loudly that and why nothing is converted" \
		says_loudly "$vendor" "this file is made for interface 1.99, but this v2v-engine has $(variable interface)"
	ok "$format: the package manager is not stuck" installed "$vendor" 1.1
	run "$engine" plan --facts "$tmp/guest.facts"
	ok "$format: the program refuses to work" exits 78 "made for interface 1.99"
	run install "$name"
	ok "$format: who installs the program again is told too" says_loudly "$name" "made for interface 1.99"

	# What the message says to do.
	mkdir -p /etc/v2v-engine/rules/acme
	ln -s /dev/null /etc/v2v-engine/rules/acme/acmelinux.v2v
	ln -s /dev/null /etc/v2v-engine/rules/acme/acmelinux.test.v2v
	run "$engine" check
	ok "$format: a file that is turned off is in nobody's way" exits 0
	rm -r /etc/v2v-engine/rules/acme

	# One that is right again, and has a file less: what was there before must not be seen with what is new.
	sed -i 's/^v2v-rules .*/v2v-rules 1/' "$tmp/$vendor/rules/acme/acmelinux.v2v"
	mv "$tmp/$vendor/rules/acme/acmelinux.v2v" "$tmp/$vendor/rules/acme/linux.v2v"
	change 1.2
	run build nocheck
	run install "$vendor"
	ok "$format: an upgrade to one that is right is silent" exits 0
	ok "$format: and says nothing of rules" hasnt "$err" mended
	run "$engine" check
	ok "$format: all is well again" exits 0

	run remove "$vendor"
	ok "$format: the vendor's package is removed" exits 0
	ok "$format: nothing of it is left" test ! -e "$rules/acme"
	run "$engine" check
	ok "$format: the program's rules are right without it" exits 0
	run remove "$name"
	ok "$format: the program is removed" exits 0
	ok "$format: nothing of it is left" gone
}

if [[ $format ]]; then
	tests_run=$2
	in_copy "$3"
	echo "$tests_run" >"$tmp/tests_run"
	exit 0
fi

# ---- on the host ----

((EUID == 0)) || skip_all "mounting a copy of the host needs root"
for tool in dpkg-buildpackage dh fakeroot rpmbuild rpm pkg-config unshare; do
	type "$tool" >/dev/null 2>&1 || skip_all "$tool is missing: tests/setup installs it"
done

# in_overlay COMMAND ...: runs it in a copy of the host, in which $tmp is the only thing that is shared.
in_overlay() {
	# shellcheck disable=SC2016
	unshare --mount --propagation private bash -c '
		set -e
		tmp=$1
		shift
		mount -t tmpfs -o mode=755 tmpfs "$tmp/copy"
		number=0
		for directory in / /usr /etc /var /opt; do
			[[ $directory == / ]] || mountpoint -q "$directory" || continue
			number=$((number + 1))
			mkdir -p "$tmp/copy/$number"/{upper,work} "$tmp/copy/root"
			mount -t overlay overlay "$tmp/copy/root$directory" \
				-o "lowerdir=$directory,upperdir=$tmp/copy/$number/upper,workdir=$tmp/copy/$number/work"
		done
		root=$tmp/copy/root
		mkdir -p "$root$tmp" "$root/proc" "$root/dev" "$root/tmp"
		mount --bind "$tmp" "$root$tmp"
		mount --rbind /proc "$root/proc"
		mount --rbind /dev "$root/dev"
		mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
		exec chroot "$root" "$@"' in_overlay "$tmp" "$@"
}
mkdir "$tmp/copy"
in_overlay true 2>"$tmp/overlay.err" || skip_all "no copy of the host can be mounted: $(tail -n 1 "$tmp/overlay.err")"

# What others set for their own build is none of these packages'.
unset MAKEFLAGS MFLAGS MAKELEVEL DESTDIR V2V_ENGINE_DATA_DIR
host_before=$(cd / && find usr/libexec/v2v-engine usr/bin/v2v-engine usr/share/v2v-engine etc/v2v-engine 2>&1)

version=$(sed -n 's/^AC_INIT(\[v2v-engine\], \[\(.*\)\])/\1/p' "$srcdir/configure.ac")
language=$(sed -n 's/^m4_define(\[v2v_rules_language\], \[\(.*\)\])/\1/p' "$srcdir/configure.ac")
interface=$(sed -n 's/^m4_define(\[v2v_rules_interface\], \[\(.*\)\])/\1/p' "$srcdir/configure.ac")
source=$tmp/$name-$version

# What is distributed, without what autoreconf makes: as somebody checks it out.
run make -s -C "$builddir" distdir distdir="$source"
ok "the source can be copied" exits 0
chmod -R u+w "$source"
(cd "$source" && rm -rf configure config.h.in aclocal.m4 Makefile.in build-aux m4)
cp -r "$source" "$tmp/for-rpm"
cp -r "$source/packaging/example-vendor" "$tmp/$vendor"
cp -r "$source/packaging/example-vendor" "$tmp/$vendor.orig"

# Where a version is written a second time, it is the same.
ok "debian/changelog has the version of configure.ac" has "$(head -n 1 "$srcdir/debian/changelog")" "($version-"
ok "so has the .spec" grep -qx "Version: *$version" "$srcdir/packaging/$name.spec"
ok "and the interface of rules" is "$(sed -n 's/^%global rules_\(language\|interface\) //p' "$srcdir/packaging/$name.spec" | paste -s -d .)" \
	"$language.$interface"

# Optimising takes most of the time of a build, and shows nothing here.
build_deb() {
	(cd "$source" && DEB_BUILD_OPTIONS="noopt nocheck noautodbgsym parallel=$(nproc)" dpkg-buildpackage -b -us -uc -nc)
}
build_rpm() {
	mkdir -p "$tmp/rpmbuild/SOURCES" &&
		tar -C "$tmp" -cJf "$tmp/rpmbuild/SOURCES/$name-$version.tar.xz" --transform "s|^for-rpm|$name-$version|" for-rpm &&
		rpmbuild -bb --nodeps --nocheck --define "_topdir $tmp/rpmbuild" --define "optflags -O0" "$tmp/for-rpm/packaging/$name.spec" &&
		mv "$tmp/rpmbuild/RPMS"/*/"$name-$version"-*.rpm "$tmp"
}
run build_deb
ok "dpkg-buildpackage builds $name" exits 0
run build_rpm
ok "rpmbuild builds $name" exits 0

deb=$(echo "$tmp/$name"_*.deb) rpm=$(echo "$tmp/$name"-*.rpm)
files_of_deb() { dpkg-deb --fsys-tarfile "$deb" | tar -t | grep -v '/$' | sed 's|^\.||; s|\.gz$||' | sort; }
files_of_rpm() { rpm -qp --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' "$rpm" | sed -n 's/^-[^ ]* //p' | sed 's|\.gz$||' | sort; }
# What dpkg-deb adds to the documents, and rpm to find what belongs to a program.
ok "both hold the same files" is "$(files_of_rpm | grep -v '/\.build-id/')" "$(files_of_deb | grep -vE '/doc/v2v-engine/(copyright|changelog\.Debian)$')"
ok "the interface is what packages of rules depend on (dpkg)" is "$(dpkg-deb -f "$deb" Provides)" \
	"v2v-engine-rules-$language (= $language.$interface)"
ok "the interface is what packages of rules depend on (rpm)" has "$(rpm -qp --provides "$rpm")" \
	"v2v-engine(rules-$language) = $language.$interface"

# What doc/packaging.md says of the .pc file is all that is in it.
described=$(sed -n '/^   | variable /,/^$/p' "$srcdir/doc/packaging.md")
for variable in $(sed -n 's/^\([a-z]*\)=.*/\1/p' "$srcdir/packaging/v2v-engine.pc.in"); do
	case $variable in
	prefix | exec_prefix | bindir | datarootdir | datadir | sysconfdir) ;;
	*) ok "doc/packaging.md describes $variable" has "$described" "\`$variable\`" ;;
	esac
done
ok "doc/interface.md has the number" grep -q "This is $language\.$interface\." "$srcdir/doc/interface.md"

# make install and make uninstall agree, and what is installed is what was packaged.
run make -s -C "$source/debian/build" install DESTDIR="$tmp/installed"
ok "make install DESTDIR=" exits 0
absent() { # what installed pages name below packaging/ and is not beside them
	local path
	cd "$tmp/installed/usr/share/doc/v2v-engine" || return
	grep -rhoE '`packaging/[^` ]+`' --include='*.md' . | tr -d '`' | grep -v 'v2v-engine\.spec' | sort -u | while read -r path; do
		[[ -e $path ]] || echo "$path"
	done
}
ok "what its pages name is installed" is "$(absent)" ""
ok "the example of a vendor is whole" is \
	"$(cd "$tmp/installed/usr/share/doc/v2v-engine/packaging/example-vendor" && find . -type f | sort)" \
	"$(cd "$srcdir/packaging/example-vendor" && find . -type f | sort)"
ok "installs what the package holds" is "$(cd "$tmp/installed" && find . -type f | sed 's|^\.||' | sort)" \
	"$(files_of_rpm | grep -v '/\.build-id/')"
mkdir -p "$tmp/installed/usr/share/v2v-engine/rules/acme"
touch "$tmp/installed/usr/share/v2v-engine/rules/acme/kept.v2v"
run make -s -C "$source/debian/build" uninstall DESTDIR="$tmp/installed"
ok "make uninstall" exits 0
ok "removes it all, and leaves what others installed" is "$(cd "$tmp/installed" && find . ! -type d)" \
	./usr/share/v2v-engine/rules/acme/kept.v2v
ok "and no directory of its own" is "$(cd "$tmp/installed" && find . -type d -path '*v2v-engine*' | sort)" "$(
	cd "$tmp" && printf './usr/share/v2v-engine%s\n' '' /rules /rules/acme
)"

# What is known of a guest: all that rules could ask for was asked, and there was nothing.
{
	echo 'v2v-rules 1'
	echo 'capture "a guest with Acme Linux" {'
	echo '  given source { domain-type = "xen", os-type = "hvm" }'
	echo '  given target { name = kvm }'
	echo '  given os { type = linux, id = "acmelinux", version = "3", arch = x86_64, package-format = deb }'
	echo '  given initramfs { tool = initramfs-tools, udev = true }'
	echo '  given bootloader { kind = grub2, config = "/boot/grub/grub.cfg" }'
	echo '  given kernel { version = "6.1.0-18-amd64", image = "/boot/vmlinuz-6.1.0-18-amd64", modules = "/lib/modules/6.1.0-18-amd64", default = true, installed = true }'
	for module in virtio_blk virtio_pci virtio_net virtio_scsi ahci; do
		echo "  given kernel_module { kernel = \"6.1.0-18-amd64\", name = \"$module\", builtin = false }"
	done
	echo '  given file { path = "/etc/acme/agent.conf", type = file, size = 20 }'
	for list in "probed:^probe [a-z0-9._-]*" "known:^fact [a-z0-9_-]*"; do
		echo "  ${list%%:*} $(find "$source/rules" -name '*.v2v' -exec grep -ohE "${list#*:}" {} + | sed 's/^[a-z]* //' | sort -u | paste -s -d ,)"
	done
	echo "  asked $(find "$source/rules" "$tmp/$vendor/rules" -name '*.v2v' -exec grep -ohE '"/[^" ]*"' {} + | sort -u | paste -s -d ,)"
	echo '}'
} >"$tmp/guest.facts"

mkdir "$tmp/tests" "$tmp/pages" "$tmp/docs"
cp "$srcdir/tests/lib.sh" "$tmp/tests"
cp "$0" "$tmp/packaging.t"
cp "$srcdir"/doc/*.[1-8] "$tmp/pages"
cp "$srcdir"/README.md "$srcdir"/doc/*.md "$tmp/docs"

for format in dpkg rpm; do
	rm -rf "${tmp:?}/$vendor"
	cp -r "$tmp/$vendor.orig" "$tmp/$vendor"
	in_overlay env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		V2V_TEST_SRCDIR="$tmp" V2V_TEST_BUILDDIR="$tmp" V2V_TEST_TMPDIR="$tmp" \
		bash "$tmp/packaging.t" "$format" "$tests_run" "$([[ $format == dpkg ]] && dpkg-deb -f "$deb" Version || echo "$version-1")" </dev/null
	run cat "$tmp/tests_run"
	tests_run=${out:-$tests_run}
	ok "$format: all of it was run" exits 0
	rm -f "$tmp/tests_run"
done
ok "the host is as it was" is "$(cd / && find usr/libexec/v2v-engine usr/bin/v2v-engine usr/share/v2v-engine etc/v2v-engine 2>&1)" \
	"$host_before"
done_testing
