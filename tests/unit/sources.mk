# SPDX-License-Identifier: GPL-2.0-or-later
# What sources read.
unit_tests += tests/unit/test-normalize
tests_unit_test_normalize_SOURCES = tests/unit/test-normalize.c
# Documents as they are given, and as --print-source shows them.
EXTRA_DIST += \
	tests/metadata/sources/backing.expect \
	tests/metadata/sources/backing.xml \
	tests/metadata/sources/bare.expect \
	tests/metadata/sources/bare.xml \
	tests/metadata/sources/cells.expect \
	tests/metadata/sources/cells.xml \
	tests/metadata/sources/controllers.expect \
	tests/metadata/sources/controllers.xml \
	tests/metadata/sources/counted.expect \
	tests/metadata/sources/counted.ovf \
	tests/metadata/sources/counted.said \
	tests/metadata/sources/devices.expect \
	tests/metadata/sources/devices.said \
	tests/metadata/sources/devices.vmx \
	tests/metadata/sources/dialect.expect \
	tests/metadata/sources/dialect.vmx \
	tests/metadata/sources/disk-alone.document \
	tests/metadata/sources/disk-said.document \
	tests/metadata/sources/firmware.expect \
	tests/metadata/sources/firmware.xml \
	tests/metadata/sources/host-side.expect \
	tests/metadata/sources/host-side.said \
	tests/metadata/sources/host-side.vmx \
	tests/metadata/sources/left-out.expect \
	tests/metadata/sources/left-out.ovf \
	tests/metadata/sources/left-out.said \
	tests/metadata/sources/libvirt.document \
	tests/metadata/sources/ovirt.expect \
	tests/metadata/sources/ovirt.ovf \
	tests/metadata/sources/ovirt.said \
	tests/metadata/sources/units.expect \
	tests/metadata/sources/units.xml \
	tests/metadata/sources/vbox-machine.expect \
	tests/metadata/sources/vbox-machine.ovf \
	tests/metadata/sources/vbox-machine.said \
	tests/metadata/sources/vmware.expect \
	tests/metadata/sources/vmware.said \
	tests/metadata/sources/vmware.xml \
	tests/metadata/sources/xen-hvm.expect \
	tests/metadata/sources/xen-hvm.ovf \
	tests/metadata/sources/xen-pv.expect \
	tests/metadata/sources/xen-pv.ovf
