# SPDX-License-Identifier: GPL-2.0-or-later
nobase_dist_pkgdata_DATA += \
	xslt/configure-kvm.xsl \
	xslt/manual/common.xsl \
	xslt/manual/facts.xsl \
	xslt/manual/lua.xsl \
	xslt/manual/man.xsl \
	xslt/manual/operations.xsl \
	xslt/manual/text.xsl \
	xslt/qemu-command.xsl \
	xslt/ovf.xsl \
	xslt/portable.xsl \
	xslt/read-common.xsl \
	xslt/unconfigure-common.xsl \
	xslt/unconfigure-hyperv.xsl \
	xslt/unconfigure-vbox.xsl \
	xslt/unconfigure-vmware.xsl \
	xslt/unconfigure-xen.xsl \
	xslt/vmx.xsl
