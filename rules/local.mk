# SPDX-License-Identifier: GPL-2.0-or-later
rulesdir = $(pkgdatadir)/rules
dist_rules_DATA = rules/prelude.v2v
