# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Sources: image-info of CentOS Stream 9 in osbuild-composer (test/data/manifests/centos_9-x86_64-qcow2-boot.json).
about="CentOS Stream 9 as the image builder makes it for clouds, under VMware: labels, no swap, cloud-init's leavings"
true_rhel id=centos version=9 layout=cloud host=cloud05 history=new extra='cloud-init cloud-utils-growpart dracut-config-generic python3-jinja2'
