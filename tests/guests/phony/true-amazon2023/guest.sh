# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/amazon.sh.
about="Amazon Linux 2023's image for VMware: XFS with the label /, partitions 1, 127 and 128, entries, networkd"
true_amazon version=2023
