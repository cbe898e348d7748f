# SPDX-License-Identifier: GPL-2.0-or-later
# Installed with their folders, so that a name is the same below every tree of rules.
nobase_dist_pkgdata_DATA = \
	rules/prelude.v2v
nobase_dist_pkgdata_DATA += \
	rules/hypervisors/firmware.v2v \
	rules/hypervisors/kvm.v2v \
	rules/hypervisors/xen.v2v
nobase_dist_pkgdata_DATA += \
	rules/targets/kvm.v2v
