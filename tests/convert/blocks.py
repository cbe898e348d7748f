#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Explains every sector in which a converted disk differs from its source's, both raw.

usage: blocks.py REPORT SOURCE RESULT

In ext2, ext3 and ext4, blocks are mapped to inodes by debugfs: the path of an inode has to be on record in
the report, or a directory in which something on record lies. Metadata of the file system, its journal and free
blocks are told by name. Other file systems are not looked into: that they differ is told, and their files are
compared by opinion.sh. Outside of partitions nothing may differ but by a boot loader whose installation is on record.

Prints what was counted, one kind a line; lines that begin with "unexplained: " are followed by status 1.
"""
import collections
import json
import os
import re
import subprocess
import sys

SECTOR = 512
CHUNK = 1 << 20
# debugfs reads lines of 8192 bytes at most, and takes the rest for another command.
PER_LINE = 500
# Programs that write outside of file systems.
LOADERS = re.compile(r"\b(grub2?-install|grub-bios-setup|grub|extlinux|lilo|syslinux|dd)\b")


def tool(*arguments, **more):
    environment = dict(os.environ, LC_ALL="C", PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
    return subprocess.run(arguments, capture_output=True, text=True, errors="surrogateescape", env=environment, check=False, **more).stdout


def differing_sectors(before, after):
    """The numbers of the sectors that differ; what one of the disks does not have is zeros."""
    found, at = [], 0
    with open(before, "rb") as first, open(after, "rb") as second:
        while True:
            one, two = first.read(CHUNK), second.read(CHUNK)
            if not one and not two:
                return found
            one, two = one.ljust(CHUNK, b"\0"), two.ljust(CHUNK, b"\0")
            if one != two:
                found += [at + i for i in range(CHUNK // SECTOR) if one[i * SECTOR:(i + 1) * SECTOR] != two[i * SECTOR:(i + 1) * SECTOR]]
            at += CHUNK // SECTOR


def partitions(disk):
    """(first sector, sectors) of each partition that holds anything but partitions; all of a disk without any."""
    try:
        table = json.loads(tool("sfdisk", "--json", disk))["partitiontable"]
    except (ValueError, KeyError):
        return [(0, (os.path.getsize(disk) + SECTOR - 1) // SECTOR)]
    return [(part["start"], part["size"]) for part in table.get("partitions", []) if part["type"].lower() not in ("5", "f", "85")]


class Ext:
    """An ext2, ext3 or ext4 that begins at a sector of a disk."""

    def __init__(self, disk, start):
        self.name = f"{disk}?offset={start * SECTOR}"
        text = tool("dumpe2fs", self.name)
        self.block_size = int(re.search(r"^Block size: *(\d+)", text, re.M).group(1))
        first = int(re.search(r"^First block: *(\d+)", text, re.M).group(1))
        # What lies before the superblock, for a boot loader.
        self.metadata = {block: "boot block" for block in range(first)}
        self.free = set()
        for kind, ranges in re.findall(r"(superblock|Group descriptors|Reserved GDT blocks|Block bitmap|Inode bitmap|Inode table|Free blocks:?)"
                                       r"(?: at|:)? ([\d, -]+)", text):
            for begin, end in re.findall(r"(\d+)(?:-(\d+))?", ranges):
                blocks = range(int(begin), int(end or begin) + 1)
                if kind.startswith("Free"):
                    self.free.update(blocks)
                else:
                    self.metadata.update((block, kind.lower()) for block in blocks)

    def ask(self, commands):
        return tool("debugfs", "-f", "-", self.name, input="\n".join(commands) + "\n")

    def inodes(self, blocks):
        """Each block's inode, or None."""
        blocks, found = sorted(blocks), {}
        for i in range(0, len(blocks), PER_LINE):
            for block, inode in re.findall(r"^(\d+)\t(.*)$", self.ask(["icheck " + " ".join(map(str, blocks[i:i + PER_LINE]))]), re.M):
                found[int(block)] = int(inode) if inode.isdigit() else None
        return found

    def paths(self, inodes):
        """Each inode's paths in this file system."""
        inodes, found = sorted(inodes), collections.defaultdict(set)
        for i in range(0, len(inodes), PER_LINE):
            for inode, path in re.findall(r"^(\d+)\t(/.*)$", self.ask(["ncheck " + " ".join(map(str, inodes[i:i + PER_LINE]))]), re.M):
                # The root's own name ends with a bar, and so may that of others: "//etc".
                found[int(inode)].add(re.sub("/+", "/", path).rstrip("/") or "/")
        return found


    def is_directory(self, inode):
        return "Type: directory" in self.ask([f"stat <{inode}>"])

    def mounted(self):
        """Where the guest mounts it, by what is in it."""
        names = re.findall(r"^/\d+/\d+/\d+/\d+/([^/]+)/", self.ask(["ls -p /"]), re.M)
        if "etc" in names:
            return "/"
        return "/boot" if "grub" in names or any(name.startswith("vmlinuz") for name in names) else "/elsewhere"


