"""Does to frames what this kernel has no module for: tags, fragments, loses and reorders them.

usage: wire.py [--tag VLAN[.INNER]] [--fragment BYTES] [--loss PERCENT] [--reorder PERCENT] STACK:BOX ...

Each STACK:BOX is a pair of devices. Towards the box frames are changed; from it they are untagged, and what does
not carry the tag is dropped and counted. On SIGINT the counts are printed as JSON.
"""
import argparse
import json
import random
import selectors
import signal
import socket
import struct
import sys

ETH_P_ALL, SOL_PACKET, PACKET_AUXDATA, PACKET_IGNORE_OUTGOING = 3, 263, 8, 23
TAG_VALID, TPID_VALID = 1 << 4, 1 << 6
AUXDATA = struct.Struct("=IIIHHHH")
LARGEST = 65536

counts = dict.fromkeys(("tagged", "untagged", "foreign", "fragments", "lost", "reordered", "frames"), 0)


def open_device(name):
    device = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)  # else bind() waits, as in synacks.py
    device.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    device.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    device.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    device.bind((name, ETH_P_ALL))
    device.setblocking(False)
    return device


def receive(device):
    """One frame as it was on the wire: the kernel takes the outer tag off and lays it beside."""
    frame, beside, _, _ = device.recvmsg(LARGEST, socket.CMSG_SPACE(AUXDATA.size))
    for level, kind, data in beside:
        if level == SOL_PACKET and kind == PACKET_AUXDATA:
            status, _, _, _, _, tci, tpid = AUXDATA.unpack(data[: AUXDATA.size])
            if status & TAG_VALID:
                tpid = tpid if status & TPID_VALID else 0x8100
                frame = frame[:12] + struct.pack("!HH", tpid, tci) + frame[12:]
    return frame


def tag_bytes(text):
    if not text:
        return b""
    outer, _, inner = text.partition(".")
    if not inner:
        return struct.pack("!HH", 0x8100, int(outer))
    return struct.pack("!HHHH", 0x88A8, int(outer), 0x8100, int(inner))


def checksum(header):
    total = sum(struct.unpack("!%dH" % (len(header) // 2), header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def cut(data, room):
    """Pieces of at most `room` bytes, all but the last a multiple of 8, with their offsets."""
    room = room // 8 * 8
    return [(at, data[at : at + room], at + room >= len(data)) for at in range(0, len(data), room)]


def fragment_ipv4(frame, size):
    length = (frame[14] & 15) * 4
    header, data = frame[14 : 14 + length], frame[14 + length : 14 + struct.unpack("!H", frame[16:18])[0]]
    identity = random.randrange(65536)
    for at, piece, last in cut(data, size - length):
        head = bytearray(header)
        struct.pack_into("!HHH", head, 2, length + len(piece), identity, at // 8 | (0 if last else 0x2000))
        struct.pack_into("!H", head, 10, 0)
        struct.pack_into("!H", head, 10, checksum(bytes(head)))
        yield frame[:14] + bytes(head) + piece


def fragment_ipv6(frame, size):
    header, data = frame[14:54], frame[54 : 54 + struct.unpack("!H", frame[18:20])[0]]
    identity = random.randrange(1 << 32)
    for at, piece, last in cut(data, size - 48):
        extension = struct.pack("!BBHI", header[6], 0, at | (0 if last else 1), identity)
        head = header[:4] + struct.pack("!HBB", 8 + len(piece), 44, header[7]) + header[8:]
        yield frame[:14] + head + extension + piece


def fragments(frame, size):
    """The frame, or the fragments of a TCP segment that is too long."""
    ether_type = struct.unpack("!H", frame[12:14])[0]
    if not size or len(frame) - 14 <= size:
        return [frame]
    if ether_type == 0x0800 and frame[23] == 6:
        pieces = list(fragment_ipv4(frame, size))
    elif ether_type == 0x86DD and frame[20] == 6:
        pieces = list(fragment_ipv6(frame, size))
    else:
        return [frame]
    counts["fragments"] += len(pieces)
    return pieces


class ToBox:
    def __init__(self, options, out):
        self.options, self.out, self.tag, self.held = options, out, tag_bytes(options.tag), None

    def __call__(self, frame):
        for piece in fragments(frame, self.options.fragment):
            self.disturb(piece[:12] + self.tag + piece[12:])

    def disturb(self, frame):
        counts["tagged"] += bool(self.tag)
        if random.uniform(0, 100) < self.options.loss:
            counts["lost"] += 1
        elif self.held is None and random.uniform(0, 100) < self.options.reorder:
            counts["reordered"] += 1
            self.held = frame
        else:
            send(self.out, frame)
            if self.held is not None:
                send(self.out, self.held)
                self.held = None


class FromBox:
    def __init__(self, options, out):
        self.out, self.tag = out, tag_bytes(options.tag)

    def __call__(self, frame):
        end = 12 + len(self.tag)
        if frame[12:end] != self.tag:
            counts["foreign"] += 1
            return
        counts["untagged"] += bool(self.tag)
        send(self.out, frame[:12] + frame[end:])


def send(device, frame):
    counts["frames"] += 1
    try:
        device.send(frame)
    except (BlockingIOError, OSError):
        counts["lost"] += 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tag", default="")
    parser.add_argument("--fragment", type=int, default=0)
    parser.add_argument("--loss", type=float, default=0)
    parser.add_argument("--reorder", type=float, default=0)
    parser.add_argument("pairs", nargs="+")
    options = parser.parse_args()
    random.seed(1)
    ready = selectors.DefaultSelector()
    for pair in options.pairs:
        stack, box = (open_device(name) for name in pair.split(":"))
        ready.register(stack, selectors.EVENT_READ, ToBox(options, box))
        ready.register(box, selectors.EVENT_READ, FromBox(options, stack))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(json.dump(counts, sys.stdout)))
    while True:
        for key, _ in ready.select():
            try:
                for _ in range(64):
                    key.data(receive(key.fileobj))
            except BlockingIOError:
                pass


main()
