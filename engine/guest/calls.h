/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The libguestfs calls that scripts can use. A script cannot call any other.
 *
 * Deliberately left out are all calls that name a file of the host (upload, copy_in, tar_out,
 * ls0 ...), change the session (add_drive, launch, mount, set_*, umask, inspect_os ...), write
 * to a device rather than a file (mkfs, part_add, pwrite_device, zero_device, lvremove ...),
 * open encryption, or look at the appliance (debug, dmesg).
 *
 * V2V_CALL (name, class, parameters, path, detail, content, result, arguments, what)
 *   class       READ; WRITE changes the guest; EXEC runs a program of the guest;
 *               AUG_READ and AUG_WRITE need files loaded by guest.augeas
 *   parameters  s string, n string or nil, l list of strings, B bytes, i integer, b truth,
 *               I 64 bit integer,
 *               a path whose content the call opens, so that it has to be a regular file: p part of
 *               it is read, f all of it, r the same by a program that would follow links out of the
 *               guest, w it is written and need not exist
 *               ? optional arguments in a last table, and their names
 *   path, detail, content
 *               which parameter (from 1) is recorded as what was changed, as what else was
 *               said, and by its length and checksum; 0: none
 *   result      PLAIN, or INTEGER or INTEGERS: the binding gives 64 bit numbers as strings,
 *               scripts get them, or the fields of a structure, as integers
 *   arguments   the names of the parameters, with commas between, without the optional ones
 *   what        in a few words, what it returns or does
 */

/* Files. */
V2V_CALL (acl_get_file, READ, "ss", 0, 0, 0, PLAIN, "path, acltype",
          "one of a file's POSIX ACLs (\"access\" or \"default\"), as text")
V2V_CALL (cap_get_file, READ, "s", 0, 0, 0, PLAIN, "path",
          "the capabilities of a file, as text")
V2V_CALL (case_sensitive_path, READ, "s", 0, 0, 0, PLAIN, "path",
          "the path as the file system spells it (NTFS and FAT take any case)")
V2V_CALL (cat, READ, "f", 0, 0, 0, PLAIN, "path",
          "the content of a text file (read_file for any other)")
V2V_CALL (checksum, READ, "sf", 0, 0, 0, PLAIN, "csumtype, path",
          "the checksum of a file: \"md5\", \"sha256\", \"crc\" ...")
V2V_CALL (du, READ, "s", 0, 0, 0, INTEGER, "path",
          "the KiB that a file, or a directory with all its content, occupies")
V2V_CALL (equal, READ, "rr", 0, 0, 0, PLAIN, "file1, file2",
          "whether two files have the same content")
V2V_CALL (exists, READ, "s", 0, 0, 0, PLAIN, "path", "whether the path exists")
V2V_CALL (file, READ, "s", 0, 0, 0, PLAIN, "path", "the type of a file, as file(1) prints it")
V2V_CALL (file_architecture, READ, "r", 0, 0, 0, PLAIN, "filename",
          "the architecture of a program, library or module")
V2V_CALL (filesize, READ, "s", 0, 0, 0, INTEGER, "file", "the size of a file in bytes")
V2V_CALL (find, READ, "s", 0, 0, 0, PLAIN, "directory",
          "all names below a directory, relative to it")
V2V_CALL (get_e2attrs, READ, "s", 0, 0, 0, PLAIN, "file",
          "the attributes of a file, as letters, on ext2 to ext4")
V2V_CALL (get_e2generation, READ, "s", 0, 0, 0, INTEGER, "file",
          "the generation of a file on ext2 to ext4")
V2V_CALL (getxattr, READ, "ss", 0, 0, 0, PLAIN, "path, name", "an extended attribute")
V2V_CALL (getxattrs, READ, "s", 0, 0, 0, PLAIN, "path",
          "all extended attributes: a list of { attrname, attrval }")
V2V_CALL (glob_expand, READ, "s?directoryslash", 0, 0, 0, PLAIN, "pattern",
          "the sorted paths that match a shell pattern")
V2V_CALL (grep, READ, "sr?extended,fixed,insensitive,compressed", 0, 0, 0, PLAIN, "regex, path",
          "the lines of a file that match a regular expression")
