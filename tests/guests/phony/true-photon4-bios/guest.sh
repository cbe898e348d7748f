# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: see tests/guests/true/small.sh.
about="Photon OS 4 of VMware for a BIOS: kernels that photon.cfg names, root by PARTUUID"
true_photon version=4.0 firmware=bios host=photon02
