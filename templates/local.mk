# SPDX-License-Identifier: GPL-2.0-or-later
# What v2v-engine new makes first files from, a directory for each kind, and what the output qemu makes its script from.
nobase_dist_pkgdata_DATA += \
	templates/driver/driver.v2v \
	templates/driver/template.ini \
	templates/guest/like.v2v \
	templates/guest/own.v2v \
	templates/guest/template.ini \
	templates/hypervisor/hypervisor.v2v \
	templates/hypervisor/template.ini \
	templates/hypervisor/unconfigure.xsl \
	templates/start-qemu.sh