V2V_CALL (head, READ, "r", 0, 0, 0, PLAIN, "path", "the first ten lines of a file")
V2V_CALL (head_n, READ, "ir", 0, 0, 0, PLAIN, "nrlines, path",
          "the first lines of a file, as many as the number says")
V2V_CALL (hexdump, READ, "r", 0, 0, 0, PLAIN, "path",
          "a hexadecimal dump of a file, to "
          "display")
V2V_CALL (initrd_cat, READ, "rs", 0, 0, 0, PLAIN, "initrdpath, filename",
          "a file out of a compressed cpio archive")
V2V_CALL (initrd_list, READ, "r", 0, 0, 0, PLAIN, "path",
          "the names in a compressed cpio archive")
V2V_CALL (is_blockdev, READ, "s?followsymlinks", 0, 0, 0, PLAIN, "path",
          "whether a path is a block device")
V2V_CALL (is_chardev, READ, "s?followsymlinks", 0, 0, 0, PLAIN, "path",
          "whether a path is a character device")
V2V_CALL (is_dir, READ, "s?followsymlinks", 0, 0, 0, PLAIN, "path",
          "whether a path is a directory")
V2V_CALL (is_fifo, READ, "s?followsymlinks", 0, 0, 0, PLAIN, "path",
          "whether a path is a named pipe")
V2V_CALL (is_file, READ, "s?followsymlinks", 0, 0, 0, PLAIN, "path",
          "whether a path is a regular file")
V2V_CALL (is_socket, READ, "s?followsymlinks", 0, 0, 0, PLAIN, "path",
          "whether a path is a socket")
V2V_CALL (is_symlink, READ, "s", 0, 0, 0, PLAIN, "path", "whether a path is a symbolic link")
V2V_CALL (is_zero, READ, "f", 0, 0, 0, PLAIN, "path", "whether all bytes of a file are zero")
V2V_CALL (lgetxattr, READ, "ss", 0, 0, 0, PLAIN, "path, name",
          "an extended attribute, of a link itself")
V2V_CALL (lgetxattrs, READ, "s", 0, 0, 0, PLAIN, "path",
          "all extended attributes, of a link itself")
V2V_CALL (ll, READ, "s", 0, 0, 0, PLAIN, "directory", "the output of ls -la for a directory")
V2V_CALL (llz, READ, "s", 0, 0, 0, PLAIN, "directory",
          "the output of ls -laZ for a "
          "directory, with SELinux labels")
V2V_CALL (ls, READ, "s", 0, 0, 0, PLAIN, "directory",
          "the names in a directory, sorted, without . and ..")
V2V_CALL (lstat, READ, "s", 0, 0, 0, INTEGERS, "path", "the result of stat, for a link itself")
V2V_CALL (lstatns, READ, "s", 0, 0, 0, INTEGERS, "path",
          "the result of statns, for a link "
          "itself")
V2V_CALL (lstatnslist, READ, "sl", 0, 0, 0, INTEGERS, "path, names",
          "lstatns for many names in a directory")
V2V_CALL (lxattrlist, READ, "sl", 0, 0, 0, PLAIN, "path, names",
          "lgetxattrs for many names in a directory")
V2V_CALL (pread, READ, "piI", 0, 0, 0, PLAIN, "path, count, offset",
          "part of a file: COUNT bytes from OFFSET on")
V2V_CALL (read_file, READ, "f", 0, 0, 0, PLAIN, "path",
          "the content of a file, which may be "
          "binary")
V2V_CALL (read_lines, READ, "f", 0, 0, 0, PLAIN, "path",
          "the lines of a file, without line ends")
V2V_CALL (readdir, READ, "s", 0, 0, 0, PLAIN, "dir",
          "the content of a directory: a list of { ino, ftyp, name }")
V2V_CALL (readlink, READ, "s", 0, 0, 0, PLAIN, "path", "the target of a link")
V2V_CALL (readlinklist, READ, "sl", 0, 0, 0, PLAIN, "path, names",
          "readlink for many names in a directory; \"\" for a name that is not a link")
V2V_CALL (realpath, READ, "s", 0, 0, 0, PLAIN, "path", "the path with all links followed")
V2V_CALL (stat, READ, "s", 0, 0, 0, INTEGERS, "path",
          "owner, mode, size and times: { mode, uid, gid, size, mtime ... }")
