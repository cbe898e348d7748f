# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/small.sh.
about="Alpine 3.20 of VMware by setup-alpine (BIOS): extlinux, /boot, swap and root"
true_alpine
