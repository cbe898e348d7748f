# SPDX-License-Identifier: GPL-2.0-or-later
# Domain documents, stylesheets, packages, and the facts that are read from them.
unit_tests += \
	tests/unit/test-xml \
	tests/unit/test-xslt \
	tests/unit/test-domain \
	tests/unit/test-docfacts \
	tests/unit/test-domain-schema \
	tests/unit/test-with \
	tests/unit/test-metadata

tests_unit_test_xml_SOURCES = tests/unit/test-xml.c
tests_unit_test_domain_SOURCES = tests/unit/test-domain.c
tests_unit_test_xslt_SOURCES = tests/unit/test-xslt.c tests/unit/ends.h
tests_unit_test_docfacts_SOURCES = tests/unit/test-docfacts.c
tests_unit_test_domain_schema_SOURCES = tests/unit/test-domain-schema.c
tests_unit_test_with_SOURCES = tests/unit/test-with.c
tests_unit_test_metadata_SOURCES = tests/unit/test-metadata.c
# Whole documents: what is read, and what becomes of it.
EXTRA_DIST += \
	tests/metadata/boot-first.after.xml \
	tests/metadata/boot-first.before.xml \
	tests/metadata/boot-said.after.xml \
	tests/metadata/boot-said.before.xml \
	tests/metadata/boot-second.after.xml \
	tests/metadata/boot-second.before.xml \
	tests/metadata/boot-words.after.xml \
	tests/metadata/boot-words.before.xml \
	tests/metadata/bridges.after.xml \
	tests/metadata/bridges.before.xml \
	tests/metadata/bridges.said \
	tests/metadata/counted-some.after.xml \
	tests/metadata/counted-some.before.xml \
	tests/metadata/counted.after.xml \
	tests/metadata/counted.before.xml \
	tests/metadata/crowded.after.xml \
	tests/metadata/crowded.before.xml \
	tests/metadata/crowded.said \
	tests/metadata/esx.after.xml \
	tests/metadata/esx.before.xml \
	tests/metadata/esx.said \
	tests/metadata/host-things.after.xml \
	tests/metadata/host-things.before.xml \
	tests/metadata/host-things.said \
	tests/metadata/hyperv.after.xml \
	tests/metadata/hyperv.before.xml \
	tests/metadata/hyperv.said \
	tests/metadata/kvm-i440fx.after.xml \
	tests/metadata/kvm-i440fx.before.xml \
	tests/metadata/kvm.after.xml \
	tests/metadata/kvm.before.xml \
	tests/metadata/mixed-disks.after.xml \
	tests/metadata/mixed-disks.before.xml \
	tests/metadata/mixed-disks.said \
	tests/metadata/newer.after.xml \
	tests/metadata/newer.before.xml \
	tests/metadata/newer.said \
	tests/metadata/no-virtio.after.xml \
	tests/metadata/no-virtio.before.xml \
	tests/metadata/no-virtio.said \
	tests/metadata/parallels.after.xml \
	tests/metadata/parallels.before.xml \
	tests/metadata/parallels.said \
	tests/metadata/secure-boot.after.xml \
	tests/metadata/secure-boot.before.xml \
	tests/metadata/unknown.after.xml \
	tests/metadata/unknown.before.xml \
	tests/metadata/unknown.said \
	tests/metadata/vbox.after.xml \
	tests/metadata/vbox.before.xml \
	tests/metadata/vbox.said \
	tests/metadata/vmware.after.xml \
	tests/metadata/vmware.before.xml \
	tests/metadata/vmware.said \
	tests/metadata/xen-host.after.xml \
	tests/metadata/xen-host.before.xml \
	tests/metadata/xen-host.said \
	tests/metadata/xen-hvm-efi.after.xml \
	tests/metadata/xen-hvm-efi.before.xml \
	tests/metadata/xen-hvm.after.xml \
	tests/metadata/xen-hvm.before.xml \
	tests/metadata/xen-hvm.said \
	tests/metadata/xen-pv-bare.after.xml \
	tests/metadata/xen-pv-bare.before.xml \
	tests/metadata/xen-pv.after.xml \
	tests/metadata/xen-pv.before.xml
