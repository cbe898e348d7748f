# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the least that is a Windows registry hive or an x86-64 program.

usage: minimal.py hive|exe FILE
"""
import struct
import sys


def hive():
    """A base block and one bin with an empty root key and its security key."""
    name = b"$$$PROTO.HIV"
    key = bytearray(0x4C) + name
    key[0:4] = b"nk" + struct.pack("<H", 0x2C)  # a root key with an 8 bit name
    for at in (0x10, 0x1C, 0x20, 0x28, 0x2C, 0x30):
        struct.pack_into("<I", key, at, 0xFFFFFFFF)  # no such list
    struct.pack_into("<H", key, 0x48, len(name))
    first = 0x20
    security_at = first + (4 + len(key) + 7 & ~7)
    security = bytearray(0x44)
    security[0:2] = b"sk"
    struct.pack_into("<IIII", security, 4, security_at, security_at, 1, 0x14)
    security[0x14:0x28] = bytes.fromhex("01000480") + bytes(16)
    struct.pack_into("<I", key, 0x2C, security_at)
    page = bytearray(4096)
    struct.pack_into("<4sII", page, 0, b"hbin", 0, 4096)
    end = security_at + 4 + len(security)
    struct.pack_into("<i", page, first, first - security_at)
    page[first + 4:first + 4 + len(key)] = key
    struct.pack_into("<i", page, security_at, security_at - end)
    page[security_at + 4:end] = security
    struct.pack_into("<i", page, end, 4096 - end)
    head = bytearray(4096)
    struct.pack_into("<4sII", head, 0, b"regf", 1, 1)
    struct.pack_into("<6I", head, 0x14, 1, 3, 0, 1, first, 4096)
    checksum = 0
    for (word,) in struct.iter_unpack("<I", head[:0x1FC]):
        checksum ^= word
    struct.pack_into("<I", head, 0x1FC, checksum)
    return head + page


def exe():
    """The headers that file(1) looks at."""
    data = bytearray(1024)
    data[0:2] = b"MZ"
    struct.pack_into("<I", data, 0x3C, 0x80)
    struct.pack_into("<4sHHIIIHH", data, 0x80, b"PE\0\0", 0x8664, 1, 0, 0, 0, 0xF0, 0x22)
    struct.pack_into("<H", data, 0x98, 0x20B)
    struct.pack_into("<H", data, 0x98 + 68, 3)
    return data


with open(sys.argv[2], "wb") as file:
    file.write({"hive": hive, "exe": exe}[sys.argv[1]]())
