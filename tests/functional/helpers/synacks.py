"""The SYN-ACKs that pass a device from a server to a client: a line for each, the client's port and its SEQ.

usage: synacks.py DEVICE SERVER PORT CLIENT
"""
import socket
import struct
import sys

ETH_P_ALL, SYN_ACK, FLAGS = 3, 0x12, 0x17
device, server, port, client = sys.argv[1:]
family = socket.AF_INET6 if ":" in server else socket.AF_INET
# Where the addresses and the TCP header are, behind the link's; no extension headers here, and no options.
ether_type, addresses, tcp = (0x86DD, 22, 54) if family == socket.AF_INET6 else (0x0800, 26, 34)
wanted = socket.inet_pton(family, server) + socket.inet_pton(family, client)

# Of no protocol until it is bound. One that hears every device has to be taken from there first, and bind() waits
# until no CPU looks at it any more (an RCU grace period): 10 ms, or, beside a flood, for as long as that takes.
tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
tap.bind((device, ETH_P_ALL))
print("ready", flush=True)
while True:
    frame = tap.recv(200)
    if len(frame) < tcp + 20 or struct.unpack_from("!H", frame, 12)[0] != ether_type:
        continue
    if frame[addresses : addresses + len(wanted)] != wanted or frame[tcp + 13] & FLAGS != SYN_ACK:
        continue
    source, destination, seq = struct.unpack_from("!HHI", frame, tcp)
    if source == int(port):
        print(destination, seq, flush=True)
