"""Listens on a UNIX socket as a collector of records does, and appends what comes to a file.

usage: listen.py stream|datagram SOCKET FILE
"""
import os
import socket
import sys

kind, path, file = sys.argv[1:]
stream = kind == "stream"
if os.path.exists(path):
    os.unlink(path)
with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM if stream else socket.SOCK_DGRAM) as there:
    there.bind(path)
    with open(file, "ab", buffering=0) as out:
        if not stream:
            while True:
                out.write(there.recv(1 << 20))
        there.listen(1)
        while True:
            peer, _ = there.accept()
            with peer:
                while piece := peer.recv(1 << 16):
                    out.write(piece)