V2V_CALL (statns, READ, "s", 0, 0, 0, INTEGERS, "path",
          "owner, mode, size and times with nanoseconds: { st_mode, st_uid, st_gid, st_size, "
          "st_mtime_sec, st_mtime_nsec ... }")
V2V_CALL (statvfs, READ, "s", 0, 0, 0, INTEGERS, "path",
          "size and free space of the file system that a path is on")
V2V_CALL (strings, READ, "r", 0, 0, 0, PLAIN, "path", "the printable texts in a file")
V2V_CALL (strings_e, READ, "sr", 0, 0, 0, PLAIN, "encoding, path",
          "the printable texts in a file in another encoding")
V2V_CALL (tail, READ, "r", 0, 0, 0, PLAIN, "path", "the last ten lines of a file")
V2V_CALL (tail_n, READ, "ir", 0, 0, 0, PLAIN, "nrlines, path",
          "the last lines of a file, as many as the number says")
V2V_CALL (wc_c, READ, "f", 0, 0, 0, PLAIN, "path", "the number of bytes of a file")
V2V_CALL (wc_l, READ, "f", 0, 0, 0, PLAIN, "path", "the number of lines of a file")
V2V_CALL (wc_w, READ, "f", 0, 0, 0, PLAIN, "path", "the number of words of a file")

/* The registry of a guest; a hive opened for writing changes nothing before hivex_commit. */
V2V_CALL (hivex_close, READ, "", 0, 0, 0, PLAIN, "", "closes the hive that hivex_open opened")
V2V_CALL (hivex_node_children, READ, "I", 0, 0, 0, INTEGERS, "nodeh",
          "the nodes below a node: a list of { hivex_node_h }")
V2V_CALL (hivex_node_get_child, READ, "Is", 0, 0, 0, INTEGER, "nodeh, name",
          "the node with this name below a node; 0 if there is none")
V2V_CALL (hivex_node_get_value, READ, "Is", 0, 0, 0, INTEGER, "nodeh, key",
          "the value of a node with this key; 0 if there is none")
V2V_CALL (hivex_node_name, READ, "I", 0, 0, 0, PLAIN, "nodeh", "the name of a node")
V2V_CALL (hivex_node_parent, READ, "I", 0, 0, 0, INTEGER, "nodeh", "the parent of a node")
V2V_CALL (hivex_node_values, READ, "I", 0, 0, 0, INTEGERS, "nodeh",
          "the values of a node: a list of { hivex_value_h }")
V2V_CALL (hivex_open, READ, "r?verbose,debug,write,unsafe", 0, 0, 0, PLAIN, "filename",
          "opens a hive of the registry; one at a time")
V2V_CALL (hivex_root, READ, "", 0, 0, 0, INTEGER, "", "the root node of the hive")
V2V_CALL (hivex_value_key, READ, "I", 0, 0, 0, PLAIN, "valueh",
          "the key of a value; \"\" is the default one")
V2V_CALL (hivex_value_string, READ, "I", 0, 0, 0, PLAIN, "valueh",
          "the text of a value that is a string, as UTF-8")
V2V_CALL (hivex_value_type, READ, "I", 0, 0, 0, INTEGER, "valueh",
          "the type of a value, as a number")
V2V_CALL (hivex_value_value, READ, "I", 0, 0, 0, PLAIN, "valueh", "the bytes of a value")

/* What inspection found. */
V2V_CALL (inspect_get_arch, READ, "s", 0, 0, 0, PLAIN, "root",
          "the architecture of a system, \"unknown\" if it is not known; ROOT is one of "
          "inspect_get_roots")
V2V_CALL (inspect_get_distro, READ, "s", 0, 0, 0, PLAIN, "root", "the distribution of a system")
V2V_CALL (inspect_get_drive_mappings, READ, "s", 0, 0, 0, PLAIN, "root",
          "drive letters, where a system has them, and their devices")
V2V_CALL (inspect_get_filesystems, READ, "s", 0, 0, 0, PLAIN, "root",
          "the file systems of a system")
