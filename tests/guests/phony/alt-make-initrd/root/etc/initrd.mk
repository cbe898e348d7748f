# modules of the old machine
AUTODETECT = all
MODULES_ADD += xen-blkfront ext4
