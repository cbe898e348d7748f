# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh; image-info of CentOS Stream 10 in osbuild-composer, and anaconda's GPT by default.
about="RHEL 10 of VMware as its installer makes it by default (GPT, BIOS, LVM, XFS), after updates"
true_rhel id=rhel version=10.0 layout=lvm firmware=bios host=web10
