# SPDX-License-Identifier: GPL-2.0-or-later
# Installed with their directories, so that a name is the same in every rule directory.
nobase_dist_pkgdata_DATA = \
	rules/codes.md \
	rules/prelude.v2v
nobase_dist_pkgdata_DATA += \
	rules/hypervisors/clouds.test.v2v \
	rules/hypervisors/clouds.v2v \
	rules/hypervisors/firmware.test.v2v \
	rules/hypervisors/firmware.v2v \
	rules/hypervisors/hyperv.test.v2v \
	rules/hypervisors/hyperv.v2v \
	rules/hypervisors/image.test.v2v \
	rules/hypervisors/image.v2v \
	rules/hypervisors/kvm.test.v2v \
	rules/hypervisors/kvm.v2v \
	rules/hypervisors/parallels.test.v2v \
	rules/hypervisors/parallels.v2v \
	rules/hypervisors/tools.test.v2v \
	rules/hypervisors/tools.v2v \
	rules/hypervisors/virtualbox.test.v2v \
	rules/hypervisors/virtualbox.v2v \
	rules/hypervisors/vmware.test.v2v \
	rules/hypervisors/vmware.v2v \
	rules/hypervisors/xen.test.v2v \
	rules/hypervisors/xen.v2v
nobase_dist_pkgdata_DATA += \
	rules/targets/kvm.test.v2v \
	rules/targets/kvm.v2v
nobase_dist_pkgdata_DATA += \
	rules/families/alpine.v2v \
	rules/families/alt.v2v \
	rules/families/arch.v2v \
	rules/families/debian.v2v \
	rules/families/families.test.v2v \
	rules/families/gentoo.v2v \
	rules/families/mageia.v2v \
	rules/families/rhel.v2v \
	rules/families/suse.v2v \
	rules/families/unknown.test.v2v \
	rules/families/unknown.v2v \
	rules/families/void.v2v \
	rules/guest/agent.test.v2v \
	rules/guest/agent.v2v \
	rules/guest/boot-menu.test.v2v \
	rules/guest/boot-menu.v2v \
	rules/guest/bootloader.test.v2v \
	rules/guest/bootloader.v2v \
	rules/guest/checks.test.v2v \
	rules/guest/checks.v2v \
	rules/guest/clocks.test.v2v \
	rules/guest/clocks.v2v \
	rules/guest/cloud-init.test.v2v \
	rules/guest/cloud-init.v2v \
	rules/guest/console.v2v \
	rules/guest/direct-boot.test.v2v \
	rules/guest/direct-boot.v2v \
	rules/guest/disks.test.v2v \
	rules/guest/disks.v2v \
	rules/guest/drivers.test.v2v \
	rules/guest/drivers.v2v \
	rules/guest/firstboot.v2v \
	rules/guest/hardware.test.v2v \
	rules/guest/hardware.v2v \
	rules/guest/health.test.v2v \
	rules/guest/health.v2v \
	rules/guest/initramfs.test.v2v \
	rules/guest/initramfs.v2v \
	rules/guest/kernels.test.v2v \
	rules/guest/kernels.v2v \
	rules/guest/nothing.test.v2v \
	rules/guest/nothing.v2v \
	rules/guest/network.test.v2v \
	rules/guest/network.v2v \
	rules/guest/others.test.v2v \
	rules/guest/packages.test.v2v \
	rules/guest/packages.v2v \
	rules/guest/secrets.test.v2v \
	rules/guest/secrets.v2v \
	rules/guest/selinux.v2v \
	rules/guest/space.test.v2v \
	rules/guest/space.v2v \
	rules/guest/start.test.v2v \
	rules/guest/start.v2v \
	rules/hypervisors/xen-guest.test.v2v \
	rules/hypervisors/xen-guest.v2v \
	rules/probes.v2v \
	rules/verify/console.signs \
	rules/verify/probe.test.v2v \
	rules/verify/probe.v2v \
	rules/zz-portable.test.v2v \
	rules/zz-portable.v2v

# Tests that need an appliance, with their trees of files: they are not installed.
EXTRA_DIST += rules/guest/trees.test.v2v rules/guest/trees
