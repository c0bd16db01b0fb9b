"""Is a connection to this address and port refused, as a closed port's is?

usage: refused.py ADDRESS PORT [SECONDS]

Half a second is for who asks again; once and for all, more.
"""
import socket
import sys

try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=float((sys.argv[3:] or ["0.5"])[0]))
except ConnectionRefusedError:
    sys.exit(0)
except OSError:
    pass
sys.exit(1)
