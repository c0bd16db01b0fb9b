"""Connections that want an answer of greeter.py, so many at the same time: prints how many got it, whole.

usage: visitors.py ADDRESS PORT COUNT [SECONDS [BYTES]]
"""
import hashlib
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor

address, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
patience = float(sys.argv[4]) if len(sys.argv) > 4 else 5
size = int(sys.argv[5]) if len(sys.argv) > 5 else 20000


def visit(number):
    line = b"%d %d\n" % (size, number)
    wanted = (hashlib.sha256(line).digest() * (size // 32 + 1))[:size]
    time.sleep(number * 0.01)
    try:
        with socket.create_connection((address, port), timeout=patience) as server:
            server.sendall(line)
            got = bytearray()
            while chunk := server.recv(65536):
                got += chunk
            return bytes(got) == wanted
    except OSError:
        return False


with ThreadPoolExecutor(20) as pool:
    print(sum(pool.map(visit, range(count))))
