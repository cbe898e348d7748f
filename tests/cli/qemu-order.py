# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints what a guest sees of the order of its devices, by the arguments of qemu (one a line, on
standard input): cards and disks as they are found on their buses, and what is booted from first.
An address of a card is of interest if the domain, whose path is given, has it."""
import json
import sys

with open(sys.argv[1]) as file:
    domain = file.read().lower()
words = sys.stdin.read().splitlines()
nodes, devices = {}, []
for option, value in zip(words, words[1:]):
    if option not in ("-device", "-blockdev"):
        continue
    if value.startswith("{"):
        found = json.loads(value)
    else:
        parts = value.replace(",,", "\0").split(",")
        found = dict(part.replace("\0", ",").split("=", 1) for part in parts[1:])
        found["driver"] = parts[0]
    if option == "-blockdev":
        nodes[found["node-name"]] = found
    else:
        devices.append(found)


def image(node):
    """The file at the end of what a drive is made of."""
    while isinstance(node, str) or "filename" not in node:
        node = nodes[node] if isinstance(node, str) else node["file"]
    return node["filename"]


# Where each port of the root bus is.
ports = [device["id"] for device in devices if device["driver"] == "pcie-root-port"]


def number(text):
    return [int(part, 0) for part in str(text).split(".")]


def place(index, device):
    """What a guest finds first is the smallest. qemu takes what has no address in the order given."""
    if device.get("bus") in ports:
        return [1, ports.index(device["bus"])]
    return [0] + number(device["addr"]) if "addr" in device else [0, 99, index]


def unit(device):
    bus = "".join(c for c in device.get("bus", "") if c.isdigit() or c == ".").strip(".")
    return [number(bus or 0), int(device.get("scsi-id", device.get("unit", 0)))]


kinds = {"cards": [], "virtio disks": [], "scsi disks": [], "other disks": [], "boot": []}
for index, device in enumerate(devices):
    name = None
    if "netdev" in device:
        mac = device.get("mac", "").lower()
        name = device["driver"] + " " + (mac if mac in domain else "")
        kinds["cards"].append((place(index, device), name))
    elif "drive" in device:
        name = device["driver"] + " " + image(device["drive"])
        kind = {"virtio-blk-pci": "virtio disks", "scsi-hd": "scsi disks", "scsi-cd": "scsi disks"}.get(device["driver"], "other disks")
        kinds[kind].append((place(index, device) if kind == "virtio disks" else unit(device), name))
    if name and "bootindex" in device:
        kinds["boot"].append((int(device["bootindex"]), name))
for kind, found in kinds.items():
    for _, name in sorted(found)[:1 if kind == "boot" else None]:
        print(kind + ":", name)
