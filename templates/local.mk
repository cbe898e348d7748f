# SPDX-License-Identifier: GPL-2.0-or-later
# The templates from which v2v-engine new makes files, a directory for each kind, and the template of the output qemu's script.
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
