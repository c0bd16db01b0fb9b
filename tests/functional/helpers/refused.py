"""Is a connection to this address and port refused within half a second, as a closed port's is?"""
import socket
import sys

try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=0.5)
except ConnectionRefusedError:
    sys.exit(0)
except OSError:
    pass
sys.exit(1)
