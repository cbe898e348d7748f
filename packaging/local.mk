# SPDX-License-Identifier: GPL-2.0-or-later
# What packages need: the directories for rule files of others (v2v-engine.pc), the program that packages run after they
# changed rule files (rules-changed), the files that build the program's own packages, and, as examples, a package of rules
# and a service.
pkgconfigdir = $(datadir)/pkgconfig
pkgconfig_DATA = packaging/v2v-engine.pc
pkglibexecdir = $(libexecdir)/v2v-engine
pkglibexec_SCRIPTS = packaging/rules-changed

EXTRA_DIST += \
	debian/changelog \
	debian/control \
	debian/copyright \
	debian/rules \
	debian/source/format \
	debian/v2v-engine.postinst \
	packaging/v2v-engine.spec
# Installed beside the pages of the documentation, which name these files by these paths.
nobase_dist_doc_DATA = \
	packaging/v2v-engine@.service \
	packaging/example-vendor/Makefile \
	packaging/example-vendor/README.md \
	packaging/example-vendor/debian/changelog \
	packaging/example-vendor/debian/control \
	packaging/example-vendor/debian/copyright \
	packaging/example-vendor/debian/postinst \
	packaging/example-vendor/debian/rules \
	packaging/example-vendor/debian/source/format \
	packaging/example-vendor/lua/acme/agent.lua \
	packaging/example-vendor/rules/acme/acmelinux.test.v2v \
	packaging/example-vendor/rules/acme/acmelinux.v2v \
	packaging/example-vendor/v2v-rules-acme.spec \
	packaging/example-vendor/xslt/acme/configure-acme.xsl

# Create the administrator's directories. When the program is removed, remove only directories that are empty: the others
# contain files of other packages or of the administrator.
install-data-local:
	$(MKDIR_P) '$(DESTDIR)$(sysconfdir)/v2v-engine/rules' '$(DESTDIR)$(sysconfdir)/v2v-engine/lua' \
		'$(DESTDIR)$(sysconfdir)/v2v-engine/xslt'
uninstall-hook:
	for directory in '$(DESTDIR)$(pkgdatadir)' '$(DESTDIR)$(pkglibexecdir)' '$(DESTDIR)$(docdir)' \
		'$(DESTDIR)$(sysconfdir)/v2v-engine'; do \
		test ! -d "$$directory" || find "$$directory" -depth -type d -exec rmdir {} \; 2>/dev/null || :; \
	done

# The tests that the build of a package can run: they start no virtual machine and need no root.
check-package: all
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(lang_tests) tests/rules/shipped.t' check_PROGRAMS='$(lang_tests)'
.PHONY: check-package
