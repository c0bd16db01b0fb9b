"""Connections to echo.py, one after another, each of which has so many bytes given back and closes.

usage: exchange.py ADDRESS PORT CONNECTIONS BYTES
"""
import socket
import sys

address, port, connections, size = sys.argv[1], *map(int, sys.argv[2:])
for _ in range(connections):
    with socket.create_connection((address, port), timeout=5) as there:
        there.sendall(b"x" * (size - 1) + b"\n")
        left = size
        while left:
            left -= len(there.recv(left)) or sys.exit("cut short")
        there.shutdown(socket.SHUT_WR)
        while there.recv(1 << 16):
            pass
