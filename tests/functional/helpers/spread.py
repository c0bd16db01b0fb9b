"""Connections that nobody answers, spread over seconds: each SYN takes its way by the kernel's ECMP.

usage: spread.py ADDRESS PORT COUNT SECONDS
"""
import socket
import sys
import time

address, port, count, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
waiting = []
begin = time.monotonic()
for n in range(count):
    connection = socket.socket()
    connection.setblocking(False)
    connection.connect_ex((address, port))
    waiting.append(connection)
    time.sleep(max(0.0, begin + seconds * (n + 1) / count - time.monotonic()))
time.sleep(60)