V2V_CALL (inspect_get_hostname, READ, "s", 0, 0, 0, PLAIN, "root", "the host name of a system")
V2V_CALL (inspect_get_major_version, READ, "s", 0, 0, 0, PLAIN, "root",
          "the major version of a system; 0 if it is not known")
V2V_CALL (inspect_get_minor_version, READ, "s", 0, 0, 0, PLAIN, "root",
          "the minor version of a system; 0 if it "
          "is not known")
V2V_CALL (inspect_get_mountpoints, READ, "s", 0, 0, 0, PLAIN, "root",
          "the mount points of a system: path to device")
V2V_CALL (inspect_get_osinfo, READ, "s", 0, 0, 0, PLAIN, "root",
          "the short id of a system in libosinfo")
V2V_CALL (inspect_get_package_format, READ, "s", 0, 0, 0, PLAIN, "root",
          "the format of a system's packages")
V2V_CALL (inspect_get_package_management, READ, "s", 0, 0, 0, PLAIN, "root",
          "the package manager of a system")
V2V_CALL (inspect_get_product_name, READ, "s", 0, 0, 0, PLAIN, "root",
          "the product name of a system, to display")
V2V_CALL (inspect_get_product_variant, READ, "s", 0, 0, 0, PLAIN, "root", "its variant")
V2V_CALL (inspect_get_roots, READ, "", 0, 0, 0, PLAIN, "",
          "the root file systems that were found")
V2V_CALL (inspect_get_type, READ, "s", 0, 0, 0, PLAIN, "root", "the type of a system")
V2V_CALL (inspect_get_windows_current_control_set, READ, "s", 0, 0, 0, PLAIN, "root",
          "the name of the registry's current control set")
V2V_CALL (inspect_get_windows_software_hive, READ, "s", 0, 0, 0, PLAIN, "root",
          "the path of the registry's software hive")
V2V_CALL (inspect_get_windows_system_hive, READ, "s", 0, 0, 0, PLAIN, "root",
          "the path of the registry's system hive")
V2V_CALL (inspect_get_windows_systemroot, READ, "s", 0, 0, 0, PLAIN, "root",
          "the path of the system's directory, where there is a registry")
V2V_CALL (inspect_list_applications2, READ, "s", 0, 0, 0, PLAIN, "root",
          "the packages of a system: a list of { app2_name, app2_version, app2_release, "
          "app2_arch ... }")

/* Devices and file systems. */
V2V_CALL (blkid, READ, "s", 0, 0, 0, PLAIN, "device",
          "the attributes of a device from blkid: UUID, TYPE, LABEL ...")
V2V_CALL (blockdev_getbsz, READ, "s", 0, 0, 0, PLAIN, "device", "the block size of a device")
V2V_CALL (blockdev_getro, READ, "s", 0, 0, 0, PLAIN, "device", "whether a device is read-only")
V2V_CALL (blockdev_getsize64, READ, "s", 0, 0, 0, INTEGER, "device",
          "the size of a device in bytes")
V2V_CALL (blockdev_getss, READ, "s", 0, 0, 0, PLAIN, "device", "the sector size of a device")
V2V_CALL (blockdev_getsz, READ, "s", 0, 0, 0, INTEGER, "device",
          "the size of a device in units of 512 bytes")
V2V_CALL (btrfs_filesystem_show, READ, "s", 0, 0, 0, PLAIN, "device",
          "the devices of a btrfs file system")
V2V_CALL (btrfs_subvolume_get_default, READ, "s", 0, 0, 0, INTEGER, "fs",
          "the default subvolume of a btrfs file system")
V2V_CALL (btrfs_subvolume_list, READ, "s", 0, 0, 0, PLAIN, "fs",
          "the subvolumes of a btrfs file system: a list of { btrfssubvolume_id, "
          "btrfssubvolume_path ... }")
V2V_CALL (btrfs_subvolume_show, READ, "s", 0, 0, 0, PLAIN, "subvolume",
          "the properties of a btrfs subvolume, by name")
V2V_CALL (canonical_device_name, READ, "s", 0, 0, 0, PLAIN, "device",
          "a device's name as the appliance writes it")
