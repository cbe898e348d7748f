# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/rhel.sh; kickstarts of AlmaLinux's cloud-images.
about="AlmaLinux 9 of Hyper-V, second generation, on plain partitions: a stub beside the loader, keyfiles of NetworkManager"
true_rhel id=almalinux version=9.6 layout=plain firmware=efi host=app04 hypervisor=hyperv
