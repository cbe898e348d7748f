# SPDX-License-Identifier: GPL-2.0-or-later
dist_man_MANS += doc/v2v-engine.1 doc/v2v-rules.5
dist_doc_DATA = README.md doc/adding-a-guest.md doc/guests.md doc/hypervisors.md doc/lua-api.md doc/network.md \
	doc/interface.md doc/packaging.md \
	doc/verify.md
sourcesdocdir = $(docdir)/sources
dist_sourcesdoc_DATA = \
	doc/sources/disk.md \
	doc/sources/libvirt.md \
	doc/sources/libvirtxml.md \
	doc/sources/ova.md \
	doc/sources/vmx.md
outputsdocdir = $(docdir)/outputs
dist_outputsdoc_DATA = \
	doc/outputs/libvirt.md \
	doc/outputs/local.md \
	doc/outputs/null.md \
	doc/outputs/qemu.md
EXTRA_DIST += doc/make-guests
