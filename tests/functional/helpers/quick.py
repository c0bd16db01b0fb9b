"""Does each of ten connections stand within so many seconds?

usage: quick.py ADDRESS PORT SECONDS
"""
import socket
import sys
import time

address, port, most = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
for _ in range(10):
    began = time.monotonic()
    with socket.create_connection((address, port), timeout=5):
        if time.monotonic() - began > most:
            sys.exit(1)
    time.sleep(0.02)