V2V_CALL (device_index, READ, "s", 0, 0, 0, PLAIN, "device", "the number of a disk, from 0")
V2V_CALL (df, READ, "", 0, 0, 0, PLAIN, "", "the output of df")
V2V_CALL (df_h, READ, "", 0, 0, 0, PLAIN, "", "the output of df -h")
V2V_CALL (feature_available, READ, "l", 0, 0, 0, PLAIN, "groups",
          "whether libguestfs has all of these groups of calls")
V2V_CALL (filesystem_available, READ, "s", 0, 0, 0, PLAIN, "filesystem",
          "whether the appliance's kernel knows a file system")
V2V_CALL (findfs_label, READ, "s", 0, 0, 0, PLAIN, "label",
          "the device of the file system with this label")
V2V_CALL (findfs_uuid, READ, "s", 0, 0, 0, PLAIN, "uuid",
          "the device of the file system with this UUID")
V2V_CALL (get_e2label, READ, "s", 0, 0, 0, PLAIN, "device",
          "the label of an ext2 to ext4 file system")
V2V_CALL (get_e2uuid, READ, "s", 0, 0, 0, PLAIN, "device", "its UUID")
V2V_CALL (is_lv, READ, "s", 0, 0, 0, PLAIN, "mountable", "whether a device is a logical volume")
V2V_CALL (is_whole_device, READ, "s", 0, 0, 0, PLAIN, "device",
          "whether a device is a whole disk, rather than part of one")
V2V_CALL (list_devices, READ, "", 0, 0, 0, PLAIN, "", "the disks")
V2V_CALL (list_disk_labels, READ, "", 0, 0, 0, PLAIN, "",
          "disks that were given a label: label to device")
V2V_CALL (list_dm_devices, READ, "", 0, 0, 0, PLAIN, "",
          "the device mapper's devices, without logical volumes")
V2V_CALL (list_filesystems, READ, "", 0, 0, 0, PLAIN, "", "every file system: device to type")
V2V_CALL (list_md_devices, READ, "", 0, 0, 0, PLAIN, "", "the software RAID devices")
V2V_CALL (list_partitions, READ, "", 0, 0, 0, PLAIN, "", "the partitions")
V2V_CALL (lvm_canonical_lv_name, READ, "s", 0, 0, 0, PLAIN, "lvname",
          "a logical volume's name as /dev/VG/LV")
V2V_CALL (lvs, READ, "", 0, 0, 0, PLAIN, "", "the logical volumes")
V2V_CALL (lvs_full, READ, "", 0, 0, 0, PLAIN, "",
          "the logical volumes with all their "
          "attributes")
V2V_CALL (lvuuid, READ, "s", 0, 0, 0, PLAIN, "device", "the UUID of a logical volume")
V2V_CALL (md_detail, READ, "s", 0, 0, 0, PLAIN, "md",
          "the properties of a RAID device from mdadm, by name")
V2V_CALL (mountable_device, READ, "s", 0, 0, 0, PLAIN, "mountable", "the device of a mountable")
V2V_CALL (mountable_subvolume, READ, "s", 0, 0, 0, PLAIN, "mountable",
          "the subvolume of a mountable")
V2V_CALL (mountpoints, READ, "", 0, 0, 0, PLAIN, "",
          "the mount points of the appliance: device to path")
V2V_CALL (mounts, READ, "", 0, 0, 0, PLAIN, "", "the devices that are mounted")
V2V_CALL (nr_devices, READ, "", 0, 0, 0, PLAIN, "", "the number of disks")
V2V_CALL (part_get_bootable, READ, "si", 0, 0, 0, PLAIN, "device, partnum",
          "whether a partition is marked as bootable")
V2V_CALL (part_get_disk_guid, READ, "s", 0, 0, 0, PLAIN, "device",
          "the GUID of a disk with GPT")
V2V_CALL (part_get_gpt_attributes, READ, "si", 0, 0, 0, INTEGER, "device, partnum",
          "the attributes of a partition in GPT, as bits")
V2V_CALL (part_get_gpt_guid, READ, "si", 0, 0, 0, PLAIN, "device, partnum",
          "the GUID of a partition")
V2V_CALL (part_get_gpt_type, READ, "si", 0, 0, 0, PLAIN, "device, partnum",
          "the GUID of a partition's type")
V2V_CALL (part_get_mbr_id, READ, "si", 0, 0, 0, PLAIN, "device, partnum",
          "the type of a partition in an MBR, as a number")
