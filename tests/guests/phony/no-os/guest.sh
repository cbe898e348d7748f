# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="a disk with an empty file system, no operating system"
disk_a=("ext4 rest -")
size_a=16