# Inodes without a name that are the file system's own.
OWN = {1: "bad blocks", 3: "user quota", 4: "group quota", 7: "reserved group descriptors", 8: "journal"}


# Where programs of the guest write that only say that they ran: their names, and the trees.
TREES = (
    (r"initramfs|dracut|mkinitrd|mkinitcpio|kernel|new-kernel-pkg|rpm\b", ("/boot", "/var/lib/initramfs-tools", "/var/tmp", "/tmp")),
    (r"grub|extlinux|syslinux|lilo|loader", ("/boot",)),
    (r"depmod|rpm\b", ("/lib/modules", "/usr/lib/modules")),
    (r"rpm\b", ("/var/lib/rpm", "/etc", "/usr")),
)


class Record:
    """What the report says was changed."""

    def __init__(self, report):
        with open(report, encoding="utf-8") as stream:
            changes = [change for step in json.load(stream)["steps"] for change in step.get("changes") or []]
        self.paths = {os.path.normpath(change["path"]) for change in changes if change.get("path")}
        self.programs = [change.get("detail") or change["call"] for change in changes if not change.get("path")]
        self.loader = next((program for program in self.programs if LOADERS.search(program)), None)
        self.trees = {tree for pattern, trees in TREES if any(re.search(pattern, program) for program in self.programs) for tree in trees}
        # Directories in which entries were made.
        self.parents = {os.path.dirname(path) for path in self.paths}

    def why(self, path, is_directory):
        """Why what has this path in the guest may differ; None: nothing says so."""
        if path in self.paths:
            return "files on record"
        if is_directory and path in self.parents:
            return "directories of what is on record"
        if any(path == tree or path.startswith(tree + "/") for tree in self.trees):
            return "files that programs on record wrote"
        return None


def explain_ext(record, start, sectors, disk, said, wrong):
    after = Ext(disk, start)
    mounted = after.mounted()
    per_block = after.block_size // SECTOR
    blocks = {(sector - start) // per_block for sector in sectors}
    left = set()
    for block in blocks:
        if block in after.metadata:
            said[after.metadata[block]] += 1
        elif block in after.free:
            said["free blocks"] += 1
        else:
            left.add(block)
    of_block = after.inodes(left)
    names = after.paths({inode for inode in of_block.values() if inode})
    directories = {inode for inode in names if after.is_directory(inode)}
    for block in sorted(left):
        inode = of_block.get(block)
        if inode in OWN:
            said[OWN[inode]] += 1
            continue
        why = None
        for path in names.get(inode, ()):
            why = why or record.why(re.sub("/+", "/", mounted + path), inode in directories)
        if why:
            said[why] += 1
        else:
            wrong.append(f"block {block} of the file system at sector {start}: inode {inode} {' '.join(sorted(names.get(inode, ['without a name'])))}")


def main(report, source, result):
    record, said, wrong = Record(report), collections.Counter(), []
    sectors = differing_sectors(source, result)
    known, now = partitions(source), partitions(result)
    if known != now:
        wrong.append(f"the partitions were {known} and are {now}")
    inside = set()
    for start, length in now:
        mine = [sector for sector in sectors if start <= sector < start + length]
        inside.update(mine)
        if not mine:
            continue
        kind = re.search(r"^TYPE=(.*)$", tool("blkid", "-p", "-o", "export", "--offset", str(start * SECTOR), result), re.M)
        kind = kind.group(1) if kind else "unknown"
        if re.fullmatch(r"ext[234]", kind):
            explain_ext(record, start, mine, result, said, wrong)
        elif kind == "swap" or kind == "unknown":
            wrong.append(f"{len(mine)} sectors at {start}, which hold {'swap' if kind == 'swap' else 'nothing known'}")
        else:
            said[f"sectors of {kind}, not looked into"] += len(mine)
    for sector in sectors:
        if sector not in inside:
            if record.loader:
                said["sectors outside of partitions, for: " + record.loader] += 1
            else:
                wrong.append(f"sector {sector}, outside of all partitions")
    for kind, count in sorted(said.items()):
        print(f"{kind}: {count}")
    for line in wrong[:50]:
        print("unexplained:", line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