V2V_CALL (part_get_mbr_part_type, READ, "si", 0, 0, 0, PLAIN, "device, partnum",
          "\"primary\", \"logical\" or \"extended\"")
V2V_CALL (part_get_name, READ, "si", 0, 0, 0, PLAIN, "device, partnum",
          "the name of a partition in GPT")
V2V_CALL (part_get_parttype, READ, "s", 0, 0, 0, PLAIN, "device",
          "the kind of a disk's partition table: \"gpt\", \"msdos\" ...")
V2V_CALL (part_list, READ, "s", 0, 0, 0, INTEGERS, "device",
          "the partitions of a disk: a list of { part_num, part_start, part_end, part_size }")
V2V_CALL (part_to_dev, READ, "s", 0, 0, 0, PLAIN, "partition",
          "the disk that a partition is on")
V2V_CALL (part_to_partnum, READ, "s", 0, 0, 0, PLAIN, "partition", "the number of a partition")
V2V_CALL (pread_device, READ, "siI", 0, 0, 0, PLAIN, "device, count, offset",
          "part of a device: COUNT bytes from OFFSET on")
V2V_CALL (pvs, READ, "", 0, 0, 0, PLAIN, "", "the physical volumes of LVM")
V2V_CALL (pvs_full, READ, "", 0, 0, 0, PLAIN, "",
          "the physical volumes with all their attributes")
V2V_CALL (pvuuid, READ, "s", 0, 0, 0, PLAIN, "device", "the UUID of a physical volume")
V2V_CALL (tune2fs_l, READ, "s", 0, 0, 0, PLAIN, "device", "the fields of tune2fs -l, by name")
V2V_CALL (vfs_label, READ, "s", 0, 0, 0, PLAIN, "mountable", "the label of a file system")
V2V_CALL (vfs_minimum_size, READ, "s", 0, 0, 0, INTEGER, "mountable",
          "the smallest possible size of a file system, in bytes")
V2V_CALL (vfs_type, READ, "s", 0, 0, 0, PLAIN, "mountable", "the type of a file system")
V2V_CALL (vfs_uuid, READ, "s", 0, 0, 0, PLAIN, "mountable", "the UUID of a file system")
V2V_CALL (vgs, READ, "", 0, 0, 0, PLAIN, "", "the volume groups of LVM")
V2V_CALL (vgs_full, READ, "", 0, 0, 0, PLAIN, "", "the volume groups with all their attributes")
V2V_CALL (vguuid, READ, "s", 0, 0, 0, PLAIN, "vgname", "the UUID of a volume group")
V2V_CALL (xfs_info, READ, "s", 0, 0, 0, PLAIN, "pathordevice",
          "the geometry of an XFS file system")

/* Changes. */
V2V_CALL (acl_delete_def_file, WRITE, "s", 1, 0, 0, PLAIN, "dir",
          "removes the default POSIX ACL of a directory")
V2V_CALL (acl_set_file, WRITE, "sss", 1, 2, 3, PLAIN, "path, acltype, acl",
          "sets one of a file's POSIX ACLs")
V2V_CALL (cap_set_file, WRITE, "ss", 1, 2, 0, PLAIN, "path, cap",
          "sets the capabilities of a file")
V2V_CALL (chmod, WRITE, "is", 2, 1, 0, PLAIN, "mode, path", "sets the mode of a file, a number")
V2V_CALL (chown, WRITE, "iis", 3, 1, 0, PLAIN, "owner, group, path",
          "sets owner and group of a file, as numbers")
V2V_CALL (copy_attributes, WRITE, "ss?all,mode,xattributes,ownership", 2, 1, 0, PLAIN,
          "src, dest", "gives a file the mode, owner or attributes of another")
V2V_CALL (copy_file_to_file, WRITE, "fw?srcoffset,destoffset,size,sparse,append", 2, 1, 0,
          PLAIN, "src, dest", "copies the content of a file to another")
V2V_CALL (cp, WRITE, "rw", 2, 1, 0, PLAIN, "src, dest", "copies a file")
V2V_CALL (cp_a, WRITE, "ss", 2, 1, 0, PLAIN, "src, dest",
          "copies a file or a directory with all its content, and keeps attributes")
