# SPDX-License-Identifier: GPL-2.0-or-later
"""In the emulator's place: answers its monitor, on descriptor 3, as qemu does.

It restarts before each picture, has one picture only, and powers itself off once its screen was read. Before each
picture it also writes what is not an answer: text that is not JSON, and JSON that only contains the words of one.
"""
import json
import re
import socket
import sys

monitor = socket.socket(fileno=3)


def say(answer):
    monitor.sendall(json.dumps(answer).encode() + b"\r\n")


def event(name):
    say({"timestamp": {"seconds": 1, "microseconds": 2}, "event": name})


for word in sys.argv:
    port = re.fullmatch("file,id=([^,]*),path=(.*)", word)
    if port:
        with open(port[2].replace(",,", ","), "w") as file:
            print("this is", port[1], file=file)
print("sandboxed" if "-sandbox" in sys.argv else "open", file=sys.stderr)

pictures = 0
for line in monitor.makefile():
    command = json.loads(line)
    arguments = command.get("arguments", {})
    if command["execute"] == "screendump":
        monitor.sendall(b'"return": {} "event": "RESET"\n[{"event": "RESET"}]\n')
        event({"event": "RESET", "return": {}})
        monitor.sendall(b'{"event":"RESET"}\n')
        if pictures or arguments["format"] != "png":
            say({"error": {"class": "GenericError", "desc": "there is no picture"}})
            continue
        pictures += 1
        with open(arguments["filename"], "w") as file:
            file.write("picture")
    elif command["execute"] == "pmemsave":
        text = "login:\x01\x7f".ljust(80) + "  x".ljust(80) + " " * 80 * 23
        with open(arguments["filename"], "wb") as file:
            if arguments["val"] == 0xB8000:
                file.write(b"".join(bytes((ord(c), 7)) for c in text)[:arguments["size"]])
    say({"return": {}})
    if command["execute"] == "pmemsave":
        event("SHUTDOWN")
