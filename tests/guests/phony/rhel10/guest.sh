# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../fedora/guest.sh
. "$here/phony/fedora/guest.sh"
about="Red Hat Enterprise Linux 10, whose network has no ifcfg files any more"

fill_root() {
  cp -r "$here/phony/rpm-bls/root/." "$1/"
  rocky_root "$1"
  newer "$1" 'NAME="Red Hat Enterprise Linux"\nVERSION="10.0 (Coughlan)"\nID="rhel"\nID_LIKE="centos fedora"\nVERSION_ID="10.0"\nPRETTY_NAME="Red Hat Enterprise Linux 10.0 (Coughlan)"\n' \
    'Red Hat Enterprise Linux release 10.0 (Coughlan)'
}
