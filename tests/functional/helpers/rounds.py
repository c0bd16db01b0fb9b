"""One connection that lasts: a byte there and back, five times a second, and a line for each on standard output.

usage: rounds.py serve|talk ADDRESS PORT
"""

import socket
import sys
import time

address = (sys.argv[2], int(sys.argv[3]))
if sys.argv[1] == "serve":
    with socket.create_server(address) as server:
        peer, _ = server.accept()
        while byte := peer.recv(1):
            peer.sendall(byte)
    sys.exit()

for attempt in range(50):
    try:
        peer = socket.create_connection(address, timeout=1)
        break
    except OSError:
        time.sleep(0.1)
peer.settimeout(None)  # the kernel retransmits, as long as it likes
while True:
    peer.sendall(b"x")
    if not peer.recv(1):
        sys.exit("the server has closed")
    print(f"{time.monotonic():.3f}", flush=True)
    time.sleep(0.2)
