# SPDX-License-Identifier: GPL-2.0-or-later
nobase_dist_pkgdata_DATA += \
	xslt/configure-kvm.xsl \
	xslt/unconfigure-common.xsl \
	xslt/unconfigure-vmware.xsl \
	xslt/unconfigure-xen.xsl