V2V_CALL (cp_r, WRITE, "ss", 2, 1, 0, PLAIN, "src, dest",
          "copies a directory with all its content")
V2V_CALL (fallocate64, WRITE, "wI", 1, 2, 0, PLAIN, "path, len",
          "creates a file of this length and allocates its space")
V2V_CALL (fill, WRITE, "iiw", 3, 2, 0, PLAIN, "c, len, path",
          "creates a file of one repeated byte")
V2V_CALL (fill_pattern, WRITE, "siw", 3, 2, 0, PLAIN, "pattern, len, path",
          "creates a file of a repeated text")
V2V_CALL (hivex_commit, WRITE, "n", 1, 0, 0, PLAIN, "filename",
          "writes the hive to a file; nil: to the file from which it was opened")
V2V_CALL (hivex_node_add_child, WRITE, "Is", 2, 0, 0, INTEGER, "parent, name",
          "adds a child to a node; returns the child")
V2V_CALL (hivex_node_delete_child, WRITE, "I", 0, 0, 0, PLAIN, "nodeh",
          "deletes a node with all below it")
V2V_CALL (hivex_node_set_value, WRITE, "IsIB", 2, 0, 4, PLAIN, "nodeh, key, type, val",
          "sets a value: its key, the number of its type, its bytes")
V2V_CALL (lchown, WRITE, "iis", 3, 1, 0, PLAIN, "owner, group, path",
          "sets owner and group of a link itself, as numbers")
V2V_CALL (ln, WRITE, "ss", 2, 1, 0, PLAIN, "target, linkname", "creates a hard link")
V2V_CALL (ln_f, WRITE, "ss", 2, 1, 0, PLAIN, "target, linkname",
          "creates a hard link, and replaces an existing file")
V2V_CALL (ln_s, WRITE, "ss", 2, 1, 0, PLAIN, "target, linkname", "creates a symbolic link")
V2V_CALL (ln_sf, WRITE, "ss", 2, 1, 0, PLAIN, "target, linkname",
          "creates a symbolic link, and replaces an existing file")
V2V_CALL (lremovexattr, WRITE, "ss", 2, 1, 0, PLAIN, "xattr, path",
          "removes an extended attribute, of a link itself")
V2V_CALL (mkdir, WRITE, "s", 1, 0, 0, PLAIN, "path", "creates a directory")
V2V_CALL (mkdir_mode, WRITE, "si", 1, 2, 0, PLAIN, "path, mode",
          "creates a directory with this mode")
V2V_CALL (mkdir_p, WRITE, "s", 1, 0, 0, PLAIN, "path",
          "creates a directory, and missing directories above it")
V2V_CALL (mkdtemp, WRITE, "s", 1, 0, 0, PLAIN, "template",
          "creates a directory with a unique name; the template ends in XXXXXX; returns the "
          "name")
V2V_CALL (mkfifo, WRITE, "is", 2, 1, 0, PLAIN, "mode, path", "creates a named pipe")
V2V_CALL (mktemp, WRITE, "s?suffix", 1, 0, 0, PLAIN, "template",
          "creates a file with a unique name; the template ends in XXXXXX; returns the name")
V2V_CALL (mv, WRITE, "ss", 1, 2, 0, PLAIN, "src, dest",
          "moves a file or directory, and replaces the destination")
V2V_CALL (pwrite, WRITE, "sBI", 1, 3, 2, PLAIN, "path, content, offset",
          "writes part of a file, from an offset on; returns the number of bytes")
V2V_CALL (removexattr, WRITE, "ss", 2, 1, 0, PLAIN, "xattr, path",
          "removes an extended attribute")
V2V_CALL (rename, WRITE, "ss", 1, 2, 0, PLAIN, "oldpath, newpath",
          "renames a file within one file system")
V2V_CALL (rm, WRITE, "s", 1, 0, 0, PLAIN, "path", "removes a file")
V2V_CALL (rm_f, WRITE, "s", 1, 0, 0, PLAIN, "path", "removes a file, if it exists")
V2V_CALL (rm_rf, WRITE, "s", 1, 0, 0, PLAIN, "path",
          "removes a file or a directory with all its content")
