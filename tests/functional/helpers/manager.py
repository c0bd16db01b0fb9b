"""A service manager: writes down what it is told on a datagram socket (sd_notify(3)), a line for each.

usage: manager.py SOCKET
"""

import socket
import sys
import time

manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(sys.argv[1])
print("listening", flush=True)
began = time.monotonic()
while True:
    told = manager.recv(65536).decode()
    print(f"{time.monotonic() - began:.3f}", told.replace("\n", " "), flush=True)
