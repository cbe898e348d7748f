# SPDX-License-Identifier: GPL-2.0-or-later
dist_man_MANS += doc/v2v-engine.1 doc/v2v-rules.5

# Made by the program from what it and the rules declare, so no part of the distribution.
made_manuals = doc/v2v-lua.3 doc/v2v-facts.7 doc/v2v-operations.7
man_MANS = $(made_manuals)
EXTRA_DIST += doc/v2v-lua.3.in
CLEANFILES += $(made_manuals)
make_manual = $(MKDIR_P) doc && V2V_ENGINE_DATA_DIR='$(abs_top_srcdir)' ./v2v-engine$(EXEEXT) doc --format man

doc/v2v-facts.7: v2v-engine$(EXEEXT) $(nobase_dist_pkgdata_DATA)
	$(AM_V_GEN)$(make_manual) facts >$@.new && mv -f $@.new $@
doc/v2v-operations.7: v2v-engine$(EXEEXT) $(nobase_dist_pkgdata_DATA)
	$(AM_V_GEN)$(make_manual) operations >$@.new && mv -f $@.new $@
# The prose stands before the lists.
doc/v2v-lua.3: v2v-engine$(EXEEXT) $(nobase_dist_pkgdata_DATA) doc/v2v-lua.3.in
	$(AM_V_GEN)$(make_manual) lua >$@.lists && \
	  $(AWK) -v prose='$(srcdir)/doc/v2v-lua.3.in' \
	    '/^\.SH GLOBALS/ { while ((getline line <prose) > 0) if (line !~ /^\.\\"/) print line } { print }' \
	    $@.lists >$@.new && rm -f $@.lists && mv -f $@.new $@
dist_doc_DATA = README.md doc/adding-a-guest.md doc/after-conversion.md doc/cookbook.md doc/domain.md doc/explain.md doc/glossary.md doc/guests.md doc/hypervisors.md doc/interface.md doc/interrupted.md doc/network.md doc/packaging.md doc/reporting.md doc/safety.md \
	doc/tutorial.md doc/verify.md
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