V2V_CALL (rmdir, WRITE, "s", 1, 0, 0, PLAIN, "path", "removes an empty directory")
V2V_CALL (selinux_relabel, WRITE, "ss?force", 2, 1, 0, PLAIN, "specfile, path",
          "sets the SELinux labels below a path from a file of contexts")
V2V_CALL (set_e2attrs, WRITE, "ss?clear", 1, 2, 0, PLAIN, "file, attrs",
          "sets attributes of a file, given as letters, on ext2 to ext4")
V2V_CALL (set_e2generation, WRITE, "sI", 1, 2, 0, PLAIN, "file, generation",
          "sets the generation of a file on ext2 to ext4")
V2V_CALL (touch, WRITE, "s", 1, 0, 0, PLAIN, "path",
          "creates an empty file, or sets the times of an existing one to now")
V2V_CALL (truncate, WRITE, "w", 1, 0, 0, PLAIN, "path", "truncates a file to no bytes")
V2V_CALL (truncate_size, WRITE, "wI", 1, 2, 0, PLAIN, "path, size", "sets the size of a file")
V2V_CALL (utimens, WRITE, "sIIII", 1, 0, 0, PLAIN, "path, atsecs, atnsecs, mtsecs, mtnsecs",
          "sets the times of a file")
V2V_CALL (write, WRITE, "wB", 1, 0, 2, PLAIN, "path, content",
          "writes a file, and replaces its content")
V2V_CALL (write_append, WRITE, "wB", 1, 0, 2, PLAIN, "path, content",
          "adds to the end of a file")

/* Programs of the guest. */
V2V_CALL (command, EXEC, "l", 0, 0, 0, PLAIN, "arguments",
          "runs a program: a list of its name and arguments; returns its output")
V2V_CALL (command_lines, EXEC, "l", 0, 0, 0, PLAIN, "arguments",
          "runs a program like guest.command; returns the lines of its output")
V2V_CALL (sh, EXEC, "s", 0, 0, 0, PLAIN, "command",
          "runs a line of the shell; returns its output")
V2V_CALL (sh_lines, EXEC, "s", 0, 0, 0, PLAIN, "command",
          "runs a line of the shell like guest.sh; returns the lines of its output")

/* Augeas. */
V2V_CALL (aug_defvar, AUG_READ, "sn", 0, 0, 0, PLAIN, "name, expr",
          "defines a variable as the nodes that an expression selects; nil removes it; returns "
          "the number of nodes")
V2V_CALL (aug_get, AUG_READ, "s", 0, 0, 0, PLAIN, "augpath", "the value of the node at a path")
V2V_CALL (aug_label, AUG_READ, "s", 0, 0, 0, PLAIN, "augpath",
          "the label of the node at a path")
V2V_CALL (aug_ls, AUG_READ, "s", 0, 0, 0, PLAIN, "augpath",
          "the paths of the nodes below one, sorted")
V2V_CALL (aug_match, AUG_READ, "s", 0, 0, 0, PLAIN, "augpath",
          "the paths that a path expression selects")
V2V_CALL (aug_clear, AUG_WRITE, "s", 0, 0, 0, PLAIN, "augpath", "removes the value of a node")
V2V_CALL (aug_defnode, AUG_WRITE, "sss", 0, 0, 0, PLAIN, "name, expr, val",
          "defines a variable, making a node with this value if there is none: { i = the "
          "number of nodes, b = 1 if it was made }")
V2V_CALL (aug_insert, AUG_WRITE, "ssb", 0, 0, 0, PLAIN, "augpath, label, before",
          "inserts a sibling before (true) or after a node")
V2V_CALL (aug_mv, AUG_WRITE, "ss", 0, 0, 0, PLAIN, "src, dest", "moves a node")
V2V_CALL (aug_rm, AUG_WRITE, "s", 0, 0, 0, PLAIN, "augpath",
          "removes the nodes at a path; returns how many")
V2V_CALL (aug_set, AUG_WRITE, "ss", 0, 0, 0, PLAIN, "augpath, val",
          "sets the value of a node, and creates the node if necessary")
V2V_CALL (aug_setm, AUG_WRITE, "sns", 0, 0, 0, PLAIN, "base, sub, val",
          "sets the value of many nodes: those that SUB selects below those of BASE; "
          "returns how many")
