"""A server that answers each line with so many bytes, and waits for its client to close.

usage: greeter.py ADDRESS PORT BACKLOG
"""
import hashlib
import selectors
import socket
import sys

address, port, backlog = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
server = socket.create_server((address, port), family=family, backlog=backlog)
server.setblocking(False)
ready = selectors.DefaultSelector()
ready.register(server, selectors.EVENT_READ)


def answer(line):
    """As many bytes as the line says, which follow from it."""
    size = int(line.split()[0])
    return (hashlib.sha256(line).digest() * (size // 32 + 1))[:size]


while True:
    for key, _ in ready.select():
        if key.fileobj is server:
            client, _ = server.accept()
            ready.register(client, selectors.EVENT_READ)
            continue
        client = key.fileobj
        try:
            line = client.recv(100)
            if line:
                client.setblocking(True)
                client.sendall(answer(line))
                client.shutdown(socket.SHUT_WR)
        except OSError:
            line = b""
        if not line:
            ready.unregister(client)
            client.close()
